"""Follows a server as a client does: one socket by graphql-transport-ws, or one stream, and nothing in between."""

import asyncio
import socket as socketlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api.graphql import GraphQLEndpoint
from api.serving import Server, for_sockets
from api.sockets import PROTOCOL, SocketEndpoint

SOON = 20
"""Seconds after which a test gives up: none waits so long unless something is wrong, however slow the machine."""


async def until(true: Callable[[], bool]) -> None:
    """Waits for a state of a server in this loop, which tells nobody of it."""
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110 # No event is set.
            await asyncio.sleep(0.01)


@dataclass(slots=True)
class Socket:
    """One open socket."""

    raw: ClientConnection

    async def send(self, **message: Any) -> None:
        await self.raw.send(orjson.dumps(message).decode())

    async def told(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(SOON):
            found: dict[str, Any] = orjson.loads(await self.raw.recv())
            return found

    async def named(self, token: str | None) -> "Socket":
        """Past `connection_init`."""
        await self.send(type="connection_init", payload={"authorization": f"Bearer {token}"} if token else {})
        assert await self.told() == {"type": "connection_ack"}
        return self

    async def asks(self, id: str, query: str, **variables: Any) -> None:
        await self.send(type="subscribe", id=id, payload={"query": query, "variables": variables})

    async def code(self) -> int:
        """The code with which the server closes; what it says before is passed over."""
        async with asyncio.timeout(SOON):
            with suppress(ConnectionClosed):
                while True:
                    await self.raw.recv()
        return int(self.raw.close_code or 0)


@asynccontextmanager
async def socket(url: str, *, protocol: str = PROTOCOL, **rest: Any) -> AsyncIterator[Socket]:
    """A socket to this server; `rest` goes to the client."""
    address = url.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=[Subprotocol(protocol)], proxy=None, **rest) as raw:
        yield Socket(raw)


@asynccontextmanager
async def serving(graphql: GraphQLEndpoint, **bounds: Any) -> AsyncIterator[str]:
    """GraphQL alone behind a real server; its address. `bounds` are those of sockets."""
    assert graphql.passes is not None
    sockets = SocketEndpoint(graphql, graphql.passes, **bounds)
    app = Starlette(routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", sockets)])
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off",
        timeout_graceful_shutdown=2, **for_sockets(graphql.largest_body),
    )  # fmt: skip
    server = Server(config, graphql.crowd.farewell)
    with socketlib.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():  # noqa: ASYNC110 # uvicorn offers no event to wait for.
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task
