"""What may live here: drills and what people want to be spared of, in GraphQL."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.alerts.rosters import OF_COUNTY, OF_OFFICE
from graphql_schema.area import Area, identity, mutation, query
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import value_id
from storage.alerts.alerts import operations, queries
from storage.alerts.alerts import tables as rows
from storage.alerts.alerts.kinds import AlertKind, Channel
from storage.alerts.rosters.rules import Seat
from storage.record.actor import Verb
from storage.record.work import perform


@strawberry.type(description="An alarm that was asked for to see who comes: a drill, and marked as one everywhere.")
class AlertDrill:
    """An alarm that was asked for."""

    uuid: UUID = strawberry.field(description="The id that the client made; its incident's subject.")
    kind: AlertKind = strawberry.field(description="As what it alarms.")
    county: str | None = strawberry.field(description=OF_COUNTY)
    office: str | None = strawberry.field(description=OF_OFFICE)
    drilled_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("drill", self.uuid)

    @classmethod
    def of(cls, row: rows.Drill) -> "AlertDrill":
        """Tell a row."""
        return cls(
            uuid=row.id, kind=AlertKind(row.kind), county=row.county, office=row.office, drilled_at=row.drilled_at
        )


@strawberry.type(description="By which channels you are not told of a kind; never of an urgent one.")
class AlertSilence:
    """By which channels you are not told of a kind."""

    kind: AlertKind = strawberry.field(description="The kind.")
    channels: list[Channel] = strawberry.field(description="The channels; none: you are told by all.")
    kept_at: datetime = strawberry.field(description="Since when.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("silence", self.kind.value)

    @classmethod
    def of(cls, row: rows.Silence) -> "AlertSilence":
        """Tell a row."""
        return cls(kind=AlertKind(row.kind), channels=[Channel(one) for one in row.channels], kept_at=row.kept_at)


@strawberry.input(description="A drill.")
class DrillAlertInput:
    """A drill."""

    id: UUID = strawberry.field(description="Made by the client; the same id with the same content is the same act.")
    kind: AlertKind = strawberry.field(description="As what it alarms: an urgent kind.")
    county: str | None = strawberry.field(default=None, description=OF_COUNTY)
    office: str | None = strawberry.field(default=None, description=OF_OFFICE)


@strawberry.input(description="What you want to be spared of.")
class SilenceAlertsInput:
    """What you want to be spared of."""

    kind: AlertKind = strawberry.field(description="The kind: none that is urgent.")
    channels: list[Channel] = strawberry.field(description="By which channels; none: you are told by all again.")


@strawberry.type(description="What came of a drill.")
class DrillAlertPayload:
    """What came of a drill."""

    drill: AlertDrill | None = strawberry.field(default=None, description="The drill.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of silencing a kind.")
class SilenceAlertsPayload:
    """What came of silencing a kind."""

    silence: AlertSilence | None = strawberry.field(default=None, description="What is kept now.")
    problem: Problem | None = problem_field()


@strawberry.type
class DrillQuery:
    """What you want to be spared of."""

    @query(access=needs(Verb.ADDRESS_KEEP), description="Of what you are not told by which channels.")
    async def alert_silences(self, info: Info) -> list[AlertSilence] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            return [AlertSilence.of(row) for row in await queries.silences_of(sql, actor.account_id)]


@strawberry.type
class DrillMutation:
    """Drills and silences."""

    @mutation(
        access=needs(Verb.ALERT_DRILL), description="Alarm a seat to see who comes; every word says it is a drill."
    )
    async def drill_alert(
        self, info: Info, input: Annotated[DrillAlertInput, strawberry.argument(description="Whom, as what.")]
    ) -> DrillAlertPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.drill_alert, id=input.id,
            seat=Seat(input.county, input.office), kind=input.kind,
        )  # fmt: skip
        return DrillAlertPayload(drill=AlertDrill.of(row))

    @mutation(access=needs(Verb.ADDRESS_KEEP), description="Say by which channels you want to be spared of a kind.")
    async def silence_alerts(
        self, info: Info, input: Annotated[SilenceAlertsInput, strawberry.argument(description="Of what.")]
    ) -> SilenceAlertsPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.silence_alerts, kind=input.kind,
            channels=input.channels,
        )  # fmt: skip
        return SilenceAlertsPayload(silence=AlertSilence.of(row))


AREA = Area(query=DrillQuery, mutation=DrillMutation)
