"""Whatever goes the short way says what the long way says: the same answers, the same errors at the same places."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from graphql import GraphQLObjectType, execute, parse
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graphql_schema import plain, schema
from graphql_schema.executor import IS_AWAITABLE
from graphql_schema.scalars import SCALARS

pytestmark = pytest.mark.quick


@strawberry.enum
class Colour(Enum):
    """A colour."""

    RED = "red"


@strawberry.type
class Leaf:
    """A leaf."""

    name: str
    at: datetime | None = None
    colours: list[Colour] = strawberry.field(default_factory=list)
    holes: list[str | None] = strawberry.field(default_factory=list)


@strawberry.type
class Tree:
    """A tree."""

    first: Leaf
    other: Leaf | None
    leaves: list[Leaf]

    @strawberry.field
    async def asked(self) -> str:
        """Not plain."""
        return "asked"


@strawberry.input
class Seed:
    """A seed."""

    name: str
    count: int = 3
    note: str | None = None


@strawberry.input
class Bed:
    """A bed of seeds."""

    seeds: list[Seed]
    best: Seed | None = None
    colours: list[Colour] | None = None


GOOD = Leaf(name="a", at=datetime(2026, 11, 24, tzinfo=UTC), colours=[Colour.RED], holes=["x", None])
NAMELESS: Any = None
TREES = [
    Tree(first=GOOD, other=None, leaves=[GOOD, Leaf(name="b")]),
    # A time without a zone cannot be written.
    Tree(first=GOOD, other=Leaf(name="c", at=datetime(2026, 11, 24)), leaves=[]),  # noqa: DTZ001 - As said.
    Tree(first=GOOD, other=None, leaves=[GOOD, Leaf(name=NAMELESS)]),
    Tree(first=NAMELESS, other=GOOD, leaves=[NAMELESS]),
    Tree(first=GOOD, other=GOOD, leaves=[Leaf(name="d", colours=["blue"])]),  # type: ignore[list-item]  # No colour.
]
PLANTED: list[Bed] = []


@strawberry.type
class Query:
    """Trees and beds."""

    @strawberry.field
    def tree(self, number: int) -> Tree | None:
        """One tree."""
        return TREES[number]

    @strawberry.field
    def plant(self, bed: Annotated[Bed, strawberry.argument(description="It.")]) -> int:
        """Plant a bed."""
        PLANTED.append(bed)
        return len(bed.seeds)


@dataclass
class Ways:
    """The same schema twice: as Strawberry makes it, and shortened."""

    long: strawberry.Schema
    short: strawberry.Schema


@pytest.fixture(scope="module")
def ways() -> Ways:
    both = [strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS)) for _ in range(2)]
    plain.shorten(both[1]._schema, both[1].config)
    return Ways(*both)


async def answered(made: strawberry.Schema, executor: type, text: str, **variables: Any) -> tuple[Any, list[Any]]:
    result = execute(
        made._schema, parse(text), variable_values=variables, executor_class=executor, is_awaitable=IS_AWAITABLE,
    )  # fmt: skip
    found: Any = await result if isinstance(result, Awaitable) else result
    return found.data, [(error.message, error.path) for error in found.errors or ()]


TEXTS = [
    "{ name }", "{ __typename name at }", "{ at colours }", "{ again: name holes }",
    "{ ...F } fragment F on Leaf { name }",
]  # fmt: skip


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("number", range(len(TREES)))
async def test_both_ways_give_the_same_answer_and_the_same_errors(
    ways: Ways, number: int, text: str, asked: bool
) -> None:
    leaf, _, more = text.partition(" fragment ")
    fields = f"first {leaf} other {leaf} leaves {leaf}" + (" asked" if asked else "")
    document = f"query($number: Int!) {{ tree(number: $number) {{ {fields} }} }}" + (
        f" fragment {more}" if more else ""
    )
    long = await answered(ways.long, StrawberryGraphQLCoreExecutionContext, document, number=number)
    short = await answered(ways.short, plain.PlainFirst, document, number=number)
    assert short == long
    assert list(short[0]["tree"] or ()) == list(long[0]["tree"] or ())


BEDS: list[dict[str, Any]] = [
    {"seeds": []},
    {"seeds": [{"name": "a"}, {"name": "b", "count": 5, "note": None}], "best": {"name": "c", "note": "n"}},
    {"seeds": [{"name": "a"}], "best": None, "colours": ["RED"]},
]


@pytest.mark.parametrize("bed", BEDS)
async def test_both_ways_build_the_same_inputs(ways: Ways, bed: dict[str, Any]) -> None:
    PLANTED.clear()
    text = "query($bed: Bed!) { plant(bed: $bed) }"
    assert (await answered(ways.short, plain.PlainFirst, text, bed=bed))[1] == []
    kind: Any
    for kind in (Bed, Seed):
        kind.__strawberry_definition__.from_input = None
    await answered(ways.long, StrawberryGraphQLCoreExecutionContext, text, bed=bed)
    plain.shorten(ways.short._schema, ways.short.config)
    short, long = PLANTED
    assert short == long


def test_most_fields_of_the_product_are_plain() -> None:
    core = schema.build()._schema
    named = [made for name, made in core.type_map.items() if isinstance(made, GraphQLObjectType) and name[:2] != "__"]
    fields = [field for made in named for field in made.fields.values()]
    assert sum(type(field.resolve) is plain.Plain for field in fields) > len(fields) * 0.7
