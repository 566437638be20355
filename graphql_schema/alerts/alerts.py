"""What may live here: alerts in GraphQL: what you were told, what happened within your reach, and taking it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.alerts.deliveries import AlertSend, sends_of
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.miners.refusals import RefusedPlace
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id, value_id
from graphql_schema.register import mines
from graphql_schema.register.identity import Account, account
from storage.alerts.alerts import operations, queries
from storage.alerts.alerts import tables as rows
from storage.alerts.alerts.kinds import KINDS, LADDER, AlertKind
from storage.alerts.rosters.rules import Chain
from storage.miners.refusals import queries as refusals
from storage.record.actor import Verb
from storage.record.work import perform

labelled(AlertKind, description="What people are told of.")


async def _incidents(context: Context, ids: list[UUID]) -> Iterable[rows.Incident]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.incidents_seen(sql, ids)


async def _climbs(context: Context, ids: list[UUID]) -> Iterable[rows.Climb]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.climbs_of(sql, ids)


async def _told(context: Context, ids: list[UUID]) -> Iterable[rows.Alert]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.alerts_of_incidents(sql, ids)


async def _refused(context: Context, ids: list[UUID]) -> Iterable[refusals.RefusalRow]:
    # Sight of an alert gives nobody sight of the refusal: it is read as `refusals` is.
    async with context.database.reading(context.signed_in().seeing(Verb.REFUSAL_READ)) as sql:
        return await refusals.refusals_by_ids(sql, ids)


async def _overruns(context: Context, ids: list[UUID]) -> Iterable[queries.OverrunRow]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.overruns_of(sql, ids)


incident_by_id = loaders.one(_incidents, key=lambda row: row.id)
climbs_of = loaders.many(_climbs, key=lambda row: row.incident_id)
told_of = loaders.many(_told, key=lambda row: row.incident_id)
refused_of = loaders.one(_refused, key=lambda row: row.id)
overruns_of = loaders.many(_overruns, key=lambda row: row.subject)


@strawberry.type(description="How far an incident climbed in one chain, and who took it there.")
class Climb:
    """How far an incident climbed in one chain."""

    uuid: UUID = strawberry.field(description="Its id.")
    chain: Chain = strawberry.field(description="The hierarchy.")
    round: int = strawberry.field(description="How often the ladder began anew.")
    rung: int = strawberry.field(description="The rung that is next, from 0.")
    next_at: datetime | None = strawberry.field(description="When; null once somebody took it or it is over.")
    taken_by: UUID | None = strawberry.field(description="The account that took it; null while nobody did.")
    taken_at: datetime | None = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("climb", self.uuid)

    @derived(description="The person who took it; null while nobody did, or where you do not see the account.")
    async def taker(self, info: Info) -> Account | None:
        return None if self.taken_by is None else await account(info.context, self.taken_by)

    @classmethod
    def of(cls, row: rows.Climb) -> "Climb":
        """Tell a row."""
        return cls(
            uuid=row.id, chain=Chain(row.chain), round=row.round, rung=min(row.rung, len(LADDER) - 1),
            next_at=row.next_at, taken_by=row.taken_by, taken_at=row.taken_at,
        )  # fmt: skip


@strawberry.type(description="That one account was told of an incident, and what came of telling it.")
class Alert:
    """That one account was told of an incident."""

    row: strawberry.Private[rows.Alert]
    uuid: UUID = strawberry.field(description="Its id.")
    account_id: UUID = strawberry.field(description="Who was told.")
    chain: Chain | None = strawberry.field(description="In which chain; null for whoever is told besides.")
    rung: int = strawberry.field(description="On which rung first, from 0.")
    raised_at: datetime = strawberry.field(description="When.")
    read_at: datetime | None = strawberry.field(description="When it was read; null until then.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("alert", self.uuid)

    @derived(description="What happened; null where you do not see it any more.")
    async def incident(self, info: Info) -> "Incident | None":
        return await incident(info.context, self.row.incident_id)

    @derived(description="What was sent, and each attempt: the answer to why somebody was not told.")
    async def sends(self, info: Info) -> list[AlertSend]:
        return [AlertSend.of(row) for row in await sends_of(info.context, self.row.id)]

    @classmethod
    def of(cls, row: rows.Alert) -> "Alert":
        """Tell a row."""
        return cls(
            row=row, uuid=row.id, account_id=row.account_id, chain=Chain(row.chain) if row.chain else None,
            rung=row.rung, raised_at=row.raised_at, read_at=row.read_at,
        )  # fmt: skip


@strawberry.type(description="A deadline that ran out: which one, in what matter; never what the matter says.")
class Overrun:
    """A deadline that ran out."""

    uuid: UUID = strawberry.field(description="The id of the ledger's entry that tells it.")
    matter: str = strawberry.field(description="In what: case, exam, finding, measure, report or retaliation.")
    key: str = strawberry.field(description="Which period of the law, by its key.")
    article: str = strawberry.field(description="What sets it.")
    ends: date | None = strawberry.field(description="Its last day in Asia/Shanghai; null where a minute ends it.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("overrun", self.uuid)

    @classmethod
    def of(cls, row: queries.OverrunRow) -> "Overrun":
        """Tell a row."""
        return cls(uuid=row.entry_id, matter=row.matter, key=row.key, article=row.article, ends=row.ends)


@strawberry.type(description="Something of which somebody must know.")
class Incident(Node):
    """Something of which somebody must know."""

    row: strawberry.Private[rows.Incident]
    uuid: UUID = strawberry.field(description="Its id.")
    kind: AlertKind = strawberry.field(description="What happened.")
    subject_id: UUID = strawberry.field(description="To what, by its id in the record.")
    urgent: bool = strawberry.field(description="Whether it climbs until a person takes it.")
    drill: bool = strawberry.field(description="Whether it is a drill.")
    article: str = strawberry.field(description="What asks for it; empty for the house's own rule.")
    happened_at: datetime = strawberry.field(description="When it happened.")
    raised_at: datetime = strawberry.field(description="When telling began.")
    joined: int = strawberry.field(description="How many later entries of the same cause joined it.")
    ended_at: datetime | None = strawberry.field(description="When it was over; null while it is not.")

    @derived(description="The mine; null where you do not see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return None if self.row.mine_id is None else await mines.mine(info.context, self.row.mine_id)

    @derived(description="Of a refusal the place, shift and danger, as the mine reads them; null without sight of it.")
    async def refused(self, info: Info) -> RefusedPlace | None:
        row = await refused_of(info.context, self.row.subject) if self.kind is AlertKind.REFUSAL else None
        return RefusedPlace.of(row) if row else None

    @derived(description="The deadlines that ran out, the oldest first, 20 at most; of another kind of alert none.")
    async def overruns(self, info: Info) -> list[Overrun]:
        late = self.kind is AlertKind.CLOCK_OVERRUN
        return [Overrun.of(row) for row in await overruns_of(info.context, self.row.subject)] if late else []

    @derived(description="How far it climbed in each chain.")
    async def climbs(self, info: Info) -> list[Climb]:
        return [Climb.of(row) for row in await climbs_of(info.context, self.row.id)]

    @derived(description="Who was told, in the order of telling, 100 at most.")
    async def told(self, info: Info) -> list[Alert]:
        return [Alert.of(row) for row in await told_of(info.context, self.row.id)]

    @classmethod
    def of(cls, row: rows.Incident) -> "Incident":
        """Tell a row."""
        kind = AlertKind(row.kind)
        return cls(
            id=global_id("Incident", row.id), row=row, uuid=row.id, kind=kind, subject_id=row.subject,
            urgent=row.urgent, drill=row.drill, article=KINDS[kind].article, happened_at=row.happened_at,
            raised_at=row.raised_at, joined=row.joined, ended_at=row.ended_at,
        )  # fmt: skip


async def incident(context: Context, id: UUID) -> Incident | None:
    """Fetch the node of a UUID."""
    row = await incident_by_id(context, id)
    return Incident.of(row) if row else None


@strawberry.input(description="An alert to take.")
class TakeAlertInput:
    """An alert to take."""

    incident_id: UUID = strawberry.field(description="The incident: you were told of it, or you are on duty for it.")


@strawberry.type(description="What came of taking an alert.")
class TakeAlertPayload:
    """What came of taking an alert."""

    incident: Incident | None = strawberry.field(default=None, description="The incident.")
    problem: Problem | None = problem_field()


@strawberry.input(description="An alert that you have read.")
class ReadAlertInput:
    """An alert that you have read."""

    alert_id: UUID = strawberry.field(description="The alert, which is yours.")


@strawberry.type(description="What came of reading an alert.")
class ReadAlertPayload:
    """What came of reading an alert."""

    read: bool | None = strawberry.field(default=None, description="Whether it is read now.")
    problem: Problem | None = problem_field()


@strawberry.type
class AlertQuery:
    """What people are told."""

    @query(access=needs(Verb.ALERT_READ), description="What you were told, newest first.")
    async def alerts(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Alert] | None:
        page, actor = pages.page(first, after, last, before), info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            found = await queries.alerts_of_account(
                sql, actor.account_id, limit=page.limit, behind=page.key, backwards=page.backwards
            )
        return pages.connection(found, page, node=Alert.of, key=lambda row: (row.raised_at, row.id))

    @query(access=needs(Verb.ALERT_TAKE), description="What happened within your reach, newest first: the duty desk.")
    async def incidents(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Incident] | None:
        page, actor = pages.page(first, after, last, before), info.context.signed_in().seeing(Verb.ALERT_TAKE)
        async with info.context.database.reading(actor) as sql:
            found = await queries.incidents_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards
            )
        return pages.connection(found, page, node=Incident.of, key=lambda row: (row.raised_at, row.id))


@strawberry.type
class AlertMutation:
    """Acts on alerts."""

    @mutation(access=needs(Verb.ALERT_TAKE), description="You have it: nobody else of your chain is told any more.")
    async def take_alert(
        self, info: Info, input: Annotated[TakeAlertInput, strawberry.argument(description="Which.")]
    ) -> TakeAlertPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.take_alert, incident_id=input.incident_id
        )
        return TakeAlertPayload(incident=Incident.of(row))

    @mutation(access=needs(Verb.ALERT_READ), description="You have read what does not climb.")
    async def read_alert(
        self, info: Info, input: Annotated[ReadAlertInput, strawberry.argument(description="Which.")]
    ) -> ReadAlertPayload | None:
        context = info.context
        await perform(
            context.database, context.signed_in(), context.now(), operations.read_alert, alert_id=input.alert_id
        )
        return ReadAlertPayload(read=True)


AREA = Area(query=AlertQuery, mutation=AlertMutation, nodes={"Incident": incident}, types=(Incident,))
