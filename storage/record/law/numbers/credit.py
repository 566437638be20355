"""Numbers of credit: when a repair is decided, how the party of a blacklisting is heard, how long an entry stands."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

_ORDER_36 = "信用修复管理办法（国家发展和改革委员会令第36号）"
_ORDER_58 = "失信行为纠正后的信用信息修复管理办法（试行）（国家发展和改革委员会令第58号）"
_ORDER_11 = "安全生产严重失信主体名单管理办法（应急管理部令第11号）"
_UNREAD = "条文只读到概要，办理期限未见原文：采用本项目的做法，须由法制机构确认。"

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="repair_decided_in",
        value=10,
        unit="working days",
        article=_ORDER_58,
        in_force_from=date(2023, 5, 1),
        in_force_to=date(2026, 3, 31),
        settled=False,
        note=_UNREAD,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="repair_decided_in",
        value=10,
        unit="working days",
        article=_ORDER_36,
        in_force_from=date(2026, 4, 1),
        settled=False,
        note=_UNREAD,
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="blacklist_answered_in",
        value=5,
        unit="working days",
        article=_ORDER_11,
        in_force_from=date(2023, 10, 1),
        settled=False,
        note="列入前须告知当事人并听取陈述、申辩；期限未见原文，参照行政处罚告知，采用五个工作日。",
        runs=Runs.PARTY,
    ),
    Parameter(
        key="blacklist_decided_in",
        value=20,
        unit="working days",
        article=_ORDER_11,
        in_force_from=date(2023, 10, 1),
        settled=False,
        note=f"{_UNREAD}自当事人答复之日或者答复期满之日起算。",
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="blacklist_stands",
        value=36,
        unit="months",
        article=_ORDER_11,
        in_force_from=date(2023, 10, 1),
        runs=Runs.AGENCY,
    ),
    Parameter(
        key="blacklist_left_after",
        value=12,
        unit="months",
        article=_ORDER_11,
        in_force_from=date(2023, 10, 1),
        runs=Runs.BARRED,
    ),
    Parameter(
        key="blacklist_removal_decided_in",
        value=20,
        unit="working days",
        article=_ORDER_11,
        in_force_from=date(2023, 10, 1),
        settled=False,
        note=_UNREAD,
        runs=Runs.AGENCY,
    ),
)
