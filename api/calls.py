"""Where the operator's gateway tells which key was pressed in a call: by it the called person takes the alert.

The actor is the called account itself, without session and device, and with none of its roles but those that may take
an alert: what it may do is checked now, as for everybody. That it was the right hand that pressed is the gateway's word
alone, so the entry names the call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from notifications.channels.gateways import DIGIT
from notifications.signing import HEADER, is_signed
from storage.alerts.alerts import operations
from storage.alerts.alerts.rules import AlertEnded, AlertNotYours, AlertTaken
from storage.alerts.deliveries import queries
from storage.record.actor import Verb
from storage.record.database import Database
from storage.record.problems import NotAllowed, NotFound, Problem, TryAgain
from storage.record.work import perform
from storage.register.identity import queries as identity

LARGEST: Final = 1_024
_STATUS: Final[dict[type[Problem], int]] = {
    NotFound: 404, NotAllowed: 403, AlertNotYours: 403, AlertEnded: 409, AlertTaken: 409, TryAgain: 503,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calls:
    """The gateway's door. Told again within its minutes, a pressed key is the same act and leaves no second entry."""

    database: Database
    secret: str = field(repr=False)
    clock: Callable[[], datetime]

    def routes(self) -> list[Route]:
        return [Route("/gateway/calls", self.pressed, methods=["POST"])]

    async def pressed(self, request: Request) -> Response:
        """`{"key", "digit"}`, signed: 200 says whether the alert is taken; 401: not signed, or not lately."""
        body = await _body(request)
        if body is None:
            return _said(413, "TOO_LARGE")
        if not is_signed(self.secret, body, request.headers.get(HEADER, ""), now=self.clock()):
            return _said(401, "NOT_SIGNED")
        try:
            told = orjson.loads(body)
            key, digit = UUID(told["key"]), str(told["digit"])
        except (ValueError, TypeError, KeyError, AttributeError):
            return _said(400, "BAD_INPUT")
        if digit != DIGIT:
            return _json(200, {"taken": False})
        try:
            await self._take(key)
        except Problem as problem:
            return _said(_STATUS.get(type(problem), 400), problem.code)
        return _json(200, {"taken": True})

    async def _take(self, key: UUID) -> None:
        now = self.clock()
        call = await queries.call_made(self.database, key, now=now)
        if call is None:
            raise NotFound()
        actor = await identity.actor_called(self.database, call.account_id, verb=Verb.ALERT_TAKE, now=now)
        if actor is None:
            raise NotAllowed(verb=Verb.ALERT_TAKE.value)
        take = operations.take_called_alert
        await perform(self.database, actor, now, take, alert_id=call.alert_id, call=call.id)


async def _body(request: Request) -> bytes | None:
    """The body; None if it is longer than any that we asked for."""
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > LARGEST:
                return None
    except ClientDisconnect:
        return None
    return bytes(found)


def _said(status: int, code: str) -> Response:
    return _json(status, {"code": code})


def _json(status: int, told: dict[str, str | bool]) -> Response:
    return Response(orjson.dumps(told), status, media_type="application/json", headers={"Cache-Control": "no-store"})
