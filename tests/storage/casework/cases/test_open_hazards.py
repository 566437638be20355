"""Tests of a case that is not closed over an order that is still to be carried out."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import operations, problems
from storage.casework.cases.bodies.after import Closed, ClosingGround
from storage.casework.cases.bodies.opening import Proposed
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
