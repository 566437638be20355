"""Every select of provisions; the law is the same for everybody, so approved ones are read without a scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from storage.record.law import BUILT_IN, Law
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.provisions.rules import Draft, law_with
from storage.register.provisions.tables import Provision, ProvisionKind

_COLUMNS = ", ".join(Provision.model_fields)
# What is approved never changes and never goes: how many there are and which came last say which law it is. The rows
# come only where that is another law than the one that is known, so that each act costs one statement of one row.
_APPROVED = f"""
WITH edition AS (
  SELECT count(*) AS changes,
    (SELECT id FROM provisions WHERE approved ORDER BY decided_at DESC, id DESC LIMIT 1) AS newest
  FROM provisions WHERE approved)
SELECT e.changes, e.newest, {", ".join(f"p.{name}" for name in Provision.model_fields)}
FROM edition e LEFT JOIN provisions p ON p.approved AND (e.changes, e.newest) IS DISTINCT FROM ($1::bigint, $2::uuid)
ORDER BY p.decided_at, p.id
"""
_OF_IDS = f"SELECT {_COLUMNS} FROM provisions WHERE id = ANY ($1::uuid[])"
_NEWEST = f"""
SELECT {_COLUMNS} FROM provisions
WHERE ($1::timestamptz IS NULL OR (drafted_at, id) < ($1, $2::uuid)) ORDER BY drafted_at DESC, id DESC LIMIT $3
"""
_OLDEST = f"""
SELECT {_COLUMNS} FROM provisions
WHERE ($1::timestamptz IS NULL OR (drafted_at, id) > ($1, $2::uuid)) ORDER BY drafted_at, id LIMIT $3
"""


@dataclass(slots=True)
class _Known:
    """The law that this process read last, by how many changes there were and the id of the newest."""

    edition: tuple[int, UUID | None]
    law: Law


_known = _Known((0, None), BUILT_IN)


def draft_of(row: Provision) -> Draft:
    """What a row changes."""
    listed = tuple(row.listed) if row.listed is not None else None
    return Draft(
        kind=ProvisionKind(row.kind), key=row.key, value=listed if row.number is None else row.number,
        content=orjson.loads(row.content) if row.content is not None else None, version=str(row.id),
        article=row.article, in_force_from=row.in_force_from, in_force_to=row.in_force_to, note=row.note,
    )  # fmt: skip


async def law_of(sql: "asyncpg.Connection[Any]") -> Law:
    """The law as it stands with all approved provisions, in one statement; of one row unless the law has changed."""
    held = (_known.edition, _known.law)
    rows = await sql.fetch(_APPROVED, *held[0])
    edition = (rows[0]["changes"], rows[0]["newest"])
    if edition == held[0]:
        return held[1]
    law = law_with([draft_of(_provision(row)) for row in rows]) if edition[0] else BUILT_IN
    _known.edition, _known.law = edition, law
    return law


async def provisions_visible_to(
    sql: "asyncpg.Connection[Any]",
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Provision]:
    """A page of all provisions, decided or not, newest first, or what stands before a row, nearest first."""
    at, id = behind or (None, None)
    return [_provision(row) for row in await sql.fetch(_OLDEST if backwards else _NEWEST, at, id, limit)]


async def provisions_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Provision]:
    """Those of the provisions that there are; one statement."""
    return [_provision(row) for row in await sql.fetch(_OF_IDS, list(ids))]


async def provision_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> Provision:
    """The provision, or NotFound."""
    found = await provisions_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def provision_to_decide(work: Work, id: UUID) -> Provision:
    """The provision, locked until the act is over; NotFound when there is none of that id."""
    found: Provision | None = await work.rows.get(Provision, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


def _provision(row: "asyncpg.Record") -> Provision:
    return Provision(**{name: row[name] for name in Provision.model_fields})
