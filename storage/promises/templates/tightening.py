"""The acts on a mine's own clauses: its clerk or its company drafts one, its principal adopts or rejects it."""

from uuid import UUID

from storage.promises.templates import queries, rules
from storage.promises.templates.rules import Clause
from storage.promises.templates.tables import OwnClause, Template
from storage.record import ids
from storage.record.actor import Verb
from storage.record.clock import day_of, to_ms
from storage.record.work import Work
from storage.register.mines import queries as mines


async def draft_own_clause(work: Work, *, mine_id: UUID, year: int, clause: Clause, note: str = "") -> OwnClause:
    """Drafts a clause of a mine's own for a year: stricter than the one that stands, or new. It binds nobody yet.

    Raises NotAllowed, NotFound, YearOver, TemplateNotApproved, BoundInAnotherUnit, LooserThanTheTemplate, BadInput.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(Verb.TEMPLATE_TIGHTEN, county=mine.county, office=mine.office, mine_id=mine.id)
    rules.must_be_a_year_to_promise(year, day_of(work.now))
    rules.must_be_a_clause(clause)
    rules.must_have_short_note(note)
    standing = await _must_add(work, mine_id, year, clause)
    own = OwnClause(
        id=ids.new_id(to_ms(work.now)), mine_id=mine.id, county=mine.county, office=mine.office, year=year,
        key=clause.key, replaces=standing.id if standing else None, clause=rules.text_of(clause), note=note,
        drafted_by=work.actor.account_id, drafted_at=work.now,
    )  # fmt: skip
    work.rows.add(own)
    replaces = {"replaces": str(own.replaces)} if own.replaces else {}
    work.record("clause.drafted", own.id, county=own.county, office=own.office, mine_id=own.mine_id, data={
        "year": year, "key": own.key, "note": note, "clause": rules.told_of(clause), **replaces,
    })  # fmt: skip
    return own


async def decide_own_clause(work: Work, *, clause_id: UUID, adopt: bool, note: str = "") -> OwnClause:
    """Adopts or rejects it; the act of the mine's principal, who did not draft it. From then on it stands.

    Whether it is stricter is asked again, of the template as it stands today. Raises NotAllowed, NotFound,
    ClauseDecided, ClauseOvertaken, PromiseTakesTwo, and what drafting raises.
    """
    own = await queries.own_clause_to_decide(work, clause_id)
    work.actor.require(Verb.TEMPLATE_ADOPT, county=own.county, office=own.office, mine_id=own.mine_id)
    rules.must_have_short_note(note)
    rules.must_be_undecided(own.approved, rules.ClauseDecided)
    rules.must_be_another(drafted_by=own.drafted_by, decider=work.actor.account_id)
    if adopt:
        rules.must_be_a_year_to_promise(own.year, day_of(work.now))
        standing = await _must_add(work, own.mine_id, own.year, queries.clause_of_row(own))
        rules.must_follow(replaces=own.replaces, standing=standing.id if standing else None)
    own.approved, own.decided_by, own.decided_at = adopt, work.actor.account_id, work.now
    own.decision_note = note
    kind, data = "clause.adopted" if adopt else "clause.rejected", {"key": own.key, "note": note}
    work.record(kind, own.id, data=data, county=own.county, office=own.office, mine_id=own.mine_id)
    return own


async def _must_add(work: Work, mine_id: UUID, year: int, clause: Clause) -> OwnClause | None:
    """The own clause that stands in its place, once it is no looser than that and than the year's template."""
    template = await queries.template_of_year(work.sql, year)
    standing = await queries.standing_of(work.sql, mine_id, year, clause.key)
    rules.must_add(
        clause, template=_clauses(template, year), standing=queries.clause_of_row(standing) if standing else None
    )
    return standing


def _clauses(template: Template | None, year: int) -> list[Clause]:
    if template is None:
        raise rules.TemplateNotApproved(year=year)
    return queries.clauses_of(template)
