"""The acts on a year's template: one person of the province drafts a version, another approves or rejects it."""

from collections.abc import Sequence
from uuid import UUID

from storage.promises.templates import queries, rules
from storage.promises.templates.rules import Clause
from storage.promises.templates.tables import Template
from storage.record import ids
from storage.record.actor import Verb
from storage.record.clock import day_of, to_ms
from storage.record.problems import NotAllowed
from storage.record.work import Work


async def draft_template(work: Work, *, year: int, clauses: Sequence[Clause], note: str = "") -> Template:
    """Drafts the next version of a year's clauses; the act of a legal reviewer who reaches the province.

    Nothing holds by it yet. Raises YearOver and BadInput; NotAllowed for whoever reaches less, since the clauses are
    the same everywhere.
    """
    _require_everywhere(work, Verb.TEMPLATE_DRAFT)
    rules.must_be_a_year_to_promise(year, day_of(work.now))
    rules.must_be_clauses_of_a_year(clauses)
    rules.must_have_short_note(note)
    template = Template(
        id=ids.new_id(to_ms(work.now)), year=year, version=await queries.last_version(work.sql, year) + 1,
        clauses=rules.text_of(clauses), note=note, drafted_by=work.actor.account_id, drafted_at=work.now,
    )  # fmt: skip
    work.rows.add(template)
    work.record("template.drafted", template.id, data={
        "year": year, "version": template.version, "note": note, "clauses": rules.digest_of(clauses).hex(),
    })  # fmt: skip
    return template


async def decide_template(work: Work, *, template_id: UUID, approve: bool, note: str = "") -> Template:
    """Approves or rejects a version; the act of a head of agency who reaches the province and did not draft it.

    From then on it is never changed. Raises TemplateDecided, TemplateOvertaken, PromiseTakesTwo, YearOver,
    BadInput, NotFound; NotAllowed for whoever reaches less.
    """
    template = await queries.template_to_decide(work, template_id)
    _require_everywhere(work, Verb.TEMPLATE_APPROVE)
    rules.must_have_short_note(note)
    rules.must_be_undecided(template.approved, rules.TemplateDecided)
    rules.must_be_another(drafted_by=template.drafted_by, decider=work.actor.account_id)
    if approve:
        rules.must_be_a_year_to_promise(template.year, day_of(work.now))
        newest = await queries.template_of_year(work.sql, template.year)
        rules.must_be_the_newest(template.version, newest.version if newest else None)
    template.approved, template.decided_by, template.decided_at = approve, work.actor.account_id, work.now
    template.decision_note = note
    kind = "template.approved" if approve else "template.rejected"
    work.record(kind, template.id, data={"year": template.year, "version": template.version, "note": note})
    return template


def _require_everywhere(work: Work, verb: Verb) -> None:
    if not work.actor.reach_of(verb).everything:
        raise NotAllowed(verb=verb.value)
