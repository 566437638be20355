"""Tests of answers in GraphQL: the mine reads what it was told and says something to it; officers see it beside it."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.desk import Desk, make_desk
from tests.factories.measures import orders
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site
from tests.storage.casework.answers.test_operations import notice_of, paper_of, principal_of, sitting_of

ANSWER = """id uuid subjectKind subjectId item stance words evidenceIds answeredBy answeredAt late entryId
  examination { id uuid accepted words examinedBy examinedAt entryId }"""
GIVE = f"""mutation ($input: GiveAnswerInput!) {{ giveAnswer(input: $input) {{ answer {{ {ANSWER} }}
  problem {{ code message }} }} }}"""
EXAMINE = f"""mutation ($input: ExamineAnswerInput!) {{ examineAnswer(input: $input) {{ answer {{ {ANSWER} }}
  problem {{ code message }} }} }}"""
OWN = {
    "ownFindings": f"""id uuid inspectionId mineId kind severity fact measured clause measureBasis unsafe article seenAt
      recordedAt evidenceIds measureIds answers {{ {ANSWER} }}""",
    "ownMeasures": f"""id uuid inspectionId mineId kind title article paper danger reason days state orderedAt closedAt
      findingIds deadlines {{ key article ends }} answers {{ {ANSWER} }}""",
    "ownPapers": f"id uuid mineId subjectKind subjectId form number digest article issuedAt answers {{ {ANSWER} }}",
}
BESIDE = {
    "FINDING": "{ findings { edges { node { answers { uuid } } } } }",
    "MEASURE": "{ measures { edges { node { answers { uuid } } } } }",
    "PAPER": "query ($id: UUID!) { papers(subjectKind: INSPECTION, subjectId: $id) { answers { uuid } } }",
    "CASE_STEP": """query ($id: UUID!) {
  caseTimeline(id: $id) { edges { node { node { ... on CaseStep { answers { uuid } } } } } } }""",
}


@pytest.fixture
async def desk(site: Site) -> Desk:
    return await make_desk(site)


async def own(site: Site, by: Actor, name: str, first: int = 20) -> list[dict[str, Any]]:
    page_of = f"{name}(first: $first) {{ edges {{ node {{ {OWN[name]} }} }} }}"
    text = f"query ($first: Int) {{ {page_of} }}"
    return [edge["node"] for edge in (await ask(site.database, by, text, first=first))[name]["edges"]]


async def gives(site: Site, by: Actor, kind: str, subject: UUID, **changes: Any) -> dict[str, Any]:
    given = {"id": str(uuid4()), "subjectKind": kind, "subjectId": str(subject), "stance": "OBJECTED",
             "words": "传感器当时没有断线"} | changes  # fmt: skip
    told: dict[str, Any] = (await ask(site.database, by, GIVE, input=given))["giveAnswer"]
    return told


async def test_45_the_mine_reads_a_finding_objects_and_reads_the_written_answer(desk: Desk) -> None:
    site, piece = desk.site, await desk.check.piece()
    principal, finding = await principal_of(site), (await desk.check.finds(evidence=(piece,))).id
    measure = (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id
    (read,) = await own(site, principal, "ownFindings")
    assert (read["uuid"], read["mineId"], read["answers"]) == (str(finding), str(site.mine), [])
    assert (read["evidenceIds"], read["measureIds"]) == ([str(piece)], [str(measure)])
    assert read["article"].startswith("安全生产法第六十八条")
    told = await gives(site, principal, "FINDING", finding, evidenceIds=[str(piece)])
    assert (told["problem"], told["answer"]["examination"], told["answer"]["late"]) == (None, None, False)
    examination = {"id": str(uuid4()), "answerId": told["answer"]["uuid"], "accepted": True, "words": "经查属实，采纳"}
    examined = (await ask(site.database, desk.check.inspector, EXAMINE, input=examination))["examineAnswer"]
    assert examined["answer"]["examination"]["examinedBy"] == str(desk.check.inspector.account_id)
    (again,) = await own(site, await principal_of(site, role=Role.MINE_CLERK), "ownFindings")
    assert again["answers"] == [examined["answer"]]
    assert again["answers"][0]["examination"]["accepted"] is True


async def test_the_mine_reads_measures_with_deadlines_and_papers_and_answers_both(desk: Desk) -> None:
    site, finding = desk.site, (await desk.check.finds()).id
    principal, paper = await principal_of(site), await paper_of(desk)
    measure = (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id
    await paper_of(desk, issued=False)
    stands = await gives(site, principal, "MEASURE", measure, stance="COUNTERSIGNED", words="")
    await gives(site, principal, "PAPER", paper, item="检查情况")
    (read,) = await own(site, principal, "ownMeasures")
    assert (read["uuid"], read["findingIds"], read["answers"]) == (str(measure), [str(finding)], [stands["answer"]])
    assert all(one["article"] for one in read["deadlines"])
    (shown,) = await own(site, principal, "ownPapers")
    assert (shown["uuid"], shown["form"], shown["subjectId"]) == (str(paper), "现场检查记录", str(desk.check.id))
    assert [one["item"] for one in shown["answers"]] == ["检查情况"]


async def test_officers_see_what_was_said_beside_each_thing(desk: Desk) -> None:
    site, finding = desk.site, (await desk.check.finds()).id
    principal = await principal_of(site)
    await desk.up_to_the_decision()
    told = {
        "FINDING": finding, "MEASURE": (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id,
        "PAPER": await paper_of(desk), "CASE_STEP": await notice_of(desk),
    }  # fmt: skip
    for kind, subject in told.items():
        answer = (await gives(site, principal, kind, subject))["answer"]["uuid"]
        about = {"id": str(desk.id if kind == "CASE_STEP" else desk.check.id)} if "$id" in BESIDE[kind] else {}
        for reader in (desk.check.lead, desk.head):
            assert str(answer) in str(await ask(site.database, reader, BESIDE[kind], **about)), kind
    sitting = await sitting_of(desk)
    answer = (await gives(site, principal, "SITTING", sitting))["answer"]["uuid"]
    person = await site.rows.fetchval("SELECT person_id FROM exam_sittings")
    asked = "query ($id: UUID!) { examHistory(personId: $id) { mineAnswers { uuid } } }"
    assert (await ask(site.database, principal, asked, id=str(person)))["examHistory"] == [
        {"mineAnswers": [{"uuid": answer}]}
    ]


async def test_a_problem_is_told_in_words_with_its_article(desk: Desk) -> None:
    site, finding = desk.site, (await desk.check.finds()).id
    principal = await principal_of(site)
    await gives(site, principal, "FINDING", finding, stance="COUNTERSIGNED")
    twice = (await gives(site, principal, "FINDING", finding, stance="COUNTERSIGNED"))["problem"]
    assert twice["code"] == "ALREADY_COUNTERSIGNED"
    assert "安全生产法第六十八条" in twice["message"]
    objection = (await gives(site, principal, "FINDING", finding))["answer"]["uuid"]
    examination = {"id": str(uuid4()), "answerId": objection, "accepted": False, "words": "不予采纳"}
    told = (await ask(site.database, desk.check.lead, EXAMINE, input=examination))["examineAnswer"]
    assert (told["answer"], told["problem"]["code"]) == (None, "EXAMINED_BY_TELLER")
    far = await principal_of(site, site.far_mine)
    codes_ = {(await gives(site, far, "FINDING", one))["problem"]["code"] for one in (finding, uuid4())}
    assert codes_ == {"NOT_FOUND"}


async def test_other_mines_and_other_roles_read_none_of_it(desk: Desk) -> None:
    site, finding = desk.site, (await desk.check.finds()).id
    await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)
    await paper_of(desk)
    await gives(site, await principal_of(site), "FINDING", finding)
    far = await principal_of(site, site.far_mine)
    for name in OWN:
        assert await own(site, far, name) == []
        assert await own(site, await site.person(Role.MINE_CLERK), name) == [], "a grant over a county is no mine's"
        text = f"{{ {name} {{ edges {{ node {{ uuid }} }} }} }}"
        for role in (Role.INSPECTOR, Role.MINER, Role.AGENCY_HEAD):
            assert await codes(site.database, await site.person(role), text) == {NotAllowed.code}
        assert await codes(site.database, None, text) == {NotSignedIn.code}
    async with site.database.reading(far) as sql:
        assert await sql.fetchval("SELECT count(*) FROM answers") == 0


async def test_the_lists_with_their_answers_cost_a_constant_number_of_statements(
    desk: Desk, database: DatabaseAddresses
) -> None:
    site, principal = desk.site, await principal_of(desk.site)
    read = replace(site, database=Database(database.api, pool_size=4))  # Every connection of it is heard.
    heard, counts = statements_of(read.database), []
    for many in (1, 3):
        for _ in range(many):
            finding = (await desk.check.finds()).id
            measure = (await orders(desk.check, "CORRECT_BY_TERM", finding, days=10)).id
            for kind, subject in (("FINDING", finding), ("MEASURE", measure), ("PAPER", await paper_of(desk))):
                await gives(site, principal, kind, subject)
        for _ in range(2):  # A new connection asks for types first.
            heard.clear()
            lists = [await own(read, principal, name) for name in OWN]
            beside = await ask(read.database, desk.check.lead, BESIDE["FINDING"])
        counts.append((len(lists[0]), len(beside["findings"]["edges"]), len(heard)))
    await read.database.close()
    assert [one[:2] for one in counts] == [(1, 1), (4, 4)]
    assert counts[0][2] == counts[1][2]
    assert [len(await own(site, principal, name, first=2)) for name in OWN] == [2, 2, 2]
