"""Holds the record against itself: rows against entries, entries against the tree, the tree against the store."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg

from api.doctor.findings import MOST, Look
from storage.alerts.rosters.comparing import DUTY_ABSENCES, DUTY_HANDOVERS, DUTY_PLANS
from storage.casework.answers.comparing import ANSWERS, EXAMINATIONS
from storage.casework.cases.comparing import CASES
from storage.casework.conduct.comparing import MATTERS
from storage.casework.exams.comparing import CONSEQUENCES, EXAMS, QUESTIONS, SITTINGS
from storage.casework.findings.comparing import FINDINGS
from storage.casework.measures.comparing import MEASURES
from storage.casework.papers.comparing import PAPERS, REFUSALS, SIGNATURES
from storage.casework.schemes.comparing import LAW_TALKS, MINE_CLASSES, SCHEMES
from storage.field.evidence.comparing import EVIDENCE
from storage.field.inspections.comparing import INSPECTIONS
from storage.field.keeping.comparing import ERASURES, HOLDS, TERMS
from storage.field.recordings.comparing import RECORDINGS
from storage.miners.refusals.comparing import REFUSALS as REFUSED_PLACES
from storage.miners.refusals.comparing import RETALIATIONS, TASKS
from storage.miners.reports.comparing import IDENTITY_REQUESTS, REPORT_KEYS, REPORTS
from storage.miners.rewards.comparing import REWARDS
from storage.promises.breaches.comparing import BREACH_CONSEQUENCES, BREACHES
from storage.promises.commitments.comparing import CLAUSE_ANSWERS, COMMITMENTS, ENDINGS, PREVIEWS, SEALS
from storage.promises.keys.comparing import AGREEMENTS, KEY_CHECKS, KEY_ENDINGS, SIGNING_KEYS
from storage.promises.templates.comparing import OWN_CLAUSES, TEMPLATES
from storage.promises.years.comparing import SIGNING_REMINDERS
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger import checkpoints, comparing, examining, sequencer
from storage.record.ledger.comparing import Difference
from storage.record.ledger.examining import Suspect, Walk, Wrong
from storage.record.ledger.proofs.checkpoints import CheckpointMalformed, parse_checkpoint
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.objects import Objects
from storage.register.devices.comparing import DEVICES
from storage.register.identity.comparing import ACCOUNTS, CERTIFICATES, GRANTS
from storage.register.mines.comparing import MINES
from storage.register.people.comparing import ASSIGNMENTS, PERSONS, POSTS, QUALIFICATIONS, SHIFTS, WORKPLACES
from storage.register.provisions.comparing import PROVISIONS
from storage.trust.credit.comparing import LISTINGS, REMOVALS, REPAIRS, SANCTIONS
from storage.trust.disclosures.comparing import DISCLOSURES, WITHHELD
from storage.trust.exposures.comparing import EXPOSURES
from storage.trust.lists.comparing import FIGURES, LISTS
from storage.trust.requests.comparing import REQUESTS

COMPARISONS = (
    *(ACCOUNTS, GRANTS, CERTIFICATES, DEVICES, MINES, PROVISIONS),
    *(PERSONS, POSTS, QUALIFICATIONS, WORKPLACES, SHIFTS, ASSIGNMENTS),
    *(FINDINGS, MEASURES, CASES),
    *(ANSWERS, EXAMINATIONS),
    *(INSPECTIONS, RECORDINGS, EVIDENCE, HOLDS, TERMS, ERASURES),
    *(PAPERS, SIGNATURES, REFUSALS),
    *(EXAMS, SITTINGS, CONSEQUENCES, QUESTIONS),
    *(DUTY_PLANS, DUTY_HANDOVERS, DUTY_ABSENCES),
    *(SCHEMES, LAW_TALKS, MINE_CLASSES, MATTERS),
    *(REFUSED_PLACES, TASKS, RETALIATIONS, REWARDS),
    *(REPORTS, REPORT_KEYS, IDENTITY_REQUESTS),
    *(BREACHES, BREACH_CONSEQUENCES, SIGNING_REMINDERS),
    *(TEMPLATES, OWN_CLAUSES, CLAUSE_ANSWERS, PREVIEWS),
    *(SIGNING_KEYS, KEY_CHECKS, KEY_ENDINGS, AGREEMENTS),
    *(COMMITMENTS, SEALS, ENDINGS),
    *(DISCLOSURES, WITHHELD, EXPOSURES, REPAIRS, LISTINGS, REMOVALS, SANCTIONS),
    *(LISTS, FIGURES, REQUESTS),
)
"""The tables that are held against their entries."""

_OWNER = "only the owner of the tables, or a superuser, can have done this"
_WHY = {
    Wrong.NEVER_QUEUED: "it never gets a position: nobody outside can prove that it was there",
    Wrong.PAYLOAD_GONE: "what was done can no longer be read, and no lawful erasure removes an entry's payload",
    Wrong.PAYLOAD_DIFFERS: f"what the entry says is not what the log committed to: {_OWNER}",
    Wrong.ROW_GONE: f"an act left its trace and what it made is gone: {_OWNER}",
    Wrong.DIGEST_DIFFERS: f"the log committed to another entry at this position: {_OWNER}",
    Wrong.ENTRY_GONE: f"the log committed to an entry that is no longer there: {_OWNER}",
}
_WHAT = {
    Wrong.NEVER_QUEUED: "was never queued and has no position",
    Wrong.PAYLOAD_GONE: "has lost its payload",
    Wrong.PAYLOAD_DIFFERS: "has a payload that is not its own",
    Wrong.ROW_GONE: "has lost the row that it made",
    Wrong.DIGEST_DIFFERS: "has another digest than the tree",
    Wrong.ENTRY_GONE: "is gone",
}
_RESTORE = "compare with a backup of before; handed-out receipts and the store's checkpoints tell which side is true"


async def entries(database: Database) -> Look:
    """Every entry: queued, paid for by its payload, and with the row it made."""
    look, after, count = Look("entries"), UUID(int=0), 0
    while True:
        async with database.reading(keeper()) as sql:
            page = await examining.entry_page(sql, COMPARISONS, after=after)
        count += page.count
        for suspect in page.suspects:
            _tell(look, suspect)
        if page.after is None:
            break
        after = page.after
    look.seen = f"{count} entries"
    return look


async def rows(database: Database) -> Look:
    """Every row of the tables that entries speak of, against what they say."""

    async def page(statement: str, arguments: tuple[Any, ...]) -> "list[asyncpg.Record]":
        async with database.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    async def all_differences() -> AsyncIterator[Difference]:
        for comparison in COMPARISONS:
            async for difference in comparing.differences(page, comparison):
                yield difference

    look = Look("rows")
    async for found in all_differences():
        if found.column:
            what = f"{found.table} {found.id}: {_column(found.column)} is not what its entries say"
        else:
            what = f"{found.table} {found.id} was made by no entry that can be read"
        look.find(what, why=f"the record was changed without a trace: {_OWNER}", do=_RESTORE)
    look.seen = f"{len(COMPARISONS)} tables hold what their entries say"
    return look


def _column(name: str) -> str:
    told = {
        "told_hash": "the signed statement", "told_paper": "the takeover paper", "told_closing": "the closing",
        "told_closings": "a signed closing", "told_facts": "the digest of its facts",
        "told_fact_flags": "the flags of its facts", "told_number": "whether a number is known",
    }  # fmt: skip
    return told.get(name, name.removeprefix("told_"))


def _tell(look: Look, suspect: Suspect) -> None:
    place = "" if suspect.position is None else f" at position {suspect.position}"
    named = f"entry {suspect.id or ''} {suspect.kind}".strip()
    do = _RESTORE
    if suspect.wrong is Wrong.NEVER_QUEUED:
        do = "as owner: INSERT INTO unsequenced SELECT id, digest FROM entries WHERE id = '…'; find out who wrote it"
    look.find(f"{named}{place} {_WHAT[suspect.wrong]}", why=_WHY[suspect.wrong], do=do)


async def tree(database: Database, objects: Objects, keys: PublicKeys | None) -> Look:
    """The tree made anew from all entries, against tiles, head, shown checkpoint and the store's newest one."""
    look = Look("log")
    async with database.reading(keeper()) as sql:
        head, shown = await sequencer.head(sql), await checkpoints.newest_shown(sql)
    stored = await objects.aside(checkpoints.newest_stored, objects, head.origin)
    roots = {head.size: [("the head", head.root)]}
    if shown is not None and shown.log == head.log:
        roots.setdefault(shown.size, []).append(("the shown checkpoint", shown.root))
    if stored is not None:
        try:
            found = parse_checkpoint(stored.note, () if keys is None else keys.note_keys())
        except CheckpointMalformed as fault:
            _false_note(look, stored.name, str(fault))
        else:
            if keys is not None and all(one.key is None for one in found.signatures):
                _false_note(look, stored.name, "no ledger key of ours signed it")
            roots.setdefault(found.size, []).append(("the newest checkpoint in the store", found.root))
            if found.size > head.size:
                await _behind(look, objects, head, stored_size=found.size)
    await _walk(look, database, head, roots)
    look.seen = f"{head.size} entries of {head.origin}"
    return look


def _false_note(look: Look, name: str, reason: str) -> None:
    look.find(
        f"{name} in the store is no checkpoint of ours: {reason}",
        why="the log signs nothing while something false stands before its newest checkpoint",
        do="find out who could write to the bucket; the key folder must be the one that the log was signed with",
    )


async def _behind(look: Look, objects: Objects, head: sequencer.Head, *, stored_size: int) -> None:
    digests = await objects.aside(
        checkpoints.stored_digests, objects, head.origin, first=head.size, size=min(stored_size, head.size + MOST)
    )
    look.find(
        f"the database is behind the store: positions {head.size} to {stored_size - 1} are missing",
        why="it was put back from an old backup or replaced: acts that were acknowledged are gone, and it never signs",
        do="stop, put a newer backup in place (base backup and WAL up to the end), and look again",
    )
    for number, digest in enumerate(digests):
        told = "unknown" if digest is None else digest.hex()
        look.find(
            f"position {head.size + number} is missing: digest {told}",
            why="the entry of this digest was under a checkpoint that others may hold",
            do="a receipt with this digest proves what it said; newer backups have its row",
        )


async def _walk(
    look: Look, database: Database, head: sequencer.Head, roots: dict[int, list[tuple[str, bytes]]]
) -> None:
    walk = Walk(head.log)
    for size in sorted(size for size in roots if size <= head.size):
        while walk.size < size:
            async with database.reading(keeper()) as sql:
                for suspect in await walk.go_on(sql, to=size):
                    _tell(look, suspect)
        for name, root in roots[size]:
            if walk.root != root:
                look.find(
                    f"the tree of {size} entries has another root than {name}",
                    why=f"the history was rewritten, or belongs to another log: {_OWNER}",
                    do="stop signing; hold receipts and witnesses' checkpoints of before against it; restore a backup",
                )
