"""Tests of how an alarm climbs: who is told at which minute, who is passed over, and what stops it."""

from asyncio import gather
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from notifications.escalation import escalate
from notifications.follow import follow
from storage.alerts.alerts import rules
from storage.alerts.alerts.kinds import AlertKind
from storage.alerts.rosters import operations as rosters
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb, keeper
from storage.record.database import Database
from storage.record.ledger import sequencer
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import Work, perform
from tests.factories.alerts import MINUTE, Watch, watch_of
from tests.factories.measures import orders
from tests.sites import NOW, Site

ALL = {"PAGE", "PUSH", "SMS", "CALL"}


@pytest.fixture
async def watch(site: Site, workers: Database) -> Watch:
    return await watch_of(site, workers)


async def said(site: Site, kind: str) -> list[dict[str, Any]]:
    rows = await site.rows.fetch(
        "SELECT y.payload FROM entries e JOIN payloads y ON y.entry_id = e.id WHERE e.kind = $1 ORDER BY e.database_at",
        kind,
    )
    return [orjson.loads(row["payload"])["data"] for row in rows]


async def test_a_withdrawal_is_told_at_once_in_both_chains_and_to_the_principal(watch: Watch) -> None:
    await watch.wakes(watch.first, watch.office)
    await watch.alarms()
    await watch.climbs()
    assert await watch.told() == {
        watch.first.account_id: {"PAGE", "PUSH"},
        watch.office.account_id: {"PAGE", "PUSH"},
        watch.principal.account_id: {"PAGE", "PUSH"},
    }
    kinds = await watch.site.entries()
    assert kinds.count("alert.raised") == 1
    assert kinds.count("alert.escalated") == 2


async def test_an_alarm_that_nobody_takes_climbs_the_whole_ladder_and_begins_again(watch: Watch) -> None:
    await watch.wakes(watch.first, watch.office)
    await watch.alarms()
    first, second, head = (one.account_id for one in (watch.first, watch.second, watch.head))
    minutes = {}
    for minute in (0, 1, 2, 3, 7, 15, 29, 30):
        await watch.wakes(watch.first, watch.office, after=minute * MINUTE)
        await watch.climbs(after=minute * MINUTE)
        minutes[minute] = await watch.told()
    assert minutes[0][first] == {"PAGE", "PUSH"}
    assert minutes[1][first] == ALL
    assert second not in minutes[2]
    assert minutes[3][second] == ALL
    assert head not in minutes[3]
    assert minutes[7][head] == ALL
    steps = [one for one in await said(watch.site, "alert.escalated") if one["chain"] == "DEPARTMENT"]
    assert [(one["round"], one["rung"]) for one in steps] == [(0, 0), (0, 1), (0, 2), (0, 3), (0, 4), (1, 0)]
    assert steps[5]["accounts"] == [str(first)]


async def test_a_silent_duty_page_is_called_at_once(watch: Watch) -> None:
    await watch.wakes(watch.office)
    await watch.alarms()
    await watch.climbs()
    told = await watch.told()
    assert (told[watch.first.account_id], told[watch.office.account_id]) == (ALL, {"PAGE", "PUSH"})
    assert watch.second.account_id not in told, "the next on the roster has his three minutes all the same"
    step = next(one for one in await said(watch.site, "alert.escalated") if one["chain"] == "DEPARTMENT")
    assert step["silent"] == [str(watch.first.account_id)]


async def test_somebody_underground_is_passed_over_at_once_and_the_log_says_so(watch: Watch) -> None:
    await watch.wakes(watch.second, watch.office)
    await watch.acts(watch.first, rosters.go_underground, id=uuid4(), since=NOW)
    await watch.alarms()
    await watch.climbs()
    told = await watch.told()
    assert watch.first.account_id not in told
    assert told[watch.second.account_id] == {"PAGE", "PUSH"}
    step = next(one for one in await said(watch.site, "alert.escalated") if one["chain"] == "DEPARTMENT")
    assert step["passed_over"] == [f"{watch.first.account_id} UNDERGROUND"]


async def test_where_nobody_is_on_duty_the_heads_are_told_at_once(site: Site, workers: Database) -> None:
    watch = await watch_of(site, workers, planned=False)
    await watch.alarms()
    await watch.climbs()
    assert (await watch.told())[watch.head.account_id] == ALL


async def silence(watch: Watch, actor: Actor, kind: AlertKind) -> None:
    """A setting past its own rule: whoever can write into the database."""
    await watch.site.put("alert_silences", account_id=actor.account_id, kind=kind.value, channels=sorted(ALL),
                         kept_at=NOW)  # fmt: skip


async def states(watch: Watch) -> dict[tuple[UUID, str], str]:
    rows = await watch.site.rows.fetch("SELECT account_id, channel, state FROM sends")
    return {(row["account_id"], row["channel"]): row["state"] for row in rows}


async def test_a_silence_holds_up_no_rung_of_an_urgent_climb(watch: Watch) -> None:
    await watch.wakes(watch.first, watch.office)
    for one in (watch.first, watch.second, watch.head):
        await silence(watch, one, AlertKind.WITHDRAWAL_ORDERED)
    await watch.alarms()
    for minute in (0, 1, 3, 7):
        await watch.wakes(watch.first, watch.office, after=minute * MINUTE)
        await watch.climbs(after=minute * MINUTE)
    told = await watch.told()
    assert [told[one.account_id] for one in (watch.first, watch.second, watch.head)] == [ALL] * 3
    assert "SILENCED" not in (await states(watch)).values()


async def test_what_somebody_is_spared_of_stands_in_the_log_and_another_kind_comes_all_the_same(watch: Watch) -> None:
    await silence(watch, watch.first, AlertKind.CLOCK_OVERRUN)
    await silence(watch, watch.second, AlertKind.DEFECT_OPEN)

    async def overrun(work: Work) -> None:
        told = {"lapsed": False, "officers": [str(one.account_id) for one in (watch.first, watch.second)]}
        work.record("case.clock_overrun", uuid4(), data=told, county="520281", office="GZ-1", mine_id=watch.site.mine)

    await perform(watch.workers, keeper(), NOW, overrun)
    await watch.follows()
    await watch.climbs()
    found = await states(watch)
    assert {state for (account, _), state in found.items() if account == watch.first.account_id} == {"SILENCED"}
    assert {state for (account, _), state in found.items() if account == watch.second.account_id} == {"WAITING"}


async def test_whoever_takes_it_ends_the_climb_of_his_chain_alone(watch: Watch) -> None:
    await watch.wakes(watch.first, watch.office)
    await watch.alarms()
    await watch.climbs()
    await watch.takes(watch.first)
    await watch.takes(watch.first, after=MINUTE)
    await watch.climbs(after=20 * MINUTE)
    told = await watch.told()
    assert told[watch.first.account_id] == {"PAGE", "PUSH"}
    assert told[watch.office.account_id] == ALL, "the branch office's chain still waits for a person"
    assert await said(watch.site, "alert.taken") == [{"chains": ["DEPARTMENT"]}]
    with pytest.raises(rules.AlertTaken):
        await watch.takes(watch.second)


async def test_whoever_is_on_duty_takes_it_without_having_been_told(watch: Watch) -> None:
    await watch.wakes(watch.first)
    await watch.alarms()
    await watch.climbs()
    await watch.takes(watch.second)
    assert (await said(watch.site, "alert.taken"))[0]["chains"] == ["DEPARTMENT"]


async def test_nobody_else_takes_it(watch: Watch, site: Site) -> None:
    await watch.alarms()
    await watch.climbs()
    far = await site.person(Role.DUTY_OFFICER, county="520201")
    with pytest.raises(NotFound):
        await watch.takes(far)
    with pytest.raises(rules.AlertNotYours):
        await watch.takes(watch.check.inspector)
    with pytest.raises(NotAllowed):
        await watch.takes(watch.principal)
    assert "alert.taken" not in await site.entries()


@pytest.mark.parametrize("role", [role for role in Role if Verb.ALERT_TAKE not in ROLE_VERBS[role]])
async def test_no_other_role_takes_an_alert(watch: Watch, site: Site, role: Role) -> None:
    await watch.alarms()
    actor = await site.person(role)
    with pytest.raises((NotAllowed, NotFound)):
        await watch.takes(actor)
    assert "alert.taken" not in await site.entries()


async def test_an_incident_that_is_over_is_told_to_nobody_any_more(watch: Watch) -> None:
    await watch.alarms()
    await watch.climbs()
    before = await watch.told()
    await watch.site.rows.execute("SET session_replication_role = replica")
    await watch.site.rows.execute("UPDATE incidents SET ended_at = $1", watch.began)
    await watch.site.rows.execute("UPDATE climbs SET next_at = NULL")
    await watch.climbs(after=20 * MINUTE)
    assert await watch.told() == before
    with pytest.raises(rules.AlertEnded):
        await watch.takes(watch.first)


async def test_hours_without_a_worker_are_no_burst_of_rounds(watch: Watch) -> None:
    await watch.alarms()
    await watch.climbs(after=timedelta(hours=5))
    rounds = {row["round"] for row in await watch.site.rows.fetch("SELECT round FROM sends")}
    assert rounds <= {0, 1}
    due = await watch.site.rows.fetchval("SELECT min(next_at) FROM climbs")
    assert due > watch.began + timedelta(hours=5)


async def test_an_order_that_withdraws_nobody_alarms_nobody(watch: Watch) -> None:
    await orders(watch.check, "CORRECT_ON_SITE", (await watch.check.finds()).id)
    await watch.follows()
    kinds = await watch.site.rows.fetch("SELECT kind, urgent FROM incidents")
    # The finding lacks a certificate's confirmation, of which its officer is told without haste.
    assert [tuple(row) for row in kinds] == [("DEFECT_OPEN", False)]
    assert await watch.site.counted("climbs") == 0


async def test_two_workers_follow_one_ledger_once(watch: Watch, workers: Database) -> None:
    """The cursor's row is locked: the second finds nothing to do, and nothing is told twice."""
    watch.measure = (await orders(watch.check, "WITHDRAW_PEOPLE", danger=True)).id
    await sequencer.open_log(workers, origin="ledger.pithead.example/alerts")
    while await sequencer.sequence(workers):
        pass
    await gather(*(perform(workers, keeper(), watch.began, follow) for _ in range(4)))
    await gather(*(perform(workers, keeper(), watch.began, escalate) for _ in range(4)))
    assert await watch.site.counted("incidents") == 1
    rows = await watch.site.rows.fetch("SELECT alert_id, channel, round, count(*) FROM sends GROUP BY 1, 2, 3")
    assert {row["count"] for row in rows} == {1}
    positions = await watch.site.rows.fetchval("SELECT position FROM follow_cursors")
    assert positions == await watch.site.rows.fetchval("SELECT max(position) FROM positions")


async def test_a_later_order_of_the_same_measure_joins_the_open_incident(watch: Watch) -> None:
    await watch.alarms()
    cause: UUID = await watch.site.rows.fetchval("SELECT cause FROM incidents")
    await watch.site.rows.execute("UPDATE follow_cursors SET position = -1")
    await watch.follows()
    row = await watch.site.rows.fetchrow("SELECT count(*) AS count, max(joined) AS joined FROM incidents")
    assert (row["count"], row["joined"]) == (1, 1)
    assert cause == await watch.site.rows.fetchval("SELECT cause FROM incidents")
