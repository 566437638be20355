"""What may live here: the discretion standard, what it suggests for a fine, and what was chosen beside it."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, query
from graphql_schema.casework.cases import file_of
from graphql_schema.context import Info
from graphql_schema.defects import law_of
from graphql_schema.scalars import Money
from storage.casework.cases import weighing
from storage.casework.cases.weighing import Chosen, Open, Suggestion, Weighing
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law.discretion import Circumstance, DiscretionGround, Standard


@strawberry.type(description="Circumstances that open a tier together.")
class StandardGroup:
    """Circumstances that open a tier together."""

    circumstances: list[Circumstance] = strawberry.field(description="All of them.")


@strawberry.type(description="A tier of the standard: what opens it, by which article, and its range.")
class StandardTier:
    """A tier of the standard."""

    ground: DiscretionGround = strawberry.field(description="Which tier.")
    article: str = strawberry.field(description="The article that gives it.")
    when: list[StandardGroup] = strawberry.field(description="What opens it: any of these groups.")
    words: str = strawberry.field(description="What the standard says of it.")
    least: Money | None = strawberry.field(description="Its least in fen; null where it is a share of the range.")
    most: Money | None = strawberry.field(description="Its most in fen; null where it is a share of the range.")
    share_from: int = strawberry.field(description="Thousandths of the way from the least of the law to its most.")
    share_to: int = strawberry.field(description="Likewise.")


@strawberry.type(description="An item of the discretion standard (行政处罚裁量基准).")
class DiscretionStandard:
    """An item of the discretion standard."""

    key: str = strawberry.field(description="GENERAL, a range of fines, or KIND/range.")
    title: str = strawberry.field(description="What it is called.")
    article: str = strawberry.field(description="The text that gives it.")
    in_force_from: date = strawberry.field(description="The first day on which it holds.")
    in_force_to: date | None = strawberry.field(description="The last day, null while it stands.")
    settled: bool = strawberry.field(description="False where the project chose a default: see the note.")
    note: str = strawberry.field(description="What is open or to be known of it.")
    tiers: list[StandardTier] = strawberry.field(description="Its tiers.")

    @classmethod
    def of(cls, one: Standard) -> "DiscretionStandard":
        """Tell an item."""
        tiers = [
            StandardTier(
                ground=tier.ground, article=tier.article, words=tier.words, least=_money(tier.least),
                most=_money(tier.most), share_from=tier.share_from, share_to=tier.share_to,
                when=[StandardGroup(circumstances=list(group)) for group in tier.when],
            )
            for tier in one.tiers
        ]  # fmt: skip
        return cls(
            key=one.key, title=one.title, article=one.article, in_force_from=one.in_force_from,
            in_force_to=one.in_force_to, settled=one.settled, note=one.note, tiers=tiers,
        )  # fmt: skip


@strawberry.type(description="A tier that is open for a fine: its range, and why.")
class OpenTier:
    """A tier that is open."""

    ground: DiscretionGround = strawberry.field(description="Which tier.")
    article: str = strawberry.field(description="The article that gives it.")
    least: Money = strawberry.field(description="The least fine in fen.")
    most: Money = strawberry.field(description="The largest fine in fen.")
    because: list[Circumstance] = strawberry.field(description="The circumstances that open it.")

    @classmethod
    def of(cls, one: Open) -> "OpenTier":
        """Tell a tier."""
        return cls(
            ground=one.tier.ground, article=one.tier.article, least=Money(one.least), most=Money(one.most),
            because=list(one.because),
        )  # fmt: skip


@strawberry.type(description="A clause of the mine's commitment that a conduct of the case breaks (实施意见三（六）2).")
class PromiseBroken:
    """A promise that is broken by what was found."""

    breach_id: UUID = strawberry.field(description="The UUID of the breach that stands.")
    year: int = strawberry.field(description="The year of the commitment.")
    key: str = strawberry.field(description="The key of the clause.")
    title: str = strawberry.field(description="What the clause is called, in Chinese.")


@strawberry.type(description="What the standard suggests for one party's fine.")
class DiscretionSuggestion:
    """What the standard suggests."""

    least: Money = strawberry.field(description="The least of the law in fen.")
    most: Money = strawberry.field(description="The most of the law in fen.")
    law_of: date = strawberry.field(description="The day whose law gives the range: the conduct's, or the lighter.")
    standard: DiscretionStandard = strawberry.field(description="The item that was applied.")
    circumstances: list[Circumstance] = strawberry.field(description="What was weighed: recorded and stated.")
    tiers: list[OpenTier] = strawberry.field(description="The open tiers, the suggested one first.")
    promises_broken: list[PromiseBroken] = strawberry.field(
        description="The promises of the mine that are broken by what was found: a ground of 从重."
    )

    @classmethod
    def of(cls, one: Suggestion) -> "DiscretionSuggestion":
        """Tell a suggestion."""
        return cls(
            least=Money(one.legal.least), most=Money(one.legal.most), law_of=one.legal.law_of,
            standard=DiscretionStandard.of(one.standard), circumstances=sorted(one.circumstances),
            tiers=[OpenTier.of(tier) for tier in one.tiers],
            promises_broken=[
                PromiseBroken(breach_id=each.breach, year=each.year, key=each.key, title=each.title)
                for each in one.broken
            ],
        )  # fmt: skip


@strawberry.type(description="What officers chose for a fine, beside what the standard suggested on that day.")
class ChosenDiscretion:
    """What was chosen beside what was suggested."""

    step_id: UUID = strawberry.field(description="The step that chose it.")
    party_id: UUID | None = strawberry.field(description="The party.")
    basis: str = strawberry.field(description="The range of the law.")
    ground: DiscretionGround = strawberry.field(description="The tier that was chosen.")
    least: Money = strawberry.field(description="The least that was chosen, in fen.")
    most: Money = strawberry.field(description="The most that was chosen, in fen.")
    departs: bool = strawberry.field(description="Whether it leaves what the standard gives.")
    departure: str = strawberry.field(description="If so, the reason.")
    suggestion: DiscretionSuggestion | None = strawberry.field(description="What the standard gave on that day.")

    @classmethod
    def of(cls, one: Chosen) -> "ChosenDiscretion":
        """Tell a choice."""
        body = one.step.body
        return cls(
            step_id=one.step.id, party_id=one.step.party, basis=body.basis, ground=body.ground,
            least=Money(body.least), most=Money(body.most), departs=one.departs, departure=body.departure,
            suggestion=DiscretionSuggestion.of(one.suggestion) if one.suggestion else None,
        )  # fmt: skip


@strawberry.input(description="Which fine to weigh.")
class DiscretionInput:
    """Which fine to weigh."""

    case_id: UUID = strawberry.field(description="The UUID of the case.")
    basis: str = strawberry.field(description="The key of the range of the law, e.g. fine_major_hazard_unit.")
    conduct: UUID | None = strawberry.field(default=None, description="The conduct; null for all of the case.")
    reckoned_on: Money = strawberry.field(default=Money(0), description="Of a range in per cent: the sum in fen.")
    circumstances: list[Circumstance] = strawberry.field(default_factory=list, description="What officers state.")

    def weighing(self) -> Weighing:
        """What storage weighs."""
        return Weighing(
            basis=self.basis, conduct=self.conduct, reckoned_on=int(self.reckoned_on), stated=tuple(self.circumstances)
        )


@strawberry.type
class DiscretionQuery:
    """The discretion standard and what it suggests."""

    @query(access=signed_in, description="The discretion standard as it stands on a day.")
    async def discretion_standards(
        self,
        info: Info,
        on: Annotated[date | None, strawberry.argument(description="The day; today if left out.")] = None,
    ) -> list[DiscretionStandard] | None:
        held = (await law_of(info.context)).standards_on(on or day_of(info.context.now()))
        return [DiscretionStandard.of(one) for one in held]

    @query(access=needs(Verb.CASE_READ), description="What the standard suggests for a fine; null without a range.")
    async def discretion_suggestion(
        self, info: Info, of: Annotated[DiscretionInput, strawberry.argument(description="Which fine.")]
    ) -> DiscretionSuggestion | None:
        file = await file_of(info.context, of.case_id)
        if file is None:
            return None
        found = weighing.suggestion_for(of.weighing(), file.history, file.law, day_of(info.context.now()))
        return DiscretionSuggestion.of(found) if found else None

    @query(access=needs(Verb.CASE_READ), description="What was chosen in a case, beside what was suggested.")
    async def case_discretion(
        self, info: Info, id: Annotated[UUID, strawberry.argument(description="The UUID of the case.")]
    ) -> list[ChosenDiscretion] | None:
        file = await file_of(info.context, id)
        return [ChosenDiscretion.of(one) for one in weighing.chosen(file.history, file.law)] if file else None


def _money(value: int | None) -> Money | None:
    return None if value is None else Money(value)


AREA = Area(query=DiscretionQuery)
