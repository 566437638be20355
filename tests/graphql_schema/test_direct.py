"""Tests that resolvers called directly, and what is kept of a document, answer as graphql-core's own way, in order."""

from typing import Annotated

import pytest
import strawberry
from graphql import execute, parse
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graphql_schema.access import open_to_all
from graphql_schema.area import Area, query
from graphql_schema.context import Info
from graphql_schema.executor import IS_AWAITABLE, Executor, Request
from graphql_schema.scalars import Bytes
from graphql_schema.schema import AREAS, build
from tests.graphql_schema import sample

pytestmark = pytest.mark.quick


@strawberry.type(description="Things of every kind.")
class Mixed:
    """Things of every kind; `size` may hold what cannot be told."""

    id: strawberry.ID = strawberry.field(description="Id.")
    size: Bytes | None = strawberry.field(description="Size.")
    must: Bytes = strawberry.field(description="Size that must be.")
    names: list[str] = strawberry.field(description="Names.")
    other: "Mixed | None" = strawberry.field(default=None, description="Another.")

    @strawberry.field(description="Computed.")
    def twice(self, of: Annotated[int, strawberry.argument(description="Of what.")] = 2) -> int:
        return 2 * of

    @strawberry.field(description="Waited for.")
    async def late(self) -> int:
        return 1


@strawberry.type
class MixedQuery:
    """Asks for them."""

    @query(access=open_to_all, description="Whole ones, and one that breaks.")
    def mixed(
        self, info: Info, broken: Annotated[bool, strawberry.argument(description="Broken.")] = False
    ) -> Mixed | None:
        inner = Mixed(id=strawberry.ID("b"), size=None, must=Bytes(2), names=["x"])
        must: object = None if broken else Bytes(3)
        return Mixed(id=strawberry.ID("a"), size=Bytes(1), must=must, names=[], other=inner)  # type: ignore[arg-type]  # That it breaks is meant.


SCHEMA = build((*AREAS, Area(query=MixedQuery)))
EXECUTOR = Executor(SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "{ mixed { id size must } }",
        "{ mixed { twice must late id a: size names twice4: twice(of: 4) __typename } }",
        "{ mixed { other { size other { id } id late } must ... on Mixed { names id } } }",
        "{ mixed { id @skip(if: true) size @include(if: false) must } }",
        "{ mixed(broken: true) { id must } }",
        "{ mixed(broken: true) { id } other: mixed { id } }",
    ],
)
async def test_the_short_way_answers_what_the_long_way_answers(text: str) -> None:
    for _ in range(2):  # The second time by what was kept of the first.
        answer = await EXECUTOR.answer(Request(text), sample.context())
    result = execute(
        SCHEMA._schema, parse(text), context_value=sample.context(), is_awaitable=IS_AWAITABLE,
        executor_class=StrawberryGraphQLCoreExecutionContext,
    )  # fmt: skip
    whole = result if not hasattr(result, "__await__") else await result
    assert answer.data == whole.data
    assert str(answer.data) == str(whole.data)  # The order, too.
    assert [error["path"] for error in answer.errors] == [error.path for error in whole.errors or []]
