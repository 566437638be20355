"""Tests of lists and figures as acts: drafted by one, decided by another, published by it; what is refused; traces."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.trust.disclosures import operations as disclosing
from storage.trust.disclosures import problems, public
from storage.trust.disclosures.comparing import DISCLOSURES
from storage.trust.disclosures.copies.lists import Item
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.rules import WithdrawalGround
from storage.trust.disclosures.tables import SourceKind
from storage.trust.lists import queries, rules
from storage.trust.lists.comparing import FIGURES, LISTS
from storage.trust.lists.tables import ListKind
from tests.factories.disclosures import served
from tests.factories.lists import COUNTY, LICENCES, OFFICE, PROVINCE, REMEDIES, Listing, listing
from tests.sites import NOW, PANZHOU, Site

TABLES = ("lists", "figures", "disclosures", "disclosure_editions", "disclosure_events", "public_rows", "entries")
AFTER = datetime(2027, 1, 15, 4, tzinfo=UTC)


@pytest.fixture
async def made(site: Site) -> Listing:
    return await listing(site)


async def refused(made: Listing, problem: Any, act: Any) -> Problem:
    before = [await made.site.counted(table) for table in TABLES]
    with pytest.raises(problem) as told:
        await act
    assert before == [await made.site.counted(table) for table in TABLES]
    found: Problem = told.value
    return found


async def agrees(workers: Database) -> list[Any]:
    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    return [one for each in (LISTS, FIGURES, DISCLOSURES) async for one in comparing.differences(rows, each)]


async def shown(database: Database) -> list[dict[str, Any]]:
    async with database.reading(stranger()) as sql:
        return [json.loads(one.content) for one in await public.chunk(sql, after=0)]


async def the_disclosure(made: Listing) -> UUID:
    found: UUID = await made.site.rows.fetchval("SELECT id FROM disclosures")
    return found


async def test_what_one_drafts_another_approves_and_anybody_reads(
    made: Listing, public_database: Database, workers: Database
) -> None:
    row = await made.draft()
    assert (row.version, row.approved, await shown(public_database)) == (1, None, [])
    decided = await made.approve(row.id)
    assert (decided.approved, decided.decided_by) == (True, made.head.account_id)
    (told,) = await shown(public_database)
    assert (told["kind"], told["list"], told["agency"]) == ("LIST", "REMEDIES", "贵州省煤矿安全监管部门")
    assert [one["name"] for one in told["items"]] == ["行政复议", "行政诉讼"]
    assert sorted(await made.site.entries()) == ["disclosure.published", "list.approved", "list.drafted"]
    async with public_database.reading(stranger()) as sql:
        (found,) = await public.search(sql, public.Sought(words="救济渠道"), limit=9)
    assert (found.mine_id, found.county) == (None, "52")
    assert await agrees(workers) == []


async def test_the_next_version_is_another_edition_under_the_same_permalink(
    made: Listing, public_database: Database, workers: Database
) -> None:
    await made.approve((await made.draft()).id)
    second = await made.draft(items=REMEDIES[:1])
    assert second.version == 2
    await made.approve(second.id)
    (told,) = await shown(public_database)
    assert (told["version"], len(told["items"])) == (2, 1)
    async with public_database.reading(stranger()) as sql:
        page = await public.page_of(sql, await the_disclosure(made))
    assert page is not None
    assert [(one.kind, one.reason) for one in page.events] == [("PUBLISHED", ""), ("CORRECTED", "第2版")]
    assert [one.content is not None for one in page.editions] == [True, True]
    assert await agrees(workers) == []


async def test_who_drafted_does_not_decide_and_what_was_decided_stands(made: Listing, site: Site) -> None:
    head = await site.person(Role.AGENCY_HEAD, county=None, division="52")
    row = await made.draft(by=head)
    await refused(made, rules.ListTakesTwo, made.approve(row.id, by=head))
    await made.approve(row.id, approve=False)
    await refused(made, rules.ListDecided, made.approve(row.id))
    with pytest.raises(asyncpg.PostgresError):
        await site.rows.execute("UPDATE lists SET approved = true")
    assert await site.counted("disclosures") == 0


async def test_a_version_that_another_overtook_is_drafted_anew(made: Listing) -> None:
    first, second = await made.draft(), await made.draft(items=REMEDIES[:1])
    await made.approve(second.id)
    told = await refused(made, rules.ListOvertaken, made.approve(first.id))
    assert told.parameters == {"version": 2}


async def test_of_two_who_approve_at_the_same_moment_one_publishes(made: Listing, site: Site) -> None:
    row = await made.draft()
    other = await site.person(Role.AGENCY_HEAD, county=None, division="52")
    outcomes = await asyncio.gather(made.approve(row.id), made.approve(row.id, by=other), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["ListDecided", "ListRow"]
    assert await site.counted("disclosures") == await site.counted("public_rows") == 1


async def test_two_drafts_of_one_list_at_the_same_moment_never_share_a_version(made: Listing) -> None:
    outcomes = await asyncio.gather(*(made.draft() for _ in range(4)), return_exceptions=True)
    rows = [one for one in outcomes if isinstance(one, queries.ListRow)]
    assert rows
    assert len({one.version for one in rows}) == len(rows)
    assert {type(one).__name__ for one in outcomes} <= {"ListRow", "TryAgain"}


async def test_officers_with_valid_certificates_are_gathered_by_name_and_number(
    made: Listing, site: Site, public_database: Database
) -> None:
    for given in ({"certificate": (date(2020, 1, 1), date(2021, 1, 1))}, {"certificate": None}):
        await site.person(Role.INSPECTOR, **given)
    await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    valid = await site.person(Role.INSPECTOR, county=None, office="GZ-1")
    number = await site.rows.fetchval("SELECT number FROM certificates WHERE account_id = $1", valid.account_id)
    row = await made.draft(ListKind.CERTIFICATES, OFFICE, None)
    await made.approve(row.id)
    (told,) = await shown(public_database)
    assert [(one["number"], one["text"], one["day"]) for one in told["items"]] == [
        (number, "监察执法一处", "2027-12-31")
    ]
    assert str(valid.account_id) not in json.dumps(told)
    row = await made.draft(ListKind.CERTIFICATES, OFFICE, None)
    await site.rows.execute("UPDATE certificates SET withdrawn_at = $1", NOW)
    await refused(made, problems.CopyStale, made.approve(row.id))


async def test_supervisors_powers_and_promises_come_from_the_record(
    made: Listing, site: Site, public_database: Database
) -> None:
    by = {"drafted_by": made.drafter.account_id, "decided_by": made.head.account_id}
    await site.put("templates", id=uuid4(), year=2026, version=1, clauses="[]", note="x", drafted_at=NOW, approved=True,
                   decided_at=NOW, decision_note="x", **by)  # fmt: skip
    for kind in (ListKind.SUPERVISORS, ListKind.POWERS, ListKind.SIGNED, ListKind.OVERDUE):
        await made.approve((await made.draft(kind, PROVINCE, None)).id)
    told = {one["list"]: one for one in await shown(public_database)}
    assert [one["name"] for one in told["SUPERVISORS"]["items"]] == ["丙煤矿", "甲煤矿"]
    assert {one["text"] for one in told["SUPERVISORS"]["items"]} == {"六盘水市"}
    assert told["SUPERVISORS"]["next_by"] == "2027-03-31"
    assert len(told["POWERS"]["items"]) > 10
    assert told["SIGNED"]["items"] == []
    assert [(one["name"], one["day"]) for one in told["OVERDUE"]["items"]] == [
        ("丙煤矿", "2026-01-31"), ("甲煤矿", "2026-01-31"),
    ]  # fmt: skip


async def test_names_and_numbers_of_persons_are_found_in_what_is_drafted(made: Listing, site: Site) -> None:
    await site.put("persons", id=uuid4(), mine_id=site.mine, county=PANZHOU, office="GZ-1", name="赵铁柱",
                   registered_at=NOW, sample=False)  # fmt: skip
    for text in ("找赵 铁柱办理", "致电13800138000", "证件520201199001011234"):
        items = (Item(name="复议", text=text),)
        told = await refused(made, problems.PersonalDataFound, made.draft(items=items))
        assert "items[0].text" in str(told.parameters["where"])
    assert await made.draft(items=(Item(name="<script>", text="<b onclick=x>&'\"\r\nSet-Cookie: x"),))


async def test_a_list_is_withdrawn_restored_and_never_corrected_but_by_its_next_version(
    made: Listing, site: Site, public_database: Database, workers: Database
) -> None:
    row = await made.draft()
    await made.approve(row.id)
    id = await the_disclosure(made)
    await refused(made, problems.NothingToCorrect, made.acts(
        disclosing.correct_disclosure, disclosure_id=id, digest=row.digest, reason="更正", wording=Wording()
    ))  # fmt: skip
    source: dict[str, Any] = {
        "source_kind": SourceKind.LIST,
        "source_id": row.series,
        "digest": row.digest,
        "wording": Wording(),
    }
    await refused(made, problems.AlreadyPublished, made.acts(disclosing.publish_disclosure, **source))
    error: dict[str, Any] = {"ground": WithdrawalGround.PUBLISHED_IN_ERROR, "reason": "重复公布"}
    await made.acts(disclosing.withdraw_disclosure, disclosure_id=id, **error)
    assert await shown(public_database) == []
    second = await made.draft()
    await refused(made, problems.NotShown, made.approve(second.id))
    await made.acts(disclosing.restore_disclosure, disclosure_id=id, reason="误撤")
    await made.approve(second.id)
    assert [one["version"] for one in await shown(public_database)] == [2]
    assert await agrees(workers) == []


async def test_what_comes_after_its_day_is_published_and_says_so(made: Listing, site: Site) -> None:
    await made.approve((await made.draft(ListKind.LICENCES, items=LICENCES)).id)
    assert await site.rows.fetchval("SELECT late FROM public_rows") is False
    late = NOW + timedelta(days=800)
    row = await made.draft(ListKind.LICENCES, items=LICENCES, at=late)
    await made.approve(row.id, at=late)
    told = await site.rows.fetchrow("SELECT late, due_on FROM public_rows")
    assert (told["late"], told["due_on"]) == (True, date(2027, 12, 31))


async def test_figures_are_counted_of_the_record_after_a_preview(
    site: Site, public_database: Database, workers: Database
) -> None:
    served_ = await served(site)
    await served_.publish()
    made = await listing(site)
    await refused(made, rules.PeriodNotOver, made.publish(PROVINCE, 2026, 4))
    await refused(made, rules.PeriodNotOver, made.publish(PROVINCE, 2026, 4, digest=bytes(32)))
    await refused(made, problems.CopyStale, made.publish(PROVINCE, 2026, 4, at=AFTER, digest=bytes(32)))
    await made.publish(PROVINCE, 2026, 4, at=AFTER)
    await made.publish(PROVINCE, 2026, None, at=AFTER)
    told = [one for one in await shown(public_database) if one["kind"] == "FIGURES"]
    penalties = [one for one in told[0]["counts"] if one["kind"] == "PENALTY"]
    assert (told[0]["quarter"], penalties[0]["due"], penalties[0]["published"]) == (4, 1, 1)
    assert "enforcement" not in told[0]
    assert told[1]["enforcement"] == {
        "inspections": 1, "findings": 0, "major": 0, "measures": 0, "cases": 1, "decisions": 1, "fines": 1_000_000,
        "reconsiderations": 0, "suits": 0,
    }  # fmt: skip
    await refused(made, problems.NothingToCorrect, made.publish(PROVINCE, 2026, None, at=AFTER + timedelta(days=1)))
    assert await agrees(workers) == []
    rows = await site.rows.fetch("SELECT late, due_on FROM disclosures WHERE kind = 'FIGURES' ORDER BY published_at")
    assert {(one["late"], one["due_on"]) for one in rows} >= {(False, date(2027, 1, 31))}


async def test_figures_counted_anew_are_another_edition(site: Site, public_database: Database) -> None:
    served_ = await served(site)
    made = await listing(site)
    await made.publish(PROVINCE, 2026, None, at=AFTER)
    await served_.publish(at=AFTER)
    row = await made.publish(PROVINCE, 2026, None, at=AFTER)
    assert row.edition == 2
    (told,) = [one for one in await shown(public_database) if one["kind"] == "FIGURES"]
    assert [one["published"] for one in told["counts"] if one["kind"] == "PENALTY"] == [1]
    with pytest.raises(asyncpg.PostgresError):
        await site.rows.execute("UPDATE figures SET content = 'x'")


async def test_what_is_held_and_what_waits_is_told_of_an_agency(made: Listing) -> None:
    await made.approve((await made.draft()).id)
    await made.draft(ListKind.BASIS, items=(Item(name="煤矿安全生产条例"),))
    async with made.database.reading(made.head) as sql:
        held = await queries.held_by(sql, PROVINCE)
        rows = await queries.lists_visible_to(sql, made.head, limit=9)
    assert (held[ListKind.REMEDIES].version, held[ListKind.REMEDIES].waiting) == (1, 0)
    assert (held[ListKind.BASIS].version, held[ListKind.BASIS].waiting) == (None, 1)
    assert {one.kind for one in rows} == {"REMEDIES", "BASIS"}


async def test_who_may_not_is_refused_and_nothing_is_recorded(site: Site) -> None:
    made = await listing(site, division=PANZHOU)
    row = await made.draft(agency=COUNTY)
    for role in Role:
        other = await site.person(role)
        if Verb.LIST_DRAFT not in ROLE_VERBS[role]:
            await refused(made, NotAllowed, made.draft(agency=COUNTY, by=other))
        if Verb.LIST_APPROVE not in ROLE_VERBS[role]:
            await refused(made, (NotAllowed, NotFound), made.approve(row.id, by=other))
    far = await site.person(Role.AGENCY_HEAD, county="520201")
    await refused(made, NotFound, made.approve(row.id, by=far))
    await refused(made, NotAllowed, made.draft(agency=COUNTY, by=far))
    for agency in (PROVINCE, OFFICE):
        await refused(made, NotAllowed, made.draft(agency=agency))
        await refused(made, NotAllowed, made.publish(agency, 2025, None))
    province = await listing(site)
    await refused(province, NotFound, province.draft(agency=replace(COUNTY, county="529999")))
    await refused(province, NotFound, province.draft(agency=replace(OFFICE, office="GZ-9")))
    await refused(province, BadInput, province.draft(note=" "))


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE lists SET content = 'x'", "told_content"),
        ("UPDATE lists SET approved = NULL, decided_by = NULL, decided_at = NULL, decision_note = NULL", "approved"),
        ("UPDATE lists SET drafted_at = drafted_at - interval '1 day'", "drafted_at"),
        ("UPDATE figures SET content = 'x'", "told_content"),
        ("UPDATE figures SET year = 2020", "year"),
    ],
)
async def test_what_somebody_altered_past_every_guard_is_told_by_the_ledger(
    made: Listing, workers: Database, statement: str, column: str
) -> None:
    await made.approve((await made.draft()).id)
    await made.publish(PROVINCE, 2025, None)
    await made.site.rows.execute(f"SET session_replication_role = replica; {statement}")
    assert column in [one.column for one in await agrees(workers)]
