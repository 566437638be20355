"""Tests that rows of cases are held against their entries, step by step."""

from typing import Any
from uuid import uuid4

from storage.casework.cases import operations
from storage.casework.cases.bodies.after import Revoked
from storage.casework.cases.bodies.facts import Noted
from storage.casework.cases.comparing import CASES
from storage.casework.findings.comparing import FINDINGS
from storage.record.ledger import comparing
from storage.record.work import perform
from tests.factories.casework import make_check
from tests.factories.desk import make_desk
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


async def test_a_party_a_conduct_a_fine_or_what_stands_behind_a_finding_is_named_when_a_hand_changed_it(
    site: Site,
) -> None:
    desk = await make_desk(site)
    await desk.rest_on_a_sound_finding()
    await desk.decide()
    decision = await site.rows.fetchval("SELECT decision_id FROM case_fines")
    await desk.take(Revoked(decision=decision, reason="适用依据错误"), by=desk.head, officers=())

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await site.rows.fetch(statement, *arguments)

    async def differing() -> set[str]:
        return {found.column for one in (CASES, FINDINGS) async for found in comparing.differences(page, one)}

    assert await differing() == set()
    for table, change, named in (
        ("case_parties", "subject = 'x'", "told_parties"), ("case_conducts", "clause = 'x'", "told_conducts"),
        ("case_conducts", "kind = 'x'", "told_conducts"), ("case_fines", "fell_at = NULL", "told_fines"),
        ("case_fines", "subject = 'x'", "told_fines"), ("case_steps", "at = at - interval '1 day'", "told_steps"),
        ("finding_confirmations", "certificate_id = NULL", "told_confirmations"),
        ("finding_confirmations", "confirmed_at = confirmed_at - interval '1 day'", "told_confirmations"),
        ("finding_evidence", "evidence_id = gen_random_uuid()", "told_evidence"),
    ):  # fmt: skip
        for act in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            await site.rows.execute("BEGIN")
            await site.rows.execute("SET LOCAL session_replication_role = replica")  # A superuser, past the triggers.
            await site.rows.execute(act)
            assert named in await differing(), act
            await site.rows.execute("ROLLBACK")
    assert await differing() == set()
