"""What opening and closing a recording ask for; pure.

行政处罚法 第四十七条: the whole process is recorded and kept, so a closing says what belongs to the recording and names
each gap. 第四十二条, 第五十五条: two officers at least, with their certificates, so one signature closes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from storage.field.inspections.rules import NotAnOfficer
from storage.field.recordings.tables import RecordingState
from storage.record.clock import from_ms
from storage.record.ledger.proofs import beacons, closings, signatures
from storage.record.ledger.proofs.beacons import BeaconRefused, SignedBeacon
from storage.record.ledger.proofs.chains import Chain
from storage.record.ledger.proofs.closings import Closing
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.problems import Problem, constraint_means


class BeaconNotValid(Problem):
    """The beacon is none of this server's, or not this device's (parameter: reason)."""


class RecordingConflict(Problem):
    """This id stands for another recording already, yours or somebody else's."""


class ClosingMalformed(Problem):
    """The bytes are no canonical closing, or not of this recording and this officer (parameter: reason)."""


class ClosingSignatureWrong(Problem):
    """The officer's device did not sign these bytes as a closing, or did not co-sign the newest closing."""


class ClosingContradicts(Problem):
    """The closing says otherwise than what the record holds (行政处罚法47; parameter: reason)."""


class RecordingAlreadyClosed(Problem):
    """Two officers closed this recording; what comes later is kept and flagged, and changes no closing."""


class ClosingNotSigned(Problem):
    """There is no closing to co-sign: one officer signs first."""


class CosignerNotAnother(Problem):
    """Two different officers close, each by a device of his own (行政处罚法42; parameter: same)."""


constraint_means("pk_recordings", RecordingConflict)
constraint_means("uq_closings_closed", RecordingAlreadyClosed)


def not_before(beacon: SignedBeacon, *, device_id: UUID, keys: PublicKeys) -> datetime:
    """The earliest moment at which this recording can have begun: when the server made the beacon.

    A beacon that has run out is no reason to refuse: underground nobody could fetch another one.
    """
    try:
        found = beacons.verify_beacon(beacon, keys=keys)
    except BeaconRefused as error:
        raise BeaconNotValid(reason=str(error)) from error
    if found.device != str(device_id):
        raise BeaconNotValid(reason="it was given to another device")
    return from_ms(found.at)


def must_be_officer(is_officer: bool) -> None:
    if not is_officer:
        raise NotAnOfficer()


def must_be_a_closing(data: bytes, *, recording_id: UUID, closer_id: UUID) -> Closing:
    """The closing that these bytes are: canonical, of this recording, by this officer; each gap with its reason."""
    try:
        closing = Closing.decode(data)
    except closings.ClosingMalformed as error:
        raise ClosingMalformed(reason=str(error)) from error
    for name, found, expected in (
        ("recording", closing.recording, recording_id),
        ("closer", closing.closer, closer_id),
    ):
        if found != str(expected):
            raise ClosingMalformed(reason=f"{name} is {found}")
    return closing


def must_be_signed(data: bytes, signature: bytes, *, cosigned: bool = False, algorithm: str, public_key: bytes) -> None:
    """The officer's device signed these bytes, as a closing or as the second one under it."""
    if not signatures.verify(algorithm, public_key, "cosign" if cosigned else "closing", data, signature):
        raise ClosingSignatureWrong()


def must_be_open(closed_at: datetime | None) -> None:
    if closed_at is not None:
        raise RecordingAlreadyClosed()


def must_agree(closing: Closing, chains: Iterable[Chain], *, sealed_in_gap: tuple[UUID, int] | None) -> None:
    """行政处罚法47: the closing says what the record holds: each device's count and last statement, and every gap.

    `chains` are as the record has them, their gaps counting what was lost or quarantined as missing. `sealed_in_gap`
    is a piece (device, seq) that the closing calls missing although its original is sealed.
    """
    for contradiction in closing.contradictions(chains):
        raise ClosingContradicts(reason=contradiction)
    if sealed_in_gap is not None:
        device, seq = sealed_in_gap
        raise ClosingContradicts(reason=f"seq {seq} of device {device} is sealed, the closing calls it a gap")


def must_be_another(closer: tuple[UUID, UUID], cosigner: tuple[UUID, UUID]) -> None:
    """行政处罚法42: not the same person, and not the same device; each is (account, device)."""
    for same, first, second in zip(("officer", "device"), closer, cosigner, strict=True):
        if first == second:
            raise CosignerNotAnother(same=same)


def state_of(*, closed: bool, signed: bool) -> RecordingState:
    """How far a recording has come."""
    return RecordingState.CLOSED if closed else RecordingState.SIGNED if signed else RecordingState.OPEN
