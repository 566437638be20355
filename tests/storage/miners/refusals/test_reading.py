"""Tests of who reads what of refusals: the mine conditions alone, a miner his places, and whom nothing leads to."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.miners.refusals import examining, following, queries, rules
from storage.miners.refusals.comparing import RETALIATIONS
from storage.miners.refusals.retaliating import Examined
from storage.miners.refusals.tables import RetaliationStepKind as Revenge
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.law import BUILT_IN
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import perform
from storage.register.people.tables import ShiftKind
from tests.factories.desk import Desk
from tests.factories.refusals import LATER, Ground, ground_of
from tests.sites import NOW, SHUICHENG, Site
from tests.storage.miners.refusals.test_operations import differences, refused

TODAY = day_of(NOW)


@pytest.fixture
async def ground(site: Site, workers: Database) -> Ground:
    return await ground_of(site, workers)


async def workplace(site: Site, name: str) -> UUID:
    id = uuid4()
    await site.put("workplaces", id=id, mine_id=site.mine, county="520281", office="GZ-1", name=name,
                   kind="COAL_FACE", underground=True, from_day=date(2026, 1, 1), recorded_at=NOW)  # fmt: skip
    return id


async def works_at(site: Site, place: UUID, account: UUID | None, *, since: date = date(2026, 1, 1)) -> UUID:
    person, shift = uuid4(), uuid4()
    site.number += 1
    await site.put("persons", id=person, mine_id=site.mine, county="520281", office="GZ-1", name=f"工人{site.number}",
                   account_id=account, registered_at=NOW, sample=False)  # fmt: skip
    await site.put("shifts", id=shift, mine_id=site.mine, county="520281", office="GZ-1", kind="MIDDLE", starts=480,
                   ends=960, from_day=date(2025, 1, 1), to_day=date(2026, 12, 31), recorded_at=NOW)  # fmt: skip
    await site.put("assignments", id=uuid4(), person_id=person, workplace_id=place, shift_id=shift, mine_id=site.mine,
                   county="520281", office="GZ-1", from_day=since, recorded_at=NOW)  # fmt: skip
    return person


async def own(ground: Ground, actor: Actor, day: date = TODAY) -> list[UUID]:
    async with ground.site.database.reading(actor.seeing(Verb.REFUSAL_READ_OWN)) as sql:
        return [one.id for one in await queries.refusals_at(sql, actor, day=day)]


async def test_whoever_works_at_a_place_reads_what_is_refused_there_and_his_mine_reads_all(ground: Ground) -> None:
    here, there = await workplace(ground.site, "1201综采工作面"), await workplace(ground.site, "1302掘进工作面")
    await works_at(ground.site, here, ground.miner.account_id)
    at_his = (await ground.refuses(workplace_id=here)).id
    elsewhere = (await ground.refuses(workplace_id=there)).id
    anywhere = (await ground.refuses(place="副井")).id
    assert set(await own(ground, ground.miner)) == {at_his, anywhere}
    assert set(await own(ground, ground.principal)) == {at_his, elsewhere, anywhere}
    far = await ground.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=ground.site.far_mine)
    assert await own(ground, far) == []


async def test_what_stands_is_read_on_later_days_and_what_was_lifted_on_its_own_day_alone(ground: Ground) -> None:
    row = await ground.refuses()
    tomorrow = TODAY + timedelta(days=1)
    assert await own(ground, ground.principal, tomorrow) == [row.id]
    await ground.site.rows.execute("UPDATE refusals SET lifted_at = $1", NOW)
    assert await own(ground, ground.principal, tomorrow) == []
    assert await own(ground, ground.principal) == [row.id]


async def test_duty_officers_list_what_stands_in_their_county(ground: Ground) -> None:
    row = await ground.refuses()
    await ground.refuses(shift=ShiftKind.NIGHT, day=TODAY + timedelta(days=2))
    far = await ground.site.person(Role.DUTY_OFFICER, county=SHUICHENG)
    for actor, expected in ((ground.duty, [row.id]), (far, [])):
        async with ground.site.database.reading(actor) as sql:
            found = await queries.refusals_visible_to(sql, actor, limit=10, standing_on=TODAY)
        assert [one.id for one in found] == expected


async def test_nobody_of_the_mine_reads_a_row_that_counts_or_leads_to_a_reporter(ground: Ground) -> None:
    await ground.refuses()
    await ground.refuses()
    await ground.waits()
    await ground.suffers()
    clerk = await ground.site.person(Role.MINE_CLERK, county=None, mine_id=ground.site.mine)
    for actor in (ground.principal, clerk, ground.miner):
        async with ground.site.database.reading(actor) as sql:
            for table in ("refusal_standings", "refusal_steps", "refusal_filings", "check_tasks", "later_checks",
                          "retaliations", "retaliation_steps", "reports", "rewards", "incidents"):  # fmt: skip
                assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0, table
            kinds = await sql.fetch(
                "SELECT e.kind FROM payloads p JOIN entries e ON e.id = p.entry_id"
                " WHERE split_part(e.kind, '.', 1) IN ('refusal', 'retaliation', 'report', 'reward')"
            )
        assert kinds == []


async def test_changes_of_posts_are_those_of_all_and_only_where_somebody_reported(ground: Ground) -> None:
    place = await workplace(ground.site, "1201综采工作面")
    await works_at(ground.site, place, None, since=TODAY - timedelta(days=300))
    moved = await works_at(ground.site, place, None, since=TODAY - timedelta(days=10))

    async def read(actor: Actor) -> list[UUID]:
        async with ground.site.database.reading(actor) as sql:
            found = await following.post_changes(sql, mine_id=ground.site.mine, today=TODAY, law=BUILT_IN)
        return [one.person_id for one in found]

    assert await read(ground.verification) == []
    await ground.refuses()
    assert await read(ground.verification) == [moved]
    await ground.site.put("posts", id=uuid4(), person_id=moved, mine_id=ground.site.mine, county="520281",
                          office="GZ-1", kind="WORKER", from_day=date(2024, 1, 1), to_day=TODAY, recorded_at=NOW,
                          ended_at=NOW, flags=[])  # fmt: skip
    assert await read(ground.verification) == [moved, moved]
    assert await read(ground.duty) == []


async def test_the_reporter_is_asked_on_days_that_are_kept_nowhere(ground: Ground) -> None:
    await ground.refuses()
    await ground.waits()
    for number, count in ((0, 4), (1, 0)):
        async with ground.site.database.reading(ground.reporter_of(number)) as sql:
            days = await following.follow_ups_of(sql, BUILT_IN, ground.reports[number])
        assert len(days) == count


async def examines(ground: Ground, matter: UUID, kind: Revenge, by: Actor | None = None, **asked: Any) -> Any:
    given = Examined(**{"id": uuid4(), "kind": kind, "words": "调取了考勤和工资记录", **asked})
    return await perform(
        ground.site.database, by or ground.verification, LATER, examining.examine_retaliation, retaliation_id=matter,
        examined=given,
    )  # fmt: skip


async def test_20_revenge_is_a_matter_of_its_own_that_ends_in_a_case(ground: Ground) -> None:
    row = await ground.suffers()
    assert (row.upper, row.state, row.reported_at) == ("5202", Revenge.REPORTED, NOW)
    await refused(ground, rules.RetaliationNotLookedInto, examines(ground, row.id, Revenge.NOT_ESTABLISHED))
    id = uuid4()
    for _ in range(2):
        await examines(ground, row.id, Revenge.LOOKED_INTO, id=id)
    await refused(
        ground,
        rules.RetaliationStepConflict,
        examines(ground, row.id, Revenge.LOOKED_INTO, id=id, words="说了别的话"),
    )
    await refused(ground, rules.RetaliationWithoutCase, examines(ground, row.id, Revenge.ESTABLISHED, case_id=uuid4()))
    desk = Desk(ground.check, ground.head, await ground.site.person(Role.LEGAL_REVIEWER))
    await desk.file()
    ended = await examines(ground, row.id, Revenge.ESTABLISHED, case_id=desk.id)
    assert ended.state is Revenge.ESTABLISHED
    async with ground.site.database.reading(ground.reporter_of()) as sql:
        told = await following.steps_of(sql, ground.reports[-1])
    assert [(one.of, one.kind) for one in told] == [
        ("RETALIATION", "REPORTED"), ("RETALIATION", "LOOKED_INTO"), ("RETALIATION", "ESTABLISHED"),
    ]  # fmt: skip
    assert await differences(ground, RETALIATIONS) == []


async def test_revenge_is_read_one_level_up_and_at_the_county_by_its_verification_alone(ground: Ground) -> None:
    await ground.suffers()
    city = await ground.site.person(Role.AGENCY_HEAD, county=None, division="5202")
    for actor, count in (
        (ground.verification, 1),
        (city, 1),
        (ground.duty, 0),
        (ground.head, 0),
        (ground.check.lead, 0),
    ):
        async with ground.site.database.reading(actor) as sql:
            assert len(await examining.retaliations_visible_to(sql, limit=10)) == count
            payloads = await sql.fetchval(
                "SELECT count(*) FROM payloads p JOIN entries e ON e.id = p.entry_id WHERE e.kind LIKE 'retaliation.%'"
            )
            assert payloads == (1 if actor is city else 0)


async def test_no_other_role_examines_revenge_and_nothing_is_recorded(ground: Ground) -> None:
    row = await ground.suffers()
    for role in Role:
        if Verb.RETALIATION_EXAMINE in ROLE_VERBS[role]:
            continue
        county = None if role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER) else "520281"
        person = await ground.site.person(role, county=county, mine_id=None if county else ground.site.mine)
        before = await ground.site.counted("entries")
        with pytest.raises((NotAllowed, NotFound)):
            await examines(ground, row.id, Revenge.LOOKED_INTO, by=person)
        assert await ground.site.counted("entries") == before
