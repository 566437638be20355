"""The only writers of recordings."""

from uuid import UUID

import asyncpg

from storage.field.recordings import queries, rules
from storage.record.actor import Verb
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.problems import NotFound
from storage.record.work import Work


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
    device_id = rules.must_be_a_device(work.actor.device_id)
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
