"""Tests of uploads in parts, over the whole schema and a real store: nothing half, whatever is sent or killed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from api.embedded.postgres import DatabaseAddresses
from api.worker import AbandonedUploads, SealingWorker
from storage.field.evidence import uploading
from storage.record import multipart
from storage.record.actor import Role
from storage.record.database import Database
from storage.record.objects import Objects, StoreAddress
from tests.factories.ledger import looking
from tests.storage.field.evidence.sending import Sending, film, hashes, part, send


async def entries(database: DatabaseAddresses, kind: str) -> int:
    async with looking(database.superuser) as sql:
        return int(await sql.fetchval("SELECT count(*) FROM entries WHERE kind = $1", kind))


async def state_of(database: DatabaseAddresses, id: UUID) -> str:
    async with looking(database.superuser) as sql:
        return str(await sql.fetchval("SELECT state FROM evidence WHERE id = $1", id))


def code(payload: dict[str, dict[str, str]]) -> str:
    return payload["problem"]["code"]


async def test_a_film_goes_in_parts_out_of_order_is_resumed_completed_twice_and_sealed(
    sending: Sending, database: DatabaseAddresses, workers: Database, objects: Objects
) -> None:
    id = await sending.declare_film()
    assert (await sending.begin(id))["state"] == "DECLARED"
    assert await sending.send_part(id, 3) == 200
    assert await sending.send_part(id, 1) == 200
    assert await sending.send_part(id, 1) == 200, "a part may come twice"
    assert await sending.status(id) == {
        "state": "DECLARED", "begun": True, "parts": {"count": 3},
        "held": [{"first": 1, "last": 1}, {"first": 3, "last": 3}],
    }  # fmt: skip
    missing = await sending.complete(id)
    assert missing["problem"] == {"code": "PART_MISSING", "parameters": [{"name": "number", "value": "2"}]}
    assert await sending.send_part(id, 2, part(film(), 2)[:-1] + b"x") == 400, "the store refuses other bytes"
    assert await sending.send_part(id, 2) == 200
    assert await sending.complete(id) == {"state": "RECEIVED", "problem": None}
    assert await sending.complete(id) == {"state": "RECEIVED", "problem": None}
    assert (await sending.status(id))["held"] == [{"first": 1, "last": 3}]
    assert (await sending.begin(id))["state"] == "RECEIVED"
    assert await SealingWorker(workers, objects, timedelta(minutes=1)).turn()
    assert await state_of(database, id) == "SEALED"
    assert [await entries(database, f"evidence.{kind}") for kind in ("upload_begun", "received", "sealed")] == [1, 1, 1]


async def test_parts_that_were_not_signed_for_begin_nothing(sending: Sending, database: DatabaseAddresses) -> None:
    id = await sending.declare_film()
    other = hashes(film()[:-1] + b"x" * 2)
    for parts in (other, hashes(film())[:-32], b""):
        assert code(await sending.begin(id, parts)) == "PARTS_DIFFER"
    assert await sending.begin(id, b"123") == "BAD_INPUT"
    assert await sending.urls(id) == "UPLOAD_NOT_BEGUN"
    assert code(await sending.complete(id)) == "UPLOAD_NOT_BEGUN"
    assert (await sending.status(id))["begun"] is False
    assert await entries(database, "evidence.upload_begun") == 0


async def test_a_foreign_piece_answers_like_none(sending: Sending, database: DatabaseAddresses) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    second = replace(sending, actor=sending.scene.actor(sending.scene.phones[1]))
    reader = replace(sending, actor=sending.scene.actor(role=Role.AUDITOR))
    for asked in (id, uuid4()):
        assert code(await second.begin(asked)) == code(await second.complete(asked)) == "NOT_FOUND"
        assert await second.urls(asked) == await second.status(asked) == "NOT_FOUND"
        assert code(await reader.begin(asked)) == "NOT_ALLOWED"
        assert await reader.urls(asked) == "NOT_ALLOWED"
    assert await entries(database, "evidence.upload_begun") == 1


async def test_a_page_of_requests_is_bounded_and_signs_each_part_with_its_own_bytes(sending: Sending) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    assert [one["number"] for one in await sending.urls(id, first=2)] == [1, 2]
    assert [(one["number"], one["size"]) for one in await sending.urls(id, after=2)] == [(3, "1")]
    assert await sending.urls(id, after=3) == []
    assert await sending.urls(id, first=101) == await sending.urls(id, after=4) == "PAGE_OUT_OF_RANGE"
    first, second = await sending.urls(id, first=2)
    headers = dict(line.split(": ", 1) for line in first["upload"]["headers"])
    assert headers.keys() == {"content-length", "x-amz-checksum-sha256"}
    mixed = second["upload"] | {"headers": first["upload"]["headers"]}
    assert await send(mixed, part(film(), 1)) == 403, "a request is good for one part only"


async def test_two_calls_at_once_begin_one_upload(sending: Sending, database: DatabaseAddresses) -> None:
    id = await sending.declare_film()
    answers = await asyncio.gather(*(sending.begin(id) for _ in range(4)))
    assert {answer["state"] for answer in answers} == {"DECLARED"}
    assert await entries(database, "evidence.upload_begun") == 1


async def test_killed_between_call_and_record_the_same_upload_is_taken_up(
    sending: Sending, record: Database, objects: Objects
) -> None:
    id = await sending.declare_film()
    async with record.reading(sending.actor) as sql:
        plan = await uploading.plan_upload(sql, sending.actor, evidence_id=id, parts=hashes(film()))
    begun = await objects.aside(uploading.begin_in_store, objects, plan)
    await sending.begin(id)
    async with record.reading(sending.actor) as sql:
        assert (await uploading.transfer_of(sql, sending.actor, evidence_id=id)).upload_id == begun


async def test_killed_between_completing_and_recording_it_is_received_all_the_same(
    sending: Sending, record: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    for number in (1, 2, 3):
        await sending.send_part(id, number)
    async with record.reading(sending.actor) as sql:
        transfer = await uploading.transfer_of(sql, sending.actor, evidence_id=id)
    (arrival,) = await objects.aside(uploading.complete_in_store, objects, transfer)
    assert (await sending.status(id))["held"] == [{"first": 1, "last": 3}]
    assert await sending.complete(id) == {"state": "RECEIVED", "problem": None}
    async with looking(database.superuser) as sql:
        version = await sql.fetchval("SELECT object_version FROM evidence WHERE id = $1", id)
        ends = await sql.fetch("SELECT ended_as FROM evidence_uploads WHERE evidence_id = $1", id)
    assert arrival.stored is not None
    assert version == arrival.stored.version
    assert [end["ended_as"] for end in ends] == ["COMPLETED"]


async def test_an_upload_that_the_store_forgot_is_begun_anew(
    sending: Sending, record: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    async with record.reading(sending.actor) as sql:
        transfer = await uploading.transfer_of(sql, sending.actor, evidence_id=id)
    assert transfer.upload_id is not None
    await objects.aside(multipart.abort, objects, transfer.object_name, transfer.upload_id)
    assert await sending.send_part(id, 1) == 404
    assert code(await sending.complete(id)) == "UPLOAD_NOT_BEGUN"
    assert (await sending.status(id))["begun"] is False
    assert (await sending.begin(id))["state"] == "DECLARED"
    assert await sending.send_part(id, 1) == 200
    assert await entries(database, "evidence.upload_begun") == 2


async def test_abandoned_uploads_and_orphans_are_thrown_away_and_may_be_begun_again(
    sending: Sending, workers: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    id = await sending.declare_film()
    await sending.begin(id)
    await sending.send_part(id, 1)
    orphan = await objects.aside(multipart.begin, objects, f"evidence/{uuid4().hex}", media_type="video/mp4")
    assert not await AbandonedUploads(workers, objects).turn(), "thirty days are not over"
    assert (await sending.status(id))["begun"] is True
    await AbandonedUploads(workers, objects, life=timedelta(seconds=-5)).turn()
    left = await objects.aside(multipart.begun_before, objects, datetime.now(UTC) + timedelta(hours=1))
    assert orphan not in {one.upload_id for one in left}
    assert (await sending.status(id)) == {"state": "DECLARED", "begun": False, "parts": {"count": 3}, "held": []}
    assert await entries(database, "evidence.upload_aborted") == 1
    await AbandonedUploads(workers, objects, life=timedelta(seconds=-5)).turn()
    assert await entries(database, "evidence.upload_aborted") == 1
    assert (await sending.begin(id))["state"] == "DECLARED"
    assert await state_of(database, id) == "DECLARED"


async def test_one_byte_over_the_limit_and_no_byte_at_all_are_refused(
    sending: Sending, database: DatabaseAddresses
) -> None:
    small = replace(sending, largest=len(film()) - 1)
    (answer,) = await small.declare(sending.scene.item(body=film(), type="video/mp4"))
    assert answer["problem"] == {
        "code": "SIZE_OVER_LIMIT", "parameters": [{"name": "limit", "value": str(len(film()) - 1)}],
    }  # fmt: skip
    honest = sending.scene.item()
    zero = sending.scene.signed(_with_size(honest.statement, 0))
    (answer,) = await sending.declare(zero)
    assert code(answer) == "STATEMENT_MALFORMED"
    (answer,) = await sending.declare(sending.scene.signed(_with_size(honest.statement, 20 * 2**30 + 1)))
    assert code(answer) == "SIZE_OVER_LIMIT"
    assert await entries(database, "evidence.declared") == 0


async def test_five_gigabytes_declared_and_five_bytes_sent_are_refused_by_the_store(sending: Sending) -> None:
    parts = [sha256(bytes([number % 256])).digest() for number in range(640)]
    root = sha256(b"".join(parts)).hexdigest()
    item = sending.scene.item(size=640 * 2**23, parts_root=root, type="video/mp4")
    (answer,) = await sending.declare(item)
    assert answer["parts"]["count"] == 640
    assert (await sending.begin(item.id, b"".join(parts)))["parts"]["count"] == 640
    (first,) = await sending.urls(item.id, first=1)
    kept = [line for line in first["upload"]["headers"] if not line.startswith("content-length")]
    headers = [*kept, "content-length: 5"]
    assert await send(first["upload"] | {"headers": headers}, b"12345") == 403
    assert code(await sending.complete(item.id)) == "PART_MISSING"
    assert len(await sending.urls(item.id, after=540)) == 100


async def test_the_parts_of_the_largest_film_fit_into_one_call(sending: Sending) -> None:
    parts = [number.to_bytes(32, "big") for number in range(2_560)]
    item = sending.scene.item(
        size=20 * 2**30, parts_root=sha256(b"".join(parts)).hexdigest(), type="video/mp4"
    )  # fmt: skip
    await sending.declare(item)
    assert (await sending.begin(item.id, b"".join(parts)))["parts"]["count"] == 2_560
    assert [one["number"] for one in await sending.urls(item.id, after=2_559)] == [2_560]


async def test_a_small_file_has_no_parts(sending: Sending) -> None:
    item = sending.scene.item()
    (answer,) = await sending.declare(item)
    assert answer["parts"] is None
    assert code(await sending.begin(item.id, bytes(32))) == "NOT_IN_PARTS"


async def test_a_form_takes_exactly_the_declared_bytes(sending: Sending) -> None:
    body = sending.scene.item().statement
    item = sending.scene.item(body=body)
    (answer,) = await sending.declare(item, upload_as="POST")
    upload = answer["upload"]
    assert (upload["method"], upload["headers"]) == ("POST", [])
    assert upload["fields"][0]["name"] == "key"
    assert await send(upload, body + b"1") == 400
    assert await send(upload, body[:-1] + b"1") == 400
    elsewhere = [one if one["name"] != "key" else one | {"value": "evidence/else"} for one in upload["fields"]]
    assert await send(upload | {"fields": elsewhere}, body) == 403
    assert (await sending.complete_single(item.id))["problem"]["code"] == "NOT_UPLOADED"
    assert await send(upload, body) == 204
    assert (await sending.complete_single(item.id))["state"] == "RECEIVED"


async def test_a_request_that_has_run_out_is_refused_and_signed_again(sending: Sending, bucket: StoreAddress) -> None:
    short = replace(sending, objects=Objects(bucket, valid_for=timedelta(seconds=1)))
    id = await short.declare_film()
    await short.begin(id)
    (told,) = await short.urls(id, first=1)
    await asyncio.sleep(1.0)
    await asyncio.sleep(1.0)  # Stores count whole seconds.
    assert await send(told["upload"], part(film(), 1)) == 403
    assert await sending.send_part(id, 1) == 200
    short.objects.close()


async def test_a_second_put_after_sealing_changes_nothing(
    sending: Sending, workers: Database, objects: Objects, database: DatabaseAddresses
) -> None:
    body = b"\xff\xd8\xff\xe0" + uuid4().bytes
    item = sending.scene.item(body=body)
    (answer,) = await sending.declare(item)
    assert await send(answer["upload"], body) == 200
    await sending.complete_single(item.id)
    await SealingWorker(workers, objects, timedelta(minutes=1)).turn()
    assert await state_of(database, item.id) == "SEALED"
    assert await send(answer["upload"], body) == 412
    assert (await sending.complete_single(item.id))["state"] == "SEALED"


async def test_a_store_that_is_down_is_said_and_leaves_nothing_half(
    sending: Sending, database: DatabaseAddresses, bucket: StoreAddress
) -> None:
    id = await sending.declare_film()
    nowhere = Objects(replace(bucket, endpoint="http://127.0.0.1:9"))
    down = replace(sending, objects=nowhere)
    assert code(await down.begin(id)) == "TRY_AGAIN"
    assert await entries(database, "evidence.upload_begun") == 0
    await sending.begin(id)
    assert await down.status(id) == code(await down.complete(id)) == "TRY_AGAIN"
    assert (await sending.status(id))["begun"] is True
    nowhere.close()


def _with_size(statement: bytes, size: int) -> bytes:
    head, found, tail = statement.partition(b'"size":')
    return head + found + str(size).encode() + tail[tail.index(b",") :]
