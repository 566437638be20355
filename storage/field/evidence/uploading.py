"""The operations over uploads in parts: begin, sign, look what the store holds, complete, throw away what stays."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import queries, rules
from storage.field.evidence.operations import Arrival
from storage.field.evidence.tables import EvidenceState, UploadEnd
from storage.record import multipart
from storage.record.actor import Actor, Verb
from storage.record.multipart import HeldPart, UploadGone
from storage.record.objects import Objects, Stored
from storage.record.presigning import SignedRequest
from storage.record.work import Work

_BEGIN = """
INSERT INTO evidence_uploads (evidence_id, upload_id, parts, begun_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
RETURNING true
"""
_END = """
UPDATE evidence_uploads SET ended_at = $3, ended_as = $4
WHERE evidence_id = $1 AND upload_id = $2 AND ended_at IS NULL RETURNING true
"""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A large piece on its way: its upload, if one is under way, and the part hashes that it must have."""

    id: UUID
    state: EvidenceState
    object_name: str
    media_type: str
    size: int
    upload_id: str | None
    parts: bytes
    beside: dict[str, str]

    @property
    def count(self) -> int:
        """How many parts it has."""
        return rules.count_of_parts(self.size)


@dataclass(frozen=True, slots=True)
class SignedPart:
    """One part with the request that sends it."""

    number: int
    size: int
    request: SignedRequest


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store holds of a piece; `whole` once its parts are one object. `lost` if it forgot the upload."""

    parts: tuple[HeldPart, ...] = ()
    whole: Stored | None = None
    lost: bool = False


async def transfer_of(sql: "asyncpg.Connection[Any]", actor: Actor, *, evidence_id: UUID) -> Transfer:
    """The maker's own piece with its upload; NotFound alike for nobody's and somebody else's."""
    return _transfer(actor, await queries.piece_to_upload(sql, maker_id=actor.account_id, id=evidence_id))


async def plan_upload(sql: "asyncpg.Connection[Any]", actor: Actor, *, evidence_id: UUID, parts: bytes) -> Transfer:
    """First step of beginning: the hashes are those that the statement signs for. PartsDiffer, NotInParts."""
    row = await queries.piece_to_upload(sql, maker_id=actor.account_id, id=evidence_id)
    transfer = _transfer(actor, row)
    rules.must_be_its_parts(rules.must_be_a_statement(row["statement"]), parts)
    return replace(transfer, parts=parts)


def begin_in_store(objects: Objects, transfer: Transfer) -> str | None:
    """Second step: the upload's id in the store; the one that is under way, or None if nothing is left to send.

    Killed before the third step, the next call finds the same upload by the piece's object name.
    """
    if transfer.state not in rules.WAITING:
        return None
    if transfer.upload_id is not None and not look_for_parts(objects, transfer).lost:
        return transfer.upload_id
    return multipart.begin(objects, transfer.object_name, media_type=transfer.media_type, beside=transfer.beside)


async def record_upload(work: Work, *, plan: Transfer, upload_id: str | None) -> Transfer:
    """Third step: this upload is the piece's own. Two calls at once end with one; the other's is thrown away later."""
    evidence_id, maker_id = plan.id, work.actor.account_id
    row = await queries.piece_to_upload(work.sql, maker_id=maker_id, id=evidence_id, lock=True)
    transfer = _transfer(work.actor, row)
    if transfer.state not in rules.WAITING or upload_id in (None, transfer.upload_id):
        return transfer
    if transfer.upload_id is not None and transfer.upload_id == plan.upload_id:
        await work.sql.execute(_END, evidence_id, transfer.upload_id, work.now, UploadEnd.LOST)
    if not await work.sql.fetchval(_BEGIN, evidence_id, upload_id, plan.parts, work.now):
        # Another call was first, and its upload is as good. It committed while this one waited for the row's lock, so
        # only a fresh look sees it.
        return _transfer(work.actor, await queries.piece_to_upload(work.sql, maker_id=maker_id, id=evidence_id))
    work.record(
        "evidence.upload_begun", evidence_id, county=row["county"], office=row["office"], mine_id=row["mine_id"],
        data={"parts": transfer.count},
    )  # fmt: skip
    return replace(transfer, upload_id=upload_id, parts=plan.parts)


def sign_parts(objects: Objects, transfer: Transfer, *, first: int, after: int) -> list[SignedPart]:
    """Requests for the parts after one, each for its own bytes only. No I/O. UploadNotBegun, PageOutOfRange."""
    upload_id = must_be_under_way(transfer)
    rules.must_be_a_page(transfer.size, first=first, after=after)
    signed = []
    for number in range(after + 1, min(after + first, transfer.count) + 1):
        size, sha256 = rules.size_of_part(transfer.size, number), transfer.parts[32 * number - 32 : 32 * number]
        request = objects.sign_part(transfer.object_name, upload_id, number, sha256=sha256, size=size)
        signed.append(SignedPart(number, size, request))
    return signed


def must_be_under_way(transfer: Transfer) -> str:
    """The id of the upload; UploadNotBegun if there is none."""
    if transfer.upload_id is None:
        raise rules.UploadNotBegun()
    return transfer.upload_id


def look_for_parts(objects: Objects, transfer: Transfer) -> Holding:
    """What the store itself lists: the phone resumes from it, days later. An upload that was put together counts."""
    if transfer.upload_id is None:
        return Holding()
    try:
        return Holding(parts=tuple(multipart.held(objects, transfer.object_name, transfer.upload_id)))
    except UploadGone:
        whole = objects.find(transfer.object_name)
        return Holding(whole=whole, lost=whole is None)


def ranges_held(transfer: Transfer, holding: Holding) -> list[tuple[int, int]]:
    """The parts that need not be sent again, as runs of numbers, both ends included."""
    if holding.whole is not None or transfer.state not in rules.WAITING:
        return [(1, transfer.count)]
    runs: list[tuple[int, int]] = []
    for part in holding.parts:
        if part.size != rules.size_of_part(transfer.size, part.number):
            continue
        if runs and runs[-1][1] == part.number - 1:
            runs[-1] = (runs[-1][0], part.number)
        else:
            runs.append((part.number, part.number))
    return runs


def complete_in_store(objects: Objects, transfer: Transfer) -> list[Arrival]:
    """Second step of completing: puts the parts together, once; PartMissing names the first that is not there.

    Repeated after a kill, the store knows no such upload and has the object: that is done. UploadNotBegun where it has
    neither. Another call, or the worker that clears away old parts, may be at the same upload and come first.
    """
    if transfer.state not in rules.WAITING:
        return []
    upload_id, holding = must_be_under_way(transfer), look_for_parts(objects, transfer)
    if holding.lost:
        raise rules.UploadNotBegun()
    if holding.whole is None:
        missing = rules.first_missing(transfer.size, {part.number: part.size for part in holding.parts})
        if missing is not None:
            raise rules.PartMissing(number=missing)
        hashes = rules.hashes_of(transfer.parts)
        with suppress(UploadGone):
            multipart.complete(objects, transfer.object_name, upload_id, parts=holding.parts, hashes=hashes)
    whole = objects.find(transfer.object_name)
    if whole is None:
        raise rules.UploadNotBegun()
    return [Arrival(transfer.id, transfer.object_name, whole)]


async def uploads_to_abort(sql: "asyncpg.Connection[Any]", *, before: datetime, limit: int) -> "list[asyncpg.Record]":
    """For the workers: uploads begun before this time that never ended, the oldest first."""
    return await queries.uploads_begun_before(sql, before=before, limit=limit)


def abort_in_store(objects: Objects, upload: "asyncpg.Record") -> bool:
    """Throws the parts away. False where they became an object in the meantime: its maker will come and say so."""
    try:
        multipart.abort(objects, upload["object_name"], upload["upload_id"])
    except UploadGone:
        return objects.find(upload["object_name"]) is None
    return True


async def record_aborted(work: Work, *, upload: "asyncpg.Record") -> None:
    """The upload has ended and its parts are gone; the piece stays declared, and may be begun again."""
    ended = await work.sql.fetchval(
        _END, upload["evidence_id"], upload["upload_id"], work.now, UploadEnd.ABORTED
    )  # fmt: skip
    if ended:
        work.record(
            "evidence.upload_aborted", upload["evidence_id"], county=upload["county"], office=upload["office"],
            mine_id=upload["mine_id"], data={"begun_at": upload["begun_at"].isoformat()},
        )  # fmt: skip


async def known_uploads(sql: "asyncpg.Connection[Any]", *, upload_ids: Sequence[str]) -> set[str]:
    """For the workers: which of these are uploads of pieces."""
    return await queries.known_uploads(sql, upload_ids=upload_ids)


def begun_in_store(objects: Objects, *, before: datetime) -> list[multipart.Begun]:
    """All uploads that the store has kept open since before this time, those among them that nobody recorded."""
    return multipart.begun_before(objects, before)


def abort_orphans(objects: Objects, orphans: Sequence[multipart.Begun]) -> int:
    """Throws away uploads that no piece knows: whoever began them was killed before he could write it down."""
    for orphan in orphans:
        multipart.abort(objects, orphan.name, orphan.upload_id)
    return len(orphans)


def _transfer(actor: Actor, row: "asyncpg.Record") -> Transfer:
    actor.require(Verb.EVIDENCE_DECLARE, county=row["county"], office=row["office"], mine_id=row["mine_id"])
    return Transfer(
        id=row["id"], state=EvidenceState(row["state"]), object_name=row["object_name"], media_type=row["media_type"],
        size=row["size"], upload_id=row["upload_id"], parts=row["parts"] or b"",
        beside=rules.beside(**{name: row[name] for name in ("statement", "signature", "algorithm", "public_key")}),
    )  # fmt: skip
