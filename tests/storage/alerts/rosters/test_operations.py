"""Tests of the acts on duty rosters: what changes, what is refused, who may, what trace is left, who is told then."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.alerts.rosters import operations, queries, rules
from storage.alerts.rosters.comparing import DUTY_ABSENCES, DUTY_HANDOVERS, DUTY_PLANS
from storage.alerts.rosters.rules import Seat, on_duty
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.ledger import comparing
from storage.record.problems import NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.sites import NOW, PANZHOU, Site

SEAT = Seat(county=PANZHOU)
DAY = timedelta(days=1)
TABLES = ("duty_plans", "duty_handovers", "duty_absences", "entries")


async def counts(site: Site) -> list[int]:
    return [await site.counted(table) for table in TABLES]


async def acts(site: Site, actor: Actor, operation: Any, *, after: timedelta = timedelta(0), **given: Any) -> Any:
    return await perform(site.database, actor, NOW + after, operation, **given)


async def people(site: Site) -> tuple[Actor, Actor, Actor]:
    """A head who plans, and two who are on duty."""
    head = await site.person(Role.AGENCY_HEAD)
    return head, await site.person(Role.DUTY_OFFICER), await site.person(Role.DUTY_OFFICER)


async def plans(site: Site, head: Actor, *accounts: Actor, **changes: Any) -> Any:
    usual = {"id": uuid4(), "seat": SEAT, "begins_at": NOW, "ends_at": NOW + DAY}
    ids = [one.account_id for one in accounts]
    return await acts(site, head, operations.plan_duty, **{**usual, "accounts": ids, **changes})


async def told(site: Site, actor: Actor, *, after: timedelta = timedelta(0)) -> list[tuple[UUID, str | None]]:
    """Who is told at that minute, as the actor sees it."""
    async with site.database.reading(actor) as sql:
        roster = await queries.roster_of(sql, SEAT, now=NOW + after)
    return [(one.account_id, one.passed_over) for one in on_duty(roster, now=NOW + after)]


async def test_a_plan_says_who_is_told_and_a_later_one_takes_its_place(site: Site) -> None:
    head, one, two = await people(site)
    await plans(site, head, one, two)
    assert await told(site, one) == [(one.account_id, None), (two.account_id, None)]
    await acts(
        site, head, operations.plan_duty, after=timedelta(minutes=1), id=uuid4(), seat=SEAT, begins_at=NOW,
        ends_at=NOW + DAY, accounts=[two.account_id],
    )  # fmt: skip
    assert await told(site, one, after=timedelta(minutes=2)) == [(two.account_id, None)]
    assert await site.entries() == ["duty.planned", "duty.planned"]


async def test_the_same_plan_again_is_the_same_answer_and_other_content_a_conflict(site: Site) -> None:
    head, one, two = await people(site)
    plan = await plans(site, head, one)
    assert (await plans(site, head, one, id=plan.id)).planned_at == plan.planned_at
    with pytest.raises(rules.DutyConflict):
        await plans(site, head, two, id=plan.id)
    assert await site.entries() == ["duty.planned"]


async def test_a_shift_is_with_the_giver_until_it_is_taken(site: Site) -> None:
    head, one, two = await people(site)
    await plans(site, head, one)
    given: dict[str, Any] = {"id": uuid4(), "seat": SEAT, "to": two.account_id, "words": "三号井瓦斯抽采检修，凌晨回电"}
    handover = await acts(site, one, operations.hand_over_duty, **given)
    assert (await acts(site, one, operations.hand_over_duty, **given)).given_at == handover.given_at
    assert (await told(site, one))[0] == (one.account_id, None)
    with pytest.raises(rules.HandoverNotYours):
        await acts(site, head, operations.take_over_duty, handover_id=handover.id)
    taken = await acts(site, two, operations.take_over_duty, after=timedelta(minutes=1), handover_id=handover.id)
    again = await acts(site, two, operations.take_over_duty, after=timedelta(minutes=2), handover_id=handover.id)
    assert taken.taken_at == again.taken_at == NOW + timedelta(minutes=1)
    assert (await told(site, one, after=timedelta(minutes=2)))[0] == (two.account_id, None)
    assert await site.entries() == ["duty.planned", "duty.handed_over", "duty.taken_over"]
    with pytest.raises(rules.NotOnDuty):
        await acts(site, one, operations.hand_over_duty, after=timedelta(minutes=3), **(given | {"id": uuid4()}))


async def test_whoever_is_underground_or_excused_is_passed_over_until_he_is_back(site: Site) -> None:
    head, one, two = await people(site)
    await plans(site, head, one, two)
    minute = timedelta(minutes=1)
    await acts(site, one, operations.go_underground, id=uuid4(), since=NOW)
    until = NOW + timedelta(hours=2)
    await acts(site, head, operations.excuse_from_duty, id=uuid4(), account_id=two.account_id, since=NOW, until=until,
               reason="培训")  # fmt: skip
    assert await told(site, head, after=minute) == [(one.account_id, "UNDERGROUND"), (two.account_id, "EXCUSED")]
    with pytest.raises(rules.AlreadyUnderground):
        await acts(site, one, operations.go_underground, after=minute, id=uuid4(), since=NOW)
    await acts(site, one, operations.come_up, after=minute)
    assert (await told(site, head, after=minute * 2))[0] == (one.account_id, None)
    assert (await told(site, head, after=timedelta(hours=2)))[1] == (two.account_id, None)
    with pytest.raises(rules.NotUnderground):
        await acts(site, one, operations.come_up, after=minute)
    assert await site.entries() == ["duty.planned", "duty.absent", "duty.absent", "duty.back"]


async def test_a_descent_is_never_dated_into_the_future(site: Site) -> None:
    _, one, _ = await people(site)
    absence = await acts(site, one, operations.go_underground, id=uuid4(), since=NOW + DAY)
    assert absence.since == NOW


async def test_a_desk_that_tells_that_it_is_awake_is_not_silent(site: Site) -> None:
    head, one, _ = await people(site)
    await plans(site, head, one)
    await acts(site, one, operations.keep_desk_awake)
    async with site.database.reading(head) as sql:
        roster = await queries.roster_of(sql, SEAT, now=NOW)
    assert [on_duty(roster, now=NOW + timedelta(seconds=late))[0].silent for late in (60, 61)] == [False, True]
    assert await site.entries() == ["duty.planned"]


@pytest.mark.parametrize("who", ["stranger_to_duty", "closed", "elsewhere"])
async def test_nobody_is_planned_who_may_not_answer_for_the_seat(site: Site, who: str) -> None:
    head, one, _ = await people(site)
    other = {
        "stranger_to_duty": lambda: site.person(Role.ARCHIVIST),
        "closed": lambda: site.person(Role.DUTY_OFFICER),
        "elsewhere": lambda: site.person(Role.DUTY_OFFICER, county="520201"),
    }[who]
    account = await other()
    if who == "closed":
        await site.rows.execute("UPDATE accounts SET closed_at = $2 WHERE id = $1", account.account_id, NOW)
    before = await counts(site)
    with pytest.raises(rules.DutyOfNobody):
        await plans(site, head, one, account)
    assert await counts(site) == before


@pytest.mark.parametrize("role", [role for role in Role if Verb.DUTY_PLAN not in ROLE_VERBS[role]])
async def test_no_other_role_plans_duty(site: Site, role: Role) -> None:
    actor = await site.person(role)
    before = await counts(site)
    with pytest.raises(NotAllowed):
        await plans(site, actor, actor)
    assert await counts(site) == before


@pytest.mark.parametrize("role", [role for role in Role if Verb.DUTY_HAND_OVER not in ROLE_VERBS[role]])
async def test_no_other_role_hands_over_goes_down_or_comes_up(site: Site, role: Role) -> None:
    head, one, _ = await people(site)
    actor = await site.person(role)
    await plans(site, head, one)
    before = await counts(site)
    given: dict[Any, dict[str, Any]] = {
        operations.hand_over_duty: {"id": uuid4(), "seat": SEAT, "to": one.account_id, "words": "交班"},
        operations.go_underground: {"id": uuid4(), "since": NOW},
        operations.come_up: {},
    }
    for operation, arguments in given.items():
        with pytest.raises(NotAllowed):
            await acts(site, actor, operation, **arguments)
    assert await counts(site) == before


async def test_another_countys_duty_is_not_there(site: Site) -> None:
    head, one, two = await people(site)
    await plans(site, head, one)
    handover = await acts(site, one, operations.hand_over_duty, id=uuid4(), seat=SEAT, to=two.account_id, words="交班")
    far = await site.person(Role.DUTY_OFFICER, county="520201")
    assert await told(site, far) == []
    with pytest.raises(NotFound):
        await acts(site, far, operations.take_over_duty, handover_id=handover.id)
    before = await counts(site)
    for id in (uuid4(), (await plans(site, head, one)).id):
        with pytest.raises(Problem):
            await plans(site, far, far, id=id)
    assert (await counts(site))[1:3] == before[1:3]


async def test_rosters_of_many_seats_are_told_in_three_statements(site: Site) -> None:
    head, one, _ = await people(site)
    await plans(site, head, one)
    seats = [SEAT, Seat(county="520201"), Seat(office="GZ-1")]
    async with site.database.reading(head) as sql:
        heard: list[str] = []
        sql.add_query_logger(lambda logged: heard.append(logged.query))
        found = await queries.rosters_of(sql, seats, now=NOW)
    assert set(found) == set(seats)
    assert len(heard) == 3


async def test_the_rows_are_what_their_entries_say(site: Site) -> None:
    head, one, two = await people(site)
    await plans(site, head, one)
    handover = await acts(site, one, operations.hand_over_duty, id=uuid4(), seat=SEAT, to=two.account_id, words="交班")
    await acts(site, two, operations.take_over_duty, handover_id=handover.id)
    await acts(site, one, operations.go_underground, id=uuid4(), since=NOW)
    await acts(site, one, operations.come_up, after=timedelta(seconds=1))

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await site.rows.fetch(statement, *arguments)

    for comparison in (DUTY_PLANS, DUTY_HANDOVERS, DUTY_ABSENCES):
        assert [one async for one in comparing.differences(page, comparison)] == []
    await site.rows.execute("UPDATE duty_plans SET accounts = '{}'")
    assert [one.column async for one in comparing.differences(page, DUTY_PLANS)] == ["accounts"]
