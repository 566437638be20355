"""Tests of GraphQL over a WebSocket: the protocol's rules, its close codes, and its bounds."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from api.crowd import Crowd
from api.graphql import GraphQLEndpoint
from graphql_schema.executor import Executor
from storage.record.actor import Actor, Role
from tests.api.lines import Socket, serving, socket, until
from tests.graphql_schema import sample

COUNT = "subscription ($to: Int!) { counted(to: $to) { number } }"
WAIT = "subscription { counted(to: 1, ends: false) { number } }"


@dataclass(frozen=True)
class Claims:
    """When a token of these tests ends."""

    expires_at: datetime


@dataclass
class Tokens:
    """Tokens of these tests: each a person's, until a time."""

    people: dict[str, Actor] = field(default_factory=lambda: {"inspector": sample.someone(Role.INSPECTOR)})
    until: datetime = datetime(2100, 1, 1, tzinfo=UTC)

    def claims_of(self, authorization: str | None) -> Claims | None:
        return Claims(self.until) if (authorization or "").removeprefix("Bearer ") in self.people else None

    async def authenticate(self, authorization: str | None) -> Actor | None:
        return self.people.get((authorization or "").removeprefix("Bearer "))


def endpoint(
    tokens: Tokens | None = None, *, crowd: Crowd | None = None, largest_body: int = 50_000, slowest_body: float = 5.0
) -> GraphQLEndpoint:
    """GraphQL over the sample area, with sockets."""
    passes = tokens or Tokens()
    return GraphQLEndpoint(
        executor=Executor(sample.SCHEMA),
        authenticate=lambda one: passes.authenticate(one.headers.get("authorization")),
        database=sample.shelf(3), clock=lambda: datetime.now(UTC), passes=passes, crowd=crowd or Crowd(),
        largest_body=largest_body, slowest_body=slowest_body,
    )  # fmt: skip


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    async with serving(endpoint(crowd=Crowd(each=50)), operations=3) as address:
        yield address


async def answers(line: Socket, id: str) -> list[dict[str, Any]]:
    """What comes for one operation up to its end."""
    found = []
    while True:
        message = await line.told()
        assert message["id"] == id
        found.append(message)
        if message["type"] in ("complete", "error"):
            return found


async def test_a_subscription_is_told_frame_by_frame_and_then_completed(url: str) -> None:
    async with socket(url) as line:
        await (await line.named("inspector")).asks("a", COUNT, to=2)
        assert await answers(line, "a") == [
            {"type": "next", "id": "a", "payload": {"data": {"counted": {"number": 0}}}},
            {"type": "next", "id": "a", "payload": {"data": {"counted": {"number": 1}}}},
            {"type": "complete", "id": "a"},
        ]


async def test_queries_and_mutations_go_over_a_socket_too_and_an_id_is_free_again_at_its_end(url: str) -> None:
    async with socket(url) as line:
        await line.named("inspector")
        for query in ("{ health { status } }", "{ viewer { id } }", "{ health { status } }"):
            await line.asks("a", query)
            assert [one["type"] for one in await answers(line, "a")] in (["next", "complete"], ["error"])


@pytest.mark.parametrize("query", ["subscription { nothing }", "{", 'subscription { counted(to: "x") { number } }'])
async def test_what_is_not_valid_is_an_error_of_its_operation_and_the_socket_stays(url: str, query: str) -> None:
    async with socket(url) as line:
        await (await line.named("inspector")).asks("a", query)
        (refusal,) = await answers(line, "a")
        assert refusal["type"] == "error"
        assert refusal["payload"][0]["extensions"]["code"]
        await line.asks("a", "{ health { status } }")
        assert len(await answers(line, "a")) == 2


@pytest.mark.parametrize(("fail", "code"), [("problem", "NOT_FOUND"), ("crash", "INTERNAL")])
async def test_a_source_that_fails_is_told_with_a_code_and_nothing_of_its_own_words(
    url: str, fail: str, code: str
) -> None:
    async with socket(url) as line:
        await (await line.named("inspector")).asks(
            "a", f'subscription {{ counted(to: 1, fail: "{fail}") {{ number }} }}'
        )
        refusal = (await answers(line, "a"))[-1]
        assert (refusal["type"], refusal["payload"][0]["extensions"]["code"]) == ("error", code)
        assert "hunter2" not in str(refusal)


async def test_a_client_ends_an_operation_and_hears_no_more_of_it(url: str) -> None:
    async with socket(url) as line:
        await (await line.named("inspector")).asks("a", WAIT)
        await line.told()
        await line.send(type="complete", id="a")
        await line.asks("a", "{ health { status } }")
        assert [one["type"] for one in await answers(line, "a")] == ["next", "complete"]


async def test_a_ping_is_answered_by_a_pong_before_and_after_the_name(url: str) -> None:
    async with socket(url) as line:
        await line.send(type="ping")
        assert await line.told() == {"type": "pong"}
        await line.named("inspector")
        await line.send(type="ping", payload={"n": 1})
        assert await line.told() == {"type": "pong", "payload": {"n": 1}}


INIT = '{"type":"connection_init","payload":{"authorization":"Bearer inspector"}}'
ASK = '{"type":"subscribe","id":"a","payload":{"query":"subscription{counted(to:1,ends:false){number}}"}}'


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([ASK], 4401),
        (['{"type":"connection_init"}'], 4401),
        (['{"type":"connection_init","payload":{"authorization":"Bearer nobody"}}'], 4403),
        ([INIT, INIT], 4429),
        ([INIT, ASK, ASK], 4409),
        (['{"type":"nonsense"}'], 4400),
        ([INIT, '{"type":"nonsense"}'], 4400),
        (["no JSON"], 4400),
        (["[]"], 4400),
        (['{"type":1}'], 4400),
        ([b"\x00"], 4400),
        ([INIT, '{"type":"subscribe","id":1,"payload":{}}'], 4400),
        ([INIT, '{"type":"subscribe","id":"","payload":{}}'], 4400),
        ([INIT, '{"type":"subscribe","id":"a"}'], 4400),
        ([INIT, '{"type":"subscribe","id":"' + "a" * 101 + '","payload":{}}'], 4400),
        (["[" * 10_000], 4400),
        (['{"type":"' + "x" * 60_000 + '"}'], 1009),
    ],
)  # fmt: skip
async def test_what_breaks_the_protocol_closes_the_socket_with_its_code(
    url: str, sent: list[str | bytes], code: int
) -> None:
    async with socket(url) as line:
        for message in sent:
            await line.raw.send(message)
        assert await line.code() == code


@pytest.mark.parametrize("sent", [[], ['{"type":"ping"}', '{"type":"pong"}']])
async def test_who_does_not_say_his_name_in_time_is_closed_with_its_code(sent: list[str]) -> None:
    async with serving(endpoint(), init_seconds=0.3) as address, socket(address) as line:
        for message in sent:
            await line.raw.send(message)
        assert await line.code() == 4408


async def test_another_protocol_is_closed_with_its_code(url: str) -> None:
    async with socket(url, protocol="graphql-ws") as line:
        assert await line.code() == 4406


async def test_a_page_of_another_origin_gets_no_socket_and_one_of_our_own_does(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("uvicorn.error").addHandler(caplog.handler)
    for origin in ("https://evil.example", "null", url + "0"):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(url, origin=origin):
                pass
        assert refused.value.response.status_code == 403
    async with socket(url, origin=url) as line:
        await line.named("inspector")
    logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_the_upgrade_s_own_header_names_a_client_that_can_send_one(url: str) -> None:
    async with socket(url, additional_headers={"authorization": "Bearer inspector"}) as line:
        await line.named(None)


async def test_nothing_is_compressed(url: str) -> None:
    async with socket(url) as line:
        assert line.raw.protocol.extensions == []


async def test_one_socket_runs_no_more_operations_at_once_than_it_may(url: str) -> None:
    async with socket(url) as line:
        await line.named("inspector")
        for number in range(4):
            await line.asks(str(number), WAIT)
        told = [await line.told() for _ in range(4)]
        (refusal,) = (one for one in told if one["type"] == "error")
        assert (refusal["id"], refusal["payload"][0]["extensions"]["code"]) == ("3", "TOO_MANY")


async def test_one_account_holds_no_more_sockets_than_it_may_and_another_has_its_own() -> None:
    crowd, tokens = Crowd(each=1), Tokens({"one": sample.someone(Role.INSPECTOR), "two": sample.someone(Role.LEAD)})
    async with serving(endpoint(tokens, crowd=crowd)) as address, socket(address) as first:
        await first.named("one")
        async with socket(address) as second:
            await second.send(type="connection_init", payload={"headers": {"Authorization": "Bearer one"}})
            assert await second.code() == 1013
        async with socket(address) as other:
            await other.named("two")
        await first.raw.close()
        await until(lambda: not crowd._of)
        async with socket(address) as third:
            await third.named("one")


async def test_a_socket_is_closed_when_its_token_ends() -> None:
    tokens = Tokens()
    now = tokens.until - timedelta(seconds=0.1)
    async with serving(replace(endpoint(tokens), clock=lambda: now)) as address, socket(address) as line:
        await (await line.named("inspector")).asks("a", WAIT)
        now = tokens.until
        assert await line.code() == 4403


async def test_a_socket_is_closed_when_a_role_of_its_person_comes_or_goes() -> None:
    tokens = Tokens({"one": sample.someone(Role.INSPECTOR)})
    async with serving(endpoint(tokens, crowd=Crowd(reread=0.1))) as address, socket(address) as line:
        await (await line.named("one")).asks("a", WAIT)
        await asyncio.sleep(0.3)
        assert line.raw.close_code is None, "as long as the roles are the same it stays"
        tokens.people["one"] = replace(tokens.people["one"], grants=())
        assert await line.code() == 4403


async def test_whoever_stops_the_server_tells_its_sockets_that_it_is_going() -> None:
    async with socket_and_server() as line:
        await (await line.named("inspector")).asks("a", WAIT)
        await line.told()
    assert line.raw.close_code == 1001


def socket_and_server() -> "_Both":
    return _Both()


class _Both:
    """A socket that outlives its server."""

    async def __aenter__(self) -> Socket:
        self.server = serving(endpoint())
        self.line = socket(await self.server.__aenter__())
        return await self.line.__aenter__()

    async def __aexit__(self, *failed: Any) -> None:
        await self.server.__aexit__(*failed)
        await self.line.__aexit__(*failed)


async def test_a_shared_frame_is_executed_once_for_all_who_ask_the_same_document() -> None:
    sample.SHARED.clear()
    graphql = endpoint(crowd=Crowd(each=50))
    text = "subscription ($to: Int!, $not: Boolean = false) { counted(to: $to, shared: true) { ...A } }"
    text += " fragment A on Counted { number id @skip(if: $not) }"
    async with serving(graphql) as address:
        for variables in ({"to": 2}, {"to": 3}, {"to": 2, "not": True}):
            async with socket(address) as line:
                await (await line.named("inspector")).asks("a", text, **variables)
                told = await answers(line, "a")
                assert ("id" in told[0]["payload"]["data"]["counted"]) == ("not" not in variables)
    assert sorted(graphql.database.asked) == ["number 0", "number 0", "number 1", "number 1", "number 2"]
