"""Makes a mine, its people, their devices and one open recording by direct rows: a scene in which evidence is made."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.field.evidence.operations import Declared
from storage.record.actor import Actor, Grant, Reach, Role
from storage.record.clock import to_ms, whole_ms
from storage.record.ledger.proofs import signatures, statements
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import Statement

HERE, ELSEWHERE = "520302", "520201"
"""Two counties of two prefectures: who reaches one sees nothing of the other."""
PHOTO = b"\xff\xd8\xff\xe0 not a picture, but bytes that begin like one \xff\xd9"


def new_key(algorithm: str = "ES256") -> Signer:
    """A fresh device key."""
    private = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else Ed25519PrivateKey.generate()
    return signatures.signer(private, id="device")


@dataclass(frozen=True, slots=True)
class Phone:
    """A device with its key and its owner."""

    id: UUID
    owner_id: UUID
    key: Signer


@dataclass(slots=True)
class Scene:
    """One inspection with two officers, each with a phone, and one recording opened on the first one's."""

    county: str
    office: str
    now: datetime
    mine_id: UUID = field(default_factory=uuid4)
    inspection_id: UUID = field(default_factory=uuid4)
    recording_id: UUID = field(default_factory=uuid4)
    phones: list[Phone] = field(default_factory=list)

    @property
    def phone(self) -> Phone:
        return self.phones[0]

    def actor(self, phone: Phone | None = None, *, role: Role = Role.INSPECTOR, reach: Reach | None = None) -> Actor:
        """The owner of a phone, signed in by it, with one role over the county of the scene."""
        held, reached = phone or self.phone, reach or Reach(counties=frozenset({self.county}))
        return Actor(held.owner_id, None, held.id, (Grant(role, reached),), reached)

    def statement(self, *, phone: Phone | None = None, body: bytes = PHOTO, **changes: Any) -> Statement:
        """A statement over `body` by a phone of the scene, first of its chain unless told otherwise."""
        held = phone or self.phone
        parts = [sha256(body[at : at + statements.PART_SIZE]).digest() for at in range(0, len(body), 1 << 23)]
        plain = Statement(
            recording=str(self.recording_id), device=str(held.id), seq=0, prev=statements.FIRST_PREV,
            sha256=sha256(body).hexdigest(), size=len(body), parts_root=statements.parts_root(parts).hex(),
            type="image/jpeg", wall=to_ms(self.now), mono=1_000, boot=str(uuid4()),
            place={"lat": 276_900_000, "lon": 1_069_200_000, "source": "gnss"}, stage="INQUIRY",
            maker=str(held.owner_id),
        )  # fmt: skip
        return replace(plain, **changes)

    def item(self, *, phone: Phone | None = None, body: bytes = PHOTO, **changes: Any) -> Declared:
        """A statement signed by the phone, under a fresh id."""
        return self.signed(self.statement(phone=phone, body=body, **changes).encode(), phone=phone)

    def signed(self, data: bytes, *, phone: Phone | None = None, kind: str = "statement") -> Declared:
        """These bytes with the phone's signature of this kind."""
        key = (phone or self.phone).key
        return Declared(uuid4(), data, key.sign(signatures.signing_input(kind, data)))

    def chain(self, bodies: list[bytes], *, first: int = 0, prev: str = statements.FIRST_PREV) -> list[Declared]:
        """One item a body, each naming the one before it."""
        items: list[Declared] = []
        for number, body in enumerate(bodies, first):
            items.append(self.item(body=body, seq=number, prev=prev))
            prev = sha256(items[-1].statement).hexdigest()
        return items


async def make_scene(superuser: str, *, county: str = HERE, now: datetime | None = None, **phone: Any) -> Scene:
    """Writes the rows of a scene past row security; `phone` are columns of the first device."""
    scene = Scene(county, f"office-{county}", whole_ms(now or datetime.now(UTC)))
    sql = await asyncpg.connect(superuser)
    try:
        await _lay_place(sql, scene)
        for number in range(2):
            scene.phones.append(await make_phone(sql, scene, **(phone if number == 0 else {})))
        await _open_inspection(sql, scene)
    finally:
        await sql.close()
    return scene


async def make_phone(
    sql: "asyncpg.Connection[Any]", scene: Scene, *, owner_id: UUID | None = None, algorithm: str = "ES256", **row: Any
) -> Phone:
    """An account of the scene's county (unless an owner is given) and its enrolled device."""
    key, id, at = new_key(algorithm), uuid4(), scene.now - timedelta(days=1)
    if owner_id is None:
        owner_id = uuid4()
        await insert(
            sql, "accounts", id=owner_id, login=f"login-{owner_id}", name="检查员", county=scene.county,
            office=scene.office, opened_at=at, sample=False,
        )  # fmt: skip
        await insert(sql, "passwords", account_id=owner_id, hash="not a hash", changed_at=at, first=False)
    columns = {"valid_to": scene.now + timedelta(days=365), "enrolled_at": at, **row}
    await insert(
        sql, "devices", id=id, owner_id=owner_id, kind="PHONE", name="phone", algorithm=key.algorithm,
        public_key=key.public, **columns,
    )  # fmt: skip
    return Phone(id, owner_id, key)


async def insert(sql: "asyncpg.Connection[Any]", table: str, **row: Any) -> None:
    """One row."""
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await sql.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


async def _lay_place(sql: "asyncpg.Connection[Any]", scene: Scene) -> None:
    await sql.execute(
        "INSERT INTO offices (code, name, sample) VALUES ($1, $1, false) ON CONFLICT DO NOTHING", scene.office
    )
    await insert(
        sql, "mines", id=scene.mine_id, name="样例煤矿", credit_code=f"C{scene.mine_id.hex[:17]}", county=scene.county,
        office=scene.office, supervisor=scene.county[:4], state="PRODUCING", disasters=[], latitude=276_900_000,
        longitude=1_069_200_000, registered_at=scene.now, sample=False,
    )  # fmt: skip


async def _open_inspection(sql: "asyncpg.Connection[Any]", scene: Scene) -> None:
    lead = scene.phone.owner_id
    row = {"id": scene.inspection_id, "mine_id": scene.mine_id, "county": scene.county, "office": scene.office}
    reasons = {"basis": "REASONED", "reason": "接到举报", "lead_id": lead, "opened_by": lead, "opened_at": scene.now}
    if await sql.fetchval("SELECT EXISTS (SELECT FROM information_schema.columns WHERE column_name = 'flags'"
                          " AND table_name = 'inspections')"):  # fmt: skip
        reasons["flags"] = []
    await insert(sql, "inspections", **row, **reasons)
    for phone in scene.phones:
        certificate = uuid4()
        await insert(
            sql, "certificates", id=certificate, account_id=phone.owner_id, number=f"GZ{certificate.hex[:10]}",
            valid_from=date(2020, 1, 1), valid_to=date(2040, 1, 1), issued_at=scene.now,
        )  # fmt: skip
        await insert(
            sql, "inspection_officers", inspection_id=scene.inspection_id, account_id=phone.owner_id,
            certificate_id=certificate, joined_at=scene.now, device_id=phone.id,
        )  # fmt: skip
    await insert(
        sql, "recordings", id=scene.recording_id, inspection_id=scene.inspection_id, mine_id=scene.mine_id,
        county=scene.county, office=scene.office, opened_by=lead, device_id=scene.phone.id, beacon="{}",
        not_before=scene.now - timedelta(hours=1), opened_at=scene.now - timedelta(minutes=50),
    )  # fmt: skip


NOWHERE = Scene(HERE, "office", datetime(2026, 11, 24, 8, tzinfo=UTC), phones=[Phone(uuid4(), uuid4(), new_key())])
"""A scene without rows, for rules that only look at statements."""
