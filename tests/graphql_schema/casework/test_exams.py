"""Tests of exams in GraphQL."""

import asyncio
from typing import Any
from uuid import uuid4

from storage.casework.exams import drawing
from storage.casework.exams.tables import ConsequenceOutcome
from storage.record.actor import Role
from storage.record.database import Database
from storage.register.people.tables import ExamCategory
from tests.counting import statements_of
from tests.factories.exams import Hall, hall_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import ZHONGSHAN, Site

SITTING = """uuid examId category craft attempt medium answers { questionId chosen } correct total score passed flags
  satAt recordedAt person { uuid name }"""
CONSEQUENCE = """uuid examId kind article orderedAt due alarm provisional overdue questionIds metAt outcome note
  person { uuid }"""
EXAM = f"""id uuid way reason passMark paperLength checkpointSize checkpointRoot seed heldAt recordedAt
  inspection {{ uuid }} pools {{ category wanted personIds digest }}
  seats {{ uuid category craft rank questionIds absentAt absentReason person {{ uuid name }} }}
  sittings {{ {SITTING} }} consequences {{ {CONSEQUENCE} }}
  defects {{ code message article about madeGoodBy since until }}"""
HOLD = f"""mutation ($input: HoldExamInput!) {{
  holdExam(input: $input) {{ exam {{ {EXAM} }} problem {{ code message }} }}
}}"""
LIST = f"""query ($first: Int = 5, $mine: UUID) {{
  exams(first: $first, mineId: $mine) {{ edges {{ node {{ {EXAM} }} }} }} }}"""
WITHOUT = (
    """{ inspectionsWithoutExam { edges { node { inspection { uuid } defect { code article madeGoodBy until } } } } }"""
)


async def acts(hall: Hall, name: str, fields: str, actor: Any = None, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    payload: dict[str, Any] = (await ask(hall.site.database, actor or hall.lead, text, input=input))[name]
    return payload


async def drawn(hall: Hall) -> dict[str, Any]:
    given = {"id": str(uuid4()), "inspectionId": str(hall.inspection)}
    payload = (await ask(hall.site.database, hall.lead, HOLD, input=given))["holdExam"]
    assert payload["problem"] is None
    exam: dict[str, Any] = payload["exam"]
    return exam


def answers(seat: dict[str, Any], chosen: str) -> list[dict[str, str]]:
    return [{"questionId": one, "chosen": chosen} for one in seat["questionIds"]]


async def sits(
    hall: Hall, exam: dict[str, Any], seat: dict[str, Any], chosen: str = "A", **more: Any
) -> dict[str, Any]:
    input = {
        "id": str(uuid4()), "examId": exam["uuid"], "personId": seat["person"]["uuid"], "category": seat["category"],
        "craft": seat["craft"], "medium": "PHONE", "satAt": "2026-11-24T07:00:00.000Z",
        "answers": answers(seat, chosen),
    }  # fmt: skip
    return await acts(hall, "recordExamSitting", f"sitting {{ {SITTING} }}", **(input | more))


async def test_an_exam_is_drawn_sat_and_told_whole(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await drawn(hall)
    assert (exam["way"], exam["passMark"], exam["paperLength"], exam["defects"]) == ("DRAWN", 80, 20, [])
    assert [one["wanted"] for one in exam["pools"]] == [1, 2, 3, 3]
    root = await site.rows.fetchval("SELECT root FROM checkpoints")
    seed = drawing.seed_of(inspection_id=hall.inspection, size=int(exam["checkpointSize"]), root=root)
    assert (exam["checkpointRoot"], exam["seed"]) == (root.hex(), seed.hex())
    seat = next(one for one in exam["seats"] if one["category"] == "MANAGER")
    failed = (await sits(hall, exam, seat, "B"))["sitting"]
    assert (failed["score"], failed["passed"], failed["flags"], failed["person"]["uuid"]) == (
        0, False, [], seat["person"]["uuid"],
    )  # fmt: skip
    again = (await ask(site.database, hall.lead, LIST))["exams"]["edges"][0]["node"]
    assert [one["kind"] for one in again["consequences"]] == ["RETRAIN", "RESIT"]
    assert {one["code"] for one in again["defects"]} == {"EXAM_SEAT_EMPTY"}
    assert again["sittings"] == [failed]
    node = await ask(site.database, hall.lead, f"query ($id: ID!) {{ node(id: $id) {{ ... on Exam {{ {EXAM} }} }} }}",
                     id=exam["id"])  # fmt: skip
    assert node["node"] == again


async def test_what_follows_a_fail_is_listed_settled_and_decided(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await drawn(hall)
    seat = next(one for one in exam["seats"] if one["category"] == "SPECIAL_OPERATOR")
    await sits(hall, exam, seat, "B")
    open_ones = f"{{ examConsequences(openOnly: true) {{ edges {{ node {{ {CONSEQUENCE} }} }} }} }}"
    found = [edge["node"] for edge in (await ask(site.database, hall.lead, open_ones))["examConsequences"]["edges"]]
    kinds = {one["kind"]: one for one in found}
    resit = dict(seat, questionIds=kinds["RESIT"]["questionIds"])
    await sits(hall, exam, resit, "B", attempt=2)
    settled = await acts(hall, "settleExamConsequence", f"consequence {{ {CONSEQUENCE} }}", operationId=str(uuid4()),
                         consequenceId=kinds["RETRAIN"]["uuid"], outcome=ConsequenceOutcome.RETRAINED.value,
                         note="已补课")  # fmt: skip
    assert settled["consequence"]["outcome"] == "RETRAINED"
    found = [edge["node"] for edge in (await ask(site.database, hall.lead, open_ones))["examConsequences"]["edges"]]
    assert [one["kind"] for one in found] == ["LOSE_QUALIFICATION"]
    given = {"operationId": str(uuid4()), "consequenceId": found[0]["uuid"], "confirmed": True, "note": "补考不及格"}
    refused = await acts(hall, "decideExamLoss", "consequence { uuid }", **given)
    assert refused["problem"] == {"code": "NOT_ALLOWED"}
    ended = await acts(hall, "decideExamLoss", "consequence { outcome }", hall.head, **given)
    assert ended["consequence"] == {"outcome": "QUALIFICATION_ENDED"}
    history = "query ($person: UUID!) { examHistory(personId: $person) { attempt passed } }"
    told = await ask(site.database, hall.lead, history, person=seat["person"]["uuid"])
    assert told["examHistory"] == [{"attempt": 1, "passed": False}, {"attempt": 2, "passed": False}]


async def test_absence_and_an_exam_by_hand_are_recorded(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await drawn(hall)
    seat = exam["seats"][0]
    absent = await acts(hall, "recordExamAbsence", "seat { absentReason absentAt }", seatId=seat["uuid"], reason="出差")
    assert absent["seat"]["absentReason"] == "出差"
    by_hand = await acts(hall, "recordExam", "exam { uuid way seed defects { code about } }", id=str(uuid4()),
                         inspectionId=str(hall.inspection), heldAt="2026-11-24T06:00:00.000Z",
                         reason="井下无网络")  # fmt: skip
    assert by_hand["exam"]["defects"] == [{"code": "EXAM_NOT_DRAWN", "about": ""}]
    text = "query ($id: UUID!) { examsOfInspection(inspectionId: $id) { way } }"
    ways = await ask(site.database, hall.lead, text, id=str(hall.inspection))
    assert ways["examsOfInspection"] == [{"way": "BY_HAND"}, {"way": "DRAWN"}]


async def test_the_bank_is_told_to_officers_and_not_to_the_mine(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers, questions=3)
    text = """query ($first: Int) { examQuestions(first: $first, category: WORKER, askedOnly: true) { edges { node {
      id uuid seriesId version kind categories craft text options answer article draftedBy draftedAt approvedBy
      approvedAt retiredAt } } } }"""
    edges = (await ask(site.database, hall.inspector, text, first=2))["examQuestions"]["edges"]
    assert [edge["node"]["answer"] for edge in edges] == ["A", "A"]
    node = await ask(
        site.database, hall.inspector, "query ($id: ID!) { node(id: $id) { id } }", id=edges[0]["node"]["id"]
    )
    assert node["node"]["id"] == edges[0]["node"]["id"]
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine, certificate=None)
    assert await codes(site.database, clerk, text) == {"NOT_ALLOWED"}
    draft = await acts(hall, "draftExamQuestion", "question { uuid version }", operationId=str(uuid4()),
                       kind="TRUE_FALSE", categories=["WORKER"], text="井下可以吸烟", answer="B",
                       article="煤矿安全规程第十三条", replaces=edges[0]["node"]["uuid"])  # fmt: skip
    assert draft["question"]["version"] == 2
    given = {"operationId": str(uuid4()), "questionId": draft["question"]["uuid"]}
    approved = await acts(hall, "approveExamQuestion", "question { approvedAt }", hall.head, **given)
    assert approved["question"]["approvedAt"]
    given["operationId"] = str(uuid4())
    retired = await acts(hall, "retireExamQuestion", "question { retiredAt }", hall.head, **given)
    assert retired["question"]["retiredAt"]


async def test_a_miner_sees_his_own_results_and_nobody_elses(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await drawn(hall)
    own, other = [one for one in exam["seats"] if one["category"] == "WORKER"][:2]
    for seat in (own, other):
        await sits(hall, exam, seat)
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine, certificate=None)
    await site.rows.execute("UPDATE persons SET account_id = $2 WHERE id = $1", own["person"]["uuid"], miner.account_id)
    text = "{ ownExamResults { passed person { uuid } } }"
    assert (await ask(site.database, miner, text))["ownExamResults"] == [
        {"passed": True, "person": {"uuid": own["person"]["uuid"]}}
    ]
    assert await codes(site.database, miner, LIST) == {"NOT_ALLOWED"}
    async with site.database.reading(miner) as sql:
        assert await sql.fetchval("SELECT count(*) FROM exam_sittings") == 1
        assert await sql.fetchval("SELECT count(*) FROM exam_pools") == 0
    clerk = await site.person(Role.MINE_CLERK, county=None, mine_id=site.mine, certificate=None)
    assert len((await ask(site.database, clerk, LIST))["exams"]["edges"][0]["node"]["sittings"]) == 2
    far = await site.person(Role.INSPECTOR, county=ZHONGSHAN)
    assert (await ask(site.database, far, LIST))["exams"]["edges"] == []


async def test_an_inspection_without_an_exam_is_told_with_its_article(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    found = (await ask(site.database, hall.lead, WITHOUT))["inspectionsWithoutExam"]["edges"]
    assert [edge["node"] for edge in found] == [{
        "inspection": {"uuid": str(hall.inspection)},
        "defect": {"code": "EXAM_MISSING", "article": "实施意见三（十二）4", "madeGoodBy": str(hall.lead.account_id),
                   "until": "2026-11-25T08:00:00.000Z"},
    }]  # fmt: skip
    await drawn(hall)
    assert (await ask(site.database, hall.lead, WITHOUT))["inspectionsWithoutExam"]["edges"] == []


async def test_the_number_of_statements_does_not_grow_with_the_list_or_the_exam(site: Site, workers: Database) -> None:
    heard = statements_of(site.database)  # Before the first use: open connections are not heard.
    hall = await hall_of(site, workers)
    counts = []
    for many in (1, 4):
        for _ in range(many):
            await hall.opens()
            await hall.shows()
            await hall.holds()
        await ask(site.database, hall.lead, LIST)  # Opens the connections, which ask a few things of their own.
        heard.clear()
        found = (await ask(site.database, hall.lead, LIST))["exams"]["edges"]
        counts.append((len(found), len(heard)))
    assert counts == [(1, counts[0][1]), (5, counts[0][1])], "\n".join(one[:90] for one in heard)
    assert counts[0][1] <= 8
    acts_of = []
    for _ in range(2):
        await hall.opens()
        await hall.shows()
        heard.clear()
        await hall.holds()
        await asyncio.sleep(0)  # The driver tells of a statement in the turn of the loop after it.
        acts_of.append(len(heard))
        for _ in range(20):
            await hall.asks(ExamCategory.WORKER)
    assert acts_of[0] == acts_of[1]
