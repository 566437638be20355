"""What may live here: the acts on duty rosters in GraphQL: planning, handing over, being away, staying awake."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.alerts.rosters import OF_COUNTY, OF_OFFICE, DutyAbsence, DutyHandover, DutyPlan
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from storage.alerts.rosters import operations
from storage.alerts.rosters.rules import Seat
from storage.record.actor import Verb
from storage.record.work import perform

_OWN_ID = "Made by the client; the same id with the same content is the same act."


@strawberry.input(description="Who answers for a seat in a period.")
class PlanDutyInput:
    """Who answers for a seat in a period."""

    id: UUID = strawberry.field(description=_OWN_ID)
    begins_at: datetime = strawberry.field(description="From when.")
    ends_at: datetime = strawberry.field(description="Until when, 40 days at most.")
    account_ids: list[UUID] = strawberry.field(description="The accounts, the first first; 1 to 12.")
    county: str | None = strawberry.field(default=None, description=OF_COUNTY)
    office: str | None = strawberry.field(default=None, description=OF_OFFICE)


@strawberry.input(description="A shift to hand over.")
class HandOverDutyInput:
    """A shift to hand over."""

    id: UUID = strawberry.field(description=_OWN_ID)
    to_id: UUID = strawberry.field(description="The account of whoever is to take it.")
    words: str = strawberry.field(description="What is open, 1 to 2,000 characters.")
    county: str | None = strawberry.field(default=None, description=OF_COUNTY)
    office: str | None = strawberry.field(default=None, description=OF_OFFICE)


@strawberry.input(description="A shift to take.")
class TakeOverDutyInput:
    """A shift to take."""

    handover_id: UUID = strawberry.field(description="The hand-over that was given to you.")


@strawberry.input(description="Somebody who cannot be reached for a time.")
class ExcuseFromDutyInput:
    """Somebody who cannot be reached for a time."""

    id: UUID = strawberry.field(description=_OWN_ID)
    account_id: UUID = strawberry.field(description="Yours, or that of somebody whose duty you plan.")
    since: datetime = strawberry.field(description="From when.")
    until: datetime = strawberry.field(description="Until when.")
    reason: str = strawberry.field(description="Why, 1 to 2,000 characters.")


@strawberry.input(description="A descent.")
class GoUndergroundInput:
    """A descent."""

    id: UUID = strawberry.field(description=_OWN_ID)
    since: datetime = strawberry.field(description="When you went down.")


@strawberry.input(description="Nothing to say: it is about you.")
class ComeUpInput:
    """Nothing to say."""

    id: UUID = strawberry.field(description="Made by the client; it names the call.")


@strawberry.type(description="What came of planning duty.")
class PlanDutyPayload:
    """What came of planning duty."""

    plan: DutyPlan | None = strawberry.field(default=None, description="The plan.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of handing over.")
class HandOverDutyPayload:
    """What came of handing over."""

    handover: DutyHandover | None = strawberry.field(default=None, description="The hand-over.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking over.")
class TakeOverDutyPayload:
    """What came of taking over."""

    handover: DutyHandover | None = strawberry.field(default=None, description="The hand-over.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of being excused.")
class ExcuseFromDutyPayload:
    """What came of being excused."""

    absence: DutyAbsence | None = strawberry.field(default=None, description="The absence.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of going down.")
class GoUndergroundPayload:
    """What came of going down."""

    absence: DutyAbsence | None = strawberry.field(default=None, description="The absence.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of coming up.")
class ComeUpPayload:
    """What came of coming up."""

    absence: DutyAbsence | None = strawberry.field(default=None, description="The absence, ended.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of the sign of life.")
class KeepDeskAwakePayload:
    """What came of the sign of life."""

    again_in: int | None = strawberry.field(default=None, description="Seconds until the next sign is due.")
    problem: Problem | None = problem_field()


@strawberry.input(description="The sign of life of a duty page.")
class KeepDeskAwakeInput:
    """The sign of life of a duty page."""

    id: UUID = strawberry.field(description="Made by the client; it names the page.")


@strawberry.type
class RosterMutation:
    """Acts on rosters."""

    @mutation(access=needs(Verb.DUTY_PLAN), description="Say who answers for a seat in a period.")
    async def plan_duty(
        self, info: Info, input: Annotated[PlanDutyInput, strawberry.argument(description="The plan.")]
    ) -> PlanDutyPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.plan_duty, id=input.id,
            seat=Seat(input.county, input.office), begins_at=input.begins_at, ends_at=input.ends_at,
            accounts=input.account_ids,
        )  # fmt: skip
        return PlanDutyPayload(plan=DutyPlan.of(row))

    @mutation(access=needs(Verb.DUTY_HAND_OVER), description="Hand over the shift that you hold.")
    async def hand_over_duty(
        self, info: Info, input: Annotated[HandOverDutyInput, strawberry.argument(description="To whom.")]
    ) -> HandOverDutyPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.hand_over_duty, id=input.id,
            seat=Seat(input.county, input.office), to=input.to_id, words=input.words,
        )  # fmt: skip
        return HandOverDutyPayload(handover=DutyHandover.of(row))

    @mutation(access=needs(Verb.DUTY_HAND_OVER), description="Take the shift that was given to you.")
    async def take_over_duty(
        self, info: Info, input: Annotated[TakeOverDutyInput, strawberry.argument(description="Which.")]
    ) -> TakeOverDutyPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.take_over_duty,
            handover_id=input.handover_id,
        )  # fmt: skip
        return TakeOverDutyPayload(handover=DutyHandover.of(row))

    @mutation(access=needs(Verb.DUTY_READ), description="Say that somebody cannot be reached for a time.")
    async def excuse_from_duty(
        self, info: Info, input: Annotated[ExcuseFromDutyInput, strawberry.argument(description="Who.")]
    ) -> ExcuseFromDutyPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.excuse_from_duty, id=input.id,
            account_id=input.account_id, since=input.since, until=input.until, reason=input.reason,
        )  # fmt: skip
        return ExcuseFromDutyPayload(absence=DutyAbsence.of(row))

    @mutation(access=needs(Verb.DUTY_HAND_OVER), description="You go underground: nobody waits for you meanwhile.")
    async def go_underground(
        self, info: Info, input: Annotated[GoUndergroundInput, strawberry.argument(description="When.")]
    ) -> GoUndergroundPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.go_underground, id=input.id,
            since=input.since,
        )  # fmt: skip
        return GoUndergroundPayload(absence=DutyAbsence.of(row))

    @mutation(access=needs(Verb.DUTY_HAND_OVER), description="You are up again.")
    async def come_up(
        self, info: Info, input: Annotated[ComeUpInput, strawberry.argument(description="The call.")]
    ) -> ComeUpPayload | None:
        context = info.context
        row = await perform(context.database, context.signed_in(), context.now(), operations.come_up)
        return ComeUpPayload(absence=DutyAbsence.of(row))

    @mutation(access=needs(Verb.DUTY_READ), description="Your duty page is awake; say so every 20 seconds.")
    async def keep_desk_awake(
        self, info: Info, input: Annotated[KeepDeskAwakeInput, strawberry.argument(description="Which page.")]
    ) -> KeepDeskAwakePayload | None:
        context = info.context
        await perform(context.database, context.signed_in(), context.now(), operations.keep_desk_awake)
        return KeepDeskAwakePayload(again_in=operations.AGAIN_IN)


AREA = Area(mutation=RosterMutation)
