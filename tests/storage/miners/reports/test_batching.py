"""Tests of the batch with hostile envelopes among good ones: whatever they hold, none of the good ones is lost."""

from typing import Any
from uuid import UUID

import pytest

from storage.miners.reports import batching
from storage.miners.reports.tables import ReportKind, ReportMode
from storage.record.actor import keeper, reporter
from storage.record.clock import hour_of
from storage.record.problems import TryAgain
from storage.record.work import perform
from tests.factories.reports import HOUR, Desk, Tip, frames

HOSTILE: dict[str, str] = {
    "wraps that are no list": "wraps = '{}'",
    "a wrap that is no hexadecimal text": """wraps = '[{"key": "00", "half": "WHOLE", "wrapped": "zz"}]'""",
    "a wrap of no half": """wraps = jsonb_set(wraps, '{0,half}', '"C"')""",
    "one wrap twice": "wraps = wraps || wraps",
    "a mine that is none": "mine_id = gen_random_uuid()",
    "an officer who is none": "taken_by = gen_random_uuid()",
    "an identity without an id": "identity = '\\x00'",
    "an identity under its own message's id": "identity = '\\x00', identity_id = id",
}
"""What a filing may never hold, as somebody who gets past its rules would write it."""


async def spoilt(desk: Desk, how: str, **given: Any) -> Tip:
    tip = await desk.tip(**given)
    await desk.files(tip)
    await desk.site.rows.execute(f"UPDATE filings SET {how} WHERE id = $1", tip.message.id)
    return tip


async def good(desk: Desk, count: int) -> list[Tip]:
    tips = []
    for number in range(count):
        tip = await desk.tip(mode=ReportMode.NAMED if number % 2 else ReportMode.ANONYMOUS)
        if number % 3 == 0:
            await desk.sends(tip, frames())
        await desk.files(tip)
        tips.append(tip)
    return tips


async def arrived(desk: Desk, tips: list[Tip]) -> int:
    ids = [tip.message.id for tip in tips]
    return int(await desk.site.rows.fetchval("SELECT count(*) FROM report_messages WHERE id = ANY ($1)", ids))


async def test_none_of_the_good_is_lost_among_the_hostile_and_none_is_told_twice(desk: Desk) -> None:
    bad = [await spoilt(desk, how) for how in HOSTILE.values()]
    tips = await good(desk, 6)
    await desk.batch()
    assert await arrived(desk, tips) == 6
    assert await arrived(desk, bad) == 0
    assert (await desk.site.entries()).count("report.filed") == 6
    assert await desk.site.counted("report_receipts") == await desk.site.counted("reports") == 6
    assert await desk.site.counted("report_deadlines") == 12
    assert await desk.site.counted("report_files") == 2
    assert await desk.site.rows.fetch("SELECT DISTINCT failed FROM filings") == [(2,)]
    assert await desk.batch() == 0
    more = await good(desk, 1)
    assert await desk.batch() == 1
    assert await arrived(desk, more) == 1
    assert await desk.site.counted("filings") == len(HOSTILE)


async def test_what_stayed_behind_goes_on_once_it_can(desk: Desk) -> None:
    tip = await spoilt(desk, "taken_by = gen_random_uuid()")
    await desk.batch()
    assert await arrived(desk, [tip]) == 0
    await desk.site.rows.execute("UPDATE filings SET taken_by = NULL")
    desk.now += HOUR
    assert await perform(desk.workers, keeper(), hour_of(desk.now), batching.retry_filings) == 0
    assert await arrived(desk, [tip]) == 1
    assert await desk.site.counted("filings") == 0


async def test_an_urgent_one_that_cannot_go_on_does_not_call_for_a_batch_every_second(desk: Desk) -> None:
    await spoilt(desk, "wraps = '{}'", kind=ReportKind.RETALIATION)
    await desk.batch(urgent=True)
    async with desk.workers.reading(reporter()) as sql:
        assert (await batching.due(sql, now=desk.now))[0] is False


async def test_a_matter_that_cannot_begin_leaves_its_report_and_every_other(desk: Desk) -> None:
    tips = [await spoilt(desk, "report_id = gen_random_uuid()", kind=ReportKind.RETALIATION) for _ in range(3)]
    taken: UUID = await desk.site.rows.fetchval("SELECT report_id FROM filings WHERE id = $1", tips[1].message.id)
    await desk.site.put("refusal_filings", report_id=taken, mine_id=desk.site.mine, county="520281", office="GZ-1")
    assert await desk.batch(urgent=True) == 3
    assert await arrived(desk, tips) == 3
    assert await desk.site.counted("retaliations") == 2
    entries = await desk.site.entries()
    assert (entries.count("report.filed"), entries.count("retaliation.reported")) == (3, 2)


async def test_what_passes_by_itself_is_tried_again_whole(desk: Desk) -> None:
    tips = await good(desk, 3)
    blocker = desk.site.rows
    async with blocker.transaction():
        await blocker.execute("LOCK TABLE report_messages IN EXCLUSIVE MODE")
        with pytest.raises(TryAgain):
            await perform(desk.workers, keeper(), hour_of(desk.now), batching.move_filings, urgent=False)
    assert await desk.site.rows.fetch("SELECT DISTINCT failed FROM filings") == [(0,)]
    await desk.batch()
    assert await arrived(desk, tips) == 3


async def test_a_hostile_condition_is_a_report_all_the_same(desk: Desk) -> None:
    conditions = ["", "nonsense", "[]", '{"place": 1}', '{"shift": {}}', '{"day": "9999-99-99"}', "{" * 4_000]
    for text in conditions:
        tip = await desk.tip(kind=ReportKind.REFUSAL)
        await desk.files(tip)
        await desk.site.rows.execute(
            "UPDATE filings SET condition = $2, urgent = true WHERE id = $1", tip.message.id, text
        )
    await desk.files(await desk.tip(kind=ReportKind.RETALIATION))
    await desk.batch(urgent=True)
    assert await desk.site.counted("reports") == len(conditions) + 1
    assert [await desk.site.counted(one) for one in ("refusals", "retaliations", "filings")] == [0, 1, 0]
