"""Tests of things that an order on site holds: the measure owns approval, term and lifting; the case names it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import problems
from storage.casework.cases.bodies.facts import (
    ApprovalOf,
    Approved,
    Recorded,
    RecordingMedium,
    Released,
    Seized,
    SeizureExtended,
)
from storage.casework.cases.bodies.opening import Registered
from storage.casework.cases.clocks import deadlines_of
from storage.casework.cases.defects import all_defects
from storage.casework.cases.holding import still_held
from storage.casework.cases.missing import missing_for_decision
from storage.casework.cases.queries import File
from storage.casework.measures.tables import Turn
from storage.record.database import Database
from storage.record.law import BUILT_IN
from tests.factories.desk import Desk, make_desk
from tests.factories.measures import Ordered, orders
from tests.sites import NOW, Site
from tests.storage.casework.test_sweeping import sweep, told

LATER = NOW + timedelta(hours=2)


@pytest.fixture
async def desk(site: Site) -> Desk:
    found = await make_desk(site)
    await found.rest_on_a_sound_finding()
    return found


async def seizes(desk: Desk, **given: Any) -> Ordered:
    assert desk.conduct.finding is not None
    return await orders(desk.check, "SEIZE", desk.conduct.finding, urgent=True, **given)


def by_order(measure: UUID, **changes: Any) -> Seized:
    usual = Seized(items=("雷管 20 发",), urgent=True, reasons_told=True, papers_handed_over=True, record_signed=True,
                   measure=measure)  # fmt: skip
    return replace(usual, **changes)


def codes(desk: Desk, file: File) -> list[str]:
    return [one.code for one in missing_for_decision(file.history, BUILT_IN, LATER, party=desk.unit.id)]


async def test_compulsion_law_25_things_that_an_order_holds_have_one_term_and_it_is_told_once(
    desk: Desk, workers: Database
) -> None:
    measure = await seizes(desk)
    await desk.file(at=LATER)
    await desk.take(by_order(measure.id), party=None, at=LATER)
    file = await desk.file_of()
    (step,) = file.history.of(Seized)
    assert step.at == NOW  # When the order was given, whenever the case is told of it.
    assert not [one for one in deadlines_of(file.history, BUILT_IN) if one.key.startswith("seizure")]
    while await sweep(workers, NOW + timedelta(days=60)):
        pass
    said = [
        one["data"]["key"] for kind in ("measure", "case") for one in await told(desk.site, f"{kind}.clock_overrun")
    ]
    assert said.count("seizure") == 1
    assert said.count("urgent_measure_report") == 1


async def test_compulsion_law_19_no_decision_rests_on_an_order_before_it_is_approved_where_it_was_given(
    desk: Desk,
) -> None:
    measure = await seizes(desk)
    await desk.file()
    await desk.take(by_order(measure.id), party=None)
    before = await desk.file_of()
    (found,) = [
        one
        for one in missing_for_decision(before.history, BUILT_IN, LATER, party=desk.unit.id)
        if one.code == "RESTS_ON_MEASURE" and one.problem.parameters["lacks"] == "NOT_APPROVED"
    ]
    assert found.due == NOW + timedelta(hours=24)
    await measure.takes(desk.check.inspector, Turn.CONFIRMED, at=LATER)
    await measure.takes(desk.head, Turn.APPROVED, at=LATER)
    assert "RESTS_ON_MEASURE" not in codes(desk, await desk.file_of())


async def test_compulsion_law_28_what_is_lifted_on_site_is_no_longer_held_in_the_case(desk: Desk) -> None:
    measure = await seizes(desk)
    await desk.file()
    await desk.take(by_order(measure.id), party=None)
    assert len(still_held((await desk.file_of()).history)) == 1
    await measure.takes(desk.head, Turn.LIFTED, words="与违法行为无关", at=LATER)
    file = await desk.file_of()
    assert still_held(file.history) == ()
    assert "RESTS_ON_MEASURE" not in codes(desk, file)
    assert file.history.held[0].ended_at == LATER


async def test_compulsion_law_28_it_is_not_approved_extended_or_released_in_the_case_as_well(desk: Desk) -> None:
    measure = await seizes(desk)
    await desk.file()
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    await desk.take(by_order(measure.id), party=None)
    step = (await desk.file_of()).history.of(Seized)[0].id
    for body, by in (
        (Approved(of=ApprovalOf.SEIZED, step=step, reason="同意"), desk.head),
        (SeizureExtended(seized=step, reason="情况复杂", told_in_writing=True), desk.head),
        (Released(seized=step, outcome="退还"), None),
    ):  # fmt: skip
        await desk.refused(problems.HeldByMeasure, desk.take(body, by=by, party=None))


async def test_compulsion_law_18_a_seizure_names_an_order_of_this_mine_and_each_once(desk: Desk) -> None:
    measure = await seizes(desk)
    assert desk.conduct.finding is not None
    other = await orders(desk.check, "CORRECT_ON_SITE", desk.conduct.finding)
    await desk.file()
    for unknown in (uuid4(), other.id):
        await desk.refused(problems.SeizureUnknown, desk.take(by_order(unknown), party=None))
    step = desk.taking(by_order(measure.id), party=None, at=LATER)
    await desk.again(step, at=LATER)
    await desk.again(step, at=LATER + timedelta(hours=1))
    await desk.refused(problems.MeasureNamedTwice, desk.take(by_order(measure.id), party=None))
    await desk.site.rows.execute("UPDATE measures SET mine_id = $1", desk.site.far_mine)
    again = await make_desk(desk.site)
    await again.file()
    await again.refused(problems.SeizureUnknown, again.take(by_order(measure.id), party=None))


async def test_what_the_order_does_not_say_the_case_keeps_with_its_defects_and_its_film(desk: Desk) -> None:
    measure = await seizes(desk)
    await desk.file()
    bare = by_order(measure.id, urgent=False, papers_handed_over=False, record_signed=False)
    await desk.take(bare, party=None, officers=())
    file = await desk.file_of()
    assert {one.kind.value for one in all_defects(file.history, BUILT_IN)} == {"PAPERS_NOT_HANDED_OVER", "NOT_SIGNED"}
    assert "RECORDING_MISSING" in codes(desk, file)
    step = file.history.of(Seized)[0].id
    await desk.take(Recorded(step=step, medium=RecordingMedium.FILM, evidence=(), gap="设备故障"), party=None)
    assert "RECORDING_MISSING" not in codes(desk, await desk.file_of())
