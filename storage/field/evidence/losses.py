"""The operation by which people say that declared pieces never come; the bytes may turn up all the same."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from storage.field.evidence import queries, rules
from storage.field.evidence.tables import EvidenceState
from storage.record.actor import Verb
from storage.record.problems import NotFound
from storage.record.work import Work


async def report_undelivered(work: Work, *, evidence_ids: Sequence[UUID], reason: str) -> "list[asyncpg.Record]":
    """Declared pieces of a lost device are listed as lost, with the reason; all of them or none.

    The same again changes nothing. Raises NotFound for what is unseen, NotAllowed, NotYoursToGiveUp, AlreadyDelivered.
    """
    rules.must_be_a_batch(len(evidence_ids))
    pieces = {row["id"]: row for row in await queries.pieces_to_give_up(work, ids=evidence_ids)}
    if not pieces.keys() >= set(evidence_ids):
        raise NotFound()
    told = rules.must_be_a_reason(reason)
    for id, row in pieces.items():
        work.actor.require(
            Verb.EVIDENCE_REPORT_LOST, county=row["county"], office=row["office"], mine_id=row["mine_id"]
        )
        is_maker = row["maker_id"] == work.actor.account_id
        rules.must_be_ones_to_give_up(id, is_maker=is_maker, is_officer=row["is_officer"])
        rules.must_be_undelivered(id, EvidenceState(row["state"]))
    lost = [row for row in pieces.values() if row["state"] == EvidenceState.DECLARED]
    await work.sql.execute(
        "UPDATE evidence SET state = 'LOST', lost_at = $2, lost_reason = $3 WHERE id = ANY ($1)",
        [row["id"] for row in lost], work.now, told,
    )  # fmt: skip
    for row in lost:
        work.record(
            "evidence.lost", row["id"], county=row["county"], office=row["office"], mine_id=row["mine_id"],
            data={"recording": str(row["recording_id"]), "device": str(row["device_id"]), "seq": row["seq"],
                  "statement": row["statement_hash"].hex(), "reason": told},
        )  # fmt: skip
    return await queries.pieces_by_ids(work.sql, ids=evidence_ids)
