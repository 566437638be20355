"""Tests of the pages of lists and figures: what they show, their twins, and that no asking brings them down."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from storage.record.database import Database
from storage.trust.disclosures.copies.lists import Item
from storage.trust.lists.tables import ListKind
from tests.counting import statements_of
from tests.factories.lists import LICENCES, OFFICE, PROVINCE, Listing, listing
from tests.factories.public import visiting
from tests.sites import Site


@pytest.fixture
async def made(site: Site) -> Listing:
    return await listing(site)


async def published(made: Listing, kind: ListKind = ListKind.REMEDIES, **given: Any) -> str:
    """The id of the permalink."""
    row = await made.draft(kind, **given)
    await made.approve(row.id)
    return str(await made.site.rows.fetchval("SELECT id FROM disclosures WHERE source_id = $1", row.series))


async def got(database: Database, path: str) -> httpx.Response:
    async with visiting(database) as visitor:
        return await visitor.get(path)


async def test_what_agencies_publish_of_themselves_is_listed_and_read_line_by_line(
    made: Listing, public_database: Database
) -> None:
    id = await published(made)
    await published(made, ListKind.LICENCES, items=LICENCES)
    await published(made, ListKind.CERTIFICATES, agency=OFFICE, items=None)
    async with visiting(public_database) as visitor:
        for tongue in ("", "?lang=en"):
            page = await visitor.get(f"/lists{tongue}")
            assert page.status_code == 200, page.text
            assert page.text.count('<li class="row"') == 3
            one = await visitor.get(f"/lists/{id}{tongue}")
            assert one.status_code == 200, one.text
            assert "0851-86891234" in one.text
            proof = await visitor.get(f"/d/{id}{tongue}")
            assert proof.status_code == 200, proof.text
            assert "行政诉讼" in proof.text
            for answer in (page, one, proof):
                assert len(answer.content) < 100_000
                assert "set-cookie" not in answer.headers
                assert "unsafe" not in answer.headers["content-security-policy"]
        narrowed = await visitor.get("/lists?kind=LICENCES&region=52")
        assert narrowed.text.count('<li class="row"') == 1
        twin = (await visitor.get("/lists.json")).json()
        assert {row["kind"] for row in twin["rows"]} == {"REMEDIES", "LICENCES", "CERTIFICATES"}
        assert (await visitor.get(f"/lists/{id}.json")).json()["items"][0]["name"] == "行政复议"


async def test_a_long_list_is_read_a_hundred_lines_at_a_time(made: Listing, public_database: Database) -> None:
    items = [Item(name=f"第{at}项", text="说明") for at in range(250)]
    id = await published(made, ListKind.PROCEDURE, items=items)
    async with visiting(public_database) as visitor:
        first = await visitor.get(f"/lists/{id}.json")
        assert (len(first.json()["items"]), first.json()["next"]) == (100, 100)
        last = await visitor.get(f"/lists/{id}.json?from=200")
        assert (len(last.json()["items"]), last.json()["next"]) == (50, None)
        assert len((await visitor.get(f"/d/{id}")).content) < 100_000


async def test_pages_about_the_site_are_fed_from_lists(made: Listing, public_database: Database) -> None:
    assert "/lists/" not in (await got(public_database, "/about/rules")).text
    id = await published(made)
    assert f"/lists/{id}" in (await got(public_database, "/about/rules")).text
    assert f"/lists/{id}" not in (await got(public_database, "/about/privacy")).text


async def test_figures_stand_on_their_page_with_a_chart_and_a_way_to_their_proof(
    made: Listing, public_database: Database
) -> None:
    await made.publish(PROVINCE, 2025, None)
    await made.publish(PROVINCE, 2025, 4, at=datetime(2026, 1, 20, tzinfo=UTC))
    async with visiting(public_database) as visitor:
        for tongue in ("", "?lang=en"):
            page = await visitor.get(f"/figures{tongue}")
            assert page.status_code == 200, page.text
            assert page.text.count("<svg") == 5
        twin = (await visitor.get("/figures.json")).json()
        assert [one["copy"]["year"] for one in twin["sheets"]] == [2025, 2025]
        for one in twin["sheets"]:
            proof = await visitor.get(f"/d/{one['id']}")
            assert proof.status_code == 200, proof.text
            assert "<svg" in proof.text


@pytest.mark.parametrize(
    "path",
    ["/lists/x", "/lists/00000000-0000-0000-0000-000000000000", "/lists?kind=X", "/lists?region=53",
     "/lists/{id}?from=-1", "/lists/{id}?from=x", "/lists/%0d%0aSet-Cookie:x"],
)  # fmt: skip
async def test_no_asking_brings_a_page_down(made: Listing, public_database: Database, path: str) -> None:
    id = await published(made)
    answer = await got(public_database, path.format(id=id))
    assert answer.status_code in (400, 404)
    assert "set-cookie" not in answer.headers


async def test_a_place_beyond_the_end_shows_nothing_and_html_stays_text(
    made: Listing, public_database: Database
) -> None:
    bad = Item(name="<b onmouseover=alert(1)>甲</b>", text="</p><script>alert(1)</script>", article="&\"'")
    id = await published(made, items=(bad,))
    async with visiting(public_database) as visitor:
        assert (await visitor.get(f"/lists/{id}?from=5000")).status_code == 200
        for path in (f"/lists/{id}", f"/d/{id}", "/lists", "/"):
            text = (await visitor.get(path)).text
            assert "<b onmouseover" not in text
            assert "<script>alert" not in text


async def test_each_page_takes_one_statement(made: Listing, public_database: Database) -> None:
    id = await published(made)
    heard = statements_of(public_database)
    async with visiting(public_database) as visitor:
        for path in ("/lists", f"/lists/{id}"):
            before = len(heard)
            await visitor.get(path)
            assert len([one for one in heard[before:] if "FROM public_rows" in one]) == 1
