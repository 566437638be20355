"""What may live here: a clause of a commitment in GraphQL, as it is told and as it is given."""

from datetime import date

import strawberry

from graphql_schema.area import identity
from graphql_schema.enums import labelled
from graphql_schema.pages import value_id
from storage.promises.templates import conditions, rules
from storage.promises.templates.tables import ClauseField, ConditionKind, Unit, Wanted
from storage.promises.templates.wording import in_words

labelled(ClauseField, description="One of the five fields of a commitment (实施意见三（六）1).")
labelled(ConditionKind, description="What a condition is.", name="ClauseConditionKind")
labelled(Unit, description="In what a number is counted, always whole.", name="ClauseUnit")
labelled(Wanted, description="Which evidence a clause wants to its answer.", name="ClauseEvidence")

_KEY = "Its key: capitals, digits and _; an own clause that is stricter bears the template's."
_SAYS = "What it means for somebody at his place of work."
_CHECKED = "How it is checked."
_CONTRADICTED = "A finding of these kinds speaks against whoever says that it is met."
_OTHERWISE = "What happens if it is not kept."
_SETTLED = "False where no official text that was read gives it: see the note."
_YES = "Of a YES_NO: which it must be."
_HOLDS, _LACKS = "Of a LIST: what must all be there.", "Of a LIST: of what nothing may be there."
_LEAST, _MOST = "Of a NUMBER: at least so many.", "Of a NUMBER: at most so many; with `least` a range."
_BEFORE, _AFTER = "Of a DATE: not before this day.", "Of a DATE: not after this day."


@strawberry.type(description="The same said in Chinese and in English.")
class ClauseWords:
    """The same said twice."""

    zh: str = strawberry.field(description="In Chinese.")
    en: str = strawberry.field(description="In English.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("clause-words", self.zh, self.en)

    @classmethod
    def of(cls, one: rules.Words) -> "ClauseWords":
        """Tell the words."""
        return cls(zh=one.zh, en=one.en)


@strawberry.type(description="What a clause demands, as a machine can check it; it has the members of its kind only.")
class ClauseCondition:
    """What a clause demands."""

    kind: ConditionKind = strawberry.field(description="What it is.")
    unit: Unit | None = strawberry.field(description="Of a NUMBER: in what it is counted.")
    least: int | None = strawberry.field(description=_LEAST)
    most: int | None = strawberry.field(description=_MOST)
    yes: bool | None = strawberry.field(description=_YES)
    not_before: date | None = strawberry.field(description=_BEFORE)
    not_after: date | None = strawberry.field(description=_AFTER)
    holds: list[str] = strawberry.field(description=_HOLDS)
    lacks: list[str] = strawberry.field(description=_LACKS)
    words: ClauseWords = strawberry.field(description="The same in words.")

    @identity
    def id(self) -> strawberry.ID:
        members = (self.kind, self.unit, self.least, self.most, self.yes, self.not_before, self.not_after)
        return value_id("clause-condition", *members, *self.holds, "", *self.lacks)

    @classmethod
    def of(cls, one: conditions.Condition) -> "ClauseCondition":
        """Tell a condition."""
        return cls(
            kind=one.kind, unit=one.unit, least=one.least, most=one.most, yes=one.yes, not_before=one.not_before,
            not_after=one.not_after, holds=list(one.holds), lacks=list(one.lacks),
            words=ClauseWords.of(in_words(one)),
        )  # fmt: skip


@strawberry.type(description="One clause of a commitment: what must hold for people to go down.")
class CommitmentClause:
    """One clause of a commitment."""

    key: str = strawberry.field(description=_KEY)
    field: ClauseField = strawberry.field(description="To which of the five fields it belongs.")
    title: ClauseWords = strawberry.field(description="What it is called.")
    says: ClauseWords = strawberry.field(description=_SAYS)
    condition: ClauseCondition = strawberry.field(description="What it demands.")
    checked: ClauseWords = strawberry.field(description=_CHECKED)
    evidence: list[Wanted] = strawberry.field(description="Which evidence it wants.")
    otherwise: ClauseWords = strawberry.field(description=_OTHERWISE)
    article: str = strawberry.field(description="The article that it is taken from.")
    contradicted_by: list[str] = strawberry.field(description=_CONTRADICTED)
    settled: bool = strawberry.field(description=_SETTLED)
    note: str = strawberry.field(description="What is open or to be known of it.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("clause", self.key, self.title.zh, self.says.zh, repr(self.condition), self.note)

    @classmethod
    def of(cls, one: rules.Clause) -> "CommitmentClause":
        """Tell a clause."""
        words = {name: ClauseWords.of(getattr(one, name)) for name in ("title", "says", "checked", "otherwise")}
        return cls(
            key=one.key, field=one.field, condition=ClauseCondition.of(one.condition), evidence=list(one.wanted),
            article=one.article, contradicted_by=list(one.contradicted_by), settled=one.settled, note=one.note, **words,
        )  # fmt: skip


@strawberry.input(description="The same said in Chinese and in English.")
class ClauseWordsInput:
    """The same said twice."""

    zh: str = strawberry.field(description="In Chinese.")
    en: str = strawberry.field(description="In English.")

    def words(self) -> rules.Words:
        """The words as storage takes them."""
        return rules.Words(zh=self.zh, en=self.en)


@strawberry.input(description="What a clause demands; give the members of its kind and no others.")
class ClauseConditionInput:
    """What a clause demands."""

    kind: ConditionKind = strawberry.field(description="What it is.")
    unit: Unit | None = strawberry.field(default=None, description="Of a NUMBER: in what it is counted.")
    least: int | None = strawberry.field(default=None, description=_LEAST)
    most: int | None = strawberry.field(default=None, description=_MOST)
    yes: bool | None = strawberry.field(default=None, description=_YES)
    not_before: date | None = strawberry.field(default=None, description=_BEFORE)
    not_after: date | None = strawberry.field(default=None, description=_AFTER)
    holds: list[str] = strawberry.field(default_factory=list, description=_HOLDS)
    lacks: list[str] = strawberry.field(default_factory=list, description=_LACKS)

    def condition(self) -> conditions.Condition:
        """The condition as storage takes it."""
        return conditions.Condition(
            kind=self.kind, unit=self.unit, least=self.least, most=self.most, yes=self.yes, not_before=self.not_before,
            not_after=self.not_after, holds=tuple(self.holds), lacks=tuple(self.lacks),
        )  # fmt: skip


@strawberry.input(description="One clause of a commitment.")
class CommitmentClauseInput:
    """One clause of a commitment."""

    key: str = strawberry.field(description=_KEY)
    field: ClauseField = strawberry.field(description="To which of the five fields it belongs.")
    title: ClauseWordsInput = strawberry.field(description="What it is called, up to 60 characters.")
    says: ClauseWordsInput = strawberry.field(description=_SAYS)
    condition: ClauseConditionInput = strawberry.field(description="What it demands.")
    checked: ClauseWordsInput = strawberry.field(description=_CHECKED)
    evidence: list[Wanted] = strawberry.field(description="Which evidence it wants, one at least.")
    otherwise: ClauseWordsInput = strawberry.field(description=_OTHERWISE)
    article: str = strawberry.field(description="The article that it is taken from, 1 to 200 characters.")
    contradicted_by: list[str] = strawberry.field(default_factory=list, description=_CONTRADICTED)
    settled: bool = strawberry.field(default=True, description=_SETTLED)
    note: str = strawberry.field(default="", description="What is open or to be known of it; needed if not settled.")

    def clause(self) -> rules.Clause:
        """The clause as storage takes it."""
        return rules.Clause(
            key=self.key, field=self.field, title=self.title.words(), says=self.says.words(),
            condition=self.condition.condition(), checked=self.checked.words(), wanted=tuple(self.evidence),
            otherwise=self.otherwise.words(), article=self.article,
            contradicted_by=tuple(self.contradicted_by), settled=self.settled, note=self.note,
        )  # fmt: skip
