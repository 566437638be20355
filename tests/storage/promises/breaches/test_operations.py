"""Tests of breaches: what shows one, who answers and decides, what is refused, who may, and what the record says."""

from collections.abc import Awaitable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage.field.inspections.rules import NotAnOfficer
from storage.miners.refusals.tables import RefusalStepKind
from storage.promises.breaches import operations, queries, rules
from storage.promises.breaches.comparing import BREACH_CONSEQUENCES, BREACHES
from storage.promises.breaches.tables import BreachConsequenceKind, BreachSource, BreachState
from storage.promises.commitments.rules import ClauseNotPromised, EvidenceNotSealed
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.keys.rules import NotThePrincipal
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper, stranger
from storage.record.clock import day_of
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from tests.factories.breaches import GAS, YEAR, Broken, broken_of, lead_mine, sign
from tests.factories.refusals import ground_of
from tests.sites import NOW, PANZHOU, Site

TODAY = day_of(NOW)
_PUBLIC = "SELECT id, key, day, decided_at, corrected_at FROM breaches_standing($1, $2)"
_TABLES = ("breaches", "breach_deadlines", "breach_consequences", "broken_promises")


@pytest.fixture
async def broken(site: Site) -> Broken:
    return await broken_of(site)


async def refused(site: Site, problem: type[Problem] | tuple[type[Problem], ...], act: Awaitable[Any]) -> None:
    before = await kept(site)
    with pytest.raises(problem):
        await act
    assert await kept(site) == before


async def kept(site: Site) -> list[int]:
    """How many rows there are of breaches, and how many entries of theirs."""
    entries = sum(one.startswith("breach.") for one in await site.entries())
    return [entries, *[await site.counted(name) for name in _TABLES]]


async def test_三六2_a_breach_is_found_answered_decided_and_corrected(broken: Broken) -> None:
    found = await broken.finds()
    assert (rules.state_of(found), found.year, found.title) == (BreachState.FOUND, YEAR, "总回风瓦斯浓度")
    assert found.commitment_id == broken.commitment
    assert rules.state_of(await broken.answers(found.id)) is BreachState.ANSWERED
    stands = await broken.decides(found.id)
    assert rules.state_of(stands) is BreachState.STANDS
    corrected = await broken.acts(
        operations.correct_breach, broken.check.lead, breach_id=found.id, words="复查时传感器正常"
    )
    assert rules.state_of(corrected) is BreachState.CORRECTED
    assert [one for one in await broken.site.entries() if one.startswith("breach")] == [
        "breach.found", "breach.answered", "breach.decided", "breach.corrected",
    ]  # fmt: skip


async def test_what_stands_marks_the_findings_by_which_it_shows(broken: Broken) -> None:
    stands = await broken.stands()
    rows = await broken.site.rows.fetch("SELECT finding_id, breach_id, year, key FROM broken_promises")
    assert [tuple(row) for row in rows] == [(stands.findings[0], stands.id, YEAR, GAS)]


async def test_what_is_withdrawn_marks_nothing_and_stays_between_mine_and_agency(broken: Broken) -> None:
    found = await broken.finds()
    await broken.answers(found.id, accepts=False, correct_by=None, words="传感器当时正在校验")
    withdrawn = await broken.decides(found.id, stands=False, words="校验记录属实")
    assert rules.state_of(withdrawn) is BreachState.WITHDRAWN
    assert await broken.site.counted("broken_promises") == 0
    async with broken.site.database.reading(stranger()) as sql:
        assert await queries.breaches_by_ids(sql, [found.id]) == []
    await refused(broken.site, rules.BreachDecided, broken.decides(found.id))
    await refused(
        broken.site, rules.NoBreachStands,
        broken.acts(operations.correct_breach, broken.check.lead, breach_id=found.id, words="复查时正常"),
    )  # fmt: skip


async def test_everybody_reads_that_it_stands_and_nobody_else_what_was_said_of_it(broken: Broken) -> None:
    found = await broken.finds()
    far = await broken.site.person(Role.INSPECTOR, county="520201")
    rival = await broken.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=broken.site.far_mine)

    async def seen(*, public: int) -> None:
        own, none = [found.id], list[Any]()
        for actor, rows in (
            (stranger(), none),
            (far, none),
            (rival, none),
            (broken.principal, own),
            (broken.head, own),
        ):
            async with broken.site.database.reading(actor) as sql:
                assert [one.id for one in await queries.breaches_by_ids(sql, [found.id])] == rows
                assert len(await sql.fetch(_PUBLIC, [broken.site.mine], YEAR)) == public

    await seen(public=0)
    await broken.answers(found.id)
    await broken.decides(found.id)
    await seen(public=1)


async def test_what_nobody_promised_nobody_breaks(broken: Broken) -> None:
    await refused(broken.site, ClauseNotPromised, broken.finds(key="OTHER_CLAUSE"))
    await refused(broken.site, rules.BreachSourceElsewhere, broken.finds(mine_id=broken.site.closed_mine))


async def test_a_mine_that_had_not_signed_by_then_breaks_nothing(site: Site) -> None:
    broken = await broken_of(site, at=NOW + timedelta(hours=1))
    await refused(site, rules.CommitmentNotSigned, broken.finds())


async def test_a_commitment_of_another_year_does_not_hold(site: Site) -> None:
    broken = await broken_of(site, year=YEAR + 1)
    await refused(site, rules.CommitmentNotSigned, broken.finds())


async def test_a_mine_whose_principal_went_is_held_to_what_was_signed(broken: Broken) -> None:
    await broken.site.rows.execute("UPDATE posts SET to_day = $1, ended_at = $2", TODAY - timedelta(days=2), NOW)
    assert (await broken.finds()).commitment_id == broken.commitment


@pytest.mark.parametrize(("days", "is_breach"), [(0, False), (1, False), (-1, True)])
async def test_not_yet_by_a_day_is_no_breach_until_the_day_after(site: Site, days: int, is_breach: bool) -> None:
    said = {GAS: (AnswerOutcome.NOT_YET, TODAY + timedelta(days=days))}
    broken = await broken_of(site, said=said)
    if is_breach:
        await broken.finds()
    else:
        await refused(site, rules.NotYetDue, broken.finds())


async def test_what_is_promised_last_holds(broken: Broken) -> None:
    said = {GAS: (AnswerOutcome.NOT_YET, date(YEAR, 12, 31))}
    await sign(broken.site, broken.principal, said=said, at=NOW - timedelta(days=1), supersedes=broken.commitment)
    await refused(broken.site, rules.NotYetDue, broken.finds())


async def test_the_same_clause_is_found_once_from_one_source(broken: Broken) -> None:
    finding = (await broken.check.finds()).id
    await broken.finds(finding=finding)
    await refused(broken.site, rules.BreachFoundBefore, broken.finds(finding=finding))
    await broken.finds(finding=finding, key="CLAUSE_SYSTEM")


async def test_a_refusal_shows_a_breach_once_it_was_found_true(broken: Broken, workers: Database) -> None:
    ground = await ground_of(broken.site, workers)
    refusal = await ground.refuses(clause_key=GAS)
    source: dict[str, Any] = {"source": BreachSource.REFUSAL, "source_id": refusal.id}
    lead = ground.check.lead
    await refused(broken.site, rules.RefusalNotSubstantiated, broken.finds(by=lead, **source))
    finding = await ground.check.finds()
    await put_true(broken.site, refusal.id, lead.account_id, finding.id)
    found = await broken.finds(by=lead, **source)
    assert (found.source, found.findings) == (BreachSource.REFUSAL, [finding.id])


async def put_true(site: Site, refusal: Any, by: Any, finding: Any) -> None:
    """The step by which a refusal was found true, put straight into the table."""
    await site.put("refusal_steps", id=uuid4(), refusal_id=refusal, ordinal=9, at=NOW, by_id=by, words="属实",
                   kind=RefusalStepKind.SUBSTANTIATED.value, officers=[], findings=[finding])  # fmt: skip


async def test_an_inspecting_officer_finds_one_and_names_findings_of_his_inspection_alone(broken: Broken) -> None:
    own = await broken.check.finds()
    source: dict[str, Any] = {"source": BreachSource.INSPECTION, "source_id": broken.check.id}
    outsider = await broken.site.person(Role.INSPECTOR)
    await refused(broken.site, NotAnOfficer, broken.finds(by=outsider, **source))
    await refused(broken.site, BadInput, broken.finds(**source, findings_named=(uuid4(),)))
    await refused(broken.site, BadInput, broken.finds(findings_named=(own.id,)))
    found = await broken.finds(**source, findings_named=(own.id,))
    assert found.findings == [own.id]


async def test_what_is_out_of_sight_is_not_found(broken: Broken) -> None:
    for source in BreachSource:
        await refused(broken.site, NotFound, broken.finds(source=source, source_id=uuid4()))
    for act in (broken.answers(uuid4()), broken.decides(uuid4()), broken.imposes(uuid4())):
        await refused(broken.site, NotFound, act)


@pytest.mark.parametrize("words", ["", "短", "长" * 2_001])
async def test_every_step_says_something(broken: Broken, words: str) -> None:
    await refused(broken.site, BadInput, broken.finds(words=words))
    found = await broken.finds()
    await refused(broken.site, BadInput, broken.answers(found.id, words=words))
    await refused(broken.site, BadInput, broken.decides(found.id, words=words))


@pytest.mark.parametrize(
    "changes",
    [
        {"correct_by": None}, {"accepts": False}, {"correct_by": TODAY - timedelta(days=1)},
        {"correct_by": date(YEAR + 2, 1, 1)}, {"evidence": tuple(uuid4() for _ in range(51))},
    ],
)  # fmt: skip
async def test_who_accepts_says_by_when_and_who_objects_does_not(broken: Broken, changes: dict[str, Any]) -> None:
    found = await broken.finds()
    await refused(broken.site, BadInput, broken.answers(found.id, **changes))


async def test_the_mine_answers_once_with_evidence_that_is_sealed(broken: Broken) -> None:
    found, piece = await broken.finds(), await broken.check.piece()
    await refused(broken.site, EvidenceNotSealed, broken.answers(found.id, evidence=(piece,)))
    for state in ("RECEIVED", "SEALED"):
        await broken.site.rows.execute("UPDATE evidence SET state = $2 WHERE id = $1", piece, state)
    assert (await broken.answers(found.id, evidence=(piece,))).evidence == [piece]
    await refused(broken.site, rules.BreachAnswered, broken.answers(found.id))


async def test_it_is_decided_by_another_once_the_mine_was_heard_or_its_time_is_over(broken: Broken) -> None:
    found = await broken.finds()
    await refused(broken.site, rules.BreachTakesTwo, broken.decides(found.id, by=broken.check.lead))
    await refused(broken.site, rules.BreachAnswerDue, broken.decides(found.id))
    broken.now += timedelta(days=30)
    await broken.decides(found.id)
    await refused(broken.site, rules.BreachDecided, broken.answers(found.id))


async def test_a_late_answer_is_heard_while_nothing_is_decided(broken: Broken) -> None:
    found = await broken.finds()
    broken.now += timedelta(days=30)
    assert rules.state_of(await broken.answers(found.id)) is BreachState.ANSWERED
    assert (await broken.decides(found.id)).accepted is True


async def test_it_is_found_corrected_once(broken: Broken) -> None:
    stands, act = await broken.stands(), operations.correct_breach
    await broken.acts(act, broken.check.lead, breach_id=stands.id, words="复查合格")
    again = broken.acts(act, broken.check.lead, breach_id=stands.id, words="复查合格")
    await refused(broken.site, rules.BreachCorrected, again)


async def test_what_follows_takes_two_people_and_breaches_that_stand(broken: Broken) -> None:
    open_one = await broken.finds()
    await refused(broken.site, rules.NoBreachStands, broken.proposes(open_one.id))
    await refused(broken.site, BadInput, broken.proposes())
    await refused(broken.site, BadInput, broken.proposes(open_one.id, open_one.id))
    stands = await broken.stands()
    for kind in BreachConsequenceKind:
        proposed = await broken.proposes(stands.id, kind=kind)
        decided = await broken.imposes(proposed.id)
        assert (decided.kind, decided.approved, decided.decided_by) == (kind, True, broken.head.account_id)
    await refused(broken.site, rules.BreachConsequenceDecided, broken.imposes(proposed.id))


async def test_who_proposes_does_not_decide_even_as_head(broken: Broken) -> None:
    both = await broken.site.person(Role.LEAD, Role.AGENCY_HEAD)
    stands = await broken.stands()
    proposed = await broken.proposes(stands.id, by=both)
    await refused(broken.site, rules.BreachTakesTwo, broken.imposes(proposed.id, by=both))


_VERBS = (Verb.BREACH_FIND, Verb.BREACH_ANSWER, Verb.BREACH_DECIDE, Verb.BREACH_PROPOSE, Verb.BREACH_IMPOSE)


@pytest.mark.parametrize("role", list(Role))
async def test_only_whose_it_is_acts_on_a_breach(broken: Broken, role: Role) -> None:
    found, stands = await broken.finds(), await broken.stands()
    proposed = await broken.proposes(stands.id)
    actor = await broken.site.person(role)
    acts: dict[Verb, Any] = {
        Verb.BREACH_FIND: lambda: broken.finds(by=actor, finding=stands.findings[0], key="CLAUSE_PEOPLE"),
        Verb.BREACH_ANSWER: lambda: broken.answers(found.id, by=actor),
        Verb.BREACH_DECIDE: lambda: broken.acts(
            operations.correct_breach, actor, breach_id=stands.id, words="复查合格"
        ),
        Verb.BREACH_PROPOSE: lambda: broken.proposes(stands.id, by=actor),
        Verb.BREACH_IMPOSE: lambda: broken.imposes(proposed.id, by=actor),
    }
    for verb in _VERBS:
        if verb not in ROLE_VERBS[role]:
            await refused(broken.site, (NotAllowed, NotFound), acts[verb]())


async def test_another_mines_principal_answers_nothing_here(broken: Broken) -> None:
    found = await broken.finds()
    far = await broken.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=broken.site.far_mine)
    await refused(broken.site, NotFound, broken.answers(found.id, by=far))


async def test_a_principal_who_went_answers_no_more_though_his_role_was_not_withdrawn(broken: Broken) -> None:
    found = await broken.finds()
    await broken.site.rows.execute("UPDATE posts SET to_day = $1, ended_at = now()", TODAY - timedelta(days=1))
    await refused(broken.site, NotThePrincipal, broken.answers(found.id))
    successor = await broken.site.person(Role.MINE_PRINCIPAL, county=None, mine_id=broken.site.mine)
    await refused(broken.site, NotThePrincipal, broken.answers(found.id, by=successor))
    await lead_mine(broken.site, broken.site.mine, successor)
    await broken.answers(found.id, by=successor)


async def test_lists_page_within_reach(broken: Broken) -> None:
    made = [(await broken.finds(key=key)).id for key in (GAS, "CLAUSE_SYSTEM", "CLAUSE_PEOPLE")]
    stands = await broken.stands(key="CLAUSE_INVESTMENT")
    await broken.proposes(stands.id)
    for actor, count in ((broken.head, 4), (await broken.site.person(Role.INSPECTOR, county="520201"), 0)):
        async with broken.site.database.reading(actor) as sql:
            rows = await queries.breaches_visible_to(sql, actor, limit=10)
            assert len(rows) == count
            assert len(await queries.consequences_visible_to(sql, actor, limit=10)) == min(count, 1)
    async with broken.site.database.reading(broken.head) as sql:
        undecided = await queries.breaches_visible_to(sql, broken.head, limit=10, open_only=True)
        assert [one.id for one in undecided] == made[::-1]
        first = await queries.breaches_visible_to(sql, broken.head, limit=2, mine_id=broken.site.mine)
        key = (first[-1].found_at, first[-1].id)
        rest = await queries.breaches_visible_to(sql, broken.head, limit=5, behind=key, mine_id=broken.site.mine)
        assert [one.id for one in (*first, *rest)] == [stands.id, *made[::-1]]
        assert len(await queries.deadlines_of(sql, [stands.id, *made])) == 5


async def test_the_rows_are_what_the_entries_say(broken: Broken, workers: Database) -> None:
    await broken.finds()
    stands = await broken.stands(key="CLAUSE_SYSTEM")
    await broken.acts(operations.correct_breach, broken.check.lead, breach_id=stands.id, words="复查合格")
    await broken.imposes((await broken.proposes(stands.id)).id)
    await broken.proposes(stands.id)

    async def page(statement: str, arguments: tuple[Any, ...]) -> Any:
        async with workers.reading(keeper()) as sql:
            return await sql.fetch(statement, *arguments)

    async def differing() -> set[tuple[str, str]]:
        return {
            (one.table, one.column) for comparison in (BREACHES, BREACH_CONSEQUENCES)
            async for one in comparing.differences(page, comparison)
        }  # fmt: skip

    assert await differing() == set()
    for change in ("start = start - 1", "start = start + 1, met_at = now()"):
        await broken.site.rows.execute(f"UPDATE breach_deadlines SET {change}")
        assert await differing() == {("breaches", "told_clocks")}


@pytest.mark.parametrize(
    "change", ["accepted = false", "stands = false", "decision = 'x'", "answered_at = now()", "corrected_at = now()"]
)
async def test_what_is_filled_is_filled_for_good(broken: Broken, change: str) -> None:
    stands = await broken.stands()
    await broken.acts(operations.correct_breach, broken.check.lead, breach_id=stands.id, words="复查合格")
    with pytest.raises(asyncpg.PostgresError):
        await broken.site.rows.execute(f"UPDATE breaches SET {change}")  # The test's own change.


async def test_the_county_reads_its_own(broken: Broken) -> None:
    await broken.finds()
    reader = await broken.site.person(Role.AUDITOR, county=PANZHOU)
    async with broken.site.database.reading(reader) as sql:
        assert len(await queries.breaches_visible_to(sql, reader, limit=5)) == 1
