"""The only writers of keeping on behalf of people: holding, keeping longer, and the lawful end; and its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.evidence.tables import EvidenceState
from storage.field.keeping import queries, rules
from storage.field.keeping.rules import Subject
from storage.field.keeping.tables import SubjectKind
from storage.record import ids as identifiers
from storage.record.actor import Verb
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.register.provisions import queries as provisions

# Holds and terms may have come before the piece did: on its recording, on its inspection, on its declared self.
_BEGIN = f"""
INSERT INTO keepings (evidence_id, recording_id, inspection_id, mine_id, county, office, retain_until, retained_until,
  held, wanted_since, follow_at, attempts, scrub_at, scrubbed_at, scrub_attempts)
SELECT k.evidence_id, k.recording_id, k.inspection_id, k.mine_id, k.county, k.office, k.until, k.applied, false,
  CASE WHEN k.owed THEN $4::timestamptz END, CASE WHEN k.owed THEN $4::timestamptz END, 0, $5, $4, 0
FROM (
  SELECT k.*, k.until > k.applied OR {queries.OPEN_HOLD} AS owed
  FROM (
    SELECT e.id AS evidence_id, e.recording_id, r.inspection_id, e.mine_id, e.county, e.office, s.applied,
      greatest(s.until, (
      SELECT max(t.until) FROM retention_terms t
      WHERE t.evidence_id = e.id OR t.recording_id = e.recording_id OR t.inspection_id = r.inspection_id)) AS until
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS s(id, until, applied)
    JOIN evidence e ON e.id = s.id JOIN recordings r ON r.id = e.recording_id
  ) k
) k
"""
_HOLD = """
INSERT INTO holds (id, evidence_id, case_id, mine_id, county, office, article, reason, permanent, placed_by, placed_at)
SELECT t.id, e.id, $3, e.mine_id, e.county, e.office, $4, $5, false, $6, $7
FROM unnest($1::uuid[], $2::uuid[]) AS t(id, piece) JOIN evidence e ON e.id = t.piece
"""
_WANT = "wanted_since = coalesce(wanted_since, $2), follow_at = $2"


@dataclass(frozen=True, slots=True)
class Term:
    """How long a piece is to be locked at the least (`until`), and how long the store shows it locked (`applied`)."""

    evidence_id: UUID
    until: datetime
    applied: datetime


async def begin_keeping(work: Work, *, terms: Sequence[Term], scrub_at: datetime) -> None:
    """With the seal: what is wanted of these pieces, counting holds and terms that were there before them.

    The caller holds the locks of the evidence rows.
    """
    await work.sql.execute(
        _BEGIN, [one.evidence_id for one in terms], [one.until for one in terms], [one.applied for one in terms],
        work.now, scrub_at,
    )  # fmt: skip


async def place_hold(
    work: Work, *, subject: Subject, article: str, reason: str, permanent: bool = False
) -> "asyncpg.Record":
    """Forbids that the subject's pieces go, now and later, until the hold is lifted; entry hold.placed.

    Raises NotFound, NotAllowed, BadInput, EvidenceNotKept and ErasureUnderWay.
    """
    place = await queries.place_of(work, subject=subject)
    work.actor.require(Verb.HOLD_PLACE, county=place["county"], office=place["office"], mine_id=place["mine_id"])
    return await _hold(work, subject, place, article=article, reason=reason, permanent=permanent)


async def hold_for_case(work: Work, *, pieces: Sequence[UUID], case_id: UUID, article: str, reason: str) -> None:
    """The holds of a case on the pieces that it rests on, in the transaction of the step that names them; hold.placed.

    A piece rests on its case from the same moment: neither exists without the other. What the case holds already, and
    what is gone or going, is left as it is: a fact that names it is kept all the same. Only `release_case` lifts them.
    """
    rules.must_be_reasoned(article=article, reason=reason)
    rows = await queries.pieces_to_hold(work, ids=pieces, case_id=case_id)
    holds = [(identifiers.new_id(to_ms(work.now)), row) for row in rows]
    await work.sql.execute(
        _HOLD, [id for id, _ in holds], [row["id"] for _, row in holds], case_id, article, reason,
        work.actor.account_id, work.now,
    )  # fmt: skip
    await _want(work, [row["id"] for row in rows])
    for id, row in holds:
        said = {"evidence": str(row["id"]), "case": str(case_id), "article": article, "reason": reason}
        scope = {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
        work.record("hold.placed", id, data={**said, "permanent": False}, **scope)


async def release_case(work: Work, *, case_id: UUID, reason: str) -> int:
    """Lifts the open holds of a case in the transaction of the act that ends it; says how many. Entries hold.lifted."""
    rows = await work.sql.fetch(
        f"SELECT {queries.HOLD} FROM holds h WHERE h.case_id = $1 AND h.lifted_at IS NULL ORDER BY h.id FOR UPDATE",
        case_id,
    )
    for row in rows:
        await _lift(work, row, reason=reason)
    return len(rows)


async def lift_hold(work: Work, *, hold_id: UUID, reason: str) -> "asyncpg.Record":
    """Ends a hold with its reason; other holds stay. Entry hold.lifted.

    Raises NotFound, NotAllowed, BadInput, HoldAlreadyLifted and HoldOfCase.
    """
    hold = await queries.hold_to_lift(work, id=hold_id)
    work.actor.require(Verb.HOLD_LIFT, county=hold["county"], office=hold["office"], mine_id=hold["mine_id"])
    rules.must_be_open(hold["lifted_at"], case_id=hold["case_id"])
    rules.must_be_reasoned(article=hold["article"], reason=reason)
    await _lift(work, hold, reason=reason)
    return await queries.hold_by_id(work, hold_id)


async def extend_retention(
    work: Work, *, subject: Subject, until: datetime, article: str, reason: str
) -> "asyncpg.Record":
    """Keeps the subject's pieces longer, those that come later too; the longest rule wins. Entry retention.extended.

    Raises NotFound, NotAllowed, BadInput, EvidenceNotKept, ErasureUnderWay, RetentionNotLonger and RetentionTooLong.
    """
    place = await queries.place_of(work, subject=subject)
    scope = {"county": place["county"], "office": place["office"], "mine_id": place["mine_id"]}
    work.actor.require(Verb.RETENTION_EXTEND, **scope)
    rules.must_be_reasoned(article=article, reason=reason)
    kept = await _kept_pieces(work, subject)
    known = await _ends(work, subject, kept)
    law = await provisions.law_of(work.sql)
    rules.must_be_longer(until := rules.whole_seconds(until), law=law, now=work.now, known=known)
    id = identifiers.new_id(to_ms(work.now))
    await work.sql.execute(
        f"INSERT INTO retention_terms (id, {_column(subject)}, mine_id, county, office, until, article, reason, set_by,"
        " set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id, subject.id, place["mine_id"], place["county"], place["office"], until, article, reason,
        work.actor.account_id, work.now,
    )  # fmt: skip
    await work.sql.execute(
        f"UPDATE keepings SET retain_until = $3, {_WANT} WHERE evidence_id = ANY ($1) AND retain_until < $3"
        " AND erasing_at IS NULL",
        kept, work.now, until,
    )  # fmt: skip
    data = {**_told(subject), "until": to_ms(until), "article": article, "reason": reason}
    work.record("retention.extended", id, data=data, **scope)
    return await queries.term_by_id(work, id)


async def propose_erasure(work: Work, *, evidence_id: UUID, article: str, reason: str) -> "asyncpg.Record":
    """The first of two: an archivist proposes that a piece past its dates goes. Entry erasure.proposed.

    Raises NotFound, NotAllowed, BadInput, EvidenceNotKept, EvidenceHeld, EvidenceRetained and ErasureProposedAlready.
    """
    place = await queries.place_of(work, subject=Subject(SubjectKind.EVIDENCE, evidence_id))
    scope = {"county": place["county"], "office": place["office"], "mine_id": place["mine_id"]}
    work.actor.require(Verb.ERASURE_PROPOSE, **scope)
    rules.must_be_reasoned(article=article, reason=reason)
    rules.must_be_erasable(await queries.piece_to_erase(work, evidence_id=evidence_id), now=work.now)
    id = identifiers.new_id(to_ms(work.now))
    await work.sql.execute(
        "INSERT INTO erasures (id, evidence_id, mine_id, county, office, article, reason, proposed_by, proposed_at,"
        " attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
        id, evidence_id, place["mine_id"], place["county"], place["office"], article, reason, work.actor.account_id,
        work.now,
    )  # fmt: skip
    data = {"evidence": str(evidence_id), "article": article, "reason": reason}
    work.record("erasure.proposed", id, data=data, **scope)
    return await queries.erasure_by_id(work, id)


async def approve_erasure(work: Work, *, erasure_id: UUID) -> "asyncpg.Record":
    """The second of two: the head approves, all rules are asked again, and from here no hold can be placed.

    The bytes go by a worker's hand right after; the entry evidence.erased is then the certificate of deletion. Entry
    erasure.approved. Raises NotFound, NotAllowed, ErasureNeedsTwoPeople, ErasureApprovedAlready, EvidenceNotKept,
    EvidenceHeld and EvidenceRetained.
    """
    erasure = await queries.erasure_by_id(work, erasure_id, lock=True)
    scope = {"county": erasure["county"], "office": erasure["office"], "mine_id": erasure["mine_id"]}
    work.actor.require(Verb.ERASURE_APPROVE, **scope)
    rules.must_be_another(erasure["proposed_by"], work.actor.account_id)
    evidence_id = erasure["evidence_id"]
    if erasure["approved_at"] is not None:
        raise rules.ErasureApprovedAlready()
    rules.must_be_erasable(await queries.piece_to_erase(work, evidence_id=evidence_id), now=work.now)
    await work.sql.execute(
        "UPDATE erasures SET approved_by = $2, approved_at = $3, retry_at = $3 WHERE id = $1",
        erasure_id, work.actor.account_id, work.now,
    )  # fmt: skip
    await work.sql.execute("UPDATE keepings SET erasing_at = $2 WHERE evidence_id = $1", evidence_id, work.now)
    data = {"evidence": str(evidence_id), "article": erasure["article"], "proposed_by": str(erasure["proposed_by"])}
    work.record("erasure.approved", erasure_id, data=data, **scope)
    return await queries.erasure_by_id(work, erasure_id)


async def _hold(
    work: Work, subject: Subject, place: "asyncpg.Record", *, article: str, reason: str, permanent: bool
) -> "asyncpg.Record":
    rules.must_be_reasoned(article=article, reason=reason)
    kept = await _kept_pieces(work, subject)
    id = identifiers.new_id(to_ms(work.now))
    await work.sql.execute(
        f"INSERT INTO holds (id, {_column(subject)}, mine_id, county, office, article, reason, permanent,"
        " placed_by, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id, subject.id, place["mine_id"], place["county"], place["office"], article, reason, permanent,
        work.actor.account_id, work.now,
    )  # fmt: skip
    await _want(work, kept)
    work.record(
        "hold.placed", id, county=place["county"], office=place["office"], mine_id=place["mine_id"],
        data={**_told(subject), "article": article, "reason": reason, "permanent": permanent},
    )  # fmt: skip
    return await queries.hold_by_id(work, id)


async def _lift(work: Work, hold: "asyncpg.Record", *, reason: str) -> None:
    """Ends one locked hold; the worker takes the store's hold off where no other stands."""
    subject = _subject(hold)
    pieces = await queries.pieces_to_change(work, subject=subject)
    await work.sql.execute(
        "UPDATE holds SET lifted_by = $2, lifted_at = $3, lift_reason = $4 WHERE id = $1",
        hold["id"], work.actor.account_id, work.now, reason,
    )  # fmt: skip
    await _want(work, [row["id"] for row in pieces])
    work.record(
        "hold.lifted", hold["id"], county=hold["county"], office=hold["office"], mine_id=hold["mine_id"],
        data={**_told(subject), "reason": reason},
    )  # fmt: skip


async def _kept_pieces(work: Work, subject: Subject) -> list[UUID]:
    """Locks the subject's pieces. One that is named alone must be one that can be kept; of many the others stay out."""
    pieces = await queries.pieces_to_change(work, subject=subject)
    ids = [row["id"] for row in pieces]
    if subject.kind is SubjectKind.EVIDENCE:
        erasing = any(row["erasing_at"] for row in await queries.keepings_of(work, ids=ids))
        rules.must_be_kept([EvidenceState(row["state"]) for row in pieces], erasing=erasing)
    return ids


async def _ends(work: Work, subject: Subject, kept: Sequence[UUID]) -> list[datetime]:
    """The ends that a further term on this very subject must outlast."""
    longest = await queries.longest_term(work, subject=subject)
    ends = [] if longest is None else [longest]
    if subject.kind is SubjectKind.EVIDENCE:
        ends += [row["retain_until"] for row in await queries.keepings_of(work, ids=kept)]
    return ends


async def _want(work: Work, pieces: Sequence[UUID]) -> None:
    """Asks the worker to make the store follow for these pieces."""
    await work.sql.execute(
        f"UPDATE keepings SET {_WANT} WHERE evidence_id = ANY ($1) AND erasing_at IS NULL", pieces, work.now
    )


def _column(subject: Subject) -> str:
    return f"{subject.kind.value.lower()}_id"


def _told(subject: Subject) -> dict[str, Any]:
    return {subject.kind.value.lower(): str(subject.id)}


def _subject(row: "asyncpg.Record") -> Subject:
    """What a stored hold is laid on."""
    for kind in SubjectKind:
        id = row[f"{kind.value.lower()}_id"]
        if id is not None:
            return Subject(kind, id)
    raise LookupError("a hold without a subject")
