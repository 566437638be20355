"""Tests of devices and beacons in GraphQL."""

from typing import Any
from uuid import uuid4

import pytest

from graphql_schema.pages import global_id
from graphql_schema.scalars import read_base64, write_base64, write_time
from storage.record.actor import Role
from storage.record.ledger.proofs import beacons
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.register.devices import rules
from tests.factories.people import THE_THREE, People, new_key, sign
from tests.graphql_schema.register.conftest import Voice

DEVICE = "device { id uuid ownerId kind name algorithm publicKey enrolledAt validTo lostAt revokedAt }"
BEACONS = """query($id: UUID!, $first: Int! = 10) {
  beacons(deviceId: $id, first: $first) { id beacon: value key signature at until } }"""


@pytest.mark.parametrize("algorithm", ["ES256", "ED25519"])
async def test_a_device_is_enrolled_listed_and_reported_lost(voice: Voice, people: People, algorithm: str) -> None:
    actor, key, id = await people.someone("officer"), new_key("Ed25519" if algorithm == "ED25519" else "ES256"), uuid4()
    message = rules.signed_to_enrol(id=id, owner=actor.account_id, public_key=key.public)
    given: dict[str, Any] = {
        "id": str(id), "kind": "PHONE", "name": "手机", "algorithm": algorithm, "publicKey": write_base64(key.public),
        "signature": write_base64(sign(key, "enrol", message)), "bindSession": False,
    }  # fmt: skip
    enrolled = (await voice.acts("enrolDevice", DEVICE, actor, **given))["device"]
    assert enrolled["uuid"] == str(id)
    assert enrolled["algorithm"] == algorithm
    assert enrolled["ownerId"] == global_id("Account", actor.account_id)
    assert (await voice.acts("enrolDevice", DEVICE, actor, **given))["device"] == enrolled
    listed = await voice.asks("{ viewer { devices { edges { node { id } } } } }", actor)
    assert [edge["node"]["id"] for edge in listed["data"]["viewer"]["devices"]["edges"]] == [enrolled["id"]]
    people.passes(hours=1)
    loss = {"operationId": str(uuid4()), "deviceId": str(id), "lostAt": write_time(people.now)}
    for _ in range(2):
        lost = await voice.acts("reportDeviceLost", DEVICE, actor, **loss)
        assert lost["device"]["lostAt"] == write_time(people.now)
    refused = await voice.asks(BEACONS, actor, id=str(id))
    assert refused["errors"][0]["extensions"]["code"] == "DEVICE_NOT_VALID"


async def test_a_device_is_revoked_by_the_security_administrator_only(voice: Voice, people: People) -> None:
    actor = await people.someone("officer")
    device = await people.enrols(actor, bind_session=False)
    given = {"operationId": str(uuid4()), "deviceId": str(device.id), "reason": "调离执法岗位"}
    denied = await voice.acts("revokeDevice", DEVICE, actor, **given)
    assert denied == {"device": None, "problem": {"code": "NOT_ALLOWED"}}
    security = await people.administrator(THE_THREE[1])
    assert (await voice.acts("revokeDevice", DEVICE, security, **given))["device"]["revokedAt"]


async def test_beacons_are_signed_for_ones_own_device(voice: Voice, people: People) -> None:
    actor, other = await people.someone("officer"), await people.someone("colleague")
    device = await people.enrols(actor, bind_session=False)
    made = (await voice.asks(BEACONS, actor, id=str(device.id), first=3))["data"]["beacons"]
    assert len({one["id"] for one in made}) == 3
    for one in made:
        signed = SignedBeacon(read_base64(one["beacon"]), one["key"], read_base64(one["signature"]))
        found = beacons.verify_beacon(signed, keys=voice.keys)
        assert found.device == str(device.id)
        assert found.until - found.at == beacons.VALIDITY
    for asker, first, code in ((other, 3, "NOT_FOUND"), (actor, 11, "BAD_INPUT"), (actor, 0, "BAD_INPUT")):
        told = await voice.asks(BEACONS, asker, id=str(device.id), first=first)
        assert told["errors"][0]["extensions"]["code"] == code


async def test_a_device_is_a_node_for_its_owner_and_nobody_far_away(voice: Voice, people: People) -> None:
    actor, far = await people.someone("officer"), await people.someone("far", Role.LEAD, county="520302")
    device = await people.enrols(actor, bind_session=False)
    text = "query($id: ID!) { node(id: $id) { ... on Device { name } } }"
    id = global_id("Device", device.id)
    assert (await voice.asks(text, actor, id=id))["data"]["node"] == {"name": "phone"}
    assert (await voice.asks(text, far, id=id))["data"]["node"] is None
