"""What opening a recording asks for; pure."""

from datetime import datetime
from uuid import UUID

from storage.record.clock import from_ms
from storage.record.ledger.proofs import beacons
from storage.record.ledger.proofs.beacons import BeaconRefused, SignedBeacon
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.problems import Problem, constraint_means


class BeaconNotValid(Problem):
    """The beacon is none of this server's, or not this device's (parameter: reason)."""


class RecordingConflict(Problem):
    """This id stands for another recording already, yours or somebody else's."""


class DeviceNeeded(Problem):
    """Only an enrolled device, by which its owner is signed in, can open a recording."""


class NotOfInspection(Problem):
    """Recordings are opened by the officers of the inspection (行政处罚法42)."""


constraint_means("pk_recordings", RecordingConflict)


def must_be_a_device(device_id: UUID | None) -> UUID:
    if device_id is None:
        raise DeviceNeeded()
    return device_id


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
        raise NotOfInspection()
