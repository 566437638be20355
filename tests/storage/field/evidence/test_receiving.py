"""Tests of telling that bytes have arrived: the store is asked, and its version is pinned."""

from dataclasses import replace
from uuid import uuid4

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.field.evidence import rules
from storage.field.evidence.operations import Arrival
from storage.field.evidence.tables import EvidenceState
from storage.record.actor import Role
from storage.record.database import Database
from storage.record.objects import Objects, Stored
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import perform
from tests.factories.evidence import complete, declared, receive, send, signed_put
from tests.factories.field import PHOTO, make_scene
from tests.factories.ledger import count, looking


async def test_the_version_in_the_store_is_pinned_with_an_entry(
    record: Database, database: DatabaseAddresses, objects: Objects
) -> None:
    scene = await make_scene(database.superuser)
    pieces = await declared(record, scene, PHOTO, PHOTO + b"2")
    assert send(signed_put(objects, pieces[0]), PHOTO) == 200
    answers = await complete(record, objects, scene, [piece.id for piece in pieces])
    assert answers[0] == EvidenceState.RECEIVED
    assert isinstance(answers[1], rules.NotUploaded)
    stored = objects.find(pieces[0].object_name)
    assert stored is not None
    async with looking(database.superuser) as sql:
        rows = await sql.fetch("SELECT state, object_version, received_at FROM evidence ORDER BY seq")
        assert tuple(rows[0]) == ("RECEIVED", stored.version, scene.now)
        assert tuple(rows[1]) == ("DECLARED", None, None)
        kinds = await sql.fetch("SELECT kind FROM entries WHERE kind = 'evidence.received'")
        assert len(kinds) == 1


async def test_telling_it_again_changes_nothing(
    record: Database, database: DatabaseAddresses, objects: Objects
) -> None:
    scene = await make_scene(database.superuser)
    (piece,) = await declared(record, scene)
    assert send(signed_put(objects, piece), PHOTO) == 200
    for _ in range(2):
        assert await complete(record, objects, scene, [piece.id, piece.id]) == [EvidenceState.RECEIVED] * 2
    # Two that looked at the same moment: the second finds it received, and its version is not exchanged.
    late = Arrival(piece.id, piece.object_name, Stored("another", 1))
    assert await receive(record, scene, [late]) == [EvidenceState.RECEIVED]
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT object_version FROM evidence") != "another"
    assert await count(database.superuser, "entries") == 2


async def test_pieces_of_others_are_not_found_and_block_nothing(record: Database, database: DatabaseAddresses) -> None:
    scene, foreign = await make_scene(database.superuser), await make_scene(database.superuser)
    (mine,), (theirs,) = await declared(record, scene), await declared(record, foreign)
    arrivals = [Arrival(id, "name", Stored("v", 1)) for id in (theirs.id, uuid4(), mine.id)]
    answers = await receive(record, scene, arrivals)
    assert [type(answer) for answer in answers] == [NotFound, NotFound, EvidenceState]
    async with looking(database.superuser) as sql:
        assert await sql.fetchval("SELECT state FROM evidence WHERE id = $1", theirs.id) == "DECLARED"


async def test_who_lost_the_verb_is_answered_for_each_piece_and_receives_none(
    record: Database, database: DatabaseAddresses
) -> None:
    from storage.field.evidence import operations

    scene = await make_scene(database.superuser)
    (piece,) = await declared(record, scene)
    answers = await perform(
        record, scene.actor(role=Role.AUDITOR), scene.now, operations.record_receipt, ids=[piece.id],
        arrivals=[Arrival(piece.id, piece.object_name, Stored("v", 1))],
    )  # fmt: skip
    assert [type(answer) for answer in answers] == [NotAllowed]
    assert await count(database.superuser, "entries") == 1


@pytest.mark.parametrize("many", [0, 101])
async def test_batches_are_bounded(record: Database, database: DatabaseAddresses, objects: Objects, many: int) -> None:
    scene = await make_scene(database.superuser)
    with pytest.raises((rules.BatchEmpty, rules.BatchTooLarge)):
        await complete(record, objects, scene, [uuid4()] * many)
    with pytest.raises((rules.BatchEmpty, rules.BatchTooLarge)):
        await receive(record, scene, [Arrival(uuid4(), "name", None)] * many)


async def test_a_store_of_its_own_mind_is_not_believed_without_bytes(
    record: Database, database: DatabaseAddresses, objects: Objects
) -> None:
    scene = await make_scene(database.superuser)
    (piece,) = await declared(record, scene)
    request = signed_put(objects, piece)
    assert send(request, PHOTO[::-1]) == 400
    (answer,) = await complete(record, objects, scene, [piece.id])
    assert isinstance(answer, rules.NotUploaded)
    assert send(request, PHOTO) == 200
    assert send(request, PHOTO) == 412
    assert await complete(record, objects, scene, [piece.id]) == [EvidenceState.RECEIVED]
    assert send(replace(request), PHOTO) == 412
