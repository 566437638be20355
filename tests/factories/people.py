"""Makes people for tests as the product does: founding, accounts, roles, keys, all by lawful acts."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from storage.record.actor import Actor, Role
from storage.record.database import Database
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.signatures import Signer
from storage.record.work import perform
from storage.register.devices import operations as devices
from storage.register.devices import rules as device_rules
from storage.register.devices.tables import Device, DeviceKind
from storage.register.identity import operations, queries, rules, sessions
from storage.register.identity.operations import Founder, the_founding
from storage.register.identity.passwords import Passwords
from storage.register.identity.sessions import Door, Opened
from storage.register.identity.tables import Account, RoleGrant

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
PASSWORD = "winter-shaft-41"
THE_THREE = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR)


_ran: WeakKeyDictionary[Database, list[str]] = WeakKeyDictionary()


def listen(database: Database) -> None:
    """Keeps the text of every statement that this database runs from now on."""
    texts = _ran.setdefault(database, [])

    @event.listens_for(database.engine.sync_engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        connection.driver_connection.add_query_logger(lambda logged: texts.append(logged.query))


def ran(database: Database) -> int:
    """How many statements it has run since `listen`."""
    return len(_ran[database])


def cheap_door(**limits: Any) -> Door:
    """A door whose passwords cost next to nothing."""
    return Door(Passwords(memory_kib=8, time_cost=1), secrets.token_bytes(32), rules.Limits(**limits))


def new_key(algorithm: str = "ES256") -> Signer:
    """A fresh device key."""
    private = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else Ed25519PrivateKey.generate()
    return signatures.signer(private, id="device")


def sign(key: Signer, kind: str, message: bytes) -> bytes:
    """The device's signature of this kind."""
    return key.sign(signatures.signing_input(kind, message))


@dataclass
class People:
    """A founded register: the three administrators by role, and a clock that tests may turn."""

    database: Database
    door: Door
    now: datetime = NOON
    account: dict[Role, Account] = field(default_factory=dict)
    keys: dict[UUID, Signer] = field(default_factory=dict)

    async def found(self) -> "People":
        """Opens the three administrators."""
        known = await self.door.passwords.hash(PASSWORD)
        founders = [
            Founder(role, role.value.lower().replace("_", "-"), f"管理员{n}", known, first_password=False)
            for n, role in enumerate(THE_THREE)
        ]
        opened = await self.act(the_founding(), operations.found_register, administrators=founders)
        self.account = dict(zip(THE_THREE, opened, strict=True))
        return self

    async def act(self, actor: Actor, operation: Any, **given: Any) -> Any:
        """Performs one operation at this clock."""
        return await perform(self.database, actor, self.now, operation, **given)

    async def is_in(self, login: str, password: str = PASSWORD, **given: Any) -> Opened:
        """Signs in."""
        return await sessions.sign_in(
            self.database,
            self.door,
            self.now,
            login=login,
            password=password,
            **({"address": "192.0.2.1"} | given),
        )

    async def actor(self, login: str, **given: Any) -> Actor:
        """Signs in and reads who that is."""
        opened = await self.is_in(login, **given)
        return await self.again(opened.session_id)

    async def again(self, session_id: UUID) -> Actor:
        """Who acts in a session that must be open."""
        found = await queries.actor_of_session(self.database, session_id, now=self.now)
        assert found is not None
        return found

    async def administrator(self, role: Role) -> Actor:
        """One of the three, signed in."""
        return await self.actor(self.account[role].login)

    async def opens(self, login: str, *, county: str = "520281", **given: Any) -> Account:
        """The system administrator opens an account; its password needs no change unless asked for."""
        known = await self.door.passwords.hash(PASSWORD)
        given = {"county": county, "first_password": False, "name": f"人{login}"} | given
        actor = await self.administrator(Role.SYSTEM_ADMINISTRATOR)
        account: Account = await self.act(actor, operations.open_account, login=login, password=known, **given)
        return account

    async def grants(self, account: Account, role: Role, **given: Any) -> RoleGrant:
        """The security administrator grants a role, over the account's county unless told otherwise."""
        actor = await self.administrator(Role.SECURITY_ADMINISTRATOR)
        given = given if given.keys() & {"division", "office", "mine_id"} else {"division": account.county, **given}
        grant: RoleGrant = await self.act(actor, operations.grant_role, account_id=account.id, role=role, **given)
        return grant

    async def someone(self, login: str, role: Role = Role.INSPECTOR, *, county: str = "520281") -> Actor:
        """A person with one role over one county, signed in."""
        await self.grants(await self.opens(login, county=county), role)
        return await self.actor(login)

    async def enrols(self, actor: Actor, key: Signer | None = None, **given: Any) -> Device:
        """The actor enrols a phone of his."""
        key, id = key or new_key(), given.pop("id", uuid4())
        message = device_rules.signed_to_enrol(id=id, owner=actor.account_id, public_key=key.public)
        told = {
            "id": id, "kind": DeviceKind.PHONE, "name": "phone", "algorithm": key.algorithm, "public_key": key.public,
            "signature": sign(key, "enrol", message),
        }  # fmt: skip
        device: Device = await self.act(actor, devices.enrol_device, **(told | given))
        self.keys[device.id] = key
        return device

    async def renews(self, opened: Opened, key: Signer | None, *, nonce: bytes | None = None) -> Opened:
        """Refreshes with the device's signature over the token and a nonce."""
        nonce = nonce or secrets.token_bytes(16)
        message = rules.signed_to_refresh(token=opened.refresh_token, nonce=nonce)
        return await sessions.refresh(
            self.database, self.door, self.now, token=opened.refresh_token, nonce=nonce,
            signature=sign(key, "refresh", message) if key else b"",
        )  # fmt: skip

    def passes(self, **given: float) -> None:
        """Time passes."""
        self.now += timedelta(**given)

    async def entries(self, kind: str | None = None) -> int:
        """How many entries the record holds, of one kind if given."""
        async with self.database.reading(the_founding()) as sql:
            count: int = await sql.fetchval("SELECT count(*) FROM entries WHERE $1::text IS NULL OR kind = $1", kind)
        return count
