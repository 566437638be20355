"""What may live here: what a resolver knows of the request that it serves."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

import strawberry

from graphql_schema.loaders import Loaders
from storage.record.actor import Actor
from storage.record.problems import NotSignedIn

Tongue: TypeAlias = Literal["zh", "en"]


@dataclass(slots=True, eq=False)
class Context:
    """One request: who asks, in which language, and what it may read from.

    `database` is handed through to storage and never used here. `clock` gives an aware UTC time;
    GraphQL has no clock of its own, so that a test can set it.
    """

    actor: Actor | None
    database: Any
    clock: Callable[[], datetime]
    language: Tongue = "zh"
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    loaders: Loaders = field(default_factory=Loaders)

    def now(self) -> datetime:
        """Return the time of the API's clock: aware, UTC."""
        return self.clock()

    def signed_in(self) -> Actor:
        """Return who asks, or raise NotSignedIn."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor


Info: TypeAlias = strawberry.Info[Context, None]
