"""Tests of what the law wants on paper before a case goes on; each named after its article."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.bodies.after import Archived, Closed, ClosingGround, OutcomeReceived, Result, Term
from storage.casework.cases.bodies.after import ReconsiderationFiled as Filed
from storage.casework.cases.bodies.deciding import DecisionOutcome, Deliberated, Served, SpotReported
from storage.casework.cases.bodies.notice import HearingHeld, HearingNotified
from storage.casework.cases.history import AnyStep, OnPaper
from storage.casework.cases.paperwork import heads_on, without_paper
from storage.casework.cases.steps import Sanction, SanctionKind
from tests.factories.cases import BY_HAND, STOP, WAN, CaseFile, at

pytestmark = pytest.mark.quick

DECISION, RECORD, CLOSING, CONTENTS = "行政处罚决定书（单位）", "听证笔录", "结案审批表", "卷内目录"
DISCUSSION = "行政处罚集体讨论记录"


def write(case: CaseFile, form: str, step: AnyStep | None = None, *, signed: tuple[str, ...] = ()) -> UUID:
    """A paper that is issued now."""
    paper = OnPaper(uuid4(), form, step.id if step else None, case.now, signed)
    case.history = replace(case.history, papers=(*(case.history.papers or ()), paper))
    return paper.id


def decided() -> tuple[CaseFile, AnyStep]:
    """A small fine, of which nothing is on paper yet."""
    case = CaseFile(at(2025, 9, 10))
    decision = case.small()
    case.history = replace(case.history, papers=())
    return case, decision


def performed() -> CaseFile:
    """Served on paper and paid; the person is let off."""
    case, decision = decided()
    write(case, DECISION, decision)
    case.serve(decision)
    case.pay(decision, WAN)
    off = case.take(case.draft((), outcome=DecisionOutcome.FIRST_TIME, pay_to=""), party=case.person.id, officers=())
    write(case, "行政处罚决定书（个人）", off)
    case.serve(off)
    return case


def close(*papers: UUID) -> Closed:
    return Closed(ground=ClosingGround.DONE, report="已履行", papers=papers)


def archive(*papers: UUID) -> Archived:
    return Archived(term=Term.LONG, papers=papers)


def closed() -> CaseFile:
    """Closed with what the head approved, each step but the named ones without its paper."""
    case = performed()
    case.take(close(write(case, CLOSING, signed=("承办人1", "审批人"))))
    return case


def test_59_nothing_is_served_before_the_decision_is_on_paper() -> None:
    case, decision = decided()
    served = Served(decision=decision.id, delivery=BY_HAND)
    assert case.refusal(served) == "DECISION_NOT_ON_PAPER"
    write(case, DECISION)
    write(case, "文书送达回执", decision)
    assert case.refusal(served) == "DECISION_NOT_ON_PAPER", "a paper that stands for no decision is none"
    write(case, DECISION, decision)
    case.take(served)


def test_65_after_a_hearing_nothing_is_decided_without_its_record() -> None:
    case = CaseFile(at(2025, 9, 1))
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    held = case.hear(2025, 9, 16, 9, 30)
    case.history = replace(case.history, papers=())
    found = [one for one in case.all_missing() if one.code == "HEARING_NOT_ON_PAPER"]
    assert [(one.step, one.article) for one in found] == [(held.id, "行政处罚法第六十五条")]
    write(case, RECORD, held)
    assert "HEARING_NOT_ON_PAPER" not in case.missing()


def test_65_a_party_that_stayed_away_gave_the_hearing_up_and_there_is_no_record_of_it() -> None:
    case = CaseFile(at(2025, 9, 1))
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    held = case.hear(2025, 9, 16, 9, 30)
    steps = tuple(
        replace(one, body=replace(one.body, came=False)) if isinstance(one.body, HearingHeld) else one
        for one in case.history.steps
    )
    case.history = replace(case.history, steps=steps, papers=())
    assert held.id in case.history.by_id
    assert "HEARING_NOT_ON_PAPER" not in case.missing()
    assert not [one for one in without_paper(case.history) if isinstance(one.step.body, HearingHeld)]
    assert [one for one in without_paper(case.history) if isinstance(one.step.body, HearingNotified)]


def test_47_a_case_is_closed_by_what_a_head_approved_on_paper() -> None:
    case = performed()
    assert case.refusal(close()) == "CLOSING_NOT_ON_PAPER"
    unsigned = write(case, CLOSING, signed=("承办人1", "承办人2"))
    assert case.refusal(close(unsigned)) == "CLOSING_NOT_ON_PAPER"
    approved = write(case, CLOSING, signed=("审批人",))
    assert case.refusal(close()) == "CLOSING_NOT_ON_PAPER", "the step names what it rests on"
    assert case.refusal(close(uuid4())) == "PAPER_NOT_OF_CASE"
    assert case.take(close(approved)).body.papers == (approved,)


def test_47_what_came_after_the_approval_is_approved_anew() -> None:
    case = performed()
    before = write(case, CLOSING, signed=("审批人",))
    decision = case.history.decisions(case.unit.id)[-1]
    case.on(2025, 9, 20)
    filed = case.take(Filed(decision=decision.id, organ="省政府", filed_on=case.now.date()))
    case.take(OutcomeReceived(filed=filed.id, result=Result.UPHELD, decided_on=case.now.date()))
    assert case.refusal(close(before)) == "CLOSING_NOT_ON_PAPER"
    case.take(close(write(case, CLOSING, signed=("审批人",))))


def test_47_a_file_is_put_away_only_with_a_paper_of_each_step_that_the_law_wants_written() -> None:
    case = closed()
    lacking = [one.form for one in without_paper(case.history)]
    assert lacking == ["立案审批表", "行政处罚告知书", "文书送达回执", "文书送达回执"]
    for lacks in list(without_paper(case.history)):
        contents = write(case, CONTENTS)
        assert case.refusal(archive(contents)) == "FILE_NOT_WHOLE"
        write(case, lacks.form, lacks.step)
    case.take(archive(write(case, CONTENTS)))


def test_archives_law_13_the_list_of_contents_knows_every_paper_of_the_file() -> None:
    case = closed()
    for lacks in list(without_paper(case.history)):
        write(case, lacks.form, lacks.step)
    assert case.refusal(archive()) == "CONTENTS_NOT_WHOLE"
    early = write(case, CONTENTS)
    assert case.refusal(archive(uuid4())) == "PAPER_NOT_OF_CASE"
    case.on(2025, 12, 1)
    write(case, "文书送达回执")
    assert case.refusal(archive(early)) == "CONTENTS_NOT_WHOLE", "it does not know the last one"
    case.take(archive(write(case, CONTENTS)))


def test_51_a_decision_on_the_spot_is_closed_without_an_approval_of_its_own() -> None:
    case = CaseFile(at(2025, 9, 3))
    spot = case.take(case.on_the_spot(Sanction(kind=SanctionKind.WARNING)))
    case.take(SpotReported(decision=spot.id))
    case.history = replace(case.history, papers=())
    case.take(close())


def deliberated() -> tuple[CaseFile, AnyStep]:
    """Everything that a stop needs but the decision; of the deliberation nothing is on paper."""
    case = CaseFile(at(2025, 9, 10))
    case.ready_for_stop()
    case.history = replace(case.history, papers=())
    (step,) = (one for one in case.history if isinstance(one.body, Deliberated))
    return case, step


def discussion(case: CaseFile, step: AnyStep, *heads: UUID) -> None:
    """Its record, on which these heads stand."""
    paper = OnPaper(uuid4(), DISCUSSION, step.id, case.now, heads=frozenset(heads))
    case.history = replace(case.history, papers=(*(case.history.papers or ()), paper))


def test_57_nothing_is_decided_by_a_deliberation_that_is_not_on_paper() -> None:
    case, step = deliberated()
    (lacks,) = case.all_missing()
    assert (lacks.code, lacks.step, lacks.since) == ("DELIBERATION_NOT_ON_PAPER", step.id, step.at)
    assert lacks.article == "行政处罚法第五十七条"
    assert case.refusal(case.draft(STOP), officers=()) == "DELIBERATION_NOT_ON_PAPER"
    write(case, DISCUSSION)
    assert case.missing() == ["DELIBERATION_NOT_ON_PAPER"], "a paper that stands for no deliberation is none"


def test_57_each_head_who_deliberated_signs_the_record_and_one_of_two_is_not_all() -> None:
    case, step = deliberated()
    discussion(case, step, step.body.heads[0], uuid4())
    (lacks,) = case.all_missing()
    assert (lacks.code, lacks.article) == ("DELIBERATION_NOT_SIGNED", "行政处罚法第五十七条")
    assert lacks.problem.parameters["account"] == str(step.body.heads[1])
    assert case.refusal(case.draft(STOP), officers=()) == "DELIBERATION_NOT_SIGNED"
    discussion(case, step, step.body.heads[1])
    assert case.missing() == ["DELIBERATION_NOT_SIGNED"], "two records of one deliberation are none of all"
    discussion(case, step, *step.body.heads)
    case.decide(STOP)


def test_57_each_who_lacks_is_named_and_whoever_is_named_twice_is_one() -> None:
    case, step = deliberated()
    three = replace(step.body, heads=(*step.body.heads, step.body.heads[0], uuid4()))
    steps = tuple(replace(one, body=three) if one.id == step.id else one for one in case.history)
    case.history = replace(case.history, steps=steps)
    discussion(case, step)
    assert case.missing() == ["DELIBERATION_NOT_SIGNED"] * 3
    discussion(case, step, *three.heads)
    assert case.missing() == []


def test_57_what_was_not_to_be_deliberated_needs_no_record_of_it() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest()
    case.notify()
    case.waive()
    case.deliberate()
    case.history = replace(case.history, papers=())
    assert case.missing() == []


def test_57_a_name_in_ink_or_in_a_refusal_stands_for_one_head_of_that_name() -> None:
    head, like, other = uuid4(), uuid4(), uuid4()
    heads = {head: "赵肃", like: "赵肃", other: "钱平"}
    assert heads_on(heads, accounts=[], names=[]) == frozenset()
    assert heads_on(heads, accounts=[other, uuid4()], names=["孙某"]) == {other}
    assert len(heads_on(heads, accounts=[], names=["赵肃"])) == 1
    assert heads_on(heads, accounts=[head], names=["赵肃"]) == {head, like}
    assert heads_on(heads, accounts=[], names=["赵肃", "赵肃", "钱平"]) == {head, like, other}
    assert heads_on({head: ""}, accounts=[], names=["钱平"]) == frozenset(), "a name out of sight stands for nobody"
