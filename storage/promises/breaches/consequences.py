"""The acts on what follows breaches that stand: one person proposes a talk, a notice or a listing, another decides.

A proposal for the blacklist stays one here: the blacklist has a procedure of its own (实施意见三（十六）).
"""

from typing import Any
from uuid import UUID

from storage.promises.breaches import queries, rules
from storage.promises.breaches.rules import Proposed
from storage.promises.breaches.tables import BreachConsequence
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.register.mines import queries as mines


async def propose_consequence(work: Work, *, mine_id: UUID, proposed: Proposed) -> BreachConsequence:
    """Proposes what is to follow breaches that stand at one mine.

    Raises BadInput, NotFound, NoBreachStands; NotAllowed.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    scope: dict[str, Any] = {"county": mine.county, "office": mine.office, "mine_id": mine.id}
    work.actor.require(Verb.BREACH_PROPOSE, **scope)
    rules.must_be_proposable(proposed, await queries.standing_among(work, proposed.breaches, mine_id))
    row = BreachConsequence(
        id=ids.new_id(to_ms(work.now)), **scope, kind=proposed.kind, against=proposed.against,
        breaches=list(proposed.breaches), words=proposed.words.strip(), proposed_by=work.actor.account_id,
        proposed_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    data = {"kind": str(row.kind), "against": str(row.against), "breaches": [str(one) for one in row.breaches],
            "words": row.words}  # fmt: skip
    work.record("breach.consequence_proposed", row.id, data=data, **scope)
    return row


async def decide_consequence(work: Work, *, consequence_id: UUID, approve: bool, words: str) -> BreachConsequence:
    """A head of agency who did not propose it approves or refuses it, once, with reasons.

    Raises BadInput, NotFound, BreachConsequenceDecided, BreachTakesTwo; NotAllowed.
    """
    row = await queries.consequence_to_decide(work, consequence_id)
    scope: dict[str, Any] = {"county": row.county, "office": row.office, "mine_id": row.mine_id}
    work.actor.require(Verb.BREACH_IMPOSE, **scope)
    rules.must_have_words(words)
    rules.must_be_open(row, decider=work.actor.account_id)
    row.approved, row.decision = approve, words.strip()
    row.decided_by, row.decided_at = work.actor.account_id, work.now
    data = {"approved": approve, "words": row.decision}
    work.record("breach.consequence_decided", row.id, data=data, **scope)
    return row
