"""Every select on devices; each under the sight of its actor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.devices.rules import must_sign_at
from storage.register.devices.tables import Device

_OLDER = """
SELECT * FROM devices WHERE owner_id = $1 AND ($2::timestamptz IS NULL OR (enrolled_at, id) < ($2, $3::uuid))
ORDER BY enrolled_at DESC, id DESC LIMIT $4
"""
_NEWER = """
SELECT * FROM devices WHERE owner_id = $1 AND ($2::timestamptz IS NULL OR (enrolled_at, id) > ($2, $3::uuid))
ORDER BY enrolled_at, id LIMIT $4
"""


async def device_at_the_door(sql: "asyncpg.Connection[Any]", device_id: UUID) -> Device | None:
    """The device whose signature opens or renews a session; for an actor at the door, who sees all of them."""
    row = await sql.fetchrow("SELECT * FROM devices WHERE id = $1", device_id)
    return None if row is None else _device(row)


async def device_of_login(sql: "asyncpg.Connection[Any]", device_id: UUID, login: str) -> Device | None:
    """The device if whoever signs in under this name owns it; for an actor at the door."""
    row = await sql.fetchrow(
        "SELECT d.* FROM devices d JOIN accounts a ON a.id = d.owner_id WHERE d.id = $1 AND a.login = $2",
        device_id, login,
    )  # fmt: skip
    return None if row is None else _device(row)


async def device_seen(work: Work, device_id: UUID) -> Device | None:
    """The device if the actor sees it."""
    return await device_at_the_door(work.sql, device_id)


async def device_to_change(work: Work, device_id: UUID) -> Device:
    """The device, locked; NotFound if unseen."""
    row = await work.sql.fetchrow("SELECT * FROM devices WHERE id = $1 FOR UPDATE", device_id)
    if row is None:
        raise NotFound()
    return _device(row)


async def own_signing_device(sql: "asyncpg.Connection[Any]", actor: Actor, device_id: UUID, *, now: datetime) -> Device:
    """The actor's own device that may sign now; NotFound for any other, DeviceNotValid after its end."""
    device = await device_at_the_door(sql, device_id)
    if device is None or device.owner_id != actor.account_id:
        raise NotFound()
    must_sign_at(device, now)
    return device


async def devices_by_id(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Device]:
    """Those of these devices that the actor of this read session sees: his own, and those of accounts in his reach."""
    return [_device(row) for row in await sql.fetch("SELECT * FROM devices WHERE id = ANY($1)", ids)]


async def devices_owned_by(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
) -> list[Device]:
    """The actor's own devices, newest enrolment first, at most `limit`, behind the given one; one statement.

    `backwards` reads what stands before it, nearest first.
    """
    at, id = behind or (None, None)
    statement = _OLDER if not backwards else _NEWER
    return [_device(row) for row in await sql.fetch(statement, actor.account_id, at, id, limit)]


def _device(row: "asyncpg.Record") -> Device:
    return Device(**dict(row))
