"""The pages of requests: their public clocks, the form that files one without a script, and what a receipt opens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.public import asking, showing
from api.public.answers import HTML, headers
from api.public.asking import PAGE, Tongue
from api.public.site import Site, Told
from api.reporting.guard import Tries
from storage.record.actor import stranger
from storage.record.clock import day_of, to_ms
from storage.record.database import Database
from storage.record.glossary import sentence
from storage.record.problems import BadInput, NotFound, Problem, TryAgain
from storage.record.work import perform
from storage.register.mines import queries as mines
from storage.trust.lists.rules import PROVINCE, Agency
from storage.trust.requests import operations, queries, rules
from storage.trust.requests.operations import Filing
from storage.trust.requests.queries import PublicRow, RequestRow, StepRow
from storage.trust.requests.receipts import Forms, Receipt, read_receipt
from storage.trust.requests.tables import RequestKind, RequestState

Sql: TypeAlias = "asyncpg.Connection[Any]"
LARGEST_BODY: Final = 65_536
SLOWEST_BODY: Final = 20.0
EVERYBODY: Final = "every address"
"""Whoever files from many addresses fills no more of an hour than this process takes of all."""
_FIELDS: Final = ("kind", "d", "agency", "words", "contact", "form", "receipt", "lang")


@dataclass(frozen=True, slots=True)
class Requests:
    """`database` is the API's own: filing is an act. Whatever holds a form or a receipt is kept nowhere.

    No cookie and no sign-in ride along with a form, so nobody can send one in another's name; that it was opened here
    is said by what it carries, and a browser that says that it comes from another site is refused.
    """

    site: Site
    database: Database
    clock: Callable[[], datetime]
    forms: Forms
    tries: Tries = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tries", Tries(self._seconds))

    def routes(self) -> list[Route]:
        return [
            *(Route(f"/requests{end}", self.site.page(self.all)) for end in (".json", "")),
            Route("/requests/new", self._answering(self.form), methods=["GET"]),
            Route("/requests/new", self._answering(self.file), methods=["POST"]),
            Route("/requests/receipt", self._answering(self.ask_receipt), methods=["GET"]),
            Route("/requests/receipt", self._answering(self.read), methods=["POST"]),
            Route("/requests/clarify", self._answering(self.clarify), methods=["POST"]),
            *(Route(f"/requests/{{number}}{end}", self.site.page(self.one)) for end in (".json", "")),
        ]

    async def all(self, sql: Sql, request: Request) -> Told:
        """The clocks of all requests, newest first: what is asked stays private until it is answered."""
        behind = _behind(request.query_params.get("before", ""))
        rows = await queries.public_requests(sql, limit=PAGE + 1, behind=behind)
        today = day_of(self.clock())
        counted = [dict(row) for row in await queries.public_counts(sql, today)]
        following = rows[PAGE - 1].number if len(rows) > PAGE else None
        data = {"rows": [told(row, today) for row in rows[:PAGE]], "counts": counted, "next": following}
        sums = {name: sum(row[name] for row in counted) for name in ("many", "late", "overdue")}
        sums["answered"] = sum(row["many"] for row in counted if row["state"] == RequestState.ANSWERED)
        last = rows[PAGE - 1] if following else None
        return Told("requests.html", data, {
            "sums": sums, "before": f"{last.filed_on}_{last.number}" if last else None,
        }, lasting=False)  # fmt: skip

    async def one(self, sql: Sql, request: Request) -> Told:
        """One clock, with what was worded for the public."""
        row = await queries.public_request(sql, request.path_params["number"][:20])
        if row is None:
            raise NotFound()
        return Told("request.html", {"request": told(row, day_of(self.clock()))}, lasting=False)

    async def form(self, request: Request) -> Response:
        """The form; what it is about may be named in the address."""
        query = request.query_params
        given = {"d": query.get("d", "")[:36], "kind": "ERROR" if query.get("d") else "INFORMATION"}
        return await self._form(asking.tongue(query), given)

    async def file(self, request: Request) -> Response:
        """Takes the request in, and shows its receipt once; sent again, the same receipt."""
        given, tongue = await _given(request)
        self.tries.of(_address(request)).take("request")
        self.tries.of(EVERYBODY).take("requests")
        try:
            receipt = self.forms.receipt_of(given.get("form", ""), now=self._seconds())
            filing = _filing(given)
            number = await self._filed(filing, receipt)
        except TryAgain:
            raise
        except Problem as problem:
            return await self._form(tongue, given, problem)
        data = {"number": number, "receipt": receipt.text(), "kind": filing.kind.value}
        return self._page("request_filed.html", tongue, data)

    async def ask_receipt(self, request: Request) -> Response:
        """Where a receipt is typed in."""
        return self._page("request_receipt.html", asking.tongue(request.query_params), {"fault": None})

    async def read(self, request: Request) -> Response:
        """What became of the request of a receipt: a wrong one answers as one that was never given out."""
        given, tongue = await _given(request)
        return await self._own(request, given, tongue)

    async def clarify(self, request: Request) -> Response:
        """What the asker says to what he was asked."""
        given, tongue = await _given(request)
        own = self.tries.of(_address(request))
        own.take("receipt")
        receipt = read_receipt(given.get("receipt", ""))
        fault = None
        if receipt is not None:
            try:
                acting = perform(
                    self.database, queries.asker(receipt.locator), self.clock(), operations.clarify_request,
                    receipt=receipt, words=given.get("words", ""),
                )  # fmt: skip
                await own.on_the_tick(acting)
            except TryAgain:
                raise
            except Problem as problem:
                fault = None if isinstance(problem, NotFound) else _said(problem, tongue)
        return await self._own(request, given, tongue, fault)

    async def _filed(self, filing: Filing, receipt: Receipt) -> str:
        try:
            return await perform(
                self.database, stranger(), self.clock(), operations.file_request, filing=filing, receipt=receipt
            )
        except rules.RequestFiledBefore:
            row, _ = await self._opened(receipt)
            return row.number

    async def _own(
        self, request: Request, given: Mapping[str, str], tongue: Tongue, fault: str | None = None
    ) -> Response:
        own = self.tries.of(_address(request))
        own.take("receipt")
        receipt = read_receipt(given.get("receipt", "")) or Receipt("", "")
        try:
            row, steps = await own.on_the_tick(self._opened(receipt))
        except NotFound:
            said = showing.word("receipt_unknown", tongue)
            return self._page("request_receipt.html", tongue, {"fault": said}, status=404)
        data = {"request": own_told(row, steps), "receipt": receipt.text(), "fault": fault}
        return self._page("request_own.html", tongue, data, status=400 if fault else 200)

    async def _opened(self, receipt: Receipt) -> tuple[RequestRow, list[StepRow]]:
        async with self.database.reading(queries.asker(receipt.locator)) as sql:
            row = await queries.own_request(sql, receipt)
            return row, await queries.steps_of(sql, [row.id])

    async def _form(self, tongue: Tongue, given: Mapping[str, str], problem: Problem | None = None) -> Response:
        """The form with whatever was written in it, and a new chance of its own."""
        async with self.database.reading(stranger()) as sql:
            offices, divisions = await mines.offices(sql), await mines.divisions(sql)
        agencies = [(f"o:{one.code}", one.name) for one in offices if not one.sample]
        agencies += [(f"d:{one.code}", one.name) for one in divisions if len(one.code) < 6]
        agencies += [(f"d:{one.code}", f"　{one.name}") for one in divisions if len(one.code) == 6]
        data = {
            "given": {name: given.get(name, "") for name in _FIELDS}, "agencies": agencies,
            "form": self.forms.token(now=self._seconds()), "fault": _said(problem, tongue) if problem else None,
        }  # fmt: skip
        return self._page("request_form.html", tongue, data, status=400 if problem else 200)

    def _page(self, template: str, tongue: Tongue, data: Mapping[str, Any], *, status: int = 200) -> Response:
        here: dict[str, Any] = {"path": "/requests", "query": {}, "twin": None}
        body = showing.filled(template, tongue, self.site.url, {"here": here, **data})
        return Response(body, status, headers(HTML, cache="no-store"))

    def _answering(self, respond: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Turns a Problem into a page that says what to do."""

        async def answer(request: Request) -> Response:
            try:
                return await respond(request)
            except Problem as problem:
                made = self.site.failed(problem, request)
                return Response(made.body, made.status, headers(made.media, cache="no-store"))

        return answer

    def _seconds(self) -> int:
        return to_ms(self.clock()) // 1000


def told(row: PublicRow, today: date) -> dict[str, Any]:
    """A clock as pages and their twins tell it."""
    open_ = row.state != RequestState.ANSWERED
    return {
        **{name: getattr(row, name) for name in ("number", "kind", "county", "agency", "article", "state", "extended",
                                                 "extension_reason", "outcome", "grounds", "late", "question",
                                                 "answer")},
        "filed_on": row.filed_on.isoformat(), "due_on": row.due_on.isoformat() if row.due_on else None,
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "disclosure_id": str(row.disclosure_id) if row.disclosure_id else None,
        "days_left": (row.due_on - today).days if open_ and row.due_on else None,
        "overdue": open_ and row.due_on is not None and today > row.due_on,
    }  # fmt: skip


def own_told(row: RequestRow, steps: list[StepRow]) -> dict[str, Any]:
    """What whoever asked reads of it: his own words, and what was said to him; not what a third party said."""
    shown = ("ASKED", "CLARIFIED", "EXTENDED", "ANSWERED")
    return {
        "number": row.number, "kind": row.kind, "state": row.state, "words": row.words,
        "filed_at": row.filed_at.isoformat(), "due_on": row.due_on.isoformat() if row.due_on else None,
        "outcome": row.outcome,
        "steps": [
            {"kind": one.kind, "at": one.at.isoformat(), "words": one.words if one.kind in shown else "",
             "parts": _parts(one.parts)}
            for one in steps
        ],
    }  # fmt: skip


def _parts(text: str) -> list[dict[str, Any]]:
    """The parts of an answer, a refusal with its article."""
    return [
        {"kind": one["kind"], "words": one["words"],
         "article": rules.ARTICLE_OF[rules.RefusalGround(one["ground"])] if "ground" in one else None}
        for one in orjson.loads(text)
    ]  # fmt: skip


def _filing(given: Mapping[str, str]) -> Filing:
    """What the form asks; BadInput."""
    kind = given.get("kind", "")
    if kind not in RequestKind.__members__:
        raise BadInput(field="kind", reason="")
    words, contact = given.get("words", ""), given.get("contact", "")
    if kind == RequestKind.ERROR:
        id = asking.id_of(given.get("d", "").strip().rpartition("/")[2])
        return Filing(kind=RequestKind.ERROR, words=words, contact=contact, disclosure_id=id)
    where, _, code = given.get("agency", "").partition(":")
    agency = Agency(county=PROVINCE, office=code) if where == "o" and code else Agency(county=code)
    return Filing(kind=RequestKind.INFORMATION, words=words, contact=contact, agency=agency)


async def _given(request: Request) -> tuple[dict[str, str], Tongue]:
    """The fields of a form, bounded before they are read; BadInput for what no form of ours sends."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise rules.RequestFormOver()
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/x-www-form-urlencoded":
        raise BadInput(field="form", reason="application/x-www-form-urlencoded")
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            body = await _body(request)
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=len(_FIELDS))
    except (TimeoutError, ValueError) as error:
        raise BadInput(field="form", reason=str(LARGEST_BODY)) from error
    given = {name: value for name, value in pairs if name in _FIELDS and "\x00" not in value}
    return given, asking.tongue(given)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadInput(field="form", reason=f"1-{LARGEST_BODY}")
    return bytes(body)


def _behind(text: str) -> tuple[date, str] | None:
    """The place behind which a page begins, as the one before it named it."""
    if not text:
        return None
    day, _, number = text.partition("_")
    try:
        return date.fromisoformat(day[:10]), number[:20]
    except ValueError:
        raise BadInput(field="before", reason="2026-01-31_2026-0001") from None


def _said(problem: Problem, tongue: Tongue) -> str:
    if isinstance(problem, NotFound):
        return showing.word("request_of_nothing", tongue)
    return sentence(problem.code, tongue, **problem.parameters)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
