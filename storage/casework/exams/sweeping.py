"""What exams tell the sweep of their clocks: until when whoever failed is trained, sits again, or loses his post."""

from collections.abc import Sequence

from storage.casework.exams.rules import CLOCK_OF
from storage.casework.exams.tables import ConsequenceKind
from storage.casework.overruns import Kind, Row, Today
from storage.record.law import Law, deadline_of
from storage.record.work import Work


async def _today(work: Work, law: Law, rows: Sequence[Row]) -> list[Today]:
    """As the law of today has them; what was said when the consequence was ordered stays as it was said."""
    found = []
    for row in rows:
        kind = ConsequenceKind(row["kind"])
        deadline = deadline_of(law, CLOCK_OF[kind], row["ordered_at"])
        said = {"key": deadline.key, "consequence": kind.value}
        over_at = deadline.over_at()
        found.append(
            Today(over_at=over_at, ends=deadline.ends, article=row["article"], said=said, holds={"over_at": over_at})
        )
    return found


CLOCKS = Kind(
    entry="exam.clock_overrun", table="exam_consequences", keys=("id",), matter="id", matters="exam_consequences",
    over="over_at", holds=("over_at",), today=_today,
)  # fmt: skip
