"""What may live here: the words of the demo: each act in Chinese and English, with the article that it rests on."""

ACTS: dict[str, tuple[str, str, str]] = {
    "scheme": ("检查方案：由检查人员起草", "inspection scheme, drafted by a member", "实施意见三（十四）2、4"),
    "approved": ("检查方案：由带队负责人审定", "the scheme, approved by the lead", "实施意见三（十四）4"),
    "opened": ("检查开始", "the inspection is opened", "煤矿安全生产条例第四十四条"),
    "talk": ("宣讲法律 35 分钟", "35 minutes of law talk", "实施意见三（十二）1"),
    "drawn": ("逢查必考：按日志检查点抽取人员", "exam: people drawn by a checkpoint of the log", "实施意见三（十二）4"),
    "failed": ("一名安全管理人员不及格", "a manager fails: retraining and a resit follow", "实施意见三（十二）4"),
    "finding": ("重大隐患：一人所见，尚无证据，照样留存", "major hazard: seen by one, no evidence yet, kept",
                "行政处罚法第四十二条、第四十六条"),
    "withdrawal": ("责令撤出作业人员", "people are withdrawn", "煤矿安全生产条例第四十四条"),
    "told": ("已通知井下人员", "people below are told", "煤矿安全生产条例第四十四条"),
    "counted": ("清点：井下零人", "head count: nobody below", "煤矿安全生产条例第四十四条"),
    "evidence": ("照片已封存并附于问题", "a photo is sealed and attached", "行政处罚法第四十六条"),
    "confirmed": ("第二名持证人员确认，缺陷补正", "a second certified officer confirms: made good",
                  "行政处罚法第四十二条"),
    "issued": ("现场检查记录：编号出具", "inspection record: numbered and issued", "安全生产法第六十八条"),
    "signed": ("现场检查记录：密钥签名", "the record, signed by key", "安全生产法第六十八条"),
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
    "notified": ("听证通知：{day}", "the hearing is notified for {day}", "行政处罚法第六十四条"),
}  # fmt: skip
SENTENCES: dict[str, str] = {
    "waits": "今日不能依法办理的，不演 What cannot lawfully be done today is not played:",
    "refused": "试作决定，被拒绝 A decision is tried and refused: {told}",
    "missing": "尚缺 Still missing: {told}",
    "until": "期限 Clock {key}: {ends}（{article}）",
    "hearing_waits": "听证通知 The notice of the hearing: {told}",
    "pack": "案卷包 The pack: {path}",
    "stopped": "停在这一步 Stopped here: {told}",
}
"""What the server says stands in its own words: it names the articles."""


def line(sentence: str, /, **parameters: object) -> str:
    """A sentence in both languages."""
    return SENTENCES[sentence].format(**parameters)


def act(what: str, position: int, /, **parameters: object) -> str:
    """One act: what, by which article, and where it stands in the ledger."""
    chinese, english, article = ACTS[what]
    return f"#{position:<5} {chinese.format(**parameters)}（{article}）  {english.format(**parameters)}"
