"""Tests of the law and its changes in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.record.actor import Role
from storage.record.law import YearNotPublished
from storage.record.problems import BadInput, NotSignedIn
from tests.counting import statements_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

DRAFT = """mutation ($input: DraftProvisionInput!) { draftProvision(input: $input) {
  provision { uuid kind key value article inForceFrom inForceTo note draftedBy approved decidedBy decisionNote }
  problem { code } } }"""
DECIDE = """mutation ($input: DecideProvisionInput!) { decideProvision(input: $input) {
  provision { id approved decidedBy decidedAt decisionNote } problem { code } } }"""
LAW = "query ($on: Date) { lawParameters(on: $on) { key value unit article inForceFrom inForceTo settled note } }"
DEADLINE = """query ($key: String!, $start: DateTime!) { deadline(key: $key, start: $start) {
  key article start unit count ends endsAt alarm unmoved counted provisional settled note } }"""
LIST = "query ($first: Int) { provisions(first: $first) { edges { node { id uuid key draftedAt } } } }"


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "operationId": str(uuid4()), "kind": "PARAMETER", "key": "defence", "value": ["3"], "article": "新令",
        "inForceFrom": "2026-02-01", "note": "注", **changes,
    }  # fmt: skip


async def test_two_people_change_a_number_and_everybody_reads_it_with_its_article(site: Site) -> None:
    reviewer = await site.person(Role.LEGAL_REVIEWER, county=None, division="52")
    head = await site.person(Role.AGENCY_HEAD, county=None, division="52")
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    data = await ask(site.database, reviewer, DRAFT, input=wanted())
    drafted = data["draftProvision"]["provision"]
    assert drafted | {"uuid": ""} == {
        "uuid": "", "kind": "PARAMETER", "key": "defence", "value": ["3"], "article": "新令",
        "inForceFrom": "2026-02-01", "inForceTo": None, "note": "注", "draftedBy": str(reviewer.account_id),
        "approved": None, "decidedBy": None, "decisionNote": None,
    }  # fmt: skip
    given = {"operationId": str(uuid4()), "provisionId": drafted["uuid"], "approve": True, "note": "同意"}
    for _ in range(2):  # A replay answers the same.
        data = await ask(site.database, head, DECIDE, input=given)
        assert data["decideProvision"]["provision"]["approved"] is True
    parameters = {one["key"]: one for one in (await ask(site.database, miner, LAW))["lawParameters"]}
    assert (parameters["defence"]["value"], parameters["defence"]["article"]) == (["3"], "新令")
    assert len(parameters["evidence_kinds"]["value"]) == 8
    before = {one["key"]: one for one in (await ask(site.database, miner, LAW, on="2026-01-31"))["lawParameters"]}
    assert before["defence"]["settled"] is False
    assert before["defence"]["note"]


async def test_a_deadline_explains_itself(site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    data = await ask(site.database, miner, DEADLINE, key="hearing_request", start="2024-09-27T02:00:00Z")
    assert data["deadline"] == {
        "key": "hearing_request", "article": "行政处罚法第六十四条", "start": "2024-09-27", "unit": "working days",
        "count": 5, "ends": "2024-10-10", "endsAt": None, "alarm": "2024-10-10", "unmoved": "2024-10-10",
        "counted": ["2024-09-29", "2024-09-30", "2024-10-08", "2024-10-09", "2024-10-10"], "provisional": False,
        "settled": True, "note": "",
    }  # fmt: skip
    data = await ask(site.database, miner, DEADLINE, key="urgent_measure_report", start="2025-10-01T06:20:00Z")
    assert data["deadline"]["endsAt"] == "2025-10-02T06:20:00.000Z"


async def test_what_is_no_period_and_what_cannot_be_counted_is_told(site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    for key in ("evidence_kinds", "surcharge", "nothing"):
        assert await codes(site.database, miner, DEADLINE, key=key, start="2026-01-05T00:00:00Z") == {BadInput.code}
    asked = {"key": "hearing_request", "start": "2026-12-30T00:00:00Z"}
    assert await codes(site.database, miner, DEADLINE, **asked) == {YearNotPublished.code}
    for document, given in ((LAW, {}), (DEADLINE, asked), (LIST, {})):
        assert await codes(site.database, None, document, **given) == {NotSignedIn.code}


async def test_a_refusal_is_a_problem_in_the_payload(site: Site) -> None:
    reviewer = await site.person(Role.LEGAL_REVIEWER, county=None, division="52")
    for changes, code in (({"key": "nothing"}, "PARAMETER_UNKNOWN"), ({"value": ["a", "b"]}, "BAD_INPUT")):
        data = await ask(site.database, reviewer, DRAFT, input=wanted(**changes))
        assert data["draftProvision"] == {"provision": None, "problem": {"code": code}}


async def test_the_list_is_newest_first_in_one_statement_whatever_its_length(site: Site) -> None:
    reviewer = await site.person(Role.LEGAL_REVIEWER, county=None, division="52")
    heard = statements_of(site.database)
    made = []
    for number in range(3):
        data = await ask(site.database, reviewer, DRAFT, input=wanted(value=[str(number + 1)]))
        made.append(data["draftProvision"]["provision"]["uuid"])
    counts = []
    for first in (1, 3):
        heard.clear()
        data = await ask(site.database, reviewer, LIST, first=first)
        nodes = [edge["node"] for edge in data["provisions"]["edges"]]
        assert [node["uuid"] for node in nodes] == sorted(made, reverse=True)[:first]  # All at one moment, so by id.
        counts.append(len(heard))
    assert counts == [1, 1]
    again = await ask(site.database, reviewer, "query ($id: ID!) { node(id: $id) { ... on Provision { key } } }",
                      id=nodes[0]["id"])  # fmt: skip
    assert again["node"]["key"] == "defence"


FORM = {
    "word": "", "layout": "SHEET", "internal": True, "stamped": False,
    "fields": [{"name": "内容", "kind": "TEXT", "must": True}], "places": [{"name": "审批人", "capacity": "APPROVER"}],
}  # fmt: skip
TIERS = [
    {"ground": "PLAIN", "article": "基准", "least": "60000000", "most": "90000000"},
    {"ground": "LIGHTER", "article": "基准", "when": [["CORRECTED"], ["MERIT", "FIRST_TIME"]], "shareTo": 300},
]
STANDARD = {"title": "重大隐患", "article": "令", "tiers": TIERS}
KIND = {
    "title": "未上传", "severity": "GENERAL", "clause": "第五十七条", "measure": "第四十四条", "penalty": "第六十三条",
    "fine": "fine_listed",
}  # fmt: skip
POWER = {"name": "数据", "article": "第五十七条", "holders": ["DEPARTMENT"], "ground": "安法65", "handling": "改正"}
ITEM = """mutation ($input: DraftProvisionInput!) { draftProvision(input: $input) {
  provision { uuid kind value content ends } problem { code } } }"""
READ = """query ($on: Date) { findingKinds(on: $on) { key title } enforcementPowers(on: $on) { key name }
  discretionStandards(on: $on) { key title article inForceFrom inForceTo settled note
    tiers { ground article words least most shareFrom shareTo when { circumstances } } }
  findingMarks(on: $on) { name marks } }"""


async def test_items_of_the_law_are_drafted_each_in_its_own_words_and_everybody_reads_what_was_approved(
    site: Site,
) -> None:
    reviewer = await site.person(Role.LEGAL_REVIEWER, county=None, division="52")
    head = await site.person(Role.AGENCY_HEAD, county=None, division="52")
    for kind, key, field, item in (
        ("FINDING_KIND", "DATA_NOT_SENT", "findingKind", KIND), ("POWER", "DATA_SENT", "power", POWER),
        ("DISCRETION", "fine_major_hazard_unit", "discretion", STANDARD),
        ("FORM", "核查表", "form", FORM), ("POWER", "FUNDS", "ends", True),
    ):  # fmt: skip
        given = wanted(kind=kind, key=key, value=[], **{field: item})
        made = (await ask(site.database, reviewer, ITEM, input=given))["draftProvision"]["provision"]
        assert (made["kind"], made["value"], made["ends"]) == (kind, [], field == "ends")
        assert (made["content"] is None) is (field == "ends")
        decision = {"operationId": str(uuid4()), "provisionId": made["uuid"], "approve": True}
        await ask(site.database, head, DECIDE, input=decision)
    law = await ask(site.database, head, READ, on="2026-03-01")
    assert {"key": "DATA_NOT_SENT", "title": "未上传"} in law["findingKinds"]
    powers = {one["key"] for one in law["enforcementPowers"]}
    assert "DATA_SENT" in powers
    assert "FUNDS" not in powers
    own = next(one for one in law["discretionStandards"] if one["key"] == "fine_major_hazard_unit")
    assert (own["title"], own["settled"], own["inForceFrom"]) == ("重大隐患", True, "2026-02-01")
    assert own["tiers"][0]["least"] == "60000000"
    assert own["tiers"][1]["when"] == [{"circumstances": ["CORRECTED"]}, {"circumstances": ["MERIT", "FIRST_TIME"]}]
    assert law["findingMarks"][0]["name"] == "五假"
    before = await ask(site.database, head, READ, on="2026-01-31")
    assert {one["key"] for one in before["enforcementPowers"]} >= {"FUNDS"}
    assert [one["key"] for one in before["discretionStandards"]] == ["GENERAL"]


async def test_a_draft_brings_just_what_its_kind_says(site: Site) -> None:
    reviewer = await site.person(Role.LEGAL_REVIEWER, county=None, division="52")
    for changes in (
        {"kind": "POWER", "key": "DATA_SENT", "value": []}, {"kind": "POWER", "key": "X", "value": [], "form": FORM},
        {"kind": "POWER", "key": "FUNDS", "value": [], "power": POWER, "ends": True}, {"power": POWER},
    ):  # fmt: skip
        data = await ask(site.database, reviewer, ITEM, input=wanted(**changes))
        assert data["draftProvision"]["problem"]["code"] == "BAD_INPUT", changes
