"""Tests of what a session sees that a receipt opened: its own, and nothing else that waits."""

from storage.miners.reports import queries
from storage.record.actor import Actor, reporter
from storage.record.ledger.proofs.reports.receipts import make_locator
from tests.factories.reports import Desk, frames


async def test_a_receipt_shows_what_stands_under_it_and_nothing_else_that_waits(desk: Desk) -> None:
    tips = [await desk.tip() for _ in range(3)]
    for tip in tips:
        await desk.sends(tip, frames())
        await desk.files(tip)
    await desk.batch()
    waits = [await desk.tip() for _ in range(2)]
    for tip in waits:
        await desk.sends(tip, frames())
        await desk.files(tip)
    own = await desk.report_of(tips[0])

    async def sees(actor: Actor) -> list[int]:
        async with desk.site.database.reading(actor) as sql:
            return [await sql.fetchval(f"SELECT count(*) FROM {one}")
                    for one in ("filings", "filing_files", "report_receipts")]  # fmt: skip

    assert await sees(reporter()) == [0, 0, 0]
    assert await sees(reporter(own)) == [0, 0, 1]
    assert await sees(waits[0].actor) == [1, 1, 0]
    assert await sees(tips[1].actor) == [0, 1, 1]
    async with desk.site.database.reading(reporter()) as sql:
        assert await queries.waiting(sql, most=10) == 2


async def test_a_receipt_of_words_shows_what_stands_under_its_words(desk: Desk) -> None:
    tip, words = await desk.tip(), make_locator("W")
    await desk.files(tip)
    await desk.site.rows.execute("UPDATE filings SET form = 'WORDS', locator = $1", words)
    for place, count in ((f"W{words}", 1), (f"D{words}", 0), (f"W{words}井", 0), ("'; SELECT 1; --", 0)):
        async with desk.site.database.reading(reporter(place=place)) as sql:
            assert await sql.fetchval("SELECT count(*) FROM filings") == count
