"""What may live here: the court pack of a case in GraphQL: its whole file leaves the record, each time by an act."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import pages
from graphql_schema.access import signed_in
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.field import evidence as _  # noqa: F401 # Its enums are named here.
from graphql_schema.field.evidence_packs import PackPiece, PackRecording, place_of
from graphql_schema.scalars import Base64
from storage.casework.cases import case_files, contents, packing
from storage.casework.cases.gathering import OpenedPaper
from storage.casework.cases.packing import OpenedCase
from storage.casework.cases.volumes import Volume
from storage.field.evidence import packing as evidence
from storage.record.printing.typesetting import MEDIA_TYPE
from storage.record.work import perform

enum(
    Volume, name="PackVolume", description="What of a case a pack holds.",
    values={Volume.MAIN: "The main volume (正卷), for courts and parties.",
            Volume.WHOLE: "The second volume (副卷) too, which stays within the agency."},
)  # fmt: skip


@strawberry.type(
    description="A paper of a case's pack. Without a file, `openPaper` makes its PDF, and the next pack has it."
)
class PackPaper:
    """A paper of a pack."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    uuid: UUID = strawberry.field(description="The paper.")
    name: str | None = strawberry.field(description="The name of its PDF in the pack; null without one.")
    sha256: str | None = strawberry.field(description="The SHA-256 of its PDF.")
    url: str | None = strawberry.field(description="Where its PDF is given out for 15 minutes; null without one.")

    @classmethod
    def of(cls, opened: OpenedPaper, context: Context) -> "PackPaper":
        """Tell a paper."""
        made, store = opened.print, context.means.store()
        return cls(
            id=strawberry.ID(f"pack-paper-{opened.paper.id}"), uuid=opened.paper.id,
            name=contents.pdf_of(opened) or None, sha256=made["stamped_sha256"].hex() if made is not None else None,
            url=store.sign_get(made["object_name"], made["object_version"], media_type=MEDIA_TYPE,
                               seconds=evidence.GIVEN_FOR) if made is not None else None,
        )  # fmt: skip


@strawberry.input(description="Which case to open, and what of it; its evidence comes page by page.")
class OpenCasePackInput:
    """What to open."""

    case_id: UUID = strawberry.field(description="The case.")
    volume: Volume = strawberry.field(default=Volume.MAIN, description="The main volume, or both.")
    first: int = strawberry.field(default=evidence.LARGEST_PAGE, description="Pieces in one answer, 1 to 100.")
    after: str | None = strawberry.field(default=None, description="The cursor of the page before.")


@strawberry.type(
    description="What came of opening: each page is an entry of its own. Case, papers, recordings: on the first."
)
class OpenCasePackPayload:
    """What came of opening."""

    case: Base64 | None = strawberry.field(default=None, description="CASE.case.json: what is checked of the case.")
    contents: Base64 | None = strawberry.field(default=None, description="contents.html: what is in it, for people.")
    inventory: Base64 | None = strawberry.field(
        default=None, description="CASE.inventory.json: all that this pack holds; its digest stands in the entry."
    )
    opening: UUID | None = strawberry.field(
        default=None, description="The entry of this page; `packOpening` proves that of the first."
    )
    behind: int | None = strawberry.field(
        default=None, description="Entries about the case that no shown checkpoint covers yet, and that are left out."
    )
    papers: list[PackPaper] | None = strawberry.field(default=None, description="In the order of issue.")
    recordings: list[PackRecording] | None = strawberry.field(default=None, description="In the order of opening.")
    pieces: list[PackPiece] | None = strawberry.field(default=None, description="Oldest first.")
    digest: str | None = strawberry.field(default=None, description="SHA-256 of the list, as the entry names it.")
    end_cursor: str | None = strawberry.field(default=None, description="Where the next page begins; null at the end.")
    problem: Problem | None = problem_field()

    @classmethod
    def of(cls, opened: OpenedCase, context: Context) -> "OpenCasePackPayload":
        """Tell a page."""
        keys, file, laid = context.means.public_keys().document(), opened.file, opened.laid
        last = opened.pieces[-1] if opened.more else None
        return cls(
            case=Base64(case_files.case_file(file, keys=keys)) if file else None,
            contents=Base64(laid.page) if laid else None, inventory=Base64(laid.inventory) if laid else None,
            opening=opened.opening, behind=file.behind if file else None,
            papers=[PackPaper.of(one, context) for one in file.papers] if file else [],
            recordings=[PackRecording.of(one, keys) for one in opened.recordings],
            pieces=PackPiece.all_of(opened.pieces, context, keys), digest=opened.digest,
            end_cursor=pages.cursor((last["declared_at"], last["id"])) if last else None,
        )  # fmt: skip


@strawberry.type
class CasePackQuery:
    """What proves that a pack was given out."""

    @query(
        access=signed_in,
        description="CASE.opening.json: the proof of the entry by which you opened the first page of a case's pack;"
        " null until a checkpoint that covers it is shown.",
    )
    async def pack_opening(
        self, info: Info, id: Annotated[UUID, strawberry.argument(description="The entry, as the page named it.")]
    ) -> Base64 | None:
        context = info.context
        actor = context.signed_in()
        async with context.database.reading(actor) as sql:
            proof = await packing.proof_of_opening(sql, actor, opening=id)
        return Base64(evidence.proof_file(proof, keys=context.means.public_keys().document())) if proof else None


@strawberry.type
class CasePackMutation:
    """Opening the packs of cases."""

    @mutation(
        access=signed_in,
        description="Open the court pack of a case: for officers who may open its evidence, and, once the decision is"
        " served on it, for the mine's principal: the main volume.",
    )
    async def open_case_pack(
        self, info: Info, input: Annotated[OpenCasePackInput, strawberry.argument(description="What to open.")]
    ) -> OpenCasePackPayload | None:
        context = info.context
        opened = await perform(
            context.database, context.signed_in(), context.now(), packing.open_case_pack, case_id=input.case_id,
            volume=input.volume, first=input.first, behind=place_of(input.after),
        )  # fmt: skip
        return OpenCasePackPayload.of(opened, context)


AREA = Area(query=CasePackQuery, mutation=CasePackMutation)
