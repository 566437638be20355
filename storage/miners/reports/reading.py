"""What the desks read: reports to handle, threads, keys, identity requests; each under its actor's sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.miners.reports.queries import FEW
from storage.miners.reports.rules import UNANSWERED, Holder
from storage.miners.reports.tables import IdentityRequest, ReportStep, ReportStepKind
from storage.record.actor import Role
from storage.record.problems import NotFound
from storage.record.work import Work

_COLUMNS = (
    "r.id, r.kind, r.mode, r.acted_on, r.channel, r.mine_id, r.county, r.office, r.urgent, r.worked, r.hour, r.state,"
    " r.box_key, r.ended, r.erased, (SELECT m.name FROM mines m WHERE m.id = r.mine_id) AS mine_name,"
    " (SELECT d.name FROM divisions d WHERE d.code = r.county) AS county_name"
)
# Urgent ones of which nobody found out yet what is true; then what somebody worked for; then in rounds over the mines,
# so that junk on one mine does not bury another; the rest by ids, which are random.
_TO_HANDLE = f"""
SELECT {_COLUMNS},
  row_number() OVER (PARTITION BY u.pressing, r.worked, r.mine_id ORDER BY r.id) AS round
FROM reports r CROSS JOIN LATERAL (SELECT r.urgent AND r.state = ANY ($3) AS pressing) u
WHERE r.state = ANY ($1) AND NOT r.erased
ORDER BY u.pressing DESC, r.worked DESC, round, r.id LIMIT $2
"""
_WRAPS = """
SELECT m.report_id, w.message_id, w.key_id, w.half, w.wrapped FROM report_messages m
JOIN report_wraps w ON w.message_id = m.id WHERE m.report_id = ANY ($1)
"""
# The halves of one message stay on one page: whoever goes on behind a message misses none.
_WRAPS_OF_KEY = """
SELECT m.report_id, w.message_id, w.key_id, w.half, w.wrapped FROM report_wraps w
JOIN report_messages m ON m.id = w.message_id WHERE w.key_id = $1 AND w.message_id > $2
ORDER BY w.message_id FETCH FIRST $3 ROWS WITH TIES
"""
_NEVER_FEW = ", ".join(
    f"CASE WHEN c.{name} >= {FEW} THEN c.{name} END AS {name}"
    for name in ("filed", "told_late", "decided_late", "fed_back_late")
)
OPEN = [one.value for one in ReportStepKind if one is not ReportStepKind.ENDED]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as the desk lists it."""

    id: UUID
    kind: str
    mode: str
    acted_on: str
    channel: str
    mine_id: UUID
    county: str
    office: str
    urgent: bool
    worked: bool
    hour: datetime
    state: str
    box_key: bytes
    ended: date | None
    erased: bool
    mine_name: str | None
    county_name: str | None

    @property
    def pressing(self) -> bool:
        """Whether it was urgent and nobody found out yet what is true of it."""
        return self.urgent and self.state in UNANSWERED


@dataclass(frozen=True, slots=True)
class Wrap:
    """What is wrapped for a key of the asking account."""

    report_id: UUID
    message_id: UUID
    key_id: UUID
    half: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message of a thread."""

    id: UUID
    report_id: UUID
    author_id: UUID | None
    identity: bool
    hour: datetime
    ciphertext: bytes | None
    files: list[UUID]


async def reports_to_handle(
    sql: "asyncpg.Connection[Any]", *, limit: int, states: Sequence[str] = ()
) -> list[ReportRow]:
    """What waits for the desks that the actor sees, in the order in which it is to be read; one statement."""
    rows = await sql.fetch(_TO_HANDLE, list(states or OPEN), limit, [one.value for one in UNANSWERED])
    return [_report(row) for row in rows]


async def report_of(sql: "asyncpg.Connection[Any]", id: UUID) -> ReportRow:
    """One report; NotFound if unseen."""
    row = await sql.fetchrow(f"SELECT {_COLUMNS} FROM reports r WHERE r.id = $1", id)
    if row is None:
        raise NotFound()
    return _report(row)


async def report_to_change(work: Work, id: UUID) -> ReportRow:
    """The same, locked; NotFound if unseen."""
    await work.sql.execute("SELECT FROM reports WHERE id = $1 FOR NO KEY UPDATE", id)
    return await report_of(work.sql, id)


async def wraps_of(sql: "asyncpg.Connection[Any]", reports: Sequence[UUID]) -> list[Wrap]:
    """What of these reports is wrapped for the asking account; one statement."""
    return [Wrap(*row) for row in await sql.fetch(_WRAPS, list(reports))]


async def wraps_of_key(sql: "asyncpg.Connection[Any]", key_id: UUID, *, behind: UUID | None, limit: int) -> list[Wrap]:
    """What is wrapped for one key of the asking account, by message, of reports in any state; one statement."""
    return [Wrap(*row) for row in await sql.fetch(_WRAPS_OF_KEY, key_id, behind or UUID(int=0), limit)]


async def thread_of(sql: "asyncpg.Connection[Any]", report_id: UUID) -> list[MessageRow]:
    """The messages of a report, by their hours; one statement."""
    rows = await sql.fetch(
        "SELECT m.id, m.report_id, m.author_id, m.identity, m.hour, m.ciphertext,"
        " (SELECT coalesce(array_agg(f.id ORDER BY f.id), '{}') FROM report_files f WHERE f.message_id = m.id) AS files"
        " FROM report_messages m WHERE m.report_id = $1 ORDER BY m.hour, m.id",
        report_id,
    )
    return [MessageRow(*row) for row in rows]


async def steps_of(sql: "asyncpg.Connection[Any]", report_id: UUID) -> list[ReportStep]:
    """The steps that were taken, in order."""
    rows = await sql.fetch("SELECT * FROM report_steps WHERE report_id = $1 ORDER BY number", report_id)
    return [ReportStep(**(dict(row) | {"kind": ReportStepKind(row["kind"])})) for row in rows]


async def file_of(sql: "asyncpg.Connection[Any]", id: UUID) -> "asyncpg.Record":
    """Where a file of a thread lies; NotFound if unseen or not in the store yet."""
    row: asyncpg.Record | None = await sql.fetchrow(
        "SELECT id, report_id, object_name, object_version FROM report_files"
        " WHERE id = $1 AND object_version IS NOT NULL",
        id,
    )
    if row is None:
        raise NotFound()
    return row


async def requests_visible(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[IdentityRequest]:
    """The requests to open identities that the actor sees, those that wait first."""
    rows = await sql.fetch(
        "SELECT * FROM identity_requests ORDER BY released_by IS NOT NULL, hour DESC, id LIMIT $1", limit
    )
    return [IdentityRequest(**dict(row)) for row in rows]


async def request_open(
    sql: "asyncpg.Connection[Any]", report_id: UUID, account_id: UUID, key_id: UUID
) -> IdentityRequest | None:
    """The request of this officer for this report and key that nobody answered yet."""
    row = await sql.fetchrow(
        "SELECT * FROM identity_requests WHERE report_id = $1 AND asked_by = $2 AND key_id = $3"
        " AND released_by IS NULL ORDER BY hour, id LIMIT 1",
        report_id, account_id, key_id,
    )  # fmt: skip
    return None if row is None else IdentityRequest(**dict(row))


async def request_to_release(work: Work, id: UUID) -> IdentityRequest:
    """One request, locked; NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT * FROM identity_requests WHERE id = $1 FOR NO KEY UPDATE", id)
    if row is None:
        raise NotFound()
    return IdentityRequest(**dict(row))


async def key_in_use(sql: "asyncpg.Connection[Any]", account_id: UUID) -> "asyncpg.Record | None":
    """The account's own key that is in use."""
    return await sql.fetchrow(
        "SELECT k.id, k.public_key, k.hour, k.replaces, b.sealed FROM report_keys k"
        " LEFT JOIN report_key_boxes b ON b.key_id = k.id WHERE k.account_id = $1 AND k.ended_hour IS NULL",
        account_id,
    )


async def public_key_of(sql: "asyncpg.Connection[Any]", id: UUID) -> bytes:
    """The public half of a key; NotFound if unseen."""
    found: bytes | None = await sql.fetchval("SELECT public_key FROM report_keys WHERE id = $1", id)
    if found is None:
        raise NotFound()
    return found


async def keys_of_roles(
    sql: "asyncpg.Connection[Any]", roles: Sequence[str], *, county: str | None, office: str | None, now: datetime
) -> list["asyncpg.Record"]:
    """The keys in use of accounts with these roles over a county or office, as far as the actor sees them."""
    return await sql.fetch(
        "SELECT DISTINCT k.id, k.account_id, k.public_key, g.role FROM report_keys k"
        " JOIN role_grants g ON g.account_id = k.account_id WHERE k.ended_hour IS NULL AND g.role = ANY ($1)"
        " AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > $4)"
        " AND ($2 LIKE g.division || '%' OR g.office = $3) ORDER BY k.id",
        list(roles), county, office, now,
    )  # fmt: skip


async def holders_at_desks(sql: "asyncpg.Connection[Any]", report_id: UUID, *, now: datetime) -> list[Holder]:
    """The keys in use of its desks that open the thread, for whoever is of them; one statement."""
    rows = await sql.fetch(
        "SELECT id, account_id, public_key, role FROM report_desk_holders($1, $2)", report_id, now
    )  # fmt: skip
    return [Holder(row["id"], row["account_id"], row["public_key"], Role(row["role"])) for row in rows]


async def counts(sql: "asyncpg.Connection[Any]", *, year: int, quarter: int) -> list["asyncpg.Record"]:
    """What everybody may know of a quarter, by county."""
    return await sql.fetch(
        f"SELECT c.county, d.name, {_NEVER_FEW} FROM report_counts c"
        " JOIN divisions d ON d.code = c.county WHERE c.year = $1 AND c.quarter = $2 ORDER BY c.county",
        year, quarter,
    )  # fmt: skip


def _report(row: "asyncpg.Record") -> ReportRow:
    return ReportRow(*(row[name] for name in ReportRow.__dataclass_fields__))
