"""What findings tell the sweep of their clocks: the hours in which what they lack is made good."""

from collections.abc import Sequence

from storage.casework.overruns import Kind, Row, Today
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.work import Work


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """As they were told: the hours of the law of the day on which the finding was kept, which no holiday moves."""
    return [
        Today(
            over_at=row["due_at"], ends=day_of(row["due_at"]), article=row["article"],
            said={"key": "defect_made_good", "defect": row["code"]},
        )
        for row in rows
    ]  # fmt: skip


CLOCKS = Kind(
    entry="finding.clock_overrun", table="finding_defects", keys=("finding_id", "code"), matter="finding_id",
    matters="findings", over="due_at", met="made_good_at", renewed=False, today=_today,
)  # fmt: skip
