"""Brings pieces of a scene through upload, sealing and describing by the product's own workers."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from api.decoder.parent import Decoder
from api.describing import DescribingWorker
from api.worker import SealingWorker
from storage.field.evidence import operations
from storage.field.evidence.operations import Declared, Piece
from storage.record.database import Database
from storage.record.ledger.proofs.statements import FIRST_PREV
from storage.record.objects import Objects
from storage.record.work import perform
from tests.factories.evidence import declare, send, signed_put
from tests.factories.field import Phone, Scene

FLOOR = timedelta(seconds=3)


async def sealed(
    record: Database, workers: Database, objects: Objects, scene: Scene, *bodies: bytes, phone: Phone | None = None,
    media_type: str = "image/jpeg",
) -> list[UUID]:  # fmt: skip
    """The ids of pieces over these bodies, declared, sent and sealed."""
    held = phone or scene.phone
    items: list[Declared] = []
    for number, body in enumerate(bodies):
        prev = sha256(items[-1].statement).hexdigest() if items else FIRST_PREV
        items.append(scene.item(phone=held, body=body, seq=number, prev=prev, type=media_type))
    pieces = [answer for answer in await declare(record, scene, items, phone=held) if isinstance(answer, Piece)]
    assert len(pieces) == len(bodies)
    for piece, body in zip(pieces, bodies, strict=True):
        assert send(signed_put(objects, piece), body) == 200
    actor, ids = scene.actor(held), [piece.id for piece in pieces]
    async with record.reading(actor) as sql:
        plan = await operations.plan_receipt(sql, actor, ids=ids)
    arrivals = await objects.aside(operations.look_for_bytes, objects, plan)
    await perform(record, actor, scene.now, operations.record_receipt, ids=ids, arrivals=arrivals)
    sealer = SealingWorker(workers, objects, FLOOR, lease=timedelta(0))
    while await sealer.turn():
        pass
    return ids


async def describe_all(workers: Database, objects: Objects, decoder: Decoder | None = None) -> None:
    """Turns of the describing worker until nothing is left."""
    worker = DescribingWorker(workers, objects, decoder or Decoder())
    while await worker.turn():
        pass
    worker.close()
