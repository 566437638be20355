"""What may live here: the acts on exposures in GraphQL: draft, approve, drop, open a picture, be told its secret."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.access import needs
from graphql_schema.area import Area, mutation
from graphql_schema.context import Context, Info
from graphql_schema.errors import Problem, problem_field
from graphql_schema.trust.disclosures_acts import digest_bytes
from graphql_schema.trust.exposures import Exposure
from storage.field.evidence.opening import SECONDS
from storage.record.actor import Verb
from storage.record.work import perform, perform_once
from storage.trust.exposures import operations, pictures, queries
from storage.trust.exposures.pictures import Made
from storage.trust.exposures.rules import Asked, Photo, Words

_OPERATION_ID = "Made by the client; the same id again is the same act."
_ID = "The UUID of the exposure."
_SHARE = "in ten-thousandths of the upright picture's {}."
_ORDINAL = "The place of the picture, from 0."


@strawberry.input(description="A rectangle that is covered: widened to whole tiles, and filled with one grey.")
class RegionInput:
    """A rectangle that is covered."""

    left: int = strawberry.field(description=f"Its left side, {_SHARE.format('width')}")
    top: int = strawberry.field(description=f"Its upper side, {_SHARE.format('height')}")
    width: int = strawberry.field(description=f"Its width, {_SHARE.format('width')}")
    height: int = strawberry.field(description=f"Its height, {_SHARE.format('height')}")


@strawberry.input(description="A photo that is shown covered.")
class ExposedPhotoInput:
    """A photo that is shown."""

    evidence_id: UUID = strawberry.field(
        description="The UUID of a sealed photo of the case, taken in a planned inspection."
    )
    regions: list[RegionInput] = strawberry.field(description="What is covered: 0 to 40 rectangles.")
    alt: str = strawberry.field(description="What is seen, for who cannot see it: 1 to 300 characters.")

    def photo(self) -> Photo:
        """The photo as storage takes it."""
        regions = (Asked(left=one.left, top=one.top, width=one.width, height=one.height) for one in self.regions)
        return Photo(evidence_id=self.evidence_id, regions=tuple(regions), alt=self.alt)


@strawberry.input(description="A typical case as the public is to read it.")
class DraftExposureInput:
    """A typical case worded for the public."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    case_id: UUID = strawberry.field(description="The UUID of a case of which a penalty is served and in force.")
    title: str = strawberry.field(description="1 to 60 characters.")
    facts: str = strawberry.field(description="What happened, 1 to 4,000 characters. No person is named.")
    handling: str = strawberry.field(description="What followed, 1 to 4,000 characters.")
    lesson: str = strawberry.field(description="What others learn of it, 1 to 4,000 characters.")
    photos: list[ExposedPhotoInput] = strawberry.field(default_factory=list, description="0 to 6 photos.")
    nobody_recognisable: bool = strawberry.field(
        description="You say that nobody can be recognised in what is left of the photos, nor in the words."
    )

    def words(self) -> Words:
        """The texts as storage takes them."""
        return Words(title=self.title, facts=self.facts, handling=self.handling, lesson=self.lesson)


@strawberry.input(description="A draft that is published, as it was previewed.")
class ApproveExposureInput:
    """A draft that is published."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    exposure_id: UUID = strawberry.field(description=_ID)
    digest: str = strawberry.field(description="The digest of the content that you saw, in hexadecimal.")


@strawberry.input(description="A draft that is given up.")
class DropExposureInput:
    """A draft that is given up."""

    operation_id: UUID = strawberry.field(description=_OPERATION_ID)
    exposure_id: UUID = strawberry.field(description=_ID)


@strawberry.input(description="A picture of an exposure.")
class OpenExposurePictureInput:
    """A picture of an exposure."""

    exposure_id: UUID = strawberry.field(description=_ID)
    ordinal: int = strawberry.field(description=_ORDINAL)


@strawberry.input(description="A picture whose secret is asked for.")
class OpenExposureSecretInput:
    """A picture whose secret is asked for."""

    exposure_id: UUID = strawberry.field(description=_ID)
    ordinal: int = strawberry.field(description=_ORDINAL)


@strawberry.type(description="What came of drafting an exposure.")
class DraftExposurePayload:
    """What came of drafting."""

    exposure: Exposure | None = strawberry.field(default=None, description="The draft.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of approving an exposure.")
class ApproveExposurePayload:
    """What came of approving."""

    exposure: Exposure | None = strawberry.field(default=None, description="The exposure.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of dropping an exposure.")
class DropExposurePayload:
    """What came of dropping."""

    exposure: Exposure | None = strawberry.field(default=None, description="The exposure.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of opening a covered picture.")
class OpenExposurePicturePayload:
    """What came of opening a picture."""

    url: str | None = strawberry.field(default=None, description="Where it lies, for 60 seconds.")
    problem: Problem | None = problem_field()


@strawberry.type(description="What came of asking for the secret of a picture.")
class OpenExposureSecretPayload:
    """What came of asking for a secret."""

    secret: str | None = strawberry.field(
        default=None, description="The secret of its tree, in hexadecimal: with the original every leaf is made anew."
    )
    problem: Problem | None = problem_field()


@strawberry.type
class ExposureMutation:
    """Acts on exposures."""

    @mutation(
        access=needs(Verb.EXPOSURE_DRAFT),
        description="Word a case for the public and cover its photos. Nobody but the agency sees it before it is"
        " approved; PERSONAL_DATA_FOUND names where a text must be worded anew.",
    )
    async def draft_exposure(
        self, info: Info, input: Annotated[DraftExposureInput, strawberry.argument(description="What.")]
    ) -> DraftExposurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.exposure_again,
            operations.draft_exposure, case_id=input.case_id, words=input.words(), made=await _made(context, input),
            nobody_recognisable=input.nobody_recognisable,
        )  # fmt: skip
        return DraftExposurePayload(exposure=Exposure.of(row))

    @mutation(access=needs(Verb.EXPOSURE_APPROVE), description="Publish what another drafted, as you saw it.")
    async def approve_exposure(
        self, info: Info, input: Annotated[ApproveExposureInput, strawberry.argument(description="Which.")]
    ) -> ApproveExposurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.exposure_again,
            operations.approve_exposure, exposure_id=input.exposure_id, digest=digest_bytes(input.digest),
        )  # fmt: skip
        return ApproveExposurePayload(exposure=Exposure.of(row))

    @mutation(access=needs(Verb.EXPOSURE_DROP), description="Give a draft up; its pictures are deleted.")
    async def drop_exposure(
        self, info: Info, input: Annotated[DropExposureInput, strawberry.argument(description="Which.")]
    ) -> DropExposurePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, queries.exposure_again,
            operations.drop_exposure, exposure_id=input.exposure_id,
        )  # fmt: skip
        return DropExposurePayload(exposure=Exposure.of(row))

    @mutation(access=needs(Verb.EXPOSURE_READ), description="Look at a covered picture; each look is an entry.")
    async def open_exposure_picture(
        self, info: Info, input: Annotated[OpenExposurePictureInput, strawberry.argument(description="Which.")]
    ) -> OpenExposurePicturePayload | None:
        context, store = info.context, info.context.means.store()
        found = await perform(
            context.database, context.signed_in(), context.now(), operations.open_picture,
            exposure_id=input.exposure_id, ordinal=input.ordinal,
        )  # fmt: skip
        url = store.sign_get(found.object_name, found.object_version, media_type=pictures.MEDIA_TYPE, seconds=SECONDS)
        return OpenExposurePicturePayload(url=url)

    @mutation(
        access=needs(Verb.EVIDENCE_OPEN),
        description="Be told the secret of a picture's tree, to hold it against the original; each time is an entry.",
    )
    async def open_exposure_secret(
        self, info: Info, input: Annotated[OpenExposureSecretInput, strawberry.argument(description="Which.")]
    ) -> OpenExposureSecretPayload | None:
        context = info.context
        secret = await perform(
            context.database, context.signed_in(), context.now(), operations.tell_secret,
            exposure_id=input.exposure_id, ordinal=input.ordinal,
        )  # fmt: skip
        return OpenExposureSecretPayload(secret=secret.hex())


async def _made(context: Context, input: DraftExposureInput) -> tuple[Made, ...]:
    """The covered pictures, in the store before the draft is kept."""
    store, renderer = context.means.store(), context.means.photos()
    laid = await perform(
        context.database, context.signed_in(), context.now(), pictures.lay_pictures, case_id=input.case_id,
        photos=[one.photo() for one in input.photos], nobody_recognisable=input.nobody_recognisable,
    )  # fmt: skip
    return await pictures.make_pictures(store, renderer, laid)


AREA = Area(mutation=ExposureMutation)
