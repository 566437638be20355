"""What may live here: in GraphQL, files taken over from somebody else, and pieces given up as lost."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.context import Context
from graphql_schema.scalars import Base64
from storage.field.evidence import queries
from storage.field.evidence.operations import Paper
from storage.record.clock import from_ms
from storage.record.ledger.proofs import takeovers


async def _takeovers(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.takeovers_of(sql, ids=ids)


takeover_of = loaders.one(_takeovers, key=lambda row: row["evidence_id"])


@strawberry.type(description="From whom, how and when a file was taken over (接收), signed by the device that took it.")
class Takeover:
    """From whom, how and when a file was taken over."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    giver: str = strawberry.field(name="from", description="From whom it came.")
    how: str = strawberry.field(description="In which way it came.")
    at: datetime | None = strawberry.field(description="When, by the device's clock; null if that is no date.")
    paper: Base64 = strawberry.field(description="The signed bytes (docs/protocol.md §3a).")
    signature: Base64 = strawberry.field(description="The device's signature over them, of kind takeover.")

    @classmethod
    def of(cls, row: Any) -> "Takeover":
        """Tell a row."""
        said = takeovers.Takeover.decode(row["paper"])
        return cls(
            id=strawberry.ID(f"takeover-{row['evidence_id']}"), giver=said.giver, how=said.how, at=_time(said.at),
            paper=Base64(row["paper"]), signature=Base64(row["signature"]),
        )  # fmt: skip


def _time(at: int) -> datetime | None:
    try:
        return from_ms(at)
    except OverflowError:
        return None


@strawberry.input(description="The paper of a file that was taken over, signed by the device of the statement.")
class TakeoverInput:
    """The paper of a file that was taken over."""

    paper: Base64 = strawberry.field(description="The canonical bytes (docs/protocol.md §3a), at most 2 KB.")
    signature: Base64 = strawberry.field(description="The device's signature over them, of kind takeover, 64 bytes.")

    def told(self) -> Paper:
        """The paper as storage takes it."""
        return Paper(self.paper, self.signature)


@strawberry.input(description="Declared pieces whose bytes never come.")
class ReportUndeliveredInput:
    """Declared pieces whose bytes never come."""

    evidence_ids: list[UUID] = strawberry.field(description="At most 100; all are listed as lost, or none.")
    reason: str = strawberry.field(description="Why, one line of at most 600 bytes: it is shown wherever they are.")


Lost = Annotated[ReportUndeliveredInput, strawberry.argument(description="Which, and why.")]
