"""What may live here: workplaces and shifts of mines in GraphQL, and who works where in which shift."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import global_id
from graphql_schema.register.people import Person, person_by_id
from graphql_schema.register.people_acts import OPERATION_ID
from storage.record.actor import Verb
from storage.record.work import perform_once
from storage.register.people import queries
from storage.register.people import tables as rows
from storage.register.people import workplaces as operations
from storage.register.people.tables import ShiftKind, WorkplaceKind

labelled(WorkplaceKind, description="What is done at a workplace.")


async def _workplaces(context: Context, ids: list[UUID]) -> Iterable[rows.Workplace]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.workplaces_by_id(sql, ids)


async def _shifts(context: Context, ids: list[UUID]) -> Iterable[rows.Shift]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.shifts_by_id(sql, ids)


workplace_by_id = loaders.one(_workplaces, key=lambda row: row.id)
shift_by_id = loaders.one(_shifts, key=lambda row: row.id)


@strawberry.type(description="A place of a mine where people work, from one day to another (Asia/Shanghai).")
class Workplace:
    """A place of a mine where people work."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    name: str = strawberry.field(description="What the mine calls it.")
    kind: WorkplaceKind = strawberry.field(description="What is done there.")
    underground: bool = strawberry.field(description="Whether it is underground.")
    from_day: date = strawberry.field(description="The first day.")
    to_day: date | None = strawberry.field(description="The last day, once it is known.")

    @classmethod
    def of(cls, row: rows.Workplace) -> "Workplace":
        """Tell a row."""
        return cls(
            id=global_id("Workplace", row.id), uuid=row.id, name=row.name, kind=WorkplaceKind(row.kind),
            underground=row.underground, from_day=row.from_day, to_day=row.to_day,
        )  # fmt: skip


@strawberry.type(description="A shift of a mine; one that ends before it starts passes midnight.")
class Shift:
    """A shift of a mine."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    kind: ShiftKind = strawberry.field(description="Which shift.")
    starts: int = strawberry.field(description="Minute of the day in Asia/Shanghai at which it starts, 0 to 1439.")
    ends: int = strawberry.field(description="Minute of the day in Asia/Shanghai at which it ends, 0 to 1439.")
    from_day: date = strawberry.field(description="The first day on which it begins so.")
    to_day: date | None = strawberry.field(description="The last day on which it begins so, once it is known.")

    @classmethod
    def of(cls, row: rows.Shift) -> "Shift":
        """Tell a row."""
        return cls(
            id=global_id("Shift", row.id), uuid=row.id, kind=ShiftKind(row.kind), starts=row.starts, ends=row.ends,
            from_day=row.from_day, to_day=row.to_day,
        )  # fmt: skip


@strawberry.type(description="Who works where in which shift, from one day to another, both included.")
class Assignment:
    """Who works where in which shift."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The UUID, for `endShift`.")
    from_day: date = strawberry.field(description="The first day.")
    to_day: date | None = strawberry.field(description="The last day, once it is known.")
    row: strawberry.Private[rows.Assignment]

    @classmethod
    def of(cls, row: rows.Assignment) -> "Assignment":
        """Tell a row."""
        return cls(
            id=global_id("Assignment", row.id), uuid=row.id, from_day=row.from_day, to_day=row.to_day, row=row
        )  # fmt: skip

    @derived(description="Who.")
    async def person(self, info: Info) -> Person | None:
        row = await person_by_id(info.context, self.row.person_id)
        return Person.of(row) if row else None

    @derived(description="Where.")
    async def workplace(self, info: Info) -> Workplace | None:
        row = await workplace_by_id(info.context, self.row.workplace_id)
        return Workplace.of(row) if row else None

    @derived(description="In which shift.")
    async def shift(self, info: Info) -> Shift | None:
        row = await shift_by_id(info.context, self.row.shift_id)
        return Shift.of(row) if row else None


@strawberry.input(description="A workplace to open.")
class OpenWorkplaceInput:
    """A workplace to open."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    name: str = strawberry.field(description="What the mine calls it, 1 to 80 characters.")
    kind: WorkplaceKind = strawberry.field(description="What is done there.")
    underground: bool = strawberry.field(description="Whether it is underground.")
    from_day: date = strawberry.field(description="The first day, of Asia/Shanghai.")


@strawberry.input(description="A workplace to close.")
class CloseWorkplaceInput:
    """A workplace to close."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    workplace_id: UUID = strawberry.field(description="The UUID of the workplace.")
    last_day: date = strawberry.field(description="The last day, of Asia/Shanghai.")


@strawberry.input(description="A shift to define.")
class DefineShiftInput:
    """A shift to define."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    kind: ShiftKind = strawberry.field(description="Which shift.")
    starts: int = strawberry.field(description="Minute of the day in Asia/Shanghai, 0 to 1439.")
    ends: int = strawberry.field(
        description="Minute of the day in Asia/Shanghai, 0 to 1439; before `starts`: next day."
    )
    from_day: date = strawberry.field(description="The first day, of Asia/Shanghai.")


@strawberry.input(description="A shift to retire.")
class RetireShiftInput:
    """A shift to retire."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    shift_id: UUID = strawberry.field(description="The UUID of the shift.")
    last_day: date = strawberry.field(description="The last day on which it begins, of Asia/Shanghai.")


@strawberry.input(description="Who shall work where in which shift.")
class AssignShiftInput:
    """Who shall work where in which shift."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    person_id: UUID = strawberry.field(description="The UUID of the person.")
    workplace_id: UUID = strawberry.field(description="The UUID of the workplace.")
    shift_id: UUID = strawberry.field(description="The UUID of the shift.")
    from_day: date = strawberry.field(description="The first day, of Asia/Shanghai.")
    to_day: date | None = strawberry.field(default=None, description="The last day, if it is known already.")


@strawberry.input(description="An assignment to end.")
class EndShiftInput:
    """An assignment to end."""

    operation_id: UUID = strawberry.field(description=OPERATION_ID)
    assignment_id: UUID = strawberry.field(description="The UUID of the assignment.")
    last_day: date = strawberry.field(description="The last day, of Asia/Shanghai.")


@strawberry.type(description="What came of opening a workplace.")
class OpenWorkplacePayload:
    """What came of opening a workplace."""

    workplace: Workplace | None = strawberry.field(default=None, description="The workplace as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of closing a workplace.")
class CloseWorkplacePayload:
    """What came of closing a workplace."""

    workplace: Workplace | None = strawberry.field(default=None, description="The workplace as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of defining a shift.")
class DefineShiftPayload:
    """What came of defining a shift."""

    shift: Shift | None = strawberry.field(default=None, description="The shift as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of retiring a shift.")
class RetireShiftPayload:
    """What came of retiring a shift."""

    shift: Shift | None = strawberry.field(default=None, description="The shift as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of an assignment.")
class AssignShiftPayload:
    """What came of an assignment."""

    assignment: Assignment | None = strawberry.field(default=None, description="The assignment as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of ending an assignment.")
class EndShiftPayload:
    """What came of ending an assignment."""

    assignment: Assignment | None = strawberry.field(default=None, description="The assignment as it stands.")
    problem: Problem | None = problem_field()


@strawberry.type
class WorkplaceQuery:
    """Where people work."""

    @query(access=needs(Verb.PERSON_READ), description="The workplaces of a mine by name, closed ones too.")
    async def workplaces(
        self, info: Info, mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
    ) -> list[Workplace] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [Workplace.of(row) for row in await queries.workplaces_of(sql, [mine_id])]

    @query(access=needs(Verb.PERSON_READ), description="The shifts of a mine as the day goes, retired ones too.")
    async def shifts(
        self, info: Info, mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
    ) -> list[Shift] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return [Shift.of(row) for row in await queries.shifts_of(sql, [mine_id])]

    @query(access=needs(Verb.PERSON_READ), description="Who is assigned to a mine, or a workplace of it, at a moment.")
    async def on_shift(
        self,
        info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        at: Annotated[datetime, strawberry.argument(description="The moment.")],
        workplace_id: Annotated[UUID | None, strawberry.argument(description="Only at this workplace.")] = None,
    ) -> list[Assignment] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            found = await queries.on_shift(sql, mine_id=mine_id, moment=at, workplace_id=workplace_id)
        return [Assignment.of(row) for row in found]


@strawberry.type
class WorkplaceMutation:
    """Acts on workplaces and shifts."""

    @mutation(access=needs(Verb.WORKPLACE_OPEN), description="Open a workplace at a mine.")
    async def open_workplace(
        self, info: Info, input: Annotated[OpenWorkplaceInput, strawberry.argument(description="The workplace.")]
    ) -> OpenWorkplacePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.workplace_again,
            operations.open_workplace, mine_id=input.mine_id, name=input.name, kind=input.kind,
            underground=input.underground, from_day=input.from_day,
        )  # fmt: skip
        return OpenWorkplacePayload(workplace=Workplace.of(row))

    @mutation(access=needs(Verb.WORKPLACE_OPEN), description="Record the last day of a workplace.")
    async def close_workplace(
        self, info: Info, input: Annotated[CloseWorkplaceInput, strawberry.argument(description="Which, and when.")]
    ) -> CloseWorkplacePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.workplace_again,
            operations.close_workplace, workplace_id=input.workplace_id, last_day=input.last_day,
        )  # fmt: skip
        return CloseWorkplacePayload(workplace=Workplace.of(row))

    @mutation(access=needs(Verb.WORKPLACE_OPEN), description="Set the times of a shift of a mine.")
    async def define_shift(
        self, info: Info, input: Annotated[DefineShiftInput, strawberry.argument(description="The shift.")]
    ) -> DefineShiftPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.shift_again,
            operations.define_shift, mine_id=input.mine_id, kind=input.kind, starts=input.starts, ends=input.ends,
            from_day=input.from_day,
        )  # fmt: skip
        return DefineShiftPayload(shift=Shift.of(row))

    @mutation(access=needs(Verb.WORKPLACE_OPEN), description="Record the last day of a shift; other times can follow.")
    async def retire_shift(
        self, info: Info, input: Annotated[RetireShiftInput, strawberry.argument(description="Which, and when.")]
    ) -> RetireShiftPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.shift_again,
            operations.retire_shift, shift_id=input.shift_id, last_day=input.last_day,
        )  # fmt: skip
        return RetireShiftPayload(shift=Shift.of(row))

    @mutation(access=needs(Verb.PERSON_ASSIGN), description="Let a person work at a workplace in a shift.")
    async def assign_shift(
        self, info: Info, input: Annotated[AssignShiftInput, strawberry.argument(description="Who, where, when.")]
    ) -> AssignShiftPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.assignment_again,
            operations.assign_shift, person_id=input.person_id, workplace_id=input.workplace_id,
            shift_id=input.shift_id, from_day=input.from_day, to_day=input.to_day,
        )  # fmt: skip
        return AssignShiftPayload(assignment=Assignment.of(row))

    @mutation(access=needs(Verb.PERSON_ASSIGN), description="Record the last day of an assignment.")
    async def end_shift(
        self, info: Info, input: Annotated[EndShiftInput, strawberry.argument(description="Which, and when.")]
    ) -> EndShiftPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.assignment_again,
            operations.end_shift, assignment_id=input.assignment_id, last_day=input.last_day,
        )  # fmt: skip
        return EndShiftPayload(assignment=Assignment.of(row))


AREA = Area(query=WorkplaceQuery, mutation=WorkplaceMutation)
