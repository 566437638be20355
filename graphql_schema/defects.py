"""What may live here: a defect of a kept fact, and the law it is judged by, as all areas of casework tell them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.area import identity
from graphql_schema.context import Context
from graphql_schema.pages import value_id
from storage.record.glossary import sentence
from storage.record.law import Law
from storage.record.law.defects import Defect
from storage.register.provisions import queries as provisions


async def _law(context: Context, keys: list[str]) -> Iterable[Law]:
    async with context.database.reading(context.signed_in()) as sql:
        return [await provisions.law_of(sql)]


_law_once = loaders.Loader(_law, arrange=lambda laws, keys: list(laws) * len(keys))


async def law_of(context: Context) -> Law:
    """The law as it stands with what officials approved; read once a request."""
    return await _law_once(context, "law")


@strawberry.type(description="What is wrong with a fact that was kept all the same; no decision rests on it before.")
class ShownDefect:
    """What is wrong with a fact that was kept."""

    code: str = strawberry.field(description="What it is; codes are added, never renamed.")
    message: str = strawberry.field(description="The same for people, in their language.")
    article: str = strawberry.field(description="By which article.")
    about: str = strawberry.field(description="Which part of the whole, such as a category; empty for the whole.")
    made_good_by: UUID = strawberry.field(description="The account of who makes it good.")
    since: datetime = strawberry.field(description="Since when.")
    until: datetime = strawberry.field(description="Until when it is to be made good.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("defect", self.code, self.about, self.made_good_by, self.since)

    @classmethod
    def of(cls, defect: Defect, language: str) -> "ShownDefect":
        """Tell a defect."""
        return cls(
            code=defect.code, message=sentence(defect.code, language), article=defect.article, about=defect.about,
            made_good_by=defect.made_good_by, since=defect.since, until=defect.until,
        )  # fmt: skip
