"""What a clock starts: how to reach whoever asked is erased once it is needed no more."""

from datetime import datetime, time

from storage.record.clock import SHANGHAI, day_of
from storage.record.law.periods import months_later
from storage.record.work import Work
from storage.register.provisions import queries as provisions
from storage.trust.requests import queries

_ERASED = "DELETE FROM request_contacts WHERE request_id = $1 RETURNING request_id"


async def erase_contacts(work: Work, *, limit: int) -> int:
    """个保法47: erases contacts of what was answered so many months ago; each leaves an entry. Returns how many."""
    today, law = day_of(work.now), await provisions.law_of(work.sql)
    months = law.number("contact_kept_after_answer", today)
    before = datetime.combine(months_later(today, -months), time(), SHANGHAI)
    rows = await queries.contacts_over(work, before, limit=limit)
    for row in rows:
        # Another worker may have erased it meanwhile: then that one has told of it.
        if await work.sql.fetchval(_ERASED, row["id"]) is not None:
            data = {"article": law.parameter("contact_kept_after_answer", today).article}
            scope = {"county": row["county"], "office": row["office"] or None}
            work.record("request.contact_erased", row["id"], data=data, **scope)
    return len(rows)
