"""The only writers of evidence on behalf of people: declaring, and telling that the bytes have arrived."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence import queries, rules
from storage.field.evidence.tables import EvidenceState, Grade
from storage.field.recordings.rules import must_be_officer
from storage.record import ids as identifiers
from storage.record.actor import Actor, Verb
from storage.record.clock import to_ms
from storage.record.ledger.proofs.statements import Statement
from storage.record.objects import Objects, Stored
from storage.record.problems import NotFound, Problem
from storage.record.work import Work

_DECLARE = """
WITH fresh AS (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[], $6::text[], $7::text[],
    $8::timestamptz[], $9::text[], $10::uuid[], $11::bytea[], $12::bytea[], $19::text[])
  AS t(id, seq, statement_hash, sha256, size, media_type, flags, captured_at, object_name, entry_id, statement,
    signature, grade)
), placed AS (
  INSERT INTO evidence (id, recording_id, device_id, maker_id, mine_id, county, office, seq, statement_hash, sha256,
    size, media_type, grade, flags, captured_at, object_name, state, declared_at, declared_entry_id, receipted,
    attempts)
  SELECT id, $13, $14, $15, $16, $17, $18, seq, statement_hash, sha256, size, media_type, grade,
    string_to_array(flags, ','), captured_at, object_name, 'DECLARED', $20, entry_id, false, 0 FROM fresh
  ON CONFLICT DO NOTHING RETURNING id, seq, statement_hash, declared_entry_id AS entry_id
), kept AS (
  INSERT INTO statements (evidence_id, statement, signature)
  SELECT f.id, f.statement, f.signature FROM fresh f JOIN placed USING (entry_id)
), newest AS (
  SELECT seq, statement_hash FROM placed ORDER BY seq DESC LIMIT 1
), moved AS (
  UPDATE chains c SET count = c.count + (SELECT count(*) FROM placed),
    last_seq = CASE WHEN n.seq > c.last_seq THEN n.seq ELSE c.last_seq END,
    last_hash = CASE WHEN n.seq > c.last_seq THEN n.statement_hash ELSE c.last_hash END
  FROM newest n WHERE c.recording_id = $13 AND c.device_id = $14
)
SELECT entry_id FROM placed
"""

_RECEIVE = """
WITH received AS (
  UPDATE evidence e SET state = 'RECEIVED', received_at = $3, object_version = t.version, retry_at = $3
  FROM unnest($1::uuid[], $2::text[]) AS t(id, version) WHERE e.id = t.id AND e.state IN ('DECLARED', 'LOST')
  RETURNING e.id
)
UPDATE evidence_uploads u SET ended_at = $3, ended_as = 'COMPLETED' FROM received r
WHERE u.evidence_id = r.id AND u.ended_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Declared:
    """One item of a batch as the phone sent it."""

    id: UUID
    statement: bytes
    signature: bytes
    takeover: "Paper | None" = None


@dataclass(frozen=True, slots=True)
class Paper:
    """The signed paper by which a device says from whom, how and when it took a file over (protocol §3a)."""

    paper: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """A declared piece: what its receipt and its upload need."""

    id: UUID
    state: EvidenceState
    statement: bytes
    sha256: bytes
    size: int
    media_type: str
    object_name: str
    entry_id: UUID
    declared_at: datetime
    known: bool
    """It had been declared before, with the same bytes."""
    beside: dict[str, str]
    """What the store keeps with the bytes."""


@dataclass(slots=True)
class _Candidate:
    """An item that passed the rules and waits to be placed."""

    item: Declared
    statement: Statement
    statement_hash: bytes
    flags: set[rules.Flag]
    grade: Grade
    object_name: str
    entry_id: UUID


async def declare_evidence(
    work: Work, *, recording_id: UUID, device_id: UUID, items: Sequence[Declared], largest: int = rules.LARGEST_FILE
) -> list[Piece | Problem]:
    """Proof before payload: answers each item by itself, in order. All that are accepted are one transaction.

    Same id and same bytes is the same answer again; same id and other bytes is EvidenceConflict. A fact is kept and
    flagged; only bytes that are no statement, not this device's, or of no officer of the inspection are refused."""
    rules.must_be_a_batch(len(items))
    chain = await queries.chain_to_extend(work, recording_id=recording_id, device_id=device_id)
    if chain is None:
        raise NotFound()
    work.actor.require(Verb.EVIDENCE_DECLARE, county=chain.county, office=chain.office, mine_id=chain.mine_id)
    must_be_officer(chain.is_officer)
    rules.must_come_after_closing(chain.closed_at, now=work.now)
    answers: list[Piece | Problem | None] = [None] * len(items)
    candidates = _candidates(work, chain, items, answers, largest=largest)
    placed = await _place(work, chain, list(candidates.values()))
    for number, candidate in candidates.items():
        if candidate.entry_id in placed:
            answers[number] = _trace(work, chain, candidate)
    if len(placed) < len(candidates):
        await _explain(work, chain, candidates, answers)
    return [answer for answer in answers if answer is not None]


def _candidates(
    work: Work,
    chain: queries.OpenChain,
    items: Sequence[Declared],
    answers: list[Piece | Problem | None],
    *,
    largest: int,
) -> dict[int, _Candidate]:
    """The items that pass the rules, by their number; those that do not are answered here."""
    candidates: dict[int, _Candidate] = {}
    last = chain.last
    of = {"recording": str(chain.recording_id), "device": str(chain.device.id), "maker": str(work.actor.account_id)}
    for number, item in enumerate(items):
        try:
            candidates[number], last = _examine(work, chain, last, item, of=of, largest=largest)
        except Problem as problem:
            answers[number] = problem
    return candidates


def _examine(
    work: Work, chain: queries.OpenChain, last: rules.Link, item: Declared, *, of: dict[str, str], largest: int
) -> tuple[_Candidate, rules.Link]:
    """Holds one item against the rules; returns it with its flags, and the link that the next one must follow."""
    statement = rules.must_be_a_statement(item.statement)
    device = chain.device
    rules.must_be_of(statement, **of)
    rules.must_be_signed(item.statement, item.signature, device)
    rules.must_be_media(statement, largest=largest)
    if (paper := item.takeover) is not None:
        rules.must_be_a_takeover(
            paper.paper, paper.signature, device, statement=item.statement, maker_id=work.actor.account_id
        )
    late = rules.must_come_from_a_valid_device(statement, device, not_before=chain.not_before, now=work.now)
    # Nobody had vouched for this key before it was enrolled: an earlier time is as doubtful as one before the beacon.
    earliest = max(chain.not_before, device.enrolled_at)
    flags = rules.flags_of(statement, last=last, not_before=earliest, now=work.now) | set(late)
    flags |= {rules.Flag.DECLARED_AFTER_CLOSING} if chain.closed_at is not None else set()
    statement_hash = sha256(item.statement).digest()
    candidate = _Candidate(
        item=item, statement=statement, statement_hash=statement_hash, flags=flags,
        grade=rules.grade_of(device, taken_over=item.takeover is not None),
        object_name=f"evidence/{secrets.token_hex(16)}", entry_id=identifiers.new_id(to_ms(work.now)),
    )  # fmt: skip
    return candidate, rules.Link(statement.seq, statement_hash) if statement.seq > last.seq else last


async def _place(work: Work, chain: queries.OpenChain, candidates: list[_Candidate]) -> set[UUID]:
    """Stores all candidates that nothing stands in the way of, in one statement; returns their entry ids."""
    if not candidates:
        return set()
    rows = await work.sql.fetch(
        _DECLARE,
        [each.item.id for each in candidates],
        [each.statement.seq for each in candidates],
        [each.statement_hash for each in candidates],
        [bytes.fromhex(each.statement.sha256) for each in candidates],
        [each.statement.size for each in candidates],
        [each.statement.type for each in candidates],
        [",".join(sorted(each.flags)) for each in candidates],
        [rules.captured_at(each.statement) for each in candidates],
        [each.object_name for each in candidates],
        [each.entry_id for each in candidates],
        [each.item.statement for each in candidates],
        [each.item.signature for each in candidates],
        chain.recording_id, chain.device.id, work.actor.account_id, chain.mine_id, chain.county, chain.office,
        [each.grade.value for each in candidates], work.now,
    )  # fmt: skip
    placed = {row["entry_id"] for row in rows}
    await _keep_papers(work, [each.item for each in candidates if each.entry_id in placed])
    return placed


async def _keep_papers(work: Work, items: Sequence[Declared]) -> None:
    """Stores the papers of what was taken over: a statement of its own, which most batches do without."""
    papers = [(item.id, item.takeover.paper, item.takeover.signature) for item in items if item.takeover is not None]
    if papers:
        ids, texts, signatures = (list(column) for column in zip(*papers, strict=True))
        await work.sql.execute(
            "INSERT INTO takeovers (evidence_id, paper, signature) SELECT * FROM unnest($1::uuid[], $2::bytea[],"
            " $3::bytea[])",
            ids, texts, signatures,
        )  # fmt: skip


def _trace(work: Work, chain: queries.OpenChain, candidate: _Candidate) -> Piece:
    """Leaves the entry of a piece that was placed, and tells of it."""
    statement, paper = candidate.statement, candidate.item.takeover
    taken = {"takeover": sha256(paper.paper).hexdigest()} if paper is not None else {}
    work.record(
        "evidence.declared", candidate.item.id, entry_id=candidate.entry_id,
        county=chain.county, office=chain.office, mine_id=chain.mine_id,
        data={
            "recording": str(chain.recording_id), "statement": candidate.statement_hash.hex(),
            "sha256": statement.sha256, "size": statement.size, "seq": statement.seq,
            "grade": candidate.grade.value, "flags": sorted(flag.value for flag in candidate.flags), **taken,
        },
    )  # fmt: skip
    return Piece(
        id=candidate.item.id, state=EvidenceState.DECLARED, statement=candidate.item.statement,
        sha256=bytes.fromhex(statement.sha256), size=statement.size, media_type=statement.type,
        object_name=candidate.object_name, entry_id=candidate.entry_id, declared_at=work.now, known=False,
        beside=_beside(candidate.item.statement, candidate.item.signature, chain),
    )  # fmt: skip


async def _explain(
    work: Work,
    chain: queries.OpenChain,
    candidates: dict[int, _Candidate],
    answers: list[Piece | Problem | None],
) -> None:
    """Answers the items that were not placed: declared before, or something else stands in their place."""
    waiting = {number: each for number, each in candidates.items() if answers[number] is None}
    rows = await queries.pieces_in_the_way(
        work, chain=chain, ids=[each.item.id for each in waiting.values()],
        seqs=[each.statement.seq for each in waiting.values()],
    )  # fmt: skip
    by_id = {row["id"]: row for row in rows}
    taken = {row["seq"] for row in rows if (row["recording_id"], row["device_id"]) == _key(chain)}
    for number, candidate in waiting.items():
        row = by_id.get(candidate.item.id)
        if row is not None and _is_same(row, candidate):
            answers[number] = _known(candidate.item, row, chain)
        elif row is None and candidate.statement.seq in taken:
            answers[number] = rules.SequenceTaken(seq=candidate.statement.seq)
        else:
            # The same answer for an id of one's own and for one that belongs to somebody unseen.
            answers[number] = rules.EvidenceConflict()


def _is_same(row: "asyncpg.Record", candidate: _Candidate) -> bool:
    """The same statement, and the same paper or none: how a file came is not told in two ways."""
    paper = candidate.item.takeover.paper if candidate.item.takeover is not None else None
    return (row["statement_hash"], row["paper"]) == (candidate.statement_hash, paper)


def _key(chain: queries.OpenChain) -> tuple[UUID, UUID]:
    return chain.recording_id, chain.device.id


def _known(item: Declared, row: "asyncpg.Record", chain: queries.OpenChain) -> Piece:
    return Piece(
        id=row["id"], state=EvidenceState(row["state"]), statement=item.statement, sha256=row["sha256"],
        size=row["size"], media_type=row["media_type"], object_name=row["object_name"],
        entry_id=row["declared_entry_id"], declared_at=row["declared_at"], known=True,
        beside=_beside(item.statement, row["signature"], chain),
    )  # fmt: skip


def _beside(statement: bytes, signature: bytes, chain: queries.OpenChain) -> dict[str, str]:
    """With the signature that came first: a device that signs again signs otherwise, and one of both is kept."""
    device = chain.device
    return rules.beside(
        statement=statement, signature=signature, algorithm=device.algorithm, public_key=device.public_key
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the store says about one piece that the phone says it has uploaded."""

    id: UUID
    object_name: str
    stored: Stored | None


async def plan_receipt(sql: "asyncpg.Connection[Any]", actor: Actor, *, ids: Sequence[UUID]) -> list[Arrival]:
    """First step of completing: which of the maker's pieces still wait for their bytes."""
    rules.must_be_a_batch(len(ids))
    rows = await queries.pieces_to_receive(sql, maker_id=actor.account_id, ids=ids)
    waiting = [row for row in rows if row["state"] in rules.WAITING]
    return [Arrival(id=row["id"], object_name=row["object_name"], stored=None) for row in waiting]


def look_for_bytes(objects: Objects, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Second step: asks the store for the version of each; safe to repeat."""
    return [replace(arrival, stored=objects.find(arrival.object_name)) for arrival in arrivals]


async def record_receipt(
    work: Work, *, ids: Sequence[UUID], arrivals: Sequence[Arrival]
) -> list[EvidenceState | Problem]:
    """Third step: RECEIVED with the version that every later step names. Answers each id by itself, in order."""
    rules.must_be_a_batch(len(ids))
    rows = {row["id"]: row for row in await queries.pieces_to_receive(
        work.sql, maker_id=work.actor.account_id, ids=sorted(ids), lock=True
    )}  # fmt: skip
    stored = {arrival.id: arrival.stored for arrival in arrivals}
    answers: list[EvidenceState | Problem] = []
    received: dict[UUID, str] = {}
    for id in ids:
        try:
            answer, version = _arrived(work.actor, rows.get(id), stored.get(id))
        except Problem as problem:
            answers.append(problem)
        else:
            answers.append(answer)
            received |= {id: version} if version else {}
    await _receive(work, rows, received)
    return answers


async def record_one_receipt(work: Work, *, id: UUID, arrivals: Sequence[Arrival]) -> EvidenceState:
    """The same for one piece, whose Problem is raised."""
    (answer,) = await record_receipt(work, ids=[id], arrivals=arrivals)
    if isinstance(answer, Problem):
        raise answer
    return answer


def _arrived(actor: Actor, row: "asyncpg.Record | None", found: Stored | None) -> tuple[EvidenceState, str | None]:
    """The state of one piece, and the version that makes it RECEIVED if it only waited for its bytes."""
    if row is None:
        raise NotFound()
    if row["state"] not in rules.WAITING:
        return EvidenceState(row["state"]), None
    actor.require(Verb.EVIDENCE_DECLARE, county=row["county"], office=row["office"], mine_id=row["mine_id"])
    if found is None:
        raise rules.NotUploaded()
    return EvidenceState.RECEIVED, found.version


async def _receive(work: Work, rows: "dict[UUID, asyncpg.Record]", received: dict[UUID, str]) -> None:
    if not received:
        return
    await work.sql.execute(_RECEIVE, list(received), list(received.values()), work.now)
    for id, version in received.items():
        row = rows[id]
        work.record(
            "evidence.received", id, county=row["county"], office=row["office"], mine_id=row["mine_id"],
            data={"object": row["object_name"], "version": version},
        )  # fmt: skip
