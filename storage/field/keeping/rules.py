"""What the law asks of keeping evidence, holding it and erasing it; pure: raises, or returns a date."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from storage.field.evidence.tables import EvidenceState
from storage.field.keeping.tables import SubjectKind
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.periods import months_after
from storage.record.problems import BadInput, Problem, constraint_means

LONGEST_REASON = 500
LONGEST_ARTICLE = 200
LATE = timedelta(hours=1)
"""What the store does not yet apply after this time is shown as late."""
STUCK_AFTER = 10
"""Attempts after which a piece is shown as stuck, and bytes that cannot be read are called damaged."""
LONGEST_WAIT = timedelta(hours=1)


class HoldAlreadyLifted(Problem):
    """The hold was lifted before; only a new one holds again."""


class HoldOfCase(Problem):
    """A case placed this hold, so only the end of the case lifts it."""


class EvidenceNotKept(Problem):
    """The piece is in a state in which there is nothing to keep (parameter: state)."""


class ErasureUnderWay(Problem):
    """The erasure of this piece was approved: it can no longer be held or kept longer."""


class RetentionNotLonger(Problem):
    """It is kept until then or longer already; retention is only ever extended (parameter: until)."""


class RetentionTooLong(Problem):
    """A term with an end lasts so many years at most; what is kept for ever is held permanently (parameter: years)."""


class EvidenceHeld(Problem):
    """A hold on this piece is open, or the store still applies one (档案法21)."""


class EvidenceRetained(Problem):
    """The piece is to be kept, or is locked, until a day that has not come (档案法实施条例24; parameter: until)."""


class ErasureProposedAlready(Problem):
    """The erasure of this piece was proposed before."""


class ErasureApprovedAlready(Problem):
    """The erasure was approved before."""


class ErasureNeedsTwoPeople(Problem):
    """Whoever proposed an erasure cannot approve it (档案法21)."""


constraint_means("uq_erasures_evidence_id", ErasureProposedAlready)
constraint_means("ck_erasures_takes_two_people", ErasureNeedsTwoPeople)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a hold or a term is laid on."""

    kind: SubjectKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Kept:
    """One piece as far as the rules of erasing need it."""

    state: EvidenceState
    retain_until: datetime
    retained_until: datetime
    held: bool
    hold_wanted: bool
    erasing: bool


def floor_ends(sealed_at: datetime, law: Law, floor: timedelta | None = None) -> datetime:
    """Until when a piece sealed now is locked at the least: six months of footage (law: footage_retention_floor).

    `floor` replaces the months of the law, in tests and where an agency keeps longer.
    """
    if floor is not None:
        return whole_seconds(sealed_at + floor)
    return months_after(sealed_at, law.number("footage_retention_floor", day_of(sealed_at)))


def whole_seconds(moment: datetime) -> datetime:
    """The moment moved on to a whole second, since stores lock to the second and a lock is never short."""
    return moment if moment.microsecond == 0 else moment.replace(microsecond=0) + timedelta(seconds=1)


def longer_for_ever(retain_until: datetime, now: datetime, ahead: timedelta) -> datetime | None:
    """The new end of the lock of a piece that is kept for ever, or None while more than half of `ahead` is left."""
    return whole_seconds(now + ahead) if retain_until - now <= ahead / 2 else None


def must_be_reasoned(*, article: str, reason: str) -> None:
    """Every act of keeping names its basis and its reason; 档案法21 forbids to destroy on one's own authority."""
    for field, value, longest in (("article", article, LONGEST_ARTICLE), ("reason", reason, LONGEST_REASON)):
        if not 0 < len(value.strip()) <= len(value) <= longest:
            raise BadInput(field=field, reason=f"1…{longest}")


def must_be_kept(states: Collection[EvidenceState], *, erasing: bool) -> None:
    """A single piece can be held unless it is no evidence, is erased, or its erasure is approved."""
    for state in states:
        if state in (EvidenceState.QUARANTINED, EvidenceState.ERASED):
            raise EvidenceNotKept(state=state.value)
    if erasing:
        raise ErasureUnderWay()


def must_be_open(lifted_at: datetime | None, *, case_id: UUID | None) -> None:
    if lifted_at is not None:
        raise HoldAlreadyLifted()
    if case_id is not None:
        raise HoldOfCase()


def must_be_longer(until: datetime, *, law: Law, now: datetime, known: Collection[datetime]) -> None:
    """The longest rule wins: a term that adds nothing is told so. A lock cannot be undone, so no slip makes it endless.

    档案法实施条例24: what is still to be kept gets a new term; the longest one with an end (定期) is in `law`.
    """
    latest = max(known, default=now)
    if until <= max(latest, now):
        raise RetentionNotLonger(until=max(latest, now).isoformat())
    years = law.number("case_file_longest_term", day_of(now))
    if until > months_after(now, years * 12):
        raise RetentionTooLong(years=years)


def must_be_erasable(piece: Kept, *, now: datetime) -> None:
    """档案法实施条例24: only what is past its term goes; both dates past, and no hold wanted or applied."""
    if piece.state is not EvidenceState.SEALED:
        raise EvidenceNotKept(state=piece.state.value)
    if piece.erasing:
        raise ErasureApprovedAlready()
    if piece.held or piece.hold_wanted:
        raise EvidenceHeld()
    end = max(piece.retain_until, piece.retained_until)
    if now < end:
        raise EvidenceRetained(until=end.isoformat())


def must_be_another(proposed_by: UUID, approver: UUID) -> None:
    """档案法21: nobody destroys on his own authority; that two people do it is the project's way to keep that."""
    if proposed_by == approver:
        raise ErasureNeedsTwoPeople()


def wait_after(attempts: int) -> timedelta:
    """How long a worker waits after so many failed attempts: doubling, up to an hour."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_WAIT)
