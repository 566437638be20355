"""What may live here: sheets of mines and of their people in GraphQL, tried dry or entered."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.enums import labelled
from graphql_schema.errors import Problem, problem_field
from storage.record.actor import Verb
from storage.record.sheets import Imported, Outcome
from storage.record.work import perform
from storage.register.mines import importing as mine_sheets
from storage.register.mines import operations as mines
from storage.register.people import importing as people_sheets
from storage.register.people import operations as people

labelled(Outcome, name="ImportOutcome", description="What came of a row, or would come of it.")

_CSV = "Comma-separated values, at most 200 KiB of UTF-8 and 5,000 rows; docs/import.md names the columns."
_DRY = "True: only say what would come of it."
_SKIP = "Enter the other rows although some are refused; otherwise one refused row keeps all out."


@strawberry.input(description="A sheet of mines. The same sheet again changes nothing, so it needs no operation id.")
class ImportMinesInput:
    """A sheet of mines."""

    csv: str = strawberry.field(description=_CSV)
    dry_run: bool = strawberry.field(description=_DRY)
    skip_refused: bool = strawberry.field(default=False, description=_SKIP)


@strawberry.input(description="A sheet of people of a mine. The same sheet again changes nothing: no operation id.")
class ImportPeopleInput:
    """A sheet of people of a mine."""

    mine: str = strawberry.field(description="The unified social credit code of the mine.")
    csv: str = strawberry.field(description=_CSV)
    dry_run: bool = strawberry.field(description=_DRY)
    skip_refused: bool = strawberry.field(default=False, description=_SKIP)


@strawberry.type(description="The answer to one row of a sheet.")
class ImportedRow:
    """The answer to one row of a sheet."""

    id: strawberry.ID = strawberry.field(description="Of this row in this answer; for caches.")
    row: int = strawberry.field(description="The row as a spreadsheet counts: the headers are row 1.")
    outcome: Outcome = strawberry.field(description="What came of it.")
    problem: Problem | None = strawberry.field(description="Why it is refused.")


@strawberry.type(description="The answers to a sheet.")
class ImportedSheet:
    """The answers to a sheet."""

    id: strawberry.ID = strawberry.field(description="Of this answer; for caches.")
    rows: list[ImportedRow] = strawberry.field(description="The answer to each row.")
    stored: bool = strawberry.field(description="Whether the rows that are not refused are entered now.")
    created: int = strawberry.field(description="How many rows are new.")
    changed: int = strawberry.field(description="How many rows change something.")
    unchanged: int = strawberry.field(description="How many rows are entered already.")
    refused: int = strawberry.field(description="How many rows are refused.")

    @classmethod
    def of(cls, context: Context, answers: Sequence[Imported], *, dry: bool, skip: bool) -> "ImportedSheet":
        """Tell the answers of a sheet."""
        count = Counter(one.outcome for one in answers)
        return cls(
            id=strawberry.ID(f"{context.request_id}.sheet"), rows=[_row(context, one) for one in answers],
            stored=not dry and (skip or not count[Outcome.REFUSED]), created=count[Outcome.CREATED],
            changed=count[Outcome.CHANGED], unchanged=count[Outcome.UNCHANGED], refused=count[Outcome.REFUSED],
        )  # fmt: skip


@strawberry.type(description="What came of a sheet of mines.")
class ImportMinesPayload:
    """What came of a sheet of mines."""

    sheet: ImportedSheet | None = strawberry.field(default=None, description="The answers.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of a sheet of people.")
class ImportPeoplePayload:
    """What came of a sheet of people."""

    sheet: ImportedSheet | None = strawberry.field(default=None, description="The answers.")
    problem: Problem | None = problem_field()


def _row(context: Context, one: Imported) -> ImportedRow:
    at = f"row{one.number}"
    problem = Problem.of(one.problem, context=context, at=at) if one.problem is not None else None
    id = strawberry.ID(f"{context.request_id}.{at}")
    return ImportedRow(id=id, row=one.number, outcome=one.outcome, problem=problem)


@strawberry.type
class ImportMutation:
    """Sheets of mines and people."""

    @mutation(access=needs(Verb.MINE_REGISTER), description="Enter a sheet of mines, or try it.")
    async def import_mines(
        self, info: Info, input: Annotated[ImportMinesInput, strawberry.argument(description="The sheet.")]
    ) -> ImportMinesPayload | None:
        context, rows = info.context, mine_sheets.read_mines(input.csv)
        actor, now = context.signed_in(), context.now()
        if input.dry_run:
            answers = await mine_sheets.tried(context.database, actor, now, rows)
        else:
            answers = await perform(
                context.database, actor, now, mines.import_mines, rows=rows, skip_refused=input.skip_refused
            )
        told = ImportedSheet.of(context, answers, dry=input.dry_run, skip=input.skip_refused)
        return ImportMinesPayload(sheet=told)

    @mutation(access=needs(Verb.PERSON_REGISTER), description="Enter a sheet of people of a mine, or try it.")
    async def import_people(
        self, info: Info, input: Annotated[ImportPeopleInput, strawberry.argument(description="The sheet.")]
    ) -> ImportPeoplePayload | None:
        context, rows = info.context, people_sheets.read_people(input.csv, key=info.context.means.numbers)
        actor, now = context.signed_in(), context.now()
        if input.dry_run:
            answers = await people_sheets.tried(context.database, actor, now, credit_code=input.mine, rows=rows)
        else:
            answers = await perform(
                context.database, actor, now, people.import_people, credit_code=input.mine, rows=rows,
                skip_refused=input.skip_refused,
            )  # fmt: skip
        told = ImportedSheet.of(context, answers, dry=input.dry_run, skip=input.skip_refused)
        return ImportPeoplePayload(sheet=told)


AREA = Area(mutation=ImportMutation)
