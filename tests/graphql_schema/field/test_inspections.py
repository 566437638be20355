"""Tests of inspections in GraphQL."""

from typing import Any
from uuid import uuid4

from storage.field.inspections import operations
from storage.field.inspections.rules import Opening
from storage.record.actor import Actor, Role
from storage.record.work import perform
from tests.counting import statements_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, ZHONGSHAN, Site, opening

NODE = """id uuid basis reason flags openedAt mine { uuid name county { name } }
  officers { id accountId name certificateNumber lead joinedAt deviceId } places { id uuid name underground }"""
LIST = f"""query ($first: Int, $after: String, $mine: UUID) {{
  inspections(first: $first, after: $after, mineId: $mine) {{
    edges {{ node {{ {NODE} }} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
OPEN = f"""mutation ($input: OpenInspectionInput!) {{
  openInspection(input: $input) {{ inspection {{ {NODE} }} problem {{ code message parameters {{ name value }} }} }}
}}"""
JOIN = f"""mutation ($input: JoinInspectionInput!) {{
  joinInspection(input: $input) {{ inspection {{ {NODE} }} problem {{ code message }} }}
}}"""


def told(asked: Opening) -> dict[str, Any]:
    """An opening as a client sends it."""
    return {
        "id": str(asked.id), "mineId": str(asked.mine_id), "basis": asked.basis.value, "reason": asked.reason,
        "leadId": str(asked.lead_id), "officerIds": [str(one) for one in asked.officers],
        "places": [{"id": str(one.id), "name": one.name, "underground": one.underground} for one in asked.places],
    }  # fmt: skip


async def pair(site: Site) -> tuple[Actor, Actor]:
    return await site.person(Role.LEAD), await site.person(Role.INSPECTOR)


async def test_an_inspection_is_opened_joined_and_told_whole(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    opened = (await ask(site.database, lead, OPEN, input=told(asked)))["openInspection"]
    assert opened["problem"] is None
    inspection = opened["inspection"]
    assert (inspection["uuid"], inspection["basis"], inspection["flags"]) == (str(asked.id), "PLANNED", [])
    assert inspection["mine"] == {"uuid": str(site.mine), "name": "甲煤矿", "county": {"name": "盘州市"}}
    assert [one["name"] for one in inspection["places"]] == ["调度室", "1201综采工作面"]
    joined = {one["accountId"]: one["joinedAt"] is not None for one in inspection["officers"]}
    assert joined == {str(lead.account_id): True, str(inspector.account_id): False}
    assert [one["lead"] for one in inspection["officers"] if one["accountId"] == str(lead.account_id)] == [True]
    answer = (await ask(site.database, inspector, JOIN, input={"inspectionId": str(asked.id)}))["joinInspection"]
    assert all(one["joinedAt"] and one["deviceId"] for one in answer["inspection"]["officers"])
    again = await ask(site.database, lead, f"query ($id: ID!) {{ node(id: $id) {{ ... on Inspection {{ {NODE} }} }} }}",
                      id=inspection["id"])  # fmt: skip
    assert again["node"] == answer["inspection"]


async def test_the_number_of_statements_is_the_same_for_one_inspection_and_fifty(site: Site) -> None:
    lead, inspector = await pair(site)
    heard = statements_of(site.database)
    counts = []
    for many in (1, 49):
        for _ in range(many):
            asked = opening(site, [lead, inspector])
            await perform(site.database, lead, NOW, operations.open_inspection, opening=asked)
        await ask(site.database, lead, LIST)  # Opens the connections, which ask the database a few things of their own.
        heard.clear()
        data = await ask(site.database, lead, LIST, first=50)
        counts.append((len(data["inspections"]["edges"]), len(heard)))
    assert counts == [(1, 5), (50, 5)], heard


async def test_the_list_of_one_mine_and_the_next_page(site: Site) -> None:
    lead, inspector = await pair(site)
    for _ in range(3):
        await perform(site.database, lead, NOW, operations.open_inspection, opening=opening(site, [lead, inspector]))
    first = (await ask(site.database, lead, LIST, first=2, mine=str(site.mine)))["inspections"]
    second = (await ask(site.database, lead, LIST, first=2, after=first["pageInfo"]["endCursor"]))["inspections"]
    ids = [edge["node"]["uuid"] for edge in first["edges"] + second["edges"]]
    assert len(set(ids)) == 3
    assert (await ask(site.database, lead, LIST, mine=str(uuid4())))["inspections"]["edges"] == []


async def test_a_foreign_actor_sees_no_inspection_in_any_way(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    opened = (await ask(site.database, lead, OPEN, input=told(asked)))["openInspection"]["inspection"]
    far = await site.person(Role.INSPECTOR, county=ZHONGSHAN)
    assert (await ask(site.database, far, LIST))["inspections"]["edges"] == []
    assert (await ask(site.database, far, LIST, mine=str(site.mine)))["inspections"]["edges"] == []
    assert await ask(site.database, far, "query ($id: ID!) { node(id: $id) { id } }", id=opened["id"]) == {"node": None}
    assert (await ask(site.database, far, JOIN, input={"inspectionId": str(asked.id)}))["joinInspection"] == {
        "inspection": None, "problem": {"code": "NOT_FOUND", "message": "没有找到，或者您看不到。"},
    }  # fmt: skip


async def test_a_problem_names_the_fact_and_its_article(site: Site) -> None:
    lead, _ = await pair(site)
    other = await site.person(Role.INSPECTOR, certificate=None)
    data = (await ask(site.database, lead, OPEN, input=told(opening(site, [lead, other]))))["openInspection"]
    assert data["inspection"] is None
    assert data["problem"]["code"] == "CERTIFICATE_NOT_VALID"
    assert "行政处罚法第四十二条" in data["problem"]["message"]
    assert {"name": "account", "value": str(other.account_id)} in data["problem"]["parameters"]
    assert await site.entries() == []


async def test_whoever_may_not_read_inspections_gets_none(site: Site) -> None:
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    assert await codes(site.database, principal, LIST) == {"NOT_ALLOWED"}
