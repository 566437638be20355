"""What may live here: the forms of papers (文书式样) in GraphQL, and which of their fields the record fills."""

from typing import Annotated

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, identity, query
from graphql_schema.casework import papers  # noqa: F401 # Its enums are named here.
from graphql_schema.context import Info
from graphql_schema.defects import law_of
from graphql_schema.pages import value_id
from storage.casework.papers.sources import FieldSource, source_of
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law.forms import Capacity, FieldKind, Form, set_on


@strawberry.type(description="A field of a form.")
class PaperFormField:
    """A field of a form."""

    name: str = strawberry.field(description="What the form calls it.")
    kind: FieldKind = strawberry.field(description="What it takes.")
    must: bool = strawberry.field(description="Whether a paper is not issued without it.")
    source: FieldSource = strawberry.field(
        description="RECORD where the record fills it as far as it knows; WRITTEN where only people do."
    )
    options: list[str] = strawberry.field(description="What a choice chooses from.")
    columns: list[str] = strawberry.field(description="The columns of a table.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("form-field", self.name, self.kind, self.must, self.source, *self.options, *self.columns)


@strawberry.type(description="A place for a signature on a form.")
class PaperFormPlace:
    """A place for a signature on a form."""

    name: str = strawberry.field(description="What the form calls it.")
    capacity: Capacity = strawberry.field(description="In which capacity one signs there.")
    opinion: str | None = strawberry.field(description="What the signer is asked to write with it, if anything.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("form-place", self.name, self.capacity, self.opinion or "")


@strawberry.type(description="A form of papers (文书式样) that is in force.")
class PaperForm:
    """A form of papers."""

    name: str = strawberry.field(description="Its name.")
    version: str = strawberry.field(description="Its version.")
    internal: bool = strawberry.field(description="Whether papers of it stay within the agency.")
    note: str = strawberry.field(description="What is not settled about the set of forms.")
    fields: list[PaperFormField] = strawberry.field(description="Its fields, in order.")
    places: list[PaperFormPlace] = strawberry.field(description="Its places for signatures.")

    @identity
    def id(self) -> strawberry.ID:
        return value_id("form", self.version, self.name)

    @classmethod
    def of(cls, form: Form) -> "PaperForm":
        """Tell a form."""
        fields = [
            PaperFormField(
                name=one.name,
                kind=one.kind,
                must=one.must,
                options=list(one.options),
                columns=list(one.columns),
                source=source_of(form.name, one.name),
            )
            for one in form.fields
        ]
        places = [PaperFormPlace(name=one.name, capacity=one.capacity, opinion=one.opinion or None)
                  for one in form.places]  # fmt: skip
        note = set_on(form.in_force_from).note
        return cls(
            name=form.name, version=form.version, internal=form.internal, note=note, fields=fields, places=places
        )


@strawberry.type
class PaperFormQuery:
    """The forms of papers."""

    @query(access=needs(Verb.PAPER_READ), description="The forms that are in force today.")
    async def paper_forms(
        self, info: Info, name: Annotated[str | None, strawberry.argument(description="Only this one.")] = None
    ) -> list[PaperForm] | None:
        held = (await law_of(info.context)).forms_on(day_of(info.context.now()))
        return [PaperForm.of(one) for one in held.values() if name is None or one.name == name]


AREA = Area(query=PaperFormQuery)
