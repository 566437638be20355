"""What the ledger is told of deliveries: of each month that is over one entry, with the digest of every attempt."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from storage.alerts.deliveries.tables import DeliveryMonth
from storage.record import ids
from storage.record.bulk import add_rows
from storage.record.clock import SHANGHAI
from storage.record.work import Work

GRACE: Final = timedelta(days=1)
"""So long after its end a month is told: whatever was under way at midnight has come to an end."""
# An attempt is one line; times are milliseconds since 1970. The first attempts of all say which month is the first.
_DIGEST = """
SELECT count(*)::int AS attempts, encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', id, send_id, attempt,
  coalesce(address_id::text, '-'), outcome, detail, round(extract(epoch FROM begun_at) * 1000)::bigint,
  round(extract(epoch FROM ended_at) * 1000)::bigint), E'\\n' ORDER BY id), ''), 'UTF8')), 'hex') AS digest
FROM deliveries WHERE ended_at >= $1 AND ended_at < $2
"""
_NEXT = """
SELECT coalesce((SELECT max(month) FROM delivery_months), ''), (SELECT min(ended_at) FROM deliveries)
"""


async def tell_month(work: Work) -> DeliveryMonth | None:
    """Tells the oldest month that is over and was not told: whoever changes a delivery later is found out.

    None where there is none. A month without any attempt is told, too: that nobody was told of anything is a fact.
    """
    await work.sql.execute("SELECT FROM follow_cursors FOR UPDATE")  # Two workers tell no month twice.
    row = await work.sql.fetchrow(_NEXT)
    last, first = ("", None) if row is None else row
    if first is None:
        return None
    begins = _behind(last) if last else _month_of(first)
    ends = _next(begins)
    if work.now < ends + GRACE:
        return None
    attempts, digest = await digest_between(work.sql, begins, ends)
    month = DeliveryMonth(id=ids.new_id(), month=f"{begins:%Y-%m}", attempts=attempts, digest=digest, told_at=work.now)
    await add_rows(work.sql, [month])
    work.record("deliveries.told", month.id, data={"month": month.month, "attempts": attempts, "digest": digest})
    return month


async def digest_between(sql: "asyncpg.Connection[Any]", begins: datetime, ends: datetime) -> tuple[int, str]:
    """How many attempts ended in this time, and the SHA-256 of their lines in the order of their ids; one statement."""
    row = await sql.fetchrow(_DIGEST, begins, ends)
    return (0, "") if row is None else (row["attempts"], row["digest"])


async def month_told(sql: "asyncpg.Connection[Any]", id: UUID) -> DeliveryMonth | None:
    """What was told of a month."""
    row = await sql.fetchrow("SELECT * FROM delivery_months WHERE id = $1", id)
    return None if row is None else DeliveryMonth(**dict(row))


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def _behind(month: str) -> datetime:
    year, number = month.split("-")
    return _next(datetime(int(year), int(number), 1, tzinfo=SHANGHAI))
