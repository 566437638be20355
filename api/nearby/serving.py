"""Serves phones of the local network: the API and the store over HTTPS on one host, the leaflet over plain HTTP."""

import asyncio
import contextlib
import io
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

import segno
import uvicorn
from starlette.types import ASGIApp

from api.lines import bounded_lines
from api.nearby.authority import Authority
from api.nearby.leaflet import Leaflet
from api.nearby.naming import Responder, listening_socket
from api.serving import FAREWELL_SECONDS, Server, for_sockets


@dataclass(frozen=True, slots=True)
class Place:
    """Where phones find this machine: its IPv4 address in their network, the two ports, its authority."""

    address: str
    port: int
    leaflet_port: int
    authority: Authority

    @property
    def by_name(self) -> str:
        """The address of the API by name, for which requests to the store are signed."""
        return f"https://{self.authority.host}:{self.port}"

    @property
    def by_number(self) -> str:
        """The same by number, for phones and networks that do not know `.local`."""
        return f"https://{self.address}:{self.port}"

    @property
    def leaflet(self) -> str:
        """The page to open first."""
        return f"http://{self.address}:{self.leaflet_port}/phone"


def address_in_the_network() -> str:
    """This machine's IPv4 address towards the network; loopback if it has none. Nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): it leads to the default route and nowhere.
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def told(place: Place) -> Sequence[str]:
    """What `pithead run` says about phones: the QR of the leaflet, the addresses, the fingerprint to compare."""
    drawn = io.StringIO()
    segno.make(place.leaflet, error="m", micro=False).terminal(out=drawn, border=2, compact=True)
    return (
        *drawn.getvalue().rstrip("\n").split("\n"),
        f"手机：连到同一网络，扫码打开 Phones: join the same network and scan {place.leaflet}",
        f"应用 The app: {place.by_name}/app/  ·  {place.by_number}/app/",
        f"证书指纹 Fingerprint of the authority: {place.authority.fingerprint}",
    )


async def serve(
    app: ASGIApp, place: Place, *, largest_frame: int, farewell: Callable[[], None], say: Callable[[str], None]
) -> bool:
    """Serves until a signal asks to stop; whether both servers had started.

    `largest_frame` bounds a message of a socket in bytes; `farewell` is said to sockets and streams before the end.
    """
    certificate, key = place.authority.issue([place.address])
    leaflet = Leaflet(place.authority, f"{place.by_name}/app/", f"{place.by_number}/app/").app()
    options: dict[str, Any] = {
        "host": place.address,
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": False,
        "http": bounded_lines(largest_query=largest_frame),
    }
    by_tls: dict[str, Any] = {
        "ssl_certfile": certificate,
        "ssl_keyfile": key,
        "timeout_graceful_shutdown": FAREWELL_SECONDS,
    }
    servers = [
        Server(uvicorn.Config(app, port=place.port, **by_tls, **for_sockets(largest_frame), **options), farewell),
        uvicorn.Server(uvicorn.Config(leaflet, port=place.leaflet_port, timeout_graceful_shutdown=1, **options)),
    ]
    async with _named(place, say):
        watching = asyncio.create_task(_end_together(servers, lambda: say("\n".join(told(place)))))
        try:
            await asyncio.gather(*(server.serve() for server in servers))
        finally:
            watching.cancel()
    return all(server.started for server in servers)


async def _end_together(servers: Sequence[uvicorn.Server], on_start: Callable[[], None]) -> None:
    """A signal reaches one of them only."""
    while not all(server.started for server in servers):  # noqa: ASYNC110 # uvicorn offers no event to wait for.
        await asyncio.sleep(0.05)
    on_start()
    while not any(server.should_exit for server in servers):  # noqa: ASYNC110 # uvicorn offers no event to wait for.
        await asyncio.sleep(0.1)
    for server in servers:
        server.should_exit = True


@asynccontextmanager
async def _named(place: Place, say: Callable[[str], None]) -> AsyncIterator[None]:
    """The name answers as long as the block lasts; on loopback nobody would hear it."""
    if IPv4Address(place.address).is_loopback:
        yield
        return
    try:
        listening = listening_socket(place.address)
    except OSError as fault:
        say(f"the name {place.authority.host} is not announced ({fault}): use {place.by_number}")
        yield
        return
    made = asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Responder(place.authority.host, place.address), sock=listening
    )
    transport, responder = await made
    again = asyncio.get_running_loop().call_later(1.0, responder.say)  # Twice, since a datagram may be lost.
    try:
        yield
    finally:
        again.cancel()
        with contextlib.suppress(OSError):
            responder.say(life=0)
        transport.close()
