"""Tests of what reporters do: filing, waiting, the same again, logging in, answering; and of the batch of the hour."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest

from storage.miners.reports import batching, operations, queries, rules
from storage.miners.reports.operations import Message, key_id
from storage.miners.reports.receipts import Place
from storage.miners.reports.tables import ReceiptForm, ReportChannel, ReportKind, ReportMode, ReportWhen
from storage.record.actor import Actor, Role, reporter
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import signing
from storage.record.ledger.proofs.reports.receipts import make_locator
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.factories.reports import HOUR, SMALLEST, Desk, Tip, frames, wrap
from tests.sites import NOW, Site

CONDITION = orjson.dumps(
    {"place": "1201综采工作面", "day": "2026-11-24", "shift": "NIGHT", "since": "2026-11-24", "danger": "GAS"}
).decode()
TABLES = ("filings", "filing_files", "reports", "report_messages", "report_wraps", "report_files", "report_deadlines")


async def counts(site: Site) -> dict[str, int]:
    return {table: await site.counted(table) for table in TABLES}


async def answers(desk: Desk, tip: Tip, message: Message) -> Any:
    async with desk.site.database.reading(tip.actor) as sql:
        begun = await queries.opened(sql, tip.place)
    return await perform(
        desk.site.database, reporter(begun.report_id, place=str(tip.place)), desk.now, operations.answer_report,
        place=tip.place, begun=begun, message=message,
    )  # fmt: skip


def a_message(desk: Desk, tip: Tip, *, holders: tuple[Actor, ...] = ()) -> Message:
    keys = [desk.keys[one.account_id] for one in holders or (desk.intake, desk.far_intake)]
    wraps = {id: wrap() for id in (*keys, key_id(tip.opening.box_key))}
    return Message(id=uuid4(), ciphertext=secrets.token_bytes(SMALLEST), wraps=wraps)


async def test_a_filing_waits_for_its_hour_and_then_goes_on_whole(desk: Desk) -> None:
    tip = await desk.tip(mode=ReportMode.NAMED)
    await desk.sends(tip, frames(2))
    await desk.files(tip)
    assert (await counts(desk.site))["filings"] == 1
    assert await desk.site.counted("reports") == 0
    assert "report.filed" not in await desk.site.entries()
    assert await desk.batch() == 1
    custodians_and_officer, intake_and_box = 3 + 1, 2 + 1
    assert await counts(desk.site) == {
        "filings": 0, "filing_files": 1, "reports": 1, "report_messages": 2,
        "report_wraps": custodians_and_officer + intake_and_box, "report_files": 1, "report_deadlines": 2,
    }  # fmt: skip
    assert (await desk.site.entries()).count("report.filed") == 1


async def test_no_row_and_no_entry_tells_more_than_the_hour(desk: Desk) -> None:
    desk.now = NOW + timedelta(minutes=17, seconds=5)
    await desk.filed()
    at = await desk.site.rows.fetch("SELECT at, database_at FROM entries WHERE kind = 'report.filed'")
    assert [tuple(row) for row in at] == [(NOW, NOW)]
    assert await desk.site.rows.fetchval("SELECT hour FROM reports") == NOW
    assert await desk.site.rows.fetchval("SELECT count(*) FROM acts") == 0


async def test_the_same_bytes_again_are_the_same_answer_before_and_after_the_batch(desk: Desk) -> None:
    tip = await desk.tip()
    assert await desk.files(tip) == await desk.files(tip)
    await desk.batch()
    assert (await desk.files(tip)).message_id == tip.message.id
    assert await desk.site.counted("reports") == 1
    assert await desk.site.counted("filings") == 0


async def test_other_bytes_under_one_id_are_refused_before_and_after_the_batch(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    other = replace(tip.message, ciphertext=secrets.token_bytes(SMALLEST))
    for _ in range(2):
        with pytest.raises(rules.MessageIdReused):
            await desk.files(tip, message=other)
        await desk.batch()


async def test_a_locator_is_filed_under_once(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    for _ in range(2):
        with pytest.raises(rules.ReservationOver):
            await desk.files(tip, message=replace(tip.message, id=uuid4()))
        await desk.batch()
    assert await desk.site.counted("reports") == 1


async def test_a_reservation_ends_and_a_forged_one_never_began(desk: Desk) -> None:
    tip = await desk.tip()
    forged = tip.reservation[:-1] + bytes([tip.reservation[-1] ^ 1])
    with pytest.raises(rules.ReservationOver):
        await desk.files(tip, reservation=forged)
    desk.now = NOW + 2 * HOUR + timedelta(seconds=1)
    with pytest.raises(rules.ReservationOver):
        await desk.files(tip)
    assert await desk.site.counted("filings") == 0


async def test_work_is_done_where_it_was_asked_for(desk: Desk) -> None:
    tip = await desk.tip(bits=8)
    reservation = to_base64url(tip.reservation)
    lazy = next(text for text in map(str, range(9)) if not signing.work_is_done(reservation, text, 8))
    with pytest.raises(rules.WorkNeeded):
        await desk.files(tip, nonce=lazy)
    assert await desk.site.counted("filings") == 0
    tip.nonce = signing.work(reservation, 8)
    await desk.files(tip)
    await desk.batch()
    assert await desk.site.rows.fetchval("SELECT worked FROM reports")


WRONG: dict[str, tuple[type[Problem], Callable[[Tip], Any]]] = {
    "a wrap is missing": (
        rules.NotWrappedForAll, lambda t: {"message": replace(t.message, wraps=dict(list(t.message.wraps.items())[1:]))}
    ),
    "a wrap is for a key that is none": (
        rules.RecipientsChanged, lambda t: {"message": replace(t.message, wraps={**t.message.wraps, uuid4(): wrap()})}
    ),
    "a wrap is too short": (
        BadInput, lambda t: {"message": replace(t.message, wraps=dict.fromkeys(t.message.wraps, b"x"))}
    ),
    "a message is not padded": (
        rules.MessageTooLarge, lambda t: {"message": replace(t.message, ciphertext=t.message.ciphertext + b"x")}
    ),
    "a message is too large": (
        rules.MessageTooLarge, lambda t: {"message": replace(t.message, ciphertext=bytes(1_048_576))}
    ),
    "a file was not sent": (rules.FileUnfit, lambda t: {"message": replace(t.message, files=(uuid4(),))}),
    "eleven files": (
        rules.MessageTooLarge, lambda t: {"message": replace(t.message, files=tuple(uuid4() for _ in range(11)))}
    ),
    "a condition of no refusal": (BadInput, lambda t: {"opening": replace(t.opening, condition="{}")}),
    "named without an identity": (BadInput, lambda t: {"opening": replace(t.opening, mode=ReportMode.NAMED)}),
    "a key that is none": (BadInput, lambda t: {"opening": replace(t.opening, login_key=b"short")}),
    "a mine that is none": (NotFound, lambda t: {"opening": replace(t.opening, mine_id=uuid4())}),
    "a telephone without an officer": (
        BadInput, lambda t: {"opening": replace(t.opening, channel=ReportChannel.TELEPHONE)}
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
async def test_what_is_wrong_is_refused_and_nothing_waits(desk: Desk, what: str) -> None:
    problem, change = WRONG[what]
    tip = await desk.tip()
    with pytest.raises(problem):
        await desk.files(tip, **change(tip))
    assert await counts(desk.site) == dict.fromkeys(TABLES, 0)


async def test_where_nobody_receives_nothing_is_filed(desk: Desk) -> None:
    tip = await desk.tip(mine_id=desk.site.far_mine)
    with pytest.raises(rules.NobodyReceives):
        await desk.files(tip)
    assert await desk.site.counted("filings") == 0


@pytest.mark.parametrize("role", sorted(Role))
async def test_only_who_may_takes_a_report_by_telephone(desk: Desk, role: Role) -> None:
    officer = await desk.site.person(role)
    tip = await desk.tip(channel=ReportChannel.TELEPHONE)
    if role in (Role.DUTY_OFFICER, Role.REPORT_INTAKE):
        await desk.files(tip, taker=officer)
        await desk.batch()
        assert await desk.site.rows.fetchval("SELECT taken_by FROM reports") == officer.account_id
        return
    with pytest.raises(NotAllowed):
        await desk.files(tip, taker=officer)
    assert await desk.site.counted("filings") == 0


HOSTILE = {
    "empty": b"", "truncated": frames()[:-1], "longer by one": frames() + b"x", "three frames": frames(3),
    "no frame": bytes(8),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_file_that_is_not_whole_frames_is_refused(desk: Desk, what: str) -> None:
    tip = await desk.tip()
    with pytest.raises(rules.FileUnfit):
        await desk.sends(tip, HOSTILE[what])
    assert await desk.site.counted("filing_files") == 0


async def test_a_file_that_is_too_long_is_refused(desk: Desk) -> None:
    tip = await desk.tip()
    with pytest.raises(rules.MessageTooLarge):
        await desk.sends(tip, bytes(rules.LARGEST_FILE + 1))
    assert await desk.site.counted("filing_files") == 0


async def test_a_file_is_sent_again_and_never_replaced_or_stolen(desk: Desk) -> None:
    tip, body = await desk.tip(), frames()
    id = await desk.sends(tip, body)
    tip.message = replace(tip.message, files=())
    assert await desk.sends(tip, body, id=id) == id
    with pytest.raises(rules.FileUnfit):
        await desk.sends(tip, frames(), id=id)
    other = await desk.tip()
    with pytest.raises(rules.FileUnfit):
        await desk.sends(other, body, id=id)
    with pytest.raises(rules.FileUnfit):
        await desk.files(other, message=replace(other.message, files=(id,)))


async def test_a_file_whose_message_never_came_is_forgotten_after_some_batches(desk: Desk) -> None:
    await desk.sends(await desk.tip(), frames())
    for _ in range(batching.ROUNDS):
        await desk.batch()
        assert await desk.site.counted("filing_files") == 1
    await desk.batch()
    assert await desk.site.counted("filing_files") == 0


async def test_the_receipt_opens_before_and_after_the_batch_and_an_unknown_one_never(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    now = int(NOW.timestamp())
    for waits in (True, False):
        async with desk.site.database.reading(tip.actor) as sql:
            begun = await queries.opened(sql, tip.place)
        assert begun.waits is waits
        token = desk.logs_in(tip, key=begun.login_key)
        assert desk.counter.signed_in(token, now=now) == tip.place
        await desk.batch()
    for key in (None, secrets.token_bytes(32)):
        with pytest.raises((rules.ReceiptNotKnown, ValueError)):
            desk.logs_in(tip, key=key)
    with pytest.raises(rules.ReceiptNotKnown):
        desk.counter.signed_in(token, now=now + 901)


async def test_salts_and_challenges_are_given_for_every_locator_and_differ(desk: Desk) -> None:
    places = [Place(ReceiptForm.DIGITS, f"{number:06d}") for number in range(50)] + [
        Place(ReceiptForm.WORDS, make_locator("W"))
    ]
    assert len({desk.counter.salt(place) for place in places}) == len(places)
    assert all(len(desk.counter.challenge(place, now=1)) == 32 for place in places)
    assert desk.counter.salt(places[0]) == desk.counter.salt(places[0])


async def test_an_answer_waits_as_the_first_message_did(desk: Desk) -> None:
    tip, report_id = await desk.filed()
    message = a_message(desk, tip)
    assert await answers(desk, tip, message) == await answers(desk, tip, message)
    assert await desk.site.counted("report_messages") == 1
    await desk.batch()
    assert (await answers(desk, tip, message)).message_id == message.id
    assert await desk.site.counted("report_messages") == 2
    said = await desk.site.rows.fetch("SELECT kind FROM entries e JOIN payloads p ON p.entry_id = e.id"
                                      " WHERE p.subject = $1 ORDER BY e.at, kind DESC", report_id)  # fmt: skip
    assert sorted(row[0] for row in said) == ["report.answered", "report.filed"]
    with pytest.raises(rules.MessageIdReused):
        await answers(desk, tip, replace(message, ciphertext=secrets.token_bytes(SMALLEST)))
    with pytest.raises(rules.NotWrappedForAll):
        await answers(desk, tip, replace(a_message(desk, tip), wraps={key_id(tip.opening.box_key): wrap()}))


async def test_an_answer_to_what_waits_itself_goes_on_behind_it(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    await answers(desk, tip, a_message(desk, tip))
    while await desk.batch():
        pass
    assert await desk.site.counted("report_messages") == 2
    assert await desk.site.counted("filings") == 0


@pytest.mark.parametrize(
    "given",
    [{"kind": ReportKind.RETALIATION}, {"danger_to_life": True},
     {"kind": ReportKind.REFUSAL, "acted_on": ReportWhen.NOW, "condition": CONDITION}],
)  # fmt: skip
async def test_what_is_urgent_does_not_wait_for_the_hour(desk: Desk, given: dict[str, Any]) -> None:
    desk.now = NOW + timedelta(minutes=7, seconds=31)
    calm, urgent = await desk.tip(), await desk.tip(**given)
    await desk.files(calm)
    assert await desk.files(urgent) == await desk.files(urgent)
    assert await desk.batch(urgent=True) == 1
    assert (await desk.files(urgent)).urgent
    at = await desk.site.rows.fetch("SELECT DISTINCT at, database_at FROM entries WHERE kind LIKE 're%.%' AND kind NOT"
                                    " LIKE 'report_key%'")  # fmt: skip
    assert [tuple(row) for row in at] == [(NOW + timedelta(minutes=7),) * 2]
    assert await desk.site.counted("filings") == 1


async def test_an_id_that_another_message_has_is_refused_while_it_waits_and_afterwards(desk: Desk) -> None:
    named, other = await desk.tip(mode=ReportMode.NAMED), await desk.tip()
    await desk.files(named)
    await desk.files(other)
    assert named.opening.identity is not None
    for _ in range(2):
        for id in (named.message.id, named.opening.identity.id):
            thief = await desk.tip()
            with pytest.raises(rules.MessageIdReused):
                await desk.files(thief, message=replace(thief.message, id=id))
            for who in (other, named):
                with pytest.raises(rules.MessageIdReused):
                    await answers(desk, who, replace(a_message(desk, who), id=id))
        await desk.batch()
    assert await desk.site.counted("filings") == 0
    assert await desk.site.counted("reports") == 2


async def test_an_identity_has_an_id_of_its_own(desk: Desk) -> None:
    tip = await desk.tip(mode=ReportMode.NAMED)
    assert tip.opening.identity is not None
    with pytest.raises(rules.MessageIdReused):
        await desk.files(tip, message=replace(tip.message, id=tip.opening.identity.id))
    assert await desk.site.counted("filings") == 0


async def test_of_two_envelopes_of_one_moment_under_one_id_one_is_taken(desk: Desk) -> None:
    tips = [await desk.tip() for _ in range(2)]
    tips[1].message = replace(tips[1].message, id=tips[0].message.id)
    came = await asyncio.gather(*(desk.files(tip) for tip in tips), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["Filed", "MessageIdReused"]


async def test_what_collides_all_the_same_holds_up_nobody_and_nothing_waits_for_it(desk: Desk) -> None:
    tip, _ = await desk.filed()
    thief, honest = await desk.tip(), await desk.tip()
    await desk.files(thief)
    await answers(desk, thief, a_message(desk, thief))
    await desk.files(honest)
    await desk.site.rows.execute("UPDATE filings SET id = $1 WHERE id = $2", tip.message.id, thief.message.id)
    await desk.batch()
    assert await desk.site.counted("filings") == 0
    assert await desk.site.counted("reports") == 2
    with pytest.raises(rules.ReceiptNotKnown):
        await desk.report_of(thief)


async def test_a_file_that_went_on_is_kept_once(desk: Desk) -> None:
    tip, body = await desk.tip(), frames()
    id = await desk.sends(tip, body)
    await desk.files(tip)
    await desk.batch()
    await desk.site.rows.execute("DELETE FROM filing_files")
    await desk.sends(tip, body, id=id)
    with pytest.raises(rules.FileUnfit):
        await desk.sends(await desk.tip(), body, id=id)
    assert await desk.site.counted("filing_files") == 0


async def test_when_a_batch_is_due(desk: Desk) -> None:
    async with desk.workers.reading(reporter()) as sql:
        assert await batching.due(sql, now=NOW) == (False, True)
    await desk.batch()
    async with desk.workers.reading(reporter()) as sql:
        assert await batching.due(sql, now=NOW + timedelta(minutes=59)) == (False, False)
        assert await batching.due(sql, now=NOW + HOUR) == (False, True)


async def test_one_thread_takes_a_bounded_number_of_messages_an_hour(desk: Desk) -> None:
    tip = await desk.tip()
    await desk.files(tip)
    for _ in range(rules.MOST_WAITING - 1):
        last = a_message(desk, tip)
        await answers(desk, tip, last)
    with pytest.raises(rules.TooManyTries):
        await answers(desk, tip, a_message(desk, tip))
    assert (await answers(desk, tip, last)).message_id == last.id
    assert await desk.batch() >= 1


async def test_one_locator_keeps_a_bounded_number_of_files_whatever_messages_they_name(desk: Desk) -> None:
    tip = await desk.tip()
    for number in range(rules.MOST_FILES_WAITING):
        tip.message = replace(tip.message, id=uuid4() if number % 5 == 0 else tip.message.id)
        await desk.sends(tip, frames())
    tip.message = replace(tip.message, id=uuid4())
    with pytest.raises(rules.TooManyTries):
        await desk.sends(tip, frames())
