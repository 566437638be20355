"""The words with which the record fills papers (执法文书); papers are Chinese whoever reads them."""

SUM = "人民币{capitals}（￥{figures}）"
SANCTIONS: dict[str, str] = {
    "WARNING": "给予警告",
    "CRITICISM": "给予通报批评",
    "FINE": "处{sum}罚款",
    "DAILY_FINE": "自责令改正之日的次日起按日连续处罚{days}日，处{sum}罚款",
    "CONFISCATION": "没收违法所得、非法财物，计{sum}",
    "LICENCE_SUSPENDED": "暂扣许可证件{days}日",
    "DOWNGRADED": "降低资质等级",
    "LICENCE_REVOKED": "吊销许可证件",
    "STOPPED": "责令停产停业",
    "SHUT_DOWN": "责令关闭",
    "BARRED": "限制从业",
}
"""What each sanction is called where a paper orders it."""
NO_PENALTY = "不予行政处罚（{ground}）"
PAYMENT = "罚款自收到本决定书之日起{days}日内到指定的银行缴纳；到期不缴纳的，每日按罚款数额的{percent}%加处罚款。"
INTENDED = "拟作出行政处罚：{sanctions}"
DEPARTURE = "裁量说明：{reason}"
STOPPED = "责令停产整顿{days}日，整顿内容：{terms}"
"""What a stop is called that says what is to be put right."""
HEARD = "当事人陈述申辩及采纳情况：{defences}"

CASE_NAME = "{parties}{cause}案"
OF_A_CHECK = "执法检查发现"
CONDUCT = "{name}（{time}），违反{clause}"
SINCE, FROM_TO = "自{began}起，仍在继续", "{began}至{ended}"
FINDING = "{title}{place}{fact}{measured}{clause}"
MEASURED = "，实测{values}"
BREAKS = "，违反{clause}"
CHECKED, NOT_CHECKED = "{text}：已检查{answer}", "{text}：未检查{answer}"
ITEMS_ALLOTTED = "{text}（{side}，{manner}，由{officer}负责）"
ORDERED, ORDERED_FOR = "现场采取下列处理措施：", "因{reason}，{decision}"
BY_SCHEME, FOUND, FOUND_NOTHING = "按检查方案检查了下列事项：", "检查发现下列问题、隐患：", "未发现问题、隐患。"

TERM = "，限于{last}前（{days}日内）改正完毕"
RECHECK: dict[str, str] = {
    "CORRECTED": "经复查，已整改完毕",
    "NOT_CORRECTED": "经复查，未整改到位",
    "REFUSED": "经复查，拒不整改",
}
CORRECTED, UNCORRECTED, REFUSED = "经复查，已改正", "经复查，未改正", "经复查，拒不改正"
PRINCIPAL = "主要负责人"
HEARING_RECORD = "听证由当事人申请，于{at}在{place}举行。{came}代理人{agents}人。{signed}"
CAME, STAYED_AWAY = "当事人到场。", "当事人未到场或者中途退场，视为放弃听证。"
RECORD_SIGNED, RECORD_NOT_SIGNED = "笔录经当事人或者代理人签名。", "当事人或者代理人未签名：{refusal}。"
SERVICE = "{way}；{proof}"
SERVICE_RECEIVER, SERVICE_WITNESS, SERVICE_FILMED = "收件人{receiver}", "见证人{witness}", "已录像"
SERVICE_PUBLISHED, SERVICE_REASON = "公告日期{day}", "公告原因：{reason}"
PART = "第{ordinal}期：{day}前缴纳{sum}"
DEFENCE_ANSWER = "复核：{taken}。{answer}"
ACCEPTED, NOT_ACCEPTED = "采纳", "不予采纳"
RANGE = "裁量基准：{standard}（{ground}）；{reason}"
PROMISE = "不履行{year}年安全生产承诺“{clause}”"
DEPARTED = "；偏离裁量基准的理由：{why}"
PERFORMED: dict[str, str] = {
    "PAID": "{day}缴款{sum}",
    "EXECUTED": "{day}执行{sanction}：{how}",
    "COURT_ASKED": "{day}申请{court}强制执行",
}
NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
EVIDENCE, STATEMENT = "{name}，证明{proves}", "{of}的询问笔录"
UNIT, PERSON = "{name}，统一社会信用代码{code}", "{name}，{employer}{post}"
KEEP_REASON = "证据可能灭失或者以后难以取得（行政处罚法第五十六条）"
DEMANDS = ("限期缴纳罚款", "立即履行决定")
PUT_OFF = ("延期缴纳", "分期缴纳")
RECEIPT = "文书送达回执"

LAWS = (
    "行政处罚法", "行政强制法", "行政复议法", "行政诉讼法", "行政许可法", "安全生产法", "矿山安全法", "煤炭法",
    "矿产资源法", "突发事件应对法", "职业病防治法", "档案法", "电子签名法", "民事诉讼法", "监察法", "公务员法", "刑法",
    "治安管理处罚法",
)  # fmt: skip
"""Laws by the names that the record calls them; papers say them in full."""
RULES = (
    "贵州省煤矿安全生产条例", "煤矿安全生产条例", "贵州省安全生产条例", "安全生产许可证条例",
    "生产安全事故报告和调查处理条例", "国务院关于预防煤矿生产安全事故的特别规定",
    "行政执法机关移送涉嫌犯罪案件的规定", "煤矿安全规程", "煤矿重大事故隐患判定标准", "安全生产违法行为行政处罚办法",
    "煤矿安全监察行政处罚办法", "防治煤与瓦斯突出细则", "煤矿防治水细则",
)  # fmt: skip
"""Regulations, rules and standards, which have no longer name."""
IN_FULL = "中华人民共和国"
