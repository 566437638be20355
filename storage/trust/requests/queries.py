"""Every select of requests: what the agency's officers see, what a receipt opens, what anybody reads."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor, reporter
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.trust.requests.receipts import Receipt
from storage.trust.requests.rules import Taken
from storage.trust.requests.tables import RequestState, RequestStepKind


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as its agency reads it."""

    id: UUID
    number: str
    kind: str
    county: str
    office: str
    disclosure_id: UUID | None
    words: str = field(repr=False)
    filed_at: datetime
    state: str
    due_on: date | None
    over_at: datetime | None
    extended: bool
    outcome: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a request."""

    id: UUID
    request_id: UUID
    ordinal: int
    kind: str
    at: datetime
    by_id: UUID | None
    words: str = field(repr=False)
    parts: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublicRow:
    """What anybody reads of a request."""

    number: str
    kind: str
    county: str
    agency: str
    filed_on: date
    due_on: date | None
    article: str
    state: str
    extended: bool
    extension_reason: str | None
    outcome: str | None
    grounds: str
    closed_on: date | None
    late: bool
    disclosure_id: UUID | None
    question: str | None
    answer: str | None


_REQUEST = tuple(one.name for one in fields(RequestRow))
_ASKED = ", ".join(_REQUEST)
_STEP = ", ".join(one.name for one in fields(StepRow))
_PUBLIC = ", ".join(one.name for one in fields(PublicRow))
_REQUESTS = Listed(table="requests", columns=_REQUEST, key="filed_at", mine="id")
_BY_IDS = f"SELECT {_ASKED} FROM requests WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {_ASKED} FROM requests WHERE id = $1 FOR UPDATE"
_STEPS = f"SELECT {_STEP} FROM request_steps WHERE request_id = ANY ($1::uuid[]) ORDER BY request_id, ordinal"
# One statement whatever stands under a locator; its secret is held against what is there, or against nothing.
_OWN = f"SELECT {_ASKED}, secret_hash FROM requests WHERE locator = $1"
_AGENCY = "SELECT county, office FROM agency_of_shown($1)"
_CONTACT = "SELECT contact FROM request_contacts WHERE request_id = $1"
_OVER = """
SELECT r.id, r.county, r.office FROM request_contacts c JOIN requests r ON r.id = c.request_id
WHERE r.closed_at < $1 ORDER BY r.closed_at, r.id LIMIT $2
"""
_SHOWN = f"""
SELECT {_PUBLIC} FROM public_requests WHERE ($1::date IS NULL OR (filed_on, number) < ($1, $2))
ORDER BY filed_on DESC, number DESC LIMIT $3
"""
_ONE = f"SELECT {_PUBLIC} FROM public_requests WHERE number = $1"
_SUMMED = """
SELECT kind, state, outcome, count(*) AS many, count(*) FILTER (WHERE late) AS late,
  count(*) FILTER (WHERE state <> 'ANSWERED' AND due_on < $1) AS overdue
FROM public_requests GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_CHANGED = """
SELECT EXISTS (SELECT FROM disclosure_events WHERE disclosure_id = $1 AND at >= $2
  AND kind IN ('CORRECTED', 'WITHDRAWN'))
"""
_NOTHING = bytes(32)


def asker(locator: str) -> Actor:
    """Whoever holds a receipt sees the one request under its locator, once his secret is right."""
    return reporter(place=f"request {locator}")


async def requests_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    state: RequestState | None = None,
) -> list[RequestRow]:
    """A page of the requests within reach, newest first; one statement."""
    page = page_within(
        _REQUESTS, replace(actor.reach, mines=frozenset()), limit=limit, behind=behind, backwards=backwards,
        only={"state": state.value} if state else None,
    )  # fmt: skip
    return [RequestRow(*row) for row in await sql.fetch(page.text, *page.arguments)]


async def requests_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[RequestRow]:
    """Those of the requests that the session's actor sees; one statement."""
    return [RequestRow(*row) for row in await sql.fetch(_BY_IDS, list(ids))]


async def request_again(work: Work, id: UUID) -> RequestRow:
    """What a replay answers."""
    found = await requests_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def request_to_change(work: Work, id: UUID) -> RequestRow:
    """The request, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return RequestRow(*row)


async def steps_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[StepRow]:
    """The steps of these requests, oldest first; one statement."""
    return [StepRow(*row) for row in await sql.fetch(_STEPS, list(ids))]


def taken(steps: Sequence[StepRow]) -> list[Taken]:
    """The steps as the time runs by them."""
    return [Taken(RequestStepKind(one.kind), one.at) for one in steps]


async def own_request(sql: "asyncpg.Connection[Any]", receipt: Receipt) -> RequestRow:
    """The request of a receipt; NotFound for a locator that is none and for a wrong secret alike. One statement."""
    row = await sql.fetchrow(_OWN, receipt.locator)
    held = _NOTHING if row is None else row["secret_hash"]
    if not hmac.compare_digest(held, receipt.digest()) or row is None:
        raise NotFound()
    return RequestRow(*(row[name] for name in _REQUEST))


async def agency_of_shown(sql: "asyncpg.Connection[Any]", disclosure_id: UUID) -> tuple[str, str]:
    """Whose a disclosure is that is shown now; NotFound for any other id."""
    row = await sql.fetchrow(_AGENCY, disclosure_id)
    if row is None or row["county"] is None:
        raise NotFound()
    return row["county"], row["office"]


async def contact_of(sql: "asyncpg.Connection[Any]", request_id: UUID) -> str | None:
    """How whoever asked wants to be reached, if he left that and it is not erased."""
    found: str | None = await sql.fetchval(_CONTACT, request_id)
    return found


async def contacts_over(work: Work, before: datetime, *, limit: int) -> "list[asyncpg.Record]":
    """Requests that were answered before then, and whose contact is still kept."""
    return await work.sql.fetch(_OVER, before, limit)


async def was_corrected(sql: "asyncpg.Connection[Any]", disclosure_id: UUID, since: datetime) -> bool:
    """Whether a disclosure was corrected or taken down since then."""
    found: bool = await sql.fetchval(_CHANGED, disclosure_id, since)
    return found


async def public_requests(
    sql: "asyncpg.Connection[Any]", *, limit: int, behind: tuple[date, str] | None = None
) -> list[PublicRow]:
    """The clocks of requests as anybody reads them, newest first; one statement."""
    return [PublicRow(*row) for row in await sql.fetch(_SHOWN, *(behind or (None, None)), limit)]


async def public_request(sql: "asyncpg.Connection[Any]", number: str) -> PublicRow | None:
    """One of them; one statement."""
    row = await sql.fetchrow(_ONE, number)
    return PublicRow(*row) if row is not None else None


async def public_counts(sql: "asyncpg.Connection[Any]", today: date) -> "list[asyncpg.Record]":
    """How many there are, by kind, state and outcome, and how many are late; one statement."""
    return await sql.fetch(_SUMMED, today)
