"""What may live here: tests of GraphQL over HTTP: what is taken, what is refused, and with which status."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from api.graphql import LARGEST_BODY, GraphQLEndpoint
from graphql_schema.executor import Executor
from graphql_schema.limits import Limits
from storage.record.actor import Actor, Role
from storage.record.problems import NotSignedIn
from tests.graphql_schema import sample
from tests.graphql_schema.attacks import ATTACKS

pytestmark = pytest.mark.quick
RESPONSE, JSON = "application/graphql-response+json", "application/json"
INSPECTOR = sample.someone(Role.INSPECTOR)
SHELF = sample.shelf(3)
HEALTH = {"query": "{ health { status } }"}


def authenticate(request: Request) -> Actor | None:
    """Know one token; a token that is not known is refused."""
    token = request.headers.get("authorization")
    if token == "Bearer crash":
        raise RuntimeError("postgresql://owner:hunter2@10.0.0.1/record")
    if token not in (None, "Bearer inspector"):
        raise NotSignedIn
    return INSPECTOR if token else None


def endpoint(limits: Limits | None = None, *, largest_body: int = LARGEST_BODY) -> GraphQLEndpoint:
    """Return the endpoint over the sample area."""
    return GraphQLEndpoint(
        executor=Executor(sample.SCHEMA, limits=limits),
        authenticate=authenticate,
        database=SHELF,
        clock=lambda: sample.NOON,
        largest_body=largest_body,
    )


def application(limits: Limits | None = None, *, largest_body: int = LARGEST_BODY) -> Starlette:
    """Return an application with GraphQL alone."""
    return Starlette(routes=[Route("/graphql", endpoint(limits, largest_body=largest_body))])


APPLICATION = application()


async def sent(
    method: str = "POST", *, path: str = "/graphql", app: Starlette = APPLICATION, **rest: Any
) -> httpx.Response:
    """Send one request."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://pithead.test") as client:
        return await client.request(method, path, **rest)


def code(response: httpx.Response) -> str:
    """Return the code of the only error."""
    (error,) = response.json()["errors"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{RESPONSE};q=0.5, {JSON}", JSON),
        (f"{RESPONSE}, {JSON}, text/event-stream, multipart/mixed", RESPONSE),
        (f"text/event-stream, {JSON}", JSON),
        (f"{RESPONSE};q=0, */*;q=0.1", JSON),
    ],
)
async def test_the_answer_is_of_the_type_that_was_asked_for(accept: str | None, media: str) -> None:
    response = await sent(json=HEALTH, headers={"accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert response.json() == {"data": {"health": {"status": "ok"}}}


@pytest.mark.parametrize("accept", ["text/html", "multipart/mixed", "application/json;q=0", "nonsense;q=x"])
async def test_what_nothing_can_be_answered_in_is_406(accept: str) -> None:
    response = await sent(json=HEALTH, headers={"accept": accept})
    assert response.status_code == 406
    assert code(response) == "BAD_REQUEST"


@pytest.mark.parametrize("text", ["{", "{ nothing }", "query($id: ID!) { node(id: $id) { id } }"])
async def test_a_document_that_is_not_valid_is_400_or_in_plain_json_200_and_has_no_data(text: str) -> None:
    new = await sent(json={"query": text}, headers={"accept": RESPONSE})
    old = await sent(json={"query": text}, headers={"accept": JSON})
    assert (new.status_code, old.status_code) == (400, 200)
    assert "data" not in new.json()
    assert "data" not in old.json()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("accept", [RESPONSE, JSON])
async def test_a_document_made_to_hurt_is_refused(attack: str, accept: str) -> None:
    text = ATTACKS[attack](400)
    if len(text) > LARGEST_BODY:
        text = text[: LARGEST_BODY - 100]
    response = await sent(json={"query": text}, headers={"accept": accept, "authorization": "Bearer inspector"})
    validation = "GRAPHQL_VALIDATION_FAILED"
    assert 400 <= response.status_code < 500 or (accept == JSON and validation in response.text)
    assert "data" not in response.json()


BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b'{ "not a JSON', 400),
    "NaN": (b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400),
    "Infinity": (b'{"query": "{ __typename }", "variables": {"a": -Infinity}}', 400),
    "a number of 100,000 digits": (b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 100_000 + b"}}", 400),
    "variables 20,000 deep": (
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
        400,
    ),
    "invalid UTF-8": (b'{"query": "{ __typename } #\xff"}', 400),
    "a lone surrogate": (b'{"query": "{ __typename } #\\ud800"}', 400),
    "UTF-16": ('{"query": "{ __typename }"}'.encode("utf-16"), 400),
    "a batch": (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', 400),
    "an empty batch": (b"[]", 400),
    "a string": (b'"{ __typename }"', 400),
    "null": (b"null", 400),
    "no query": (b'{"variables": {}}', 400),
    "an empty query": (b'{"query": " "}', 400),
    "a query that is no text": (b'{"query": {"a": 1}}', 400),
    "variables that are no object": (b'{"query": "{ __typename }", "variables": [1]}', 400),
    "an operation name that is no text": (b'{"query": "{ __typename }", "operationName": 7}', 400),
    "extensions that are no object": (b'{"query": "{ __typename }", "extensions": "x"}', 400),
    "a comment of 2 MB": (b'{"query": "{ __typename } #' + b"x" * 2_000_000 + b'"}', 413),
    "one byte too many": (b" " * (LARGEST_BODY + 1), 413),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_no_request_is_refused(name: str) -> None:
    body, status = BODIES[name]
    response = await sent(content=body, headers={"content-type": JSON})
    assert response.status_code == status
    assert code(response) == "BAD_REQUEST"


async def test_variables_1000_deep_are_the_callers_error() -> None:
    nested = "[" * 900 + "1" + "]" * 900
    body = '{"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": ' + nested + "}}"
    response = await sent(content=body, headers={"content-type": JSON, "accept": RESPONSE})
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"


async def test_a_body_of_50_mb_is_refused_before_it_is_read() -> None:
    drawn = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal drawn
        for _ in range(800):
            drawn += 1
            yield b"x" * 65_536

    response = await sent(content=flood(), headers={"content-type": JSON})
    assert response.status_code == 413
    assert drawn <= LARGEST_BODY // 65_536 + 2
    told = await sent(content=b"{}", headers={"content-type": JSON, "content-length": "50000000"})
    assert told.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 40, "²"])
async def test_a_length_that_is_no_length_is_refused(length: str) -> None:
    headers = [(b"content-type", JSON.encode()), (b"content-length", length.encode("latin-1"))]
    response = await sent(content=b"{}", headers=headers)
    assert response.status_code in (400, 413)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip"])
async def test_nothing_is_unpacked(encoding: str) -> None:
    response = await sent(json=HEALTH, headers={"content-encoding": encoding})
    assert response.status_code == 415


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=gbk",
        "text/plain; application/json",
    ],
)
async def test_a_type_that_a_foreign_page_could_send_unasked_or_that_is_not_utf_8_is_415(content_type: str) -> None:
    response = await sent(content=json.dumps(HEALTH), headers={"content-type": content_type})
    assert response.status_code == 415


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
async def test_json_in_utf_8_is_taken_however_it_is_spelt(content_type: str) -> None:
    response = await sent(content=json.dumps(HEALTH), headers={"content-type": content_type})
    assert response.status_code == 200


async def test_get_takes_queries_with_variables_and_an_operation_name() -> None:
    text = "query A { __typename } query B($id: ID!) { node(id: $id) { id } }"
    response = await sent(
        "GET",
        params={"query": text, "variables": '{"id": "x"}', "operationName": "B", "extensions": ""},
        headers={"authorization": "Bearer inspector"},
    )
    assert response.status_code == 200
    assert response.json() == {"data": {"node": None}}


async def test_get_takes_no_mutation_and_nothing_ran() -> None:
    SHELF.asked.clear()
    text = 'mutation { putPiece(input: {sizes: ["1"]}) { problem { code } } }'
    response = await sent("GET", params={"query": text}, headers={"authorization": "Bearer inspector"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert SHELF.asked == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "query=",
        "query=%FF",
        "query={__typename}&query={__typename}",
        "query={__typename}&variables={",
        "query={__typename}&variables=[1]",
        "&".join(f"a{n}=1" for n in range(50)),
    ],
)
async def test_a_query_string_that_is_no_request_is_400(query: str) -> None:
    response = await sent("GET", path=f"/graphql?{query}")
    assert response.status_code == 400
    assert code(response) == "BAD_REQUEST"


async def test_a_query_string_that_is_longer_than_a_body_may_be_is_414() -> None:
    response = await sent("GET", app=application(largest_body=1_000), params={"query": "#" * 1_000})
    assert response.status_code == 414


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_405(method: str) -> None:
    response = await sent(method)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


async def test_a_token_that_is_not_valid_is_401() -> None:
    response = await sent(json=HEALTH, headers={"authorization": "Bearer stolen", "accept-language": "en"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert code(response) == "UNAUTHENTICATED"


async def test_a_crash_outside_of_graphql_is_internal_and_leaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await sent(json=HEALTH, headers={"authorization": "Bearer crash"})
    assert response.status_code == 500
    assert code(response) == "INTERNAL"
    assert "hunter2" not in response.text
    assert response.json()["errors"][0]["extensions"]["incident"] in caplog.text


async def test_answers_are_not_stored_and_not_sniffed() -> None:
    response = await sent(json=HEALTH, headers={"authorization": "Bearer inspector"})
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "Authorization" in response.headers["vary"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,zh;q=0.5", "en"),
        ("zh-CN,en;q=0.9", "zh"),
        ("fr, en;q=0.1", "en"),
        ("*", "zh"),
        ("en;q=0", "zh"),
    ],
)
async def test_problems_are_told_in_the_language_of_the_reader(accepted: str, language: str) -> None:
    response = await sent(json={"query": "{ viewer { id } }"}, headers={"accept-language": accepted})
    message = response.json()["errors"][0]["message"]
    assert message.isascii() == (language == "en")


async def test_an_operation_that_takes_too_long_is_503_and_coded() -> None:
    app = application(Limits(seconds=0.05))
    response = await sent(app=app, json={"query": '{ failing(how: "slow") }'}, headers={"accept": RESPONSE})
    assert response.status_code == 503
    assert code(response) == "TIMED_OUT"


async def test_a_stranger_may_not_see_the_schema() -> None:
    response = await sent(json={"query": "{ __schema { types { name } } }"})
    assert response.status_code == 403
    assert code(response) == "INTROSPECTION_CLOSED"


async def test_a_caller_who_leaves_is_forgotten_in_silence() -> None:
    said: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        said.append(message)

    headers = [(b"content-type", JSON.encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await endpoint()(scope, receive, send)
    assert said == []


async def test_an_answer_is_what_orjson_writes() -> None:
    response = await sent(json={"query": "{ health { time version } }"})
    assert orjson.loads(response.content)["data"]["health"]["time"] == "2026-07-01T12:00:00.000Z"
