"""What may live here: the desk of legal review: what changed since the last submission, like cases with results."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, derived, query
from graphql_schema.casework.cases import file_of, papers_of
from graphql_schema.casework.papers import Paper
from graphql_schema.context import Info
from graphql_schema.scalars import Money
from storage.casework.cases import alike, reviewing
from storage.casework.cases.alike import Alike
from storage.casework.cases.bodies.deciding import DecisionOutcome
from storage.casework.cases.reviewing import Changes
from storage.casework.cases.steps import PartyKind, SanctionKind, StepKind
from storage.record.actor import Verb
from storage.record.law.discretion import DiscretionGround
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import told

Of = Annotated[UUID, strawberry.argument(description="The UUID of the case.")]


@strawberry.type(description="A step that came to the file since the draft was last submitted for review.")
class ReviewedStep:
    """A step that is new to the reviewer."""

    step_id: UUID = strawberry.field(description="The step.")
    kind: StepKind = strawberry.field(description="What kind of step.")
    at: datetime = strawberry.field(description="When it was done, or reached the party.")
    body: str = strawberry.field(description="What it says, as canonical JSON: the same as in its entry.")


@strawberry.type(description="What changed since a party's draft was last submitted for review and answered.")
class CaseReviewChanges:
    """What is new to the reviewer."""

    row: strawberry.Private[Changes]
    case: strawberry.Private[UUID]
    before_id: UUID = strawberry.field(description="The submission that was answered.")
    answered_id: UUID | None = strawberry.field(description="What it was answered by: with its notes.")
    now_id: UUID | None = strawberry.field(description="The submission that waits; null while none does.")
    sanctions_before: str = strawberry.field(description="The penalty of the draft then, as canonical JSON.")
    sanctions_now: str | None = strawberry.field(description="The same of the draft that waits.")
    steps: list[ReviewedStep] = strawberry.field(description="What came to the file, of the case or about the party.")

    @derived(description="The papers of the case that were drafted or issued since, of its first 100.")
    async def papers(self, info: Info) -> list[Paper]:
        since = self.row.before.at
        rows = await papers_of(info.context, self.case)
        return [Paper.of(row) for row in rows if max(row["drafted_at"], row["issued_at"] or since) > since]

    @classmethod
    def of(cls, row: Changes, case: UUID) -> "CaseReviewChanges":
        """Tell what changed."""
        before, now = (None if one is None else canonical(told(one)).decode() for one in row.sanctions)
        return cls(
            row=row, case=case, before_id=row.before.id, answered_id=row.answered.id if row.answered else None,
            now_id=row.now.id if row.now else None, sanctions_before=before or "[]", sanctions_now=now,
            steps=[ReviewedStep(step_id=one.id, kind=one.kind, at=one.at, body=canonical(told(one.body)).decode())
                   for one in row.steps],
        )  # fmt: skip


@strawberry.type(description="What was decided of one party of a like case.")
class LikeCaseResult:
    """One result."""

    decision_id: UUID = strawberry.field(description="The step by which it was decided.")
    at: datetime = strawberry.field(description="When.")
    party: PartyKind = strawberry.field(description="Of a unit, or of a person responsible in it.")
    outcome: DecisionOutcome = strawberry.field(description="A penalty, or on which ground there was none.")
    fine: Money = strawberry.field(description="The sum of the fines, in fen.")
    sanctions: list[SanctionKind] = strawberry.field(description="The kinds of penalties.")
    ground: DiscretionGround | None = strawberry.field(description="从重, 一般, 从轻, 减轻, 不罚, as it was suggested.")
    stands: bool = strawberry.field(description="False once the decision fell.")


@strawberry.type(description="A decided case like another.")
class LikeCase:
    """A like case."""

    case_id: UUID = strawberry.field(description="Its UUID.")
    cause: str = strawberry.field(description="The cause of the case (案由).")
    mine_id: UUID = strawberry.field(description="The UUID of the mine.")
    by_clause: bool = strawberry.field(description="Whether the same clause was broken.")
    by_kind: bool = strawberry.field(description="Whether it comes from the same kind of finding.")
    results: list[LikeCaseResult] = strawberry.field(description="What was decided, oldest first.")

    @classmethod
    def of(cls, one: Alike) -> "LikeCase":
        """Tell a case."""
        return cls(
            case_id=one.case.id, cause=one.case.cause, mine_id=one.case.mine_id, by_clause=one.by_clause,
            by_kind=one.by_kind, results=[_result(result) for result in one.results],
        )  # fmt: skip


def _result(one: alike.Result) -> LikeCaseResult:
    return LikeCaseResult(
        decision_id=one.decision, at=one.at, party=one.party, outcome=one.outcome, fine=Money(one.fine),
        sanctions=list(one.sanctions), ground=one.ground, stands=one.stands,
    )  # fmt: skip


@strawberry.type
class CaseReviewQuery:
    """The desk of legal review."""

    @query(
        access=needs(Verb.CASE_READ),
        description="What changed since a party's draft was last submitted; null before the first answer.",
    )
    async def case_review_changes(
        self, info: Info, id: Of, party_id: Annotated[UUID, strawberry.argument(description="The party.")]
    ) -> CaseReviewChanges | None:
        file = await file_of(info.context, id)
        found = reviewing.changes_of(file.history, party_id) if file is not None else None
        return CaseReviewChanges.of(found, id) if found is not None else None

    @query(
        access=needs(Verb.CASE_READ),
        description="Decided cases that you may see in which the same clause was broken or the same kind was found.",
    )
    async def like_cases(
        self, info: Info, id: Of,
        first: Annotated[int, strawberry.argument(description="How many, the newest first; at most 50.")] = 10,
    ) -> list[LikeCase] | None:  # fmt: skip
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.CASE_READ)) as sql:
            return [LikeCase.of(one) for one in await alike.cases_like(sql, id, limit=max(first, 1))]


AREA = Area(query=CaseReviewQuery)
