"""What may live here: by which ways people are reached, in GraphQL: addresses, sends, and each attempt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import value_id
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries import operations, queries, why
from storage.alerts.deliveries import tables as rows
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome, SendState
from storage.record.actor import Verb
from storage.record.work import perform

for kind, name, told in (
    (Channel, "AlertChannel", "By which way somebody is reached."),
    (SendState, "SendState", "Where a send stands."),
    (DeliveryOutcome, "DeliveryOutcome", "What came of one attempt."),
):
    labelled(kind, name=name, description=told)


async def _sends(context: Context, ids: list[UUID]) -> Iterable[rows.Send]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.sends_of(sql, ids)


async def _deliveries(context: Context, ids: list[UUID]) -> Iterable[rows.Delivery]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.deliveries_of(sql, ids)


sends_of = loaders.many(_sends, key=lambda row: row.alert_id)
deliveries_of = loaders.many(_deliveries, key=lambda row: row.send_id)


@strawberry.type(description="One attempt to reach somebody.")
class AlertDelivery:
    """One attempt to reach somebody."""

    uuid: UUID = strawberry.field(description="Its id.")
    attempt: int = strawberry.field(description="The how many-th, from 1.")
    outcome: DeliveryOutcome = strawberry.field(description="What came of it.")
    detail: str = strawberry.field(description="What the channel said; it names no address.")
    begun_at: datetime = strawberry.field(description="When it began.")
    ended_at: datetime = strawberry.field(description="When it ended.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("delivery", self.uuid)

    @classmethod
    def of(cls, row: rows.Delivery) -> "AlertDelivery":
        """Tell a row."""
        return cls(
            uuid=row.id, attempt=row.attempt, outcome=DeliveryOutcome(row.outcome), detail=row.detail,
            begun_at=row.begun_at, ended_at=row.ended_at,
        )  # fmt: skip


@strawberry.type(description="The intent to reach somebody by one channel.")
class AlertSend:
    """The intent to reach somebody by one channel."""

    uuid: UUID = strawberry.field(description="Its id, by which a repeat is known as one.")
    channel: Channel = strawberry.field(description="By which way.")
    state: SendState = strawberry.field(description="Where it stands.")
    due_at: datetime = strawberry.field(description="When it is due, or was.")
    settled_at: datetime | None = strawberry.field(description="When it was settled; null while it waits.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("send", self.uuid)

    @derived(description="Each attempt, in order.")
    async def deliveries(self, info: Info) -> list[AlertDelivery]:
        return [AlertDelivery.of(row) for row in await deliveries_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: rows.Send) -> "AlertSend":
        """Tell a row."""
        return cls(
            uuid=row.id, channel=Channel(row.channel), state=SendState(row.state), due_at=row.due_at,
            settled_at=row.settled_at,
        )  # fmt: skip


@strawberry.type(description="A way to reach you.")
class AlertAddress:
    """A way to reach you."""

    uuid: UUID = strawberry.field(description="The id that the client made.")
    channel: Channel = strawberry.field(description="By which way.")
    service: str = strawberry.field(description="The push service; empty for other ways.")
    target: str = strawberry.field(description="Telephone number, token, mail address or URL.")
    kept_at: datetime = strawberry.field(description="Since when.")
    closed_at: datetime | None = strawberry.field(description="When it was closed; null while it is open.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("address", self.uuid)

    @classmethod
    def of(cls, row: rows.Address) -> "AlertAddress":
        """Tell a row."""
        return cls(
            uuid=row.id, channel=Channel(row.channel), service=row.service, target=row.target, kept_at=row.kept_at,
            closed_at=row.closed_at,
        )  # fmt: skip


@strawberry.input(description="A way to reach you.")
class KeepAddressInput:
    """A way to reach you."""

    id: UUID = strawberry.field(description="Made by the client; the same address again is the same answer.")
    channel: Channel = strawberry.field(description="By which way; a page needs no address.")
    target: str = strawberry.field(description="Telephone number (E.164), token, mail address, or https URL.")
    service: str = strawberry.field(default="", description="APNS, HMS, FCM or WEB_PUSH; for push alone.")
    secret: str = strawberry.field(
        default="", description="Signs what goes to a webhook, 32 characters or more; WEB_PUSH: its keys as JSON."
    )


@strawberry.input(description="A way to reach you that is no more.")
class CloseAddressInput:
    """A way to reach you that is no more."""

    address_id: UUID = strawberry.field(description="The address, which is yours.")


@strawberry.type(description="What came of keeping an address.")
class KeepAddressPayload:
    """What came of keeping an address."""

    address: AlertAddress | None = strawberry.field(default=None, description="The address.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of closing an address.")
class CloseAddressPayload:
    """What came of closing an address."""

    address: AlertAddress | None = strawberry.field(default=None, description="The address, closed.")
    problem: Problem | None = problem_field()


@strawberry.type
class DeliveryQuery:
    """How you are reached."""

    @query(access=needs(Verb.ADDRESS_KEEP), description="The ways to reach you that are open.")
    async def alert_addresses(self, info: Info) -> list[AlertAddress] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            return [AlertAddress.of(row) for row in await queries.addresses_of(sql, actor.account_id)]

    @query(
        access=needs(Verb.ADDRESS_KEEP),
        description="The key under which browsers subscribe to web push; null where that way is not set up.",
    )
    async def web_push_key(self, info: Info) -> str | None:
        return info.context.means.web_push_key

    @query(
        access=needs(Verb.DUTY_READ),
        description="Why was nobody told? What was done to tell of an incident, in sentences and in order; null where "
        "you do not see it.",
    )
    async def told_in_words(
        self, info: Info, incident_id: Annotated[UUID, strawberry.argument(description="The incident.")]
    ) -> list[str] | None:
        async with info.context.database.reading(info.context.signed_in()) as sql:
            return why.in_words(await why.telling_of(sql, incident_id), info.context.language)


@strawberry.type
class DeliveryMutation:
    """Acts on addresses."""

    @mutation(access=needs(Verb.ADDRESS_KEEP), description="Say how you are reached.")
    async def keep_address(
        self, info: Info, input: Annotated[KeepAddressInput, strawberry.argument(description="The address.")]
    ) -> KeepAddressPayload | None:
        context = info.context
        target = Target(channel=input.channel, target=input.target, service=input.service, secret=input.secret)
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.keep_address, id=input.id, target=target
        )
        return KeepAddressPayload(address=AlertAddress.of(row))

    @mutation(access=needs(Verb.ADDRESS_KEEP), description="Say that you are not reached there any more.")
    async def close_address(
        self, info: Info, input: Annotated[CloseAddressInput, strawberry.argument(description="Which.")]
    ) -> CloseAddressPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.close_address, address_id=input.address_id
        )
        return CloseAddressPayload(address=AlertAddress.of(row))


AREA = Area(query=DeliveryQuery, mutation=DeliveryMutation)
