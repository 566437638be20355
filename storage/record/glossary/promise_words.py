"""The words that stand on commitments and on the sheets of notice boards, and those that say a clause's condition."""

MEASURES: dict[str, tuple[str, str, int]] = {
    "PIECES": ("处（项）", "", 0),
    "PERSONS": ("人", " persons", 0),
    "TIMES": ("次", " times", 0),
    "MINUTES": ("分钟", " minutes", 0),
    "HOURS": ("小时", " hours", 0),
    "DAYS": ("日", " days", 0),
    "WORKING_DAYS": ("个工作日", " working days", 0),
    "HUNDREDTHS_OF_PERCENT": ("%", " %", 2),
    "CENTIMETRES": ("米", " m", 2),
    "CENTIMETRES_PER_SECOND": ("米/秒", " m/s", 2),
    "CUBIC_METRES_PER_MINUTE": ("立方米/分钟", " m³/min", 0),
    "KILOPASCALS": ("千帕", " kPa", 0),
    "TONNES": ("吨", " t", 0),
    "YUAN": ("元", " yuan", 0),
    "FEN_PER_TONNE": ("元/吨", " yuan a tonne", 2),
}
"""How people write a number of each unit, and of how many decimals its steps are hundredths or whole."""

BOUNDS: dict[str, tuple[str, str]] = {
    "least": ("不少于{}", "at least {}"),
    "most": ("不超过{}", "at most {}"),
    "exact": ("为{}", "exactly {}"),
    "not_before": ("不早于{}", "not before {}"),
    "not_after": ("不晚于{}", "by {} at the latest"),
    "holds": ("{}齐备", "all of: {}"),
    "lacks": ("没有{}", "none of: {}"),
    "yes": ("必须做到", "it must be so"),
    "no": ("不得发生", "it must not be so"),
}
"""What a condition asks for."""
BETWEEN, ITEMS = ("，", ", "), ("、", ", ")
"""What stands between two bounds, and between two items of a list."""

WAYS: dict[str, tuple[str, str]] = {
    "KEY": ("本人设备密钥", "the key of his own device"),
    "PASSKEY": ("本人通行密钥", "his own passkey"),
    "TOKEN": ("数字证书（令牌）", "a certificate of a CA on a token"),
    "INK": ("纸质签名（较低级别：只绑定扫描件摘要）", "ink (the lower level: only a scan is bound)"),
}
"""In which way a principal signed."""

TITLE = "煤矿安全生产承诺书"
ORDINALS = "一二三四五六七八九十"
PRINTED: dict[str, str | tuple[str, ...]] = {
    "year": "（{year}年度）",
    "opening": "本人是{mine}的主要负责人，就{year}年度安全生产向本矿从业人员和社会公开承诺以下{count}条。"
    "任何一条达不到，在受其影响的地点，从业人员有权拒绝入井、停止作业，任何人不得因此处分、克扣或者打击报复。",
    "mine": "煤矿",
    "principal": "承诺人（主要负责人）",
    "template": "条款版本",
    "version": "{year}年第{version}版",
    "supersedes": "替代此前承诺书",
    "condition": "条件",
    "checked": "查验",
    "answer": "填报",
    "otherwise": "未履行",
    "article": "依据",
    "own": "本矿自加",
    "unsettled": "本条尚未核对正式文本：",
    "not_yet": "尚未达到，最迟{day}达到；措施：{measure}",
    "signing": "签署",
    "ways": "本承诺书由承诺人本人签署，任何人、任何系统不能代签。以下列方式之一：设备密钥、通行密钥、数字证书（令牌），"
    "或者纸质签名（较低级别）。以哪种方式、在什么时间、由谁当面核对过密钥，以公开账本中的记录（commitment.signed）和"
    "随附的承诺包为准，任何人可以脱机核验。",
    "signed": "承诺人",
    "by_hand": "仅以纸质方式签署时在此签名：",
    "on_day": "日期：",
    "stamp": "监管部门电子签章附于本文件之后，不改变以上内容。",
    "digest": "承诺书摘要 SHA-256：",
    "page": ("第 ", " 页　共 ", " 页"),
}
"""What the form says by itself; a commitment is Chinese whoever reads it."""

SHEET: dict[str, str | tuple[str, ...]] = {
    "title": "安全生产承诺公示",
    "signed": "{principal}（主要负责人）于{moment}以{way}签署",
    "sealed": "　公司已加盖电子印章",
    "right": "任何一条做不到，你可以拒绝入井",
    "how": "向班组长、带班矿领导或者调度室说出地点和条号（例如“第3条做不到”）即可，不用实名；也可以拨打 12350。"
    "任何人不得阻挠、处分、扣钱、报复。",
    "where": "或者手机打开 {address}，点条款提出；不用账号。",
    "code": "核验码",
    "check": "事先打开一次{where}，之后没有网络也能扫码核对：是谁、何时、以哪种方式签的，公开账本是否收录。",
    "check_page": "核验页",
    "read": "看条款、拒绝入井",
    "clause": "第{number}条",
    "foot": "以公开账本为准：换了主要负责人、灾害类型变了，或者有了新的承诺书，本页即失效。",
    "digest": "承诺书摘要 ",
}
"""What stands on the sheet of a notice board beside the clauses."""
