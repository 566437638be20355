"""Tests of what `/readyz` says of each part, and how soon."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.embedded.postgres import DatabaseAddresses
from api.health import LONGEST_LOOK, Health, Part
from api.worker import Heart, Stop, run
from storage.record import heartbeats
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.objects import Objects
from tests.factories.ledger import looking


def named(parts: list[Part], name: str) -> Part:
    return next(part for part in parts if part.name == name)


async def test_a_store_that_hangs_is_told_and_holds_one_thread_however_often_it_is_asked(
    record: Database, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, asked = threading.Event(), list[Objects]()

    def hang(store: Objects) -> None:
        asked.append(store)
        answer.wait(20)

    monkeypatch.setattr(Objects, "require_fit", hang)
    monkeypatch.setattr("api.health.REMEMBERED", 0.0)
    monkeypatch.setattr("api.health.LONGEST_LOOK", 1.0)
    health = Health(record, objects)
    for _ in range(2):
        parts = await health.look()
        assert named(parts, "store") == Part("store", False, "no answer within 1 s")
        assert named(parts, "database").well
    assert len(asked) == 1
    answer.set()
    await health._asking
    assert named(await health.look(), "store").well


def test_what_hangs_is_told_before_whoever_asks_gives_up() -> None:
    assert LONGEST_LOOK < 2


async def test_a_full_disk_closes_and_without_a_data_folder_no_disk_is_asked_for(
    record: Database, objects: Objects, tmp_path: Path
) -> None:
    full = named(await Health(record, objects, data=tmp_path, disk_least=1 << 60).look(), "disk")
    assert not full.well
    assert "MiB free" in full.detail
    assert named(await Health(record, objects, data=tmp_path, disk_least=0).look(), "disk").well
    assert "disk" not in {part.name for part in await Health(record, objects).look()}


async def test_who_is_leaving_is_not_ready(record: Database, objects: Objects) -> None:
    health = Health(record, objects)
    assert all(part.well for part in await health.look())
    health.leave()
    assert [part.well for part in await health.look()] == [False]


class Turning:
    """A worker whose second turn fails."""

    turns = 0

    async def turn(self) -> bool:
        self.turns += 1
        if self.turns == 2:
            raise RuntimeError("no matter")
        return True


async def test_every_worker_counts_what_waits_for_it(workers: Database) -> None:
    stop, told = Stop(), set[str]()
    beating = asyncio.gather(*(Heart(workers, name, between=0.02).beat(stop) for name in heartbeats.NAMES))
    async with asyncio.timeout(10):
        while told != set(heartbeats.NAMES):
            await asyncio.sleep(0.02)
            async with workers.reading(keeper()) as sql:
                told = {one.worker for one in await heartbeats.beats(sql)}
    stop.ask()
    await beating
    async with workers.reading(keeper()) as sql:
        assert [one.waiting for one in await heartbeats.beats(sql)] == [0] * len(heartbeats.NAMES)


async def test_a_worker_tells_that_it_lives_and_a_silent_or_late_one_closes(
    record: Database, workers: Database, objects: Objects, database: DatabaseAddresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.health.REMEMBERED", 0.0)
    monkeypatch.setattr("api.worker.AFTER_A_FAULT", 0.0)
    health = Health(record, objects)
    assert not [part for part in await health.look() if part.name.endswith("worker")]
    stop, heart, turning = Stop(), Heart(workers, "sealing", between=0.02), Turning()
    beating = asyncio.gather(run(turning, stop, heart=heart), heart.beat(stop))
    async with asyncio.timeout(20), looking(database.superuser) as sql:
        while await sql.fetchval("SELECT max(faults) FROM heartbeats") != 1:  # noqa: ASYNC110 # No event tells of a row.
            await asyncio.sleep(0.02)
    stop.ask()
    await beating
    assert named(await health.look(), "sealing worker").well

    async def change(**columns: Any) -> Part:
        async with looking(database.superuser) as sql:
            for name, value in columns.items():
                await sql.execute(f"UPDATE heartbeats SET {name} = $1", value)
        return named(await health.look(), "sealing worker")

    now = datetime.now(UTC)
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT faults FROM heartbeats") == 1
    late = await change(waiting=3, oldest_at=now - timedelta(minutes=16))
    assert not late.well
    assert "3 wait, the oldest for 96" in late.detail
    assert (await change(waiting=0, oldest_at=None)).well
    assert not (await change(beat_at=now - timedelta(seconds=61))).well
