"""The only acts that write matters of conduct: opening one, and taking the next step in it."""

import hashlib
import secrets
from dataclasses import replace
from typing import Any
from uuid import UUID

from storage.casework.conduct import history, queries, rules
from storage.casework.conduct.history import Asked, Complainant, History, Opening, Step
from storage.casework.conduct.queries import MatterRow, Subject
from storage.casework.conduct.rules import Hand
from storage.casework.conduct.tables import (
    ConductComplainant,
    ConductMatter,
    ConductStep,
    ConductTurn,
    MatterKind,
    MatterState,
)
from storage.field.evidence import queries as evidence
from storage.record import ids
from storage.record.actor import Role, Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.ledger import checkpoints
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work
from storage.register.provisions import queries as provisions

_OPENED_BY = {
    MatterKind.EXEMPTION: Verb.CONDUCT_PROPOSE,
    MatterKind.PROPOSAL: Verb.CONDUCT_PROPOSE,
    MatterKind.COMPLAINT: Verb.CONDUCT_COMPLAIN,
    MatterKind.RECUSAL: Verb.CONDUCT_ASK,
}
_MINE = frozenset({Role.MINE_PRINCIPAL, Role.MINE_CLERK})
_SETTLE = "UPDATE conduct_matters SET state = $2, steps = $3, granted = $4, decided_at = $5 WHERE id = $1"


async def open_matter(work: Work, *, opening: Opening) -> MatterRow:
    """Opens a matter about an officer under the client's id; the same again answers as before.

    Raises BadInput, NotFound, HandledByOneself, HandledBelow, RecusalByStranger, NotOfTheTeam, ConductGroundUnknown,
    ConductGroundMissing, ConductOfNobody, ConductConflict; NotAllowed.
    """
    rules.must_be_well_formed(opening)
    if (known := await _opened_before(work, opening)) is not None:
        return known
    subject = await queries.subject_of(work, opening)
    himself = opening.officer_id == work.actor.account_id
    if not (himself and opening.kind is MatterKind.EXEMPTION):
        work.actor.require(_OPENED_BY[opening.kind], **subject.scope)
    rules.must_be_openable(opening, hand=await _hand(work, opening.officer_id), on=day_of(work.now))
    if opening.kind is MatterKind.RECUSAL:
        rules.must_be_of_the_team(opening.officer_id, subject.team)
    await _must_see(work, opening.evidence)
    matter, step = await _matter(work, opening, subject), _first(work, opening)
    salt = secrets.token_bytes(32)
    await add_rows(work.sql, [matter])
    await add_rows(work.sql, [_row(matter.id, 0, step)])
    if opening.complainant is not None:
        told = {"name": opening.complainant.name.strip(), "contact": opening.complainant.contact.strip()}
        await add_rows(work.sql, [ConductComplainant(matter_id=matter.id, salt=salt, **told)])
    work.record("conduct.opened", matter.id, data=_told_opening(matter, opening, step, salt), **_trace(matter))
    return _read(matter)


async def take_step(work: Work, *, matter_id: UUID, asked: Asked) -> MatterRow:
    """Takes the next step in a matter, under the client's id; the same again answers as before.

    Raises the Problem of what keeps it from being taken (rules.py); NotFound, ConductStepConflict, NotAllowed.
    """
    rules.must_be_a_step(asked)
    matter = await queries.matter_to_change(work, matter_id)
    if asked.kind in rules.VERBS:
        scope = Subject(mine_id=matter.mine_id, county=matter.county, office=matter.office).scope
        work.actor.require(rules.VERBS[asked.kind], **scope)
    before = await queries.history_of(work.sql, matter)
    if _taken_before(work, before, asked):
        return matter
    hand, law = await _hand(work, matter.officer_id), await provisions.law_of(work.sql)
    rules.must_be_takeable(before, asked, hand=hand, law=law, now=work.now)
    await _must_see(work, asked.evidence)
    step = _step(work, asked, before)
    await add_rows(work.sql, [_row(matter_id, matter.steps, step)])
    after = await _settle(work, matter, replace(before, steps=(*before.steps, step)))
    told = _told(step) | {"ordinal": matter.steps, "state": after.state, "granted": after.granted}
    work.record(f"conduct.{step.kind.value.lower()}", matter_id, data=told, **_trace(matter))
    return after


async def open_complainant(work: Work, *, matter_id: UUID) -> Complainant | None:
    """Opens who complained, to who took it down and to who handles it: a view of a protected name is an entry.

    None where nobody was named, and then no trace. Raises NotFound; NotAllowed.
    """
    matter = await queries.matter_of_id(work.sql, matter_id)
    if matter.opened_by != work.actor.account_id:
        scope = Subject(mine_id=matter.mine_id, county=matter.county, office=matter.office).scope
        work.actor.require(Verb.CONDUCT_PROPOSE, **scope)
    found = await queries.complainant_of(work, matter_id)
    if found is not None:
        work.record("conduct.complainant_opened", matter_id, **_trace(matter))
    return found


async def _settle(work: Work, matter: MatterRow, h: History) -> MatterRow:
    """Writes what follows from the steps."""
    granted, state = history.was_granted(h), history.state_of(h)
    since = granted.at if granted is not None else None
    await work.sql.execute(_SETTLE, matter.id, state.value, len(h.steps), granted is not None, since)
    return replace(matter, state=state.value, steps=len(h.steps), granted=granted is not None, decided_at=since)


async def _opened_before(work: Work, opening: Opening) -> MatterRow | None:
    found = await queries.matters_by_ids(work.sql, [opening.id])
    if not found:
        return None
    row, first = found[0], (await queries.history_of(work.sql, found[0])).steps[0]
    said = (row.kind, row.officer_id, row.about, row.subject_id, row.opened_by, row.reference, first.words,
            first.grounds, first.evidence, await queries.complainant_of(work, row.id))  # fmt: skip
    who = opening.complainant
    asked = (
        opening.kind.value, opening.officer_id, opening.about.value, opening.subject_id, work.actor.account_id,
        opening.reference.strip(), opening.words.strip(), opening.grounds, opening.evidence,
        who and Complainant(name=who.name.strip(), contact=who.contact.strip()),
    )  # fmt: skip
    if said != asked or opening.as_of not in (None, row.as_of):
        raise rules.ConductConflict()
    return row


def _taken_before(work: Work, h: History, asked: Asked) -> bool:
    known = next((step for step in h.steps if step.id == asked.id), None)
    if known is None:
        return False
    told = (known.kind, known.by, known.words, known.outcome, known.grounds, known.organ.strip(), known.evidence)
    if told != (asked.kind, work.actor.account_id, asked.words.strip(), asked.outcome, asked.grounds,
                asked.organ.strip(), asked.evidence):  # fmt: skip
        raise rules.ConductStepConflict()
    return True


async def _hand(work: Work, officer_id: UUID) -> Hand:
    return Hand(
        account=work.actor.account_id, is_mine=bool(work.actor.roles & _MINE),
        above=await queries.is_above(work, officer_id),
    )  # fmt: skip


async def _must_see(work: Work, pieces: tuple[UUID, ...]) -> None:
    """Pieces of evidence that are named stand in the record, and are visible to whoever names them; else NotFound."""
    if len(await evidence.media_of(work, pieces)) != len(pieces):
        raise NotFound()


async def _matter(work: Work, opening: Opening, subject: Subject) -> ConductMatter:
    log = as_of = None
    if opening.kind is MatterKind.EXEMPTION:
        shown = await checkpoints.newest_shown(work.sql)
        size = shown.size if shown is not None else 0
        if opening.as_of is not None and not 0 < opening.as_of <= size:
            raise BadInput(field="as_of", reason=f"1-{size}")
        log, as_of = (shown.log, opening.as_of or size) if shown is not None else (None, None)
    return ConductMatter(
        id=opening.id, kind=opening.kind, officer_id=opening.officer_id, about=opening.about,
        subject_id=opening.subject_id, reference=opening.reference.strip(), log=log, as_of=as_of,
        state=MatterState.OPEN, steps=1, granted=False, decided_at=None, opened_by=work.actor.account_id,
        opened_at=work.now, **subject.scope,
    )  # fmt: skip


def _first(work: Work, opening: Opening) -> Step:
    return Step(
        id=ids.new_id(to_ms(work.now)), kind=ConductTurn.OPENED, at=work.now, recorded_at=work.now,
        by=work.actor.account_id, words=opening.words.strip(), grounds=opening.grounds, evidence=opening.evidence,
    )  # fmt: skip


def _step(work: Work, asked: Asked, before: History) -> Step:
    """A fact keeps the time at which it was, no later than now; what confirms a finding names it."""
    at = min(asked.at or work.now, work.now) if asked.kind in rules.FACTS else work.now
    found = history.finding(before)
    of_it = asked.kind in (ConductTurn.CONFIRMED, ConductTurn.NOT_CONFIRMED)
    return Step(
        id=asked.id, kind=asked.kind, at=at, recorded_at=work.now, by=work.actor.account_id,
        words=asked.words.strip(), outcome=asked.outcome, grounds=asked.grounds, organ=asked.organ.strip(),
        subject_id=found.id if found is not None and of_it else None, evidence=asked.evidence,
    )  # fmt: skip


def _row(matter_id: UUID, ordinal: int, step: Step) -> ConductStep:
    return ConductStep(
        id=step.id, matter_id=matter_id, ordinal=ordinal, kind=step.kind, at=step.at, recorded_at=step.recorded_at,
        recorded_by=step.by, outcome=step.outcome, grounds=list(step.grounds), words=step.words, organ=step.organ,
        subject_id=step.subject_id, evidence=list(step.evidence),
    )  # fmt: skip


def _read(matter: ConductMatter) -> MatterRow:
    told = {name: getattr(matter, name) for name in MatterRow.__dataclass_fields__}
    return MatterRow(**told | {name: getattr(matter, name).value for name in ("kind", "about", "state")})


def _trace(matter: ConductMatter | MatterRow) -> dict[str, Any]:
    """Where the entry belongs. That of a complaint belongs nowhere, so that only its own hand may read it."""
    if matter.kind == MatterKind.COMPLAINT:
        return {}
    return {"mine_id": matter.mine_id, "county": matter.county, "office": matter.office}


def _told_opening(matter: ConductMatter, opening: Opening, step: Step, salt: bytes) -> dict[str, Any]:
    """The matter as its entry holds it; of who complained only a digest that cannot be guessed."""
    told: dict[str, Any] = {
        "kind": matter.kind.value, "officer": str(matter.officer_id), "about": matter.about.value,
        "reference": matter.reference, **_told(step),
    }  # fmt: skip
    optional = {"matter_subject": matter.subject_id, "mine": matter.mine_id, "log": matter.log, "as_of": matter.as_of}
    told |= {name: value if isinstance(value, int) else str(value) for name, value in optional.items()
             if value is not None}  # fmt: skip
    if opening.complainant is not None:
        told["complainant"] = digest_of(opening.complainant, salt)
    return told


def digest_of(complainant: Complainant, salt: bytes) -> str:
    """SHA-256 over salt, name and contact: what the record can be held against without naming anybody."""
    said = f"{complainant.name.strip()}\x1f{complainant.contact.strip()}"
    return hashlib.sha256(salt + said.encode()).hexdigest()


def _told(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {"step": str(step.id), "at": step.at.isoformat(), "words": step.words}
    for name, value in (("outcome", step.outcome), ("organ", step.organ), ("subject", step.subject_id)):
        if value:
            told[name] = str(getattr(value, "value", value))
    if step.grounds:
        told["grounds"] = list(step.grounds)
    if step.evidence:
        told["evidence"] = [str(one) for one in step.evidence]
    return told
