"""Tests of what a mine reads of its own cases, and that nothing else of them reaches its people by any way."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.bodies.deciding import Deliberated, ReviewReturned, ReviewSubmitted
from storage.casework.cases.bodies.facts import Noted, StatementTaken
from storage.casework.cases.bodies.notice import DefenceExamined, DefenceReceived
from storage.casework.cases.showing import SHOWN, own_steps
from storage.casework.cases.steps import Party, PartyKind, StepKind
from storage.casework.cases.volumes import SECOND
from storage.casework.papers import operations as papers
from storage.casework.papers.operations import Draft
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.problems import NotAllowed, NotSignedIn
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.case_papers import serve
from tests.factories.cases import SMALL
from tests.factories.desk import Desk, make_desk
from tests.factories.papers import FILLED, INTERNAL_FORM
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

OWN = """query ($first: Int, $last: Int) { ownCases(first: $first, last: $last) { edges { node {
  id uuid mineId cause simple openedAt steps { id uuid kind article at recordedAt body entryId position } } } } }"""
AGENCY = {
    "cases": "query ($id: UUID!) { cases { edges { node { uuid } } } case(id: $id) { uuid } }",
    "timeline": "query ($id: UUID!) { caseTimeline(id: $id) { edges { node { what } } } }",
    "touched": "query ($id: UUID!) { cases(touchedBy: $id) { edges { node { uuid } } } }",
}
HIDDEN = {
    StepKind.PROPOSED, StepKind.REGISTERED, StepKind.EVIDENCE_ADDED, StepKind.INVESTIGATION_ENDED,
    StepKind.DISCRETION_SUGGESTED, StepKind.NOTED, StepKind.STATEMENT_TAKEN, StepKind.REVIEW_SUBMITTED,
    StepKind.REVIEW_RETURNED, StepKind.DELIBERATED,
}  # fmt: skip


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def mines_own(site: Site, role: Role = Role.MINE_PRINCIPAL, mine: UUID | None = None) -> Actor:
    return await site.person(role, county=None, mine_id=mine or site.mine, certificate=None)


async def read(site: Site, by: Actor, **page: int) -> list[dict[str, Any]]:
    found = await ask(site.database, by, OWN, **page)
    return [edge["node"] for edge in found["ownCases"]["edges"]]


async def with_everything(desk: Desk) -> None:
    """A case up to its decision, with all that stays within the agency."""
    draft = await desk.up_to_the_decision()
    await desk.take(Noted(words="内部所见"), party=None)
    await desk.take(StatementTaken(of="工人张某", signed=True), party=None)
    submitted = desk.taking(ReviewSubmitted(sanctions=SMALL, papers="案卷"))
    await desk.again(submitted)
    await desk.take(ReviewReturned(submitted=submitted.id, notes="第三页"), by=desk.reviewer, officers=())
    second = await desk.site.person(Role.AGENCY_HEAD)
    heads = (desk.head.account_id, second.account_id)
    await desk.take(Deliberated(heads=heads, opinion="内部意见"), by=desk.head, officers=())
    again = desk.taking(ReviewSubmitted(sanctions=SMALL, papers="案卷"))
    await desk.again(again)
    assert draft.sanctions == SMALL


@pytest.mark.parametrize("role", [Role.MINE_PRINCIPAL, Role.MINE_CLERK])
async def test_44_the_mine_reads_what_it_was_told_and_said_with_the_article(desk: Desk, role: Role) -> None:
    await with_everything(desk)
    (told,) = await read(desk.site, await mines_own(desk.site, role))
    assert (told["uuid"], told["mineId"], told["cause"]) == (str(desk.id), str(desk.site.mine), "瓦斯超限作业")
    assert [(one["kind"], one["article"]) for one in told["steps"]] == [
        ("NOTICE_SERVED", "行政处罚法第四十四条、第六十二条"), ("DEFENCE_WAIVED", "行政处罚法第四十五条"),
    ]  # fmt: skip
    assert json.loads(told["steps"][0]["body"])["facts"] == "事实"


async def test_45_the_mine_reads_the_written_answer_to_its_defence_by_query_row_and_payload(desk: Desk) -> None:
    await desk.up_to_the_decision()
    defence = desk.taking(DefenceReceived(words="不属实"), officers=())
    await desk.again(defence)
    await desk.take(DefenceExamined(defence=defence.id, accepted=False, answer="经复核，事实清楚"))
    own = await mines_own(desk.site)
    (told,) = await read(desk.site, own)
    last = told["steps"][-1]
    assert (last["kind"], last["article"]) == ("DEFENCE_EXAMINED", "行政处罚法第四十五条")
    assert json.loads(last["body"])["answer"] == "经复核，事实清楚"
    async with desk.site.database.reading(own) as sql:
        kinds = "SELECT e.kind FROM payloads y JOIN entries e ON e.id = y.entry_id WHERE e.kind LIKE 'case.def%' "
        assert "case.defence_examined" in {row["kind"] for row in await sql.fetch(kinds)}


async def test_a_case_of_which_the_mine_was_not_told_is_not_there_for_it(desk: Desk) -> None:
    await desk.file()
    own = await mines_own(desk.site)
    assert await read(desk.site, own) == []
    async with desk.site.database.reading(own) as sql:
        for table in ("cases", "case_parties", "case_steps", "case_clocks", "case_fines", "case_pieces"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_61_a_decision_is_the_mines_from_its_service_on_by_row_and_payload_too(desk: Desk) -> None:
    draft, decision = await desk.up_to_the_decision(), uuid4()
    await desk.take(draft, by=desk.head, officers=(), id=decision)
    own = await mines_own(desk.site)

    async def seen() -> tuple[int, int]:
        async with desk.site.database.reading(own) as sql:
            steps = await sql.fetchval("SELECT count(*) FROM case_steps WHERE kind = 'DECIDED'")
            said = "SELECT count(*) FROM payloads y JOIN entries e ON e.id = y.entry_id WHERE e.kind = 'case.decided'"
            return steps, await sql.fetchval(said)

    assert await seen() == (0, 0)
    (told,) = await read(desk.site, own)
    assert [one["kind"] for one in told["steps"]] == ["NOTICE_SERVED", "DEFENCE_WAIVED"]
    await serve(desk, decision)
    (told,) = await read(desk.site, own)
    assert [one["kind"] for one in told["steps"]][2:] == ["DECIDED", "SERVED"]
    assert await seen() == (1, 1)


async def test_no_payload_tells_the_mine_what_its_row_does_not(desk: Desk) -> None:
    await with_everything(desk)
    await desk.check.finds()
    own = await mines_own(desk.site)
    miner = await desk.site.person(Role.MINER, county=None, mine_id=desk.site.mine, certificate=None)
    kinds = "SELECT DISTINCT e.kind FROM payloads y JOIN entries e ON e.id = y.entry_id"
    async with desk.site.database.reading(own) as sql:
        assert {row["kind"] for row in await sql.fetch(kinds)} == {
            "case.notice_served", "case.defence_waived", "finding.recorded",
        }  # fmt: skip
    async with desk.site.database.reading(await mines_own(desk.site, mine=desk.site.far_mine)) as sql:
        assert await sql.fetch(kinds) == []
    async with desk.site.database.reading(desk.head) as sql:
        assert len(await sql.fetch(kinds)) > 10
    await desk.site.put("entries", id=(entry := uuid4()), kind="exam.recorded", digest=b"d", at=NOW)
    await desk.site.put("payloads", entry_id=entry, subject=uuid4(), actor_id=uuid4(), salt=b"", payload=b"{}",
                        mine_id=desk.site.mine)  # fmt: skip
    for reader, sees in ((own, True), (miner, False)):
        async with desk.site.database.reading(reader) as sql:
            found = {row["kind"] for row in await sql.fetch(kinds)}
            assert ("exam.recorded" in found) is sees


async def test_the_mines_sight_of_a_case_changes_nothing_in_it(desk: Desk) -> None:
    await desk.up_to_the_decision()
    async with desk.site.database.transaction(await mines_own(desk.site)) as (_, sql):
        for table, change in (("cases", "state = 'CLOSED'"), ("case_clocks", "met_at = NULL"),
                              ("case_fines", "fell_at = NULL")):  # fmt: skip
            assert await sql.execute(f"UPDATE {table} SET {change}") == "UPDATE 0", table


async def test_what_stays_within_the_agency_reaches_the_mine_by_no_row(desk: Desk) -> None:
    await with_everything(desk)
    kept = {StepKind(row["kind"]) for row in await desk.site.rows.fetch("SELECT kind FROM case_steps")}
    assert kept >= HIDDEN
    assert not HIDDEN & set(SHOWN)
    own = await mines_own(desk.site)
    async with desk.site.database.reading(own) as sql:
        seen = {StepKind(row["kind"]) for row in await sql.fetch("SELECT kind FROM case_steps")}
        for table in ("case_clocks", "case_fines", "case_pieces"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    assert seen == {StepKind.NOTICE_SERVED, StepKind.DEFENCE_WAIVED}


async def test_every_kind_that_is_shown_and_no_other_passes_the_policy(desk: Desk) -> None:
    await desk.up_to_the_decision()
    for number, kind in enumerate(StepKind):
        await desk.site.put(
            "case_steps", id=uuid4(), case_id=desk.id, ordinal=100 + number, kind=kind.value, party_id=desk.unit.id,
            at=NOW, by_id=desk.head.account_id, officers="[]", body="{}", recorded_at=NOW, entry_id=uuid4(),
        )  # fmt: skip
    own, asked = await mines_own(desk.site), "SELECT DISTINCT kind FROM case_steps WHERE ordinal >= 100"
    async with desk.site.database.reading(own) as sql:
        rows = await sql.fetch(asked)
    assert {row["kind"] for row in rows} == {kind.value for kind in SHOWN} - {"DECIDED"}
    decision = await desk.site.rows.fetchval("SELECT id FROM case_steps WHERE kind = 'DECIDED'")
    await desk.site.put(
        "case_served", decision_id=decision, case_id=desk.id, mine_id=desk.site.mine, findings=[], served_at=NOW
    )
    async with desk.site.database.reading(own) as sql:
        rows = await sql.fetch(asked)
    # With the decision the main volume of the file is the party's; the list of its own cases tells no more than before.
    assert {row["kind"] for row in rows} == {kind.value for kind in StepKind if kind not in SECOND}


async def test_what_was_told_to_a_person_is_not_the_mines(desk: Desk) -> None:
    unit = desk.unit
    desk.unit = Party(id=uuid4(), kind=PartyKind.PERSON, name="王某", subject=str(uuid4()))
    await desk.up_to_the_decision()
    own = await mines_own(desk.site)
    assert await read(desk.site, own) == []
    desk.id, desk.unit, desk.conduct = uuid4(), unit, replace(desk.conduct, id=uuid4())
    await desk.up_to_the_decision()
    person = Party(id=uuid4(), kind=PartyKind.PERSON, name="王某", subject=str(uuid4()))
    await desk.site.put("case_parties", id=person.id, case_id=desk.id, kind="PERSON", name="王某", subject="p")
    await desk.site.put(
        "case_steps", id=uuid4(), case_id=desk.id, ordinal=99, kind="DEFENCE_RECEIVED", party_id=person.id, at=NOW,
        by_id=desk.head.account_id, officers="[]", body='{"words":"我说"}', recorded_at=NOW, entry_id=uuid4(),
    )  # fmt: skip
    (told,) = await read(desk.site, own)
    assert "我说" not in json.dumps(told, ensure_ascii=False)
    async with desk.site.database.reading(own) as sql:
        assert [row["name"] for row in await sql.fetch("SELECT name FROM case_parties")] == ["甲煤矿"]


async def test_neither_list_nor_timeline_nor_node_nor_changes_nor_papers_tell_it_more(
    desk: Desk, workers: Database
) -> None:
    await with_everything(desk)
    site, own = desk.site, await mines_own(desk.site)
    for name, text in AGENCY.items():
        assert await codes(site.database, own, text, id=str(desk.id)) == {NotAllowed.code}, name
    (edge,) = (await ask(site.database, desk.head, "{ cases { edges { node { id } } } }"))["cases"]["edges"]
    node = "query ($id: ID!) { node(id: $id) { id ... on Case { state } } }"
    assert await codes(site.database, own, node, id=edge["node"]["id"]) == {NotAllowed.code}
    await sequencer.open_log(workers, origin="ledger.pithead.example/own")
    while await sequencer.sequence(workers):
        pass
    changes = "{ changes(first: 5000) { edges { node { kind } } } }"
    for reader, sees in ((desk.head, True), (own, False)):
        told = (await ask(site.database, reader, changes))["changes"]["edges"]
        assert any(one["node"]["kind"].startswith("case.") for one in told) is sees
    draft = Draft(id=uuid4(), form=INTERNAL_FORM, subject_kind=PaperSubject.CASE, subject_id=desk.id,
                  fields=FILLED[INTERNAL_FORM])  # fmt: skip
    await perform(site.database, desk.check.lead, NOW, papers.draft_paper, draft=draft)
    async with site.database.reading(own) as sql:
        assert await sql.fetchval("SELECT count(*) FROM papers") == 0


async def test_other_mines_and_other_roles_read_none_of_it(desk: Desk) -> None:
    await desk.up_to_the_decision()
    site = desk.site
    assert await read(site, await mines_own(site, mine=site.far_mine)) == []
    assert await read(site, await site.person(Role.MINE_CLERK)) == [], "a clerk's grant over a county is no mine's"
    for role in set(Role) - {Role.MINE_PRINCIPAL, Role.MINE_CLERK}:
        assert await codes(site.database, await site.person(role), OWN) == {NotAllowed.code}
    assert await codes(site.database, None, OWN) == {NotSignedIn.code}
    async with site.database.reading(await mines_own(site, mine=site.far_mine)) as sql:
        assert await own_steps(sql, [desk.id]) == []


async def test_the_list_with_its_steps_costs_a_constant_number_of_statements(desk: Desk) -> None:
    site, own = desk.site, await mines_own(desk.site)
    heard, counts = statements_of(site.database), []
    for many in (1, 3):
        for _ in range(many):
            desk.id, desk.unit = uuid4(), replace(desk.unit, id=uuid4())
            desk.conduct = replace(desk.conduct, id=uuid4())
            await desk.up_to_the_decision()
            await desk.take(DefenceReceived(words="申辩"))
        await read(site, own)
        heard.clear()
        counts.append((len(await read(site, own)), len(heard)))
    assert [many for many, _ in counts] == [1, 4]
    assert counts[0][1] == counts[1][1]
    assert len(await read(site, own, first=3)) == 3
