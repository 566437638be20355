"""What may live here: GraphQL over HTTP: one request in, one answer out. What is said is none of its business.

Follows the GraphQL-over-HTTP draft. POST takes `application/json`, GET takes queries.

Cross-site requests: a browser sends `application/json` to another origin only after a preflight, and no other
content type is taken, so no form or image can post. A plain GET needs no preflight, and none is asked for: it runs
queries only, a query never writes, and no cookie or other ambient credential is ever read here, so a foreign page gets
what a stranger gets. Uploads do not come this way (bytes go by presigned URL), so multipart bodies, which need no
preflight, are refused.

Everything is bounded before it is read as a whole: the body is counted while it streams in, and nothing is unpacked.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from inspect import isawaitable
from typing import Any, Final, TypeAlias

import orjson
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import negotiating
from api.asking import BadRequest, headers_of, operation_of
from api.crowd import Crowd, Passes, TooMany
from api.negotiating import EVENTS, JSON, MULTIPART, RESPONSE, Accepted, Way
from api.observing import SEEN, Seen
from api.streams import Stream, one_answer
from graphql_schema.context import Context, Means
from graphql_schema.errors import Code, coded, told
from graphql_schema.executor import Answer, Executor, Prepared, Refused
from graphql_schema.executor import Request as Operation
from graphql_schema.following import frames
from storage.record.actor import Actor
from storage.record.problems import NotSignedIn

LARGEST_BODY: Final = 256 * 1024
SLOWEST_BODY: Final = 30.0

Authenticate: TypeAlias = Callable[[Request], Actor | Awaitable[Actor | None] | None]

# Answers to refusals of the executor whatever was accepted: these are no matter of the document's validity.
_STATUS_OF_CODE: Final[Mapping[str, int]] = {
    Code.LIMIT: 400,
    Code.OPERATION: 400,
    Code.BAD_REQUEST: 400,
    Code.INTROSPECTION: 403,
    Code.TIMED_OUT: 503,
    Code.NOT_SUPPORTED: 400,
}


@dataclass(frozen=True, slots=True)
class GraphQLEndpoint:
    """An ASGI application for the route of GraphQL.

    `authenticate` reads the bearer token and returns who asks, None for a stranger, or raises NotSignedIn for a token
    that is not valid (401). `database` is handed through to resolvers; `clock` gives an aware UTC time. `passes` and
    `crowd` belong to subscriptions; without them none is taken.
    """

    executor: Executor
    authenticate: Authenticate
    database: Any
    clock: Callable[[], datetime]
    means: Means = field(default_factory=Means)
    largest_body: int = LARGEST_BODY
    slowest_body: float = SLOWEST_BODY
    passes: Passes | None = None
    crowd: Crowd = field(default_factory=Crowd)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; sockets have their own route."""
        request = Request(scope, receive)
        try:
            response = await self.respond(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    def context(self, connection: HTTPConnection, headers: Mapping[str, str]) -> Context:
        """Return what resolvers know of a request or socket, before it is known who asks."""
        seen = connection.scope.get(SEEN) or Seen(secrets.token_hex(8), own_id=True)
        # Problems bear ids that begin with the request's: a name that the caller may use again is no name for them.
        request_id = seen.request_id if seen.own_id else f"{seen.request_id}.{secrets.token_hex(4)}"
        return Context(
            actor=None,
            request_id=request_id,
            told=seen.codes,
            database=self.database,
            clock=self.clock,
            means=self.means,
            language=negotiating.language(headers.get("accept-language", "")),
            address=connection.client.host if connection.client else "",
            last_seen=headers.get("last-event-id"),
        )

    async def respond(self, request: Request) -> ASGIApp:
        """Return the answer to one request."""
        headers = headers_of(request)
        context = self.context(request, headers)
        accepted = negotiating.accepted(headers.get("accept"))
        try:
            if accepted.media is None and accepted.way is None:
                raise BadRequest(
                    406, f"The answer is {RESPONSE} or {JSON}; of a subscription, {EVENTS} or {MULTIPART}."
                )
            operation = await operation_of(request, headers, most=self.largest_body, seconds=self.slowest_body)
            context.actor = await self._actor(request)
            return await self._executed(request, operation, context, accepted)
        except ClientDisconnect:
            raise
        except Exception as error:
            return _refusal(error, context, media=accepted.media or JSON)

    async def _actor(self, request: Request) -> Actor | None:
        found = self.authenticate(request)
        return await found if isawaitable(found) else found

    async def _executed(self, request: Request, operation: Operation, context: Context, accepted: Accepted) -> ASGIApp:
        try:
            prepared = self.executor.prepare(operation, context)
        except Refused as refused:
            return _answered(refused.answer, accepted)
        if (seen := request.scope.get(SEEN)) is not None:
            seen.operation = prepared.first_field
        if prepared.follows:
            return self._followed(request, prepared, context, accepted.way)
        if request.method == "GET" and not prepared.reads:
            raise BadRequest(405, "GET takes queries only.", headers={"allow": "POST"})
        return _answered(await self.executor.run(prepared, context), accepted)

    def _followed(self, request: Request, prepared: Prepared, context: Context, way: Way | None) -> ASGIApp:
        if way is None or self.passes is None:
            what = f"A subscription is answered as {EVENTS} or {MULTIPART} with subscriptionSpec, or over a WebSocket."
            raise BadRequest(400, what, code=Code.NOT_SUPPORTED)
        # A stranger is told so by the field itself; only who is signed in takes a place, and its end is his token's.
        authorization = request.headers.get("authorization")
        place = self.crowd.enter(context.actor.account_id if context.actor else None)
        ended = self.crowd.ended(self.passes, authorization if context.actor else None, self.clock, context.actor)
        return Stream(frames(self.executor, prepared, context), way, ended, place.leave)


def _answered(answer: Answer, accepted: Accepted) -> ASGIApp:
    if accepted.media is None:
        return one_answer(orjson.dumps(answer.body()), accepted.way or EVENTS)
    return _response(answer, _status(answer, accepted.media), accepted.media)


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
    if isinstance(error, TooMany):
        error = BadRequest(429, str(error), code=Code.TOO_MANY, headers={"retry-after": "30"})
    if isinstance(error, BadRequest):
        answer = Answer([told(coded(error.code, error.message), context=context)])
        return _response(answer, error.status, media, error.headers)
    answer = Answer([told(error, context=context)])
    if isinstance(error, NotSignedIn):
        return _response(answer, 401, media, {"www-authenticate": "Bearer"})
    return _response(answer, 500, media)


def _response(answer: Answer, status: int, media: str, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(orjson.dumps(answer.body()), status)
    told = _ALWAYS[media] if not headers else _ALWAYS[media] + [(n.encode(), v.encode()) for n, v in headers.items()]
    response.raw_headers = [(b"content-length", b"%d" % len(response.body)), *told]
    return response


# Starlette reads and writes headers anew for each answer; these never differ.
_ALWAYS: Final = {
    media: [
        (b"content-type", f"{media}; charset=utf-8".encode()),
        # An answer may hold what only this actor may see, and a time that only this request has.
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Accept-Language, Authorization"),
        (b"x-content-type-options", b"nosniff"),
    ]
    for media in (RESPONSE, JSON)
}
