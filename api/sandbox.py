"""Faults on request, for teams that write clients: lost answers, clocks that jump, keys that are taken out of use.

A request asks for them in its header `Pithead-Sandbox`, with commas between several (docs/native.md). The API is as it
is in production in all else: what is asked for happens to this one request, and an act that is done stays done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.sample_people import BEFORE
from storage.record.actor import Actor, Grant, Reach, Role
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import (
    NotCanonical,
    canonical,
    from_base64url,
    parse_canonical,
    to_base64url,
)
from storage.record.work import perform
from storage.register.devices import operations
from storage.register.identity import queries

HEADER: Final = "pithead-sandbox"
FAULTS: Final = ("lose-request", "lose-answer", "delay=MS", "clock=MS", "revoke-device", "forge-receipts")
_PATH: Final = "/graphql"
_LONGEST_DELAY: Final = 60_000
_LONGEST_JUMP: Final = BEFORE // timedelta(milliseconds=1)
_RECEIPT_LIMIT: Final = 131_072
_jump: ContextVar[timedelta] = ContextVar("jump", default=timedelta(0))


class UnknownFault(Exception):
    """The header asks for what there is not; the text says what there is."""


def now() -> datetime:
    """The server's time as this request is to see it."""
    return datetime.now(UTC) + _jump.get()


@dataclass(frozen=True, slots=True)
class Fault:
    """What one request asks for: times in ms."""

    lose_request: bool = False
    lose_answer: bool = False
    revoke_device: bool = False
    forge_receipts: bool = False
    delay: int = 0
    clock: int = 0


def asked_in(header: str) -> Fault:
    """The faults of a header; UnknownFault for any other word."""
    words: dict[str, Any] = {}
    for part in filter(None, (each.strip() for each in header.lower().split(","))):
        name, is_valued, value = part.partition("=")
        if is_valued and name in ("delay", "clock"):
            words[name] = _milliseconds(name, value)
        elif not is_valued and name in FAULTS:
            words[name.replace("-", "_")] = True
        else:
            raise UnknownFault(f"{part}: the faults are {', '.join(FAULTS)}")
    return Fault(**words)


def _milliseconds(name: str, value: str) -> int:
    least, most = (0, _LONGEST_DELAY) if name == "delay" else (-_LONGEST_JUMP, _LONGEST_JUMP)
    try:
        found = int(value)
    except ValueError:
        raise UnknownFault(f"{name} is a number of milliseconds") from None
    if not least <= found <= most:
        raise UnknownFault(f"{name} lies between {least} and {most}")
    return found


@dataclass(frozen=True, slots=True)
class Sandbox:
    """An application before the API's own. `authenticate` says whose device a request would revoke."""

    app: ASGIApp
    database: Database
    authenticate: Callable[[Request], Awaitable[Actor | None]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with the faults that it asks for."""
        if scope["type"] != "http" or scope["path"] != _PATH:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            fault = asked_in(request.headers.get(HEADER, ""))
            if fault.revoke_device:
                await self._revoke(request)
        except UnknownFault as unknown:
            await Response(f"{unknown}\n", 400, media_type="text/plain")(scope, receive, send)
            return
        await asyncio.sleep(fault.delay / 1_000)
        token = _jump.set(timedelta(milliseconds=fault.clock))
        try:
            await self._answer(fault, scope, receive, send)
        finally:
            _jump.reset(token)

    async def _answer(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.lose_request:
            await _break_off(send)
        elif fault.lose_answer:
            await self.app(scope, receive, _into_nothing)
            await _break_off(send)
        elif fault.forge_receipts:
            await _forged(self.app, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _revoke(self, request: Request) -> None:
        """A real act of the sample security administrator, with its entry; what was signed before stays valid."""
        actor = await self.authenticate(request)
        if actor is None or actor.device_id is None:
            raise UnknownFault("revoke-device needs a device's session")
        administrator = await queries.known_at_the_door(self.database, "admin.security")
        if administrator is None:
            raise UnknownFault("revoke-device needs the sample administrator `admin.security`")
        reach = Reach(everything=True)
        grants = (Grant(Role.SECURITY_ADMINISTRATOR, reach),)
        by = Actor(
            account_id=administrator.account_id, session_id=None, device_id=None, grants=grants, reach=reach
        )  # fmt: skip
        await perform(
            self.database, by, now(), operations.revoke_device, device_id=actor.device_id, reason="sandbox: on request"
        )


async def _into_nothing(_: Message) -> None:
    """Where an answer goes that nobody shall see."""


async def _break_off(send: Send) -> None:
    """Begins an answer of one byte that never comes: the server then closes the line, as a tunnel does."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _forged(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The answer with every receipt in it signed wrongly."""
    started: Message = {}
    body = bytearray()

    async def hold(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, hold)
    told = orjson.dumps(_with_forged_receipts(orjson.loads(body)))
    headers = [(name, value) for name, value in started["headers"] if name != b"content-length"]
    await send({**started, "headers": [*headers, (b"content-length", str(len(told)).encode())]})
    await send({"type": "http.response.body", "body": told})


def _with_forged_receipts(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_forged_receipts(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _forge(each) if name == "receipt" and isinstance(each, str) else _with_forged_receipts(each)
        for name, each in value.items()
    }


def _forge(receipt: str) -> str:
    try:
        document = parse_canonical(from_base64url(receipt), _RECEIPT_LIMIT)
        signature = str(document["signature"])
    except (NotCanonical, ValueError, KeyError):
        return receipt
    return to_base64url(canonical({**document, "signature": ("B" if signature[0] == "A" else "A") + signature[1:]}))
