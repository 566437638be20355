"""The other side of the row of subscriptions: a WebSocket server that sends one frame to all, behind the same settings.

Whatever text a socket sends after its first goes to everybody; the first is the sender's own business, as a name is.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.serving import server_config
from api.settings import Settings

_ALL: set[WebSocket] = set()


async def hold(socket: WebSocket) -> None:
    """Keeps a socket, and hands on what it says to all of them, itself among them."""
    await socket.accept(socket.scope["subprotocols"][0])
    _ALL.add(socket)
    try:
        while True:
            text = await socket.receive_text()
            for each in list(_ALL):
                await each.send_text(text)
    except WebSocketDisconnect:
        _ALL.discard(socket)


if __name__ == "__main__":
    app = Starlette(routes=[WebSocketRoute("/graphql", hold)])
    app.state.farewell = lambda: None
    uvicorn.Server(server_config(app, Settings(port=int(sys.argv[1])))).run()
