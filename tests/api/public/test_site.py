"""Tests of the public site's pages: what they show, that they are kept, and that no asking brings them down."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from starlette.requests import Request

from api.public.answers import Made, Shelf
from storage.record.database import Database
from storage.trust.disclosures import operations
from storage.trust.disclosures.rules import WithdrawalGround
from tests.counting import statements_of
from tests.factories.disclosures import served
from tests.factories.public import lay, visiting
from tests.servers import DatabaseAddresses
from tests.sites import PANZHOU, Site

WITHDRAWN: dict[str, Any] = {"ground": WithdrawalGround.PUBLISHED_IN_ERROR, "reason": "重复公示"}
TOUCHED = re.compile(r"public_rows|public_gone|public_head")


async def got(database: Database, path: str, **given: Any) -> httpx.Response:
    async with visiting(database) as visitor:
        return await visitor.get(path, **given)


async def test_what_is_new_is_shown_with_links_that_lead_to_each(site: Site, public_database: Database) -> None:
    ids = [await lay(site, seq, title=f"第{seq}矿：瓦斯超限作业") for seq in range(1, 24)]
    async with visiting(public_database) as visitor:
        first = await visitor.get("/")
        assert first.status_code == 200
        assert first.text.count('<li class="row"') == 20
        assert f'href="/d/{ids[-1]}"' in first.text
        after = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
        second = await visitor.get(after)
        assert second.text.count('<li class="row"') == 3
        assert (await visitor.get(f"/d/{ids[0]}")).status_code == 200


async def test_every_page_is_small_strict_and_sets_no_cookie(site: Site, public_database: Database) -> None:
    id = await lay(site, 1)
    for seq in range(2, 60):
        await lay(site, seq)
    paths = (
        "/",
        "/?q=煤矿",
        f"/d/{id}",
        f"/m/{site.mine}",
        "/g/91520281MA6DKTEST1",
        "/map",
        "/figures",
        "/open-data",
        "/about",
    )
    async with visiting(public_database) as visitor:
        for path in (one + tongue for one in paths for tongue in ("", "&lang=en" if "?" in one else "?lang=en")):
            answer = await visitor.get(path)
            assert answer.status_code == 200, (path, answer.text)
            assert len(answer.content) < 100_000, path
            assert "set-cookie" not in answer.headers
            assert "built-in" not in answer.text  # A word must not be named as what a dictionary can do.
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|javascript:", answer.text), path
            loaded = re.findall(r'(?:src|<link rel="(?:stylesheet|icon)" href)="([^"]+)"', answer.text)
            assert all(one.startswith("/web/") for one in loaded)
            assert ('lang="en"' in answer.text[:60]) == ("lang=en" in path)


async def test_each_page_has_its_twin_with_the_same_members(site: Site, public_database: Database) -> None:
    id = await lay(site, 1)
    async with visiting(public_database) as visitor:
        for path, member in (("/index.json", "rows"), (f"/d/{id}.json", "copy"), (f"/m/{site.mine}.json", "years"),
                             ("/g/91520281MA6DKTEST1.json", "rows"), ("/map.json", "regions"),
                             ("/figures.json", "year")):  # fmt: skip
            answer = await visitor.get(path)
            assert answer.headers["content-type"].startswith("application/json"), path
            assert answer.json()[member], path
            assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_page_is_made_once_and_sent_again_until_something_is_published(
    site: Site, public_database: Database
) -> None:
    await lay(site, 1)
    heard = statements_of(public_database)
    async with visiting(public_database) as visitor:
        first = await visitor.get("/")
        asked = len([one for one in heard if TOUCHED.search(one)])
        again = await visitor.get("/")
        assert again.content == first.content
        assert len([one for one in heard if TOUCHED.search(one)]) == asked
        unchanged = await visitor.get("/", headers={"if-none-match": first.headers["etag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == first.headers["etag"]
        other = await visitor.get("/?lang=en", headers={"if-none-match": first.headers["etag"]})
        assert other.status_code == 200


async def test_what_no_page_takes_makes_no_page_anew(site: Site, public_database: Database) -> None:
    id = await lay(site, 1)
    heard = statements_of(public_database)
    paths = ("/", "/figures", "/map", "/gone", f"/d/{id}", f"/m/{site.mine}", "/g/91520281MA6DKTEST1", "/sitemap.xml",
             "/feeds/disclosures.atom", "/figures.json", "/open-data", "/about/check")  # fmt: skip
    async with visiting(public_database) as visitor:
        for path in paths:
            first = await visitor.get(path)
            asked = len(heard)
            for more in ("x=1", "x=2&utm=a", "lang=de", "after=7", "LANG=en", "&&&"):
                again = await visitor.get(f"{path}?{more}")
                assert (again.status_code, again.content) == (200, first.content), (path, more)
            touched = [one for one in heard[asked:] if TOUCHED.search(one)]
            assert [one for one in touched if "public_head" not in one] == [], path
        # What a page does take, it takes: in whatever order, and of what is named twice what stands last.
        english = await visitor.get("/figures?lang=en")
        assert (await visitor.get("/figures?lang=zh&lang=en")).content == english.content


async def test_what_was_made_while_something_was_taken_down_is_not_kept_behind_that() -> None:
    heads, started, go_on = iter((1, 2, 2)), asyncio.Event(), asyncio.Event()

    async def head() -> int:
        return next(heads)

    async def slow(_: Request) -> Made:
        started.set()
        await go_on.wait()
        return Made(b"as it was")

    async def quick(_: Request) -> Made:
        return Made(b"as it is")

    shelf, asked = Shelf(head), Request({"type": "http", "path": "/d", "query_string": b"", "headers": []})
    other = Request({"type": "http", "path": "/e", "query_string": b"", "headers": []})
    early = asyncio.create_task(shelf.answer(asked, slow))
    await started.wait()
    shelf._asked = float("-inf")  # A second has passed, and meanwhile the stream went on.
    await shelf.answer(other, quick)
    go_on.set()
    await early
    assert (await shelf.answer(asked, quick)).body == b"as it is"


async def test_whoever_asks_for_a_page_that_is_being_made_waits_for_that_one() -> None:
    made = 0

    async def head() -> int:
        return 1

    async def slow(_: Request) -> Made:
        nonlocal made
        made += 1
        await asyncio.sleep(0.05)
        return Made(b"dear")

    shelf, asked = Shelf(head), Request({"type": "http", "path": "/d", "query_string": b"", "headers": []})
    first = asyncio.create_task(shelf.answer(asked, slow))
    answers = await asyncio.gather(*(shelf.answer(asked, slow) for _ in range(20)))
    assert {one.body for one in answers} == {b"dear"}
    assert made == 1
    first.cancel()


async def test_searches_leave_connections_for_all_the_rest(
    site: Site, database: DatabaseAddresses, public_database: Database
) -> None:
    await lay(site, 1)
    holder = await asyncpg.connect(database.superuser)
    async with holder.transaction(), visiting(public_database) as visitor:
        await holder.execute("LOCK TABLE public_rows IN ACCESS EXCLUSIVE MODE")  # So each search takes its time.
        searches = [asyncio.create_task(visitor.get(f"/?q=煤矿{at}")) for at in range(12)]
        await asyncio.sleep(0)
        done, _ = await asyncio.wait(
            [rest := asyncio.create_task(visitor.get("/gone")), *searches], return_when=asyncio.FIRST_COMPLETED
        )
        assert done == {rest}
        assert rest.result().status_code == 200
        for one in searches:
            one.cancel()
        await asyncio.gather(*searches, return_exceptions=True)
    await holder.close()


async def test_what_was_withdrawn_answers_410_with_what_may_be_said(site: Site, public_database: Database) -> None:
    made = await served(site)
    row = await made.publish()
    async with visiting(public_database) as visitor:
        page = await visitor.get(f"/d/{row.id}")
        assert page.status_code == 200
        assert "甲煤矿" in page.text
        assert "<svg" in page.text
        digest = row.digest.hex() if hasattr(row, "digest") else None
        assert digest is None or digest in page.text
    await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, **WITHDRAWN)
    async with visiting(public_database) as visitor:
        gone = await visitor.get(f"/d/{row.id}")
        assert gone.status_code == 410
        assert "重复公示" in gone.text
        assert "甲煤矿" not in gone.text
        twin = await visitor.get(f"/d/{row.id}.json")
        assert (twin.status_code, twin.json()["copy"]) == (410, None)
        bundle = await visitor.get(f"/d/{row.id}.disclosure.json")
        assert (bundle.status_code, bundle.json()["code"]) == (410, "GONE")
        assert "甲煤矿" not in bundle.text
        assert "甲煤矿" not in (await visitor.get("/?q=甲煤矿")).text.replace('value="甲煤矿"', "")


async def test_a_private_id_answers_with_the_very_bytes_of_one_that_never_was(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    await made.publish()
    async with visiting(public_database) as visitor:
        for private in (made.decision, made.desk.id, made.officer.account_id, made.desk.check.id):
            for path in ("/d/{}", "/d/{}.json", "/d/{}.disclosure.json", "/m/{}", "/m/{}.json"):
                one, other = [await visitor.get(path.format(id)) for id in (private, uuid4())]
                assert one.status_code == 404
                assert one.content == other.content
                assert one.headers == other.headers


@pytest.mark.parametrize(
    "query",
    ["%", "_", "\\", "'; DROP TABLE public_rows; --", '"', "<script>alert(1)</script>", "瓦" * 5000, "\u202e煤", "𠮷",
     "\x00", "\ufeff", "a\r\nSet-Cookie: x=1", "{{ 7 * 7 }}", "${7*7}", "%00", " ", "　", "()&|!:*", "1 OR 1=1"],
)  # fmt: skip
async def test_search_strings_of_every_kind_find_or_do_not_and_stay_text(
    site: Site, public_database: Database, query: str
) -> None:
    await lay(site, 1)
    answer = await got(public_database, "/", params={"q": query})
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert "set-cookie" not in answer.headers
    assert ">49<" not in answer.text


@pytest.mark.parametrize(
    "query",
    ["before=-1", "before=1e9", "before=99999999999999999999", "before=x", "before=٣", "kind=X", "kind=penalty'",
     "region=53", "region=520", "region=%27", "year=1", "year=20260", "year=٢٠٢٦", "least=-1", "least=NaN",
     "most=1e9", "code=1", "mine=x", "least=1.234"],
)  # fmt: skip
async def test_forged_cursors_and_filters_are_refused_in_words(
    site: Site, public_database: Database, query: str
) -> None:
    await lay(site, 1)
    answer = await got(public_database, f"/?{query}")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "<main" in answer.text


async def test_names_with_html_and_control_characters_stay_text_everywhere(
    site: Site, public_database: Database
) -> None:
    bad = "<b onmouseover=alert(1)>甲</b>\x01&\"'"
    id = await lay(site, 1, title=bad, party=bad, mine=bad, agency=bad, number=bad)
    async with visiting(public_database) as visitor:
        for path in ("/", "/?q=煤矿", f"/d/{id}", f"/m/{site.mine}", "/feeds/disclosures.atom"):
            text = (await visitor.get(path)).text
            assert "<b onmouseover" not in text, path
            assert "\x01" not in text, path


@pytest.mark.parametrize(
    "path",
    ["/d/x", "/d/..%2f..%2fetc", "/d/%0d%0aSet-Cookie:x", "/m/1", "/g/1", "/g/%27", "/about/x",
     "/d/{id}/editions/0.json",
     "/d/00000000-0000-0000-0000-000000000000.disclosure.json", "/d/00000000000000000000000000000000"],
)  # fmt: skip
async def test_no_path_brings_a_page_down_or_a_header_in(public_database: Database, path: str) -> None:
    answer = await got(public_database, path)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert "content-disposition" not in answer.headers


async def test_search_is_narrowed_by_what_the_form_sends(site: Site, public_database: Database) -> None:
    await lay(site, 1, mine="丙煤矿", year=2025)
    await lay(site, 2)
    async with visiting(public_database) as visitor:
        for query, found in (
            (f"region={PANZHOU}&q=瓦斯", 2),
            ("year=2025", 1),
            ("least=2", 1),
            ("q=丙煤矿", 1),
            ("q=丙煤矿&year=2026", 0),
            ("kind=RESULT", 0),
            ("kind=&region=&year=&least=&most=", 2),
        ):
            text = (await visitor.get(f"/?{query}")).text
            assert text.count('<li class="row"') == found, query


async def test_protected_media_are_not_embedded_by_other_sites(public_database: Database) -> None:
    answer = await got(public_database, "/")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "<img" not in answer.text


async def test_a_feed_names_its_own_address(site: Site, public_database: Database) -> None:
    await served(site)
    async with visiting(public_database) as visitor:
        feed = (await visitor.get("/feeds/disclosures.atom?county=520281")).text
    assert feed.count("/feeds/disclosures.atom?county=520281") == 2
    assert "&lt;" not in feed


async def test_whoever_looks_for_a_place_is_shown_the_way_to_its_disclosures(
    site: Site, public_database: Database
) -> None:
    await served(site)
    async with visiting(public_database) as visitor:
        for words in ("盘州", "盘州市"):
            assert "/?region=520281" in (await visitor.get(f"/?q={words}")).text
        assert "/?region=520281" not in (await visitor.get("/?q=甲煤矿")).text


@pytest.mark.parametrize(
    ("query", "said"),
    [("year=abc", "四位数字"), ("region=99", "没有这个地区"), ("kind=X", "没有这个种类"), ("code=zz", "十八位"),
     ("least=x", "例如 30000")],
)  # fmt: skip
async def test_a_filter_that_is_none_is_answered_by_what_to_write(
    query: str, said: str, site: Site, public_database: Database
) -> None:
    await served(site)
    async with visiting(public_database) as visitor:
        answer = await visitor.get(f"/?{query}")
    assert answer.status_code == 400
    assert said in answer.text
