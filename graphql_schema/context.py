"""What may live here: what a resolver knows of the request that it serves."""

import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

import strawberry

from graphql_schema.loaders import Loaders
from storage.promises.keys.passkeys import RelyingParty
from storage.record.actor import Actor
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import SIZE_LIMIT
from storage.record.objects import Objects
from storage.record.printing.typesetting import Typesetter
from storage.record.problems import NotSignedIn
from storage.register.identity.sessions import Door
from storage.trust.exposures.pictures import Renderer

# A request's id is only quoted: unique is enough, and asking the system for chance costs more than the rest of it.
_PROCESS = secrets.token_hex(6)
_NUMBERS = itertools.count(1)

Tongue: TypeAlias = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token to send as `Authorization: Bearer …`, and when it ends."""

    text: str = field(repr=False)
    expires_at: datetime


class Tokens(Protocol):
    """Who makes access tokens; the API's authenticator does."""

    def access_token(self, *, account_id: UUID, session_id: UUID, device_id: UUID | None, now: datetime) -> AccessToken:
        """A token for one open session."""


@dataclass(eq=False, slots=True)
class Ring:
    """That the log has grown up to `place`, told to all whose roles let them see the same.

    `frames` keeps what was executed and encoded for it, by document: once for all of them.
    """

    place: tuple[int, int]
    frames: dict[Any, bytes] = field(default_factory=dict)


class Rings(Protocol):
    """Who tells that the log has grown; the API's follower does."""

    def follow(self, actor: Actor, *, after: tuple[int, int] | None, every: float | None) -> AsyncIterator[Ring]:
        """Rings for this actor: one at once unless nothing came behind `after`, then one for each growth he may see.

        With `every` one comes after so many seconds of silence, too.
        """


class NotLent(RuntimeError):
    """This process was started without something that a field needs."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the API lends to every request beside the database; made once at the start, never closed by a request."""

    objects: Objects | None = None
    promise: Signer | None = None
    promise_at: Callable[[int], Signer] | None = None
    """The promise key that was in use at a time (ms), for receipts of that time; the present one if not lent."""
    keys: Callable[[], PublicKeys] | None = None
    tokens: Tokens | None = None
    door: Door | None = None
    rings: Rings | None = None
    stamp: Signer | None = None
    typesetter: Typesetter | None = None
    renderer: Renderer | None = None
    """Who decodes photos that are to be covered, apart from this process."""
    relying_party: RelyingParty | None = None
    """For whom passkeys are made, and on which pages they are asked."""
    numbers: bytes | None = field(default=None, repr=False)
    """The host's secret under which identity numbers are matched; without it none is."""
    web_push_key: str | None = None
    """The public key under which browsers subscribe to push; None where that way is not set up."""
    largest_file: int = SIZE_LIMIT
    """Bytes of the largest file that is taken."""
    published: Any = None
    """The database by the role that reads what was published and nothing else."""

    def public_record(self) -> Any:
        """What anybody is told of is read from here, whoever asks."""
        if self.published is None:
            raise NotLent("what was published")
        return self.published

    def store(self) -> Objects:
        """The store of the record."""
        if self.objects is None:
            raise NotLent("the store")
        return self.objects

    def promise_key(self) -> Signer:
        """The key that signs declared receipts and beacons."""
        if self.promise is None:
            raise NotLent("the promise key")
        return self.promise

    def promise_key_at(self, at: int) -> Signer:
        """The key that signed declared receipts at this time (ms)."""
        return self.promise_at(at) if self.promise_at is not None else self.promise_key()

    def public_keys(self) -> PublicKeys:
        """The public halves of all server keys, as they stand now."""
        if self.keys is None:
            raise NotLent("the public keys")
        return self.keys()

    def access_tokens(self) -> Tokens:
        """Who makes access tokens."""
        if self.tokens is None:
            raise NotLent("access tokens")
        return self.tokens

    def ring_keeper(self) -> Rings:
        """Who tells that the log has grown."""
        if self.rings is None:
            raise NotLent("the rings of the log")
        return self.rings

    def press(self) -> tuple[Typesetter, Signer]:
        """What is printed with: the typesetter and the agency's stamp key."""
        if self.typesetter is None or self.stamp is None:
            raise NotLent("the press")
        return self.typesetter, self.stamp

    def photos(self) -> Renderer:
        """Who decodes photos."""
        if self.renderer is None:
            raise NotLent("who decodes photos")
        return self.renderer

    def typesetting(self) -> Typesetter:
        """What pages are set with."""
        if self.typesetter is None:
            raise NotLent("the typesetter")
        return self.typesetter

    def party(self) -> RelyingParty:
        """For whom passkeys are made."""
        if self.relying_party is None:
            raise NotLent("the relying party")
        return self.relying_party

    def open_door(self) -> Door:
        """What sign-in needs beside the database."""
        if self.door is None:
            raise NotLent("the door")
        return self.door


@dataclass(slots=True, eq=False)
class Context:
    """One request: who asks, in which language, and what it may read from.

    `database` is handed through to storage and never used here. `clock` gives an aware UTC time;
    GraphQL has no clock of its own, so that a test can set it. `address` is the caller's, for the limits of sign-in
    only: it is counted under a keyed hash and stored nowhere.
    """

    actor: Actor | None
    database: Any
    clock: Callable[[], datetime]
    language: Tongue = "zh"
    request_id: str = field(default_factory=lambda: f"{_PROCESS}-{next(_NUMBERS):x}")
    means: Means = field(default_factory=Means)
    address: str = ""
    last_seen: str | None = None
    """The cursor of the last frame that a stream got before its line was cut (`Last-Event-ID`)."""
    loaders: Loaders = field(default_factory=Loaders)
    told: list[str] = field(default_factory=list)
    """The codes of Problems and errors told in the answer, for whoever counts them."""
    incident: Callable[[BaseException], None] | None = None
    """Who is told of faults of ours instead of the log, which is to say nothing of a reporter's request."""

    def now(self) -> datetime:
        """Return the time of the API's clock: aware, UTC."""
        return self.clock()

    def signed_in(self) -> Actor:
        """Return who asks, or raise NotSignedIn."""
        if self.actor is None:
            raise NotSignedIn
        return self.actor


Info: TypeAlias = strawberry.Info[Context, None]
