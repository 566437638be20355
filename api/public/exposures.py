"""The public pages of exposed cases, their covered pictures, and the files that prove those; no original is reached."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.public import asking
from api.public.answers import JSON, Made
from api.public.asking import PAGE, tongue
from api.public.site import Site, Told
from storage.record.actor import stranger
from storage.record.glossary.site_words import WORDS
from storage.record.ledger.proofs.pictures import MOST_PICTURES
from storage.record.objects import Objects, VersionGone
from storage.record.problems import NotFound, Problem
from storage.trust.disclosures import public as disclosures
from storage.trust.exposures import public
from storage.trust.exposures.pictures import MEDIA_TYPE
from storage.trust.exposures.public import Picture

Sql: TypeAlias = "asyncpg.Connection[Any]"
_PLAIN: Final = "text/plain; charset=utf-8"
_EXCERPT: Final = 120


@dataclass(frozen=True, slots=True)
class Exposures:
    """Pages of the site, and its pictures: read by their place under a permalink, never by a name of the store."""

    site: Site
    objects: Objects

    def routes(self) -> list[Route]:
        """They come before the site's own: `/d/{id}` would take the rest of an address for an id."""
        return [
            Route("/exposures", self.site.page(self.page, "before")),
            Route("/exposures.json", self.site.page(self.page, "before")),
            Route("/d/{id}/pictures/{number}.png", self._answered(self.picture)),
            Route("/d/{id}/pictures/{number}.picture.json", self._answered(self.bundle)),
        ]

    async def page(self, sql: Sql, request: Request) -> Told:
        """The exposed cases, newest first."""
        before = asking.place_of(request.query_params, "before")
        rows = await public.exposures(sql, limit=PAGE + 1, before=before)
        following = rows[PAGE - 1]["seq"] if len(rows) > PAGE else None
        told = [_listed(row["id"], orjson.loads(row["content"])) for row in rows[:PAGE]]
        return Told("exposures.html", {"rows": told, "next": following}, {"names": await self.site.divisions(sql)})

    async def picture(self, request: Request) -> Made:
        """A covered picture: the very bytes that the copy names."""
        id, ordinal = _asked(request)
        async with self.site.database.reading(stranger()) as sql:
            found = await self._found(sql, id, ordinal)
        return Made(await self._body(found), MEDIA_TYPE)

    async def bundle(self, request: Request) -> Made:
        """The file that proves a picture to anybody offline."""
        id, ordinal = _asked(request)
        async with self.site.database.reading(stranger()) as sql:
            found = await self._found(sql, id, ordinal)
            page = await disclosures.page_of(sql, id)
            proof = await disclosures.proof_of(sql, page) if page is not None else None
        proven = disclosures.bundle_of(page, proof, self.site.keys()) if page and proof else None
        if proven is None:
            raise NotFound()
        made = public.bundle_of(found, await self._body(found), proven, ordinal)
        name = f'attachment; filename="{id}-{ordinal + 1}.picture.json"'
        return Made(made, JSON, more={"content-disposition": name})

    async def _found(self, sql: Sql, id: UUID, ordinal: int) -> Picture:
        """The row of a picture that is shown; _Gone where its disclosure was taken down."""
        found = await public.picture_of(sql, id, ordinal)
        if found is not None:
            return found
        page = await disclosures.page_of(sql, id)
        if page is not None and page.shown is None:
            raise _Gone()
        raise NotFound()

    async def _body(self, found: Picture) -> bytes:
        try:
            return await self.objects.aside(self._read, found)
        except VersionGone as error:  # Taken down and deleted while it was asked for.
            raise _Gone() from error

    def _read(self, found: Picture) -> bytes:
        return b"".join(self.objects.read(found.object_name, found.object_version))

    def _answered(self, make: Callable[[Request], Awaitable[Made]]) -> Callable[[Request], Awaitable[Response]]:
        """No session of the database is held while the store is read."""

        async def made(request: Request) -> Made:
            try:
                return await make(request)
            except _Gone:
                said = WORDS["gone_title"][tongue(request.query_params) == "en"]
                return Made(said.encode(), _PLAIN, 410, lasting=False)
            except Problem as problem:
                return self.site.failed(problem, request)

        async def answer(request: Request) -> Response:
            return await self.site.shelf.answer(asking.narrowed(request, ()), made)

        return answer


class _Gone(Exception):
    """What was asked for was public, and is no more."""


def _asked(request: Request) -> tuple[UUID, int]:
    """The disclosure and the place of its picture, from 1 in addresses; NotFound for what is none."""
    number = request.path_params["number"]
    if number not in [str(one) for one in range(1, MOST_PICTURES + 1)]:
        raise NotFound()
    return asking.id_of(request.path_params["id"]), int(number) - 1


def _listed(id: UUID, members: Mapping[str, Any]) -> dict[str, Any]:
    facts = members["facts"]
    return {
        "id": str(id), "title": members["title"], "mine": members["mine"]["name"], "mine_id": members["mine"]["id"],
        "agency": members["agency"], "county": members["county"], "decided_on": members["decided_on"],
        "excerpt": facts if len(facts) <= _EXCERPT else f"{facts[:_EXCERPT]}…", "pictures": len(members["pictures"]),
    }  # fmt: skip
