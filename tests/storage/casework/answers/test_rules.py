"""Tests of what the law says of a mine's answers: what is one, to what, and who examines it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.answers import rules
from storage.casework.answers.rules import Examined, Given
from storage.casework.answers.tables import AnsweredKind, Stance
from storage.record.actor import Actor, Grant, Reach, Role, reach_of
from storage.record.problems import BadInput, Problem

pytestmark = pytest.mark.quick

PIECE = uuid4()


def given(**changes: Any) -> Given:
    usual: dict[str, Any] = {"id": uuid4(), "subject_kind": AnsweredKind.FINDING, "subject_id": uuid4(),
                             "stance": Stance.OBJECTED, "words": "传感器当时没有断线"}  # fmt: skip
    return Given(**(usual | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"words": "不对"},
        {"words": "  不对   "},
        {"words": "长" * 4_001},
        {"evidence": (PIECE, PIECE)},
        {"evidence": tuple(UUID(int=number) for number in range(21))},
        {"item": "检查情况"},
        {"item": "长" * 201, "subject_kind": AnsweredKind.PAPER},
    ],
)
def test_an_objection_states_its_reasons_and_names_pieces_once_and_items_of_papers_only(
    changes: dict[str, Any],
) -> None:
    with pytest.raises(BadInput):
        rules.must_be_well_formed(given(**changes))


def test_a_countersignature_needs_no_words_and_an_objection_as_few_as_four() -> None:
    rules.must_be_well_formed(given(stance=Stance.COUNTERSIGNED, words=""))
    rules.must_be_well_formed(given(words="并未断线"))
    rules.must_be_well_formed(given(words="长" * 4_000, evidence=tuple(UUID(int=number) for number in range(20))))
    rules.must_be_well_formed(given(subject_kind=AnsweredKind.PAPER, item="检查情况"))


def test_68_a_paper_is_answered_as_a_whole_or_at_an_item_that_it_has() -> None:
    paper = given(subject_kind=AnsweredKind.PAPER, item="检查情况")
    rules.must_be_an_item_of(paper, items={"检查情况"})
    rules.must_be_an_item_of(given(), items=())
    with pytest.raises(rules.PaperItemUnknown, match="检查情况"):
        rules.must_be_an_item_of(paper, items={"日期"})


def test_46_what_is_put_forward_stands_in_the_record_of_this_mine() -> None:
    rules.must_be_evidence_of_the_mine((PIECE,), known={PIECE})
    with pytest.raises(rules.AnswerEvidenceUnknown):
        rules.must_be_evidence_of_the_mine((PIECE, uuid4()), known={PIECE})


def test_45_an_objection_is_examined_in_writing_once_by_another_hand() -> None:
    me = uuid4()
    rules.must_be_an_objection("OBJECTED")
    rules.must_be_examined_by_another({uuid4()}, account=me)
    rules.must_be_unexamined(examined=False)
    rules.must_state_an_answer(Examined(id=uuid4(), answer_id=uuid4(), accepted=True, words="经查属实"))
    refusals: tuple[tuple[type[Problem], Any], ...] = (
        (rules.NotAnObjection, lambda: rules.must_be_an_objection("COUNTERSIGNED")),
        (rules.ExaminedByTeller, lambda: rules.must_be_examined_by_another({uuid4(), me}, account=me)),
        (rules.ObjectionAlreadyExamined, lambda: rules.must_be_unexamined(examined=True)),
        (BadInput, lambda: rules.must_state_an_answer(
            Examined(id=me, answer_id=me, accepted=False, words=" 无 "))),
    )  # fmt: skip
    for problem, act in refusals:
        with pytest.raises(problem):
            act()


def test_nobody_answers_for_a_mine_by_a_grant_over_a_county_or_by_another_role() -> None:
    mine, other = uuid4(), uuid4()
    grants = (
        Grant(Role.MINE_PRINCIPAL, Reach(mines=frozenset({mine}))),
        Grant(Role.MINE_CLERK, Reach(mines=frozenset({other}))),
        Grant(Role.MINE_PRINCIPAL, Reach(counties=frozenset({"520281"}))),
    )
    actor = Actor(account_id=uuid4(), session_id=None, device_id=None, grants=grants, reach=reach_of(grants))
    assert rules.mines_of(actor) == {mine}
