"""Several small processes that listen, tell their numbers and stop as the API's do: `… tests.api.siblings PORT FOLDER`.

Each answers its number at once, `/slow` when its door is shut, `/readyz` whether it is ready, and `/metrics` for all.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.counts import REQUESTS, Counts
from api.numbers import Numbers
from api.serving import Server
from api.siblings import Siblings

COUNT, DRAIN = 2, 3.0


class Process:
    """One of them."""

    server: Server

    def __init__(self, number: int, folder: Path) -> None:
        self.counts, self.ready, self.numbers = Counts(), True, Numbers(number, folder)

    def app(self) -> Starlette:
        """What it answers."""
        asked = [Route(path, self.answer) for path in ("/readyz", "/slow", "/metrics", "/")]
        return Starlette(routes=asked, lifespan=self._lifespan)

    async def answer(self, request: Request) -> Response:
        """Answers as the path says."""
        path = request.url.path
        if path == "/metrics":
            return PlainTextResponse("\n".join(await self.numbers.of_all(self.counts.lines())))
        self.counts.add(REQUESTS, path, "200")
        while path == "/slow" and any(one.is_serving() for one in self.server.servers):  # noqa: ASYNC110 # No event.
            await asyncio.sleep(0.01)
        return PlainTextResponse(str(self.numbers.number), 200 if self.ready or path != "/readyz" else 503)

    def leave(self) -> None:
        """From now on it is not ready."""
        self.ready = False

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        if (self.numbers.folder / "fail").exists():
            raise RuntimeError("this one cannot start")
        async with self.numbers.told(self.counts.lines):
            yield


def main() -> int:
    """Listens until it is told to stop."""
    logging.basicConfig()
    port, folder = int(sys.argv[1]), Path(sys.argv[2])

    def serve(number: int, listening: socket) -> None:
        process = Process(number, folder)
        config = uvicorn.Config(process.app(), log_level="error", ws="none")
        process.server = Server(config, lambda: None, leave=process.leave, drain=DRAIN)
        process.server.run([listening])

    return Siblings(COUNT, ("127.0.0.1", port), serve, patience=10).run()


if __name__ == "__main__":
    sys.exit(main())
