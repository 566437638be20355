"""The pages of lists: what each agency publishes before and beside its decisions, and one list line by line."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import asyncpg
from starlette.requests import Request
from starlette.routing import Route

from api.public import asking
from api.public.site import Site, Told
from storage.record.clock import day_of
from storage.record.problems import BadInput, NotFound
from storage.trust.lists import public
from storage.trust.lists.public import ShownList
from storage.trust.lists.tables import ListKind

Sql: TypeAlias = "asyncpg.Connection[Any]"
LINES: Final = 100
"""So many lines of a list are one page: a page stays small, whatever the length of the list."""


@dataclass(frozen=True, slots=True)
class Lists:
    """`/lists` may be narrowed by kind and region; `/lists/{id}` goes on by `?from=`."""

    site: Site

    def routes(self) -> list[Route]:
        return [
            *(Route(f"/lists{end}", self.site.page(self.all)) for end in (".json", "")),
            *(Route(f"/lists/{{id}}{end}", self.site.page(self.one)) for end in (".json", "")),
        ]

    async def all(self, sql: Sql, request: Request) -> Told:
        """What every agency publishes of itself, and what of it is overdue."""
        kind, region = _kind(request.query_params.get("kind", "")), request.query_params.get("region", "")
        asking.sought_of({"region": region})
        rows = await public.lists_shown(sql, kind=kind, region=region or None)
        today = day_of(self.site.clock())
        data = {"rows": [told(row, overdue=row.is_overdue(today)) for row in rows]}
        names = await self.site.divisions(sql)
        drawn = {
            "names": names, "kinds": list(ListKind), "chosen": kind.value if kind else "", "region": region,
            "choices": asking.choices(names, region),
        }  # fmt: skip
        return Told("lists.html", data, drawn)

    async def one(self, sql: Sql, request: Request) -> Told:
        """One list, a hundred lines at a time; its proof stands under its permalink."""
        id = asking.id_of(request.path_params["id"])
        copy = await public.list_shown(sql, id)
        if copy is None:
            raise NotFound()
        begin = asking.place_of(request.query_params, "from") or 0
        items = copy.pop("items")
        following = begin + LINES if begin + LINES < len(items) else None
        data = {
            "id": str(id), "list": copy, "items": items[begin : begin + LINES], "many": len(items), "from": begin,
            "next": following,
        }  # fmt: skip
        return Told("list.html", data, {"names": await self.site.divisions(sql), "begin": begin})


def told(row: ShownList, *, overdue: bool) -> dict[str, Any]:
    """A list as pages name it."""
    return {
        "id": str(row.id), "kind": row.kind, "agency": row.agency, "county": row.county, "version": row.version,
        "as_of": row.as_of.isoformat(), "next_by": row.next_by.isoformat() if row.next_by else None,
        "late": row.late, "overdue": overdue, "many": row.many,
    }  # fmt: skip


def _kind(text: str) -> ListKind | None:
    if text and text not in ListKind.__members__:
        raise BadInput(field="kind", reason="")
    return ListKind(text) if text else None
