"""What a clock starts: the end of what was shown for its longest period, and the duties that follow from the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.parameters import NotInForce
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import keeping, queries, rules
from storage.trust.disclosures.duties import duty_of
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.tables import DisclosureKind, DisclosureState, EventKind, SourceKind

LOOKED_BACK = timedelta(days=180)
"""How far back inspections are looked for whose result nobody published or withheld: longer than any calendar year
could put off, and an open duty stands in its row for ever."""
ENDED = "公示期限届满"
_EXPIRED = "UPDATE disclosures SET state = 'EXPIRED' WHERE id = $1"
_DELETED = "UPDATE disclosure_editions SET content = NULL WHERE disclosure_id = $1 AND content IS NOT NULL"
# A decision's duty is the clock of its case; that knows when it was published, and when it fell before that.
_OF_DECISIONS = """
INSERT INTO disclosure_duties AS d (source_kind, source_id, kind, matter_id, mine_id, county, office, article, start_at,
  due_on, over_at, met_at, met_as)
SELECT 'DECISION', k.subject, 'PENALTY', k.case_id, k.mine_id, k.county, k.office, $2, k.start_at, k.ends, k.over_at,
  k.met_at, CASE WHEN k.met_at IS NULL THEN NULL WHEN EXISTS (
    SELECT FROM case_steps s WHERE s.case_id = k.case_id AND s.kind = 'PUBLISHED'
      AND s.body::jsonb ->> 'decision' = k.subject::text) THEN 'PUBLISHED' ELSE 'FELL' END
FROM case_clocks k LEFT JOIN disclosure_duties o ON o.source_kind = 'DECISION' AND o.source_id = k.subject
WHERE k.key = 'penalty_published' AND (o.source_id IS NULL
  OR (o.met_at IS NULL AND (k.met_at IS NOT NULL OR o.over_at IS DISTINCT FROM k.over_at)))
ORDER BY k.start_at, k.subject LIMIT $1
ON CONFLICT (source_kind, source_id) DO UPDATE SET due_on = EXCLUDED.due_on, over_at = EXCLUDED.over_at,
  met_at = EXCLUDED.met_at, met_as = EXCLUDED.met_as
WHERE d.met_at IS NULL
"""
_DERIVED = """
INSERT INTO disclosure_duties AS d (source_kind, source_id, kind, mine_id, county, office, article, start_at, due_on,
  over_at, met_at, met_as)
SELECT $2, t.id, $3, t.mine_id, t.county, t.office, t.article, t.start_at, t.due_on, t.over_at, t.met_at,
  CASE WHEN t.met_at IS NOT NULL THEN 'FELL' END
FROM jsonb_to_recordset($1::jsonb) AS t(id uuid, mine_id uuid, county text, office text, article text,
  start_at timestamptz, due_on date, over_at timestamptz, met_at timestamptz)
ON CONFLICT (source_kind, source_id) DO UPDATE SET start_at = EXCLUDED.start_at, due_on = EXCLUDED.due_on,
  over_at = EXCLUDED.over_at, met_at = EXCLUDED.met_at, met_as = EXCLUDED.met_as WHERE d.met_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Derived:
    """Duties that follow from rows of one kind: by which number they end, and the article where none is in force."""

    source: SourceKind
    kind: DisclosureKind
    key: str
    article: str


DERIVED = (
    Derived(SourceKind.INSPECTION, DisclosureKind.RESULT, "other_result_published",
            rules.BASIS_OF_RESULTS),
    Derived(SourceKind.COMMITMENT, DisclosureKind.COMMITMENT, "commitment_published",
            rules.BASIS_OF_COMMITMENTS),
    Derived(SourceKind.BREACH, DisclosureKind.BREACH, "breach_published", rules.BASIS_OF_BREACHES),
)  # fmt: skip


async def expire(work: Work, *, limit: int) -> int:
    """Ends what was shown for its longest period: the copies are deleted, a tombstone stays. Returns how many."""
    rows = await queries.shown_too_long(work, day_of(work.now), limit=limit)
    for row in rows:
        editions = await queries.editions_of(work.sql, [row.id])
        happened = Happened(
            kind=EventKind.EXPIRED, basis=rules.BASIS_OF_EXPIRY, reason=ENDED, edition=row.edition,
            digest=editions[-1].digest,
        )  # fmt: skip
        entry = await keeping.record(work, row, happened)
        await work.sql.execute(_EXPIRED, row.id)
        await work.sql.execute(_DELETED, row.id)
        seq = await keeping.keep_event(work, row, happened, entry)
        await keeping.take_away(work, row, happened, DisclosureState.EXPIRED, seq=seq)
    return len(rows)


async def derive_duties(work: Work, *, limit: int) -> int:
    """Notes what must be published by when, and that it was met elsewhere or fell; returns how many were new."""
    law = await provisions.law_of(work.sql)
    article = law.parameter("penalty_published", day_of(work.now)).article
    told = await work.sql.execute(_OF_DECISIONS, limit, article)
    many = int(told.rpartition(" ")[2])
    for derived in DERIVED:
        many += await _derive(work, law, derived, limit)
    return many


async def _derive(work: Work, law: Law, derived: Derived, limit: int) -> int:
    rows = await queries.without_duty(work, derived.source, since=work.now - LOOKED_BACK, limit=limit)
    said = [
        {"id": row["id"], "mine_id": row["mine_id"], "county": row["county"], "office": row["office"],
         "start_at": row["last_at"], "met_at": row.get("fell_at"), **_ends(law, derived, row["last_at"])}
        for row in rows
    ]  # fmt: skip
    if said:
        told = orjson.dumps(said, default=str).decode()
        await work.sql.execute(_DERIVED, told, derived.source.value, derived.kind.value)
    return len(said)


def _ends(law: Law, derived: Derived, start: datetime) -> dict[str, object]:
    """Article, last day and end; neither before the number was in force, nor without a calendar of that year."""
    try:
        found = duty_of(law, derived.key, start)
    except NotInForce:
        return {"article": derived.article, "due_on": None, "over_at": None}
    return {"article": found.article, "due_on": found.due_on, "over_at": found.over_at}
