"""Every select of credit on the side of the agency and of the parties; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
from sqlmodel import SQLModel

from storage.promises.breaches.tables import BreachConsequence
from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.people.tables import PostKind
from storage.trust.credit.tables import Listing, ListingState, Removal, Repair, Sanction
from storage.trust.disclosures.queries import DisclosureRow

Row = TypeVar("Row", bound=SQLModel)

_REPAIR, _LISTING = ", ".join(Repair.model_fields), ", ".join(Listing.model_fields)
_REMOVAL, _SANCTION = ", ".join(Removal.model_fields), ", ".join(Sanction.model_fields)
_REPAIRS = Listed(table="credit_repairs", columns=tuple(Repair.model_fields), key="asked_at")
_LISTINGS = Listed(table="blacklistings", columns=tuple(Listing.model_fields), key="proposed_at")
_SANCTIONS = Listed(table="joint_sanctions", columns=tuple(Sanction.model_fields), key="asked_at")
_UNDECIDED = "decided_at IS NULL"
_OVERDUE = (
    "answered_at IS NULL AND over_at <= {} AND EXISTS (SELECT FROM blacklistings b WHERE b.id = listing_id"
    " AND b.state = 'LISTED')"
)
_SEALED = "SELECT id FROM evidence WHERE id = ANY ($1::uuid[]) AND mine_id = $2 AND state = 'SEALED'"
_CLOSED = "SELECT id FROM measures WHERE id = ANY ($1::uuid[]) AND mine_id = $2 AND closed_at IS NOT NULL"
# What was ordered on site about what the case rests on, or on the inspection that it comes from.
_OPEN_MEASURES = """
SELECT count(*) FROM measures m WHERE m.mine_id = $1 AND m.closed_at IS NULL AND (m.inspection_id = $2
  OR EXISTS (SELECT FROM measure_findings f WHERE f.measure_id = m.id AND f.finding_id = ANY ($3::uuid[])))
"""
_REMOVALS = f"""
SELECT {_REMOVAL} FROM blacklist_removals WHERE listing_id = ANY ($1::uuid[]) ORDER BY listing_id, asked_at, id
"""
_SANCTIONS_OF = f"""
SELECT {_SANCTION} FROM joint_sanctions WHERE listing_id = ANY ($1::uuid[]) ORDER BY listing_id, asked_at, id
"""
# What was approved to be proposed and nobody took up yet; the oldest waits longest.
_WAITING = f"""
SELECT {", ".join(f"c.{one}" for one in BreachConsequence.model_fields)} FROM breach_consequences c
WHERE c.kind = 'BLACKLIST_PROPOSAL' AND c.approved
  AND NOT EXISTS (SELECT FROM blacklistings b WHERE b.consequence_id = c.id) ORDER BY c.decided_at, c.id LIMIT $1
"""
_OWN = f"""
SELECT {_LISTING} FROM blacklistings WHERE told_at IS NOT NULL
  AND (subject = 'MINE' AND mine_id = ANY ($1::uuid[])
       OR person_id IN (SELECT id FROM persons WHERE account_id = $2)) ORDER BY proposed_at DESC, id DESC LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody listed, wherever that was, who holds a post at a mine: for whoever supervises that mine."""

    listing_id: UUID
    person_id: UUID
    name: str
    mine_id: UUID
    post: PostKind
    ground: str
    article: str
    since: date
    until: date
    listed_at_mine: str
    county: str


async def repairs_visible_to(
    sql: "asyncpg.Connection[Any]", actor: Actor, verb: Verb, *, limit: int,
    behind: tuple[datetime, UUID] | None = None, backwards: bool = False, mine_id: UUID | None = None,
    open_only: bool = False,
) -> list[Repair]:  # fmt: skip
    """A page of requests for repair within the actor's reach by `verb`, newest first; one statement."""
    statement = page_within(
        _REPAIRS, actor.reach_of(verb), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None, where={_UNDECIDED: ()} if open_only else None,
    )  # fmt: skip
    return [Repair(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def listings_visible_to(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False, mine_id: UUID | None = None, state: ListingState | None = None,
) -> list[Listing]:  # fmt: skip
    """A page of entries within the actor's reach, newest first; one statement."""
    statement = page_within(
        _LISTINGS, actor.reach_of(Verb.BLACKLIST_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None, only={"state": state.value} if state else None,
    )  # fmt: skip
    return [Listing(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_listings(sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int) -> list[Listing]:
    """Entries of the actor's own mines and of himself, as far as he was told of them; one statement."""
    mines = sorted(actor.reach_of(Verb.BLACKLIST_READ_OWN).mines)
    return [Listing(**dict(row)) for row in await sql.fetch(_OWN, mines, actor.account_id, limit)]


async def sanctions_visible_to(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False, mine_id: UUID | None = None, overdue_at: datetime | None = None,
) -> list[Sanction]:  # fmt: skip
    """A page of what other agencies were asked, newest first; only what is overdue at a moment. One statement."""
    statement = page_within(
        _SANCTIONS, actor.reach_of(Verb.SANCTION_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
        where={_OVERDUE: (overdue_at,)} if overdue_at is not None else None,
    )  # fmt: skip
    return [Sanction(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def repairs_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Repair]:
    """Those of the requests that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_REPAIR} FROM credit_repairs WHERE id = ANY ($1::uuid[])", list(ids))
    return [Repair(**dict(row)) for row in rows]


async def listings_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Listing]:
    """Those of the entries that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_LISTING} FROM blacklistings WHERE id = ANY ($1::uuid[])", list(ids))
    return [Listing(**dict(row)) for row in rows]


async def removals_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Removal]:
    """Those of the requests to leave the list that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_REMOVAL} FROM blacklist_removals WHERE id = ANY ($1::uuid[])", list(ids))
    return [Removal(**dict(row)) for row in rows]


async def sanctions_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Sanction]:
    """Those of the sanctions that the session's actor sees; one statement."""
    rows = await sql.fetch(f"SELECT {_SANCTION} FROM joint_sanctions WHERE id = ANY ($1::uuid[])", list(ids))
    return [Sanction(**dict(row)) for row in rows]


async def removals_of(sql: "asyncpg.Connection[Any]", listings: Sequence[UUID]) -> list[Removal]:
    """The requests to leave early of many entries, oldest first; one statement."""
    return [Removal(**dict(row)) for row in await sql.fetch(_REMOVALS, list(listings))]


async def sanctions_of(sql: "asyncpg.Connection[Any]", listings: Sequence[UUID]) -> list[Sanction]:
    """What other agencies were asked about many entries, oldest first; one statement."""
    return [Sanction(**dict(row)) for row in await sql.fetch(_SANCTIONS_OF, list(listings))]


async def waiting_proposals(sql: "asyncpg.Connection[Any]", *, limit: int) -> list[BreachConsequence]:
    """Proposals for the blacklist that followed breaches, were approved, and wait to be taken up; one statement."""
    return [BreachConsequence(**dict(row)) for row in await sql.fetch(_WAITING, limit)]


async def listed_people_at(sql: "asyncpg.Connection[Any]", mines: Sequence[UUID], *, on: date) -> list[ListedPerson]:
    """Who is listed and holds a post at these mines, as far as the session reaches them; one statement."""
    columns = ", ".join(one.name for one in fields(ListedPerson))
    rows = await sql.fetch(f"SELECT {columns} FROM listed_people_at($1, $2)", list(mines), on)
    return [ListedPerson(**{**row, "post": PostKind(row["post"])}) for row in rows]


async def repairable(sql: "asyncpg.Connection[Any]", disclosure_id: UUID) -> DisclosureRow:
    """A disclosure as its own mine or the agency may ask about it; NotFound for anybody else's."""
    columns = ", ".join(one.name for one in fields(DisclosureRow))
    row = await sql.fetchrow(f"SELECT {columns} FROM disclosure_for_repair($1)", disclosure_id)
    if row is None:
        raise NotFound()
    return DisclosureRow(*row)


async def open_measures_of(
    sql: "asyncpg.Connection[Any]", *, mine_id: UUID, inspection_id: UUID | None, findings: Sequence[UUID]
) -> int:
    """How many orders on site about what a case rests on are not closed."""
    return int(await sql.fetchval(_OPEN_MEASURES, mine_id, inspection_id, list(findings)))


async def sealed_among(work: Work, pieces: Sequence[UUID], mine_id: UUID) -> frozenset[UUID]:
    """Those of the pieces that are sealed, of this mine and seen; nothing is asked for none."""
    return (
        frozenset(row["id"] for row in await work.sql.fetch(_SEALED, list(pieces), mine_id)) if pieces else frozenset()
    )


async def closed_among(work: Work, measures: Sequence[UUID], mine_id: UUID) -> frozenset[UUID]:
    """Those of the orders on site of this mine that are closed; nothing is asked for none."""
    rows = await work.sql.fetch(_CLOSED, list(measures), mine_id) if measures else []
    return frozenset(row["id"] for row in rows)


async def account_of_person(work: Work, person_id: UUID | None) -> UUID | None:
    """The account of a person of the register, as far as the actor sees him."""
    found: UUID | None = await work.sql.fetchval("SELECT account_id FROM persons WHERE id = $1", person_id)
    return found


async def person_of_mine(work: Work, person_id: UUID, mine_id: UUID) -> "tuple[str, frozenset[PostKind]]":
    """The name of a person in the register of this mine and the posts that he held there; NotFound for others."""
    name = await work.sql.fetchval("SELECT name FROM persons WHERE id = $1 AND mine_id = $2", person_id, mine_id)
    if name is None:
        raise NotFound()
    rows = await work.sql.fetch("SELECT kind FROM posts WHERE person_id = $1", person_id)
    return name, frozenset(PostKind(row["kind"]) for row in rows)


async def name_of_person(sql: "asyncpg.Connection[Any]", person_id: UUID) -> str:
    """The full name of a person; NotFound out of sight."""
    found: str | None = await sql.fetchval("SELECT name FROM persons WHERE id = $1", person_id)
    if found is None:
        raise NotFound()
    return found


async def to_change(work: Work, row: type[Row], id: UUID) -> Row:
    """A row of credit, locked until the act is over; NotFound out of sight."""
    found: Row | None = await work.rows.get(row, id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


async def repair_again(work: Work, id: UUID) -> Repair:
    """What a replay answers."""
    return _one(await repairs_by_ids(work.sql, [id]))


async def listing_again(work: Work, id: UUID) -> Listing:
    """What a replay answers."""
    return _one(await listings_by_ids(work.sql, [id]))


async def removal_again(work: Work, id: UUID) -> Removal:
    """What a replay answers."""
    return _one(await removals_by_ids(work.sql, [id]))


async def sanction_again(work: Work, id: UUID) -> Sanction:
    """What a replay answers."""
    return _one(await sanctions_by_ids(work.sql, [id]))


def _one(found: Sequence[Row]) -> Row:
    if not found:
        raise NotFound()
    return found[0]
