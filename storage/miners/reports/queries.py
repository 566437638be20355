"""What a reporter may look up, and what the batch takes; every select on the reporters' side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.miners.reports.receipts import Place
from storage.miners.reports.rules import ReceiptNotKnown
from storage.record.actor import Role
from storage.record.problems import NotFound
from storage.record.work import Work

FEW = 5
"""Fewer than so many people are never counted exactly: it would point at them."""
_BEGUN = """
SELECT report_id, message_id, digest, login_key, claim_key, false AS waits FROM report_receipts
WHERE form = $1 AND locator = $2
UNION ALL
SELECT report_id, id, digest, login_key, claim_key, true FROM filings
WHERE form = $1 AND locator = $2 AND begins
LIMIT 1
"""
_COMPETENT = """
SELECT DISTINCT k.id, k.public_key, g.role, coalesce(o.name, d.name, '') AS agency
FROM mines m
JOIN role_grants g ON g.role = ANY ($2) AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > $3)
  AND (m.county LIKE g.division || '%' OR g.office = m.office)
JOIN report_keys k ON k.account_id = g.account_id AND k.ended_hour IS NULL
LEFT JOIN offices o ON o.code = g.office LEFT JOIN divisions d ON d.code = g.division
WHERE m.id = $1 ORDER BY k.id
"""
_MINES = """
SELECT m.id, m.name, m.county, d.name AS county_name FROM mines m JOIN divisions d ON d.code = m.county
WHERE m.name LIKE '%' || $1 || '%' OR m.county = $2 OR d.name LIKE '%' || $1 || '%' OR m.credit_code = $2
ORDER BY m.name, m.id LIMIT 20
"""
_AT_PLACE = """
SELECT count(DISTINCT a.person_id) FROM assignments a JOIN workplaces w ON w.id = a.workplace_id
WHERE a.mine_id = $1 AND w.name = $2 AND a.from_day <= $3 AND (a.to_day IS NULL OR a.to_day >= $3)
"""
_AT_MINE = """
SELECT count(DISTINCT person_id) FROM posts
WHERE mine_id = $1 AND from_day <= $2 AND (to_day IS NULL OR to_day >= $2)
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """What stands under a locator; `waits` until the batch of its hour."""

    report_id: UUID
    message_id: UUID
    digest: bytes
    login_key: bytes
    claim_key: bytes
    waits: bool


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the agency whose officer holds it."""

    id: UUID
    public_key: bytes
    agency: str


@dataclass(frozen=True, slots=True)
class Competent:
    """Who is competent for a mine: the keys of its intake and verification officers, and of custodians."""

    intake: tuple[Key, ...] = ()
    verification: tuple[Key, ...] = ()
    custodians: tuple[Key, ...] = ()

    def ids(self, *roles: str) -> set[UUID]:
        """The ids of these: intake, verification, custodians."""
        return {key.id for role in roles for key in getattr(self, role)}


async def begun_at(sql: "asyncpg.Connection[Any]", place: Place) -> Begun | None:
    """What stands under a locator; one statement, whatever stands there."""
    row = await sql.fetchrow(_BEGUN, place.form.value, place.locator)
    return None if row is None else Begun(**dict(row))


async def opened(sql: "asyncpg.Connection[Any]", place: Place) -> Begun:
    """The same for a token that was made here; ReceiptNotKnown if it was erased meanwhile."""
    found = await begun_at(sql, place)
    if found is None:
        raise ReceiptNotKnown()
    return found


async def competent_for(sql: "asyncpg.Connection[Any]", mine_id: UUID, *, now: datetime) -> Competent:
    """The keys to wrap for; one statement."""
    roles = {
        Role.REPORT_INTAKE: "intake",
        Role.REPORT_VERIFICATION: "verification",
        Role.REPORT_CUSTODIAN: "custodians",
    }
    rows = await sql.fetch(_COMPETENT, mine_id, [role.value for role in roles], now)
    found: dict[str, dict[UUID, Key]] = {name: {} for name in roles.values()}
    for row in rows:
        found[roles[Role(row["role"])]].setdefault(row["id"], Key(row["id"], row["public_key"], row["agency"]))
    return Competent(**{name: tuple(keys.values()) for name, keys in found.items()})


async def mines_named(sql: "asyncpg.Connection[Any]", search: str) -> Sequence["asyncpg.Record"]:
    """Mines by name, code or county, at most 20, for the form."""
    text = search.strip()
    return await sql.fetch(_MINES, text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_"), text)


async def mine_exists(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> None:
    """NotFound for a mine that nobody registered."""
    if not await sql.fetchval("SELECT EXISTS (SELECT FROM mines WHERE id = $1)", mine_id):
        raise NotFound()


async def could_guess(sql: "asyncpg.Connection[Any]", mine_id: UUID, place: str | None, *, on: date) -> int | None:
    """How many the register has for that mine, or for that place of work; None for fewer than five."""
    if place is None:
        count = await sql.fetchval(_AT_MINE, mine_id, on)
    else:
        count = await sql.fetchval(_AT_PLACE, mine_id, place, on)
    return None if count < FEW else int(count)


async def waiting(sql: "asyncpg.Connection[Any]", *, most: int) -> int:
    """How many filings wait, counted up to `most`."""
    return int(await sql.fetchval("SELECT filings_waiting($1)", most))


async def is_free(sql: "asyncpg.Connection[Any]", place: Place) -> bool:
    """Whether nothing stands under a locator that was just drawn: from now on the act's sight is of this one."""
    await sql.execute("SELECT set_config('pithead.place', $1, true)", str(place).encode().hex())
    return await begun_at(sql, place) is None


async def files_sent(sql: "asyncpg.Connection[Any]", place: Place, message_id: UUID) -> set[UUID]:
    """The files that were sent under this locator for a message that is still to come."""
    rows = await sql.fetch(
        "SELECT id FROM filing_files WHERE form = $1 AND locator = $2 AND message_id = $3",
        place.form.value, place.locator, message_id,
    )  # fmt: skip
    return {row["id"] for row in rows}


async def files_waiting(sql: "asyncpg.Connection[Any]", place: Place) -> int:
    """How many files wait under a locator, of whatever messages."""
    return int(
        await sql.fetchval(
            "SELECT count(*) FROM filing_files WHERE form = $1 AND locator = $2", place.form.value, place.locator
        )
    )


async def messages_counted(sql: "asyncpg.Connection[Any]", place: Place, report_id: UUID) -> tuple[int, int]:
    """How many messages of a thread wait, and how many its reporter has in it already; one statement."""
    row = await sql.fetchrow(
        "SELECT (SELECT count(*) FROM filings WHERE form = $1 AND locator = $2),"
        " (SELECT count(*) FROM report_messages WHERE report_id = $3 AND author_id IS NULL)",
        place.form.value, place.locator, report_id,
    )  # fmt: skip
    return (0, 0) if row is None else (row[0], row[1])


async def message_known(sql: "asyncpg.Connection[Any]", place: Place, id: UUID) -> bytes | None:
    """The digest of a message that waits, or that the batch moved, of the report that the receipt opened."""
    found: bytes | None = await sql.fetchval(
        "SELECT digest FROM filings WHERE form = $1 AND locator = $2 AND $3 IN (id, identity_id)"
        " UNION ALL SELECT digest FROM report_messages WHERE id = $3 LIMIT 1",
        place.form.value, place.locator, id,
    )  # fmt: skip
    return None if found is None else bytes(found)


async def ids_are_taken(sql: "asyncpg.Connection[Any]", place: Place, ids: Sequence[UUID]) -> bool:
    """Whether a message or identity of another report has one of these ids; they are the act's own until it is over."""
    return bool(
        await sql.fetchval("SELECT report_ids_are_taken($1, $2, $3)", list(ids), place.form.value, place.locator)
    )


async def message_of_file(sql: "asyncpg.Connection[Any]", id: UUID) -> UUID | None:
    """The message with which a file of this id went on, of whatever report; None for an id that is free."""
    found: UUID | None = await sql.fetchval("SELECT message_of_report_file($1)", id)
    return found


async def holders_now(sql: "asyncpg.Connection[Any]", report_id: UUID, *, now: datetime) -> list[Key]:
    """The keys in use of whoever handles the thread or did before and still has a role at the desks, as a reporter's
    session sees it: for whom his answers are."""
    rows = await sql.fetch(_HOLDERS_NOW, report_id, now)
    return [Key(*row) for row in rows]


async def own_report(sql: "asyncpg.Connection[Any]", place: Place, report_id: UUID, *, waits: bool) -> "asyncpg.Record":
    """What became of the report that a receipt opened, in one statement; also of one that waits for its hour."""
    which = (_OWN_WAITING, place.form.value, place.locator) if waits else (_OWN, report_id)
    row: asyncpg.Record | None = await sql.fetchrow(*which)
    if row is None:  # Erased, or moved by a batch between two looks: both are asked again.
        raise ReceiptNotKnown()
    return row


async def own_messages(
    sql: "asyncpg.Connection[Any]", place: Place, report_id: UUID, box_id: UUID
) -> Sequence["asyncpg.Record"]:
    """The messages of a thread with the reporter's own wraps and the files: by their hours, those that wait last."""
    return await sql.fetch(_OWN_MESSAGES, report_id, box_id, place.form.value, place.locator, box_id.hex)


_HOLDERS_NOW = """
SELECT DISTINCT k.id, k.public_key, '' AS agency FROM report_keys k WHERE k.ended_hour IS NULL
  AND k.id IN (SELECT w.key_id FROM report_wraps w JOIN report_messages m ON m.id = w.message_id
               WHERE m.report_id = $1 AND NOT m.identity)
  AND EXISTS (SELECT FROM role_grants g WHERE g.account_id = k.account_id AND starts_with(g.role, 'REPORT_')
              AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > $2))
ORDER BY k.id
"""
_OWN = """
SELECT r.id, r.kind, r.mode, r.acted_on, r.mine_id, r.hour, r.state, r.box_key, r.urgent, r.ended,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', s.kind, 'hour', s.hour, 'article', s.article,
     'passed_to', s.passed_to) ORDER BY s.number), '[]')::text FROM report_steps s WHERE s.report_id = r.id) AS steps,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('key', d.key, 'ends', d.ends, 'article', d.article,
     'met', d.met_at IS NOT NULL, 'overrun', d.overrun_of IS NOT NULL) ORDER BY d.ends), '[]')::text
   FROM report_deadlines d WHERE d.report_id = r.id) AS clocks,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'reason', i.reason, 'hour', i.hour,
     'released', i.released_hour) ORDER BY i.hour, i.id), '[]')::text
   FROM identity_requests i WHERE i.report_id = r.id) AS requests
FROM reports r WHERE r.id = $1
"""
_OWN_WAITING = """
SELECT report_id AS id, kind, mode, acted_on, mine_id, NULL::timestamptz AS hour, 'FILED' AS state, box_key, urgent,
  NULL::date AS ended, '[]' AS steps, '[]' AS clocks, '[]' AS requests
FROM filings WHERE form = $1 AND locator = $2 AND begins
"""
_OWN_MESSAGES = """
SELECT m.id, m.author_id, m.hour, m.ciphertext,
  (SELECT w.wrapped FROM report_wraps w WHERE w.message_id = m.id AND w.key_id = $2) AS wrapped,
  (SELECT coalesce(array_agg(f.id ORDER BY f.id), '{}') FROM report_files f WHERE f.message_id = m.id) AS files
FROM report_messages m WHERE m.report_id = $1 AND NOT m.identity
UNION ALL
SELECT f.id, NULL, NULL, f.ciphertext,
  (SELECT decode(w ->> 'wrapped', 'hex') FROM jsonb_array_elements(f.wraps) w WHERE w ->> 'key' = $5), f.files
FROM filings f WHERE f.form = $3 AND f.locator = $4
ORDER BY hour NULLS LAST, id
"""


async def seats_of_reports(work: Work, report_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """The county and the branch office that are competent for these reports; one statement.

    Their entries say neither, so whoever tells of them asks here.
    """
    rows = await work.sql.fetch("SELECT id, county, office FROM reports WHERE id = ANY ($1)", list(report_ids))
    return {row["id"]: (row["county"], row["office"]) for row in rows}
