"""Tests of devices: proof of possession, one answer for own and foreign, ends that leave the past valid."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.record.actor import Role
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.register.devices import operations, queries, rules
from storage.register.devices.tables import Device
from storage.register.identity import queries as identity
from storage.register.identity import rules as identity_rules
from tests.factories.people import NOON, THE_THREE, People, new_key, sign


async def refused(people: People, problem: type[Problem], call: Any) -> Problem:
    """Expects the Problem, and that nothing was recorded."""
    before = await people.entries()
    with pytest.raises(problem) as refusal:
        await call
    assert await people.entries() == before
    return refusal.value


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
async def test_a_device_is_enrolled_with_its_proof_and_the_same_call_is_the_same_device(
    people: People, algorithm: str
) -> None:
    actor, key, id = await people.someone("officer"), new_key(algorithm), uuid4()
    device = await people.enrols(actor, key, id=id)
    assert device.valid_to == NOON + timedelta(days=730)
    people.passes(hours=1)
    again = await people.enrols(actor, key, id=id, name="another name")
    assert again == device
    assert await people.entries("device.enrolled") == 1


async def test_a_conflict_is_the_same_for_own_and_foreign_devices(people: People) -> None:
    actor, other = await people.someone("officer"), await people.someone("far", county="520302")
    own, own_key, foreign, foreign_key = uuid4(), new_key(), uuid4(), new_key()
    await people.enrols(actor, own_key, id=own)
    await people.enrols(other, foreign_key, id=foreign)
    told = [
        str(await refused(people, rules.DeviceConflict, people.enrols(actor, key, id=id)))
        for key, id in (
            (new_key(), own), (new_key(), foreign), (own_key, uuid4()), (foreign_key, uuid4()), (foreign_key, foreign)
        )
    ]  # fmt: skip
    assert set(told) == {"DEVICE_CONFLICT()"}


async def test_a_key_that_did_not_sign_for_this_id_and_owner_is_not_enrolled(people: People) -> None:
    actor, other = await people.someone("officer"), await people.someone("other")
    key, id = new_key(), uuid4()
    right = rules.signed_to_enrol(id=id, owner=actor.account_id, public_key=key.public)
    for signature in (
        sign(key, "enrol", rules.signed_to_enrol(id=id, owner=other.account_id, public_key=key.public)),
        sign(key, "enrol", rules.signed_to_enrol(id=uuid4(), owner=actor.account_id, public_key=key.public)),
        sign(new_key(), "enrol", right),
        sign(key, "refresh", right),
        b"",
    ):
        await refused(people, rules.DeviceKeyUnproven, people.enrols(actor, key, id=id, signature=signature))


@pytest.mark.parametrize(
    "given", [{"public_key": b"no key"}, {"algorithm": "Ed25519"}, {"algorithm": "RS256"}, {"name": ""}]
)
async def test_what_is_no_key_or_no_name_is_bad_input(people: People, given: dict[str, Any]) -> None:
    await refused(people, BadInput, people.enrols(await people.someone("officer"), **given))


async def test_whoever_may_not_enrol_leaves_no_trace(people: People) -> None:
    nobody = replace(await people.someone("officer"), grants=())
    await refused(people, NotAllowed, people.enrols(nobody))


async def test_the_enrolling_session_becomes_the_devices_own_unless_not_wanted(people: People) -> None:
    await people.grants(await people.opens("officer"), Role.INSPECTOR)
    phone, desk = await people.is_in("officer"), await people.is_in("officer")
    device = await people.enrols(await people.again(phone.session_id))
    assert (await people.again(phone.session_id)).device_id == device.id
    await people.enrols(await people.again(desk.session_id), bind_session=False)
    assert (await people.again(desk.session_id)).device_id is None
    await people.enrols(await people.again(phone.session_id))
    assert (await people.again(phone.session_id)).device_id == device.id


async def test_a_lost_device_signs_no_more_and_its_sessions_end(people: People) -> None:
    await people.grants(await people.opens("officer"), Role.INSPECTOR)
    phone, desk = await people.is_in("officer"), await people.is_in("officer")
    device = await people.enrols(await people.again(phone.session_id))
    people.passes(days=2)
    lost_at = people.now - timedelta(days=1)
    owner = await people.again(desk.session_id)
    lost = await people.act(owner, operations.report_device_lost, device_id=device.id, lost_at=lost_at)
    rules.must_sign_at(lost, lost_at - timedelta(milliseconds=1))
    with pytest.raises(rules.DeviceNotValid):
        rules.must_sign_at(lost, lost_at)
    assert await identity.actor_of_session(people.database, phone.session_id, now=people.now) is None
    assert await people.again(desk.session_id)
    assert await people.entries("device.lost") == await people.entries("session.revoked") == 1
    with pytest.raises(identity_rules.SessionEnded):
        await people.renews(phone, people.keys[device.id])
    await refused(people, rules.DeviceAlreadyLost,
                  people.act(owner, operations.report_device_lost, device_id=device.id, lost_at=lost_at))  # fmt: skip


async def test_a_loss_lies_between_enrolment_and_now_and_only_the_owner_reports_it(people: People) -> None:
    actor = await people.someone("officer")
    device = await people.enrols(actor, bind_session=False)
    for moment in (NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)):
        call = people.act(actor, operations.report_device_lost, device_id=device.id, lost_at=moment)
        await refused(people, BadInput, call)
    security = await people.administrator(THE_THREE[1])
    far, colleague = await people.someone("far", county="520302"), await people.someone("colleague")
    for other, problem in ((far, NotFound), (colleague, NotAllowed), (security, NotAllowed)):
        await refused(people, problem,
                      people.act(other, operations.report_device_lost, device_id=device.id, lost_at=NOON))  # fmt: skip


async def test_the_security_administrator_revokes_with_a_reason(people: People) -> None:
    await people.grants(await people.opens("officer"), Role.INSPECTOR)
    phone = await people.is_in("officer")
    actor = await people.again(phone.session_id)
    device = await people.enrols(actor)
    security = await people.administrator(THE_THREE[1])
    await refused(people, BadInput, people.act(security, operations.revoke_device, device_id=device.id, reason=" "))
    for other in (actor, await people.administrator(THE_THREE[0])):
        await refused(people, NotAllowed,
                      people.act(other, operations.revoke_device, device_id=device.id, reason="不应成功"))  # fmt: skip
    far = await people.someone("far-security", Role.SECURITY_ADMINISTRATOR, county="520302")
    await refused(people, NotFound, people.act(far, operations.revoke_device, device_id=device.id, reason="看不见"))
    revoked: Device = await people.act(security, operations.revoke_device, device_id=device.id, reason="调离执法岗位")
    assert rules.end_of(revoked) == NOON
    assert await people.entries("device.revoked") == await people.entries("session.revoked") == 1
    assert await identity.actor_of_session(people.database, phone.session_id, now=people.now) is None
    await refused(people, rules.DeviceAlreadyRevoked,
                  people.act(security, operations.revoke_device, device_id=device.id, reason="再次"))  # fmt: skip


async def test_everyone_lists_his_own_devices_newest_first_and_sees_none_foreign(people: People) -> None:
    actor, far = await people.someone("officer"), await people.someone("far", county="520302")
    mine = []
    for _ in range(3):
        people.passes(minutes=1)
        mine.append((await people.enrols(actor, bind_session=False)).id)
    await people.enrols(far)
    async with people.database.reading(actor) as sql:
        listed = await queries.devices_owned_by(sql, actor, limit=2)
        rest = await queries.devices_owned_by(sql, actor, limit=2, behind=(listed[-1].enrolled_at, listed[-1].id))
        back = await queries.devices_owned_by(
            sql, actor, limit=2, behind=(rest[0].enrolled_at, rest[0].id), backwards=True
        )
        assert await sql.fetchval("SELECT count(*) FROM devices") == 3
    assert [one.id for one in listed + rest] == mine[::-1]
    assert [one.id for one in back] == mine[1:]


async def test_a_device_that_ran_out_ends_its_session(people: People) -> None:
    await people.grants(await people.opens("officer"), Role.INSPECTOR)
    phone = await people.is_in("officer")
    device = await people.enrols(await people.again(phone.session_id), validity=timedelta(hours=1))
    people.passes(hours=1)
    assert await identity.actor_of_session(people.database, phone.session_id, now=people.now) is None
    with pytest.raises(identity_rules.SessionEnded):
        await people.renews(phone, people.keys[device.id])
