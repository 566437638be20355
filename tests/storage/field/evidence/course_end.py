"""The end of a course of uploads: everybody comes again, nothing fails any more, and each piece is proven."""

import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.worker import LedgerWorker, SealingWorker
from storage.record.ledger.proofs.bundles import verify_bundle
from storage.record.ledger.proofs.verdicts import Status
from tests.factories.evidence import bundle_of
from tests.storage.field.evidence.course_ground import FLOOR, Ground, Known
from tests.storage.field.evidence.sending import Sending, hashes
from tests.storage.field.evidence.sending import film as film_body
from tests.storage.field.evidence.sending import send as send_upload


@dataclass(frozen=True)
class _Told:
    """A piece as `bundle_of` reads it."""

    piece: Known
    declared_at: datetime
    entry_id: UUID

    @property
    def id(self) -> UUID:
        return self.piece.id

    @property
    def statement(self) -> bytes:
        return self.piece.item.statement


async def bring(phone: Sending, piece: Known) -> None:
    (answer,) = await phone.declare(piece.item)
    if piece.is_film and answer["parts"] is not None:
        await phone.begin(piece.id, hashes(film_body()))
        for number in (1, 2, 3):
            await phone.send_part(piece.id, number)
        told = await phone.complete(piece.id)
        if (told["problem"] or {}).get("code") == "UPLOAD_NOT_BEGUN":
            raise AssertionError(told)
    elif answer["upload"] is not None:
        assert await send_upload(answer["upload"], piece.body) in (200, 412)
        told = await phone.complete_single(piece.id)
    else:
        return
    assert told["problem"] is None, told


async def work(ground: Ground) -> None:
    """Until nothing waits any more. Waits after faults are cut short: they are minutes of nothing."""
    await ground.sql.execute("UPDATE evidence SET retry_at = received_at WHERE state = 'RECEIVED'")
    while await SealingWorker(ground.workers, ground.objects, FLOOR).turn():
        pass
    ledger = LedgerWorker(ground.workers, ground.objects, ground.keys, keep_for=FLOOR, between_checkpoints=0)
    while await ledger.turn():
        pass


async def must_verify(ground: Ground, phone: Sending, piece: Known) -> None:
    (answer,) = await phone.declare(piece.item)
    told = await ground.sql.fetchrow(
        "SELECT declared_at, declared_entry_id FROM evidence WHERE id = $1", piece.id
    )  # fmt: skip
    assert answer["state"] == "SEALED"
    data = await bundle_of(ground.record, phone.scene, _Told(piece, *told), ground.keys)  # type: ignore[arg-type] # The members that it reads.
    verdict = verify_bundle(data, original=io.BytesIO(piece.body), trust=ground.keys.public())
    assert verdict.status is Status.VERIFIED, verdict.summary
