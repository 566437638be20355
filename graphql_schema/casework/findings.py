"""What may live here: findings in GraphQL: the library, the list, recording, evidence, confirmation."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, derived, mutation, query
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register import mines
from storage.casework.findings import operations, queries
from storage.casework.findings.queries import ConfirmationRow, DefectRow, FindingRow
from storage.casework.findings.rules import Fact, Measured
from storage.casework.findings.tables import FindingFlag, Shortcoming
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import library
from storage.record.law.library import Severity
from storage.record.work import perform

for kind, told in (
    (FindingFlag, "What the record shows of a finding besides its fact."),
    (Shortcoming, "What a finding lacks until it is made good; no decision rests on it before."),
):
    labelled(kind, description=told)


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[FindingRow]:
    actor = context.signed_in()
    actor.require(Verb.FINDING_READ)
    async with context.database.reading(actor.seeing(Verb.FINDING_READ)) as sql:
        return await queries.findings_by_ids(sql, ids)


async def _evidence(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, UUID]]:
    async with context.database.reading(context.signed_in().seeing(Verb.FINDING_READ)) as sql:
        return await queries.evidence_of(sql, ids)


async def _confirmations(context: Context, ids: list[UUID]) -> Iterable[ConfirmationRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.FINDING_READ)) as sql:
        return await queries.confirmations_of(sql, ids)


async def _defects(context: Context, ids: list[UUID]) -> Iterable[DefectRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.FINDING_READ_LACKS)) as sql:
        return await queries.defects_of(sql, ids)


finding_by_id = loaders.one(_by_ids, key=lambda row: row.id)
evidence_of = loaders.many(_evidence, key=lambda row: row[0])
confirmations_of = loaders.many(_confirmations, key=lambda row: row.finding_id)
defects_of = loaders.many(_defects, key=lambda row: row.finding_id)


@strawberry.type(description="A kind of finding in the law's own wording, with its three bases.")
class FindingKind:
    """A kind of finding."""

    key: str = strawberry.field(description="Its key, for inputs.")
    title: str = strawberry.field(description="The wording of the law.")
    severity: Severity = strawberry.field(description="How grave it is.")
    clause: str = strawberry.field(description="The clause that is broken.")
    measure: str = strawberry.field(description="The basis of what is ordered.")
    penalty: str = strawberry.field(description="The basis of a penalty.")

    @classmethod
    def of(cls, one: library.FindingKind) -> "FindingKind":
        """Tell a kind."""
        return cls(
            key=one.key, title=one.title, severity=one.severity, clause=one.clause, measure=one.measure,
            penalty=one.penalty,
        )  # fmt: skip


@strawberry.type(description="One of 五假, 五超, 三瞒, 三不.")
class FindingMark:
    """One of the four lists of marks."""

    name: str = strawberry.field(description="五假, 五超, 三瞒 or 三不.")
    marks: list[str] = strawberry.field(description="What it lists, for inputs.")


@strawberry.type(description="An officer who stands for a finding.")
class FindingConfirmation:
    """An officer who stands for a finding."""

    account_id: UUID = strawberry.field(description="His account.")
    name: str | None = strawberry.field(description="His name; null where you do not see the account.")
    certified: bool = strawberry.field(description="Whether he held a valid enforcement certificate.")
    confirmed_at: datetime = strawberry.field(description="When he confirmed it.")

    @classmethod
    def of(cls, row: ConfirmationRow) -> "FindingConfirmation":
        """Tell a row."""
        return cls(
            account_id=row.account_id, name=row.name, certified=row.certificate_id is not None,
            confirmed_at=row.confirmed_at,
        )  # fmt: skip


@strawberry.type(description="What a finding lacks, by which article, and until when it is to be made good.")
class FindingDefect:
    """What a finding lacks."""

    code: Shortcoming = strawberry.field(description="What is lacking.")
    article: str = strawberry.field(description="The article that wants it.")
    due_at: datetime = strawberry.field(description="Until when an officer of the inspection makes it good.")
    made_good_at: datetime | None = strawberry.field(description="When it was made good; null until then.")
    made_good_by: UUID | None = strawberry.field(description="The account that made it good.")

    @classmethod
    def of(cls, row: DefectRow) -> "FindingDefect":
        """Tell a row."""
        return cls(
            code=Shortcoming(row.code), article=row.article, due_at=row.due_at, made_good_at=row.made_good_at,
            made_good_by=row.made_good_by,
        )  # fmt: skip


@strawberry.type(description="What officers found: a violation or a hazard, in the law's own wording.")
class Finding(Node):
    """What officers found."""

    row: strawberry.Private[FindingRow]
    uuid: UUID = strawberry.field(description="The id that the phone made.")
    inspection_id: UUID = strawberry.field(description="The inspection that it belongs to.")
    place_id: UUID | None = strawberry.field(description="The place of the inspection, if it was at one.")
    kind: str = strawberry.field(description="Its kind in the library.")
    severity: Severity = strawberry.field(description="How grave it is.")
    fact: str = strawberry.field(description="What was seen, in words.")
    measured: list[str] = strawberry.field(description="What was measured, each with unit and limit.")
    clause: str = strawberry.field(description="The clause that is broken, by the law of the day.")
    measure_basis: str = strawberry.field(description="The basis of what is ordered.")
    penalty_basis: str = strawberry.field(description="The basis of a penalty.")
    producing: bool = strawberry.field(description="Whether production went on with it.")
    unsafe: bool = strawberry.field(description="Whether people cannot be kept safe beside it.")
    marks: list[str] = strawberry.field(description="What of 五假五超三瞒三不 it is.")
    repeats: UUID | None = strawberry.field(description="The latest earlier finding of the same kind at this mine.")
    seen_at: datetime = strawberry.field(description="When it was seen, by the phone.")
    recorded_by: UUID = strawberry.field(description="The account that recorded it.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")

    @derived(description="The mine; null where you no longer see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row.mine_id)

    @derived(description="The UUIDs of the pieces of evidence that show it.")
    async def evidence_ids(self, info: Info) -> list[UUID]:
        return [piece for _, piece in await evidence_of(info.context, self.row.id)]

    @derived(description="Who stands for it.")
    async def confirmations(self, info: Info) -> list[FindingConfirmation]:
        return [FindingConfirmation.of(row) for row in await confirmations_of(info.context, self.row.id)]

    @derived(description="What the record shows of it besides; null to the mine, for which it is not.")
    async def flags(self, info: Info) -> list[FindingFlag] | None:
        return [FindingFlag(one) for one in self.row.flags] if self._lacks_are_for(info) else None

    @derived(description="What it lacks or lacked; null to the mine: what the agency is to bring is its own affair.")
    async def defects(self, info: Info) -> list[FindingDefect] | None:
        if not self._lacks_are_for(info):
            return None
        return [FindingDefect.of(row) for row in await defects_of(info.context, self.row.id)]

    @derived(description="What the mine said to it, oldest first, each objection with its written answer.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.row.id)

    def _lacks_are_for(self, info: Info) -> bool:
        row = self.row
        return info.context.signed_in().may(
            Verb.FINDING_READ_LACKS, county=row.county, office=row.office, mine_id=row.mine_id
        )

    @classmethod
    def of(cls, row: FindingRow) -> "Finding":
        """Tell a row."""
        same = ("inspection_id", "place_id", "kind", "fact", "measured", "clause", "measure_basis", "penalty_basis",
                "producing", "unsafe", "marks", "repeats", "seen_at", "recorded_by", "recorded_at")  # fmt: skip
        return cls(
            id=global_id("Finding", row.id), row=row, uuid=row.id, severity=Severity(row.severity),
            **{name: getattr(row, name) for name in same},
        )  # fmt: skip


async def finding(context: Context, id: UUID) -> Finding | None:
    """Fetch the node of a UUID."""
    row = await finding_by_id(context, id)
    return Finding.of(row) if row else None


@strawberry.input(description="A quantity as it was measured.")
class MeasuredInput:
    """A quantity as it was measured."""

    what: str = strawberry.field(description="What was measured.")
    value: str = strawberry.field(description="How much, in decimal digits.")
    unit: str = strawberry.field(description="The unit.")
    limit: str = strawberry.field(default="", description="The limit of the text, if there is one.")


@strawberry.input(description="What was found.")
class RecordFindingInput:
    """What was found."""

    id: UUID = strawberry.field(description="Made by the phone; the same id with the same content is the same act.")
    inspection_id: UUID = strawberry.field(description="The inspection.")
    kind: str = strawberry.field(description="A key of `findingKinds` on the day when it was seen.")
    fact: str = strawberry.field(description="What was seen, in 4 to 2,000 characters.")
    seen_at: datetime = strawberry.field(description="When it was seen.")
    place_id: UUID | None = strawberry.field(default=None, description="A place of the inspection.")
    measured: list[MeasuredInput] = strawberry.field(default_factory=list, description="What was measured.")
    evidence_ids: list[UUID] = strawberry.field(default_factory=list, description="Declared pieces of the inspection.")
    marks: list[str] = strawberry.field(default_factory=list, description="What of 五假五超三瞒三不 it is.")
    producing: bool = strawberry.field(default=False, description="Whether production went on with it.")
    unsafe: bool = strawberry.field(default=False, description="Whether people cannot be kept safe beside it.")

    def told(self) -> Fact:
        """The fact as storage takes it."""
        measured = (Measured(what=one.what, value=one.value, unit=one.unit, limit=one.limit) for one in self.measured)
        return Fact(
            id=self.id, inspection_id=self.inspection_id, kind=self.kind, fact=self.fact, seen_at=self.seen_at,
            place_id=self.place_id, measured=tuple(measured), evidence=tuple(self.evidence_ids),
            marks=tuple(self.marks), producing=self.producing, unsafe=self.unsafe,
        )  # fmt: skip


@strawberry.input(description="Evidence to attach to a finding.")
class AttachEvidenceInput:
    """Evidence to attach."""

    finding_id: UUID = strawberry.field(description="The UUID of the finding.")
    evidence_ids: list[UUID] = strawberry.field(description="Declared pieces of the same inspection.")


@strawberry.input(description="A finding to stand for.")
class ConfirmFindingInput:
    """A finding to stand for."""

    finding_id: UUID = strawberry.field(description="The UUID of the finding.")


@strawberry.type(description="What came of recording a finding.")
class RecordFindingPayload:
    """What came of recording a finding."""

    finding: Finding | None = strawberry.field(default=None, description="The finding, with what it lacks.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of attaching evidence.")
class AttachEvidencePayload:
    """What came of attaching evidence."""

    finding: Finding | None = strawberry.field(default=None, description="The finding.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of confirming a finding.")
class ConfirmFindingPayload:
    """What came of confirming a finding."""

    finding: Finding | None = strawberry.field(default=None, description="The finding.")
    problem: Problem | None = problem_field()


@strawberry.type
class FindingQuery:
    """Findings and their library."""

    @query(access=signed_in, description="The kinds of findings in force on a day, major hazards first.")
    async def finding_kinds(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[FindingKind] | None:
        day = on or day_of(info.context.now())
        return [FindingKind.of(one) for one in (await law_of(info.context)).kinds_on(day).values()]

    @query(access=signed_in, description="五假五超三瞒三不: what a finding may be marked as, on a day.")
    async def finding_marks(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[FindingMark] | None:
        day = on or day_of(info.context.now())
        held = (await law_of(info.context)).marks(day)
        return [FindingMark(name=name, marks=list(marks)) for name, marks in held.items()]

    @query(access=needs(Verb.FINDING_READ), description="The findings that you may see, newest first.")
    async def findings(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
        inspection_id: Annotated[UUID | None, strawberry.argument(description="Only of this inspection.")] = None,
    ) -> Connection[Finding] | None:
        page = pages.page(first, after, last, before)
        actor = info.context.signed_in().seeing(Verb.FINDING_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.findings_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id,
                inspection_id=inspection_id,
            )  # fmt: skip
        return pages.connection(rows, page, node=Finding.of, key=lambda row: (row.seen_at, row.id))


@strawberry.type
class FindingMutation:
    """Acts on findings."""

    @mutation(access=needs(Verb.FINDING_RECORD), description="Record what was found; a fact is never refused.")
    async def record_finding(
        self, info: Info, input: Annotated[RecordFindingInput, strawberry.argument(description="What was found.")]
    ) -> RecordFindingPayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.record_finding, fact=input.told()
        )
        return RecordFindingPayload(finding=Finding.of(row))

    @mutation(access=needs(Verb.FINDING_RECORD), description="Attach evidence of the same inspection to a finding.")
    async def attach_evidence(
        self, info: Info, input: Annotated[AttachEvidenceInput, strawberry.argument(description="What to attach.")]
    ) -> AttachEvidencePayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.attach_evidence,
            finding_id=input.finding_id, evidence=input.evidence_ids,
        )  # fmt: skip
        return AttachEvidencePayload(finding=Finding.of(row))

    @mutation(access=needs(Verb.FINDING_RECORD), description="Stand for a finding of your inspection.")
    async def confirm_finding(
        self, info: Info, input: Annotated[ConfirmFindingInput, strawberry.argument(description="Which finding.")]
    ) -> ConfirmFindingPayload | None:
        context, id = info.context, input.finding_id
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.confirm_finding, finding_id=id
        )
        return ConfirmFindingPayload(finding=Finding.of(row))


AREA = Area(query=FindingQuery, mutation=FindingMutation, nodes={"Finding": finding}, types=(Finding,))
