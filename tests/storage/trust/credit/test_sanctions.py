"""Tests of joint sanctions: what another agency is asked by which day, what it answers, and what is overdue."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.record.actor import ROLE_VERBS, Role, Verb, keeper
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.record.work import perform
from storage.trust.credit import problems, queries, sanctions
from storage.trust.credit.comparing import SANCTIONS
from storage.trust.credit.tables import SanctioningAgency
from storage.trust.sweeping import OVERDUE, record_overruns
from tests.factories.credit import Credit, credit_of
from tests.sites import Site
from tests.storage.trust.credit.test_listings import refused


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def answers(credit: Credit, id: Any, **changes: Any) -> Any:
    usual: dict[str, Any] = {"done": True, "words": "已限制新增贷款", "on": day_of(credit.now)}
    by = changes.pop("by", credit.officer)
    return await credit.acts(sanctions.answer_sanction, by, sanction_id=id, **(usual | changes))


async def overdue(credit: Credit) -> list[Any]:
    async with credit.site.database.reading(credit.officer) as sql:
        rows = await queries.sanctions_visible_to(sql, credit.officer, limit=9, overdue_at=credit.now)
    return [one.id for one in rows]


async def test_三六3_an_agency_is_asked_and_its_answer_is_kept_with_its_day(credit: Credit, workers: Database) -> None:
    listed = await credit.listed()
    asked = await credit.sanctions(listed.id)
    other = await credit.sanctions(listed.id, agency=SanctioningAgency.OTHER, named="省煤炭工业协会")
    assert (asked.agency, other.named) == (SanctioningAgency.FINANCE_AND_BANKS, "省煤炭工业协会")
    answered = await answers(credit, asked.id, done=False, words="该企业在本机构无授信")
    assert (answered.done, answered.answered_on) == (False, day_of(credit.now))
    await refused(credit, problems.SanctionAnswered, answers(credit, asked.id))

    async def rows(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    assert [one async for one in comparing.differences(rows, SANCTIONS)] == []
    assert [one for one in await credit.site.entries() if one.startswith("sanction")] == [
        "sanction.asked", "sanction.asked", "sanction.answered",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"asked": ""}, {"basis": "无"}, {"due_on": date(2026, 12, 1)}, {"due_on": date(2099, 1, 1)},
        {"agency": SanctioningAgency.OTHER}, {"named": "某局"},
    ],
)  # fmt: skip
async def test_what_is_asked_has_words_a_basis_and_a_day_to_come(credit: Credit, changes: dict[str, Any]) -> None:
    listed = await credit.listed()
    assert await refused(credit, BadInput, credit.sanctions(listed.id, **changes))


async def test_an_answer_has_a_day_between_the_question_and_today(credit: Credit) -> None:
    listed = await credit.listed()
    asked = await credit.sanctions(listed.id)
    for day in (day_of(credit.now) - timedelta(days=1), day_of(credit.now) + timedelta(days=1)):
        await refused(credit, problems.AnswerDayOutside, answers(credit, asked.id, on=day))
    assert await refused(credit, BadInput, answers(credit, asked.id, words=""))


async def test_what_is_not_answered_by_its_day_is_listed_and_told_once_and_not_once_the_entry_ended(
    credit: Credit, workers: Database
) -> None:
    listed = await credit.listed()
    asked = await credit.sanctions(listed.id)
    assert await overdue(credit) == []
    credit.now += timedelta(days=60)
    assert await overdue(credit) == [asked.id]
    assert len(await credit.site.rows.fetch(OVERDUE, 50, credit.now)) >= 1
    for _ in range(2):
        await perform(workers, keeper(), credit.now, record_overruns, limit=9)
    assert (await credit.site.entries()).count("sanction.clock_overrun") == 1
    await credit.sanctions(listed.id, due_on=day_of(credit.now))
    credit.now += timedelta(days=400)
    removal = await credit.leaves(listed.id)
    await credit.decides_leaving(removal.id)
    assert await overdue(credit) == []
    await perform(workers, keeper(), credit.now, record_overruns, limit=9)
    assert (await credit.site.entries()).count("sanction.clock_overrun") == 1
    await refused(credit, problems.NotListed, credit.sanctions(listed.id, due_on=day_of(credit.now)))


async def test_only_officers_of_the_agency_ask_and_keep_answers(credit: Credit) -> None:
    listed = await credit.listed()
    asked = await credit.sanctions(listed.id)
    far = await credit.site.person(Role.LEAD, county="520201")
    assert await refused(credit, NotFound, credit.sanctions(listed.id, by=far))
    await refused(credit, NotFound, answers(credit, asked.id, by=far))
    for role in Role:
        if Verb.SANCTION_ANSWER not in ROLE_VERBS[role]:
            actor = await credit.site.person(role)
            await refused(credit, (NotAllowed, NotFound), answers(credit, asked.id, by=actor))
