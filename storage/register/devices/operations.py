"""The acts on devices: enrolment, loss, revocation."""

from datetime import datetime, timedelta
from uuid import UUID

from storage.record.actor import Verb
from storage.record.clock import to_ms, whole_ms
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.problems import NotAllowed, NotFound
from storage.record.work import Work
from storage.register.devices import queries, rules
from storage.register.devices.tables import Device, DeviceKind
from storage.register.identity import operations as identity
from storage.register.identity import queries as accounts
from storage.register.identity.rules import reason_of

_ADD = """
INSERT INTO devices (id, owner_id, kind, name, algorithm, public_key, enrolled_at, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING true
"""


async def enrol_device(
    work: Work,
    *,
    id: UUID,
    kind: DeviceKind,
    name: str,
    algorithm: str,
    public_key: bytes,
    signature: bytes,
    bind_session: bool = True,
    validity: timedelta = rules.VALIDITY,
) -> Device:
    """Enrols the actor's own device. The id is the client's; the same id with the same key gives the same answer.

    DeviceConflict, the same for own and foreign ones, if the id has another key or the key another id.
    `bind_session`: the session that enrols, if no device's yet, goes on as this one's, renewed by its signature only.
    """
    owner = work.actor.account_id
    work.actor.require(Verb.DEVICE_ENROL)
    rules.must_possess_the_key(id=id, owner=owner, algorithm=algorithm, public_key=public_key, signature=signature)
    device = Device(
        id=id, owner_id=owner, kind=kind, name=rules.name_of(name), algorithm=algorithm, public_key=public_key,
        enrolled_at=work.now, valid_to=work.now + validity,
    )  # fmt: skip
    if not await _add(work, device):
        known = await queries.device_seen(work, id)
        return rules.must_be_the_same(known, owner=owner, algorithm=algorithm, public_key=public_key)
    bound = bind_session and await _bind(work, device)
    await _record_enrolment(work, device, bound=bound)
    return device


async def report_device_lost(work: Work, *, device_id: UUID, lost_at: datetime) -> Device:
    """Its owner says since when he lost it: from then on it signs nothing, what it signed before stays valid.

    NotFound for a device that the actor does not see, NotAllowed for one that he sees and does not own.
    """
    device = await queries.device_to_change(work, device_id)
    work.actor.require(Verb.DEVICE_REPORT_LOST)
    if device.owner_id != work.actor.account_id:
        raise NotAllowed(verb=Verb.DEVICE_REPORT_LOST.value)
    rules.must_not_be_lost(device)
    rules.must_lie_within(lost_at, enrolled_at=device.enrolled_at, now=work.now)
    device.lost_at = whole_ms(lost_at)
    await work.sql.execute("UPDATE devices SET lost_at = $2 WHERE id = $1", device.id, device.lost_at)
    await _end(work, device, kind="device.lost", reason="DEVICE_LOST", data={"lost_at": to_ms(device.lost_at)})
    return device


async def revoke_device(work: Work, *, device_id: UUID, reason: str) -> Device:
    """Takes a device out of use from now on, with the reason; what it signed before stays valid."""
    device = await queries.device_to_change(work, device_id)
    owner = await accounts.account_seen(work, device.owner_id)
    work.actor.require(Verb.DEVICE_REVOKE, county=owner.county, office=owner.office, mine_id=owner.mine_id)
    rules.must_not_be_revoked(device)
    given = reason_of(reason)
    device.revoked_at = work.now
    await work.sql.execute("UPDATE devices SET revoked_at = $2 WHERE id = $1", device.id, work.now)
    await _end(work, device, kind="device.revoked", reason="DEVICE_REVOKED", data={"reason": given})
    return device


async def device_again(work: Work, device_id: UUID) -> Device:
    """The device of an act that came before, as its actor sees it today."""
    device = await queries.device_seen(work, device_id)
    if device is None:
        raise NotFound()
    return device


async def _add(work: Work, device: Device) -> bool:
    """Whether the row is new; a twin that came first is waited for."""
    return bool(
        await work.sql.fetchval(
            _ADD, device.id, device.owner_id, device.kind.value, device.name, device.algorithm, device.public_key,
            device.enrolled_at, device.valid_to,
        )
    )  # fmt: skip


async def _bind(work: Work, device: Device) -> bool:
    return bool(
        await work.sql.fetchval(
            "UPDATE sessions SET device_id = $2 WHERE id = $1 AND device_id IS NULL AND ended_at IS NULL"
            " RETURNING true",
            work.actor.session_id, device.id,
        )
    )  # fmt: skip


async def _record_enrolment(work: Work, device: Device, *, bound: bool) -> None:
    owner = await accounts.account_seen(work, device.owner_id)
    data = {
        "owner": str(device.owner_id),
        "kind": device.kind.value,
        "algorithm": device.algorithm,
        "key": to_base64url(device.public_key),
        "valid_to": to_ms(device.valid_to),
    }
    if bound:
        data["session"] = str(work.actor.session_id)
    work.record(
        "device.enrolled", device.id, data=data, county=owner.county, office=owner.office, mine_id=owner.mine_id
    )


async def _end(work: Work, device: Device, *, kind: str, reason: str, data: dict[str, str | int]) -> None:
    """Records what happened to the device, and ends its sessions."""
    owner = await accounts.account_seen(work, device.owner_id)
    work.record(
        kind, device.id, data={"owner": str(device.owner_id), **data},
        county=owner.county, office=owner.office, mine_id=owner.mine_id,
    )  # fmt: skip
    await identity.end_sessions(work, reason, kind="session.revoked", account=owner, device_id=device.id)
