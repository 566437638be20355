"""Access tokens: makes them, and finds out from a bearer token who acts."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from graphql_schema.context import AccessToken
from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.signatures import Signer
from storage.register.identity import queries

AUDIENCE: Final = "pithead"
LIFE: Final = timedelta(minutes=10)
REREAD: Final = timedelta(seconds=15)
"""How soon a sign-out, a withdrawn role or a lost device bites."""
MOST: Final = 10_000
"""How many tokens, and how many actors, are remembered; whoever was not seen for longest goes first."""
LONGEST: Final = 2_048
ALGORITHM: Final = "EdDSA"
# `exp` and `iat` are compared by our own clock below, with no leeway: tests may turn it.
_OPTIONS: Final[Any] = {
    "require": ["aud", "exp", "iat", "sid", "sub"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    account_id: UUID
    session_id: UUID
    device_id: UUID | None
    issued_at: datetime
    expires_at: datetime


class Authenticator:
    """Makes access tokens with the token key and turns them back into actors.

    A verified token is remembered for its life, so that a signature is checked once; the actor behind it is read again
    every 15 seconds. `keys` gives the public keys in use: a token signed by the predecessor of a key that was just
    rotated stays good for its ten minutes. Without it only `signer` itself is known.
    """

    def __init__(
        self,
        database: Database,
        *,
        signer: Signer,
        keys: Callable[[], PublicKeys] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most: int = MOST,
    ) -> None:
        self._database = database
        self._signer = signer
        self._keys = keys
        self._clock = clock
        self._claims: _Newest[bytes, Claims] = _Newest(most)
        self._actors: _Newest[UUID, tuple[datetime, Actor | None]] = _Newest(most)
        self._reading: dict[UUID, asyncio.Task[Actor | None]] = {}

    def access_token(self, *, account_id: UUID, session_id: UUID, device_id: UUID | None, now: datetime) -> AccessToken:
        """A token for one session: sub, sid, did (if it is a device's), aud, iat, exp; kid in its header."""
        at = int(now.timestamp())
        until = at + int(LIFE.total_seconds())
        claims = {"sub": str(account_id), "sid": str(session_id), "aud": AUDIENCE, "iat": at, "exp": until}
        if device_id is not None:
            claims["did"] = str(device_id)
        # PyJWT signs with private keys only, and the private key stays inside the signer: so the three parts of
        # RFC 7515 §7.1 are joined here, and PyJWT reads them back.
        header = {"alg": ALGORITHM, "kid": self._signer.id, "typ": "JWT"}
        signed = ".".join(to_base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
        text = f"{signed}.{to_base64url(self._signer.sign(signed.encode()))}"
        return AccessToken(text, datetime.fromtimestamp(until, UTC))

    async def authenticate(self, authorization: str | None) -> Actor | None:
        """Who acts by this Authorization header; None for a stranger and for every token that is not good."""
        claims = self.claims_of(authorization)
        if claims is None:
            return None
        actor = await self._actor_of(claims)
        return actor if actor is not None and actor.account_id == claims.account_id else None

    def claims_of(self, authorization: str | None) -> Claims | None:
        """What a good token in this header says, or None. A socket closes at `expires_at` (4403)."""
        scheme, _, text = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(text) <= LONGEST or not text.isascii():
            return None
        digest = hashlib.sha256(text.encode()).digest()
        claims = self._claims.get(digest)
        if claims is None:
            claims = self._verified(text)
            if claims is None:
                return None
            self._claims.put(digest, claims)
        now = self._clock()
        # A clock set back must not make a token live longer than it was given: what was issued ahead of us is refused.
        return claims if claims.issued_at - LIFE <= now < claims.expires_at else None

    def _verified(self, text: str) -> Claims | None:
        try:
            header = jwt.get_unverified_header(text)
            public = self._public_key(header.get("kid"))
            if public is None:
                return None
            told = jwt.decode(text, public, algorithms=[ALGORITHM], audience=AUDIENCE, options=_OPTIONS)
            device_id = UUID(told["did"]) if "did" in told else None
            claims = Claims(UUID(told["sub"]), UUID(told["sid"]), device_id, _time(told["iat"]), _time(told["exp"]))
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError):
            return None
        return claims if claims.expires_at - claims.issued_at <= LIFE else None

    def _public_key(self, kid: object) -> Ed25519PublicKey | None:
        """The key of this id, never one that the token itself brings."""
        public = None
        if kid == self._signer.id:
            public = self._signer.public
        elif self._keys is not None and isinstance(kid, str):
            listed = self._keys().keys.get(kid)
            public = None if listed is None or listed.name != "token" else listed.public
        loaded = None if public is None else load_der_public_key(public)
        return loaded if isinstance(loaded, Ed25519PublicKey) else None

    async def _actor_of(self, claims: Claims) -> Actor | None:
        session_id, known = claims.session_id, self._actors.get(claims.session_id)
        if (
            known is not None
            and timedelta(0) <= self._clock() - known[0] < REREAD
            # A session becomes a device's by enrolling it: whoever was read before that is not who this token names.
            and (known[1] is None or claims.device_id in (None, known[1].device_id))
        ):
            return known[1]
        # Many requests of one session come at once: one of them reads, and one that goes away does not stop it.
        task = self._reading.get(session_id)
        if task is None:
            task = self._reading[session_id] = asyncio.create_task(self._read(session_id))
            task.add_done_callback(lambda _: self._reading.pop(session_id, None))
        return await asyncio.shield(task)

    async def _read(self, session_id: UUID) -> Actor | None:
        now = self._clock()
        actor = await queries.actor_of_session(self._database, session_id, now=now)
        self._actors.put(session_id, (now, actor))
        return actor


class _Newest(Generic[K, V]):
    """A memory of at most so many things; the one that was not asked for longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _time(seconds: object) -> datetime:
    if type(seconds) is not int:
        raise ValueError("a time in a token is whole seconds")
    return datetime.fromtimestamp(seconds, UTC)
