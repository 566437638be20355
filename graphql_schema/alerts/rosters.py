"""What may live here: duty rosters in GraphQL: who answers now, what is planned, and the acts on both."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, query
from graphql_schema.context import Info
from graphql_schema.enums import labelled
from graphql_schema.pages import value_id
from graphql_schema.register.identity import Account, account
from storage.alerts.rosters import queries, rules
from storage.alerts.rosters import tables as rows
from storage.alerts.rosters.rules import Chain, Seat
from storage.alerts.rosters.tables import Away
from storage.record.actor import Verb

labelled(Away, name="Away", description="Why somebody on the roster is passed over.")

OF_COUNTY = "The division (GB/T 2260), or leave it out and name the office."
OF_OFFICE = "The branch office, or leave it out and name the division."
County = Annotated[str | None, strawberry.argument(description=OF_COUNTY)]
Office = Annotated[str | None, strawberry.argument(description=OF_OFFICE)]


@strawberry.type(description="One person on duty at this minute.")
class DutyStanding:
    """One person on duty."""

    account_id: UUID = strawberry.field(description="His account.")
    order: int = strawberry.field(description="In which order he is told, from 0.")
    passed_over: Away | None = strawberry.field(description="Why he is passed over; null if he is not.")
    silent: bool = strawberry.field(description="Whether his duty page has said nothing for a minute.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("duty", self.account_id, self.order)

    @derived(description="The person; null where you do not see the account.")
    async def account(self, info: Info) -> Account | None:
        return await account(info.context, self.account_id)


@strawberry.type(description="Who answers for a seat in a period; the newest plan that covers a minute holds in it.")
class DutyPlan:
    """Who answers for a seat in a period."""

    uuid: UUID = strawberry.field(description="The id that the client made.")
    begins_at: datetime = strawberry.field(description="From when.")
    ends_at: datetime = strawberry.field(description="Until when.")
    account_ids: list[UUID] = strawberry.field(description="The accounts, the first first.")
    planned_at: datetime = strawberry.field(description="When it was planned.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("duty-plan", self.uuid)

    @classmethod
    def of(cls, row: rows.DutyPlan) -> "DutyPlan":
        """Tell a row."""
        return cls(
            uuid=row.id, begins_at=row.begins_at, ends_at=row.ends_at, account_ids=row.accounts,
            planned_at=row.planned_at,
        )  # fmt: skip


@strawberry.type(description="A shift handed over.")
class DutyHandover:
    """A shift handed over."""

    uuid: UUID = strawberry.field(description="The id that the client made.")
    from_id: UUID = strawberry.field(description="Who gave it.")
    to_id: UUID = strawberry.field(description="Who is to take it.")
    words: str = strawberry.field(description="What is open.")
    given_at: datetime = strawberry.field(description="When it was given.")
    taken_at: datetime | None = strawberry.field(description="When it was taken; null until then.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("duty-handover", self.uuid)

    @derived(description="Who gave it; null where you do not see the account.")
    async def giver(self, info: Info) -> Account | None:
        return await account(info.context, self.from_id)

    @classmethod
    def of(cls, row: rows.DutyHandover) -> "DutyHandover":
        """Tell a row."""
        return cls(
            uuid=row.id, from_id=row.from_id, to_id=row.to_id, words=row.words, given_at=row.given_at,
            taken_at=row.taken_at,
        )  # fmt: skip


@strawberry.type(description="The duty of a division or a branch office.")
class Duty:
    """The duty of a seat."""

    seat: strawberry.Private[Seat]
    chain: Chain = strawberry.field(description="The hierarchy to which it belongs.")
    now: list[DutyStanding] = strawberry.field(description="Who answers at this minute, in the order of telling.")
    plans: list[DutyPlan] = strawberry.field(description="What is planned from now on, 100 at most.")
    untaken: list[DutyHandover] = strawberry.field(description="Handed over within a day and taken by nobody yet.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("seat", self.seat.county or "", self.seat.office or "")


@strawberry.type(description="Somebody who cannot be reached.")
class DutyAbsence:
    """Somebody who cannot be reached."""

    uuid: UUID = strawberry.field(description="The id that the client made.")
    account_id: UUID = strawberry.field(description="Whose.")
    away: Away = strawberry.field(description="Why.")
    since: datetime = strawberry.field(description="From when.")
    until: datetime | None = strawberry.field(description="Until when he is excused; null underground.")
    ended_at: datetime | None = strawberry.field(description="When he came up; null until then.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("duty-absence", self.uuid)

    @classmethod
    def of(cls, row: rows.DutyAbsence) -> "DutyAbsence":
        """Tell a row."""
        return cls(
            uuid=row.id, account_id=row.account_id, away=Away(row.away), since=row.since, until=row.until,
            ended_at=row.ended_at,
        )  # fmt: skip


@strawberry.type
class RosterQuery:
    """Who is on duty."""

    @query(access=needs(Verb.DUTY_READ), description="The duty of a division or a branch office.")
    async def duty(self, info: Info, county: County = None, office: Office = None) -> Duty | None:
        seat, actor, now = Seat(county, office), info.context.signed_in().seeing(Verb.DUTY_READ), info.context.now()
        async with info.context.database.reading(actor) as sql:
            roster, plans = await queries.roster_of(sql, seat, now=now), await queries.plans_of(sql, seat, after=now)
            untaken = await queries.handovers_untaken(sql, seat, now=now)
        standing = [
            DutyStanding(account_id=one.account_id, order=order, passed_over=one.passed_over, silent=one.silent)
            for order, one in enumerate(rules.on_duty(roster, now=now))
        ]
        return Duty(
            seat=seat, chain=seat.chain, now=standing, plans=[DutyPlan.of(one) for one in plans],
            untaken=[DutyHandover.of(one) for one in untaken],
        )  # fmt: skip


AREA = Area(query=RosterQuery)
