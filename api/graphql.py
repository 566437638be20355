"""What may live here: GraphQL over HTTP: one request in, one answer out. What is said is none of its business.

Follows the GraphQL-over-HTTP draft. POST takes `application/json`, GET takes queries.

Cross-site requests: a browser sends `application/json` to another origin only after a preflight, and no other
content type is taken, so no form or image can post. A plain GET needs no preflight, and none is asked for: it runs
queries only, a query never writes, and no cookie or other ambient credential is ever read here, so a foreign page gets
what a stranger gets. Uploads do not come this way (bytes go by presigned URL), so multipart bodies, which need no
preflight, are refused.

Everything is bounded before it is read as a whole: the body is counted while it streams in, and nothing is unpacked.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from inspect import isawaitable
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_schema.context import Context, Means, Tongue
from graphql_schema.errors import Code, coded, told
from graphql_schema.executor import Answer, Executor, Refused
from graphql_schema.executor import Request as Operation
from storage.record.actor import Actor
from storage.record.problems import NotSignedIn

RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
LARGEST_BODY: Final = 256 * 1024

Authenticate: TypeAlias = Callable[[Request], Actor | Awaitable[Actor | None] | None]

# Answers to refusals of the executor whatever was accepted: these are no matter of the document's validity.
_STATUS_OF_CODE: Final[Mapping[str, int]] = {
    Code.LIMIT: 400,
    Code.OPERATION: 400,
    Code.INTROSPECTION: 403,
    Code.TIMED_OUT: 503,
    Code.NOT_SUPPORTED: 400,
}


class BadRequest(Exception):
    """The request is refused before GraphQL sees it."""

    def __init__(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """An ASGI application for the route of GraphQL.

    `authenticate` reads the bearer token and returns who asks, None for a stranger, or raises NotSignedIn for a token
    that is not valid (401). `database` is handed through to resolvers; `clock` gives an aware UTC time.
    """

    executor: Executor
    authenticate: Authenticate
    database: Any
    clock: Callable[[], datetime]
    means: Means = field(default_factory=Means)
    largest_body: int = LARGEST_BODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; sockets have their own route."""
        request = Request(scope, receive)
        try:
            response = await self.respond(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """Return the answer to one request."""
        context = Context(
            actor=None,
            database=self.database,
            clock=self.clock,
            means=self.means,
            language=_language(request.headers.get("accept-language", "")),
            address=request.client.host if request.client else "",
        )
        media = _negotiated(request.headers.get("accept"))
        try:
            if media is None:
                raise BadRequest(406, f"The answer is {RESPONSE} or {JSON}.")
            operation = await self._operation(request)
            context.actor = await self._actor(request)
            return await self._executed(operation, context, media=media, reads_only=request.method == "GET")
        except ClientDisconnect:
            raise
        except Exception as error:
            return _refusal(error, context, media=media or JSON)

    async def _actor(self, request: Request) -> Actor | None:
        found = self.authenticate(request)
        return await found if isawaitable(found) else found

    async def _executed(self, operation: Operation, context: Context, *, media: str, reads_only: bool) -> Response:
        try:
            prepared = self.executor.prepare(operation, context)
        except Refused as refused:
            return _response(refused.answer, _status(refused.answer, media), media)
        if reads_only and not prepared.reads:
            raise BadRequest(405, "GET takes queries only.", headers={"allow": "POST"})
        answer = await self.executor.run(prepared, context)
        return _response(answer, _status(answer, media), media)

    async def _operation(self, request: Request) -> Operation:
        if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise BadRequest(415, "Content-Encoding is not taken: send the document as it is.")
        if request.method == "POST":
            _must_be_json(request.headers.get("content-type", ""))
            return _from_json(await _body(request, most=self.largest_body))
        if request.method == "GET":
            return _from_query(request.scope["query_string"], most=self.largest_body)
        raise BadRequest(405, "GraphQL takes GET and POST.", headers={"allow": "GET, POST"})


async def _body(request: Request, *, most: int) -> bytes:
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()):
        raise BadRequest(400, "Content-Length is no number.")
    too_large = BadRequest(413, f"The body is larger than {most} bytes.", headers={"connection": "close"})
    if len(told) > 12 or int(told) > most:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise too_large
    return bytes(body)


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
    return _checked(asked)


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
    return _checked(asked)


def _checked(asked: dict[str, Any]) -> Operation:
    text, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    if not isinstance(text, str) or not text.strip():
        raise BadRequest(400, "`query` must be the text of a document.")
    if not isinstance(variables, dict | None):
        raise BadRequest(400, "`variables` must be an object.")
    if not isinstance(name, str | None):
        raise BadRequest(400, "`operationName` must be text.")
    if not isinstance(asked.get("extensions"), dict | None):
        raise BadRequest(400, "`extensions` must be an object.")
    return Operation(text, variables or {}, name)


@lru_cache(maxsize=256)
def _preferences(header: str) -> tuple[tuple[str, float], ...]:
    """Return what a header prefers, best first: (value, weight), RFC 9110 §12.4.2."""
    found = []
    for part in header.lower().split(",")[:30]:
        value, *parameters = (each.strip() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            found.append((value, float(weight)))
        except ValueError:
            found.append((value, 0.0))
    return tuple(sorted(found, key=lambda each: -each[1]))


def _negotiated(accept: str | None) -> str | None:
    """Return the media type of the answer, or None if neither is accepted.

    Streams are not negotiated here: clients list `text/event-stream` for every operation and mean it for none but
    subscriptions, which have their own path.
    """
    for value, weight in _preferences((accept or JSON)[:1_000]):
        if weight > 0 and value in (RESPONSE, JSON):
            return value
        if weight > 0 and value in ("*/*", "application/*"):
            return JSON
    return None


def _language(accepted: str) -> Tongue:
    for value, weight in _preferences(accepted[:1_000]):
        tongue = value.split("-")[0]
        if weight > 0 and tongue == "en":
            return "en"
        if weight > 0 and tongue == "zh":
            return "zh"
    return "zh"


def _status(answer: Answer, media: str) -> int:
    if answer.executed:
        return 200
    for code in answer.codes:
        if code in _STATUS_OF_CODE:
            return _STATUS_OF_CODE[code]
    # The draft: with `application/json` a well-formed request is 200 even if its document is not valid.
    return 400 if media == RESPONSE else 200


def _refusal(error: Exception, context: Context, *, media: str) -> Response:
    """Tell what stopped a request outside of GraphQL's own steps; what nobody foresaw is logged and not told."""
    if isinstance(error, BadRequest):
        answer = Answer([told(coded(Code.BAD_REQUEST, error.message), context=context)])
        return _response(answer, error.status, media, error.headers)
    answer = Answer([told(error, context=context)])
    if isinstance(error, NotSignedIn):
        return _response(answer, 401, media, {"www-authenticate": "Bearer"})
    return _response(answer, 500, media)


def _response(answer: Answer, status: int, media: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(answer.body()),
        status,
        {
            "content-type": f"{media}; charset=utf-8",
            # An answer may hold what only this actor may see, and a time that only this request has.
            "cache-control": "no-store",
            "vary": "Accept, Accept-Language, Authorization",
            "x-content-type-options": "nosniff",
            **(headers or {}),
        },
    )
