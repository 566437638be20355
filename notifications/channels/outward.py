"""How a channel reaches an address that a user named: only public ones, at the very number that was looked at."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx

from notifications.channels import Sent
from notifications.channels.posting import Answer, client, post
from storage.alerts.deliveries.rules import Number, is_public
from storage.alerts.deliveries.tables import DeliveryOutcome

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Which numbers a name has."""


async def numbers_of(host: str, port: int) -> Sequence[str]:
    """The numbers of a name, as this machine finds them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Outward:
    """Posts to what users named. `resolve` and `allowed` are parameters so that tests have a world of their own."""

    def __init__(
        self,
        *,
        trust: ssl.SSLContext,
        resolve: Resolve = numbers_of,
        allowed: Callable[[Number], bool] = is_public,
    ) -> None:
        self._client = client(trust=trust, reused=False)
        self._resolve = resolve
        self._allowed = allowed

    async def post(self, address: str, *, content: bytes, headers: Mapping[str, str]) -> Answer | Sent:
        """Posts to the number that was looked at, so that whoever owns the name cannot point it elsewhere meanwhile.

        Every number of the name must be public: one that is not is no oversight of its owner.
        """
        try:
            url = httpx.URL(address)
        except (httpx.InvalidURL, UnicodeError):
            return Sent(DeliveryOutcome.REFUSED, "no address")
        if url.scheme != "https" or not url.host:
            return Sent(DeliveryOutcome.REFUSED, "no https")
        name = url.raw_host.decode("ascii")
        try:
            numbers = [ipaddress.ip_address(one) for one in await self._resolve(name.strip("[]"), url.port or 443)]
        except (OSError, ValueError):
            return Sent(DeliveryOutcome.BUSY, "no such name")
        if not numbers or not all(self._allowed(one) for one in numbers):
            return Sent(DeliveryOutcome.REFUSED, "not public")
        # The credentials that a URL may hold are no part of what is posted.
        headers = {"Host": url.netloc.decode("ascii"), **headers}
        said: Answer | Sent = Sent(DeliveryOutcome.BUSY, "no number")
        for number in numbers:
            at = url.copy_with(host=str(number), username=None, password=None)
            said = await post(self._client, at, content=content, headers=headers, name=name.strip("[]"))
            if said != Sent(DeliveryOutcome.BUSY, httpx.ConnectError.__name__):
                break
        return said

    async def close(self) -> None:
        """Lets go of what is open."""
        await self._client.aclose()
