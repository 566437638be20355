"""Rows of what is public, as publications would leave them, and a visitor of the site over them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
from starlette.applications import Starlette

from api.public.bulk import OpenData
from api.public.exposures import Exposures
from api.public.feeds import Feeds
from api.public.listing import Lists
from api.public.site import site_of
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects
from storage.trust.disclosures.grams import grams_of, searched_of, tagged
from tests.sites import NOW, PANZHOU, Site

URL = "https://pithead.example"


async def lay(site: Site, seq: int, **changes: Any) -> UUID:
    """A row as a publication would leave it, and the stream at its place."""
    name = changes.get("mine", "乙煤矿")
    searched = searched_of((name, changes.get("title", ""), "瓦斯超限作业", changes.get("number", "1号")))
    copy = {
        "v": "pithead/disclosure/1", "kind": "PENALTY", "facts": "经查，瓦斯超限作业。", "grounds": "煤矿安全生产条例",
        "penalty": [{"kind": "FINE", "sum": seq * 100}], "decided_on": "2026-11-20",
        "conducts": [{"name": "瓦斯超限作业", "clause": "煤矿安全生产条例第六十四条", "began_on": "2026-11-19"}],
    }  # fmt: skip
    usual: dict[str, Any] = {
        "id": uuid4(), "seq": seq, "kind": "PENALTY", "disputed": False, "edition": 1, "city": "5202",
        "county": PANZHOU, "agency": "国家矿山安全监察局贵州局", "mine_id": site.mine, "mine": name, "party": name,
        "credit_code": "91520281MA6DKTEST1", "number": "1号", "title": f"{name}：瓦斯超限作业", "day": NOW.date(),
        "year": 2026, "amount": seq * 100, "published_at": NOW, "changed_at": NOW, "late": False,
        "content": orjson.dumps(copy), "digest": bytes(32), "searched": searched,
        "grams": tagged(grams_of(searched), seq),
    }  # fmt: skip
    row = usual | changes
    await site.put("public_rows", **row)
    await site.rows.execute("UPDATE public_head SET seq = $1 WHERE seq < $1", seq)
    found: UUID = row["id"]
    return found


@asynccontextmanager
async def visiting(
    database: Database, keys: KeyFolder | None = None, objects: Objects | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who opens the site; each visit finds it newly started."""
    site = site_of(database, keys.public if keys else dict, URL)
    first = Exposures(site, objects).routes() if objects is not None else []
    app = Starlette(
        routes=[*first, *site.routes(), *Feeds(site).routes(), *OpenData(site).routes(), *Lists(site).routes()]
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
        yield client
