"""Tests of what is read of a year: the overview, who is overdue, and what everybody reads of one mine."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.promises.breaches import operations
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.years import queries
from storage.promises.years.queries import MineInYear, Published
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.actor import Actor, Role, stranger
from storage.record.clock import day_of
from storage.register.mines.tables import MineState
from tests.counting import statements_of
from tests.factories.breaches import GAS, YEAR, approve_template, broken_of, sign
from tests.factories.templates import clauses
from tests.sites import NOW, PANZHOU, Site

TODAY = day_of(NOW)
SAID = {
    GAS: (AnswerOutcome.NOT_YET, TODAY), "CLAUSE_SYSTEM": (AnswerOutcome.NOT_YET, TODAY - timedelta(days=1)),
    "CLAUSE_PEOPLE": (AnswerOutcome.NOT_MET, None),
}  # fmt: skip
S, P = CommitmentStatus, PromiseStanding


async def overview(site: Site, reader: Actor, **asked: Any) -> dict[UUID, MineInYear]:
    usual: dict[str, Any] = {"year": YEAR, "now": NOW, "limit": 100}
    async with site.database.reading(reader) as sql:
        return {one.id: one for one in await queries.overview_of(sql, reader, **(usual | asked))}


async def published(site: Site, mine: UUID | None = None, *, year: int = YEAR, **later: Any) -> Published | None:
    async with site.database.reading(stranger()) as sql:
        return await queries.published_of(sql, mine or site.mine, year, now=NOW + timedelta(**later))


@pytest.fixture
async def auditor(site: Site) -> Actor:
    return await site.person(Role.AUDITOR, division="52")


async def test_the_overview_counts_each_mines_clauses_and_says_why_none_stands(site: Site, auditor: Actor) -> None:
    broken = await broken_of(site, said=SAID)
    found = await overview(site, auditor)
    mine = found[site.mine]
    assert (mine.status, mine.cause, mine.undecided) == (S.SIGNED, None, 0)
    assert mine.counts == {P.BROKEN: 0, P.KEPT: 2, P.NOT_YET: 1, P.LATE: 1, P.NOT_MET: 1}
    assert (found[site.far_mine].status, found[site.far_mine].cause) == (S.OVERDUE, UnsignedCause.NEVER_SIGNED)
    assert (found[site.closed_mine].status, found[site.closed_mine].signed) == (S.NOT_ASKED, None)
    await broken.finds(key="CLAUSE_SYSTEM")
    assert (await overview(site, auditor))[site.mine].undecided == 1
    stands = await broken.stands(key="CLAUSE_INVESTMENT")
    assert (await overview(site, auditor))[site.mine].counts[P.BROKEN] == 1
    await broken.acts(operations.correct_breach, broken.check.lead, breach_id=stands.id, words="复查合格")
    assert (await overview(site, auditor))[site.mine].counts[P.KEPT] == 2


async def test_a_mine_shows_as_unsigned_from_the_minute_in_which_its_principal_or_what_it_rests_on_changes(
    site: Site, auditor: Actor
) -> None:
    await broken_of(site)
    await site.rows.execute("UPDATE mines SET disasters = '{GAS_OUTBURST}' WHERE id = $1", site.mine)
    mine = (await overview(site, auditor))[site.mine]
    assert (mine.status, mine.cause) == (S.OVERDUE, UnsignedCause.FACTS_CHANGED)
    await site.rows.execute("UPDATE posts SET to_day = $1, ended_at = $2", TODAY - timedelta(days=1), NOW)
    assert (await overview(site, auditor))[site.mine].cause is UnsignedCause.PRINCIPAL_CHANGED
    shown = await published(site)
    assert shown is not None
    assert (shown.status, shown.cause, shown.signed is not None) == (S.OVERDUE, UnsignedCause.PRINCIPAL_CHANGED, True)


async def test_the_overview_is_of_the_readers_reach_and_of_the_county_that_he_asks_for(
    site: Site, auditor: Actor
) -> None:
    await approve_template(site)
    own = await site.person(Role.LEAD, county=PANZHOU)
    assert set(await overview(site, own)) == {site.mine, site.closed_mine}
    assert set(await overview(site, auditor, county="520201")) == {site.far_mine}
    assert await overview(site, own, county="520201") == {}


async def test_the_overview_goes_on_where_a_page_ended_either_way(site: Site, auditor: Actor) -> None:
    await approve_template(site)
    whole = list((await overview(site, auditor)).values())
    first = list((await overview(site, auditor, limit=2)).values())
    behind = (first[-1].name, first[-1].id)
    rest = list((await overview(site, auditor, behind=behind)).values())
    assert [one.id for one in (*first, *rest)] == [one.id for one in whole]
    back = await overview(site, auditor, behind=(whole[-1].name, whole[-1].id), backwards=True, limit=2)
    assert list(back) == [one.id for one in whole[1::-1]]


async def test_overdue_is_who_produces_or_builds_and_has_signed_nothing_that_stands(site: Site, auditor: Actor) -> None:
    broken = await broken_of(site)
    assert set(await overview(site, auditor, overdue=True)) == {site.far_mine}
    assert await overview(site, auditor, overdue=True, now=NOW.replace(month=1, day=31)) == {}
    await site.rows.execute("UPDATE mines SET state = $1 WHERE id = $2", MineState.STOPPED.value, site.far_mine)
    assert await overview(site, auditor, overdue=True) == {}
    await site.put("commitment_endings", commitment_id=broken.commitment, mine_id=site.mine, county=PANZHOU,
                   office="GZ-1", cause="PRINCIPAL_CHANGED", ended_at=NOW)  # fmt: skip
    (late,) = (await overview(site, auditor, overdue=True)).values()
    assert (late.id, late.cause) == (site.mine, UnsignedCause.PRINCIPAL_CHANGED)


async def test_nobody_is_overdue_before_there_is_a_template(site: Site, auditor: Actor) -> None:
    assert await overview(site, auditor, overdue=True) == {}
    assert {one.status for one in (await overview(site, auditor)).values()} == {S.UNSIGNED, S.NOT_ASKED}


async def test_the_overview_takes_two_statements_whatever_is_in_it(site: Site, auditor: Actor) -> None:
    heard = statements_of(site.database)
    broken = await broken_of(site, said=SAID)
    for _ in range(2):
        for overdue in (False, True):
            begun = len(heard)
            await overview(site, auditor, overdue=overdue)
            assert len([one for one in heard[begun:] if "set_config" not in one]) == 2
        await broken.stands(key="CLAUSE_INVESTMENT")


async def test_what_everybody_reads_takes_two_statements_and_the_next_year_two_or_four(site: Site) -> None:
    heard = statements_of(site.database)
    await broken_of(site, said=SAID)
    for year in (YEAR + 1, YEAR + 2):
        await approve_template(site, year=year)

    async def renews(year: int) -> None:
        async with site.database.reading(stranger()) as sql:
            assert await queries.renewal_of(sql, site.mine, year) is not None

    for read, many in ((published(site), 2), (renews(YEAR + 1), 2), (renews(YEAR + 2), 4)):
        begun = len(heard)
        await read
        assert len([one for one in heard[begun:] if "set_config" not in one]) == many


async def test_anybody_reads_clause_by_clause_what_was_signed_and_what_was_broken(site: Site) -> None:
    broken = await broken_of(site, said=SAID)
    stands = await broken.stands(key="CLAUSE_INVESTMENT")
    shown = await published(site)
    assert shown is not None
    assert shown.signed is not None
    assert (shown.status, shown.signed.commitment_id, shown.signed.way) == (S.SIGNED, broken.commitment, "INK")
    by_key = {one.clause.key: one for one in shown.clauses}
    assert [one.clause.key for one in shown.clauses] == [one.key for one in clauses()]
    assert (by_key[GAS].standing, by_key[GAS].by_day, by_key[GAS].measure) == (P.NOT_YET, TODAY, "加装传感器")
    assert [by_key[f"CLAUSE_{one}"].standing for one in ("SYSTEM", "PEOPLE", "MAIN_SYSTEM", "INVESTMENT")] == [
        P.LATE, P.NOT_MET, P.KEPT, P.BROKEN,
    ]  # fmt: skip
    (one,) = by_key["CLAUSE_INVESTMENT"].breaks
    assert (one.id, one.day, one.since, one.corrected_at) == (stands.id, TODAY, stands.decided_at, None)
    tomorrow = await published(site, days=1)
    assert tomorrow is not None
    assert {one.clause.key: one.standing for one in tomorrow.clauses}[GAS] is P.LATE


async def test_what_was_corrected_is_kept_and_says_that_it_was_broken(site: Site) -> None:
    broken = await broken_of(site)
    stands = await broken.stands()
    await broken.acts(operations.correct_breach, broken.check.lead, breach_id=stands.id, words="复查合格")
    shown = await published(site)
    assert shown is not None
    gas = next(one for one in shown.clauses if one.clause.key == GAS)
    assert (gas.standing, gas.breaks[0].corrected_at is not None) == (P.KEPT, True)


async def test_what_is_not_decided_is_read_by_nobody_outside(site: Site) -> None:
    broken = await broken_of(site)
    await broken.finds()
    shown = await published(site)
    assert shown is not None
    assert all(not one.breaks for one in shown.clauses)


async def test_a_mine_that_signed_nothing_shows_so_and_one_that_nobody_knows_is_not_shown(site: Site) -> None:
    await approve_template(site)
    shown = await published(site, site.far_mine)
    assert shown is not None
    assert (shown.mine_name, shown.status, shown.clauses) == ("丙煤矿", S.OVERDUE, [])
    assert await published(site, uuid4()) is None


async def test_the_last_of_several_commitments_is_shown(site: Site) -> None:
    broken = await broken_of(site, said=SAID)
    later = await sign(site, broken.principal, at=NOW - timedelta(days=1), supersedes=broken.commitment)
    shown = await published(site)
    assert shown is not None
    assert shown.signed is not None
    assert shown.signed.commitment_id == later
    assert {one.standing for one in shown.clauses} == {P.KEPT}


async def test_clauses_are_laid_out_by_the_database_as_they_were_signed(site: Site) -> None:
    broken = await broken_of(site, said=SAID)
    rows = await site.rows.fetch("SELECT * FROM commitment_clauses ORDER BY ordinal")
    assert [(row["key"], row["outcome"], row["by_day"]) for row in rows] == [
        (one.key, *_said(one.key)) for one in clauses()
    ]
    assert {row["commitment_id"] for row in rows} == {broken.commitment}


def _said(key: str) -> tuple[str, date | None]:
    outcome, by_day = SAID.get(key, (AnswerOutcome.MET, None))
    return outcome.value, by_day
