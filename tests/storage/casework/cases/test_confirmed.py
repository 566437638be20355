"""Tests of who confirms a step of two in the record: certificates, the mine's people, roles, and what came offline."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import problems
from storage.casework.cases.bodies.facts import DefectKind, StatementTaken
from storage.casework.cases.bodies.notice import NoticeServed
from storage.casework.cases.bodies.opening import OfficersAssigned
from storage.casework.cases.defects import Defect, open_defects
from storage.casework.cases.missing import missing_for_decision
from storage.casework.cases.steps import StepKind
from storage.record.actor import Actor, Role
from storage.record.problems import NotAllowed
from tests.factories.cases import BY_HAND, SMALL, confirming
from tests.factories.desk import Desk, make_desk
from tests.sites import NOW, Site

ALWAYS = (date(2025, 1, 1), date(2027, 12, 31))
SINCE_YESTERDAY = ((NOW - timedelta(days=1)).date(), date(2027, 12, 31))
UNTIL_YESTERDAY = (date(2025, 1, 1), (NOW - timedelta(days=1)).date())


@pytest.fixture
async def desk(site: Site) -> Desk:
    """Investigated and weighed; nobody confirms from now on unless told to."""
    desk = await make_desk(site)
    await desk.up_to_the_decision()
    desk.confirms = False
    return desk


def notice(desk: Desk) -> NoticeServed:
    return NoticeServed(conducts=(desk.conduct.id,), sanctions=SMALL, facts="事实", grounds="条例", rights_told=True,
                        delivery=BY_HAND)  # fmt: skip


async def told(desk: Desk, *officers: UUID) -> UUID:
    """A second notice, which names these officers."""
    step = desk.taking(notice(desk), officers=officers)
    await desk.again(step)
    return step.id


async def lacks(desk: Desk) -> list[Defect]:
    file = await desk.file_of()
    return list(open_defects(file.history, file.law))


async def joined(desk: Desk, certificate: tuple[date, date] = ALWAYS) -> Actor:
    """A third officer whom the head assigned to the team."""
    one = await desk.site.person(Role.INSPECTOR, certificate=certificate)
    officers = (*desk.officers, one.account_id)
    await desk.take(OfficersAssigned(reason="补充"), by=desk.head, party=None, officers=officers)
    return one


async def test_42_a_notice_that_names_nobody_is_kept_and_nothing_is_decided_until_two_stand_for_it(desk: Desk) -> None:
    step = await told(desk)
    (defect,) = await lacks(desk)
    assert (defect.step, defect.kind, defect.due) == (step, DefectKind.NOT_CONFIRMED, NOW + timedelta(hours=24))
    due = await desk.site.rows.fetchval(
        "SELECT over_at FROM case_clocks WHERE key = 'defect_made_good' AND subject = $1 AND met_at IS NULL", step
    )
    assert due == defect.due
    await desk.refused(problems.RestsOnDefect, desk.take(desk.draft(), by=desk.head, officers=()))
    file = await desk.file_of()
    missing = missing_for_decision(file.history, file.law, NOW, party=desk.unit.id)
    assert [one.article for one in missing if one.step == step and one.code == "RESTS_ON_DEFECT"] == [
        "行政处罚法第四十条、第四十六条，行政处罚法第四十二条、第五十五条"
    ]
    for who in (desk.check.lead, desk.check.inspector):
        await desk.take(confirming(step), by=who, party=None, officers=(who.account_id,))
    assert await lacks(desk) == []


@pytest.mark.parametrize("kind", [StepKind.NOTICE_SERVED, StepKind.STATEMENT_TAKEN])
async def test_42_what_came_from_a_phone_days_later_lacks_the_second_officer_all_the_same(
    desk: Desk, kind: StepKind
) -> None:
    body = notice(desk) if kind is StepKind.NOTICE_SERVED else StatementTaken(of="矿长", signed=True)
    late = desk.taking(body, officers=(), at=NOW)
    later = NOW + timedelta(days=3)
    await desk.again(late, at=later)
    file = await desk.file_of()
    (defect,) = open_defects(file.history, file.law)
    fitting = DefectKind.NOT_CONFIRMED if kind is StepKind.NOTICE_SERVED else DefectKind.TOO_FEW_OFFICERS
    assert (defect.step, defect.kind, defect.due) == (late.id, fitting, NOW + timedelta(hours=24))
    await desk.refused(problems.RestsOnDefect, desk.take(desk.draft(), by=desk.head, officers=(), at=later))


async def test_42_55_whoever_had_no_certificate_on_the_day_of_the_step_does_not_confirm_it(desk: Desk) -> None:
    young = await joined(desk, SINCE_YESTERDAY)
    old = desk.taking(StatementTaken(of="矿长", signed=True), party=None, at=NOW - timedelta(days=2))
    await desk.again(old)
    asked = desk.take(confirming(old.id), by=young, party=None, officers=(young.account_id,))
    await desk.refused(problems.OfficerNotCertified, asked)
    fresh = desk.taking(StatementTaken(of="矿长", signed=True), party=None)
    await desk.again(fresh)
    await desk.take(confirming(fresh.id), by=young, party=None, officers=(young.account_id,))
    assert [one.step for one in await lacks(desk)] == [old.id]


async def test_42_55_whoever_has_no_certificate_any_more_does_not_confirm_what_he_took_part_in(desk: Desk) -> None:
    lapsed = await desk.site.person(Role.INSPECTOR, certificate=UNTIL_YESTERDAY)
    old = desk.taking(StatementTaken(of="矿长", signed=True), party=None, at=NOW - timedelta(days=2),
                      officers=(desk.officers[0], lapsed.account_id))  # fmt: skip
    await desk.again(old)
    asked = desk.take(confirming(old.id), by=lapsed, party=None, officers=(lapsed.account_id,))
    await desk.refused(problems.OfficerNotCertified, asked)
    assert [one.kind for one in await lacks(desk)] == [DefectKind.NOT_CONFIRMED]


async def test_42_whoever_confirms_names_himself(desk: Desk) -> None:
    step = await told(desk, *desk.officers)
    for officers in ((), (desk.officers[0],)):
        asked = desk.take(confirming(step), by=desk.check.inspector, party=None, officers=officers)
        await desk.refused(problems.OfficerNotCertified, asked)


async def _in_the_register(desk: Desk, account: UUID) -> None:
    await desk.site.put("persons", id=uuid4(), mine_id=desk.site.mine, county="520281", office="GZ-1", name="某人",
                        account_id=account, registered_at=NOW, sample=False)  # fmt: skip


async def _clerk(desk: Desk, account: UUID) -> None:
    await desk.site.put("role_grants", id=uuid4(), account_id=account, role="MINE_CLERK", granted_at=NOW,
                        mine_id=desk.site.mine)  # fmt: skip


@pytest.mark.parametrize("tie", [_in_the_register, _clerk])
async def test_43_a_person_of_the_mine_is_no_officer_there_and_confirms_nothing(
    desk: Desk, tie: Callable[[Desk, UUID], Awaitable[None]]
) -> None:
    third = await joined(desk)
    step = await told(desk, desk.officers[0], third.account_id)
    await tie(desk, third.account_id)
    asked = desk.take(confirming(step), by=third, party=None, officers=(third.account_id,))
    await desk.refused(problems.OfficerNotCertified, asked)
    (defect,) = await lacks(desk)
    assert defect.step == step
    later = await told(desk, desk.officers[0], third.account_id)
    file = await desk.file_of()
    certified = {one.account: one.certificate is not None for one in file.history.by_id[later].officers}
    assert certified == {desk.officers[0]: True, third.account_id: False}


async def test_43_a_person_of_another_mine_is_an_officer_here(desk: Desk) -> None:
    third = await joined(desk)
    await desk.site.put("role_grants", id=uuid4(), account_id=third.account_id, role="MINER", granted_at=NOW,
                        mine_id=desk.site.far_mine)  # fmt: skip
    step = await told(desk, desk.officers[0], third.account_id)
    await desk.take(confirming(step), by=third, party=None, officers=(third.account_id,))
    assert await lacks(desk) == []


async def test_no_role_of_the_mine_confirms_a_step(desk: Desk) -> None:
    step = await told(desk, *desk.officers)
    for role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.AGENCY_HEAD, Role.LEGAL_REVIEWER, Role.HEARING_CHAIR):
        person = await desk.site.person(role)
        asked = desk.take(confirming(step), by=person, party=None, officers=(person.account_id,))
        await desk.refused(NotAllowed, asked)


async def test_a_confirmation_is_answered_the_same_again(desk: Desk) -> None:
    step = await told(desk, *desk.officers)
    who = desk.check.inspector
    own = replace(desk.taking(confirming(step), party=None), officers=(who.account_id,))
    before = await desk.again(own, by=who)
    assert await desk.again(own, by=who) == before
