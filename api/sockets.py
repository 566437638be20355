"""What may live here: GraphQL over a WebSocket, by the protocol graphql-transport-ws.

The token comes in `connection_init`, as `authorization`, or in the upgrade's own header; it is never taken from the
address. A browser's page of another origin is refused before the upgrade. Close codes are the protocol's: 4400 what
cannot be read, 4401 no sign-in, 4403 one that is not good (any more), 4406 another protocol, 4408 no `connection_init`
in time, 4409 an id twice, 4429 `connection_init` twice; 1001 when we go, 1013 when there is no place.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.asking import BadRequest, checked
from api.crowd import FORBIDDEN, Passes, TooMany
from api.graphql import GraphQLEndpoint
from graphql_schema.context import Context
from graphql_schema.errors import Code, coded, told
from graphql_schema.executor import Prepared, Refused
from graphql_schema.following import Frame, frames
from storage.record.actor import Actor

PROTOCOL: Final = "graphql-transport-ws"
SLOWEST: Final = 10.0
"""Seconds in which a client must take what is sent, else it is dropped."""


@dataclass(frozen=True, slots=True)
class SocketEndpoint:
    """The route of sockets beside GraphQL's own; `passes` reads tokens.

    `operations` is how many may run at once on one socket, `init_seconds` how long it may stay unnamed. `origins` are
    further origins of pages that may connect, beside the host that was asked for.
    """

    graphql: GraphQLEndpoint
    passes: Passes
    operations: int = 20
    init_seconds: float = 5.0
    origins: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it closes."""
        socket = WebSocket(scope, receive, send)
        if not same_origin(socket.headers, self.origins):
            # This is a 403. One with a body is logged as an error by the server, and strangers could fill the log.
            await socket.close()
            return
        offered = PROTOCOL in socket.scope.get("subprotocols", [])
        await socket.accept(PROTOCOL if offered else None)
        line = _Line(self, socket)
        await line.serve() if offered else await line.close(_Closed(4406, "Subprotocol not acceptable"))


def same_origin(headers: Headers, others: frozenset[str] = frozenset()) -> bool:
    """Whether a page that connects is of the host that it asks; what is no browser sends no origin."""
    origin = headers.get("origin")
    if origin is None or origin in others:
        return True
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


class _Closed(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True, eq=False)
class _Line:
    """One socket: who is at its end, and which operations run on it."""

    at: SocketEndpoint
    socket: WebSocket
    authorization: str | None = None
    running: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    leave: Callable[[], None] = lambda: None
    over: "asyncio.Task[int] | None" = None

    async def serve(self) -> None:
        try:
            await self._named()
            await self._listen()
        except _Closed as closed:
            await self.close(closed)
        except TimeoutError:
            await self.close(_Closed(1008, "Too slow"))
        except WebSocketDisconnect:
            pass
        finally:
            for task in [*self.running.values(), *([self.over] if self.over else [])]:
                task.cancel()
            self.leave()

    async def close(self, closed: _Closed) -> None:
        try:
            async with asyncio.timeout(SLOWEST):
                if self.socket.application_state is WebSocketState.CONNECTED:
                    await self.socket.close(closed.code, closed.reason)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return  # Gone already.

    async def _named(self) -> None:
        """Wait for `connection_init` and find out who is there."""
        try:
            async with asyncio.timeout(self.at.init_seconds):
                message = await self._received()
                while message["type"] in ("ping", "pong"):
                    await self._pong(message)
                    message = await self._received()
        except TimeoutError:
            raise _Closed(4408, "Connection initialisation timeout") from None
        if message["type"] != "connection_init":
            raise _Closed(4401, "Unauthorized") if message["type"] == "subscribe" else _not_expected(message)
        self.authorization = _authorization(message.get("payload")) or self.socket.headers.get("authorization")
        actor = await self._actor()
        try:
            self.leave = self.at.graphql.crowd.enter(actor.account_id).leave
        except TooMany as many:
            raise _Closed(1013, str(many)) from None
        ended = self.at.graphql.crowd.ended(self.at.passes, self.authorization, self.at.graphql.clock, actor)
        self.over = asyncio.create_task(ended)
        await self._send(b'{"type":"connection_ack"}')

    async def _actor(self) -> Actor:
        if not self.authorization:
            raise _Closed(4401, "Unauthorized")
        actor = await self.at.passes.authenticate(self.authorization)
        if actor is None:
            raise _Closed(FORBIDDEN, "Forbidden")
        return actor

    async def _listen(self) -> None:
        assert self.over is not None  # noqa: S101 # _named came before.
        coming = asyncio.create_task(self._received())
        try:
            while True:
                await asyncio.wait({coming, self.over}, return_when=asyncio.FIRST_COMPLETED)
                if self.over.done():
                    code = self.over.result()
                    raise _Closed(code, "Forbidden" if code == FORBIDDEN else "Going away")
                await self._take(coming.result())
                coming = asyncio.create_task(self._received())
        finally:
            coming.cancel()

    async def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind in ("ping", "pong"):
            await self._pong(message)
        elif kind == "subscribe":
            await self._subscribe(message)
        elif kind == "complete":
            if (task := self.running.pop(str(message.get("id")), None)) is not None:
                task.cancel()
        elif kind == "connection_init":
            raise _Closed(4429, "Too many initialisation requests")
        else:
            raise _not_expected(message)

    async def _subscribe(self, message: dict[str, Any]) -> None:
        id, asked = message.get("id"), message.get("payload")
        if not isinstance(id, str) or not 0 < len(id) <= 100 or not isinstance(asked, dict):
            raise _Closed(4400, "A subscribe message needs an id and a payload")
        if id in self.running:
            raise _Closed(4409, f"Subscriber for {id} already exists")
        context = self.at.graphql.context(self.socket, self.socket.headers)
        context.actor = await self._actor()
        try:
            if len(self.running) >= self.at.operations:
                raise BadRequest(429, f"No more than {self.at.operations} operations at once.", code=Code.TOO_MANY)
            prepared = self.at.graphql.executor.prepare(checked(asked), context)
        except BadRequest as wrong:
            await self._fail(id, [told(coded(wrong.code, wrong.message), context=context)])
        except Refused as refused:
            await self._fail(id, refused.answer.errors)
        else:
            self.running[id] = asyncio.create_task(self._run(id, prepared, context))

    async def _run(self, id: str, prepared: Prepared, context: Context) -> None:
        try:
            if prepared.follows:
                source = frames(self.at.graphql.executor, prepared, context)
                try:
                    async for frame in source:
                        if frame.refusal is not None:
                            return await self._fail(id, frame.refusal)
                        await self._next(id, frame)
                finally:
                    await source.aclose()
            else:
                answer = await self.at.graphql.executor.run(prepared, context)
                if not answer.executed:
                    return await self._fail(id, answer.errors)
                await self._next(id, Frame(orjson.dumps(answer.body())))
            await self._end(id, b'{"type":"complete","id":' + orjson.dumps(id) + b"}")
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            # Who does not take what is sent is not served any longer; the line notices by its closed socket.
            await self.close(_Closed(1008, "Too slow"))
        finally:
            if self.running.get(id) is asyncio.current_task():
                del self.running[id]

    async def _next(self, id: str, frame: Frame) -> None:
        await self._send(b'{"type":"next","id":' + orjson.dumps(id) + b',"payload":' + frame.data + b"}")

    async def _fail(self, id: str, errors: list[dict[str, Any]]) -> None:
        await self._end(id, orjson.dumps({"type": "error", "id": id, "payload": errors}))

    async def _end(self, id: str, message: bytes) -> None:
        # The id is free before the client hears of the end, since it may use it again at once.
        if self.running.get(id) is asyncio.current_task():
            del self.running[id]
        await self._send(message)

    async def _pong(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "ping":
            payload = message.get("payload")
            told = {"type": "pong", **({"payload": payload} if isinstance(payload, dict) else {})}
            await self._send(orjson.dumps(told))

    async def _send(self, message: bytes) -> None:
        async with asyncio.timeout(SLOWEST):
            await self.socket.send_text(message.decode())

    async def _received(self) -> dict[str, Any]:
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text = event.get("text")
        if text is None or len(text) > self.at.graphql.largest_body:
            raise _Closed(4400, "Messages are JSON text")
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _Closed(4400, "Messages are JSON text") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _Closed(4400, "A message is an object with a type")
        return message


def _not_expected(message: Mapping[str, Any]) -> _Closed:
    return _Closed(4400, f"Unexpected message of type {str(message['type'])[:40]}")


def _authorization(payload: object) -> str | None:
    """The header's value in `connection_init`; clients put it on the top or among `headers`, in either case."""
    if not isinstance(payload, dict):
        return None
    nested = payload.get("headers")
    for place in (payload, nested if isinstance(nested, dict) else {}):
        for name, value in place.items():
            if name.lower() == "authorization" and isinstance(value, str):
                return value
    return None
