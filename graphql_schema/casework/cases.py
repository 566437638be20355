"""What may live here: cases in GraphQL: the list, where a case stands, what is missing and its clocks."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry
from asyncpg import Record

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, query
from graphql_schema.casework.cases_missing import CaseHeld, CaseMissing
from graphql_schema.casework.papers import Paper
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.pages import (
    After,
    Before,
    Connection,
    First,
    Last,
    Node,
    global_id,
)
from graphql_schema.register import mines
from storage.casework.cases import missing as lacking
from storage.casework.cases import queries, recording, standing
from storage.casework.cases.bodies.after import CashGround, ClosingGround, PaymentWay, Result, Term
from storage.casework.cases.bodies.deciding import DecisionOutcome, ReviewPoint
from storage.casework.cases.bodies.facts import ApprovalOf, DefectKind, RecordingMedium
from storage.casework.cases.clocks import Running, deadlines_of
from storage.casework.cases.defects import Defect, all_defects
from storage.casework.cases.queries import CaseRow, File
from storage.casework.cases.recording import Completeness, Wanted
from storage.casework.cases.standing import CaseState
from storage.casework.cases.steps import Party, PartyKind, SanctionKind, ServiceWay, StepKind
from storage.casework.papers import queries as papers
from storage.casework.papers.tables import PaperSubject
from storage.record.actor import Verb
from storage.record.glossary.labels import LABELS

_ENUMS: tuple[tuple[type[StrEnum], str, str | None], ...] = (
    (StepKind, "Every step that a case can take.", "CaseStepKind"),
    (CaseState, "How far a case has come; of several parties the one that is furthest behind tells.", None),
    (PartyKind, "A unit, or a person responsible in it.", "CasePartyKind"),
    (SanctionKind, "The kinds of penalties.", None),
    (ServiceWay, "The lawful ways of service.", None),
    (DefectKind, "What can be wrong with a fact that is kept all the same.", "FactDefectKind"),
    (ApprovalOf, "What a head approves before it is done, or within a day when it was urgent.", None),
    (RecordingMedium, "How a step is recorded.", None),
    (Completeness, "What there is of a recording.", "RecordingCompleteness"),
    (ReviewPoint, "What a legal review looks at.", None),
    (DecisionOutcome, "How a decision ends the matter for one party.", None),
    (PaymentWay, "How a fine is paid.", None),
    (CashGround, "Why officers took cash themselves.", None),
    (Result, "How a reconsideration or suit ended.", "RemedyResult"),
    (ClosingGround, "Why a case is closed.", None),
    (Term, "How long the file is kept.", "ArchiveTerm"),
)
for _kind, _said, _name in _ENUMS:
    _labels = LABELS[_kind.__name__]
    enum(_kind, description=_said, values={one: "、".join(_labels[one.value]) for one in _kind}, name=_name)


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[CaseRow]:
    actor = context.signed_in()
    actor.require(Verb.CASE_READ)
    async with context.database.reading(actor.seeing(Verb.CASE_READ)) as sql:
        return await queries.cases_by_ids(sql, ids)


async def _files(context: Context, ids: list[UUID]) -> Iterable[File]:
    async with context.database.reading(context.signed_in().seeing(Verb.CASE_READ)) as sql:
        return await queries.files_of(sql, ids)


async def _papers(context: Context, ids: list[UUID]) -> "Iterable[Record]":
    actor = context.signed_in()
    actor.require(Verb.PAPER_READ)
    async with context.database.reading(actor.seeing(Verb.PAPER_READ)) as sql:
        return await papers.papers_of(sql, PaperSubject.CASE, ids)


case_by_id = loaders.one(_by_ids, key=lambda row: row.id)
file_of = loaders.one(_files, key=lambda file: file.row.id)
papers_of: "loaders.Loader[UUID, Record, Sequence[Record]]" = loaders.many(_papers, key=lambda row: row["subject_id"])


@strawberry.type(description="Whom a case is against.")
class CaseParty:
    """Whom a case is against."""

    uuid: UUID = strawberry.field(description="The id that the client made; steps name it.")
    kind: PartyKind = strawberry.field(description="A unit, or a person responsible in it.")
    name: str = strawberry.field(description="Its name.")

    @classmethod
    def of(cls, one: Party) -> "CaseParty":
        """Tell a party."""
        return cls(uuid=one.id, kind=one.kind, name=one.name)


@strawberry.type(description="A clock of a case, which explains itself.")
class CaseDeadline:
    """A clock of a case."""

    key: str = strawberry.field(description="Which period of the law, e.g. `hearing_request`.")
    step_id: UUID = strawberry.field(description="The step that it belongs to.")
    party_id: UUID | None = strawberry.field(description="The party that it is about.")
    start: datetime = strawberry.field(description="From when it is counted.")
    article: str | None = strawberry.field(description="The article that gives the period.")
    unit: str | None = strawberry.field(description="In what it is counted: working days, days, hours, months, years.")
    count: int | None = strawberry.field(description="How many of them.")
    counted: list[date] = strawberry.field(description="Of working days: those that were counted.")
    ends: date | None = strawberry.field(description="Its last day; null while the calendar is not published.")
    over_at: datetime | None = strawberry.field(description="The moment at which it is too late.")
    alarm: date | None = strawberry.field(description="The last working day on which it can still be met.")
    provisional: bool = strawberry.field(description="Whether the end may still move, for want of a calendar.")
    settled: bool = strawberry.field(description="False where the project chose what the texts leave open.")
    note: str = strawberry.field(description="What is open, or how it is counted.")
    year_not_published: int | None = strawberry.field(description="The year without a calendar, if that is why.")
    met_at: datetime | None = strawberry.field(description="When it was met, or no longer had to be.")
    late: bool = strawberry.field(description="Whether it was met too late.")

    @classmethod
    def of(cls, one: Running) -> "CaseDeadline":
        """Tell a clock."""
        told = cls(
            key=one.key, step_id=one.subject, party_id=one.party, start=one.start, article=None, unit=None, count=None,
            counted=[], ends=None, over_at=None, alarm=None, provisional=True, settled=True, note="",
            year_not_published=one.year, met_at=one.met_at, late=one.late,
        )  # fmt: skip
        if one.deadline is not None:
            told.counted, told.over_at = list(one.deadline.counted), one.deadline.over_at()
            for name in ("article", "unit", "count", "ends", "alarm", "provisional", "settled", "note"):
                setattr(told, name, getattr(one.deadline, name))
        return told


@strawberry.type(description="What is wrong with a fact that was kept, who makes it good, and by when.")
class CaseDefect:
    """What is wrong with a fact."""

    step_id: UUID = strawberry.field(description="The step with the fact.")
    kind: DefectKind = strawberry.field(description="What is wrong.")
    article: str = strawberry.field(description="The article that asks for what lacks.")
    who: list[UUID] = strawberry.field(description="The accounts that make it good.")
    due_at: datetime = strawberry.field(description="By when.")
    made_good_at: datetime | None = strawberry.field(description="When it was made good; null until then.")

    @classmethod
    def of(cls, one: Defect) -> "CaseDefect":
        """Tell a defect."""
        return cls(
            step_id=one.step, kind=one.kind, article=one.article, who=list(one.who), due_at=one.due,
            made_good_at=one.made_good_at,
        )  # fmt: skip


@strawberry.type(description="A recording that the law wants of a step, and what there is of it.")
class CaseRecording:
    """A recording that the law wants."""

    step_id: UUID = strawberry.field(description="The step.")
    medium: RecordingMedium = strawberry.field(description="Picture, sound or film.")
    whole: bool = strawberry.field(description="Whether from beginning to end (全程).")
    there: Completeness = strawberry.field(description="Recorded, missing, or a gap with its reason.")
    gap: str = strawberry.field(description="The reason of a gap.")
    evidence_ids: list[UUID] = strawberry.field(description="The UUIDs of the pieces that are it.")
    article: str = strawberry.field(description="What asks for it.")

    @classmethod
    def of(cls, one: Wanted) -> "CaseRecording":
        """Tell a recording."""
        return cls(
            step_id=one.step, medium=one.medium, whole=one.whole, there=one.there, gap=one.gap,
            evidence_ids=list(one.evidence), article=recording.ARTICLE,
        )  # fmt: skip


Whom = Annotated[UUID, strawberry.argument(description="The party, by its UUID.")]


@strawberry.type(description="A case: the steps of one procedure against a mine and the persons responsible in it.")
class Case(Node):
    """A case."""

    row: strawberry.Private[CaseRow]
    uuid: UUID = strawberry.field(description="The id that the client made.")
    cause: str = strawberry.field(description="The cause of the case (案由).")
    simple: bool = strawberry.field(description="Whether it was decided on the spot.")
    state: CaseState = strawberry.field(description="How far it has come.")
    steps: int = strawberry.field(description="How many steps it has.")
    inspection_id: UUID | None = strawberry.field(description="The inspection that it comes from.")
    opened_at: datetime = strawberry.field(description="When it was opened.")

    @derived(description="The mine; null where you no longer see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row.mine_id)

    @derived(description="Whom it is against.")
    async def parties(self, info: Info) -> list[CaseParty]:
        return [CaseParty.of(one) for one in (await _file(info.context, self.uuid)).history.parties.values()]

    @derived(description="Why it cannot be decided yet for a party; empty when it can.")
    async def missing(self, info: Info, party_id: Whom) -> list[CaseMissing]:
        file = await _file(info.context, self.uuid)
        found = lacking.missing_for_decision(file.history, file.law, info.context.now(), party=party_id)
        return [CaseMissing.of(one, info.context.language) for one in found]

    @derived(description="What would bring it forward for a party.")
    async def next_steps(self, info: Info, party_id: Whom) -> list[StepKind]:
        file = await _file(info.context, self.uuid)
        return list(standing.next_steps(file.history, file.law, info.context.now(), party_id))

    @derived(description="Every clock of it, met ones among them, in the order of their starts.")
    async def deadlines(self, info: Info) -> list[CaseDeadline]:
        file = await _file(info.context, self.uuid)
        return [CaseDeadline.of(one) for one in deadlines_of(file.history, file.law)]

    @derived(description="What is or was wrong with its facts.")
    async def defects(self, info: Info) -> list[CaseDefect]:
        file = await _file(info.context, self.uuid)
        return [CaseDefect.of(one) for one in all_defects(file.history, file.law)]

    @derived(description="What the law wants recorded of it, and what there is.")
    async def recordings(self, info: Info) -> list[CaseRecording]:
        file = await _file(info.context, self.uuid)
        return [CaseRecording.of(one) for one in recording.completeness_of(file.history)]

    @derived(description="The orders on site that its seizures name: they are approved, extended and lifted there.")
    async def held_by_measures(self, info: Info) -> list[CaseHeld]:
        file = await _file(info.context, self.uuid)
        return [CaseHeld.of(one) for one in file.history.held]

    @derived(description="Its first 100 papers, oldest first.")
    async def papers(self, info: Info) -> list[Paper]:
        return [Paper.of(row) for row in await papers_of(info.context, self.uuid)]

    @classmethod
    def of(cls, row: CaseRow) -> "Case":
        """Tell a row."""
        return cls(
            id=global_id("Case", row.id), row=row, uuid=row.id, cause=row.cause, simple=row.simple,
            state=CaseState(row.state), steps=row.steps, inspection_id=row.inspection_id, opened_at=row.opened_at,
        )  # fmt: skip


async def _file(context: Context, id: UUID) -> File:
    file = await file_of(context, id)
    assert file is not None  # noqa: S101 # Whoever holds the case saw it in this request.
    return file


async def case(context: Context, id: UUID) -> Case | None:
    """Fetch the node of a UUID."""
    row = await case_by_id(context, id)
    return Case.of(row) if row else None


@strawberry.type
class CaseQuery:
    """Cases."""

    @query(access=needs(Verb.CASE_READ), description="The cases that you may see, newest first.")
    async def cases(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        mine_id: Annotated[UUID | None, strawberry.argument(description="Only of this mine.")] = None,
        state: Annotated[CaseState | None, strawberry.argument(description="Only in this state.")] = None,
        touched_by: Annotated[UUID | None, strawberry.argument(description="Only what this provision touches.")] = None,
    ) -> Connection[Case] | None:
        page = pages.page(first, after, last, before)
        actor = info.context.signed_in().seeing(Verb.CASE_READ)
        async with info.context.database.reading(actor) as sql:
            rows = await queries.cases_visible_to(
                sql, actor, limit=page.limit, behind=page.key, backwards=page.backwards, mine_id=mine_id, state=state,
                touched_by=touched_by,
            )  # fmt: skip
        return pages.connection(rows, page, node=Case.of, key=lambda row: (row.opened_at, row.id))

    @query(access=needs(Verb.CASE_READ), name="case", description="One case by its UUID; null if you see none.")
    async def one_case(
        self, info: Info, id: Annotated[UUID, strawberry.argument(description="The UUID that the client made.")]
    ) -> Case | None:
        return await case(info.context, id)


AREA = Area(query=CaseQuery, nodes={"Case": case}, types=(Case,))
