"""Every select of a case's timeline: all that happened in it, in the order in which the record took it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

Key = tuple[datetime, int, UUID]
"""Where an event stands: when the record took it, its number among what was taken then, its id."""


class CaseEventKind(StrEnum):
    """What happened in a case, or in what it rests on."""

    STEP = "STEP"
    FINDING = "FINDING"
    MEASURE_STEP = "MEASURE_STEP"
    EVIDENCE = "EVIDENCE"
    PAPER_ISSUED = "PAPER_ISSUED"
    PAPER_SIGNED = "PAPER_SIGNED"
    PAPER_REFUSED = "PAPER_REFUSED"


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. `thing` is what it is about: the step, finding, measure, piece or paper; `what` says it in a code."""

    kind: str
    recorded_at: datetime
    number: int
    id: UUID
    at: datetime
    thing: UUID
    what: str
    entry_id: UUID | None
    position: int | None

    @property
    def key(self) -> Key:
        """Its place among the others."""
        return self.recorded_at, self.number, self.id


# A case rests on the findings of its conducts; measures answer these; papers are about any of them or its inspection.
# Whatever the actor's reach does not see is left out by the policies of each table.
_TOLD = """
WITH found AS (
  SELECT DISTINCT (c ->> 'finding')::uuid AS id FROM case_steps s
  CROSS JOIN LATERAL jsonb_array_elements(s.body::jsonb -> 'conducts') c
  WHERE s.case_id = $1 AND s.kind IN ('PROPOSED', 'SCOPE_WIDENED', 'DECIDED_ON_THE_SPOT') AND c ? 'finding'
), answering AS (
  SELECT DISTINCT f.measure_id AS id FROM measure_findings f WHERE f.finding_id IN (SELECT id FROM found)
), taken AS (
  SELECT m.* FROM measure_steps m WHERE m.measure_id IN (SELECT id FROM answering)
), about AS (
  SELECT 'CASE' AS kind, id FROM cases WHERE id = $1
  UNION ALL SELECT 'INSPECTION', inspection_id FROM cases WHERE id = $1 AND inspection_id IS NOT NULL
  UNION ALL SELECT 'FINDING', id FROM found UNION ALL SELECT 'MEASURE', id FROM answering
), issued AS (
  SELECT p.id, p.form, p.issued_at, p.issued_entry_id FROM about a
  JOIN papers p ON p.subject_id = a.id AND p.subject_kind = a.kind WHERE p.state = 'ISSUED'
), shown AS (
  SELECT evidence_id AS id FROM case_pieces WHERE case_id = $1
  UNION SELECT evidence_id FROM finding_evidence WHERE finding_id IN (SELECT id FROM found)
  UNION SELECT e::uuid FROM taken, unnest(evidence) e
  UNION SELECT g.evidence_id FROM paper_signatures g JOIN issued i ON i.id = g.paper_id WHERE g.evidence_id IS NOT NULL
), told AS (
  SELECT 'STEP' AS kind, recorded_at, ordinal AS number, id, at, id AS thing, kind AS what, entry_id,
    NULL::uuid AS subject, '' AS entry_kind
  FROM case_steps WHERE case_id = $1
  UNION ALL SELECT 'FINDING', recorded_at, 0, id, seen_at, id, kind, NULL, id, 'finding.recorded'
  FROM findings WHERE id IN (SELECT id FROM found)
  UNION ALL SELECT 'MEASURE_STEP', recorded_at, ordinal, id, at, measure_id, kind, NULL, measure_id,
    'measure.' || lower(kind)
  FROM taken
  UNION ALL SELECT 'EVIDENCE', declared_at, 0, id, coalesce(captured_at, declared_at), id, media_type,
    declared_entry_id, NULL, ''
  FROM evidence WHERE id IN (SELECT id FROM shown)
  UNION ALL SELECT 'PAPER_ISSUED', issued_at, 0, id, issued_at, id, form, issued_entry_id, NULL, '' FROM issued
  UNION ALL SELECT 'PAPER_SIGNED', g.signed_at, 0, g.id, g.signed_at, g.paper_id, g.place, NULL, g.id, 'paper.signed'
  FROM paper_signatures g JOIN issued i ON i.id = g.paper_id
  UNION ALL SELECT 'PAPER_REFUSED', r.refused_at, 0, r.id, r.refused_at, r.paper_id, r.place, NULL, r.id,
    'paper.refused'
  FROM paper_refusals r JOIN issued i ON i.id = r.paper_id
), page AS (
  SELECT * FROM told WHERE kind = ANY ($2) AND {keyset} ORDER BY {order} LIMIT $3
)
SELECT t.kind, t.recorded_at, t.number, t.id, t.at, t.thing, t.what, e.id AS entry_id,
  (SELECT max(p.position) FROM positions p WHERE p.entry_id = e.id) AS position
FROM page t LEFT JOIN LATERAL (
  SELECT coalesce(t.entry_id, (
    SELECT n.id FROM payloads y JOIN entries n ON n.id = y.entry_id
    WHERE y.subject = t.subject AND n.kind = t.entry_kind
      AND (t.kind <> 'MEASURE_STEP'
           OR convert_from(y.payload, 'UTF8')::jsonb -> 'data' ->> 'step' = t.id::text)
    ORDER BY n.id LIMIT 1
  )) AS id
) e ON true ORDER BY {order}
"""
_UPWARD = "recorded_at, number, id"
_DOWNWARD = "recorded_at DESC, number DESC, id DESC"
_FORWARDS = _TOLD.format(keyset="(recorded_at, number, id) > ($4, $5::int, $6::uuid)", order=_UPWARD)
_BACKWARDS = _TOLD.format(keyset="(recorded_at, number, id) < ($4, $5::int, $6::uuid)", order=_DOWNWARD)
_FIRST: Key = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), -1, UUID(int=0))
_LAST: Key = (datetime.fromisoformat("9999-12-30T00:00:00+00:00"), 2**31 - 1, UUID(int=2**128 - 1))


async def events_of(
    sql: "asyncpg.Connection[Any]",
    case_id: UUID,
    *,
    kinds: Collection[CaseEventKind] = tuple(CaseEventKind),
    limit: int,
    behind: Key | None = None,
    backwards: bool = False,
) -> Sequence[EventRow]:
    """A page of what happened in a case, or of what stands before an event, nearest first; one statement."""
    statement, end = (_BACKWARDS, _LAST) if backwards else (_FORWARDS, _FIRST)
    rows = await sql.fetch(statement, case_id, [one.value for one in kinds], limit, *(behind or end))
    return [EventRow(*row) for row in rows]
