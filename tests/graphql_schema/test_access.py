"""What may live here: tests that the schema is closed by default."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql import (
    GraphQLField,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from graphql_schema import access
from graphql_schema.access import AccessUndeclared, open_to_all, signed_in
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Info
from graphql_schema.errors import PayloadIncomplete, Problem, problem_field
from graphql_schema.executor import Executor, Request
from graphql_schema.schema import AREAS, SchemaRefused, build
from storage.record.actor import Role
from tests.graphql_schema import sample

pytestmark = pytest.mark.quick
BUILT = sample.SCHEMA
LITERALS = {
    "Int": "1",
    "ClosingBytes": f'"{"A" * 43}"', "PartHashes": f'"{"A" * 43}"', "Boolean": "true",
    "Float": "1.5", "Base64": '"AAAA"', "Sha256": f'"{"0" * 64}"',
    "Date": '"2026-07-01"', "UUID": f'"{UUID(int=1)}"', "DateTime": '"2026-07-01T08:00:00Z"', "Language": '"zh"',
}  # fmt: skip


def literal(kind: Any) -> str:
    """Write a value that a type takes, as short as it may be."""
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return "[]"
    if is_input_object_type(inner):
        given = (
            f"{name}: {literal(each.type)}" for name, each in inner.fields.items() if is_required_input_field(each)
        )
        return "{" + ", ".join(given) + "}"
    return next(iter(inner.values)) if is_enum_type(inner) else LITERALS.get(str(inner), '"1"')


def asked(root: str, name: str, field: GraphQLField) -> str:
    """Write the shortest valid document that asks for a root field."""
    needed = [f"{each}: {literal(one.type)}" for each, one in field.args.items() if is_required_argument(one)]
    shown = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{root} {{ {name}{'(' + ', '.join(needed) + ')' if needed else ''}{shown} }}"


CLOSED = {
    asked(root, name, field): name
    for root, kind in (("query", BUILT._schema.query_type), ("mutation", BUILT._schema.mutation_type))
    for name, field in (kind.fields if kind is not None else {}).items()
    if access.access_of(field, name) is not open_to_all
}


@strawberry.type(description="A payload.")
class DoPayload:
    """A payload."""

    problem: Problem | None = problem_field()


@strawberry.input(description="An input.")
class DoInput:
    """An input."""

    what: str = strawberry.field(description="What.")


def test_a_root_field_that_declares_no_access_keeps_the_schema_from_being_built() -> None:
    @strawberry.type
    class Open:
        @strawberry.field(description="Undeclared.")
        def leak(self) -> str | None:
            return "everything"

    with pytest.raises(AccessUndeclared, match=r"Query\.leak"):
        build((Area(query=Open),))


def test_a_subscription_that_declares_no_access_keeps_the_schema_from_being_built() -> None:
    @strawberry.type
    class Follow:
        @strawberry.subscription(description="Undeclared.")
        async def leak(self) -> "AsyncGenerator[str | None, None]":
            yield "everything"

    with pytest.raises(AccessUndeclared, match=r"Subscription\.leak"):
        build((*AREAS, Area(subscription=Follow)))


def test_a_field_that_can_be_refused_must_be_nullable() -> None:
    @strawberry.type
    class Required:
        @query(access=signed_in, description="Not nullable.")
        def must(self) -> str:
            return ""

    with pytest.raises(SchemaRefused, match=r"Query\.must"):
        build((Area(query=Required),))


def test_two_areas_cannot_declare_one_field() -> None:
    with pytest.raises(SchemaRefused, match="declared by"):
        build((*AREAS, *AREAS))


def test_a_payload_without_a_problem_keeps_the_schema_from_being_built() -> None:
    @strawberry.type(description="Silent.")
    class SilentPayload:
        done: bool | None = strawberry.field(default=None, description="Done.")

    @strawberry.type
    class Act:
        @mutation(access=signed_in, description="Silent.")
        def do(self, input: DoInput) -> SilentPayload | None:
            return None

    with pytest.raises(PayloadIncomplete, match=r"Mutation\.do"):
        build((*AREAS, Area(mutation=Act)))


def test_a_mutation_takes_one_input() -> None:
    @strawberry.type
    class Act:
        @mutation(access=open_to_all, description="Loose.")
        def do(self, what: str) -> DoPayload | None:
            return None

    with pytest.raises(SchemaRefused, match="exactly one argument"):
        build((*AREAS, Area(mutation=Act)))


def test_an_input_and_a_payload_belong_to_one_mutation() -> None:
    @strawberry.type
    class Act:
        @mutation(access=open_to_all, description="Borrows.")
        def other(self, input: DoInput) -> DoPayload | None:
            return None

    with pytest.raises(SchemaRefused, match="must take OtherInput and answer OtherPayload"):
        build((*AREAS, Area(mutation=Act)))


def test_a_node_needs_a_type_of_its_name() -> None:
    with pytest.raises(SchemaRefused, match="Nothing is a node"):
        build((*AREAS, Area(nodes={"Nothing": sample.piece})))


@pytest.mark.parametrize("text", CLOSED)
async def test_a_stranger_is_told_unauthenticated_and_nothing_ran(text: str) -> None:
    shelf = sample.shelf(2)
    answer = await Executor(BUILT).answer(Request(text), sample.context(None, database=shelf))
    assert answer.codes == {"UNAUTHENTICATED"}
    assert answer.data == {CLOSED[text]: None}
    assert shelf.asked == []
    assert len(shelf.rows) == 2


async def test_a_role_without_the_verb_is_told_not_allowed_and_nothing_ran() -> None:
    shelf = sample.shelf(0)
    context = sample.context(sample.someone(Role.AUDITOR), database=shelf)
    executor = Executor(BUILT)
    read = await executor.answer(Request("{ secret }"), context)
    acted = await executor.answer(
        Request('mutation { putPiece(input: {sizes: ["1"]}) { piece { id } problem { code } } }'), context
    )
    assert read.codes == {"NOT_ALLOWED"}
    assert acted.body() == {"data": {"putPiece": {"piece": None, "problem": {"code": "NOT_ALLOWED"}}}}
    assert shelf.asked == []


async def test_a_refused_field_leaves_its_neighbours_alone() -> None:
    answer = await Executor(BUILT).answer(Request("{ health { status } secret }"), sample.context(None))
    assert answer.data == {"health": {"status": "ok"}, "secret": None}


async def test_the_fields_of_a_query_run_side_by_side_and_those_of_a_mutation_in_order() -> None:
    met = asyncio.Barrier(2)
    order: list[str] = []

    @strawberry.type
    class Meet:
        @query(access=open_to_all, description="Waits for another.")
        async def meet(self, info: Info) -> bool | None:
            async with asyncio.timeout(2):
                await met.wait()
            return True

    @strawberry.type
    class Act:
        @mutation(access=open_to_all, description="Takes its turn.")
        async def do(self, input: DoInput) -> DoPayload | None:
            order.append(f"begin {input.what}")
            await asyncio.sleep(0)
            order.append(f"end {input.what}")
            return DoPayload()

    executor = Executor(build((*AREAS, Area(query=Meet, mutation=Act))))
    together = await executor.answer(Request("{ a: meet b: meet }"), sample.context())
    assert together.body() == {"data": {"a": True, "b": True}}
    text = 'mutation { a: do(input: {what: "a"}) { problem { code } } b: do(input: {what: "b"}) { problem { code } } }'
    await executor.answer(Request(text), sample.context())
    assert order == ["begin a", "end a", "begin b", "end b"]
