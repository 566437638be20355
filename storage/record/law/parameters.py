"""The numbers and closed lists of the law that rules use, each with its article and the days it is in force."""

from dataclasses import dataclass
from datetime import date


class NotInForce(LookupError):
    """No text gives this parameter on that day: a rule asked for what it may not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value as one text gives it. `in_force_to` is the last day, None while the text stands.

    `settled` is False where the project chose a default: then `note` says what is open, and whoever shows the value
    shows that too.
    """

    key: str
    value: int | tuple[str, ...]
    unit: str
    article: str
    in_force_from: date
    in_force_to: date | None = None
    settled: bool = True
    note: str = ""


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="officers_per_inspection",
        value=2,
        unit="persons",
        article="行政处罚法第四十二条",
        in_force_from=date(2021, 7, 15),
        note="不得少于两人；行政处罚法第五十五条、安全生产法第六十七条、煤矿安全生产条例第五十三条要求主动出示执法证件。",
    ),
    Parameter(
        key="footage_retention_floor",
        value=6,
        unit="months",
        article="行政处罚法第四十七条",
        in_force_from=date(2021, 7, 15),
        settled=False,
        note="第四十七条只规定归档保存，未定期限；采用公安机关现场执法视音频记录工作规定第十三条的六个月为下限，案卷期限更长的从其规定。",
    ),
    Parameter(
        key="footage_hand_in",
        value=24,
        unit="hours",
        article="行政处罚法第四十七条",
        in_force_from=date(2021, 7, 15),
        settled=False,
        note="煤矿领域无明文；采用公安机关的做法：当日移交，边远地区返回后二十四小时内移交。",
    ),
    Parameter(
        key="case_file_longest_term",
        value=30,
        unit="years",
        article="中华人民共和国档案法第二十一条",
        in_force_from=date(2021, 1, 1),
        settled=False,
        note="保管期限分永久、定期（三十年、十年），采用机关文件材料归档范围和文书档案保管期限规定的做法；各机关的保管期限表须经档案主管部门审核。",
    ),
    Parameter(
        key="permanent_lock_ahead",
        value=12,
        unit="months",
        article="中华人民共和国档案法第二十一条",
        in_force_from=date(2021, 1, 1),
        settled=False,
        note="永久保存的证据除冻结外，存储锁每年向后延长一年；法律只要求永久保存，未定做法。",
    ),
    Parameter(
        key="qualification_renewal_ahead",
        value=60,
        unit="days",
        article="煤矿安全培训规定第二十九条",
        in_force_from=date(2018, 3, 1),
        settled=False,
        note="第二十九条只规定特种作业操作证：有效期届满六十日前参加专门培训并申请考试；其他证书无明文，采用同一天数提示。",
    ),
    Parameter(
        key="evidence_kinds",
        value=("书证", "物证", "视听资料", "电子数据", "证人证言", "当事人的陈述", "鉴定意见", "勘验笔录、现场笔录"),
        unit="kinds",
        article="行政处罚法第四十六条",
        in_force_from=date(2021, 7, 15),
    ),
    Parameter(
        key="statement_record_kinds",
        value=("询问笔录", "现场笔录"),
        unit="kinds",
        article="关于行政诉讼证据若干问题的规定第十条、第十五条",
        in_force_from=date(2002, 10, 1),
        note="询问笔录由执法人员、被询问人签名；现场笔录载明时间、地点和事件，拒绝签名的注明原因。",
    ),
)


def parameter(key: str, on: date) -> Parameter:
    """The parameter as it stands on a day (Asia/Shanghai), or NotInForce."""
    for one in PARAMETERS:
        if one.key == key and one.in_force_from <= on and (one.in_force_to is None or on <= one.in_force_to):
            return one
    raise NotInForce(f"{key} on {on}")


def number(key: str, on: date) -> int:
    """The value of a parameter that is a number; NotInForce, or TypeError when it is a list."""
    value = parameter(key, on).value
    if not isinstance(value, int):
        raise TypeError(f"{key} is a list, not a number")
    return value
