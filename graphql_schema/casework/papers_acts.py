"""What may live here: the acts on papers in GraphQL: drafting, issuing, signing, and recording a refusal to sign."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.casework.papers import Paper
from graphql_schema.context import Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.scalars import Base64, Bytes
from storage.casework.papers import operations, signing
from storage.casework.papers.bodies import Value
from storage.casework.papers.operations import Draft
from storage.casework.papers.signing import Refusing, Signing
from storage.casework.papers.tables import PaperSubject, SignedWay
from storage.record.actor import Verb
from storage.record.work import perform


@strawberry.input(description="What to write into a field.")
class PaperFieldInput:
    """What to write into a field."""

    name: str = strawberry.field(description="What the form calls it.")
    text: str | None = strawberry.field(
        default=None, description="The text; a day as YYYY-MM-DD, a moment as YYYY-MM-DDThh:mm of Asia/Shanghai."
    )
    rows: list[list[str]] | None = strawberry.field(default=None, description="The rows of a table, by column.")

    def value(self) -> Value:
        """The value as storage takes it."""
        return self.rows if self.rows is not None else self.text or ""


@strawberry.input(description="A paper to draft; the same id writes the draft anew until it is issued.")
class DraftPaperInput:
    """A paper to draft."""

    id: UUID = strawberry.field(description="Made by the client.")
    form: str = strawberry.field(description="The name of the form.")
    subject_kind: PaperSubject = strawberry.field(description="What it is about.")
    subject_id: UUID = strawberry.field(description="Which of them.")
    fields: list[PaperFieldInput] = strawberry.field(
        description="What you write; what the record knows it fills in by itself when the paper is issued."
    )
    step_id: UUID | None = strawberry.field(
        default=None,
        description="The step of the case or measure that it stands for; left out, the last without such a paper.",
    )

    def draft(self) -> Draft:
        """The draft as storage takes it."""
        return Draft(
            id=self.id, form=self.form, subject_kind=self.subject_kind, subject_id=self.subject_id,
            fields={one.name: one.value() for one in self.fields}, step_id=self.step_id,
        )  # fmt: skip


@strawberry.type(description="What came of drafting a paper.")
class DraftPaperPayload:
    """What came of drafting a paper."""

    paper: Paper | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A paper to issue.")
class IssuePaperInput:
    """A paper to issue."""

    id: UUID = strawberry.field(description="The id of the draft.")


@strawberry.type(description="What came of issuing a paper.")
class IssuePaperPayload:
    """What came of issuing a paper."""

    paper: Paper | None = strawberry.field(default=None, description="The paper with its number and its digest.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A signature: exactly one of `signature`, `strokes` and `evidenceId` proves it.")
class SignPaperInput:
    """A signature."""

    id: UUID = strawberry.field(description="The paper's id.")
    place: str = strawberry.field(description="The place on the form.")
    way: SignedWay = strawberry.field(description="How it was signed.")
    at: Bytes = strawberry.field(description="The device's clock, ms since 1970 UTC.")
    name: str = strawberry.field(default="", description="Who signed, for a hand that has no account of its own here.")
    opinion: str = strawberry.field(default="", description="What was written with it, where the form asks for that.")
    signature: Base64 | None = strawberry.field(
        default=None, description="KEY: your device's, of kind `paper`, over the statement (docs/protocol.md §3b)."
    )
    strokes: list[list[list[int]]] | None = strawberry.field(
        default=None, description="HAND: each stroke as its points [x, y], in a box of 1000 each way."
    )
    evidence_id: UUID | None = strawberry.field(default=None, description="INK: the photo of the signed paper.")

    def signing(self) -> Signing:
        """The signature as storage takes it."""
        return Signing(
            place=self.place, way=self.way, at=self.at, name=self.name, opinion=self.opinion, signature=self.signature,
            strokes=self.strokes, evidence_id=self.evidence_id,
        )  # fmt: skip


@strawberry.type(description="What came of signing a paper.")
class SignPaperPayload:
    """What came of signing a paper."""

    paper: Paper | None = strawberry.field(default=None, description="The paper.")
    problem: Problem | None = problem_field()


@strawberry.input(description="That somebody would not or could not sign.")
class RecordPaperRefusalInput:
    """That somebody would not sign."""

    id: UUID = strawberry.field(description="The paper's id.")
    place: str = strawberry.field(description="The place on the form.")
    name: str = strawberry.field(description="Who would not sign.")
    reason: str = strawberry.field(description="Why; the law wants it noted.")
    witness: str = strawberry.field(default="", description="Who saw it: name and where he is from.")
    evidence_id: UUID | None = strawberry.field(default=None, description="A photo, film or sound of it.")

    def refusing(self) -> Refusing:
        """The refusal as storage takes it."""
        return Refusing(
            place=self.place, name=self.name, reason=self.reason, witness=self.witness, evidence_id=self.evidence_id
        )


@strawberry.type(description="What came of recording a refusal to sign.")
class RecordPaperRefusalPayload:
    """What came of recording a refusal to sign."""

    paper: Paper | None = strawberry.field(default=None, description="The paper.")
    problem: Problem | None = problem_field()


@strawberry.type
class PaperMutation:
    """Acts on papers."""

    @mutation(access=needs(Verb.PAPER_ISSUE), description="Draft a paper.")
    async def draft_paper(
        self, info: Info, input: Annotated[DraftPaperInput, strawberry.argument(description="What to draft.")]
    ) -> DraftPaperPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.draft_paper, draft=input.draft()
        )
        return DraftPaperPayload(paper=Paper.of(row))

    @mutation(access=needs(Verb.PAPER_ISSUE), description="Issue a paper: its number is given, its words are fixed.")
    async def issue_paper(
        self, info: Info, input: Annotated[IssuePaperInput, strawberry.argument(description="Which.")]
    ) -> IssuePaperPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.issue_paper, paper_id=input.id
        )
        return IssuePaperPayload(paper=Paper.of(row))

    @mutation(access=needs(Verb.PAPER_SIGN), description="Sign an issued paper, or record what a hand signed on it.")
    async def sign_paper(
        self, info: Info, input: Annotated[SignPaperInput, strawberry.argument(description="The signature.")]
    ) -> SignPaperPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), signing.sign_paper, paper_id=input.id,
            signing=input.signing(),
        )  # fmt: skip
        return SignPaperPayload(paper=Paper.of(row))

    @mutation(access=needs(Verb.PAPER_ISSUE), description="Record that somebody would not sign, and who saw it.")
    async def record_paper_refusal(
        self, info: Info, input: Annotated[RecordPaperRefusalInput, strawberry.argument(description="Who and why.")]
    ) -> RecordPaperRefusalPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), signing.record_refusal, paper_id=input.id,
            refusing=input.refusing(),
        )  # fmt: skip
        return RecordPaperRefusalPayload(paper=Paper.of(row))


AREA = Area(mutation=PaperMutation)
