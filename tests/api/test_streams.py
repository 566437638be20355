"""Tests of subscriptions in one response: server-sent events and multipart, over a real server."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from api.crowd import Crowd
from graphql_schema.errors import Code
from tests.api.lines import SOON, serving, until
from tests.api.test_sockets import COUNT, WAIT, Tokens, endpoint

EVENTS = {"accept": "text/event-stream", "authorization": "Bearer inspector"}
MULTIPART = {**EVENTS, "accept": 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'}
NEXT = 'event: next\nid: {0}\ndata: {{"data":{{"counted":{{"number":{0}}}}}}}\n\n'


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    async with serving(endpoint(crowd=Crowd(each=3))) as address:
        yield address + "/graphql"


async def told(url: str, query: str, *, headers: dict[str, str] = EVENTS, **variables: object) -> httpx.Response:
    async with httpx.AsyncClient(timeout=SOON) as client:
        return await client.post(url, json={"query": query, "variables": variables}, headers=headers)


async def test_a_subscription_comes_as_events_and_its_end_as_complete(url: str) -> None:
    answer = await told(url, COUNT, to=2)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == ":\n\n" + NEXT.format(0) + NEXT.format(1) + "event: complete\ndata:\n\n"


async def test_who_comes_again_with_the_last_event_goes_on_behind_it(url: str) -> None:
    answer = await told(url, COUNT, headers={**EVENTS, "last-event-id": "0"}, to=2)
    assert answer.text == ":\n\n" + NEXT.format(1) + "event: complete\ndata:\n\n"


async def test_a_browser_s_own_event_source_asks_by_get(url: str) -> None:
    async with httpx.AsyncClient(timeout=SOON) as client:
        query = {"query": "subscription { counted(to: 1) { number } }"}
        assert NEXT.format(0) in (await client.get(url, params=query, headers=EVENTS)).text
        for accept in ("application/json", "text/event-stream"):
            mutation = {"query": "mutation { putPiece(input: {sizes: []}) { problem { code } } }"}
            assert (await client.get(url, params=mutation, headers={**EVENTS, "accept": accept})).status_code == 405


async def test_who_accepts_nothing_but_streams_gets_a_query_as_one(url: str) -> None:
    answer = await told(url, "{ health { status } }")
    assert answer.text == ':\n\nevent: next\ndata: {"data":{"health":{"status":"ok"}}}\n\nevent: complete\ndata:\n\n'
    assert '"GRAPHQL_VALIDATION_FAILED"' in (await told(url, "{ nothing }")).text


@pytest.mark.parametrize(
    "accept", ["application/json, text/event-stream, multipart/mixed", "*/*", "multipart/mixed, */*"]
)
async def test_a_query_is_never_a_stream_where_an_answer_is_accepted(url: str, accept: str) -> None:
    answer = await told(url, "{ health { status } }", headers={**EVENTS, "accept": accept})
    assert answer.json() == {"data": {"health": {"status": "ok"}}}


async def test_a_subscription_is_refused_where_no_stream_is_accepted(url: str) -> None:
    answer = await told(url, WAIT, headers={**EVENTS, "accept": "application/json, multipart/mixed"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, Code.NOT_SUPPORTED)


async def test_a_multipart_subscription_is_parts_of_json_with_its_end(url: str) -> None:
    answer = await told(url, COUNT, headers=MULTIPART, to=1)
    assert answer.headers["content-type"] == 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0'
    part = 'content-type: application/json\r\n\r\n{"payload":{"data":{"counted":{"number":0}}}}'
    assert answer.text == f"--graphql\r\n{part}\r\n--graphql--\r\n"


@pytest.mark.parametrize(("fail", "code"), [("problem", "NOT_FOUND"), ("crash", "INTERNAL")])
async def test_a_stream_that_fails_tells_a_code_and_ends(url: str, fail: str, code: str) -> None:
    answer = await told(url, f'subscription {{ counted(to: 1, fail: "{fail}") {{ number }} }}')
    assert f'"code":"{code}"' in answer.text
    assert "hunter2" not in answer.text
    assert answer.text.endswith("event: complete\ndata:\n\n")


async def test_a_stranger_is_told_to_sign_in(url: str) -> None:
    answer = await told(url, COUNT, headers={"accept": "text/event-stream"}, to=1)
    assert "UNAUTHENTICATED" in answer.text


async def test_one_account_holds_no_more_streams_than_it_may_and_gives_each_place_back() -> None:
    crowd = Crowd(each=3)
    async with serving(endpoint(crowd=crowd)) as address:
        url = address + "/graphql"
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(told(url, WAIT)) for _ in range(3)]
            await until(lambda: crowd._of.total() == 3)
            refused = await told(url, WAIT)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
            assert refused.json()["errors"][0]["extensions"]["code"] == Code.TOO_MANY
            for task in waiting:
                task.cancel()
        await until(lambda: not crowd._of)
        assert (await told(url, COUNT, to=1)).status_code == 200


async def test_whoever_stops_the_server_ends_its_streams_without_completing_them() -> None:
    async with httpx.AsyncClient(timeout=SOON) as client:
        async with serving(endpoint()) as address:
            request = client.build_request("POST", address + "/graphql", json={"query": WAIT}, headers=EVENTS)
            stream = await client.send(request, stream=True)
            chunks = stream.aiter_text()
            assert await anext(chunks) == ":\n\n"
        assert "complete" not in "".join([text async for text in chunks])


async def test_a_stream_ends_without_completing_when_its_token_is_good_no_more() -> None:
    tokens = Tokens()
    async with serving(endpoint(tokens)) as address:
        tokens.until = tokens.until.replace(year=2020)
        answer = await told(address + "/graphql", WAIT)
        assert "complete" not in answer.text
