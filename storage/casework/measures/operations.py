"""The only acts that write measures: ordering one, and taking the next step in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from storage.casework.measures import clocks, grounds, history, queries, rules, steps
from storage.casework.measures.grounds import Scope
from storage.casework.measures.history import Asked, History, Order, Step
from storage.casework.measures.queries import MeasureRow
from storage.casework.measures.rules import Site
from storage.casework.measures.tables import Measure, MeasureFinding, MeasureState, MeasureStep, Turn
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import to_ms
from storage.record.law import Law
from storage.record.law.measures import MEASURE_KINDS, MeasureKind
from storage.record.work import Work
from storage.register.identity.queries import certificate_of
from storage.register.mines import operations as mines
from storage.register.mines import queries as mine_queries
from storage.register.mines.tables import MineState
from storage.register.provisions import queries as provisions

STRICTEST = (MineState.SUSPENDED, MineState.STOPPED)
"""What measures make of a mine, the strictest first."""


async def order_measure(work: Work, *, order: Order) -> MeasureRow:
    """Orders a measure under the client's id; the same again answers as before.

    What protects life is kept whatever it lacks. Raises BadInput, NotFound, MeasureKindUnknown, MeasureConflict; any
    other order also MeasureWithoutFinding, FindingOfAnotherMine, NotAnOfficer, OfficerRecused, MeasureApprovalLacking,
    TermMissing, StopWithoutDecision, CutConditionMissing; NotAllowed.
    """
    rules.must_be_well_formed(order)
    scope = await grounds.scope_of(work, order.inspection_id)
    work.actor.require(Verb.MEASURE_ORDER, county=scope.county, office=scope.office, mine_id=scope.mine_id)
    if (known := await queries.ordered_before(work, order)) is not None:
        return known
    kind = rules.must_be_of_the_list(order.kind, on=order.day)
    site = await grounds.site_of(work, order, scope)
    rules.must_be_lawful(order, kind, by=work.actor.account_id, site=site)
    measure = await _measure(work, order, kind, scope)
    step = await _ordered(work, order, scope, site)
    await add_rows(work.sql, [measure])
    known_findings = [one.id for one in site.findings]
    await add_rows(work.sql, [MeasureFinding(measure_id=order.id, finding_id=one) for one in known_findings])
    await add_rows(work.sql, [_row(order.id, 0, step)])
    work.record("measure.ordered", order.id, **_scope(scope), data=_told_order(measure, order, step, known_findings))
    await _settle(work, order.id, site.law)
    if kind.mine_state:
        await mines.put_mine_state(work, mine_id=scope.mine_id, state=await _strictest(work, measure, kind))
    return await queries.measure_of_id(work.sql, order.id)


async def take_step(work: Work, *, measure_id: UUID, asked: Asked) -> MeasureRow:
    """Takes the next step in a measure, under the client's id; the same again answers as before.

    Facts are kept at any time; an act of law out of its place is the Problem of its article (steps.py).
    Raises BadInput, NotFound, MeasureStepConflict; NotAllowed without the verb of this kind of step at this mine.
    """
    steps.must_be_well_formed(asked)
    measure = await queries.measure_to_change(work, measure_id)
    verb = steps.VERBS[asked.kind]
    work.actor.require(verb, county=measure.county, office=measure.office, mine_id=measure.mine_id)
    if await queries.taken_before(work, measure_id, asked):
        return measure
    law = await provisions.law_of(work.sql)
    before = (await queries.histories_of(work.sql, [measure_id]))[measure_id]
    taker = await grounds.taker_of(work, measure, asked)
    await grounds.must_know(work, measure, asked)
    rules.must_have_rechecked(await queries.left_unchecked(work, measure) if asked.kind is Turn.CLOSED_OUT else 0)
    steps.must_be_takeable(before, asked, taker=taker, law=law, now=work.now)
    step = _step(work, asked, taker, underground=await grounds.is_underground(work, measure, asked))
    await add_rows(work.sql, [_row(measure_id, len(before.steps), step)])
    if asked.kind is Turn.FINDING_NAMED and asked.subject_id and asked.subject_id not in before.order.findings:
        await add_rows(work.sql, [MeasureFinding(measure_id=measure_id, finding_id=asked.subject_id)])
    state = await _settle(work, measure_id, law)
    work.record(
        f"measure.{asked.kind.value.lower()}", measure_id, **_scope(measure),
        data=_told(step) | {"ordinal": len(before.steps), "state": state.value},
    )  # fmt: skip
    if asked.kind in history.ENDINGS and before.kind.mine_state:
        await _lead_back(work, measure)
    return await queries.measure_of_id(work.sql, measure_id)


async def _measure(work: Work, order: Order, kind: MeasureKind, scope: Scope) -> Measure:
    mine = await (mine_queries.mine_to_change(work, scope.mine_id) if kind.mine_state else
                  mine_queries.mine_of_id(work.sql, scope.mine_id))  # fmt: skip
    effects = [(MEASURE_KINDS[key].mine_state, before) for key, before in
               await grounds.effects_at(work, scope.mine_id, but=order.id)]  # fmt: skip
    before = next((before for state, before in effects if state), mine.state)
    return Measure(
        id=order.id, inspection_id=order.inspection_id, mine_id=scope.mine_id, county=scope.county,
        office=scope.office, kind=kind.key, article=kind.article, paper=kind.paper, danger=order.danger,
        urgent=order.urgent, safe=order.safe, reason=order.reason.strip(), days=order.days,
        decision=order.decision.strip(), approver_id=order.approver_id, enforces=order.enforces, mine_before=before,
        state=MeasureState.OPEN, ordered_at=order.ordered_at, ordered_by=work.actor.account_id, recorded_at=work.now,
        closed_at=None,
    )  # fmt: skip


async def _ordered(work: Work, order: Order, scope: Scope, site: Site) -> Step:
    """The first step; the certificate is that of an officer of the inspection who was not recused, else none."""
    account = work.actor.account_id
    certificate = await certificate_of(work, account, day=order.day)
    return Step(
        id=ids.new_id(to_ms(work.now)), kind=Turn.ORDERED, at=order.ordered_at, recorded_at=work.now, by=account,
        hand=grounds.hand_for(Turn.ORDERED, grounds.hands_of(work.actor, Verb.MEASURE_ORDER, scope)),
        certificate_id=certificate if account in site.officers and not site.recused else None,
    )  # fmt: skip


def _step(work: Work, asked: Asked, taker: steps.Taker, *, underground: bool) -> Step:
    """A fact keeps the time at which it was, no later than now; an act of law is done now."""
    at = min(asked.at or work.now, work.now) if asked.kind in steps.FACTS else work.now
    return Step(
        id=asked.id, kind=asked.kind, hand=grounds.hand_for(asked.kind, taker.hands), at=at, recorded_at=work.now,
        by=taker.account, certificate_id=taker.certificate_id, subject_id=asked.subject_id, until=asked.until,
        number=asked.number, outcome=asked.outcome, words=asked.words.strip(), place_id=asked.place_id,
        underground=underground, evidence=asked.evidence,
    )  # fmt: skip


def _row(measure_id: UUID, ordinal: int, step: Step) -> MeasureStep:
    return MeasureStep(
        id=step.id, measure_id=measure_id, ordinal=ordinal, kind=step.kind, hand=step.hand, at=step.at,
        recorded_at=step.recorded_at, recorded_by=step.by, certificate_id=step.certificate_id,
        subject_id=step.subject_id, until_day=step.until, number=step.number, outcome=step.outcome, words=step.words,
        place_id=step.place_id, underground=step.underground, evidence=[str(one) for one in step.evidence],
    )  # fmt: skip


async def _settle(work: Work, measure_id: UUID, law: Law) -> MeasureState:
    """Writes what follows from the steps: the state, and the deadlines that the sweep looks at."""
    now: History = (await queries.histories_of(work.sql, [measure_id]))[measure_id]
    state = history.state_of(now, law)
    await grounds.put_state(work, measure_id, state, ended=not history.stands(now))
    await grounds.put_clocks(work, measure_id, clocks.clocks_of(now, law, now=work.now), edition=law.edition)
    return state


async def _strictest(work: Work, measure: Measure, kind: MeasureKind) -> MineState:
    others = await grounds.effects_at(work, measure.mine_id, but=measure.id)
    made = {MEASURE_KINDS[key].mine_state for key, _ in others} | {kind.mine_state}
    return next(state for state in STRICTEST if state.value in made)


async def _lead_back(work: Work, measure: MeasureRow) -> None:
    """The mine is what the measures that still stand make of it, or what it was before them (条例48: 恢复生产)."""
    mine = await mine_queries.mine_to_change(work, measure.mine_id)
    if mine.state not in {state.value for state in STRICTEST}:
        return  # The register says otherwise since: it was closed, or a lawful hand changed it.
    others = await grounds.effects_at(work, measure.mine_id, but=measure.id)
    made = {MEASURE_KINDS[key].mine_state for key, _ in others}
    state = next((state for state in STRICTEST if state.value in made), MineState(measure.mine_before))
    await mines.put_mine_state(work, mine_id=measure.mine_id, state=state)


def _scope(row: Scope | MeasureRow) -> dict[str, Any]:
    return {"county": row.county, "office": row.office, "mine_id": row.mine_id}


def _told_order(measure: Measure, order: Order, step: Step, known: Sequence[UUID]) -> dict[str, Any]:
    """The order as its entry holds it: with the findings that it named, and those of them that were known."""
    same = ("kind", "article", "paper", "danger", "urgent", "safe", "reason", "decision", "mine_before")
    told: dict[str, Any] = {name: getattr(measure, name) for name in same} | {
        "inspection": str(measure.inspection_id), "ordered_at": order.ordered_at.isoformat(),
        "findings": [str(one) for one in known], "named": [str(one) for one in order.findings],
        **_told(replace(step, at=order.ordered_at)),
    }  # fmt: skip
    optional = {"days": measure.days, "approver": measure.approver_id, "enforces": measure.enforces}
    return told | {name: _plain(value) for name, value in optional.items() if value is not None}


def _told(step: Step) -> dict[str, Any]:
    """A step as its entry holds it; what is not there is left out."""
    told: dict[str, Any] = {"step": str(step.id), "hand": step.hand.value, "at": step.at.isoformat()}
    for name in ("certificate_id", "subject_id", "until", "number", "outcome", "words", "place_id"):
        if (value := getattr(step, name)) not in (None, ""):
            told[name] = _plain(value)
    if step.place_id is not None:
        told["underground"] = step.underground
    if step.evidence:
        told["evidence"] = [str(one) for one in step.evidence]
    return told


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else getattr(value, "value", None) or str(value)
