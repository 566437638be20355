"""Tests of opening a recording: by an officer of the inspection, on a beacon that his device was given."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.inspections.rules import NotAnOfficer
from storage.field.recordings import operations, queries, rules
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.clock import from_ms, to_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.beacons import SignedBeacon, issue_beacons
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import perform
from storage.register.devices.rules import DeviceNeeded
from tests.factories.field import ELSEWHERE, Scene, make_phone, make_scene
from tests.factories.ledger import count, looking


def beacon(keys: KeyFolder, scene: Scene, *, device_id: UUID | None = None, hours: int = 1) -> SignedBeacon:
    """A beacon of some hours ago for the scene's first phone."""
    at = to_ms(scene.now - timedelta(hours=hours))
    return issue_beacons(keys.signer("promise"), device=str(device_id or scene.phone.id), at=at, count=1)[0]


async def open_one(record: Database, keys: KeyFolder, scene: Scene, *, actor: Actor | None = None, **call: Any) -> Any:
    """Opens a recording of the scene's inspection."""
    asked = {"id": uuid4(), "inspection_id": scene.inspection_id, "beacon": beacon(keys, scene),
             "keys": PublicKeys.parse(keys.public()), **call}  # fmt: skip
    return await perform(record, actor or scene.actor(), scene.now, operations.open_recording, **asked)


async def test_a_recording_begins_no_earlier_than_its_beacon_and_takes_the_scope_of_its_inspection(
    record: Database, database: DatabaseAddresses, keys: KeyFolder
) -> None:
    scene = await make_scene(database.superuser)
    held = beacon(keys, scene, hours=30)  # Run out: underground nobody could fetch another.
    opened = await open_one(record, keys, scene, beacon=held)
    assert opened["not_before"] == from_ms(to_ms(scene.now - timedelta(hours=30)))
    assert (opened["county"], opened["office"], opened["mine_id"]) == (scene.county, scene.office, scene.mine_id)
    assert (opened["opened_by"], opened["device_id"]) == (scene.phone.owner_id, scene.phone.id)
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT kind FROM entries") == "recording.opened"


async def test_the_same_call_again_is_the_same_recording_and_another_is_a_conflict(
    record: Database, database: DatabaseAddresses, keys: KeyFolder
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    id, held = uuid4(), beacon(keys, scene)
    first = await open_one(record, keys, scene, id=id, beacon=held)
    assert await open_one(record, keys, scene, id=id, beacon=held) == first
    with pytest.raises(rules.RecordingConflict):
        await open_one(record, keys, scene, id=id, beacon=beacon(keys, scene))
    # The same answer where the id is somebody else's and cannot be seen.
    with pytest.raises(rules.RecordingConflict):
        await open_one(record, keys, scene, id=foreign.recording_id)
    assert await count(database.superuser, "entries") == 1


async def test_beacons_of_another_device_key_or_text_are_refused(
    record: Database, database: DatabaseAddresses, keys: KeyFolder
) -> None:
    scene = await make_scene(database.superuser)
    good = beacon(keys, scene)
    other_key = issue_beacons(keys.signer("receipt"), device=str(scene.phone.id), at=to_ms(scene.now), count=1)[0]
    before_its_key = issue_beacons(keys.signer("promise"), device=str(scene.phone.id), at=0, count=1)[0]
    for wrong in (
        beacon(keys, scene, device_id=scene.phones[1].id), other_key, before_its_key,
        replace(good, signature=bytes(64)), replace(good, value=good.value.replace(b'"at"', b'"at" ')),
        replace(good, key="promise-unknown"), replace(good, value=b"\xff"),
    ):  # fmt: skip
        with pytest.raises(rules.BeaconNotValid):
            await open_one(record, keys, scene, beacon=wrong)
    assert await count(database.superuser, "entries") == 0


async def test_only_an_officer_of_the_inspection_on_a_device_opens_one(
    record: Database, database: DatabaseAddresses, keys: KeyFolder
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    async with looking(database.superuser) as sql:
        colleague = await make_phone(sql, scene)
    with pytest.raises(NotAnOfficer):
        await open_one(record, keys, scene, actor=scene.actor(colleague))
    with pytest.raises(DeviceNeeded):
        await open_one(record, keys, scene, actor=replace(scene.actor(), device_id=None))
    for unseen in (foreign.inspection_id, uuid4()):
        with pytest.raises(NotFound):
            await open_one(record, keys, scene, inspection_id=unseen)
    for role in Role:
        if Verb.RECORDING_OPEN not in ROLE_VERBS[role]:
            with pytest.raises(NotAllowed):
                await open_one(record, keys, scene, actor=scene.actor(role=role))
    assert await count(database.superuser, "entries") == 0
    assert await count(database.superuser, "recordings") == 2


async def test_recordings_of_many_inspections_come_in_one_statement_and_only_where_they_are_seen(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser, county=ELSEWHERE)
    async with record.reading(scene.actor()) as sql:
        rows = await queries.recordings_of(sql, inspection_ids=[scene.inspection_id, foreign.inspection_id], limit=5)
        assert [row["id"] for row in rows] == [scene.recording_id]
        seen = await queries.recordings_by_ids(sql, ids=[scene.recording_id, foreign.recording_id])
        assert [row["id"] for row in seen] == [scene.recording_id]
        assert await queries.recording_by_id(sql, id=foreign.recording_id) is None
