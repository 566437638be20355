"""The acts that make a scheme and carry it out: drafting, approving, returning, opening its inspection, linking one."""

from typing import Any
from uuid import UUID

from storage.casework.conduct.recusals import must_not_be_recused, recused_from
from storage.casework.schemes import queries, rules
from storage.casework.schemes.rules import Burden, Draft
from storage.casework.schemes.tables import Cause, Scheme, SchemeItem
from storage.field.inspections import operations as inspections
from storage.field.inspections import queries as inspection_queries
from storage.field.inspections import rules as inspection_rules
from storage.field.inspections.rules import Opening, Place
from storage.field.inspections.tables import Basis
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.law import Law
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.people.rules import text_of
from storage.register.provisions import queries as provisions


async def draft_scheme(work: Work, *, draft: Draft) -> Scheme:
    """A member of the team drafts a scheme; a planned one is refused beyond the caps of the mine and its class.

    The same id with the same content is the same answer. Raises NotFound, NotAllowed, BadInput, DrafterNotOfTheTeam,
    ItemOfNobody, ItemOutsidePowers, TooManyChecks, SchemeConflict, and what officers without standing raise.
    """
    known, row = await queries.draft_known(work, draft.id)
    if row is not None:
        return _same(draft, known, row, drafter=work.actor.account_id)
    mine = await mines.mine_of_id(work.sql, draft.mine_id)
    work.actor.require(Verb.SCHEME_DRAFT, **scope_of_mine(mine))
    rules.must_be_a_draft(draft, drafter=work.actor.account_id)
    law = await provisions.law_of(work.sql)
    rules.must_rest_on_powers(draft.items, law=law, on=draft.scheduled_for)
    await _must_have_standing(work, draft, mine, law)
    burden = await queries.burden_of(work.sql, law, mine_id=mine.id, day=draft.scheduled_for)
    rules.must_be_within_caps(burden, cause=draft.cause)
    scheme, items = _new_rows(work, draft, mine, burden)
    await add_rows(work.sql, [scheme])
    await add_rows(work.sql, items)
    work.record("scheme.drafted", scheme.id, data=_told(scheme, draft), **scope_of_mine(mine))
    return scheme


async def approve_scheme(work: Work, *, scheme_id: UUID) -> Scheme:
    """The lead approves (审定) what another member drafted, if it covers all sides and the caps still allow it.

    Raises NotFound, NotAllowed, NotTheLead, SchemeNeedsTwoPeople, SchemeDecided, OfficerRecused, SchemeOneSided,
    TooManyChecks.
    """
    scheme = await queries.scheme_to_change(work, scheme_id)
    work.actor.require(Verb.SCHEME_APPROVE, **scope_of(scheme))
    rules.must_be_undecided(scheme.approved_at, scheme.returned_at)
    rules.must_be_approved_by_the_lead(
        lead_id=scheme.lead_id, drafted_by=scheme.drafted_by, approver=work.actor.account_id
    )
    await _must_have_nobody_recused(work, scheme)
    missing, count = await _must_be_approvable(work, scheme)
    scheme.approved_by, scheme.approved_at = work.actor.account_id, work.now
    await change_rows(work.sql, [scheme], "approved_by", "approved_at")
    work.record("scheme.approved", scheme.id, data={"count": count, "missing": missing}, **scope_of(scheme))
    return scheme


async def return_scheme(work: Work, *, scheme_id: UUID, reason: str) -> Scheme:
    """The lead sends a draft back with his reason; another one can be drafted. NotTheLead, SchemeDecided, BadInput."""
    scheme = await queries.scheme_to_change(work, scheme_id)
    work.actor.require(Verb.SCHEME_APPROVE, **scope_of(scheme))
    rules.must_be_undecided(scheme.approved_at, scheme.returned_at)
    if work.actor.account_id != scheme.lead_id:
        raise rules.NotTheLead()
    scheme.returned_reason = text_of(reason, field="reason", most=rules.LONGEST_REASON)
    scheme.returned_at = work.now
    await change_rows(work.sql, [scheme], "returned_at", "returned_reason")
    work.record("scheme.returned", scheme.id, data={"reason": scheme.returned_reason}, **scope_of(scheme))
    return scheme


async def scheme_again(work: Work, scheme_id: UUID) -> Scheme:
    """What a replay answers: the scheme as it stands today."""
    return await queries.scheme_to_change(work, scheme_id)


async def open_by_scheme(work: Work, *, scheme_id: UUID, inspection_id: UUID, places: tuple[Place, ...]) -> Scheme:
    """Opens the inspection that an approved scheme is for: PLANNED by the plan, else REASONED, with its team.

    The same ids are the same answer. Raises SchemeNotApproved, SchemeCarriedOut, OfficerRecused, and all that opening
    raises.
    """
    scheme = await queries.scheme_to_change(work, scheme_id)
    opened = rules.must_be_free_to_open(
        approved_at=scheme.approved_at, inspection_id=scheme.inspection_id, asked=inspection_id
    )
    await _must_have_nobody_recused(work, scheme)
    opening = Opening(
        id=inspection_id, mine_id=scheme.mine_id, reason=scheme.reference, lead_id=scheme.lead_id, places=places,
        basis=Basis.PLANNED if scheme.cause == Cause.PLAN else Basis.REASONED, officers=tuple(scheme.officers),
    )  # fmt: skip
    await inspections.open_inspection(work, opening=opening)
    return scheme if opened else await _link(work, scheme, inspection_id)


async def link_scheme(work: Work, *, scheme_id: UUID, inspection_id: UUID) -> Scheme:
    """Says of an inspection that is open already, offline perhaps, that it carries out this scheme.

    A scheme that is approved late, or not yet, is linked all the same, and that shows. The same again is the same
    answer. Raises NotFound, NotAllowed, SchemeCarriedOut.
    """
    scheme = await queries.scheme_to_change(work, scheme_id)
    inspection = await inspection_queries.inspection_of_id(work.sql, inspection_id)
    work.actor.require(Verb.SCHEME_RECORD, **scope_of(scheme))
    if not await queries.is_officer(work, inspection_id):
        raise inspection_rules.NotAnOfficer()
    if scheme.inspection_id == inspection_id:
        return scheme
    if scheme.inspection_id is not None or inspection.mine_id != scheme.mine_id or scheme.returned_at is not None:
        raise rules.SchemeCarriedOut()
    return await _link(work, scheme, inspection_id)


async def _must_have_nobody_recused(work: Work, scheme: Scheme) -> None:
    """处罚法43: nothing is approved or opened with an officer who was recused; another scheme is drafted."""
    recused = await recused_from(work.sql, scheme.id)
    must_not_be_recused((work.actor.account_id, *scheme.officers), recused, work.now)


async def _link(work: Work, scheme: Scheme, inspection_id: UUID) -> Scheme:
    scheme.inspection_id, scheme.linked_at = inspection_id, work.now
    await change_rows(work.sql, [scheme], "inspection_id", "linked_at")
    work.record("scheme.carried_out", scheme.id, data={"inspection": str(inspection_id)}, **scope_of(scheme))
    return scheme


async def _must_be_approvable(work: Work, scheme: Scheme) -> tuple[list[str], int]:
    """三（十四）3 and the caps, as they stand now; which sides are missing, and how many checks there are."""
    items = [queries.item_facts(one) for one in await queries.items_of(work.sql, [scheme.id])]
    cause, day = Cause(scheme.cause), scheme.scheduled_for
    rules.must_cover_all_sides(items, cause=cause)
    await queries.mine_to_schedule(work, scheme.mine_id)
    law = await provisions.law_of(work.sql)
    burden = await queries.burden_of(work.sql, law, mine_id=scheme.mine_id, day=day, besides=scheme.id)
    if scheme.inspection_id is None:  # One that is carried out already is counted, and no longer to be scheduled.
        rules.must_be_within_caps(burden, cause=cause)
    return rules.missing_sides(items), burden.total + burden.scheduled


async def _must_have_standing(work: Work, draft: Draft, mine: MineRow, law: Law) -> None:
    """Enough officers, each competent and certified on the day; the lead leads: as when an inspection is opened."""
    on = draft.scheduled_for
    inspection_rules.must_be_enough_officers(draft.officers, law=law, on=on)
    if draft.lead_id not in draft.officers:
        raise inspection_rules.LeadNotAmongOfficers()
    standings = await inspection_queries.standings(work, draft.officers, mine=mine, day=on)
    opening = Opening(
        id=draft.id, mine_id=mine.id, basis=Basis.REASONED, reason=draft.reference, lead_id=draft.lead_id,
        officers=draft.officers, places=(),
    )  # fmt: skip
    inspection_rules.must_be_certified(opening, standings=standings, on=on)


def _new_rows(work: Work, draft: Draft, mine: MineRow, burden: Burden) -> tuple[Scheme, list[SchemeItem]]:
    scope = scope_of_mine(mine)
    scheme = Scheme(
        id=draft.id, cause=draft.cause, reference=draft.reference.strip(), scheduled_for=draft.scheduled_for,
        lead_id=draft.lead_id, officers=list(draft.officers), mine_state=mine.state, disasters=mine.disasters,
        mine_class=burden.mine_class, counted=burden.total + burden.scheduled, drafted_by=work.actor.account_id,
        drafted_at=work.now, **scope,
    )  # fmt: skip
    items = [
        SchemeItem(
            id=one.id, scheme_id=draft.id, ordinal=ordinal, power=one.power, text=one.text.strip(), side=one.side,
            underground=one.underground, manner=one.manner, why=one.why, officer_id=one.officer_id, **scope,
        )
        for ordinal, one in enumerate(draft.items)
    ]  # fmt: skip
    return scheme, items


def _same(asked: Draft, known: Draft | None, row: Scheme, *, drafter: UUID) -> Scheme:
    if known is None or row.drafted_by != drafter or asked != known:
        raise rules.SchemeConflict()
    return row


def _told(scheme: Scheme, draft: Draft) -> dict[str, Any]:
    """What the entry says: enough to judge the scheme from the ledger alone."""
    return {
        "mine": str(scheme.mine_id), "cause": str(scheme.cause), "reference": scheme.reference,
        "day": scheme.scheduled_for.isoformat(), "lead": str(scheme.lead_id), "count": scheme.counted,
        "officers": [str(one) for one in scheme.officers], "state": scheme.mine_state, "disasters": scheme.disasters,
        "class": str(scheme.mine_class or ""),
        "items": [
            {"id": str(one.id), "power": one.power, "text": one.text.strip(), "side": str(one.side),
             "underground": one.underground, "manner": str(one.manner), "officer": str(one.officer_id), "why": one.why}
            for one in draft.items
        ],
    }  # fmt: skip


def scope_of_mine(mine: MineRow) -> dict[str, Any]:
    """The scope of a mine, as verbs, rows and entries take it."""
    return {"mine_id": mine.id, "county": mine.county, "office": mine.office}


def scope_of(row: Any) -> dict[str, Any]:
    """The scope of a row of this area, as verbs and entries take it."""
    return {"mine_id": row.mine_id, "county": row.county, "office": row.office}
