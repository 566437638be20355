"""What may live here: the mine, the officers, their devices and open recordings that the bench's acts happen on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import asyncpg
from cryptography.hazmat.primitives.asymmetric import ec

from storage.field.evidence.operations import Declared
from storage.record import ids
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.clock import to_ms
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.signatures import Signer
from storage.record.ledger.proofs.statements import FIRST_PREV, Statement

COUNTY, OFFICE = "520281", "GZ-1"
OPENED = datetime(2026, 11, 1, tzinfo=UTC)
_NAMES = UUID("6f0c2a4e-58d1-4c1b-9a58-0d5f0d7f3b11")
MINE, INSPECTION = uuid5(_NAMES, "mine"), uuid5(_NAMES, "inspection")
BOOT = uuid5(_NAMES, "boot")


@dataclass(slots=True)
class _Chain:
    """Where a device's chain stands: what the next statement must name."""

    seq: int = 0
    prev: str = FIRST_PREV


@dataclass(frozen=True)
class Officer:
    """An officer with one device and one recording: a client of its own. The same number is always the same one."""

    number: int
    chain: _Chain = field(default_factory=_Chain)

    @cached_property
    def actor(self) -> Actor:
        """As he is known after sign-in: an inspector of one county."""
        grants = (Grant(Role.INSPECTOR, Reach(counties=frozenset({COUNTY}))),)
        return Actor(
            account_id=self._id("account"), session_id=self._id("session"), device_id=self._id("device"),
            grants=grants, reach=reach_of(grants),
        )  # fmt: skip

    @property
    def device_id(self) -> UUID:
        """His phone."""
        return self._id("device")

    @cached_property
    def recording_id(self) -> UUID:
        """The recording that his phone adds to."""
        return self._id("recording")

    @cached_property
    def signer(self) -> Signer:
        """The phone's key, the same in every run, so that the seeded database can be kept."""
        number = int.from_bytes(sha256(f"bench device {self.number}".encode()).digest()) >> 1
        return signatures.signer(ec.derive_private_key(number, ec.SECP256R1()), id=str(self.device_id))

    def declare_next(self, now: datetime, **about: Any) -> Declared:
        """The next statement of his chain, signed: a photo of 2 MB taken a minute ago, or what is said `about` it."""
        at = to_ms(now) - 60_000
        content = sha256(f"{self.number} {self.chain.seq}".encode()).hexdigest()
        told: dict[str, Any] = {"sha256": content, "size": 2_000_000, "parts_root": content, "type": "image/jpeg"}
        data = Statement(
            recording=str(self.recording_id), device=str(self.device_id), seq=self.chain.seq, prev=self.chain.prev,
            wall=at, mono=at % 10**8, boot=str(BOOT), stage="INQUIRY", maker=str(self.actor.account_id),
            place={"lat": 257_123_456, "lon": 1_046_123_456, "accuracy": 800, "source": "gnss"}, **(told | about),
        ).encode()  # fmt: skip
        self.chain.seq, self.chain.prev = self.chain.seq + 1, sha256(data).hexdigest()
        signature = self.signer.sign(signatures.signing_input("statement", data))
        return Declared(ids.new_id(at), data, signature)

    def _id(self, what: str) -> UUID:
        return uuid5(_NAMES, f"{what} {self.number}")


async def seed(sql: "asyncpg.Connection[Any]", *, officers: int) -> None:
    """One office, one mine, one inspection, and so many officers with a device and an open recording each."""
    people = [Officer(number) for number in range(officers)]
    first = people[0].actor.account_id
    await sql.execute("INSERT INTO offices (code, name, sample) VALUES ($1, '监察执法一处', true)", OFFICE)
    await sql.execute(
        "INSERT INTO mines (id, name, credit_code, county, office, supervisor, state, disasters, latitude, longitude,"
        " registered_at, sample) VALUES ($1, '样例煤矿', '91520000MA00000001', $2, $3, '5202', 'PRODUCING', '{}',"
        " 257000000, 1046000000, $4, true)",
        MINE, COUNTY, OFFICE, OPENED,
    )  # fmt: skip
    await _put(sql, "accounts", "id, login, name, county, opened_at, sample", [
        (each.actor.account_id, f"officer{each.number}", f"执法员{each.number}", COUNTY, OPENED, True)
        for each in people
    ])  # fmt: skip
    await _put(sql, "devices", "id, owner_id, kind, name, algorithm, public_key, enrolled_at, valid_to", [
        (each.device_id, each.actor.account_id, "PHONE", "手机", each.signer.algorithm, each.signer.public, OPENED,
         OPENED + timedelta(days=3_000))
        for each in people
    ])  # fmt: skip
    await _put(sql, "role_grants", "id, account_id, role, division, granted_at", [
        (uuid5(_NAMES, f"grant {each.number}"), each.actor.account_id, "INSPECTOR", COUNTY, OPENED) for each in people
    ])  # fmt: skip
    columns = "id, account_id, device_id, token_hash, nonces, opened_at, renewed_at, expires_at"
    await _put(sql, "sessions", columns, [
        (each.actor.session_id, each.actor.account_id, each.device_id, each.device_id.bytes, [], OPENED, OPENED,
         OPENED + timedelta(days=3_000))
        for each in people
    ])  # fmt: skip
    await _put(sql, "inspections", "id, mine_id, county, office, basis, reason, lead_id, opened_by, opened_at, flags", [
        (INSPECTION, MINE, COUNTY, OFFICE, "PLANNED", "2026-17", first, first, OPENED, [])
    ])  # fmt: skip
    await _put(sql, "certificates", "id, account_id, number, valid_from, valid_to, issued_at", [
        (each.device_id, each.actor.account_id, f"GZ-{each.number:06}", OPENED.date(),
         (OPENED + timedelta(days=3_000)).date(), OPENED)
        for each in people
    ])  # fmt: skip
    # Only officers of an inspection declare into its recordings.
    await _put(sql, "inspection_officers", "inspection_id, account_id, certificate_id, joined_at, device_id", [
        (INSPECTION, each.actor.account_id, each.device_id, OPENED, each.device_id) for each in people
    ])  # fmt: skip
    columns = "id, inspection_id, mine_id, county, office, opened_by, device_id, beacon, not_before, opened_at"
    await _put(sql, "recordings", columns, [
        (each.recording_id, INSPECTION, MINE, COUNTY, OFFICE, each.actor.account_id, each.device_id, "{}", OPENED,
         OPENED)
        for each in people
    ])  # fmt: skip
    await _put(sql, "chains", "recording_id, device_id, count, last_seq, last_hash", [
        (each.recording_id, each.device_id, 0, -1, bytes(32)) for each in people
    ])  # fmt: skip


# Everybody else: so many officers with a phone, each with ten recordings of other inspections, in five counties.
_OTHERS = (
    "INSERT INTO accounts (id, login, name, county, opened_at, sample) SELECT md5('account' || n)::uuid, 'other' || n,"
    " '人员' || n, (ARRAY['520281', '520204', '520201', '520303', '520181'])[1 + n % 5], $1::timestamptz, true"
    " FROM generate_series(1, $2::integer) n",
    "INSERT INTO devices (id, owner_id, kind, name, algorithm, public_key, enrolled_at, valid_to)"
    " SELECT md5('device' || n)::uuid, md5('account' || n)::uuid, 'PHONE', '手机', 'ES256', ('key' || n)::bytea, $1,"
    " $1::timestamptz + interval '3000 days' FROM generate_series(1, $2::integer) n",
    "INSERT INTO inspections (id, mine_id, county, office, basis, reason, lead_id, opened_by, opened_at, flags)"
    " SELECT md5('inspection' || n)::uuid, (SELECT id FROM mines LIMIT 1), a.county, 'GZ-1', 'PLANNED', '2026-' || n,"
    " a.id, a.id, $1, '{}' FROM generate_series(1, $2::integer) n JOIN accounts a ON a.login = 'other' || n",
    "INSERT INTO recordings (id, inspection_id, mine_id, county, office, opened_by, device_id, beacon, not_before,"
    " opened_at) SELECT md5('recording' || n || '-' || m)::uuid, i.id, i.mine_id, i.county, i.office, i.lead_id,"
    " md5('device' || n)::uuid, '{}', $1, $1 FROM generate_series(1, $2::integer) n, generate_series(1, 10) m,"
    " inspections i WHERE i.id = md5('inspection' || n)::uuid",
    "INSERT INTO chains (recording_id, device_id, count, last_seq, last_hash) SELECT id, device_id, 0, -1,"
    " sha256(''::bytea) FROM recordings WHERE opened_at = $1 AND id NOT IN (SELECT recording_id FROM chains)"
    " AND $2::integer > 0",
)


async def seed_others(sql: "asyncpg.Connection[Any]", *, officers: int) -> None:
    """The rest of the province, so that tables are as large as they are in use and plans are those of use."""
    for statement in _OTHERS:
        await sql.execute(statement, OPENED, officers, timeout=120)


async def _put(sql: "asyncpg.Connection[Any]", table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    await sql.copy_records_to_table(table, columns=columns.split(", "), records=rows)
