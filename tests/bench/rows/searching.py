"""Search of what is public: ten thousand records against a million, by words of every length and rarity.

What is looked for is drawn once: names of mines, parts of them, single signs, conducts, both together, numbers of one
record. Each round asks all of it of both databases in turn, through the public's own role; its number is the 95th
percentile of the one against that of the other.
"""

import os
import random
import time
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import stranger
from storage.record.database import Database
from storage.trust.disclosures import public
from storage.trust.disclosures.grams import STRETCH, grams_of, searched_of
from storage.trust.disclosures.public import Sought
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.bench.meter import Meter

ROW = "search, p95, 10^6 : 10^4 records"
ROUNDS, QUERIES = 7, 80
SMALL, LARGE = 10_000, 1_000_000
MINES, TEXTS = 1_200, 4_000

_SIGNS = (
    "红黄青白黑金银龙凤虎山水河沟坪坝湾岭坡塘田井洞岩石桥寨屯堡关口头尾东西南北中上下新老大小长安平和兴旺发福顺昌盛丰茂"
)
_KINDS = ("煤矿", "煤业有限公司", "矿业公司煤矿")
_CONDUCTS = (
    "瓦斯超限作业", "顶板支护不足", "通风系统不完善", "未按规定探放水", "超通风能力生产", "安全监控系统不能正常运行",
    "煤尘堆积", "未建立瓦斯抽采系统", "使用淘汰设备", "违章指挥", "未经批准擅自开工", "提升运输设备未检测",
    "隔爆设施不齐全", "入井人员超员", "防突措施未落实",
)  # fmt: skip
_FACTS = (
    "经查，{mine}{face}工作面回风流甲烷浓度达到百分之一点二，未停止作业撤出人员。",
    "检查发现{mine}{face}巷道顶板离层，锚杆间距不符合作业规程规定，存在冒顶危险。",
    "{mine}主要通风机未按规定进行性能测定，{face}采区未实现分区通风。",
    "{mine}在{face}掘进工作面未执行有掘必探，未按设计施工探放水钻孔。",
)
_PARTS = """
CREATE TEMPORARY TABLE texts (place integer PRIMARY KEY, mine text, mine_id uuid, title text, searched text,
  grams text[], content bytea, digest bytea)
"""
# Each record has one of the texts, and a number of its own by which it alone is found.
_ROWS = f"""
INSERT INTO public_rows (id, seq, kind, disputed, edition, city, county, agency, mine_id, mine, party, number, title,
  day, year, amount, published_at, changed_at, late, content, digest, searched, grams)
SELECT gen_random_uuid(), n, 'PENALTY', false, 1, '5202', '520281', '国家矿山安全监察局贵州局', t.mine_id, t.mine,
  t.mine, n || '号', t.title, date '2026-01-01', 2010 + n % 17, n * 100, timestamptz '2026-01-01',
  timestamptz '2026-01-01', false,
  t.content, t.digest, t.searched || E'\\n' || n || '号',
  ARRAY(SELECT (n >> {STRETCH}) || ':' || gram FROM unnest(t.grams || n::text) AS gram)
FROM generate_series($1::integer, $2::integer) n JOIN texts t ON t.place = (n::bigint * 7919) % {TEXTS}
"""
_BATCH = 50_000


async def seed_small(sql: "asyncpg.Connection[Any]") -> None:
    """Ten thousand records."""
    await _seed(sql, SMALL)


async def seed_large(sql: "asyncpg.Connection[Any]") -> None:
    """A million records."""
    await _seed(sql, LARGE)


async def measure(ground: Ground) -> list[Figure]:
    """The same questions to both."""
    small = Database((await ground.seeded("searched_small", seed_small)).public, pool_size=1, gathers=True)
    large = Database((await ground.seeded("searched_large", seed_large)).public, pool_size=1, gathers=True)
    queries, taken = _queries(), dict[Database, list[float]]({small: [], large: []})
    try:
        with Meter(os.getpid(), ground.pid) as meter:
            for number in range(ROUNDS + 1):
                times = [(await _asked(small, one), await _asked(large, one)) for one in queries]
                if number:  # The first round warms caches and is not counted.
                    for database, each in zip((small, large), zip(*times, strict=True), strict=True):
                        taken[database].append(sorted(each)[int(len(each) * 0.95)])
    finally:
        await small.close()
        await large.close()
    sides = tuple(
        Side(f"{name:,} records, p95", "ms", tuple(seconds * 1e3 for seconds in taken[each]))
        for name, each in ((LARGE, large), (SMALL, small))
    )
    remarks = (f"CPU of both sides: {meter}", f"{QUERIES} queries a round, a page of 20")
    return [Figure(ROW, ratios(taken[large], taken[small]), sides, remarks)]


async def _asked(database: Database, words: str) -> float:
    begun = time.perf_counter()
    async with database.reading(stranger()) as sql:
        await public.search(sql, Sought(words=words), limit=21)
    return time.perf_counter() - begun


def _mines(chance: random.Random) -> list[str]:
    return ["".join(chance.sample(_SIGNS, 2)) + chance.choice(_KINDS) for _ in range(MINES)]


def _queries() -> list[str]:
    """What is looked for, the same in each run."""
    mines, chance = _mines(random.Random(3)), random.Random(5)  # The same in each run, no secret.
    makers = (
        lambda: chance.choice(mines), lambda: chance.choice(mines), lambda: chance.choice(mines)[:2],
        lambda: chance.choice(_CONDUCTS)[:2], lambda: chance.choice(_CONDUCTS)[:4], lambda: chance.choice(_CONDUCTS),
        lambda: chance.choice(_SIGNS), lambda: f"{chance.choice(mines)} {chance.choice(_CONDUCTS)[:2]}",
        lambda: f"{chance.randrange(1, SMALL)}号", lambda: "不存在的矿井",
    )  # fmt: skip
    return [makers[number % len(makers)]() for number in range(QUERIES)]


async def _seed(sql: "asyncpg.Connection[Any]", count: int) -> None:
    chance = random.Random(3)  # The same in each run, no secret.
    mines, rows = _mines(chance), []
    for number in range(TEXTS):
        mine, conduct = mines[int(MINES * chance.random() ** 1.5)], chance.choice(_CONDUCTS)
        fact = chance.choice(_FACTS).format(mine=mine, face=chance.randrange(1000, 9999))
        searched = searched_of(
            (mine, "国家矿山安全监察局贵州局", conduct, fact, "依据《煤矿安全生产条例》第六十四条第一款的规定")
        )
        content = (searched * 3).encode()
        id = UUID(bytes=sha256(mine.encode()).digest()[:16])
        rows.append((number, mine, id, f"{mine}：{conduct}", searched, grams_of(searched), content, bytes(32)))
    await sql.execute(_PARTS)
    await sql.copy_records_to_table("texts", records=rows)
    indexes = await sql.fetch(
        "SELECT indexname AS name, indexdef AS made FROM pg_indexes WHERE tablename = 'public_rows'"
        " AND indexname NOT LIKE 'pk%'"
    )
    for index in indexes:  # An index is made in a tenth of the time in which it grows.
        await sql.execute(f"DROP INDEX {index['name']}")
    for first in range(1, count + 1, _BATCH):
        await sql.execute(_ROWS, first, min(first + _BATCH - 1, count), timeout=600)
    await sql.execute("SET maintenance_work_mem = '512MB'")
    for index in indexes:
        await sql.execute(index["made"], timeout=1_200)
