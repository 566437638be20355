"""Beacons: random bytes with the server time, held by a device, which give a recording its earliest moment."""

import re
import secrets
from dataclasses import dataclass

from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import NotCanonical, canonical, is_integer, is_uuid, parse_canonical
from storage.record.ledger.proofs.keys import KeyRefused, PublicKeys
from storage.record.ledger.proofs.signatures import Signer

VERSION = signatures.DOMAINS["beacon"]
VALIDITY = 24 * 3_600_000
"""Milliseconds for which a beacon may open a recording."""
LIMIT = 256
"""The most bytes that a beacon may have."""

_MEMBERS = {"v", "id", "device", "at", "until"}
_ID = re.compile(r"[0-9a-f]{32}")


class BeaconRefused(ValueError):
    """The bytes are no beacon of this server; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class SignedBeacon:
    """A beacon as it is handed out: its canonical bytes, the id of the promise key, the signature (64 raw bytes)."""

    value: bytes
    key: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Beacon:
    """What a beacon says: 16 random bytes in hex, the device it was given to, and its times (ms since 1970 UTC)."""

    id: str
    device: str
    at: int
    until: int


def issue_beacons(signer: Signer, *, device: str, at: int, count: int) -> list[SignedBeacon]:
    """`count` fresh beacons for one device, signed by the promise key; they differ in their random bytes only."""
    values = [
        canonical({"v": VERSION, "id": secrets.token_hex(16), "device": device, "at": at, "until": at + VALIDITY})
        for _ in range(count)
    ]
    return [SignedBeacon(one, signer.id, signer.sign(signatures.signing_input("beacon", one))) for one in values]


def verify_beacon(signed: SignedBeacon, *, keys: PublicKeys) -> Beacon:
    """What the beacon says, if a promise key that was valid at its time signed it; BeaconRefused otherwise.

    Whether it is this recording's device, and still valid when the recording opened, is for the caller to compare.
    """
    beacon = _decode(signed.value)
    try:
        key = keys.key(signed.key)
    except KeyRefused as error:
        raise BeaconRefused(str(error)) from error
    if key.name != "promise" or not key.valid_at(beacon.at):
        raise BeaconRefused(f"{key.id} is no promise key that was valid then")
    if not signatures.verify(key.algorithm, key.public, "beacon", signed.value, signed.signature):
        raise BeaconRefused(f"the signature is not one of {key.id} over this beacon")
    return beacon


def _decode(value: bytes) -> Beacon:
    try:
        members = parse_canonical(value, LIMIT)
    except NotCanonical as error:
        raise BeaconRefused(str(error)) from error
    if members.keys() != _MEMBERS or members["v"] != VERSION:
        raise BeaconRefused(f"not an object of v ({VERSION}), id, device, at and until")
    id, device, at, until = members["id"], members["device"], members["at"], members["until"]
    if type(id) is not str or not _ID.fullmatch(id) or not is_uuid(device):
        raise BeaconRefused("id is not 16 bytes in hex, or device no lower-case UUID")
    if not is_integer(at) or not is_integer(until, at_least=at):
        raise BeaconRefused("at or until is no time, or it ends before it begins")
    return Beacon(id, device, at, until)
