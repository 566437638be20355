"""The sweeper's operation over the clocks of all of casework, so that notices can follow the ledger."""

from collections.abc import Sequence

from storage.casework.cases import sweeping as cases
from storage.casework.exams import sweeping as exams
from storage.casework.findings import sweeping as findings
from storage.casework.measures import sweeping as measures
from storage.casework.overruns import Kind, tell
from storage.record.work import Work
from storage.register.provisions import queries as provisions

KINDS: tuple[Kind, ...] = (findings.CLOCKS, measures.CLOCKS, exams.CLOCKS, cases.CLOCKS)
"""The shortest clocks first: those that count hours."""


def overdue_of(kinds: Sequence[Kind]) -> str:
    """The statement that counts what is overdue of these kinds, at $2."""
    return " UNION ALL ".join(f"({kind.overdue})" for kind in kinds) + " LIMIT $1"


OVERDUE = overdue_of(KINDS)
"""The moments at which those clocks ran out that bind somebody and are not met yet, at $2."""


async def record_overruns(work: Work, *, limit: int, kinds: Sequence[Kind] = KINDS) -> int:
    """Tells of each clock that ran out, once for each end that it had; by the law of today, which it derives anew.

    Up to `limit` of each kind ran out, and up to as many were derived by an older law; returns how many of the kind
    that had most were looked at, so that whoever calls knows whether there may be more. No state changes by this.
    """
    law = await provisions.law_of(work.sql)
    return max([await tell(work, kind, law, limit=limit) for kind in kinds])
