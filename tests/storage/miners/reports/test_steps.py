"""Tests of the desks: steps, replies, handing over, keys, identities; every Problem, every denied role."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from storage.miners.reports import erasing, identities, keeping, reading, rules, steps
from storage.miners.reports.comparing import IDENTITY_REQUESTS, REPORT_KEYS, REPORTS
from storage.miners.reports.tables import KeyHalf, ReportKind, ReportMode, ReportStepKind
from storage.miners.sweeping import record_overruns
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb, keeper
from storage.record.ledger import comparing
from storage.record.ledger.proofs.reports import kept
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import perform
from storage.register.mines.tables import MineState
from tests.factories.reports import Desk, Tip, box_key, wrap
from tests.sites import PANZHOU, Site

A, V, S = ReportStepKind.ACCEPTED, ReportStepKind.VERIFYING, ReportStepKind.SUBSTANTIATED
F, E = ReportStepKind.FED_BACK, ReportStepKind.ENDED


async def entries_but_keys(site: Site) -> list[str]:
    return [kind for kind in await site.entries() if not kind.startswith("report_key")]


async def verified(desk: Desk, **given: Any) -> tuple[Tip, Any]:
    tip, report_id = await desk.filed(**given)
    await desk.steps(report_id, A, by=desk.intake)
    await desk.steps(report_id, V, by=desk.verification)
    return tip, report_id


async def test_a_report_goes_its_way_and_meets_its_clocks(desk: Desk) -> None:
    _, report_id = await verified(desk)
    await desk.steps(report_id, S, F, by=desk.verification)
    await desk.steps(report_id, E, by=desk.intake)
    assert await entries_but_keys(desk.site) == [
        "report.filed", "report.accepted", "report.verifying", "report.substantiated", "report.fed_back",
        "report.ended",
    ]  # fmt: skip
    clocks = await desk.site.rows.fetch("SELECT key, ends - start AS days, met_at FROM report_deadlines ORDER BY key")
    assert [(row["key"], row["days"], row["met_at"] is not None) for row in clocks] == [
        ("petition_told", 15, True), ("report_decided", 60, True), ("report_feedback", 10, True),
    ]  # fmt: skip

    async def page(text: str, given: tuple[Any, ...]) -> Any:
        return await desk.site.rows.fetch(text, *given)

    for comparison in (REPORTS, REPORT_KEYS, IDENTITY_REQUESTS):
        found = [one async for one in comparing.differences(page, comparison)]
        assert [one for one in found if one.id != desk.keys[desk.far_intake.account_id]] == []


@pytest.mark.parametrize("kind", [kind for kind in ReportStepKind if kind is not A])
async def test_no_step_is_taken_out_of_turn(desk: Desk, kind: ReportStepKind) -> None:
    _, report_id = await desk.filed()
    if kind in (ReportStepKind.NOT_ACCEPTED, ReportStepKind.PASSED_ON):
        with pytest.raises(BadInput):
            await desk.steps(report_id, kind, by=desk.intake)
    else:
        with pytest.raises(rules.StepOutOfTurn):
            await desk.steps(report_id, kind, by=desk.intake)
    assert await entries_but_keys(desk.site) == ["report.filed"]


async def test_what_is_not_taken_in_names_its_article_and_what_is_passed_on_its_agency(desk: Desk) -> None:
    for kind, given in ((ReportStepKind.NOT_ACCEPTED, {"article": "应急〔2020〕69号第四条"}),
                        (ReportStepKind.PASSED_ON, {"passed_to": "水城区能源局"})):  # fmt: skip
        _, report_id = await desk.filed()
        await desk.steps(report_id, kind, by=desk.intake, **given)
        await desk.steps(report_id, kind, by=desk.intake, **given)
        met = await desk.site.rows.fetchval(
            "SELECT count(*) FROM report_deadlines WHERE report_id = $1 AND met_at IS NOT NULL", report_id
        )
        assert met == 2
        with pytest.raises(rules.StepOutOfTurn):
            await desk.steps(report_id, kind, by=desk.intake, **{name: f"{said}（二）" for name, said in given.items()})
    assert len(await entries_but_keys(desk.site)) == 4


async def test_intake_and_verification_of_one_report_are_never_one_person(desk: Desk) -> None:
    both = await desk.site.person(Role.REPORT_INTAKE)
    _, report_id = await desk.filed()
    await desk.steps(report_id, A, by=both)
    await desk.site.rows.execute(
        "UPDATE role_grants SET role = 'REPORT_VERIFICATION' WHERE account_id = $1", both.account_id
    )
    grants = (type(both.grants[0])(Role.REPORT_VERIFICATION, both.reach),)
    changed = Actor(both.account_id, None, None, grants, both.reach)
    with pytest.raises(rules.NotTheSamePerson):
        await desk.steps(report_id, V, by=changed)
    assert await entries_but_keys(desk.site) == ["report.filed", "report.accepted"]


Act = Callable[[Desk, Tip, Any, Actor], Awaitable[Any]]


async def _identity(desk: Desk, report_id: Any) -> Any:
    return await desk.acts(desk.verification, identities.ask_identity, report_id=report_id, reason="核实身份")


ACTS: dict[str, tuple[Verb, Act]] = {
    "accept": (Verb.REPORT_ACCEPT, lambda d, t, r, a: d.steps(r, A, by=a)),
    "hand over": (Verb.REPORT_HAND_OVER, lambda d, t, r, a: d.acts(a, steps.hand_over, report_id=r, wraps=[])),
    "ask": (Verb.IDENTITY_ASK, lambda d, t, r, a: d.acts(a, identities.ask_identity, report_id=r, reason="理由")),
    "extend": (Verb.REPORT_ACCEPT, lambda d, t, r, a: d.acts(a, steps.extend_decision, report_id=r)),
    "keep a key": (
        Verb.REPORT_KEY_ENROL,
        lambda d, t, r, a: d.acts(a, keeping.keep_key, public_key=box_key(), sealed=bytes(kept.SIZE), shares=[]),
    ),
    "rewrap": (Verb.REPORT_KEY_ENROL, lambda d, t, r, a: d.acts(a, keeping.rewrap_messages, wraps=[])),
    "share": (
        Verb.IDENTITY_RELEASE,
        lambda d, t, r, a: d.acts(a, keeping.rewrap_share, key_id=uuid4(), number=1, new_key_id=uuid4(), wrapped=b""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ACTS)
async def test_whoever_lacks_the_verb_does_nothing_and_leaves_no_trace(desk: Desk, what: str) -> None:
    verb, act = ACTS[what]
    tip, report_id = await desk.filed()
    before = await desk.site.entries()
    for role in Role:
        if verb not in ROLE_VERBS[role]:
            mine = desk.site.mine if role in (Role.MINER, Role.MINE_CLERK, Role.MINE_PRINCIPAL) else None
            stranger = await desk.site.person(role, county=None if mine else PANZHOU, mine_id=mine)
            with pytest.raises((NotAllowed, NotFound)):
                await act(desk, tip, report_id, stranger)
    assert await desk.site.entries() == before


async def test_a_desk_elsewhere_sees_nothing(desk: Desk) -> None:
    _, report_id = await desk.filed()
    elsewhere = await desk.site.person(Role.REPORT_INTAKE, county="520201")
    with pytest.raises(NotFound):
        await desk.steps(report_id, A, by=elsewhere)


REPORTING_TABLES = (
    "filings", "filing_files", "reports", "report_receipts", "report_messages", "report_wraps", "report_files",
    "report_steps", "report_deadlines", "report_keys", "report_key_boxes", "report_key_shares",
    "report_key_recoveries", "identity_requests",
)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if not role.value.startswith("REPORT_")])
async def test_nobody_but_the_desks_sees_a_row_of_reports(desk: Desk, role: Role) -> None:
    _, report_id = await verified(desk, mode=ReportMode.NAMED)
    await _identity(desk, report_id)
    mine = desk.site.mine if role in (Role.MINER, Role.MINE_CLERK, Role.MINE_PRINCIPAL) else None
    who = await desk.site.person(role, county=None if mine else PANZHOU, mine_id=mine, division=None if mine else "52")
    async with desk.site.database.reading(who) as sql:
        seen = {table: await sql.fetchval(f"SELECT count(*) FROM {table}") for table in REPORTING_TABLES}
        told = await sql.fetchval("SELECT count(*) FROM payloads WHERE subject = $1", report_id)
    assert {table: count for table, count in seen.items() if count} == {}
    assert told == 0 or who.reach.everything


async def test_a_report_is_handed_over_by_wrapping_its_keys_again(desk: Desk) -> None:
    tip, report_id = await desk.filed()
    to = desk.keys[desk.verification.account_id]
    wraps = [keeping.Rewrap(message_id=tip.message.id, key_id=to, half=KeyHalf.WHOLE, wrapped=wrap())]
    with pytest.raises(rules.StepOutOfTurn):
        await desk.acts(desk.intake, steps.hand_over, report_id=report_id, wraps=wraps)
    await desk.steps(report_id, A, by=desk.intake)
    added = [await desk.acts(desk.intake, steps.hand_over, report_id=report_id, wraps=wraps) for _ in range(2)]
    assert added == [1, 0]
    async with desk.site.database.reading(desk.verification) as sql:
        assert [one.key_id for one in await reading.wraps_of(sql, [report_id])] == [to]
    stray = [keeping.Rewrap(message_id=tip.message.id, key_id=uuid4(), half=KeyHalf.WHOLE, wrapped=wrap())]
    with pytest.raises(rules.RecipientsChanged):
        await desk.acts(desk.intake, steps.hand_over, report_id=report_id, wraps=stray)
    assert (await entries_but_keys(desk.site)).count("report.handed_over") == 1


async def test_a_lost_key_comes_back_by_two_custodians(desk: Desk) -> None:
    lost = desk.keys[desk.intake.account_id]
    tip, report_id = await desk.filed()
    new = await desk.keeps_key(desk.intake)
    share = {"key_id": lost, "new_key_id": new, "wrapped": secrets.token_bytes(keeping.SHARE_SIZE)}
    for number, custodian in enumerate(desk.custodians[:2], 1):
        await desk.acts(custodian, keeping.rewrap_share, number=number, **share)
        await desk.acts(custodian, keeping.rewrap_share, number=number, **share)
    with pytest.raises(NotFound):
        await desk.acts(desk.custodians[2], keeping.rewrap_share, number=1, **share)
    for size in (0, keeping.SHARE_SIZE - 1, 1_000_000):
        with pytest.raises(BadInput):
            await desk.acts(desk.custodians[1], keeping.rewrap_share, number=2, **(share | {"wrapped": bytes(size)}))
    own = [keeping.Rewrap(message_id=tip.message.id, key_id=new, half=KeyHalf.WHOLE, wrapped=wrap())]
    assert await desk.acts(desk.intake, keeping.rewrap_messages, wraps=own) == 1
    others = [keeping.Rewrap(message_id=tip.message.id, key_id=lost, half=KeyHalf.WHOLE, wrapped=wrap())]
    with pytest.raises(rules.KeyNotYours):
        await desk.acts(desk.intake, keeping.rewrap_messages, wraps=others)
    assert (await desk.site.entries()).count("report_key.recovered") == 2
    async with desk.site.database.reading(desk.intake) as sql:
        assert {one.key_id for one in await reading.wraps_of(sql, [report_id])} == {lost, new}


async def test_a_key_without_three_shares_of_three_custodians_is_not_kept(desk: Desk) -> None:
    officer = await desk.site.person(Role.REPORT_INTAKE)
    with pytest.raises(BadInput):
        await desk.keeps_key(officer, shares=False)
    one = desk.keys[desk.custodians[0].account_id]
    thrice = [
        keeping.Share(number=number, custodian_key_id=one, wrapped=secrets.token_bytes(keeping.SHARE_SIZE))
        for number in (1, 2, 3)
    ]
    with pytest.raises(rules.RecipientsChanged):
        await desk.acts(officer, keeping.keep_key, public_key=box_key(), sealed=bytes(kept.SIZE), shares=thrice)
    assert (
        await desk.site.rows.fetchval("SELECT count(*) FROM report_keys WHERE account_id = $1", officer.account_id) == 0
    )


async def test_an_identity_takes_two_people_and_its_reporter_reads_of_both(desk: Desk) -> None:
    _, report_id = await verified(desk, mode=ReportMode.NAMED)
    request = await _identity(desk, report_id)
    assert (await _identity(desk, report_id)).id == request.id
    custodian = desk.custodians[0]
    async with desk.site.database.reading(custodian) as sql:
        assert [one.half for one in await reading.wraps_of(sql, [report_id])] == ["A"]
    async with desk.site.database.reading(desk.verification) as sql:
        assert [one.half for one in await reading.wraps_of(sql, [report_id])] == ["B"]
    half = wrap()
    for _ in range(2):
        await desk.acts(custodian, identities.release_identity, request_id=request.id, wrapped=half)
    with pytest.raises(rules.NoIdentity):
        await desk.acts(desk.custodians[1], identities.release_identity, request_id=request.id, wrapped=half)
    kinds = await entries_but_keys(desk.site)
    assert kinds.count("identity.asked") == kinds.count("identity.released") == 1
    async with desk.site.database.reading(desk.verification) as sql:
        assert (await reading.requests_visible(sql, limit=5))[0].wrapped == half
    asked_again = await _identity(desk, report_id)
    assert asked_again.id != request.id
    assert (asked_again.released_by, (await _identity(desk, report_id)).id) == (None, asked_again.id)


async def test_what_is_wrapped_for_a_key_is_read_whole_whatever_became_of_the_reports(desk: Desk) -> None:
    filed = [await desk.filed() for _ in range(5)]
    await desk.steps(filed[0][1], ReportStepKind.NOT_ACCEPTED, by=desk.intake, article="应急〔2020〕69号第四条")
    await desk.site.rows.execute("UPDATE reports SET state = 'ENDED' WHERE id = $1", filed[0][1])
    key, behind = desk.keys[desk.intake.account_id], None
    found: list[reading.Wrap] = []
    async with desk.site.database.reading(desk.intake) as sql:
        while page := await reading.wraps_of_key(sql, key, behind=behind, limit=2):
            assert len(page) <= 2
            found, behind = found + page, page[-1].message_id
    assert {one.report_id for one in found} == {report_id for _, report_id in filed}
    assert len(found) == 5
    async with desk.site.database.reading(desk.verification) as sql:
        assert await reading.wraps_of_key(sql, key, behind=None, limit=100) == []


async def test_nobody_releases_what_he_asked_for_and_an_anonymous_report_has_nothing_to_open(desk: Desk) -> None:
    _, anonymous = await verified(desk)
    with pytest.raises(rules.NoIdentity):
        await _identity(desk, anonymous)
    _, named = await verified(desk, mode=ReportMode.NAMED)
    request = await _identity(desk, named)
    account = desk.verification.account_id
    await desk.site.rows.execute("UPDATE role_grants SET role = 'REPORT_CUSTODIAN' WHERE account_id = $1", account)
    reach = desk.verification.reach
    both = Actor(account, None, None, (type(desk.verification.grants[0])(Role.REPORT_CUSTODIAN, reach),), reach)
    with pytest.raises(rules.SecondPersonNeeded):
        await desk.acts(both, identities.release_identity, request_id=request.id, wrapped=wrap())
    assert "identity.released" not in await desk.site.entries()


async def test_a_decision_is_extended_once(desk: Desk) -> None:
    _, report_id = await verified(desk)
    await desk.acts(desk.intake, steps.extend_decision, report_id=report_id)
    with pytest.raises(rules.StepOutOfTurn):
        await desk.acts(desk.intake, steps.extend_decision, report_id=report_id)
    days = await desk.site.rows.fetchval("SELECT ends - start FROM report_deadlines WHERE key = 'report_decided'")
    assert days == 90


async def test_a_clock_that_ran_out_is_told_a_level_up_and_counted_for_everybody(desk: Desk) -> None:
    for _ in range(5):
        await desk.files(await desk.tip())
    await desk.batch()
    desk.now += timedelta(days=16)
    await perform(desk.workers, keeper(), desk.now, record_overruns, limit=50)
    told = await desk.site.rows.fetch(
        "SELECT p.county, p.office, p.mine_id FROM payloads p JOIN entries e ON e.id = p.entry_id"
        " WHERE e.kind = 'report.clock_overrun'"
    )
    assert [tuple(row) for row in told] == [(PANZHOU[:4], None, None)] * 5
    await desk.batch()
    async with desk.site.database.reading(desk.intake) as sql:
        (row,) = await reading.counts(sql, year=2026, quarter=4)
    assert (row["filed"], row["told_late"], row["decided_late"]) == (5, 5, None)


async def test_fewer_than_five_are_never_told(desk: Desk) -> None:
    await desk.filed()
    async with desk.site.database.reading(desk.intake) as sql:
        (row,) = await reading.counts(sql, year=2026, quarter=4)
    assert row["filed"] is None


async def test_content_goes_at_the_end_of_its_term_and_the_steps_stay(desk: Desk) -> None:
    _, report_id = await desk.filed(mode=ReportMode.NAMED)
    await desk.steps(report_id, ReportStepKind.PASSED_ON, by=desk.intake, passed_to="省局")
    await desk.steps(report_id, E, by=desk.intake)
    for years, erased in ((5, False), (5.1, True)):
        at = desk.now + timedelta(days=int(365.25 * years))
        found = await perform(desk.workers, keeper(), at, erasing.reports_to_erase)
        assert (found == [report_id]) is erased
    await perform(desk.workers, keeper(), at, erasing.record_erased, reports=[report_id])
    assert await desk.site.rows.fetchval("SELECT count(*) FROM report_messages WHERE ciphertext IS NOT NULL") == 0
    assert [await desk.site.counted(table) for table in ("report_wraps", "report_receipts")] == [0, 0]
    assert await desk.site.counted("report_steps") == 2
    assert "report.erased" in await desk.site.entries()


async def test_the_list_begins_with_what_is_urgent_and_takes_turns_between_mines(desk: Desk) -> None:
    other = uuid4()
    await desk.site.add_mine(other, name="丁煤矿", county=PANZHOU, office="GZ-1", state=MineState.PRODUCING)
    for _ in range(6):
        await desk.files(await desk.tip())
    await desk.files(await desk.tip(mine_id=other))
    await desk.files(await desk.tip(kind=ReportKind.RETALIATION))
    await desk.batch()
    async with desk.site.database.reading(desk.intake) as sql:
        rows = await reading.reports_to_handle(sql, limit=20)
    assert rows[0].kind == "RETALIATION"
    assert other in {row.mine_id for row in rows[1:3]}


async def test_what_was_urgent_presses_until_somebody_found_out_what_is_true(desk: Desk) -> None:
    _, urgent = await desk.filed(kind=ReportKind.RETALIATION)
    await desk.batch(urgent=True)
    for _ in range(3):
        await desk.filed()

    async def listed() -> list[reading.ReportRow]:
        async with desk.site.database.reading(desk.intake) as sql:
            return await reading.reports_to_handle(sql, limit=20)

    for kind, by in ((A, desk.intake), (V, desk.verification)):
        await desk.steps(urgent, kind, by=by)
        rows = await listed()
        assert (rows[0].id, [one.pressing for one in rows]) == (urgent, [True, False, False, False])
    await desk.steps(urgent, S, F, by=desk.verification)
    rows = await listed()
    assert [one.pressing for one in rows] == [False] * 4
    assert [one.urgent for one in rows].count(True) == 1
    assert {(one.mine_name, one.county_name) for one in rows} == {(rows[0].mine_name, "盘州市")}
    assert rows[0].mine_name
