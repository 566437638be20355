"""What may live here: which of his roles ended since a client asked last: it drops what it may hold no longer."""

from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema.access import signed_in
from graphql_schema.area import Area, identity, query
from graphql_schema.changes import Behind
from graphql_schema.context import Info
from graphql_schema.pages import place_of, value_id
from graphql_schema.register.identity import Account  # It names the roles for the schema, so it comes first.
from storage.record.actor import Role
from storage.record.ledger.changes import BEGINNING
from storage.register.identity import queries as identities
from storage.register.identity.queries import LostRight as Lost

__all__ = ["AREA", "Account", "LostRight"]


@strawberry.type(description="A role that ended: drop what you hold by it alone, and no other role still covers.")
class LostRight:
    """A role that ended."""

    uuid: UUID = strawberry.field(description="The id of the grant.")
    role: Role = strawberry.field(description="The role.")
    division: str | None = strawberry.field(description="Its division (GB/T 2260), if it had one.")
    office: str | None = strawberry.field(description="Its branch office, if it had one.")
    mine_id: UUID | None = strawberry.field(description="Its mine, if it had one.")
    lost_at: datetime = strawberry.field(description="When it was taken back or ran out.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("lost-right", self.uuid)

    @classmethod
    def of(cls, row: Lost) -> "LostRight":
        """Tell a row."""
        return cls(
            uuid=row.id, role=row.role, division=row.division, office=row.office, mine_id=row.mine_id,
            lost_at=row.lost_at,
        )  # fmt: skip


@strawberry.type
class LostRightQuery:
    """What a client may hold no longer."""

    @query(
        access=signed_in,
        description="Which of your roles ended behind the same cursor as `changes(after:)`: ask both in one request. "
        "One that ended within a minute of the cursor may be told again.",
    )
    async def lost_rights(self, info: Info, after: Behind = None) -> list[LostRight] | None:
        actor, place = info.context.signed_in(), BEGINNING if after is None else place_of(after)
        async with info.context.database.reading(actor) as sql:
            found = await identities.rights_lost(sql, actor.account_id, after=place, now=info.context.now())
        return [LostRight.of(row) for row in found]


AREA = Area(query=LostRightQuery)
