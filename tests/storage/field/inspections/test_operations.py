"""Tests of opening and joining inspections."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from storage.field.inspections import operations, queries, rules
from storage.field.inspections.rules import Opening, Place
from storage.field.inspections.tables import Basis
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.problems import NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.register.devices.rules import DeviceNeeded
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site, opening

WITHOUT_OPENING = [role for role in Role if Verb.INSPECTION_OPEN not in ROLE_VERBS[role]]


async def opens(site: Site, actor: Actor, asked: Opening, *, at: datetime = NOW) -> queries.InspectionRow:
    return await perform(site.database, actor, at, operations.open_inspection, opening=asked)


async def joins(site: Site, actor: Actor, asked: Opening) -> queries.OfficerRow:
    return await perform(site.database, actor, NOW, operations.join_inspection, inspection_id=asked.id)


async def pair(site: Site) -> tuple[Actor, Actor]:
    return await site.person(Role.LEAD, Role.INSPECTOR), await site.person(Role.INSPECTOR)


async def nothing_happened(site: Site) -> bool:
    tables = ("inspections", "inspection_officers", "inspection_places", "entries", "acts")
    return [await site.counted(table) for table in tables] == [0] * len(tables)


async def test_two_officers_open_an_inspection_and_leave_a_trace(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    opened = await opens(site, lead, asked)
    assert (opened.id, opened.county, opened.office, opened.flags) == (asked.id, PANZHOU, "GZ-1", [])
    assert await site.entries() == ["inspection.opened"]
    trace = await site.rows.fetchrow("SELECT subject, county, office, mine_id, payload FROM payloads")
    assert trace is not None
    assert (trace["subject"], trace["county"], trace["office"]) == (asked.id, PANZHOU, "GZ-1")
    told = json.loads(trace["payload"])["data"]
    assert [one["account"] for one in told["officers"]] == [str(lead.account_id), str(inspector.account_id)]
    assert (told["day"], told["lead"]) == ("2026-11-24", str(lead.account_id))


async def test_the_opener_has_joined_and_the_other_joins_on_his_own_device(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    await opens(site, lead, asked)
    async with site.database.reading(lead) as sql:
        before = {row.account_id: row.device_id for row in await queries.officers_of(sql, [asked.id])}
    assert before == {lead.account_id: lead.device_id, inspector.account_id: None}
    joined = await joins(site, inspector, asked)
    assert (joined.device_id, joined.joined_at) == (inspector.device_id, NOW)
    assert await site.entries() == ["inspection.opened", "inspection.joined"]


async def test_joining_twice_on_one_device_is_one_act(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    await opens(site, lead, asked)
    first = await joins(site, inspector, asked)
    assert await joins(site, inspector, asked) == first
    assert (await joins(site, lead, asked)).device_id == lead.device_id
    assert await site.entries() == ["inspection.opened", "inspection.joined"]


async def test_joining_on_another_persons_or_a_second_or_no_device_is_refused(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    await opens(site, lead, asked)
    with pytest.raises(rules.DeviceOfAnotherOfficer):
        await joins(site, replace(inspector, device_id=lead.device_id), asked)
    with pytest.raises(DeviceNeeded):
        await joins(site, replace(inspector, device_id=None), asked)
    await joins(site, inspector, asked)
    with pytest.raises(rules.AlreadyJoined):
        await joins(site, replace(inspector, device_id=uuid4()), asked)
    assert await site.entries() == ["inspection.opened", "inspection.joined"]


async def test_whoever_is_not_named_cannot_join_and_whoever_cannot_see_finds_nothing(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    await opens(site, lead, asked)
    with pytest.raises(rules.NotAnOfficer):
        await joins(site, await site.person(Role.INSPECTOR), asked)
    with pytest.raises(NotFound):
        await joins(site, await site.person(Role.INSPECTOR, county=ZHONGSHAN), asked)
    with pytest.raises(NotAllowed):
        await joins(site, await site.person(Role.LEGAL_REVIEWER), asked)
    assert await site.entries() == ["inspection.opened"]


async def test_the_same_opening_again_is_the_same_answer_without_any_operation_id(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    first = await opens(site, lead, asked)
    assert await opens(site, lead, replace(asked, officers=asked.officers[::-1])) == first
    # Two years later the certificates have expired; the answer to what was done stays what it was.
    assert await opens(site, lead, asked, at=NOW.replace(year=2028)) == first
    assert await site.entries() == ["inspection.opened"]


async def test_other_content_or_a_foreign_id_is_one_and_the_same_conflict(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    await opens(site, lead, asked)
    far = [await site.person(Role.LEAD, county=ZHONGSHAN), await site.person(Role.INSPECTOR, county=ZHONGSHAN)]
    for actor, other in (
        (lead, replace(asked, reason="计划第18号")),
        (inspector, asked),
        (far[0], opening(site, far, id=asked.id, mine_id=site.far_mine)),
        (lead, replace(asked, id=uuid4())),  # The places keep their ids, which belong to the first inspection.
    ):
        with pytest.raises(rules.InspectionConflict) as caught:
            await opens(site, actor, other)
        assert caught.value.parameters == {}
    assert await site.entries() == ["inspection.opened"]
    assert await site.counted("inspection_places") == 2


async def test_twins_at_the_same_moment_open_one_inspection(site: Site) -> None:
    lead, inspector = await pair(site)
    asked = opening(site, [lead, inspector])
    answers = await asyncio.gather(*(opens(site, lead, asked) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert await site.entries() == ["inspection.opened"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"officers": "lead only"}, rules.TooFewOfficers),
        ({"lead_id": uuid4()}, rules.LeadNotAmongOfficers),
        ({"reason": " "}, rules.BasisNotStated),
        ({"basis": Basis.REASONED, "reason": "举报"}, rules.BasisNotStated),
        ({"places": ()}, rules.PlacesNotStated),
        ({"mine_id": "closed"}, rules.MineClosed),
        ({"mine_id": "far"}, NotFound),
        ({"mine_id": uuid4()}, NotFound),
    ],
)
async def test_each_problem_leaves_nothing_behind(site: Site, changes: dict[str, Any], problem: type[Problem]) -> None:
    lead, inspector = await pair(site)
    if "officers" in changes:
        changes = {"officers": (lead.account_id,), "lead_id": lead.account_id}
    if changes.get("mine_id") in ("closed", "far"):
        changes = {"mine_id": site.closed_mine if changes["mine_id"] == "closed" else site.far_mine}
    asked = replace(opening(site, [lead, inspector]), **changes)
    with pytest.raises(problem):
        await opens(site, lead, asked)
    assert await nothing_happened(site)


async def test_officers_without_standing_are_named_and_nothing_is_kept(site: Site) -> None:
    lead = await site.person(Role.LEAD)
    cases = (
        (await site.person(Role.INSPECTOR, certificate=None), rules.CertificateNotValid),
        (
            await site.person(Role.INSPECTOR, certificate=(date(2025, 1, 1), date(2026, 11, 23))),
            rules.CertificateNotValid,
        ),
        (
            await site.person(Role.INSPECTOR, certificate=(date(2026, 11, 25), date(2028, 1, 1))),
            rules.CertificateNotValid,
        ),
        (await site.person(Role.LEGAL_REVIEWER), rules.OfficerWithoutCompetence),
        (await site.person(Role.INSPECTOR, county=ZHONGSHAN), rules.OfficerUnknown),
    )
    for other, problem in cases:
        with pytest.raises(problem) as caught:
            await opens(site, lead, opening(site, [lead, other]))
        assert caught.value.parameters["account"] == str(other.account_id)
    inspector = await site.person(Role.INSPECTOR)
    with pytest.raises(rules.LeadWithoutRole):
        await opens(site, lead, opening(site, [lead, inspector], lead_id=inspector.account_id))
    third = await site.person(Role.INSPECTOR)
    with pytest.raises(rules.OpenerNotAmongOfficers):
        await opens(site, third, opening(site, [lead, inspector]))
    assert await nothing_happened(site)


async def test_the_day_of_a_certificate_is_the_day_in_guizhou(site: Site) -> None:
    lead = await site.person(Role.LEAD)
    inspector = await site.person(Role.INSPECTOR, certificate=(date(2026, 11, 25), date(2026, 11, 25)))
    with pytest.raises(rules.CertificateNotValid):
        await opens(site, lead, opening(site, [lead, inspector]), at=datetime(2026, 11, 24, 15, 59, tzinfo=UTC))
    await opens(site, lead, opening(site, [lead, inspector]), at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    await opens(site, lead, opening(site, [lead, inspector]), at=datetime(2026, 11, 25, 15, 59, tzinfo=UTC))
    with pytest.raises(rules.CertificateNotValid):
        await opens(site, lead, opening(site, [lead, inspector]), at=datetime(2026, 11, 25, 16, 0, tzinfo=UTC))


async def test_a_role_over_a_city_the_office_or_the_mine_makes_an_officer_competent(site: Site) -> None:
    lead = await site.person(Role.LEAD)
    for where in (
        {"division": "5202"},
        {"division": "52"},
        {"office": "GZ-1"},
        {"mine_id": site.mine, "county": PANZHOU},
    ):
        other = await site.person(Role.INSPECTOR, **where)
        await opens(site, lead, opening(site, [lead, other]))
    assert await site.counted("inspections") == 4


async def test_an_opening_for_danger_on_one_side_only_is_kept_and_flagged(site: Site) -> None:
    lead, inspector = await pair(site)
    place = Place(id=uuid4(), name="1201综采工作面", underground=True)
    danger = opening(site, [lead, inspector], basis=Basis.REASONED, reason="总回风瓦斯超限", places=(place,))
    assert (await opens(site, lead, danger)).flags == ["NO_PLACE_ON_SURFACE"]
    closed = opening(site, [lead, inspector], basis=Basis.REASONED, reason="群众举报夜间出煤", mine_id=site.closed_mine)
    assert (await opens(site, lead, closed)).flags == ["MINE_IS_CLOSED"]


async def test_no_other_role_opens_an_inspection_and_nothing_is_recorded(site: Site) -> None:
    lead, inspector = await pair(site)
    for role in WITHOUT_OPENING:
        person = await site.person(role)
        with pytest.raises(NotAllowed):
            await opens(site, person, opening(site, [person, lead, inspector]))
    assert await nothing_happened(site)


async def test_an_approved_change_of_the_law_holds_for_the_next_inspection(site: Site) -> None:
    await site.put(
        "provisions", id=uuid4(), kind="PARAMETER", key="officers_per_inspection", number=3, article="新法",
        in_force_from=NOW.date(), note="", drafted_by=(await site.person(Role.LEGAL_REVIEWER)).account_id,
        drafted_at=NOW, approved=True, decided_by=(await site.person(Role.AGENCY_HEAD)).account_id, decided_at=NOW,
        decision_note="",
    )  # fmt: skip
    two = [await site.person(Role.INSPECTOR, Role.LEAD), await site.person(Role.INSPECTOR)]
    with pytest.raises(rules.TooFewOfficers) as found:
        await perform(site.database, two[0], NOW, operations.open_inspection, opening=opening(site, two))
    assert found.value.parameters == {"officers": 2, "needed": 3}
