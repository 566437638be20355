"""What may live here: signed commitments in GraphQL: signing and sealing them, whether they stand, what proves them."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs, open_to_all
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id
from graphql_schema.promises import SigningWay
from graphql_schema.scalars import Base64, Sha256
from storage.promises.commitments import bundling, queries, signing, tables
from storage.promises.commitments.sheets import sheet_pdf
from storage.promises.commitments.signing import Given
from storage.promises.commitments.tables import EndCause
from storage.promises.keys.passkeys import Assertion
from storage.record.actor import Verb, stranger
from storage.record.clock import day_of
from storage.record.problems import NotFound
from storage.record.work import perform_once

labelled(EndCause, description="Why a signed commitment no longer stands.", name="CommitmentEndCause")

_OPERATION_ID = "Made by the client; the same id again is the same act."


@strawberry.type(description="The company's seal beside the principal's signature.")
class CommitmentSeal:
    """The company's seal."""

    way: SigningWay = strawberry.field(description="In which way; INK is the lower level.")
    algorithm: str | None = strawberry.field(description="With what it was signed; null for INK.")
    sealed_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"commitment-seal-{self.way}-{self.sealed_at.isoformat()}")


@strawberry.type(description="The authority's stamp behind the PDF (PAdES).")
class CommitmentStamp:
    """The authority's stamp."""

    level: str = strawberry.field(description="B-B; B-T where an authority confirmed its moment.")
    sha256: Sha256 = strawberry.field(description="Of the stamped PDF.")
    stamped_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"commitment-stamp-{self.sha256.hex()}")


@strawberry.type(description="A commitment that a principal signed. Whether it stands is reckoned when it is read.")
class SignedCommitment(Node):
    """A commitment that a principal signed."""

    uuid: UUID = strawberry.field(description="The UUID of the commitment.")
    mine_id: strawberry.ID = strawberry.field(description="The id of the mine.")
    year: int = strawberry.field(description="For which year.")
    content: str = strawberry.field(description="What was signed: canonical JSON, format pithead/commitment/1.")
    digest: str = strawberry.field(description="SHA-256 of its UTF-8 bytes, in hexadecimal.")
    way: SigningWay = strawberry.field(description="In which way it was signed; INK is the lower level.")
    algorithm: str | None = strawberry.field(description="With what it was signed; null for INK.")
    signed_at: datetime = strawberry.field(description="When.")
    supersedes: strawberry.ID | None = strawberry.field(description="The commitment that it replaced.")
    stands: bool = strawberry.field(description="Whether it stands at this moment; if not, the mine is unsigned.")
    cause: EndCause | None = strawberry.field(description="Why it does not stand.")
    seal: CommitmentSeal | None = strawberry.field(description="The company's seal, where there is one.")
    stamp: CommitmentStamp | None = strawberry.field(description="The authority's newest stamp; it comes by itself.")


@strawberry.type(description="Everything that proves a commitment, in one file: `pithead verify` checks it offline.")
class CommitmentBundle:
    """Everything that proves a commitment."""

    name: str = strawberry.field(description="What the file is called.")
    content: str = strawberry.field(description="Its text: canonical JSON, format pithead/commitment-bundle/1.")

    @derived(description="The sheet of the mine's notice board with its QR code: a PDF on A3, made when asked for.")
    async def sheet(self, info: Info) -> Base64:
        means = info.context.means
        site, typesetter = means.party().origins[0], means.typesetting()
        return Base64(await asyncio.to_thread(sheet_pdf, self.content.encode(), site=site, typesetter=typesetter))

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"bundle-{self.name}-{len(self.content)}")


@strawberry.type(description="What a mine signed for a year, and whether something of it stands.")
class MineCommitment:
    """What a mine signed for a year."""

    mine_id: strawberry.ID = strawberry.field(description="The id of the mine.")
    year: int = strawberry.field(description="The year.")
    standing: SignedCommitment | None = strawberry.field(description="What stands; null: the mine is unsigned.")
    cause: EndCause | None = strawberry.field(description="Why the last one does not stand; null if none was signed.")
    signed: list[SignedCommitment] = strawberry.field(description="All that was signed, the last first.")

    @identity
    def id(self) -> strawberry.ID:
        return strawberry.ID(f"mine-commitment-{self.mine_id}-{self.year}")


@strawberry.input(description="What a passkey gave when it signed; `challenge` is that of the preview.")
class AssertionInput:
    """What a passkey gave when it signed."""

    client_data: Base64 = strawberry.field(description="`response.clientDataJSON`.")
    authenticator_data: Base64 = strawberry.field(description="`response.authenticatorData`.")
    signature: Base64 = strawberry.field(description="`response.signature`, as the authenticator made it.")

    def said(self) -> Assertion:
        """The assertion as storage takes it."""
        return Assertion(client=self.client_data, authenticator=self.authenticator_data, signature=self.signature)


@strawberry.input(description="A signature in one of the ways.")
class SignatureInput:
    """A signature in one of the ways."""

    way: SigningWay = strawberry.field(description="In which way.")
    key_id: UUID | None = strawberry.field(default=None, description="The UUID of the key; not of INK.")
    signature: Base64 | None = strawberry.field(
        default=None,
        description="Of KEY and TOKEN: over `pithead/commitment/1` (a seal: `pithead/seal/1`), a line feed, the nonce"
        " and the digest, 32 bytes each; 64 raw bytes, or DER.",
    )
    assertion: AssertionInput | None = strawberry.field(default=None, description="Of PASSKEY.")
    scan: Sha256 | None = strawberry.field(default=None, description="Of INK: of the scan of the signed paper.")

    def given(self) -> Given:
        """The signature as storage takes it."""
        return Given(
            way=self.way, key_id=self.key_id, signature=self.signature, scan=self.scan,
            assertion=self.assertion.said() if self.assertion is not None else None,
        )  # fmt: skip


@strawberry.input(description="What was laid before you, and your signature.")
class SignCommitmentInput:
    """What was laid before the principal, and his signature."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    preview_id: UUID = strawberry.field(description="The UUID of the preview.")
    signature: SignatureInput = strawberry.field(description="Your signature.")


@strawberry.input(description="A signed commitment, and the company's seal.")
class SealCommitmentInput:
    """A signed commitment, and the company's seal."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    commitment_id: UUID = strawberry.field(description="The UUID of the commitment.")
    signature: SignatureInput = strawberry.field(description="The seal; never by PASSKEY.")


@strawberry.type(description="What came of signing.")
class SignCommitmentPayload:
    """What came of signing."""

    commitment: SignedCommitment | None = strawberry.field(default=None, description="The commitment.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of sealing.")
class SealCommitmentPayload:
    """What came of sealing."""

    commitment: SignedCommitment | None = strawberry.field(default=None, description="The commitment.")
    problem: Problem | None = problem_field()


async def told(context: Context, rows: Sequence[tables.Commitment]) -> list[SignedCommitment]:
    """Tell rows, each with whether it stands, its seal and its newest stamp: three statements for all of them."""
    ids = [row.id for row in rows]
    async with context.database.reading(stranger()) as sql:
        causes = await queries.standing_of(sql, ids, day_of(context.now()))
        seals, stamps = await queries.seals_of(sql, ids), await queries.stamps_of(sql, ids)
    return [_told(row, causes[row.id], seals.get(row.id), stamps.get(row.id)) for row in rows]


def _told(row: tables.Commitment, cause: str | None, seal: Any, stamp: Any) -> SignedCommitment:
    return SignedCommitment(
        id=global_id("SignedCommitment", row.id), uuid=row.id, mine_id=global_id("Mine", row.mine_id), year=row.year,
        content=row.content.decode(), digest=row.digest.hex(), way=SigningWay(row.way), algorithm=row.algorithm,
        signed_at=row.signed_at, stands=cause is None, cause=EndCause(cause) if cause else None,
        supersedes=global_id("SignedCommitment", row.supersedes) if row.supersedes else None,
        seal=CommitmentSeal(way=SigningWay(seal.way), algorithm=seal.algorithm, sealed_at=seal.sealed_at)
        if seal else None,
        stamp=CommitmentStamp(level=stamp.level, sha256=Sha256(stamp.sha256), stamped_at=stamp.stamped_at)
        if stamp else None,
    )  # fmt: skip


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[tables.Commitment]:
    async with context.database.reading(stranger()) as sql:
        return await queries.commitments_by_ids(sql, ids)


signed_by_id = loaders.one(_by_ids, key=lambda row: row.id)


async def signed_commitment(context: Context, id: UUID) -> SignedCommitment | None:
    """Fetch the node of a UUID."""
    row = await signed_by_id(context, id)
    return (await told(context, [row]))[0] if row else None


@strawberry.type
class SignedCommitmentQuery:
    """Signed commitments, for whoever asks."""

    @query(
        access=open_to_all,
        description="What a mine signed for a year, and whether it stands at this moment; no account is needed.",
    )
    async def mine_commitment(
        self, info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        year: Annotated[int, strawberry.argument(description="The year.")],
    ) -> MineCommitment:  # fmt: skip
        async with info.context.database.reading(stranger()) as sql:
            rows = await queries.signed_for(sql, mine_id, year)
        signed = await told(info.context, rows)
        standing = next((one for one in signed if one.stands), None)
        return MineCommitment(
            mine_id=global_id("Mine", mine_id), year=year, standing=standing, signed=signed,
            cause=signed[0].cause if signed else None,
        )  # fmt: skip

    @query(
        access=open_to_all,
        description="Everything that proves a commitment, for whoever asks; null until a checkpoint holds its entry.",
    )
    async def commitment_bundle(
        self, info: Info, id: Annotated[UUID, strawberry.argument(description="The UUID of the commitment.")]
    ) -> CommitmentBundle | None:
        means = info.context.means
        try:
            async with info.context.database.reading(stranger()) as sql:
                plan = await bundling.plan_bundle(sql, commitment_id=id)
        except NotFound:
            return None
        made = await bundling.make_bundle(means.store(), plan, keys=means.public_keys().document())
        return CommitmentBundle(name=bundling.name_of(plan.commitment), content=made.decode())


@strawberry.type
class SignedCommitmentMutation:
    """The acts of signing."""

    @mutation(
        access=needs(Verb.COMMITMENT_SIGN),
        description="Sign what was laid before you, its principal, within 15 minutes; nobody can do it for you.",
    )
    async def sign_commitment(
        self, info: Info, input: Annotated[SignCommitmentInput, strawberry.argument(description="The signature.")]
    ) -> SignCommitmentPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.commitment_again,
            signing.sign_commitment, preview_id=input.preview_id, given=input.signature.given(),
            party=context.means.party(),
        )  # fmt: skip
        return SignCommitmentPayload(commitment=(await told(context, [row]))[0])

    @mutation(access=needs(Verb.COMMITMENT_SEAL), description="Set the company's seal beside the signature.")
    async def seal_commitment(
        self, info: Info, input: Annotated[SealCommitmentInput, strawberry.argument(description="The seal.")]
    ) -> SealCommitmentPayload | None:
        context = info.context
        await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.seal_again,
            signing.seal_commitment, commitment_id=input.commitment_id, given=input.signature.given(),
        )  # fmt: skip
        return SealCommitmentPayload(commitment=await signed_commitment(context, input.commitment_id))


AREA = Area(
    query=SignedCommitmentQuery, mutation=SignedCommitmentMutation, nodes={"SignedCommitment": signed_commitment},
    types=(SignedCommitment,),
)  # fmt: skip
