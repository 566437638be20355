"""Tests that nobody learns of a breaking change of the contract from a phone that no longer works."""

from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, is_enum_type, is_input_object_type, is_interface_type, is_object_type
from graphql.utilities import find_breaking_changes

from graphql_schema.schema import CONTRACT

pytestmark = pytest.mark.quick
CHANGES = Path(__file__).parents[2] / "docs" / "schema-changes.md"
RELEASED = CONTRACT.with_name("released.graphql")


def unlisted(old: GraphQLSchema, new: GraphQLSchema, listed: str) -> list[str]:
    """The breaking differences, and what is deprecated, that the list does not name."""
    found = [change.description for change in find_breaking_changes(old, new)] + deprecated(new)
    return [each for each in found if each not in listed]


def deprecated(schema: GraphQLSchema) -> list[str]:
    """All that is deprecated, by its place."""
    found = []
    for name, kind in schema.type_map.items():
        if is_object_type(kind) or is_interface_type(kind):
            for field_name, field in kind.fields.items():
                found += [f"{name}.{field_name}"] if field.deprecation_reason else []
                found += [f"{name}.{field_name}({each})" for each, arg in field.args.items() if arg.deprecation_reason]
        elif is_input_object_type(kind):
            found += [f"{name}.{each}" for each, field in kind.fields.items() if field.deprecation_reason]
        elif is_enum_type(kind):
            found += [f"{name}.{each}" for each, value in kind.values.items() if value.deprecation_reason]
    return found


def test_what_breaks_or_is_deprecated_is_listed() -> None:
    old, new = (build_schema(path.read_text(encoding="utf-8")) for path in (RELEASED, CONTRACT))
    listed = CHANGES.read_text(encoding="utf-8").split("## Unreleased", 1)[1]
    assert unlisted(old, new, listed) == []


def test_a_break_and_a_deprecation_are_found_and_an_addition_is_none() -> None:
    old = build_schema("type Query { a: Int b(c: Int): Int } enum E { X Y }")
    new = build_schema('type Query { b(c: Int @deprecated(reason: "d")): Int e: Int @deprecated } enum E { X Y Z }')
    assert unlisted(old, old, "") == []
    assert unlisted(old, new, "") == ["Field Query.a was removed.", "Query.b(c)", "Query.e"]
    assert unlisted(old, new, "- Field Query.a was removed.\n- Query.b(c)\n- Query.e") == []
