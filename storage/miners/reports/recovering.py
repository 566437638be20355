"""What owners and custodians read of lost keys: shares that may be given back, and those that were."""

from typing import Any
from uuid import UUID

import asyncpg

_MOST = 1_000
_TO_REWRAP = """
SELECT s.key_id, s.number, s.wrapped, k.account_id, n.id AS new_key_id, n.public_key AS new_public_key
FROM report_key_shares s
JOIN report_keys c ON c.id = s.custodian_key_id AND c.account_id = $1
JOIN report_keys k ON k.id = s.key_id AND k.ended_hour IS NOT NULL
JOIN report_keys n ON n.account_id = k.account_id AND n.ended_hour IS NULL AND n.account_id <> $1
WHERE NOT EXISTS (
  SELECT FROM report_key_recoveries r WHERE r.key_id = s.key_id AND r.number = s.number AND r.new_key_id = n.id
) ORDER BY s.key_id, s.number LIMIT $2
"""
_RECOVERED = """
SELECT r.key_id, k.public_key, r.number, r.wrapped FROM report_key_recoveries r
JOIN report_keys k ON k.id = r.key_id
JOIN report_keys n ON n.id = r.new_key_id AND n.account_id = $1 AND n.ended_hour IS NULL
ORDER BY r.key_id, r.number LIMIT $2
"""


async def shares_to_rewrap(sql: "asyncpg.Connection[Any]", account_id: UUID) -> list["asyncpg.Record"]:
    """Shares that this custodian holds of keys which another took the place of; one statement."""
    return await sql.fetch(_TO_REWRAP, account_id, _MOST)


async def recoveries_for(sql: "asyncpg.Connection[Any]", account_id: UUID) -> list["asyncpg.Record"]:
    """Shares that were given back to this account's key in use; one statement."""
    return await sql.fetch(_RECOVERED, account_id, _MOST)
