"""The one act of the year that nobody asks for: whoever has not signed is reminded, ahead of the day and behind it."""

from datetime import date
from typing import Any

import asyncpg

from storage.promises.years.rules import due_of, reminded_from
from storage.promises.years.tables import SigningReminder
from storage.record import ids
from storage.record.actor import Role
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.work import Work
from storage.register.identity.queries import holds_at
from storage.register.mines.tables import MineState
from storage.register.provisions import queries as provisions

# Told is whoever signed nothing that stands by the record. Whoever's principal or facts changed within this minute is
# told once the record has said so.
_UNREMINDED = f"""
SELECT m.id, m.county, m.office, ARRAY(
    SELECT DISTINCT g.account_id FROM role_grants g
    WHERE g.role IN ('{Role.LEAD}', '{Role.AGENCY_HEAD}') AND (g.division = m.county OR g.office = m.office)
      AND {holds_at("$4")} ORDER BY g.account_id) AS officers
FROM mines m
WHERE m.state IN ('{MineState.PRODUCING}', '{MineState.BUILDING}')
  AND EXISTS (SELECT FROM templates t WHERE t.year = $1 AND t.approved)
  AND NOT EXISTS (SELECT FROM signing_reminders r WHERE r.mine_id = m.id AND r.year = $1 AND r.overdue >= $2)
  AND NOT EXISTS (
    SELECT FROM commitments c WHERE c.mine_id = m.id AND c.year = $1
      AND NOT EXISTS (SELECT FROM commitment_endings e WHERE e.commitment_id = c.id)
      AND NOT EXISTS (SELECT FROM commitments n WHERE n.supersedes = c.id))
ORDER BY m.id LIMIT $3
"""


async def remind(work: Work, *, limit: int) -> int:
    """Reminds up to `limit` mines of this year's commitment, each once before the day and once behind it.

    Returns how many: whoever calls knows by it whether there may be more. Nobody is reminded before there is a
    template to sign, and whoever is late already is not told first that he will be.
    """
    law, today = await provisions.law_of(work.sql), day_of(work.now)
    due = due_of(law, today.year)
    if today < reminded_from(law, today.year):
        return 0
    found = await work.sql.fetch(_UNREMINDED, today.year, today > due, limit, work.now)
    rows = [_reminder(work, row, due=due, overdue=today > due) for row in found]
    await add_rows(work.sql, rows)
    for row in rows:
        data = {"year": row.year, "due": due.isoformat(), "overdue": row.overdue,
                "officers": [str(one) for one in row.officers]}  # fmt: skip
        work.record("commitment.reminded", row.id, data=data, county=row.county, office=row.office, mine_id=row.mine_id)
    return len(rows)


def _reminder(work: Work, row: "asyncpg.Record", *, due: date, overdue: bool) -> SigningReminder:
    scope: dict[str, Any] = {"county": row["county"], "office": row["office"], "mine_id": row["id"]}
    return SigningReminder(
        id=ids.new_id(to_ms(work.now)), **scope, year=due.year, overdue=overdue, due=due,
        officers=list(row["officers"]), reminded_at=work.now,
    )  # fmt: skip
