"""What may live here: tests of the contract that is printed."""

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLScalarType
from graphql import specified_scalar_types as specified

from graphql_schema import schema
from tests.graphql_schema import sample
from tests.graphql_schema.asking import SCHEMA

pytestmark = pytest.mark.quick


def undescribed(core: object) -> list[str]:
    """Return what of a schema has no description: types, fields, arguments and enum values."""
    missing = []
    for name, kind in core.type_map.items():  # type: ignore[attr-defined]  # Any GraphQL schema.
        if name.startswith("__") or name in specified:
            continue
        parts = [(name, kind)]
        if isinstance(kind, GraphQLEnumType):
            parts += [(f"{name}.{each}", value) for each, value in kind.values.items()]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            parts += [(f"{name}.{each}", field) for each, field in kind.fields.items()]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for each, field in kind.fields.items():
                parts += [(f"{name}.{each}({argument})", found) for argument, found in field.args.items()]
        missing += [place for place, part in parts if not (part.description or "").strip()]
    return missing


def test_everything_has_a_description() -> None:
    assert undescribed(SCHEMA._schema) == []
    assert undescribed(sample.SCHEMA._schema) == []


def test_every_scalar_says_what_specifies_it() -> None:
    core = sample.SCHEMA._schema
    own = [
        kind for name, kind in core.type_map.items() if isinstance(kind, GraphQLScalarType) and name not in specified
    ]
    assert own
    assert all((kind.specified_by_url or "").startswith("https://www.rfc-editor.org/rfc/") for kind in own)


def test_the_committed_contract_is_fresh() -> None:
    said: list[str] = []
    assert schema.main(["--check"], write=said.append) == 0, "".join(said)


def test_node_may_be_null_as_relay_wants_it() -> None:
    query = SCHEMA._schema.query_type
    assert query is not None
    assert str(query.fields["node"].type) == "Node"
    assert [f"{name}: {argument.type}" for name, argument in query.fields["node"].args.items()] == ["id: ID!"]


def test_a_wrong_call_is_told_how_to_call() -> None:
    said: list[str] = []
    assert schema.main(["--nonsense"], write=said.append) == 2
    assert "usage" in said[0]
