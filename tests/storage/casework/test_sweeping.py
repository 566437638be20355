"""Tests of the sweep over the clocks of findings, measures and exams, and of what an older law gave its end."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.casework.cases.bodies.notice import HearingOffered, InvestigationEnded, NoticeServed
from storage.casework.cases.bodies.opening import Registered
from storage.casework.exams import marking
from storage.casework.findings import operations as findings
from storage.casework.measures.tables import Turn
from storage.casework.sweeping import KINDS, OVERDUE, record_overruns
from storage.record.actor import Actor, Role, keeper
from storage.record.database import Database
from storage.record.law import BUILT_IN
from storage.record.work import perform
from storage.register.people.tables import ExamCategory
from tests.factories.cases import BY_HAND, SMALL
from tests.factories.casework import Check, make_check
from tests.factories.desk import make_desk
from tests.factories.exams import hall_of
from tests.factories.measures import orders
from tests.sites import NOW, Site
from tests.storage.casework.exams.test_operations import sat, seat_in

HOURS = NOW + timedelta(hours=24)


@pytest.fixture
async def check(site: Site) -> Check:
    return await make_check(site)


async def sweep(workers: Database, at: datetime, *, limit: int = 50) -> int:
    return await perform(workers, keeper(), at, record_overruns, limit=limit)


async def told(site: Site, kind: str) -> list[dict[str, Any]]:
    """What the entries of one kind say, the oldest first."""
    rows = await site.rows.fetch(
        "SELECT payload FROM payloads JOIN entries e ON e.id = entry_id WHERE kind = $1 ORDER BY e.at, e.id", kind
    )
    return [json.loads(row["payload"]) for row in rows]


async def rows_of(site: Site, table: str) -> list[dict[str, Any]]:
    """All rows without what the sweep alone keeps there."""
    rows = await site.rows.fetch(f"SELECT * FROM {table} ORDER BY 1, 2")  # Our own names.
    return [{name: value for name, value in row.items() if name not in ("overrun_of", "law")} for row in rows]


async def enters(site: Site, *, kind: str, key: str, number: int) -> None:
    """A change of the law that two persons approved."""
    one, two = await site.person(), await site.person()
    await site.put(
        "provisions", id=uuid4(), kind=kind, key=key, number=number, article="新令", note="",
        in_force_from=date(2025, 1, 1), drafted_by=one.account_id, drafted_at=NOW, approved=True,
        decided_by=two.account_id, decided_at=NOW, decision_note="",
    )  # fmt: skip


async def test_what_a_finding_lacks_is_told_once_when_nobody_made_it_good_in_24_hours(
    check: Check, workers: Database
) -> None:
    finding = await check.finds()
    before = await rows_of(check.site, "finding_defects")
    assert await sweep(workers, HOURS - timedelta(seconds=1)) == 0
    assert [await sweep(workers, HOURS) for _ in range(2)] == [2, 0]
    entries = await told(check.site, "finding.clock_overrun")
    assert {one["data"]["defect"] for one in entries} == {"NO_EVIDENCE", "NOT_CONFIRMED"}
    assert {(one["subject"], one["data"]["over_at"], one["data"]["key"]) for one in entries} == {
        (str(finding.id), HOURS.isoformat(), "defect_made_good")
    }
    assert before == await rows_of(check.site, "finding_defects")


async def test_what_was_made_good_in_time_is_not_told(check: Check, workers: Database) -> None:
    finding = await check.finds(evidence=(await check.piece(),))
    await check.acts(check.inspector, findings.confirm_finding, finding_id=finding.id)
    assert await sweep(workers, HOURS) == 0


async def test_the_terms_of_a_measure_are_told_each_once_and_its_state_stays(check: Check, workers: Database) -> None:
    finding = await check.finds(evidence=(await check.piece(),))
    measure = await orders(check, "CORRECT_BY_TERM", finding.id, days=3)
    await measure.takes(check.inspector, Turn.CONFIRMED)
    before = await rows_of(check.site, "measures")
    late = NOW + timedelta(days=30)
    while await sweep(workers, late):
        pass
    entries = await told(check.site, "measure.clock_overrun")
    assert sorted((one["subject"], one["data"]["key"]) for one in entries) == [
        (str(measure.id), "correction_term"), (str(measure.id), "recheck")
    ]  # fmt: skip
    assert all(one["data"]["article"] for one in entries)
    assert all(date.fromisoformat(one["data"]["ends"]) < late.date() for one in entries)
    assert before == await rows_of(check.site, "measures")


async def test_the_24_hours_of_an_approval_and_a_provisional_hold_are_told(check: Check, workers: Database) -> None:
    finding = await check.finds(evidence=(await check.piece(),))
    await orders(check, "SEIZE", finding.id, urgent=True)
    assert await sweep(workers, HOURS) > 0
    assert {one["data"]["key"] for one in await told(check.site, "measure.clock_overrun")} == {
        "defect_made_good", "urgent_measure_report"
    }  # fmt: skip
    assert await sweep(workers, NOW + timedelta(days=60)) > 0
    assert "seizure" in {one["data"]["key"] for one in await told(check.site, "measure.clock_overrun")}


async def test_each_month_in_which_nobody_tracked_a_supervised_hazard_is_told_and_the_next_begins(
    site: Site, check: Check, workers: Database
) -> None:
    finding = await check.finds(kind="GAS_OVER_LIMIT", evidence=(await check.piece(),))
    measure = await orders(check, "CORRECT_ON_SITE", finding.id)
    await measure.takes(check.inspector, Turn.CONFIRMED)
    await measure.takes(check.lead, Turn.SUPERVISED, words="COUNTY")

    async def missed(at: datetime) -> list[int]:
        while await sweep(workers, at):
            pass
        said = [one["data"] for one in await told(site, "measure.clock_overrun")]
        return [one["number"] for one in said if one["key"] == "supervision_tracking"]

    assert await missed(NOW + timedelta(days=40)) == [1]
    await measure.takes(check.lead, Turn.TRACKED, words="已督促", at=NOW + timedelta(days=41))
    assert await missed(NOW + timedelta(days=70)) == [1]  # Tracked early, and the month behind it runs all the same.
    assert await missed(NOW + timedelta(days=100)) == [1, 3]


async def test_what_follows_a_failed_exam_is_told_when_nobody_saw_to_it(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    await hall.acts(marking.record_sitting, facts=sat(await seat_in(hall, ExamCategory.MANAGER), right=False))
    before = await rows_of(site, "exam_consequences")
    assert [await sweep(workers, NOW + timedelta(days=60)) for _ in range(2)] == [2, 0]
    entries = [one["data"] for one in await told(site, "exam.clock_overrun")]
    # Both ran out in one batch: entries of one moment have no order.
    assert {(one["key"], one["consequence"]) for one in entries} == {
        ("exam_retraining", "RETRAIN"), ("exam_resit", "RESIT")
    }  # fmt: skip
    assert before == await rows_of(site, "exam_consequences")


async def test_a_day_off_that_officials_enter_moves_the_end_and_what_was_said_of_it_stays(
    site: Site, workers: Database
) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    await hall.acts(marking.record_sitting, facts=sat(await seat_in(hall, ExamCategory.WORKER), right=False))
    row = await site.rows.fetchrow("SELECT due, over_at FROM exam_consequences")
    await enters(site, kind="DAY", key=row["due"].isoformat(), number=0)
    assert await sweep(workers, NOW + timedelta(days=1)) == 1
    after = await site.rows.fetchrow("SELECT due, over_at FROM exam_consequences")
    assert after["due"] == row["due"]
    assert after["over_at"] > row["over_at"]
    assert await sweep(workers, NOW + timedelta(days=1)) == 0


async def test_a_clock_without_an_end_gets_it_once_the_year_is_published(site: Site, workers: Database) -> None:
    desk = await make_desk(site)
    await desk.file()
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    told_at = datetime(2026, 12, 29, 2, tzinfo=UTC)
    await desk.take(InvestigationEnded(facts="事实清楚"), party=None, at=told_at)
    await desk.take(NoticeServed(conducts=(desk.conduct.id,), sanctions=SMALL, facts="事实", grounds="条例",
                                 rights_told=True, delivery=BY_HAND), at=told_at)  # fmt: skip
    await desk.take(HearingOffered(delivery=BY_HAND), at=told_at)

    async def end() -> Any:
        return await site.rows.fetchrow("SELECT over_at, year FROM case_clocks WHERE key = 'hearing_request'")

    assert tuple(await end()) == (None, 2027)
    assert await sweep(workers, told_at) == 0
    await enters(site, kind="DAY", key="2027-01-01", number=0)
    assert await sweep(workers, told_at) > 0
    found = await end()
    assert (found["over_at"].isoformat(), found["year"]) == ("2027-01-06T16:00:00+00:00", None)
    assert await sweep(workers, told_at) == 0


async def test_a_shorter_period_holds_from_the_next_look_and_each_look_derives_no_more_than_it_may(
    site: Site, workers: Database
) -> None:
    for _ in range(3):
        desk = await make_desk(site)
        await desk.file()
        await desk.take(Registered(), by=desk.head, party=None, officers=())
    await enters(site, kind="PARAMETER", key="decision", number=10)
    late = NOW + timedelta(days=20)
    assert [await sweep(workers, late, limit=2) for _ in range(3)] == [2, 1, 0]
    assert [one["data"]["article"] for one in await told(site, "case.clock_overrun")] == ["新令"] * 3
    assert {row["law"] for row in await site.rows.fetch("SELECT law FROM case_clocks")} == {BUILT_IN.edition + 1}


async def test_whoever_waits_for_the_sweep_sees_the_overdue_of_all_areas(check: Check) -> None:
    await check.finds()
    await check.site.rows.execute("UPDATE finding_defects SET due_at = now() - interval '1 hour'")
    assert len(await check.site.rows.fetch(OVERDUE, 10, datetime.now(UTC))) == 2


async def test_the_sweep_finds_its_rows_along_an_index(site: Site) -> None:
    await site.rows.execute("SET enable_seqscan = off")
    await site.rows.execute("SET enable_sort = off")
    for kind in KINDS:
        for statement, first in ((kind.ran_out, NOW), *(((kind.outdated, 1),) if kind.renewed else ())):
            plan = await _plan(site.rows, statement, first, 10, *((NOW,) if kind.may_stick else ()))
            which = "law" if first == 1 else "overrun"
            assert f"ix_{kind.table}_{which}" in plan, plan


async def _plan(sql: "asyncpg.Connection[Any]", statement: str, *arguments: Any) -> str:
    return "\n".join(row[0] for row in await sql.fetch(f"EXPLAIN {statement}", *arguments))


async def test_what_the_sweep_tells_the_readers_of_the_mine_do_not_write(site: Site, check: Check) -> None:
    await check.finds()
    clerk: Actor = await site.person(Role.MINE_CLERK)
    with pytest.raises(Exception, match="permission denied"):
        async with site.database.transaction(clerk) as (_, raw):
            await raw.execute("UPDATE finding_defects SET overrun_of = now()")
