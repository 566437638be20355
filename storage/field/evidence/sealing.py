"""The workers' operations over evidence: re-read, lock, seal or quarantine, sign receipts; all repeatable."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import media, rules
from storage.field.evidence.rules import Quarantine
from storage.field.evidence.tables import EvidenceState
from storage.field.facts import operations as facts
from storage.field.keeping import operations as keeping
from storage.field.keeping.operations import Term
from storage.record.clock import to_ms
from storage.record.ledger import sequencer
from storage.record.ledger.checkpoints import Shown
from storage.record.ledger.proofs import merkle, receipts
from storage.record.ledger.proofs.canonical import canonical, to_base64url
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import PART_SIZE, parts_root
from storage.record.objects import Objects
from storage.record.work import Work

LEASE = timedelta(seconds=30)
"""How long one worker may hold a piece, besides the time that re-reading it takes."""
SLOWEST = 8 * 1024 * 1024
"""Bytes a second that a re-read makes at the least: the lease of a large film is longer by its size over this."""
LONGEST_WAIT = timedelta(hours=1)
STUCK_AFTER = 10
"""Attempts after which a piece is shown as stuck; it goes on being tried."""
RECEIPTS_AT_ONCE = 200
FIRST_SCRUB = timedelta(days=1)
"""The re-read before the seal was the first look at the stored bytes; the scrubber takes the next."""
QUARANTINE = timedelta(days=90)
"""How long quarantined bytes are kept apart for those who want to look."""

_LEASE = """
UPDATE evidence e SET leased_until = $2::timestamptz + e.size / $4 * interval '1 second', attempts = e.attempts + 1,
  retry_at = $2::timestamptz + e.size / $4 * interval '1 second'
FROM (
  SELECT id FROM evidence WHERE state = 'RECEIVED' AND retry_at <= $1
  ORDER BY retry_at LIMIT $3 FOR UPDATE SKIP LOCKED
) due, devices d, statements s
WHERE e.id = due.id AND d.id = e.device_id AND s.evidence_id = e.id
RETURNING e.id, e.recording_id, e.device_id, e.maker_id, e.mine_id, e.county, e.office, e.statement_hash, e.sha256,
  e.size, e.media_type, e.grade, e.object_name, e.object_version, e.declared_at, e.received_at, e.attempts,
  d.public_key, d.algorithm, s.statement, s.signature
"""

_UNRECEIPTED = """
SELECT e.id, e.mine_id, e.county, e.office, p.position, y.payload, y.salt
FROM evidence e JOIN positions p ON p.entry_id = e.sealed_entry_id JOIN payloads y ON y.entry_id = e.sealed_entry_id
WHERE e.state = 'SEALED' AND NOT e.receipted AND p.log = $1 AND p.position < $2
ORDER BY e.sealed_at LIMIT $3 FOR UPDATE OF e SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over the stored bytes found."""

    sha256: bytes
    size: int
    parts_root: bytes
    sniffed: str | None
    beside: Mapping[str, str]
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """A piece that was read and locked. `until` is the floor that is wanted, `applied` what the store shows."""

    piece: "asyncpg.Record"
    sniffed: str | None
    until: datetime
    applied: datetime


class LockNotApplied(RuntimeError):
    """The store took the lock and does not show it when asked: nothing may be called sealed."""


class Interrupted(Exception):
    """The process is to end while a piece is read: it is given back, and nothing was found wrong with it."""


async def lease_received(work: Work, *, limit: int, lease: timedelta = LEASE) -> "list[asyncpg.Record]":
    """Takes pieces that wait for sealing; no other worker takes them before the lease ends.

    A worker that was killed gives nothing back: its pieces are taken again when their lease has run out.
    """
    return await work.sql.fetch(_LEASE, work.now, work.now + lease, limit, SLOWEST)


async def release(work: Work, *, id: UUID, attempts: int) -> None:
    """Gives a piece back after a fault, to be tried again after a wait that doubles up to an hour."""
    wait = min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_WAIT)
    await work.sql.execute(
        "UPDATE evidence SET leased_until = NULL, retry_at = $2 WHERE id = $1 AND state = 'RECEIVED'",
        id,
        work.now + wait,
    )


async def give_back(work: Work, *, id: UUID) -> None:
    """Gives a piece back that was only interrupted: it is due at once, and that it was tried does not count."""
    await work.sql.execute(
        "UPDATE evidence SET leased_until = NULL, retry_at = $2, attempts = greatest(attempts - 1, 0)"
        " WHERE id = $1 AND state = 'RECEIVED'",
        id,
        work.now,
    )


def re_read(objects: Objects, piece: "asyncpg.Record", *, go_on: Callable[[], bool] = lambda: True) -> Reading:
    """Reads the pinned version once; memory stays flat whatever the size. Interrupted as soon as `go_on` says no.

    The hashes are made while the next bytes come in. That of the parts is made only where the store does not tell it:
    it took no part but by its own hash, and what it made of them all is the very root that a device signs.
    """
    if piece["size"] <= PART_SIZE:
        return _re_read_one_part(objects, piece)
    opened = objects.open(piece["object_name"], piece["object_version"])
    root = _root_by_store(opened.checksum, piece["size"])
    whole, parts, size, head = sha256(), _Parts(), 0, b""
    behind: list[Future[None]] = []
    with ThreadPoolExecutor(2) as aside:
        for chunk in opened.chunks:
            if not go_on():
                raise Interrupted()
            if len(head) < media.HEAD:
                head += chunk[: media.HEAD - len(head)]
            for hashing in behind:
                hashing.result()
            behind = [aside.submit(whole.update, chunk)]
            behind += [aside.submit(parts.update, chunk)] if root is None else []
            size += len(chunk)
    told = root or parts.root()
    return Reading(whole.digest(), size, told, media.sniff(head), opened.metadata, opened.encoding)


def _root_by_store(checksum: str, size: int) -> bytes | None:
    """The SHA-256 over the SHA-256 of all parts, as the store tells it of so many equal parts as a device counts."""
    told, hyphen, count = checksum.partition("-")
    if not hyphen or count != str(rules.count_of_parts(size)):
        return None
    with suppress(binascii.Error):
        root = base64.b64decode(told, validate=True)
        return root if len(root) == sha256().digest_size else None
    return None


def _re_read_one_part(objects: Objects, piece: "asyncpg.Record") -> Reading:
    """The same for a file of one part, whose hash is the file's. More bytes than declared have another size."""
    opened = objects.open(piece["object_name"], piece["object_version"])
    whole, size, head = sha256(), 0, b""
    for chunk in opened.chunks:
        if len(head) < media.HEAD:
            head += chunk[: media.HEAD - len(head)]
        whole.update(chunk)
        size += len(chunk)
    root = parts_root([whole.digest()])
    return Reading(whole.digest(), size, root, media.sniff(head), opened.metadata, opened.encoding)


class _Parts:
    """The hashes of the parts of 8 MiB, as the bytes come by."""

    def __init__(self) -> None:
        self._part, self._filled, self._done = sha256(), 0, list[bytes]()

    def update(self, chunk: bytes) -> None:
        while chunk:
            taken, chunk = chunk[: PART_SIZE - self._filled], chunk[PART_SIZE - self._filled :]
            self._part.update(taken)
            self._filled += len(taken)
            if self._filled == PART_SIZE:
                self._done.append(self._part.digest())
                self._part, self._filled = sha256(), 0

    def root(self) -> bytes:
        last = [self._part.digest()] if self._filled or not self._done else []
        return parts_root([*self._done, *last])


def lock(objects: Objects, piece: "asyncpg.Record", *, until: datetime) -> None:
    """Locks the version: bytes and signed statement are one object there."""
    objects.lock(piece["object_name"], piece["object_version"], until)


def beside(piece: "asyncpg.Record") -> dict[str, str]:
    """What the store must keep with the bytes of this piece, by the record."""
    return rules.beside(**{name: piece[name] for name in ("statement", "signature", "algorithm", "public_key")})


def keep_apart(objects: Objects, piece: "asyncpg.Record", *, until: datetime) -> None:
    """Keeps quarantined bytes for those who want to look; they are no evidence and never lie under COMPLIANCE."""
    objects.lock_softly(piece["object_name"], piece["object_version"], until)


def must_be_locked(objects: Objects, piece: "asyncpg.Record", *, until: datetime) -> datetime:
    """Reads the lock back from the store itself, which may show a longer one; LockNotApplied if it is shorter."""
    applied = objects.locked_until(piece["object_name"], piece["object_version"])
    if applied is None or applied < until.replace(microsecond=0):
        raise LockNotApplied(f"{piece['object_name']} {piece['object_version']}: locked until {applied}, not {until}")
    return applied


def reason_against(piece: "asyncpg.Record", reading: Reading) -> Quarantine | None:
    """Why the bytes cannot be sealed, if anything speaks against it."""
    statement = rules.must_be_a_statement(piece["statement"])
    if reading.sha256 == piece["sha256"] and reading.parts_root.hex() != statement.parts_root:
        return Quarantine.PARTS_DIFFER
    reason = rules.quarantine_reason(
        declared_sha256=piece["sha256"], declared_size=piece["size"], declared_type=piece["media_type"],
        sha256=reading.sha256, size=reading.size, sniffed=reading.sniffed, encoding=reading.encoding,
    )  # fmt: skip
    if reason is None and reading.beside != beside(piece):
        return Quarantine.STATEMENT_DIFFERS  # It did not come by a URL of ours: those cannot be sent without it.
    return reason


async def record_sealed(work: Work, *, locked: Sequence[Locked]) -> None:
    """SEALED with their entries: from here on the record vouches for these bytes. As many as there are, in one act.

    How long each piece is kept from here on is written with it.
    """
    waiting = await _still_received(work, [one.piece["id"] for one in locked])
    sealed = [one for one in locked if one.piece["id"] in waiting]
    if not sealed:
        return
    pieces = [one.piece for one in sealed]
    entry_ids = [
        work.record(
            "evidence.sealed", piece["id"], county=piece["county"], office=piece["office"], mine_id=piece["mine_id"],
            data=_sealed_data(piece),
        )
        for piece in pieces
    ]  # fmt: skip
    await work.sql.execute(
        "UPDATE evidence e SET state = 'SEALED', sealed_at = $4, sealed_entry_id = t.entry_id,"
        " sniffed_type = t.sniffed, leased_until = NULL, retry_at = NULL"
        " FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t(id, entry_id, sniffed) WHERE e.id = t.id",
        [piece["id"] for piece in pieces], entry_ids, [one.sniffed for one in sealed], work.now,
    )  # fmt: skip
    await facts.await_facts(work, pieces=pieces)
    await keeping.begin_keeping(
        work, terms=[Term(one.piece["id"], one.until, one.applied) for one in sealed], scrub_at=work.now + FIRST_SCRUB
    )


async def record_quarantined(work: Work, *, piece: "asyncpg.Record", reason: Quarantine, sniffed: str | None) -> None:
    """QUARANTINED with its reason: the bytes are kept apart and are no evidence."""
    if not await _still_received(work, [piece["id"]]):
        return
    work.record(
        "evidence.quarantined", piece["id"], county=piece["county"], office=piece["office"], mine_id=piece["mine_id"],
        data={"reason": reason.value, "version": piece["object_version"], "sniffed": sniffed or ""},
    )  # fmt: skip
    await work.sql.execute(
        "UPDATE evidence SET state = 'QUARANTINED', quarantined_at = $2, quarantine_reason = $3, sniffed_type = $4,"
        " leased_until = NULL, retry_at = NULL WHERE id = $1",
        piece["id"], work.now, reason.value, sniffed,
    )  # fmt: skip


async def sign_receipts(work: Work, *, shown: Shown, signer: Signer, limit: int = RECEIPTS_AT_ONCE) -> int:
    """Signs the sealed receipts of pieces whose entries the shown checkpoint covers; says how many."""
    rows = await work.sql.fetch(_UNRECEIPTED, shown.log, shown.size, limit)
    if not rows:
        return 0
    keys = {key for row in rows for key in merkle.inclusion_tiles(row["position"], shown.size)}
    tiles = await sequencer.load_tiles(work.sql, shown.log, sorted(keys))
    signed = [_receipt(work, row, shown, signer, tiles) for row in rows]
    await work.sql.execute(
        "INSERT INTO receipts (evidence_id, mine_id, county, office, receipt, signed_at)"
        " SELECT *, $6 FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[]) ON CONFLICT DO NOTHING",
        [row["id"] for row in rows], [row["mine_id"] for row in rows], [row["county"] for row in rows],
        [row["office"] for row in rows], signed, work.now,
    )  # fmt: skip
    await work.sql.execute("UPDATE evidence SET receipted = true WHERE id = ANY ($1)", [row["id"] for row in rows])
    return len(rows)


def _receipt(
    work: Work, row: "asyncpg.Record", shown: Shown, signer: Signer, tiles: dict[merkle.TileKey, bytes]
) -> bytes:
    receipt = receipts.sealed_receipt(
        signer, evidence=str(row["id"]), at=to_ms(work.now), payload=row["payload"], salt=row["salt"],
        position=row["position"], checkpoint=shown.note,
        proof=merkle.inclusion_proof(row["position"], shown.size, tiles),
    )  # fmt: skip
    return canonical(receipt)


def _sealed_data(piece: "asyncpg.Record") -> dict[str, Any]:
    """What the entry vouches for; proofs.receipts.SEALED_DATA lists the same members."""
    return {
        "evidence": str(piece["id"]), "recording": str(piece["recording_id"]), "device": str(piece["device_id"]),
        "maker": str(piece["maker_id"]), "statement": piece["statement_hash"].hex(), "sha256": piece["sha256"].hex(),
        "size": piece["size"], "object": piece["object_name"], "version": piece["object_version"],
        "device_key": to_base64url(piece["public_key"]), "algorithm": piece["algorithm"], "grade": piece["grade"],
        "declared_at": to_ms(piece["declared_at"]), "received_at": to_ms(piece["received_at"]),
    }  # fmt: skip


async def _still_received(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    """Locks the rows; those that another worker finished in the meantime are left out."""
    rows = await work.sql.fetch("SELECT id, state FROM evidence WHERE id = ANY ($1) ORDER BY id FOR UPDATE", ids)
    return {row["id"] for row in rows if row["state"] == EvidenceState.RECEIVED}


def stuck(pieces: Sequence["asyncpg.Record"]) -> list[UUID]:
    """Which of these have been tried so often that somebody must look."""
    return [piece["id"] for piece in pieces if piece["attempts"] >= STUCK_AFTER]
