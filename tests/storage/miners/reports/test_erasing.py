"""Tests of the end of a report's term: its files leave the store, and the clock waits for a case that is open."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.reporting.batches import ReportingWorker
from storage.casework.conduct.recusals import OfficerRecused
from storage.miners.reports import erasing, storing
from storage.miners.reports.tables import ReportStepKind as Kind
from storage.record.actor import keeper
from storage.record.objects import Objects
from storage.record.problems import BadInput, NotFound
from storage.record.work import perform
from tests.factories.casework import Check, make_check
from tests.factories.reports import HOUR, Desk, frames
from tests.sites import NOW, SHUICHENG

TERM = timedelta(days=int(365.25 * 5) + 40)


async def turns(desk: Desk, objects: Objects) -> None:
    worker = ReportingWorker(desk.workers, objects, clock=lambda: desk.now)
    while await worker.turn():
        pass


async def with_a_file(desk: Desk, objects: Objects) -> tuple[UUID, str]:
    """A report with one file that lies in the store, and the object's name."""
    tip = await desk.tip()
    await desk.sends(tip, frames())
    await desk.files(tip)
    desk.now += HOUR
    await turns(desk, objects)
    report_id = await desk.report_of(tip)
    name = await desk.site.rows.fetchval("SELECT object_name FROM report_files WHERE report_id = $1", report_id)
    assert objects.find(name) is not None
    return report_id, name


async def ended(desk: Desk, report_id: UUID) -> None:
    await desk.steps(report_id, Kind.PASSED_ON, by=desk.intake, passed_to="省局")
    await desk.steps(report_id, Kind.ENDED, by=desk.intake)


async def test_the_files_of_a_report_whose_term_is_over_leave_the_store_and_no_others(
    desk: Desk, objects: Objects
) -> None:
    over, runs = await with_a_file(desk, objects), await with_a_file(desk, objects)
    await ended(desk, over[0])
    desk.now += TERM
    await turns(desk, objects)
    assert objects.versions(over[1]) == []
    assert objects.find(runs[1]) is not None
    left = await desk.site.rows.fetch("SELECT report_id FROM report_files")
    assert [row[0] for row in left] == [runs[0]]
    assert (await desk.site.entries()).count("report.erased") == 1


async def test_whoever_is_killed_between_the_store_and_the_record_erases_the_rest_the_next_time(
    desk: Desk, objects: Objects
) -> None:
    report_id, name = await with_a_file(desk, objects)
    await ended(desk, report_id)
    desk.now += TERM
    found = await perform(desk.workers, keeper(), desk.now, erasing.reports_to_erase)
    async with desk.workers.reading(keeper()) as sql:
        storing.remove(objects, await storing.files_of(sql, found))
    assert objects.versions(name) == []
    assert await desk.site.counted("report_files") == 1
    await turns(desk, objects)
    assert await desk.site.counted("report_files") == 0
    assert await desk.site.rows.fetchval("SELECT erased FROM reports WHERE id = $1", report_id)


async def verified(desk: Desk, check: Check) -> UUID:
    """A report that led to an inspection, and is over."""
    _, report_id = await desk.filed()
    await desk.steps(report_id, Kind.ACCEPTED, by=desk.intake)
    await desk.steps(report_id, Kind.VERIFYING, by=desk.verification, inspection_id=check.id)
    await desk.steps(report_id, Kind.SUBSTANTIATED, Kind.FED_BACK, by=desk.verification)
    await desk.steps(report_id, Kind.ENDED, by=desk.intake)
    return report_id


async def due(desk: Desk) -> list[UUID]:
    return await perform(desk.workers, keeper(), desk.now, erasing.reports_to_erase)


@pytest.mark.parametrize("state", ["NOT_REGISTERED", "CLOSED", "ARCHIVED"])
async def test_the_term_waits_while_a_case_of_the_report_is_open(desk: Desk, state: str) -> None:
    check = await make_check(desk.site)
    report_id, case = await verified(desk, check), uuid4()
    await desk.site.put(
        "cases", id=case, mine_id=desk.site.mine, county="520281", office="GZ-1", cause="样例", simple=False,
        inspection_id=check.id, state="INVESTIGATING", steps=1, opened_by=check.lead.account_id, opened_at=NOW,
    )  # fmt: skip
    desk.now += TERM
    assert await due(desk) == []
    await desk.site.rows.execute("UPDATE cases SET state = $2 WHERE id = $1", case, state)
    assert await due(desk) == [report_id]


async def recused(desk: Desk, check: Check, officer: Any) -> None:
    await desk.site.put(
        "conduct_matters", id=uuid4(), kind="RECUSAL", officer_id=officer.account_id, about="INSPECTION",
        subject_id=check.id, reference="", mine_id=desk.site.mine, county="520281", office="GZ-1", state="SETTLED",
        steps=2, granted=True, decided_at=NOW, opened_by=check.lead.account_id, opened_at=NOW,
    )  # fmt: skip


async def test_43_whoever_was_recused_from_the_inspection_verifies_nothing_of_the_report(desk: Desk) -> None:
    check = await make_check(desk.site)
    _, report_id = await desk.filed()
    await desk.steps(report_id, Kind.ACCEPTED, by=desk.intake)
    await recused(desk, check, desk.verification)
    with pytest.raises(OfficerRecused):
        await desk.steps(report_id, Kind.VERIFYING, by=desk.verification, inspection_id=check.id)
    other = await desk.site.person(*[one.role for one in desk.verification.grants])
    await desk.steps(report_id, Kind.VERIFYING, by=other, inspection_id=check.id)
    with pytest.raises(OfficerRecused):
        await desk.steps(report_id, Kind.UNSUBSTANTIATED, by=desk.verification)


async def test_an_inspection_that_a_step_names_is_seen_and_of_the_mine(desk: Desk) -> None:
    check, far = await make_check(desk.site), uuid4()
    _, report_id = await desk.filed()
    await desk.steps(report_id, Kind.ACCEPTED, by=desk.intake)
    officer = {"lead_id": check.lead.account_id, "opened_by": check.lead.account_id}
    for id, county in ((far, SHUICHENG), (near := uuid4(), "520281")):
        await desk.site.put("inspections", id=id, mine_id=desk.site.far_mine, county=county, office="GZ-2",
                            basis="PLANNED", reason="计划", flags=[], opened_at=NOW, **officer)  # fmt: skip
    for id, problem in ((uuid4(), NotFound), (far, NotFound), (near, BadInput)):
        with pytest.raises(problem):
            await desk.steps(report_id, Kind.VERIFYING, by=desk.verification, inspection_id=id)
