"""Tests of the rules of exams: who is drawn and called, how papers are scored, what follows, what is a defect."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.casework.exams import drawing, judging, rules
from storage.casework.exams.rules import Answer, Holding, Place, QuestionFacts, SittingFacts
from storage.casework.exams.tables import ConsequenceKind, ConsequenceOutcome, Medium, QuestionKind, SittingFlag
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from storage.register.people.tables import Craft, ExamCategory
from tests.sites import NOW

pytestmark = pytest.mark.quick

ONE = UUID("00000000-0000-4000-8000-000000000001")
PERSONS = [UUID(f"00000000-0000-4000-8000-{number:012d}") for number in range(1, 6)]


def question(**changes: Any) -> QuestionFacts:
    usual = QuestionFacts(
        kind=QuestionKind.SINGLE_CHOICE, categories=(ExamCategory.WORKER,), craft=None, text="瓦斯超限时怎么办",
        options=("撤人", "继续"), answer="a", article="煤矿安全规程第一百七十三条",
    )  # fmt: skip
    return replace(usual, **changes)


def sitting(category: ExamCategory = ExamCategory.WORKER, **changes: Any) -> SittingFacts:
    usual = SittingFacts(
        id=uuid4(), exam_id=uuid4(), person_id=ONE, category=category, craft=None, attempt=1, medium=Medium.PHONE,
        sat_at=NOW, answers=(Answer(question_id=ONE, chosen="A"),),
    )  # fmt: skip
    return replace(usual, **changes)


def test_the_draw_is_the_one_that_is_written_down() -> None:
    # Fixed for ever: whoever writes the draw in another language must come to the same.
    seed = drawing.seed_of(inspection_id=ONE, size=42, root=bytes(32))
    assert seed.hex() == "8f367750d3b7f98d6cb8493f8ef4fb50226fb8fbdf428163864a10f199f87d3b"
    lot = drawing.order_of(seed, ExamCategory.WORKER, PERSONS)
    assert [PERSONS.index(one) for one in lot] == [2, 1, 4, 0, 3]
    paper = drawing.paper_of(seed, person_id=ONE, attempt=1, bank=PERSONS, length=3)
    assert [PERSONS.index(one) for one in paper] == [0, 4, 2]
    assert drawing.digest_of(PERSONS).hex() == "286114311ec3257dd5dbfd263895fbc77e78a45f8a305401f92770c890161efc"


@given(some.sets(some.uuids(), max_size=30), some.binary(min_size=32, max_size=32))
def test_a_draw_takes_everybody_once_whatever_the_order_of_the_list(persons: set[UUID], seed: bytes) -> None:
    lot = drawing.order_of(seed, ExamCategory.MANAGER, sorted(persons))
    assert sorted(lot) == sorted(persons)
    assert drawing.order_of(seed, ExamCategory.MANAGER, sorted(persons, reverse=True)) == lot
    assert drawing.digest_of(sorted(persons)) == drawing.digest_of(sorted(persons, reverse=True))


def test_the_resit_and_another_inspection_draw_anew() -> None:
    bank = [UUID(int=number) for number in range(1, 60)]
    seed = drawing.seed_of(inspection_id=ONE, size=42, root=bytes(32))
    first = drawing.paper_of(seed, person_id=ONE, attempt=1, bank=bank, length=20)
    assert drawing.paper_of(seed, person_id=ONE, attempt=2, bank=bank, length=20) != first
    assert drawing.paper_of(seed, person_id=PERSONS[1], attempt=1, bank=bank, length=20) != first
    assert drawing.seed_of(inspection_id=PERSONS[1], size=42, root=bytes(32)) != seed
    assert drawing.seed_of(inspection_id=ONE, size=43, root=bytes(32)) != seed


def test_whoever_holds_several_posts_is_drawn_in_the_first_category_only() -> None:
    held = [
        Holding(person_id=ONE, category=ExamCategory.WORKER, craft=None),
        Holding(person_id=ONE, category=ExamCategory.MANAGER, craft=None),
        Holding(person_id=PERSONS[1], category=ExamCategory.SPECIAL_OPERATOR, craft=Craft.GAS_INSPECTOR),
        Holding(person_id=PERSONS[1], category=ExamCategory.SPECIAL_OPERATOR, craft=Craft.BLASTER),
    ]
    pools = rules.pools_of(held)
    assert pools == rules.pools_of(held[::-1])
    assert {category: list(people) for category, people in pools.items() if people} == {
        ExamCategory.MANAGER: [ONE], ExamCategory.SPECIAL_OPERATOR: [PERSONS[1]],
    }  # fmt: skip
    assert pools[ExamCategory.SPECIAL_OPERATOR][PERSONS[1]] == Craft.BLASTER


def test_the_next_of_the_lot_is_called_for_each_who_is_absent() -> None:
    places = [Place(one, ExamCategory.WORKER, rank, rank in (0, 2)) for rank, one in enumerate(PERSONS)]
    assert [one.rank for one in rules.called(places, ExamCategory.WORKER, wanted=2)] == [1, 3]
    assert rules.called(places, ExamCategory.MANAGER, wanted=2) == []


@pytest.mark.parametrize(("right", "total", "points", "passed"), [
    (16, 20, 80, True), (15, 20, 75, False), (0, 20, 0, False), (0, 0, 0, False), (2, 3, 66, False),
    (20, 20, 100, True),
])  # fmt: skip
def test_eighty_points_of_a_hundred_pass(right: int, total: int, points: int, passed: bool) -> None:
    score = rules.marked(right, total, pass_mark=80)
    assert (score.points, score.passed) == (points, passed)


def test_a_choice_counts_only_if_it_is_wholly_right_and_what_is_left_out_is_wrong() -> None:
    keys = {PERSONS[0]: "AC", PERSONS[1]: "B", PERSONS[2]: "A", PERSONS[3]: "A"}
    answers = [Answer(question_id=PERSONS[0], chosen="c, a"), Answer(question_id=PERSONS[1], chosen="AB"),
               Answer(question_id=PERSONS[2], chosen="a")]  # fmt: skip
    score = rules.score_of(answers, keys, paper=PERSONS[:4], pass_mark=80)
    assert (score.correct, score.total, score.points) == (2, 4, 50)
    unknown = [Answer(question_id=uuid4(), chosen="A")]
    assert rules.score_of(unknown, keys, paper=(), pass_mark=80).total == 0


@pytest.mark.parametrize(("changes", "field"), [
    ({"options": ("撤人",)}, "options"),
    ({"options": ("撤人", "撤人")}, "options"),
    ({"options": tuple("甲乙丙丁戊己庚辛壬")}, "options"),
    ({"answer": "C"}, "answer"),
    ({"answer": ""}, "answer"),
    ({"answer": "AB"}, "answer"),
    ({"kind": QuestionKind.MULTIPLE_CHOICE}, "answer"),
    ({"kind": QuestionKind.TRUE_FALSE, "options": ("对", "错", "不知")}, "options"),
    ({"categories": ()}, "categories"),
    ({"craft": Craft.BLASTER}, "categories"),
    ({"text": " "}, "text"),
    ({"article": ""}, "article"),
])  # fmt: skip
def test_what_is_no_question_is_refused_with_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        rules.must_be_a_question(question(**changes))
    assert caught.value.parameters["field"] == field


def test_true_or_false_brings_its_own_options() -> None:
    kept = rules.must_be_a_question(question(kind=QuestionKind.TRUE_FALSE, options=()))
    assert (kept.options, kept.answer) == (("正确", "错误"), "A")


def test_a_question_takes_two_people() -> None:
    with pytest.raises(rules.QuestionNeedsTwoPeople):
        rules.must_be_another_hand(ONE, ONE)
    rules.must_be_another_hand(ONE, PERSONS[1])
    with pytest.raises(rules.QuestionApprovedAlready):
        rules.must_be_open_to_approval(NOW, None)
    with pytest.raises(rules.QuestionRetiredAlready):
        rules.must_be_open_to_approval(None, NOW)


@pytest.mark.parametrize("category", [ExamCategory.PRINCIPAL, ExamCategory.MANAGER, ExamCategory.SPECIAL_OPERATOR])
def test_whoever_must_qualify_is_retrained_resits_and_then_loses_his_post(category: ExamCategory) -> None:
    first = rules.consequences_of(BUILT_IN, sitting(category), passed=False, flags=[], at=NOW)
    assert [(one.kind, one.deadline.ends) for one in first] == [
        (ConsequenceKind.RETRAIN, date(2026, 12, 24)), (ConsequenceKind.RESIT, date(2027, 1, 8)),
    ]  # fmt: skip
    second = rules.consequences_of(BUILT_IN, sitting(category, attempt=2), passed=False, flags=[], at=NOW)
    assert [one.kind for one in second] == [ConsequenceKind.LOSE_QUALIFICATION]
    assert all("煤矿安全培训规定" in one.article for one in (*first, *second))


def test_an_ordinary_worker_is_retrained_or_moved_and_a_pass_asks_for_nothing() -> None:
    ordered = rules.consequences_of(BUILT_IN, sitting(), passed=False, flags=[], at=NOW)
    assert [(one.kind, one.article) for one in ordered] == [(ConsequenceKind.RETRAIN_OR_MOVE, "实施意见三（十二）4")]
    assert rules.consequences_of(BUILT_IN, sitting(), passed=True, flags=[], at=NOW) == []


def test_of_two_sittings_the_first_counts_and_a_resit_that_nobody_asked_for_has_no_consequence() -> None:
    for flag in (SittingFlag.SAT_BEFORE, SittingFlag.NO_RESIT_DUE):
        assert rules.consequences_of(BUILT_IN, sitting(), passed=False, flags=[flag], at=NOW) == []


def test_a_fail_beyond_the_published_calendar_is_ordered_all_the_same() -> None:
    late = NOW + timedelta(days=36)
    for attempt in (1, 2):
        asked = sitting(ExamCategory.MANAGER, attempt=attempt)
        ordered = rules.consequences_of(BUILT_IN, asked, passed=False, flags=[], at=late)
        assert ordered
        assert all(one.deadline.provisional for one in ordered)


def test_no_loss_rests_on_a_defect_nor_on_one_person() -> None:
    rules.must_rest_on_a_clean_resit(["RESIT_LATE"], recorded_by=ONE, head=PERSONS[1])
    with pytest.raises(rules.LossNeedsTwoPeople):
        rules.must_rest_on_a_clean_resit([], recorded_by=ONE, head=ONE)
    with pytest.raises(rules.LossRestsOnDefect) as caught:
        rules.must_rest_on_a_clean_resit(["OTHER_PAPER", "MARKED_BY_HAND"], recorded_by=ONE, head=PERSONS[1])
    assert caught.value.parameters["flags"] == "OTHER_PAPER, MARKED_BY_HAND"


def test_each_consequence_ends_only_by_what_it_asks_for() -> None:
    rules.must_end_by_report(ConsequenceKind.RETRAIN_OR_MOVE, ConsequenceOutcome.MOVED)
    for kind, outcome in (
        (ConsequenceKind.RETRAIN, ConsequenceOutcome.MOVED),
        (ConsequenceKind.RESIT, ConsequenceOutcome.RESAT_PASSED),
        (ConsequenceKind.LOSE_QUALIFICATION, ConsequenceOutcome.QUALIFICATION_ENDED),
    ):
        with pytest.raises(rules.ConsequenceNeedsOtherHand):
            rules.must_end_by_report(kind, outcome)
    with pytest.raises(rules.ConsequenceNeedsOtherHand):
        rules.must_be_a_loss(ConsequenceKind.RESIT)


@pytest.mark.parametrize("changes", [
    {"attempt": 3}, {"attempt": 0}, {"answers": ()}, {"marks": (1, 2)}, {"answers": (), "marks": (3, 2)},
    {"answers": (), "marks": (-1, 2)}, {"answers": (Answer(question_id=ONE, chosen="Z"),)},
    {"answers": (Answer(question_id=ONE, chosen="A"), Answer(question_id=ONE, chosen="B"))},
])  # fmt: skip
def test_what_cannot_be_a_sitting_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_marks(sitting(**changes))


def exam(**changes: Any) -> judging.ExamFacts:
    places = [Place(one, ExamCategory.WORKER, rank, absent=False) for rank, one in enumerate(PERSONS)]
    usual = judging.ExamFacts(
        exam_id=ONE, drawn=True, held_by=ONE, held_at=NOW, paper_length=20, wanted={ExamCategory.WORKER: 3},
        places=places, shortest_paper={ExamCategory.WORKER: 20}, sat=set(PERSONS[:3]), has_begun=True,
    )  # fmt: skip
    return replace(usual, **changes)


@pytest.mark.parametrize(("changes", "codes"), [
    ({}, []),
    ({"drawn": False}, ["EXAM_NOT_DRAWN"]),
    ({"wanted": {ExamCategory.WORKER: 6}, "sat": set(PERSONS)}, ["EXAM_POOL_TOO_SMALL"]),
    ({"shortest_paper": {ExamCategory.WORKER: 19}}, ["EXAM_BANK_TOO_SMALL"]),
    ({"sat": set(PERSONS[:2])}, ["EXAM_SEAT_EMPTY"]),
    ({"sat": set(), "has_begun": False}, []),
    ({"sat": set(PERSONS[:4])}, ["EXAM_OUT_OF_TURN"]),
    ({"sat": {*PERSONS[:2], PERSONS[3]}}, ["EXAM_SEAT_EMPTY", "EXAM_OUT_OF_TURN"]),
])  # fmt: skip
def test_each_defect_of_an_exam_is_named_and_has_its_hours(changes: dict[str, Any], codes: list[str]) -> None:
    found = judging.defects_of(BUILT_IN, exam(**changes))
    assert [one.code for one in found] == codes
    assert all((one.until - NOW, one.made_good_by, one.article) == (timedelta(hours=24), ONE, rules.ARTICLE)
               for one in found)  # fmt: skip


def test_an_inspection_without_an_exam_is_a_defect_of_its_lead() -> None:
    missing = judging.missing_exam(BUILT_IN, lead_id=ONE, opened_at=NOW)
    assert (missing.code, missing.made_good_by, missing.until) == ("EXAM_MISSING", ONE, NOW + timedelta(hours=24))


def test_every_number_of_exams_stands_in_the_law() -> None:
    drawn = [rules.drawn_a_category(BUILT_IN, category, held_at=NOW) for category in ExamCategory]
    assert drawn == [1, 2, 3, 3]
