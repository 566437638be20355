"""What may live here: the law in GraphQL: its numbers as they stand on a day, deadlines, and changes by two people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graphql_schema import loaders, pages
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import After, Before, Connection, First, Last, Node, global_id
from graphql_schema.register.provisions_items import (
    FindingKindInput,
    FormInput,
    PowerInput,
    StandardInput,
    content_of,
)
from storage.record import law as texts
from storage.record.actor import Verb
from storage.record.clock import SHANGHAI
from storage.record.problems import BadInput
from storage.record.work import perform_once
from storage.register.provisions import operations, queries, tables
from storage.register.provisions.rules import SORTS, Draft
from storage.register.provisions.tables import ProvisionKind

labelled(ProvisionKind, description="What a change of the law changes.")

VALUE = "One number as text, or the items of a closed list."
KEY = (
    "The parameter's key, the day (YYYY-MM-DD), the key of the kind or power, the name of the form; of a standard"
    " GENERAL, a range of fines, or KIND/range."
)


def _texts(value: int | tuple[str, ...] | None) -> list[str]:
    return [str(value)] if isinstance(value, int) else list(value or ())


@strawberry.type(description="A number or closed list of the law, as one text gives it.")
class LawParameter:
    """A number or closed list of the law."""

    key: str = strawberry.field(description="Its name among the rules.")
    value: list[str] = strawberry.field(description=VALUE)
    unit: str = strawberry.field(description="What is counted; sums are in fen.")
    article: str = strawberry.field(description="The article that gives it.")
    in_force_from: date = strawberry.field(description="The first day on which it holds (Asia/Shanghai).")
    in_force_to: date | None = strawberry.field(description="The last day, null while the text stands.")
    settled: bool = strawberry.field(description="False where the project chose a default: see the note.")
    note: str = strawberry.field(description="What is open or to be known of it.")

    @classmethod
    def of(cls, one: texts.Parameter) -> "LawParameter":
        """Tell a parameter."""
        return cls(
            key=one.key, value=_texts(one.value), unit=one.unit, article=one.article, in_force_from=one.in_force_from,
            in_force_to=one.in_force_to, settled=one.settled, note=one.note,
        )  # fmt: skip


@strawberry.type(description="A deadline that explains itself. Days are those of Asia/Shanghai.")
class Deadline:
    """A deadline that explains itself."""

    key: str = strawberry.field(description="The period's name among the rules.")
    article: str = strawberry.field(description="The article that gives it.")
    start: date = strawberry.field(description="The day on which it begins; it is not counted unless the text says so.")
    unit: str = strawberry.field(description="What is counted: working days, days, hours, months, years.")
    count: int = strawberry.field(description="How many.")
    ends: date = strawberry.field(description="The last day.")
    ends_at: datetime | None = strawberry.field(description="The last moment, of a period in hours.")
    alarm: date = strawberry.field(description="The last working day on which whoever is bound can still act.")
    unmoved: date = strawberry.field(description="The last day as counted, before a day off moved it.")
    counted: list[date] = strawberry.field(description="The days counted, of a period in working days.")
    provisional: bool = strawberry.field(description="The holidays around its end are not published; it may move.")
    settled: bool = strawberry.field(description="False where the project chose a default: see the note.")
    note: str = strawberry.field(description="What is open or to be known of it.")

    @classmethod
    def of(cls, one: texts.Deadline) -> "Deadline":
        """Tell a deadline."""
        return cls(
            key=one.key, article=one.article, start=one.start, unit=one.unit, count=one.count, ends=one.ends,
            ends_at=one.ends_at, alarm=one.alarm, unmoved=one.unmoved, counted=list(one.counted),
            provisional=one.provisional, settled=one.settled, note=one.note,
        )  # fmt: skip


@strawberry.type(description="A change of the law, drafted by one person and decided by another.")
class Provision(Node):
    """A change of the law."""

    uuid: UUID = strawberry.field(description="The UUID, for inputs.")
    kind: ProvisionKind = strawberry.field(description="What it changes.")
    key: str = strawberry.field(description=KEY)
    value: list[str] = strawberry.field(description=VALUE + " Of a day: 1 works, 0 is off. Of an item: empty.")
    content: str | None = strawberry.field(description="Of an item: what it says, as JSON; null where the item ends.")
    ends: bool = strawberry.field(description="Whether an item ends by it.")
    article: str = strawberry.field(description="The text and article that gives it.")
    in_force_from: date = strawberry.field(description="The first day on which it holds (Asia/Shanghai).")
    in_force_to: date | None = strawberry.field(description="The last day, null while the text stands.")
    note: str = strawberry.field(description="What the drafter says of it.")
    drafted_by: UUID = strawberry.field(description="The account that drafted it.")
    drafted_at: datetime = strawberry.field(description="When it was drafted.")
    approved: bool | None = strawberry.field(description="Whether it was approved; null until it is decided.")
    decided_by: UUID | None = strawberry.field(description="The account that decided it, another one.")
    decided_at: datetime | None = strawberry.field(description="When it was decided.")
    decision_note: str | None = strawberry.field(description="What the decider said of it.")

    @classmethod
    def of(cls, row: tables.Provision) -> "Provision":
        """Tell a row."""
        return cls(
            id=global_id("Provision", row.id), uuid=row.id, kind=ProvisionKind(row.kind), key=row.key,
            value=_texts(queries.draft_of(row).value), content=row.content, article=row.article,
            ends=ProvisionKind(row.kind) in SORTS and row.content is None, in_force_from=row.in_force_from,
            in_force_to=row.in_force_to, note=row.note, drafted_by=row.drafted_by, drafted_at=row.drafted_at,
            approved=row.approved, decided_by=row.decided_by, decided_at=row.decided_at,
            decision_note=row.decision_note,
        )  # fmt: skip


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[tables.Provision]:
    async with context.database.reading(context.signed_in()) as sql:
        return await queries.provisions_by_ids(sql, ids)


provision_by_id = loaders.one(_by_ids, key=lambda row: row.id)


async def provision(context: Context, id: UUID) -> Provision | None:
    """Fetch the node of a UUID."""
    row = await provision_by_id(context, id)
    return Provision.of(row) if row else None


@strawberry.input(description="A change of the law to draft.")
class DraftProvisionInput:
    """A change of the law to draft."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    kind: ProvisionKind = strawberry.field(description="What it changes.")
    key: str = strawberry.field(description=KEY)
    value: list[str] = strawberry.field(
        default_factory=list, description=VALUE + " Of a day: 1 works, 0 is off. Of an item: left out."
    )
    finding_kind: FindingKindInput | None = strawberry.field(default=None, description="Of a FINDING_KIND.")
    power: PowerInput | None = strawberry.field(default=None, description="Of a POWER.")
    discretion: StandardInput | None = strawberry.field(default=None, description="Of a DISCRETION.")
    form: FormInput | None = strawberry.field(default=None, description="Of a FORM.")
    ends: bool = strawberry.field(default=False, description="Of an item, instead of what it says: it ends.")
    article: str = strawberry.field(description="The text and article that gives it, 1 to 200 characters.")
    in_force_from: date = strawberry.field(description="The first day on which it holds (Asia/Shanghai).")
    in_force_to: date | None = strawberry.field(default=None, description="The last day, if the text names one.")
    note: str = strawberry.field(default="", description="What is to be known of it, up to 1,000 characters.")

    def draft(self) -> Draft:
        """The draft as storage takes it: a single number is a number, and an item is what its kind says."""
        number = self.value[0] if len(self.value) == 1 else ""
        whole = number.isascii() and number.isdecimal() and len(number) <= 18
        listed = tuple(self.value) or (None if self.kind in SORTS else ())
        return Draft(
            kind=self.kind, key=self.key, value=int(number) if whole else listed, content=self._content(),
            article=self.article, in_force_from=self.in_force_from, in_force_to=self.in_force_to, note=self.note,
        )  # fmt: skip

    def _content(self) -> dict[str, Any] | None:
        """What the item says that the kind names; BadInput for none, another one, or one beside `ends`."""
        items = {
            ProvisionKind.FINDING_KIND: self.finding_kind, ProvisionKind.POWER: self.power,
            ProvisionKind.DISCRETION: self.discretion, ProvisionKind.FORM: self.form,
        }  # fmt: skip
        given = [kind for kind, one in items.items() if one is not None]
        if given != ([self.kind] if self.kind in SORTS and not self.ends else []):
            raise BadInput(field="kind", reason=self.kind.value)
        return content_of(items.get(self.kind))


@strawberry.input(description="A draft to approve or reject.")
class DecideProvisionInput:
    """A draft to approve or reject."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    provision_id: UUID = strawberry.field(description="The UUID of the draft.")
    approve: bool = strawberry.field(description="True approves, false rejects.")
    note: str = strawberry.field(default="", description="What you say of it, up to 1,000 characters.")


@strawberry.type(description="What came of drafting a change of the law.")
class DraftProvisionPayload:
    """What came of drafting."""

    provision: Provision | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of deciding a draft.")
class DecideProvisionPayload:
    """What came of deciding."""

    provision: Provision | None = strawberry.field(default=None, description="The draft with its decision.")
    problem: Problem | None = problem_field()


On = Annotated[date | None, strawberry.argument(description="The day whose law is asked for; today if left out.")]


@dataclass(frozen=True, slots=True)
class _Asked:
    law: texts.Law
    on: date


async def _asked(context: Context, on: date | None) -> _Asked:
    async with context.database.reading(context.signed_in()) as sql:
        return _Asked(await queries.law_of(sql), on or context.now().astimezone(SHANGHAI).date())


@strawberry.type
class ProvisionQuery:
    """The law and its changes."""

    @query(access=signed_in, description="The numbers and lists of the law that hold on a day, by key.")
    async def law_parameters(self, info: Info, on: On = None) -> list[LawParameter] | None:
        asked = await _asked(info.context, on)
        return [LawParameter.of(one) for one in asked.law.in_force(asked.on)]

    @query(access=signed_in, description="When a period of the law ends that begins at a moment, and why.")
    async def deadline(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The period's key, one of `lawParameters`.")],
        start: Annotated[datetime, strawberry.argument(description="The moment at which it begins.")],
    ) -> Deadline | None:
        asked = await _asked(info.context, start.astimezone(SHANGHAI).date())
        try:
            return Deadline.of(texts.deadline_of(asked.law, key, start))
        except (texts.NotInForce, TypeError):
            raise BadInput(field="key", reason="a period in force on that day") from None

    @query(access=signed_in, description="Changes of the law, decided or not, newest first.")
    async def provisions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Provision] | None:
        page = pages.page(first, after, last, before)
        async with info.context.database.reading(info.context.signed_in()) as sql:
            rows = await queries.provisions_visible_to(sql, limit=page.limit, behind=page.key, backwards=page.backwards)
        return pages.connection(rows, page, node=Provision.of, key=lambda row: (row.drafted_at, row.id))


@strawberry.type
class ProvisionMutation:
    """Acts on the law."""

    @mutation(access=needs(Verb.PROVISION_DRAFT), description="Draft a change of the law; nothing holds by it yet.")
    async def draft_provision(
        self, info: Info, input: Annotated[DraftProvisionInput, strawberry.argument(description="The draft.")]
    ) -> DraftProvisionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.provision_again,
            operations.draft_provision, draft=input.draft(),
        )  # fmt: skip
        return DraftProvisionPayload(provision=Provision.of(row))

    @mutation(access=needs(Verb.PROVISION_DECIDE), description="Approve or reject a draft of another person.")
    async def decide_provision(
        self, info: Info, input: Annotated[DecideProvisionInput, strawberry.argument(description="The decision.")]
    ) -> DecideProvisionPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.provision_again,
            operations.decide_provision, provision_id=input.provision_id, approve=input.approve, note=input.note,
        )  # fmt: skip
        return DecideProvisionPayload(provision=Provision.of(row))


AREA = Area(
    query=ProvisionQuery, mutation=ProvisionMutation, nodes={"Provision": provision}, types=(Provision,)
)  # fmt: skip
