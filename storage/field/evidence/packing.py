"""The operation that gives protected originals out of the record, as a court pack, and how a pack's files are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import queries, rules
from storage.field.evidence.tables import EvidenceState
from storage.record import glossary
from storage.record.actor import Verb
from storage.record.clock import to_ms
from storage.record.ledger import queries as ledger
from storage.record.ledger.proofs import places, receipts, takeovers
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.signatures import Signer
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work

LARGEST_PAGE = 100
"""Pieces in one answer; a larger pack is opened page by page, each an entry of its own."""
GIVEN_FOR = 15 * 60
"""Seconds for which the URL of an original is good."""
_RECEIPT_LIMIT = 131_072
_ENDINGS = {
    "audio/3gpp": "3gp", "audio/aac": "aac", "audio/amr": "amr", "audio/mp4": "m4a", "audio/mpeg": "mp3",
    "audio/ogg": "ogg", "audio/wav": "wav", "audio/webm": "webm", "audio/x-wav": "wav", "image/avif": "avif",
    "image/heic": "heic", "image/heif": "heic", "image/jpeg": "jpg", "image/png": "png",
    "image/webp": "webp", "video/3gpp": "3gp", "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClosingProof:
    """A closing's entry as the log has it."""

    payload: bytes
    salt: bytes
    place: ledger.Inclusion


@dataclass(frozen=True, slots=True)
class OpenedRecording:
    """A recording of a pack; `file` is the closing with both signatures, `proof` the place of its entry, if shown."""

    id: UUID
    file: bytes | None
    proof: ClosingProof | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One page of a pack. `pieces` are rows of queries.pieces_to_pack, oldest first; `digest` names the whole list."""

    recordings: list[OpenedRecording]
    pieces: "list[asyncpg.Record]"
    more: bool
    digest: str


async def open_pack(
    work: Work, *, recording_id: UUID | None, inspection_id: UUID | None, first: int,
    behind: tuple[datetime, UUID] | None,
) -> Opened:  # fmt: skip
    """Opens one page of a recording, or of all recordings of an inspection: a view of protected bytes is an entry.

    The page is the `first` pieces behind the given (declared_at, id). Raises NotFound, NotAllowed, BadInput.
    """
    if (recording_id is None) is (inspection_id is None) or not 1 <= first <= LARGEST_PAGE:
        raise BadInput(field="input", reason=f"recordingId or inspectionId, and first 1-{LARGEST_PAGE}")
    recordings = await queries.recordings_to_pack(work, recording_id=recording_id, inspection_id=inspection_id)
    if not recordings:
        raise NotFound()
    scope = {name: recordings[0][name] for name in ("county", "office", "mine_id")}
    work.actor.require(Verb.EVIDENCE_OPEN, **scope)
    ids = [row["id"] for row in recordings]
    rows = await queries.pieces_to_pack(work, recording_ids=ids, limit=first + 1, behind=behind)
    pieces = rows[:first]
    listed = [[str(row["id"]), row["statement_hash"].hex()] for row in pieces]
    digest = sha256(canonical({"recordings": [str(id) for id in ids], "pieces": listed})).hexdigest()
    kind = "recording" if recording_id is not None else "inspection"
    work.record(
        "pack.opened", recording_id or inspection_id or ids[0], **scope,
        data={"kind": kind, "digest": digest, "pieces": len(pieces), "more": len(rows) > first},
    )  # fmt: skip
    return Opened([await _opened(work, row) for row in recordings], pieces, len(rows) > first, digest)


async def _opened(work: Work, row: "asyncpg.Record") -> OpenedRecording:
    proof = None if row["closed_entry_id"] is None else await _proof(work, row["closed_entry_id"])
    return OpenedRecording(row["id"], row["file"], proof)


async def _proof(work: Work, entry_id: UUID) -> ClosingProof | None:
    """Where the closing's entry stands; None as long as no checkpoint that holds it is shown."""
    row = await queries.payload_of(work, entry_id=entry_id)
    try:
        place = await ledger.inclusion_of(work.sql, entry_id=entry_id)
    except NotFound:
        return None
    return ClosingProof(row["payload"], row["salt"], place) if row is not None else None


def proof_file(proof: ClosingProof, *, keys: Mapping[str, Any]) -> bytes:
    """RECORDING.closed.json (protocol §9)."""
    place = proof.place
    return places.proven_entry(
        payload=proof.payload, salt=proof.salt, position=place.position, proof=place.proof,
        checkpoint=place.checkpoint.note, keys=keys,
    )  # fmt: skip


def is_packed(row: "asyncpg.Record") -> bool:
    """Whether the original and its bundle can go into the pack: it is sealed, and its receipt is signed."""
    return bool(row["state"] == EvidenceState.SEALED and row["receipt"] is not None)


def is_listed(row: "asyncpg.Record") -> bool:
    """Whether a statement without a sealed original belongs to the list: what came after the closing does not."""
    return rules.Flag.DECLARED_AFTER_CLOSING.value not in row["flags"]


def name_of(row: "asyncpg.Record") -> str:
    """The original's name in a pack: no phone tells one, so it is its place in the record.

    The last digits of the ids are taken: the first ones of a version 7 id are a time that many share.
    """
    recording, device = row["recording_id"].hex[-8:], row["device_id"].hex[-8:]
    return f"{recording}-{device}-{row['seq']:06d}.{_ENDINGS.get(row['media_type'], 'bin')}"


def bundle_of(row: "asyncpg.Record", *, promise: Callable[[int], Signer], keys: Mapping[str, Any]) -> bytes:
    """NAME.pithead.json (protocol §8); the declared receipt is made again with the key of its time."""
    at = to_ms(row["declared_at"])
    declared = receipts.declare_receipt(
        promise(at), evidence=str(row["id"]), statement=row["statement"], entry=str(row["declared_entry_id"]), at=at
    )
    sealed = parse_canonical(row["receipt"], _RECEIPT_LIMIT)
    return receipts.bundle(
        file=name_of(row), statement=row["statement"], signature=row["signature"], declared=declared, sealed=sealed,
        keys=keys,
    )  # fmt: skip


def takeover_file(row: "asyncpg.Record") -> bytes | None:
    """NAME.takeover.json (protocol §3a), beside what was taken over."""
    if row["paper"] is None:
        return None
    return takeovers.taken_over_file(row["paper"], row["paper_signature"])


def reason_unsealed(row: "asyncpg.Record") -> str:
    """Why a statement has no sealed original in the pack, in both languages."""
    code = f"UNSEALED_{row['state']}"
    told = {"reason": row["lost_reason"] or row["quarantine_reason"] or ""}
    return " / ".join(glossary.sentence(code, language, **told) for language in ("zh", "en"))
