"""Hands originals on to the store under the API's own address, so that a phone needs one host and one certificate."""

import re
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import httpx
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from storage.record.objects import StoreAddress

_SENT_ON: Final = frozenset({"content-length", "content-type", "if-none-match", "range"})
_TOLD: Final = frozenset({"content-length", "content-range", "content-type", "etag", "last-modified"})
# The bytes of a stranger's phone come under the address of our own pages: whatever they are, they are no page of ours.
_ALWAYS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; img-src 'self'; media-src 'self'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_NAME: Final = re.compile(rb"(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Behind the bucket: the names that we give, as they are sent. None leads out of it, however a client writes dots."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT"})
_TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)


class Relay:
    """An application before another one: what is meant for the bucket goes to the store, all else through.

    A signed request names the host that it was signed for (`store.public_url`), whichever name the phone used: that is
    what the store is told. Nothing is added to what a phone sends, so only what was signed gets in.
    """

    def __init__(self, app: ASGIApp, store: StoreAddress) -> None:
        self._app = app
        self._store = store
        self._host = urlsplit(store.public_url).netloc
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Relay or pass on one request."""
        if scope["type"] != "http" or not self._is_meant(scope["raw_path"]):
            await self._app(scope, receive, send)
            if scope["type"] == "lifespan":
                await self.close()
            return
        try:
            response = await self._relayed(Request(scope, receive))
            await response(scope, receive, send)
        except ClientDisconnect:
            return

    def _is_meant(self, path: bytes) -> bool:
        """Whether the path, as it was sent, is the bucket or a name in it."""
        bucket = f"/{self._store.bucket}".encode()
        return path.startswith(bucket) and _NAME.fullmatch(path, len(bucket)) is not None

    async def close(self) -> None:
        """Ends the lines to the store; the end of the lifespan does it, too."""
        await self._client.aclose()

    async def _relayed(self, request: Request) -> Response:
        if request.method not in _METHODS:
            return Response(status_code=405, headers={"allow": ", ".join(sorted(_METHODS))})
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in _SENT_ON or name.startswith("x-amz-")
        } | {"host": self._host, "accept-encoding": "identity"}  # fmt: skip
        raw = request.scope["raw_path"].decode("ascii")
        query = request.scope["query_string"].decode("ascii")
        url = httpx.URL(f"{self._store.endpoint.rstrip('/')}{raw}?{query}")
        body = request.stream() if request.method in ("POST", "PUT") else None
        try:
            answered = await self._client.send(
                self._client.build_request(request.method, url, headers=headers, content=body), stream=True
            )
        except httpx.RequestError as fault:
            return Response(f"the store did not answer: {type(fault).__name__}\n", 502, media_type="text/plain")
        told = {
            name: value
            for name, value in answered.headers.items()
            if name in _TOLD or name.startswith("x-amz-")
        } | _ALWAYS  # fmt: skip
        return StreamingResponse(_bytes_of(answered), answered.status_code, headers=told)


async def _bytes_of(answered: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answered.aiter_raw():
            yield chunk
    finally:
        await answered.aclose()
