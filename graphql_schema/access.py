"""What may live here: who may enter a root field; a field that does not say so keeps the schema from being built."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLObjectType

from graphql_schema.context import Context
from storage.record.actor import Verb

ACCESS = "access"


class AccessUndeclared(TypeError):
    """A root field declares no access; the schema is not built."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may enter a root field: anybody, whoever is signed in, or whoever holds a verb in one of his roles.

    Holding the verb opens the door of the field only. Whether it holds for *this* mine is asked again in the
    operation, where the row is known.
    """

    signed_in: bool
    verb: Verb | None = None

    def require(self, context: Context) -> None:
        """Raise NotSignedIn or NotAllowed unless whoever asks may enter."""
        if not self.signed_in:
            return
        actor = context.signed_in()
        if self.verb is not None:
            actor.require(self.verb)


open_to_all = Access(signed_in=False)
signed_in = Access(signed_in=True)


def needs(verb: Verb) -> Access:
    """Open a field to whoever holds `verb` in one of his roles."""
    return Access(signed_in=True, verb=verb)


def access_of(field: GraphQLField, name: str) -> Access:
    """Return what a root field declared, or raise AccessUndeclared."""
    declared = field.extensions.get("strawberry-definition")
    access = declared.metadata.get(ACCESS) if declared is not None else None
    if not isinstance(access, Access):
        raise AccessUndeclared(f"{name} declares no access: open_to_all, signed_in or needs(Verb.X)")
    return access


def close(root: GraphQLObjectType) -> None:
    """Put each root field's declared access before its resolver, and before its source of events.

    The guard wraps the finished field and not the Python function, so that nothing that reads the schema,
    a compiled executor included, can reach a resolver past it.
    """
    for name, field in root.fields.items():
        access = access_of(field, f"{root.name}.{name}")
        if field.resolve is not None:
            field.resolve = _guarded(access, field.resolve)
        if field.subscribe is not None:
            field.subscribe = _guarded(access, field.subscribe)


def _guarded(access: Access, resolve: Callable[..., Any]) -> Callable[..., Any]:
    def enter(source: Any, info: Any, **arguments: Any) -> Any:
        access.require(info.context)
        return resolve(source, info, **arguments)

    return enter
