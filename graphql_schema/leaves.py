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
from strawberry import Info
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


def shorten_resolvers(schema: GraphQLSchema) -> None:
    """Let resolvers that take no argument be called directly, and not through the converters of arguments."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind is not schema.subscription_type:
            for field in kind.fields.values():
                declared = field.extensions.get("strawberry-definition")
                if declared is not None and declared.base_resolver and not (field.args or declared.extensions):
                    field.resolve = _direct(declared)


def _direct(declared: Any) -> Callable[[Any, Any], Any]:
    resolver = declared.base_resolver
    call, takes_self, takes_info = resolver.wrapped_func, resolver.self_parameter, resolver.info_parameter
    if len(resolver.reserved_parameters) and (resolver.root_parameter or resolver.parent_parameter):
        raise TypeError(f"{declared.python_name}: a resolver takes `self` and `info`, and no root")
    if not takes_info:
        return lambda source, _: call(source) if takes_self else call()
    name = takes_info.name

    def resolve(source: Any, info: Any) -> Any:
        told = {name: Info(_raw_info=info, _field=declared)}
        return call(source, **told) if takes_self else call(**told)

    return resolve


class Execution(Executor[Any]):
    """graphql-core's execution, with the short way for leaves, and the info object that Strawberry's resolvers want.

    Strawberry's own is one for answers in pieces (@defer), which are not spoken here and cost each answer their part.
    """

    operation_extensions: Any = None
    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info
    kept: dict[str, Any] | None = None
    """What was collected when the same operation ran before; None where it hangs on variables (@skip, @include)."""

    def execute_collected_root_fields(
        self, root_type: Any, root_value: Any, grouped_field_set: Any, serially: Any, new_defer_usages: Any
    ) -> Any:
        """Execute the root fields by what was collected before: the same fields, so that their own are found again."""
        if self.kept is not None:
            grouped_field_set = self.kept.setdefault("root", grouped_field_set)
            self._relevant_sub_fields = self.kept.setdefault("below", self._relevant_sub_fields)
        return super().execute_collected_root_fields(
            root_type, root_value, grouped_field_set, serially, new_defer_usages
        )

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
