"""Tests of the desk of legal review: notes at a page or second, what changed since, like cases, sound written down."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases import alike, problems, reviewing
from storage.casework.cases.bodies.after import Revoked
from storage.casework.cases.bodies.deciding import (
    ReviewNote,
    ReviewPassed,
    ReviewPoint,
    ReviewReturned,
    ReviewSubmitted,
)
from storage.casework.cases.bodies.facts import EvidenceAdded, Recorded, RecordingMedium
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.bodies.opening import Registered
from storage.casework.papers.tables import PaperSubject
from tests.counting import statements_of
from tests.factories.cases import SMALL, CaseFile, at
from tests.factories.desk import Desk, make_desk
from tests.sites import NOW, Site

PAGE = ReviewNote(point=ReviewPoint.FACTS, words="时间不清", paper=uuid4(), page=3)
SECOND = ReviewNote(point=ReviewPoint.EVIDENCE, words="看不清表盘", piece=uuid4(), second=12)


@pytest.fixture
def case() -> CaseFile:
    found = CaseFile(at(2025, 9, 10))
    found.investigate(public_interest=True)
    return found


def submitted(case: CaseFile, **changes: Any) -> UUID:
    return case.take(ReviewSubmitted(**{"sanctions": (), "papers": "案卷"} | changes)).id


def returned(submission: UUID, *remarks: ReviewNote) -> ReviewReturned:
    return ReviewReturned(submitted=submission, notes="补正", remarks=remarks)


@pytest.mark.quick
@pytest.mark.parametrize(
    "note",
    [
        replace(PAGE, page=0), replace(PAGE, page=None), replace(PAGE, paper=None), replace(SECOND, second=-1),
        replace(SECOND, second=None), replace(PAGE, words=" "), replace(PAGE, piece=uuid4(), second=1),
        replace(PAGE, second=1), replace(SECOND, page=1), ReviewNote(point=ReviewPoint.LAW, words="依据不全"),
    ],
)  # fmt: skip
def test_58_a_note_stands_at_one_page_or_at_one_second(case: CaseFile, note: ReviewNote) -> None:
    submission = submitted(case)
    given = {"by": case.reviewer, "officers": ()}
    assert case.refusal(returned(submission, note), **given) == "NOTE_NOT_BOUND"
    passed = ReviewPassed(submitted=submission, checked=tuple(ReviewPoint), reviewed_before=True, remarks=(note,))
    assert case.refusal(passed, **given) == "NOTE_NOT_BOUND"
    case.take(returned(submission, PAGE, SECOND), **given)


@pytest.mark.quick
def test_118_sound_goes_to_review_with_what_is_said_in_it(case: CaseFile) -> None:
    step, sound = case.history.steps[-1], uuid4()
    case.take(Recorded(step=step.id, medium=RecordingMedium.SOUND, evidence=(sound,)), party=None)
    assert case.refusal(ReviewSubmitted(sanctions=(), papers="案卷")) == "SOUND_WITHOUT_TRANSCRIPT"
    assert "SOUND_WITHOUT_TRANSCRIPT" in case.missing()
    written = Recorded(step=step.id, medium=RecordingMedium.SOUND, evidence=(sound,), transcript="问：几时停的风机？")
    case.take(written, party=None)
    assert "SOUND_WITHOUT_TRANSCRIPT" not in case.missing()
    submitted(case)


@pytest.mark.quick
def test_a_reviewer_sees_what_changed_since_the_draft_was_last_answered(case: CaseFile) -> None:
    assert reviewing.changes_of(case.history, case.unit.id) is None
    first = submitted(case)
    assert reviewing.changes_of(case.history, case.unit.id) is None
    answer = case.take(returned(first, PAGE), by=case.reviewer, officers=())
    case.confirms = False
    added = case.take(EvidenceAdded(name="检定证书", proves="传感器准确", evidence=(uuid4(),)))
    case.notify(party=case.person)
    found = reviewing.changes_of(case.history, case.unit.id)
    assert found is not None
    assert (found.before.id, found.now, found.steps) == (first, None, (added,))
    case.suggest(SMALL)
    case.notify()
    case.waive()
    again = submitted(case, sanctions=SMALL)
    later = case.take(EvidenceAdded(name="照片", proves="超限", evidence=(uuid4(),)))
    found = reviewing.changes_of(case.history, case.unit.id)
    assert found is not None
    assert found.answered is not None
    assert found.now is not None
    assert (found.before.id, found.answered.id, found.now.id) == (first, answer.id, again)
    assert added in found.steps
    assert later not in found.steps  # It came behind what waits, which it makes stale.
    assert found.sanctions == ((), SMALL)


@pytest.mark.quick
def test_the_results_of_a_case_tell_what_stands(case: CaseFile) -> None:
    small = CaseFile(at(2025, 9, 10))
    decision = small.small()
    (result,) = alike.results_of(small.history)
    assert (result.fine, result.stands, result.ground and result.ground.value) == (SMALL[0].sum, True, "PLAIN")
    small.take(Revoked(decision=decision.id, reason="适用法律错误"))
    assert [one.stands for one in alike.results_of(small.history)] == [False]
    assert alike.results_of(case.history) == ()


async def with_draft(site: Site) -> tuple[Desk, UUID]:
    desk = await make_desk(site)
    await desk.file()
    await desk.take(Registered(), by=desk.head, party=None, officers=())
    await desk.take(EvidenceAdded(name="照片", proves="超限", evidence=(await film(desk),)), party=None)
    await desk.take(InvestigationEnded(facts="事实清楚", public_interest=True), party=None)
    step = desk.taking(ReviewSubmitted(sanctions=(), papers="案卷"))
    await desk.again(step)
    return desk, step.id


async def film(desk: Desk, *, seconds: int = 30) -> UUID:
    piece = await desk.check.piece("video/mp4")
    await desk.site.put(
        "facts", evidence_id=piece, mine_id=desk.site.mine, county="520281", office="GZ-1", sha256=piece.bytes * 2,
        object_name=piece.hex, attempts=0, flags=[], not_read=[], length_ms=seconds * 1000,
    )  # fmt: skip
    return piece


async def paper(desk: Desk, subject: UUID) -> UUID:
    id = uuid4()
    await desk.site.put(
        "papers", id=id, subject_kind=PaperSubject.CASE.value, subject_id=subject, mine_id=desk.site.mine,
        county="520281", office="GZ-1", form="立案审批表", version="1", internal=True, state="DRAFT", written=b"{}",
        drafted_by=desk.check.lead.account_id, drafted_at=NOW,
    )  # fmt: skip
    return id


async def test_58_a_note_names_a_paper_or_a_film_of_the_case_and_no_second_behind_its_end(site: Site) -> None:
    desk, submission = await with_draft(site)
    other = await make_desk(site)
    own, foreign = await paper(desk, desk.id), await paper(desk, other.id)
    piece = (await desk.file_of()).history.of(EvidenceAdded)[0].body.evidence[0]
    given: dict[str, Any] = {"by": desk.reviewer, "officers": ()}
    for note, problem in (
        (replace(PAGE, paper=foreign), problems.NoteElsewhere),
        (replace(SECOND, piece=await film(desk)), problems.NoteElsewhere),  # A film of the mine, and not of the case.
        (replace(SECOND, piece=piece, second=31), problems.NoteBehindTheEnd),
    ):
        await desk.refused(problem, desk.take(returned(submission, note), **given))
    notes = (replace(PAGE, paper=own), replace(SECOND, piece=piece, second=30))
    await desk.take(returned(submission, *notes), **given)
    (kept,) = (await desk.file_of()).history.of(ReviewReturned)
    assert kept.body.remarks == notes


async def test_like_cases_come_with_their_results_by_clause_and_by_kind(site: Site) -> None:
    decided = await make_desk(site)
    await decided.rest_on_a_sound_finding()
    await decided.decide()
    elsewhere = await make_desk(site)
    elsewhere.conduct = replace(elsewhere.conduct, clause="条例第三十条")
    await elsewhere.decide()
    undecided, mine = await make_desk(site), await make_desk(site)
    await undecided.file()
    await mine.file()
    async with site.database.reading(mine.check.lead) as sql:
        (found,) = await alike.cases_like(sql, mine.id, limit=10)
        assert (found.case.id, found.by_clause, found.by_kind) == (decided.id, True, False)
        (result,) = found.results
        assert (result.fine, result.outcome.value, result.stands) == (SMALL[0].sum, "PENALTY", True)
        assert await alike.cases_like(sql, elsewhere.id, limit=10) == []
    by_kind = await make_desk(site)
    await by_kind.rest_on_a_sound_finding()
    by_kind.conduct = replace(by_kind.conduct, clause="条例第九条")
    await by_kind.file()
    async with site.database.reading(by_kind.check.lead) as sql:
        (found,) = await alike.cases_like(sql, by_kind.id, limit=10)
        assert (found.case.id, found.by_clause, found.by_kind) == (decided.id, False, True)


async def test_like_cases_cost_as_many_statements_whether_one_or_three(site: Site) -> None:
    mine, heard, counts = await make_desk(site), statements_of(site.database), []
    await mine.file()
    for more in (1, 2):
        for _ in range(more):
            await (await make_desk(site)).decide()
        heard.clear()
        async with site.database.reading(mine.check.lead) as sql:
            await alike.cases_like(sql, mine.id, limit=10)
        counts.append(len(heard))
    assert counts[0] == counts[1]
