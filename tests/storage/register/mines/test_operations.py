"""Tests of registering mines and offices."""

from dataclasses import replace
from uuid import uuid4

import pytest

from storage.record.actor import Role
from storage.record.problems import NotAllowed, OperationIdReused, Problem
from storage.record.work import perform, perform_once
from storage.register.mines import operations, rules
from storage.register.mines.rules import MineFacts
from storage.register.mines.tables import Disaster, MineState
from tests.sites import NOW, PANZHOU, ZHONGSHAN, Site, credit_code

FACTS = MineFacts(
    name="丁煤矿", credit_code=credit_code(900), county=PANZHOU, office="GZ-1", supervisor="5202",
    state=MineState.BUILDING, disasters=(Disaster.GAS_OUTBURST, Disaster.WATER), latitude=257_123_456,
    longitude=1_046_123_456,
)  # fmt: skip


async def test_the_system_administrator_registers_a_mine_and_leaves_a_trace(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    mine = await perform(site.database, administrator, NOW, operations.register_mine, facts=FACTS)
    assert (mine.name, mine.state, mine.disasters) == ("丁煤矿", "BUILDING", ["GAS_OUTBURST", "WATER"])
    assert await site.entries() == ["mine.registered"]
    scope = await site.rows.fetchrow("SELECT subject, county, office, mine_id FROM payloads")
    assert tuple(scope) == (mine.id, PANZHOU, "GZ-1", mine.id)


async def test_a_replay_answers_the_same_mine_and_registers_no_second(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    operation_id = uuid4()

    async def register(facts: MineFacts) -> object:
        return await perform_once(
            site.database,
            administrator,
            NOW,
            operation_id,
            operations.mine_again,
            operations.register_mine,
            facts=facts,
        )

    assert await register(FACTS) == await register(FACTS)
    with pytest.raises(OperationIdReused):
        await register(replace(FACTS, name="戊煤矿"))
    assert await site.entries() == ["mine.registered"]


async def test_nobody_else_registers_a_mine_and_nothing_is_recorded(site: Site) -> None:
    for role in set(Role) - {Role.SYSTEM_ADMINISTRATOR}:
        person = await site.person(role, division="52")
        with pytest.raises(NotAllowed):
            await perform(site.database, person, NOW, operations.register_mine, facts=FACTS)
        with pytest.raises(NotAllowed):
            await perform(site.database, person, NOW, operations.register_office, code="GZ-3", name="监察执法三处")
    assert (await site.entries(), await site.counted("mines"), await site.counted("offices")) == ([], 3, 2)


async def test_an_administrator_of_one_county_registers_no_mine_of_another(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, county=PANZHOU)
    facts = replace(FACTS, county=ZHONGSHAN)
    with pytest.raises(NotAllowed):
        await perform(site.database, administrator, NOW, operations.register_mine, facts=facts)
    assert await site.entries() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"credit_code": "91350100M000100Y44"}, rules.CreditCodeWrong),
        ({"credit_code": credit_code(1)}, rules.CreditCodeTaken),
        ({"county": "110101"}, rules.CountyUnknown),
        ({"supervisor": "5203"}, rules.SupervisorElsewhere),
        ({"office": "GZ-9"}, rules.OfficeUnknown),
        ({"latitude": 0}, rules.PositionOutsideGuizhou),
    ],
)
async def test_each_problem_leaves_nothing_behind(
    site: Site, changes: dict[str, object], problem: type[Problem]
) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    facts = replace(FACTS, **changes)  # type: ignore[arg-type] # The cases above fit their fields.
    with pytest.raises(problem):
        await perform(site.database, administrator, NOW, operations.register_mine, facts=facts)
    assert (await site.entries(), await site.counted("mines")) == ([], 3)


async def test_an_office_is_registered_once(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, division="52")
    office = await perform(
        site.database, administrator, NOW, operations.register_office, code="GZ-3", name="监察执法三处"
    )
    assert office.code == "GZ-3"
    with pytest.raises(rules.OfficeCodeTaken):
        await perform(site.database, administrator, NOW, operations.register_office, code="GZ-3", name="另一处")
    assert await site.entries() == ["office.registered"]


async def test_an_administrator_of_one_county_registers_no_office(site: Site) -> None:
    administrator = await site.person(Role.SYSTEM_ADMINISTRATOR, county=PANZHOU)
    with pytest.raises(NotAllowed):
        await perform(site.database, administrator, NOW, operations.register_office, code="GZ-3", name="监察执法三处")
    assert (await site.entries(), await site.counted("offices")) == ([], 2)
