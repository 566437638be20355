"""Tests of what a mine's objections do to its case: they are examined before it is decided, and never make it worse."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.bodies.deciding import ReviewPassed, ReviewPoint, ReviewSubmitted
from storage.casework.cases.bodies.facts import CorrectionOrdered, EvidenceAdded
from storage.casework.cases.bodies.notice import DefenceWaived
from storage.casework.cases.history import Objection
from tests.factories.cases import SMALL, WAN, CaseFile, at, fine

pytestmark = pytest.mark.quick


@pytest.fixture
def case() -> CaseFile:
    case = CaseFile(at(2024, 9, 20))
    case.conduct = replace(case.conduct, began_on=case.now.date(), ended_on=None)
    case.investigate()
    case.suggest(least=1, most=10 * WAN)
    return case


def objects(case: CaseFile, *, step: UUID | None = None, examined_at: datetime | None = None) -> Objection:
    """The mine objects now."""
    said = Objection(uuid4(), case.now, examined_at, step=step)
    case.history = replace(case.history, objections=(*case.history.objections, said))
    return said


def examined(case: CaseFile) -> None:
    """All of it is answered now."""
    answered = tuple(replace(one, examined_at=case.now) for one in case.history.objections)
    case.history = replace(case.history, objections=answered)


def test_45_nothing_is_decided_before_an_objection_to_its_facts_is_examined(case: CaseFile) -> None:
    said = objects(case)
    case.on(2024, 9, 27).notify()
    case.waive()
    (missing,) = case.all_missing()
    assert (missing.code, missing.article, missing.since) == ("OBJECTION_NOT_EXAMINED", "行政处罚法第四十五条", said.at)
    assert missing.problem.parameters["answer"] == str(said.id)
    assert case.refusal(case.draft()) == "OBJECTION_NOT_EXAMINED"
    examined(case)
    assert case.missing() == []
    case.decide()


def test_45_an_objection_to_a_partys_step_holds_up_its_own_decision_alone(case: CaseFile) -> None:
    notice = case.notify()
    case.notify(party=case.person)
    case.waive()
    case.waive(case.person)
    case.suggest((fine(1, "fine_obstruction_person"),), party=case.person)
    objects(case, step=notice.id)
    assert "OBJECTION_NOT_EXAMINED" in case.missing()
    assert "OBJECTION_NOT_EXAMINED" not in case.missing(case.person)
    objects(case)
    assert "OBJECTION_NOT_EXAMINED" in case.missing(case.person), "what is said of the facts concerns all"


def test_45_an_objection_never_makes_it_heavier(case: CaseFile) -> None:
    case.notify()
    case.on(2024, 9, 21)
    objects(case, examined_at=case.now)
    case.waive()
    heavier = (fine(2),)
    assert case.refusal(case.draft(heavier)) == "HEAVIER_AFTER_DEFENCE"
    assert case.refusal(case.notice(heavier, new_facts="新的事实")) == "HEAVIER_AFTER_DEFENCE", "nothing new was kept"
    case.on(2024, 9, 22).take(EvidenceAdded(name="新记录", proves="还有超员", evidence=(uuid4(),)))
    assert case.refusal(case.notice(heavier)) == "HEAVIER_AFTER_DEFENCE"
    case.take(case.notice(heavier, new_facts="新的事实"))
    case.take(DefenceWaived(signed=True))
    case.decide(heavier)


def test_45_what_was_found_before_the_objection_is_no_new_fact(case: CaseFile) -> None:
    case.notify()
    case.on(2024, 9, 21).take(EvidenceAdded(name="旧记录", proves="还有超员", evidence=(uuid4(),)))
    case.on(2024, 9, 22)
    objects(case, examined_at=case.now)
    assert case.refusal(case.notice((fine(2),), new_facts="旧的事实")) == "HEAVIER_AFTER_DEFENCE"


def test_45_an_objection_on_site_does_not_bind_the_first_notice(case: CaseFile) -> None:
    objects(case, examined_at=case.now)
    case.on(2024, 9, 21).notify((fine(2),))
    assert case.on(2024, 9, 22).refusal(case.notice((fine(3),))) == ""


def test_58_a_review_is_stale_once_something_was_objected_or_answered_behind_it() -> None:
    case = CaseFile(at(2024, 9, 20))
    case.conduct = replace(case.conduct, began_on=case.now.date(), ended_on=None)
    case.investigate(public_interest=True)
    case.suggest()
    case.notify()
    case.waive()
    submitted = case.take(ReviewSubmitted(sanctions=SMALL, papers="案卷"))
    case.take(ReviewPassed(submitted=submitted.id, checked=tuple(ReviewPoint), reviewed_before=True), officers=())
    assert case.missing() == []
    case.on(2024, 9, 23)
    objects(case)
    assert set(case.missing()) == {"OBJECTION_NOT_EXAMINED", "REVIEW_OUTDATED"}
    case.on(2024, 9, 24)
    examined(case)
    assert case.missing() == ["REVIEW_OUTDATED"]
    (stale,) = case.all_missing()
    assert stale.since == at(2024, 9, 24)


def test_45_what_came_after_the_decision_is_kept_and_undoes_nothing(case: CaseFile) -> None:
    case.notify()
    case.waive()
    made = case.decide()
    case.on(2024, 9, 25)
    objects(case, step=made.id)
    assert case.history.decisions(case.unit.id) == (made,)


def test_45_who_objects_again_after_the_time_to_defend_holds_up_nothing() -> None:
    case = CaseFile(at(2024, 9, 20))
    case.conduct = replace(case.conduct, began_on=case.now.date(), ended_on=None)
    case.investigate(public_interest=True)
    case.suggest()
    notice = case.notify()
    case.on(2024, 9, 22)
    objects(case, step=notice.id)
    case.on(2024, 10, 20)
    assert "OBJECTION_NOT_EXAMINED" in case.missing(), "what came in time waits for its answer"
    examined(case)
    case.review(SMALL)
    assert case.missing() == []
    case.on(2024, 10, 21)
    objects(case)
    objects(case, step=notice.id)
    assert case.missing() == [], "else one word a day would stop the case until its ninety days are over"
    case.decide()


def test_45_what_was_told_after_the_notice_has_a_time_of_its_own(case: CaseFile) -> None:
    case.notify()
    case.waive()
    case.on(2024, 10, 20)
    later = case.take(CorrectionOrdered(what="整改", due_on=at(2024, 12, 1).date()))
    objects(case, step=later.id)
    assert case.missing() == ["OBJECTION_NOT_EXAMINED"]
    case.on(2024, 11, 20)
    objects(case, step=later.id)
    assert [one.since for one in case.all_missing()] == [at(2024, 10, 20)]
    case.notify()
    objects(case)
    assert case.missing().count("OBJECTION_NOT_EXAMINED") == 3, "another notice, another time: all of it counts again"
