"""What may live here: devices and beacons in GraphQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema import loaders
from graphql_schema.access import needs, signed_in
from graphql_schema.area import Area, mutation, query
from graphql_schema.context import Context, Info
from graphql_schema.enums import enum
from graphql_schema.errors import Problem, problem_field
from graphql_schema.pages import Node, global_id
from graphql_schema.scalars import Base64
from storage.record.actor import Verb
from storage.record.clock import from_ms, to_ms
from storage.record.ledger.proofs import beacons
from storage.record.ledger.proofs.beacons import SignedBeacon
from storage.record.work import perform, perform_once
from storage.register.devices import operations, queries, rules
from storage.register.devices import tables as rows
from storage.register.devices.tables import Algorithm, DeviceKind

enum(
    DeviceKind,
    description="What signs.",
    values={
        DeviceKind.PHONE: "A phone in the hand (手机).",
        DeviceKind.DOCK: "A dock that takes over from cameras (采集站).",
    },
)


enum(
    Algorithm,
    name="SigningAlgorithm",
    description="How a device signs.",
    values={Algorithm.ES256: "ECDSA over P-256 with SHA-256.", Algorithm.ED25519: "Ed25519 (RFC 8032)."},
)


async def _by_ids(context: Context, ids: list[UUID]) -> Iterable[rows.Device]:
    # Everyone sees his own; those of others only whoever may read their owners' accounts.
    async with context.database.reading(context.signed_in().seeing(Verb.ACCOUNT_READ)) as sql:
        return await queries.devices_by_id(sql, ids)


device_by_id = loaders.one(_by_ids, key=lambda row: row.id)


@strawberry.type(description="A phone or dock whose key signs. What it signed before its end stays valid.")
class Device(Node):
    """A phone or dock whose key signs."""

    uuid: UUID = strawberry.field(description="The id that the device made.")
    owner_id: strawberry.ID = strawberry.field(description="The id of its owner's account.")
    kind: DeviceKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="What its owner calls it.")
    algorithm: Algorithm = strawberry.field(description="How it signs.")
    public_key: Base64 = strawberry.field(description="Its public key, SPKI DER.")
    enrolled_at: datetime = strawberry.field(description="When it was enrolled.")
    valid_to: datetime = strawberry.field(description="When its key runs out.")
    lost_at: datetime | None = strawberry.field(description="Since when it is lost, if its owner said so.")
    revoked_at: datetime | None = strawberry.field(description="When it was taken out of use.")

    @classmethod
    def of(cls, row: rows.Device) -> "Device":
        """Tell a row."""
        return cls(
            id=global_id("Device", row.id), uuid=row.id, owner_id=global_id("Account", row.owner_id),
            kind=DeviceKind(row.kind), name=row.name, algorithm=Algorithm(row.algorithm),
            public_key=Base64(row.public_key),
            enrolled_at=row.enrolled_at, valid_to=row.valid_to, lost_at=row.lost_at, revoked_at=row.revoked_at,
        )  # fmt: skip


async def device(context: Context, id: UUID) -> Device | None:
    """Fetch the node of a UUID."""
    row = await device_by_id(context, id)
    return Device.of(row) if row else None


@strawberry.type(
    description="Random bytes with the server's time, signed: the earliest moment of what is opened on it."
)
class Beacon:
    """A beacon as it is handed out; `openRecording` takes it back."""

    id: strawberry.ID = strawberry.field(description="Unique among all things.")
    value: Base64 = strawberry.field(description="The canonical bytes that are signed.")
    key: str = strawberry.field(description="The id of the promise key that signed it.")
    signature: Base64 = strawberry.field(description="The signature, 64 bytes.")
    at: datetime = strawberry.field(description="When it was made.")
    until: datetime = strawberry.field(description="Until when it opens a recording.")

    @classmethod
    def of(cls, signed: SignedBeacon, at: int) -> "Beacon":
        """Tell a beacon that was made at `at` (ms since 1970)."""
        return cls(
            id=strawberry.ID(f"beacon-{signed.signature.hex()[:32]}"), value=Base64(signed.value), key=signed.key,
            signature=Base64(signed.signature), at=from_ms(at), until=from_ms(at + beacons.VALIDITY),
        )  # fmt: skip


def fresh_beacons(context: Context, device_id: UUID | None, *, count: int = rules.BEACONS) -> list[Beacon]:
    """Beacons for a device that may sign; none where there is no device."""
    if device_id is None:
        return []
    at = to_ms(context.now())
    made = beacons.issue_beacons(context.means.promise_key(), device=str(device_id), at=at, count=count)
    return [Beacon.of(one, at) for one in made]


@strawberry.input(description="A key to enrol.")
class EnrolDeviceInput:
    """A key to enrol."""

    id: UUID = strawberry.field(description="Made by the device; the same id with the same key is the same device.")
    kind: DeviceKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="What its owner calls it, 1 to 60 characters.")
    algorithm: Algorithm = strawberry.field(description="How it signs.")
    public_key: Base64 = strawberry.field(description="Its public key, SPKI DER.")
    signature: Base64 = strawberry.field(
        description="64 raw bytes by this key over `pithead/enrol/1`, a line feed and canonical JSON {id, key, owner}:"
        " key in base64url, owner the account's UUID."
    )
    bind_session: bool = strawberry.field(
        default=True, description="Whether this session goes on as the device's, renewed with its signature only."
    )


@strawberry.type(description="What came of enrolling a device.")
class EnrolDevicePayload:
    """What came of enrolling a device."""

    device: Device | None = strawberry.field(default=None, description="The enrolled device.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A loss to report.")
class ReportDeviceLostInput:
    """A loss to report."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    device_id: UUID = strawberry.field(description="The UUID of the device.")
    lost_at: datetime = strawberry.field(description="Since when it is lost: between its enrolment and now.")


@strawberry.type(description="What came of reporting a loss.")
class ReportDeviceLostPayload:
    """What came of reporting a loss."""

    device: Device | None = strawberry.field(default=None, description="The lost device.")
    problem: Problem | None = problem_field()


@strawberry.input(description="A device to take out of use.")
class RevokeDeviceInput:
    """A device to take out of use."""

    operation_id: UUID = strawberry.field(description="Made by the client; the same id again is the same act.")
    device_id: UUID = strawberry.field(description="The UUID of the device.")
    reason: str = strawberry.field(description="Why, 2 to 500 characters.")


@strawberry.type(description="What came of revoking a device.")
class RevokeDevicePayload:
    """What came of revoking a device."""

    device: Device | None = strawberry.field(default=None, description="The revoked device.")
    problem: Problem | None = problem_field()


@strawberry.type
class DeviceQuery:
    """What devices ask for."""

    @query(access=signed_in, description="Fresh beacons for one of your own devices, valid for 24 hours.")
    async def beacons(
        self,
        info: Info,
        device_id: Annotated[UUID, strawberry.argument(description="The UUID of the device.")],
        first: Annotated[int, strawberry.argument(description="How many: 1 to 10.")] = rules.BEACONS,
    ) -> list[Beacon] | None:
        context, count = info.context, rules.how_many(first)
        async with context.database.reading(context.signed_in()) as sql:
            await queries.own_signing_device(sql, context.signed_in(), device_id, now=context.now())
        return fresh_beacons(context, device_id, count=count)


@strawberry.type
class DeviceMutation:
    """Acts on devices."""

    @mutation(access=needs(Verb.DEVICE_ENROL), description="Enrol a device of your own by proof of its key.")
    async def enrol_device(
        self, info: Info, input: Annotated[EnrolDeviceInput, strawberry.argument(description="The key.")]
    ) -> EnrolDevicePayload | None:
        context = info.context
        row = await perform(
            context.database, context.signed_in(), context.now(), operations.enrol_device,
            id=input.id, kind=input.kind, name=input.name, algorithm=input.algorithm.value,
            public_key=input.public_key, signature=input.signature, bind_session=input.bind_session,
        )  # fmt: skip
        return EnrolDevicePayload(device=Device.of(row))

    @mutation(access=needs(Verb.DEVICE_REPORT_LOST), description="Say since when a device of your own is lost.")
    async def report_device_lost(
        self, info: Info, input: Annotated[ReportDeviceLostInput, strawberry.argument(description="The loss.")]
    ) -> ReportDeviceLostPayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.device_again,
            operations.report_device_lost, device_id=input.device_id, lost_at=input.lost_at,
        )  # fmt: skip
        return ReportDeviceLostPayload(device=Device.of(row))

    @mutation(access=needs(Verb.DEVICE_REVOKE), description="Take a device out of use; its past stays valid.")
    async def revoke_device(
        self, info: Info, input: Annotated[RevokeDeviceInput, strawberry.argument(description="Which, and why.")]
    ) -> RevokeDevicePayload | None:
        context = info.context
        row = await perform_once(
            context.database, context.signed_in(), context.now(), input.operation_id, operations.device_again,
            operations.revoke_device, device_id=input.device_id, reason=input.reason,
        )  # fmt: skip
        return RevokeDevicePayload(device=Device.of(row))


AREA = Area(query=DeviceQuery, mutation=DeviceMutation, nodes={"Device": device}, types=(Device,))
