"""Tests of the acts on a year's clauses: two people each, what is refused, who may, and what trace they leave."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.promises.templates import queries, rules
from storage.promises.templates.comparing import OWN_CLAUSES, TEMPLATES
from storage.promises.templates.conditions import BoundInAnotherUnit, Condition, LooserThanTheTemplate
from storage.promises.templates.tables import ConditionKind, Unit
from storage.record.actor import ROLE_VERBS, Actor, Role, Verb, keeper, stranger
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem, TryAgain
from tests.counting import statements_of
from tests.factories.templates import GAS, TIGHTER, YEAR, Promises, clause, clauses, promises_of
from tests.sites import PANZHOU, Site

TIGHTEST = Condition(kind=ConditionKind.NUMBER, unit=Unit.HUNDREDTHS_OF_PERCENT, most=50)


@pytest.fixture
async def promises(site: Site) -> Promises:
    return await promises_of(site)


async def gas(promises: Promises, *, year: int = YEAR, mine_id: UUID | None = None) -> tuple[Any, bool] | None:
    """What the mine promises of its gas, as anybody reads it, and whether it is its own."""
    async with promises.site.database.reading(stranger()) as sql:
        found = await queries.clauses_for(sql, mine_id or promises.site.mine, year)
    held = {one.clause.key: one for one in found.promised} if found else {}
    return (held["GAS_IN_RETURN"].clause.condition, held["GAS_IN_RETURN"].own) if held else None


async def kept(promises: Promises) -> Any:
    rows = [
        await promises.site.rows.fetch(f"SELECT * FROM {name} ORDER BY id") for name in ("templates", "own_clauses")
    ]
    return rows, await promises.site.counted("entries")


async def refused(promises: Promises, problem: type[Problem] | tuple[type[Problem], ...], act: Any) -> None:
    before = await kept(promises)
    with pytest.raises(problem):
        await act
    assert await kept(promises) == before


async def test_a_year_is_drafted_by_one_approved_by_another_and_then_holds_for_every_mine(promises: Promises) -> None:
    drafted = await promises.drafts(note="第一稿")
    assert (drafted.version, drafted.approved, queries.clauses_of(drafted)) == (1, None, list(clauses()))
    assert await gas(promises) is None  # Nothing holds by a draft.
    decided = await promises.decides(drafted.id, note="同意")
    assert (decided.approved, decided.decided_by, decided.decision_note) == (True, promises.head.account_id, "同意")
    assert await gas(promises) == await gas(promises, mine_id=promises.site.far_mine) == (GAS, False)
    assert await gas(promises, year=2026) is None
    assert await promises.site.entries() == ["template.drafted", "template.approved"]


async def test_a_later_version_takes_the_place_and_an_earlier_one_cannot_come_behind_it(promises: Promises) -> None:
    first, second = await promises.drafts(), await promises.drafts((clause(condition=TIGHTER), *clauses()[1:]))
    third = await promises.drafts()
    assert (first.version, second.version, third.version) == (1, 2, 3)
    await promises.decides(third.id, approve=False)
    await promises.decides(second.id)
    assert await gas(promises) == (TIGHTER, False)
    await refused(promises, rules.TemplateOvertaken, promises.decides(first.id))
    await promises.decides(first.id, approve=False)
    assert await gas(promises) == (TIGHTER, False)


async def test_each_problem_of_a_template_leaves_nothing_behind(promises: Promises) -> None:
    both = await promises.site.person(Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, county=None, division="52")
    own, other = await promises.drafts(by=both), await promises.approved()
    await refused(promises, rules.PromiseTakesTwo, promises.decides(own.id, by=both))
    await refused(promises, rules.TemplateDecided, promises.decides(other.id))
    await refused(promises, NotFound, promises.decides(uuid4()))
    await refused(promises, BadInput, promises.decides(own.id, note="注" * 1_001))
    await refused(promises, BadInput, promises.drafts(note="注" * 1_001))
    await refused(promises, BadInput, promises.drafts(clauses()[1:]))
    await refused(promises, BadInput, promises.drafts(year=2028))
    await refused(promises, rules.YearOver, promises.drafts(year=2025))
    late = await promises.drafts(year=2026)
    promises.now = promises.now.replace(year=2027)
    await refused(promises, rules.YearOver, promises.decides(late.id))
    await promises.decides(late.id, approve=False)


async def test_a_mine_is_stricter_by_its_clerk_and_its_principal_and_never_looser_again(promises: Promises) -> None:
    await promises.approved()
    first = await promises.tightens(clause(condition=TIGHTER))
    assert await gas(promises) == (GAS, False)
    await promises.adopts(first.id)
    assert await gas(promises) == (TIGHTER, True)
    assert await gas(promises, mine_id=promises.site.far_mine) == (GAS, False)
    await refused(promises, LooserThanTheTemplate, promises.tightens(clause()))
    second = await promises.adopted(clause(condition=TIGHTEST))
    assert (second.replaces, await gas(promises)) == (first.id, (TIGHTEST, True))
    await promises.adopted(clause("QUITE_NEW"))
    async with promises.site.database.reading(stranger()) as sql:
        found = await queries.clauses_for(sql, promises.site.mine, YEAR)
    assert (found.version, len(found.promised), found.promised[-1].clause.key) == (1, 6, "QUITE_NEW")
    assert await promises.site.entries() == [
        "template.drafted", "template.approved", *["clause.drafted", "clause.adopted"] * 3,
    ]  # fmt: skip


async def test_the_company_drafts_too_and_a_rejected_clause_binds_nobody(promises: Promises) -> None:
    await promises.approved()
    company = await promises.site.person(Role.COMPANY_GROUP, county=None, mine_id=promises.site.mine)
    drafted = await promises.tightens(clause(condition=TIGHTER), by=company)
    rejected = await promises.adopts(drafted.id, adopt=False, note="做不到")
    assert (rejected.approved, rejected.decision_note, await gas(promises)) == (False, "做不到", (GAS, False))
    assert (await promises.site.entries())[2:] == ["clause.drafted", "clause.rejected"]


async def test_each_problem_of_an_own_clause_leaves_nothing_behind(promises: Promises) -> None:
    own = clause(condition=TIGHTER)
    await refused(promises, rules.TemplateNotApproved, promises.tightens(own))
    await promises.approved()
    hours = Condition(kind=ConditionKind.NUMBER, unit=Unit.HOURS, most=1)
    await refused(promises, BoundInAnotherUnit, promises.tightens(clause(condition=hours)))
    looser = Condition(kind=ConditionKind.NUMBER, unit=Unit.HUNDREDTHS_OF_PERCENT, most=101)
    await refused(promises, LooserThanTheTemplate, promises.tightens(clause(condition=looser)))
    await refused(promises, BadInput, promises.tightens(clause("gas")))
    await refused(promises, rules.YearOver, promises.tightens(own, year=2025))
    await refused(promises, (NotFound, NotAllowed), promises.tightens(own, mine_id=promises.site.far_mine))
    both = await promises.site.person(Role.MINE_CLERK, Role.MINE_PRINCIPAL, county=None, mine_id=promises.site.mine)
    drafted = await promises.tightens(own, by=both)
    await refused(promises, rules.PromiseTakesTwo, promises.adopts(drafted.id, by=both))
    await refused(promises, NotFound, promises.adopts(uuid4()))
    await refused(promises, BadInput, promises.adopts(drafted.id, note="注" * 1_001))
    await promises.adopts(drafted.id)
    await refused(promises, rules.ClauseDecided, promises.adopts(drafted.id))


async def test_an_own_clause_is_not_adopted_over_another_or_under_a_stricter_template(promises: Promises) -> None:
    await promises.approved()
    first, second = (
        await promises.tightens(clause(condition=TIGHTER)),
        await promises.tightens(clause(condition=TIGHTEST)),
    )
    await promises.adopts(first.id)
    await refused(promises, rules.ClauseOvertaken, promises.adopts(second.id))
    waiting = await promises.tightens(clause(condition=TIGHTER))
    await promises.approved((clause(condition=TIGHTEST), *clauses()[1:]))
    await refused(promises, LooserThanTheTemplate, promises.adopts(waiting.id))
    assert await gas(promises) == (TIGHTEST, False)
    with pytest.raises(asyncpg.UniqueViolationError):  # Nor do two principals at once.
        await promises.site.rows.execute(
            "UPDATE own_clauses SET approved = true, decided_at = now(), decided_by = $2 WHERE id = $1",
            second.id, promises.principal.account_id,
        )  # fmt: skip


async def test_of_two_who_act_at_once_one_is_told_and_what_stands_is_one(promises: Promises) -> None:
    drafts = await asyncio.gather(*(promises.drafts() for _ in range(4)), return_exceptions=True)
    made = [one.version for one in drafts if not isinstance(one, BaseException)]
    assert sorted(made) == list(range(1, len(made) + 1))
    assert {type(one) for one in drafts if isinstance(one, BaseException)} <= {TryAgain}
    await promises.approved()
    waiting = [(await promises.tightens(clause(condition=one))).id for one in (TIGHTER, TIGHTEST)]
    decided = await asyncio.gather(*(promises.adopts(one) for one in waiting), return_exceptions=True)
    (told,) = (one for one in decided if isinstance(one, BaseException))
    # Whoever is second was either overtaken, or compared with a clause that is already stricter than its own.
    assert isinstance(told, rules.ClauseOvertaken | LooserThanTheTemplate)
    assert await promises.site.rows.fetchval("SELECT count(*) FROM own_clauses WHERE approved") == 1
    id = (await promises.drafts()).id
    both = await asyncio.gather(*(promises.decides(id) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in both if isinstance(one, BaseException)] == [rules.TemplateDecided]


@pytest.mark.parametrize("role", list(Role))
async def test_only_the_roles_that_carry_the_verbs_act_and_nothing_else_is_recorded(
    promises: Promises, role: Role
) -> None:
    await promises.approved()
    template, own = await promises.drafts(), await promises.tightens(clause(condition=TIGHTER))
    province = await promises.site.person(role, county=None, division="52")
    county = await promises.site.person(role, county=PANZHOU)
    far = await promises.site.person(role, county=None, mine_id=promises.site.far_mine)
    await refused(promises, NotAllowed, promises.drafts(by=county))
    await refused(promises, (NotAllowed, NotFound), promises.decides(template.id, by=county))
    await refused(promises, (NotAllowed, NotFound), promises.tightens(clause("QUITE_NEW"), by=far))
    await refused(promises, (NotAllowed, NotFound), promises.adopts(own.id, by=far))
    acts = (
        (Verb.TEMPLATE_DRAFT, lambda: promises.drafts(by=province)),
        (Verb.TEMPLATE_APPROVE, lambda: promises.decides(template.id, by=province)),
        (Verb.TEMPLATE_TIGHTEN, lambda: promises.tightens(clause("QUITE_NEW"), by=province)),
        (Verb.TEMPLATE_ADOPT, lambda: promises.adopts(own.id, by=province)),
    )
    for verb, act in acts:
        if verb not in ROLE_VERBS[role]:
            await refused(promises, NotAllowed, act())


@pytest.mark.parametrize("role", list(Role))
async def test_drafts_are_read_by_their_makers_and_what_is_approved_by_all(promises: Promises, role: Role) -> None:
    await promises.approved()
    await promises.drafts()
    await promises.tightens(clause(condition=TIGHTER))

    async def seen(person: Actor) -> tuple[int, int]:
        async with promises.site.database.reading(person) as sql:
            templates = await queries.templates_visible_to(sql, limit=10)
            return len(templates), len(await queries.own_clauses_visible_to(sql, person, limit=10))

    makes = role in (Role.LEGAL_REVIEWER, Role.AGENCY_HEAD, Role.AUDITOR)
    reads = Verb.TEMPLATE_READ in ROLE_VERBS[role]
    assert await seen(await promises.site.person(role, county=PANZHOU)) == (1 + makes, int(reads))
    of_another = await promises.site.person(role, county=None, mine_id=promises.site.far_mine)
    assert await seen(of_another) == (1 + makes, 0)


async def test_the_database_itself_refuses_one_hand_and_any_change_of_what_was_decided(promises: Promises) -> None:
    template = await promises.drafts()
    for change in ("approved = true, decided_by = drafted_by, decided_at = now()", "approved = true", "version = 0"):
        with pytest.raises(asyncpg.CheckViolationError):
            await promises.site.rows.execute(f"UPDATE templates SET {change}")
    await promises.decides(template.id)
    own = await promises.adopted(clause(condition=TIGHTER))
    for table, id in (("templates", template.id), ("own_clauses", own.id)):
        with pytest.raises(asyncpg.RestrictViolationError):
            await promises.site.rows.execute(f"UPDATE {table} SET approved = false WHERE id = $1", id)
    for actor, change in (
        (promises.head, "templates SET clauses = '[]'"),
        (promises.principal, "own_clauses SET key = 'X'"),
    ):
        async with promises.site.database.transaction(actor) as (_, sql):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await sql.execute(f"UPDATE {change}")


async def test_an_act_takes_as_many_statements_for_a_hundred_clauses_as_for_five(promises: Promises) -> None:
    heard = statements_of(promises.site.database)
    counts = []
    for many in (clauses(), (*clauses(), *(clause(f"MORE_{n}") for n in range(95)))):
        template = await promises.drafts(many)
        heard.clear()
        await promises.drafts(many)
        drafting = len(heard)
        await promises.decides(template.id)
        heard.clear()
        await gas(promises)
        counts.append((drafting, len(heard)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 1


async def test_the_rows_are_what_their_entries_say(promises: Promises, workers: Database) -> None:
    await promises.approved()
    await promises.drafts()
    await promises.adopted(clause(condition=TIGHTER))
    await promises.adopted(clause(condition=TIGHTEST))
    await promises.tightens(clause("QUITE_NEW"))

    async def page(text: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(text, *arguments)

    async def differing() -> list[tuple[str, str]]:
        return [
            (one.table, one.column) for comparison in (TEMPLATES, OWN_CLAUSES)
            async for one in comparing.differences(page, comparison)
        ]  # fmt: skip

    assert await differing() == []
    await promises.site.rows.execute("UPDATE templates SET clauses = '[]' WHERE approved")
    await promises.site.rows.execute("UPDATE own_clauses SET clause = replace(clause, '50', '51') WHERE approved")
    assert await differing() == [("templates", "told_clauses"), ("own_clauses", "clause")]
