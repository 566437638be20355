"""Every select on accounts, roles, certificates and sessions; each under the sight of its actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import ROLE_VERBS, Actor, Grant, Reach, Role, Verb, at_the_door, reach_of
from storage.record.database import Database
from storage.record.ledger.changes import Place
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.register.identity.passwords import PasswordHash
from storage.register.identity.rules import SignInFailed
from storage.register.identity.tables import Account, Certificate, RoleGrant, Session

_ACTOR = """
SELECT s.account_id, s.device_id, coalesce(p.first, false) AS first,
  g.role, g.division, g.office, g.mine_id, g.valid_to,
  ARRAY(SELECT d.code FROM divisions d WHERE d.code = g.division OR d.parent = g.division) AS within
FROM sessions s
JOIN accounts a ON a.id = s.account_id AND a.closed_at IS NULL
LEFT JOIN passwords p ON p.account_id = s.account_id
LEFT JOIN devices v ON v.id = s.device_id
LEFT JOIN role_grants g ON g.account_id = s.account_id AND g.withdrawn_at IS NULL
  AND (g.valid_to IS NULL OR g.valid_to > $2)
WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
  AND (s.device_id IS NULL OR (v.lost_at IS NULL AND v.revoked_at IS NULL AND v.valid_to > $2))
"""

_CALLED = """
SELECT g.role, g.division, g.office, g.mine_id, g.valid_to,
  ARRAY(SELECT d.code FROM divisions d WHERE d.code = g.division OR d.parent = g.division) AS within
FROM accounts a
LEFT JOIN passwords p ON p.account_id = a.id
JOIN role_grants g ON g.account_id = a.id AND g.withdrawn_at IS NULL AND (g.valid_to IS NULL OR g.valid_to > $2)
WHERE a.id = $1 AND a.closed_at IS NULL AND NOT coalesce(p.first, false) AND g.role = ANY ($3)
"""

_ACCOUNTS = Listed(
    table="accounts",
    columns=("id", "login", "name", "county", "office", "mine_id", "opened_at", "closed_at", "sample"),
    key="name",
    downward=False,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the door knows of a login: the account with its password, and where it belongs."""

    account_id: UUID
    password: PasswordHash


async def actor_of_session(database: Database, session_id: UUID, *, now: datetime) -> Actor | None:
    """Who acts in this session, with his roles as they stand now; None if it ended, or its account or device did.

    A division is resolved to its counties and itself ('52', the province, to everything). Whoever still has the
    password that another chose for him has no role until he changes it.
    """
    async with database.reading(at_the_door()) as sql:
        rows = await sql.fetch(_ACTOR, session_id, now)
    if not rows:
        return None
    first = rows[0]
    held = [row for row in rows if row["role"] is not None and not first["first"]]
    grants = tuple(Grant(Role(row["role"]), _reach(row), row["valid_to"]) for row in held)
    return Actor(
        account_id=UUID(int=first["account_id"].int), session_id=UUID(int=session_id.int),
        device_id=_uuid(first["device_id"]), grants=grants, reach=reach_of(grants),
    )  # fmt: skip


async def actor_called(database: Database, account_id: UUID, *, verb: Verb, now: datetime) -> Actor | None:
    """Whoever pressed a key in a call to this account: no session and no device, and of its roles only those that
    carry this verb, as they stand now; None if it has none of them."""
    roles = [role.value for role in Role if verb in ROLE_VERBS[role]]
    async with database.reading(at_the_door()) as sql:
        rows = await sql.fetch(_CALLED, account_id, now, roles)
    if not rows:
        return None
    grants = tuple(Grant(Role(row["role"]), _reach(row), row["valid_to"]) for row in rows)
    return Actor(account_id=account_id, session_id=None, device_id=None, grants=grants, reach=reach_of(grants))


def _reach(row: "asyncpg.Record") -> Reach:
    if row["division"] is not None:
        return reach_of_division(row["division"], row["within"])
    if row["office"] is not None:
        return Reach(offices=frozenset({row["office"]}))
    return Reach(mines=frozenset({UUID(int=row["mine_id"].int)}))


def reach_of_division(code: str, within: Sequence[str]) -> Reach:
    """The province's two digits reach everything; a city reaches itself and its counties, a county itself."""
    return Reach(everything=True) if len(code) == 2 else Reach(counties=frozenset(within))


async def reach_asked(
    sql: "asyncpg.Connection[Any]",
    *,
    division: str | None = None,
    office: str | None = None,
    mine_id: UUID | None = None,
) -> tuple[Reach, str | None, str | None]:
    """The reach that a grant would give, with the county and office of the mine if it is one; NotFound if unknown."""
    if division is not None:
        within = await sql.fetch("SELECT code FROM divisions WHERE code = $1 OR parent = $1", division)
        codes = [row["code"] for row in within]
        if division not in codes:
            raise NotFound()
        return reach_of_division(division, codes), None, None
    if office is not None:
        if not await sql.fetchval("SELECT true FROM offices WHERE code = $1", office):
            raise NotFound()
        return Reach(offices=frozenset({office})), None, office
    mine = await sql.fetchrow("SELECT county, office FROM mines WHERE id = $1", mine_id)
    if mine is None or mine_id is None:
        raise NotFound()
    return Reach(mines=frozenset({mine_id})), mine["county"], mine["office"]


async def any_account(sql: "asyncpg.Connection[Any]") -> bool:
    """Whether the register holds any account at all; true only to an actor who sees everything."""
    return bool(await sql.fetchval("SELECT EXISTS (SELECT FROM accounts)"))


async def account_to_change(work: Work, account_id: UUID) -> Account:
    """The account, locked until the act is over, so that two acts on one person see each other; NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT * FROM accounts WHERE id = $1 FOR UPDATE", account_id)
    if row is None:
        raise NotFound()
    return Account(**dict(row))


async def account_seen(work: Work, account_id: UUID) -> Account:
    """An account that the actor sees, his own included; NotFound otherwise."""
    found = await accounts_by_id(work.sql, [account_id])
    if not found:
        raise NotFound()
    return found[0]


async def grants_standing(work: Work, account_id: UUID) -> list[RoleGrant]:
    """The roles of an account that are neither withdrawn nor over."""
    rows = await work.sql.fetch(
        "SELECT * FROM role_grants WHERE account_id = $1 AND withdrawn_at IS NULL"
        " AND (valid_to IS NULL OR valid_to > $2)",
        account_id, work.now,
    )  # fmt: skip
    return [RoleGrant(**dict(row)) for row in rows]


async def grant_to_change(work: Work, grant_id: UUID) -> RoleGrant:
    """One grant, locked; NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT * FROM role_grants WHERE id = $1 FOR UPDATE", grant_id)
    if row is None:
        raise NotFound()
    return RoleGrant(**dict(row))


async def certificate_seen(work: Work, certificate_id: UUID) -> Certificate:
    """One certificate; NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT * FROM certificates WHERE id = $1", certificate_id)
    if row is None:
        raise NotFound()
    return Certificate(**dict(row))


async def has_first_password(database: Database, actor: Actor) -> bool:
    """Whether the actor's password is still the one that another person chose for him."""
    async with database.reading(actor) as sql:
        return bool(await sql.fetchval("SELECT first FROM passwords WHERE account_id = $1", actor.account_id))


async def known_at_the_door(database: Database, login: str) -> Known | None:
    """The account that signs in under this name and can; the same statement whether there is one or not."""
    async with database.reading(at_the_door()) as sql:
        row = await sql.fetchrow(
            "SELECT a.id, p.hash FROM accounts a JOIN passwords p ON p.account_id = a.id"
            " WHERE a.login = $1 AND a.closed_at IS NULL",
            login,
        )
    return None if row is None else Known(UUID(int=row["id"].int), PasswordHash(row["hash"]))


async def must_still_open(work: Work, known: Known) -> None:
    """SignInFailed if the password or the account changed while its hash was computed."""
    stands = await work.sql.fetchval(
        "SELECT true FROM accounts a JOIN passwords p ON p.account_id = a.id"
        " WHERE a.id = $1 AND a.closed_at IS NULL AND p.hash = $2",
        known.account_id, known.password.text,
    )  # fmt: skip
    if not stands:
        raise SignInFailed()


async def password_of(database: Database, actor: Actor) -> tuple[str, PasswordHash | None]:
    """The actor's own login and password hash."""
    async with database.reading(actor) as sql:
        row = await sql.fetchrow(
            "SELECT a.login, p.hash FROM accounts a LEFT JOIN passwords p ON p.account_id = a.id WHERE a.id = $1",
            actor.account_id,
        )
    if row is None:
        raise NotFound()
    return row["login"], None if row["hash"] is None else PasswordHash(row["hash"])


async def session_to_renew(work: Work, session_id: UUID) -> Session | None:
    """The session, locked: two refreshes of one token wait for each other."""
    row = await work.sql.fetchrow("SELECT * FROM sessions WHERE id = $1 FOR UPDATE", session_id)
    return None if row is None else Session(**dict(row))


async def accounts_by_id(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Account]:
    """Those of these accounts that the actor of this read session sees, himself included."""
    return [Account(**dict(row)) for row in await sql.fetch("SELECT * FROM accounts WHERE id = ANY($1)", ids)]


async def name_of(sql: "asyncpg.Connection[Any]", id: UUID) -> str:
    """What an account is called; NotFound out of sight."""
    name: str | None = await sql.fetchval("SELECT name FROM accounts WHERE id = $1", id)
    if name is None:
        raise NotFound()
    return name


async def accounts_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[str, UUID] | None = None,
    backwards: bool = False,
) -> list[Account]:
    """The accounts within the actor's reach by (name, id), at most `limit`, behind the given one; one statement."""
    page = page_within(_ACCOUNTS, actor.reach, limit=limit, behind=behind, backwards=backwards)
    return [Account(**dict(row)) for row in await sql.fetch(page.text, *page.arguments)]


async def grants_of(sql: "asyncpg.Connection[Any]", account_ids: Sequence[UUID], *, now: datetime) -> list[RoleGrant]:
    """The standing roles of these accounts, as far as the actor sees the accounts; one statement for all."""
    rows = await sql.fetch(
        "SELECT * FROM role_grants WHERE account_id = ANY($1) AND withdrawn_at IS NULL"
        " AND (valid_to IS NULL OR valid_to > $2) ORDER BY account_id, granted_at, id",
        account_ids, now,
    )  # fmt: skip
    return [RoleGrant(**dict(row)) for row in rows]


async def principals_of(work: Work, mine_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The accounts that lead these mines now; one statement."""
    rows = await work.sql.fetch(
        "SELECT g.mine_id, array_agg(g.account_id ORDER BY g.account_id) AS accounts FROM role_grants g"
        " JOIN accounts a ON a.id = g.account_id WHERE g.role = 'MINE_PRINCIPAL' AND g.mine_id = ANY ($1)"
        f" AND {holds_at('$2')}"
        " AND (a.closed_at IS NULL OR a.closed_at > $2) GROUP BY g.mine_id",
        mine_ids, work.now,
    )  # fmt: skip
    return {row["mine_id"]: row["accounts"] for row in rows}


def holds_at(at: str, grant: str = "g") -> str:
    """The condition that a grant of a role holds at a moment: not withdrawn by then, and not run out.

    Both are expressions of the statement that it becomes a part of.
    """
    return (
        f"(({grant}.withdrawn_at IS NULL OR {grant}.withdrawn_at > {at})"
        f" AND ({grant}.valid_to IS NULL OR {grant}.valid_to > {at}))"
    )


def certificate_valid_on(*, account: str, day: str, at: str) -> str:
    """The select of the certificate under which an account may enforce on a day (行政处罚法42, 55), as it stands then.

    The three are expressions of the statement that it becomes a part of; the day is one of Asia/Shanghai.
    """
    return (
        f"SELECT c.id FROM certificates c WHERE c.account_id = {account} AND {day} BETWEEN c.valid_from AND c.valid_to"
        f" AND (c.withdrawn_at IS NULL OR c.withdrawn_at > {at}) ORDER BY c.valid_to DESC, c.id LIMIT 1"
    )


async def certificate_of(work: Work, account_id: UUID, *, day: date) -> UUID | None:
    """The enforcement certificate of an account that was valid on that day, or None."""
    select = certificate_valid_on(account="$1", day="$2", at="$3")
    found: UUID | None = await work.sql.fetchval(select, account_id, day, work.now)
    return found


async def certificates_of(sql: "asyncpg.Connection[Any]", account_ids: Sequence[UUID]) -> list[Certificate]:
    """The certificates of these accounts, newest validity first; one statement for all."""
    rows = await sql.fetch(
        "SELECT * FROM certificates WHERE account_id = ANY($1) ORDER BY account_id, valid_to DESC, id", account_ids
    )
    return [Certificate(**dict(row)) for row in rows]


def _uuid(value: Any) -> UUID | None:
    """The standard library's UUID: asyncpg's own class is equal to it and still another class."""
    return None if value is None else UUID(int=value.int)


# An entry may be older than one that was sequenced before it, by as long as an act may take: told twice harms nobody.
_LOST = """
SELECT id, role, division, office, mine_id, least(withdrawn_at, valid_to) AS lost_at FROM role_grants
WHERE account_id = $1 AND least(withdrawn_at, valid_to) <= $4 AND least(withdrawn_at, valid_to) > coalesce((
  SELECT e.at FROM positions p JOIN entries e ON e.id = p.entry_id
  WHERE (p.log, p.position) <= ($2, $3) ORDER BY p.log DESC, p.position DESC LIMIT 1
), '-infinity') - interval '1 minute'
ORDER BY lost_at, id LIMIT 1000
"""


@dataclass(frozen=True, slots=True)
class LostRight:
    """A role that ended, taken back or run out: what it alone let its holder read is his no longer."""

    id: UUID
    role: Role
    division: str | None
    office: str | None
    mine_id: UUID | None
    lost_at: datetime


async def rights_lost(
    sql: "asyncpg.Connection[Any]", account_id: UUID, *, after: Place, now: datetime
) -> list[LostRight]:
    """The roles of an account that ended behind this place of the log, the first first; one statement.

    It is asked of the roles and not of the log, since a role that runs out leaves no entry.
    """
    rows = await sql.fetch(_LOST, account_id, *after, now)
    return [
        LostRight(row["id"], Role(row["role"]), row["division"], row["office"], row["mine_id"], row["lost_at"])
        for row in rows
    ]
