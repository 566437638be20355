"""Tests of requests as acts: filed by anybody, answered by officers, read by the receipt alone, their clocks public."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.trust.disclosures.operations import Wording
from storage.trust.disclosures.problems import PersonalDataFound
from storage.trust.lists.rules import Agency
from storage.trust.requests import ending, operations, queries, rules
from storage.trust.requests.comparing import REQUESTS
from storage.trust.requests.operations import Filing, PublicWords
from storage.trust.requests.queries import PublicRow
from storage.trust.requests.rules import Part, RefusalGround
from storage.trust.requests.tables import AnswerPart, RequestKind
from tests.factories.disclosures import PLAIN, served
from tests.factories.requests import COUNTY, WORDS, Asking, asking, receipt
from tests.sites import NOW, Site

TABLES = ("requests", "request_steps", "request_contacts", "public_requests", "entries")


@pytest.fixture
async def made(site: Site) -> Asking:
    return await asking(site)


async def refused(made: Asking, problem: Any, act: Any) -> Problem:
    before = [await made.site.counted(table) for table in TABLES]
    with pytest.raises(problem) as told:
        await act
    assert before == [await made.site.counted(table) for table in TABLES]
    found: Problem = told.value
    return found


async def agrees(workers: Database) -> list[Any]:
    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    return [one async for one in comparing.differences(rows, REQUESTS)]


async def clocks(database: Database) -> list[PublicRow]:
    async with database.reading(stranger()) as sql:
        return await queries.public_requests(sql, limit=50)


async def test_anybody_files_and_everybody_reads_the_clock_and_nothing_else(
    made: Asking, public_database: Database, workers: Database
) -> None:
    await made.file(contact="张三 13800138000")
    (told,) = await clocks(public_database)
    assert (told.number, told.state, told.filed_on, told.due_on) == (
        "2026-0001",
        "OPEN",
        date(2026, 11, 24),
        date(2026, 12, 22),
    )
    assert told.agency == "盘州市煤矿安全监管部门"
    assert WORDS not in repr(told)
    assert "张三" not in repr(told)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with public_database.reading(stranger()) as sql:
            await sql.fetch("SELECT * FROM requests")
    assert await made.site.entries() == ["request.filed"]
    payload = (await made.site.rows.fetchval("SELECT payload FROM payloads")).decode()
    assert WORDS not in payload
    assert "张三" not in payload
    assert await agrees(workers) == []


async def test_numbers_follow_each_other_without_a_gap_whoever_files_at_once(
    made: Asking, public_database: Database
) -> None:
    given = {"filing": Filing(kind=RequestKind.INFORMATION, words=WORDS, agency=COUNTY)}
    await asyncio.gather(
        *(
            perform(made.database, stranger(), NOW, operations.file_request, receipt=receipt(), **given)
            for _ in range(6)
        )
    )
    assert sorted(one.number for one in await clocks(public_database)) == [f"2026-{at:04d}" for at in range(1, 7)]


async def test_the_same_form_again_is_refused_and_files_nothing(made: Asking) -> None:
    await made.file()
    await refused(made, rules.RequestFiledBefore, made.file(words="另一份"))


async def test_the_receipt_alone_opens_a_request(made: Asking, site: Site) -> None:
    id = await made.file(contact="张三")
    async with made.database.reading(queries.asker(made.receipt.locator)) as sql:
        assert (await queries.own_request(sql, made.receipt)).id == id
        assert await queries.contact_of(sql, id) is None
    wrong = replace(made.receipt, secret="0" * 24)
    for own in (wrong, receipt(), replace(made.receipt, locator="00000000")):
        with pytest.raises(NotFound):
            async with made.database.reading(queries.asker(own.locator)) as sql:
                await queries.own_request(sql, own)
    for nobody in (stranger(), queries.asker("00000000"), await site.person(Role.MINER)):
        async with made.database.reading(nobody) as sql:
            assert await queries.requests_by_ids(sql, [id]) == []
            assert await queries.steps_of(sql, [id]) == []


async def test_what_is_unclear_is_asked_and_said_and_the_time_begins_anew(
    made: Asking, public_database: Database, workers: Database
) -> None:
    id = await made.file()
    await refused(made, rules.NothingAsked, made.clarify())
    row = await made.acts(operations.ask_request, request_id=id, words="请说明是哪一类检查。")
    assert (row.state, row.due_on) == ("UNCLEAR", None)
    await refused(made, rules.RequestUnclear, made.answer(id))
    await refused(made, rules.AskedBefore, made.acts(operations.ask_request, request_id=id, words="再问"))
    row = await made.clarify(at=NOW + timedelta(days=2))
    assert (row.state, row.due_on) == ("OPEN", date(2026, 12, 24))
    assert [one.state for one in await clocks(public_database)] == ["OPEN"]
    assert await made.site.rows.fetchval("SELECT by_id FROM request_steps WHERE kind = 'CLARIFIED'") is None
    await refused(made, rules.NothingAsked, made.clarify())
    assert await agrees(workers) == []


async def test_a_wrong_secret_says_nothing_for_another(made: Asking) -> None:
    id = await made.file()
    await made.acts(operations.ask_request, request_id=id, words="请说明。")
    made.receipt = replace(made.receipt, secret="0" * 24)
    await refused(made, NotFound, made.clarify())


async def test_the_days_of_a_third_party_are_not_counted(made: Asking, public_database: Database) -> None:
    id = await made.file()
    row = await made.acts(operations.consult_request, request_id=id, words="征求甲煤矿意见")
    assert (row.state, row.due_on) == ("THIRD_PARTY", None)
    row = await made.acts(operations.hear_request, request_id=id, words="同意公开", at=NOW + timedelta(days=3))
    assert (row.state, row.due_on) == ("OPEN", date(2026, 12, 25))
    again = made.acts(operations.consult_request, request_id=id, words="再问")
    await refused(made, rules.ConsultedBefore, again)
    assert [one.due_on for one in await clocks(public_database)] == [date(2026, 12, 25)]


async def test_a_head_extends_the_time_with_a_reason_that_anybody_reads(
    made: Asking, public_database: Database
) -> None:
    filed = datetime(2026, 10, 9, 4, tzinfo=UTC)
    id = await made.file(at=filed, receipt=receipt(at=filed))
    extend: dict[str, Any] = {"request_id": id, "reason": "涉及多个部门的统计"}
    await refused(made, NotAllowed, made.acts(operations.extend_request, at=filed, **extend))
    leak = extend | {"reason": "请联系13800138000"}
    await refused(made, PersonalDataFound, made.acts(operations.extend_request, by=made.head, at=filed, **leak))
    await refused(made, rules.ExtensionTooLate, made.acts(operations.extend_request, by=made.head, **extend))
    row = await made.acts(operations.extend_request, by=made.head, at=filed, **extend)
    assert (row.extended, row.due_on) == (True, date(2026, 12, 3))
    await refused(made, rules.ExtendedBefore, made.acts(operations.extend_request, by=made.head, at=filed, **extend))
    assert [one.extension_reason for one in await clocks(public_database)] == ["涉及多个部门的统计"]


async def test_an_answer_is_split_and_anybody_reads_what_was_worded_for_him(
    made: Asking, public_database: Database, workers: Database
) -> None:
    id = await made.file(contact="李小明")
    parts = (Part(kind=AnswerPart.GIVEN, words="四次。"),
             Part(kind=AnswerPart.REFUSED, words="案卷不公开。", ground=RefusalGround.CASE_FILE))  # fmt: skip
    for words in ("李小明问", "联系13800138000", "家住某处"):
        told = PublicWords(question=words, answer="四次")
        await refused(made, PersonalDataFound, made.answer(id, *parts, public=told))
    row = await made.answer(id, *parts, public=PublicWords(question="检查了几次", answer="四次；案卷不公开"))
    assert (row.state, row.outcome) == ("ANSWERED", "SPLIT")
    (shown,) = await clocks(public_database)
    assert (shown.outcome, shown.grounds, shown.question, shown.late) == (
        "SPLIT",
        "政府信息公开条例第十六条第二款",
        "检查了几次",
        False,
    )
    for act in (made.answer(id), made.acts(operations.ask_request, request_id=id, words="x"),
                made.acts(operations.extend_request, by=made.head, request_id=id, reason="x")):  # fmt: skip
        await refused(made, rules.RequestClosed, act)
    assert await agrees(workers) == []


async def test_without_public_words_nothing_but_the_clock_is_public(made: Asking, public_database: Database) -> None:
    id = await made.file()
    await made.answer(id, at=NOW + timedelta(days=60))
    (shown,) = await clocks(public_database)
    assert (shown.state, shown.outcome, shown.question, shown.answer, shown.late) == (
        "ANSWERED",
        "GIVEN",
        None,
        None,
        True,
    )


async def test_of_two_who_answer_at_once_one_is_told_that_it_was_answered(made: Asking, site: Site) -> None:
    id = await made.file()
    other = await site.person(Role.INSPECTOR)
    outcomes = await asyncio.gather(made.answer(id), made.answer(id, by=other), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["RequestClosed", "RequestRow"]
    assert await site.counted("request_steps") == 1


async def test_an_error_is_answered_by_what_was_corrected_or_by_why_it_is_none(
    site: Site, public_database: Database, workers: Database
) -> None:
    publishing = await served(site)
    row = await publishing.publish()
    made = await asking(site)
    for wrong in (uuid4(), publishing.decision, publishing.desk.id):
        await refused(made, NotFound, made.file(kind=RequestKind.ERROR, disclosure_id=wrong))
    id = await made.file(kind=RequestKind.ERROR, disclosure_id=row.id, words="日期有误", at=NOW)
    corrected = Part(kind=AnswerPart.CORRECTED, words="已更正。")
    await refused(made, rules.NothingWasCorrected, made.answer(id, corrected))
    await publishing.correct(row.id, wording=Wording(anew={"facts": PLAIN + "已核对。"}))
    answered = await made.answer(id, corrected, public=PublicWords(question="日期有误", answer="已更正"))
    assert answered.outcome == "CORRECTED"
    assert [one.disclosure_id for one in await clocks(public_database)] == [row.id]
    other = await made.file(kind=RequestKind.ERROR, disclosure_id=row.id, words="煤矿名称有误", receipt=receipt())
    assert (await made.answer(other, Part(kind=AnswerPart.NOT_WRONG, words="经核实无误。"))).outcome == "NOT_WRONG"
    assert await agrees(workers) == []


@pytest.mark.parametrize(
    "given",
    [
        {"words": " "},
        {"words": "x" * 5_001},
        {"contact": "x" * 201},
        {"disclosure_id": UUID(int=1)},
        {"agency": None},
        {"kind": RequestKind.ERROR},
        {"kind": RequestKind.ERROR, "disclosure_id": UUID(int=1), "agency": COUNTY},
    ],
)
async def test_what_is_no_request_files_nothing(made: Asking, given: dict[str, Any]) -> None:
    await refused(made, BadInput, made.file(**given))


@pytest.mark.parametrize("agency", [Agency(county="529999"), Agency(county="520281", office="GZ-1"),
                                    Agency(county="52", office="x")])  # fmt: skip
async def test_an_agency_that_is_none_is_not_asked(made: Asking, agency: Agency) -> None:
    await refused(made, NotFound, made.file(agency=agency))


async def test_a_contact_is_opened_by_an_act_and_erased_some_months_after_the_answer(
    made: Asking, workers: Database
) -> None:
    id = await made.file(contact=" 张三 13800138000 ")
    by: dict[str, Any] = {"request_id": id}
    assert await perform(made.database, made.officer, NOW, operations.open_contact, **by) == "张三 13800138000"
    await refused(made, NotAllowed, perform(made.database, made.head, NOW, operations.open_contact, **by))
    assert await perform(workers, keeper(), NOW + timedelta(days=900), ending.erase_contacts, limit=9) == 0
    await made.answer(id)
    assert await perform(workers, keeper(), NOW + timedelta(days=150), ending.erase_contacts, limit=9) == 0
    assert await perform(workers, keeper(), NOW + timedelta(days=200), ending.erase_contacts, limit=9) == 1
    assert await perform(workers, keeper(), NOW + timedelta(days=200), ending.erase_contacts, limit=9) == 0
    await refused(made, rules.NoContactKept, perform(made.database, made.officer, NOW, operations.open_contact, **by))
    assert await made.site.entries() == [
        "request.filed", "request.contact_opened", "request.answered", "request.contact_erased",
    ]  # fmt: skip
    assert await agrees(workers) == []


async def test_hostile_words_stay_words(made: Asking) -> None:
    bad = "<script>alert(1)</script>\r\nSet-Cookie: x'; DROP TABLE requests; -- \u202e"
    id = await made.file(words=bad, contact=bad[:60])
    async with made.database.reading(made.officer) as sql:
        (row,) = await queries.requests_by_ids(sql, [id])
    assert row.words == bad.strip()


async def test_who_may_not_is_refused_and_nothing_is_recorded(made: Asking, site: Site) -> None:
    id = await made.file()
    far = await site.person(Role.LEAD, county="520201")
    province = await site.person(Role.INSPECTOR, county=None, division="52")
    acts: dict[Verb, Any] = {
        Verb.REQUEST_ANSWER: lambda by: made.answer(id, by=by),
        Verb.REQUEST_EXTEND: lambda by: made.acts(operations.extend_request, by=by, request_id=id, reason="x"),
        Verb.REQUEST_OPEN_CONTACT: lambda by: made.acts(operations.open_contact, by=by, request_id=id),
    }
    for verb, act in acts.items():
        for role in Role:
            if verb not in ROLE_VERBS[role]:
                await refused(made, (NotAllowed, NotFound), act(await site.person(role)))
        await refused(made, NotFound, act(far))
    async with made.database.reading(far) as sql:
        assert await queries.requests_visible_to(sql, far, limit=9) == []
    async with made.database.reading(province) as sql:
        assert [one.id for one in await queries.requests_visible_to(sql, province, limit=9)] == [id]


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE requests SET words = 'x'", "told_words"),
        ("UPDATE requests SET number = '2026-9999'", "number"),
        ("UPDATE request_steps SET parts = '[]'", "told_steps"),
        ("DELETE FROM request_steps", "told_steps"),
        ("UPDATE requests SET outcome = 'REFUSED'", "outcome"),
        ("UPDATE public_requests SET state = 'OPEN', question = NULL, answer = NULL", "public_state"),
    ],
)
async def test_what_somebody_altered_past_every_guard_is_told_by_the_ledger(
    made: Asking, workers: Database, statement: str, column: str
) -> None:
    await made.answer(await made.file())
    await made.site.rows.execute(f"SET session_replication_role = replica; {statement}")
    assert column in [one.column for one in await agrees(workers)]


async def test_what_was_asked_and_answered_stands(made: Asking) -> None:
    id = await made.file()
    for act in ("UPDATE requests SET words = 'x'", "DELETE FROM requests", "TRUNCATE request_steps"):
        with pytest.raises(asyncpg.PostgresError):
            await made.site.rows.execute(act)
    await made.answer(id)
    for act in ("UPDATE requests SET outcome = 'REFUSED'", "UPDATE request_steps SET words = 'x'"):
        with pytest.raises(asyncpg.PostgresError):
            await made.site.rows.execute(act)
    parts = json.loads(await made.site.rows.fetchval("SELECT parts FROM request_steps"))
    assert parts == [{"kind": "GIVEN", "words": "共检查四次。"}]
