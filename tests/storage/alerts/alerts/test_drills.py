"""Tests of drills and silences: marked in every word and row, over once all came, and nothing urgent is silenced."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.alerts.alerts import operations, rules
from storage.alerts.alerts.kinds import KINDS, AlertKind, Channel
from storage.alerts.deliveries import why
from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.database import Database
from storage.record.problems import BadInput, NotAllowed
from tests.factories.alerts import COUNTY, MINUTE, Watch, watch_of
from tests.factories.measures import orders
from tests.sites import Site

URGENT = [kind for kind in AlertKind if KINDS[kind].urgent]


@pytest.fixture
async def watch(site: Site, workers: Database) -> Watch:
    return await watch_of(site, workers)


async def drills(watch: Watch, **given: Any) -> UUID:
    asked: dict[str, Any] = {"id": uuid4(), "seat": COUNTY, "kind": AlertKind.REFUSAL} | given
    await watch.acts(watch.head, operations.drill_alert, **asked)
    await watch.follows()
    id: UUID = asked["id"]
    return id


async def test_a_drill_climbs_like_an_alarm_and_says_in_every_row_that_it_is_none(watch: Watch) -> None:
    id = await drills(watch)
    await watch.climbs()
    row = await watch.site.rows.fetchrow("SELECT kind, subject, urgent, drill FROM incidents")
    assert tuple(row) == ("DRILL", id, True, True)
    assert {each["drill"] for each in await watch.site.rows.fetch("SELECT drill FROM sends")} == {True}
    assert set(await watch.told()) == {watch.first.account_id}, "the county alone was drilled"


async def test_a_drill_is_over_once_a_person_of_each_seat_came(watch: Watch) -> None:
    await drills(watch)
    await watch.climbs()
    await watch.takes(watch.first)
    await watch.follows(after=MINUTE)
    assert await watch.site.rows.fetchval("SELECT ended_at FROM incidents") == watch.began + MINUTE


async def test_the_same_drill_again_is_the_same_act_and_another_under_its_id_is_none(watch: Watch) -> None:
    id = await drills(watch)
    await drills(watch, id=id)
    assert await watch.site.counted("drills") == await watch.site.counted("incidents") == 1
    with pytest.raises(rules.DrillConflict):
        await drills(watch, id=id, kind=AlertKind.RETALIATION)


@pytest.mark.parametrize("kind", [AlertKind.DRILL, AlertKind.CLOCK_OVERRUN])
async def test_what_does_not_climb_is_not_drilled(watch: Watch, kind: AlertKind) -> None:
    with pytest.raises(BadInput):
        await drills(watch, kind=kind)
    assert "alert.drilled" not in await watch.site.entries()


@pytest.mark.parametrize("role", [role for role in Role if Verb.ALERT_DRILL not in ROLE_VERBS[role]])
async def test_no_other_role_drills(watch: Watch, site: Site, role: Role) -> None:
    actor = await site.person(role)
    with pytest.raises(NotAllowed):
        await watch.acts(actor, operations.drill_alert, id=uuid4(), seat=COUNTY, kind=AlertKind.REFUSAL)
    assert "alert.drilled" not in await site.entries()


@pytest.mark.parametrize("kind", URGENT)
async def test_nobody_silences_what_is_urgent(watch: Watch, kind: AlertKind) -> None:
    with pytest.raises(rules.UrgentCannotBeSilenced):
        await watch.acts(watch.first, operations.silence_alerts, kind=kind, channels=[Channel.CALL])
    assert "alert.silenced" not in await watch.site.entries()


async def test_whoever_recorded_a_finding_with_a_defect_is_told_by_the_channels_that_he_wants(watch: Watch) -> None:
    inspector = watch.check.lead
    await watch.acts(inspector, operations.silence_alerts, kind=AlertKind.DEFECT_OPEN, channels=[Channel.PUSH])
    await watch.acts(inspector, operations.silence_alerts, kind=AlertKind.DEFECT_OPEN, channels=[Channel.PUSH])
    await watch.check.finds(evidence=[])
    await watch.follows()
    rows = await watch.site.rows.fetch("SELECT account_id, channel, state FROM sends ORDER BY channel")
    assert [tuple(row) for row in rows] == [
        (inspector.account_id, "PAGE", "WAITING"), (inspector.account_id, "PUSH", "SILENCED"),
    ]  # fmt: skip
    assert (await watch.site.entries()).count("alert.silenced") == 1


async def test_why_nobody_was_told_is_said_in_sentences(watch: Watch) -> None:
    watch.measure = (await orders(watch.check, "WITHDRAW_PEOPLE", danger=True)).id
    await watch.follows()
    await watch.climbs(after=timedelta(0))
    await watch.takes(watch.second)
    async with watch.site.database.reading(watch.head) as sql:
        telling = await why.telling_of(sql, await watch.incident())
    chinese, english = why.in_words(telling, "zh"), why.in_words(telling, "en")
    assert len(chinese) == len(english)
    assert "警报产生：责令撤出人员" in chinese[0]
    assert any("值班页面60秒内没有信号" in one for one in chinese)
    assert any("接警。" in one for one in chinese)
    assert not [one for one in (*chinese, *english) if "{" in one or "TOLD_" in one]
