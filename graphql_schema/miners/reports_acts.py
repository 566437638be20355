"""What may live here: the acts of desks on protected reports: steps, replies, handing over, keys, identities."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.miners.reports import IdentityRequest, Report, key_id_of
from graphql_schema.scalars import Base64, read_base64
from storage.miners.reports import identities, keeping, steps
from storage.miners.reports.operations import Message
from storage.miners.reports.tables import KeyHalf, ReportStepKind
from storage.record.actor import Verb
from storage.record.ledger.proofs.reports import messages
from storage.record.work import perform

LONGEST = messages.ENCRYPTED_SIZES[-1] * 4 // 3 + 4


@strawberry.input(description="A content key wrapped for a key.")
class DeskWrapInput:
    """A wrap of one message's key."""

    message_id: UUID = strawberry.field(description="Of which message.")
    key_id: str = strawberry.field(description="For which key, hex.")
    wrapped: Base64 = strawberry.field(description="HPKE.")
    half: KeyHalf = strawberry.field(default=KeyHalf.WHOLE, description="What it holds.")


@strawberry.input(description="A step of a report.")
class TakeReportStepInput:
    """A step of a report."""

    report_id: UUID = strawberry.field(description="Which report.")
    kind: ReportStepKind = strawberry.field(description="Which step.")
    article: str | None = strawberry.field(
        default=None, description="By which article; needed where it is not taken in."
    )
    passed_to: str | None = strawberry.field(default=None, description="To whom it is passed on.")
    inspection_id: UUID | None = strawberry.field(default=None, description="The inspection that it leads to.")


@strawberry.input(description="A report whose verification takes longer.")
class ExtendReportInput:
    """A report whose verification takes longer."""

    report_id: UUID = strawberry.field(description="Which report.")


@strawberry.input(description="A message to a reporter.")
class ReplyToReportInput:
    """A message to a reporter."""

    report_id: UUID = strawberry.field(description="Which report.")
    message_id: UUID = strawberry.field(description="Version 4, made by the client; the same bytes are the same act.")
    ciphertext: str = strawberry.field(description="Nonce and AES-256-GCM of the padded content, base64url.")
    wraps: list[DeskWrapInput] = strawberry.field(description="For the reporter's box and for the desk's keys.")


@strawberry.input(description="A report to hand over to its verification.")
class HandOverReportInput:
    """A report to hand over."""

    report_id: UUID = strawberry.field(description="Which report.")
    wraps: list[DeskWrapInput] = strawberry.field(description="Of its messages, for verification officers.")


@strawberry.input(description="One share of a private key, wrapped for a custodian.")
class KeyShareInput:
    """One share."""

    number: int = strawberry.field(description="1, 2 or 3.")
    custodian_key_id: str = strawberry.field(description="For whose key, hex.")
    wrapped: Base64 = strawberry.field(description="HPKE.")


@strawberry.input(description="A key that your client made.")
class KeepReportKeyInput:
    """A key that your client made."""

    public_key: Base64 = strawberry.field(description="X25519.")
    sealed: Base64 = strawberry.field(description="The private half under your pass-phrase.")
    shares: list[KeyShareInput] = strawberry.field(
        default_factory=list, description="Three, for three custodians; none of a custodian's own key."
    )


@strawberry.input(description="A share to wrap again for the key that took the place of a lost one.")
class RewrapKeyShareInput:
    """A share to wrap again."""

    key_id: str = strawberry.field(description="The lost key, hex.")
    number: int = strawberry.field(description="Which share.")
    new_key_id: str = strawberry.field(description="The new key, hex.")
    wrapped: Base64 = strawberry.field(description="HPKE.")


@strawberry.input(description="What a recovered key opened, wrapped for your new one.")
class RewrapReportMessagesInput:
    """What a recovered key opened."""

    wraps: list[DeskWrapInput] = strawberry.field(description="Each for your own key.")


@strawberry.input(description="An identity to open.")
class AskIdentityInput:
    """An identity to open."""

    report_id: UUID = strawberry.field(description="Of which report.")
    reason: str = strawberry.field(description="Why; the reporter reads it.")


@strawberry.input(description="A request that a custodian grants.")
class ReleaseIdentityInput:
    """A request that a custodian grants."""

    request_id: UUID = strawberry.field(description="Which request.")
    wrapped: Base64 = strawberry.field(description="Half a, wrapped for the officer's key.")


@strawberry.input(description="A file of a thread to fetch.")
class OpenReportFileInput:
    """A file of a thread."""

    file_id: UUID = strawberry.field(description="Which file.")


@strawberry.type(description="What came of the step.")
class TakeReportStepPayload:
    """What came of the step."""

    report: Report | None = strawberry.field(default=None, description="The report.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class ExtendReportPayload:
    """What came of it."""

    report: Report | None = strawberry.field(default=None, description="The report.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class ReplyToReportPayload:
    """What came of it."""

    message_id: UUID | None = strawberry.field(default=None, description="The message.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class HandOverReportPayload:
    """What came of it."""

    added: int | None = strawberry.field(default=None, description="Wraps that are new.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class KeepReportKeyPayload:
    """What came of it."""

    key_id: str | None = strawberry.field(default=None, description="The key, hex.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class RewrapKeySharePayload:
    """What came of it."""

    key_id: str | None = strawberry.field(default=None, description="The lost key, hex.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class RewrapReportMessagesPayload:
    """What came of it."""

    added: int | None = strawberry.field(default=None, description="New wraps.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class AskIdentityPayload:
    """What came of it."""

    request: IdentityRequest | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of it.")
class ReleaseIdentityPayload:
    """What came of it."""

    request: IdentityRequest | None = strawberry.field(default=None, description="The request.")
    problem: Problem | None = problem_field()


@strawberry.type(description="Where it is fetched.")
class OpenReportFilePayload:
    """Where it is fetched."""

    url: str | None = strawberry.field(default=None, description="Good for 60 s.")
    problem: Problem | None = problem_field()


async def _act(info: Info, operation: Any, **given: Any) -> Any:
    context = info.context
    return await perform(context.database, context.signed_in(), context.now(), operation, **given)


def _rewraps(wraps: list[DeskWrapInput]) -> list[keeping.Rewrap]:
    return [
        keeping.Rewrap(message_id=one.message_id, key_id=key_id_of(one.key_id), half=one.half, wrapped=one.wrapped)
        for one in wraps
    ]


@strawberry.type
class Mutation:
    """Acts of desks on protected reports."""

    @mutation(access=needs(Verb.REPORT_READ), description="Takes a step of a report.")
    async def take_report_step(
        self, info: Info, input: Annotated[TakeReportStepInput, strawberry.argument(description="The step.")]
    ) -> TakeReportStepPayload | None:
        row = await _act(info, steps.take_step, **vars(input))
        return TakeReportStepPayload(report=Report.of(row, []))

    @mutation(access=needs(Verb.REPORT_ACCEPT), description="Grants the verification thirty days more, once.")
    async def extend_report(
        self, info: Info, input: Annotated[ExtendReportInput, strawberry.argument(description="Which report.")]
    ) -> ExtendReportPayload | None:
        return ExtendReportPayload(report=Report.of(await _act(info, steps.extend_decision, **vars(input)), []))

    @mutation(access=needs(Verb.REPORT_READ), description="Writes to the reporter.")
    async def reply_to_report(
        self, info: Info, input: Annotated[ReplyToReportInput, strawberry.argument(description="The message.")]
    ) -> ReplyToReportPayload | None:
        wraps = {key_id_of(one.key_id): one.wrapped for one in input.wraps}
        ciphertext = read_base64(input.ciphertext, "ciphertext", LONGEST)
        message = Message(id=input.message_id, ciphertext=ciphertext, wraps=wraps)
        row = await _act(info, steps.reply, report_id=input.report_id, message=message)
        return ReplyToReportPayload(message_id=row.id)

    @mutation(access=needs(Verb.REPORT_HAND_OVER), description="Hands a report over to its verification.")
    async def hand_over_report(
        self,
        info: Info,
        input: Annotated[
            HandOverReportInput, strawberry.argument(description="What is handed over, and for whom it is wrapped.")
        ],
    ) -> HandOverReportPayload | None:
        added = await _act(info, steps.hand_over, report_id=input.report_id, wraps=_rewraps(input.wraps))
        return HandOverReportPayload(added=added)

    @mutation(access=needs(Verb.REPORT_KEY_ENROL), description="Keeps a key of yours; the one before it ends.")
    async def keep_report_key(
        self, info: Info, input: Annotated[KeepReportKeyInput, strawberry.argument(description="The key.")]
    ) -> KeepReportKeyPayload | None:
        shares = [
            keeping.Share(number=one.number, custodian_key_id=key_id_of(one.custodian_key_id), wrapped=one.wrapped)
            for one in input.shares
        ]
        row = await _act(info, keeping.keep_key, public_key=input.public_key, sealed=input.sealed, shares=shares)
        return KeepReportKeyPayload(key_id=row.id.hex)

    @mutation(access=needs(Verb.IDENTITY_RELEASE), description="Wraps your share of a lost key for the new one.")
    async def rewrap_key_share(
        self, info: Info, input: Annotated[RewrapKeyShareInput, strawberry.argument(description="The share.")]
    ) -> RewrapKeySharePayload | None:
        await _act(
            info, keeping.rewrap_share, key_id=key_id_of(input.key_id), number=input.number,
            new_key_id=key_id_of(input.new_key_id), wrapped=input.wrapped,
        )  # fmt: skip
        return RewrapKeySharePayload(key_id=input.key_id)

    @mutation(access=needs(Verb.REPORT_KEY_ENROL), description="Wraps for your new key what the recovered one opened.")
    async def rewrap_report_messages(
        self, info: Info, input: Annotated[RewrapReportMessagesInput, strawberry.argument(description="The wraps.")]
    ) -> RewrapReportMessagesPayload | None:  # fmt: skip
        return RewrapReportMessagesPayload(
            added=await _act(info, keeping.rewrap_messages, wraps=_rewraps(input.wraps))
        )  # fmt: skip

    @mutation(access=needs(Verb.IDENTITY_ASK), description="Asks to open an identity; the reporter is told.")
    async def ask_identity(
        self, info: Info, input: Annotated[AskIdentityInput, strawberry.argument(description="Whose, and why.")]
    ) -> AskIdentityPayload | None:
        return AskIdentityPayload(request=IdentityRequest.of(await _act(info, identities.ask_identity, **vars(input))))

    @mutation(access=needs(Verb.IDENTITY_RELEASE), description="Releases half a of an identity; the reporter is told.")
    async def release_identity(
        self,
        info: Info,
        input: Annotated[ReleaseIdentityInput, strawberry.argument(description="Which request, and the half for it.")],
    ) -> ReleaseIdentityPayload | None:
        row = await _act(info, identities.release_identity, **vars(input))
        return ReleaseIdentityPayload(request=IdentityRequest.of(row))

    @mutation(access=needs(Verb.REPORT_READ), description="Gives the address of a file; that it was fetched is told.")
    async def open_report_file(
        self, info: Info, input: Annotated[OpenReportFileInput, strawberry.argument(description="Which file.")]
    ) -> OpenReportFilePayload | None:
        row = await _act(info, steps.open_file, file_id=input.file_id)
        store, place = info.context.means.store(), (row["object_name"], row["object_version"])
        return OpenReportFilePayload(url=store.sign_get(*place, media_type="application/octet-stream"))


AREA = Area(mutation=Mutation)
