"""What may live here: the acts of publishing in GraphQL: publish, correct, dispute, withdraw, restore, withhold."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import global_id
from graphql_schema.trust.disclosures import Disclosure, WordedInput
from storage.record.actor import Verb
from storage.record.problems import BadInput
from storage.record.work import perform_once
from storage.trust.disclosures import operations, queries
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.rules import WithdrawalGround, WithholdingGround
from storage.trust.disclosures.tables import SourceKind

_OPERATION_ID = "Made by the client; the same id again is the same act."
_ID = "The UUID of the disclosure."
_REASON = "Why, in words that the public reads: 1 to 1,000 characters."
_DIGEST = "The digest of the preview that you saw, in hexadecimal."
_WORDED = "Texts worded anew, as the preview had them."
_OF_AGE = "Of a person: you say that he is no minor."


def digest_bytes(digest: str) -> bytes:
    """A digest of an input; BadInput for anything else."""
    try:
        found = bytes.fromhex(digest)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise BadInput(field="digest", reason="64 hex")
    return found


def _wording(worded: list[WordedInput], *, of_age: bool) -> Wording:
    return Wording(anew={one.member: one.text for one in worded}, of_age=of_age)


@strawberry.input(description="What is to be published, as it was previewed.")
class PublishDisclosureInput:
    """What is to be published."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    source_kind: SourceKind = strawberry.field(description="From what the copy is made.")
    source_id: UUID = strawberry.field(
        description="The UUID of the decision's step, the inspection, commitment or breach."
    )
    digest: str = strawberry.field(description=_DIGEST)
    worded: list[WordedInput] = strawberry.field(default_factory=list, description=_WORDED)
    of_age: bool = strawberry.field(default=False, description=_OF_AGE)


@strawberry.input(description="Another edition of what is shown.")
class CorrectDisclosureInput:
    """Another edition."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    disclosure_id: UUID = strawberry.field(description=_ID)
    digest: str = strawberry.field(description=_DIGEST)
    reason: str = strawberry.field(description=_REASON)
    worded: list[WordedInput] = strawberry.field(default_factory=list, description=_WORDED)
    of_age: bool = strawberry.field(default=False, description=_OF_AGE)
    harmed: bool = strawberry.field(
        default=False, description="Whether what was shown harmed somebody: then nobody reads the old edition any more."
    )


@strawberry.input(description="A penalty against which something was filed.")
class DisputeDisclosureInput:
    """A penalty that is disputed."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    disclosure_id: UUID = strawberry.field(description=_ID)


@strawberry.input(description="What is to be taken down, and why.")
class WithdrawDisclosureInput:
    """What is to be taken down."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    disclosure_id: UUID = strawberry.field(description=_ID)
    ground: WithdrawalGround = strawberry.field(description="The ground.")
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="What was taken down by mistake, or repaired by fraud.")
class RestoreDisclosureInput:
    """What is to be shown again."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    disclosure_id: UUID = strawberry.field(description=_ID)
    reason: str = strawberry.field(description=_REASON)


@strawberry.input(description="What stays unpublished, and by which article.")
class WithholdDisclosureInput:
    """What stays unpublished."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    source_kind: SourceKind = strawberry.field(description="From what a copy would be made.")
    source_id: UUID = strawberry.field(
        description="The UUID of the decision's step, the inspection, commitment or breach."
    )
    ground: WithholdingGround = strawberry.field(description="The ground.")
    reason: str = strawberry.field(description="Why, within the agency: 1 to 1,000 characters.")


@strawberry.type(description="That something stays unpublished.")
class WithheldDisclosure:
    """That something stays unpublished."""

    uuid: UUID = strawberry.field(description="The UUID of this decision.")
    article: str = strawberry.field(description="The article.")
    reason: str = strawberry.field(description="Why.")
    withheld_by: strawberry.ID = strawberry.field(description="The account that decided it.")
    withheld_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("WithheldDisclosure", self.uuid)


@strawberry.type(description="What came of publishing.")
class PublishDisclosurePayload:
    """What came of publishing."""

    disclosure: Disclosure | None = strawberry.field(default=None, description="What was published.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of correcting.")
class CorrectDisclosurePayload:
    """What came of correcting."""

    disclosure: Disclosure | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of showing that it is disputed.")
class DisputeDisclosurePayload:
    """What came of showing that it is disputed."""

    disclosure: Disclosure | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of taking it down.")
class WithdrawDisclosurePayload:
    """What came of taking it down."""

    disclosure: Disclosure | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of showing it again.")
class RestoreDisclosurePayload:
    """What came of showing it again."""

    disclosure: Disclosure | None = strawberry.field(default=None, description="How it stands.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of withholding.")
class WithholdDisclosurePayload:
    """What came of withholding."""

    withheld: WithheldDisclosure | None = strawberry.field(default=None, description="The decision.")
    problem: Problem | None = problem_field()


@strawberry.type
class DisclosureMutation:
    """Acts of publishing."""

    @mutation(
        access=needs(Verb.DISCLOSURE_PUBLISH),
        description="Publish what was previewed. The case of a decision takes its own step by the same act.",
    )
    async def publish_disclosure(
        self, info: Info, input: Annotated[PublishDisclosureInput, strawberry.argument(description="What.")]
    ) -> PublishDisclosurePayload | None:
        context, digest = info.context, digest_bytes(input.digest)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.disclosure_again,
            operations.publish_disclosure, source_kind=input.source_kind, source_id=input.source_id, digest=digest,
            wording=_wording(input.worded, of_age=input.of_age),
        )  # fmt: skip
        return PublishDisclosurePayload(disclosure=Disclosure.of(row))

    @mutation(access=needs(Verb.DISCLOSURE_CORRECT), description="Publish another edition, as the record has it now.")
    async def correct_disclosure(
        self, info: Info, input: Annotated[CorrectDisclosureInput, strawberry.argument(description="What.")]
    ) -> CorrectDisclosurePayload | None:
        context, digest = info.context, digest_bytes(input.digest)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.disclosure_again,
            operations.correct_disclosure, disclosure_id=input.disclosure_id, digest=digest, reason=input.reason,
            wording=_wording(input.worded, of_age=input.of_age), harmed=input.harmed,
        )  # fmt: skip
        return CorrectDisclosurePayload(disclosure=Disclosure.of(row))

    @mutation(access=needs(Verb.DISCLOSURE_DISPUTE), description="Show that the party goes against the penalty.")
    async def dispute_disclosure(
        self, info: Info, input: Annotated[DisputeDisclosureInput, strawberry.argument(description="Which.")]
    ) -> DisputeDisclosurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.disclosure_again,
            operations.dispute_disclosure, disclosure_id=input.disclosure_id,
        )  # fmt: skip
        return DisputeDisclosurePayload(disclosure=Disclosure.of(row))

    @mutation(
        access=needs(Verb.DISCLOSURE_WITHDRAW),
        description="Take down what should not be shown any more; its permalink says since when and why.",
    )
    async def withdraw_disclosure(
        self, info: Info, input: Annotated[WithdrawDisclosureInput, strawberry.argument(description="Which.")]
    ) -> WithdrawDisclosurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.disclosure_again,
            operations.withdraw_disclosure, disclosure_id=input.disclosure_id, ground=input.ground, reason=input.reason,
        )  # fmt: skip
        return WithdrawDisclosurePayload(disclosure=Disclosure.of(row))

    @mutation(access=needs(Verb.DISCLOSURE_RESTORE), description="Show again what was taken down by mistake.")
    async def restore_disclosure(
        self, info: Info, input: Annotated[RestoreDisclosureInput, strawberry.argument(description="Which.")]
    ) -> RestoreDisclosurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.disclosure_again,
            operations.restore_disclosure, disclosure_id=input.disclosure_id, reason=input.reason,
        )  # fmt: skip
        return RestoreDisclosurePayload(disclosure=Disclosure.of(row))

    @mutation(access=needs(Verb.DISCLOSURE_WITHHOLD), description="Answer a duty to publish by the article why not.")
    async def withhold_disclosure(
        self, info: Info, input: Annotated[WithholdDisclosureInput, strawberry.argument(description="What.")]
    ) -> WithholdDisclosurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.withheld_again,
            operations.withhold_disclosure, source_kind=input.source_kind, source_id=input.source_id,
            ground=input.ground, reason=input.reason,
        )  # fmt: skip
        told = WithheldDisclosure(
            uuid=row.id, article=row.article, reason=row.reason, withheld_at=row.withheld_at,
            withheld_by=global_id("Account", row.withheld_by),
        )  # fmt: skip
        return WithholdDisclosurePayload(withheld=told)


AREA = Area(mutation=DisclosureMutation)
