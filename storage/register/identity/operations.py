"""The acts on accounts, roles, certificates and passwords; what opens and renews sessions stands in sessions.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from storage.record import ids
from storage.record.actor import Actor, Reach, Role, Verb
from storage.record.clock import to_ms
from storage.record.work import Work
from storage.register.identity import queries, rules
from storage.register.identity.passwords import PasswordHash, Passwords
from storage.register.identity.tables import Account, Certificate, Password, RoleGrant

PROVINCE = "52"


@dataclass(frozen=True, slots=True)
class Founder:
    """One of the first three administrators, who stand before there is anybody to open accounts."""

    role: Role
    login: str
    name: str
    password: PasswordHash
    first_password: bool = True


def the_founding() -> Actor:
    """Who founds an empty register: nobody of it. Sees everything, holds no verb, and can act once."""
    return Actor(
        account_id=UUID(int=1), session_id=None, device_id=None, grants=(), reach=Reach(everything=True)
    )  # fmt: skip


async def found_register(work: Work, *, administrators: Sequence[Founder], sample: bool = False) -> list[Account]:
    """Opens the system, security and audit administrators over the province: three people, once, when there is nobody.

    RegisterAlreadyFounded if any account exists; BadInput unless each of the three roles has exactly one person.
    """
    # Two first starts at the same moment: the second waits here and then finds the register founded.
    await work.sql.execute("SELECT pg_advisory_xact_lock(hashtext('pithead: found the register'))")
    rules.must_be_unfounded(await queries.any_account(work.sql), founder=work.actor == the_founding())
    rules.must_be_the_three([one.role for one in administrators])
    accounts = [
        Account(
            id=ids.new_id(to_ms(work.now)), login=rules.login_of(one.login), name=rules.name_of(one.name),
            county=PROVINCE, opened_at=work.now, sample=sample,
        )
        for one in administrators
    ]  # fmt: skip
    for account, one in zip(accounts, administrators, strict=True):
        await _add_account(work, account, one.password, first=one.first_password)
    for account, one in zip(accounts, administrators, strict=True):
        await _add_grant(work, account, _new_grant(work, account, role=one.role, division=PROVINCE))
    return accounts


async def first_password(passwords: Passwords, password: str, *, login: str) -> PasswordHash:
    """The hash of a password for a new account; PasswordTooWeak, or BadInput for what can be no login.

    It is computed before the act begins, so that no transaction is open meanwhile.
    """
    rules.must_be_strong(password, login=rules.login_of(login))
    return await passwords.hash(password)


async def open_account(
    work: Work,
    *,
    login: str,
    name: str,
    password: PasswordHash,
    county: str | None = None,
    office: str | None = None,
    mine_id: UUID | None = None,
    first_password: bool = True,
    sample: bool = False,
) -> Account:
    """Opens an account without any role. `county` is a division of two, four or six digits.

    The password was chosen by the opener, so it only opens its own change (`first_password`).
    """
    rules.must_belong_somewhere(county, office, mine_id)
    work.actor.require(Verb.ACCOUNT_OPEN, county=county, office=office, mine_id=mine_id)
    await _must_exist(work, county=county, office=office, mine_id=mine_id)
    account = Account(
        id=ids.new_id(to_ms(work.now)), login=rules.login_of(login), name=rules.name_of(name),
        county=county, office=office, mine_id=mine_id, opened_at=work.now, sample=sample,
    )  # fmt: skip
    await _add_account(work, account, password, first=first_password)
    return account


async def grant_role(
    work: Work,
    *,
    account_id: UUID,
    role: Role,
    division: str | None = None,
    office: str | None = None,
    mine_id: UUID | None = None,
    valid_to: datetime | None = None,
) -> RoleGrant:
    """Gives a role over one division, office or mine, no further than the granter's own role of that verb reaches."""
    account = await queries.account_to_change(work, account_id)
    work.actor.require(Verb.ROLE_GRANT, **_scope(account))
    rules.must_be_another(work.actor, account.id)
    rules.must_be_open(account)
    rules.must_name_one_reach(division, office, mine_id)
    rules.must_lie_ahead(valid_to, work.now)
    reach, of_county, of_office = await queries.reach_asked(
        work.sql, division=division, office=office, mine_id=mine_id
    )  # fmt: skip
    rules.must_reach(work.actor, Verb.ROLE_GRANT, reach, county=of_county, office=of_office)
    grant = _new_grant(
        work, account, role=role, division=division, office=office, mine_id=mine_id, valid_to=valid_to
    )  # fmt: skip
    held = await queries.grants_standing(work, account.id)
    rules.must_not_be_granted(held, grant)
    rules.must_keep_hands_apart({Role(one.role) for one in held}, role)
    await _add_grant(work, account, grant)
    return grant


async def withdraw_role(work: Work, *, grant_id: UUID, reason: str) -> RoleGrant:
    """Takes a role back, with the reason. It ends within seconds in every open session of its holder."""
    grant = await queries.grant_to_change(work, grant_id)
    account = await queries.account_to_change(work, grant.account_id)
    work.actor.require(Verb.ROLE_WITHDRAW, **_scope(account))
    rules.must_be_another(work.actor, account.id)
    rules.must_stand(grant)
    reach, of_county, of_office = await queries.reach_asked(
        work.sql, division=grant.division, office=grant.office, mine_id=grant.mine_id
    )  # fmt: skip
    rules.must_reach(work.actor, Verb.ROLE_WITHDRAW, reach, county=of_county, office=of_office)
    grant.withdrawn_at = work.now
    await work.sql.execute("UPDATE role_grants SET withdrawn_at = $2 WHERE id = $1", grant.id, work.now)
    data = {"account": str(account.id), "role": str(grant.role), "reason": rules.reason_of(reason)}
    work.record("role.withdrawn", grant.id, data=data, **_scope(account))
    return grant


async def issue_certificate(
    work: Work, *, account_id: UUID, number: str, valid_from: date, valid_to: date
) -> Certificate:
    """Enters an enforcement certificate (行政执法证件) with its validity, both days included (行政处罚法42, 55)."""
    account = await queries.account_to_change(work, account_id)
    work.actor.require(Verb.CERTIFICATE_ISSUE, **_scope(account))
    rules.must_be_another(work.actor, account.id)
    rules.must_be_open(account)
    rules.must_be_in_order(valid_from, valid_to)
    certificate = Certificate(
        id=ids.new_id(to_ms(work.now)), account_id=account.id, number=rules.certificate_number_of(number),
        valid_from=valid_from, valid_to=valid_to, issued_at=work.now,
    )  # fmt: skip
    work.rows.add(certificate)
    data = {"account": str(account.id), "number": certificate.number, "from": valid_from.isoformat(),
            "to": valid_to.isoformat()}  # fmt: skip
    work.record("certificate.issued", certificate.id, data=data, **_scope(account))
    return certificate


async def replace_password(work: Work, *, known: PasswordHash, password: PasswordHash) -> int:
    """Puts a new hash in the place of the one that was checked and ends the other sessions; how many ended.

    `known` is compared again: of two changes at the same moment the second finds that its old password is wrong.
    """
    account = await queries.account_seen(work, work.actor.account_id)
    changed = await work.sql.fetchval(
        "UPDATE passwords SET hash = $3, changed_at = $4, first = false WHERE account_id = $1 AND hash = $2"
        " RETURNING true",
        account.id, known.text, password.text, work.now,
    )  # fmt: skip
    if not changed:
        raise rules.PasswordWrong()
    work.record("password.changed", account.id, **_scope(account))
    return len(await end_sessions(work, "PASSWORD_CHANGED", kind="session.closed", account=account, keep_own=True))


async def sign_out(work: Work) -> UUID:
    """Ends the actor's own session, and no other; returns its id. SessionEnded if it is over already."""
    account = await queries.account_seen(work, work.actor.account_id)
    if work.actor.session_id is None:
        raise rules.SessionEnded()
    ended = await end_sessions(work, "SIGNED_OUT", kind="session.closed", account=account, only=work.actor.session_id)
    if not ended:
        raise rules.SessionEnded()
    return ended[0]


async def sign_out_everywhere(work: Work) -> int:
    """Ends every session of the actor, this one too; how many ended."""
    account = await queries.account_seen(work, work.actor.account_id)
    return len(await end_sessions(work, "SIGNED_OUT", kind="session.closed", account=account))


async def end_sessions(
    work: Work,
    reason: str,
    *,
    kind: str,
    account: Account,
    device_id: UUID | None = None,
    only: UUID | None = None,
    keep_own: bool = False,
) -> list[UUID]:
    """Ends the open sessions of an account, or of one device of it, or one session (session.closed or .revoked).

    `account` says where it belongs, so that whoever is over it reads the entries.
    """
    kept = work.actor.session_id if keep_own else None
    ended = await work.sql.fetch(
        "UPDATE sessions SET ended_at = $2, end_reason = $3 WHERE account_id = $1 AND ended_at IS NULL"
        " AND ($4::uuid IS NULL OR device_id = $4) AND ($5::uuid IS NULL OR id <> $5)"
        " AND ($6::uuid IS NULL OR id = $6) RETURNING id",
        account.id, work.now, reason, device_id, kept, only,
    )  # fmt: skip
    for row in ended:
        data = {"account": str(account.id), "reason": reason}
        work.record(kind, UUID(int=row["id"].int), data=data, **_scope(account))
    return [UUID(int=row["id"].int) for row in ended]


async def _must_exist(work: Work, *, county: str | None, office: str | None, mine_id: UUID | None) -> None:
    """NotFound for a division, office or mine that nobody knows, or that the actor does not see."""
    if county is not None:
        await queries.reach_asked(work.sql, division=county)
    if office is not None:
        await queries.reach_asked(work.sql, office=office)
    if mine_id is not None:
        await queries.reach_asked(work.sql, mine_id=mine_id)


async def _add_account(work: Work, account: Account, password: PasswordHash, *, first: bool) -> None:
    work.rows.add(account)
    await work.rows.flush()
    work.rows.add(Password(account_id=account.id, hash=password.text, changed_at=work.now, first=first))
    told = {"login": account.login, "name": account.name, "county": account.county, "office": account.office,
            "mine": None if account.mine_id is None else str(account.mine_id), "sample": account.sample}  # fmt: skip
    work.record("account.opened", account.id, data=_without_nothing(told), **_scope(account))


def _new_grant(work: Work, account: Account, *, role: Role, **given: Any) -> RoleGrant:
    return RoleGrant(
        id=ids.new_id(to_ms(work.now)), account_id=account.id, role=role, granted_at=work.now, **given
    )  # fmt: skip


async def _add_grant(work: Work, account: Account, grant: RoleGrant) -> None:
    work.rows.add(grant)
    await work.rows.flush()
    told = {
        "account": str(account.id),
        "role": str(grant.role),
        "division": grant.division,
        "office": grant.office,
        "mine": None if grant.mine_id is None else str(grant.mine_id),
        "valid_to": None if grant.valid_to is None else to_ms(grant.valid_to),
    }
    work.record("role.granted", grant.id, data=_without_nothing(told), **_scope(account))


def _without_nothing(told: dict[str, Any]) -> dict[str, Any]:
    """What an entry holds: canonical JSON of ours knows no null."""
    return {name: value for name, value in told.items() if value is not None}


def _scope(account: Account) -> dict[str, Any]:
    """Where the account belongs, as the scope of what is done to it."""
    return {"county": account.county, "office": account.office, "mine_id": account.mine_id}
