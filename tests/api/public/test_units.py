"""Tests of the pages of mines and units: what they tell of findings, penalties, promises and what was withdrawn."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from api.public import charts, showing, units
from storage.promises.templates.proposal import proposal_for
from storage.record.database import Database
from storage.trust.disclosures.tables import DisclosureKind
from tests.counting import statements_of
from tests.factories import published
from tests.factories.public import lay, visiting
from tests.sites import NOW, Site

CODE = "91520281MA6DKTEST1"
TODAY = showing.today()
YEAR = TODAY.year
ROWS = re.compile(r"public_rows|public_gone")


async def put(site: Site, kind: DisclosureKind, members: Any, seq: int, **changes: Any) -> UUID:
    row = published.row_of(kind, members, seq, **changes)
    await site.put("public_rows", **row)
    await site.rows.execute("UPDATE public_head SET seq = $1 WHERE seq < $1", seq)
    id: UUID = row["id"]
    return id


async def gone(site: Site, seq: int, **changes: Any) -> UUID:
    usual: dict[str, Any] = {
        "id": uuid4(), "seq": seq, "kind": "PENALTY", "gone_as": "WITHDRAWN", "county": "520281",
        "basis": "行政处罚法第四十八条", "reason": "复议决定撤销该处罚", "published_at": NOW, "gone_at": NOW,
    }  # fmt: skip
    row = usual | changes
    await site.put("public_gone", **row)
    id: UUID = row["id"]
    return id


async def filled(site: Site) -> dict[str, UUID]:
    """A mine with a penalty, two results, a commitment with a broken and a late clause, and a breach."""
    keys = [one.key for one in proposal_for(YEAR)]
    known: dict[str, Any] = {"supervisor": "520281", "state": "PRODUCING", "disasters": ["HIGH_GAS"], "class": "B"}
    mine = published.mine_of(site.mine, **known)
    by = {keys[4]: TODAY - timedelta(days=1), keys[5]: TODAY + timedelta(days=1)}
    promise = published.commitment(mine, YEAR, broken=[keys[2]], by=by)
    fined = published.penalty(mine, date(YEAR, 3, 1), fine=120_000_00)
    return {
        "penalty": await put(site, DisclosureKind.PENALTY, fined, 1),
        "clean": await put(site, DisclosureKind.RESULT, published.result(mine, date(YEAR - 2, 3, 2), []), 2),
        "result": await put(
            site, DisclosureKind.RESULT, published.result(mine, date(YEAR, 4, 2), [(0, 3), (1, 2)], major=1), 3
        ),
        "commitment": await put(site, DisclosureKind.COMMITMENT, promise, 4),
        "breach": await put(site, DisclosureKind.BREACH, published.breach(mine, date(YEAR, 6, 12), at=2), 5),
    }  # fmt: skip


async def got(database: Database, path: str) -> httpx.Response:
    async with visiting(database) as visitor:
        return await visitor.get(path)


async def test_a_mine_is_told_by_its_findings_penalties_promises_and_register(
    site: Site, public_database: Database
) -> None:
    ids = await filled(site)
    told = (await got(public_database, f"/m/{site.mine}.json")).json()
    assert told["sums"] == {
        "many": 5, "penalties": 1, "amount": "12000000", "inspections": 2, "found": 5, "major": 1, "breaches": 1,
        "ordered": 5, "closed": 2,
    }  # fmt: skip
    assert [one["year"] for one in told["years"]] == [YEAR - 2, YEAR - 1, YEAR], "no year is left out"
    assert [one["found"] for one in told["years"]] == [0, 0, 5]
    assert [one["many"] for one in told["findings"]] == [3, 2]
    (promise,) = told["promises"]
    assert promise["counts"] == {"KEPT": 13, "BROKEN": 1, "LATE": 1, "NOT_YET": 1}
    assert told["register"]["class"] == "B"
    page = await got(public_database, f"/m/{site.mine}")
    for words in ("罚款合计 12万元", "13 / 16", "盘州市煤矿安全监管部门", "B类", "高瓦斯", "尚未公示", "未履行 1",
                  "承诺期限已过 1", "尚未核实恢复履行", f'href="/commitments/{site.mine}"'):  # fmt: skip
        assert words in page.text, words
    assert all(f"/d/{id}" in page.text for id in ids.values())
    assert 'itemtype="https://schema.org/Organization"' in page.text


async def test_a_page_of_a_mine_or_unit_is_one_statement(site: Site, public_database: Database) -> None:
    await filled(site)
    heard = statements_of(public_database)
    async with visiting(public_database) as visitor:
        for path in (f"/m/{site.mine}", f"/g/{CODE}"):
            await visitor.get("/map")  # The names of the divisions are read once.
            heard.clear()
            assert (await visitor.get(path)).status_code == 200
            assert len([one for one in heard if ROWS.search(one)]) == 1, heard


async def test_the_chart_stands_beside_the_countys_mean_and_says_so_in_words(
    site: Site, public_database: Database
) -> None:
    await filled(site)
    other = published.mine_of(uuid4(), "丙煤矿", "91520281MA6DKTEST2")
    for seq in range(10, 13):
        await put(site, DisclosureKind.PENALTY, published.penalty(other, date(YEAR, 5, 1), fine=1_000_00, at=seq), seq)
    told = (await got(public_database, f"/m/{site.mine}.json")).json()
    assert [one["mean"] for one in told["years"]] == [0.0, None, 2.0], "four penalties of two mines"
    text = (await got(public_database, f"/m/{site.mine}")).text
    assert f'aria-label="每年行政处罚件数: {YEAR - 2} 0 (本县平均 0); {YEAR - 1} 0; {YEAR} 1 (本县平均 2)"' in text
    assert f"{YEAR} 5 (其中重大事故隐患 1)" in text


async def test_what_was_withdrawn_is_told_on_the_page_and_in_the_feed_of_whom_it_was(
    site: Site, public_database: Database
) -> None:
    await filled(site)
    whose = {"mine_id": site.mine, "mine": "甲煤矿", "credit_code": CODE}
    named = await gone(site, 20, **whose)
    others = [await gone(site, 21), await gone(site, 22, gone_as="REPAIRED"), await gone(site, 23, gone_as="EXPIRED")]
    async with visiting(public_database) as visitor:
        for path in (f"/m/{site.mine}", f"/g/{CODE}", f"/feeds/disclosures.atom?mine={site.mine}"):
            text = (await visitor.get(path)).text
            assert str(named) in text, path
            assert "复议决定撤销该处罚" in text
            assert not any(str(one) in text for one in others), path


async def test_what_was_taken_down_is_listed_with_its_article_and_names_nobody(
    site: Site, public_database: Database
) -> None:
    assert "目前没有撤下的公示" in (await got(public_database, "/gone")).text
    ids = [
        await gone(site, 1, mine_id=site.mine, mine="甲煤矿", credit_code=CODE),
        await gone(site, 2, gone_as="REPAIRED", reason=""),
    ]
    async with visiting(public_database) as visitor:
        for path in ("/gone", "/gone?lang=en"):
            page = await visitor.get(path)
            assert page.status_code == 200
            assert all(f"/d/{id}" in page.text for id in ids)
            assert "甲煤矿" not in page.text
        assert [one["gone_as"] for one in (await visitor.get("/gone.json")).json()["rows"]] == ["REPAIRED", "WITHDRAWN"]


async def test_a_mine_of_which_everything_was_withdrawn_still_says_why(site: Site, public_database: Database) -> None:
    await gone(site, 1, mine_id=site.mine, mine="甲煤矿", credit_code=CODE)
    page = await got(public_database, f"/m/{site.mine}")
    assert page.status_code == 200
    assert "甲煤矿" in page.text
    assert "目前没有正在公示的记录" in page.text
    assert "复议决定撤销该处罚" in page.text


async def licences(site: Site, seq: int, as_of: date, *lines: tuple[str, date]) -> UUID:
    items = [{"name": "甲煤矿", "number": "（黔）MK安许证字〔0001〕", "credit_code": code, "day": day.isoformat()}
             for code, day in lines]  # fmt: skip
    copy = {"v": "pithead/disclosure/1", "kind": "LIST", "list": "LICENCES", "as_of": as_of.isoformat(), "items": items}
    return await lay(site, seq, kind="LIST", mine_id=None, credit_code=None, content=orjson.dumps(copy))


async def test_a_mines_licence_is_told_by_the_newest_list_of_licences(site: Site, public_database: Database) -> None:
    await filled(site)
    path = f"/m/{site.mine}"
    assert (await got(public_database, f"{path}.json")).json()["licence"] is None
    await licences(site, 30, date(YEAR, 1, 5), (CODE, TODAY + timedelta(days=9)))
    until = TODAY - timedelta(days=1)
    newest = await licences(site, 31, date(YEAR, 2, 5), ("91520281MA6DKTEST9", TODAY), (CODE, until))
    told = (await got(public_database, f"{path}.json")).json()
    assert told["licence"] == {
        "list": str(newest), "as_of": f"{YEAR}-02-05", "number": "（黔）MK安许证字〔0001〕", "until": until.isoformat(),
    }  # fmt: skip
    assert "已过期" in (await got(public_database, path)).text
    await licences(site, 32, date(YEAR, 3, 5), ("91520281MA6DKTEST9", TODAY))
    page = (await got(public_database, path)).text
    assert "名单中没有以本矿或者其企业的信用代码登记的有效许可证" in page
    assert "已过期" not in page


async def test_a_unit_names_its_mines(site: Site, public_database: Database) -> None:
    await filled(site)
    second = published.mine_of(uuid4(), "乙煤矿", CODE)
    await put(site, DisclosureKind.PENALTY, published.penalty(second, date(YEAR, 5, 1), fine=50_000_00), 9)
    told = (await got(public_database, f"/g/{CODE}.json")).json()
    assert [(one["name"], one["penalties"], one["amount"]) for one in told["mines"]] == [
        ("乙煤矿", 1, "5000000"), ("甲煤矿", 1, "12000000"),
    ]  # fmt: skip
    assert told["sums"]["penalties"] == 2
    page = await got(public_database, f"/g/{CODE}")
    assert f'href="/m/{second["id"]}"' in page.text
    assert "本县平均" not in page.text


async def test_the_permalink_of_a_commitment_shows_how_each_clause_stands_today(
    site: Site, public_database: Database
) -> None:
    ids = await filled(site)
    text = (await got(public_database, f"/d/{ids['commitment']}")).text
    for words, many in (("已履行", 13), ("未履行", 1), ("承诺期限已过", 1), ("承诺限期达到，未到期", 1)):
        assert text.count(f">{words}</b>") == many, words
    assert "/log/commitments/" in text
    assert "增设传感器并校准" in text
    breach = (await got(public_database, f"/d/{ids['breach']}?lang=en")).text
    assert "What the mine answered" in breach
    assert '<p lang="zh-CN">已更换传感器，并加强每班巡检。</p>' in breach


async def test_a_page_stays_small_whatever_the_number_and_length_of_what_is_shown(
    site: Site, public_database: Database
) -> None:
    name = "贵州省黔西南布依族苗族自治州兴义市清水河镇集团煤业投资发展有限责任公司第二煤矿"
    mine = published.mine_of(site.mine, name)
    for seq in range(1, 121):
        day = date(YEAR - seq % 8, 1 + seq % 9, 5)
        await put(site, DisclosureKind.PENALTY, published.penalty(mine, day, fine=10_000_00, at=seq), 2 * seq)
        found = [(at % len(published.KINDS), 2) for at in range(seq, seq + 12)]
        await put(site, DisclosureKind.RESULT, published.result(mine, day, found), 2 * seq + 1)
    for path in (f"/m/{site.mine}", f"/m/{site.mine}?lang=en", f"/g/{CODE}"):
        page = await got(public_database, path)
        assert page.status_code == 200
        assert len(page.content) < 100_000, path
    assert "查看全部 240 条" in (await got(public_database, f"/m/{site.mine}")).text


def test_sums_are_written_as_people_read_them_and_lose_nothing() -> None:
    for fen, zh, en in ((120_000_00, "12万元", "CNY 120,000"), (35_500_00, "3.55万元", "CNY 35,500"),
                        (123_456_00, "123,456元", "CNY 123,456"), (9_999_00, "9,999元", "CNY 9,999"),
                        (10_000_50, "10,000.50元", "CNY 10,000.50")):  # fmt: skip
        assert (showing.yuan(fen, "zh"), showing.yuan(fen, "en")) == (zh, en)
    assert showing.total("0", "zh") == showing.total(None, "en") == "—"
    assert (showing.total(63_301_350_00, "zh"), showing.total(63_301_350_00, "en")) == ("6,330.135万元", "63,301,350")
    assert showing.total(12_00, "zh") == "12元"


def test_the_map_says_what_each_shade_stands_for() -> None:
    assert charts.legend({"a": 8, "b": 0}) == ["0", "1–2", "3–4", "5–6", "7–8"]
    assert charts.legend({}) == ["0", "1"]
    assert [charts.shade_of(many, {"a": 8}) for many in (0, 1, 3, 5, 8)] == [0, 1, 2, 3, 4]
    names = ("黔西南布依族苗族自治州", "黔南布依族苗族自治州", "威宁彝族回族苗族自治县", "盘州市", "六枝特区")
    assert [charts.short(one) for one in names] == ["黔西南", "黔南", "威宁", "盘州", "六枝"]


@pytest.mark.parametrize(
    ("clause", "stands"),
    [
        ({"outcome": "MET"}, "KEPT"),
        ({"outcome": "NOT_MET"}, "NOT_MET"),
        ({"outcome": "NOT_YET", "by_day": "2026-05-31"}, "NOT_YET"),
        ({"outcome": "NOT_YET", "by_day": "2026-05-30"}, "LATE"),
        ({"outcome": "MET", "broken": [{"day": "2026-01-02"}]}, "BROKEN"),
        ({"outcome": "MET", "broken": [{"day": "2026-01-02", "corrected_on": "2026-02-01"}]}, "KEPT"),
    ],
)
def test_a_clause_stands_by_what_was_signed_and_the_day_of_whoever_reads(clause: dict[str, Any], stands: str) -> None:
    assert units.standings({"clauses": [clause]}, date(2026, 5, 31)) == [stands]
