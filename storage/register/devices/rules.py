"""What the house says about devices: who may enrol one, until when it signs, what its loss means. Pure, no I/O."""

import unicodedata
from datetime import datetime, timedelta
from uuid import UUID

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import canonical, to_base64url
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.devices.tables import Device


class DeviceConflict(Problem):
    """This id or this key stands for another device; whether own or foreign is not said."""


class DeviceKeyUnproven(Problem):
    """The signature was not made by the key that should be enrolled, for this id and this owner."""


class DeviceAlreadyLost(Problem):
    """The device was reported lost before."""


class DeviceAlreadyRevoked(Problem):
    """The device was revoked before."""


class DeviceNeeded(Problem):
    """The act takes an enrolled device of one's own, and the sign-in carries none."""


class DeviceNotValid(Problem):
    """The device was lost, revoked or past its validity at the time that what it signed names."""


constraint_means("pk_devices", DeviceConflict)
constraint_means("uq_devices_public_key", DeviceConflict)

VALIDITY = timedelta(days=2 * 365)
"""How long a key signs after its enrolment (a setting)."""
BEACONS = 10
"""How many beacons are handed out at once."""


def name_of(text: str) -> str:
    """The device's name; BadInput unless 1–60 printable characters."""
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise BadInput(field="name", reason="1-60 printable characters")
    return name


def must_be_a_key(algorithm: str, public_key: bytes) -> None:
    """BadInput unless the SPKI DER of a P-256 (ES256) or Ed25519 key."""
    if not signatures.is_public_key(algorithm, public_key):
        raise BadInput(field="publicKey", reason="SPKI DER of a P-256 key for ES256, or of an Ed25519 key")


def signed_to_enrol(*, id: UUID, owner: UUID, public_key: bytes) -> bytes:
    """What a device signs (kind "enrol") to prove that it has the key: canonical {id, key, owner}."""
    return canonical({"id": str(id), "owner": str(owner), "key": to_base64url(public_key)})


def must_possess_the_key(*, id: UUID, owner: UUID, algorithm: str, public_key: bytes, signature: bytes) -> None:
    """DeviceKeyUnproven unless the key, which must be one, signed its own enrolment for this owner."""
    must_be_a_key(algorithm, public_key)
    message = signed_to_enrol(id=id, owner=owner, public_key=public_key)
    if not signatures.verify(algorithm, public_key, "enrol", message, signature):
        raise DeviceKeyUnproven()


def must_be_the_same(device: Device | None, *, owner: UUID, algorithm: str, public_key: bytes) -> Device:
    """The device that stands under the id; DeviceConflict if it has another key or owner, or is unseen."""
    if device is None or (device.owner_id, device.algorithm, device.public_key) != (owner, algorithm, public_key):
        raise DeviceConflict()
    return device


def must_be_in_hand(device_id: UUID | None) -> UUID:
    """The device of the sign-in; DeviceNeeded if it carries none."""
    if device_id is None:
        raise DeviceNeeded()
    return device_id


def end_of(device: Device) -> datetime:
    """When the device's signatures stop to count: at its loss, its revocation or the end of its validity."""
    return min(moment for moment in (device.valid_to, device.lost_at, device.revoked_at) if moment is not None)


def may_sign_at(device: Device, moment: datetime) -> bool:
    """Whether what the device signed at this moment counts: what came before loss or revocation stays valid.

    There is no first moment: a phone's clock may be years off and is a fact, not a reason; that nothing was signed
    before enrolment follows from the beacon, which names the device.
    """
    return moment < end_of(device)


def must_sign_at(device: Device, moment: datetime) -> None:
    """DeviceNotValid unless `may_sign_at`."""
    if not may_sign_at(device, moment):
        raise DeviceNotValid()


def must_not_be_lost(device: Device) -> None:
    """DeviceAlreadyLost for a device whose loss was reported."""
    if device.lost_at is not None:
        raise DeviceAlreadyLost()


def must_not_be_revoked(device: Device) -> None:
    """DeviceAlreadyRevoked for a device that was revoked."""
    if device.revoked_at is not None:
        raise DeviceAlreadyRevoked()


def must_lie_within(lost_at: datetime, *, enrolled_at: datetime, now: datetime) -> None:
    """BadInput for a loss before the enrolment or after now."""
    if not enrolled_at <= lost_at <= now:
        raise BadInput(field="lostAt", reason="between enrolment and now")


def how_many(first: int) -> int:
    """How many beacons were asked for; BadInput unless 1–10."""
    if not 1 <= first <= BEACONS:
        raise BadInput(field="first", reason=f"1-{BEACONS}")
    return first
