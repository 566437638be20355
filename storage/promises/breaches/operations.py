"""The acts on breaches: an officer finds, the principal answers, another officer decides, one finds corrected."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from storage.casework.findings import operations as findings
from storage.casework.findings.rules import Broken
from storage.promises.breaches import clocks, queries, rules, sources
from storage.promises.breaches.rules import ANSWERED, DECIDED, Answer, Said, Shown
from storage.promises.breaches.tables import Breach, BreachSource
from storage.promises.commitments import queries as commitments
from storage.promises.commitments.rules import must_be_sealed
from storage.promises.keys import queries as keys
from storage.promises.keys.rules import must_be_the_principal
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow


async def find_breach(
    work: Work,
    *,
    mine_id: UUID,
    key: str,
    source: BreachSource,
    source_id: UUID,
    words: str,
    findings_named: Sequence[UUID] = (),
) -> Breach:
    """Says of a promised clause that it was not kept, from what shows it; from then on the mine's time to answer runs.

    Raises BadInput, NotFound, BreachSourceElsewhere, RefusalNotSubstantiated, NotAnOfficer, CommitmentNotSigned,
    ClauseNotPromised, NotYetDue, BreachFoundBefore; NotAllowed without the verb at this mine.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(Verb.BREACH_FIND, **_scope_of(mine))
    rules.must_have_words(words)
    shown, at = await sources.shown_by(work, source, source_id, findings_named=findings_named)
    rules.must_be_shown(shown, mine_id=mine_id)
    said = await sources.promised_then(work, mine_id=mine_id, day=shown.day, at=at, key=key)
    rules.must_be_broken(said, day=shown.day)
    breach = _breach(work, mine, said, shown, words)
    await add_rows(work.sql, [breach])
    await clocks.begin(work, breach.id, ANSWERED, day_of(work.now))
    work.record("breach.found", breach.id, data=_told(breach), **_scope(breach))
    return breach


async def answer_breach(work: Work, *, breach_id: UUID, answer: Answer) -> Breach:
    """What the mine's principal says to it, once; late, he is heard all the same, as long as nothing is decided.

    Raises BadInput, NotFound, NotThePrincipal, EvidenceNotSealed, BreachAnswered, BreachDecided; NotAllowed.
    """
    breach = await queries.breach_to_change(work, breach_id)
    work.actor.require(Verb.BREACH_ANSWER, mine_id=breach.mine_id)
    # A role that nobody withdrew does not speak for the mine: whoever the register names today does.
    principal = await keys.principal_of(work.sql, breach.mine_id, day_of(work.now))
    must_be_the_principal(work.actor.account_id, principal)
    rules.must_be_an_answer(answer, today=day_of(work.now))
    rules.must_be_answerable(breach)
    must_be_sealed(answer.evidence, await commitments.sealed_of(work, answer.evidence, breach.mine_id))
    breach.accepted, breach.answer, breach.correct_by = answer.accepts, answer.words.strip(), answer.correct_by
    breach.evidence, breach.answered_by, breach.answered_at = list(answer.evidence), work.actor.account_id, work.now
    await clocks.meet(work, breach.id, ANSWERED)
    await clocks.begin(work, breach.id, DECIDED, day_of(work.now))
    said = {"accepted": answer.accepts, "answer": breach.answer, "evidence": [str(one) for one in answer.evidence]}
    until = {"correct_by": answer.correct_by.isoformat()} if answer.correct_by else {}
    work.record("breach.answered", breach.id, data={**said, **until}, **_scope(breach))
    return breach


async def decide_breach(work: Work, *, breach_id: UUID, stands: bool, words: str) -> Breach:
    """Another officer than its finder says that it stands, or withdraws it, with reasons.

    What stands is public from then on, and weighs in a case about what showed it. Raises BadInput, NotFound,
    BreachDecided, BreachTakesTwo, BreachAnswerDue; NotAllowed.
    """
    breach = await queries.breach_to_change(work, breach_id)
    work.actor.require(Verb.BREACH_DECIDE, **_scope(breach))
    rules.must_have_words(words)
    ends = await queries.answer_ends(work, breach.id, ANSWERED)
    rules.must_be_decidable(breach, decider=work.actor.account_id, ends=ends, today=day_of(work.now))
    breach.stands, breach.decision = stands, words.strip()
    breach.decided_by, breach.decided_at = work.actor.account_id, work.now
    await clocks.meet(work, breach.id, ANSWERED, DECIDED)
    if stands:
        broken = Broken(breach=breach.id, year=breach.year, key=breach.key, title=breach.title)
        await findings.mark_promise_broken(work, findings=breach.findings, broken=broken)
    data = {"stands": stands, "words": breach.decision, "findings": [str(one) for one in breach.findings if stands]}
    work.record("breach.decided", breach.id, data=data, **_scope(breach))
    return breach


async def correct_breach(work: Work, *, breach_id: UUID, words: str) -> Breach:
    """An officer saw that the clause is kept again: the breach stays on record, the clause is shown as kept.

    Raises BadInput, NotFound, NoBreachStands, BreachCorrected; NotAllowed.
    """
    breach = await queries.breach_to_change(work, breach_id)
    work.actor.require(Verb.BREACH_DECIDE, **_scope(breach))
    rules.must_have_words(words)
    rules.must_be_correctable(breach)
    breach.correction, breach.corrected_by, breach.corrected_at = words.strip(), work.actor.account_id, work.now
    work.record("breach.corrected", breach.id, data={"words": breach.correction}, **_scope(breach))
    return breach


def _breach(work: Work, mine: MineRow, said: Said, shown: Shown, words: str) -> Breach:
    return Breach(
        id=ids.new_id(to_ms(work.now)), **_scope_of(mine), commitment_id=said.commitment_id, year=shown.day.year,
        key=said.key, clause_digest=said.digest, title=said.title, source=shown.source, source_id=shown.source_id,
        day=shown.day, findings=list(shown.findings), words=words.strip(), found_by=work.actor.account_id,
        found_at=work.now,
    )  # fmt: skip


def _scope_of(mine: MineRow) -> dict[str, Any]:
    return {"county": mine.county, "office": mine.office, "mine_id": mine.id}


def _scope(breach: Breach) -> dict[str, Any]:
    return {"county": breach.county, "office": breach.office, "mine_id": breach.mine_id}


def _told(breach: Breach) -> dict[str, Any]:
    """The breach as its entry holds it."""
    return {
        "commitment": str(breach.commitment_id), "year": breach.year, "key": breach.key, "title": breach.title,
        "clause": breach.clause_digest.hex(), "source": str(breach.source), "source_id": str(breach.source_id),
        "day": breach.day.isoformat(), "findings": [str(one) for one in breach.findings], "words": breach.words,
    }  # fmt: skip
