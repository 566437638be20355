"""Tests of the alarm of a report of danger to life: whom it rings, what it says, and until when."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from storage.miners.reports.tables import ReportKind, ReportStepKind, ReportWhen
from storage.record.database import Database
from tests.factories.alerts import MINUTE, Watch, watch_of
from tests.factories.reports import HOUR, Desk, Tip, desk_of
from tests.sites import Site


@dataclass
class Both:
    """The desk of reports and who watches, of one county and branch office."""

    desk: Desk
    watch: Watch

    async def rings(self, *, urgent: bool = True, **given: Any) -> Tip:
        """Somebody files; the batch goes on, and the ledger is followed."""
        tip = await self.desk.tip(**given)
        await self.desk.files(tip)
        await self.desk.batch(urgent=urgent)
        await self.follows()
        return tip

    async def follows(self) -> None:
        """All that the ledger says is followed, and whoever is due is told."""
        await self.watch.follows(after=MINUTE)
        await self.watch.climbs(after=MINUTE)

    async def incidents(self) -> list[tuple[str, bool]]:
        """Each alarm by its kind, and whether it is over."""
        rows = await self.desk.site.rows.fetch("SELECT kind, ended_at FROM incidents ORDER BY raised_at, kind")
        return [(row["kind"], row["ended_at"] is not None) for row in rows]


@pytest.fixture
async def both(site: Site, workers: Database) -> Both:
    found = Both(await desk_of(site, workers), await watch_of(site, workers))
    await found.watch.wakes(found.watch.first, found.watch.office, after=MINUTE)
    return found


async def test_it_rings_the_duty_of_both_seats_once_and_nobody_else(both: Both) -> None:
    await both.rings(danger_to_life=True)
    await both.follows()
    assert await both.incidents() == [("REPORT_OF_DANGER", False)]
    assert await both.watch.told() == {
        both.watch.first.account_id: {"PAGE", "PUSH"},
        both.watch.office.account_id: {"PAGE", "PUSH"},
    }
    assert (await both.desk.site.entries()).count("alert.raised") == 1


async def test_it_says_nothing_of_the_reporter_the_report_or_the_mine(both: Both) -> None:
    tip = await both.rings(danger_to_life=True)
    report_id = await both.desk.report_of(tip)
    rows = await both.desk.site.rows.fetch(
        "SELECT e.kind, y.payload, y.mine_id, y.county, y.office FROM entries e JOIN payloads y ON y.entry_id = e.id"
        " WHERE e.kind LIKE 'alert.%' OR e.kind = 'report.filed'"
    )
    assert {row["kind"] for row in rows} == {"report.filed", "alert.raised", "alert.escalated"}
    secret = [tip.place.locator, str(both.desk.site.mine), tip.opening.box_key.hex()]
    for row in rows:
        said = bytes(row["payload"]).decode()
        kept = secret if row["kind"] == "report.filed" else [*secret, str(report_id), str(tip.message.id)]
        assert not [one for one in kept if one in said]
        assert row["mine_id"] is None
        assert row["kind"] != "report.filed" or (row["county"], row["office"]) == (None, None)
    (incident,) = await both.desk.site.rows.fetch("SELECT * FROM incidents")
    assert (incident["mine_id"], incident["county"], incident["office"]) == (None, "520281", "GZ-1")
    assert incident["subject"] != report_id


@pytest.mark.parametrize("step", ["ACCEPTED", "NOT_ACCEPTED", "PASSED_ON"])
async def test_it_is_over_once_intake_has_read_the_report(both: Both, step: str) -> None:
    tip = await both.rings(danger_to_life=True)
    report_id: UUID = await both.desk.report_of(tip)
    given = {"ACCEPTED": {}, "NOT_ACCEPTED": {"article": "R1"}, "PASSED_ON": {"passed_to": "省局"}}[step]
    await both.desk.steps(report_id, ReportStepKind(step), by=both.desk.intake, **given)
    await both.follows()
    assert await both.incidents() == [("REPORT_OF_DANGER", True)]


async def test_a_report_without_danger_to_life_rings_nobody(both: Both) -> None:
    await both.rings(urgent=False)
    await both.rings(urgent=False, kind=ReportKind.REFUSAL, acted_on=ReportWhen.LATER)
    assert (await both.desk.site.entries()).count("report.filed") == 2
    assert await both.incidents() == []
    assert await both.watch.told() == {}


async def test_of_retaliation_nobody_of_the_county_is_told_even_where_life_is_in_danger(both: Both) -> None:
    await both.rings(kind=ReportKind.RETALIATION, danger_to_life=True)
    assert await both.incidents() == [("RETALIATION", False)]
    assert both.watch.first.account_id not in await both.watch.told()


async def test_what_was_held_is_told_when_it_goes_in(both: Both) -> None:
    tip = await both.desk.tip(danger_to_life=True)
    await both.desk.files(tip)
    await both.desk.site.rows.execute("UPDATE filings SET failed = 1")
    await both.desk.batch(urgent=True)
    await both.follows()
    assert await both.incidents() == []
    both.desk.now += HOUR
    await both.desk.batch()
    await both.follows()
    assert await both.incidents() == [("REPORT_OF_DANGER", False)]
