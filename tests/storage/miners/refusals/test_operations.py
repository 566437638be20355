"""Tests of marking, joining, checking, concluding and lifting: what is kept and refused, who may, what is traced."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.findings import operations as findings
from storage.field.inspections.rules import CertificateNotValid
from storage.miners.refusals import checking, following, operations, queries, rules
from storage.miners.refusals.comparing import REFUSALS, TASKS
from storage.miners.refusals.rules import Asked
from storage.miners.refusals.tables import DangerKind, RefusalState
from storage.miners.refusals.tables import RefusalStepKind as Kind
from storage.record.actor import ROLE_VERBS, Role, Verb, keeper
from storage.record.database import Database
from storage.record.ledger import comparing
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from storage.register.people.tables import ShiftKind
from tests.counting import statements_of
from tests.factories.measures import orders
from tests.factories.refusals import LATER, Ground, condition_of, ground_of
from tests.factories.schemes import Team
from tests.sites import NOW, SHUICHENG, Site

TABLES = ("refusals", "refusal_steps", "refusal_filings", "check_tasks", "later_checks", "entries")


@pytest.fixture
async def ground(site: Site, workers: Database) -> Ground:
    return await ground_of(site, workers)


async def refused(ground: Ground, problem: type[Problem], act: Awaitable[Any]) -> None:
    before = [await ground.site.counted(table) for table in TABLES]
    with pytest.raises(problem):
        await act
    assert before == [await ground.site.counted(table) for table in TABLES]


async def state_of(ground: Ground, refusal: UUID) -> tuple[str, int]:
    row = await ground.site.rows.fetchrow("SELECT state, reports FROM refusal_standings WHERE id = $1", refusal)
    return (row["state"], row["reports"])


async def test_a_place_is_marked_with_its_condition_and_nothing_of_who_marked_it(ground: Ground) -> None:
    row = await ground.refuses(at=NOW + timedelta(seconds=41, milliseconds=7))
    assert (row.mine_id, row.place, row.danger, row.lifted_at) == (
        ground.site.mine,
        "1201综采工作面",
        DangerKind.GAS,
        None,
    )
    assert row.made_at == NOW.replace(second=0, microsecond=0)
    assert row.id.version == 4
    said = await ground.site.rows.fetchval("SELECT payload FROM payloads WHERE subject = $1", row.id)
    assert str(ground.reports[0]).encode() not in said
    assert "瓦斯传感器断线时不入井".encode() in said
    assert await state_of(ground, row.id) == ("MADE", 1)


async def test_a_second_report_of_the_same_place_and_shift_joins_and_the_mine_learns_nothing(ground: Ground) -> None:
    first = await ground.refuses()
    again = await ground.refuses(place="1201 综采工作面", danger=DangerKind.ROOF, clause="顶板破碎")
    other = await ground.refuses(shift=ShiftKind.NIGHT)
    assert again.id == first.id != other.id
    assert await state_of(ground, first.id) == ("MADE", 2)
    async with ground.site.database.reading(ground.principal) as sql:
        (read,) = await queries.refusals_by_ids(sql, [first.id])
        assert read == first
        assert await queries.standings_of(sql, [first.id]) == []
        assert await queries.steps_of_refusals(sql, [first.id]) == {first.id: []}
        assert await sql.fetchval("SELECT count(*) FROM refusal_filings") == 0
        assert await sql.fetchval("SELECT count(*) FROM payloads WHERE subject = $1", first.id) == 0
    async with ground.site.database.reading(ground.duty) as sql:
        (standing,) = await queries.standings_of(sql, [first.id])
        steps = (await queries.steps_of_refusals(sql, [first.id]))[first.id]
        assert await sql.fetchval("SELECT count(*) FROM refusal_filings") == 0
    assert standing.reports == 2
    assert [one.kind for one in steps] == [Kind.MADE, Kind.JOINED]
    assert steps[1].words == "ROOF\n顶板破碎"


async def test_after_lifting_the_same_place_can_be_refused_anew(ground: Ground) -> None:
    first = await ground.refuses()
    await ground.checked(first.id)
    await ground.takes(ground.check.lead, first.id, Kind.UNSUBSTANTIATED, words="传感器工作正常")
    lifted = await ground.takes(ground.head, first.id, Kind.LIFTED, words="经核查解除")
    assert lifted.lifted_at == LATER
    assert (await ground.refuses()).id != first.id


async def test_what_is_no_condition_marks_nothing(ground: Ground) -> None:
    today = condition_of(ground.site.mine).day
    for changes in (
        {"place": " "}, {"place": "一" * 101}, {"clause": "", "danger": None}, {"clause": "有\u0000"},
        {"day": today + timedelta(days=60)}, {"since": today + timedelta(days=1)}, {"clause_key": "k" * 81},
    ):  # fmt: skip
        await refused(ground, BadInput, ground.refuses(**changes))
    await refused(ground, NotFound, ground.refuses(workplace_id=uuid4()))
    await refused(ground, NotFound, ground.refuses(mine_id=uuid4()))


async def test_20_a_refusal_is_checked_by_two_found_true_ordered_and_lifted_by_another(ground: Ground) -> None:
    row = await ground.refuses()
    await ground.takes(
        ground.duty, row.id, Kind.CHECK_ORDERED, words="到1201工作面核查传感器",
        officers=(ground.check.lead.account_id, ground.check.inspector.account_id),
    )  # fmt: skip
    finding = await ground.found_true(row.id)
    measure = await ground.ordered(row.id, finding)
    await refused(ground, rules.OrderStillOpen, ground.takes(ground.head, row.id, Kind.LIFTED))
    await ground.put_right(measure)
    lifted = await ground.takes(ground.head, row.id, Kind.LIFTED, words="整改合格，解除")
    assert lifted.lifted_at == LATER
    assert await state_of(ground, row.id) == ("LIFTED", 1)
    entries = await ground.site.entries()
    assert [one for one in entries if one.startswith("refusal.")] == [
        "refusal.made", "refusal.check_ordered", "refusal.checked", "refusal.checked", "refusal.substantiated",
        "refusal.ordered", "refusal.lifted",
    ]  # fmt: skip
    await refused(ground, rules.RefusalOver, ground.takes(ground.head, row.id, Kind.LIFTED))
    assert await differences(ground, REFUSALS) == []


async def differences(ground: Ground, comparison: comparing.Comparison) -> list[comparing.Difference]:
    async def page(text: str, given: tuple[Any, ...]) -> Any:
        return await ground.site.rows.fetch(text, *given)

    return [one async for one in comparing.differences(page, comparison)]


async def test_20_nothing_is_lifted_before_a_check_by_a_checker_or_without_the_order(ground: Ground) -> None:
    row = await ground.refuses()
    await refused(ground, rules.NotYetChecked, ground.takes(ground.head, row.id, Kind.LIFTED))
    lead, inspector = ground.check.lead, ground.check.inspector
    await refused(ground, rules.NotYetChecked, ground.takes(lead, row.id, Kind.UNSUBSTANTIATED))
    await ground.takes(lead, row.id, Kind.CHECKED, inspection_id=ground.check.id)
    assert (await state_of(ground, row.id))[0] == RefusalState.CHECK_ORDERED
    await refused(ground, rules.CheckNeedsTwo, ground.takes(lead, row.id, Kind.UNSUBSTANTIATED))
    await refused(ground, rules.CheckedAlready, ground.takes(lead, row.id, Kind.CHECKED, inspection_id=ground.check.id))
    await refused(ground, rules.NotYetChecked, ground.takes(ground.head, row.id, Kind.LIFTED))
    await ground.takes(inspector, row.id, Kind.CHECKED, inspection_id=ground.check.id)
    assert (await state_of(ground, row.id))[0] == RefusalState.CHECKED
    stranger = await ground.site.person(Role.INSPECTOR)
    await refused(ground, rules.NotOfTheCheck, ground.takes(stranger, row.id, Kind.UNSUBSTANTIATED))
    finding = (await ground.check.finds()).id
    await refused(
        ground, rules.FindingNotOfTheCheck, ground.takes(lead, row.id, Kind.SUBSTANTIATED, findings=(uuid4(),))
    )
    await ground.takes(lead, row.id, Kind.SUBSTANTIATED, findings=(finding,))
    both = await ground.site.person(Role.AGENCY_HEAD)
    await refused(ground, rules.RefusalWithoutOrder, ground.takes(both, row.id, Kind.LIFTED))
    await ground.site.rows.execute("UPDATE refusal_standings SET state = 'SUBSTANTIATED'")


async def test_20_whoever_checked_never_lifts(ground: Ground) -> None:
    row, lead = await ground.refuses(), ground.check.lead
    await ground.checked(row.id)
    await ground.takes(lead, row.id, Kind.UNSUBSTANTIATED)
    head = await ground.site.person(Role.AGENCY_HEAD)
    as_head = replace(lead, grants=(*lead.grants, *head.grants))
    await refused(ground, rules.LiftedByChecker, ground.takes(as_head, row.id, Kind.LIFTED))
    await ground.takes(head, row.id, Kind.LIFTED)


async def test_44_an_order_answers_all_that_was_found_or_says_why_it_does_not(ground: Ground) -> None:
    row, check = await ground.refuses(), ground.check
    await ground.checked(row.id)
    found = []
    for _ in range(2):
        found.append((await check.finds(evidence=(await check.piece(),))).id)
        await check.acts(check.inspector, findings.confirm_finding, finding_id=found[-1])
    await ground.takes(check.lead, row.id, Kind.SUBSTANTIATED, findings=tuple(found))
    measures = [await orders(check, "CORRECT_ON_SITE", one) for one in found]
    named: dict[str, Any] = {"measure_id": measures[0].id, "words": ""}
    await refused(ground, rules.OrderLeavesFindings, ground.takes(check.lead, row.id, Kind.ORDERED, **named))
    await ground.takes(check.lead, row.id, Kind.ORDERED, **(named | {"words": "另一项由另一份决定书处理"}))
    await ground.takes(check.lead, row.id, Kind.ORDERED, measure_id=measures[1].id, words="")
    await ground.put_right(measures[0])
    await refused(ground, rules.OrderStillOpen, ground.takes(ground.head, row.id, Kind.LIFTED))


async def test_a_check_is_of_the_mine_by_its_own_officers_with_certificates(ground: Ground) -> None:
    row = await ground.refuses()
    stranger = await ground.site.person(Role.INSPECTOR)
    check = ground.check
    await refused(ground, rules.NotOfTheCheck, ground.takes(stranger, row.id, Kind.CHECKED, inspection_id=check.id))
    await refused(ground, NotFound, ground.takes(check.lead, row.id, Kind.CHECKED, inspection_id=uuid4()))
    await refused(ground, BadInput, ground.takes(check.lead, row.id, Kind.CHECKED))
    await refused(
        ground, rules.CheckNeedsTwo,
        ground.takes(ground.duty, row.id, Kind.CHECK_ORDERED, officers=(check.lead.account_id,)),
    )  # fmt: skip
    await ground.site.rows.execute(
        "UPDATE certificates SET valid_to = '2026-01-01' WHERE account_id = $1", check.inspector.account_id
    )
    await refused(
        ground, CertificateNotValid, ground.takes(check.inspector, row.id, Kind.CHECKED, inspection_id=check.id)
    )


async def test_a_scheme_that_is_seen_does_not_stand_for_an_inspection_that_is_not(ground: Ground) -> None:
    row, check, far = await ground.refuses(), ground.check, uuid4()
    scheme = (await Team(ground.site, check.lead, check.inspector).drafts()).id
    await ground.site.put(
        "inspections", id=far, mine_id=ground.site.far_mine, county=SHUICHENG, office="GZ-2", basis="PLANNED",
        reason="计划", flags=[], lead_id=check.lead.account_id, opened_by=check.lead.account_id, opened_at=NOW,
    )  # fmt: skip
    pair = (check.lead.account_id, check.inspector.account_id)
    for inspection in (uuid4(), far):
        await refused(ground, NotFound, ground.takes(
            check.lead, row.id, Kind.CHECK_ORDERED, officers=pair, inspection_id=inspection, scheme_id=scheme,
        ))  # fmt: skip
        await refused(ground, NotFound, ground.takes(check.lead, row.id, Kind.CHECKED, inspection_id=inspection))
    await ground.takes(check.lead, row.id, Kind.CHECK_ORDERED, officers=pair, scheme_id=scheme)


async def test_an_inspection_that_was_over_before_the_place_was_refused_is_no_check_of_it(ground: Ground) -> None:
    row, check = await ground.refuses(), ground.check
    before = NOW - timedelta(hours=3)
    await ground.site.rows.execute("UPDATE recordings SET closed_at = $1", before)
    await refused(
        ground, rules.InspectionOverBefore, ground.takes(check.lead, row.id, Kind.CHECKED, inspection_id=check.id)
    )
    await ground.site.put(
        "recordings", id=uuid4(), inspection_id=check.id, mine_id=ground.site.mine, county="520281", office="GZ-1",
        opened_by=check.lead.account_id, device_id=check.lead.device_id, beacon="b", not_before=NOW, opened_at=NOW,
    )  # fmt: skip
    await ground.takes(check.lead, row.id, Kind.CHECKED, inspection_id=check.id)


async def test_43_whoever_was_recused_from_the_inspection_neither_checks_nor_concludes(ground: Ground) -> None:
    row, check = await ground.refuses(), ground.check
    await ground.checked(row.id)
    await ground.site.put(
        "conduct_matters", id=uuid4(), kind="RECUSAL", officer_id=check.lead.account_id, about="INSPECTION",
        subject_id=check.id, reference="", mine_id=ground.site.mine, county="520281", office="GZ-1", state="SETTLED",
        steps=2, granted=True, decided_at=NOW, opened_by=ground.head.account_id, opened_at=NOW,
    )  # fmt: skip
    other = await ground.refuses(shift=ShiftKind.NIGHT)
    await refused(ground, OfficerRecused, ground.takes(check.lead, other.id, Kind.CHECKED, inspection_id=check.id))
    await refused(ground, OfficerRecused, ground.takes(check.lead, row.id, Kind.UNSUBSTANTIATED))
    await ground.takes(check.inspector, row.id, Kind.UNSUBSTANTIATED)


async def test_a_step_names_only_what_belongs_to_it(ground: Ground) -> None:
    row = await ground.refuses()
    strays: tuple[tuple[Kind, dict[str, Any]], ...] = (
        (Kind.LIFTED, {"inspection_id": ground.check.id}), (Kind.CHECKED, {"measure_id": ground.check.id}),
        (Kind.CHECKED, {"scheme_id": ground.check.id}),
    )  # fmt: skip
    for kind, named in strays:
        await refused(ground, BadInput, ground.takes(ground.head, row.id, kind, **named))


async def test_ordering_a_check_opens_its_inspection_at_once(ground: Ground) -> None:
    row, inspection = await ground.refuses(), uuid4()
    asked = Asked(
        id=uuid4(), kind=Kind.CHECK_ORDERED, words="立即到现场核查", inspection_id=inspection,
        officers=(ground.check.lead.account_id, ground.check.inspector.account_id),
    )  # fmt: skip
    for _ in range(2):
        await perform(
            ground.site.database, ground.check.lead, LATER, checking.order_check, refusal_id=row.id, asked=asked
        )
    opened = await ground.site.rows.fetchrow("SELECT basis, reason, lead_id FROM inspections WHERE id = $1", inspection)
    assert tuple(opened) == ("REASONED", "立即到现场核查", ground.check.lead.account_id)
    assert (await ground.site.entries()).count("refusal.check_ordered") == 1


async def test_the_same_step_again_is_the_same_act_and_other_content_a_conflict(ground: Ground) -> None:
    row, id = await ground.refuses(), uuid4()
    for _ in range(2):
        await ground.takes(ground.check.lead, row.id, Kind.CHECKED, id=id, inspection_id=ground.check.id)
    assert (await ground.site.entries()).count("refusal.checked") == 1
    for by, words in ((ground.check.lead, "说了别的话"), (ground.check.inspector, "到现场看过了")):
        await refused(
            ground, rules.RefusalStepConflict,
            ground.takes(by, row.id, Kind.CHECKED, id=id, words=words, inspection_id=ground.check.id),
        )  # fmt: skip


STEPS: dict[Kind, dict[str, Any]] = {
    Kind.CHECK_ORDERED: {"officers": (uuid4(), uuid4())}, Kind.CHECKED: {"inspection_id": uuid4()},
    Kind.SUBSTANTIATED: {"findings": (uuid4(),)}, Kind.UNSUBSTANTIATED: {}, Kind.ORDERED: {"measure_id": uuid4()},
    Kind.LIFTED: {},
}  # fmt: skip


async def test_no_role_takes_a_step_that_is_not_its_own_and_nothing_is_recorded(ground: Ground) -> None:
    row = await ground.refuses()
    for role in Role:
        county = None if role in (Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.MINER) else "520281"
        mine = ground.site.mine if county is None else None
        person = await ground.site.person(role, county=county, mine_id=mine)
        for kind, asked in STEPS.items():
            if rules.VERBS[kind] in ROLE_VERBS[role]:
                continue
            expected: tuple[type[Exception], ...] = (NotAllowed, NotFound)
            before = await ground.site.counted("entries")
            with pytest.raises(expected):
                await ground.takes(person, row.id, kind, **asked)
            assert await ground.site.counted("entries") == before


async def test_a_report_that_waits_becomes_a_task_in_other_words_that_leads_nowhere(ground: Ground) -> None:
    report = await ground.waits()
    later = checking.Later(id=uuid4(), report_id=report, words="下次例行检查时看一下回风巷传感器")
    for _ in range(2):
        await perform(ground.site.database, ground.verification, LATER, checking.order_later_check, later=later)
    async with ground.site.database.reading(ground.check.inspector) as sql:
        (task,) = await following.tasks_visible_to(sql, ground.check.inspector, limit=10)
        assert task.words == "下次例行检查时看一下回风巷传感器"
        for table in ("refusal_filings", "later_checks", "reports"):
            assert await sql.fetchval(f"SELECT count(*) FROM {table}") == 0, table
        payloads = [bytes(row[0]) for row in await sql.fetch("SELECT payload FROM payloads")]
    assert not any(str(report).encode() in one or str(later.id).encode() in one for one in payloads)
    async with ground.site.database.reading(ground.reporter_of()) as sql:
        assert [(one.of, one.kind) for one in await following.steps_of(sql, report)] == [("LATER", "TASK_GIVEN")]
    assert await differences(ground, TASKS) == []


async def test_sooner_than_chosen_is_for_danger_to_life_alone_and_the_reporter_reads_it(ground: Ground) -> None:
    report = await ground.waits()

    async def acts(**changes: Any) -> Any:
        later = checking.Later(**{"id": uuid4(), "report_id": report, "sooner": True, **changes})
        return await perform(ground.site.database, ground.verification, LATER, checking.order_later_check, later=later)

    condition = condition_of(ground.site.mine)
    await refused(ground, rules.SoonerThanChosen, acts(condition=condition))
    await refused(ground, BadInput, acts(danger="瓦斯正在积聚"))
    await refused(ground, BadInput, acts(danger="瓦斯正在积聚", condition=condition_of(ground.site.far_mine)))
    filing = await acts(danger="瓦斯正在积聚", condition=condition)
    assert filing.refusal_id is not None
    await refused(ground, rules.NotWaiting, acts(danger="瓦斯正在积聚", condition=condition))
    async with ground.site.database.reading(ground.reporter_of()) as sql:
        told = await following.steps_of(sql, report)
    assert {(one.of, one.kind) for one in told} == {("REFUSAL", "MADE"), ("LATER", "SOONER")}
    assert next(one.words for one in told if one.kind == "SOONER") == "瓦斯正在积聚"


async def test_only_verification_looks_after_what_waits(ground: Ground) -> None:
    report = await ground.waits()
    later = checking.Later(id=uuid4(), report_id=report, words="例行检查时看一下")
    for actor in (ground.duty, ground.check.lead, ground.head, ground.principal, ground.miner):
        await refused(
            ground, NotFound,
            perform(ground.site.database, actor, LATER, checking.order_later_check, later=later),
        )  # fmt: skip


async def test_a_reporter_reads_every_step_of_his_own_and_nothing_of_others(ground: Ground) -> None:
    row = await ground.refuses()
    await ground.refuses()
    await ground.refuses(shift=ShiftKind.NIGHT)
    await ground.checked(row.id)
    for number in (0, 1):
        async with ground.site.database.reading(ground.reporter_of(number)) as sql:
            told = await following.steps_of(sql, ground.reports[number])
            assert [one.kind for one in told] == ["MADE", "CHECKED", "CHECKED"]
            assert await sql.fetchval("SELECT count(*) FROM refusal_filings") == 1
            assert await following.steps_of(sql, ground.reports[2]) == []
    async with ground.site.database.reading(ground.miner) as sql:
        assert await following.steps_of(sql, ground.reports[0]) == []


async def test_lists_and_steps_take_the_same_statements_however_many_there_are(ground: Ground) -> None:
    heard = statements_of(ground.site.database)
    counts = []
    for shift in ShiftKind:
        row = await ground.refuses(shift=shift)
        heard.clear()
        async with ground.site.database.reading(ground.duty) as sql:
            found = await queries.refusals_visible_to(sql, ground.duty, limit=10)
            await queries.steps_of_refusals(sql, [one.id for one in found])
        await ground.takes(ground.check.lead, row.id, Kind.CHECKED, inspection_id=ground.check.id)
        counts.append(len([one for one in heard if not one.startswith("SET")]))
    assert len(set(counts[1:])) == 1


async def test_a_keeper_has_no_verb_for_a_step(ground: Ground) -> None:
    row = await ground.refuses()
    with pytest.raises(NotAllowed):
        await perform(
            ground.workers, keeper(), LATER, operations.take_step, refusal_id=row.id,
            asked=Asked(id=uuid4(), kind=Kind.LIFTED, words="不应解除"),
        )  # fmt: skip


def test_every_step_of_a_person_has_its_verb() -> None:
    assert set(rules.VERBS) == set(Kind) - {Kind.MADE, Kind.JOINED}
    assert {Verb.REFUSAL_CHECK, Verb.REFUSAL_DECIDE, Verb.REFUSAL_ORDER} == set(rules.VERBS.values())
