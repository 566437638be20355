"""The words that the reporter's client says, in Chinese and English; no other module of it holds any."""

SENTENCES: dict[str, tuple[str, str]] = {
    "kind_REPORT": ("举报", "a report"),
    "kind_REFUSAL": ("拒绝入井", "a refusal to descend"),
    "kind_RETALIATION": ("打击报复", "retaliation"),
    "mode_ANONYMOUS": ("完全匿名", "anonymous"),
    "mode_CONTACT": ("匿名并留联系方式", "anonymous with a contact"),
    "mode_NAMED": ("实名", "named"),
    "mine": ("{number}. {name}（{county}）", "{number}. {name} ({county})"),
    "ask_mine": ("是哪一个？请输入序号：", "Which one? Its number:"),
    "no_mine": ("没有选定煤矿，未发送任何内容。", "No mine was chosen; nothing was sent."),
    "nobody_receives": (
        "对该矿有权受理的机关尚无人备有密钥，未发送任何内容；请拨打 12350。",
        "Nobody who is competent for this mine has a key yet; nothing was sent. Call 12350.",
    ),
    "mine_is": ("煤矿：{name}（{county}）", "The mine: {name} ({county})"),
    "server_sees": (
        "服务器能看到：是哪座矿、{kind}、{mode}、{when}转交；附件和内容只看得出大致大小。",
        "The server sees: which mine, that it is {kind}, {mode}, {when} in which it goes on; a rough size of words and"
        " files.",
    ),
    "sees_hour": ("哪一小时", "the hour"),
    "sees_minute": ("哪一分钟", "the minute"),
    "danger_in_plain": (
        "“有人有生命危险”这一项以明文发送，服务器看得到。",
        "That life is in danger goes in plain: the server sees it.",
    ),
    "goes_at_once": (
        "不等整点：一提交就转给{whom}。记录里写的是哪一分钟；谁知道您那一分钟在用手机或电脑，就可能猜到是您。",
        "It does not wait for the hour: once filed it goes to {whom}. The record shows the minute: whoever knows that"
        " you were on a phone or computer in it may guess you.",
    ),
    "at_once_REFUSAL": (
        "值班执法人员，并拉响警报；煤矿也看得到是哪一分钟",
        "the officers on duty, who are alarmed; the mine sees the minute, too",
    ),
    "at_once_RETALIATION": ("上一级的值班人员，并拉响警报", "the officers on duty one level up, who are alarmed"),
    "at_once_REPORT": (
        "本县和监察分局的值班人员，并拉响警报（只说有一件涉及生命危险的举报等待受理，不说内容和煤矿），以及"
        "受理人员，排在最前；能打电话的话，请同时拨打 12350",
        "the officers on duty of the county and of the branch office, who are alarmed (they are told that a report of"
        " danger to life waits, neither what it says nor of which mine), and those who take reports in, first on their"
        " list; call 12350 as well if you can",
    ),
    "server_sees_not": (
        "内容、附件和身份在本机加密，只有有权机关的接收人能打开；服务器和管理员都打不开。密钥由本机根据凭证生成，不上传。",
        "Words, files and identity are encrypted here for the competent officers alone; neither server nor"
        " administrator opens them. The keys are made here from the receipt and are not sent.",
    ),
    "server_sees_condition": (
        "您选择立即公开处理：地点、班次和危险以明文发送，本班人员、值班执法人员和煤矿都会看到（煤矿只看到这一情形）；其余内容加密。",
        "You chose now and openly: place, shift and danger go in plain and are shown to the shift, to officers on duty"
        " and to the mine (which sees this condition alone). All else is encrypted.",
    ),
    "identity_locked": (
        "身份另行锁存，密钥分成两半：须核查人员说明理由提出、另一人批准才能打开，两步都记入账本，您凭凭证可以看到。",
        "The identity is locked away apart, its key in two halves: an officer must ask with a reason and another person"
        " must release it; both stand in the ledger, and your receipt shows you.",
    ),
    "address_seen": (
        "网络上仍看得出这台设备连接过本服务器；服务器不记录地址。请勿使用矿上的网络或设备。",
        "The network still sees that this device reached this server; the server writes no address. Do not use the"
        " mine's network or devices.",
    ),
    "guess": ("{said}", "{said}"),
    "refusal_now": (
        "立即公开：该地点本班标记为拒绝入井，值班人员马上收到警报。",
        "Now and openly: the place is marked as refused for the shift, and those on duty are alarmed at once.",
    ),
    "refusal_later": (
        "稍后暗中：不标记地点，核查人员把它放进一次例行检查。除非有人命危险并说明理由，不得提前。",
        "Later: nothing is marked; a routine check looks at it. Sooner only for danger to life, with words.",
    ),
    "ask_go_on": ("继续吗？(y/n)", "Go on? (y/n)"),
    "given_up": ("已放弃，未发送任何内容。", "Given up; nothing was sent."),
    "cleaned": ("{name}：已清理，{size} kB；已去除：{removed}", "{name}: cleaned, {size} kB; removed: {removed}"),
    "removed_nothing": ("没有附带信息", "nothing besides"),
    "removed_EXIF": ("拍摄信息", "data of the camera (EXIF)"),
    "removed_PLACE": ("拍摄位置", "the place"),
    "removed_DEVICE": ("设备型号或编号", "the device"),
    "removed_TIME": ("拍摄时间", "the time"),
    "removed_MAKER_NOTE": ("厂商数据", "the maker's own data"),
    "removed_THUMBNAIL": ("缩略图", "a thumbnail"),
    "removed_COMMENT": ("注释", "a comment"),
    "removed_XMP": ("编辑记录", "records of editing (XMP)"),
    "removed_IPTC": ("图片说明", "captions (IPTC)"),
    "removed_COLOURS": ("颜色配置", "a colour profile"),
    "removed_MORE_PICTURES": ("内含的其他图片", "more pictures inside"),
    "removed_OTHER": ("其他附带数据", "other data"),
    "photo_still_shows": (
        "照片里看得见的不会去除：人脸、字迹、工牌、地点特征。请自己再看一遍。",
        "What is seen in a photo stays: faces, handwriting, badges, marks of a place. Look at it once more yourself.",
    ),
    "voice_still_tells": (
        "录音已变声并降为电话音质；说的话、口音、语速、呼吸和背景声音没有去除，熟悉您的人仍可能认出。",
        "The voice is another and of telephone quality; words, accent, pace, breath and the background stay: whoever"
        " knows you may still know you.",
    ),
    "photo_not_cleaned": ("{file}：无法清理（{told}），未发送。", "{file}: it cannot be cleaned ({told}); not sent."),
    "heic_not_cleaned": (
        "{file}：这是 HEIC 一类的照片（{told}），本程序不能解码，无法清理，未发送。"
        "请在手机相机设置中选用 JPEG（“兼容性最佳”），或者把照片另存为 JPEG 后再发。",
        "{file}: a photo of the kind of HEIC ({told}), which nothing here decodes: it cannot be cleaned and"
        " was not sent. Choose JPEG in the camera's settings (“most compatible”), or save the photo as JPEG, and send"
        " that.",
    ),
    "voice_not_masked": (
        "{file}：只能为 WAV（PCM）录音变声：{told}；未发送。",
        "{file}: only a WAV of plain samples can be masked: {told}; not sent.",
    ),
    "file_too_large": ("{file}：过大（{told} 字节）。", "{file}: too large ({told} bytes)."),
    "file_unreadable": ("{file}：无法读取（{told}）。", "{file}: it cannot be read ({told})."),
    "kind_not_cleaned": (
        "{file}：这类附件无法清理，不予显示。",
        "{file}: such a file cannot be cleaned, so it is not shown.",
    ),
    "receipt": ("凭证：{receipt}", "Your receipt: {receipt}"),
    "receipt_keep": (
        "请抄在纸上。只显示这一次；谁也无法补发，谁拿到它谁就能看到您的举报。",
        "Write it on paper. It is shown this once; nobody can give it again, and whoever holds it reads your report.",
    ),
    "receipt_written": ("抄好后按回车：", "Press Enter when it is written down:"),
    "receipt_last_D": (
        "请看着纸输入最后一组（最后 3 位数字）：",
        "From your paper, type the last group (the last 3 digits):",
    ),
    "receipt_last_W": (
        "请看着纸输入最后一组（最后一个词，两个字）：",
        "From your paper, type the last group (the last word, two characters):",
    ),
    "receipt_last_length": (
        "读到 {at} 个字符，最后一组是 {length} 个。",
        "Signs read: {at}; the last group has {length}.",
    ),
    "receipt_right": ("一致。", "Right."),
    "receipt_differs": ("不一致，再显示一次。", "It differs; it is shown once more."),
    "receipt_given_up": ("三次不一致，未发送任何内容。", "It differed three times; nothing was sent."),
    "ask_receipt": ("请输入凭证：", "Type your receipt:"),
    "receipt_length": (
        "长度不对：读到 {at} 个字符。数字凭证是 25 位数字，词语凭证是 1 位数字和 12 个字。",
        "The length is not right; signs read: {at}. A receipt is 25 digits, or 1 digit and 12 characters.",
    ),
    "receipt_sign": ("第 {at} 个字符不是数字。", "Sign {at} is no digit."),
    "receipt_word": ("第 {at} 个词不在词表中。", "Word {at} is none of the list."),
    "receipt_parameters": ("第一组应为 1、2 或 3。", "The first group is 1, 2 or 3."),
    "receipt_unread": ("没有读到凭证。", "No receipt was read."),
    "working": (
        "现在提交的人很多，本机先做一次计算（{bits} 位）……",
        "So much comes in that this device works first ({bits} bits) …",
    ),
    "filed": (
        "已提交，凭证已当场试开成功。至迟 {hour} 转交。",
        "Filed, and the receipt was opened at once to try it. It goes on by {hour}.",
    ),
    "filed_at_once": (
        "已提交，凭证已当场试开成功。不等整点，至迟 {hour} 转交。",
        "Filed, and the receipt was opened at once to try it. It waits for no hour: it goes on by {hour}.",
    ),
    "nothing_filed": ("没有提交任何内容。", "Nothing was filed."),
    "failed_nothing": (
        "没有提交任何内容。纸上的凭证还打不开任何东西，再试成功后才有效。",
        "Nothing was filed. The receipt on your paper opens nothing yet: it is good once another try goes well.",
    ),
    "failed_unknown": (
        "不知道服务器收到没有。再试一次不会重复提交。",
        "Whether the server has it is not known. Trying again does not file it twice.",
    ),
    "failed_filed": (
        "已经提交，只是还没能试开凭证。请留好凭证；再试一次只试开，不重复提交。",
        "It was filed; only the receipt could not be tried yet. Keep it: another try opens it and files nothing twice.",
    ),
    "failed_over": (
        "没有提交任何内容：凭证只留两小时，已经过了，不能再用。",
        "Nothing was filed: a receipt is held for two hours, which are over, so it cannot be used any more.",
    ),
    "ask_again": ("再试一次吗？(y/n)", "Try again? (y/n)"),
    "paper_nothing": (
        "纸上的凭证作废，请销毁；重新提交会得到新凭证。",
        "The receipt on your paper is void: destroy it. Filing anew gives another one.",
    ),
    "paper_unknown": (
        "请留好凭证，过一会儿用 read 打开：打得开就是已经提交；打不开就是没有提交，请销毁凭证，重新提交。",
        "Keep the receipt and use read in a while: if it opens, it was filed; if it does not, nothing was: destroy it"
        " and file anew.",
    ),
    "paper_filed": (
        "请留好凭证，过一会儿用 read 打开。",
        "Keep the receipt, and use read in a while.",
    ),
    "paper_over": (
        "纸上的凭证作废，请销毁；重新提交会得到新凭证。",
        "The receipt on your paper is void: destroy it. Filing anew gives another one.",
    ),
    "words_were": ("您写的是（需要就抄下，本机不保存）：", "You wrote (copy it if you need it; nothing is kept here):"),
    "words_missing": ("还没有写任何内容，未发送。", "Nothing was said, so nothing was sent."),
    "words_long": ("太长，最多 {most} 个字符；未发送任何内容。", "Too long: {most} signs at most. Nothing was sent."),
    "files_many": ("附件最多 {most} 件；未发送任何内容。", "At most {most} files. Nothing was sent."),
    "place_missing": (
        "请用 --place 写明哪个地点不下去；未发送任何内容。",
        "Name the place with --place. Nothing was sent.",
    ),
    "shift_missing": (
        "请用 --shift 写明班次：morning（早班）、middle（中班）或 night（夜班）；未发送任何内容。",
        "Name the shift with --shift: morning, middle or night. Nothing was sent.",
    ),
    "danger_missing": (
        "请用 --danger 写明危险，或用 --clause 写明没有做到的承诺；未发送任何内容。危险可以是：{all}",
        "Name the danger with --danger, or with --clause the promise that is not kept. Nothing was sent. Dangers:"
        " {all}",
    ),
    "danger_unknown": (
        "没有“{danger}”这种危险；未发送任何内容。可以是：{all}",
        "There is no danger {danger}. Nothing was sent. It is one of: {all}",
    ),
    "danger_GAS": ("瓦斯", "gas"),
    "danger_VENTILATION": ("通风", "ventilation"),
    "danger_COAL_DUST": ("煤尘", "coal dust"),
    "danger_WATER": ("水害", "water"),
    "danger_FIRE": ("火灾", "fire"),
    "danger_ROOF": ("顶板", "roof"),
    "danger_ROCK_BURST": ("冲击地压", "rock burst"),
    "danger_BLASTING": ("爆破", "blasting"),
    "danger_HOISTING": ("提升运输", "hoisting and haulage"),
    "danger_ELECTRICITY": ("机电", "electricity"),
    "danger_MONITORING": ("安全监控失效", "monitoring out of order"),
    "danger_OVERCROWDING": ("超定员", "too many people below"),
    "danger_UNTRAINED": ("未经培训或者无证上岗", "untrained or uncertified people"),
    "danger_OTHER": ("其他危险", "another danger"),
    "contact_missing": ("没有写联系方式；未发送任何内容。", "No way to reach you was given. Nothing was sent."),
    "name_missing": ("没有写姓名；未发送任何内容。", "No name was given. Nothing was sent."),
    "line_long": (
        "地点最多 {place} 个字符，承诺最多 {clause} 个；未发送任何内容。",
        "A place has {place} signs at most, a promise {clause}. Nothing was sent.",
    ),
    "day_far": (
        "班次的日期最多早 {back} 天、晚 {ahead} 天；未发送任何内容。",
        "The shift is at most {back} days back and {ahead} days ahead. Nothing was sent.",
    ),
    "since_late": (
        "“从哪一天开始”不能晚于班次的日期；未发送任何内容。",
        "Since when cannot be after the day of the shift. Nothing was sent.",
    ),
    "no_custodian": (
        "现在还没有人能保管身份，请选择完全匿名；未发送任何内容。",
        "Nobody can lock away an identity yet: choose anonymous. Nothing was sent.",
    ),
    "who_takes": ("哪位人员代收？请用 --as 写明账号；未发送任何内容。", "Who takes it? --as LOGIN. Nothing was sent."),
    "state": ("现状：{state}（{hour} 转交）", "It is: {state} (it went on at {hour})"),
    "state_waits": ("现状：{state}，等待转交，至迟 {hour}", "It is: {state}, and waits to go on by {hour}"),
    "waits": ("等待下一批", "waits for the next batch"),
    "step": ("{hour}　{step}{passed}　{article}", "{hour} {step}{passed} {article}"),
    "step_FILED": ("已提交", "filed"),
    "step_ACCEPTED": ("已受理", "accepted"),
    "step_NOT_ACCEPTED": ("不予受理", "not accepted"),
    "step_PASSED_ON": ("已转交", "passed on"),
    "step_VERIFYING": ("核查中", "being verified"),
    "step_SUBSTANTIATED": ("查证属实", "substantiated"),
    "step_UNSUBSTANTIATED": ("未查实", "unsubstantiated"),
    "step_FED_BACK": ("已反馈", "fed back"),
    "step_ENDED": ("已办结", "ended"),
    "clock": ("{what}：期限 {ends}（{article}），{how}", "{what}: due {ends} ({article}), {how}"),
    "clock_petition_told": ("告知是否受理", "To tell whether it is accepted"),
    "clock_report_decided": ("办结", "To decide"),
    "clock_report_feedback": ("反馈结果", "To tell the outcome"),
    "clock_met": ("已按期", "met"),
    "clock_overrun": ("已超期，已报上级", "overrun, a level up knows"),
    "clock_runs": ("进行中", "runs"),
    "identity_asked": (
        "{hour} 有人申请打开您的身份：{reason}",
        "{hour}: somebody asked to open your identity: {reason}",
    ),
    "identity_released": (
        "{hour} 您的身份已批准打开：{reason}",
        "{hour}: opening your identity was released: {reason}",
    ),
    "asks": (
        "已过 {days} 天：您还好吗？有无人为难您？请用 answer 答复；受到报复请另行举报。",
        "{days} days have passed: how are you? Does anybody trouble you? Use answer; report retaliation as such.",
    ),
    "message_mine": ("您（{hour}）：", "You ({hour}):"),
    "message_office": ("机关（{hour}）：", "The office ({hour}):"),
    "message_gone": ("（已删除或打不开）", "(erased, or it cannot be opened)"),
    "file_PHOTO": ("照片 {count} 张", "photos: {count}"),
    "file_VOICE": ("录音 {count} 段", "voice notes: {count}"),
    "file_OTHER": ("其他 {count} 件", "others: {count}"),
    "files_arrived": ("附件已送达：{all}", "Attached, and arrived: {all}"),
    "files_missing": ("附件：{all}；只送达 {count} 件", "Attached: {all}; only {count} arrived"),
    "matter": ("{hour}　{of}：{step}　{words}", "{hour} {of}: {step} {words}"),
    "of_REFUSAL": ("拒绝入井", "refusal"),
    "of_RETALIATION": ("打击报复", "retaliation"),
    "of_LATER": ("例行检查", "routine check"),
    "matter_MADE": ("已标记", "the place is marked"),
    "matter_JOINED": ("又有人举报", "somebody joined"),
    "matter_CHECK_ORDERED": ("已安排核查", "a check is ordered"),
    "matter_CHECKED": ("已现场核查", "checked on site"),
    "matter_SUBSTANTIATED": ("查实", "substantiated"),
    "matter_UNSUBSTANTIATED": ("未查实", "unsubstantiated"),
    "matter_ORDERED": ("已对煤矿下达措施", "the mine was ordered"),
    "matter_LIFTED": ("已解除", "lifted"),
    "matter_REPORTED": ("已报告", "reported"),
    "matter_LOOKED_INTO": ("正在查", "looked into"),
    "matter_ESTABLISHED": ("属实", "established"),
    "matter_NOT_ESTABLISHED": ("未认定", "not established"),
    "matter_TASK_GIVEN": ("已放入例行检查", "given to a routine check"),
    "matter_SOONER": ("因人命危险提前", "sooner than you chose, for danger to life"),
    "reward": ("奖励 {id}：{yuan} 元，{state}　{words}", "Reward {id}: {yuan} yuan, {state} {words}"),
    "reward_PROPOSED": ("已提出", "proposed"),
    "reward_DECIDED": ("已决定，可以申领", "decided; you may claim it"),
    "reward_REJECTED": ("不予奖励", "rejected"),
    "reward_CLAIMED": ("已申领", "claimed"),
    "reward_PAID": ("已支付", "paid"),
    "answered": ("已发送，至迟 {hour} 转交。", "Sent; it goes on by {hour}."),
    "answer_refused": ("没有发送。", "It was not sent."),
    "answer_unknown": (
        "不知道服务器收到没有：请用 read 看看，没有这一条再发。",
        "Whether the server has it is not known: use read, and send it again if it is not there.",
    ),
    "no_reward": ("没有可以领取的奖励。", "There is no reward to claim."),
    "claimed": ("已申领 {yuan} 元。", "Claimed: {yuan} yuan."),
    "ask_words": ("请写下情况：", "What do you want to say?"),
    "ask_name": ("姓名：", "Your name:"),
    "ask_number": ("证件号码：", "The number of your paper:"),
    "ask_contact": ("联系方式：", "How you can be reached:"),
    "ask_officer": ("{login} 的密码：", "The password of {login}:"),
    "refused": ("被拒绝（{code}）：{said}", "Refused ({code}): {said}"),
    "unreachable": ("联系不上服务器：{told}", "The server did not answer: {told}"),
    "derivation": (
        "两次计算的密钥不一致：这台设备的内存不可靠，未发送任何内容。请换一台设备。",
        "Two derivations differ: this device's memory cannot be trusted; nothing was sent. Use another device.",
    ),
    "page_same": ("相同　{ours}　{path}", "same  {ours}  {path}"),
    "page_differs": ("不同　{ours} ≠ {theirs}　{path}", "OTHER  {ours} ≠ {theirs}  {path}"),
    "page_not_here": (
        "无法比较：本机没有这个文件（make vendor）　{path}",
        "not compared: this machine lacks it (make vendor)  {path}",
    ),
    "page_digest": ("{count} 个文件的总摘要：{digest}", "One digest over {count} files: {digest}"),
    "page_is_ours": (
        "服务器发给本机的页面与本机保存的逐字节相同。发给别人的是否相同，只有别人比较才知道。",
        "What the server handed to this machine is the page that stands here, byte for byte. Whether others get the"
        " same, only others can find out.",
    ),
    "page_not_all": (
        "本机缺少部分文件，其余相同；运行 make vendor 后可全部比较。",
        "Some files are not here; the others are the same. After make vendor all can be compared.",
    ),
    "page_is_another": (
        "服务器发来的页面与本机保存的不同：请不要在那个网页上写任何内容，可改用 pithead report file。",
        "The server hands out another page than the one here: write nothing on it; use pithead report file.",
    ),
    "malformed": ("服务器的回答不合规则（{told}）。", "What the server answered is not of the protocol ({told})."),
}
