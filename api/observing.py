"""Every HTTP request as it is seen from outside: its id, how long it took, one line of log, the counts.

What it says of a request is bounded: the route's own pattern and never the path or the query, the name of a field of
our schema and never that of the client's operation, statuses and codes. Nothing tells who asked.
"""

import logging
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import counts
from api.counts import Counts
from api.logs import REQUEST

log = logging.getLogger("pithead.requests")

SEEN: Final = "pithead.seen"
"""Where in the scope the route finds what it may add."""
SLOW: Final = 2.0
"""Seconds after which a request is worth a line whatever came of it."""
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Seen:
    """What is known of one request. `own_id` is false when the caller named it."""

    request_id: str
    own_id: bool
    operation: str = ""
    """The first field of the GraphQL operation."""
    codes: list[str] = field(default_factory=list)
    status: int = 0


@dataclass(slots=True)
class Observed:
    """An ASGI application around the whole API. `every` writes a line for each request, else for slow and failed."""

    app: ASGIApp
    counts: Counts
    every: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch one request go by; sockets only get their id."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        seen = scope[SEEN] = _seen(scope)
        token = REQUEST.set(seen.request_id)
        begun = time.perf_counter()
        header = (b"x-request-id", seen.request_id.encode())

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        try:
            await self.app(scope, receive, tell if scope["type"] == "http" else send)
        except Exception:
            seen.status = seen.status or 500  # What answers it stands around us.
            raise
        finally:
            if scope["type"] == "http":
                self._note(seen, route_of(scope), time.perf_counter() - begun)
            REQUEST.reset(token)

    def _note(self, seen: Seen, route: str, seconds: float) -> None:
        status = str(seen.status or 499)  # Whoever went away before the answer got none (nginx's number for it).
        self.counts.add(counts.REQUESTS, route, status)
        self.counts.took(counts.SECONDS, seconds, route)
        if seen.operation:
            self.counts.add(counts.OPERATIONS, seen.operation)
            self.counts.took(counts.OPERATION_SECONDS, seconds, seen.operation)
        for code in seen.codes:
            self.counts.add(counts.PROBLEMS, code)
        failed = seen.status >= 500
        if failed or seconds > SLOW or self.every:
            fields = {"route": route, "status": int(status), "ms": round(seconds * 1000, 1)}
            fields |= {"field": seen.operation} if seen.operation else {}
            fields |= {"codes": ",".join(seen.codes[:10])} if seen.codes else {}
            level = logging.WARNING if failed else logging.INFO
            if log.isEnabledFor(level):
                # Not by `log.log`, which looks for the line of code that speaks: it is always this one.
                log.handle(log.makeRecord(log.name, level, __file__, 0, "request", (), None, extra={"fields": fields}))


def _seen(scope: Scope) -> Seen:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _SANE.fullmatch(value):
            return Seen(value.decode(), own_id=False)
    return Seen(secrets.token_hex(8), own_id=True)


def route_of(scope: Scope) -> str:
    """The pattern that matched: what was asked for may hold anything."""
    return str(getattr(scope.get("route"), "path", "")) or "none"
