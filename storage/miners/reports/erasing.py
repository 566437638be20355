"""The end of a report's term: what was said, its files and wraps go; that it was, and its steps, stay."""

from collections.abc import Sequence
from uuid import UUID

from storage.miners.reports.clocks import KEPT
from storage.record.clock import day_of
from storage.record.law import deadline_of
from storage.record.work import Work
from storage.register.provisions import queries as provisions

# The clock pauses while a case of the inspection that it led to is open.
_ENDED = """
SELECT r.id, r.ended FROM reports r
WHERE r.ended IS NOT NULL AND NOT r.erased AND NOT EXISTS (
  SELECT FROM report_steps s JOIN cases c ON c.inspection_id = s.inspection_id
  WHERE s.report_id = r.id AND c.state NOT IN ('NOT_REGISTERED', 'CLOSED', 'ARCHIVED')
) ORDER BY r.ended, r.id LIMIT $1
"""


async def reports_to_erase(work: Work, *, limit: int = 100) -> list[UUID]:
    """Those whose term is over by the law of the day on which they ended."""
    law, today = await provisions.law_of(work.sql), day_of(work.now)
    rows = await work.sql.fetch(_ENDED, limit)
    return [row["id"] for row in rows if deadline_of(law, KEPT, row["ended"]).ends < today]


async def record_erased(work: Work, *, reports: Sequence[UUID]) -> None:
    """Once their files are out of the store: content, wraps, receipt go, with an entry that names the article."""
    law, today = await provisions.law_of(work.sql), day_of(work.now)
    article = law.parameter(KEPT, today).article
    of_them = "SELECT id FROM report_messages WHERE report_id = ANY ($1)"
    await work.sql.execute(f"DELETE FROM report_wraps WHERE message_id IN ({of_them})", list(reports))
    await work.sql.execute("DELETE FROM report_files WHERE report_id = ANY ($1)", list(reports))
    await work.sql.execute("DELETE FROM report_receipts WHERE report_id = ANY ($1)", list(reports))
    await work.sql.execute("UPDATE report_messages SET ciphertext = NULL WHERE report_id = ANY ($1)", list(reports))
    await work.sql.execute("UPDATE reports SET erased = true WHERE id = ANY ($1)", list(reports))
    for id in reports:
        work.record("report.erased", id, data={"article": article})
