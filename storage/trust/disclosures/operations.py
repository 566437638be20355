"""The only acts that write disclosures: publishing, correcting, disputing, taking down, restoring, withholding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from storage.casework.cases import operations as cases
from storage.casework.cases.bodies.after import Published, WithdrawnFromPublic
from storage.casework.cases.taking import Taking
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.trust.disclosures import crediting, gathering, keeping, problems, promised, queries, rules
from storage.trust.disclosures.copies import promises, texts
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.gathering import OfDecision
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.promised import OfCommitment
from storage.trust.disclosures.queries import DisclosureRow
from storage.trust.disclosures.rules import WithdrawalGround, WithholdingGround
from storage.trust.disclosures.sources import Gathered, scope_of
from storage.trust.disclosures.tables import DisclosureState, EventKind, MetAs, SourceKind, Withheld
from storage.trust.exposures.gathering import OfExposure, of_exposure

_HARMED = "UPDATE disclosure_editions SET harmed = true WHERE disclosure_id = $1 AND edition < $2 AND NOT harmed"
SUPERSEDED = "已由新的承诺书取代"
"""Why a commitment's disclosure is corrected when a later one is published."""
WHERE = "/d/{id}"
"""Where a case is told that its decision was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an officer says of a copy before he publishes it: texts worded anew, and that a person is no minor."""

    anew: Mapping[str, str] = field(default_factory=dict)
    of_age: bool = False


async def publish_disclosure(
    work: Work, *, source_kind: SourceKind, source_id: UUID, digest: bytes, wording: Wording
) -> DisclosureRow:
    """Publishes what was previewed; the case takes its own step by the same act. Late is told, never refused.

    Raises NotFound, NotAllowed, NotPublishable, PersonalDataFound, NotServedYet, PublishedByItsAuthor, CopyStale,
    AlreadyPublished.
    """
    found = await gathering.gathered(work, source_kind, source_id)
    work.actor.require(Verb.DISCLOSURE_PUBLISH, **scope_of(found.mine))
    if await queries.disclosure_of(work.sql, source_kind, source_id) is not None:
        raise problems.AlreadyPublished()
    found.must_be_anothers(work.actor.account_id)
    copy = found.copy(anew=dict(wording.anew), of_age=wording.of_age)
    rules.must_be_previewed(copy.digest, digest)
    row = _new(work, found, source_kind, source_id)
    happened = Happened(kind=EventKind.PUBLISHED, basis=found.basis, reason="", edition=1, digest=copy.digest)
    await keeping.keep_disclosure(work, row)
    await keeping.keep_edition(work, row.id, 1, copy, found.basis)
    entry = await keeping.record(work, row, happened)
    await keeping.meet_duty(work, row, found.duty, met_as=MetAs.PUBLISHED, at=work.now)
    await _tell_case(work, found, Published(decision=source_id, where=WHERE.format(id=row.id)))
    seq = await keeping.keep_event(work, row, happened, entry)
    await keeping.show(work, row, copy.content, copy.digest, seq=seq, edition=1, disputed=found.disputed,
                       until=row.shown_until)  # fmt: skip
    if isinstance(found, OfCommitment) and found.supersedes is not None:
        await _tell_earlier(work, found.supersedes)
    return row


async def correct_disclosure(
    work: Work, *, disclosure_id: UUID, digest: bytes, reason: str, wording: Wording, harmed: bool = False
) -> DisclosureRow:
    """Publishes another edition of what is shown; the old one stays readable unless it `harmed` somebody.

    Raises NotShown, NothingToCorrect, CopyStale, PersonalDataFound, PublishedByItsAuthor and what publishing does.
    """
    row, found = await _of_record(work, disclosure_id, Verb.DISCLOSURE_CORRECT)
    rules.must_be_shown(DisclosureState(row.state))
    found.must_be_anothers(work.actor.account_id)
    _must_be_public_words(found, reason)
    copy = found.copy(anew=dict(wording.anew), of_age=wording.of_age)
    rules.must_be_previewed(copy.digest, digest)
    if (await queries.editions_of(work.sql, [row.id]))[-1].digest == copy.digest:
        raise problems.NothingToCorrect()
    if harmed:
        await work.sql.execute(_HARMED, row.id, row.edition + 1)
    await _another_edition(work, row, copy, reason.strip(), disputed=found.disputed)
    return await queries.disclosure_again(work, row.id)


async def dispute_disclosure(work: Work, *, disclosure_id: UUID) -> DisclosureRow:
    """Shows beside a penalty that the party goes against it; the copy stays. Raises NotShown, NothingDisputed."""
    row, found = await _of_record(work, disclosure_id, Verb.DISCLOSURE_DISPUTE)
    rules.must_be_shown(DisclosureState(row.state))
    if not isinstance(found, OfDecision) or row.state == DisclosureState.DISPUTED:
        raise problems.NothingDisputed()
    rules.must_be_disputed(found.ruling, found.file.history)
    last = (await queries.editions_of(work.sql, [row.id]))[-1]
    happened = Happened(kind=EventKind.DISPUTED, basis=rules.BASIS_OF_DISPUTING, reason="", edition=row.edition,
                        digest=last.digest)  # fmt: skip
    await keeping.keep_state(work, row, DisclosureState.DISPUTED, edition=row.edition, until=row.shown_until)
    seq = await keeping.keep_event(work, row, happened, await keeping.record(work, row, happened))
    await keeping.show(work, row, last.content or b"", last.digest, seq=seq, edition=row.edition, disputed=True,
                       until=row.shown_until)  # fmt: skip
    return await queries.disclosure_again(work, row.id)


async def withdraw_disclosure(
    work: Work, *, disclosure_id: UUID, ground: WithdrawalGround, reason: str
) -> DisclosureRow:
    """Takes down what should not be shown any more; its permalink says since when and why (处罚法48).

    Raises NotShown, WithdrawalUnreasoned, PersonalDataFound.
    """
    row, found = await _to_change(work, disclosure_id, Verb.DISCLOSURE_WITHDRAW)
    rules.must_be_shown(DisclosureState(row.state))
    rules.must_be_reasoned(ground, reason, fell=found.fell)
    _must_be_public_words(found, reason)
    happened = await _happened(work, row, EventKind.WITHDRAWN, rules.BASIS_OF[ground], reason.strip())
    if ground is WithdrawalGround.HARMS_SOMEBODY:
        await work.sql.execute(_HARMED, row.id, row.edition + 1)
    entry = await keeping.record(work, row, happened)
    await keeping.keep_state(work, row, DisclosureState.WITHDRAWN, edition=row.edition, until=row.shown_until)
    await _tell_case(work, found, WithdrawnFromPublic(decision=row.source_id, reason=reason.strip()))
    seq = await keeping.keep_event(work, row, happened, entry)
    named = ground is not WithdrawalGround.HARMS_SOMEBODY
    await keeping.take_away(work, row, happened, DisclosureState.WITHDRAWN, seq=seq, named=named)
    return await queries.disclosure_again(work, row.id)


async def hide_repaired(work: Work, *, disclosure_id: UUID, basis: str, reason: str) -> DisclosureRow:
    """Stops showing what was repaired (令36), on the same minute; a typical case of the same case goes with it.

    Asks no right of its own: it is no act but a part of one, the decision on the party's credit, which calls it within
    its transaction once it has asked who may decide. Nothing else calls it. Raises NotShown.
    """
    repaired = DisclosureState.REPAIRED
    row = await crediting.end(work, disclosure_id=disclosure_id, state=repaired, basis=basis, reason=reason)
    for exposed in await queries.exposed_of(work, row.matter_id):
        await crediting.end(work, disclosure_id=exposed.id, state=repaired, basis=basis, reason=reason)
    return row


async def restore_disclosure(work: Work, *, disclosure_id: UUID, reason: str) -> DisclosureRow:
    """Shows again what was withdrawn by mistake, or repaired by fraud: its last edition, which must harm nobody.

    Raises StillShown, NotShown (expired), NotPublishable, PersonalDataFound.
    """
    row, found = await _of_record(work, disclosure_id, Verb.DISCLOSURE_RESTORE)
    rules.must_be_taken_down(DisclosureState(row.state))
    found.must_be_anothers(work.actor.account_id)
    _must_be_public_words(found, reason)
    last = (await queries.editions_of(work.sql, [row.id]))[-1]
    if last.harmed or last.content is None or found.fell:
        raise problems.NotPublishable(
            member="edition", reason=problems.Unpublishable.HARMED if last.harmed else problems.Unpublishable.FELL
        )
    happened = Happened(kind=EventKind.RESTORED, basis=rules.BASIS_OF_CORRECTING, reason=reason.strip(),
                        edition=row.edition, digest=last.digest)  # fmt: skip
    disputed = found.disputed
    state = DisclosureState.DISPUTED if disputed else DisclosureState.SHOWN
    entry = await keeping.record(work, row, happened)
    await keeping.keep_state(work, row, state, edition=row.edition, until=row.shown_until)
    if isinstance(found, OfDecision):
        await _tell_case(work, found, Published(decision=row.source_id, where=WHERE.format(id=row.id)))
    seq = await keeping.keep_event(work, row, happened, entry)
    await keeping.show(work, row, last.content, last.digest, seq=seq, edition=row.edition, disputed=disputed,
                       until=row.shown_until)  # fmt: skip
    return await queries.disclosure_again(work, row.id)


async def withhold_disclosure(
    work: Work, *, source_kind: SourceKind, source_id: UUID, ground: WithholdingGround, reason: str
) -> Withheld:
    """Answers a duty to publish by the article why not. Raises DutyAnswered, AlreadyPublished, BadInput."""
    found = await gathering.gathered(work, source_kind, source_id)
    work.actor.require(Verb.DISCLOSURE_WITHHOLD, **scope_of(found.mine))
    rules.must_say("reason", reason)
    if await queries.disclosure_of(work.sql, source_kind, source_id) is not None:
        raise problems.AlreadyPublished()
    row = Withheld(
        id=ids.new_id(to_ms(work.now)), source_kind=source_kind, source_id=source_id, kind=found.kind,
        article=rules.ARTICLE_OF[ground], reason=reason.strip(), withheld_by=work.actor.account_id,
        withheld_at=work.now, **scope_of(found.mine),
    )  # fmt: skip
    await add_rows(work.sql, [row])
    await keeping.meet_duty(work, _new(work, found, source_kind, source_id), found.duty, met_as=MetAs.WITHHELD,
                            at=work.now)  # fmt: skip
    said = {"source": str(source_id), "source_kind": source_kind.value, "kind": found.kind.value,
            "article": row.article, "reason": row.reason}  # fmt: skip
    work.record("disclosure.withheld", row.id, data=said, **scope_of(found.mine))
    return row


async def _of_record(work: Work, id: UUID, verb: Verb) -> tuple[DisclosureRow, Gathered]:
    """The disclosure and its source, where its copy can be made of the record again: an exposure was worded by hand,
    and its pictures go with it, so it is drafted anew."""
    row, found = await _to_change(work, id, verb)
    if isinstance(found, OfExposure):
        raise problems.NotPublishable(member=found.kind.value, reason=problems.Unpublishable.DRAFTED_ANEW)
    return row, found


async def _to_change(work: Work, id: UUID, verb: Verb) -> tuple[DisclosureRow, Gathered | OfExposure]:
    """The disclosure and its source. The source is locked first, as whoever publishes does: two acts never cross."""
    seen = await queries.disclosure_again(work, id)
    work.actor.require(verb, county=seen.county, office=seen.office, mine_id=seen.mine_id)
    if seen.source_kind == SourceKind.EXPOSURE:
        exposed = await of_exposure(work, seen.source_id)
        return await queries.disclosure_to_change(work, id), exposed
    found = await gathering.gathered(work, SourceKind(seen.source_kind), seen.source_id)
    return await queries.disclosure_to_change(work, id), found


def _must_be_public_words(found: Gathered | OfExposure, reason: str) -> None:
    """What an officer writes for the public is searched as the copy is."""
    rules.must_say("reason", reason)
    texts.must_be_clean({"reason": reason}, names=found.names, known=(found.mine.credit_code,))


async def _another_edition(work: Work, row: DisclosureRow, copy: Copy, reason: str, *, disputed: bool) -> None:
    """Shows another text of what is shown."""
    edition = row.edition + 1
    happened = Happened(kind=EventKind.CORRECTED, basis=rules.BASIS_OF_CORRECTING, reason=reason, edition=edition,
                        digest=copy.digest)  # fmt: skip
    await keeping.keep_edition(work, row.id, edition, copy, happened.basis)
    state = DisclosureState.DISPUTED if disputed else DisclosureState.SHOWN
    await keeping.keep_state(work, row, state, edition=edition, until=row.shown_until)
    seq = await keeping.keep_event(work, row, happened, await keeping.record(work, row, happened))
    await keeping.show(work, row, copy.content, copy.digest, seq=seq, edition=edition, disputed=disputed,
                       until=row.shown_until)  # fmt: skip


async def _tell_earlier(work: Work, commitment_id: UUID) -> None:
    """Whoever publishes a commitment corrects, by the same act, what is shown of the one that it supersedes.

    Its text is the published one with its end added: what an officer worded anew in it stays as he worded it.
    """
    id = await queries.disclosure_of(work.sql, SourceKind.COMMITMENT, commitment_id)
    if id is None:
        return
    row = await queries.disclosure_to_change(work, id)
    last = (await queries.editions_of(work.sql, [id]))[-1]
    found = await promised.commitment_to_keep(work, commitment_id)
    if row.state not in rules.SHOWN or last.content is None or found.promise.ended is None:
        return
    content = promises.ended(last.content, *found.promise.ended)
    if content != last.content:
        copy = Copy.again(found.kind, content, last.taken_out)
        await _another_edition(work, row, copy, SUPERSEDED, disputed=False)


async def _happened(work: Work, row: DisclosureRow, kind: EventKind, basis: str, reason: str) -> Happened:
    """An event about the edition that is shown."""
    editions = await queries.editions_of(work.sql, [row.id])
    return Happened(kind=kind, basis=basis, reason=reason, edition=row.edition, digest=editions[-1].digest)


async def _tell_case(work: Work, found: Gathered | OfExposure, body: Published | WithdrawnFromPublic) -> None:
    """The case takes its own step in the same act: its clocks run by it."""
    if isinstance(found, OfDecision):
        step = Taking(id=ids.new_id(to_ms(work.now)), body=body, party=found.ruling.party)
        await cases.take_step(work, case_id=found.file.row.id, step=step)


def _new(work: Work, found: Gathered, kind: SourceKind, source_id: UUID) -> DisclosureRow:
    state = DisclosureState.DISPUTED if found.disputed else DisclosureState.SHOWN
    scope: dict[str, Any] = scope_of(found.mine)
    return DisclosureRow(
        id=uuid4(), kind=found.kind.value, source_kind=kind.value, source_id=source_id, matter_id=found.matter_id,
        state=state.value, edition=1, published_by=work.actor.account_id, published_at=work.now,
        due_on=found.duty.due_on, late=keeping.is_late(found.duty, work.now), shown_until=found.shown_until, **scope,
    )  # fmt: skip
