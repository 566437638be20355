"""Tests of beacons: who signed them, for which device, and that nothing else passes for one."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.record.ledger.proofs import beacons, signatures
from storage.record.ledger.proofs.beacons import BeaconRefused, SignedBeacon
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.keys import GRACE, PublicKey, PublicKeys, key_id
from storage.record.ledger.proofs.signatures import Signer

pytestmark = pytest.mark.quick
AT = 1_790_000_000_000
DEVICE = str(uuid4())


def made(name: str = "promise") -> tuple[Signer, PublicKey]:
    """A signer and its public half, in use from AT."""
    signer = signatures.signer(Ed25519PrivateKey.generate(), id="")
    id = key_id(name, signer.public)
    return replace(signer, id=id), PublicKey(id=id, name=name, algorithm="Ed25519", public=signer.public, since=AT)


SIGNER, PUBLIC = made()
OTHER, OTHER_PUBLIC = made("token")
KEYS = PublicKeys("test.invalid/log", {one.id: one for one in (PUBLIC, OTHER_PUBLIC)})


def issued(*, at: int = AT) -> SignedBeacon:
    return beacons.issue_beacons(SIGNER, device=DEVICE, at=at, count=1)[0]


def forged(**members: object) -> SignedBeacon:
    """Other members, signed by the right key."""
    whole = json.loads(issued().value) | members
    value = canonical({name: item for name, item in whole.items() if item is not None})
    return SignedBeacon(value, SIGNER.id, SIGNER.sign(signatures.signing_input("beacon", value)))


def test_beacons_name_their_device_and_last_a_day() -> None:
    ten = beacons.issue_beacons(SIGNER, device=DEVICE, at=AT, count=10)
    found = [beacons.verify_beacon(one, keys=KEYS) for one in ten]
    assert len({one.id for one in found}) == 10
    assert {(one.device, one.at, one.until) for one in found} == {(DEVICE, AT, AT + 86_400_000)}
    assert all(len(one.value) <= beacons.LIMIT for one in ten)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(replace(issued(), key="promise-00000000"), id="unknown key"),
        pytest.param(replace(issued(), key=OTHER.id), id="another key's name"),
        pytest.param(replace(issued(), signature=bytes(64)), id="no signature"),
        pytest.param(replace(issued(), signature=issued().signature), id="another beacon's signature"),
        pytest.param(
            replace(issued(), value=issued().value.replace(DEVICE.encode(), str(uuid4()).encode())), id="device"
        ),
        pytest.param(replace(issued(), value=b" " + issued().value), id="not canonical"),
        pytest.param(replace(issued(), value=b"[]"), id="no object"),
        pytest.param(issued(at=AT - GRACE - 1), id="before its key"),
        pytest.param(forged(v="pithead/beacon/2"), id="version"),
        pytest.param(forged(more=1), id="unknown member"),
        pytest.param(forged(until=None), id="missing member"),
        pytest.param(forged(id="ab"), id="short id"),
        pytest.param(forged(device="phone"), id="no device id"),
        pytest.param(forged(at="1"), id="a time that is text"),
        pytest.param(forged(until=AT - 1), id="ends before it begins"),
    ],
)
def test_nothing_else_passes_for_a_beacon(given: SignedBeacon) -> None:
    with pytest.raises(BeaconRefused):
        beacons.verify_beacon(given, keys=KEYS)


def test_a_signature_of_another_kind_is_none() -> None:
    one = issued()
    for kind in signatures.DOMAINS.keys() - {"beacon"}:
        signature = SIGNER.sign(signatures.signing_input(kind, one.value))
        with pytest.raises(BeaconRefused):
            beacons.verify_beacon(replace(one, signature=signature), keys=KEYS)


def test_a_key_of_another_name_makes_none() -> None:
    one = beacons.issue_beacons(OTHER, device=DEVICE, at=AT, count=1)[0]
    with pytest.raises(BeaconRefused):
        beacons.verify_beacon(one, keys=KEYS)
