"""Tests of the rules of conduct, each named after what the law wants: who speaks, who decides, and when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.conduct import clocks, recusals, rules
from storage.casework.conduct.history import Asked, Complainant, state_of
from storage.casework.conduct.rules import Hand
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind, MatterState
from storage.record.law import BUILT_IN
from storage.record.law.conduct import GROUNDS, GroundOf, grounds_on
from storage.record.problems import BadInput, Problem
from tests.factories.conduct import HEAD, OFFICER, OPENED_AT, OTHER_HEAD, WORDS, opening, tale

pytestmark = pytest.mark.quick

DAY = date(2025, 9, 15)
T, C, M = ConductTurn, ConductOutcome, MatterKind


def exempting() -> Any:
    told = tale(M.EXEMPTION, by=OFFICER)
    told.takes(T.ACCOUNT_GIVEN, OFFICER)
    return told


def test_two_persons_find_and_neither_confirms_his_own_finding() -> None:
    told = exempting()
    told.takes(T.FOUND, HEAD, outcome=C.EXEMPT, grounds=("DUTY_DONE",))
    assert state_of(told.history) is MatterState.FOUND
    with pytest.raises(rules.FoundByOnePerson):
        told.takes(T.CONFIRMED, HEAD)
    with pytest.raises(rules.FindingNotMade):
        told.takes(T.FOUND, OTHER_HEAD, outcome=C.NOT_EXEMPT)
    told.takes(T.CONFIRMED, OTHER_HEAD)
    assert state_of(told.history) is MatterState.SETTLED
    with pytest.raises(rules.MatterSettled):
        told.takes(T.FOUND, HEAD, outcome=C.NOT_EXEMPT)


def test_a_finding_that_the_second_person_does_not_share_is_made_again() -> None:
    told = exempting()
    with pytest.raises(rules.FindingNotMade):
        told.takes(T.CONFIRMED, OTHER_HEAD)
    told.takes(T.FOUND, HEAD, outcome=C.NOT_EXEMPT)
    told.takes(T.NOT_CONFIRMED, OTHER_HEAD)
    assert state_of(told.history) is MatterState.HEARD
    told.takes(T.FOUND, OTHER_HEAD, outcome=C.PARTLY_EXEMPT, grounds=("HIDDEN_BY_MINE",))
    told.takes(T.CONFIRMED, HEAD)
    assert state_of(told.history) is MatterState.SETTLED


def test_an_exemption_names_a_ground_of_the_list_of_that_day() -> None:
    told = exempting()
    with pytest.raises(rules.ConductGroundMissing):
        told.takes(T.FOUND, HEAD, outcome=C.EXEMPT)
    for ground in ("GOOD_WILL", "MAJOR_HAZARD_LEFT"):
        with pytest.raises(rules.ConductGroundUnknown):
            told.takes(T.FOUND, HEAD, outcome=C.EXEMPT, grounds=(ground,))


def test_nobody_finds_before_he_was_heard_or_let_five_working_days_pass() -> None:
    told = tale(M.EXEMPTION)
    with pytest.raises(rules.OfficerNotHeard) as caught:
        told.takes(T.FOUND, HEAD, outcome=C.NOT_EXEMPT)
    # From Monday 15 September: 16, 17, 18, 19, 22; over at midnight after it in Shanghai.
    assert caught.value.parameters["until"] == "2025-09-23T00:00:00+08:00"
    told.passes(days=7, hours=13, minutes=59)
    with pytest.raises(rules.OfficerNotHeard):
        told.takes(T.FOUND, HEAD, outcome=C.NOT_EXEMPT)
    told.passes(minutes=1)
    told.takes(T.FOUND, HEAD, outcome=C.NOT_EXEMPT)
    told.takes(T.ACCOUNT_GIVEN, OFFICER)
    assert state_of(told.history) is MatterState.FOUND


@pytest.mark.parametrize(("kind", "step", "asked"), [
    (M.EXEMPTION, T.FOUND, {"outcome": C.EXEMPT, "grounds": ("DUTY_DONE",)}),
    (M.EXEMPTION, T.CONFIRMED, {}),
    (M.PROPOSAL, T.TOLD, {}),
    (M.PROPOSAL, T.OUTCOME_RECORDED, {"outcome": C.NOT_ACTED_UPON}),
    (M.COMPLAINT, T.ACCEPTED, {}),
    (M.COMPLAINT, T.REPLIED, {"outcome": C.UNSUBSTANTIATED}),
    (M.RECUSAL, T.DECIDED, {"outcome": C.REFUSED}),
])  # fmt: skip
def test_nobody_handles_what_is_about_himself_and_a_heads_matter_is_decided_above(
    kind: MatterKind, step: ConductTurn, asked: dict[str, Any]
) -> None:
    told = tale(kind)
    with pytest.raises(rules.HandledByOneself):
        told.takes(step, OFFICER, **asked)
    with pytest.raises(rules.HandledBelow):
        told.takes(step, HEAD, above=False, **asked)
    assert len(told.history.steps) == 1


def test_only_he_gives_his_account_or_answer_and_only_the_opener_withdraws() -> None:
    for kind, step in ((M.EXEMPTION, T.ACCOUNT_GIVEN), (M.PROPOSAL, T.ANSWERED)):
        with pytest.raises(rules.NotYoursToSay):
            tale(kind).takes(step, HEAD)
    told = tale(M.PROPOSAL)
    with pytest.raises(rules.NotYoursToSay):
        told.takes(T.WITHDRAWN, OTHER_HEAD)
    told.takes(T.WITHDRAWN, HEAD)
    assert state_of(told.history) is MatterState.WITHDRAWN


def test_63_a_proposal_is_told_answered_passed_on_and_its_outcome_recorded() -> None:
    told = tale(M.PROPOSAL)
    with pytest.raises(rules.OfficerNotTold):
        told.takes(T.PASSED_ON, HEAD, organ="县监察委员会")
    told.takes(T.TOLD, HEAD)
    with pytest.raises(rules.OfficerNotHeard):
        told.takes(T.PASSED_ON, HEAD, organ="县监察委员会")
    for early in ({"kind": T.RECEIVED}, {"kind": T.OUTCOME_RECORDED, "outcome": C.ACTED_UPON}):
        with pytest.raises(rules.NotPassedOn):
            told.takes(by=HEAD, **early)
    told.takes(T.ANSWERED, OFFICER)
    told.takes(T.PASSED_ON, HEAD, organ="县监察委员会")
    with pytest.raises(rules.MatterSettled):
        told.takes(T.WITHDRAWN, HEAD)
    told.takes(T.RECEIVED, HEAD)
    told.takes(T.OUTCOME_RECORDED, HEAD, outcome=C.ACTED_UPON)
    assert state_of(told.history) is MatterState.SETTLED
    told.takes(T.ANSWERED, OFFICER)  # What he says late is kept, and changes nothing.
    assert state_of(told.history) is MatterState.SETTLED


def test_a_proposal_does_not_wait_for_an_answer_for_ever() -> None:
    told = tale(M.PROPOSAL)
    told.takes(T.TOLD, HEAD)
    told.passes(days=8).takes(T.PASSED_ON, HEAD, organ="县纪委监委")
    assert state_of(told.history) is MatterState.PASSED_ON


def test_a_complaint_is_accepted_extended_once_and_replied_to() -> None:
    told = tale(M.COMPLAINT)
    early: tuple[tuple[ConductTurn, dict[str, Any]], ...] = (
        (T.REPLIED, {"outcome": C.SUBSTANTIATED}),
        (T.EXTENDED, {}),
    )
    for step, asked in early:
        with pytest.raises(rules.ComplaintNotAccepted):
            told.takes(step, HEAD, **asked)
    told.takes(T.HEARD, HEAD)
    told.takes(T.ACCEPTED, HEAD)
    ends = [one.deadline.ends for one in clocks.clocks_of(told.history, BUILT_IN) if one.deadline]
    assert ends == [date(2025, 9, 30), date(2025, 11, 14)]
    told.takes(T.EXTENDED, HEAD)
    with pytest.raises(rules.ComplaintNotAccepted):
        told.takes(T.EXTENDED, HEAD)
    last = clocks.clocks_of(told.history, BUILT_IN)[-1]
    assert (last.key, last.deadline and last.deadline.ends) == ("complaint_answer", date(2025, 12, 14))
    told.takes(T.REPLIED, HEAD, outcome=C.PARTLY_SUBSTANTIATED)
    assert all(one.met_at for one in clocks.clocks_of(told.history, BUILT_IN))


def test_each_matter_has_its_own_steps_and_no_other() -> None:
    for kind in MatterKind:
        for step in set(ConductTurn) - rules.STEPS[kind]:
            with pytest.raises(rules.NoSuchConductStep):
                rules.must_be_takeable(
                    tale(kind).history, Asked(id=uuid4(), kind=step, words=WORDS), hand=Hand(account=HEAD),
                    law=BUILT_IN, now=OPENED_AT,
                )  # fmt: skip


def test_43_recusal_is_asked_by_the_party_or_by_the_officer_himself() -> None:
    asked = opening(M.RECUSAL, OFFICER, subject_id=uuid4(), grounds=("KIN",))
    with pytest.raises(rules.RecusalByStranger):
        rules.must_be_openable(asked, hand=Hand(account=HEAD), on=DAY)
    rules.must_be_openable(asked, hand=Hand(account=OFFICER), on=DAY)
    rules.must_be_openable(asked, hand=Hand(account=HEAD, is_mine=True), on=DAY)
    with pytest.raises(rules.NotOfTheTeam):
        rules.must_be_of_the_team(OFFICER, frozenset({HEAD}))


def test_43_a_decision_is_made_once_and_until_then_the_inquiry_goes_on() -> None:
    told = tale(M.RECUSAL)
    told.takes(T.DECIDED, HEAD, outcome=C.GRANTED)
    with pytest.raises(rules.MatterSettled):
        told.takes(T.DECIDED, HEAD, outcome=C.REFUSED)
    recused = {OFFICER: OPENED_AT}
    recusals.must_not_be_recused([OFFICER], recused, OPENED_AT - timedelta(milliseconds=1))
    recusals.must_not_be_recused([HEAD], recused, OPENED_AT)
    with pytest.raises(recusals.OfficerRecused) as caught:
        recusals.must_not_be_recused([HEAD, OFFICER], recused, OPENED_AT)
    assert caught.value.parameters == {"account": str(OFFICER), "article": "行政处罚法第四十三条"}


@pytest.mark.parametrize(("asked", "hand", "problem"), [
    (opening(M.PROPOSAL, OFFICER), Hand(account=OFFICER), rules.HandledByOneself),
    (opening(M.COMPLAINT, OFFICER), Hand(account=OFFICER), rules.HandledByOneself),
    (opening(M.PROPOSAL, OFFICER), Hand(account=HEAD, above=False), rules.HandledBelow),
    (opening(M.PROPOSAL, OFFICER, grounds=()), Hand(account=HEAD), rules.ConductGroundMissing),
    (opening(M.PROPOSAL, OFFICER, grounds=("DUTY_DONE",)), Hand(account=HEAD), rules.ConductGroundUnknown),
    (opening(M.COMPLAINT, OFFICER, grounds=("KIN",)), Hand(account=HEAD), rules.ConductGroundUnknown),
])  # fmt: skip
def test_who_opens_what_on_which_ground(asked: Any, hand: Hand, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        rules.must_be_openable(asked, hand=hand, on=DAY)


@pytest.mark.parametrize(("kind", "changes", "field"), [
    (M.COMPLAINT, {"words": "短"}, "words"),
    (M.COMPLAINT, {"evidence": (HEAD, HEAD)}, "evidence"),
    (M.PROPOSAL, {"grounds": ("A", "A")}, "grounds"),
    (M.RECUSAL, {"about": About.CASE, "subject_id": HEAD}, "about"),
    (M.RECUSAL, {}, "subject"),
    (M.EXEMPTION, {"subject_id": HEAD}, "subject"),
    (M.COMPLAINT, {"reference": "甲\n乙"}, "reference"),
    (M.COMPLAINT, {"as_of": 3}, "as_of"),
    (M.PROPOSAL, {"complainant": Complainant(name="李", contact="")}, "complainant"),
    (M.COMPLAINT, {"complainant": Complainant(name="李" * 201, contact="")}, "complainant"),
])  # fmt: skip
def test_what_is_no_matter_is_refused(kind: MatterKind, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        rules.must_be_well_formed(opening(kind, OFFICER, **changes))
    assert caught.value.parameters["field"] == field


@pytest.mark.parametrize(("step", "changes", "field"), [
    (T.FOUND, {}, "outcome"),
    (T.TOLD, {"outcome": C.EXEMPT}, "outcome"),
    (T.DECIDED, {"outcome": C.EXEMPT}, "outcome"),
    (T.PASSED_ON, {}, "organ"),
    (T.TOLD, {"organ": "监委"}, "organ"),
    (T.TOLD, {"words": ""}, "words"),
])  # fmt: skip
def test_what_is_no_step_is_refused(step: ConductTurn, changes: dict[str, Any], field: str) -> None:
    usual = Asked(id=uuid4(), kind=step, words=WORDS)
    with pytest.raises(BadInput) as caught:
        rules.must_be_a_step(replace(usual, **changes))
    assert caught.value.parameters["field"] == field


def test_each_ground_has_its_article_and_stands_once() -> None:
    assert all(one.article and one.title for one in GROUNDS)
    assert len({one.key for one in GROUNDS}) == len(GROUNDS)
    assert all(grounds_on(DAY, of) for of in GroundOf)
    assert grounds_on(date(2019, 1, 1)) == {}
    assert all(one.settled or one.note for one in GROUNDS)


def test_a_deadline_in_a_year_without_a_published_calendar_is_shown_without_an_end() -> None:
    told = tale(M.RECUSAL)
    first = replace(told.history.steps[0], at=OPENED_AT.replace(year=2026, month=12, day=31))
    (clock,) = clocks.clocks_of(replace(told.history, steps=(first,)), BUILT_IN)
    assert (clock.deadline, clock.article) == (None, "行政处罚法第四十三条")


def test_every_step_but_his_own_and_a_withdrawal_has_its_verb() -> None:
    free = rules.HIS_OWN | {T.WITHDRAWN, T.OPENED}
    assert set(rules.VERBS) == set(ConductTurn) - free
    assert not set(rules.VERBS) & free
    assert UUID(int=1) == OFFICER
