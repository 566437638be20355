"""What may live here: how an operation is read from a request, everything bounded before it is read as a whole."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request

from api.negotiating import JSON
from graphql_schema.errors import Code
from graphql_schema.executor import Request as Operation


class BadRequest(Exception):
    """The request is refused before GraphQL sees it."""

    def __init__(
        self, status: int, message: str, *, code: Code = Code.BAD_REQUEST, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})


def headers_of(request: Request) -> dict[str, str]:
    """Return the headers by name, lower case; of one that came twice, the first. Starlette searches them each time."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(request.scope["headers"])}


async def operation_of(request: Request, headers: Mapping[str, str], *, most: int, seconds: float) -> Operation:
    """Return what is asked, or raise BadRequest; at most `most` bytes are read, and for `seconds` at most."""
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BadRequest(415, "Content-Encoding is not taken: send the document as it is.")
    if request.method == "POST":
        _must_be_json(headers.get("content-type", ""))
        try:
            async with asyncio.timeout(seconds):
                body = await _body(request, headers, most=most)
        except TimeoutError:
            # Whoever sends a byte a minute would hold a connection and its buffers for ever.
            slow = f"The body did not arrive within {seconds:g} s."
            raise BadRequest(408, slow, headers={"connection": "close"}) from None
        return _from_json(body)
    if request.method == "GET":
        return _from_query(request.scope["query_string"], most=most)
    raise BadRequest(405, "GraphQL takes GET and POST.", headers={"allow": "GET, POST"})


async def _body(request: Request, headers: Mapping[str, str], *, most: int) -> bytes:
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()):
        raise BadRequest(400, "Content-Length is no number.")
    if len(told) > 12 or int(told) > most:
        raise _too_large(most)
    body, is_whole = bytearray(), False
    while not is_whole:  # Starlette's stream of the same messages costs as much as reading the JSON.
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        is_whole = not message.get("more_body", False)
    return bytes(body)


def _too_large(most: int) -> BadRequest:
    return BadRequest(413, f"The body is larger than {most} bytes.", headers={"connection": "close"})


@lru_cache(maxsize=64)
def _charset(content_type: str) -> tuple[str, str]:
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [value.strip('"') for key, _, value in (each.partition("=") for each in parameters) if key == "charset"]
    return media, charsets[0] if charsets else "utf-8"


def _must_be_json(content_type: str) -> None:
    media, charset = _charset(content_type[:200])
    if media != JSON:
        raise BadRequest(415, f"Content-Type must be {JSON}.")
    if charset not in ("utf-8", "utf8"):
        raise BadRequest(415, "The charset must be utf-8.")


def _from_json(body: bytes) -> Operation:
    # orjson takes neither NaN nor numbers without bound, bad UTF-8, lone surrogates or nesting beyond 1,024.
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest(400, "The body is no JSON in UTF-8.") from None
    if isinstance(asked, list):
        raise BadRequest(400, "Batches are not taken: send one operation a request.")
    if not isinstance(asked, dict):
        raise BadRequest(400, "The body must be a JSON object.")
    return checked(asked)


def _from_query(query: bytes, *, most: int) -> Operation:
    if len(query) > most:
        raise BadRequest(414, f"The query string is longer than {most} bytes.")
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
        asked: dict[str, Any] = dict(pairs)
        for name in ("variables", "extensions"):
            if name in asked:
                asked[name] = orjson.loads(asked[name]) if asked[name] else None
    except ValueError:
        raise BadRequest(400, "The query string cannot be read.") from None
    if len(asked) != len(pairs):
        raise BadRequest(400, "The query string gives a parameter twice.")
    return checked(asked)


def checked(asked: Mapping[str, Any]) -> Operation:
    """Read the parameters of a request, whatever carried them: body, query string or socket."""
    text, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    extensions = asked.get("extensions")
    if not isinstance(extensions, dict | None):
        raise BadRequest(400, "`extensions` must be an object.")
    digest = _digest(extensions or {})
    if (text is None and digest is None) or not isinstance(text, str | None):
        raise BadRequest(400, "`query` must be the text of a document.")
    if text is not None and not text.strip():
        raise BadRequest(400, "`query` must be the text of a document.")
    if not isinstance(variables, dict | None):
        raise BadRequest(400, "`variables` must be an object.")
    if not isinstance(name, str | None):
        raise BadRequest(400, "`operationName` must be text.")
    return Operation(text, variables or {}, name, digest)


def _digest(extensions: Mapping[str, Any]) -> bytes | None:
    """The SHA-256 by which a document is asked for that was sent before (automatic persisted queries, version 1)."""
    asked = extensions.get("persistedQuery")
    if asked is None:
        return None
    if not isinstance(asked, dict) or asked.get("version") != 1:
        raise BadRequest(400, "PersistedQueryNotSupported", code=Code.NO_PERSISTED_QUERIES)
    told = asked.get("sha256Hash")
    if not isinstance(told, str) or len(told) != 64:
        raise BadRequest(400, "`sha256Hash` must be 64 hexadecimal digits.")
    try:
        return bytes.fromhex(told)
    except ValueError:
        raise BadRequest(400, "`sha256Hash` must be 64 hexadecimal digits.") from None
