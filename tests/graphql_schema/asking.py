"""Asks the whole schema over a real database, as one signed-in actor."""

from typing import Any

from graphql_schema.context import Context, Means
from graphql_schema.executor import Executor, Request
from graphql_schema.schema import build
from storage.record.actor import Actor
from storage.record.database import Database
from tests.sites import NOW

SCHEMA = build()
"""The schema as it is served, built once for all who ask it."""
EXECUTOR = Executor(SCHEMA)


async def ask(
    database: Database, actor: Actor | None, text: str, means: Means | None = None, /, **variables: Any
) -> dict[str, Any]:
    """The data of the answer; the test fails on any error in it."""
    context = Context(actor, database, lambda: NOW, means=means or Means())
    answer = await EXECUTOR.answer(Request(text, variables), context)
    assert answer.errors == [], answer.errors
    data: dict[str, Any] = answer.data
    return data


async def codes(database: Database, actor: Actor | None, text: str, **variables: Any) -> set[str]:
    """The codes of the errors in the answer."""
    answer = await EXECUTOR.answer(Request(text, variables), Context(actor, database, lambda: NOW))
    return set(answer.codes)
