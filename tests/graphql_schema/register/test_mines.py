"""Tests of mines in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.record.actor import Role
from storage.record.problems import NotSignedIn
from storage.register.mines.tables import MineState
from tests.counting import statements_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import PANZHOU, ZHONGSHAN, Site, credit_code

LIST = """query ($first: Int, $after: String, $county: String, $state: MineState) {
  mines(first: $first, after: $after, county: $county, state: $state) {
    edges { cursor node { id uuid name creditCode state disasters latitude longitude registeredAt sample
      county { id code name parent } supervisor { code name } office { id code name sample } } }
    pageInfo { hasNextPage endCursor }
  }
}"""
REGISTER = """mutation ($input: RegisterMineInput!) {
  registerMine(input: $input) { mine { id name } problem { code message parameters { name value } } }
}"""


def wanted(**changes: Any) -> dict[str, Any]:
    usual = {
        "operationId": str(uuid4()), "name": "丁煤矿", "creditCode": credit_code(900), "county": PANZHOU,
        "office": "GZ-1", "supervisor": "5202", "state": "BUILDING", "disasters": ["WATER"],
        "latitude": 257_123_456, "longitude": 1_046_123_456,
    }  # fmt: skip
    return usual | changes


async def test_a_mine_is_told_with_its_divisions_and_office(site: Site) -> None:
    inspector = await site.person(Role.INSPECTOR)
    data = await ask(site.database, inspector, LIST, state="PRODUCING")
    (node,) = [edge["node"] for edge in data["mines"]["edges"]]
    assert (node["name"], node["uuid"], node["state"], node["disasters"]) == (
        "甲煤矿", str(site.mine), "PRODUCING", ["HIGH_GAS"],
    )  # fmt: skip
    assert node["county"] == {"id": "division-520281", "code": PANZHOU, "name": "盘州市", "parent": "5202"}
    assert node["supervisor"] == {"code": "5202", "name": "六盘水市"}
    assert node["office"] == {"id": "office-GZ-1", "code": "GZ-1", "name": "监察执法一处", "sample": False}
    assert (node["latitude"], node["longitude"]) == (257_000_000, 1_046_000_000)
    again = await ask(site.database, inspector, "query ($id: ID!) { node(id: $id) { ... on Mine { name } } }",
                      id=node["id"])  # fmt: skip
    assert again == {"node": {"name": "甲煤矿"}}


async def test_the_number_of_statements_is_the_same_for_one_mine_and_fifty(site: Site) -> None:
    auditor = await site.person(Role.AUDITOR, division="52")
    heard = statements_of(site.database)
    await ask(site.database, auditor, LIST)  # Opens the connections, which ask the database a few things of their own.
    counts = []
    for first in (1, 50):
        if first == 50:
            for number in range(60):
                office, county = ("GZ-1", PANZHOU) if number % 2 else ("GZ-2", ZHONGSHAN)
                await site.add_mine(
                    uuid4(), name=f"辛煤矿{number}", county=county, office=office, state=MineState.BUILDING
                )
        heard.clear()
        data = await ask(site.database, auditor, LIST, first=first)
        assert len(data["mines"]["edges"]) == first
        counts.append(len(heard))
    assert counts == [3, 3], heard


async def test_the_cursor_of_a_name_leads_to_the_next_page(site: Site) -> None:
    auditor = await site.person(Role.AUDITOR, division="52")
    found: list[str] = []
    after = None
    for _ in range(3):
        mines = (await ask(site.database, auditor, LIST, first=1, after=after))["mines"]
        found += [edge["node"]["name"] for edge in mines["edges"]]
        after = mines["pageInfo"]["endCursor"]
    assert sorted(found) == sorted(["甲煤矿", "乙煤矿", "丙煤矿"])
    assert not mines["pageInfo"]["hasNextPage"]
    assert after is not None
    for wrong in ("", "AAAA", after[:-4] + ("AAAA" if after[-4:] != "AAAA" else "BBBB")):
        assert await codes(site.database, auditor, LIST, after=wrong) == {"BAD_CURSOR"}


async def test_a_foreign_mine_is_no_node(site: Site) -> None:
    far = await site.person(Role.INSPECTOR, county=ZHONGSHAN)
    near = await site.person(Role.INSPECTOR)
    data = await ask(site.database, near, LIST, state="PRODUCING")
    id = data["mines"]["edges"][0]["node"]["id"]
    assert await ask(site.database, far, "query ($id: ID!) { node(id: $id) { id } }", id=id) == {"node": None}


async def test_divisions_and_offices_are_read_by_whoever_is_signed_in(site: Site) -> None:
    miner = await site.person(Role.REPORT_INTAKE)
    data = await ask(site.database, miner, "{ divisions { code } offices { code } }")
    assert (len(data["divisions"]), data["offices"]) == (98, [{"code": "GZ-1"}, {"code": "GZ-2"}])
    assert await codes(site.database, None, "{ divisions { code } }") == {NotSignedIn.code}
    assert await codes(site.database, miner, LIST) == {"NOT_ALLOWED"}


async def test_the_administrator_registers_a_mine_once(site: Site) -> None:
    administrator, asked = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52"), wanted()
    first = await ask(site.database, administrator, REGISTER, input=asked)
    assert first["registerMine"]["problem"] is None
    assert first["registerMine"]["mine"]["name"] == "丁煤矿"
    assert await ask(site.database, administrator, REGISTER, input=asked) == first
    assert await site.entries() == ["mine.registered"]


async def test_a_wrong_code_is_told_as_a_problem_in_chinese(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    data = await ask(site.database, administrator, REGISTER, input=wanted(creditCode="91350100M000100Y44"))
    problem = data["registerMine"]["problem"]
    assert problem["code"] == "CREDIT_CODE_WRONG"
    assert "GB 32100-2015" in problem["message"]
    assert await site.entries() == []


async def test_an_inspector_registers_nothing(site: Site) -> None:
    inspector = await site.person(Role.INSPECTOR)
    data = await ask(site.database, inspector, REGISTER, input=wanted())
    assert data["registerMine"]["problem"]["code"] == "NOT_ALLOWED"
    assert await site.entries() == []
