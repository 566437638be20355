"""The operation that gives the file of a case out as a court pack: steps, papers, findings, measures, evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import case_files, gathering, problems, queries, volumes
from storage.casework.cases.case_files import Laid
from storage.casework.cases.gathering import CaseFile, Held, IssuedPaper, OpenedPaper
from storage.casework.cases.queries import CaseRow
from storage.casework.cases.volumes import KINDS, Volume, Withheld
from storage.casework.papers import printing
from storage.casework.papers import queries as paper_queries
from storage.field.evidence import packing as evidence
from storage.field.evidence import queries as evidence_queries
from storage.field.evidence.packing import ClosingProof, OpenedRecording
from storage.record.actor import Actor, Verb
from storage.record.ledger import queries as ledger
from storage.record.ledger.checkpoints import Shown
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.entries import Entry
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work

MOST_ENTRIES = 4_000
"""Entries of one case that a pack holds: ten times the largest cases that are expected."""
MOST_PAPERS = 500
MOST_BYTES = 16_777_216
"""Of entries and papers' words: written as text they are up to twice that, and fit into one case file."""
_CASE = f"^({'|'.join(re.escape(kind) for kind in ('case.opened', *KINDS))})$"
_AROUND = r"^(finding|measure)\.|^paper\.(issued|signed|refused|printed)$"


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """One page of a case's pack: the file and the recordings stand on the first; `digest` names what was given out."""

    file: CaseFile | None
    recordings: list[OpenedRecording]
    pieces: "list[asyncpg.Record]"
    more: bool
    digest: str
    opening: UUID
    """The entry that says so."""
    laid: Laid | None


@dataclass(frozen=True, slots=True)
class _Ground:
    """The steps that are given out, and what the case rests on by what they say."""

    case: CaseRow
    shown: Shown
    opened: Held
    steps: list[Held]
    withheld: dict[int, Withheld]
    findings: list[UUID]
    inspections: list[UUID]
    behind: int


async def open_case_pack(
    work: Work, *, case_id: UUID, volume: Volume, first: int, behind: tuple[datetime, UUID] | None
) -> OpenedCase:
    """Opens one page of a case's pack; that protected bytes leave is an entry, as with any pack.

    The mine's principal is given the main volume of its own case, once the decision is served. Raises NotFound,
    NotAllowed, BadInput, DecisionNotServed, CasePackTooLarge.
    """
    if not 1 <= first <= evidence.LARGEST_PAGE:
        raise BadInput(field="first", reason=f"1-{evidence.LARGEST_PAGE}")
    case = await queries.case_of_id(work.sql, case_id)
    own = _must_be_let(work, case, volume)
    ground = await _ground(work, case, volume, own=own)
    rows = await gathering.recordings_about(
        work, ground.inspections, volumes.pieces_of([one.entry for one in ground.steps])
    )
    ids = [row["id"] for row in rows]
    found = await evidence_queries.pieces_to_pack(work, recording_ids=ids, limit=first + 1, behind=behind)
    file = None if behind else await _file(work, ground, volume, rows)
    digest = _digest(ids, found[:first], file)
    laid, told = case_files.laid(file) if file is not None else (None, {})
    opening = work.record(
        "pack.opened", case_id, county=case.county, office=case.office, mine_id=case.mine_id,
        data={"kind": "case", "volume": volume.value, "digest": digest, "pieces": len(found[:first]),
              "steps": len(ground.steps), "more": len(found) > first, **told},
    )  # fmt: skip
    recordings = [] if behind else await _recordings(work, rows, ground.shown)
    return OpenedCase(file, recordings, found[:first], len(found) > first, digest, opening, laid)


async def proof_of_opening(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, opening: UUID
) -> ClosingProof | None:  # fmt: skip
    """The entry by which this actor opened the pack of a case, with its place in the log; else NotFound.

    None until a shown checkpoint covers it.
    """
    row = await gathering.opening_of_id(sql, opening)
    if row is None or Entry.decode(row["payload"]).actor != str(actor.account_id):
        raise NotFound()
    try:
        place = await ledger.inclusion_of(sql, entry_id=opening)
    except NotFound:
        return None
    return ClosingProof(row["payload"], row["salt"], place)


async def _with_pieces(work: Work, file: CaseFile, rows: "Sequence[asyncpg.Record]") -> CaseFile:
    """The file with all evidence that its pack holds, and the names of whoever did something in it."""
    listed = await gathering.pieces_listed(work, [row["id"] for row in rows])
    pieces = [one for one in listed if evidence.is_packed(one) or evidence.is_listed(one)]
    held = [*file.steps, *(one for about in (*file.findings.values(), *file.measures.values()) for one in about),
            *(one for paper in file.papers for one in paper.entries)]  # fmt: skip
    actors = {UUID(one.entry.actor) for one in held if one.entry.actor} | {one["maker_id"] for one in pieces}
    names = await gathering.names_of(work, sorted(actors))
    return replace(file, recordings=list(rows), pieces=pieces, names=names)


def _must_be_let(work: Work, case: CaseRow, volume: Volume) -> bool:
    """Whether it is the mine's own principal who asks; NotAllowed for whoever is neither he nor an officer."""
    scope: dict[str, Any] = {"county": case.county, "office": case.office, "mine_id": case.mine_id}
    if work.actor.may(Verb.EVIDENCE_OPEN, **scope) and work.actor.may(Verb.CASE_READ, **scope):
        return False
    work.actor.require(Verb.CASE_OPEN_OWN if volume is Volume.MAIN else Verb.CASE_READ, mine_id=case.mine_id)
    return True


async def _ground(work: Work, case: CaseRow, volume: Volume, *, own: bool) -> _Ground:
    """The steps as the newest checkpoint covers them: the first that it does not yet, ends what is given out."""
    shown = await ledger.shown_checkpoint(work.sql)
    held = await gathering.entries_about(work, [case.id], kinds=_CASE, shown=shown, limit=MOST_ENTRIES + 1)
    _must_fit(len(held), MOST_ENTRIES)
    opened = [one for one in held if one.entry.kind == "case.opened"]
    taken = sorted((one for one in held if one.entry.kind in KINDS), key=lambda one: int(one.entry.data["ordinal"]))
    said = [one.entry for one in taken]
    if own:
        volumes.must_be_served(said)
    if not opened or opened[0].position is None:
        raise NotFound()
    end = next((at for at, one in enumerate(taken) if one.position is None), len(taken))
    kept_back = volumes.holes_in(said[:end], own=own) | volumes.withheld_of(said, volume, own=own)
    last = int(said[end - 1].data["ordinal"]) if end else -1
    withheld = {one: why for one, why in sorted(kept_back.items()) if one <= last}
    steps = [one for one in taken[:end] if one.entry.data["ordinal"] not in withheld]
    findings = volumes.findings_of([one.entry for one in steps])
    inspections = await gathering.inspections_of(work, findings, first=case.inspection_id)
    return _Ground(case, shown, opened[0], steps, withheld, findings, inspections, len(taken) - end)


async def _file(
    work: Work, ground: _Ground, volume: Volume, recordings: "Sequence[asyncpg.Record]"
) -> CaseFile:  # fmt: skip
    """What stands around the steps: papers with what was signed on them, findings, measures, and every proof."""
    measures = await gathering.measures_about(work, ground.findings)
    subjects = [ground.case.id, *ground.inspections, *ground.findings, *measures]
    papers = await gathering.papers_about(work, subjects, internal=volume is Volume.WHOLE, limit=MOST_PAPERS + 1)
    _must_fit(len(papers), MOST_PAPERS)
    ids = [one.id for one in papers]
    signed = await paper_queries.signatures_of(work.sql, ids)
    refused = await paper_queries.refusals_of(work.sql, ids)
    about = [*ground.findings, *measures, *ids, *(row["id"] for row in (*signed, *refused))]
    proven, behind = await _proven(work, about, ground.shown)
    prints = await gathering.prints_of(work, ids)
    told = (_paper(paper, proven, signed, refused, prints) for paper in papers)
    given = [one for one in told if one is not None]
    held = [ground.opened, *ground.steps, *(one for said in proven.values() for one in said)]
    _must_fit(sum(len(one.payload) for one in held) + sum(len(one.paper.body) for one in given), MOST_BYTES)
    positions = [one.position for one in held if one.position is not None]
    file = CaseFile(
        case=ground.case, volume=volume, shown=ground.shown, opened=ground.opened, steps=ground.steps,
        withheld=ground.withheld, papers=given,
        findings={one: proven[one] for one in ground.findings if one in proven},
        measures={one: proven[one] for one in measures if one in proven},
        proofs=await ledger.proofs_of(work.sql, ground.shown, positions), behind=ground.behind + behind,
    )  # fmt: skip
    return await _with_pieces(work, file, recordings)


async def _proven(work: Work, subjects: Sequence[UUID], shown: Shown) -> tuple[dict[UUID, list[Held]], int]:
    """What the checkpoint covers of the entries about these, by subject, in order; and how many not."""
    around = await gathering.entries_about(work, subjects, kinds=_AROUND, shown=shown, limit=MOST_ENTRIES + 1)
    _must_fit(len(around), MOST_ENTRIES)
    proven: dict[UUID, list[Held]] = {}
    for one in sorted((one for one in around if one.position is not None), key=_place):
        proven.setdefault(one.subject, []).append(one)
    return proven, sum(one.position is None for one in around)


def _place(held: Held) -> tuple[bool, int, int]:
    """What made a thing first, then its steps as they count themselves: two of one moment stand either way."""
    made = held.entry.kind in ("finding.recorded", "measure.ordered", "paper.issued")
    return not made, held.entry.data.get("ordinal", 0), held.position or 0


def _paper(
    paper: IssuedPaper,
    proven: dict[UUID, list[Held]],
    signed: "Sequence[asyncpg.Record]",
    refused: "Sequence[asyncpg.Record]",
    prints: dict[tuple[UUID, bytes], "asyncpg.Record"],
) -> OpenedPaper | None:
    """The paper with all that the checkpoint covers of it; None as long as its issue is not covered."""
    own = [one for one in proven.get(paper.id, ()) if one.entry.kind in ("paper.issued", "paper.printed")]
    issued = [one for one in own if one.entry.kind == "paper.issued"]
    if not issued:
        return None
    marks = [row for row in (*signed, *refused) if row["paper_id"] == paper.id]
    statements = [row["statement"] for row in signed if row["paper_id"] == paper.id and row["id"] in proven]
    entries = [*issued, *(one for row in marks for one in proven.get(row["id"], ()))]
    printed = [one for one in own if one.entry.kind == "paper.printed"]
    shows = printing.shown(
        paper.digest, printing.marks_of(*([row for row in rows if row["paper_id"] == paper.id]
                                          for rows in (signed, refused))),
    )  # fmt: skip
    made = prints.get((paper.id, shows))
    stamped = made["stamped_sha256"].hex() if made is not None else None
    is_proven = any(one.entry.data["stamped"] == stamped for one in printed)
    return OpenedPaper(paper, [*entries, *printed], statements, made if is_proven else None)


async def _recordings(work: Work, rows: "Sequence[asyncpg.Record]", shown: Shown) -> list[OpenedRecording]:
    """Each recording with what closed it and where the log holds that, in a constant number of statements."""
    ids = [row["closed_entry_id"] for row in rows if row["closed_entry_id"] is not None]
    closed = await gathering.closings_shown(work, ids, shown)
    paths = await ledger.proofs_of(work.sql, shown, [row["position"] for row in closed.values()])
    proofs = {
        id: ClosingProof(row["payload"], row["salt"],
                         ledger.Inclusion(row["digest"], row["position"], paths[row["position"]], shown))
        for id, row in closed.items()
    }  # fmt: skip
    return [OpenedRecording(row["id"], row["file"], proofs.get(row["closed_entry_id"])) for row in rows]


def _must_fit(there: int, most: int) -> None:
    if there > most:
        raise problems.CasePackTooLarge(there=there, most=most)


def _digest(recordings: Sequence[UUID], pieces: "Sequence[asyncpg.Record]", file: CaseFile | None) -> str:
    """What was given out, as its entry names it."""
    listed: dict[str, Any] = {
        "recordings": [str(id) for id in recordings],
        "pieces": [[str(row["id"]), row["statement_hash"].hex()] for row in pieces],
    }
    if file is not None:
        listed["entries"] = [one.entry.id for one in (file.opened, *file.steps)]
        listed["papers"] = [[str(one.paper.id), one.paper.digest.hex()] for one in file.papers]
    return sha256(canonical(listed)).hexdigest()
