"""A small program that listens as the API does and stops as it does: `python -m tests.api.stopping PORT`."""

import asyncio
import sys
from typing import Any

import uvicorn

from api.serving import Server


class Application:
    """Answers at once whether it is ready, and anything else after half a second."""

    ready = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status = 200
        if scope["path"] == "/readyz":
            status = 200 if self.ready else 503
        else:
            await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": b"x"})

    def leave(self) -> None:
        self.ready = False


if __name__ == "__main__":
    application = Application()
    config = uvicorn.Config(application, port=int(sys.argv[1]), log_level="error", ws="none", lifespan="off")
    Server(config, lambda: None, leave=application.leave, drain=0.4).run()
