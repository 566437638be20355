"""What may live here: signing keys in GraphQL: registered by whoever signs, checked by an officer, agreed upon."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, query
from graphql_schema.context import Info
from graphql_schema.enums import labelled
from graphql_schema.pages import global_id
from graphql_schema.promises import KeyPurpose, SigningWay
from graphql_schema.scalars import Base64, Sha256
from storage.promises.keys import queries, tables
from storage.promises.keys.queries import KeyRow
from storage.promises.keys.tables import IdentitySeen
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.register.mines import queries as mines

labelled(IdentitySeen, description="By what an officer knew who stood before him.")


@strawberry.type(description="A key of one person for one mine. It counts once an officer saw in person whose it is.")
class SigningKey:
    """A key of one person for one mine."""

    uuid: UUID = strawberry.field(description="The UUID of the key.")
    purpose: KeyPurpose = strawberry.field(description="For what it signs.")
    way: SigningWay = strawberry.field(description="What it is a key of; never INK.")
    algorithm: str = strawberry.field(description="ES256, Ed25519 or SM2 (with SM3, of tokens only).")
    public_key: Base64 = strawberry.field(description="SubjectPublicKeyInfo, DER.")
    account_id: strawberry.ID = strawberry.field(description="The account whose key it is.")
    device_id: strawberry.ID | None = strawberry.field(description="Of KEY: the enrolled device.")
    credential_id: Base64 | None = strawberry.field(description="Of PASSKEY: its id, for `allowCredentials`.")
    registered_at: datetime = strawberry.field(description="When it was registered.")
    checked_by: strawberry.ID | None = strawberry.field(description="The officer who saw in person whose it is.")
    checked_at: datetime | None = strawberry.field(description="When he saw it; until then it signs nothing.")
    ended_at: datetime | None = strawberry.field(description="Since when it signs no more.")
    end_reason: str | None = strawberry.field(description="Why.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("SigningKey", self.uuid)

    @classmethod
    def of(cls, row: KeyRow) -> "SigningKey":
        """Tell a row."""
        key = row.key
        return cls(
            uuid=key.id, purpose=KeyPurpose(key.purpose), way=SigningWay(key.way), algorithm=key.algorithm,
            public_key=Base64(key.public_key), account_id=global_id("Account", key.account_id),
            device_id=global_id("Device", key.device_id) if key.device_id else None,
            credential_id=Base64(key.credential_id) if key.credential_id else None, registered_at=key.registered_at,
            checked_by=global_id("Account", row.checked_by) if row.checked_by else None, checked_at=row.checked_at,
            ended_at=row.ended_at, end_reason=row.reason,
        )  # fmt: skip


@strawberry.type(description="The agreement on signatures with a mine's principal (电子签名法13); made once.")
class SigningAgreement:
    """The agreement on signatures."""

    uuid: UUID = strawberry.field(description="The UUID of the agreement.")
    principal: strawberry.ID = strawberry.field(description="The account with whom it was made.")
    paper: Sha256 = strawberry.field(description="Of its signed paper.")
    recorded_by: strawberry.ID = strawberry.field(description="The officer who had the paper before him.")
    agreed_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("SigningAgreement", self.uuid)

    @classmethod
    def of(cls, row: tables.Agreement) -> "SigningAgreement":
        """Tell a row."""
        return cls(
            uuid=row.id, principal=global_id("Account", row.principal), paper=Sha256(row.paper),
            recorded_by=global_id("Account", row.recorded_by), agreed_at=row.agreed_at,
        )  # fmt: skip


@strawberry.type(description="With what a mine signs: its principal, his keys and the company's, and what was agreed.")
class MineSigning:
    """With what a mine signs."""

    mine_id: strawberry.ID = strawberry.field(description="The id of the mine.")
    principal: strawberry.ID | None = strawberry.field(
        description="The account of its principal today, by the register of its people; null where he has none."
    )
    principal_uuid: UUID | None = strawberry.field(description="The UUID of that account, as an agreement names it.")
    keys: list[SigningKey] = strawberry.field(description="All keys, the newest first; ended ones, too.")
    agreements: list[SigningAgreement] = strawberry.field(description="All agreements, the newest first.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"mine-signing-{self.mine_id}")


@strawberry.type
class KeyQuery:
    """With what mines sign."""

    @query(access=needs(Verb.COMMITMENT_READ), description="With what a mine signs what it promises.")
    async def mine_signing(
        self, info: Info, mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")]
    ) -> MineSigning | None:
        context, actor = info.context, info.context.signed_in().seeing(Verb.COMMITMENT_READ)
        async with context.database.reading(actor) as sql:
            mine = await mines.mine_of_id(sql, mine_id)
            principal = await queries.principal_of(sql, mine.id, day_of(context.now()))
            keys = [SigningKey.of(row) for row in await queries.keys_of_mine(sql, mine.id)]
            agreed = [SigningAgreement.of(row) for row in await queries.agreements_of_mine(sql, mine.id)]
        who = global_id("Account", principal) if principal else None
        return MineSigning(
            mine_id=global_id("Mine", mine_id), principal=who, principal_uuid=principal, keys=keys, agreements=agreed
        )


AREA = Area(query=KeyQuery)
