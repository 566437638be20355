"""What may live here: what owners and custodians read to bring a lost report key back."""

from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Info
from graphql_schema.pages import value_id
from graphql_schema.scalars import Base64
from storage.miners.reports import recovering
from storage.record.actor import Verb


@strawberry.type(
    description="A share of a lost key that is wrapped for you, and the key that took the lost one's place."
)
class KeyShareToRewrap:
    """A share that a custodian may give back."""

    key_id: str = strawberry.field(description="The lost key, hex.")
    number: int = strawberry.field(description="Which share.")
    wrapped: Base64 = strawberry.field(description="The share for your key, HPKE.")
    account_id: UUID = strawberry.field(description="Whose keys they are: ask him in person before you give it back.")
    new_key_id: str = strawberry.field(description="His key in use, hex.")
    new_public_key: Base64 = strawberry.field(description="X25519.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("key-share-to-rewrap", self.key_id, self.number)


@strawberry.type(description="A share of a lost key of yours that a custodian wrapped for the one that you have now.")
class KeyRecovery:
    """A share that came back."""

    key_id: str = strawberry.field(description="The lost key, hex.")
    public_key: Base64 = strawberry.field(description="Its public half, to know it by.")
    number: int = strawberry.field(description="Which share.")
    wrapped: Base64 = strawberry.field(description="The share for your key in use, HPKE.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("key-recovery", self.key_id, self.number)


@strawberry.type
class Query:
    """Shares on their way back."""

    @query(access=needs(Verb.IDENTITY_RELEASE), description="Shares of lost keys that you hold and did not give back.")
    async def key_shares_to_rewrap(self, info: Info) -> list[KeyShareToRewrap] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            rows = await recovering.shares_to_rewrap(sql, actor.account_id)
        return [
            KeyShareToRewrap(
                key_id=row["key_id"].hex, number=row["number"], wrapped=Base64(row["wrapped"]),
                account_id=row["account_id"], new_key_id=row["new_key_id"].hex,
                new_public_key=Base64(row["new_public_key"]),
            )
            for row in rows
        ]  # fmt: skip

    @query(access=needs(Verb.REPORT_KEY_ENROL), description="Shares of your lost keys that custodians gave back.")
    async def key_recoveries(self, info: Info) -> list[KeyRecovery] | None:
        actor = info.context.signed_in()
        async with info.context.database.reading(actor) as sql:
            rows = await recovering.recoveries_for(sql, actor.account_id)
        return [
            KeyRecovery(
                key_id=row["key_id"].hex, public_key=Base64(row["public_key"]), number=row["number"],
                wrapped=Base64(row["wrapped"]),
            )
            for row in rows
        ]  # fmt: skip


AREA = Area(query=Query)
