"""What may live here: what people write into the papers of the story, where the record knows nothing; all invented."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from api.demo.telling import Story
from storage.record.clock import SHANGHAI

Written = str | list[list[str]]

PRINCIPAL_NAME = "何矿（示例）"
_MINE, _PRINCIPAL, _AGENT = "松河湾煤矿（示例）", PRINCIPAL_NAME, "许辩（示例）"
_ADDRESS, _POST, _PHONE = "贵州省六盘水市盘州市松河湾（示例地址）", "553500", "0858-0000000"
_OFFICE, _AGENCY_POST, _AGENCY_PHONE = "贵州省贵阳市示例路1号", "550000", "0851-0000000"
ORGAN, _COURT = "国家矿山安全监察局", "贵阳市观山湖区人民法院"
"""Of a branch of the administration, which is led from above, the one above reconsiders (复议法27)."""
WITNESS = "石安（示例），该矿综采队班组长"
ASKED = "马班（示例）"
"""The leader of the shift, whose statement is taken."""

FORMS: dict[str, tuple[str, str]] = {
    "现场检查方案": ("inspection scheme on paper", "实施意见三（十四）2、4"),
    "现场检查记录": ("inspection record", "安全生产法第六十八条"),
    "现场处理措施决定书": ("order on site: people are withdrawn", "煤矿安全生产条例第四十四条"),
    "立案审批表": ("approval of the case", "行政处罚法第五十四条"),
    "询问笔录": ("record of the statement", "行政处罚法第五十五条"),
    "行政处罚告知书": ("notice of the penalty", "行政处罚法第四十四条"),
    "行政处罚听证告知书": ("offer of a hearing", "行政处罚法第六十三条"),
    "文书送达回执": ("receipt of service", "行政处罚法第六十一条"),
    "当事人陈述申辩笔录": ("record of the defence", "行政处罚法第四十五条"),
    "行政处罚听证会通知书": ("notice of the hearing", "行政处罚法第六十四条"),
    "责令限期整改指令书": ("order to correct by a term", "煤矿安全生产条例第四十五条"),
    "整改复查意见书": ("opinion of the re-check", "煤矿安全生产条例第四十五条"),
    "听证笔录": ("record of the hearing", "行政处罚法第六十五条"),
    "听证会报告书": ("report of the hearing", "行政处罚法第六十五条"),
    "案件处理呈批表": ("submission with legal review and approval", "行政处罚法第五十七条、第五十八条"),
    "行政处罚集体讨论记录": ("record of the deliberation", "行政处罚法第五十七条"),
    "行政处罚决定书（单位）": ("decision", "行政处罚法第五十九条"),
    "行政处罚决定书（个人）": ("decision on a person", "行政处罚法第五十九条"),
    "结案审批表": ("approval of the closing", "行政处罚法第四十七条"),
    "卷内目录": ("list of contents", "档案法第十三条"),
    "案卷（首页）": ("cover of the file", "档案法第十三条"),
}
"""What each paper of the story is in English, and by which article it is made."""

OPINIONS: dict[tuple[str, str], str] = {
    ("现场检查方案", "审核人"): "检查内容、分工符合年度执法计划，同意报批。",
    ("现场检查方案", "审批人"): "同意按方案检查。",
    ("立案审批表", "审核人"): "有初步证据证明违法事实，属本机关管辖，未过追究时效，建议立案。",
    ("立案审批表", "审批人"): "同意立案，由周正、陈实承办。",
    ("案件处理呈批表", "审核人"): (
        "经法制审核，主体适格、权限合法、事实清楚、证据充分、适用法律正确、裁量适当、程序合法、文书规范，"
        "同意提交集体讨论。"
    ),
    ("案件处理呈批表", "审批人"): "经集体讨论决定，同意承办人意见。",
    ("听证会报告书", "主持人"): (
        "听证程序合法。当事人对瓦斯浓度的异议已有光学瓦检仪复测和检定证书证明不成立，建议维持拟处罚意见。"
    ),
    ("听证会报告书", "负责人"): "同意主持人意见，送法制审核。",
    (
        "结案审批表",
        "审核人",
    ): ("罚款已缴清，停产整顿经验收恢复生产，重大隐患已销号，行政复议维持原决定，案卷齐备，建议结案。"),
    ("结案审批表", "审批人"): "同意结案。",
}
"""What the signers write with their names, where the form asks for that."""

_STATEMENT = """问：我们是国家矿山安全监察局贵州局执法人员周正、陈实，执法证件已向你出示，你是否看清？
答：看清了。
问：你有如实回答的义务，也有申请回避的权利。是否申请回避？
答：听清了，不申请。
问：检查当日1201综采工作面是谁带班，当时在做什么？
答：是我带班，采煤机正在割煤。
问：回风流甲烷浓度是多少，你是否知道？
答：便携仪报警，我看到超过3%，想割完这一刀再停。
问：是否采取了断电、撤人措施？
答：执法人员下令后才停机断电，全部人员撤到了地面。
问：以上是否属实？
答：属实。以上笔录我看过，和我说的一致。"""
_HEARING = """主持人：核对到场人员，宣布案由和听证纪律，告知权利义务，询问是否申请回避。
当事人代理人：不申请回避。
调查人员：提出当事人违法的事实、证据和行政处罚建议：1201综采工作面回风流甲烷浓度3.2%仍在割煤，有现场照片、询问笔录为证，拟责令停产整顿三十日，处罚款八十万元。
当事人代理人：对割煤事实无异议；认为传感器可能误报，且已及时撤人，请求减轻。
调查人员：当班以光学瓦检仪复测，结果一致；及时撤人已在裁量中考虑。
主持人：双方质证、辩论结束，由当事人代理人作最后陈述。
当事人代理人：已整改，请求从轻处理。
主持人：笔录交当事人代理人核对无误后签名，听证结束。"""
_DISCUSSION = """周正：汇报案件事实、证据、当事人申辩、听证情况、法制审核意见和裁量理由。
钱平：事实清楚，证据确实；当事人及时撤人、减轻危害后果，从轻幅度适当，同意。
赵肃：单位申辩理由不成立，主要负责人未申辩；同意停产整顿三十日、对单位和主要负责人分别处罚款的意见。"""


def fields_of(form: str, story: Story) -> Mapping[str, Written]:
    """What is written into a form at this moment of the story."""
    return _FIELDS[form](story) if form in _FIELDS else {}


def _moment(story: Story, *, minutes: int = 0) -> str:
    """So many minutes ago, in Guizhou."""
    return (story.clock() - timedelta(minutes=minutes)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def _remedies(_: Story) -> Mapping[str, Written]:
    return {"可申请行政复议的部门": ORGAN, "可提起行政诉讼的人民法院": _COURT}


def _letter(department: str) -> Callable[[Story], Mapping[str, Written]]:
    return lambda _: {
        department: "监察执法一处", "执法机关地址": _OFFICE, "联系人": "周正（示例）", "联系电话": _AGENCY_PHONE,
        "邮政编码": _AGENCY_POST,
    }  # fmt: skip


def _hearing_letter(_: Story) -> Mapping[str, Written]:
    return {
        "听证主持人职务": "政策法规处听证主持人", "听证员1姓名": "冯评（示例）", "听证员1职务": "政策法规处工作人员",
        "书记员姓名": "褚录（示例）", "书记员职务": "政策法规处工作人员", "执法机关地址": _OFFICE,
        "邮政编码": _AGENCY_POST, "联系人": "郑听（示例）", "联系电话": _AGENCY_PHONE,
    }  # fmt: skip


def _statement(story: Story) -> Mapping[str, Written]:
    return {
        "询问时间开始": _moment(story, minutes=40), "询问次数": "第1次", "询问地点": "松河湾煤矿调度楼二楼",
        "性别": "男", "年龄": "41岁", "身份证号": "（示例，不载）", "工作单位": _MINE, "职务": "综采队当班班长",
        "住址": _ADDRESS,
        "电话": "0858-0000001", "询问人单位及职务": "国家矿山安全监察局贵州局 主办人员", "记录人": "陈实（示例）",
        "记录人单位及职务": "国家矿山安全监察局贵州局 协办人员", "在场人": "无",
        "有关问题": "1201综采工作面瓦斯超限作业的有关情况。", "询问记录": _STATEMENT,
    }  # fmt: skip


def _receipt(story: Story) -> Mapping[str, Written]:
    """Electronically the place is the address that the party confirmed, which the record knows."""
    electronic = story.seen.get("served") is True
    received, where = (f"{_PRINCIPAL}（电子签收）", "") if electronic else (_PRINCIPAL, "松河湾煤矿调度楼")
    return {"送达的文书": [["", received, where, "", "", ""]]}


def _defence(story: Story) -> Mapping[str, Written]:
    return {
        "笔录开始时间": _moment(story, minutes=30), "笔录地点": "监察执法一处办公室", "陈述申辩人": _PRINCIPAL,
        "陈述申辩人性别": "男", "陈述申辩人职务": "主要负责人", "陈述申辩人工作单位": _MINE, "陈述申辩人电话": _PHONE,
        "陈述申辩人联系地址": _ADDRESS, "陈述申辩人邮编": _POST, "记录人": "林晚（示例）",
    }  # fmt: skip


def _hearing(_: Story) -> Mapping[str, Written]:
    return {
        "听证员": "冯评（示例）", "书记员": "褚录（示例）", "法定代表人性别": "男", "法定代表人年龄": "52岁",
        "法定代表人职务": "主要负责人", "委托代理人1": _AGENT, "委托代理人1性别": "女", "委托代理人1年龄": "38岁",
        "委托代理人1工作单位职务": "示例律师事务所律师", "听证记录": _HEARING,
    }  # fmt: skip


def _discussion(story: Story) -> Mapping[str, Written]:
    return {
        "讨论时间开始": _moment(story, minutes=45), "地点": "机关三楼会议室", "主持人": "赵肃（示例）",
        "汇报人": "周正（示例）", "记录人": "陈实（示例）",
        "出席人员姓名及职务": "赵肃（示例），局长；钱平（示例），副局长。",
        "讨论记录": _DISCUSSION,
    }  # fmt: skip


_FIELDS: dict[str, Callable[[Story], Mapping[str, Written]]] = {
    "现场检查方案": lambda _: {
        "被检查单位地址": _ADDRESS, "被检查单位联系人": f"{_PRINCIPAL} {_PHONE}",
        "被检查单位所属行业": "煤炭开采和洗选业",
    },
    "现场检查记录": lambda story: {
        "单位地址": _ADDRESS, "代表人联系电话": _PHONE, "代表人职务": "主要负责人", "检查时间结束": _moment(story),
    },
    "现场处理措施决定书": _remedies,
    "责令限期整改指令书": _remedies,
    "立案审批表": lambda _: {
        "当事人电话": _PHONE, "当事人地址": _ADDRESS, "当事人邮政编码": _POST,
        "承办人意见": "现场检查发现上述行为，有照片和测量记录为证，符合立案条件，建议立案调查。",
    },
    "询问笔录": _statement,
    "行政处罚告知书": _letter("受理陈述申辩的部门"),
    "行政处罚听证告知书": _letter("受理听证申请的部门"),
    "文书送达回执": _receipt,
    "当事人陈述申辩笔录": _defence,
    "行政处罚听证会通知书": _hearing_letter,
    "听证笔录": _hearing,
    "听证会报告书": lambda _: {"听证员": "冯评（示例）", "书记员": "褚录（示例）"},
    "案件处理呈批表": lambda _: {
        "被处罚单位地址": _ADDRESS, "法定代表人职务": "主要负责人", "法定代表人邮编": _POST,
    },
    "行政处罚集体讨论记录": _discussion,
    "行政处罚决定书（单位）": lambda story: {
        "地址": _ADDRESS, "邮政编码": _POST, "联系电话": _PHONE, "缴纳账号": "0000 0000 0000 0000（示例）",
        **_remedies(story),
    },
    "行政处罚决定书（个人）": lambda story: {
        "性别": "男", "年龄": "52岁", "身份证号": "（示例，不载）", "家庭住址": "（示例，不载）", "单位地址": _ADDRESS,
        "邮政编码": _POST, "缴纳账号": "0000 0000 0000 0000（示例）", **_remedies(story),
    },
    "结案审批表": lambda _: {
        "地址": _ADDRESS, "法定代表人": _PRINCIPAL, "职务": "主要负责人", "法定代表人邮编": _POST, "联系电话": _PHONE,
    },
    "案卷（首页）": lambda story: {"归档号": f"GZ-SL-{story.day:%Y}-0001"},
}  # fmt: skip
