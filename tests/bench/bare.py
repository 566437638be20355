"""The other side of the whole stack's row: one Starlette endpoint that answers JSON, behind the server as we set it."""

import sys
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.serving import server_config
from api.settings import Settings


async def health(request: Request) -> JSONResponse:
    """Reads what was posted, as any endpoint that is asked something must, and answers what GraphQL answers."""
    await request.json()
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return JSONResponse({"data": {"health": {"status": "ok", "version": "0.1.0", "time": now}}})


if __name__ == "__main__":
    app = Starlette(routes=[Route("/health", health, methods=["POST"])])
    uvicorn.Server(server_config(app, Settings(port=int(sys.argv[1])))).run()
