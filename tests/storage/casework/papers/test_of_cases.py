"""Tests of the papers of a case: none says a decision that nobody made, none goes to whom it is not for."""

from uuid import uuid4

import pytest

from storage.casework.answers import owning
from storage.casework.cases.bodies.facts import StatementTaken
from storage.casework.cases.bodies.notice import DefenceReceived
from storage.casework.cases.bodies.opening import RecusalAsked, RecusalDecided, ScopeWidened
from storage.casework.cases.steps import Party, PartyKind
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.papers import signing
from storage.casework.papers.rules import PaperStepUnknown
from storage.casework.papers.signing import Refusing
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Role
from storage.record.law import forms
from tests.factories.case_papers import on_paper, serve
from tests.factories.desk import Desk, make_desk
from tests.factories.measures import orders
from tests.sites import NOW, Site

UNIT, PERSON, STATEMENT = "行政处罚决定书（单位）", "行政处罚决定书（个人）", "询问笔录"
SEEN_BY_THE_MINE = "SELECT count(*) FROM payloads WHERE convert_from(payload, 'UTF8') LIKE $1"


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def read_by_the_mine(desk: Desk) -> set[str]:
    principal = await desk.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=desk.site.mine, certificate=None)
    async with desk.site.database.reading(principal) as sql:
        return {one.form for one in await owning.own_papers(sql, principal, limit=50)}


async def test_57_a_decision_has_no_paper_before_it_was_made(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    with pytest.raises(PaperStepUnknown):
        await on_paper(desk, UNIT)
    with pytest.raises(PaperStepUnknown):
        await on_paper(desk, UNIT, subject_kind=PaperSubject.INSPECTION, subject_id=desk.check.id)
    decision = desk.taking(draft, officers=())
    await desk.again(decision, by=desk.head)
    with pytest.raises(PaperStepUnknown):
        await on_paper(desk, PERSON, step_id=decision.id)
    await on_paper(desk, UNIT)
    assert UNIT in await read_by_the_mine(desk), "it is handed over before its service is recorded"


async def test_61_what_is_about_persons_is_no_paper_of_the_mine(desk: Desk) -> None:
    draft = await desk.up_to_the_decision()
    person = Party(id=uuid4(), kind=PartyKind.PERSON, name="王某", subject="p")
    await desk.take(ScopeWidened(reason="查明", parties=(person,)), by=desk.head, party=None, officers=())
    await desk.take(DefenceReceived(words="我没有下令"), party=person.id)
    await desk.take(StatementTaken(of="矿工李四", signed=True), party=None)
    statement = await on_paper(desk, STATEMENT)
    await on_paper(desk, "当事人陈述申辩笔录")
    await on_paper(desk, STATEMENT, subject_kind=PaperSubject.INSPECTION, subject_id=desk.check.id)
    place = forms.form_sets()[-1].forms[STATEMENT].places[0].name
    refusing = Refusing(place=place, name="矿工李四", reason="怕报复")
    await desk.check.acts(desk.check.lead, signing.record_refusal, paper_id=statement, refusing=refusing)
    assert await read_by_the_mine(desk) == set()
    principal = await desk.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=desk.site.mine, certificate=None)
    async with desk.site.database.reading(principal) as sql:
        assert await sql.fetchval(SEEN_BY_THE_MINE, "%怕报复%") == 0
    decision = desk.taking(draft, officers=())
    await desk.again(decision, by=desk.head)
    await serve(desk, decision.id)
    assert await read_by_the_mine(desk) == {STATEMENT, UNIT}, "with the file, as its pack has it"


async def test_43_whoever_was_recused_issues_no_paper_of_the_case_or_of_what_was_ordered(desk: Desk) -> None:
    await desk.up_to_the_decision()
    asked = desk.taking(RecusalAsked(officer=desk.check.inspector.account_id, reason="近亲属"), party=None)
    await desk.again(asked)
    granted = RecusalDecided(asked=asked.id, granted=True, reason="属实")
    await desk.take(granted, by=desk.head, party=None, officers=())
    with pytest.raises(OfficerRecused):
        await on_paper(desk, "行政处罚告知书", by=desk.check.inspector)
    finding = await desk.check.finds()
    order = await orders(desk.check, "CORRECT_BY_TERM", finding.id, days=10)
    await desk.site.put(
        "conduct_matters", id=uuid4(), kind="RECUSAL", officer_id=desk.check.lead.account_id, about="INSPECTION",
        subject_id=desk.check.id, mine_id=desk.site.mine, county="520281", office="GZ-1", reference="", state="SETTLED",
        steps=2, granted=True, decided_at=NOW, opened_by=desk.head.account_id, opened_at=NOW,
    )  # fmt: skip
    for kind, subject in ((PaperSubject.MEASURE, order.id), (PaperSubject.FINDING, finding.id)):
        with pytest.raises(OfficerRecused):
            await on_paper(desk, "责令限期整改指令书", subject_kind=kind, subject_id=subject)
