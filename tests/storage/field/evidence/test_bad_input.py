"""Bad input that no other file of tests has: doubles of one MD5, polyglots, cut films, servers down or full."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import md5, sha256
from typing import Any

import pytest

from api.embedded.postgres import DatabaseAddresses
from api.worker import SealingWorker
from storage.field.evidence import operations, rules, uploading
from storage.record import multipart
from storage.record.actor import Reach
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.objects import Objects
from storage.record.problems import NotFound
from storage.record.work import perform
from tests.factories.evidence import declare, declared
from tests.factories.field import make_scene
from tests.factories.ledger import count, looking
from tests.factories.media import jpeg
from tests.storage.field.evidence.sending import DECLARE, Sending, film, part, send

# Two blocks of one MD5 (Wang, Feng, Lai, Yu: Collisions for Hash Functions, 2004): six bits differ.
ONE = bytes.fromhex(
    "d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f8955ad340609f4b30283e488832571415a"
    "085125e8f7cdc99fd91dbdf280373c5bd8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0"
    "e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70"
)
DOUBLE = bytes.fromhex(
    "d131dd02c5e6eec4693d9a0698aff95c2fcab50712467eab4004583eb8fb7f8955ad340609f4b30283e4888325f1415a"
    "085125e8f7cdc99fd91dbd7280373c5bd8823e3156348f5bae6dacd436c919c6dd53e23487da03fd02396306d248cda0"
    "e99f33420f577ee8ce54b67080280d1ec69821bcb6a8839396f965ab6ff72a70"
)
FLOOR = timedelta(minutes=1)
TRACES = ("evidence", "statements", "entries", "payloads", "unsequenced", "chains")


async def row_of(database: DatabaseAddresses, id: Any) -> Any:
    async with looking(database.superuser) as sql:
        return await sql.fetchrow("SELECT * FROM evidence WHERE id = $1", id)


async def stored(database: DatabaseAddresses) -> list[int]:
    return [await count(database.superuser, table) for table in TRACES]


async def test_two_files_of_one_md5_are_two_pieces_and_neither_comes_in_by_the_others_request(
    sending: Sending, database: DatabaseAddresses, objects: Objects
) -> None:
    assert (md5(ONE, usedforsecurity=False).digest(), len(ONE)) == (
        md5(DOUBLE, usedforsecurity=False).digest(), len(DOUBLE)
    )  # fmt: skip
    first, second = sending.scene.chain([ONE, DOUBLE])
    answers = await sending.declare(first, second)
    assert await send(answers[0]["upload"], DOUBLE) == 400
    assert await send(answers[1]["upload"], ONE) == 400
    for item, answer, body in ((first, answers[0], ONE), (second, answers[1], DOUBLE)):
        assert await send(answer["upload"], body) == 200
        assert (await sending.complete_single(item.id))["state"] == "RECEIVED"
        row = await row_of(database, item.id)
        assert b"".join(objects.read(row["object_name"], row["object_version"])) == body
        assert row["sha256"] == sha256(body).digest()


@pytest.mark.parametrize(
    ("body", "media_type", "state", "reason"),
    [
        (jpeg() + b"PK\x03\x04<script>alert(1)</script>", "image/jpeg", "SEALED", None),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x0f\x00\x00moov\x00\x00", "video/mp4", "SEALED", None),
        (b"%PDF-1.7\n" + jpeg(), "image/jpeg", "QUARANTINED", "TYPE_NOT_TAKEN"),
        (b"<html>" + jpeg(), "image/jpeg", "QUARANTINED", "TYPE_NOT_TAKEN"),
        (b"\x00\x00\x00\x18ftypmp42" + jpeg(), "image/jpeg", "QUARANTINED", "TYPE_DIFFERS"),
    ],
)  # fmt: skip
async def test_polyglots_and_cut_films_are_what_they_begin_as_and_kept_to_the_byte(
    sending: Sending, database: DatabaseAddresses, workers: Database, objects: Objects, body: bytes, media_type: str,
    state: str, reason: str | None,
) -> None:  # fmt: skip
    item = sending.scene.item(body=body, type=media_type)
    (answer,) = await sending.declare(item)
    assert await send(answer["upload"], body) == 200
    await sending.complete_single(item.id)
    assert await SealingWorker(workers, objects, FLOOR).turn()
    row = await row_of(database, item.id)
    assert (row["state"], row["quarantine_reason"]) == (state, reason)
    assert b"".join(objects.read(row["object_name"], row["object_version"])) == body


async def test_the_token_of_another_mine_finds_neither_the_recording_nor_the_piece(
    record: Database, database: DatabaseAddresses
) -> None:
    scene, other = await make_scene(database.superuser), await make_scene(database.superuser)
    (piece,) = await declared(record, scene)
    before = await stored(database)
    stranger = scene.actor(reach=Reach(mines=frozenset({other.mine_id})))
    with pytest.raises(NotFound):
        await declare(record, scene, [scene.item(seq=1)], actor=stranger)
    (answer,) = await perform(
        record, stranger, scene.now, operations.record_receipt, ids=[piece.id], arrivals=[]
    )  # fmt: skip
    assert isinstance(answer, NotFound)
    assert await stored(database) == before


async def test_a_database_that_is_down_is_said_and_the_same_call_is_safe_later(
    sending: Sending, database: DatabaseAddresses
) -> None:
    nowhere = Database("postgresql://pithead_api:a@127.0.0.1:9/none", pool_size=1)
    down, item = replace(sending, database=nowhere), sending.scene.item()
    assert await whole_code(down, item) == "TRY_AGAIN"
    assert (await down.complete_single(item.id))["problem"]["code"] == "TRY_AGAIN"
    await nowhere.close()
    (answer,) = await sending.declare(item)
    assert (answer["state"], answer["known"]) == ("DECLARED", False)


async def whole_code(sending: Sending, item: Any) -> str:
    """The code of a declaration that was refused as a whole."""
    told = {"id": str(item.id), "statement": to_base64url(item.statement), "signature": to_base64url(item.signature)}
    ids = {"recordingId": str(sending.scene.recording_id), "deviceId": str(sending.scene.phone.id)}
    payload = await sending.ask(DECLARE, input={**ids, "items": [told], "uploadAs": "PUT"})
    return str(payload["problem"]["code"])


@asynccontextmanager
async def full(superuser: str, table: str) -> AsyncIterator[None]:
    """Within it the server answers what it answers when it cannot lengthen this table's file (SQLSTATE 53100)."""
    async with looking(superuser) as sql:
        await sql.execute(
            "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;"
            f" CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
        )
        try:
            yield
        finally:
            await sql.execute(f"DROP TRIGGER full_disk ON {table}")


@pytest.mark.parametrize("table", ["evidence", "statements", "payloads", "unsequenced"])
async def test_a_full_disk_is_said_and_nothing_is_stored_half(
    sending: Sending, database: DatabaseAddresses, table: str
) -> None:
    item, before = sending.scene.item(), await stored(database)
    async with full(database.superuser, table):
        assert await whole_code(sending, item) == "TRY_AGAIN"
    assert await stored(database) == before
    (answer,) = await sending.declare(item)
    assert answer["state"] == "DECLARED"


async def test_two_that_complete_one_upload_at_once_are_both_told_that_it_is_received(
    sending: Sending, database: DatabaseAddresses, objects: Objects
) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    for number in (1, 2, 3):
        assert await sending.send_part(id, number) == 200
    answers = await asyncio.gather(*(sending.complete(id) for _ in range(4)))
    assert answers == [{"state": "RECEIVED", "problem": None}] * 4
    row = await row_of(database, id)
    assert len(objects.versions(row["object_name"])) == 1
    assert part(film(), 3) == b"".join(objects.read(row["object_name"], row["object_version"]))[-1:]


async def test_an_upload_thrown_away_while_it_is_completed_is_begun_again(
    sending: Sending, record: Database, objects: Objects
) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    for number in (1, 2, 3):
        await sending.send_part(id, number)
    async with record.reading(sending.actor) as sql:
        transfer = await uploading.transfer_of(sql, sending.actor, evidence_id=id)
    assert transfer.upload_id is not None
    upload_id = transfer.upload_id

    def throw_away(**_: Any) -> None:
        objects.client.meta.events.unregister("before-call.s3.CompleteMultipartUpload", throw_away)
        multipart.abort(objects, transfer.object_name, upload_id)

    objects.client.meta.events.register("before-call.s3.CompleteMultipartUpload", throw_away)
    with pytest.raises(rules.UploadNotBegun):
        uploading.complete_in_store(objects, transfer)
    assert (await sending.begin(id))["state"] == "DECLARED"
    assert await sending.send_part(id, 1) == 200
