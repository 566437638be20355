"""Feeds of what was published and taken down, in Atom and JSON; the site's address for search engines."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.public import asking, showing, telling
from api.public.answers import Made
from api.public.asking import tongue
from api.public.site import Site
from storage.record.glossary.site_words import WORDS
from storage.trust.disclosures import figures, public
from storage.trust.disclosures.public import Sought

Sql: TypeAlias = "asyncpg.Connection[Any]"
ATOM: Final = "application/atom+xml; charset=utf-8"
FEED_JSON: Final = "application/feed+json; charset=utf-8"
XML: Final = "application/xml; charset=utf-8"
_LONG = 50
_MOST_MINES = 20_000


@dataclass(frozen=True, slots=True)
class Feeds:
    """Feeds are pages of the site as well: kept as long as nothing is published, with an ETag."""

    site: Site

    def routes(self) -> list[Route]:
        plain = self.site.plain
        return [
            Route("/feeds/disclosures.atom", plain(self.atom, "county", "mine")),
            Route("/feeds/disclosures.json", plain(self.json, "county", "mine")),
            Route("/sitemap.xml", plain(self.sitemap)),
            Route("/robots.txt", self.robots),
        ]

    async def atom(self, sql: Sql, request: Request) -> Made:
        """RFC 4287; what was taken down is a deleted entry (RFC 6721)."""
        told = await self._newest(sql, request)
        body = showing.filled("feed.xml", tongue(request.query_params), self.site.url, told)
        return Made(body, ATOM)

    async def json(self, sql: Sql, request: Request) -> Made:
        """JSON Feed 1.1, with all that lists show of each."""
        told, url = await self._newest(sql, request), self.site.url
        items = [
            {"id": f"{url}/d/{one['id']}", "url": f"{url}/d/{one['id']}", "title": one["title"],
             "content_text": one["title"], "date_published": one["published_at"], "date_modified": one["changed_at"],
             "_disclosure": one}
            for one in told["rows"]
        ]  # fmt: skip
        title = WORDS["feed_title"][tongue(request.query_params) == "en"]
        feed = {
            "version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": f"{url}/",
            "feed_url": f"{url}{told['own']}", "items": items, "_deleted": told["gone"],
        }  # fmt: skip
        return Made(orjson.dumps(feed), FEED_JSON)

    async def sitemap(self, sql: Sql, _: Request) -> Made:
        """The lasting addresses: the pages, each mine of which anything is shown, and the newest disclosures."""
        mines = await figures.mines_shown(sql, limit=_MOST_MINES)
        rows = [telling.shown(one) for one in await public.search(sql, Sought(), limit=public.LARGEST_PAGE)]
        told = {"mines": mines, "rows": rows}
        return Made(showing.filled("sitemap.xml", "zh", self.site.url, told), XML)

    async def robots(self, _: Request) -> Response:
        """Everything of the site may be found; what is no page of it need not be."""
        closed = "".join(f"Disallow: {path}\n" for path in ("/graphql", "/app/", "/desk"))
        text = f"User-agent: *\n{closed}Sitemap: {self.site.url}/sitemap.xml\n"
        return Response(text, media_type="text/plain", headers={"cache-control": "public, max-age=3600"})

    async def _newest(self, sql: Sql, request: Request) -> dict[str, Any]:
        query = request.query_params
        county = query.get("county", "") or None
        sought = asking.sought_of({"region": county or "", "mine": query.get("mine", "")})
        rows = [telling.shown(one) for one in await public.search(sql, sought, limit=_LONG)]
        gone = await public.newest_gone(sql, limit=_LONG, region=sought.region, mine_id=sought.mine_id)
        own = asking.address(request.scope["path"], tongue(query), county=county, mine=query.get("mine"))
        since = max([one["changed_at"] for one in rows] + [one.gone_at.isoformat() for one in gone], default=None)
        told = [telling.gone(one) for one in gone]
        return {"rows": rows, "gone": told, "own": own, "updated": since or "1970-01-01T00:00:00+00:00"}
