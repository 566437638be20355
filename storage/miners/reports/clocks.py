"""The clocks that run against the authority in a report: told, decided, fed back; and how the sweep tells of them."""

from collections.abc import Sequence
from datetime import date

from storage.casework.overruns import Kind, Row, Today
from storage.miners.reports.tables import ReportStepKind
from storage.record.law import Deadline, Law, deadline_of
from storage.record.work import Work
from storage.register.mines.queries import UPPER

TOLD, DECIDED, EXTENDED, FED_BACK, KEPT = (
    "petition_told", "report_decided", "report_extension", "report_feedback", "report_kept",
)  # fmt: skip
AT_FILING = (TOLD, DECIDED)
MET_BY: dict[str, frozenset[ReportStepKind]] = {
    TOLD: frozenset({ReportStepKind.ACCEPTED, ReportStepKind.NOT_ACCEPTED, ReportStepKind.PASSED_ON}),
    DECIDED: frozenset(
        {ReportStepKind.NOT_ACCEPTED, ReportStepKind.PASSED_ON, ReportStepKind.SUBSTANTIATED,
         ReportStepKind.UNSUBSTANTIATED}
    ),
    FED_BACK: frozenset({ReportStepKind.FED_BACK}),
}  # fmt: skip
"""By which step each clock is met: 转交 hands the whole matter over, and what is not accepted need not be decided."""


def clock(law: Law, key: str, start: date, *, count: int | None = None) -> Deadline:
    """One clock from the day on which it begins; `count` where its end was moved with approval."""
    return deadline_of(law, key, start, count=count)


def begun_by(kind: ReportStepKind) -> str | None:
    """The clock that a step begins: the outcome of the verification is fed back (举报办法 2012 §10)."""
    return FED_BACK if kind in (ReportStepKind.SUBSTANTIATED, ReportStepKind.UNSUBSTANTIATED) else None


def met_by(kind: ReportStepKind) -> list[str]:
    """The clocks that a step meets."""
    return [key for key, kinds in MET_BY.items() if kind in kinds]


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    return [_of(law, row) for row in rows]


def _of(law: Law, row: Row) -> Today:
    found = clock(law, row["key"], row["start"], count=row["count"])
    over_at = found.over_at()
    holds = {"article": found.article, "ends": found.ends, "ends_at": over_at, "alarm": found.alarm}
    return Today(over_at=over_at, ends=found.ends, article=found.article, holds=holds, said={"key": row["key"]})


# Told one level up, and of no mine: whoever is above both desks is to look, and nobody of the mine is to know.
_ABOVE = f"(SELECT id, NULL::uuid AS mine_id, {UPPER} AS county, NULL::text AS office FROM reports)"
CLOCKS = Kind(
    entry="report.clock_overrun", table="report_deadlines", keys=("report_id", "key"), matter="report_id",
    matters=_ABOVE, over="ends_at", holds=("article", "ends", "ends_at", "alarm"), today=_today,
)  # fmt: skip
