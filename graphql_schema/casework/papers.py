"""What may live here: papers of enforcement (执法文书) in GraphQL: the forms, the papers, and opening their PDFs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs
from graphql_schema.area import Area, derived, identity, mutation, query
from graphql_schema.casework.answers import Answer, answered
from graphql_schema.context import Context, Info
from graphql_schema.defects import law_of
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id, value_id
from graphql_schema.register import mines
from graphql_schema.scalars import Base64, Bytes, Sha256
from storage.casework.papers import printing, queries
from storage.casework.papers.bodies import Body, Value
from storage.casework.papers.sources import FieldSource
from storage.casework.papers.tables import PaperState, PaperSubject, SignedWay
from storage.record.actor import Verb
from storage.record.derived import remove_derived
from storage.record.glossary.labels import LABELS
from storage.record.law.forms import Capacity, Form
from storage.record.ledger.proofs.canonical import parse_canonical
from storage.record.printing.typesetting import MEDIA_TYPE
from storage.record.work import perform

for kind, named, told in (
    (PaperState, "PaperState", "How far a paper has come."),
    (PaperSubject, "PaperSubject", "What a paper is about."),
    (SignedWay, "SignedWay", "How somebody signed."),
    (FieldSource, "PaperFieldSource", "Who fills a field of a paper."),
):
    labels = {one: "、".join(LABELS[kind.__name__][one.value]) for one in kind}
    enum(kind, name=named, description=told, values=labels)


async def _by_ids(context: Context, ids: list[UUID]) -> Any:
    actor = context.signed_in()
    actor.require(Verb.PAPER_READ)
    async with context.database.reading(actor.seeing(Verb.PAPER_READ)) as sql:
        return await queries.papers_by_ids(sql, ids)


async def _signatures(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in().seeing(Verb.PAPER_READ)) as sql:
        return await queries.signatures_of(sql, ids)


async def _refusals(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in().seeing(Verb.PAPER_READ)) as sql:
        return await queries.refusals_of(sql, ids)


async def _prints(context: Context, ids: list[UUID]) -> Any:
    async with context.database.reading(context.signed_in().seeing(Verb.PAPER_READ)) as sql:
        return await queries.prints_of(sql, ids)


paper_by_id = loaders.one(_by_ids, key=lambda row: row["id"])
signatures_of = loaders.many(_signatures, key=lambda row: row["paper_id"])
refusals_of = loaders.many(_refusals, key=lambda row: row["paper_id"])
print_of = loaders.one(_prints, key=lambda row: row["paper_id"])


@strawberry.type(description="A row of a table in a paper.")
class PaperRow:
    """A row of a table in a paper."""

    cells: list[str] = strawberry.field(description="One text a column.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("paper-row", *self.cells)


@strawberry.type(description="A field of a paper, and what stands in it.")
class PaperField:
    """A field of a paper."""

    name: str = strawberry.field(description="What the form calls it.")
    source: FieldSource = strawberry.field(description="Who filled it: the record, or whoever wrote the paper.")
    text: str | None = strawberry.field(description="What stands in it; null for a table.")
    rows: list[PaperRow] = strawberry.field(description="The rows of a table.")

    @identity
    def id(self) -> strawberry.ID:
        cells = (cell for row in self.rows for cell in row.cells)
        return value_id("paper-field", self.name, self.source, self.text or "", *cells)

    @classmethod
    def of(cls, name: str, value: Value, *, by_record: bool) -> "PaperField":
        """Tell a value."""
        rows = [PaperRow(cells=row) for row in value] if isinstance(value, list) else []
        source = FieldSource.RECORD if by_record else FieldSource.WRITTEN
        return cls(name=name, source=source, text=value if isinstance(value, str) else None, rows=rows)


@strawberry.type(description="What was signed at one place of a paper.")
class PaperSignature:
    """What was signed at one place of a paper."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The subject of its entry in the ledger.")
    way: SignedWay = strawberry.field(description="By key, by hand on the glass, or in ink on the printed paper.")
    name: str = strawberry.field(description="Who signed.")
    account_id: UUID | None = strawberry.field(description="His account, if he signed with one.")
    evidence_id: UUID | None = strawberry.field(description="The photo of the paper that was signed in ink.")
    statement: Base64 = strawberry.field(description="What was signed, with the paper's digest in it: canonical JSON.")
    public_key: Base64 | None = strawberry.field(description="The device's key (SPKI), for a signature by key.")
    signature: Base64 | None = strawberry.field(description="The signature by that key over the statement.")
    recorded_by: UUID = strawberry.field(description="The account that recorded it.")
    signed_at: datetime = strawberry.field(description="When the server took it.")

    @classmethod
    def of(cls, row: Any) -> "PaperSignature":
        """Tell a row."""
        same = ("name", "account_id", "evidence_id", "statement", "public_key", "signature", "recorded_by", "signed_at")
        return cls(
            id=global_id("PaperSignature", row["id"]), uuid=row["id"], way=SignedWay(row["way"]),
            **{name: row[name] for name in same},
        )  # fmt: skip


@strawberry.type(description="That somebody would not or could not sign at one place of a paper.")
class PaperRefusal:
    """That somebody would not sign."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The subject of its entry in the ledger.")
    name: str = strawberry.field(description="Who would not sign.")
    reason: str = strawberry.field(description="Why.")
    witness: str | None = strawberry.field(description="Who saw it; null where nobody did.")
    evidence_id: UUID | None = strawberry.field(description="The photo, film or sound of it.")
    recorded_by: UUID = strawberry.field(description="The account of the officer who recorded it.")
    refused_at: datetime = strawberry.field(description="When the server took it.")

    @classmethod
    def of(cls, row: Any) -> "PaperRefusal":
        """Tell a row."""
        same = ("name", "reason", "witness", "evidence_id", "recorded_by", "refused_at")
        return cls(id=global_id("PaperRefusal", row["id"]), uuid=row["id"], **{name: row[name] for name in same})


@strawberry.type(description="A place for a signature on a paper, and what became of it.")
class PaperPlace:
    """A place for a signature."""

    paper_id: strawberry.Private[UUID]
    name: str = strawberry.field(description="What the form calls it.")
    capacity: Capacity = strawberry.field(description="In which capacity one signs there.")
    opinion: str | None = strawberry.field(description="What the signer is asked to write with it, if anything.")
    signature: PaperSignature | None = strawberry.field(description="What was signed there.")
    refusal: PaperRefusal | None = strawberry.field(description="Who would not sign there.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("paper-place", self.paper_id, self.name)


@strawberry.type(description="The newest PDF that was made of a paper; it can be made again from the record.")
class PaperPrint:
    """The newest PDF of a paper."""

    paper_id: strawberry.Private[UUID]
    sha256: Sha256 = strawberry.field(description="Of its bytes without the stamp, which stands behind them.")
    stamped_sha256: Sha256 = strawberry.field(description="Of the whole file.")
    size: Bytes = strawberry.field(description="Bytes of the whole file.")
    made_at: datetime = strawberry.field(description="When it was made.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("paper-print", self.paper_id, self.sha256.hex())

    @classmethod
    def of(cls, row: Any) -> "PaperPrint":
        """Tell a row."""
        same = ("paper_id", "sha256", "stamped_sha256", "size", "made_at")
        return cls(**{name: row[name] for name in same})


@strawberry.type(description="A paper of enforcement: made from the record, it says nothing else.")
class Paper(Node):
    """A paper of enforcement."""

    row: strawberry.Private[Any]
    uuid: UUID = strawberry.field(description="The id that its drafter's client made.")
    form: str = strawberry.field(description="The name of its form.")
    version: str = strawberry.field(description="The version of its form.")
    subject_kind: PaperSubject = strawberry.field(description="What it is about.")
    subject_id: UUID = strawberry.field(description="Which of them.")
    step_id: UUID | None = strawberry.field(description="The step of the case or measure that it stands for.")
    internal: bool = strawberry.field(description="Whether it stays within the agency.")
    state: PaperState = strawberry.field(description="A draft, or issued.")
    number: str | None = strawberry.field(description="Its number (文号); null for drafts, and papers that bear none.")
    digest: Sha256 | None = strawberry.field(description="SHA-256 of its body, which people sign; null for a draft.")
    drafted_at: datetime = strawberry.field(description="When it was first drafted.")
    issued_at: datetime | None = strawberry.field(description="When it was issued.")

    @derived(description="The mine; null where you do not see it.")
    async def mine(self, info: Info) -> mines.Mine | None:
        return await mines.mine(info.context, self.row["mine_id"])

    @derived(description="What stands in it, in the order of the form; of a draft only what was written.")
    async def fields(self, info: Info) -> list[PaperField]:
        said, record = _said(self.row)
        names = [one.name for one in (await _form(info, self.row)).fields if one.name in said]
        return [PaperField.of(name, said[name], by_record=name in record) for name in names]

    @derived(
        description="To whom one may turn against it, or what one may say to it, and within how long; null if neither."
    )
    def remedies(self) -> str | None:
        return (Body.decode(self.row["body"]).remedies or None) if self.row["body"] else None

    @derived(description="The body: canonical JSON whose SHA-256 is the digest; null for a draft.")
    def body(self) -> str | None:
        return self.row["body"].decode() if self.row["body"] else None

    @derived(description="The places for signatures, in the order of the form.")
    async def places(self, info: Info) -> list[PaperPlace]:
        id = self.row["id"]
        signed, refused = await signatures_of(info.context, id), await refusals_of(info.context, id)
        return _places(self.row, await _form(info, self.row), signed, refused)

    @derived(description="Its newest PDF; null until somebody opened it. `openPaper` makes what is needed.")
    async def print(self, info: Info) -> PaperPrint | None:
        row = await print_of(info.context, self.row["id"])
        return PaperPrint.of(row) if row else None

    @derived(description="What the mine said to it, oldest first, each objection with its written answer.")
    async def answers(self, info: Info) -> list[Answer]:
        return await answered(info.context, self.uuid)

    @classmethod
    def of(cls, row: Any) -> "Paper":
        """Tell a row."""
        same = ("form", "version", "subject_id", "step_id", "internal", "number", "digest", "drafted_at", "issued_at")
        return cls(
            id=global_id("Paper", row["id"]), row=row, uuid=row["id"], state=PaperState(row["state"]),
            subject_kind=PaperSubject(row["subject_kind"]), **{name: row[name] for name in same},
        )  # fmt: skip


def _said(row: Any) -> tuple[Mapping[str, Value], Sequence[str]]:
    if row["body"]:
        body = Body.decode(row["body"])
        return body.fields, body.record
    return parse_canonical(row["written"], len(row["written"])), ()


async def _form(info: Info, row: Any) -> Form:
    """The form in the version by which the paper was drafted; the law is read once a request."""
    return (await law_of(info.context)).form_of(row["form"], row["version"])


def _places(row: Any, form: Form, signatures: Iterable[Any], refusals: Iterable[Any]) -> list[PaperPlace]:
    signed = {one["place"]: PaperSignature.of(one) for one in signatures}
    refused = {one["place"]: PaperRefusal.of(one) for one in refusals}
    return [
        PaperPlace(
            paper_id=row["id"], name=one.name, capacity=one.capacity, opinion=one.opinion or None,
            signature=signed.get(one.name), refusal=refused.get(one.name),
        )
        for one in form.places
    ]  # fmt: skip


async def paper(context: Context, id: UUID) -> Paper | None:
    """Fetch the node of a UUID."""
    row = await paper_by_id(context, id)
    return Paper.of(row) if row else None


@strawberry.input(description="Which paper to open.")
class OpenPaperInput:
    """Which paper to open."""

    id: UUID = strawberry.field(description="Its id.")


@strawberry.type(description="Where the PDF is for a minute; that it was asked for stands in the ledger.")
class OpenPaperPayload:
    """Where the PDF is for a minute."""

    url: str | None = strawberry.field(default=None, description="A signed address, good for 60 seconds.")
    problem: Problem | None = problem_field()


@strawberry.type
class PaperQuery:
    """What may be read of papers."""

    @query(access=needs(Verb.PAPER_READ), description="The first 100 papers about something, oldest first.")
    async def papers(
        self,
        info: Info,
        subject_kind: Annotated[PaperSubject, strawberry.argument(description="What they are about.")],
        subject_id: Annotated[UUID, strawberry.argument(description="Which of them.")],
    ) -> list[Paper] | None:
        actor = info.context.signed_in().seeing(Verb.PAPER_READ)
        async with info.context.database.reading(actor) as sql:
            return [Paper.of(row) for row in await queries.papers_of(sql, subject_kind, [subject_id])]


@strawberry.type
class PaperOpening:
    """Looking at papers."""

    @mutation(access=needs(Verb.PAPER_READ), description="Open a paper as PDF/A, made first where it must be.")
    async def open_paper(
        self, info: Info, input: Annotated[OpenPaperInput, strawberry.argument(description="Which.")]
    ) -> OpenPaperPayload | None:
        context = info.context
        made = await _made(context, input.id)
        name, version = await perform(
            context.database, context.signed_in(), context.now(), printing.open_paper, paper_id=input.id, made=made
        )
        if made is not None and made.object_name != name:  # Another made the same meanwhile, and his is kept.
            await context.means.store().aside(remove_derived, context.means.store(), made.object_name)
        url = context.means.store().sign_get(name, version, media_type=MEDIA_TYPE, seconds=printing.SECONDS)
        return OpenPaperPayload(url=url)


async def _made(context: Context, id: UUID) -> printing.Made | None:
    """The PDF that has to be made first; None where it stands in the store already."""
    actor = context.signed_in().seeing(Verb.PAPER_READ)
    async with context.database.reading(actor) as sql:
        plan = await printing.plan_print(sql, actor, paper_id=id)
    if plan.made is not None:
        return None
    typesetter, stamp = context.means.press()
    return await printing.make_print(context.means.store(), typesetter, stamp, plan)


AREA = Area(query=PaperQuery, mutation=PaperOpening, nodes={"Paper": paper}, types=(Paper,))
