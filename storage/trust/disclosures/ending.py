"""What a clock starts: the end of what was shown for its longest period, and the duties that follow from the record."""

from datetime import timedelta

import orjson

from storage.record.clock import day_of
from storage.record.law import Law, YearNotPublished, deadline_of
from storage.record.law.parameters import NotInForce
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import keeping, queries, rules
from storage.trust.disclosures.keeping import Happened
from storage.trust.disclosures.tables import DisclosureState, EventKind

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
_OF_INSPECTIONS = """
INSERT INTO disclosure_duties AS d (source_kind, source_id, kind, mine_id, county, office, article, start_at, due_on,
  over_at)
SELECT 'INSPECTION', t.id, 'RESULT', t.mine_id, t.county, t.office, t.article, t.start_at, t.due_on, t.over_at
FROM jsonb_to_recordset($1::jsonb) AS t(id uuid, mine_id uuid, county text, office text, article text,
  start_at timestamptz, due_on date, over_at timestamptz)
ON CONFLICT (source_kind, source_id) DO UPDATE SET start_at = EXCLUDED.start_at, due_on = EXCLUDED.due_on,
  over_at = EXCLUDED.over_at WHERE d.met_at IS NULL
"""


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
    return int(told.rpartition(" ")[2]) + await _of_inspections(work, law, limit)


async def _of_inspections(work: Work, law: Law, limit: int) -> int:
    rows = await queries.results_without_duty(work, work.now - LOOKED_BACK, limit=limit)
    said = [
        {"id": row["id"], "mine_id": row["mine_id"], "county": row["county"], "office": row["office"],
         "start_at": row["last_at"], **_ends(law, row["last_at"])}
        for row in rows
    ]  # fmt: skip
    if said:
        await work.sql.execute(_OF_INSPECTIONS, orjson.dumps(said, default=str).decode())
    return len(said)


def _ends(law: Law, start: object) -> dict[str, object]:
    """Article, last day and end; without a calendar of that year nobody guesses."""
    key = "other_result_published"
    try:
        found = deadline_of(law, key, start)  # type: ignore[arg-type] # A row's moment.
        return {"article": found.article, "due_on": found.ends, "over_at": found.over_at()}
    except (YearNotPublished, NotInForce):
        return {"article": rules.BASIS_OF_RESULTS, "due_on": None, "over_at": None}
