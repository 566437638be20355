"""What may live here: measures in GraphQL: the closed list, orders, their steps, deadlines and what they lack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry
from asyncpg import Record

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.casework.findings import Finding
from graphql_schema.casework.papers import Paper
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register import mines
from storage.casework.findings import queries as finding_queries
from storage.casework.measures import clocks, lacks, operations, queries, steps
from storage.casework.measures.history import History, Order, Step
from storage.casework.measures.lacks import Lack
from storage.casework.measures.queries import MeasureDeadlineRow, MeasureRow
from storage.casework.measures.tables import Hand, Lacking, MeasureState, StepOutcome, Turn
from storage.casework.papers import queries as paper_queries
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law, supervision
from storage.record.law import measures as law_of_measures
from storage.record.law.measures import Approval
from storage.record.work import perform
from storage.register.provisions import queries as provisions

for kind, name, told in (
    (Approval, "MeasureApproval", "Whose approval a measure needs."),
    (MeasureState, "MeasureState", "Where a measure stands."),
    (Turn, "MeasureStepKind", "What became of a measure."),
    (Hand, "Hand", "For whom somebody acts."),
    (StepOutcome, "MeasureStepOutcome", "What a re-check, a verification or an acceptance found; what was announced."),
    (Lacking, "MeasureLacking", "What a measure lacks."),
):
    labelled(kind, name=name, description=told)

MOST_DUE = 100


@dataclass(frozen=True, slots=True)
class Known:
    """A measure's history with the law by which it is looked at."""

    history: History
    law: Law


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[MeasureRow]:
    actor = context.signed_in()
    actor.require(Verb.MEASURE_READ)
    async with context.database.reading(actor.seeing(Verb.MEASURE_READ)) as sql:
        return await queries.measures_by_ids(sql, ids)


async def _histories(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, Known]]:
    async with context.database.reading(context.signed_in().seeing(Verb.MEASURE_READ)) as sql:
        law = await provisions.law_of(sql)
        return [(id, Known(one, law)) for id, one in (await queries.histories_of(sql, ids)).items()]


async def _deadlines(context: Context, ids: list[UUID]) -> Iterable[MeasureDeadlineRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.MEASURE_READ)) as sql:
        return await queries.deadlines_of(sql, ids)


async def _papers(context: Context, ids: list[UUID]) -> "Iterable[Record]":
    actor = context.signed_in()
    actor.require(Verb.PAPER_READ)
    async with context.database.reading(actor.seeing(Verb.PAPER_READ)) as sql:
        return await paper_queries.papers_of(sql, PaperSubject.MEASURE, ids)


measure_by_id = loaders.one(_by_ids, key=lambda row: row.id)
history_of = loaders.one(_histories, key=lambda row: row[0])
deadlines_of = loaders.many(_deadlines, key=lambda row: row.measure_id)
papers_of: "loaders.Loader[UUID, Record, Sequence[Record]]" = loaders.many(_papers, key=lambda row: row["subject_id"])


@strawberry.type(description="A measure of the closed list: nobody orders any other.")
class MeasureKind:
    """A kind of measure."""

    key: str = strawberry.field(description="Its key, for inputs.")
    title: str = strawberry.field(description="The wording of the law.")
    article: str = strawberry.field(description="The article that gives it.")
    paper: str = strawberry.field(description="The form on which it is ordered.")
    approval: Approval = strawberry.field(description="Whose approval it needs.")
    protects: bool = strawberry.field(description="Whether in danger it is kept, whatever is lacking.")
    recorded: bool = strawberry.field(description="Whether full sound and picture are required.")
    mine_state: str = strawberry.field(description="What the mine is while it stands; empty: it changes nothing.")

    @classmethod
    def of(cls, one: law_of_measures.MeasureKind) -> "MeasureKind":
        """Tell a kind."""
        return cls(
            key=one.key, title=one.title, article=one.article, paper=one.paper, approval=one.approval,
            protects=one.protects, recorded=one.recorded, mine_state=one.mine_state,
        )  # fmt: skip


@strawberry.type(description="A level at which a major hazard is supervised, with its standards of close-out.")
class SupervisionLevel:
    """A level of supervision."""

    key: str = strawberry.field(description="Its key, for inputs.")
    title: str = strawberry.field(description="What it is called.")
    who: str = strawberry.field(description="Who supervises.")
    standards: list[str] = strawberry.field(description="What must be so before close-out.")
    article: str = strawberry.field(description="The articles.")
    settled: bool = strawberry.field(description="False where the project chose a default.")
    note: str = strawberry.field(description="What is open.")


@strawberry.type(description="A step that was taken; it is never changed.")
class MeasureStep:
    """A step that was taken."""

    uuid: UUID = strawberry.field(description="Its id.")
    kind: Turn = strawberry.field(description="What was done.")
    hand: Hand = strawberry.field(description="For whom.")
    at: datetime = strawberry.field(description="When it was done.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")
    recorded_by: UUID = strawberry.field(description="The account that took it.")
    certified: bool = strawberry.field(description="Whether it held a valid enforcement certificate.")
    subject_id: UUID | None = strawberry.field(description="The account, finding or step that it names.")
    until: date | None = strawberry.field(description="The last day that is asked for or granted.")
    number: int | None = strawberry.field(description="How many were counted below.")
    outcome: StepOutcome | None = strawberry.field(description="What was found.")
    words: str = strawberry.field(description="What was said, how, or why.")
    place_id: UUID | None = strawberry.field(description="The place.")
    underground: bool = strawberry.field(description="Whether the place is underground.")
    evidence_ids: list[UUID] = strawberry.field(description="The pieces of evidence.")

    @classmethod
    def of(cls, step: Step) -> "MeasureStep":
        """Tell a step."""
        same = ("kind", "hand", "at", "recorded_at", "subject_id", "until", "number", "outcome", "words", "place_id",
                "underground")  # fmt: skip
        return cls(
            uuid=step.id, recorded_by=step.by, certified=step.certificate_id is not None,
            evidence_ids=list(step.evidence), **{name: getattr(step, name) for name in same},
        )  # fmt: skip


@strawberry.type(description="A deadline that runs in a measure.")
class MeasureDeadline:
    """A deadline of a measure."""

    key: str = strawberry.field(description="The parameter of the law that it is.")
    article: str = strawberry.field(description="Its article.")
    start: date = strawberry.field(description="The day on which it began.")
    ends: date | None = strawberry.field(description="Its last day; null while the year's holidays are not published.")
    ends_at: datetime | None = strawberry.field(description="The moment at which it is too late.")
    alarm: date | None = strawberry.field(description="The last working day on which one can still act.")
    provisional: bool = strawberry.field(description="Whether the end may still move.")
    note: str | None = strawberry.field(description="What the law or the project says of it.")
    met_at: datetime | None = strawberry.field(description="When it was met; null until then.")

    @classmethod
    def of(cls, row: MeasureDeadlineRow) -> "MeasureDeadline":
        """Tell a row."""
        same = ("key", "article", "start", "ends", "ends_at", "alarm", "provisional", "note", "met_at")
        return cls(**{name: getattr(row, name) for name in same})


@strawberry.type(description="What a measure lacks: why not yet, by which article, and who brings it.")
class MeasureLack:
    """What a measure lacks."""

    code: Lacking = strawberry.field(description="What is lacking.")
    article: str = strawberry.field(description="The article that wants it.")
    hand: Hand = strawberry.field(description="Who brings it.")
    due_at: datetime | None = strawberry.field(description="Until when; null where the law names no moment.")

    @classmethod
    def of(cls, one: Lack) -> "MeasureLack":
        """Tell what is lacking."""
        return cls(code=one.code, article=one.article, hand=one.hand, due_at=one.due_at)


@strawberry.type(description="A measure that officers ordered, with all that became of it.")
class Measure(Node):
    """A measure."""

    row: strawberry.Private[MeasureRow]
    uuid: UUID = strawberry.field(description="The id that the phone made.")
    inspection_id: UUID = strawberry.field(description="The inspection in which it was ordered.")
    kind: str = strawberry.field(description="Its kind in the closed list.")
    title: str = strawberry.field(description="The wording of the law.")
    article: str = strawberry.field(description="The article by which it was ordered.")
    paper: str = strawberry.field(description="The form on which it is ordered.")
    danger: bool = strawberry.field(description="Whether life was in danger.")
    urgent: bool = strawberry.field(description="Whether it could not wait.")
    reason: str = strawberry.field(description="Why it was ordered.")
    days: int | None = strawberry.field(description="The term to correct, in days.")
    decision: str = strawberry.field(description="The number of the penalty decision that it carries out.")
    approver_id: UUID | None = strawberry.field(description="The head who is said to have approved.")
    enforces: UUID | None = strawberry.field(description="The stop that was refused and is enforced.")
    state: MeasureState = strawberry.field(description="Where it stands.")
    ordered_at: datetime = strawberry.field(description="When it was ordered, by the phone.")
    ordered_by: UUID = strawberry.field(description="The account that ordered it.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")
    closed_at: datetime | None = strawberry.field(description="When it ended; null while it stands.")

    @derived(description="The mine; null where you no longer see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row.mine_id)

    @derived(description="The UUIDs of the findings that it answers.")
    async def finding_ids(self, info: Info) -> list[UUID]:
        found = await history_of(info.context, self.row.id)
        return [one.id for one in found[1].history.findings] if found else []

    @derived(description="Its steps, in the order in which the server took them.")
    async def steps(self, info: Info) -> list[MeasureStep]:
        found = await history_of(info.context, self.row.id)
        return [MeasureStep.of(one) for one in found[1].history.steps] if found else []

    @derived(description="Its first 100 papers, oldest first; `paper` names the form of its order.")
    async def papers(self, info: Info) -> list[Paper]:
        return [Paper.of(row) for row in await papers_of(info.context, self.row.id)]

    @derived(description="The deadlines that run or ran in it.")
    async def deadlines(self, info: Info) -> list[MeasureDeadline]:
        return [MeasureDeadline.of(row) for row in await deadlines_of(info.context, self.row.id)]

    @derived(description="What it lacks now, each with its article; null to the mine, for which it is not.")
    async def lacking(self, info: Info) -> list[MeasureLack] | None:
        found = await history_of(info.context, self.row.id) if self._lacks_are_for(info) else None
        if not found:
            return None
        return [MeasureLack.of(one) for one in
                lacks.lacks_of(found[1].history, found[1].law, now=info.context.now())]  # fmt: skip

    @derived(
        description="The days for which the fine may be repeated (安法112), if the mine was fined for it as well; "
        "null to the mine."
    )
    async def daily_penalty_days(self, info: Info) -> list[date] | None:
        found = await history_of(info.context, self.row.id) if self._lacks_are_for(info) else None
        return list(clocks.days_that_may_be_added(found[1].history, found[1].law, fined=True)) if found else None

    @derived(
        description="Of a cut: from when the supplier may be told (安法70, 强制法43); null before approval or notice."
    )
    async def enforceable_from(self, info: Info) -> datetime | None:
        found = await history_of(info.context, self.row.id)
        return steps.cut_enforceable_from(found[1].history, found[1].law) if found else None

    @derived(description="What the mine said to it, oldest first, each objection with its written answer.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.row.id)

    def _lacks_are_for(self, info: Info) -> bool:
        row = self.row
        return info.context.signed_in().may(
            Verb.MEASURE_READ_LACKS, county=row.county, office=row.office, mine_id=row.mine_id
        )

    @classmethod
    def of(cls, row: MeasureRow) -> "Measure":
        """Tell a row."""
        same = ("inspection_id", "kind", "article", "paper", "danger", "urgent", "reason", "days", "decision",
                "approver_id", "enforces", "ordered_at", "ordered_by", "recorded_at", "closed_at")  # fmt: skip
        return cls(
            id=global_id("Measure", row.id), row=row, uuid=row.id, state=MeasureState(row.state),
            title=law_of_measures.MEASURE_KINDS[row.kind].title, **{name: getattr(row, name) for name in same},
        )  # fmt: skip


async def measure(context: Context, id: UUID) -> Measure | None:
    """Fetch the node of a UUID."""
    row = await measure_by_id(context, id)
    return Measure.of(row) if row else None


@strawberry.input(description="A measure to order.")
class OrderMeasureInput:
    """A measure to order."""

    id: UUID = strawberry.field(description="Made by the phone; the same id with the same content is the same act.")
    inspection_id: UUID = strawberry.field(description="The inspection.")
    kind: str = strawberry.field(description="A key of `measureKinds` on the day when it was ordered.")
    reason: str = strawberry.field(description="Why, in 4 to 500 characters; in danger it may be left for later.")
    ordered_at: datetime = strawberry.field(description="When it was ordered.")
    finding_ids: list[UUID] = strawberry.field(default_factory=list, description="The findings that it answers.")
    danger: bool = strawberry.field(default=False, description="Whether life, or for a cut an accident, is at hand.")
    urgent: bool = strawberry.field(default=False, description="Whether it cannot wait for the head, or the notice.")
    safe: bool = strawberry.field(default=False, description="Of a cut: that it endangers nobody itself.")
    days: int | None = strawberry.field(default=None, description="The term to correct, in days.")
    decision: str = strawberry.field(default="", description="The number of the penalty decision that it carries out.")
    approver_id: UUID | None = strawberry.field(default=None, description="The head who approved.")
    enforces: UUID | None = strawberry.field(default=None, description="Of a cut: the stop that was refused.")

    def told(self) -> Order:
        """The order as storage takes it."""
        return Order(
            id=self.id, inspection_id=self.inspection_id, kind=self.kind, reason=self.reason,
            ordered_at=self.ordered_at, findings=tuple(self.finding_ids), danger=self.danger, urgent=self.urgent,
            safe=self.safe, days=self.days, decision=self.decision, approver_id=self.approver_id,
            enforces=self.enforces,
        )  # fmt: skip


@strawberry.type(description="What came of ordering a measure.")
class OrderMeasurePayload:
    """What came of ordering a measure."""

    measure: Measure | None = strawberry.field(default=None, description="The measure, with what it lacks.")
    problem: Problem | None = problem_field()


@strawberry.type
class MeasureQuery:
    """Measures, their closed list, and the withdrawals that are due."""

    @query(access=signed_in, description="The measures that the law of a day gives.")
    def measure_kinds(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[MeasureKind] | None:
        day = on or day_of(info.context.now())
        return [MeasureKind.of(one) for one in law_of_measures.measures_on(day).values()]

    @query(access=signed_in, description="The levels at which major hazards are supervised on a day.")
    def supervision_levels(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[SupervisionLevel] | None:
        day = on or day_of(info.context.now())
        return [SupervisionLevel(key=one.key, title=one.title, who=one.who, article=one.article, settled=one.settled,
                                 note=one.note, standards=[each.value for each in one.standards])
                for one in supervision.levels_on(day).values()]  # fmt: skip

    @query(access=needs(Verb.MEASURE_READ), description="The measures that you may see, newest first.")
    async def measures(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
        inspection_id: Annotated[UUID | None, strawberry.argument(description="Only of this inspection.")] = None,
        open_only: Annotated[bool, strawberry.argument(description="Only those that stand.")] = False,
    ) -> Connection[Measure] | None:
        page = pages.page(first, after, last, before)
        actor = info.context.signed_in().seeing(Verb.MEASURE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.measures_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                inspection_id=inspection_id, open_only=open_only,
            )  # fmt: skip
        return pages.connection(rows, page, node=Measure.of, key=lambda row: (row.ordered_at, row.id))

    @query(
        access=needs(Verb.FINDING_READ_LACKS),
        description="Findings in danger for which nobody was withdrawn yet (条例44).",
    )
    async def withdrawals_due(self, info: Info) -> list[Finding] | None:
        async with info.context.database.reading(info.context.signed_in().seeing(Verb.FINDING_READ_LACKS)) as sql:
            ids = await queries.withdrawals_due(sql, limit=MOST_DUE)
            rows = {row.id: row for row in await finding_queries.findings_by_ids(sql, ids)}
        return [Finding.of(rows[id]) for id in ids]


@strawberry.type
class MeasureMutation:
    """Ordering a measure; what becomes of it stands in measures_acts and measures_restarts."""

    @mutation(access=needs(Verb.MEASURE_ORDER), description="Order a measure; what protects life is never refused.")
    async def order_measure(
        self, info: Info, input: Annotated[OrderMeasureInput, strawberry.argument(description="What is ordered.")]
    ) -> OrderMeasurePayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.order_measure, order=input.told()
        )
        return OrderMeasurePayload(measure=Measure.of(row))


AREA = Area(query=MeasureQuery, mutation=MeasureMutation, nodes={"Measure": measure}, types=(Measure,))
