"""What may live here: reading plain attributes without the ceremony of a resolver, which is most of an answer's cost.

graphql-core makes a path, an info object and four calls for each field; of a list of fifty with eight fields that is
nine tenths of the time. A field without resolver and arguments whose type is a scalar or an enum needs none of it.
Whatever is not as simple, or goes wrong, takes the way that graphql-core has for it, which also words the error.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from graphql import (
    Executor,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_nullable_type,
    is_leaf_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

LEAVES: Final = "leaves"

Leaf = tuple[str, Callable[[Any], Any], bool]
"""The attribute, how its value is written, and whether it may be null."""


def find_leaves(schema: GraphQLSchema) -> None:
    """Note in each object type which of its fields are plain attributes."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            kind.extensions[LEAVES] = {
                name: leaf for name, field in kind.fields.items() if (leaf := _leaf(field)) is not None
            }


def _leaf(field: GraphQLField) -> Leaf | None:
    declared = field.extensions.get("strawberry-definition")
    bare: Any = get_nullable_type(field.type)
    if declared is None or not declared.is_basic_field or field.args or not is_leaf_type(bare):
        return None
    return declared.python_name, bare.coerce_output_value, not isinstance(field.type, GraphQLNonNull)


class Execution(Executor[Any]):
    """graphql-core's execution, with the short way for leaves, and the info object that Strawberry's resolvers want.

    Strawberry's own is one for answers in pieces (@defer), which are not spoken here and cost each answer their part.
    """

    operation_extensions: Any = None
    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info

    def execute_fields(
        self, parent_type: Any, source_value: Any, path: Any, grouped_field_set: Any, position_context: Any
    ) -> Any:
        """Execute the fields of one object: leaves at once, all others as ever."""
        leaves: dict[str, Leaf] = parent_type.extensions.get(LEAVES) or {}
        done: dict[str, Any] = {}
        rest: dict[str, Any] = {}
        for key, details in grouped_field_set.items():
            leaf = leaves.get(details[0].node.name.value)
            value = _written(source_value, leaf) if leaf is not None else Undefined
            done[key] = value  # Keeps the order in which the fields were asked for.
            if value is Undefined:
                rest[key] = details
        if not rest:
            return done
        found = super().execute_fields(parent_type, source_value, path, rest, position_context)
        if self.is_awaitable(found):
            return _joined(done, found)
        return _merged(done, cast("dict[str, Any]", found))


def _written(source: Any, leaf: Leaf) -> Any:
    name, write, nullable = leaf
    try:
        value = getattr(source, name)
        if value is None:
            return None if nullable else Undefined
        written = write(value)
    except Exception:
        return Undefined  # It is met again on the long way, and told from there.
    return Undefined if written is None else written


async def _joined(done: dict[str, Any], coming: Any) -> dict[str, Any]:
    return _merged(done, await coming)


def _merged(done: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    done.update(found)
    return {key: value for key, value in done.items() if value is not Undefined}
