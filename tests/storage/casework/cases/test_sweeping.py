"""Tests of the sweep: each clock that ran out is told once, whoever dies or looks at the same time."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.doctor.database import work_waiting
from api.embedded.postgres import DatabaseAddresses
from api.sweeping import SweepingWorker
from storage.casework.cases.bodies.facts import Noted, StatementTaken
from storage.casework.cases.bodies.notice import InvestigationEnded, NoticeServed
from storage.casework.cases.bodies.opening import Registered
from storage.casework.sweeping import OVERDUE, record_overruns
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import entries, sequencer
from storage.record.work import perform
from tests.factories.cases import BY_HAND, SMALL
from tests.factories.desk import Desk, make_desk
from tests.servers import ROOT
from tests.sites import NOW, Site

LATER = datetime(2027, 3, 1, tzinfo=UTC)
"""Behind the ninety days of a case that was registered at the time of the tests."""


@pytest.fixture
async def desk(site: Site) -> Desk:
    found = await make_desk(site)
    await found.file()
    await found.take(Registered(), by=found.head, party=None, officers=())
    return found


async def told(desk: Desk) -> list[dict[str, Any]]:
    """What the overrun entries say."""
    rows = await desk.site.rows.fetch(
        "SELECT payload FROM payloads JOIN entries e ON e.id = entry_id WHERE kind = 'case.clock_overrun'"
        " ORDER BY e.database_at"
    )
    return [json.loads(row["payload"]) for row in rows]


async def sweep(workers: Database, at: datetime = LATER, *, limit: int = 50) -> int:
    return await perform(workers, keeper(), at, record_overruns, limit=limit)


async def test_a_clock_that_ran_out_is_told_once_and_the_case_stays_as_it_is(desk: Desk, workers: Database) -> None:
    before = await desk.file_of()
    assert await sweep(workers, NOW) == 0
    assert await sweep(workers) == 1
    assert await sweep(workers, LATER + timedelta(days=1)) == 0
    (entry,) = await told(desk)
    registered = before.history.steps[-1]
    assert entry["data"] == {
        "key": "decision", "step": str(registered.id), "ends": "2027-02-22", "article": "行政处罚法第六十条",
        "over_at": "2027-02-23T00:00:00+08:00", "lapsed": False,
    }  # fmt: skip
    assert entry["subject"] == str(desk.id)
    after = await desk.file_of()
    assert (after.row, after.history) == (before.row, before.history)


async def test_a_right_that_nobody_used_lapses_and_is_not_overdue(desk: Desk, workers: Database) -> None:
    await desk.take(InvestigationEnded(facts="事实清楚"), party=None)
    await desk.take(NoticeServed(conducts=(desk.conduct.id,), sanctions=SMALL, facts="事实", grounds="条例",
                                 rights_told=True, delivery=BY_HAND))  # fmt: skip
    assert await sweep(workers, NOW + timedelta(days=10)) == 1
    (entry,) = await told(desk)
    assert (entry["data"]["key"], entry["data"]["lapsed"], entry["data"]["party"]) == (
        "defence", True, str(desk.unit.id)
    )  # fmt: skip
    await desk.site.rows.execute("UPDATE case_clocks SET over_at = now() - interval '1 hour'")
    assert len(await desk.site.rows.fetch(OVERDUE, 10, datetime.now(UTC))) == 1


async def test_what_was_met_is_not_told(desk: Desk, workers: Database) -> None:
    await desk.site.rows.execute("UPDATE case_clocks SET met_at = $1", NOW)
    assert await sweep(workers) == 0


async def test_a_clock_that_the_law_of_today_lets_run_on_gets_its_new_end_and_is_told_when_that_is_over(
    desk: Desk, workers: Database
) -> None:
    site = desk.site
    other = await site.person()
    await site.put(
        "provisions", id=uuid4(), kind="PARAMETER", key="decision", number=120, article="新令", note="",
        in_force_from=NOW.date(), drafted_by=desk.head.account_id, drafted_at=NOW, approved=True,
        decided_by=other.account_id, decided_at=NOW, decision_note="",
    )  # fmt: skip
    assert await sweep(workers) == 1
    assert await told(desk) == []
    row = await site.rows.fetchrow("SELECT ends, overrun_of FROM case_clocks WHERE key = 'decision'")
    assert (row["ends"].isoformat(), row["overrun_of"]) == ("2027-03-24", None)
    assert await sweep(workers) == 0
    assert await sweep(workers, LATER + timedelta(days=60)) == 1
    assert [(one["data"]["ends"], one["data"]["article"]) for one in await told(desk)] == [("2027-03-24", "新令")]


async def test_a_batch_ends_where_it_is_told_to_and_the_next_goes_on(desk: Desk, workers: Database) -> None:
    for _ in range(3):
        await desk.take(StatementTaken(of="矿长", signed=False, refusal=""), party=None)
    assert [await sweep(workers, limit=3) for _ in range(3)] == [3, 1, 0]
    assert len({(one["data"]["key"], one["data"]["step"]) for one in await told(desk)}) == 4


async def test_two_sweepers_at_once_tell_each_clock_once(desk: Desk, workers: Database) -> None:
    for _ in range(5):
        await desk.take(StatementTaken(of="矿长", signed=False, refusal=""), party=None)
    await asyncio.gather(*(sweep(workers, limit=2) for _ in range(4)))
    while await sweep(workers, limit=2):
        pass
    found = [(one["data"]["key"], one["data"]["step"]) for one in await told(desk)]
    assert (len(found), len(set(found))) == (6, 6)


async def test_a_step_in_the_case_keeps_what_was_told(desk: Desk, workers: Database) -> None:
    await sweep(workers)
    await desk.take(StatementTaken(of="矿长", signed=True), party=None)
    assert await sweep(workers) == 0


@pytest.mark.parametrize(("where", "already"), [("within", 0), ("after", 1)])
async def test_a_sweeper_killed_within_a_batch_or_right_behind_it_loses_nothing_and_doubles_nothing(
    desk: Desk, workers: Database, database: DatabaseAddresses, where: str, already: int
) -> None:
    driver = [sys.executable, "-m", "tests.faults.sweeper", database.worker, where, LATER.isoformat()]
    died = await asyncio.to_thread(subprocess.run, driver, cwd=ROOT, check=False)
    assert died.returncode == -9
    assert len(await told(desk)) == already
    assert await sweep(workers) == 1 - already
    assert len(await told(desk)) == 1


async def test_the_worker_takes_batch_after_batch_until_there_is_none(desk: Desk, workers: Database) -> None:
    for _ in range(2):
        await desk.take(StatementTaken(of="矿长", signed=False, refusal=""), party=None, at=NOW)
    await desk.site.rows.execute("UPDATE case_clocks SET over_at = now() - interval '1 hour'")
    worker = SweepingWorker(workers, at_once=2)
    assert [await worker.turn() for _ in range(2)] == [True, False]


async def test_a_case_whose_clocks_cannot_be_derived_is_stuck_and_holds_up_no_other(
    desk: Desk, workers: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken, desk.id = desk.id, uuid4()
    desk.unit, desk.conduct = replace(desk.unit, id=uuid4()), replace(desk.conduct, id=uuid4())
    await desk.file()
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    await desk.site.rows.execute("SET session_replication_role = replica")  # Only a superuser gets past the trigger.
    spoil = "UPDATE case_steps SET body = $2 WHERE case_id = $1 AND kind = 'PROPOSED'"
    whole = await desk.site.rows.fetchval("SELECT body FROM case_steps WHERE case_id = $1 AND ordinal = 0", broken)
    await desk.site.rows.execute(spoil, broken, "{}")
    assert await sweep(workers) == 2
    assert [entry["subject"] for entry in await told(desk)] == [str(desk.id)]
    assert [one.levelname for one in caplog.records if str(broken) in one.getMessage()] == ["CRITICAL"]
    stuck = "SELECT case_id FROM case_clocks WHERE stuck_at IS NOT NULL"
    assert await desk.site.rows.fetchval(stuck) == broken
    assert [one.what for one in (await work_waiting(workers)).findings if str(broken) in one.what]
    assert await sweep(workers) == 0, "it is tried again after an hour"
    await desk.site.rows.execute(spoil, broken, whole)
    assert await sweep(workers, LATER + timedelta(hours=1)) == 1
    assert [entry["subject"] for entry in await told(desk)] == [str(desk.id), str(broken)]
    assert await desk.site.rows.fetchval(stuck) is None


async def test_in_a_sandbox_the_sweep_goes_by_the_clock_of_who_acted_last(desk: Desk, workers: Database) -> None:
    due = NOW + timedelta(hours=1)
    await desk.check.finds()
    await desk.site.rows.execute("UPDATE finding_defects SET due_at = $1", due)
    await SweepingWorker(workers, by_the_record=True).turn()
    assert not [kind for kind in await desk.site.entries() if kind.endswith("overrun")]
    await sequencer.open_log(workers, origin="ledger.pithead.example/sandbox")
    while await sequencer.sequence(workers):
        pass
    await desk.take(Noted(words="次日所见"), party=None, at=NOW)
    async with workers.reading(keeper()) as sql:
        assert await entries.last_acted_at(sql) == NOW
    await sweep(workers, due)
    async with workers.reading(keeper()) as sql:
        assert await entries.last_acted_at(sql) == NOW, "what the keeper did itself is no act of anybody"
