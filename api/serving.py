"""How the API listens: the server's settings for requests and sockets, and a farewell before it stops."""

import asyncio
from collections.abc import Callable
from socket import socket
from types import FrameType
from typing import Any, Final

import uvicorn

from api.lines import bounded_lines
from api.settings import Settings

FAREWELL_SECONDS: Final = 5
STOPS_WITHIN: Final = FAREWELL_SECONDS + 3
"""Seconds in which a process has ended once it has drained, whatever it is doing."""
MOST_AT_ONCE: Final = 10_000


def server_config(app: Any, settings: Settings) -> uvicorn.Config:
    """How the API listens."""
    return uvicorn.Config(
        app, host=settings.host, port=settings.port, loop="uvloop",
        http=bounded_lines(largest_query=settings.graphql_body_bytes, seconds=settings.head_seconds),
        access_log=False, log_config=None, timeout_graceful_shutdown=FAREWELL_SECONDS, server_header=False,
        # Beyond so many connections and requests at once the answer is 503 at once; a line that says nothing more
        # after an answer is closed, longer than a proxy keeps its own open by default (60 s).
        limit_concurrency=MOST_AT_ONCE, timeout_keep_alive=75, backlog=1_024,
        # Left alone, uvicorn believes X-Forwarded-For of whoever connects from this machine, and of whomever a variable
        # of the environment names: each guess of a password could then come from an address of its own.
        proxy_headers=settings.proxies is not None, forwarded_allow_ips=settings.proxies or "",
        **for_sockets(settings.graphql_body_bytes),
    )  # fmt: skip


def for_sockets(largest: int) -> dict[str, Any]:
    """What uvicorn is told of WebSockets: a bound for messages, signs of life, and no compression.

    Hints are a hundred bytes: compressing each for each socket costs more than it saves, and a small message that
    unpacks into a large one would pass any bound.
    """
    return {
        "ws": "websockets-sansio",
        "ws_max_size": largest,
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20.0,
        "ws_ping_timeout": 20.0,
    }


def answer(app: Any, settings: Settings, sockets: list[socket] | None = None) -> bool:
    """Answers until a signal ends it, on these sockets or on one of its own; false if it could not even start."""
    server = Server(
        server_config(app, settings), app.state.farewell, leave=app.state.leave, drain=settings.drain_seconds
    )
    server.run(sockets)
    return server.started


class Server(uvicorn.Server):
    """uvicorn's server, which says farewell to sockets and streams before it ends what is left of them.

    Asked to stop, it first calls `leave`, by which `/readyz` closes, and goes on answering for `drain` seconds, so that
    whoever sends requests here sees it. Asked twice, it does not wait.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        farewell: Callable[[], None],
        *,
        leave: Callable[[], None] = lambda: None,
        drain: float = 0,
    ) -> None:
        super().__init__(config)
        self._farewell = farewell
        self._leave = leave
        self._drain = drain
        self._leaving = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Close `/readyz` at once, the door a little later."""
        self._leave()
        if self._leaving or not self._drain:
            super().handle_exit(sig, frame)
            return
        self._leaving = True
        # A signal is handled between two steps of the loop's own thread: the loop is there, and running.
        asyncio.get_running_loop().call_later(self._drain, super().handle_exit, sig, frame)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Say farewell, let it be sent, and stop."""
        self._farewell()
        for _ in range(20):  # A few turns of the loop: each line writes its last frame in one of them.
            await asyncio.sleep(0.01)
            if not self.server_state.tasks:
                break
        await super().shutdown(sockets)
