"""What the law and the protocol ask of reports; pure: each rule raises its Problem or says nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.miners.reports.tables import ReceiptForm, ReportKind, ReportMode, ReportStepKind, ReportWhen
from storage.record.actor import Role, Verb
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.ledger.proofs.reports import files, messages, receipts, signing, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed
from storage.record.problems import BadInput, Problem, constraint_means

WRAP_SIZE = wraps.WRAP_SIZE
MOST_FILES = messages.FILES
MOST_FILES_WAITING = 3 * MOST_FILES
"""Under one locator, of whatever messages: a message that never comes keeps nothing for long."""
MOST_WAITING = 20
MOST_MESSAGES = 200
"""Of one thread, waiting for the hour and altogether: a thread is read whole, and must not fill the house."""
LARGEST_FILE = files.encrypted_size(files.FRAMES_AT_MOST)
LONGEST_REASON = 500
LETTERS: Mapping[ReceiptForm, receipts.Form] = {ReceiptForm.DIGITS: "D", ReceiptForm.WORDS: "W"}
TRANSITIONS: Mapping[ReportStepKind, tuple[frozenset[ReportStepKind], Verb]] = {
    ReportStepKind.ACCEPTED: (frozenset({ReportStepKind.FILED}), Verb.REPORT_ACCEPT),
    ReportStepKind.NOT_ACCEPTED: (frozenset({ReportStepKind.FILED}), Verb.REPORT_ACCEPT),
    ReportStepKind.PASSED_ON: (frozenset({ReportStepKind.FILED, ReportStepKind.ACCEPTED}), Verb.REPORT_ACCEPT),
    ReportStepKind.VERIFYING: (frozenset({ReportStepKind.ACCEPTED}), Verb.REPORT_VERIFY),
    ReportStepKind.SUBSTANTIATED: (frozenset({ReportStepKind.VERIFYING}), Verb.REPORT_VERIFY),
    ReportStepKind.UNSUBSTANTIATED: (frozenset({ReportStepKind.VERIFYING}), Verb.REPORT_VERIFY),
    ReportStepKind.FED_BACK: (
        frozenset({ReportStepKind.SUBSTANTIATED, ReportStepKind.UNSUBSTANTIATED}), Verb.REPORT_VERIFY,
    ),
    ReportStepKind.ENDED: (
        frozenset({ReportStepKind.FED_BACK, ReportStepKind.NOT_ACCEPTED, ReportStepKind.PASSED_ON}),
        Verb.REPORT_ACCEPT,
    ),
}  # fmt: skip
"""From where each step is taken, and by whom: 受理 takes in and closes, 核查 verifies and tells the outcome."""
UNANSWERED = (ReportStepKind.FILED, ReportStepKind.ACCEPTED, ReportStepKind.VERIFYING)
"""In which states what was urgent still is: what was found out, passed on or told presses nobody any more."""
_HANDS: Mapping[Verb, frozenset[ReportStepKind]] = {
    Verb.REPORT_ACCEPT: frozenset(kind for kind, (_, verb) in TRANSITIONS.items() if verb is Verb.REPORT_ACCEPT),
    Verb.REPORT_VERIFY: frozenset(kind for kind, (_, verb) in TRANSITIONS.items() if verb is Verb.REPORT_VERIFY),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A key that opens a thread, and by which part its owner is of the desks; of both there are two."""

    key_id: UUID
    account_id: UUID
    public_key: bytes
    role: Role


class ReceiptNotKnown(Problem):
    """The receipt opens nothing: whether its locator is in use is not said."""


class ReservationOver(Problem):
    """The reservation of the locator has ended, was not made here, or was used; nothing was filed."""


class MessageIdReused(Problem):
    """The same message id came before with other bytes."""


class WorkNeeded(Problem):
    """So much comes in that a proof of work is asked for: so many leading zero bits (parameter: bits)."""


class TooManyTries(Problem):
    """Too many tries came from one place within the hour; nothing was looked at."""


class RecipientsChanged(Problem):
    """A key was wrapped for that is not, or no more, in use here: ask for the recipients again."""


class NotWrappedForAll(Problem):
    """Not every competent recipient, or not the reporter himself, can open what was sent."""


class NobodyReceives(Problem):
    """No officer who is competent for this mine has a report key yet: nothing could be opened by anybody."""


class MessageTooLarge(Problem):
    """A message or file is larger than one takes, or not padded to a size of the protocol (parameter: most)."""


class FileUnfit(Problem):
    """A file is not whole frames, was not sent before its message, or is named twice."""


class KeyNotYours(Problem):
    """The key is not yours, or no more in use."""


class NotTheSamePerson(Problem):
    """受理, 核查 and 奖励 of one report are never one person: you had another part in this one."""


class SecondPersonNeeded(Problem):
    """Whoever asks to open an identity never releases it himself."""


class StepOutOfTurn(Problem):
    """The report is not where this step begins (parameter: state)."""


class NoIdentity(Problem):
    """The report has no identity that is locked away, or it was released for you already."""


for _part in range(16):  # PostgreSQL names the index of each partition by itself.
    constraint_means(f"filings_part_{_part:02d}_form_locator_idx", ReservationOver)
constraint_means("pk_report_messages", MessageIdReused)
constraint_means("uq_report_keys_in_use", KeyNotYours)


def must_be_padded(ciphertext: bytes) -> None:
    """A message has one of four sizes, so that its size says nothing."""
    if len(ciphertext) not in messages.ENCRYPTED_SIZES:
        raise MessageTooLarge(most=messages.ENCRYPTED_SIZES[-1])


def must_be_frames(body: bytes) -> int:
    """A file is 2^k whole frames behind its nonce; returns how many."""
    if len(body) > LARGEST_FILE:
        raise MessageTooLarge(most=LARGEST_FILE)
    try:
        return files.frames_of(len(body))
    except ReportMalformed as error:
        raise FileUnfit() from error


def must_be_box_key(public: bytes, *, field: str) -> None:
    """A public key of X25519 to wrap for."""
    try:
        wraps.box_key(public)
    except ReportMalformed as error:
        raise BadInput(field=field, reason="X25519, 32 bytes") from error


def must_be_keys(*, box: bytes, login: bytes, claim: bytes) -> None:
    """Public keys of the right kinds, and none under which anything verifies or everybody shares a secret."""
    must_be_box_key(box, field="boxKey")
    for name, key in (("loginKey", login), ("claimKey", claim)):
        if not signing.is_signing_key(key):
            raise BadInput(field=name, reason="Ed25519, 32 bytes")


def must_leave_room(*, sent: int, waiting: int) -> None:
    """A message has ten files at most, and a locator keeps no more than three such messages waiting."""
    if sent >= MOST_FILES:
        raise MessageTooLarge(most=MOST_FILES)
    if waiting >= MOST_FILES_WAITING:
        raise TooManyTries()


def must_be_few(waiting: int, stored: int) -> None:
    """One thread takes so many messages an hour and altogether; else TooManyTries."""
    if waiting >= MOST_WAITING or waiting + stored >= MOST_MESSAGES:
        raise TooManyTries()


def must_be_files(named: Sequence[UUID], sent: Iterable[UUID]) -> None:
    """Every file that a message names was sent before it, once, ten at most."""
    if len(named) > MOST_FILES:
        raise MessageTooLarge(most=MOST_FILES)
    if len(set(named)) != len(named) or set(named) - set(sent):
        raise FileUnfit()


def must_be_wrapped(given: Mapping[UUID, bytes], *, needed: Iterable[UUID], known: Iterable[UUID]) -> None:
    """For all who must open it, and for nobody else."""
    if any(len(wrapped) != WRAP_SIZE for wrapped in given.values()):
        raise BadInput(field="wraps", reason=f"{WRAP_SIZE} bytes each")
    if given.keys() - set(known):
        raise RecipientsChanged()
    if set(needed) - given.keys():
        raise NotWrappedForAll()


def must_fit_together(
    kind: ReportKind, mode: ReportMode, acted_on: ReportWhen, *, condition: bool, identity: bool
) -> None:
    """A condition stands in plain in an open refusal alone; who is anonymous sends no identity, who is not does."""
    if condition != (kind is ReportKind.REFUSAL and acted_on is ReportWhen.NOW):
        raise BadInput(field="condition", reason="of a refusal now and openly, and of nothing else")
    if identity != (mode is not ReportMode.ANONYMOUS):
        raise BadInput(field="identity", reason="of who is named or leaves a contact, and of nobody else")


def readers_of_reply(holders: Iterable[Holder], *, verifies: bool) -> set[UUID]:
    """Whose keys open what a desk writes: what is said goes forward with the thread, and never back.

    What 受理 writes, its colleagues read who hold the thread, so that whoever of them hands it over hands over all of
    it; and 核查 from the hand-over on, which answers for it then. What 核查 writes, 核查 alone reads.
    """
    parts = {Role.REPORT_VERIFICATION} if verifies else {Role.REPORT_INTAKE, Role.REPORT_VERIFICATION}
    return {one.key_id for one in holders if one.role in parts}


def must_follow(kind: ReportStepKind, state: ReportStepKind) -> Verb:
    """A step is taken from where it begins; returns by which verb."""
    begins, verb = TRANSITIONS.get(kind, (frozenset(), Verb.REPORT_ACCEPT))
    if state not in begins:
        raise StepOutOfTurn(state=state.value)
    return verb


def must_be_another(verb: Verb, account: UUID, taken: Iterable[tuple[ReportStepKind, UUID]]) -> None:
    """三专联锁: whoever had another part in this report, has none in this one (实施细则 R2)."""
    others = set().union(*(kinds for part, kinds in _HANDS.items() if part is not verb))
    if any(who == account and kind in others for kind, who in taken):
        raise NotTheSamePerson()


def is_urgent(kind: ReportKind, acted_on: ReportWhen, *, danger_to_life: bool) -> bool:
    """Whether it does not wait for the hour: an open refusal, retaliation, danger to life."""
    return (
        danger_to_life or kind is ReportKind.RETALIATION or (kind is ReportKind.REFUSAL and acted_on is ReportWhen.NOW)
    )


def locator_of(form: ReceiptForm, text: str) -> str:
    """A locator as it is compared; BadInput for what none can be, whether used or not."""
    try:
        return receipts.must_be_locator(LETTERS[form], text)
    except ReportMalformed as error:
        raise BadInput(field="locator", reason="six digits, or two words of two characters") from error


def asks_due(law: Law, hour: datetime | None, *, now: datetime) -> list[int]:
    """After how many days he was to be asked how he fares, as far as they are past (R1: 定期回访)."""
    if hour is None:
        return []
    began, today = day_of(hour), day_of(now)
    return [int(days) for days in law.listed("report_follow_ups", began) if (today - began).days >= int(days)]
