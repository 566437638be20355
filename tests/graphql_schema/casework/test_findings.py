"""Tests of findings in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.record.actor import Role
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.casework import make_check
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

FIELDS = """id uuid inspectionId placeId kind severity fact measured clause measureBasis penaltyBasis producing unsafe
  marks flags repeats seenAt recordedBy recordedAt evidenceIds mine { name }
  confirmations { accountId name certified confirmedAt } defects { code article dueAt madeGoodAt madeGoodBy }"""
RECORD = f"""mutation ($input: RecordFindingInput!) {{ recordFinding(input: $input) {{
  finding {{ {FIELDS} }} problem {{ code }} }} }}"""
ATTACH = """mutation ($input: AttachEvidenceInput!) { attachEvidence(input: $input) {
  finding { evidenceIds defects { code madeGoodAt madeGoodBy } } problem { code } } }"""
CONFIRM = """mutation ($input: ConfirmFindingInput!) { confirmFinding(input: $input) {
  finding { confirmations { accountId certified } defects { code madeGoodAt } } problem { code } } }"""
LIST = f"""query ($first: Int, $mine: UUID, $inspection: UUID) {{
  findings(first: $first, mineId: $mine, inspectionId: $inspection) {{ edges {{ node {{ {FIELDS} }} }} }} }}"""
DUE = "{ withdrawalsDue { uuid } }"
LIBRARY = "query ($on: Date) { findingKinds(on: $on) { key title severity clause measure penalty } }"


async def test_a_finding_is_told_with_its_bases_what_it_lacks_and_how_that_was_made_good(site: Site) -> None:
    check = await make_check(site)
    piece = await check.piece()
    given: dict[str, Any] = {
        "id": str(uuid4()), "inspectionId": str(check.id), "kind": "GAS_OVER_LIMIT", "fact": "回风流甲烷超限仍在割煤",
        "seenAt": "2026-11-24T07:30:00Z",
        "placeId": str(check.underground), "producing": True, "unsafe": True,
        "measured": [{"what": "甲烷浓度", "value": "1.2", "unit": "%", "limit": "1.0"}], "marks": ["超强度"],
    }  # fmt: skip
    told = (await ask(site.database, check.lead, RECORD, input=given))["recordFinding"]["finding"]
    assert (told["kind"], told["severity"], told["measured"]) == (
        "GAS_OVER_LIMIT",
        "MAJOR",
        ["甲烷浓度 1.2 %（限值 1.0 %）"],
    )
    assert (told["clause"], told["penaltyBasis"]) == ("煤矿安全生产条例第三十六条第二项", "煤矿安全生产条例第六十四条")
    assert (told["flags"], told["marks"], told["mine"]) == (["WITHDRAWAL_DUE"], ["超强度"], {"name": "甲煤矿"})
    assert [one["code"] for one in told["defects"]] == ["NOT_CONFIRMED", "NO_EVIDENCE"]
    assert told["confirmations"] == [{
        "accountId": str(check.lead.account_id), "name": told["confirmations"][0]["name"], "certified": True,
        "confirmedAt": NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }]  # fmt: skip
    attach = {"findingId": given["id"], "evidenceIds": [str(piece)]}
    told = (await ask(site.database, check.lead, ATTACH, input=attach))["attachEvidence"]["finding"]
    assert told["evidenceIds"] == [str(piece)]
    assert [one["madeGoodAt"] is None for one in told["defects"]] == [True, False]
    told = (await ask(site.database, check.inspector, CONFIRM, input={"findingId": given["id"]}))["confirmFinding"]
    assert all(one["madeGoodAt"] for one in told["finding"]["defects"])
    again = await ask(site.database, check.lead, LIST, mine=str(site.mine), inspection=str(check.id))
    (node,) = [edge["node"] for edge in again["findings"]["edges"]]
    assert (await ask(site.database, check.lead, "query ($id: ID!) { node(id: $id) { ... on Finding { fact } } }",
                      id=node["id"])) == {"node": {"fact": given["fact"]}}  # fmt: skip


async def test_the_library_of_a_day_lists_the_seventeen_major_hazards_first(site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    kinds = (await ask(site.database, miner, LIBRARY, on="2026-01-01"))["findingKinds"]
    assert [one["severity"] for one in kinds[:18]] == ["MAJOR"] * 17 + ["GENERAL"]
    assert (await ask(site.database, miner, LIBRARY, on="2020-01-01"))["findingKinds"] == []


async def test_the_mine_reads_its_findings_and_strangers_and_other_roles_do_not(site: Site) -> None:
    check = await make_check(site)
    await check.finds()
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    (node,) = [edge["node"] for edge in (await ask(site.database, principal, LIST))["findings"]["edges"]]
    assert (node["flags"], node["defects"]) == (None, None), "what it lacks and leads to is the agency's"
    (seen,) = [edge["node"] for edge in (await ask(site.database, check.lead, LIST))["findings"]["edges"]]
    assert seen["defects"]
    assert seen["flags"] == []
    far = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.far_mine)
    assert (await ask(site.database, far, LIST))["findings"]["edges"] == []
    assert await codes(site.database, await site.person(Role.MINER), LIST) == {NotAllowed.code}
    assert await codes(site.database, None, LIST) == {NotSignedIn.code}


async def test_no_mine_reads_of_which_findings_people_are_to_be_withdrawn(site: Site) -> None:
    check = await make_check(site)
    await check.finds(kind="GAS_OVER_LIMIT", unsafe=True)
    assert len((await ask(site.database, check.lead, DUE))["withdrawalsDue"]) == 1
    for role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK):
        mines = await site.person(role, county=None, mine_id=site.mine)
        assert await codes(site.database, mines, DUE) == {NotAllowed.code}
        (node,) = [edge["node"] for edge in (await ask(site.database, mines, LIST))["findings"]["edges"]]
        assert node["flags"] is None


async def test_refusals_are_problems_in_the_payload(site: Site) -> None:
    check = await make_check(site)
    given = {
        "id": str(uuid4()),
        "inspectionId": str(check.id),
        "kind": "NO",
        "fact": "四个字的",
        "seenAt": "2026-11-24T07:30:00Z",
    }
    told = await ask(site.database, check.lead, RECORD, input=given)
    assert told["recordFinding"] == {"finding": None, "problem": {"code": "FINDING_KIND_UNKNOWN"}}
    told = await ask(site.database, check.lead, CONFIRM, input={"findingId": str(uuid4())})
    assert told["confirmFinding"] == {"finding": None, "problem": {"code": "NOT_FOUND"}}


async def test_the_list_takes_as_many_statements_for_thirty_findings_as_for_one(site: Site) -> None:
    heard = statements_of(site.database)
    check = await make_check(site)
    for _ in range(30):
        await check.finds(evidence=(await check.piece(),))
    await ask(site.database, check.lead, LIST, first=1)
    counts = []
    for first in (1, 30):
        heard.clear()
        data = await ask(site.database, check.lead, LIST, first=first)
        assert len(data["findings"]["edges"]) == first
        counts.append(len(heard))
    assert counts[0] == counts[1] == 5, heard
