"""Every select that the pack of a case needs beyond those of evidence and papers: a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases.queries import CaseRow
from storage.casework.cases.volumes import Volume, Withheld
from storage.record.ledger.checkpoints import Shown
from storage.record.ledger.proofs.entries import Entry
from storage.record.work import Work

_ENTRIES = """
SELECT p.subject, p.salt, p.payload, (
  SELECT o.position FROM positions o WHERE o.entry_id = p.entry_id AND o.log = $3 AND o.position < $4
) AS position
FROM payloads p JOIN entries e ON e.id = p.entry_id
WHERE p.subject = ANY ($1::uuid[]) AND e.kind ~ $2 ORDER BY e.at, e.id LIMIT $5
"""
_MEASURES = """
SELECT DISTINCT f.measure_id FROM measure_findings f WHERE f.finding_id = ANY ($1::uuid[]) ORDER BY f.measure_id
"""
_INSPECTIONS = "SELECT DISTINCT inspection_id FROM findings WHERE id = ANY ($1::uuid[]) ORDER BY inspection_id"
# Of whatever the case rests on: drafts say nothing, and what is internal is of the second volume.
_PAPERS = """
SELECT id, form, number, body, digest, internal, issued_at FROM papers
WHERE (subject_id = ANY ($1::uuid[])
  OR subject_id IN (SELECT s.id FROM schemes s WHERE s.inspection_id = ANY ($1::uuid[])))
  AND state = 'ISSUED' AND (NOT internal OR $2) ORDER BY issued_at, id LIMIT $3
"""
_PRINTS = """
SELECT paper_id, shows, object_name, object_version, stamped_sha256 FROM paper_prints WHERE paper_id = ANY ($1::uuid[])
"""
_RECORDINGS = """
SELECT r.id, r.county, r.office, r.mine_id, k.file, k.closed_entry_id FROM recordings r
LEFT JOIN closings k ON k.recording_id = r.id AND k.closed_at IS NOT NULL
WHERE r.inspection_id = ANY ($1::uuid[])
  OR r.id IN (SELECT e.recording_id FROM evidence e WHERE e.id = ANY ($2::uuid[]))
ORDER BY r.opened_at, r.id
"""
_CLOSED = """
SELECT p.entry_id, p.salt, p.payload, e.digest, o.position FROM payloads p JOIN entries e ON e.id = p.entry_id
JOIN positions o ON o.entry_id = p.entry_id AND o.log = $2 AND o.position < $3 WHERE p.entry_id = ANY ($1::uuid[])
"""
_LISTED = """
SELECT e.id, e.recording_id, e.device_id, e.maker_id, e.seq, e.statement_hash, e.media_type, e.grade, e.captured_at,
  e.state, e.flags, e.lost_reason, e.quarantine_reason, x.evidence_id AS receipt
FROM evidence e JOIN statements s ON s.evidence_id = e.id LEFT JOIN receipts x ON x.evidence_id = e.id
WHERE e.recording_id = ANY ($1::uuid[]) ORDER BY e.captured_at, e.id
"""
_NAMES = "SELECT id, name FROM accounts WHERE id = ANY ($1::uuid[])"
_OPENING = """
SELECT p.entry_id, p.payload, p.salt FROM payloads p JOIN entries e ON e.id = p.entry_id
WHERE p.entry_id = $1 AND e.kind = 'pack.opened'
"""


@dataclass(frozen=True, slots=True)
class Held:
    """An entry as the record holds it, and its position if the newest shown checkpoint covers it."""

    subject: UUID
    salt: bytes
    payload: bytes
    position: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper that was issued about the case or what it rests on."""

    id: UUID
    form: str
    number: str | None
    body: bytes
    digest: bytes
    internal: bool
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """A paper of the pack; `print` is the PDF that shows all that was signed on it, if it stands in the checkpoint."""

    paper: IssuedPaper
    entries: list[Held]
    statements: list[bytes]
    print: "asyncpg.Record | None"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All of a case but its evidence, as one checkpoint proves it."""

    case: CaseRow
    volume: Volume
    shown: Shown
    opened: Held
    steps: list[Held]
    withheld: dict[int, Withheld]
    findings: dict[UUID, list[Held]]
    measures: dict[UUID, list[Held]]
    papers: list[OpenedPaper]
    proofs: dict[int, list[bytes]]
    behind: int
    """Entries about it that no shown checkpoint covers yet: they are left out, and come soon."""
    recordings: "list[asyncpg.Record]" = field(default_factory=list)
    pieces: "list[asyncpg.Record]" = field(default_factory=list)
    """Every piece that a pack of these recordings holds, by when it was taken."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Who the accounts are that did something here, as far as the reader may know it."""


async def entries_about(work: Work, subjects: Sequence[UUID], *, kinds: str, shown: Shown, limit: int) -> list[Held]:
    """The entries about these subjects whose kind fits the pattern, oldest first; one statement."""
    rows = await work.sql.fetch(_ENTRIES, list(subjects), kinds, shown.log, shown.size, limit)
    return [
        Held(row["subject"], row["salt"], row["payload"], row["position"], Entry.decode(row["payload"])) for row in rows
    ]


async def measures_about(work: Work, findings: Sequence[UUID]) -> list[UUID]:
    """The measures that answer these findings."""
    return [row["measure_id"] for row in await work.sql.fetch(_MEASURES, list(findings))]


async def inspections_of(work: Work, findings: Sequence[UUID], *, first: UUID | None) -> list[UUID]:
    """The inspection that the case comes from, and those in which its findings were made."""
    found = [row["inspection_id"] for row in await work.sql.fetch(_INSPECTIONS, list(findings))]
    return list(dict.fromkeys([*([first] if first else []), *found]))


async def papers_about(work: Work, subjects: Sequence[UUID], *, internal: bool, limit: int) -> list[IssuedPaper]:
    """The issued papers about these subjects, oldest first; those that stay within the agency only where asked for."""
    return [IssuedPaper(*row) for row in await work.sql.fetch(_PAPERS, list(subjects), internal, limit)]


async def prints_of(work: Work, papers: Sequence[UUID]) -> dict[tuple[UUID, bytes], "asyncpg.Record"]:
    """Every PDF of these papers by what it shows; one statement."""
    return {(row["paper_id"], row["shows"]): row for row in await work.sql.fetch(_PRINTS, list(papers))}


async def recordings_about(work: Work, inspections: Sequence[UUID], pieces: Sequence[UUID]) -> "list[asyncpg.Record]":
    """The recordings of these inspections and those that hold these pieces, oldest first, with what closed each."""
    return await work.sql.fetch(_RECORDINGS, list(inspections), list(pieces))


async def closings_shown(work: Work, entry_ids: Sequence[UUID], shown: Shown) -> "dict[UUID, asyncpg.Record]":
    """The entries of closings that the checkpoint covers, by id: payload, salt, digest, position; one statement."""
    rows: list[Any] = await work.sql.fetch(_CLOSED, list(entry_ids), shown.log, shown.size)
    return {row["entry_id"]: row for row in rows}


async def pieces_listed(work: Work, recordings: Sequence[UUID]) -> "list[asyncpg.Record]":
    """All pieces of these recordings, by when they were taken, without their bytes; one statement."""
    return await work.sql.fetch(_LISTED, list(recordings))


async def names_of(work: Work, accounts: Sequence[UUID]) -> dict[str, str]:
    """Who these accounts are, as far as the actor may see them; one statement."""
    return {str(row["id"]): row["name"] for row in await work.sql.fetch(_NAMES, list(accounts))}


async def opening_of_id(sql: "asyncpg.Connection[Any]", entry_id: UUID) -> "asyncpg.Record | None":
    """The visible entry by which a pack was opened."""
    return await sql.fetchrow(_OPENING, entry_id)
