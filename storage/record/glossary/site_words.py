"""What the public site says beside its records, in Chinese and English."""

from storage.record.glossary import credit_words, unit_words

WORDS: dict[str, tuple[str, str]] = {
    "name": ("井口", "Pithead"),
    "tagline": ("贵州煤矿安全执法公示", "Coal mine safety enforcement in Guizhou, in public"),
    "skip": ("跳到正文", "Skip to the content"),
    "other_language": ("English", "中文"),
    "nav": ("主导航", "Main"),
    "nav_front": ("公示查询", "Disclosures"),
    "nav_map": ("各县地图", "Map"),
    "nav_figures": ("统计", "Figures"),
    "nav_data": ("开放数据", "Data"),
    "nav_about": ("关于", "About"),
    "front_title": ("行政执法公示", "What was published"),
    "front_lead": (
        "对煤矿作出的行政处罚、监督检查结果，煤矿的安全承诺和履行情况。每一条都附有证明，您可以自己核验，不必相信我们。",
        "Penalties and results of inspections of coal mines, what mines promise and whether they keep it. Each bears a"
        " proof that you can check without trusting us.",
    ),
    "search": ("查询", "Search"),
    "words": ("关键词", "Words"),
    "words_hint": ("煤矿、企业、文号、违法行为", "A mine, a company, a number, a conduct"),
    "narrow": ("更多条件", "More filters"),
    "kind": ("种类", "Kind"),
    "region": ("地区", "Region"),
    "all": ("全部", "All"),
    "year": ("年份", "Year"),
    "least": ("罚款不低于（元）", "Fine of at least (CNY)"),
    "most": ("罚款不高于（元）", "Fine of at most (CNY)"),
    "code": ("统一社会信用代码", "Unified social credit code"),
    "is_a_place": ("“{name}”是地区。", "{name} is a place."),
    "all_of_place": ("查看{name}的全部公示", "All that is shown of {name}"),
    "fault_q": ("关键词过长，请缩短后再查。", "The words are too long: use fewer."),
    "fault_kind": ("没有这个种类，请在“更多条件”中选择。", "There is no such kind: choose one under “More filters”."),
    "fault_region": (
        "没有这个地区，请在“更多条件”中选择。",
        "There is no such region: choose one under “More filters”.",
    ),
    "fault_mine": ("煤矿编号有误，请从煤矿页面进入。", "That is no id of a mine: come from the mine's page."),
    "fault_year": ("年份请填四位数字，例如 2026。", "A year has four digits, for instance 2026."),
    "fault_code": ("统一社会信用代码为十八位数字和字母，请核对。", "A credit code has eighteen digits and letters."),
    "fault_least": ("罚款数额请填数字，单位为元，例如 30000。", "A fine is a number in CNY, for instance 30000."),
    "fault_most": ("罚款数额请填数字，单位为元，例如 30000。", "A fine is a number in CNY, for instance 30000."),
    "fault_before": ("网址有误，请从第一页重新查询。", "The address is wrong: search again from the first page."),
    "clear_filters": ("清除条件", "Clear"),
    "newest": ("最新公示", "Newest"),
    "found": ("查询结果", "Found"),
    "nothing_found": ("没有符合条件的公示。", "Nothing that is shown fits."),
    "nothing_found_next": (
        "请减少关键词或者放宽条件；查一个县的，在“更多条件”中选择地区。已撤下的不在查询之内，但其永久网址仍会说明撤下的原因。",
        "Use fewer words or filters; for a county, choose it under “More filters”. What was taken down is not searched;"
        " its permalink still says why.",
    ),
    "nothing_yet": ("目前还没有公示。", "Nothing is shown yet."),
    "older": ("更早的公示", "Older"),
    "follow": ("订阅", "Follow"),
    "json_twin": ("本页数据（JSON）", "This page as JSON"),
    "late": ("逾期公示", "Published late"),
    "disputed": ("当事人已申请复议或者起诉", "Disputed by the party"),
    "fine": ("罚款", "Fine"),
    "agency": ("执法机关", "Agency"),
    "party": ("当事人", "Party"),
    "mine": ("煤矿", "Mine"),
    "county": ("所在县", "County"),
    "number": ("文书号", "Number"),
    "decided_on": ("决定日期", "Decided on"),
    "served_on": ("送达日期", "Served on"),
    "inspected_on": ("检查日期", "Inspected on"),
    "published_on": ("公示时间", "Published"),
    "shown_until": ("公示至", "Shown until"),
    "conduct": ("违法行为", "Conduct"),
    "facts": ("事实", "Facts"),
    "grounds": ("依据", "Grounds"),
    "penalty": ("处罚内容", "Penalty"),
    "remedies": ("复议和诉讼", "Reconsideration and suits"),
    "RECONSIDERATION": ("行政复议", "Reconsideration"),
    "SUIT": ("行政诉讼", "Suit"),
    "pending": ("尚未办结", "Pending"),
    "filed_on": ("{day}申请或者起诉", "filed on {day}"),
    "ruled_on": ("{day}结果：", "result of {day}:"),
    "in_chinese": ("", "The record itself is in Chinese, as it was published."),
    "wrong": ("认为本页有误", "If this page is wrong"),
    "wrong_text": (
        "与本页有关的单位和个人有证据证明内容不准确的，可以要求上述执法机关更正（政府信息公开条例第四十一条）；更正、撤下都留有记录。",
        "Whom it concerns, and who can show that it is not accurate, may demand of the agency named above that it be"
        " corrected (Regulation on Open Government Information 41). A correction or withdrawal leaves its trace here.",
    ),
    "wrong_penalty": (
        "对处罚不服的，可以自知道该处罚之日起六十日内申请行政复议，或者六个月内向人民法院起诉（行政复议法第二十条，行政诉讼法第四十六条）"
        "；法律另有规定的除外。",
        "Against the penalty itself, reconsideration may be asked for within sixty days of knowing of it, or a court within"
        " six months (Administrative Reconsideration Law 20, Administrative Litigation Law 46), unless a law says else.",
    ),
    "current": ("现行罚款", "Fine that stands"),
    "days": ("天", "days"),
    "findings": ("发现的问题", "Findings"),
    "findings_total": ("问题总数", "In all"),
    "findings_major": ("其中重大事故隐患", "Major hazards among them"),
    "measures": ("处理措施", "Measures"),
    "closed_of": ("已办结", "closed"),
    "count": ("数量", "Count"),
    "history": ("公示经过", "What happened"),
    "basis": ("依据", "Basis"),
    "editions": ("各版本", "Editions"),
    "edition": ("版本", "Edition"),
    "no_longer_read": ("该版本损害他人权益，不再公开", "This edition harmed somebody and is read no more"),
    "taken_out": ("未公开的内容和依据", "What is not public, and why"),
    "taken_out_lead": (
        "下列内容依法没有公开。这里只说明是哪一项和为什么，不说明内容。",
        "By law the following is not public. Here it is named, with the reason, never its content.",
    ),
    "sealed": ("已载入公开日志，附有证明。", "It stands in the public log, with its proof."),
    "not_sealed": (
        "已公示；证明将在下一个检查点之后（一般不超过一分钟）出现，请稍后刷新。",
        "It is published; its proof follows with the next checkpoint, a minute at the most. Reload then.",
    ),
    "check": ("在本机核验", "Check it yourself"),
    "check_with": ("用您以前保存的公钥核验（可选）", "Check by keys that you kept (optional)"),
    "check_lead": (
        "核验在您的浏览器里进行：计算内容的摘要，核对日志中的证明和检查点的签名。",
        "Your browser computes the digest, and checks the proof in the log and the signature of the checkpoint.",
    ),
    "check_offline": (
        "没有脚本也可以核验：下载证明文件，运行 pithead verify。",
        "Without scripts: download the file and run pithead verify.",
    ),
    "download_proof": ("下载证明文件", "Download the proof"),
    "checking": ("正在核验……", "Checking …"),
    "verified": (
        "核验通过：内容与日志一致，签名有效。",
        "Verified: the content is what the log holds, and the signatures are good.",
    ),
    "agrees": (
        "内容与本站的日志一致，签名有效。公钥也取自本站：要不依赖本站，请用您另行保存的公钥再核验一次。",
        "The content is what this site's log holds, and the signatures are good. The keys came from this site too: to rely"
        " on it for nothing, check again by keys that you kept apart.",
    ),
    "site_keys": (
        "公钥取自本站：要不依赖本站，请用您另行保存的公钥再核验。",
        "The keys came from this site: to rely on it for nothing, check by keys that you kept apart.",
    ),
    "keys_file": ("公钥文件（keys.json）", "File of keys (keys.json)"),
    "keys_kept": ("请选择您以前保存的公钥文件。怎样保存：", "The file that you kept earlier. How to keep one:"),
    "broken": ("核验未通过：{why}", "It does not hold: {why}"),
    "unreachable": ("没有取到证明文件，请检查网络后重试。", "The proof could not be fetched. Try again."),
    "keys_unreadable": ("所选文件不是公钥文件，没有核验。", "The chosen file holds no keys: nothing was checked."),
    "step_bundle": ("证明文件完整", "The file is whole"),
    "step_keys": ("公钥相互承接", "The keys hold together"),
    "step_copy": ("公示内容可读", "The copy can be read"),
    "step_entries": ("全部条目齐全、依次相承", "All entries are there, one behind the other"),
    "step_agreement": ("内容的摘要与条目一致", "The copy's digest is the one in the entry"),
    "step_checkpoint": ("检查点的签名有效", "The checkpoint's signature is good"),
    "step_inclusion": ("条目载于日志之中", "The entries stand in the log"),
    "step_trust": ("检查点由可信公钥签署", "Trusted keys signed the checkpoint"),
    "step_site_trust": ("检查点由本站现在公布的公钥签署", "The keys that this site shows now signed the checkpoint"),
    "proof_numbers": ("证明的数据", "The proof in numbers"),
    "digest": ("内容摘要（SHA-256）", "Digest of the copy (SHA-256)"),
    "log_place": ("在日志中的位置", "Place in the log"),
    "log_size": ("检查点的日志长度", "Size of the log at the checkpoint"),
    "path": ("证明路径", "Path"),
    "checkpoint": ("检查点", "Checkpoint"),
    "permalink": ("永久网址", "Permalink"),
    "gone_title": ("该公示已撤下", "This is shown no more"),
    "gone_lead": (
        "这个网址曾经公示过一条记录。内容依法已不再展示；保留以下说明。",
        "Something was published under this address. Its content is no longer shown; this much may be said of it.",
    ),
    "gone_as": ("撤下方式", "How it ended"),
    "gone_at": ("撤下时间", "Since"),
    "reason": ("理由", "Reason"),
    "back": ("返回公示查询", "To all that is shown"),
    "many": ("公示数量", "Disclosures"),
    "mean": ("本县平均", "County's mean"),
    "fines": ("罚款合计", "Fines (CNY)"),
    "time_line": ("时间线", "Time line"),
    "map_title": ("贵州各县", "The counties of Guizhou"),
    "map_lead": (
        "示意图，仅供辨别方位，不表示行政区域界线。数字为公示数量；点选一个县，查看该县的公示。",
        "A sketch for orientation that shows no boundaries. Numbers are disclosures; choose a county to read its own.",
    ),
    "as_table": ("表格", "As a table"),
    "figures_title": ("统计", "Figures"),
    "figures_lead": ("只统计正在公示的记录。", "Of what is shown at present."),
    "by_kind": ("按种类", "By kind"),
    "by_year": ("按年份", "By year"),
    "by_prefecture": ("按市州", "By prefecture"),
    "of_which_late": ("逾期", "Late"),
    "data_title": ("开放数据", "Open data"),
    "data_lead": (
        "全部公示可以整批下载，不需要登记。文件按变动的先后排列；以后只要带上最后的 seq，就能取得其后的变动。",
        "All that is shown can be downloaded without registering. Rows stand in the order of their changes: name the last"
        " seq that you have, and you get what came since.",
    ),
    "data_csv": ("全部公示，表格（CSV，UTF-8）", "All disclosures (CSV, UTF-8)"),
    "data_ndjson": ("全部公示及其全文（每行一条 JSON）", "All disclosures with their copies (lines of JSON)"),
    "data_deletions": ("已撤下的公示：转载者应当同步删除", "What was taken down: mirrors must delete it"),
    "data_atom": ("订阅最新公示（Atom）", "Follow what is new (Atom)"),
    "data_feed": ("订阅最新公示（JSON Feed）", "Follow what is new (JSON Feed)"),
    "data_more": (
        "订阅可以加 ?county= 六位行政区划代码，或者 ?mine= 煤矿编号。金额单位为分；可能被电子表格当作公式的文字，前面加了一个撇号。",
        "Feeds take ?county= (six digits) or ?mine= (its id). Sums are fen; a text that a spreadsheet could take for a"
        " formula begins with an apostrophe.",
    ),
    "data_after": (
        "同步更新：记下已有的最大 seq，下次在网址后加 ?after= 和这个数，例如 /open-data/disclosures.csv?after=18；撤下清单同样。回答的"
        "首部 X-Pithead-Head 是取到的位置，Link 是下一次的网址。",
        "To follow: keep the largest seq that you have and add ?after= with it next time, for instance"
        " /open-data/disclosures.csv?after=18; the list of deletions takes it too. The header X-Pithead-Head says how far"
        " the answer goes, Link the next address.",
    ),
    "data_gone": (
        "撤下清单每行有 id、seq、kind、gone_as（WITHDRAWN 撤回，REPAIRED 信用修复，EXPIRED 期满）、county、basis（依据）、reason"
        "（理由）、published_at、gone_at。恢复公示的，会以更大的 seq 重新出现在全部公示之中。",
        "A line of the deletions has id, seq, kind, gone_as (WITHDRAWN, REPAIRED, EXPIRED), county, basis (the article),"
        " reason, published_at and gone_at. What is shown again stands among all disclosures with a larger seq.",
    ),
    "dictionary": ("数据字典", "Data dictionary"),
    "column": ("列", "Column"),
    "type": ("类型", "Type"),
    "meaning": ("含义", "Meaning"),
    "feed_title": ("井口：贵州煤矿安全执法公示", "Pithead: coal mine safety enforcement in Guizhou"),
    "failed_404": ("没有这个页面", "There is no such page"),
    "failed_400": ("网址有误", "The address is wrong"),
    "failed_503": ("暂时无法读取", "It cannot be read just now"),
    "failed_404_next": (
        "网址可能抄写有误。曾经公示过的永久网址一直有效：撤下以后也会说明原因。",
        "The address may be miscopied. A permalink of what was published answers for ever, and says why if it is gone.",
    ),
    "failed_503_next": ("请稍后重试。没有丢失任何内容。", "Try again in a moment. Nothing is lost."),
    "about_what": ("这是什么", "What this is"),
    "about_what_text": (
        "井口公示贵州省煤矿安全执法的结果。公示是执法人员的一项行为，有依据、有期限、留有痕迹；更正、争议、撤回、修复和期满也是。\n页面上"
        "的内容是公示时依照封闭目录从执法记录中取出的副本，目录之外的内容不在其中，不是事后遮盖。",
        "Pithead publishes results of coal mine safety enforcement in Guizhou. To publish is an officer's act, with its"
        " basis and its day, and leaves a trace; so do correction, dispute, withdrawal, repair and expiry.\nWhat a page"
        " shows is a copy that was taken out of the record by a closed list at that minute. What is not on the list is"
        " not in it: nothing is covered up afterwards.",
    ),
    "about_check": ("怎样核验", "How to check"),
    "about_check_text": (
        "每次公示都写入一个只增不减的公开日志。\n证明文件里有公示内容、全部条目、它们在日志中的证明、经签名的检查点和公钥。浏览器按“在本机"
        "核验”即可核对；也可以下载文件，用 pithead verify 离线核对。\n公钥在 /.well-known/pithead-keys，请尽早另行保存：以后用您保存的"
        "公钥核验，就不必相信这台服务器。\n证明说的是检查点当时的情况；其后是否更正或者撤下，以永久网址为准。",
        "Each act of publishing is written into a public log that only grows.\nThe proof file holds the copy, all of its"
        " entries, their proofs in the log, a signed checkpoint and the keys. Press “Check it yourself”, or download"
        " the file and run pithead verify offline.\nThe keys stand at /.well-known/pithead-keys: keep them early and"
        " apart, and what you check by them later needs no trust in this server.\nA proof tells of the time of its checkpoint; whether"
        " something was corrected or taken down since, its permalink says.",
    ),
    "about_rules": ("公示规则", "The rules"),
    "about_rules_text": (
        "行政处罚决定在作出后七个工作日内公示，其他执法结果、承诺书和不履行承诺的认定二十个工作日内公示（安全生产法第七十八条，政府信息公开"
        "条例第二十六条）；逾期的仍然公示，并标明逾期。\n自然人只公开姓氏；未成年人不公开。\n决定被撤销、变更或者确认违法、无效的，三个工作日内撤回并说明理由（行政"
        "处罚法第四十八条），煤矿的页面也列出。信用修复和期满的，不再展示，也不再列出。\n永久网址始终有效：撤下以后仍说明是什么、何时、为何撤下。",
        "A penalty is published within seven working days; another result, a commitment, a broken clause within twenty"
        " (Work Safety Law 78, Regulation on Open Government Information 26). What is late is published still, and"
        " marked.\nOf a person the family name"
        " alone is shown, of a minor nothing.\nWhere a decision is revoked, changed or void, it is withdrawn within three"
        " working days with the reason (Administrative Penalty Law 48), and the mine's page lists it. What was repaired or"
        " expired is neither shown nor listed.\nA permalink answers for ever: when something is"
        " gone, it says what it was, since when and why.",
    ),
    "about_privacy": ("访客隐私", "Visitors"),
    "about_privacy_text": (
        "本站不用 Cookie，不要求登录，不加载其他网站的任何内容，不含统计脚本。核验在您的设备上进行。",
        "This site sets no cookies, asks for no sign-in, loads nothing from any other host and counts nobody by script."
        " Checks run on your own device.",
    ),
    "foot_officers": ("执法人员：现场执法", "Officers: field app"),
    "foot_desk": ("值班台", "Duty desk"),
    "foot_check": ("核验煤矿安全生产承诺书", "Check a mine's safety commitment"),
    "foot_report": ("举报和拒绝入井", "Report, or refuse to go down"),
    "foot_report_hint": ("不需要账号", "no account needed"),
    "foot_log": ("公开日志", "Public log"),
    "foot_keys": ("公钥", "Public keys"),
    "print": ("可直接打印本页", "This page prints as it stands"),
} | unit_words.WORDS

MEANINGS: dict[str, tuple[str, str]] = {
    "id": ("永久编号；网址为 /d/{id}", "Permanent id; its address is /d/{id}"),
    "seq": ("在变动序列中的位置；更正后移到新的位置", "Place in the stream of changes; a correction moves it"),
    "kind": (
        "种类：PENALTY 行政处罚，RESULT 监督检查结果，COMMITMENT 安全生产承诺，BREACH 违反承诺，EXPOSURE 典型案例曝光",
        "PENALTY, RESULT (of an inspection), COMMITMENT, BREACH (of one), EXPOSURE (of a typical case)",
    ),
    "title": ("标题", "Title"),
    "party": ("当事人；自然人只公开姓氏", "Party; of a person the family name alone"),
    "credit_code": (
        "单位的统一社会信用代码；当事人为自然人的，为煤矿的代码",
        "Credit code of the unit, or of a person's mine",
    ),
    "mine": ("煤矿名称", "Name of the mine"),
    "mine_id": ("煤矿编号；网址为 /m/{mine_id}", "Id of the mine; its address is /m/{mine_id}"),
    "agency": ("执法机关", "Agency"),
    "county": ("县级行政区划代码（GB/T 2260）", "Code of the county (GB/T 2260)"),
    "number": ("文书号，可能为空", "Number of the paper; may be empty"),
    "day": ("决定、检查、签订或者未履行之日", "Day of the decision, inspection, signature or breach"),
    "amount": (
        "现行罚款，单位为分；没有罚款的为空；JSON 中写作文字",
        "Fine that stands, in fen; empty where there is none; a text in JSON",
    ),
    "disputed": (
        "当事人是否已申请复议或者起诉；CSV 中 t 为是，f 为否",
        "Whether the party goes against it; t or f in CSV",
    ),
    "edition": ("版本号", "Edition"),
    "published_at": ("首次公示的时间（UTC）", "First published (UTC)"),
    "changed_at": ("最近一次变动的时间（UTC）", "Last changed (UTC)"),
    "late": ("是否逾期公示；CSV 中 t 为是，f 为否", "Whether it was published late; t or f in CSV"),
    "due_on": ("法定公示期限", "By when it had to be published"),
    "shown_until": ("公示截止日期；没有期限的为空", "Last day on which it is shown; empty for no end"),
    "digest": ("副本的 SHA-256", "SHA-256 of its copy"),
}
"""The columns of the open data."""

WORDS |= credit_words.WORDS
