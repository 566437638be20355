"""Tests of access tokens: which are taken, which are not, and how soon an end bites."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from api.auth import AUDIENCE, LIFE, REREAD, Authenticator
from storage.record.actor import Role
from storage.record.database import Database
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.keys import PublicKey, PublicKeys, key_id
from storage.register.devices import operations as devices
from storage.register.identity import operations
from storage.register.identity.sessions import Opened
from tests.factories.people import NOON, THE_THREE, People

PRIVATE = Ed25519PrivateKey.generate()
SIGNER = signatures.signer(PRIVATE, id="token-12345678")
ACCOUNT, SESSION = uuid4(), uuid4()
NOBODY: Any = None


def offline(**given: Any) -> Authenticator:
    """An authenticator that never reads the database."""
    return Authenticator(NOBODY, signer=SIGNER, clock=given.pop("clock", lambda: NOON), **given)


def claims(**changed: Any) -> dict[str, Any]:
    at = int(NOON.timestamp())
    whole = {"sub": str(ACCOUNT), "sid": str(SESSION), "aud": AUDIENCE, "iat": at, "exp": at + 600}
    return {name: value for name, value in (whole | changed).items() if value is not ...}


def token(key: Any = PRIVATE, *, alg: str = "EdDSA", kid: Any = SIGNER.id, **changed: Any) -> str:
    headers = {} if kid is ... else {"kid": kid}
    return jwt.encode(claims(**changed), key, algorithm=alg, headers=headers)


def tampered() -> str:
    head, _, signature = token().split(".")
    body = json.dumps(claims(sub=str(uuid4()))).encode()
    return ".".join((head, base64.urlsafe_b64encode(body).rstrip(b"=").decode(), signature))


def with_own_key() -> str:
    """A token that brings the key it is signed with."""
    own = Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(own.public_key()))
    return jwt.encode(claims(), own, algorithm="EdDSA", headers={"kid": SIGNER.id, "jwk": jwk})


def by_public_key() -> str:
    """Algorithm confusion: the public key, which everybody knows, as the secret of an HMAC."""
    secret = load_der_public_key(SIGNER.public).public_bytes(Encoding.Raw, PublicFormat.Raw)
    return token(secret, alg="HS256")


def test_a_token_tells_its_session() -> None:
    tokens = offline()
    made = tokens.access_token(account_id=ACCOUNT, session_id=SESSION, device_id=UUID(int=3), now=NOON)
    found = tokens.claims_of(f"Bearer {made.text}")
    assert found is not None
    assert (found.account_id, found.session_id) == (ACCOUNT, SESSION)
    assert found.expires_at == made.expires_at == NOON + LIFE
    assert tokens.claims_of(f"bearer {made.text}") == found
    assert made.text not in repr(made)
    public: Any = load_der_public_key(SIGNER.public)
    told = jwt.decode(made.text, public, algorithms=["EdDSA"], audience=AUDIENCE,
                      options={"verify_exp": False, "verify_iat": False})  # fmt: skip
    assert told["did"] == str(UUID(int=3))
    assert jwt.get_unverified_header(made.text) == {"alg": "EdDSA", "kid": SIGNER.id, "typ": "JWT"}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda: token(Ed25519PrivateKey.generate()), id="another key under our id"),
        pytest.param(lambda: token(kid="token-00000000"), id="another kid"),
        pytest.param(lambda: token(kid=...), id="no kid"),
        pytest.param(lambda: token(kid="../../dev/null"), id="a path as kid"),
        pytest.param(with_own_key, id="a key brought along"),
        pytest.param(by_public_key, id="HS256 with our public key"),
        pytest.param(lambda: jwt.encode(claims(), None, algorithm="none", headers={"kid": SIGNER.id}), id="unsigned"),
        pytest.param(lambda: token().rsplit(".", 1)[0] + ".", id="signature cut off"),
        pytest.param(tampered, id="tampered"),
        pytest.param(lambda: token(aud="another"), id="another audience"),
        pytest.param(lambda: token(aud=...), id="no audience"),
        pytest.param(lambda: token(exp=...), id="no end"),
        pytest.param(lambda: token(iat=...), id="no beginning"),
        pytest.param(lambda: token(sid=...), id="no session"),
        pytest.param(lambda: token(sub=...), id="no account"),
        pytest.param(lambda: token(sub="someone"), id="an account that is no id"),
        pytest.param(lambda: token(exp=int(NOON.timestamp())), id="over"),
        pytest.param(lambda: token(exp=int(NOON.timestamp()) + 601), id="longer than ten minutes"),
        pytest.param(
            lambda: token(iat=int(NOON.timestamp()) + 1200, exp=int(NOON.timestamp()) + 1800), id="far from the future"
        ),
        pytest.param(lambda: token(exp="1900000000"), id="an end that is text"),
        pytest.param(lambda: token(exp=10**30), id="an end beyond all times"),
        pytest.param(lambda: "a" * 5000, id="too long"),
        pytest.param(lambda: "é.é.é", id="not ASCII"),
        pytest.param(lambda: "..", id="empty parts"),
        pytest.param(lambda: "", id="empty"),
    ],
)
async def test_no_other_token_is_taken(made: Callable[[], str]) -> None:
    assert await offline().authenticate(f"Bearer {made()}") is None


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer  x"])
async def test_no_other_header_is_taken(header: str | None) -> None:
    assert await offline().authenticate(header) is None
    assert offline().claims_of(f"Token {token()}") is None


def test_the_plain_token_of_these_tests_would_be_taken() -> None:
    assert offline().claims_of(f"Bearer {token()}") is not None


def test_a_remembered_token_ends_all_the_same() -> None:
    now = [NOON]
    tokens = offline(clock=lambda: now[0])
    assert tokens.claims_of(f"Bearer {token()}")
    now[0] = NOON + LIFE - timedelta(seconds=1)
    assert tokens.claims_of(f"Bearer {token()}")
    now[0] = NOON + LIFE
    assert tokens.claims_of(f"Bearer {token()}") is None


def test_the_predecessor_of_a_rotated_key_is_known_from_the_list_and_no_key_of_another_name_is() -> None:
    old, promise = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()

    def listed(private: Ed25519PrivateKey, name: str) -> PublicKey:
        public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return PublicKey(id=key_id(name, public), name=name, algorithm="Ed25519", public=public, since=0)

    both = {one.id: one for one in (listed(old, "token"), listed(promise, "promise"))}
    tokens = offline(keys=lambda: PublicKeys("test.invalid/log", both))
    first, second = both
    assert tokens.claims_of(f"Bearer {token(old, kid=first)}")
    assert tokens.claims_of(f"Bearer {token(promise, kid=second)}") is None


def test_the_memory_of_tokens_has_a_bound() -> None:
    tokens = offline(most=5)
    for _ in range(20):
        made = tokens.access_token(account_id=ACCOUNT, session_id=uuid4(), device_id=None, now=NOON)
        assert tokens.claims_of(f"Bearer {made.text}")
    assert len(tokens._claims) == 5


class Counted(Database):
    """Counts its read sessions."""

    reads = 0

    def reading(self, actor: Any) -> Any:
        self.reads += 1
        return super().reading(actor)


@pytest.fixture
def online(people: People) -> Authenticator:
    """An authenticator over the register, at its clock."""
    return Authenticator(people.database, signer=SIGNER, clock=lambda: people.now)


def header(tokens: Authenticator, opened: Opened, now: datetime) -> str:
    made = tokens.access_token(
        account_id=opened.account_id, session_id=opened.session_id, device_id=opened.device_id, now=now
    )
    return f"Bearer {made.text}"


async def test_the_actor_is_the_one_of_the_session(people: People, online: Authenticator) -> None:
    await people.grants(await people.opens("officer"), Role.INSPECTOR)
    opened = await people.is_in("officer")
    assert await online.authenticate(header(online, opened, people.now)) == await people.again(opened.session_id)


async def test_a_token_for_a_session_of_another_person_is_not_taken(people: People, online: Authenticator) -> None:
    await people.opens("officer")
    opened = await people.is_in("officer")
    made = online.access_token(account_id=uuid4(), session_id=opened.session_id, device_id=None, now=people.now)
    assert await online.authenticate(f"Bearer {made.text}") is None


@pytest.mark.parametrize("how", ["signed out", "role withdrawn", "device lost"])
async def test_an_end_bites_within_fifteen_seconds(people: People, online: Authenticator, how: str) -> None:
    grant = await people.grants(await people.opens("officer"), Role.INSPECTOR)
    opened = await people.is_in("officer")
    device = await people.enrols(await people.again(opened.session_id))
    bearer = header(online, opened, people.now)
    actor = await online.authenticate(bearer)
    assert actor is not None
    assert actor.roles == {Role.INSPECTOR}
    if how == "signed out":
        await people.act(actor, operations.sign_out_everywhere)
    elif how == "role withdrawn":
        security = await people.administrator(THE_THREE[1])
        await people.act(security, operations.withdraw_role, grant_id=grant.id, reason="调离")
    else:
        await people.act(actor, devices.report_device_lost, device_id=device.id, lost_at=people.now)
    people.now += REREAD
    after = await online.authenticate(bearer)
    assert (after is None) if how != "role withdrawn" else (after is not None and after.grants == ())


async def test_one_read_serves_all_requests_of_fifteen_seconds(people: People) -> None:
    await people.opens("officer")
    opened = await people.is_in("officer")
    people.database.__class__ = Counted
    tokens = Authenticator(people.database, signer=SIGNER, clock=lambda: people.now)
    bearer = header(tokens, opened, people.now)
    await asyncio.gather(*(tokens.authenticate(bearer) for _ in range(20)))
    people.now += REREAD - timedelta(milliseconds=1)
    await tokens.authenticate(bearer)
    assert people.database.reads == 1  # type: ignore[attr-defined]  # It counts now.
    people.now += timedelta(milliseconds=1)
    await tokens.authenticate(bearer)
    assert people.database.reads == 2  # type: ignore[attr-defined]  # It counts now.


async def test_a_request_that_goes_away_does_not_stop_the_others(people: People, online: Authenticator) -> None:
    await people.opens("officer")
    opened = await people.is_in("officer")
    bearer = header(online, opened, people.now)
    gone, stays = (asyncio.create_task(online.authenticate(bearer)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays is not None
    assert gone.cancelled() or gone.done()
