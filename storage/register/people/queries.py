"""Every select of people of mines, their posts, qualifications, workplaces and shifts; each under its actor's sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor, Verb
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.people import rules
from storage.register.people.tables import (
    Assignment,
    Craft,
    ExamCategory,
    Person,
    Post,
    PostKind,
    Qualification,
    QualificationKind,
    Shift,
    Workplace,
)

# The keyed hash of an identity number is for matching in SQL and leaves the database in no list.
_PRINCIPAL = """
SELECT h.account_id FROM posts p JOIN persons h ON h.id = p.person_id WHERE p.mine_id = $1 AND p.kind = 'PRINCIPAL'
  AND p.from_day <= $2 AND (p.to_day IS NULL OR p.to_day >= $2) ORDER BY p.from_day DESC LIMIT 1
"""
_COLUMNS = ("id", "mine_id", "county", "office", "name", "number_tail", "account_id", "registered_at", "sample")
_PERSONS = Listed(table="persons", columns=_COLUMNS, key="name", downward=False)
_LISTED = ", ".join(_COLUMNS)

_HOLDS = (
    "EXISTS (SELECT FROM posts h WHERE h.person_id = persons.id AND h.kind = ANY ({}) AND h.from_day <= {}"
    " AND (h.to_day IS NULL OR h.to_day >= {}))"
)
# A certificate that was renewed expires all the same, but nobody need run after it.
_EXPIRES = (
    "EXISTS (SELECT FROM qualifications q WHERE q.person_id = persons.id AND q.ended_at IS NULL AND q.valid_to < {}"
    " AND NOT EXISTS (SELECT FROM qualifications n WHERE n.person_id = q.person_id AND n.ended_at IS NULL"
    " AND n.kind = q.kind AND n.craft IS NOT DISTINCT FROM q.craft AND n.valid_to > q.valid_to))"
)

_ON_SHIFT = """
SELECT a.* FROM assignments a
JOIN shifts s ON s.id = a.shift_id
JOIN workplaces w ON w.id = a.workplace_id
CROSS JOIN LATERAL (
  SELECT CASE WHEN s.starts < s.ends OR $3 >= s.starts THEN $2::date ELSE $2::date - 1 END AS day
) began
WHERE a.mine_id = $1 AND ($4::uuid IS NULL OR a.workplace_id = $4)
  AND CASE WHEN s.starts < s.ends THEN $3 >= s.starts AND $3 < s.ends ELSE $3 >= s.starts OR $3 < s.ends END
  AND began.day BETWEEN a.from_day AND coalesce(a.to_day, began.day)
  AND began.day BETWEEN s.from_day AND coalesce(s.to_day, began.day)
  AND began.day BETWEEN w.from_day AND coalesce(w.to_day, began.day)
ORDER BY a.workplace_id, a.person_id, a.id LIMIT 5000
"""


@dataclass(frozen=True, slots=True)
class MineScope:
    """A mine as far as what is entered under it needs to know."""

    id: UUID
    county: str
    office: str

    @property
    def told(self) -> dict[str, Any]:
        """The scope of rows and of entries."""
        return {"mine_id": self.id, "county": self.county, "office": self.office}


@dataclass(frozen=True, slots=True)
class Roster:
    """All of one mine that an import compares its rows with."""

    persons: list[Person]
    posts: list[Post]
    qualifications: list[Qualification]


async def people_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    day: date,
    limit: int,
    behind: tuple[str, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
    post: PostKind | None = None,
    category: ExamCategory | None = None,
    expiring_before: date | None = None,
) -> list[Person]:
    """The persons by (name, id), at most `limit`, behind the given one; one statement.

    `post` and `category` are those held on `day`; `expiring_before`: with a qualification whose last day lies before
    it, that no later one replaces.
    """
    where: dict[str, tuple[Any, ...]] = {}
    if post is not None or category is not None:
        kinds = set(PostKind if category is None else rules.posts_of(category)) & set(PostKind if not post else [post])
        where[_HOLDS] = (sorted(kinds), day, day)
    if expiring_before is not None:
        where[_EXPIRES] = (expiring_before,)
    statement = page_within(
        _PERSONS, actor.reach_of(Verb.PERSON_READ), limit=limit, behind=behind, backwards=backwards, where=where,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [Person(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def own_persons(sql: "asyncpg.Connection[Any]", actor: Actor) -> list[Person]:
    """The persons to whom the actor's own account is linked, one a mine at most."""
    rows = await sql.fetch(f"SELECT {_LISTED} FROM persons WHERE account_id = $1 ORDER BY name, id", actor.account_id)
    return [Person(**dict(row)) for row in rows]


async def persons_by_id(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Person]:
    """Those of these persons that the session's actor sees; one statement."""
    return [Person(**dict(row)) for row in await sql.fetch(f"SELECT {_LISTED} FROM persons WHERE id = ANY ($1)", ids)]


async def elsewhere(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[tuple[UUID, Person]]:
    """The same persons, by identity number, in the registers of other mines, as far as they are seen; one statement."""
    columns = ", ".join(f"o.{column}" for column in _COLUMNS)
    rows = await sql.fetch(
        f"SELECT p.id AS of, {columns} FROM persons p JOIN persons o ON o.number_hash = p.number_hash AND o.id <> p.id"
        " WHERE p.id = ANY ($1) ORDER BY p.id, o.name, o.id",
        ids,
    )
    return [(row["of"], Person(**{name: row[name] for name in _COLUMNS})) for row in rows]


async def posts_of(sql: "asyncpg.Connection[Any]", person_ids: Sequence[UUID]) -> list[Post]:
    """All posts of these persons, newest first; one statement for all."""
    rows = await sql.fetch(
        "SELECT * FROM posts WHERE person_id = ANY ($1) ORDER BY person_id, from_day DESC, id DESC", person_ids
    )
    return [Post(**dict(row)) for row in rows]


async def qualifications_of(sql: "asyncpg.Connection[Any]", person_ids: Sequence[UUID]) -> list[Qualification]:
    """All qualifications of these persons, the longest valid first; one statement for all."""
    rows = await sql.fetch(
        "SELECT * FROM qualifications WHERE person_id = ANY ($1) ORDER BY person_id, valid_to DESC, id DESC", person_ids
    )
    return [Qualification(**dict(row)) for row in rows]


async def assignments_of(sql: "asyncpg.Connection[Any]", person_ids: Sequence[UUID]) -> list[Assignment]:
    """All assignments of these persons, newest first; one statement for all."""
    rows = await sql.fetch(
        "SELECT * FROM assignments WHERE person_id = ANY ($1) ORDER BY person_id, from_day DESC, id DESC", person_ids
    )
    return [Assignment(**dict(row)) for row in rows]


async def post_on(sql: "asyncpg.Connection[Any]", *, mine_id: UUID, kind: PostKind, day: date) -> list[Post]:
    """Who held a post of the mine on a day; the principal is one at most."""
    rows = await sql.fetch(
        "SELECT * FROM posts WHERE mine_id = $1 AND kind = $2 AND from_day <= $3"
        " AND (to_day IS NULL OR to_day >= $3) ORDER BY from_day, id LIMIT 5000",
        mine_id, kind.value, day,
    )  # fmt: skip
    return [Post(**dict(row)) for row in rows]


async def on_shift(
    sql: "asyncpg.Connection[Any]", *, mine_id: UUID, moment: datetime, workplace_id: UUID | None = None
) -> list[Assignment]:
    """Who is assigned to the mine's workplaces, or to one of them, at a moment; one statement.

    A shift that passes midnight belongs to the day on which it begins.
    """
    day, minute = rules.shift_days(moment)
    return [Assignment(**dict(row)) for row in await sql.fetch(_ON_SHIFT, mine_id, day, minute, workplace_id)]


async def workplaces_of(sql: "asyncpg.Connection[Any]", mine_ids: Sequence[UUID]) -> list[Workplace]:
    """The workplaces of these mines by name, closed ones too; at most 1,000."""
    rows = await sql.fetch(
        "SELECT * FROM workplaces WHERE mine_id = ANY ($1) ORDER BY mine_id, name, id LIMIT 1000", mine_ids
    )
    return [Workplace(**dict(row)) for row in rows]


async def workplaces_by_id(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Workplace]:
    """Those of these workplaces that the session's actor sees."""
    return [Workplace(**dict(row)) for row in await sql.fetch("SELECT * FROM workplaces WHERE id = ANY ($1)", ids)]


async def shifts_of(sql: "asyncpg.Connection[Any]", mine_ids: Sequence[UUID]) -> list[Shift]:
    """The shifts of these mines as the day goes, retired ones too; at most 1,000."""
    rows = await sql.fetch(
        "SELECT * FROM shifts WHERE mine_id = ANY ($1) ORDER BY mine_id, starts, id LIMIT 1000", mine_ids
    )
    return [Shift(**dict(row)) for row in rows]


async def shifts_by_id(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Shift]:
    """Those of these shifts that the session's actor sees."""
    return [Shift(**dict(row)) for row in await sql.fetch("SELECT * FROM shifts WHERE id = ANY ($1)", ids)]


async def mine_to_staff(work: Work, mine_id: UUID) -> MineScope:
    """The mine, locked so that two acts on its people see each other: it has one principal. NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT id, county, office FROM mines WHERE id = $1 FOR NO KEY UPDATE", mine_id)
    return _scope_of(row)


async def mine_of_code(sql: "asyncpg.Connection[Any]", code: str, *, lock: bool = False) -> MineScope:
    """The mine of a credit code, locked if it shall be staffed; NotFound if unseen."""
    row = await sql.fetchrow(
        f"SELECT id, county, office FROM mines WHERE credit_code = $1 {'FOR NO KEY UPDATE' if lock else ''}", code
    )
    return _scope_of(row)


async def person_to_change(work: Work, person_id: UUID) -> Person:
    """The person, locked; NotFound if unseen."""
    return Person(**await _locked(work, "persons", person_id))


async def post_to_end(work: Work, post_id: UUID) -> Post:
    """The post, locked; NotFound if unseen."""
    return Post(**await _locked(work, "posts", post_id))


async def qualification_to_withdraw(work: Work, qualification_id: UUID) -> Qualification:
    """The qualification, locked; NotFound if unseen."""
    return Qualification(**await _locked(work, "qualifications", qualification_id))


async def qualifications_to_end(
    work: Work, *, person_id: UUID, kind: QualificationKind, craft: Craft | None
) -> list[Qualification]:
    """What of this kind a person holds and has not lost, locked."""
    rows = await work.sql.fetch(
        "SELECT * FROM qualifications WHERE person_id = $1 AND kind = $2 AND craft IS NOT DISTINCT FROM $3"
        " AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE",
        person_id, kind.value, craft.value if craft else None,
    )  # fmt: skip
    return [Qualification(**dict(row)) for row in rows]


async def workplace_to_change(work: Work, workplace_id: UUID) -> Workplace:
    """The workplace, locked; NotFound if unseen."""
    return Workplace(**await _locked(work, "workplaces", workplace_id))


async def shift_to_change(work: Work, shift_id: UUID) -> Shift:
    """The shift, locked; NotFound if unseen."""
    return Shift(**await _locked(work, "shifts", shift_id))


async def assignment_to_end(work: Work, assignment_id: UUID) -> Assignment:
    """The assignment, locked; NotFound if unseen."""
    return Assignment(**await _locked(work, "assignments", assignment_id))


async def principals_of(work: Work, mine_id: UUID) -> list[Post]:
    """All who ever were principals of the mine."""
    rows = await work.sql.fetch("SELECT * FROM posts WHERE mine_id = $1 AND kind = 'PRINCIPAL'", mine_id)
    return [Post(**dict(row)) for row in rows]


async def principal_account(sql: "asyncpg.Connection[Any]", mine_id: UUID, on: date) -> UUID | None:
    """The account of the mine's principal on a day; None where nobody is, or he has none."""
    found: UUID | None = await sql.fetchval(_PRINCIPAL, mine_id, on)
    return found


async def roster_of(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> Roster:
    """All persons, posts and qualifications of a mine; three statements, whatever their number."""
    persons = await sql.fetch("SELECT * FROM persons WHERE mine_id = $1", mine_id)
    ids = [row["id"] for row in persons]
    return Roster([Person(**dict(row)) for row in persons], await posts_of(sql, ids), await qualifications_of(sql, ids))


async def account_belongs_to(work: Work, account_id: UUID, mine_id: UUID) -> bool:
    """Whether the account is seen, and is one of the mine."""
    row = await work.sql.fetchrow("SELECT mine_id FROM accounts WHERE id = $1", account_id)
    if row is None:
        raise NotFound()
    return bool(row["mine_id"] == mine_id)


def _scope_of(row: "asyncpg.Record | None") -> MineScope:
    if row is None:
        raise NotFound()
    return MineScope(UUID(int=row["id"].int), row["county"], row["office"])


async def _locked(work: Work, table: str, id: UUID) -> dict[str, Any]:
    row = await work.sql.fetchrow(f"SELECT * FROM {table} WHERE id = $1 FOR NO KEY UPDATE", id)  # Our own names.
    if row is None:
        raise NotFound()
    return dict(row)
