"""Tests of what desks write to reporters: who reads it on, who must, and to whom it is told."""

import secrets
from collections.abc import Iterable
from uuid import UUID, uuid4

import pytest

from storage.miners.reports import keeping, reading, rules, steps
from storage.miners.reports.operations import Message, key_id
from storage.miners.reports.tables import KeyHalf, ReportStepKind
from storage.record.actor import Actor, Role
from tests.factories.reports import SMALLEST, Desk, wrap
from tests.sites import PANZHOU


async def test_a_reply_is_for_the_box_and_the_same_bytes_are_the_same_act(desk: Desk) -> None:
    tip, report_id = await desk.filed()
    readers = (desk.keys[desk.intake.account_id], desk.keys[desk.far_intake.account_id], key_id(tip.opening.box_key))
    wraps = {one: wrap() for one in readers}
    message = Message(id=uuid4(), ciphertext=secrets.token_bytes(SMALLEST), wraps=wraps)
    for _ in range(2):
        await desk.acts(desk.intake, steps.reply, report_id=report_id, message=message)
    assert [kind for kind in await desk.site.entries() if not kind.startswith("report_key")] == [
        "report.filed",
        "report.answered",
    ]
    other = Message(id=message.id, ciphertext=secrets.token_bytes(SMALLEST), wraps=wraps)
    with pytest.raises(rules.MessageIdReused):
        await desk.acts(desk.intake, steps.reply, report_id=report_id, message=other)
    for lacks in readers:
        fewer = {one: wrapped for one, wrapped in wraps.items() if one != lacks}
        lacking = Message(id=uuid4(), ciphertext=message.ciphertext, wraps=fewer)
        with pytest.raises(rules.NotWrappedForAll):
            await desk.acts(desk.intake, steps.reply, report_id=report_id, message=lacking)
    keyless = await desk.site.person(Role.REPORT_INTAKE)
    with pytest.raises(rules.KeyNotYours):
        await desk.acts(keyless, steps.reply, report_id=report_id, message=lacking)
    assert await desk.site.counted("report_messages") == 2


async def test_from_the_hand_over_on_verification_reads_what_intake_writes_and_intake_not_what_verification_does(
    desk: Desk,
) -> None:
    tip, report_id = await desk.filed()
    besides = await desk.site.person(Role.REPORT_VERIFICATION, county=PANZHOU)
    intake, far, verification, idle, box = (
        *(desk.keys[one.account_id] for one in (desk.intake, desk.far_intake, desk.verification)),
        await desk.keeps_key(besides), key_id(tip.opening.box_key),
    )  # fmt: skip

    async def writes(by: Actor, *readers: UUID) -> None:
        for others in ({*readers[:-1]}, {*readers, idle}):
            fault = rules.NotWrappedForAll if others < {*readers} else rules.RecipientsChanged
            with pytest.raises(fault):
                await desk.acts(by, steps.reply, report_id=report_id, message=sealed_for(others))
        await desk.acts(by, steps.reply, report_id=report_id, message=sealed_for(readers))

    await desk.steps(report_id, ReportStepKind.ACCEPTED, by=desk.intake)
    await writes(desk.intake, box, intake, far)
    again = keeping.Rewrap(message_id=tip.message.id, key_id=verification, half=KeyHalf.WHOLE, wrapped=wrap())
    await desk.acts(desk.intake, steps.hand_over, report_id=report_id, wraps=[again])
    await writes(desk.intake, box, intake, far, verification)
    await writes(desk.verification, box, verification)
    async with desk.site.database.reading(desk.verification) as sql:
        assert len(await reading.wraps_of(sql, [report_id])) == 3


def sealed_for(readers: Iterable[UUID]) -> Message:
    ciphertext = secrets.token_bytes(SMALLEST)
    return Message(id=uuid4(), ciphertext=ciphertext, wraps={one: wrap() for one in readers})


@pytest.mark.parametrize("role", Role)
async def test_who_holds_a_thread_is_told_to_its_own_desks_alone(desk: Desk, role: Role) -> None:
    tip, report_id = await desk.filed()
    mine = desk.site.mine if role in (Role.MINER, Role.MINE_CLERK, Role.MINE_PRINCIPAL) else None
    here = await desk.site.person(role, county=None if mine else PANZHOU, mine_id=mine)
    elsewhere = await desk.site.person(role, county=None if mine else "520201", mine_id=mine)
    told = {}
    for name, actor in (("here", here), ("elsewhere", elsewhere), ("receipt", tip.actor)):
        async with desk.site.database.reading(actor) as sql:
            told[name] = {one.key_id for one in await reading.holders_at_desks(sql, report_id, now=desk.now)}
    intake = {desk.keys[one.account_id] for one in (desk.intake, desk.far_intake)}
    of_the_desks = role in (Role.REPORT_INTAKE, Role.REPORT_VERIFICATION)
    assert told == {"here": intake if of_the_desks else set(), "elsewhere": set(), "receipt": set()}
