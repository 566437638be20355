"""What may live here: what a case lacks before it can be decided, and the orders that hold its things, in GraphQL."""

from datetime import datetime
from uuid import UUID

import strawberry

from storage.casework.cases import missing as lacking
from storage.casework.cases.history import Held
from storage.record import glossary


@strawberry.type(description="One thing that a case lacks before it can be decided for a party.")
class CaseMissing:
    """One thing that a case lacks."""

    code: str = strawberry.field(description="A stable code: that of the Problem with which a decision is refused.")
    article: str = strawberry.field(description="The article that asks for it.")
    sentence: str = strawberry.field(description="The same in words, in the language of the request.")
    since: datetime | None = strawberry.field(description="Since when it is due; null from the beginning.")
    step_id: UUID | None = strawberry.field(description="The step that it is about, where it is about one.")
    finding_id: UUID | None = strawberry.field(description="The finding that it is about, where it is about one.")
    due_at: datetime | None = strawberry.field(
        description="Until when it is to be made good, or how long a time runs that nobody cuts short; null: no term."
    )

    @classmethod
    def of(cls, one: lacking.Missing, language: str) -> "CaseMissing":
        """Tell what is missing."""
        words = glossary.sentence(one.code, language, **one.problem.parameters)
        return cls(
            code=one.code, article=one.article, sentence=words, since=one.since, step_id=one.step,
            finding_id=one.finding, due_at=one.due,
        )  # fmt: skip


@strawberry.type(description="An order on site that holds things of a case.")
class CaseHeld:
    """An order on site."""

    measure_id: UUID = strawberry.field(description="The order: its term and what became of it stand there.")
    ended_at: datetime | None = strawberry.field(description="When it was lifted; null while it holds them.")
    lacks: list[str] = strawberry.field(description="What it still lacks, by code; no decision rests on it before.")

    @classmethod
    def of(cls, one: Held) -> "CaseHeld":
        """Tell an order."""
        return cls(measure_id=one.measure, ended_at=one.ended_at, lacks=[code for code, _ in one.lacks])
