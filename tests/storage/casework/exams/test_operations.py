"""Tests of drawing, sitting and what follows: what changes, what is refused, who may, what trace is left."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.exams import drawing, marking, operations, queries, rules
from storage.casework.exams.rules import Answer, SittingFacts
from storage.casework.exams.tables import ConsequenceOutcome, Medium
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.database import Database
from storage.record.problems import BadInput, NotAllowed, NotFound
from storage.register.people.tables import ExamCategory, PostKind
from tests.factories.exams import EARLIER, Hall, hall_of
from tests.sites import NOW, ZHONGSHAN, Site

TABLES = ("exams", "exam_pools", "exam_seats", "exam_sittings", "exam_consequences", "entries")


async def counts(site: Site) -> list[int]:
    return [await site.counted(table) for table in TABLES]


def sat(
    seat: Any, *, right: bool = True, attempt: int = 1, paper: list[UUID] | None = None, **given: Any
) -> SittingFacts:
    usual = SittingFacts(
        id=uuid4(), exam_id=seat["exam_id"], person_id=seat["person_id"], category=ExamCategory(seat["category"]),
        craft=seat["craft"], attempt=attempt, medium=Medium.PHONE, sat_at=NOW,
        answers=tuple(Answer(question_id=one, chosen="A" if right else "B") for one in paper or seat["questions"]),
    )  # fmt: skip
    return replace(usual, **given)


async def seat_in(hall: Hall, category: ExamCategory) -> Any:
    return next(one for one in await hall.seats() if one["category"] == category.value)


async def test_a_draw_takes_each_category_with_reserves_and_a_paper_for_each(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await hall.holds()
    seats = await hall.seats()
    drawn = {category: [one for one in seats if one["category"] == category.value] for category in ExamCategory}
    assert [len(drawn[category]) for category in ExamCategory] == [1, 3, 4, 5]
    assert all(len(set(one["questions"])) == 20 for one in seats)
    assert len({one["person_id"] for one in seats}) == 13
    assert (exam.pass_mark, exam.paper_length, exam.way) == (80, 20, "DRAWN")
    assert (await site.entries())[-1] == "exam.held"


async def test_anybody_can_do_the_draw_again_from_the_checkpoint_and_the_pools(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    exam = await hall.holds()
    size, root = await site.rows.fetchrow("SELECT size, root FROM checkpoints ORDER BY size LIMIT 1")
    seed = drawing.seed_of(inspection_id=hall.inspection, size=size, root=root)
    assert (exam.seed, exam.checkpoint_size, exam.checkpoint_root) == (seed, size, root)
    for pool in await site.rows.fetch("SELECT * FROM exam_pools"):
        category = ExamCategory(pool["category"])
        assert drawing.digest_of(pool["persons"]) == pool["digest"]
        lot = drawing.order_of(seed, category, pool["persons"])
        seats = [one for one in await hall.seats() if one["category"] == category.value]
        assert [one["person_id"] for one in seats] == lot[: len(seats)]


async def test_later_checkpoints_change_no_draw(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    first = await site.rows.fetchval("SELECT min(size) FROM checkpoints")
    await hall.asks()
    await hall.shows()
    assert (await hall.holds()).checkpoint_size == first


async def test_whoever_is_entered_or_sent_away_after_the_opening_changes_no_draw(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    stranger = await hall.employs(PostKind.SAFETY_MANAGER, recorded_at=NOW + timedelta(minutes=1))
    manager = next(one for one, kind in hall.persons.items() if kind is PostKind.SAFETY_MANAGER)
    await site.rows.execute(
        "UPDATE posts SET to_day = '2026-11-20', ended_at = $2 WHERE person_id = $1",
        manager,
        NOW + timedelta(minutes=1),
    )
    await hall.holds()
    pooled = [id for row in await site.rows.fetch("SELECT persons FROM exam_pools") for id in row["persons"]]
    assert manager in pooled
    assert stranger not in pooled


async def test_nothing_is_drawn_before_a_checkpoint_shows_the_opening(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.opens()
    before = await counts(site)
    with pytest.raises(rules.SeedNotShown):
        await hall.holds()
    assert await counts(site) == before


async def test_the_draw_is_made_once_and_the_same_call_is_the_same_answer(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    first = await hall.holds()
    before = await counts(site)
    assert (await hall.holds(id=first.id)).id == first.id
    with pytest.raises(rules.ExamAlreadyDrawn):
        await hall.holds()
    with pytest.raises(rules.ExamConflict):
        await hall.holds(hall.inspector, id=first.id)
    assert await counts(site) == before


async def test_only_officers_of_the_inspection_draw_and_no_other_role(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    before = await counts(site)
    with pytest.raises(NotAnOfficer):
        await hall.holds(await site.person(Role.INSPECTOR))
    with pytest.raises(NotFound):
        await hall.holds(await site.person(Role.INSPECTOR, county=ZHONGSHAN))
    for role in [one for one in Role if Verb.EXAM_HOLD not in ROLE_VERBS[one]]:
        with pytest.raises(NotAllowed):
            await hall.holds(await site.person(role))
    assert await counts(site) == before


async def test_an_absent_person_is_replaced_by_the_next_of_the_lot_until_the_pool_is_empty(
    site: Site, workers: Database
) -> None:
    hall = await hall_of(site, workers)
    exam = await hall.holds()
    workers_of = [one for one in await hall.seats() if one["category"] == "WORKER"]
    for seat in workers_of[:4]:
        await hall.acts(operations.record_absence, seat_id=seat["id"], reason="当班井下，无法升井")
    seats = [one for one in await hall.seats() if one["category"] == "WORKER"]
    pool = await site.rows.fetchval("SELECT persons FROM exam_pools WHERE category = 'WORKER'")
    assert [one["person_id"] for one in seats] == drawing.order_of(exam.seed, ExamCategory.WORKER, pool)[:7]
    places = [
        rules.Place(one["person_id"], ExamCategory.WORKER, one["rank"], one["absent_at"] is not None) for one in seats
    ]
    assert [one.rank for one in rules.called(places, ExamCategory.WORKER, wanted=3)] == [4, 5, 6]
    principal = await seat_in(hall, ExamCategory.PRINCIPAL)
    await hall.acts(operations.record_absence, seat_id=principal["id"], reason="出差")
    assert len([one for one in await hall.seats() if one["category"] == "PRINCIPAL"]) == 1
    assert (await site.entries()).count("exam.absent") == 5
    assert (await site.entries()).count("exam.called") == 2


async def test_an_absence_is_said_once_and_not_of_who_sat(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    seat, other = [one for one in await hall.seats() if one["category"] == "WORKER"][:2]
    await hall.acts(operations.record_absence, seat_id=seat["id"], reason="病假")
    before = await counts(site)
    await hall.acts(operations.record_absence, seat_id=seat["id"], reason="病假")
    with pytest.raises(rules.SeatAlreadyAbsent):
        await hall.acts(operations.record_absence, seat_id=seat["id"], reason="出差")
    with pytest.raises(BadInput):
        await hall.acts(operations.record_absence, seat_id=other["id"], reason=" ")
    assert await counts(site) == before
    await hall.acts(marking.record_sitting, facts=sat(other))
    with pytest.raises(rules.SeatAlreadySat):
        await hall.acts(operations.record_absence, seat_id=other["id"], reason="病假")


async def test_a_passed_paper_has_no_consequence(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    sitting = await hall.acts(marking.record_sitting, facts=sat(await seat_in(hall, ExamCategory.WORKER)))
    assert (sitting.score, sitting.passed, sitting.flags) == (100, True, [])
    assert await site.counted("exam_consequences") == 0


async def test_an_ordinary_worker_who_fails_is_retrained_or_moved(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    await hall.acts(marking.record_sitting, facts=sat(await seat_in(hall, ExamCategory.WORKER), right=False))
    row = await site.rows.fetchrow("SELECT * FROM exam_consequences")
    assert (row["kind"], row["due"].isoformat(), row["article"]) == (
        "RETRAIN_OR_MOVE", "2026-12-24", "实施意见三（十二）4",
    )  # fmt: skip
    given = {"consequence_id": row["id"], "note": "调整到地面岗位"}
    met = await hall.acts(marking.settle_consequence, outcome=ConsequenceOutcome.MOVED, **given)
    assert met.outcome == "MOVED"
    with pytest.raises(rules.ConsequenceMetAlready):
        await hall.acts(marking.settle_consequence, outcome=ConsequenceOutcome.MOVED, **given)


async def failed_twice(hall: Hall, category: ExamCategory) -> Any:
    """Somebody of the category fails, and fails the resit; his qualification is to be lost."""
    await hall.holds()
    seat = await seat_in(hall, category)
    await hall.acts(marking.record_sitting, facts=sat(seat, right=False))
    resit = await hall.site.rows.fetchrow("SELECT * FROM exam_consequences WHERE kind = 'RESIT'")
    await hall.acts(marking.record_sitting, facts=sat(seat, right=False, attempt=2, paper=resit["questions"]))
    return await hall.site.rows.fetchrow("SELECT * FROM exam_consequences WHERE kind = 'LOSE_QUALIFICATION'")


async def test_a_special_operator_who_fails_the_resit_loses_his_certificate_by_the_head_of_the_agency(
    site: Site, workers: Database
) -> None:
    hall = await hall_of(site, workers)
    loss = await failed_twice(hall, ExamCategory.SPECIAL_OPERATOR)
    scope = {"mine_id": site.mine, "county": loss["county"], "office": loss["office"], "person_id": loss["person_id"]}
    for kind, craft in (("SPECIAL_OPERATION", "BLASTER"), ("SPECIAL_OPERATION", "GAS_INSPECTOR"), ("TRAINING", None)):
        await site.put(
            "qualifications", id=uuid4(), kind=kind, craft=craft, number="T1", issuer="贵州局", recorded_at=EARLIER,
            valid_from=EARLIER.date(), valid_to=NOW.date() + timedelta(days=900), **scope,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        await hall.acts(marking.decide_loss, consequence_id=loss["id"], confirmed=True, note="补考不及格")
    met = await hall.acts(marking.decide_loss, hall.head, consequence_id=loss["id"], confirmed=True, note="补考不及格")
    assert met.outcome == "QUALIFICATION_ENDED"
    ended = await site.rows.fetch("SELECT craft, end_reason FROM qualifications WHERE ended_at IS NOT NULL")
    assert [row["craft"] for row in ended] == ["BLASTER"]
    assert "补考不及格" in ended[0]["end_reason"]
    assert (await site.entries())[-2:] == ["exam.consequence_met", "qualification.withdrawn"]


async def test_a_resit_asks_other_questions_and_ends_the_duty_to_resit(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers, questions=45)
    await hall.holds()
    seat = await seat_in(hall, ExamCategory.MANAGER)
    await hall.acts(marking.record_sitting, facts=sat(seat, right=False))
    rows = {row["kind"]: row for row in await site.rows.fetch("SELECT * FROM exam_consequences")}
    assert set(rows) == {"RETRAIN", "RESIT"}
    assert rows["RESIT"]["due"].isoformat() == "2027-01-08"
    assert set(rows["RESIT"]["questions"]) != set(seat["questions"])
    again = sat(seat, attempt=2, paper=rows["RESIT"]["questions"])
    assert (await hall.acts(marking.record_sitting, facts=again)).passed
    outcome = await site.rows.fetchval("SELECT outcome FROM exam_consequences WHERE kind = 'RESIT'")
    assert outcome == "RESAT_PASSED"
    with pytest.raises(rules.ConsequenceNeedsOtherHand):
        await hall.acts(marking.settle_consequence, hall.lead, consequence_id=rows["RETRAIN"]["id"],
                        outcome=ConsequenceOutcome.MOVED, note="调岗")  # fmt: skip


async def test_no_loss_rests_on_a_resit_whose_paper_cannot_be_checked(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    seat = await seat_in(hall, ExamCategory.MANAGER)
    await hall.acts(marking.record_sitting, facts=sat(seat, right=False))
    await hall.acts(marking.record_sitting, facts=sat(seat, attempt=2, answers=(), marks=(3, 20), medium=Medium.PAPER))
    loss = await site.rows.fetchrow("SELECT * FROM exam_consequences WHERE kind = 'LOSE_QUALIFICATION'")
    given = {"consequence_id": loss["id"], "note": "补考不及格"}
    with pytest.raises(rules.LossRestsOnDefect):
        await hall.acts(marking.decide_loss, hall.head, confirmed=True, **given)
    assert (await hall.acts(marking.decide_loss, hall.head, confirmed=False, **given)).outcome == "NOT_CONFIRMED"


async def test_facts_with_defects_are_kept_and_flagged(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers, workers_of_mine=9)
    exam = await hall.holds()
    seats = [one for one in await hall.seats() if one["category"] == "WORKER"]
    drawn = {one["person_id"] for one in await hall.seats()}
    undrawn = next(id for id, kind in hall.persons.items() if kind is PostKind.WORKER and id not in drawn)
    alien = await hall.asks()
    await hall.acts(operations.record_absence, seat_id=seats[0]["id"], reason="当班")
    cases: list[tuple[SittingFacts, list[str]]] = [
        (sat(seats[0]), ["SAID_ABSENT"]),
        (sat(seats[0]), ["SAID_ABSENT", "SAT_BEFORE"]),
        (sat(seats[1], person_id=undrawn), ["NOT_DRAWN"]),
        (sat(seats[1], category=ExamCategory.MANAGER), ["NOT_IN_CATEGORY"]),
        (sat(seats[2], paper=[alien]), ["OTHER_PAPER"]),
        (sat(seats[3], attempt=2), ["NO_RESIT_DUE"]),
        (sat(seats[4], answers=(), marks=(18, 20), medium=Medium.PAPER), ["MARKED_BY_HAND"]),
    ]
    for facts, flags in cases:
        assert (await hall.acts(marking.record_sitting, facts=facts)).flags == flags, flags
    third = await site.person(Role.INSPECTOR)
    assert (await hall.acts(marking.record_sitting, third, facts=sat(seats[3]))).flags == ["RECORDED_BY_ANOTHER"]
    assert exam.id == seats[0]["exam_id"]


async def test_an_exam_by_hand_is_kept_beside_a_drawn_one_and_says_why(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    given: dict[str, Any] = {
        "id": uuid4(),
        "inspection_id": hall.inspection,
        "held_at": NOW - timedelta(hours=3),
        "reason": "井下无网络",
    }
    exam = await hall.acts(operations.record_exam, **given)
    assert (exam.way, exam.seed) == ("BY_HAND", None)
    assert (await hall.acts(operations.record_exam, **given)).id == exam.id
    await hall.holds()
    assert await site.counted("exams") == 2
    person = next(iter(hall.persons))
    facts = sat({"exam_id": exam.id, "person_id": person, "category": "PRINCIPAL", "craft": None, "questions": []},
                answers=(), marks=(5, 20))  # fmt: skip
    kept = await hall.acts(marking.record_sitting, facts=facts)
    assert kept.flags == ["NOT_DRAWN", "MARKED_BY_HAND"]


async def test_the_same_sitting_again_is_the_same_answer_and_other_content_a_conflict(
    site: Site, workers: Database
) -> None:
    hall = await hall_of(site, workers)
    await hall.holds()
    facts = sat(await seat_in(hall, ExamCategory.WORKER))
    first = await hall.acts(marking.record_sitting, facts=facts)
    before = await counts(site)
    assert (await hall.acts(marking.record_sitting, facts=facts)).recorded_at == first.recorded_at
    with pytest.raises(rules.SittingConflict):
        await hall.acts(marking.record_sitting, facts=replace(facts, answers=facts.answers[:3]))
    with pytest.raises(rules.SittingConflict):
        await hall.acts(marking.record_sitting, hall.inspector, facts=facts)
    with pytest.raises(NotFound):
        await hall.acts(marking.record_sitting, facts=replace(facts, id=uuid4(), person_id=uuid4()))
    with pytest.raises(BadInput):
        await hall.acts(marking.record_sitting, facts=replace(facts, id=uuid4(), answers=()))
    assert await counts(site) == before


async def test_no_other_role_records_anything_and_nothing_is_kept(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    loss = await failed_twice(hall, ExamCategory.MANAGER)
    seat = await seat_in(hall, ExamCategory.WORKER)
    retrain = await site.rows.fetchval("SELECT id FROM exam_consequences WHERE kind = 'RETRAIN'")
    acts: list[tuple[Verb, Any, dict[str, Any]]] = [
        (Verb.EXAM_RECORD, operations.record_absence, {"seat_id": seat["id"], "reason": "病假"}),
        (Verb.EXAM_RECORD, marking.record_sitting, {"facts": sat(seat)}),
        (Verb.EXAM_RECORD, marking.settle_consequence,
         {"consequence_id": retrain, "outcome": ConsequenceOutcome.RETRAINED, "note": "已培训"}),
        (Verb.EXAM_RECORD, operations.record_exam,
         {"id": uuid4(), "inspection_id": hall.inspection, "held_at": NOW, "reason": "无网络"}),
        (Verb.EXAM_CONFIRM, marking.decide_loss, {"consequence_id": loss["id"], "confirmed": True, "note": "不及格"}),
    ]  # fmt: skip
    before = await counts(site)
    for role in Role:
        person = await site.person(role)
        for verb, operation, given in acts:
            if verb not in ROLE_VERBS[role]:
                with pytest.raises((NotAllowed, NotFound)):
                    await hall.acts(operation, person, **given)
    assert await counts(site) == before


async def test_an_inspection_without_any_exam_is_listed_until_one_is_held(site: Site, workers: Database) -> None:
    hall = await hall_of(site, workers)
    async with site.database.reading(hall.lead) as sql:
        missing = await queries.inspections_without_exam(sql, hall.lead, limit=10)
    assert [one.id for one in missing] == [hall.inspection]
    await hall.holds()
    async with site.database.reading(hall.lead) as sql:
        assert await queries.inspections_without_exam(sql, hall.lead, limit=10, mine_id=site.mine) == []
