"""The only acts that write exposures: drafted by one, approved or dropped by another, their pictures opened."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import to_ms
from storage.record.problems import TryAgain
from storage.record.work import Work
from storage.trust.disclosures import keeping
from storage.trust.disclosures import queries as disclosures
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.exposures import Exposed, Pictured, exposure
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.rules import must_be_previewed
from storage.trust.disclosures.sources import scope_of
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState, EventKind, SourceKind
from storage.trust.exposures import gathering, pictures, queries, rules
from storage.trust.exposures.drafts import pictured_of, words_of
from storage.trust.exposures.gathering import OfCase
from storage.trust.exposures.pictures import Made
from storage.trust.exposures.queries import ExposureRow, PictureRow
from storage.trust.exposures.rules import Words
from storage.trust.exposures.tables import Exposure, ExposurePicture, ExposureState, PublicPicture

_DECIDED = "UPDATE exposures SET state = $2, decided_by = $3, decided_at = $4, disclosure_id = $5 WHERE id = $1"


async def draft_exposure(
    work: Work, *, case_id: UUID, words: Words, made: Sequence[Made], nobody_recognisable: bool
) -> ExposureRow:
    """Keeps a case as it is worded for the public, with its covered pictures. Nobody but the agency sees it yet.

    Raises NotFound, NotAllowed, BadInput, CaseNotOver, PersonalDataFound, PeopleNotCovered, PictureWithoutWords,
    RegionsUnfit, PhotoNotUsable, TryAgain.
    """
    found = await gathering.gathered(work, case_id)
    work.actor.require(Verb.EXPOSURE_DRAFT, **scope_of(found.mine))
    rules.must_be_worded(words)
    rules.must_be_photos([one.photo for one in made], nobody_recognisable=nobody_recognisable)
    await pictures.usable(work, case_id, [one.photo.evidence_id for one in made], found.excluded)
    await _must_be_laid(work, case_id, made)
    copy = _copy(found, words, [_pictured(one) for one in made])
    row = Exposure(
        id=ids.new_id(to_ms(work.now)), case_id=case_id, state=ExposureState.DRAFTED, content=copy.content,
        digest=copy.digest, drafted_by=work.actor.account_id, drafted_at=work.now, **scope_of(found.mine),
    )  # fmt: skip
    await add_rows(work.sql, [row])
    await add_rows(work.sql, [_picture(row.id, at, one) for at, one in enumerate(made)])
    told = [{"evidence": str(one.photo.evidence_id), "original": one.original.hex(), "root": one.root.hex(),
             "file": one.sha256.hex()} for one in made]  # fmt: skip
    work.record("exposure.drafted", row.id, **scope_of(found.mine),
                data={"case": str(case_id), "digest": copy.digest.hex(), "pictures": told})  # fmt: skip
    return await queries.exposure_again(work, row.id)


async def approve_exposure(work: Work, *, exposure_id: UUID, digest: bytes) -> ExposureRow:
    """Publishes what another drafted, as it was previewed: from this commit on anybody reads it.

    Raises NotFound, NotAllowed, ExposureDecided, ExposedByItsDrafter, CaseNotOver, PhotoNotUsable, CopyStale,
    PersonalDataFound.
    """
    row, found = await _to_decide(work, exposure_id, Verb.EXPOSURE_APPROVE)
    rules.must_not_be_its_drafter(work.actor.account_id, row.drafted_by)
    those = await queries.pictures_of(work.sql, [row.id])
    await pictures.usable(work, row.case_id, [one.evidence_id for one in those], found.excluded)
    copy = _copy(found, words_of(row.content), pictured_of(row.content))
    must_be_previewed(copy.digest, digest)
    shown = await _publish(work, row, found, copy)
    await add_rows(work.sql, [_public(shown.id, one) for one in those])
    await work.sql.execute(_DECIDED, row.id, ExposureState.PUBLISHED.value, work.actor.account_id, work.now, shown.id)
    work.record("exposure.approved", row.id, **scope_of(found.mine),
                data={"digest": copy.digest.hex(), "disclosure": str(shown.id)})  # fmt: skip
    return await queries.exposure_again(work, row.id)


async def drop_exposure(work: Work, *, exposure_id: UUID) -> ExposureRow:
    """Gives a draft up: its pictures are deleted. By whoever may draft, or approve. Raises ExposureDecided."""
    row = await queries.exposure_to_change(work, exposure_id)
    scope = _scope(row)
    work.actor.require(Verb.EXPOSURE_DROP, **scope)
    rules.must_be_a_draft(row.state)
    await work.sql.execute(_DECIDED, row.id, ExposureState.DROPPED.value, work.actor.account_id, work.now, None)
    work.record("exposure.dropped", row.id, **scope, data={"digest": row.digest.hex()})
    return await queries.exposure_again(work, row.id)


async def open_picture(work: Work, *, exposure_id: UUID, ordinal: int) -> PictureRow:
    """Lets the covered picture of a draft be looked at, to see what would be public: what is uncovered leaves here."""
    row = await queries.exposure_again(work, exposure_id)
    scope = _scope(row)
    work.actor.require(Verb.EXPOSURE_READ, **scope)
    found = await queries.picture_of(work.sql, exposure_id, ordinal)
    work.record("exposure.picture_opened", row.id, **scope, data={"ordinal": ordinal, "file": found.sha256.hex()})
    return found


async def tell_secret(work: Work, *, exposure_id: UUID, ordinal: int) -> bytes:
    """The secret of a picture's tree, to who may open the original: with both every leaf is made anew."""
    row = await queries.exposure_again(work, exposure_id)
    scope = _scope(row)
    work.actor.require(Verb.EVIDENCE_OPEN, **scope)
    secret = await queries.secret_of(work, exposure_id, ordinal)
    work.record("exposure.secret_told", row.id, **scope, data={"ordinal": ordinal})
    return secret


def _scope(row: ExposureRow) -> dict[str, Any]:
    return {"county": row.county, "office": row.office, "mine_id": row.mine_id}


async def _to_decide(work: Work, id: UUID, verb: Verb) -> tuple[ExposureRow, OfCase]:
    """The draft and its case, the case locked first, as whoever takes a step of it does."""
    seen = await queries.exposure_again(work, id)
    work.actor.require(verb, **_scope(seen))
    rules.must_be_a_draft(seen.state)
    found = await gathering.gathered(work, seen.case_id)
    row = await queries.exposure_to_change(work, id)
    rules.must_be_a_draft(row.state)
    return row, found


async def _must_be_laid(work: Work, case_id: UUID, made: Sequence[Made]) -> None:
    """TryAgain where a picture was swept away in the meantime, or was never laid for this draft."""
    names = [one.object_name for one in made]
    if await queries.laid_and_there(work, case_id, names) != len(names):
        raise TryAgain()


async def _publish(work: Work, row: ExposureRow, found: OfCase, copy: Copy) -> DisclosureRow:
    scope: dict[str, Any] = scope_of(found.mine)
    shown = DisclosureRow(
        id=uuid4(), kind=DisclosureKind.EXPOSURE.value, source_kind=SourceKind.EXPOSURE.value, source_id=row.id,
        matter_id=row.case_id, state=DisclosureState.SHOWN.value, edition=1, published_by=work.actor.account_id,
        published_at=work.now, due_on=None, late=False, shown_until=found.shown_until, **scope,
    )  # fmt: skip
    happened = Happened(kind=EventKind.PUBLISHED, basis=rules.BASIS, reason="", edition=1, digest=copy.digest)
    await keeping.keep_disclosure(work, shown)
    await keeping.keep_edition(work, shown.id, 1, copy, rules.BASIS)
    entry = await keeping.record(work, shown, happened)
    seq = await keeping.keep_event(work, shown, happened, entry)
    await keeping.show(work, shown, copy.content, copy.digest, seq=seq, edition=1, disputed=False,
                       until=shown.shown_until)  # fmt: skip
    return await disclosures.disclosure_again(work, shown.id)


def _copy(found: OfCase, words: Words, those: Sequence[Pictured]) -> Copy:
    return exposure(Exposed(
        agency=found.agency, mine=found.named, decided_on=found.decided_on, title=words.title, facts=words.facts,
        handling=words.handling, lesson=words.lesson, pictures=those, names=found.names, codes=found.codes,
    ))  # fmt: skip


def _pictured(one: Made) -> Pictured:
    return Pictured(
        alt=one.photo.alt, original=one.original, reduced=one.reduced, width=one.width, height=one.height,
        regions=one.regions, root=one.root, file=one.sha256, size=one.size,
    )  # fmt: skip


def _picture(id: UUID, at: int, one: Made) -> ExposurePicture:
    return ExposurePicture(
        exposure_id=id, ordinal=at, evidence_id=one.photo.evidence_id, original=one.original, secret=one.secret,
        root=one.root, proof=b"".join(one.values), hints=one.hints, sha256=one.sha256, size=one.size,
        object_name=one.object_name, object_version=one.object_version,
    )  # fmt: skip


def _public(id: UUID, one: PictureRow) -> PublicPicture:
    return PublicPicture(
        disclosure_id=id, ordinal=one.ordinal, sha256=one.sha256, size=one.size, proof=one.proof, hints=one.hints,
        object_name=one.object_name, object_version=one.object_version,
    )  # fmt: skip
