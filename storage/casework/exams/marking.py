"""The acts that record who sat an exam, score it by rule, and order what follows a fail."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from storage.casework.exams import drawing, laying, queries, rules
from storage.casework.exams.operations import scope_of
from storage.casework.exams.rules import ResitFacts, Score, SeatFacts, SittingFacts
from storage.casework.exams.tables import Consequence, ConsequenceKind, ConsequenceOutcome, Exam, Sitting
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import day_of, to_ms, whole_ms
from storage.record.work import Work
from storage.register.people import operations as people
from storage.register.people.rules import text_of
from storage.register.people.tables import Craft, ExamCategory, QualificationKind
from storage.register.provisions import queries as provisions


async def record_sitting(work: Work, *, facts: SittingFacts) -> Sitting:
    """Keeps what somebody answered under the client's id, scores it, and orders what follows a fail.

    What speaks against it is flagged and not refused. The same id again with the same content is the same answer.
    Raises NotFound, NotAllowed, SittingConflict, BadInput.
    """
    exam = await queries.exam_to_record(work, facts.exam_id)
    work.actor.require(Verb.EXAM_RECORD, **scope_of(exam))
    rules.must_be_marks(facts)
    known = next(iter(await queries.sittings_by_ids(work.sql, [facts.id])), None)
    if known is not None:
        return _same(known, facts, recorded_by=work.actor.account_id)
    resit = await _resit_of(work, facts)
    paper, flags = await _judged(work, exam, facts, resit)
    keys = await queries.keys_of(work.sql, [*paper, *(one.question_id for one in facts.answers)])
    score = _scored(exam, facts, keys, paper)
    sitting = _new_sitting(work, facts, score, flags=flags, scope=scope_of(exam))
    await add_rows(work.sql, [sitting])
    work.record("exam.sat", sitting.id, data=_told(sitting), **scope_of(exam))
    if resit is not None:
        passed = ConsequenceOutcome.RESAT_PASSED if score.passed else ConsequenceOutcome.RESAT_FAILED
        await _meet(work, resit, passed, note="")
    await _order(work, exam, facts, sitting)
    return sitting


async def settle_consequence(
    work: Work, *, consequence_id: UUID, outcome: ConsequenceOutcome, note: str
) -> Consequence:
    """An officer records that somebody was retrained or moved to another post.

    Raises NotFound, NotAllowed, ConsequenceMetAlready, ConsequenceNeedsOtherHand, BadInput.
    """
    consequence = await queries.consequence_to_meet(work, consequence_id)
    work.actor.require(Verb.EXAM_RECORD, **scope_of(consequence))
    rules.must_end_by_report(ConsequenceKind(consequence.kind), outcome)
    rules.must_be_open(consequence.met_at)
    await _meet(work, consequence, outcome, note=text_of(note, field="note", most=rules.LONGEST_NOTE))
    return consequence


async def decide_loss(work: Work, *, consequence_id: UUID, confirmed: bool, note: str) -> Consequence:
    """The head of the agency confirms that a qualification of the post is lost, and it ends; or says why not.

    Raises NotFound, NotAllowed, ConsequenceMetAlready, ConsequenceNeedsOtherHand, LossNeedsTwoPeople,
    LossRestsOnDefect, BadInput.
    """
    consequence = await queries.consequence_to_meet(work, consequence_id)
    work.actor.require(Verb.EXAM_CONFIRM, **scope_of(consequence))
    rules.must_be_a_loss(ConsequenceKind(consequence.kind))
    rules.must_be_open(consequence.met_at)
    said = text_of(note, field="note", most=rules.LONGEST_NOTE)
    if not confirmed:
        await _meet(work, consequence, ConsequenceOutcome.NOT_CONFIRMED, note=said)
        return consequence
    resit = (await queries.sittings_by_ids(work.sql, [consequence.sitting_id]))[0]
    rules.must_rest_on_a_clean_resit(resit.flags, recorded_by=resit.recorded_by, head=work.actor.account_id)
    await _meet(work, consequence, ConsequenceOutcome.QUALIFICATION_ENDED, note=said)
    kind, craft = _of_post(ExamCategory(consequence.category), consequence.craft)
    await people.disqualify(
        work, person_id=consequence.person_id, kind=kind, craft=craft, reason=f"{consequence.article}：{said}"[:500]
    )  # fmt: skip
    return consequence


async def consequence_again(work: Work, consequence_id: UUID) -> Consequence:
    """What a replay answers: the consequence as it stands today."""
    return await queries.consequence_to_meet(work, consequence_id)


async def _resit_of(work: Work, facts: SittingFacts) -> Consequence | None:
    """The resit that this person has to sit after this exam, if it is open."""
    if facts.attempt == 1:
        return None
    found = [
        one for one in await queries.consequences_of(work.sql, [facts.exam_id])
        if one.kind == ConsequenceKind.RESIT and one.person_id == facts.person_id and one.met_at is None
    ]  # fmt: skip
    return await queries.consequence_to_meet(work, found[0].id) if found else None


async def _judged(
    work: Work, exam: Exam, facts: SittingFacts, resit: Consequence | None
) -> tuple[tuple[UUID, ...], list[str]]:
    """The paper that was drawn for this sitting, and what speaks against the sitting."""
    day = day_of(exam.held_at)
    held = await queries.categories_held(work, person_id=facts.person_id, mine_id=exam.mine_id, day=day)
    seats = {one.person_id: one for one in await queries.seats_of(work.sql, [exam.id])}
    seat = seats.get(facts.person_id)
    others = await queries.sittings_of(work.sql, [exam.id])
    inspection = await queries.inspection_to_examine(work, exam.inspection_id)
    sits = SeatFacts(seat.absent_at is not None, tuple(seat.questions)) if seat else None
    again = ResitFacts(resit.due, tuple(resit.questions)) if resit else None
    flags = rules.flags_of(
        facts, seat=sits, is_officer=inspection.is_officer, categories=held, resit=again,
        sat_before=any((one.person_id, one.attempt) == (facts.person_id, facts.attempt) for one in others),
    )  # fmt: skip
    paper = (sits.paper if sits else ()) if facts.attempt == 1 else (again.paper if again else ())
    return paper, flags


def _scored(exam: Exam, facts: SittingFacts, keys: dict[UUID, str], paper: tuple[UUID, ...]) -> Score:
    if facts.marks is not None:
        return rules.marked(*facts.marks, pass_mark=exam.pass_mark)
    return rules.score_of(facts.answers, keys, paper=paper, pass_mark=exam.pass_mark)


async def _order(work: Work, exam: Exam, facts: SittingFacts, sitting: Sitting) -> None:
    """What follows a fail, each with its clock; a resit has its paper drawn at once, by the same seed."""
    law = await provisions.law_of(work.sql)
    ordered = rules.consequences_of(law, facts, passed=sitting.passed, flags=sitting.flags, at=work.now)
    rows = [
        Consequence(
            id=ids.new_id(to_ms(work.now)), exam_id=exam.id, sitting_id=sitting.id, person_id=sitting.person_id,
            category=sitting.category, craft=sitting.craft, kind=one.kind, article=one.article, ordered_at=work.now,
            due=one.deadline.ends, alarm=one.deadline.alarm, provisional=one.deadline.provisional,
            questions=await _resit_paper(work, exam, facts) if one.kind is ConsequenceKind.RESIT else [],
            over_at=one.deadline.over_at(), law=law.edition, **scope_of(exam),
        )
        for one in ordered
    ]  # fmt: skip
    await add_rows(work.sql, rows)
    for row in rows:
        data = {
            "exam": str(row.exam_id), "sitting": str(row.sitting_id), "person": str(row.person_id),
            "kind": str(row.kind), "article": row.article, "due": row.due.isoformat(), "paper": _digest(row.questions),
        }  # fmt: skip
        work.record("exam.consequence_ordered", row.id, data=data, **scope_of(row))


async def _resit_paper(work: Work, exam: Exam, facts: SittingFacts) -> list[UUID]:
    if exam.seed is None:
        return []
    bank = laying.asked_of(await queries.bank_at(work.sql, work.now), facts.category, facts.craft)
    return drawing.paper_of(exam.seed, person_id=facts.person_id, attempt=2, bank=bank, length=exam.paper_length)


async def _meet(work: Work, consequence: Consequence, outcome: ConsequenceOutcome, *, note: str) -> None:
    consequence.met_at, consequence.met_by = work.now, work.actor.account_id
    consequence.outcome, consequence.note = outcome, note
    await change_rows(work.sql, [consequence], "met_at", "met_by", "outcome", "note")
    data = {"person": str(consequence.person_id), "outcome": outcome.value, "note": note}
    work.record("exam.consequence_met", consequence.id, data=data, **scope_of(consequence))


def _of_post(category: ExamCategory, craft: Craft | None) -> tuple[QualificationKind, Craft | None]:
    """What somebody of a category holds for his post (安全生产法27, 30)."""
    if category is ExamCategory.SPECIAL_OPERATOR:
        return QualificationKind.SPECIAL_OPERATION, Craft(craft) if craft else None
    return QualificationKind.KNOWLEDGE_AND_ABILITY, None


def _new_sitting(work: Work, facts: SittingFacts, score: Score, *, flags: list[str], scope: dict[str, Any]) -> Sitting:
    return Sitting(
        id=facts.id, exam_id=facts.exam_id, person_id=facts.person_id, category=facts.category, craft=facts.craft,
        attempt=facts.attempt, medium=facts.medium, asked=[one.question_id for one in facts.answers],
        chosen=[rules.letters_of(one.chosen) for one in facts.answers], correct=score.correct, total=score.total,
        score=score.points, passed=score.passed, flags=flags, sat_at=whole_ms(facts.sat_at),
        recorded_by=work.actor.account_id, recorded_at=work.now, **scope,
    )  # fmt: skip


def _same(known: Sitting, facts: SittingFacts, *, recorded_by: UUID) -> Sitting:
    asked = [(one.question_id, rules.letters_of(one.chosen)) for one in facts.answers]
    said = (facts.exam_id, facts.person_id, facts.category, facts.craft, facts.attempt, facts.medium, recorded_by)
    stands = (
        known.exam_id, known.person_id, known.category, known.craft, known.attempt, known.medium, known.recorded_by,
    )  # fmt: skip
    marks = (known.correct, known.total) if not known.asked else None
    if said != stands or asked != list(zip(known.asked, known.chosen, strict=True)) or marks != facts.marks:
        raise rules.SittingConflict()
    return known


def _told(sitting: Sitting) -> dict[str, Any]:
    answers = "".join(f"{id} {letters}\n" for id, letters in zip(sitting.asked, sitting.chosen, strict=True))
    return {
        "exam": str(sitting.exam_id), "person": str(sitting.person_id), "category": str(sitting.category),
        "attempt": sitting.attempt, "medium": str(sitting.medium), "answers": sha256(answers.encode()).hexdigest(),
        "correct": sitting.correct, "total": sitting.total, "score": sitting.score, "passed": sitting.passed,
        "flags": sitting.flags, "sat_at": to_ms(sitting.sat_at),
    }  # fmt: skip


def _digest(questions: list[UUID]) -> str:
    return sha256("".join(f"{one}\n" for one in questions).encode()).hexdigest()
