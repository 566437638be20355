"""Tests that rows of cases are held against their entries, step by step."""

from typing import Any
from uuid import uuid4

from storage.casework.cases import operations
from storage.casework.cases.bodies.facts import Noted
from storage.casework.cases.comparing import CASES
from storage.record.ledger import comparing
from storage.record.work import perform
from tests.factories.casework import make_check
from tests.sites import NOW, Site
from tests.storage.casework.cases.test_operations import Desk


async def test_a_step_that_a_hand_changed_added_or_removed_is_not_what_its_entry_says(site: Site) -> None:
    check = await make_check(site)
    desk = Desk(check, check.lead, check.lead)
    await desk.file()
    for words in ("所见一", "所见二"):
        step = desk.taking(Noted(words=words), party=None)
        await perform(site.database, check.lead, NOW, operations.take_step, case_id=desk.id, step=step)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await site.rows.fetch(statement, *arguments)

    async def differing() -> set[str]:
        return {found.column async for found in comparing.differences(page, CASES)}

    assert await differing() == set()
    await site.rows.execute("SET session_replication_role = replica")  # Only a superuser gets past the trigger.
    await site.rows.execute('UPDATE case_steps SET body = \'{"evidence":[],"words":"改"}\' WHERE ordinal = 1')
    assert await differing() == {"told_steps"}
    await site.rows.execute("DELETE FROM case_steps WHERE ordinal = 2")
    assert await differing() == {"told_steps"}
    await site.rows.execute("UPDATE cases SET cause = '另一案由', opened_by = $1", uuid4())
    assert await differing() == {"told_steps", "cause", "opened_by"}
