"""What may live here: how an area declares its fields to the schema."""

from collections.abc import AsyncIterator, Callable, Mapping
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


PRICE_SHARE = "price share"


def query(
    *, access: Access, description: str, name: str | None = None, price_share: int = 1
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a root field that reads; it must return a nullable type unless it is open to all.

    `price_share`: what is selected below costs that part of the list price (see limits.py), for rows that come flat.
    """
    return _root(access, description, name, price_share)


def mutation(*, access: Access, description: str, name: str | None = None) -> Callable[[Callable[..., Any]], Any]:
    """Declare a root field that acts: one argument `input`, and a payload (or None) with `problem`."""
    return _root(access, description, name)


def subscription(*, access: Access, description: str) -> Callable[[Callable[..., AsyncIterator[Any]]], Any]:
    """Declare a root field that follows: an asynchronous generator of nullable frames, each a hint and no record."""

    def declare(resolver: Callable[..., AsyncIterator[Any]]) -> Any:
        return strawberry.subscription(resolver=resolver, description=description, metadata={ACCESS: access})

    return declare


def identity(resolver: Callable[[Any], strawberry.ID]) -> Any:
    """Declare the `id` of a type that is no node: made only when it is asked for, which caches do."""
    return strawberry.field(resolver=resolver, name="id", description="Unique among all things; for caches.")


def derived(*, description: str) -> Callable[[Callable[..., Any]], Any]:
    """Declare a field of a type that is asked for by a loader; whoever sees the thing may ask."""

    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver=resolver, description=description)

    return declare


def _root(
    access: Access, description: str, name: str | None, price_share: int = 1
) -> Callable[[Callable[..., Any]], Any]:
    metadata = {ACCESS: access, PRICE_SHARE: price_share}

    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver=resolver, name=name, description=description, metadata=metadata)

    return declare
