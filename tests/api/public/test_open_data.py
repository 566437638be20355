"""Tests of feeds and open data: complete, in flat memory, and harmless in a spreadsheet."""

import csv
import io
import json
import tracemalloc
from typing import Any
from xml.etree import ElementTree

import pytest

from api.public.bulk import OpenData
from api.public.site import site_of
from storage.record.actor import stranger
from storage.record.database import Database
from storage.trust.disclosures import open_data, operations
from storage.trust.disclosures.rules import WithdrawalGround
from tests.factories.disclosures import served
from tests.factories.public import URL, lay, visiting
from tests.sites import NOW, ZHONGSHAN, Site

ATOM = "{http://www.w3.org/2005/Atom}"
MANY = """
INSERT INTO public_rows (id, seq, kind, disputed, edition, city, county, agency, mine_id, mine, party, number, title,
  day, year, amount, published_at, changed_at, late, content, digest, searched, grams)
SELECT gen_random_uuid(), n, 'PENALTY', false, 1, '5202', '520281', '贵州局', NULL, '甲煤矿', '甲煤矿', n || '号',
  '甲煤矿：瓦斯超限作业', $1::date, 2026, n, $2, $2, false, '{}', decode(repeat('00', 32), 'hex'), '甲', '{}'
FROM generate_series(1, $3::bigint) n
"""


async def test_the_feeds_hold_what_is_shown_and_what_is_gone(site: Site, public_database: Database) -> None:
    made = await served(site)
    row = await made.publish()
    await made.acts(
        operations.withdraw_disclosure,
        disclosure_id=row.id,
        ground=WithdrawalGround.PUBLISHED_IN_ERROR,
        reason="重复公示",
    )
    id = await lay(site, 9)
    async with visiting(public_database) as visitor:
        answer = await visitor.get("/feeds/disclosures.atom")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)  # noqa: S314  # Made by our own server.
        assert [one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")] == [f"{URL}/d/{id}"]
        assert f"{URL}/d/{row.id}" in [one.get("ref") for one in feed if "deleted-entry" in one.tag]
        feed_json = (await visitor.get("/feeds/disclosures.json")).json()
        assert [one["url"] for one in feed_json["items"]] == [f"{URL}/d/{id}"]
        again = await visitor.get("/feeds/disclosures.atom", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        for narrowed, found in (("county=520281", 1), (f"county={ZHONGSHAN}", 0), (f"mine={site.mine}", 1)):
            told = (await visitor.get(f"/feeds/disclosures.json?{narrowed}")).json()
            assert len(told["items"]) == found, narrowed
        assert (await visitor.get("/feeds/disclosures.atom?county=x")).status_code == 400
        assert str(id) in (await visitor.get("/sitemap.xml")).text
        deletions = (await visitor.get("/open-data/deletions.ndjson")).text.splitlines()
        assert [json.loads(one)["id"] for one in deletions] == [str(row.id)]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "\t=1", "\r\n=1", "|cmd", "%x"])
async def test_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(
    site: Site, public_database: Database, formula: str
) -> None:
    await lay(site, 1, party=formula, mine=formula, title=formula)
    async with visiting(public_database) as visitor:
        text = (await visitor.get("/open-data/disclosures.csv")).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [row[name] for name in ("party", "mine", "title")] == [f"'{formula}"] * 3


async def test_csv_and_lines_say_the_same_and_go_on_behind_a_place(site: Site, public_database: Database) -> None:
    for seq in range(1, 8):
        await lay(site, seq, number='一"号,\n二' if seq == 3 else "1号")
    async with visiting(public_database) as visitor:
        answer = await visitor.get("/open-data/disclosures.csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        lines = [json.loads(one) for one in (await visitor.get("/open-data/disclosures.ndjson")).text.splitlines()]
        assert [row["id"] for row in rows] == [one["id"] for one in lines]
        assert [row["number"] for row in rows] == [one["number"] for one in lines]
        assert all(one["copy"]["kind"] == "PENALTY" for one in lines)
        assert answer.headers["x-pithead-head"] == "7"
        later = await visitor.get("/open-data/disclosures.ndjson?after=5")
        assert [json.loads(one)["seq"] for one in later.text.splitlines()] == [6, 7]
        same = await visitor.get("/open-data/disclosures.csv", headers={"if-none-match": answer.headers["etag"]})
        assert same.status_code == 304
        for forged in ("-1", "x", "99999999999999999999"):
            assert (await visitor.get(f"/open-data/disclosures.csv?after={forged}")).status_code == 400
        names = [one["name"] for one in (await visitor.get("/open-data/dictionary")).json()["columns"]]
        assert names == list(rows[0])


async def test_a_hundred_thousand_rows_are_streamed_in_flat_memory(site: Site, public_database: Database) -> None:
    many = 100_000
    await site.rows.execute(MANY, NOW.date(), NOW, many)
    await site.rows.execute("UPDATE public_head SET seq = $1", many)
    bulk = OpenData(site_of(public_database, dict, URL))
    await _drained(bulk._csv(0, open_data.PLACES))  # What is loaded once is not counted.
    tracemalloc.start()
    lines = await _drained(bulk._csv(0, many))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == many + 1
    assert peak < 12_000_000


async def test_a_place_far_behind_the_last_is_asked_of_nobody(site: Site, public_database: Database) -> None:
    await lay(site, 1)
    async with visiting(public_database) as visitor:
        answer = await visitor.get("/open-data/disclosures.csv?after=999999999999999999")
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == 1


async def test_what_is_withdrawn_while_it_is_downloaded_is_missing_from_the_rest(
    site: Site, public_database: Database
) -> None:
    first = await lay(site, 1)
    last = await lay(site, open_data.PLACES + 1)
    stream = OpenData(site_of(public_database, dict, URL))._csv(0, open_data.PLACES + 1)
    assert b"digest" in await anext(stream)
    assert str(first).encode() in await anext(stream)
    await site.rows.execute("DELETE FROM public_rows WHERE id = $1", last)
    assert await anext(stream) == b""
    async with public_database.reading(stranger()) as sql:
        assert await open_data.csv_between(sql, after=0, up_to=0) == b""


async def test_a_reader_who_stops_holds_no_connection_of_the_database(site: Site, public_database: Database) -> None:
    await lay(site, 1)
    bulk = OpenData(site_of(public_database, dict, URL))
    for rows in (bulk._csv, bulk._ndjson, bulk._deletions):
        stream = rows(0, 1)
        await anext(stream, None)
        await anext(stream, None)
        assert public_database.pool_use().busy == 0, rows.__name__


async def _drained(stream: Any) -> int:
    return sum([part.count(b"\n") async for part in stream])
