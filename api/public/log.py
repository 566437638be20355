"""Open routes of the log, without a sign-in: for whoever checks it, the public keys, and whether we are well."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.health import Health
from storage.promises.commitments import bundling
from storage.record.actor import stranger
from storage.record.database import Database
from storage.record.ledger import queries
from storage.record.ledger.proofs import merkle
from storage.record.objects import Objects
from storage.record.problems import NotFound, Problem, TryAgain

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_MOMENT = "public, max-age=1"
_INDEX = re.compile(r"(?:x[0-9]{3}/){0,5}[0-9]{3}", re.ASCII)
_SMALL = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)

Answer = tuple[bytes, str, str]
"""Body, media type, cache rule."""


@dataclass(frozen=True, slots=True)
class PublicPages:
    """The open routes over one database. `keys` gives the public keys document as it stands now."""

    database: Database
    keys: Callable[[], Mapping[str, Any]]
    health: Health
    objects: Objects

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/.well-known/pithead-keys", self.public_keys),
            Route("/log/checkpoint", self._telling(self.checkpoint)),
            Route("/log/inclusion", self._telling(self.inclusion)),
            Route("/log/consistency", self._telling(self.consistency)),
            Route("/log/commitments/{id:uuid}", self.commitment),
            Route("/log/tile/entries/{index:path}", self._telling(self.entries)),
            Route("/log/tile/{level}/{index:path}", self._telling(self.tile)),
        ]

    async def healthz(self, _: Request) -> Response:
        """This process answers."""
        return Response("ok\n", media_type="text/plain")

    async def readyz(self, _: Request) -> Response:
        """Whether what this process stands on is well, part by part; 503 if anything is not."""
        parts = await self.health.look()
        well = all(part.well for part in parts)
        body = {"ready": well, "parts": {part.name: {"well": part.well, "detail": part.detail} for part in parts}}
        return _json(body, "no-store", status=200 if well else 503)

    async def public_keys(self, _: Request) -> Response:
        """The document for `pithead verify --trust`."""
        return _json(self.keys(), _FOR_A_MOMENT)

    async def checkpoint(self, sql: "asyncpg.Connection[Any]", _: Request) -> Answer:
        """The newest shown checkpoint (C2SP tlog-checkpoint)."""
        shown = await queries.shown_checkpoint(sql)
        return shown.note.encode(), "text/plain; charset=utf-8", _FOR_A_MOMENT

    async def inclusion(self, sql: "asyncpg.Connection[Any]", request: Request) -> Answer:
        """That an entry stands in the log: `?entry=` its UUID."""
        found = await queries.inclusion_of(sql, entry_id=_uuid(request.query_params.get("entry", "")))
        body = {
            "digest": found.digest.hex(),
            "position": str(found.position),
            "proof": [each.hex() for each in found.proof],
            "checkpoint": found.checkpoint.note,
        }
        return orjson.dumps(body), "application/json", _FOR_A_MOMENT

    async def consistency(self, sql: "asyncpg.Connection[Any]", request: Request) -> Answer:
        """That a larger log begins with a smaller one: `?old=` and `?new=`, sizes."""
        old, new = (_size(request.query_params.get(name, "")) for name in ("old", "new"))
        proof = await queries.consistency_between(sql, old=old, new=new)
        return orjson.dumps({"proof": [each.hex() for each in proof]}), "application/json", _FOR_EVER

    async def commitment(self, request: Request) -> Response:
        """The bundle of a signed commitment, which `pithead verify` checks; 404 until a checkpoint holds its entry."""
        try:
            async with self.database.reading(stranger()) as sql:
                plan = await bundling.plan_bundle(sql, commitment_id=request.path_params["id"])
        except Problem as problem:
            return _refused(problem)
        # The store is read once the session is given back: a store that hangs takes no connection from anybody.
        body = await bundling.make_bundle(self.objects, plan, keys=self.keys())
        return Response(body, headers=_headers(_FOR_A_MOMENT), media_type="application/json")

    async def tile(self, sql: "asyncpg.Connection[Any]", request: Request) -> Answer:
        """A tile of hashes (C2SP tlog-tiles)."""
        level = _size(request.path_params["level"])
        if level > 5:
            raise NotFound()
        index, width = _place(request.path_params["index"])
        body = await queries.tile(sql, level=level, index=index, width=width)
        return body, "application/octet-stream", _FOR_EVER

    async def entries(self, sql: "asyncpg.Connection[Any]", request: Request) -> Answer:
        """The digests beside a tile of level 0."""
        index, width = _place(request.path_params["index"])
        return await queries.bundle(sql, index=index, width=width), "application/octet-stream", _FOR_EVER

    def _telling(
        self, page: Callable[["asyncpg.Connection[Any]", Request], Awaitable[Answer]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Gives a page its read session, and turns a Problem into its status."""

        async def answer(request: Request) -> Response:
            try:
                async with self.database.reading(stranger()) as sql:
                    body, media_type, cache = await page(sql, request)
            except Problem as problem:
                return _refused(problem)
            return Response(body, headers=_headers(cache), media_type=media_type)

        return answer


def _refused(problem: Problem) -> Response:
    status = 404 if isinstance(problem, NotFound) else 503 if isinstance(problem, TryAgain) else 400
    return _json({"code": problem.code, "parameters": problem.parameters}, "no-store", status=status)


def _place(path: str) -> tuple[int, int]:
    """Index and width of `x001/x234/067` or `x001/x234/067.p/12`; NotFound for anything else."""
    path, partial, width = path.partition(".p/")
    if not _INDEX.fullmatch(path) or (partial and not _SMALL.fullmatch(width)):
        raise NotFound()
    index = int(path.replace("x", "").replace("/", ""))
    return index, int(width) if partial else merkle.WIDTH


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


def _size(text: str) -> int:
    if not _SMALL.fullmatch(text):
        raise NotFound()
    return int(text)


def _headers(cache: str) -> dict[str, str]:
    # The log is public: a page of any origin may check it.
    return {"cache-control": cache, "access-control-allow-origin": "*", "x-content-type-options": "nosniff"}


def _json(body: Mapping[str, Any], cache: str, *, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, headers=_headers(cache), media_type="application/json")
