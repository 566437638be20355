"""Tests of ordering measures and taking steps in them: what they keep and refuse, who may, and their traces."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.casework.measures import lacks, operations, queries, rules, steps
from storage.casework.measures.comparing import MEASURES
from storage.casework.measures.steps import MeasureApprovalLacking
from storage.casework.measures.tables import Lacking, StepOutcome, Turn
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.law import BUILT_IN
from storage.record.ledger.comparing import differences
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.factories.measures import Ordered, order_of, orders
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site

TABLES = ("measures", "measure_findings", "measure_steps", "measure_deadlines", "entries")
K = Turn


@pytest.fixture
async def check(site: Site) -> Check:
    return await make_check(site)


@pytest.fixture
async def head(site: Site) -> Actor:
    return await site.person(Role.AGENCY_HEAD)


async def refused(check: Check, problem: type[Problem], act: Any) -> None:
    before = [await check.site.counted(table) for table in TABLES]
    with pytest.raises(problem):
        await act
    assert before == [await check.site.counted(table) for table in TABLES]


async def lacking(measure: Ordered, *, at: datetime = NOW) -> dict[Lacking, lacks.Lack]:
    async with measure.check.site.database.reading(measure.check.lead) as sql:
        history = (await queries.histories_of(sql, [measure.id]))[measure.id]
    return {one.code: one for one in lacks.lacks_of(history, BUILT_IN, now=at)}


async def state_of_the_mine(check: Check) -> str:
    return str(await check.site.rows.fetchval("SELECT state FROM mines WHERE id = $1", check.site.mine))


async def province(check: Check) -> Actor:
    """Somebody who sees all rows and entries."""
    return await check.site.person(Role.AUDITOR, county="52", certificate=None)


async def due(check: Check, at: datetime) -> list[tuple[str, int]]:
    async with check.site.database.reading(await province(check)) as sql:
        return [(key, number) for _, key, number in await queries.overdue(sql, now=at, limit=100)]


async def agrees(check: Check) -> None:
    """The rows are what their entries say, as the doctor would look at it."""
    everybody = await province(check)

    async def page(statement: str, arguments: tuple[Any, ...]) -> "list[asyncpg.Record]":
        async with check.site.database.reading(everybody) as sql:
            return await sql.fetch(statement, *arguments)

    assert [one async for one in differences(page, MEASURES)] == []


async def test_a_withdrawal_by_one_officer_with_a_lapsed_certificate_is_kept_and_made_good(site: Site) -> None:
    check = await make_check(site, certificate=(date(2025, 1, 1), NOW.date() - timedelta(days=1)))
    measure = await orders(check, "WITHDRAW_PEOPLE", uuid4(), by=check.inspector)  # The finding is still on the phone.
    found = await lacking(measure)
    assert {Lacking.NO_FINDING, Lacking.MEASURE_NOT_CONFIRMED, Lacking.PEOPLE_NOT_TOLD} <= set(found)
    assert found[Lacking.NO_FINDING].due_at == NOW + timedelta(hours=24)
    assert await due(check, NOW + timedelta(hours=24)) == [("defect_made_good", 1)]
    finding, third = await check.finds(kind="GAS_OVER_LIMIT", unsafe=True), uuid4()
    await measure.takes(check.lead, K.FINDING_NAMED, subject_id=finding.id)
    await measure.takes(check.lead, K.CONFIRMED)
    assert Lacking.MEASURE_NOT_CONFIRMED in await lacking(measure)
    await site.put("certificates", id=third, account_id=check.inspector.account_id, number="GZ-NEW",
                   valid_from=NOW.date(), valid_to=date(2028, 1, 1), issued_at=NOW)  # fmt: skip
    await measure.takes(check.inspector, K.CONFIRMED, at=NOW + timedelta(hours=1))
    assert {Lacking.NO_FINDING, Lacking.MEASURE_NOT_CONFIRMED} & set(await lacking(measure)) == set()
    assert await due(check, NOW + timedelta(hours=48)) == []
    await agrees(check)


async def test_danger_forces_a_withdrawal_that_is_due_until_one_is_ordered(check: Check) -> None:
    finding = await check.finds(kind="GAS_OVER_LIMIT", unsafe=True)
    await check.finds()

    async def due_now() -> list[UUID]:
        async with check.site.database.reading(check.lead) as sql:
            return await queries.withdrawals_due(sql, limit=10)

    assert await due_now() == [finding.id]
    await orders(check, "CORRECT_ON_SITE", finding.id)
    assert await due_now() == [finding.id]
    await orders(check, "WITHDRAW_PEOPLE", finding.id)
    assert await due_now() == []


async def test_a_withdrawal_ends_with_nobody_below_a_signed_recheck_and_the_heads_leave(
    check: Check, head: Actor
) -> None:
    finding = await check.finds(unsafe=True)
    measure = await orders(check, "WITHDRAW_PEOPLE", finding.id)
    later = [NOW + timedelta(minutes=10 * number) for number in range(8)]
    await measure.takes(check.lead, K.TOLD, words="调度电话", was=NOW, at=later[1])
    await measure.takes(check.lead, K.HEADS_COUNTED, number=12, at=later[1])
    await refused(check, steps.HeadCountNotZero, measure.takes(head, K.LIFTED, at=later[2]))
    await measure.takes(check.inspector, K.HEADS_COUNTED, number=0, at=later[3])
    await refused(check, steps.MeasureNotCorrected, measure.takes(head, K.LIFTED, at=later[4]))
    await measure.rechecked(at=later[5])
    row = await measure.takes(head, K.LIFTED, at=later[6])
    assert (row.state, row.closed_at) == ("LIFTED", later[6])
    assert (await check.site.entries())[-1] == "measure.lifted"
    await agrees(check)


async def test_an_unlawful_order_without_danger_is_refused_and_nothing_is_recorded(check: Check, head: Actor) -> None:
    finding = await check.finds()
    other = await make_check(check.site)
    for problem, key, findings, given in (
        (BadInput, "CORRECT_ON_SITE", [finding.id], {"reason": ""}),
        (rules.MeasureKindUnknown, "SHOUT", [finding.id], {}),
        (rules.MeasureWithoutFinding, "CORRECT_ON_SITE", [], {}),
        (rules.FindingOfAnotherMine, "CORRECT_ON_SITE", [uuid4()], {}),
        (rules.TermMissing, "CORRECT_BY_TERM", [finding.id], {}),
        (MeasureApprovalLacking, "SEAL", [finding.id], {}),
        (MeasureApprovalLacking, "SEAL", [finding.id], {"approver_id": check.inspector.account_id}),
        (rules.StopWithoutDecision, "STOP_TO_RECTIFY", [finding.id], {"approver_id": head.account_id}),
        (rules.CutConditionMissing, "CUT_POWER", [finding.id], {"approver_id": head.account_id}),
        (NotFound, "CUT_POWER", [finding.id], {"enforces": uuid4()}),
    ):
        await refused(check, problem, orders(check, key, *findings, **given))
    strange = replace(order_of(check, "CORRECT_ON_SITE", finding.id), inspection_id=other.id)
    await refused(check, NotAnOfficer, check.acts(check.lead, operations.order_measure, order=strange))
    nowhere = replace(strange, inspection_id=uuid4())
    await refused(check, NotFound, check.acts(check.lead, operations.order_measure, order=nowhere))
    danger = replace(strange, kind="STOP_PRODUCTION", danger=True)  # Whoever sees the danger stops it.
    await check.acts(check.lead, operations.order_measure, order=danger)
    told_on_site = replace(danger, id=uuid4(), reason="", approver_id=uuid4(), enforces=uuid4())
    await check.acts(check.lead, operations.order_measure, order=told_on_site)


async def test_the_same_order_and_the_same_step_again_are_the_same_act_and_others_conflict(check: Check) -> None:
    finding, step = await check.finds(), uuid4()
    order = order_of(check, "CORRECT_BY_TERM", finding.id, days=10)
    for _ in range(2):
        row = await check.acts(check.lead, operations.order_measure, order=order)
        measure = Ordered(check, row.id)
        await measure.takes(check.lead, K.HEADS_COUNTED, id=step, number=3)
    assert [await check.site.counted(table) for table in TABLES[:3]] == [1, 1, 2]
    changed = replace(order, reason="另一个理由")
    await refused(check, rules.MeasureConflict, check.acts(check.lead, operations.order_measure, order=changed))
    again = measure.takes(check.lead, K.HEADS_COUNTED, id=step, number=4)
    await refused(check, steps.MeasureStepConflict, again)
    foreign = measure.takes(check.inspector, K.HEADS_COUNTED, id=step, number=3)
    await refused(check, steps.MeasureStepConflict, foreign)
    await refused(check, NotFound, Ordered(check, uuid4()).takes(check.lead, K.TOLD, words="电话"))


async def test_the_mine_reports_and_asks_and_two_officers_recheck_and_close_out(check: Check, head: Actor) -> None:
    clerk = await check.site.person(Role.MINE_CLERK, county=None, mine_id=check.site.mine)
    measure = await orders(check, "CORRECT_BY_TERM", (await check.finds()).id, days=10)
    await measure.takes(check.inspector, K.CONFIRMED)
    await measure.takes(clerk, K.EXTENSION_ASKED, until=date(2026, 12, 9), words="设备未到")
    await measure.takes(head, K.EXTENSION_GRANTED, until=date(2026, 12, 9), words="同意")
    assert ("correction_term", 1) not in await due(check, NOW + timedelta(days=12))
    row = await measure.takes(clerk, K.CORRECTION_REPORTED, words="已更换传感器", at=NOW + timedelta(days=3))
    assert row.state == "REPORTED"
    assert ("recheck", 1) in await due(check, NOW + timedelta(days=14))
    row = await measure.rechecked(StepOutcome.NOT_CORRECTED, at=NOW + timedelta(days=4))
    assert row.state == "NOT_CORRECTED"
    await refused(check, steps.MeasureNotCorrected, measure.takes(check.lead, K.CLOSED_OUT))
    assert (await measure.rechecked(at=NOW + timedelta(days=5))).state == "CORRECTED"
    assert (await measure.takes(check.lead, K.CLOSED_OUT, at=NOW + timedelta(days=6))).state == "CLOSED_OUT"
    assert await due(check, NOW + timedelta(days=60)) == []
    await agrees(check)


async def test_policy_11_the_follower_is_an_open_account_of_the_county(check: Check) -> None:
    measure = await orders(check, "CORRECT_BY_TERM", (await check.finds()).id, days=10)
    far = await check.site.person(Role.INSPECTOR, county=ZHONGSHAN)
    clerk = await check.site.person(Role.MINE_CLERK, county=None, mine_id=check.site.mine)
    for stranger in (far, clerk):
        wrong = measure.takes(check.lead, K.FOLLOWER_NAMED, subject_id=stranger.account_id)
        await refused(check, steps.FollowerNotOfTheCounty, wrong)
    await measure.takes(check.lead, K.FOLLOWER_NAMED, subject_id=check.inspector.account_id)
    assert Lacking.NO_FOLLOWER not in await lacking(measure)
    await check.site.rows.execute("UPDATE accounts SET closed_at = $2 WHERE id = $1", check.inspector.account_id, NOW)
    assert Lacking.FOLLOWER_LEFT in await lacking(measure)
    unreasoned = measure.takes(check.lead, K.FOLLOWER_NAMED, subject_id=check.lead.account_id)
    await refused(check, steps.HandedOnWithoutReason, unreasoned)
    await measure.takes(check.lead, K.FOLLOWER_NAMED, subject_id=check.lead.account_id, words="离任移交")
    assert Lacking.FOLLOWER_LEFT not in await lacking(measure)


async def test_a_hazard_of_the_branch_office_goes_to_the_department_is_tracked_and_verified_underground(
    check: Check, head: Actor
) -> None:
    office = await check.site.person(Role.LEAD, county=None, office="GZ-1")
    measure = await orders(check, "CORRECT_BY_TERM", (await check.finds(kind="GAS_OVER_LIMIT")).id, days=10)
    await measure.takes(check.inspector, K.CONFIRMED)
    await measure.takes(head, K.SUPERVISED, words="CITY")
    await refused(check, steps.WrongHand, measure.takes(check.lead, K.HANDED_OVER, words="盘州市能源局"))
    await measure.takes(office, K.HANDED_OVER, words="盘州市能源局，黔矿安移〔2026〕1号")
    await refused(check, steps.WrongHand, measure.takes(office, K.HANDOVER_RECEIVED))
    await measure.takes(check.lead, K.HANDOVER_RECEIVED)
    assert ("supervision_tracking", 1) in await due(check, NOW + timedelta(days=31))
    await measure.takes(office, K.TRACKED, words="整改过半", at=NOW + timedelta(days=20))
    assert ("supervision_tracking", 1) not in await due(check, NOW + timedelta(days=31))
    later, id = NOW + timedelta(days=21), uuid4()
    await measure.rechecked(at=later)
    piece, place = await check.piece(), check.underground
    unknown: dict[str, Any] = {"outcome": StepOutcome.CORRECTED, "words": "已整改"}
    for changes in ({"evidence": (uuid4(),), "place_id": place}, {"evidence": (piece,), "place_id": uuid4()}):
        await refused(check, NotFound, measure.takes(check.lead, K.VERIFIED, **(unknown | changes)))
    await measure.takes(check.lead, K.VERIFIED, id=id, at=later, evidence=(piece,), place_id=place, **unknown)
    assert Lacking.NOT_VERIFIED_ON_SITE in await lacking(measure, at=later)
    await measure.takes(check.inspector, K.VERIFICATION_SIGNED, subject_id=id, at=later)
    assert (await measure.takes(check.lead, K.CLOSED_OUT, at=later)).state == "CLOSED_OUT"
    await agrees(check)


async def a_stop(check: Check, head: Actor) -> Ordered:
    finding = await check.finds(kind="GAS_OVER_LIMIT", producing=True)
    return await orders(check, "STOP_TO_RECTIFY", finding.id, decision="黔矿安罚〔2026〕1号",
                        approver_id=head.account_id)  # fmt: skip


async def test_57_the_head_of_the_city_above_is_known_to_the_county_that_orders(check: Check) -> None:
    above = await check.site.person(Role.AGENCY_HEAD, county="5202")
    elsewhere = await check.site.person(Role.AGENCY_HEAD, county="520524")
    finding = await check.finds(kind="GAS_OVER_LIMIT", producing=True)
    stop = partial(orders, check, "STOP_TO_RECTIFY", finding.id, decision="黔矿安罚〔2026〕1号")
    await refused(check, steps.MeasureApprovalLacking, stop(approver_id=elsewhere.account_id))
    await stop(approver_id=above.account_id)
    assert await state_of_the_mine(check) == "SUSPENDED"


async def test_regulation_48_the_mine_is_suspended_until_three_persons_signed_and_then_what_it_was(
    check: Check, head: Actor
) -> None:
    measure = await a_stop(check, head)
    assert await state_of_the_mine(check) == "SUSPENDED"
    danger = await orders(check, "STOP_PRODUCTION", (await check.finds(unsafe=True)).id)
    assert await state_of_the_mine(check) == "SUSPENDED"
    clerk = await check.site.person(Role.MINE_CLERK, county=None, mine_id=check.site.mine)
    office = await check.site.person(Role.AGENCY_HEAD, county=None, office="GZ-1")
    mayor = await check.site.person(Role.GOVERNMENT_HEAD)
    await measure.takes(head, K.APPROVED)
    await measure.takes(clerk, K.RESTART_ASKED, words="整改完毕")
    await measure.takes(check.lead, K.ACCEPTANCE_HELD, outcome=StepOutcome.PASSED)
    await refused(check, steps.SignatureOutOfOrder, measure.takes(mayor, K.RESTART_APPROVED))
    await refused(check, steps.WrongHand, measure.takes(office, K.RESTART_SIGNED))
    await measure.takes(head, K.RESTART_SIGNED)
    await refused(check, steps.WrongHand, measure.takes(head, K.RESTART_AGREED))
    await measure.takes(office, K.RESTART_AGREED)
    assert (await measure.takes(mayor, K.RESTART_APPROVED, at=NOW + timedelta(hours=1))).state == "RESTARTED"
    assert await state_of_the_mine(check) == "STOPPED"  # The other stop still stands.
    await danger.rechecked(at=NOW + timedelta(hours=2))
    await danger.takes(head, K.LIFTED, at=NOW + timedelta(hours=3))
    assert await state_of_the_mine(check) == "PRODUCING"
    assert {"stop_announced", "restart_announced"} <= {key for key, _ in await due(check, NOW + timedelta(days=14))}
    told = await measure.takes(
        check.lead, K.ANNOUNCED, outcome=StepOutcome.RESTART, words="门户网站", at=NOW + timedelta(hours=2)
    )
    assert (told.state, told.closed_at) == ("RESTARTED", NOW + timedelta(hours=1)), "条例49 comes after the end"
    await agrees(check)


async def test_a_stop_that_the_head_disapproves_of_leads_the_mine_back_and_a_closed_mine_stays_closed(
    check: Check, head: Actor
) -> None:
    measure = await a_stop(check, head)
    await measure.takes(head, K.DISAPPROVED, words="没有根据")
    assert await state_of_the_mine(check) == "PRODUCING"
    await check.site.rows.execute("UPDATE mines SET state = 'CLOSED' WHERE id = $1", check.site.mine)
    await orders(check, "STOP_PRODUCTION", danger=True)
    assert await state_of_the_mine(check) == "CLOSED"


async def test_safety_law_70_a_refused_stop_is_enforced_by_cutting_power_after_notice(
    check: Check, head: Actor
) -> None:
    hazard = (await check.finds(kind="GAS_OVER_LIMIT", producing=True)).id
    stop = await orders(check, "STOP_PRODUCTION", hazard)
    given: dict[str, Any] = {"danger": True, "safe": True, "approver_id": head.account_id, "enforces": stop.id}
    await refused(check, rules.CutConditionMissing, orders(check, "CUT_POWER", hazard, **given))
    await stop.rechecked(StepOutcome.REFUSED)
    cut = await orders(check, "CUT_POWER", hazard, **given)
    await cut.takes(check.inspector, K.CONFIRMED)
    await refused(check, steps.MeasureApprovalLacking, cut.takes(check.lead, K.MINE_NOTIFIED))
    await cut.takes(head, K.APPROVED)
    await refused(check, steps.MineNotNotified, cut.takes(check.lead, K.SUPPLIER_NOTIFIED, words="盘州供电局"))
    await cut.takes(check.lead, K.MINE_NOTIFIED)
    early, right = NOW + timedelta(hours=23), NOW + timedelta(hours=24, seconds=1)
    await refused(check, steps.CutTooEarly, cut.takes(check.lead, K.SUPPLIER_NOTIFIED, words="盘州供电局", at=early))
    await cut.takes(check.lead, K.SUPPLIER_NOTIFIED, words="盘州供电局", at=right)
    await cut.rechecked(at=right)
    assert Lacking.LIFTING_DUE in await lacking(cut, at=right)
    assert (await cut.takes(head, K.LIFTED, at=right + timedelta(hours=1))).state == "LIFTED"
    await agrees(check)


async def test_a_phone_ahead_of_time_and_a_fact_from_tomorrow_are_kept_as_of_now(check: Check) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE", ordered_at=NOW + timedelta(hours=5))
    await measure.takes(check.lead, K.HEADS_COUNTED, number=0, was=NOW + timedelta(days=1), at=NOW + timedelta(hours=1))
    assert Lacking.HEAD_COUNT_NOT_ZERO not in await lacking(measure, at=NOW + timedelta(hours=1))
    await agrees(check)


async def test_what_was_ordered_and_done_is_changed_by_no_hand(check: Check) -> None:
    await orders(check, "WITHDRAW_PEOPLE")
    tables = ("measures", "measure_steps", "measure_findings", "measure_deadlines")
    changes = ("UPDATE measures SET reason = 'x'", "UPDATE measure_steps SET number = 0")
    for statement in (*changes, *(f"DELETE FROM {table}" for table in tables)):
        async with check.site.database.transaction(check.lead) as (_, sql):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await sql.execute(statement)
    with pytest.raises(asyncpg.PostgresError, match="immutable"):
        await check.site.rows.execute("UPDATE measure_steps SET number = 0")


async def test_the_doctor_sees_a_step_that_was_changed_behind_the_record(check: Check) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE")
    await measure.takes(check.lead, K.HEADS_COUNTED, number=9, at=NOW + timedelta(minutes=1))
    await check.site.rows.execute("ALTER TABLE measure_steps DISABLE TRIGGER never_changed")
    await check.site.rows.execute("UPDATE measure_steps SET number = 0 WHERE number = 9")
    with pytest.raises(AssertionError):
        await agrees(check)


async def test_an_officer_of_another_county_sees_no_measure_and_takes_no_step(check: Check) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE")
    far = await check.site.person(Role.INSPECTOR, county=ZHONGSHAN)
    async with check.site.database.reading(far) as sql:
        assert await queries.measures_by_ids(sql, [measure.id]) == []
        assert await queries.histories_of(sql, [measure.id]) == {}
        assert await queries.deadlines_of(sql, [measure.id]) == []
    await refused(check, NotFound, measure.takes(far, K.TOLD, words="电话"))


@pytest.mark.parametrize("role", list(Role))
async def test_no_role_orders_or_takes_a_step_without_its_verb(check: Check, role: Role) -> None:
    measure = await orders(check, "WITHDRAW_PEOPLE")
    of_mine = role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER, Role.COMPANY_GROUP)
    given = {"county": None, "mine_id": check.site.mine} if of_mine else {"county": PANZHOU}
    actor = await check.site.person(role, **given)
    if Verb.MEASURE_ORDER not in ROLE_VERBS[role]:
        order = order_of(check, "WITHDRAW_PEOPLE")
        await refused(check, NotAllowed, check.acts(actor, operations.order_measure, order=order))
    asked: dict[str, Any] = {"words": "说明", "subject_id": uuid4(), "number": 1, "until": date(2026, 12, 9)}
    outcomes = {K.RECHECKED: StepOutcome.CORRECTED, K.VERIFIED: StepOutcome.CORRECTED,
                K.ACCEPTANCE_HELD: StepOutcome.PASSED, K.ANNOUNCED: StepOutcome.STOP}  # fmt: skip
    for kind, verb in steps.VERBS.items():
        if verb not in ROLE_VERBS[role]:
            await refused(check, NotAllowed, measure.takes(actor, kind, outcome=outcomes.get(kind), **asked))


async def test_a_step_takes_as_many_statements_after_forty_as_after_one(check: Check) -> None:
    heard = statements_of(check.site.database)
    await check.site.database.engine.dispose()  # Whatever is open was opened before anybody listened.
    measure = await orders(check, "WITHDRAW_PEOPLE", (await check.finds()).id)
    counts = []
    for number in range(40):
        heard.clear()
        await measure.takes(check.lead, K.HEADS_COUNTED, number=number)
        counts.append(len(heard))
    assert len(set(counts)) == 1
    assert counts[0] <= 26, heard


async def test_3_14_nothing_new_is_closed_out_while_earlier_orders_were_not_looked_at_again(site: Site) -> None:
    """三（十四）3: the earlier inspection's order is open; a re-check since the new one opened is enough."""
    earlier = await make_check(site)
    old = await orders(earlier, "CORRECT_BY_TERM", (await earlier.finds()).id, days=10)
    later = await make_check(site)
    await site.rows.execute("UPDATE inspections SET opened_at = opened_at - interval '1 day' WHERE id = $1", earlier.id)
    new = await orders(later, "CORRECT_BY_TERM", (await later.finds()).id, days=10)
    await new.takes(later.inspector, K.CONFIRMED)
    await new.rechecked()
    await refused(later, rules.PreviousNotRechecked, new.takes(later.lead, K.CLOSED_OUT))
    await old.rechecked(StepOutcome.NOT_CORRECTED)
    assert (await new.takes(later.lead, K.CLOSED_OUT)).state == "CLOSED_OUT"
