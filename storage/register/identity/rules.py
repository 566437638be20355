"""What the law and the house say about accounts, roles, certificates, passwords and sessions: pure, no I/O."""

import hashlib
import hmac
import ipaddress
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from storage.record.actor import NEVER_ONE_PERSON, ROLE_VERBS, Actor, Reach, Role, Verb
from storage.record.ledger.proofs.canonical import canonical, from_base64url, to_base64url
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.identity.tables import Account, RoleGrant


class SignInFailed(Problem):
    """This name and this password do not belong together; which of the two is wrong is not said."""


class TooManyAttempts(Problem):
    """Sign-in failed too often for this account or from this address (parameter: seconds to wait)."""


class SessionEnded(Problem):
    """The session is over, or was never one: sign in again."""


class NonceAlreadyUsed(Problem):
    """This very request was answered before; sign the token again with a fresh nonce."""


class DeviceUnproven(Problem):
    """The password is right, but the device did not prove that it is a valid one of this account."""


class LoginTaken(Problem):
    """Another account signs in under this name."""


class PasswordTooWeak(Problem):
    """The password is too short, too simple, or contains the login (parameter: least, its least length)."""


class PasswordWrong(Problem):
    """The current password is another one."""


class AccountAlreadyClosed(Problem):
    """The account was closed; nothing can be given to it any more."""


class HandsMustStayApart(Problem):
    """One person never holds both roles: the three administrators, and 受理, 核查, 奖励 of a report."""


class NobodyServesHimself(Problem):
    """Nobody grants or withdraws his own role, or issues his own certificate."""


class GrantBeyondReach(Problem):
    """Nobody grants or withdraws further than he reaches himself."""


class RoleAlreadyGranted(Problem):
    """The account holds this role with this reach already."""


class RoleAlreadyWithdrawn(Problem):
    """The role was withdrawn before."""


class CertificateNumberTaken(Problem):
    """An enforcement certificate with this number was issued before."""


class RegisterAlreadyFounded(Problem):
    """There are accounts already; only an empty register is founded."""


constraint_means("uq_accounts_login", LoginTaken)
constraint_means("uq_certificates_number", CertificateNumberTaken)
constraint_means("role_grants_hands_apart", HandsMustStayApart)

SESSION_DAYS = timedelta(days=30)
"""How long a refresh token can be used; each use begins it anew."""
CHALLENGE_LIFE = timedelta(minutes=2)
NONCES = 16
"""How often the previous token may come back with the device's signature before that is no lost answer any more."""
NONCE_LEAST, NONCE_MOST = 16, 64
"""Bytes of a nonce: the client's own, random, fresh for each request."""
PASSWORD_LEAST, PASSWORD_MOST = 12, 256
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
_CERTIFICATE = re.compile(r"[0-9A-Za-z-]{4,40}")
_TOKEN_MARK = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sign-ins may fail within a window, for one account and from one address (settings)."""

    account: int = 10
    address: int = 100
    window: timedelta = timedelta(minutes=15)


def login_of(text: str) -> str:
    """The login as it is stored; BadInput unless 3–64 of a–z, 0–9, dot, underscore, hyphen."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise BadInput(field="login", reason="3-64 of a-z 0-9 . _ -")
    return login


def name_of(text: str) -> str:
    """A person's name without space around it; BadInput unless 1–80 printable characters."""
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise BadInput(field="name", reason="1-80 printable characters")
    return name


def must_be_strong(password: str, *, login: str) -> None:
    """PasswordTooWeak unless 12–256 characters, at least 5 different ones, without the login in it.

    Length instead of prescribed kinds of characters, as NIST SP 800-63B §3.1.1 has it; GB/T 22239 8.1.4.1 asks for
    complexity and leaves its measure to the operator.
    """
    text = unicodedata.normalize("NFC", password)
    if not PASSWORD_LEAST <= len(text) <= PASSWORD_MOST or len(set(text)) < 5 or login in text.lower():
        raise PasswordTooWeak(least=PASSWORD_LEAST)


def must_belong_somewhere(county: str | None, office: str | None, mine_id: UUID | None) -> None:
    """BadInput unless an account belongs to a division, an office or a mine; else nobody could be over it."""
    if county is None and office is None and mine_id is None:
        raise BadInput(field="county", reason="a division, an office or a mine")


def must_be_unfounded(any_account: bool, *, founder: bool) -> None:
    """RegisterAlreadyFounded unless the founding acts and there is no account yet."""
    if any_account or not founder:
        raise RegisterAlreadyFounded()


def must_be_the_three(roles: Sequence[Role]) -> None:
    """BadInput unless the system, security and audit administrator are named, one person each (三权分立)."""
    if sorted(roles) != sorted(NEVER_ONE_PERSON[0]):
        raise BadInput(field="administrators", reason="one each of system, security and audit")


def reason_of(text: str) -> str:
    """The reason of an act; BadInput unless 2–500 characters."""
    reason = unicodedata.normalize("NFC", text.strip())
    if not 2 <= len(reason) <= 500:
        raise BadInput(field="reason", reason="2-500 characters")
    return reason


def must_be_open(account: Account) -> None:
    """AccountAlreadyClosed for a closed account."""
    if account.closed_at is not None:
        raise AccountAlreadyClosed()


def must_be_another(actor: Actor, account_id: UUID) -> None:
    """NobodyServesHimself if the act would favour its own actor."""
    if actor.account_id == account_id:
        raise NobodyServesHimself()


def must_name_one_reach(division: str | None, office: str | None, mine_id: UUID | None) -> None:
    """BadInput unless a grant names exactly one of division, office and mine."""
    if [division, office, mine_id].count(None) != 2:
        raise BadInput(field="reach", reason="exactly one of division, office and mine")


def must_reach(actor: Actor, verb: Verb, reach: Reach, *, county: str | None, office: str | None) -> None:
    """GrantBeyondReach unless a role of the actor that carries `verb` sees all that `reach` sees.

    For the reach over one mine, `county` and `office` are that mine's: who is over the county is over its mines.
    """
    for grant in actor.grants:
        if verb in ROLE_VERBS[grant.role] and (
            grant.reach.includes(reach) or (reach.mines and grant.reach.covers(county=county, office=office))
        ):
            return
    raise GrantBeyondReach()


def must_keep_hands_apart(held: Collection[Role], role: Role) -> None:
    """HandsMustStayApart if this role and one already held may never be one person's (GB/T 22239; 三专联锁)."""
    for group in NEVER_ONE_PERSON:
        if role in group and any(other in group for other in held if other != role):
            raise HandsMustStayApart()


def must_not_be_granted(held: Collection[RoleGrant], grant: RoleGrant) -> None:
    """RoleAlreadyGranted if the same role with the same reach stands already."""
    asked = (grant.role, grant.division, grant.office, grant.mine_id)
    if any((one.role, one.division, one.office, one.mine_id) == asked for one in held):
        raise RoleAlreadyGranted()


def must_stand(grant: RoleGrant) -> None:
    """RoleAlreadyWithdrawn for a grant that was withdrawn."""
    if grant.withdrawn_at is not None:
        raise RoleAlreadyWithdrawn()


def must_lie_ahead(moment: datetime | None, now: datetime) -> None:
    """BadInput for a validity that is over before it begins."""
    if moment is not None and moment <= now:
        raise BadInput(field="validTo", reason="later than now")


def certificate_number_of(text: str) -> str:
    """The number of an enforcement certificate; BadInput unless 4–40 letters, digits and hyphens."""
    number = text.strip()
    if not _CERTIFICATE.fullmatch(number):
        raise BadInput(field="number", reason="4-40 letters, digits and hyphens")
    return number


def must_be_in_order(valid_from: date, valid_to: date) -> None:
    """BadInput for a certificate that ends before it begins."""
    if valid_to < valid_from:
        raise BadInput(field="validTo", reason="not before validFrom")


def new_token(secret: bytes, session_id: UUID) -> str:
    """A refresh token: base64url of session id (16), random bytes (32) and a mark (16) that it was given out here.

    The mark lets a token of long ago be known as stolen; it never opens anything: only a stored hash does.
    """
    body = session_id.bytes + secrets.token_bytes(32)
    return to_base64url(body + _mark(secret, "refresh", body))


def session_of_token(secret: bytes, token: str) -> UUID | None:
    """The session that a token was given out for, or None if it was never given out here."""
    try:
        data = from_base64url(token)
    except ValueError:
        return None
    body, mark = data[:-_TOKEN_MARK], data[-_TOKEN_MARK:]
    if len(data) != 16 + 32 + _TOKEN_MARK or not hmac.compare_digest(mark, _mark(secret, "refresh", body)):
        return None
    return UUID(bytes=body[:16])


def token_hash(token: str) -> bytes:
    """What is stored of a token: SHA-256 (32 bytes); its 256 random bits need no slower one."""
    return hashlib.sha256(token.encode()).digest()


def new_challenge(secret: bytes, now: datetime) -> bytes:
    """What a device signs to sign in: the second when it ends (8), random bytes (16), our mark (16)."""
    body = int((now + CHALLENGE_LIFE).timestamp()).to_bytes(8, "big") + secrets.token_bytes(16)
    return body + _mark(secret, "challenge", body)


def must_be_fresh(secret: bytes, challenge: bytes, now: datetime) -> None:
    """BadInput unless the challenge was given out here within the last two minutes."""
    body, mark = challenge[:24], challenge[24:]
    ours = hmac.compare_digest(mark, _mark(secret, "challenge", body))
    if not ours or int.from_bytes(body[:8], "big") < now.timestamp():
        raise BadInput(field="challenge", reason="ask for a new one")


def signed_to_sign_in(*, challenge: bytes, device_id: UUID, login: str) -> bytes:
    """What a device signs (kind "challenge") to sign in: canonical {challenge, device, login}."""
    return canonical({"challenge": to_base64url(challenge), "device": str(device_id), "login": login})


def signed_to_refresh(*, token: str, nonce: bytes) -> bytes:
    """What a device signs (kind "refresh") to renew its session: canonical {nonce, token}."""
    return canonical({"nonce": to_base64url(nonce), "token": token})


def attempt_keys(secret: bytes, *, login: str, address: str, device_id: UUID | None) -> tuple[bytes, bytes]:
    """The keyed hashes under which failures are counted: of the account and of the address.

    A device that proved itself counts apart, so that a stranger's guesses never lock an inspector's own phone out.
    """
    who = login if device_id is None else f"{login} {device_id}"
    return _mark(secret, "account", who.encode()), _mark(secret, "address", block_of(address).encode())


def block_of(address: str) -> str:
    """The network address that is counted: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed.packed, 64), strict=False))
    return str(parsed)


def _mark(secret: bytes, use: str, data: bytes) -> bytes:
    """HMAC-SHA-256 cut to 16 bytes; each use has its own first line, so that no mark passes for another."""
    return hmac.digest(secret, f"pithead/identity/{use}/1\n".encode() + data, "sha256")[:_TOKEN_MARK]
