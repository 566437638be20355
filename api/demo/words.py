"""What may live here: the words of the demo: each act in Chinese and English, with the article that it rests on."""

_OPINION_EXAM, _OPINION_SCHEME = "实施意见三（十二）4", "实施意见三（十四）4"
_DANGER, _TERM = "煤矿安全生产条例第四十四条", "煤矿安全生产条例第四十五条"
_SUPERVISED = "实施意见三（三）3"
_RESTART, _AFTER_STOPS = "煤矿安全生产条例第四十八条", "煤矿安全生产条例第四十九条"
_REFUSAL, _TWO = "实施意见三（六）2", "行政处罚法第四十二条"
_DUTY, _REWARD = "煤矿安全生产条例第九条", "煤矿安全生产条例第九条、安全生产法第七十六条"
_SPOT = "行政处罚法第五十一条、安全生产法第一百零二条"
_PROMISE, _SIGNED = "实施意见三（六）1", "电子签名法第十三条"
_PUBLISHED, _PUBLIC = "行政处罚法第四十八条、安全生产法第七十八条", "政府信息公开条例第六条"
_ALARM = "实施意见三（六）2、安全生产法第五十五条"

ACTS: dict[str, tuple[str, str, str]] = {
    "scheme": ("检查方案：由检查人员起草", "inspection scheme, drafted by a member", "实施意见三（十四）2、4"),
    "approved": ("检查方案：由带队负责人审定", "the scheme, approved by the lead", _OPINION_SCHEME),
    "opened": ("检查开始", "the inspection is opened", _DANGER),
    "joined": ("检查人员各自加入", "each officer joins from his own phone", "行政处罚法第四十二条"),
    "talk": ("宣讲法律 35 分钟", "35 minutes of law talk", "实施意见三（十二）1"),
    "drawn": ("逢查必考：按日志检查点抽取人员", "exam: people drawn by a checkpoint of the log", _OPINION_EXAM),
    "failed": ("一名安全管理人员 {score} 分，须培训补考", "a manager scores {score}: retraining and a resit",
               _OPINION_EXAM),
    "passed_exam": ("一名从业人员 {score} 分", "a worker scores {score}", _OPINION_EXAM),
    "finding": ("重大隐患：一人所见，尚无证据，照样留存", "major hazard: seen by one, no evidence yet, kept",
                "行政处罚法第四十二条、第四十六条"),
    "finding_uncertified": ("重大隐患：执法证已到期者所见，照样留存",
                            "major hazard, seen by one whose certificate has ended: kept",
                            "行政处罚法第四十二条"),
    "withdrawal": ("井下离线责令撤出人员，升井后上传", "people are withdrawn, ordered offline, told later", _DANGER),
    "evidence": ("照片已封存并附于问题", "a photo is sealed and attached", "行政处罚法第四十六条"),
    "confirmed": ("两名持证人员确认问题，缺陷补正", "two certified officers confirm the finding: made good",
                  "行政处罚法第四十二条"),
    "measure_confirmed": ("持证人员确认该措施", "the measure is confirmed by a certified officer",
                          "行政处罚法第四十二条"),
    "told": ("已通知井下人员", "people below are told", _DANGER),
    "counted": ("清点：井下 {number} 人", "head count: {number} below", _DANGER),
    "recorded": ("记录由两名人员各自签名关闭", "the recording is closed by two officers",
                 "行政处罚法第四十七条"),
    "paper": ("《{form}》：编号制发", "paper: {english}", "{law}"),
    "signed": ("《{form}》：{place}以本人设备密钥签名", "signed by key", "{law}"),
    "signed_by_hand": ("《{form}》：{place}在屏幕上手写签名", "signed by hand on the glass", "{law}"),
    "signed_in_ink": ("《{form}》：{place}在纸上签名，照片封存", "signed in ink, the photo is sealed", "{law}"),
    "not_signed": ("《{form}》：{place}拒绝签名，注明理由和见证人", "not signed: why, and who saw it, is noted",
                   "行政诉讼证据规定第十五条"),
    "printed": ("全部 {number} 份文书已生成盖章 PDF", "all {number} papers are made into stamped PDFs",
                "行政处罚法第四十七条"),
    "proposed": ("立案呈批", "a case is proposed", "行政处罚法第五十四条"),
    "registered": ("立案", "the case is registered by the head", "行政处罚法第五十四条"),
    "statement": ("询问笔录", "a statement is taken", "行政处罚法第五十五条"),
    "added": ("证据入卷", "evidence is put to the case", "行政处罚法第四十六条"),
    "ended": ("调查终结", "the investigation ends", "行政处罚法第五十七条"),
    "discretion": ("裁量建议", "the range is suggested", "行政处罚法第三十四条"),
    "notice": ("行政处罚告知", "the notice is served", "行政处罚法第四十四条"),
    "offered": ("听证告知", "the hearing is offered", "行政处罚法第六十三条"),
    "defence": ("收到陈述申辩", "the defence is received", "行政处罚法第四十五条"),
    "examined": ("陈述申辩复核", "the defence is answered in writing", "行政处罚法第四十五条"),
    "asked": ("当事人要求听证", "the party asks for the hearing", "行政处罚法第六十四条"),
    "notified": ("听证通知：{hearing}", "the hearing is notified for {hearing}", "行政处罚法第六十四条"),
    "ordered": ("责令限期 {days} 日改正", "correction is ordered within {days} days", _TERM),
    "supervised": ("重大隐患挂牌督办", "the major hazard is put under supervision", _SUPERVISED),
    "handed_over": ("移交隐患清单", "the hazard is handed over", _SUPERVISED),
    "received": ("接收隐患清单", "the hand-over is received", _SUPERVISED),
    "follower": ("指定跟踪人员", "an officer is named to follow it", _SUPERVISED),
    "tracked": ("跟踪：抽采系统已恢复", "followed: drainage works again", _SUPERVISED),
    "reported": ("煤矿报告整改完成", "the mine reports the correction", _TERM),
    "rechecked": ("复查：已改正", "checked again: corrected", _TERM),
    "recheck_signed": ("复查由第二人签名", "the check is signed by the second officer", _TERM),
    "verified": ("现场核实：属实", "verified on site", _SUPERVISED),
    "verification_signed": ("现场核实由第二人签名", "the verification is signed by the second officer", _SUPERVISED),
    "closed_out": ("重大隐患销号", "the major hazard is closed out", _SUPERVISED),
    "lifted": ("解除撤人措施", "the withdrawal is lifted", _TERM),
    "heard": ("举行听证", "the hearing is held", "行政处罚法第六十四条"),
    "filmed": ("听证全过程音像入卷", "the film of the hearing is put to the case", "行政处罚法第四十七条"),
    "submitted": ("送法制审核", "submitted to legal review", "行政处罚法第五十八条"),
    "returned": ("法制审核退回：补瓦检仪检定证书", "legal review sends it back: a certificate is missing",
                 "行政处罚法第五十八条"),
    "added_again": ("补充证据入卷", "the missing evidence is put to the case", "行政处罚法第四十六条"),
    "submitted_again": ("再送法制审核", "submitted to legal review again", "行政处罚法第五十八条"),
    "passed": ("法制审核通过", "legal review passes", "行政处罚法第五十八条"),
    "deliberated": ("负责人集体讨论", "the heads deliberate together", "行政处罚法第五十七条"),
    "waived": ("书面放弃陈述申辩", "gives up stating and defending, in writing", "行政处罚法第四十五条"),
    "hearing_waived": ("书面放弃听证", "gives up the hearing, in writing", "行政处罚法第六十三条"),
    "decided": ("行政处罚决定：责令停产整顿三十日，罚款八十万元",
                "decided: stopped for 30 days, a fine of 800,000 yuan", "煤矿安全生产条例第六十四条"),
    "decided_principal": ("行政处罚决定：罚款五万元", "a fine of 50,000 yuan", "煤矿安全生产条例第六十四条"),
    "served_by_hand": ("直接送达决定书", "the decision is served by hand", "行政处罚法第六十一条"),
    "stopped": ("责令停产整顿 30 日", "production is stopped for 30 days", "煤矿安全生产条例第六十四条"),
    "stop_approved": ("停产整顿经机关负责人批准", "the stop is approved by the head", "行政处罚法第五十七条"),
    "stop_announced": ("停产整顿向社会公告", "the stop is announced to the public", _AFTER_STOPS),
    "restart_asked": ("煤矿申请恢复生产", "the mine applies to restart", _RESTART),
    "accepted": ("复产验收合格", "the acceptance is passed", _RESTART),
    "restart_signed": ("部门主要负责人签字", "signed by the head of the department", _RESTART),
    "restart_agreed": ("矿山安全监察机构审核同意", "agreed by the mine safety administration", _RESTART),
    "restart_approved": ("本级政府主要负责人批准恢复生产", "approved by the head of the government", _RESTART),
    "restart_announced": ("恢复生产向社会公告", "the restart is announced to the public", _AFTER_STOPS),
    "executed": ("停产整顿执行完毕", "the stop was carried out", "行政处罚法第六十六条"),
    "consent_unsigned": ("送达地址确认书：未签名", "confirmation of address, not signed", "行政处罚法第六十一条"),
    "consent": ("送达地址确认书：同意电子送达并签名", "consent to electronic service, signed",
                "行政处罚法第六十一条"),
    "served": ("电子送达决定书", "the decision is served electronically", "行政处罚法第六十一条"),
    "paid": ("缴纳罚款", "the fine is paid", "行政处罚法第六十七条"),
    "filed": ("当事人申请行政复议", "the party applies for reconsideration", "行政复议法第二十条"),
    "answered": ("提交复议答复书和证据", "answered with the evidence", "行政复议法第四十八条"),
    "upheld": ("复议决定：维持", "reconsideration: upheld", "行政复议法第六十八条"),
    "closed": ("结案", "the case is closed", "行政处罚法第六十六条"),
    "archived": ("归档", "the file is archived", "档案法第十三条"),
    "duty_county": ("值班表：盘州市两名值班人员", "duty of the county is planned: two officers", _DUTY),
    "duty_office": ("值班表：监察执法一处一名值班人员", "duty of the branch office is planned: one officer", _DUTY),
    "refusal": ("拒绝入井：{place}，此处此班不得安排作业", "refused: the place is marked for the shift", _REFUSAL),
    "alarm": ("报警：县、处两条线同时通知", "alarm: county and branch office are told side by side", _ALARM),
    "alarm_taken": ("{who} 接警", "a person of this chain takes the alarm", _ALARM),
    "check_ordered": ("安排两名人员去现场核查", "two officers are ordered to the place", _REFUSAL),
    "check_opened": ("核查开始，两人到矿", "the inspection is opened by the two", _TWO),
    "checked": ("现场核查：{who} 到场看过", "checked: one of the two was there, by his own act", _TWO),
    "found_true": ("问题：甲烷传感器断线，附已封存照片", "finding: the sensor is cut off, with a sealed photo",
                   "安全生产法第四十一条"),
    "confirmed_by_second": ("第二名持证人员确认问题", "the second certified officer confirms it", _TWO),
    "substantiated": ("查实：与现场问题相符", "substantiated by that finding", _REFUSAL),
    "order": ("责令当场纠正", "the mine is ordered to put it right at once", "安全生产法第一百零二条"),
    "order_named": ("该措施记入拒绝入井", "the order is named in the refusal", _REFUSAL),
    "earlier_looked": ("上次检查的措施：两人核实，尚未整改，继续有效",
                       "an earlier order, looked at by both: not put right, it stays", "实施意见三（十四）3"),
    "order_closed": ("措施办结", "the order is closed", _TERM),
    "refusal_lifted": ("解除：由未参加核查的负责人决定", "lifted by a head who did not check", _REFUSAL),
    "fined": ("当场处罚：罚款 {yuan} 元", "fined on the spot: {yuan} yuan", _SPOT),
    "spot_reported": ("当场处罚报机关备案", "the decision on the spot is reported", "行政处罚法第五十二条"),
    "reward_proposed": ("奖励：罚款的 {percent}%，最低 3,000 元：{yuan} 元",
                        "reward: {percent} % of the fine, 3,000 at least: {yuan} yuan", _REWARD),
    "reward_decided": ("奖励：负责人批准", "the reward is granted by a head", _REWARD),
    "reward_claimed": ("奖励：凭凭证的密钥签名领取，不留姓名和电话", "claimed by receipt, without name or telephone",
                       _REWARD),
    "reward_paid": ("奖励：窗口付现", "paid in cash at the counter that he named", _REWARD),
    "clauses_drafted": ("{year} 年承诺条款 {number} 条：由一人起草",
                        "{number} clauses of {year}, drafted by one", _PROMISE),
    "clauses_approved": ("承诺条款：由另一人批准", "the clauses, approved by another", _PROMISE),
    "key_registered": ("主要负责人登记自己手机上的密钥", "the principal registers the key of his own phone", _SIGNED),
    "key_checked": ("执法人员当面核对：密钥是他本人的", "an officer sees in person that the key is his", _SIGNED),
    "agreed": ("电子签名使用约定：签名文本的摘要入账", "the signed agreement on signatures, by its digest", _SIGNED),
    "promise_signed": ("承诺书：主要负责人本人签名，摘要 {digest}…",
                       "the commitment is signed by the principal himself", _PROMISE),
    "promise_superseded": ("承诺书：重新签名，摘要 {digest}…，取代 {before}…",
                           "signed anew; it names the one whose place it takes", _PROMISE),
    "breach_found": ("承诺未履行：条款“{clause}”，依据现场问题",
                     "a clause was not kept, by what was found on site", _REFUSAL),
    "found_overdue": ("问题：突水隐患过期未治理仍作业，附已封存照片",
                      "finding: work goes on over a hazard past its day, with a sealed photo", "安全生产法第四十一条"),
    "breach_answered": ("煤矿答复：接受并限期改正", "the mine answers: accepted, to be put right", _REFUSAL),
    "breach_stands": ("由另一人认定：未履行成立，向社会公开", "decided by another: it stands, and is public", _REFUSAL),
    "penalty_published": ("公示：行政处罚决定（最迟 {due}）", "the penalty is published, by {due} at the latest",
                          _PUBLISHED),
    "result_published": ("公示：检查结果", "the result of the inspection is published",
                         "政府信息公开条例第二十条、第二十六条"),
    "result_corrected": ("更正公示：检查结果，措施已办结", "the result is corrected: the order is closed", _PUBLIC),
    "penalty_disputed": ("公示标明：当事人已申请复议", "it is shown that the penalty is disputed",
                         "行政处罚法第四十八条"),
    "penalty_withdrawn": ("撤下公示：行政处罚决定", "the penalty is withdrawn", _PUBLIC),
    "penalty_restored": ("恢复公示：行政处罚决定", "the penalty is shown again", _PUBLIC),
    "penalty_corrected": ("更正公示：复议维持", "the penalty is corrected: upheld", _PUBLIC),
    "early_withdrawn": ("撤下公示：检查尚未结束", "withdrawn: the inspection was not over", _PUBLIC),
}  # fmt: skip
RUNGS = (
    "值班首位 first on duty", "值班首位 first on duty", "值班下一位 next on duty", "负责人 a head",
    "上一级负责人 a head one level up",
)  # fmt: skip
"""Whom an alarm comes to on each rung of its ladder."""
SENTENCES: dict[str, str] = {
    "whole": "沙盒里日子可以过去：演完全案，{begin} 至 {end}\n"
             "The sandbox lets days pass: the whole case, {begin} to {end}",
    "young": "此服务器的密钥自 {since} 起有效，案件须始于 {begin}：只演今日\n"
             "This server's keys count from {since} on, and the case would begin on {begin}: only today is played",
    "day": "── {day} ──",
    "employed": "一名检查人员，执法证至 {day} 止 An officer whose certificate ends on {day}",
    "lacks": "  … 尚缺 {number} 项：{zh}\n    {number} missing, first: {en}",
    "refused": "  ✗ 试过，被拒绝：{zh}\n    tried and refused: {en}",
    "waits": "今日不能依法办理的，不演：\nWhat cannot lawfully be done today is not played:",
    "missing": "  尚缺：{zh}\n    still missing: {en}",
    "until": "  期限 Clock {key}: {ends}（{article}）",
    "the_rest": "以 make run SANDBOX=1 启动，本命令演完其余\n"
                "On a server started with `make run SANDBOX=1` this command plays the rest",
    "the_rest_elsewhere": "换一个新的数据文件夹（PITHEAD_DATA）启动，本命令演完其余\n"
                          "On a server with a new data folder (PITHEAD_DATA) this command plays the rest",
    "hearing_waits": "  ✗ 听证通知：{zh}\n    the notice of the hearing: {en}",
    "pack": "案件 The case: {id}\n案卷包 The pack: {path}\n"
            "自行核对 Check it yourself: pithead verify {path} --trust {keys}",
    "taken": "文件夹不是空的，什么也没有演：{path}\nThe folder is not empty, nothing was played: {path}",
    "silent": "联系不上服务器 {url}：先以 make run 启动（{told}）\n"
              "No answer from {url}: start it with `make run` ({told})",
    "stopped": "停在这一步 Stopped here: {told}",
    "refusal_means":
        "拒绝入井：达不到矿上承诺的安全条件，矿工可以不下井，矿上不得阻挠（实施意见三（六）2），\n"
        "也不得因此降薪、解约（安全生产法第五十四条）。他选择立即公开：此处此班即标记为拒绝入井，\n"
        "县、处两条线的值班人员立即得到通知；两人现场核查、矿上整改、未参加核查的负责人决定之后才解除。\n"
        "Where the safety that a mine promised is not there, a miner need not go down; the mine may neither hinder\n"
        "nor punish it. Told now and openly, the place is marked as refused for the shift at once, and officers on\n"
        "duty of two authorities are alarmed. It stays so until two officers were there, the mine put it right, and\n"
        "a head who was not there decides.",
    "refusal_signs":
        "  #N 该行为在公开账本中的位置；· 该行为也在账本中，其位置不告诉任何人：它出自矿工，位置会泄露他\n"
        "  #N is where an act stands in the public log. An act with · stands there too; its place is told to nobody,\n"
        "  since it came of the miner, and a row of moments is how he would be found.",
    "chapter_ready": "── 一、就绪 1 Made ready ──",
    "chapter_miner": "── 二、一名矿工，没有账号 2 A miner, without an account ──",
    "chapter_alarm": "── 三、谁被通知 3 Who is told ──",
    "chapter_desk": "── 四、举报台 4 The desk of reports ──",
    "chapter_check": "── 五、现场核查 5 Checked on site ──",
    "chapter_order": "── 六、整改与解除 6 Put right, and lifted ──",
    "chapter_reward": "── 七、奖励 7 The reward ──",
    "chapter_receipt": "── 八、矿工凭凭证看到的 8 What the miner reads by his receipt ──",
    "chapter_proof": "── 九、谁都可以核对 9 What anybody can check ──",
    "heard": "  │ {said}",
    "keys_kept": "举报受理、核查、三名保管人各有自己的密钥：举报内容只有他们打得开，服务器打不开\n"
                 "Intake, verification and three custodians each hold a key: they open reports, the server cannot\n"
                 "  示例人员密钥的口令就是其密码 The pass-phrase of these sample keys is the password: {phrase}\n"
                 "  pithead desk list --as {login}",
    "desk_page": "  值班台，可在那里旁观或接警：{url}/desk（{login}）\n"
                 "  The desk of those on duty, to watch it, or to take it there",
    "mine_reads": "  矿方只读到 All that the mine reads: {place}，{clause}，{since}\n"
                  "  执法人员另知有几份举报 Officers read besides how many said it: {reports}\n"
                  "  是谁，无人读到 Nobody reads who",
    "rung": "  {at} 通知 told: {who}（{rung}）",
    "real_minutes": "  报警按真实时间逐级上升，最多等 {minutes} 分钟（--minutes 0 不等）\n"
                    "  An alarm climbs in real time: {minutes} minutes at most are waited here (--minutes 0: none)",
    "silent_until": "  … 无人应答，{at} 上升一级 nobody answers, the next rung is due then",
    "no_more_minutes": "  不再等待，其余各级未演（全部须 {minutes} 分钟）\n"
                       "  No longer waited for; the other rungs are not played: all of them take {minutes} minutes",
    "passed": "  {number} 名值班人员未应答，均被越过 {number} duty officers said nothing and were passed",
    "by_receipt": "  凭证所见 By his receipt: {zh}\n    {en}",
    "asked_on": "  回访 Four times he is asked whether anybody troubles him: {days}",
    "desk": "  {who}：{zh} {en}",
    "opens": "  {who} 以自己的密钥打开 opens it with his own key: “{said}”",
    "opens_not_yet": "  ✗ 核查人员 {who} 还打不开 cannot open it yet",
    "replied": "  {who} 答复矿工，只有凭证打得开 answers the miner, whose receipt alone opens it: “{said}”",
    "handed_to": "  移交后核查人员 {who} 以自己的密钥打开 handed over, another hand opens it: “{said}”",
    "proves": "  公开账本证明：以上每一步都占有位置，事后删、改、换位都会与检查点不符：{url}/log/checkpoint\n"
              "  另一方可自行保存检查点：pithead witness\n"
              "  账本不载：谁拒绝了入井；只有该份举报随机编号的摘要\n"
              "  The public log proves that each act above has its place: to take one out, change or move it later\n"
              "  contradicts its checkpoints, which others keep and co-sign (pithead witness).\n"
              "  Who refused is not in it: only a digest of the random number of the report.\n"
              "  案卷包证明：照片自拍摄起未变，由谁的设备签名；问题、措施、处罚各为账本所载；不证明镜头所见属实\n"
              "  The pack below proves that the photo is as it was taken, and by whose device; and that finding,\n"
              "  order and fine are as the log has them. It does not prove that what the lens saw is true.",
    "commitment_means":
        "安全生产承诺书：煤矿每年年初逐条承诺下井必须具备的条件，由主要负责人本人签名并向社会公布；\n"
        "达不到的，矿工可以拒绝入井；不履行且构成违法的，从重处罚（实施意见三（六））。\n"
        "Each year a mine promises, clause by clause, what must hold for people to go down. Its principal signs by a\n"
        "key that he alone holds: the server has none that could. Where a promise is not kept, a miner need not go\n"
        "down, and a breach of the law weighs heavier.",
    "chapter_clauses": "── 一、一年的条款 1 The clauses of the year ──",
    "clauses_stand": "  {year} 年条款已定：{number} 条 the clauses of {year} are in force: {number}",
    "chapter_signed": "── 二、自查、预览、签名 2 Answered, read, signed ──",
    "answered": "  煤矿自查：已达到 {met} 条，最迟 {day} 达到 {later} 条，没有达到 {not_met} 条\n"
                "  the mine says: {met} met, {later} to be met by {day}, {not_met} not met",
    "answered_anew": "  煤矿改报 {later} 条 what is answered otherwise now: {later}",
    "key_stands": "  主要负责人的密钥已登记过 the principal's key is registered already",
    "public_reads": "  任何人读到：{status[0]}；煤矿自称做到 {kept} 条，未到期 {later} 条，自称没做到 {not_met} 条，"
                    "查实没做到 {broken} 条\n"
                    "  anybody reads: {status[1]}; the mine says of {kept} kept, {later} not yet, {not_met} not met;"
                    " found broken {broken}",
    "promise_pages": "  页面 Pages: {url}/commitments/{mine}（条款、承诺包 the clauses, the bundle），\n"
                     "  {url}/commitments/check（离线核对 check offline）；\n"
                     "  从条款拒绝入井，要先有受理人的密钥：先运行一次 to refuse from a clause, run once before:"
                     " pithead demo refusal --minutes 0",
    "chapter_broken": "── 三、现场发现未履行 3 Found broken on site ──",
    "chapter_anew": "── 四、重新承诺 4 Promised anew ──",
    "bundle": "  承诺书证据包 The bundle: {path}\n  承诺公示单 The sheet of the notice board: {sheet}\n"
              "  自行核对 Check it yourself: pithead verify {path} --trust {keys}",
    "disclosure_means":
        "公示：处罚决定七个工作日内、检查结果二十个工作日内向社会公开（安全生产法第七十八条、政府信息公开条例第二十六条）。\n"
        "公众读到的是按封闭清单制作的副本；更正、争议、撤下、恢复各为一次留痕的行为，谁都可以离线核对。\n"
        "What the public reads is a copy made by a closed list, published by an act. It is corrected, disputed, taken\n"
        "down and shown again by further acts, each with its place in the log, and anybody checks all of it offline.",
    "chapter_site": "── 一、现场 1 On site ──",
    "chapter_preview": "── 二、预览与公示 2 Previewed, then published ──",
    "public_copy": "  预览 The preview: SHA-256 {digest}…，{size} 字节 bytes",
    "taken_out": "  不公开 taken out: {member}：{zh} {en}（{article}）",
    "chapter_shown": "── 三、任何人读到的 3 What anybody reads ──",
    "page_shows": "  200 {url}\n      {title}",
    "chapter_mended": "── 四、更正 4 Corrected ──",
    "chapter_disputed": "── 五、争议 5 Disputed ──",
    "chapter_down": "── 六、撤下与恢复 6 Taken down, and shown again ──",
    "page_gone": "  410 {url}\n      {why}",
    "chapter_upheld": "── 七、复议维持 7 Upheld ──",
    "chapter_home": "── 八、谁都可以带走、订阅、核对 8 What anybody takes home, follows, checks ──",
    "taken_by_all": "  搜索、订阅、JSON、CSV、撤下清单都有它\n"
                    "  Found by search, feeds, JSON and CSV; the deletions name what is gone\n"
                    "  {url}/feeds/disclosures.atom   {url}/open-data/disclosures.csv\n"
                    "  存于 Kept in: {path}",
    "open_pages": "在浏览器里打开 Open in the browser:\n"
                  "  {url}/d/{penalty}  处罚：二维码、印、“在本机核验”\n"
                  "      the penalty: its QR code, its proof, “check it yourself”\n"
                  "  {url}/d/{result}  检查结果，第二版 the result, in its second edition\n"
                  "  {url}/d/{gone}  已撤下（410）：为什么 withdrawn (410), and why\n"
                  "  {url}/m/{mine}  这座矿 the mine      {url}/g/{code}  该企业 the company\n"
                  "  {url}/  搜索、地图、统计、开放数据 search, map, figures, open data\n"
                  "公示人员 Who publishes: {login}",
    "disclosure_bundle": "证据包 The bundle: {path}\n自行核对 Check it yourself: pithead verify {path} --trust {keys}",
    "changed_bundle": "  改动一个数字，应当不符 One number of it changed, which must not hold: {path}\n  {told}\n"
    "原件应当相符 The bundle itself, which must hold:",
    "not_as_told": "未被拒绝 Was not refused: {told}",
}  # fmt: skip
"""What the server says stands in its own words: it names the articles."""


def line(sentence: str, /, **parameters: object) -> str:
    """A sentence in both languages."""
    return SENTENCES[sentence].format(**parameters)


NOBODY, PRINCIPAL = ("", ""), ("主要负责人：", "the principal: ")
"""Whom an act is about, where that is not the unit."""


def act(what: str, position: int | None, whom: tuple[str, str] = NOBODY, /, **parameters: object) -> str:
    """One act: what, about whom, by which article, and where it stands in the ledger, unless nobody is told that."""
    chinese, english, article = (text.format(**parameters) for text in ACTS[what])
    told = f"{whom[0]}{chinese}（{article}）  {whom[1]}{english}"
    return f"#{position:<5} {told}" if position is not None else f"·      {told}"


STATUS = {
    "SIGNED": ("已签署", "signed"), "UNSIGNED": ("未签署", "not signed"), "OVERDUE": ("逾期未签署", "overdue"),
    "NOT_ASKED": ("不要求签署", "need not sign"),
}  # fmt: skip
"""How a mine stands in its year."""
