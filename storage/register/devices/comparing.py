"""What the entries say of devices and their keys, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.entries import Entry


def _expected(said: Sequence[Entry]) -> Expected:
    enrolled, lost = said[0], last_of(said, "device.lost")
    return {
        "owner_id": enrolled.data["owner"],
        "kind": enrolled.data["kind"],
        "algorithm": enrolled.data["algorithm"],
        "public_key": from_base64url(enrolled.data["key"]),
        "valid_to": moment(enrolled.data["valid_to"]),
        "enrolled_at": moment(enrolled.at),
        "lost_at": None if lost is None else moment(lost.data["lost_at"]),
        "revoked_at": time_of(said, "device.revoked"),
    }


DEVICES = Comparison("devices", "device.enrolled", _expected, ("device.lost", "device.revoked"))
