"""Tests of lists and figures in GraphQL: drafted, decided, counted and told, within the reach of whoever asks."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.context import Context
from graphql_schema.executor import Request
from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotSignedIn
from tests.counting import statements_of
from tests.factories.lists import Listing, listing
from tests.graphql_schema.asking import EXECUTOR, ask, codes
from tests.sites import Site

LIST = """id uuid kind division office version asOf nextBy content digest note draftedBy draftedAt approved decidedBy
  decidedAt decisionNote"""
LISTS = f"query ($kind: ListKind) {{ lists(kind: $kind) {{ edges {{ node {{ {LIST} }} }} }} }}"
DUTIES = """query ($division: String, $office: String) { listDuties(division: $division, office: $office) { id kind
  article gathered version publishedOn dueOn overdue waiting } }"""
FIGURES = """id uuid division office year quarter edition content digest dueOn countedBy countedAt"""
ALL_FIGURES = f"{{ figures {{ edges {{ node {{ {FIGURES} }} }} }} }}"
PREVIEW = """query ($year: Int!, $quarter: Int) { figuresPreview(year: $year, quarter: $quarter) { id content digest
  dueOn } }"""
ITEMS = [{"name": "行政复议", "text": "六十日内申请", "article": "行政复议法第二十条"}]


@pytest.fixture
async def made(site: Site) -> Listing:
    return await listing(site)


async def acts(made: Listing, actor: Actor, name: str, fields: str, **input: Any) -> dict[str, Any]:
    kind = name[0].upper() + name[1:]
    text = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} problem {{ code }} }} }}"
    given = {"operationId": str(uuid4()), **input}
    payload: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
    if payload["problem"] is None:
        again: dict[str, Any] = (await ask(made.database, actor, text, input=given))[name]
        assert payload == again  # A replay answers as before.
    return payload


async def test_a_list_is_drafted_decided_and_told(made: Listing) -> None:
    drafted = await acts(
        made, made.drafter, "draftList", f"list {{ {LIST} }}", kind="REMEDIES", items=ITEMS, note="按规定公布"
    )
    assert (drafted["list"]["version"], drafted["list"]["approved"]) == (1, None)
    own = await acts(made, made.head, "decideList", "list { uuid }", listId=str(uuid4()), approve=True, note="同意")
    assert own["problem"]["code"] == "NOT_FOUND"
    decided = await acts(
        made, made.head, "decideList", f"list {{ {LIST} }}", listId=drafted["list"]["uuid"], approve=True, note="同意"
    )
    assert decided["list"]["approved"] is True
    (found,) = (await ask(made.database, made.drafter, LISTS, kind="REMEDIES"))["lists"]["edges"]
    assert found["node"] == decided["list"]
    duties = {one["kind"]: one for one in (await ask(made.database, made.drafter, DUTIES))["listDuties"]}
    assert (duties["REMEDIES"]["version"], duties["REMEDIES"]["overdue"]) == (1, False)
    assert (duties["BASIS"]["version"], duties["BASIS"]["overdue"]) == (None, True)
    assert (duties["SUPERVISORS"]["dueOn"], duties["SUPERVISORS"]["gathered"]) == ("2026-12-31", True)
    office = (await ask(made.database, made.drafter, DUTIES, office="GZ-1"))["listDuties"]
    assert "LICENCES" not in {one["kind"] for one in office}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await ask(made.database, made.drafter, node, id=found["node"]["id"]))["node"] == {"id": found["node"]["id"]}


async def test_figures_are_previewed_published_and_told(made: Listing) -> None:
    assert await codes(made.database, made.drafter, PREVIEW, year=2026) == {"PERIOD_NOT_OVER"}
    preview = (await ask(made.database, made.drafter, PREVIEW, year=2025))["figuresPreview"]
    assert preview["dueOn"] == "2026-01-31"
    told = await acts(
        made, made.drafter, "publishFigures", f"figures {{ {FIGURES} }}", year=2025, digest=preview["digest"]
    )
    assert (told["figures"]["content"], told["figures"]["edition"]) == (preview["content"], 1)
    (found,) = (await ask(made.database, made.drafter, ALL_FIGURES))["figures"]["edges"]
    assert found["node"] == told["figures"]
    for digest, code in (("zz", "BAD_INPUT"), ("00" * 32, "COPY_STALE"), (preview["digest"], "NOTHING_TO_CORRECT")):
        refused = await acts(made, made.drafter, "publishFigures", "figures { uuid }", year=2025, digest=digest)
        assert refused == {"figures": None, "problem": {"code": code}}


async def test_a_refusal_is_a_problem_in_the_payload(made: Listing) -> None:
    usual: dict[str, Any] = {"kind": "REMEDIES", "items": ITEMS, "note": "公布"}
    for changes, code in (
        ({"items": None}, "BAD_INPUT"),
        ({"kind": "POWERS"}, "BAD_INPUT"),
        ({"kind": "SUPERVISORS", "items": None, "division": "520281"}, "LIST_OF_ANOTHER_LEVEL"),
        ({"items": [{"name": "投诉", "text": "致电13800138000"}]}, "PERSONAL_DATA_FOUND"),
        ({"division": "529999"}, "NOT_FOUND"),
    ):
        told = await acts(made, made.drafter, "draftList", "list { uuid }", **(usual | changes))
        assert told == {"list": None, "problem": {"code": code}}, changes
    drafted = await acts(made, made.head, "draftList", "list { uuid }", **usual)
    told = await acts(
        made, made.head, "decideList", "list { uuid }", listId=drafted["list"]["uuid"], approve=True, note="同意"
    )
    assert told["problem"]["code"] == "LIST_TAKES_TWO"


async def test_lists_and_duties_take_one_statement_of_their_tables(made: Listing) -> None:
    for _ in range(3):
        await made.draft()
    fresh = Database(made.database.engine.url.render_as_string(hide_password=False).replace("+asyncpg", ""))
    heard = statements_of(fresh)
    for text in (LISTS, DUTIES, ALL_FIGURES):
        before = len(heard)
        await ask(fresh, made.drafter, text)
        told = [one for one in heard[before:] if "FROM lists" in one or "FROM figures" in one]
        assert len(told) == 1, told
    await fresh.close()


async def test_who_may_not_is_told_so(made: Listing, site: Site) -> None:
    miner = await site.person(Role.MINER, county=None, mine_id=site.mine)
    county = await site.person(Role.LEAD)
    every: list[tuple[str, dict[str, Any]]] = [(LISTS, {}), (DUTIES, {}), (ALL_FIGURES, {}), (PREVIEW, {"year": 2025})]
    for text, given in every:
        assert await codes(made.database, None, text, **given) == {NotSignedIn.code}
        assert await codes(made.database, miner, text, **given) == {NotAllowed.code}
    for text, given in (*every[1:2], (DUTIES, {"office": "GZ-1"}), every[3]):
        assert await codes(made.database, county, text, **given) == {NotAllowed.code}
    answer = await EXECUTOR.answer(
        Request(PREVIEW, {"year": 2025}), Context(made.drafter, made.database, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert answer.errors == []
