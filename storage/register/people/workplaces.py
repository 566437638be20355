"""The only acts that change workplaces and shifts of mines, and who works where in which shift."""

from datetime import date
from uuid import UUID

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.register.people import queries, rules
from storage.register.people.operations import scope_of
from storage.register.people.tables import Assignment, Shift, ShiftKind, Workplace, WorkplaceKind


async def open_workplace(
    work: Work, *, mine_id: UUID, name: str, kind: WorkplaceKind, underground: bool, from_day: date
) -> Workplace:
    """Opens a workplace at a mine. Raises NotFound, WorkplaceNameTaken, BadInput."""
    mine = await queries.mine_to_staff(work, mine_id)
    work.actor.require(Verb.WORKPLACE_OPEN, **mine.told)
    rules.must_be_in_order(from_day, None)
    workplace = Workplace(
        id=ids.new_id(to_ms(work.now)), name=rules.text_of(name, field="name", most=80), kind=kind,
        underground=underground, from_day=from_day, recorded_at=work.now, **mine.told,
    )  # fmt: skip
    await add_rows(work.sql, [workplace])
    data = {"mine": str(mine.id), "name": workplace.name, "kind": kind.value, "underground": underground,
            "from": from_day.isoformat()}  # fmt: skip
    work.record("workplace.opened", workplace.id, data=data, **scope_of(workplace))
    return workplace


async def workplace_again(work: Work, workplace_id: UUID) -> Workplace:
    """What a replay answers: the workplace as it stands today."""
    return await queries.workplace_to_change(work, workplace_id)


async def close_workplace(work: Work, *, workplace_id: UUID, last_day: date) -> Workplace:
    """Records the last day of a workplace, once. Raises NotFound, AlreadyEnded, DaysOutOfOrder."""
    workplace = await queries.workplace_to_change(work, workplace_id)
    work.actor.require(Verb.WORKPLACE_OPEN, **scope_of(workplace))
    rules.must_be_running(workplace.ended_at)
    rules.must_be_in_order(workplace.from_day, last_day)
    workplace.to_day, workplace.ended_at = last_day, work.now
    await change_rows(work.sql, [workplace], "to_day", "ended_at")
    work.record("workplace.closed", workplace.id, data={"to": last_day.isoformat()}, **scope_of(workplace))
    return workplace


async def define_shift(work: Work, *, mine_id: UUID, kind: ShiftKind, starts: int, ends: int, from_day: date) -> Shift:
    """Sets the times of a shift: minutes of the day in Asia/Shanghai. Raises NotFound, ShiftDefined, BadInput."""
    mine = await queries.mine_to_staff(work, mine_id)
    work.actor.require(Verb.WORKPLACE_OPEN, **mine.told)
    rules.must_be_in_order(from_day, None)
    rules.must_be_times(starts, ends)
    shift = Shift(
        id=ids.new_id(to_ms(work.now)), kind=kind, starts=starts, ends=ends, from_day=from_day, recorded_at=work.now,
        **mine.told,
    )  # fmt: skip
    await add_rows(work.sql, [shift])
    data = {"mine": str(mine.id), "kind": kind.value, "starts": starts, "ends": ends, "from": from_day.isoformat()}
    work.record("shift.defined", shift.id, data=data, **scope_of(shift))
    return shift


async def shift_again(work: Work, shift_id: UUID) -> Shift:
    """What a replay answers: the shift as it stands today."""
    return await queries.shift_to_change(work, shift_id)


async def retire_shift(work: Work, *, shift_id: UUID, last_day: date) -> Shift:
    """Records the last day of a shift, once: other times can follow. NotFound, AlreadyEnded, DaysOutOfOrder."""
    shift = await queries.shift_to_change(work, shift_id)
    work.actor.require(Verb.WORKPLACE_OPEN, **scope_of(shift))
    rules.must_be_running(shift.ended_at)
    rules.must_be_in_order(shift.from_day, last_day)
    shift.to_day, shift.ended_at = last_day, work.now
    await change_rows(work.sql, [shift], "to_day", "ended_at")
    work.record("shift.retired", shift.id, data={"to": last_day.isoformat()}, **scope_of(shift))
    return shift


async def assign_shift(
    work: Work, *, person_id: UUID, workplace_id: UUID, shift_id: UUID, from_day: date, to_day: date | None = None
) -> Assignment:
    """Lets a person work at a workplace in a shift. Raises NotFound, OfAnotherMine, NotOnThatDay, DaysOutOfOrder."""
    person = await queries.person_to_change(work, person_id)
    workplace = await queries.workplace_to_change(work, workplace_id)
    shift = await queries.shift_to_change(work, shift_id)
    work.actor.require(Verb.PERSON_ASSIGN, **scope_of(person))
    if not person.mine_id == workplace.mine_id == shift.mine_id:
        raise rules.OfAnotherMine()
    rules.must_be_in_order(from_day, to_day)
    rules.must_lie_within(workplace, from_day, to_day)
    rules.must_lie_within(shift, from_day, to_day)
    assignment = Assignment(
        id=ids.new_id(to_ms(work.now)), person_id=person.id, workplace_id=workplace.id, shift_id=shift.id,
        from_day=from_day, to_day=to_day, recorded_at=work.now, ended_at=work.now if to_day else None,
        **scope_of(person),
    )  # fmt: skip
    await add_rows(work.sql, [assignment])
    data = {"mine": str(person.mine_id), "person": str(person.id), "workplace": str(workplace.id),
            "shift": str(shift.id), "from": from_day.isoformat()}  # fmt: skip
    data |= {"to": to_day.isoformat()} if to_day else {}
    work.record("shift.assigned", assignment.id, data=data, **scope_of(assignment))
    return assignment


async def assignment_again(work: Work, assignment_id: UUID) -> Assignment:
    """What a replay answers: the assignment as it stands today."""
    return await queries.assignment_to_end(work, assignment_id)


async def end_shift(work: Work, *, assignment_id: UUID, last_day: date) -> Assignment:
    """Records the last day of an assignment, once. Raises NotFound, AlreadyEnded, DaysOutOfOrder."""
    assignment = await queries.assignment_to_end(work, assignment_id)
    work.actor.require(Verb.PERSON_ASSIGN, **scope_of(assignment))
    rules.must_be_running(assignment.ended_at)
    rules.must_be_in_order(assignment.from_day, last_day)
    assignment.to_day, assignment.ended_at = last_day, work.now
    await change_rows(work.sql, [assignment], "to_day", "ended_at")
    data = {"person": str(assignment.person_id), "to": last_day.isoformat()}
    work.record("shift.ended", assignment.id, data=data, **scope_of(assignment))
    return assignment
