"""Open data: everything that is shown as CSV and lines of JSON, in chunks of the stream and so in flat memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api.public import asking, telling
from api.public.answers import JSON, Made, headers, matches
from api.public.dictionary import dictionary
from api.public.site import Site, Told
from storage.record.actor import stranger
from storage.record.problems import Problem
from storage.trust.disclosures import open_data, public

CSV: Final = "text/csv; charset=utf-8"
NDJSON: Final = "application/x-ndjson; charset=utf-8"
_ROWS_A_CHUNK = 1_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class OpenData:
    """`?after=` is a place in the stream: whoever names the last that he has gets what came since."""

    site: Site

    def routes(self) -> list[Route]:
        return [
            Route("/open-data", self.site.page(self.page)),
            Route("/open-data/disclosures.csv", self.csv),
            Route("/open-data/disclosures.ndjson", self.ndjson),
            Route("/open-data/deletions.ndjson", self.deletions),
            Route("/open-data/dictionary", self.site.plain(self.dictionary)),
        ]

    async def page(self, _: "asyncpg.Connection[Any]", __: Request) -> Told:
        """What there is to take, and what its columns mean."""
        return Told("open_data.html", {"columns": dictionary()})

    async def dictionary(self, _: "asyncpg.Connection[Any]", __: Request) -> Made:
        """The data dictionary."""
        return Made(orjson.dumps({"columns": dictionary(), "encoding": "UTF-8", "sums": "fen"}), JSON)

    async def csv(self, request: Request) -> Response:
        """A row a disclosure; a cell that a spreadsheet would compute begins with an apostrophe."""
        return await self._streamed(request, CSV, "disclosures.csv", self._csv)

    async def ndjson(self, request: Request) -> Response:
        """The same with each copy whole."""
        return await self._streamed(request, NDJSON, "disclosures.ndjson", self._ndjson)

    async def deletions(self, request: Request) -> Response:
        """What mirrors must delete, oldest first."""
        return await self._streamed(request, NDJSON, "deletions.ndjson", self._deletions)

    async def _streamed(self, request: Request, media: str, name: str, rows: Any) -> Response:
        try:
            after = asking.place_of(request.query_params, "after") or 0
            async with self.site.database.reading(stranger()) as sql:
                head = await public.head_of(sql)
        except Problem as problem:
            told = self.site.failed(problem, request)
            return Response(told.body, told.status, {**headers(told.media), "cache-control": "no-store"})
        etag = f'"{name}-{after}-{head}"'
        more = {
            **headers(media), "etag": etag, "x-pithead-head": str(head),
            "content-disposition": f'attachment; filename="{name}"',
            "link": f'</open-data/{name}?after={head}>; rel="next"',
        }  # fmt: skip
        if matches(request, etag):
            return Response(status_code=304, headers=more)
        if request.method == "HEAD":
            return Response(headers=more)
        return StreamingResponse(rows(after, head), headers=more)

    async def _csv(self, after: int, head: int) -> AsyncIterator[bytes]:
        yield _BOM + ",".join(open_data.COLUMNS).encode() + b"\n"
        while after < head:
            async with self.site.database.reading(stranger()) as sql:
                yield await open_data.csv_between(sql, after=after, up_to=head)
            after += open_data.PLACES

    async def _ndjson(self, after: int, head: int) -> AsyncIterator[bytes]:
        while after < head:
            async with self.site.database.reading(stranger()) as sql:
                rows = await public.chunk(sql, after=after, limit=_ROWS_A_CHUNK)
            if not rows:
                return
            yield b"".join(_line({**telling.shown(one), "copy": orjson.Fragment(one.content)}) for one in rows)
            after = rows[-1].seq

    async def _deletions(self, after: int, head: int) -> AsyncIterator[bytes]:
        while after < head:
            async with self.site.database.reading(stranger()) as sql:
                rows = await public.gone_after(sql, after=after, limit=_ROWS_A_CHUNK)
            if not rows:
                return
            yield b"".join(_line(telling.gone(one)) for one in rows)
            after = rows[-1].seq


def _line(told: dict[str, Any]) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
