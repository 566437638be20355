"""What may live here: the acts on signing keys in GraphQL: registering, ending and checking them, and the agreement."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, identity, mutation
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import global_id
from graphql_schema.promises import KeyPurpose
from graphql_schema.promises.keys import SigningAgreement, SigningKey
from graphql_schema.scalars import Base64, Sha256
from storage.promises.keys import operations, queries, tables
from storage.promises.keys.passkeys import Attestation
from storage.promises.keys.tables import IdentitySeen
from storage.record.actor import Verb
from storage.record.work import perform_once

_OPERATION_ID = "Made by the client; the same id again is the same act."
_MINE = "The UUID of the mine."


@strawberry.type(description="What a new passkey is to answer, once and within 15 minutes.")
class PasskeyChallenge:
    """What a new passkey is to answer."""

    uuid: UUID = strawberry.field(description="The UUID of the challenge.")
    challenge: Base64 = strawberry.field(description="`challenge` of the creation options.")
    relying_party: str = strawberry.field(description="`rp.id`.")
    relying_party_name: str = strawberry.field(description="`rp.name`.")
    user_handle: Base64 = strawberry.field(description="`user.id`.")
    exclude: list[Base64] = strawberry.field(description="`excludeCredentials`: the ids of your passkeys for the mine.")
    algorithms: list[int] = strawberry.field(description="`pubKeyCredParams`: ES256, then EdDSA.")
    asked_at: datetime = strawberry.field(description="When it was made.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("PasskeyChallenge", self.uuid)

    @classmethod
    async def of(cls, context: Context, row: tables.PasskeyChallenge) -> "PasskeyChallenge":
        """Tell a row, with what the browser is to be told besides."""
        party, actor = context.means.party(), context.signed_in()
        async with context.database.reading(actor) as sql:
            known = await queries.credentials_of(sql, row.mine_id, row.account_id, KeyPurpose.SIGNATURE)
        return cls(
            uuid=row.id, challenge=Base64(row.challenge), relying_party=party.id, relying_party_name=party.name,
            user_handle=Base64(row.account_id.bytes), exclude=[Base64(one) for one in known], algorithms=[-7, -8],
            asked_at=row.asked_at,
        )  # fmt: skip


@strawberry.input(description="The mine for which you, its principal, register a passkey.")
class AskForPasskeyInput:
    """The mine for which a passkey is registered."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description=_MINE)


@strawberry.input(description="What the browser gives for the new passkey; ask it to verify the user.")
class RegisterPasskeyInput:
    """What the browser gives for the new passkey."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    challenge_id: UUID = strawberry.field(description="The UUID of the challenge that it answers.")
    credential_id: Base64 = strawberry.field(description="`rawId`.")
    client_data: Base64 = strawberry.field(description="`response.clientDataJSON`.")
    attestation: Base64 = strawberry.field(description="`response.attestationObject`.")


@strawberry.input(description="An enrolled device of yours whose key is to sign.")
class RegisterDeviceKeyInput:
    """An enrolled device whose key is to sign."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description=_MINE)
    device_id: UUID = strawberry.field(description="The UUID of the device.")
    purpose: KeyPurpose = strawberry.field(default=KeyPurpose.SIGNATURE, description="For what it is to sign.")


@strawberry.input(description="The certificate of a CA's token that is to sign.")
class RegisterTokenInput:
    """The certificate of a CA's token."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    id: UUID = strawberry.field(description="The UUID of the key, made by the client.")
    mine_id: UUID = strawberry.field(description=_MINE)
    certificate: Base64 = strawberry.field(description="X.509, DER; of a key for ES256 or SM2.")
    signature: Base64 = strawberry.field(
        description="64 raw bytes by this key over `pithead/enrol/1`, a line feed and canonical JSON {id, key, owner}:"
        " key (SPKI DER) in base64url, owner the account's UUID."
    )
    purpose: KeyPurpose = strawberry.field(default=KeyPurpose.SIGNATURE, description="For what it is to sign.")


@strawberry.input(description="A key that is to sign no more.")
class EndSigningKeyInput:
    """A key that is to sign no more."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    key_id: UUID = strawberry.field(description="The UUID of the key.")
    reason: str = strawberry.field(description="Why, 1 to 200 characters.")


@strawberry.input(description="A key whose holder stands before you.")
class CheckSigningKeyInput:
    """A key whose holder stands before an officer."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    key_id: UUID = strawberry.field(description="The UUID of the key.")
    seen: IdentitySeen = strawberry.field(description="By what you know who he is.")


@strawberry.input(description="The agreement on signatures that lies, signed, before you.")
class RecordSigningAgreementInput:
    """The agreement on signatures."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description=_MINE)
    principal: UUID = strawberry.field(description="The UUID of the account of its principal.")
    paper: Sha256 = strawberry.field(description="Of the signed paper's scan.")


@strawberry.type(description="What came of asking for a passkey.")
class AskForPasskeyPayload:
    """What came of asking for a passkey."""

    challenge: PasskeyChallenge | None = strawberry.field(default=None, description="What it is to answer.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of registering a passkey.")
class RegisterPasskeyPayload:
    """What came of registering a passkey."""

    key: SigningKey | None = strawberry.field(default=None, description="The key as it stands now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of registering a device's key.")
class RegisterDeviceKeyPayload:
    """What came of registering a device's key."""

    key: SigningKey | None = strawberry.field(default=None, description="The key as it stands now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of registering a token.")
class RegisterTokenPayload:
    """What came of registering a token."""

    key: SigningKey | None = strawberry.field(default=None, description="The key as it stands now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of ending a key.")
class EndSigningKeyPayload:
    """What came of ending a key."""

    key: SigningKey | None = strawberry.field(default=None, description="The key as it stands now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of checking a key.")
class CheckSigningKeyPayload:
    """What came of checking a key."""

    key: SigningKey | None = strawberry.field(default=None, description="The key as it stands now.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of recording an agreement.")
class RecordSigningAgreementPayload:
    """What came of recording an agreement."""

    agreement: SigningAgreement | None = strawberry.field(default=None, description="The agreement.")
    problem: Problem | None = problem_field()


@strawberry.type
class KeyMutation:
    """The acts on signing keys."""

    @mutation(access=needs(Verb.COMMITMENT_SIGN), description="Ask for what a new passkey of yours is to answer.")
    async def ask_for_passkey(
        self, info: Info, input: Annotated[AskForPasskeyInput, strawberry.argument(description="For which mine.")]
    ) -> AskForPasskeyPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.challenge_again,
            operations.ask_for_passkey, mine_id=input.mine_id,
        )  # fmt: skip
        return AskForPasskeyPayload(challenge=await PasskeyChallenge.of(context, row))

    @mutation(access=needs(Verb.COMMITMENT_SIGN), description="Register a passkey that signs for you, the principal.")
    async def register_passkey(
        self, info: Info, input: Annotated[RegisterPasskeyInput, strawberry.argument(description="The passkey.")]
    ) -> RegisterPasskeyPayload | None:
        context = info.context
        given = Attestation(credential_id=input.credential_id, client=input.client_data, attestation=input.attestation)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.key_again,
            operations.register_passkey, challenge_id=input.challenge_id, attestation=given,
            party=context.means.party(),
        )  # fmt: skip
        return RegisterPasskeyPayload(key=SigningKey.of(row))

    @mutation(access=signed_in, description="Register the key of an enrolled device of yours, to sign or to seal.")
    async def register_device_key(
        self, info: Info, input: Annotated[RegisterDeviceKeyInput, strawberry.argument(description="Which.")]
    ) -> RegisterDeviceKeyPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.key_again,
            operations.register_device_key, mine_id=input.mine_id, device_id=input.device_id, purpose=input.purpose,
        )  # fmt: skip
        return RegisterDeviceKeyPayload(key=SigningKey.of(row))

    @mutation(access=signed_in, description="Register the certificate of a CA's token, to sign or to seal.")
    async def register_token(
        self, info: Info, input: Annotated[RegisterTokenInput, strawberry.argument(description="The certificate.")]
    ) -> RegisterTokenPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.key_again,
            operations.register_token, id=input.id, mine_id=input.mine_id, certificate=input.certificate,
            signature=input.signature, purpose=input.purpose,
        )  # fmt: skip
        return RegisterTokenPayload(key=SigningKey.of(row))

    @mutation(access=signed_in, description="Say that a key signs no more; its holder does, or an officer.")
    async def end_signing_key(
        self, info: Info, input: Annotated[EndSigningKeyInput, strawberry.argument(description="Which, and why.")]
    ) -> EndSigningKeyPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.key_again,
            operations.end_key, key_id=input.key_id, reason=input.reason,
        )  # fmt: skip
        return EndSigningKeyPayload(key=SigningKey.of(row))

    @mutation(
        access=needs(Verb.COMMITMENT_CHECK_KEY),
        description="Say that the holder of a key stands before you, that you know who he is, and that it is his.",
    )
    async def check_signing_key(
        self, info: Info, input: Annotated[CheckSigningKeyInput, strawberry.argument(description="Which.")]
    ) -> CheckSigningKeyPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.key_again,
            operations.check_key, key_id=input.key_id, seen=input.seen,
        )  # fmt: skip
        return CheckSigningKeyPayload(key=SigningKey.of(row))

    @mutation(
        access=needs(Verb.COMMITMENT_CHECK_KEY),
        description="Record the agreement on signatures with a principal, whose signed paper lies before you.",
    )
    async def record_signing_agreement(
        self, info: Info, input: Annotated[RecordSigningAgreementInput, strawberry.argument(description="Which.")]
    ) -> RecordSigningAgreementPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.agreement_again,
            operations.record_agreement, mine_id=input.mine_id, principal=input.principal, paper=input.paper,
        )  # fmt: skip
        return RecordSigningAgreementPayload(agreement=SigningAgreement.of(row))


AREA = Area(mutation=KeyMutation)
