"""The pages of the public site: for each what it reads, its template and its JSON twin; nobody signs in."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.public import asking, blacklist, charts, counted, showing, telling
from api.public import units as unit_pages
from api.public.answers import HTML, JSON, Made, Shelf, Turns
from api.public.asking import PAGE, Tongue, address, tongue
from storage.record.actor import stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.glossary import sentence
from storage.record.glossary.site_words import WORDS
from storage.record.problems import BadInput, NotFound, Problem, TryAgain
from storage.trust.credit import public as credit
from storage.trust.disclosures import figures, public, units
from storage.trust.disclosures.copies.flat import FLAT
from storage.trust.disclosures.problems import SearchTooBroad
from storage.trust.disclosures.tables import DisclosureKind
from storage.trust.lists import public as lists
from storage.trust.lists.tables import ListKind

Sql: TypeAlias = "asyncpg.Connection[Any]"
_SUMMED: Final = ("kind", "year", "prefecture")
_TWIN: Final = ".json"
_KINDS: Final = tuple(kind.value for kind in FLAT)
ABOUT: Final = ("what", "check", "rules", "privacy")
FED: Final[Mapping[str, tuple[ListKind, ...]]] = {
    "what": (ListKind.CERTIFICATES, ListKind.POWERS),
    "rules": (ListKind.BASIS, ListKind.PROCEDURE, ListKind.REMEDIES, ListKind.NORMATIVE),
}
"""Which lists stand beside which page about the site, where an agency has published them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says: `data` goes to the template and to the twin, `drawn` to the template alone."""

    template: str
    data: dict[str, Any]
    drawn: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """The pages over the public's own database. `url` is where we are reached; `keys` the public keys as they stand."""

    database: Database
    keys: Callable[[], Mapping[str, Any]]
    url: str
    shelf: Shelf
    searches: Turns
    names: dict[str, str] = field(default_factory=dict)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def routes(self) -> list[Route]:
        """Each page and its twin."""
        pages = (
            ("/d/{id}", self.disclosure), ("/m/{id}", self.mine), ("/g/{code}", self.owner), ("/map", self.map),
            ("/figures", self.figures), ("/gone", self.gone),
        )  # fmt: skip
        return [
            *(Route(path, self.page(self.front, *asking.NAMES, "before")) for path in ("/", "/index.json")),
            *(Route("/blacklist" + end, self.page(self.blacklist, *blacklist.NAMES, "before")) for end in ("", _TWIN)),
            Route("/d/{id}.disclosure.json", self.plain(self.bundle)),
            Route("/d/{id}/editions/{digest}.json", self.plain(self.edition)),
            *(Route(path + end, self.page(make)) for path, make in pages for end in (_TWIN, "")),
            Route("/about", self.page(self.about)),
            Route("/about/{name}", self.page(self.about)),
        ]

    async def front(self, sql: Sql, request: Request) -> Told:
        """What is new, or what was looked for."""
        query, lang = request.query_params, tongue(request.query_params)
        asked, fault, rows = asking.asked_of(query), None, []
        try:
            before = asking.place_of(query, "before")
            rows = await public.search(sql, asking.sought_of(query), limit=PAGE + 1, before=before)
        except (TryAgain, SearchTooBroad):
            raise
        except BadInput as problem:
            fault = WORDS[f"fault_{problem.parameters['field']}"][lang == "en"]
        names = await self.divisions(sql)
        following = rows[PAGE - 1].seq if len(rows) > PAGE else None
        told = [telling.shown(row) for row in rows[:PAGE]]
        data = {"asked": asked, "rows": told, "fault": fault, "next": following}
        drawn = {
            "kinds": _KINDS, "regions": names, "begun": "before" not in query and not asked,
            "choices": showing.regions(tuple(names.items()), asked.get("region", "")),
            "places": asking.places_named(asked.get("q", ""), names),
            "given": {name: asked.get(name, "") for name in asking.NAMES},
        }  # fmt: skip
        return Told("front.html", data, drawn, status=400 if fault else 200)

    async def disclosure(self, sql: Sql, request: Request) -> Told:
        """What stands under a permalink: a copy, or 410 with what may be said of it."""
        page, proof, data = await self._under(sql, request)
        if page.shown is None:
            return Told("gone.html", data, {"names": await self.divisions(sql)}, status=410)
        permalink = f"{self.url}/d/{page.shown.id}"
        standings = unit_pages.standings(data["copy"], showing.today()) if "clauses" in data["copy"] else []
        drawn = {
            "qr": showing.qr(permalink, permalink), "permalink": permalink, "names": await self.divisions(sql),
            "standings": standings, "covered": showing.covered_share, "body": f"kinds/{page.shown.kind.lower()}.html",
            **_of_sheets(data["copy"], tongue(request.query_params)),
        }  # fmt: skip
        return Told("disclosure.html", data, drawn, lasting=proof is not None)

    async def mine(self, sql: Sql, request: Request) -> Told:
        """All that is shown of a mine, beside the means of its county's mines."""
        id = asking.id_of(request.path_params["id"])
        whose = {"mine_id": str(id), "listed_people": await credit.people_listed_at(sql, id)}
        return await self._unit(sql, request, "mine.html", await units.of_mine(sql, id), whose)

    async def owner(self, sql: Sql, request: Request) -> Told:
        """The same of a unit, by its credit code."""
        code = asking.code_of(request.path_params["code"])
        return await self._unit(sql, request, "owner.html", await units.of_owner(sql, code), {"credit_code": code})

    async def blacklist(self, sql: Sql, request: Request) -> Told:
        """Who is on the list, by unit, and how one leaves it."""
        data, status = await blacklist.told(sql, request)
        names = await self.divisions(sql)
        choices = showing.regions(tuple(names.items()), data["asked"].get("region", ""))
        return Told("blacklist.html", data, {"names": names, "choices": choices}, status=status)

    async def map(self, sql: Sql, request: Request) -> Told:
        """The counties as tiles, and as a table."""
        lang, names = tongue(request.query_params), await self.divisions(sql)
        counts: dict[str, int] = {}
        for row in await public.counts(sql):
            counts[row["county"]] = counts.get(row["county"], 0) + row["many"]
        regions = [
            {"code": code, "name": names.get(code, code), "counties": [
                {"code": one, "name": name, "many": counts.get(one, 0)}
                for one, name in names.items() if len(one) == 6 and one.startswith(code)
            ]}
            for row in charts.ORIENTATION for code in row
        ]  # fmt: skip
        drawn = {"tiles": {each["code"]: _tiles(each, counts, lang) for each in regions},
                 "legend": charts.legend(counts)}  # fmt: skip
        return Told("map.html", {"regions": regions}, drawn)

    async def figures(self, sql: Sql, request: Request) -> Told:
        """How many are shown and what they come to, by kind, year and prefecture."""
        names, rows, lang = await self.divisions(sql), await public.counts(sql), tongue(request.query_params)
        summed: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _SUMMED}
        for row in rows:
            for name, key in zip(_SUMMED, (row["kind"], str(row["year"]), row["county"][:4]), strict=True):
                one = summed[name].setdefault(key, {"key": key, "many": 0, "amount": 0, "late": 0})
                for member in ("many", "amount", "late"):
                    one[member] += row[member]
        data = {name: [found[key] for key in sorted(found)] for name, found in summed.items()}
        called: dict[str, Callable[[str], str]] = {
            "kind": lambda key: showing.kind_text(key, lang), "year": str,
            "prefecture": lambda key: charts.short(names.get(key, key)),
        }  # fmt: skip
        drawn = {
            f"{name}_chart": charts.bars(
                [called[name](one["key"]) for one in found], [one["many"] for one in found],
                title=WORDS[f"by_{name}"][lang == "en"],
            )
            for name, found in data.items()
        }  # fmt: skip
        years = data["year"]
        drawn["fines_chart"] = charts.bars(
            [one["key"] for one in years], [one["amount"] // 100 / showing.WAN for one in years],
            title=WORDS["chart_fines"][lang == "en"],
        )  # fmt: skip
        data["sheets"] = counted.sheets(await lists.figures_shown(sql))
        shown = counted.chart(data["sheets"][0]["copy"], lang) if data["sheets"] else None
        return Told("figures.html", data, {
            **drawn, "sheets_chart": shown, "names": names, "period": lambda copy: counted.title(copy, lang),
        })  # fmt: skip

    async def gone(self, sql: Sql, _: Request) -> Told:
        """What was taken down last, with what may be said of it: nothing vanishes without a trace."""
        rows = [telling.gone(row) for row in await public.newest_gone(sql, limit=public.LARGEST_PAGE)]
        return Told("withdrawn.html", {"rows": rows}, {"names": await self.divisions(sql)})

    async def about(self, sql: Sql, request: Request) -> Told:
        """What this is, how it is checked, by which rules, and what is kept of visitors."""
        name = request.path_params.get("name", "what")
        if name not in ABOUT:
            raise NotFound()
        fed = [one for kind in FED.get(name, ()) for one in await lists.lists_shown(sql, kind=kind)]
        today = day_of(self.clock())
        return Told("about.html", {"name": name}, {
            "about": ABOUT, "fed": [(one, one.is_overdue(today)) for one in fed],
        })  # fmt: skip

    async def bundle(self, sql: Sql, request: Request) -> Made:
        """The file that proves what is shown, to anybody and offline."""
        page, proof, data = await self._under(sql, request)
        if page.shown is None:
            return Made(orjson.dumps({"code": "GONE", "gone": data["gone"]}), JSON, 410)
        made = public.bundle_of(page, proof, self.keys()) if proof is not None else None
        if made is None:
            raise NotFound()
        name = {"content-disposition": f'attachment; filename="{request.path_params["id"]}.disclosure.json"'}
        return Made(made, JSON, more=name)

    async def edition(self, sql: Sql, request: Request) -> Made:
        """An earlier copy by its digest: canonical JSON, the very bytes."""
        digest = asking.digest_of(request.path_params["digest"])
        found = await public.earlier_copy(sql, asking.id_of(request.path_params["id"]), digest)
        if found is None:
            raise NotFound()
        return Made(found, JSON)

    async def divisions(self, sql: Sql) -> Mapping[str, str]:
        """Names by code, read once: the divisions change with the program's own data."""
        if not self.names:
            self.names.update(await figures.names_of_divisions(sql))
        return self.names

    async def _under(self, sql: Sql, request: Request) -> tuple[public.Page, public.Proof | None, dict[str, Any]]:
        page = await public.page_of(sql, asking.id_of(request.path_params["id"]))
        if page is None:
            raise NotFound()
        proof = await public.proof_of(sql, page) if page.shown is not None else None
        return page, proof, telling.page(page, proof)

    async def _unit(
        self, sql: Sql, request: Request, template: str, found: units.Unit | None, whose: dict[str, Any]
    ) -> Told:
        if found is None:
            raise NotFound()
        data = whose | unit_pages.told(found, showing.today())
        charts_of = unit_pages.drawn(data, tongue(request.query_params), beside="mine_id" in whose)
        permalink = f"{self.url}{request.scope['path']}"
        paper = {
            "qr": showing.qr(permalink, permalink), "permalink": permalink, "today": showing.today().isoformat(),
        }  # fmt: skip
        return Told(template, data, {**charts_of, **paper, "names": await self.divisions(sql)})

    def page(
        self, make: Callable[[Sql, Request], Awaitable[Told]], *takes: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """A page and its twin; `takes`: what of a query changes it, besides the language."""

        async def filled(sql: Sql, request: Request) -> Made:
            told = await make(sql, request)
            path: str = request.scope["path"]
            if path.endswith(_TWIN):
                return Made(orjson.dumps(told.data), JSON, told.status, told.lasting)
            lang = tongue(request.query_params)
            query = {name: value for name, value in request.query_params.items() if name != "lang"}
            here = {"path": path, "query": query, "twin": _twin(path)}
            body = showing.filled(told.template, lang, self.url, {"here": here, **told.data, **told.drawn})
            return Made(body, HTML, told.status, told.lasting)

        return self.plain(filled, *takes)

    def plain(
        self, make: Callable[[Sql, Request], Awaitable[Made]], *takes: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """Gives a page its read session, and turns a Problem into a page that says what to do."""

        async def made(request: Request) -> Made:
            try:
                searched = "q" in takes and bool(request.query_params.get("q", "").strip())
                turn = self.searches.turn() if searched else nullcontext()
                async with turn, self.database.reading(stranger()) as sql:
                    return await make(sql, request)
            except Problem as problem:
                return self.failed(problem, request)

        async def answer(request: Request) -> Response:
            request = asking.narrowed(request, takes)
            try:
                return await self.shelf.answer(request, made)
            except Problem as problem:
                told = self.failed(problem, request)
                return Response(told.body, told.status, {"content-type": told.media, "cache-control": "no-store"})

        return answer

    def failed(self, problem: Problem, request: Request) -> Made:
        """What was asked for is not there, is none, or has to wait: the same bytes for whatever never was public."""
        status = 404 if isinstance(problem, NotFound) else 503 if isinstance(problem, TryAgain) else 400
        lang = tongue(request.query_params)
        said = sentence(problem.code, lang, **problem.parameters)
        if request.scope["path"].endswith(_TWIN):
            return Made(orjson.dumps({"code": problem.code}), JSON, status, lasting=False)
        here: dict[str, Any] = {"path": "/", "query": {}, "twin": None}
        body = showing.filled("failed.html", lang, self.url, {"here": here, "status": status, "said": said})
        return Made(body, HTML, status, lasting=False)


def _of_sheets(copy: Mapping[str, Any], lang: Tongue) -> dict[str, Any]:
    """What the page of figures draws besides."""
    figures = copy["kind"] == DisclosureKind.FIGURES.value
    return {
        "sheet_chart": counted.chart(copy, lang) if figures else None,
        "sums": counted.summed(copy) if figures else {},
    }


def _twin(path: str) -> str | None:
    if path.startswith("/about"):
        return None
    return {"/": "/index.json", "/open-data": "/open-data/dictionary"}.get(path, path + _TWIN)


def _tiles(region: Mapping[str, Any], counts: Mapping[str, int], lang: Tongue) -> Any:
    counties = [(one["code"], one["name"], address("/", lang, region=one["code"])) for one in region["counties"]]
    return charts.tiles(counties, counts, title=region["name"])


async def head_of(database: Database) -> int:
    """How far the stream has come, and how often a number beside it moved: pages are the same as long as this is."""
    async with database.reading(stranger()) as sql:
        return await public.head_of(sql) + await credit.changes_of(sql)


def site_of(database: Database, keys: Callable[[], Mapping[str, Any]], url: str) -> Site:
    """The site over a database."""

    async def head() -> int:
        return await head_of(database)

    # Searches have half of the connections at the most: whatever is searched, permalinks, pages and feeds answer.
    return Site(database, keys, url, Shelf(head), Turns(max(database.pool_use().size // 2, 1)))
