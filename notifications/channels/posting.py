"""How a channel posts over HTTP: within bounds, following nobody elsewhere, and what an answer's status means."""

import asyncio
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import orjson

from notifications.channels import Sent
from storage.alerts.deliveries.tables import DeliveryOutcome

MOST: Final = 4_096
"""Bytes of an answer that are read; nothing that we want to know is longer."""
BODY_SECONDS: Final = 2.0
"""For the body behind the status: the status alone has already said what became of the message."""
DEADLINE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the first bytes of the body, and how long we are asked to wait."""

    status: int
    body: bytes
    retry_after: timedelta | None

    @property
    def json(self) -> Mapping[str, Any]:
        """The body, if it is one JSON object; else nothing."""
        try:
            found = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    def sent(self, *, gone: Collection[int] = (410,)) -> Sent:
        """What the status alone means; `gone` are those by which this service says that the address is no more."""
        outcome = DeliveryOutcome.REFUSED
        if 200 <= self.status < 300:
            outcome = DeliveryOutcome.ACCEPTED
        elif self.status in gone:
            outcome = DeliveryOutcome.GONE
        elif self.status in (408, 425, 429) or self.status >= 500:
            outcome = DeliveryOutcome.BUSY
        return Sent(outcome, str(self.status), self.retry_after if outcome is DeliveryOutcome.BUSY else None)


def client(*, trust: ssl.SSLContext, http2: bool = False, reused: bool = True) -> httpx.AsyncClient:
    """A client for one channel, with a context of its own; no proxy and no password of the surroundings is used.

    `reused` is False where lines must not be kept: they are kept by number and port, whatever name was asked for.
    """
    return httpx.AsyncClient(
        verify=trust, http1=not http2, http2=http2, follow_redirects=False, trust_env=False, timeout=DEADLINE,
        # How many lines there are at once is bounded by whoever sends: a queue here would let one hung service,
        # which anybody may name, hold up the alarms of all others.
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20 if reused else 0),
        headers={"User-Agent": "Pithead", "Accept": "application/json", "Accept-Encoding": "identity"},
    )  # fmt: skip


async def post(
    client: httpx.AsyncClient,
    url: httpx.URL | str,
    *,
    content: bytes,
    headers: Mapping[str, str],
    name: str | None = None,
) -> Answer | Sent:
    """Posts once. Where no status came back, what that means. `name` is that of the certificate, if not the URL's."""
    extensions = {} if name is None else {"sni_hostname": name}
    try:
        request = client.build_request("POST", url, content=content, headers=headers, extensions=extensions)
        # The cookies of one answer are nothing that another message should carry.
        client.cookies.clear()
        response = await client.send(request, stream=True)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as fault:
        return _meaning(fault)
    try:
        return Answer(response.status_code, await _beginning(response), _retry_after(response))
    finally:
        await response.aclose()


async def _beginning(response: httpx.Response) -> bytes:
    """The first bytes of the body, as far as they came in time; what is broken off is left out."""
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in response.aiter_raw():
                found += piece
                if len(found) >= MOST:
                    break
    except (TimeoutError, httpx.HTTPError):
        pass
    return bytes(found[:MOST])


def _retry_after(response: httpx.Response) -> timedelta | None:
    """Seconds, or a date of HTTP; None for anything else."""
    told = response.headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit() and len(told) < 9:
        return timedelta(seconds=int(told))
    try:
        wait = parsedate_to_datetime(told).astimezone(UTC) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return max(wait, timedelta(0))


def _meaning(fault: Exception) -> Sent:
    """What it means that no status came back; the names of faults, never their words, which hold addresses."""
    if isinstance(fault, httpx.TimeoutException):
        return Sent(DeliveryOutcome.SILENT, type(fault).__name__)
    if isinstance(fault, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return Sent(DeliveryOutcome.REFUSED, "no address")
    if _is_of_tls(fault):
        return Sent(DeliveryOutcome.REFUSED, "TLS")
    return Sent(DeliveryOutcome.BUSY, type(fault).__name__)


def _is_of_tls(fault: BaseException | None) -> bool:
    """Whether a certificate or the like was wrong, which no second attempt heals; a line cut within TLS is not that."""
    while fault is not None:
        if isinstance(fault, ssl.SSLError) and not isinstance(fault, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
