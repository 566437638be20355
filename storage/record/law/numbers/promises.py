"""Numbers of what mines promise: by when it is signed, when they are reminded, and how long a breach waits."""

from datetime import date

from storage.record.law.parameters import Parameter, Runs

_SILENT = "实施意见未定期限，采用本项目的做法，须由法制机构确认。"

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        key="commitment_signed_by",
        value=31,
        unit="day of the year",
        article="实施意见三（六）2",
        in_force_from=date(2020, 1, 1),
        settled=False,
        note="实施意见只说“每年年初”签订，未定日期：采用1月31日（一年中的第31日），须由法制机构确认。",
    ),
    Parameter(
        key="commitment_reminded_ahead",
        value=10,
        unit="days",
        article="实施意见三（六）2",
        in_force_from=date(2020, 1, 1),
        settled=False,
        note="实施意见要求督促煤矿企业签订，未定提前几日提醒：采用十日。",
    ),
    Parameter(
        key="breach_answered_in",
        value=10,
        unit="working days",
        article="实施意见三（六）2",
        in_force_from=date(2020, 1, 1),
        settled=False,
        note=_SILENT,
        runs=Runs.PARTY,
    ),
    Parameter(
        key="breach_decided_in",
        value=15,
        unit="working days",
        article="实施意见三（六）2",
        in_force_from=date(2020, 1, 1),
        settled=False,
        note=f"{_SILENT}自煤矿答复之日或者答复期满之日起算。",
        runs=Runs.AGENCY,
    ),
)
