"""The public site: a kept page against a static JSON answer, a made page against its one statement, CSV against COPY.

The static answer is the data dictionary's neighbour, `/healthz`, the barest that the same server gives. A made page is
asked of the site itself, never the same address twice; its statement stands alone on the other side. The CSV is what
`/open-data/disclosures.csv` streams; COPY is of the same columns as they stand, on the same connection's role.
"""

import itertools
import os
import time
from typing import Any

import asyncpg
from starlette.requests import Request

from api.public.bulk import OpenData
from api.public.site import Site, site_of
from storage.record.actor import stranger
from storage.record.database import Database
from storage.trust.disclosures import open_data, public
from storage.trust.disclosures.public import Sought
from tests.bench import served
from tests.bench.client import Client
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter, cpu_of
from tests.bench.rows.answering import _clients, _rate
from tests.bench.rows.searching import seed_small

KEPT = "a kept public page : a static answer"
MADE = "a public page that is made : its one statement, CPU"
CSV = "CSV of 1,000,000 disclosures : COPY"
ROUNDS, PAGES, MANY = 5, 1_000, 1_000_000
_ROWS = """
INSERT INTO public_rows (id, seq, kind, disputed, edition, city, county, agency, mine_id, mine, party, credit_code,
  number, title, day, year, amount, published_at, changed_at, late, content, digest, searched, grams)
SELECT gen_random_uuid(), n, 'PENALTY', false, 1, '5202', '520281', '国家矿山安全监察局贵州局', gen_random_uuid(),
  '红果煤矿', '红果煤矿', '91520281MA6DKTEST1', n || '号', '红果煤矿：瓦斯超限作业', date '2026-01-01', 2026, n * 100,
  timestamptz '2026-01-01', timestamptz '2026-01-01', false, '{}', decode(repeat('00', 32), 'hex'), '红', '{}'
FROM generate_series($1::integer, $2::integer) n
"""


async def seed_many(sql: "asyncpg.Connection[Any]") -> None:
    """A million rows, which nobody looks for by words."""
    for first in range(1, MANY + 1, 100_000):
        await sql.execute(_ROWS, first, first + 99_999, timeout=600)
    await sql.execute("UPDATE public_head SET seq = $1", MANY)


async def measure_kept(ground: Ground) -> list[Figure]:
    """Both answers of one server, in turn, by as many clients."""
    database = await ground.seeded("searched_small", seed_small)
    async with served.api(ground, database.api) as api:
        clients: list[Client] = await _clients(api.port)
        rates: list[tuple[float, float]] = []
        meters = Meter(api.pid, ground.pid), Meter(api.pid, ground.pid)
        for number in range(ROUNDS + 1):
            pair = await _rate(clients, _get("/"), meters[0]), await _rate(clients, _get("/healthz"), meters[1])
            if number:  # The first round warms both.
                rates.append(pair)
        for client in clients:
            client.close()
    page, static = (tuple(side) for side in zip(*rates, strict=True))
    sides = (
        Side("kept page", "requests/s", page, meters[0]), Side("static answer", "requests/s", static, meters[1])
    )  # fmt: skip
    return [Figure(KEPT, ratios(page, static), sides)]


async def measure_made(ground: Ground) -> list[Figure]:
    """CPU of this process and of the database together."""
    database = Database((await ground.seeded("searched_small", seed_small)).public, pool_size=1, gathers=True)
    site, numbers = site_of(database, dict, "https://pithead.example"), itertools.count()
    pids, taken = (os.getpid(), ground.pid), list[tuple[float, float]]()
    try:
        for number in range(ROUNDS + 1):
            begun = sum(map(cpu_of, pids))
            for _ in range(PAGES):
                await _made(site, next(numbers))
            between = sum(map(cpu_of, pids))
            for _ in range(PAGES):
                async with database.reading(stranger()) as sql:
                    await public.search(sql, Sought(), limit=21)
            if number:
                taken.append((between - begun, sum(map(cpu_of, pids)) - between))
    finally:
        await database.close()
    page, alone = ([one * 1e3 / PAGES for one in side] for side in zip(*taken, strict=True))
    sides = (Side("page", "ms CPU", tuple(page)), Side("statement", "ms CPU", tuple(alone)))
    return [Figure(MADE, ratios(page, alone), sides)]


async def measure_csv(ground: Ground) -> list[Figure]:
    """Rows a second of each, in turn."""
    database = Database((await ground.seeded("public_many", seed_many)).public, pool_size=1, gathers=True)
    bulk, taken = OpenData(site_of(database, dict, "https://pithead.example")), list[tuple[float, float]]()
    copied = f"SELECT {', '.join(open_data.COLUMNS)} FROM public_rows WHERE seq > $1 ORDER BY seq"
    try:
        for number in range(ROUNDS + 1):
            begun = time.perf_counter()
            async for _ in bulk._csv(0, MANY):
                pass
            between = time.perf_counter()
            async with database.reading(stranger()) as sql:
                await sql.execute("SET LOCAL statement_timeout = 60000")
                await sql.copy_from_query(copied, 0, output=_nowhere, format="csv")
            if number:
                taken.append((MANY / (between - begun), MANY / (time.perf_counter() - between)))
    finally:
        await database.close()
    ours, copy = zip(*taken, strict=True)
    return [Figure(CSV, ratios(ours, copy), (Side("CSV", "rows/s", ours), Side("COPY", "rows/s", copy)))]


async def _nowhere(_: bytes) -> None:
    pass


async def _made(site: Site, number: int) -> None:
    # What lies before a place far ahead is the newest page, under an address that nobody has asked for.
    ahead = b"before=%d" % (10**9 + number)
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": ahead, "headers": [],
             "scheme": "https", "server": ("pithead.example", 443), "root_path": "", "path_params": {}}  # fmt: skip
    answer = await site.page(site.front, "before")(Request(scope))
    assert answer.status_code == 200


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
