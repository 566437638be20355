"""The reporters' routes: their page, GraphQL of their own, the frames of files. Every answer is kept nowhere."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.asking import BadRequest, headers_of, operation_of
from api.reporting.counting import Hours
from api.reporting.guard import Tries
from api.reporting.page import PATH, ReportPage
from api.reporting.taking import Uploads
from graphql_schema import reporting
from graphql_schema.context import Context
from graphql_schema.errors import Code
from graphql_schema.executor import Executor
from graphql_schema.limits import Limits
from graphql_schema.reporting import Reporting
from graphql_schema.scalars import read_base64
from storage.miners.reports import operations, rules
from storage.miners.reports.receipts import Counter, Place
from storage.miners.reports.tables import ReceiptForm
from storage.record import glossary
from storage.record.actor import Actor, reporter
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.problems import BadInput, Problem
from storage.record.work import perform

PREFIX: Final = "/reporting"
LARGEST_BODY: Final = 1024 * 1024
SLOWEST_BODY: Final = 60.0
STORED_AT_ONCE: Final = 4
"""Files that are whole and on their way into the database."""
STEPS: Final = (4_096, 16_384, 65_536, 262_144, 1_048_576)
"""Answers are padded with spaces up to one of these, or to a multiple of the last."""
_HEADERS: Final = {
    "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff",
}  # fmt: skip

Authenticate = Callable[[Request], Awaitable[Actor | None]]


@dataclass(slots=True)
class Desk:
    """The sub-application. `draw` gives a locator of a form; `authenticate` knows the officer who takes a call."""

    database: Database
    clock: Callable[[], datetime]
    secret: bytes
    draw: Callable[[ReceiptForm], str]
    authenticate: Authenticate
    development: bool = False
    executor: Executor = field(init=False)
    counter: Counter = field(init=False)
    tries: Tries = field(init=False)
    hours: Hours = field(init=False)
    uploads: Uploads = field(default_factory=Uploads)
    storing: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.executor = Executor(reporting.build(), limits=Limits(), development=self.development)
        self.counter, self.storing = Counter(self.secret), asyncio.Semaphore(STORED_AT_ONCE)
        self.tries, self.hours = Tries(self._seconds), Hours(self._seconds)

    def app(self) -> Starlette:
        """The routes, within `PREFIX` and `PATH`."""
        app = Starlette(
            routes=[
                *ReportPage().routes(),
                Route(f"{PREFIX}/graphql", self._answering(self.graphql), methods=["POST"]),
                Route(f"{PREFIX}/files/{{id:uuid}}", self._answering(self.file), methods=["PUT"]),
            ]
        )
        app.router.redirect_slashes = False
        return app

    async def graphql(self, request: Request) -> Response:
        """One operation over the reporters' schema."""
        operation = await operation_of(request, headers_of(request), most=LARGEST_BODY, seconds=SLOWEST_BODY)
        asking = self._asking(request, await self.authenticate(request))
        answer = await self.executor.answer(operation, cast(Context, asking))
        self.hours.add("requests", *asking.told)
        return padded(answer.body())

    async def file(self, request: Request) -> Response:
        """The encrypted frames of one file, before the message that names it."""
        own = self.tries.of(_address(request))
        own.take("file")
        place = self._place(headers_of(request).get("authorization", ""))
        message_id = _uuid(request.query_params.get("message", ""))
        async with self.uploads.taken(request, own.who, most=rules.LARGEST_FILE) as body, self.storing:
            await perform(
                self.database, reporter(place=str(place)), self.clock(), operations.send_file, place=place,
                message_id=message_id, id=request.path_params["id"], body=body,
            )  # fmt: skip
        self.hours.add("files")
        return padded({"problem": None})

    def _asking(self, request: Request, officer: Actor | None) -> Reporting:
        return Reporting(
            database=self.database, clock=self.clock, counter=self.counter, guard=self.tries.of(_address(request)),
            draw=self.draw, officer=officer, incident=self._count,
        )  # fmt: skip

    def _place(self, authorization: str) -> Place:
        """Whose file it is: by the reservation before the filing, by the token of `logIn` after it."""
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "receipt":
            raise rules.ReservationOver()
        sealed = read_base64(text, "Receipt", 400)
        try:
            return self.counter.reserved(sealed, now=self._seconds())[0]
        except rules.ReservationOver:
            return self.counter.signed_in(sealed, now=self._seconds())

    def _count(self, incident: BaseException) -> None:
        """What went wrong, by its kind alone: its words may hold what a reporter said."""
        self.hours.add(f"incident {type(incident).__name__}")

    def _seconds(self) -> int:
        return to_ms(self.clock()) // 1000

    def _answering(self, respond: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """What goes wrong is told to whoever asked, and counted; never logged."""

        async def answer(request: Request) -> Response:
            try:
                return await respond(request)
            except ClientDisconnect:
                return Response(status_code=499)
            except BadRequest as bad:
                self.hours.add("refused")
                return padded({"errors": [{"message": bad.message, "extensions": {"code": bad.code}}]}, bad.status)
            except Problem as problem:
                self.hours.add(problem.code)
                return padded({"problem": _told(problem)}, 400)
            except TimeoutError:
                return padded({"problem": _told(BadInput(field="body", reason="too slow"))}, 408)
            except Exception as error:  # Logged it would stand beside its moment; the hour's line tells its kind.
                self._count(error)
                return padded({"errors": [{"message": "", "extensions": {"code": Code.INTERNAL}}]}, 500)

        return answer


@dataclass(frozen=True, slots=True)
class Aside:
    """Around the whole API, before anything counts, traces or logs: reporters' requests leave it here."""

    app: ASGIApp
    reporting: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to its application."""
        path = scope.get("path", "")
        aside = scope["type"] == "http" and (path == PATH or path.startswith((f"{PATH}/", f"{PREFIX}/")))
        await (self.reporting if aside else self.app)(scope, receive, send)


def padded(body: Any, status: int = 200) -> Response:
    """An answer whose size says nothing: JSON and spaces."""
    told = orjson.dumps(body)
    size = next((step for step in STEPS if len(told) <= step), -(-len(told) // STEPS[-1]) * STEPS[-1])
    return Response(told.ljust(size), status_code=status, headers=_HEADERS, media_type="application/json")


def _told(problem: Problem) -> dict[str, str]:
    zh, en = (glossary.sentence(problem.code, tongue, **problem.parameters) for tongue in ("zh", "en"))
    return {"code": problem.code, "zh": zh, "en": en}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput(field="message", reason="a UUID") from error


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
