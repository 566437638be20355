"""The act by which the record says that signed commitments no longer stand; a clock starts it, nobody waits for it."""

from typing import Any

from storage.promises.commitments import queries
from storage.promises.commitments.tables import CommitmentEnding, EndCause
from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.work import Work


async def end_commitments(work: Work, *, limit: int) -> int:
    """Leaves `commitment.ended` with its cause for each that does not stand and of which the record has not said so.

    From then on the cause stands for good: a principal who comes back signs anew. How many it ended.
    """
    found = await queries.fallen(work.sql, day_of(work.now), limit=limit)
    rows = []
    for commitment, cause in found:
        scope: dict[str, Any] = {
            "county": commitment.county, "office": commitment.office, "mine_id": commitment.mine_id
        }  # fmt: skip
        rows.append(CommitmentEnding(commitment_id=commitment.id, **scope, cause=EndCause(cause), ended_at=work.now))
        data = {"digest": commitment.digest.hex(), "cause": cause}
        work.record("commitment.ended", commitment.id, data=data, **scope)
    await add_rows(work.sql, rows)
    return len(rows)
