"""Tests of what may be said of a clause, how it stands by it, and of the bytes that are laid to be signed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.promises.commitments import rules
from storage.promises.commitments.rules import Given
from storage.promises.commitments.tables import AnswerOutcome, ClauseAnswer, ClauseStanding
from storage.promises.templates.rules import Clause, Promised, clauses_in_force, digest_of
from storage.record.glossary import sentence
from storage.record.ledger.proofs.commitments import documents
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.problems import BadInput
from tests.factories.templates import TIGHTER, YEAR, clause, clauses
from tests.sites import NOW

pytestmark = pytest.mark.quick

TODAY, DAY = date(2026, 11, 24), date(2027, 3, 31)
NOT_YET = Given(key="GAS_IN_RETURN", outcome=AnswerOutcome.NOT_YET, by_day=DAY, measure="加装传感器")
MET, NOT_MET = AnswerOutcome.MET, AnswerOutcome.NOT_MET


def answer(of: Clause, outcome: AnswerOutcome = MET, by_day: date | None = None, **changes: Any) -> ClauseAnswer:
    usual: dict[str, Any] = {
        "id": uuid4(), "mine_id": UUID(int=1), "county": "520281", "office": "GZ-1", "year": YEAR, "key": of.key,
        "clause_digest": digest_of(of), "outcome": outcome, "by_day": by_day, "words": "", "evidence": [],
        "measure": "加装传感器" if by_day else None, "answered_by": UUID(int=2), "answered_at": NOW,
    }  # fmt: skip
    return ClauseAnswer(**(usual | changes))


def document(answers: dict[str, ClauseAnswer] | None = None, **changes: Any) -> bytes:
    promised = changes.pop("promised", None) or clauses_in_force(clauses(), [clause(condition=TIGHTER)])
    usual: dict[str, Any] = {
        "mine": (UUID(int=1), "甲煤矿"), "principal": (UUID(int=4), "王某"), "year": YEAR, "template": (UUID(int=3), 1),
        "nonce": bytes(32),
    }  # fmt: skip
    said = answers or {one.clause.key: answer(one.clause) for one in promised}
    return rules.laid(promised, said, **(usual | changes))


@pytest.mark.parametrize(
    "given",
    [
        [], [NOT_YET, NOT_YET], [replace(NOT_YET, by_day=None)], [replace(NOT_YET, measure=None)],
        [replace(NOT_YET, measure=" ")], [replace(NOT_YET, by_day=TODAY - timedelta(days=1))],
        [replace(NOT_YET, by_day=date(YEAR + 1, 1, 1))], [replace(NOT_YET, outcome=MET)],
        [Given(key="X", outcome=NOT_MET)], [Given(key="X", outcome=MET, words="x" * 1_001)],
        [Given(key="X", outcome=MET, evidence=(UUID(int=1),) * 2)],
        [Given(key=f"X_{number}", outcome=MET) for number in range(101)],
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(given: list[Given]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_answers(given, year=YEAR, today=TODAY)


def test_an_answer_is_sound_to_the_last_day_of_the_year() -> None:
    for day in (TODAY, date(YEAR, 12, 31)):
        rules.must_be_answers([replace(NOT_YET, by_day=day)], year=YEAR, today=TODAY)
    rules.must_be_answers(
        [Given(key="A", outcome=MET), Given(key="B", outcome=NOT_MET, words="停电")], year=YEAR, today=TODAY
    )


def test_only_what_is_promised_is_answered_and_only_sealed_pieces_are_named() -> None:
    promised = {"GAS_IN_RETURN": Promised(clause(), own=False)}
    rules.must_be_promised([NOT_YET], promised)
    with pytest.raises(rules.ClauseNotPromised):
        rules.must_be_promised([replace(NOT_YET, key="ELSE")], promised)
    piece = uuid4()
    rules.must_be_sealed([piece], {piece})
    with pytest.raises(rules.EvidenceNotSealed):
        rules.must_be_sealed([piece], set())


@pytest.mark.parametrize(
    ("said", "today", "standing"),
    [
        (None, TODAY, ClauseStanding.OPEN),
        (answer(clause()), TODAY, ClauseStanding.MET),
        (answer(clause(), NOT_MET), TODAY, ClauseStanding.NOT_MET),
        (answer(clause(), AnswerOutcome.NOT_YET, DAY), TODAY, ClauseStanding.NOT_YET),
        (answer(clause(), AnswerOutcome.NOT_YET, DAY), DAY, ClauseStanding.NOT_YET),
        (answer(clause(), AnswerOutcome.NOT_YET, DAY), DAY + timedelta(days=1), ClauseStanding.DAY_PASSED),
        (answer(clause(condition=TIGHTER)), TODAY, ClauseStanding.OPEN),
    ],
)  # fmt: skip
def test_a_clause_stands_as_was_said_of_this_wording_and_not_yet_is_no_breach_until_the_day_after(
    said: ClauseAnswer | None, today: date, standing: ClauseStanding
) -> None:
    assert rules.standing_of(said, clause(), today) is standing


def test_a_self_evaluation_left_open_is_named_clause_by_clause() -> None:
    promised = clauses_in_force(clauses(), [])
    answers = {one.clause.key: answer(one.clause) for one in promised}
    rules.must_be_complete(promised, answers, TODAY)
    answers["GAS_IN_RETURN"] = answer(clause(condition=TIGHTER))  # Of another wording.
    del answers["CLAUSE_PEOPLE"]
    with pytest.raises(rules.AnswersOpen) as refused:
        rules.must_be_complete(promised, answers, TODAY)
    told = refused.value.parameters
    assert told["clauses"] == "GAS_IN_RETURN, CLAUSE_PEOPLE"
    for language, title in (("zh", "总回风瓦斯浓度"), ("en", "Gas in the main return")):
        said = sentence(refused.value.code, language, **told)
        assert title in said
        assert "GAS_IN_RETURN" not in said


def test_the_document_is_a_commitment_as_the_proofs_read_it_and_holds_all_that_is_promised_and_said() -> None:
    read = Commitment.decode(document())
    assert (read.mine_name, read.principal_name, read.year, read.version) == ("甲煤矿", "王某", YEAR, 1)
    assert [one["key"] for one in read.clauses] == [one.key for one in clauses()]
    assert (read.clauses[0]["own"], read.clauses[0]["condition"]["most"]) == (True, 75)
    assert read.answers[0]["outcome"] == "MET"
    assert document() == read.encode()  # Whoever lays it: no id of an answer is told.


def test_whatever_differs_is_another_digest() -> None:
    said = {one.clause.key: answer(one.clause) for one in clauses_in_force(clauses(), [])}
    others = [
        document(**change)
        for change in (
            {"nonce": bytes(31) + b"\x01"}, {"principal": (UUID(int=5), "王某")}, {"principal": (UUID(int=4), "李某")},
            {"template": (UUID(int=3), 2)}, {"year": YEAR + 1}, {"mine": (UUID(int=9), "甲煤矿")},
            {"promised": clauses_in_force(clauses(), [])},
            {"answers": {**said, "GAS_IN_RETURN": answer(clause(), NOT_MET)}},
        )
    ]  # fmt: skip
    assert len({documents.digest_of(one) for one in (document(), *others)}) == len(others) + 1


def test_a_commitment_that_is_too_long_is_told_so() -> None:
    promised = clauses_in_force([clause(f"LONG_{number}") for number in range(100)], [])
    answers = {one.clause.key: answer(one.clause, words="长" * 1_000, measure="长" * 1_000) for one in promised}
    with pytest.raises(rules.CommitmentTooLong):
        document(answers, promised=promised)
