"""What may live here: the short way of what is plain: a field that is an attribute, an input that is a dataclass.

Most of an answer is plain, and graphql-core and Strawberry walk a dozen calls for each value of it. Here the readers
and builders are made once, with the schema. Whatever is not plain, or fails, takes the long way and is told as there.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING
from typing import Any, TypeAlias

from graphql import (
    Executor,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    is_leaf_type,
)
from strawberry import Info
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.lazy_type import LazyType

DEFINITION = "strawberry-definition"
Build: TypeAlias = Callable[[Any], Any]


class NotWritten(Exception):
    """A value cannot be written the short way."""


Parts: TypeAlias = Sequence[tuple[str, "Plain", Any]]
"""What is asked of an object: name in the answer, reader, and the parts below it (None of a leaf)."""


class Plain:
    """The resolver of a field that is an attribute: of leaves, which `write` writes, or of objects of the type `of`."""

    __slots__ = ("listed", "name", "nullable", "of", "write")

    def __init__(self, field: GraphQLField, name: str) -> None:
        self.name = name
        kind: Any = field.type
        self.nullable = not isinstance(kind, GraphQLNonNull)
        kind = kind if self.nullable else kind.of_type
        self.listed = isinstance(kind, GraphQLList)
        if self.listed:
            # A list that may hold null, or lists, is rare: it goes the long way.
            kind = kind.of_type.of_type if isinstance(kind.of_type, GraphQLNonNull) else None
        self.write = _leaf(kind) if is_leaf_type(kind) else None
        self.of = kind if isinstance(kind, GraphQLObjectType) and kind.is_type_of is None else None

    def __call__(self, source: Any, _info: Any) -> Any:
        """What the field holds."""
        return getattr(source, self.name)


class PlainFirst(Executor[Any]):
    """Executes as graphql-core does, but writes what is plain without asking a resolver.

    Strawberry's own execution is one for answers in pieces (@defer), which are not spoken here and cost each answer
    their part; its info object is taken, which its resolvers want.
    """

    operation_extensions: Any = None
    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info
    kept: dict[str, Any] | None = None
    """What was collected when the same operation ran before; None where it hangs on variables (@skip, @include)."""

    def execute_collected_root_fields(
        self, root_type: Any, root_value: Any, grouped_field_set: Any, serially: Any, new_defer_usages: Any
    ) -> Any:
        """The root fields as they were collected before: the same lists, by which what is below them is found again."""
        if self.kept is not None:
            grouped_field_set = self.kept.setdefault("root", grouped_field_set)
            self._relevant_sub_fields = self.kept.setdefault("below", self._relevant_sub_fields)
        return super().execute_collected_root_fields(
            root_type, root_value, grouped_field_set, serially, new_defer_usages
        )

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """The fields of one object: at once if all of them are plain, as graphql-core does it otherwise."""
        written: dict[str, Any] = {}
        fields = parent_type.fields
        try:
            for name, details in grouped_field_set.items():
                plain = fields[details[0].node.name.value].resolve
                if type(plain) is not Plain:
                    break
                written[name] = self._written(plain, source_value, details)
            else:
                return written
        except Exception:  # Whatever it was, the long way meets it again and tells it in its place.
            written.clear()
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        """One field among some that are not plain, the short way if it is."""
        field = parent_type.fields.get(field_details_list[0].node.name.value)
        if field is not None and type(field.resolve) is Plain:
            with suppress(Exception):  # As above.
                return self._written(field.resolve, source, field_details_list)
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def _written(self, plain: Plain, source: Any, details: Any) -> Any:
        """What stands in the answer; NotWritten, or what the scalar raises, where the long way has to tell why."""
        value = getattr(source, plain.name)
        if value is None and plain.nullable:
            return None
        if plain.write is not None:
            return [plain.write(each) for each in value] if plain.listed else plain.write(value)
        if plain.of is None or value is None:
            raise NotWritten
        if plain.listed:
            parts = self._parts(plain, details) if value else ()
            return [self._object(parts, each) for each in value]
        return self._object(self._parts(plain, details), value)

    def _parts(self, plain: Plain, details: Any) -> Parts:
        """What is asked of the objects of a field, once for all of them; NotWritten if any of it is not plain."""
        if plain.of is None:
            raise NotWritten
        fields, deferred, _ = self.collect_subfields(plain.of, details)
        if deferred:
            raise NotWritten
        found: list[tuple[str, Plain, Any]] = []
        for name, asked in fields.items():
            part = plain.of.fields[asked[0].node.name.value].resolve
            if type(part) is not Plain or (part.write is None and part.of is None):
                raise NotWritten
            found.append((name, part, None if part.write is not None else self._parts(part, asked)))
        return found

    def _object(self, parts: Parts, source: Any) -> dict[str, Any]:
        """An object of these parts."""
        if source is None:
            raise NotWritten
        written: dict[str, Any] = {}
        for name, part, below in parts:
            value = getattr(source, part.name)
            if value is None and part.nullable:
                written[name] = None
            elif part.write is not None:
                written[name] = [part.write(each) for each in value] if part.listed else part.write(value)
            elif part.listed:
                written[name] = [self._object(below, each) for each in value]
            else:
                written[name] = self._object(below, value)
        return written


def call_directly(schema: GraphQLSchema) -> None:
    """Let resolvers that take no argument be called without the converters of arguments.

    It comes before access is put in front of the resolvers, or it would take them out from behind it.
    """
    for made in schema.type_map.values():
        if isinstance(made, GraphQLObjectType) and made is not schema.subscription_type:
            for field in made.fields.values():
                if _takes_nothing(field):
                    field.resolve = _direct(field.extensions[DEFINITION])


def shorten(schema: GraphQLSchema, config: StrawberryConfig) -> None:
    """Give every plain field its reader and every plain input its builder."""
    for made in schema.type_map.values():
        if isinstance(made, GraphQLObjectType):
            for field in made.fields.values():
                if getattr(field.resolve, "_is_default", False):
                    field.resolve = Plain(field, field.extensions[DEFINITION].python_name)
        elif isinstance(made, GraphQLInputObjectType) and (definition := made.extensions.get(DEFINITION)):
            _build_shortly(definition, config)


def _takes_nothing(field: GraphQLField) -> bool:
    """Whether a field's resolver takes no argument, so that nothing is to be converted before it is called."""
    declared = field.extensions.get(DEFINITION)
    return declared is not None and bool(declared.base_resolver) and not (field.args or declared.extensions)


def _direct(declared: Any) -> Callable[[Any, Any], Any]:
    """The resolver itself, which takes `self` and `info` or one of them or nothing."""
    resolver = declared.base_resolver
    call, takes_self, takes_info = resolver.wrapped_func, resolver.self_parameter, resolver.info_parameter
    if resolver.root_parameter or resolver.parent_parameter:
        raise TypeError(f"{declared.python_name}: a resolver takes `self`, and no `root` or `parent`")
    if not takes_info:
        return lambda source, _: call(source) if takes_self else call()
    name = takes_info.name

    def resolve(source: Any, info: Any) -> Any:
        told = {name: Info(_raw_info=info, _field=declared)}
        return call(source, **told) if takes_self else call(**told)

    return resolve


def _leaf(of: Any) -> Build:
    coerce = of.coerce_output_value

    def write(value: Any) -> Any:
        written = coerce(value)
        if written is None or written is Undefined:
            raise NotWritten
        return written

    return write


def _build_shortly(definition: Any, config: StrawberryConfig) -> None:
    """Set the definition's own hook, which Strawberry asks instead of walking the input itself."""
    names = [(config.name_converter.from_field(each), each.python_name, each) for each in definition.fields]
    absent = {each.python_name: None for each in definition.fields if not _has_default(each)}
    members: list[tuple[str, str, Build | None]] = []

    def build(made: type, given: Mapping[str, Any], _context: Any) -> Any:
        if not members:  # Types may name each other: all of them are known only when the first request comes.
            members.extend((name, python, _builder(each.type)) for name, python, each in names)
        told: dict[str, Any] = dict(absent)
        for name, python, make in members:
            if name in given:
                told[python] = given[name] if make is None else make(given[name])
        return made(**told)

    definition.from_input = build


def _has_default(field: Any) -> bool:
    return field.default_value is not MISSING or field.default_factory is not MISSING


def _builder(of: Any) -> Build | None:
    """How a value of this type is made of what graphql-core read, or None if it is that already."""
    if isinstance(of, StrawberryMaybe):
        raise TypeError("an input tells absence from null: say so in a field of its own")
    if isinstance(of, StrawberryOptional):
        inner = _builder(of.of_type)
        return inner and _unless_null(inner)
    if isinstance(of, StrawberryList):
        # The list is copied: a default is one list for all requests.
        inner = _builder(of.of_type)
        return _each(inner) if inner is not None else list
    if isinstance(of, LazyType):
        return _builder(of.resolve_type())
    if has_object_definition(of):
        definition: Any = of.__strawberry_definition__
        return lambda value: definition.from_input(of, value, None)
    return None


def _unless_null(make: Build) -> Build:
    return lambda value: None if value is None else make(value)


def _each(make: Build) -> Build:
    return lambda values: [make(value) for value in values]
