"""Tests that a verb reads only within the reach of the roles that carry it, whatever other roles let one see."""

from uuid import UUID

import pytest

from graphql_schema.pages import global_id
from storage.field.evidence import operations
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.database import Database
from storage.record.work import perform
from tests.factories.field import HERE, Scene, make_scene
from tests.graphql_schema.asking import ask
from tests.servers import DatabaseAddresses

ELSEWHERE = "520524"
EVIDENCE = "query ($ids: [UUID!]!) { evidence(ids: $ids) { uuid receipt } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"


def two_hats(scene: Scene, role: Role) -> Actor:
    """The scene's officer, who inspects elsewhere and holds another role here."""
    grants = (
        Grant(Role.INSPECTOR, Reach(counties=frozenset({ELSEWHERE}))),
        Grant(role, Reach(counties=frozenset({HERE}))),
    )
    return Actor(scene.phone.owner_id, None, scene.phone.id, grants, reach_of(grants))


async def declared(record: Database, scene: Scene) -> UUID:
    item = scene.item()
    await perform(
        record, scene.actor(), scene.now, operations.declare_evidence, recording_id=scene.recording_id,
        device_id=scene.phone.id, items=[item],
    )  # fmt: skip
    return item.id


async def test_evidence_is_not_read_by_the_sight_of_a_role_that_may_not_read_it(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    id = await declared(record, scene)
    for role, seen in ((Role.DUTY_OFFICER, False), (Role.AGENCY_HEAD, True)):
        told = await ask(record, two_hats(scene, role), EVIDENCE, ids=[str(id)])
        assert [one is not None for one in told["evidence"]] == [seen]


@pytest.mark.parametrize(
    ("kind", "role"),
    [("Recording", Role.DUTY_OFFICER), ("Evidence", Role.DUTY_OFFICER), ("Inspection", Role.MINER)],
)
async def test_a_node_is_not_seen_by_the_sight_of_a_role_that_may_not_read_it(
    record: Database, database: DatabaseAddresses, kind: str, role: Role
) -> None:
    scene = await make_scene(database.superuser)
    ids = {
        "Recording": scene.recording_id,
        "Evidence": await declared(record, scene),
        "Inspection": scene.inspection_id,
    }
    for held, seen in ((role, False), (Role.AGENCY_HEAD, True)):
        told = await ask(record, two_hats(scene, held), NODE, id=global_id(kind, ids[kind]))
        assert (told["node"] is not None) is seen


async def test_the_device_of_another_is_seen_by_whoever_reads_his_account(
    record: Database, database: DatabaseAddresses
) -> None:
    scene = await make_scene(database.superuser)
    other = scene.phones[1]
    for role, seen in ((Role.MINER, False), (Role.AGENCY_HEAD, True)):
        actor = scene.actor(role=role)
        for phone, expected in ((other, seen), (scene.phone, True)):
            told = await ask(record, actor, NODE, id=global_id("Device", phone.id))
            assert (told["node"] is not None) is expected
