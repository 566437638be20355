"""Tests of a year's clauses in GraphQL: made by two, told whole, read by anybody who asks what a mine promises."""

from typing import Any
from uuid import uuid4

import pytest

from storage.promises.templates.rules import YearOver
from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.templates import TIGHTER, YEAR, Promises, clause, promises_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

WORDS = "{ zh en }"
CLAUSE = f"""key field title {WORDS} says {WORDS} checked {WORDS} otherwise {WORDS} evidence article contradictedBy
  settled note
  condition {{ kind unit least most yes notBefore notAfter holds lacks }}"""
TEMPLATE = f"""id uuid year version note draftedBy draftedAt approved decidedBy decidedAt decisionNote
  clauses {{ {CLAUSE} }}"""
OWN = f"""id uuid mineId year replaces note draftedBy draftedAt adopted decidedBy decidedAt decisionNote
  clause {{ {CLAUSE} }}"""
FOR = f"""query ($mine: UUID!, $year: Int!) {{ clausesFor(mineId: $mine, year: $year) {{
  mineId year version clauses {{ own clause {{ {CLAUSE} }} }} }} }}"""
PROPOSAL = f"query ($year: Int!) {{ commitmentProposal(year: $year) {{ {CLAUSE} }} }}"
LIST = "query ($first: Int) { commitmentTemplates(first: $first) { edges { node { uuid clauses { key } } } } }"
OWN_LIST = """query ($first: Int, $mine: UUID, $year: Int) { ownClauses(first: $first, mineId: $mine, year: $year) {
  edges { node { uuid clause { key } } } } }"""


@pytest.fixture
async def promises(site: Site) -> Promises:
    return await promises_of(site)


async def acts(promises: Promises, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(promises.site.database, actor, text, input=given))[name]
    again: dict[str, Any] = (await ask(promises.site.database, actor, text, input=given))[name]
    assert payload == again  # A replay answers the same.
    return payload


async def proposed(promises: Promises) -> list[dict[str, Any]]:
    found = await ask(promises.site.database, promises.reviewer, PROPOSAL, year=YEAR)
    told: list[dict[str, Any]] = found["commitmentProposal"]
    return told


async def test_the_proposal_is_drafted_approved_tightened_adopted_and_read_without_an_account(
    promises: Promises,
) -> None:
    database, site = promises.site.database, promises.site
    told = await proposed(promises)
    drafted = (await acts(promises, promises.reviewer, "draftTemplate", f"template {{ {TEMPLATE} }}", year=YEAR,
                          clauses=told, note="第一稿"))["template"]  # fmt: skip
    assert (drafted["year"], drafted["version"], drafted["note"], drafted["approved"]) == (YEAR, 1, "第一稿", None)
    assert drafted["clauses"] == told
    assert (await ask(database, None, FOR, mine=str(site.mine), year=YEAR))["clausesFor"] is None
    decided = (await acts(promises, promises.head, "decideTemplate", f"template {{ {TEMPLATE} }}",
                          templateId=drafted["uuid"], approve=True, note="同意"))["template"]  # fmt: skip
    assert (decided["approved"], decided["decisionNote"], decided["decidedBy"] is None) == (True, "同意", False)
    gas = next(one for one in told if one["key"] == "GAS_IN_RETURN")
    tighter = gas | {"condition": gas["condition"] | {"most": 75}}
    own = (await acts(promises, promises.clerk, "draftOwnClause", f"ownClause {{ {OWN} }}", mineId=str(site.mine),
                      year=YEAR, clause=tighter, note="按规程"))["ownClause"]  # fmt: skip
    assert (own["clause"], own["adopted"], own["replaces"], own["note"]) == (tighter, None, None, "按规程")
    adopted = (await acts(promises, promises.principal, "decideOwnClause", f"ownClause {{ {OWN} }}",
                          clauseId=own["uuid"], adopt=True))["ownClause"]  # fmt: skip
    assert adopted["adopted"] is True
    held = (await ask(database, None, FOR, mine=str(site.mine), year=YEAR))["clausesFor"]
    assert (held["mineId"], held["year"], held["version"]) == (own["mineId"], YEAR, 1)
    assert [one["clause"] for one in held["clauses"] if one["own"]] == [tighter]
    assert [one["clause"] for one in held["clauses"] if not one["own"]] == [one for one in told if one is not gas]
    for kind, node, actor in (("CommitmentTemplate", decided, promises.clerk), ("OwnClause", adopted, promises.head)):
        fields = TEMPLATE if kind == "CommitmentTemplate" else OWN
        text = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}"
        assert (await ask(database, actor, text, id=node["id"]))["node"] == node


async def test_a_refusal_is_a_problem_in_the_payload(promises: Promises) -> None:
    told = await proposed(promises)
    payload = await acts(promises, promises.reviewer, "draftTemplate", "template { uuid }", year=2025, clauses=told)
    assert payload == {"template": None, "problem": {"code": "YEAR_OVER"}}
    template = await promises.approved()
    payload = await acts(promises, promises.head, "decideTemplate", "template { uuid }", templateId=str(template.id),
                         approve=True)  # fmt: skip
    assert payload["problem"] == {"code": "TEMPLATE_DECIDED"}
    gas = next(one for one in told if one["key"] == "GAS_IN_RETURN")
    for change, code in (({"most": 101}, "LOOSER_THAN_THE_TEMPLATE"), ({"unit": "DAYS"}, "BOUND_IN_ANOTHER_UNIT"),
                         ({"yes": True}, "BAD_INPUT")):  # fmt: skip
        payload = await acts(promises, promises.clerk, "draftOwnClause", "ownClause { uuid }", year=YEAR,
                             mineId=str(promises.site.mine),
                             clause=gas | {"condition": gas["condition"] | change})  # fmt: skip
        assert payload == {"ownClause": None, "problem": {"code": code}}, change
    own = await promises.adopted(clause(condition=TIGHTER))
    payload = await acts(promises, promises.principal, "decideOwnClause", "ownClause { uuid }", clauseId=str(own.id),
                         adopt=False)  # fmt: skip
    assert payload["problem"] == {"code": "CLAUSE_DECIDED"}


async def test_who_may_not_is_told_so(promises: Promises) -> None:
    miner = await promises.site.person(Role.MINER, county=None, mine_id=promises.site.mine)
    for document, given in ((LIST, {}), (OWN_LIST, {}), (PROPOSAL, {"year": YEAR})):
        assert await codes(promises.site.database, None, document, **given) == {NotSignedIn.code}
        assert await codes(promises.site.database, miner, document, **given) == {NotAllowed.code}
    assert await codes(promises.site.database, promises.reviewer, PROPOSAL, year=2025) == {YearOver.code}


async def test_lists_are_newest_first_in_one_statement_whatever_their_length(promises: Promises) -> None:
    heard = statements_of(promises.site.database)
    templates = [str((await promises.approved()).id) for _ in range(3)]
    own = [str((await promises.tightens(clause(condition=TIGHTER))).id) for _ in range(3)]
    for document, field, made in ((LIST, "commitmentTemplates", templates), (OWN_LIST, "ownClauses", own)):
        for first in (1, 3):
            heard.clear()
            found = (await ask(promises.site.database, promises.head, document, first=first))[field]
            assert [one["node"]["uuid"] for one in found["edges"]] == made[::-1][:first]
            assert len(heard) == 1, heard
    for narrowed, count in (({"mine": str(promises.site.mine), "year": YEAR}, 3), ({"year": 2026}, 0),
                            ({"mine": str(promises.site.far_mine)}, 0)):  # fmt: skip
        found = await ask(promises.site.database, promises.head, OWN_LIST, **narrowed)
        assert len(found["ownClauses"]["edges"]) == count


async def test_what_a_clause_demands_is_told_in_words_too(promises: Promises) -> None:
    text = "query ($year: Int!) { commitmentProposal(year: $year) { key condition { words { zh en } } } }"
    found = (await ask(promises.site.database, promises.reviewer, text, year=YEAR))["commitmentProposal"]
    words = {one["key"]: one["condition"]["words"] for one in found}
    assert words["GAS_IN_RETURN"] == {"zh": "不超过1.00%", "en": "at most 1.00 %"}
