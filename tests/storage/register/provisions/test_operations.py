"""Tests of drafting and deciding: what they change, what they refuse, who may, and what trace they leave."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.record.actor import ROLE_VERBS, Actor, Role, Verb
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.register.provisions import operations, queries, rules
from storage.register.provisions.comparing import PROVISIONS
from storage.register.provisions.rules import Draft
from storage.register.provisions.tables import Provision, ProvisionKind
from tests.counting import statements_of
from tests.sites import NOW, PANZHOU, Site
from tests.storage.register.provisions.test_items import ITEMS, drafted

DRAFT = Draft(
    kind=ProvisionKind.PARAMETER, key="defence", value=3, article="应急管理部令第18号",
    in_force_from=date(2026, 2, 1), note="陈述申辩期限",
)  # fmt: skip


@dataclass
class Office:
    """A legal office of the province: who drafts, who decides."""

    site: Site
    reviewer: Actor
    head: Actor

    async def drafts(self, draft: Draft = DRAFT, *, by: Actor | None = None) -> Provision:
        return await perform(self.site.database, by or self.reviewer, NOW, operations.draft_provision, draft=draft)

    async def decides(self, id: UUID, *, approve: bool = True, by: Actor | None = None, note: str = "") -> Provision:
        return await perform(
            self.site.database, by or self.head, NOW, operations.decide_provision, provision_id=id, approve=approve,
            note=note,
        )  # fmt: skip

    async def law(self, key: str, day: date) -> Any:
        async with self.site.database.reading(self.head) as sql:
            return (await queries.law_of(sql)).number(key, day)


@pytest.fixture
async def office(site: Site) -> Office:
    return Office(
        site, await site.person(Role.LEGAL_REVIEWER, county=None, division="52"),
        await site.person(Role.AGENCY_HEAD, county=None, division="52"),
    )  # fmt: skip


async def test_an_approved_draft_becomes_law_from_its_day_and_leaves_two_entries(office: Office) -> None:
    drafted = await office.drafts()
    assert await office.law("defence", date(2026, 3, 1)) == 5  # Nothing holds by a draft.
    decided = await office.decides(drafted.id, note="同意")
    assert (decided.approved, decided.decided_by, decided.decision_note) == (True, office.head.account_id, "同意")
    assert await office.law("defence", date(2026, 3, 1)) == 3
    assert await office.law("defence", date(2026, 1, 31)) == 5
    assert await office.site.entries() == ["provision.drafted", "provision.approved"]


async def test_a_rejected_draft_changes_nothing_but_stays(office: Office) -> None:
    drafted = await office.drafts()
    await office.decides(drafted.id, approve=False, note="依据不足")
    assert await office.law("defence", date(2026, 3, 1)) == 5
    assert await office.site.counted("provisions") == 1
    assert await office.site.entries() == ["provision.drafted", "provision.rejected"]


async def test_an_item_of_the_law_is_drafted_by_one_and_approved_by_another_and_read_once_until_it_changes(
    office: Office,
) -> None:
    heard = statements_of(office.site.database)
    day, key = date(2026, 3, 1), "DATA_NOT_SENT"
    kind = await office.drafts(drafted(ProvisionKind.FINDING_KIND))
    await refused(office, rules.NothingToEnd, office.drafts(replace(drafted(ProvisionKind.FINDING_KIND), content=None)))
    await office.decides(kind.id)
    end = replace(drafted(ProvisionKind.FINDING_KIND), content=None, in_force_from=date(2026, 4, 1))
    await office.decides((await office.drafts(end)).id)
    laws = []
    for _ in range(2):
        heard.clear()
        async with office.site.database.reading(office.head) as sql:
            laws.append(await queries.law_of(sql))
        assert len(heard) == 1, heard
    law = laws[0]
    assert law is laws[1]  # The same law is not made twice.
    assert (law.changes, law.kinds_on(day)[key].title) == (2, "未按规定上传数据")
    assert law.kind(key, date(2026, 4, 1)) is None
    assert await office.site.entries() == ["provision.drafted", "provision.approved"] * 2


async def test_the_row_of_an_item_is_what_its_entry_says(office: Office) -> None:
    for kind in ITEMS:
        await office.drafts(drafted(kind))

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        return await office.site.rows.fetch(statement, *arguments)

    async def differing() -> set[str]:
        return {found.column async for found in comparing.differences(page, PROVISIONS)}

    assert await differing() == set()
    await office.site.rows.execute("UPDATE provisions SET content = '{}' WHERE kind = 'POWER'")
    assert await differing() == {"content"}


async def test_the_database_itself_takes_no_value_for_an_item_and_no_item_for_a_number(office: Office) -> None:
    drafted_ = await office.drafts()
    for change in ("content = '{}'", "kind = 'FORM'", "number = NULL"):
        with pytest.raises(asyncpg.CheckViolationError):
            await office.site.rows.execute(f"UPDATE provisions SET {change} WHERE id = $1", drafted_.id)


async def refused(office: Office, problem: type[Problem], act: Any) -> None:
    before = (await office.site.counted("entries"), await office.site.rows.fetch("SELECT * FROM provisions"))
    with pytest.raises(problem):
        await act
    assert before == (await office.site.counted("entries"), await office.site.rows.fetch("SELECT * FROM provisions"))


async def test_who_drafts_does_not_decide_whatever_roles_he_has(office: Office) -> None:
    both = await office.site.person(Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, county=None, division="52")
    drafted = await office.drafts(by=both)
    await refused(office, rules.DecidedByTheDrafter, office.decides(drafted.id, by=both))


async def test_a_decision_stands(office: Office) -> None:
    drafted = await office.drafts()
    await office.decides(drafted.id, approve=False)
    await refused(office, rules.ProvisionDecided, office.decides(drafted.id))


async def test_what_is_no_draft_or_no_provision_is_refused(office: Office) -> None:
    await refused(office, BadInput, office.drafts(Draft(**{**_plain(DRAFT), "article": ""})))
    await refused(office, rules.ParameterUnknown, office.drafts(Draft(**{**_plain(DRAFT), "key": "x"})))
    await refused(office, NotFound, office.decides(uuid4()))
    drafted = await office.drafts()
    await refused(office, BadInput, office.decides(drafted.id, note="注" * 1_001))


@pytest.mark.parametrize("role", list(Role))
async def test_only_the_roles_of_the_province_that_carry_the_verbs_change_the_law(office: Office, role: Role) -> None:
    drafted = await office.drafts()
    everywhere = await office.site.person(role, county=None, division="52")
    of_county = await office.site.person(role, county=PANZHOU)
    for verb, act in (
        (Verb.PROVISION_DRAFT, lambda by: office.drafts(by=by)),
        (Verb.PROVISION_DECIDE, lambda by: office.decides(drafted.id, by=by)),
    ):
        await refused(office, NotAllowed, act(of_county))
        if verb not in ROLE_VERBS[role]:
            await refused(office, NotAllowed, act(everywhere))


async def test_the_database_itself_refuses_one_hand_and_a_second_decision(office: Office) -> None:
    drafted = await office.drafts()
    with pytest.raises(asyncpg.CheckViolationError):
        await office.site.rows.execute(
            "UPDATE provisions SET approved = true, decided_by = drafted_by, decided_at = now()"
        )
    await office.decides(drafted.id)
    with pytest.raises(asyncpg.RestrictViolationError):
        await office.site.rows.execute("UPDATE provisions SET approved = false")
    async with office.site.database.transaction(office.head) as (_, sql):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.execute("UPDATE provisions SET number = 1")


def _plain(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}
