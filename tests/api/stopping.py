"""A small program that listens as the API does and stops as it does: `python -m tests.api.stopping PORT`."""

import asyncio
import sys
from typing import Any

import uvicorn

from api.serving import Server


class Application:
    """Answers at once whether it is ready, and ends anything else when the door of its server is shut."""

    ready = True
    server: Server

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status = 200
        if scope["path"] == "/readyz":
            status = 200 if self.ready else 503
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"1")]})
        while scope["path"] == "/slow" and any(one.is_serving() for one in self.server.servers):  # noqa: ASYNC110 # No event.
            await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b"x"})

    def leave(self) -> None:
        self.ready = False


if __name__ == "__main__":
    application = Application()
    config = uvicorn.Config(application, port=int(sys.argv[1]), log_level="error", ws="none", lifespan="off")
    application.server = Server(config, lambda: None, leave=application.leave, drain=2)
    application.server.run()
