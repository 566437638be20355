"""What may live here: the self-evaluation of a mine in GraphQL, and the document that is laid before its principal."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import global_id, value_id
from graphql_schema.promises.templates_clauses import CommitmentClause
from graphql_schema.scalars import Base64, Sha256
from storage.promises.commitments import operations, previewing, queries, tables
from storage.promises.commitments.rules import Given
from storage.promises.commitments.tables import AnswerOutcome, ClauseStanding, ContradictionKind
from storage.record.actor import Verb
from storage.record.derived import remove_derived
from storage.record.ledger.proofs.commitments.documents import challenge_of
from storage.record.printing.typesetting import MEDIA_TYPE
from storage.record.work import perform_once
from storage.register.mines import queries as mines

labelled(AnswerOutcome, description="What a mine says of a clause.", name="ClauseAnswerOutcome")
labelled(ClauseStanding, description="How a clause stands today by what the mine said of it.")
labelled(ContradictionKind, description="What speaks against a clause.")

_OPERATION_ID = "Made by the client; the same id again is the same act."


@strawberry.type(description="What a mine said of one clause; what it says later takes its place, and both stay.")
class ClauseAnswer:
    """What a mine said of one clause."""

    uuid: UUID = strawberry.field(description="The UUID of the answer.")
    key: str = strawberry.field(description="The key of the clause.")
    outcome: AnswerOutcome = strawberry.field(description="What it says.")
    by_day: date | None = strawberry.field(description="Of NOT_YET: the day by which it will be met.")
    measure: str | None = strawberry.field(description="Of NOT_YET: what is done until then.")
    words: str = strawberry.field(description="What it says besides.")
    evidence_ids: list[strawberry.ID] = strawberry.field(description="The sealed pieces that it names.")
    evidence: list[UUID] = strawberry.field(description="Their UUIDs, as an answer takes them.")
    answered_by: strawberry.ID = strawberry.field(description="The account that said so.")
    answered_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("ClauseAnswer", self.uuid)

    @classmethod
    def of(cls, row: tables.ClauseAnswer) -> "ClauseAnswer":
        """Tell a row."""
        return cls(
            uuid=row.id, key=row.key, outcome=AnswerOutcome(row.outcome), by_day=row.by_day, measure=row.measure,
            words=row.words, evidence_ids=[global_id("Evidence", one) for one in row.evidence], evidence=row.evidence,
            answered_by=global_id("Account", row.answered_by), answered_at=row.answered_at,
        )  # fmt: skip


@strawberry.type(description="What speaks against a clause: a finding of a kind that it names, or a refusal for it.")
class ClauseContradiction:
    """What speaks against a clause."""

    kind: ContradictionKind = strawberry.field(description="What it is.")
    uuid: UUID = strawberry.field(description="The UUID of the finding or refusal.")
    day: date = strawberry.field(description="The day on which it was seen, or for which it was refused.")
    words: str = strawberry.field(description="The fact that was found, or the condition that was refused.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("contradiction", self.kind, self.uuid)


@strawberry.type(description="One clause, what the mine said of it, how it stands, and what speaks against it.")
class CommitmentLine:
    """One clause of a self-evaluation."""

    clause: CommitmentClause = strawberry.field(description="What must hold.")
    own: bool = strawberry.field(description="Whether it is the mine's own, stricter than the template's or new.")
    answer: ClauseAnswer | None = strawberry.field(description="What was said last, also of another wording.")
    standing: ClauseStanding = strawberry.field(description="How it stands; OPEN also after its wording has changed.")
    contradictions: list[ClauseContradiction] = strawberry.field(
        description="Of this year and the one before it, newest first, as far as you may read them."
    )

    @identity
    def id(self) -> strawberry.ID:
        against = [one.uuid for one in self.contradictions]
        return value_id("line", self.own, self.standing, repr(self.clause), repr(self.answer), *against)

    @classmethod
    def of(cls, one: queries.Line) -> "CommitmentLine":
        """Tell a line."""
        against = [ClauseContradiction(kind=each.kind, uuid=each.id, day=each.day, words=each.words)
                   for each in one.contradictions]  # fmt: skip
        return cls(
            clause=CommitmentClause.of(one.promised.clause), own=one.promised.own, standing=one.standing,
            answer=ClauseAnswer.of(one.answer) if one.answer else None, contradictions=against,
        )  # fmt: skip


@strawberry.type(description="What a mine says of itself for a year, clause by clause. Nobody has signed it.")
class SelfEvaluation:
    """What a mine says of itself for a year."""

    mine_id: strawberry.ID = strawberry.field(description="The mine.")
    year: int = strawberry.field(description="The year.")
    version: int = strawberry.field(description="The version of the year's template.")
    lines: list[CommitmentLine] = strawberry.field(description="Its clauses.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("self-evaluation", self.mine_id, self.year)


@strawberry.type(description="The very bytes that a principal is to sign. Laid before him, signed by nobody.")
class CommitmentPreview:
    """What was laid before a principal."""

    uuid: UUID = strawberry.field(description="The UUID of the preview.")
    year: int = strawberry.field(description="The year.")
    content: str = strawberry.field(description="Canonical JSON (RFC 8785), format pithead/commitment/1.")
    digest: str = strawberry.field(description="SHA-256 of its UTF-8 bytes, in hexadecimal.")
    nonce: str = strawberry.field(description="32 random bytes in hexadecimal; they stand in the document.")
    challenge: Base64 = strawberry.field(
        description="What a passkey is asked to sign: SHA-256 of `pithead/commitment/1`, a line feed, nonce and digest."
    )
    supersedes: str | None = strawberry.field(description="The digest of the commitment that it would replace.")
    pdf_sha256: Sha256 = strawberry.field(description="Of its PDF, which is made of the same bytes.")
    pdf_url: str = strawberry.field(description="Where its PDF is fetched, for a minute.")
    principal: strawberry.ID = strawberry.field(description="The account before whom it was laid.")
    laid_at: datetime = strawberry.field(description="When.")

    @identity
    def id(self) -> strawberry.ID:
        return global_id("CommitmentPreview", self.uuid)

    @classmethod
    def of(cls, context: Context, row: tables.Preview) -> "CommitmentPreview":
        """Tell a row."""
        url = context.means.store().sign_get(row.object_name, row.object_version, media_type=MEDIA_TYPE)
        return cls(
            uuid=row.id, year=row.year, content=row.content.decode(), digest=row.digest.hex(), nonce=row.nonce.hex(),
            challenge=Base64(challenge_of(row.nonce, row.digest)),
            supersedes=row.supersedes.hex() if row.supersedes else None, pdf_sha256=Sha256(row.pdf_sha256),
            pdf_url=url, principal=global_id("Account", row.principal), laid_at=row.laid_at,
        )  # fmt: skip


@strawberry.input(description="What is said of one clause.")
class ClauseAnswerInput:
    """What is said of one clause."""

    key: str = strawberry.field(description="The key of a clause that the mine promises.")
    outcome: AnswerOutcome = strawberry.field(description="What is said.")
    by_day: date | None = strawberry.field(default=None, description="Of NOT_YET: a day from today to the year's end.")
    measure: str | None = strawberry.field(default=None, description="Of NOT_YET: what is done until then.")
    words: str = strawberry.field(default="", description="What is said besides; of NOT_MET the reason.")
    evidence_ids: list[UUID] = strawberry.field(
        default_factory=list, description="The UUIDs of sealed pieces of this mine that you see, 50 at most."
    )

    def given(self) -> Given:
        """The answer as storage takes it."""
        return Given(
            key=self.key, outcome=self.outcome, by_day=self.by_day, measure=self.measure, words=self.words,
            evidence=tuple(self.evidence_ids),
        )  # fmt: skip


@strawberry.input(description="What a mine says of clauses that it promises.")
class AnswerClausesInput:
    """What a mine says of clauses."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    year: int = strawberry.field(description="This year or the next.")
    answers: list[ClauseAnswerInput] = strawberry.field(description="The answers, 1 to 100, no clause twice.")


@strawberry.input(description="The year whose commitment is to be laid before you.")
class PreviewCommitmentInput:
    """The year whose commitment is to be laid before you."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    mine_id: UUID = strawberry.field(description="The UUID of your mine.")
    year: int = strawberry.field(description="This year or the next.")


@strawberry.type(description="What came of answering.")
class AnswerClausesPayload:
    """What came of answering."""

    answers: list[ClauseAnswer] | None = strawberry.field(default=None, description="What was said, by key.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of asking for the document.")
class PreviewCommitmentPayload:
    """What came of asking for the document."""

    preview: CommitmentPreview | None = strawberry.field(default=None, description="What is to be signed.")
    problem: Problem | None = problem_field()


@strawberry.type
class CommitmentQuery:
    """What mines say of what they promise."""

    @query(
        access=needs(Verb.COMMITMENT_READ),
        description="What a mine says of itself for a year, with what speaks against it. Null while no template of the"
        " year is approved.",
    )
    async def self_evaluation(
        self, info: Info,
        mine_id: Annotated[UUID, strawberry.argument(description="The UUID of the mine.")],
        year: Annotated[int, strawberry.argument(description="The year.")],
    ) -> SelfEvaluation | None:  # fmt: skip
        context, actor = info.context, info.context.signed_in().seeing(Verb.COMMITMENT_READ)
        async with context.database.reading(actor) as sql:
            mine = await mines.mine_of_id(sql, mine_id)
            found = await queries.evaluation_of(sql, actor, mine, year=year, now=context.now())
        if found is None:
            return None
        lines = [CommitmentLine.of(one) for one in found.lines]
        return SelfEvaluation(mine_id=global_id("Mine", mine_id), year=year, version=found.version, lines=lines)


@strawberry.type
class CommitmentMutation:
    """Acts on commitments before they are signed."""

    @mutation(access=needs(Verb.COMMITMENT_ANSWER), description="Say what your mine has to say of its clauses.")
    async def answer_clauses(
        self, info: Info, input: Annotated[AnswerClausesInput, strawberry.argument(description="The answers.")]
    ) -> AnswerClausesPayload | None:
        context, given = info.context, tuple(one.given() for one in input.answers)
        rows = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.answers_again,
            operations.answer_clauses, mine_id=input.mine_id, year=input.year, given=given,
        )  # fmt: skip
        return AnswerClausesPayload(answers=[ClauseAnswer.of(row) for row in rows])

    @mutation(
        access=needs(Verb.COMMITMENT_PREVIEW),
        description="Have the document laid before you, its principal, that you are to sign. It signs nothing.",
    )
    async def preview_commitment(
        self, info: Info, input: Annotated[PreviewCommitmentInput, strawberry.argument(description="Which.")]
    ) -> PreviewCommitmentPayload | None:
        context = info.context
        made = await _made(context, input)
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.preview_again,
            previewing.record_preview, mine_id=input.mine_id, year=input.year, made=made,
        )  # fmt: skip
        if made.object_name != row.object_name:  # A replay: what was laid then is told again.
            await context.means.store().aside(remove_derived, context.means.store(), made.object_name)
        return PreviewCommitmentPayload(preview=CommitmentPreview.of(context, row))


async def _made(context: Context, input: PreviewCommitmentInput) -> previewing.Made:
    """The bytes and their PDF, made before the act begins, which holds no transaction open meanwhile."""
    actor = context.signed_in().seeing(Verb.COMMITMENT_PREVIEW)
    async with context.database.reading(actor) as sql:
        plan = await previewing.plan_preview(sql, actor, mine_id=input.mine_id, year=input.year, now=context.now())
    return await previewing.make_preview(context.means.store(), context.means.typesetting(), plan)


AREA = Area(query=CommitmentQuery, mutation=CommitmentMutation)
