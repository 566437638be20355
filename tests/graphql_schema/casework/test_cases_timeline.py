"""Tests of the timeline of a case in GraphQL: steps, findings, measures, evidence and papers in one order."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.steps import StepKind
from storage.casework.papers import operations, signing
from storage.casework.papers.bodies import Body, Value
from storage.casework.papers.operations import Draft
from storage.casework.papers.rules import PaperContradictsRecord, PaperStepUnknown
from storage.casework.papers.signing import Refusing, Signing
from storage.casework.papers.tables import PaperSubject, SignedWay
from storage.record.actor import Role
from storage.record.clock import to_ms
from storage.record.work import perform
from tests.counting import statements_of
from tests.factories.measures import orders
from tests.factories.papers import STROKES
from tests.graphql_schema.asking import ask, codes
from tests.graphql_schema.casework.test_cases import Front, front
from tests.sites import NOW, Site

STEP = """uuid ordinal kind at recordedAt by partyId officers { accountId certified } body entryId position evidenceIds
  papers { form paper { number stepId } }"""
NODE = f"""__typename ... on CaseStep {{ {STEP} }} ... on Finding {{ fact }} ... on Measure {{ title }}
  ... on Evidence {{ sha256 }} ... on Paper {{ form }}"""
TIMELINE = f"""query ($id: UUID!, $first: Int, $after: String, $last: Int, $before: String, $kinds: [CaseEventKind!]) {{
  caseTimeline(id: $id, first: $first, after: $after, last: $last, before: $before, kinds: $kinds) {{
    edges {{ cursor node {{ id uuid kind what at recordedAt entryId position seconds node {{ {NODE} }} }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""
NOTICE, RECEIPT = "行政处罚告知书", "文书送达回执"


async def walk(site: Site, case: Front, **page: Any) -> dict[str, Any]:
    """A page of the timeline, as the lead reads it."""
    told: dict[str, Any] = (await ask(site.database, case.check.lead, TIMELINE, id=case.id, **page))["caseTimeline"]
    return told


def nodes_of(page: dict[str, Any]) -> list[dict[str, Any]]:
    return [edge["node"] for edge in page["edges"]]


async def issue(
    site: Site, case: Front, form: str, fields: dict[str, Value] | None = None, step: UUID | None = None
) -> Any:
    """A paper about the case, drafted and issued by the lead."""
    draft = Draft(id=uuid4(), form=form, subject_kind=PaperSubject.CASE, subject_id=UUID(case.id), step_id=step,
                  fields=fields or {})  # fmt: skip
    await perform(site.database, case.check.lead, NOW, operations.draft_paper, draft=draft)
    return await perform(site.database, case.check.lead, NOW, operations.issue_paper, paper_id=draft.id)


async def rich(site: Site) -> Front:
    """A case that rests on a finding, which a measure answers, with papers that were signed and refused."""
    case = await front(site)
    finding = await case.check.finds(evidence=(await case.check.piece(),))
    await orders(case.check, "CORRECT_BY_TERM", finding.id, days=10)
    conduct = {"id": case.conduct, "name": "超限", "clause": "条例第三十六条", "beganOn": "2026-11-01",
               "finding": str(finding.id)}  # fmt: skip
    await case.propose(conducts=[conduct])
    paper = await issue(site, case, "立案审批表")
    hand = Signing(place="承办人1", way=SignedWay.HAND, at=to_ms(NOW), name="人员1", strokes=STROKES)
    await perform(site.database, case.check.lead, NOW, signing.sign_paper, paper_id=paper["id"], signing=hand)
    said = Refusing(place="承办人2", name="人员2", reason="有异议", witness="王五", evidence_id=None)
    await perform(site.database, case.check.lead, NOW, signing.record_refusal, paper_id=paper["id"], refusing=said)
    return case


async def test_the_timeline_is_walked_either_way_and_tells_what_each_step_says(site: Site) -> None:
    case = await front(site)
    await case.to_the_notice()
    only = {"kinds": ["STEP"]}
    first = await walk(site, case, first=2, **only)
    assert [one["node"]["kind"] for one in nodes_of(first)] == ["PROPOSED", "REGISTERED"]
    assert [one["what"] for one in nodes_of(first)] == ["立案呈批", "立案"]
    assert first["pageInfo"]["hasNextPage"] is True
    rest = await walk(site, case, first=10, after=first["pageInfo"]["endCursor"], **only)
    steps = [one["node"] for one in nodes_of(rest)]
    assert [one["ordinal"] for one in steps] == [2, 3, 4, 5, 6, 7]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert len(steps[0]["evidenceIds"]) == 1
    assert json.loads(steps[2]["body"])["sanctions"] == [
        {"kind": "FINE", "sum": 1_000_000, "basis": "", "reckoned_on": 0, "days": 0, "terms": ""}
    ]
    last = await walk(site, case, last=2, **only)
    assert [one["node"]["ordinal"] for one in nodes_of(last)] == [6, 7]
    assert last["pageInfo"]["hasPreviousPage"] is True
    before = await walk(site, case, last=2, before=last["pageInfo"]["startCursor"], **only)
    assert [one["node"]["ordinal"] for one in nodes_of(before)] == [4, 5]
    assert nodes_of(first)[0]["node"]["officers"][0] == {"accountId": case.officers[0], "certified": True}


async def test_everything_that_a_case_rests_on_stands_in_one_order_with_its_entry(site: Site) -> None:
    case = await rich(site)
    told = nodes_of(await walk(site, case, first=100))
    assert {(one["kind"], one["node"]["__typename"]) for one in told} == {
        ("STEP", "CaseStep"), ("FINDING", "Finding"), ("MEASURE_STEP", "Measure"), ("EVIDENCE", "Evidence"),
        ("PAPER_ISSUED", "Paper"), ("PAPER_SIGNED", "Paper"), ("PAPER_REFUSED", "Paper"),
    }  # fmt: skip
    assert [one["recordedAt"] for one in told] == sorted(one["recordedAt"] for one in told)
    by_kind = {one["kind"]: one for one in told}
    assert by_kind["MEASURE_STEP"]["what"] == "作出措施"
    assert by_kind["PAPER_SIGNED"]["what"] == "承办人1"
    entries = {row["id"] for row in await site.rows.fetch("SELECT id FROM entries")}
    assert {UUID(one["entryId"]) for one in told if one["kind"] != "EVIDENCE"} <= entries
    walked, after = [], None
    while True:
        page = await walk(site, case, first=2, after=after)
        walked += nodes_of(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert [one["id"] for one in walked] == [one["id"] for one in told]


async def test_a_step_names_its_paper_and_shows_where_there_is_none(site: Site) -> None:
    case = await front(site)
    await case.to_the_notice()
    paper = await issue(site, case, NOTICE)
    told = nodes_of(await walk(site, case, first=50, kinds=["STEP"]))
    notice = next(one["node"] for one in told if one["node"]["kind"] == "NOTICE_SERVED")
    assert notice["papers"] == [
        {"form": NOTICE, "paper": {"number": paper["number"], "stepId": notice["uuid"]}},
        {"form": RECEIPT, "paper": None},
    ]
    fields = Body.decode(paper["body"]).fields
    assert (fields["违法行为"], fields["处罚依据"], fields["违反的规定"]) == ("事实。", "条例。", "条例第三十六条。")
    assert fields["拟作出的行政处罚"] == "处人民币壹万元整（￥10,000.00）罚款。"
    assert set(Body.decode(paper["body"]).record) == set(fields)
    receipt = Body.decode((await issue(site, case, RECEIPT, step=UUID(notice["uuid"])))["body"])
    assert receipt.fields["送达的文书"][0][0] == f"{NOTICE} {paper['number']}"
    assert receipt.fields["送达的文书"][0][3] == "2026年11月24日"
    assert receipt.fields["备注"] == "直接送达；送达回证；收件人矿长。"


async def test_a_paper_stands_for_a_step_of_its_form_and_of_its_case_alone(site: Site) -> None:
    case = await front(site)
    await case.to_the_notice()
    (first, *_) = nodes_of(await walk(site, case, first=1, kinds=["STEP"]))
    for step in (uuid4(), UUID(first["uuid"])):
        with pytest.raises(PaperStepUnknown):
            await issue(site, case, NOTICE, step=step)
    with pytest.raises(PaperContradictsRecord, match="拟作出的行政处罚"):
        await issue(site, case, NOTICE, {"拟作出的行政处罚": "处人民币壹元罚款"})


async def test_a_cursor_of_another_list_is_refused(site: Site) -> None:
    case = await front(site)
    await case.propose()
    listed = await ask(site.database, case.head, "{ cases { edges { cursor } } }")
    (edge,) = listed["cases"]["edges"]
    assert await codes(site.database, case.head, TIMELINE, id=case.id, first=5, after=edge["cursor"]) == {"BAD_CURSOR"}


async def test_who_sees_no_case_sees_nothing_of_its_timeline(site: Site) -> None:
    case = await rich(site)
    far = await site.person(Role.AUDITOR, county="520201")
    assert (await ask(site.database, far, TIMELINE, id=case.id))["caseTimeline"]["edges"] == []


async def test_a_timeline_costs_as_many_statements_however_long_it_is(site: Site) -> None:
    heard, counts = statements_of(site.database), []
    case = await rich(site)
    for more in (0, 4):
        for _ in range(more):
            await issue(site, case, "案件延期审批表", {"案件延期理由": "案情复杂"})
            await case.act(StepKind.NOTED, words="所见", evidence=[str(await case.check.piece())],
                           officerIds=case.officers)  # fmt: skip
        await ask(site.database, case.check.lead, TIMELINE, id=case.id, first=100)
        heard.clear()
        edges = (await ask(site.database, case.check.lead, TIMELINE, id=case.id, first=100))["caseTimeline"]["edges"]
        counts.append((len(edges), len(heard)))
    assert counts[0][1] == counts[1][1], (counts, heard)
    assert counts[1][0] >= counts[0][0] + 8
