"""What may live here: how an area declares its fields to the schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry

from graphql_schema.access import ACCESS, Access
from graphql_schema.pages import Fetch


@dataclass(frozen=True, slots=True)
class Area:
    """What one area adds: root types, how its nodes are fetched by UUID, and types that no field names."""

    query: type | None = None
    mutation: type | None = None
    subscription: type | None = None
    nodes: Mapping[str, Fetch] = field(default_factory=dict)
    types: tuple[type, ...] = ()


def query(*, access: Access, description: str, name: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a root field that reads; it must return a nullable type unless it is open to all."""
    return _root(access, description, name)


def mutation(*, access: Access, description: str, name: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a root field that acts: one argument `input`, and a payload (or None) with `problem`."""
    return _root(access, description, name)


def derived(*, description: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare a field of a type that is asked for by a loader; whoever sees the thing may ask."""

    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver=resolver, description=description)

    return declare


def _root(access: Access, description: str, name: str | None) -> Callable[[Callable[..., Any]], Any]:
    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver=resolver, name=name, description=description, metadata={ACCESS: access})

    return declare
