"""Tests of the desk of legal review in GraphQL: notes, what changed since the last submission, like cases."""

import json
from typing import Any
from uuid import uuid4

from storage.casework.cases.steps import StepKind
from storage.record.actor import Role
from tests.factories.desk import make_desk
from tests.graphql_schema.asking import ask, codes
from tests.graphql_schema.casework.test_cases import Front, front
from tests.sites import Site

CHANGES = """query ($id: UUID!, $party: UUID!) { caseReviewChanges(id: $id, partyId: $party) {
  beforeId answeredId nowId sanctionsBefore sanctionsNow steps { stepId kind at body } papers { uuid } } }"""
LIKE = """query ($id: UUID!, $first: Int!) { likeCases(id: $id, first: $first) {
  caseId cause mineId byClause byKind
  results { decisionId at party outcome fine sanctions ground stands } } }"""


async def to_the_review(case: Front) -> str:
    await case.propose()
    await case.act(StepKind.REGISTERED, by=case.head)
    await case.act(StepKind.EVIDENCE_ADDED, name="照片", proves="超限", evidence=[str(await case.check.piece())],
                   officerIds=case.officers)  # fmt: skip
    await case.act(StepKind.INVESTIGATION_ENDED, facts="事实清楚", publicInterest=True, officerIds=case.officers)
    return await submit(case)


async def submit(case: Front) -> str:
    id = str(uuid4())
    answer = await case.act(StepKind.REVIEW_SUBMITTED, id=id, partyId=case.party, sanctions=[], papers="案卷")
    assert answer["problem"] is None, answer
    return id


async def test_a_reviewer_sends_back_with_notes_and_reads_what_changed(site: Site) -> None:
    case, reviewer = await front(site), await site.person(Role.LEGAL_REVIEWER)
    first = await to_the_review(case)

    async def changes() -> Any:
        return (await ask(site.database, reviewer, CHANGES, id=case.id, party=case.party))["caseReviewChanges"]

    assert await changes() is None
    stray = {"point": "FACTS", "words": "时间不清", "paper": str(uuid4()), "page": 3}
    answer = await case.act(StepKind.REVIEW_RETURNED, by=reviewer, partyId=case.party, submitted=first, notes="补正",
                            remarks=[stray])  # fmt: skip
    assert answer["problem"]["code"] == "NOTE_ELSEWHERE"
    back = str(uuid4())
    answer = await case.act(StepKind.REVIEW_RETURNED, id=back, by=reviewer, partyId=case.party, submitted=first,
                            notes="补正")  # fmt: skip
    assert answer["problem"] is None
    added = str(uuid4())
    await case.act(StepKind.EVIDENCE_ADDED, id=added, name="检定证书", proves="准确",
                   evidence=[str(await case.check.piece())], officerIds=case.officers)  # fmt: skip
    again = await submit(case)
    told = await changes()
    assert (told["beforeId"], told["answeredId"], told["nowId"]) == (first, back, again)
    assert (told["sanctionsBefore"], told["sanctionsNow"], told["papers"]) == ("[]", "[]", [])
    assert [(one["stepId"], one["kind"]) for one in told["steps"]] == [(added, "EVIDENCE_ADDED")]
    assert json.loads(told["steps"][0]["body"])["name"] == "检定证书"


async def test_like_cases_are_read_with_their_results(site: Site) -> None:
    decided = await make_desk(site)
    await decided.decide()
    case = await front(site)
    await case.propose()
    (told,) = (await ask(site.database, case.check.lead, LIKE, id=case.id, first=10))["likeCases"]
    assert (told["caseId"], told["byClause"], told["byKind"]) == (str(decided.id), True, False)
    (result,) = told["results"]
    assert {name: result[name] for name in ("party", "outcome", "fine", "sanctions", "ground", "stands")} == {
        "party": "UNIT", "outcome": "PENALTY", "fine": "1000000", "sanctions": ["FINE"], "ground": "PLAIN",
        "stands": True,
    }  # fmt: skip


async def test_the_mine_reads_nothing_of_the_desk(site: Site) -> None:
    case, clerk = await front(site), await site.person(Role.MINE_CLERK)
    await to_the_review(case)
    assert await codes(site.database, clerk, LIKE, id=case.id, first=1) == {"NOT_ALLOWED"}
    assert await codes(site.database, clerk, CHANGES, id=case.id, party=case.party) == {"NOT_ALLOWED"}
