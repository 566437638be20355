"""What a course of uploads runs on, what is known of each piece, and what must be true of it at any time."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from api.embedded.postgres import DatabaseAddresses
from api.worker import Worker
from storage.field.evidence.operations import Declared
from storage.field.evidence.rules import TRANSITIONS
from storage.field.evidence.tables import EvidenceState
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.objects import Objects, StoreAddress
from storage.record.problems import TryAgain
from tests.factories.gates import GatedDatabase, GatedStore, Stage
from tests.storage.field.evidence.sending import film as film_body

FLOOR = timedelta(minutes=10)
AT_ONCE = timedelta(0)
ROWS = """
SELECT e.id, e.seq, e.state, e.object_name, e.object_version, e.statement_hash, e.sha256, e.declared_entry_id,
  e.sealed_entry_id, e.quarantine_reason, s.statement, s.signature,
  (SELECT jsonb_object_agg(kind, times) FROM (SELECT n.kind, count(*) AS times FROM payloads p
    JOIN entries n ON n.id = p.entry_id WHERE p.subject = e.id GROUP BY n.kind) k)::text AS traces,
  (SELECT count(*) FROM evidence_uploads u WHERE u.evidence_id = e.id AND u.ended_at IS NULL) AS open_uploads,
  (SELECT count(*) FROM evidence_uploads u WHERE u.evidence_id = e.id) AS uploads,
  (SELECT count(*) FROM keepings k WHERE k.evidence_id = e.id) AS kept
FROM evidence e LEFT JOIN statements s ON s.evidence_id = e.id WHERE e.recording_id = $1 ORDER BY e.seq
"""
CHAIN = "SELECT count, last_seq, last_hash FROM chains WHERE recording_id = $1"
ALL = "SELECT (SELECT count(*) FROM entries), (SELECT count(*) FROM payloads), (SELECT count(*) FROM statements)"


@dataclass
class Ground:
    """What a course runs on: one database and one bucket for all courses, and a stage of the test's own."""

    addresses: DatabaseAddresses
    bucket: StoreAddress
    keys: KeyFolder
    stage: Stage = field(default_factory=Stage)

    def __post_init__(self) -> None:
        self.record, self.workers = GatedDatabase(self.addresses.api), GatedDatabase(self.addresses.worker)
        self.objects, self.plain = GatedStore(self.bucket), Objects(self.bucket)
        self.sql: asyncpg.Connection[Any] = self.stage.run(asyncpg.connect(self.addresses.superuser))

    def close(self) -> None:
        self.stage.close()
        for database in (self.record, self.workers):
            self.stage.run(database.close())
        self.stage.run(self.sql.close())
        for store in (self.objects, self.plain):
            store.close()
        self.stage.loop.close()


@dataclass
class Known:
    """What the phone knows of a piece that the server accepted, and what was done to its bytes behind our back."""

    item: Declared
    body: bytes
    state: EvidenceState = EvidenceState.DECLARED
    version: str | None = None
    entry: UUID | None = None
    upload: dict[str, Any] | None = None
    forged: bool = False
    deleted: bool = False

    @property
    def id(self) -> UUID:
        return self.item.id

    @property
    def is_film(self) -> bool:
        return len(self.body) > len(film_body()) - 1


def must_be_true(ground: Ground, piece: Known, row: "asyncpg.Record") -> None:
    state = EvidenceState(row["state"])
    assert state in reachable(piece.state), (piece.state, state)
    assert row["statement"] == piece.item.statement
    assert row["sha256"] == sha256(piece.body).digest()
    piece.entry = piece.entry or row["declared_entry_id"]
    assert row["declared_entry_id"] == piece.entry
    assert piece.version in (None, row["object_version"]), "a pinned version is never exchanged"
    if state is EvidenceState.SEALED and piece.state is not state:
        must_be_locked(ground, piece, row)
    piece.state, piece.version = state, row["object_version"]
    must_have_traces(ground, piece, row)


def must_have_traces(ground: Ground, piece: Known, row: "asyncpg.Record") -> None:
    traces = {kind.removeprefix("evidence."): times for kind, times in json_of(row["traces"]).items()}
    state, uploads = piece.state, traces.pop("upload_begun", 0)
    assert (row["open_uploads"] <= 1, uploads, traces.pop("upload_aborted", 0) <= uploads) == (
        True, row["uploads"], True
    )  # fmt: skip
    lost = traces.pop("lost", 0)
    assert lost <= 1
    assert lost == 1 or state is not EvidenceState.LOST
    arrived = state not in (EvidenceState.DECLARED, EvidenceState.LOST)
    assert traces == {"declared": 1} | ({"received": 1} if arrived else {}) | (
        {state.value.lower(): 1} if state in (EvidenceState.SEALED, EvidenceState.QUARANTINED) else {}
    )  # fmt: skip
    assert (row["sealed_entry_id"] is not None) is (row["kept"] == 1) is (state is EvidenceState.SEALED)


def must_be_locked(ground: Ground, piece: Known, row: "asyncpg.Record") -> None:
    """What is called sealed lies locked in the store, byte for byte, its statement beside it."""
    store = ground.plain
    until = store.locked_until(row["object_name"], row["object_version"])
    assert until is not None
    assert until > datetime.now(UTC) + FLOOR / 2
    whole = sha256()
    opened = store.open(row["object_name"], row["object_version"])
    for chunk in opened.chunks:
        whole.update(chunk)
    assert whole.digest() == sha256(piece.body).digest()
    assert from_base64url(opened.metadata["statement"]) == piece.item.statement


async def turn(worker: Worker) -> None:
    """As the workers' loop does it: a turn that met a fault is over, and the next one comes."""
    with suppress(TryAgain):
        await worker.turn()


def reachable(state: EvidenceState) -> set[EvidenceState]:
    """This state and all that may follow it."""
    found, new = {state}, {state}
    while new:
        new = {after for one in new for after in TRANSITIONS[one]} - found
        found |= new
    return found


def json_of(text: str | None) -> dict[str, int]:
    return json.loads(text) if text else {}
