"""The only writers of recordings."""

from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from storage.field.inspections import rules as inspections
from storage.field.recordings import queries, rules
from storage.record.actor import Verb
from storage.record.clock import day_of, to_ms
from storage.record.ids import new_id
from storage.record.ledger.proofs import closings
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.chains import Chain
from storage.record.ledger.proofs.closings import Closing, Officer
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.devices import queries as devices
from storage.register.devices import rules as device_rules
from storage.register.devices.tables import Device
from storage.register.identity.queries import certificate_of


async def open_recording(
    work: Work, *, id: UUID, inspection_id: UUID, beacon: SignedBeacon, keys: PublicKeys
) -> "asyncpg.Record":
    """Opens a recording on a beacon that this device was given; the same call again is the same recording."""
    inspection = await queries.inspection_to_record(work, inspection_id=inspection_id)
    if inspection is None:
        raise NotFound()
    work.actor.require(
        Verb.RECORDING_OPEN, county=inspection["county"], office=inspection["office"], mine_id=inspection["mine_id"]
    )
    rules.must_be_officer(inspection["is_officer"])
    device_id = device_rules.must_be_in_hand(work.actor.device_id)
    not_before = rules.not_before(beacon, device_id=device_id, keys=keys)
    known = await queries.recording_by_id(work.sql, id=id)
    if known is not None:
        return _same(known, inspection_id, work.actor.account_id, beacon)
    await work.sql.execute(
        "INSERT INTO recordings (id, inspection_id, mine_id, county, office, opened_by, device_id, beacon, not_before,"
        " opened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id, inspection_id, inspection["mine_id"], inspection["county"], inspection["office"], work.actor.account_id,
        device_id, beacon.value.decode(), not_before, work.now,
    )  # fmt: skip
    work.record(
        "recording.opened", id, county=inspection["county"], office=inspection["office"], mine_id=inspection["mine_id"],
        data={"inspection": str(inspection_id), "beacon": beacon.value.decode(),
              "beacon_signature": to_base64url(beacon.signature)},
    )  # fmt: skip
    return await queries.recording_that_stands(work.sql, id=id)


def _same(known: "asyncpg.Record", inspection_id: UUID, opener: UUID, beacon: SignedBeacon) -> "asyncpg.Record":
    asked = (inspection_id, opener, beacon.value.decode())
    if (known["inspection_id"], known["opened_by"], known["beacon"]) != asked:
        raise rules.RecordingConflict()
    return known


async def close_recording(work: Work, *, recording_id: UUID, closing: bytes, signature: bytes) -> "asyncpg.Record":
    """One officer signs what belongs to the recording and why the rest is missing; a second one must co-sign.

    A later closing takes the place of one that nobody co-signed. The same again is the same answer.
    """
    recording, device, certificate = await _closing_officer(work, recording_id)
    said = rules.must_be_a_closing(closing, recording_id=recording_id, closer_id=work.actor.account_id)
    rules.must_be_signed(closing, signature, algorithm=device.algorithm, public_key=device.public_key)
    known = await queries.newest_closing(work.sql, recording_id=recording_id)
    if known is not None and (known["closing"], known["signature"]) == (closing, signature):
        return known
    rules.must_be_open(recording["closed_at"])
    await _must_agree(work, said)
    await work.sql.execute(
        "INSERT INTO closings (id, recording_id, closing, closer_id, device_id, algorithm, public_key, signature,"
        " signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new_id(to_ms(work.now)), recording_id, closing, work.actor.account_id, device.id, device.algorithm,
        device.public_key, signature, work.now,
    )  # fmt: skip
    work.record(
        "recording.closing_signed", recording_id, **_scope(recording),
        data={"closing": sha256(closing).hexdigest(), "gaps": len(said.gaps), "certificate": str(certificate),
              "device_key": to_base64url(device.public_key), "signature": to_base64url(signature)},
    )  # fmt: skip
    return await _standing_closing(work, recording_id)


async def cosign_closing(work: Work, *, recording_id: UUID, signature: bytes) -> "asyncpg.Record":
    """The second officer signs the same bytes by his own device: only with that is the recording closed."""
    recording, device, certificate = await _closing_officer(work, recording_id)
    known = await queries.newest_closing(work.sql, recording_id=recording_id)
    if known is None:
        raise rules.ClosingNotSigned()
    rules.must_be_another((known["closer_id"], known["device_id"]), (work.actor.account_id, device.id))
    rules.must_be_signed(
        known["closing"], signature, cosigned=True, algorithm=device.algorithm, public_key=device.public_key
    )
    if known["cosigner_id"] == work.actor.account_id:
        return known
    rules.must_be_open(recording["closed_at"])
    await _must_agree(work, Closing.decode(known["closing"]))
    closer = _officer(known["device_id"], known["closer_id"], known["algorithm"], known["public_key"])
    cosigner = _officer(device.id, work.actor.account_id, device.algorithm, device.public_key)
    data = closings.closed_data(known["closing"], recording=str(recording_id), closer=closer, cosigner=cosigner)
    entry_id = work.record(
        "recording.closed", recording_id, **_scope(recording), data={**data, "certificate": str(certificate)}
    )
    file = closings.closed_file(
        known["closing"], closer=closer, signature=known["signature"], cosigner=cosigner, cosignature=signature
    )
    await _close(work, known, device_id=device.id, file=file, entry_id=entry_id)
    return await _standing_closing(work, recording_id)


async def _closing_officer(work: Work, recording_id: UUID) -> "tuple[asyncpg.Record, Device, UUID]":
    """The recording, locked, the officer's own device that may sign now, and his certificate of the day."""
    recording = await queries.recording_to_close(work, id=recording_id)
    if recording is None:
        raise NotFound()
    work.actor.require(Verb.RECORDING_CLOSE, **_scope(recording))
    rules.must_be_officer(recording["is_officer"])
    day = day_of(work.now)
    certificate = inspections.must_hold_certificate(
        await certificate_of(work, work.actor.account_id, day=day), account=work.actor.account_id, on=day
    )
    device_id = device_rules.must_be_in_hand(work.actor.device_id)
    device = await devices.own_signing_device(work.sql, work.actor, device_id, now=work.now)
    return recording, device, certificate


async def _must_agree(work: Work, closing: Closing) -> None:
    rows = await queries.chains_of(work.sql, recording_ids=[UUID(closing.recording)])
    held = [
        Chain(closing.recording, str(row["device_id"]), row["count"], row["last_hash"].hex(),
              tuple((first, last) for first, last in row["gaps"]), ())
        for row in rows
    ]  # fmt: skip
    rules.must_agree(closing, held, sealed_in_gap=await queries.sealed_in_gap(work, closing=closing))


async def _close(work: Work, known: "asyncpg.Record", *, device_id: UUID, file: bytes, entry_id: UUID) -> None:
    """The closing is complete, and the recording and each of its chains say since when."""
    await work.sql.execute(
        "UPDATE closings SET cosigner_id = $2, cosigner_device_id = $3, file = $4, closed_at = $5,"
        " closed_entry_id = $6 WHERE id = $1",
        known["id"], work.actor.account_id, device_id, file, work.now, entry_id,
    )  # fmt: skip
    for table, column in (("recordings", "id"), ("chains", "recording_id")):
        await work.sql.execute(
            f"UPDATE {table} SET closed_at = $2 WHERE {column} = $1", known["recording_id"], work.now
        )


async def _standing_closing(work: Work, recording_id: UUID) -> "asyncpg.Record":
    found = await queries.newest_closing(work.sql, recording_id=recording_id)
    if found is None:
        raise NotFound()
    return found


def _officer(device_id: UUID, account_id: UUID, algorithm: str, public_key: bytes) -> Officer:
    return Officer(str(device_id), str(account_id), algorithm, public_key)


def _scope(row: "asyncpg.Record") -> dict[str, Any]:
    return {"county": row["county"], "office": row["office"], "mine_id": row["mine_id"]}
