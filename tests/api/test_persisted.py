"""Tests of automatic persisted queries: a document that was sent once is named by its hash; nothing else is kept."""

import json
from hashlib import sha256
from typing import Any

import pytest
from starlette.applications import Starlette

from graphql_schema.limits import Limits
from tests.api.test_graphql import application, code, sent

pytestmark = pytest.mark.quick
HEALTH = "{ health { status } }"


def named(text: str, **beside: Any) -> dict[str, Any]:
    """A request that names a document by its hash."""
    digest = sha256(text.encode()).hexdigest()
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, **beside}


async def test_a_document_is_asked_for_by_its_hash_once_it_was_sent() -> None:
    app = application()
    unknown = await sent(app=app, json=named(HEALTH))
    assert unknown.status_code == 200
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
    assert (await sent(app=app, json=named(HEALTH, query=HEALTH))).json()["data"]
    assert (await sent(app=app, json=named(HEALTH))).json() == {"data": {"health": {"status": "ok"}}}
    by_get = {"extensions": json.dumps(named(HEALTH)["extensions"])}
    assert (await sent("GET", app=app, params=by_get)).json() == {"data": {"health": {"status": "ok"}}}


async def test_a_hash_that_is_not_the_document_s_is_refused_and_keeps_nothing() -> None:
    app = application()
    answer = await sent(app=app, json=named("{ __typename }", query=HEALTH))
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert code(await sent(app=app, json=named(HEALTH))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("text", ["{", "{ nothing }", "{ " + "a: __typename " * 60 + "}"])
async def test_what_is_not_valid_is_never_kept(text: str) -> None:
    app = application()
    assert (await sent(app=app, json=named(text, query=text))).json()["errors"]
    assert code(await sent(app=app, json=named(text))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_the_memory_is_bounded_and_the_least_used_leaves_first() -> None:
    app = application(Limits(cache_bytes=40_000))
    for number in range(20):
        text = f"{{ health {{ status }} }} # {number}"
        assert (await sent(app=app, json=named(text, query=text))).status_code == 200
    assert code(await sent(app=app, json=named("{ health { status } } # 0"))) == "PERSISTED_QUERY_NOT_FOUND"
    assert "data" in (await sent(app=app, json=named("{ health { status } } # 19"))).json()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"version": 2, "sha256Hash": "0" * 64}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"sha256Hash": "0" * 64}, "PERSISTED_QUERY_NOT_SUPPORTED"),
        ("1", "PERSISTED_QUERY_NOT_SUPPORTED"),
        ({"version": 1, "sha256Hash": "z" * 64}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": "0" * 63}, "BAD_REQUEST"),
        ({"version": 1}, "BAD_REQUEST"),
        ({"version": 1, "sha256Hash": ["0"]}, "BAD_REQUEST"),
    ],
)
async def test_what_is_no_hash_of_version_1_is_refused(asked: Any, told: str) -> None:
    answer = await sent(json={"extensions": {"persistedQuery": asked}})
    assert (answer.status_code, code(answer)) == (400, told)


async def test_a_mutation_named_by_its_hash_is_not_run_by_get_and_introspection_stays_closed() -> None:
    app: Starlette = application()
    inspector = {"authorization": "Bearer inspector"}
    schema = "{ __schema { queryType { name } } }"
    mutation = "mutation { putPiece(input: {sizes: []}) { problem { code } } }"
    for text in (schema, mutation):
        assert (await sent(app=app, json=named(text, query=text), headers=inspector)).json()["data"]
    by_get = {"extensions": json.dumps(named(mutation)["extensions"])}
    assert (await sent("GET", app=app, params=by_get, headers=inspector)).status_code == 405
    assert code(await sent(app=app, json=named(schema))) == "INTROSPECTION_CLOSED"
