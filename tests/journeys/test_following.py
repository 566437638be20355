"""A phone follows the ledger over HTTP: a socket rings, the cursor reads on, and nothing is missed while offline."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD, SYSTEM_LOGIN
from tests.api.lines import Socket, socket
from tests.journeys.running import LEAD, Service, running_service
from tests.servers import Servers
from tests.sites import credit_code

SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } problem { code } } }"
CHANGES = """query ($after: String) { changes(after: $after, first: 200) {
  edges { cursor node { kind subject subjectId position at } } pageInfo { hasNextPage endCursor } } }"""
FOLLOW = "subscription ($after: String) { changed(after: $after) { position cursor } }"
REGISTER = """mutation ($input: RegisterMineInput!) {
  registerMine(input: $input) { mine { uuid } problem { code message } } }"""


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as running:
            yield running


@asynccontextmanager
async def signed_in(url: str, login: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        told = await asked(client, SIGN_IN, input={"login": login, "password": PASSWORD})
        client.headers["authorization"] = f"Bearer {told['signIn']['session']['accessToken']}"
        yield client


async def asked(client: httpx.AsyncClient, text: str, **variables: Any) -> Any:
    answer = await client.post("/graphql", json={"query": text, "variables": variables})
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


async def read_on(client: httpx.AsyncClient, after: str | None) -> tuple[list[Any], str]:
    """All that is new behind a cursor, and the cursor to go on from."""
    found: list[Any] = []
    while True:
        page = (await asked(client, CHANGES, after=after))["changes"]
        found, after = found + page["edges"], page["pageInfo"]["endCursor"]
        assert after is not None
        if not page["pageInfo"]["hasNextPage"]:
            return found, after


async def register(client: httpx.AsyncClient, number: str, county: str) -> str:
    mine = {
        "operationId": str(uuid4()), "name": "新登记煤矿", "creditCode": number, "county": county, "office": "SAMPLE-1",
        "supervisor": county, "state": "PRODUCING", "disasters": [], "latitude": 257_000_000,
        "longitude": 1_046_000_000,
    }  # fmt: skip
    told = (await asked(client, REGISTER, input=mine))["registerMine"]
    assert told["problem"] is None, told
    return str(told["mine"]["uuid"])


async def rung(line: Socket) -> dict[str, Any]:
    message = await line.told()
    assert message["type"] == "next", message
    found: dict[str, Any] = message["payload"]["data"]["changed"]
    return found


async def test_a_hint_rings_where_something_is_to_be_seen_and_the_cursor_reads_it(service: Service) -> None:
    async with signed_in(service.url, LEAD) as lead, signed_in(service.url, SYSTEM_LOGIN) as system:
        await service.settled()  # The sign-ins too: an entry that is sequenced later would ring first.
        await _follow(service, lead, system)


async def _follow(service: Service, lead: httpx.AsyncClient, system: httpx.AsyncClient) -> None:
    before, cursor = await read_on(lead, None)
    assert before
    token = lead.headers["authorization"].removeprefix("Bearer ")
    async with socket(service.url) as line:
        await (await line.named(token)).asks("a", FOLLOW, after=cursor)
        id = await register(system, credit_code(900_001), "520281")
        hint = await rung(line)
        news, cursor = await read_on(lead, cursor)
        assert (news[-1]["node"]["kind"], news[-1]["node"]["subjectId"]) == ("mine.registered", id)
        assert int(hint["position"]) >= int(news[-1]["node"]["position"])
    # Offline: nobody listens, and the same call brings what came meanwhile, once.
    id = await register(system, credit_code(900_002), "520281")
    await register(system, credit_code(900_003), "520524")
    async with socket(service.url) as line:
        await (await line.named(token)).asks("a", FOLLOW, after=cursor)
        await rung(line)
    await service.settled()
    news, cursor = await read_on(lead, cursor)
    assert [one["node"]["subjectId"] for one in news if one["node"]["kind"] == "mine.registered"][:1] == [id]
    assert (await read_on(lead, cursor))[0] == []
