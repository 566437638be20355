"""How long things may be held: seizures with their extension and tests, registered evidence; pure."""

from datetime import date, timedelta
from uuid import UUID

from storage.casework.cases.bodies.facts import (
    KeepingDecided,
    RegisterKept,
    Released,
    Seized,
    SeizureExtended,
    SentForTest,
)
from storage.casework.cases.bodies.transfer import TransferGoodsHandedOver
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Step
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, deadline_of


def end_of_seizure(seized: Step[Seized], history: History, law: Law, *, extended: bool | None = None) -> Deadline:
    """The last day of a seizure as it stands: 强制法25, days of tests that were told in writing not counted."""
    on = law.parameter("seizure", day_of(seized.at))
    tests = (one.body for one in history.of(SentForTest) if one.body.seized == seized.id)
    days: set[date] = {one.first + timedelta(days=n) for one in tests for n in range((one.last - one.first).days + 1)}
    number = on.value if isinstance(on.value, int) else 0
    first = deadline_of(law, "seizure", seized.at, count=number + len(days))
    if extension_of(seized, history) is None if extended is None else not extended:
        return first
    return deadline_of(law, "seizure_extension", first.ends)


def extension_of(seized: Step[Seized], history: History) -> Step[SeizureExtended] | None:
    """Its extension."""
    return next((one for one in history.of(SeizureExtended) if one.body.seized == seized.id), None)


def end_of_holding(step: AnyStep, history: History) -> AnyStep | None:
    """The step by which things were given back or went where they belong."""
    if isinstance(step.body, RegisterKept):
        return next((one for one in history.of(KeepingDecided) if one.body.kept == step.id), None)
    released = next((one for one in history.of(Released) if one.body.seized == step.id), None)
    return released or history.last(TransferGoodsHandedOver)


def still_held(history: History) -> tuple[UUID, ...]:
    """Keepings and seizures that nobody has ended."""
    lifted = {one.measure for one in history.held if one.ended_at is not None}
    kept: tuple[AnyStep, ...] = (*history.of(RegisterKept), *seized_here(history))
    there = (one.id for one in history.of(Seized) if one.body.measure is not None and one.body.measure not in lifted)
    return (*(one.id for one in kept if end_of_holding(one, history) is None), *there)


def seized_here(history: History) -> tuple[Step[Seized], ...]:
    """The seizures that the case itself ordered: what an order on site holds has its term and its end there."""
    return tuple(one for one in history.of(Seized) if one.body.measure is None)
