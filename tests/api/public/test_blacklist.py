"""Tests of the page of the blacklist, of a mine's count of listed people, and of what is left of the repaired."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform
from storage.trust.credit import removals
from storage.trust.disclosures.operations import Wording
from tests.factories.credit import Credit, credit_of
from tests.factories.public import visiting
from tests.sites import Site


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def person_of(credit: Credit) -> Any:
    """The mine's principal, listed."""
    person = await credit.site.rows.fetchval(
        "SELECT id FROM persons WHERE account_id = $1", credit.principal.account_id
    )
    return await credit.listed(person=person, wording=Wording(of_age=True))


async def test_who_is_listed_is_read_with_why_until_when_and_how_one_leaves(
    credit: Credit, public_database: Database
) -> None:
    listed = await credit.listed()
    await person_of(credit)
    async with visiting(public_database) as visitor:
        for path, words in (("/blacklist", ("提前移出", "第七条第四项", "满 12 个月", "管理期限为 3 年", "矿某")),
                            ("/blacklist?lang=en", ("leave early", "MEM Order 11", "After 12 months"))):  # fmt: skip
            page = await visitor.get(path)
            assert page.status_code == 200
            assert all(word in page.text for word in words), path
            assert page.text.count('<li class="row"') == 2
            assert f"/d/{listed.disclosure_id}" in page.text
            assert "<script" not in page.text
            assert len(page.content) < 100_000
        twin = (await visitor.get("/blacklist.json")).json()
    assert [(one["party"], one["subject"], one["until"]) for one in twin["rows"]] == [
        ("矿某", "PERSON", "2030-01-03"), ("甲煤矿", "UNIT", "2029-12-14"),
    ]  # fmt: skip
    assert (twin["years"], twin["months"], len(twin["grounds"])) == (3, 12, 8)
    assert "矿长" not in str(twin["rows"])


async def test_a_unit_is_searched_by_name_and_code_and_bad_filters_are_told(
    credit: Credit, public_database: Database
) -> None:
    await credit.listed()
    code = await credit.site.rows.fetchval("SELECT credit_code FROM mines WHERE id = $1", credit.site.mine)
    async with visiting(public_database) as visitor:
        for query, status, found in (
            ("q=甲煤矿", 200, 1), (f"q={code}", 200, 1), ("q=丙煤矿", 200, 0), ("region=520281", 200, 1),
            ("region=5203", 200, 0), ("region=99", 400, 0), ("before=x", 400, 0), ("q=%3Cb%3E", 200, 0),
        ):  # fmt: skip
            page = await visitor.get(f"/blacklist?{query}")
            assert (page.status_code, page.text.count('<li class="row"')) == (status, found), query
            assert "<b>" not in page.text.replace("<b>井口</b>", "").replace("<b>Pithead</b>", "")
        empty = await visitor.get("/blacklist?q=丙煤矿")
    assert "已移出的不再公示" in empty.text


async def test_an_entry_has_its_permalink_and_what_left_the_list_answers_410_with_why(
    credit: Credit, public_database: Database
) -> None:
    listed = await credit.listed()
    async with visiting(public_database) as visitor:
        page = await visitor.get(f"/d/{listed.disclosure_id}")
        assert page.status_code == 200
        assert "第七条第四项" in page.text
        assert "怎样移出名单" in page.text
    credit.now += timedelta(days=366)
    removal = await credit.leaves(listed.id)
    await credit.decides_leaving(removal.id)
    async with visiting(public_database) as visitor:
        gone = await visitor.get(f"/d/{listed.disclosure_id}")
        assert (gone.status_code, "提前移出" in gone.text, "瓦斯超限仍组织生产" in gone.text) == (410, True, False)
        assert (await visitor.get("/blacklist")).text.count('<li class="row"') == 0


async def test_a_repaired_penalty_answers_410_with_what_may_be_said(credit: Credit, public_database: Database) -> None:
    await credit.granted()
    async with visiting(public_database) as visitor:
        for path, words in ((f"/d/{credit.shown}", "已信用修复"), (f"/d/{credit.shown}?lang=en", "gave its pledge")):
            gone = await visitor.get(path)
            assert (gone.status_code, words in gone.text) == (410, True)
            assert "瓦斯" not in gone.text
        twin = await visitor.get(f"/d/{credit.shown}.json")
        assert (twin.status_code, twin.json()["gone"]["gone_as"], twin.json()["copy"]) == (410, "REPAIRED", None)
        assert (await visitor.get(f"/d/{credit.shown}.disclosure.json")).status_code == 410


async def test_the_page_of_a_mine_says_how_many_listed_people_work_there_and_never_who(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    number = uuid4().bytes * 2
    person = await credit.person(mine=credit.site.mine, name="赵铁柱", post="DEPUTY_SAFETY", number=number)
    async with visiting(public_database) as visitor:
        assert "名单之内" not in (await visitor.get(f"/m/{credit.site.mine}")).text
    await credit.listed(person=person, wording=Wording(of_age=True))
    await perform(workers, keeper(), credit.now, removals.count_listed)
    async with visiting(public_database) as visitor:
        page = await visitor.get(f"/m/{credit.site.mine}")
        assert "本矿现任职人员中有 1 人" in page.text
        assert "铁柱" not in page.text
        assert (await visitor.get(f"/m/{credit.site.mine}.json")).json()["listed_people"] == 1
