"""What may live here: the timeline of a case in GraphQL: steps, findings, measures, evidence, papers in one."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import strawberry
from asyncpg import Record

from graphql_schema import loaders, pages
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, query
from graphql_schema.casework import cases, findings, measures
from graphql_schema.casework import papers as papers_of_cases
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.casework.findings import Finding
from graphql_schema.casework.measures import Measure
from graphql_schema.casework.papers import Paper
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.enums import labelled
from graphql_schema.errors import Code, coded
from graphql_schema.field import evidence, facts
from graphql_schema.field.evidence import Evidence
from graphql_schema.pages import After, Before, Connection, First, Last
from graphql_schema.scalars import Position
from storage.casework.cases import queries, timeline
from storage.casework.cases.queries import StepRow
from storage.casework.cases.steps import StepKind
from storage.casework.cases.timeline import CaseEventKind, EventRow, Key
from storage.casework.papers import queries as papers
from storage.casework.papers.sources import forms_for
from storage.record.actor import Verb
from storage.record.clock import day_of, to_ms
from storage.record.glossary.labels import LABELS
from storage.record.law import Law
from storage.record.ledger.proofs.canonical import canonical
from storage.record.plain import told

assert cases  # noqa: S101 # Its enums are named here.
labelled(CaseEventKind, description="What happened in a case.")
_VERBS: Final = {
    CaseEventKind.STEP: Verb.CASE_READ, CaseEventKind.FINDING: Verb.FINDING_READ,
    CaseEventKind.MEASURE_STEP: Verb.MEASURE_READ, CaseEventKind.EVIDENCE: Verb.EVIDENCE_READ,
    CaseEventKind.PAPER_ISSUED: Verb.PAPER_READ, CaseEventKind.PAPER_SIGNED: Verb.PAPER_READ,
    CaseEventKind.PAPER_REFUSED: Verb.PAPER_READ,
}  # fmt: skip
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE: Final = re.compile(r"(\d{1,15})\.(\d{1,9})")


async def _steps(context: Context, ids: list[UUID]) -> Iterable[StepRow]:
    async with context.database.reading(context.signed_in().seeing(Verb.CASE_READ)) as sql:
        return await queries.steps_by_ids(sql, ids)


async def _pieces(context: Context, ids: list[UUID]) -> Iterable[tuple[UUID, UUID]]:
    async with context.database.reading(context.signed_in().seeing(Verb.CASE_READ)) as sql:
        return await queries.pieces_of(sql, ids)


async def _papers(context: Context, ids: list[UUID]) -> "Iterable[Record]":
    actor = context.signed_in()
    actor.require(Verb.PAPER_READ)
    async with context.database.reading(actor.seeing(Verb.PAPER_READ)) as sql:
        return await papers.papers_of_steps(sql, ids)


step_by_id = loaders.one(_steps, key=lambda row: row.step.id)
pieces_of = loaders.many(_pieces, key=lambda row: row[0])
papers_of_step: "loaders.Loader[UUID, Record, Sequence[Record]]" = loaders.many(_papers, key=lambda row: row["step_id"])


@strawberry.type(description="A form for a step, and the paper of it that stands for the step.")
class CaseStepPaper:
    """A form for a step."""

    form: str = strawberry.field(description="The name of the form.")
    paper: Paper | None = strawberry.field(description="The newest paper of it; null where there is no paper yet.")


@strawberry.type(description="An officer of a step, with the certificate that he held on its day.")
class CaseOfficer:
    """An officer of a step."""

    account_id: UUID = strawberry.field(description="His account.")
    certified: bool = strawberry.field(description="Whether he held a valid certificate for this mine on that day.")


@strawberry.type(description="One step of a case, as it was kept; it is never changed.")
class CaseStep:
    """One step of a case."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    row: strawberry.Private[StepRow]
    uuid: UUID = strawberry.field(description="The id that the client made.")
    ordinal: int = strawberry.field(description="Its place in the case, from 0.")
    kind: StepKind = strawberry.field(description="What kind of step.")
    at: datetime = strawberry.field(description="When it was done, or reached the party.")
    recorded_at: datetime = strawberry.field(description="When the server took it.")
    by: UUID = strawberry.field(description="The account that entered it.")
    party_id: UUID | None = strawberry.field(description="The party that it is about.")
    officers: list[CaseOfficer] = strawberry.field(description="The officers who took part.")
    body: str = strawberry.field(description="What it says, as canonical JSON: the same as in its entry.")
    entry_id: UUID = strawberry.field(description="Its entry in the ledger.")
    position: Position | None = strawberry.field(description="The entry's place in the ledger, once it has one.")

    @derived(description="The UUIDs of the pieces of evidence that it names.")
    async def evidence_ids(self, info: Info) -> list[UUID]:
        return [piece for _, piece in await pieces_of(info.context, self.uuid)]

    @derived(description="The forms that the official set has for such a step, each with its paper, if there is one.")
    async def papers(self, info: Info) -> list[CaseStepPaper]:
        rows = await papers_of_step(info.context, self.uuid)
        made = {row["form"]: Paper.of(row) for row in rows}  # The newest one of each.
        forms = dict.fromkeys((*forms_for(self.kind, self.row.party_kind), *made))
        return [CaseStepPaper(form=form, paper=made.get(form)) for form in forms]

    @derived(description="What the mine said to it, oldest first, each objection with its written answer.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.uuid)

    @classmethod
    def of(cls, row: StepRow) -> "CaseStep":
        """Tell a row."""
        step = row.step
        return cls(
            id=strawberry.ID(f"case-step-{step.id}"), row=row, uuid=step.id, ordinal=row.ordinal, kind=step.kind,
            at=step.at, recorded_at=row.recorded_at, by=step.by, party_id=step.party,
            officers=[CaseOfficer(account_id=one.account, certified=one.certificate is not None)
                      for one in step.officers],
            body=canonical(told(step.body)).decode(), entry_id=row.entry_id,
            position=None if row.position is None else Position(row.position),
        )  # fmt: skip


CaseEventNode = Annotated[
    CaseStep | Finding | Measure | Evidence | Paper,
    strawberry.union("CaseEventNode", description="What an event of a case is about."),
]


@strawberry.type(description="One thing that happened in a case, or in what it rests on, with its place in the ledger.")
class CaseEvent:
    """One event of a case."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    row: strawberry.Private[EventRow]
    uuid: UUID = strawberry.field(description="Of the step, finding, piece or paper, or of the signature or refusal.")
    kind: CaseEventKind = strawberry.field(description="What happened.")
    what: str = strawberry.field(description="The same in words: the kind of step, the form, the place of a signature.")
    at: datetime = strawberry.field(description="When it was done, seen or taken, as it is claimed.")
    recorded_at: datetime = strawberry.field(description="When the server took it: the order of the timeline.")
    entry_id: UUID | None = strawberry.field(description="Its entry in the ledger.")
    position: Position | None = strawberry.field(description="The entry's place in the ledger, once it has one.")

    @derived(description="The thing itself; null where you do not see it.")
    async def node(self, info: Info) -> CaseEventNode | None:
        return await _NODES[self.kind](info.context, self.row.thing)

    @derived(description="Of a film or a sound: how many seconds it is long, as the sealed file says.")
    async def seconds(self, info: Info) -> float | None:
        if self.kind is not CaseEventKind.EVIDENCE:
            return None
        said = await facts.facts_of(info.context, self.uuid)
        return said["length_ms"] / 1000 if said and said["length_ms"] is not None else None

    @classmethod
    def of(cls, row: EventRow, law: Law, language: str) -> "CaseEvent":
        """Tell a row."""
        kind = CaseEventKind(row.kind)
        return cls(
            id=strawberry.ID(f"case-event-{row.kind.lower()}-{row.id}"), row=row, uuid=row.id, kind=kind,
            what=_words(kind, row, law, language), at=row.at, recorded_at=row.recorded_at, entry_id=row.entry_id,
            position=None if row.position is None else Position(row.position),
        )  # fmt: skip


async def _step(context: Context, id: UUID) -> CaseStep | None:
    row = await step_by_id(context, id)
    return CaseStep.of(row) if row else None


_NODES: Final = {
    CaseEventKind.STEP: _step, CaseEventKind.FINDING: findings.finding, CaseEventKind.MEASURE_STEP: measures.measure,
    CaseEventKind.EVIDENCE: evidence.piece, CaseEventKind.PAPER_ISSUED: papers_of_cases.paper,
    CaseEventKind.PAPER_SIGNED: papers_of_cases.paper, CaseEventKind.PAPER_REFUSED: papers_of_cases.paper,
}  # fmt: skip


def _words(kind: CaseEventKind, row: EventRow, law: Law, language: str) -> str:
    what = row.what
    if kind is CaseEventKind.FINDING:
        found = law.kind(what, day_of(row.at))
        return found.title if found else what
    labels = {CaseEventKind.STEP: LABELS["StepKind"], CaseEventKind.MEASURE_STEP: LABELS["Turn"]}.get(kind, {})
    return labels[what][0 if language == "zh" else 1] if what in labels else what


def _cursor_key(row: EventRow) -> tuple[str, UUID]:
    return f"{to_ms(row.recorded_at)}.{row.number}", row.id


def _key_of(text: str, *, field: str = "after") -> Key:
    """The place that a cursor tells; BAD_CURSOR for that of another list."""
    place, id = pages.key_of(text, field=field, by_name=True)
    found = _PLACE.fullmatch(str(place))
    if found is None:
        raise coded(Code.BAD_CURSOR, "This is no cursor that was given out here.", field=field)
    return _EPOCH + timedelta(milliseconds=int(found[1])), int(found[2]), id


@strawberry.type
class TimelineQuery:
    """The timeline of a case."""

    @query(
        access=needs(Verb.CASE_READ),
        description="All that happened in a case and in what it rests on, in the order in which the record took it.",
    )
    async def case_timeline(
        self,
        info: Info,
        id: Annotated[UUID, strawberry.argument(description="The UUID of the case.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        kinds: Annotated[
            list[CaseEventKind] | None, strawberry.argument(description="Only what happened of these kinds.")
        ] = None,
    ) -> Connection[CaseEvent] | None:
        page, context = pages.page(first, after, last, before, key=_key_of), info.context
        rows = await _rows(context, id, page, kinds or tuple(CaseEventKind))
        law, language = await law_of(context), context.language
        return pages.connection(rows, page, node=lambda row: CaseEvent.of(row, law, language), key=_cursor_key)


async def _rows(context: Context, id: UUID, page: pages.Page, kinds: Iterable[CaseEventKind]) -> Sequence[EventRow]:
    """Only kinds that a role of whoever asks may read."""
    actor = context.signed_in()
    seen = [kind for kind in kinds if actor.may(_VERBS[kind])]
    async with context.database.reading(actor.seeing(Verb.CASE_READ)) as sql:
        return await timeline.events_of(
            sql, id, kinds=seen, limit=page.limit, behind=page.key, backwards=page.backwards
        )


AREA = Area(query=TimelineQuery, types=(CaseStep,))
