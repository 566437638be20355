"""Tests of a case that is not closed over an order that is still to be carried out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import operations, problems, queries
from storage.casework.cases.bodies.after import Closed, ClosingGround
from storage.casework.cases.bodies.opening import Proposed
from storage.casework.cases.bodies.transfer import PassedOn, PassedOnReceived
from storage.casework.cases.operations import Filing
from storage.casework.cases.steps import Conduct, Party, PartyKind
from storage.casework.cases.taking import Taking
from storage.casework.measures.tables import Turn
from storage.record.actor import Role
from storage.record.problems import NotAllowed, Problem
from tests.counting import statements_of
from tests.factories.casework import Check, make_check
from tests.factories.measures import orders
from tests.sites import NOW, Site

END = Closed(ground=ClosingGround.DONE, report="已履行")


@pytest.fixture
async def check(site: Site) -> Check:
    return await make_check(site)


async def filed(check: Check, *findings: UUID) -> Filing:
    conducts = tuple(
        Conduct(id=uuid4(), name="安全设施不符合规定", clause="条例第六十三条", began_on=NOW.date(), finding=one)
        for one in findings
    )
    body = Proposed(
        cause="安全设施不符合规定", discovered_on=NOW.date(), inspection=check.id, conducts=conducts,
        parties=(Party(id=uuid4(), kind=PartyKind.UNIT, name="甲煤矿", subject="91520000MA0000001X"),),
    )  # fmt: skip
    officers = (check.lead.account_id, check.inspector.account_id)
    asked = Filing(id=uuid4(), mine_id=check.site.mine, first=Taking(id=uuid4(), body=body, officers=officers))
    await check.acts(check.lead, operations.file_case, filing=asked)
    return asked


async def why_not(check: Check, case: Filing) -> Problem:
    head = await check.site.person(Role.AGENCY_HEAD)
    with pytest.raises(Problem) as found:
        await check.acts(head, operations.take_step, case_id=case.id, step=Taking(id=uuid4(), body=END))
    return found.value


async def test_safety_law_41_a_case_with_an_order_still_open_is_not_closed_and_one_that_was_carried_out_is_no_hindrance(
    check: Check,
) -> None:
    finding = await check.finds(evidence=(await check.piece(),))
    case = await filed(check, finding.id)
    ordered = await orders(check, "CORRECT_BY_TERM", finding.id, days=5)
    refusal = await why_not(check, case)
    assert isinstance(refusal, problems.OpenHazard)
    assert refusal.parameters["open"] == 1
    await ordered.takes(check.inspector, Turn.CONFIRMED)
    await ordered.rechecked(at=NOW + timedelta(minutes=1))
    assert (await ordered.takes(check.lead, Turn.CLOSED_OUT, at=NOW + timedelta(minutes=2))).closed_at
    assert not isinstance(await why_not(check, case), problems.OpenHazard | NotAllowed)


async def test_an_order_about_another_finding_keeps_no_case_open(check: Check) -> None:
    mine, other = await check.finds(), await check.finds()
    case = await filed(check, mine.id)
    await orders(check, "CORRECT_BY_TERM", other.id, days=5)
    assert not isinstance(await why_not(check, case), problems.OpenHazard | NotAllowed)


async def test_regulation_44_a_case_about_danger_is_not_closed_before_a_withdrawal_was_ordered(check: Check) -> None:
    finding = await check.finds(unsafe=True)
    case = await filed(check, finding.id)
    ordered = await orders(check, "CORRECT_ON_SITE", finding.id)
    await ordered.takes(check.inspector, Turn.CONFIRMED)
    assert (await why_not(check, case)).parameters["open"] == 2
    await orders(check, "WITHDRAW_PEOPLE", finding.id)
    assert (await why_not(check, case)).parameters["open"] == 2  # Both orders stand.


async def test_safety_law_41_nor_a_case_about_a_major_hazard_about_which_nothing_was_ordered(check: Check) -> None:
    finding = await check.finds(kind="GAS_OVER_LIMIT")
    case = await filed(check, finding.id)
    refusal = await why_not(check, case)
    assert isinstance(refusal, problems.OpenHazard)
    assert refusal.parameters["open"] == 1


async def test_regulation_70_closure_is_due_until_it_was_proposed_and_receipted_in_a_case(check: Check) -> None:
    first = await check.finds(kind="GAS_OVER_LIMIT", producing=True, seen_at=NOW - timedelta(days=60))
    second = await check.finds(kind="GAS_OVER_LIMIT", producing=True)
    case = await filed(check, first.id)

    async def due() -> list[UUID]:
        async with check.site.database.reading(check.lead) as sql:
            return await queries.closures_due(sql, limit=10)

    assert await due() == [second.id]
    stray = PassedOn(to="六盘水市人民政府", matter="提请关闭", closure_for=uuid4())
    with pytest.raises(problems.FindingUnknown):
        await check.acts(check.lead, operations.take_step, case_id=case.id, step=Taking(id=uuid4(), body=stray))
    passed = Taking(id=uuid4(), body=replace(stray, closure_for=second.id))
    await check.acts(check.lead, operations.take_step, case_id=case.id, step=passed)
    assert await due() == []
    receipt = Taking(id=uuid4(), body=PassedOnReceived(passed=passed.id, receipt="收文〔2026〕7号"))
    await check.acts(check.lead, operations.take_step, case_id=case.id, step=receipt)


async def test_the_look_at_open_orders_is_one_statement_for_many_findings(check: Check) -> None:
    counts = []
    heard = statements_of(check.site.database)
    await check.site.database.engine.dispose()  # Whatever is open was opened before anybody listened.
    for many in (1, 12):
        case = await filed(check, *[(await check.finds()).id for _ in range(many)])
        heard.clear()
        await why_not(check, case)
        counts.append(len(heard))
    assert counts[0] == counts[1], heard
