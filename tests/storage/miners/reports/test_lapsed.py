"""Tests that a role which ended, withdrawn or by its day, opens nothing of reports, refusals and rewards any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.miners.reports import queries, reading
from storage.miners.reports.tables import ReportMode, ReportStepKind
from storage.record.actor import Actor, reporter
from tests.factories.refusals import Ground, ground_of
from tests.factories.reports import Desk

TABLES = ("reports", "report_messages", "report_wraps", "report_files", "report_steps", "report_deadlines",
          "report_keys", "report_key_boxes", "report_key_shares", "identity_requests", "refusal_filings",
          "retaliations", "retaliation_steps", "rewards")  # fmt: skip
ENDS = {"valid_to": "a term that is over", "withdrawn_at": "a withdrawal"}


async def seen(desk: Desk, actor: Actor) -> dict[str, int]:
    async with desk.site.database.reading(actor) as sql:
        found = {table: await sql.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}
    return {table: count for table, count in found.items() if count}


async def ends(desk: Desk, actor: Actor, how: str, at: datetime) -> None:
    await desk.site.rows.execute(f"UPDATE role_grants SET {how} = $2 WHERE account_id = $1", actor.account_id, at)


@pytest.mark.parametrize("how", ENDS)
async def test_whose_role_ended_reads_nothing_though_his_reach_is_the_same(desk: Desk, how: str) -> None:
    ground: Ground = await ground_of(desk.site, desk.workers)
    await ground.suffers()
    await ground.refuses()
    _, report_id = await desk.filed(mode=ReportMode.NAMED)
    await desk.steps(report_id, ReportStepKind.ACCEPTED, by=desk.intake)
    people = (desk.intake, desk.verification, desk.custodians[0], ground.verification)
    assert all([await seen(desk, one) for one in people])
    for one in people:
        await ends(desk, one, how, datetime.now(UTC) - timedelta(seconds=1))
    assert [await seen(desk, one) for one in people] == [{}] * len(people)


async def test_a_term_that_runs_still_opens_what_it_did(desk: Desk) -> None:
    await desk.filed()
    before = await seen(desk, desk.intake)
    await ends(desk, desk.intake, "valid_to", datetime.now(UTC) + timedelta(hours=1))
    assert await seen(desk, desk.intake) == before


async def test_an_answer_is_wrapped_for_nobody_whose_term_is_over(desk: Desk) -> None:
    _, report_id = await desk.filed()

    async def holders() -> set[Any]:
        async with desk.site.database.reading(reporter(report_id)) as sql:
            return {key.id for key in await queries.holders_now(sql, report_id, now=desk.now)}

    both = {desk.keys[one.account_id] for one in (desk.intake, desk.far_intake)}
    assert await holders() == both
    await ends(desk, desk.far_intake, "valid_to", desk.now)
    assert await holders() == {desk.keys[desk.intake.account_id]}


async def test_what_the_desk_lists_is_nothing_after_the_term(desk: Desk) -> None:
    await desk.filed()
    await ends(desk, desk.intake, "valid_to", datetime.now(UTC) - timedelta(seconds=1))
    async with desk.site.database.reading(desk.intake) as sql:
        assert await reading.reports_to_handle(sql, limit=5) == []
