"""Tests of the papers of a case: none says a decision that nobody made, none goes to whom it is not for."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.answers import owning
from storage.casework.cases.bodies.deciding import Served
from storage.casework.cases.bodies.facts import StatementTaken
from storage.casework.cases.bodies.notice import DefenceReceived
from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided, ScopeWidened
from storage.casework.cases.steps import Party, PartyKind
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.papers import forms, operations, signing
from storage.casework.papers.bodies import Value
from storage.casework.papers.operations import Draft
from storage.casework.papers.rules import PaperFieldMissing, PaperStepUnknown
from storage.casework.papers.signing import Refusing
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Actor, Role
from tests.factories.cases import BY_HAND
from tests.factories.desk import Desk, make_desk
from tests.factories.measures import orders
from tests.sites import NOW, Site

UNIT, PERSON, STATEMENT = "行政处罚决定书（单位）", "行政处罚决定书（个人）", "询问笔录"
SEEN_BY_THE_MINE = "SELECT count(*) FROM payloads WHERE convert_from(payload, 'UTF8') LIKE $1"


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def issued(desk: Desk, form: str, *, by: Actor | None = None, **given: Any) -> UUID:
    """A paper with a word in each field that must be filled and that the record leaves to people."""
    usual: dict[str, Any] = {"subject_kind": PaperSubject.CASE, "subject_id": desk.id}
    must = [one for one in forms.form_sets()[-1].forms[form].fields if one.must]
    fields: dict[str, Value] = {}
    for _ in range(2 * len(must)):
        draft = Draft(id=uuid4(), form=form, fields=fields, **(usual | given))
        await desk.check.acts(by or desk.check.lead, operations.draft_paper, draft=draft)
        try:
            await desk.check.acts(by or desk.check.lead, operations.issue_paper, paper_id=draft.id)
        except PaperFieldMissing as missing:
            fields[str(missing.parameters["field"])] = "见卷"
        else:
            return draft.id
    raise AssertionError(fields)


async def read_by_the_mine(desk: Desk) -> set[str]:
    principal = await desk.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=desk.site.mine, certificate=None)
    async with desk.site.database.reading(principal) as sql:
        return {one.form for one in await owning.own_papers(sql, principal, limit=50)}


async def test_57_a_decision_has_no_paper_before_it_was_made(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    with pytest.raises(PaperStepUnknown):
        await issued(desk, UNIT)
    with pytest.raises(PaperStepUnknown):
        await issued(desk, UNIT, subject_kind=PaperSubject.INSPECTION, subject_id=desk.check.id)
    decision = desk.taking(draft, officers=())
    await desk.again(decision, by=desk.head)
    with pytest.raises(PaperStepUnknown):
        await issued(desk, PERSON, step_id=decision.id)
    await issued(desk, UNIT)
    assert UNIT in await read_by_the_mine(desk), "it is handed over before its service is recorded"


async def test_61_what_is_about_persons_is_no_paper_of_the_mine(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    person = Party(id=uuid4(), kind=PartyKind.PERSON, name="王某", subject="p")
    await desk.take(ScopeWidened(reason="查明", parties=(person,)), by=desk.head, party=None, officers=())
    await desk.take(DefenceReceived(words="我没有下令"), party=person.id)
    await desk.take(StatementTaken(of="矿工李四", signed=True), party=None)
    statement = await issued(desk, STATEMENT)
    await issued(desk, "当事人陈述申辩笔录")
    await issued(desk, STATEMENT, subject_kind=PaperSubject.INSPECTION, subject_id=desk.check.id)
    place = forms.form_sets()[-1].forms[STATEMENT].places[0].name
    refusing = Refusing(place=place, name="矿工李四", reason="怕报复")
    await desk.check.acts(desk.check.lead, signing.record_refusal, paper_id=statement, refusing=refusing)
    assert await read_by_the_mine(desk) == set()
    principal = await desk.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=desk.site.mine, certificate=None)
    async with desk.site.database.reading(principal) as sql:
        assert await sql.fetchval(SEEN_BY_THE_MINE, "%怕报复%") == 0
    decision = desk.taking(draft, officers=())
    await desk.again(decision, by=desk.head)
    await desk.take(Served(decision=decision.id, delivery=BY_HAND))
    assert await read_by_the_mine(desk) == {STATEMENT}, "with the file, as its pack has it"


async def test_43_whoever_was_recused_issues_no_paper_of_the_case_or_of_what_was_ordered(desk: Desk) -> None:
    await desk.up_to_the_decision()
    asked = desk.taking(RecusalAsked(officer=desk.check.inspector.account_id, reason="近亲属"), party=None)
    await desk.again(asked)
    granted = RecusalDecided(asked=asked.id, granted=True, reason="属实")
    await desk.take(granted, by=desk.head, party=None, officers=())
    with pytest.raises(OfficerRecused):
        await issued(desk, "行政处罚告知书", by=desk.check.inspector)
    finding = await desk.check.finds()
    order = await orders(desk.check, "CORRECT_BY_TERM", finding.id, days=10)
    await desk.site.put(
        "conduct_matters", id=uuid4(), kind="RECUSAL", officer_id=desk.check.lead.account_id, about="INSPECTION",
        subject_id=desk.check.id, mine_id=desk.site.mine, county="520281", office="GZ-1", reference="", state="SETTLED",
        steps=2, granted=True, decided_at=NOW, opened_by=desk.head.account_id, opened_at=NOW,
    )  # fmt: skip
    for kind, subject in ((PaperSubject.MEASURE, order.id), (PaperSubject.FINDING, finding.id)):
        with pytest.raises(OfficerRecused):
            await issued(desk, "责令限期整改指令书", subject_kind=kind, subject_id=subject)
