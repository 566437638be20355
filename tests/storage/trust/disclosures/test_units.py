"""Tests of what the public's role reads of one mine or unit, and of whom a tombstone still names."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.record.actor import stranger
from storage.record.database import Database
from storage.trust.disclosures import operations, units
from storage.trust.disclosures.rules import WithdrawalGround
from tests.counting import statements_of
from tests.factories.disclosures import served
from tests.factories.public import lay
from tests.sites import Site, credit_code


async def asked(database: Database, question: Any, *arguments: Any) -> Any:
    async with database.reading(stranger()) as sql:
        return await question(sql, *arguments)


async def of_whom(site: Site, id: UUID) -> tuple[Any, ...]:
    row = await site.rows.fetchrow("SELECT mine_id, mine, credit_code FROM public_gone WHERE id = $1", id)
    assert row is not None
    return tuple(row)


async def test_a_mine_and_a_unit_are_read_in_one_statement_each(site: Site, public_database: Database) -> None:
    for seq in range(1, 5):
        await lay(site, seq, kind="PENALTY" if seq % 2 else "RESULT")
    heard = statements_of(public_database)
    found = await asked(public_database, units.of_mine, site.mine)
    assert [one.seq for one in found.rows] == [4, 3, 2, 1]
    assert [(one.many, one.penalties, one.inspections) for one in found.years] == [(4, 2, 2)]
    owned = await asked(public_database, units.of_owner, found.rows[0].credit_code)
    assert ([one.id for one in owned.mines], owned.means) == ([site.mine], {})
    assert await asked(public_database, units.of_mine, uuid4()) is None
    assert len([one for one in heard if "public_rows" in one]) == 3


@pytest.mark.parametrize("ground", [WithdrawalGround.PUBLISHED_IN_ERROR, WithdrawalGround.DECISION_FELL])
async def test_what_was_withdrawn_names_of_whom_it_was(
    site: Site, public_database: Database, ground: WithdrawalGround
) -> None:
    made = await served(site)
    row = await made.publish()
    if ground is WithdrawalGround.DECISION_FELL:
        await made.revoke()
    await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, ground=ground, reason="撤回的理由")
    assert await of_whom(site, row.id) == (site.mine, (await site.rows.fetchval("SELECT name FROM mines WHERE id = $1",
                                                                               site.mine)), credit_code(1))  # fmt: skip
    found = await asked(public_database, units.of_mine, site.mine)
    assert ([one.id for one in found.gone], found.rows) == ([row.id], [])
    if ground is WithdrawalGround.PUBLISHED_IN_ERROR:
        await made.acts(operations.restore_disclosure, disclosure_id=row.id, reason="撤回有误，恢复公示")
        found = await asked(public_database, units.of_mine, site.mine)
        assert ([one.id for one in found.rows], found.gone) == ([row.id], [])


async def test_what_harmed_somebody_or_was_repaired_names_nobody_any_more(
    site: Site, public_database: Database
) -> None:
    made = await served(site)
    row = await made.publish()
    harmed = WithdrawalGround.HARMS_SOMEBODY
    await made.acts(operations.withdraw_disclosure, disclosure_id=row.id, ground=harmed, reason="损害他人权益")
    assert await of_whom(site, row.id) == (None, None, None)
    assert await asked(public_database, units.of_mine, site.mine) is None


async def test_a_repaired_penalty_is_on_no_page_of_its_mine(site: Site, public_database: Database) -> None:
    made = await served(site)
    row = await made.publish()
    await made.acts(operations.hide_repaired, disclosure_id=row.id, basis="令36", reason="已修复")
    assert await of_whom(site, row.id) == (None, None, None)
    assert await asked(public_database, units.of_mine, site.mine) is None
