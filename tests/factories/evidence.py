"""Declares and receives evidence of a scene by the product's own operations."""

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from storage.field.evidence import operations, queries
from storage.field.evidence.operations import Arrival, Declared, Piece
from storage.record.actor import Actor
from storage.record.clock import to_ms
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs import receipts
from storage.record.objects import Objects, Stored
from storage.record.presigning import SignedRequest
from storage.record.work import perform
from tests.factories.field import PHOTO, Phone, Scene


async def declare(
    database: Database, scene: Scene, items: list[Declared], *, phone: Phone | None = None, actor: Actor | None = None,
    now: datetime | None = None, recording_id: Any = None, device_id: Any = None,
) -> list[Any]:  # fmt: skip
    """The answers to one batch."""
    held = phone or scene.phone
    return await perform(
        database, actor or scene.actor(held), now or scene.now, operations.declare_evidence,
        recording_id=recording_id or scene.recording_id, device_id=device_id or held.id, items=items,
    )  # fmt: skip


async def declared(database: Database, scene: Scene, *bodies: bytes) -> list[Piece]:
    """Pieces over these bodies, all accepted."""
    answers = await declare(database, scene, scene.chain(list(bodies) or [PHOTO]))
    assert all(isinstance(answer, Piece) for answer in answers), answers
    return answers


async def received(database: Database, scene: Scene, *bodies: bytes, version: str = "v1") -> list[Piece]:
    """The same, received by hand: the store is not asked."""
    pieces = await declared(database, scene, *bodies)
    arrivals = [Arrival(piece.id, piece.object_name, Stored(version, piece.size)) for piece in pieces]
    await receive(database, scene, arrivals)
    return pieces


async def receive(database: Database, scene: Scene, arrivals: list[Arrival]) -> list[Any]:
    """The third step of completing."""
    return await perform(
        database, scene.actor(), scene.now, operations.record_receipt, ids=[each.id for each in arrivals],
        arrivals=arrivals,
    )  # fmt: skip


async def complete(database: Database, objects: Objects, scene: Scene, ids: list[Any]) -> list[Any]:
    """All three steps."""
    async with database.reading(scene.actor()) as sql:
        plan = await operations.plan_receipt(sql, scene.actor(), ids=ids)
    arrivals = await objects.aside(operations.look_for_bytes, objects, plan)
    return await perform(database, scene.actor(), scene.now, operations.record_receipt, ids=ids, arrivals=arrivals)


def signed_put(objects: Objects, piece: Piece) -> SignedRequest:
    """The request that the phone is given."""
    return objects.sign_put(
        piece.object_name, sha256=piece.sha256, size=piece.size, media_type=piece.media_type, beside=piece.beside
    )


def send(request: SignedRequest, body: bytes | None) -> int:
    """Sends bytes as a phone does; the status."""
    asked = urllib.request.Request(request.url, data=body, headers=dict(request.headers), method=request.method)  # noqa: S310 # Our own store.
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310 # The same.
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


async def bundle_of(database: Database, scene: Scene, piece: Piece, keys: KeyFolder) -> bytes:
    """What the phone puts together beside its photo: both receipts, the statement and the keys."""
    async with database.reading(scene.actor()) as sql:
        (receipt,) = await queries.receipts_of(sql, ids=[piece.id])
        statement = await sql.fetchrow("SELECT statement, signature FROM statements WHERE evidence_id = $1", piece.id)
    assert statement is not None
    declared = receipts.declare_receipt(
        keys.signer("promise"), evidence=str(piece.id), statement=piece.statement, entry=str(piece.entry_id),
        at=to_ms(piece.declared_at),
    )  # fmt: skip
    return receipts.bundle(
        file="photo.jpg", statement=statement["statement"], signature=statement["signature"], declared=declared,
        sealed=json.loads(receipt["receipt"]), keys=keys.public(),
    )  # fmt: skip
