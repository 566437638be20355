"""The acts on the question bank: one person drafts a version, another approves it, and it is asked until replaced."""

from typing import Any
from uuid import UUID

from storage.casework.exams import queries, rules
from storage.casework.exams.rules import QuestionFacts
from storage.casework.exams.tables import Question
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms
from storage.record.work import Work


async def draft_question(work: Work, *, facts: QuestionFacts, replaces: UUID | None = None) -> Question:
    """Drafts a question, or the next version of one; nobody is asked it before a second person approves.

    Raises NotAllowed, NotFound, BadInput.
    """
    work.actor.require(Verb.QUESTION_DRAFT)
    facts = rules.must_be_a_question(facts)
    id, series, version = ids.new_id(to_ms(work.now)), None, 1
    if replaces is not None:
        series = (await queries.question_to_change(work, replaces)).series_id
        version = (await queries.asked_versions(work, series))[0].version + 1
    question = Question(
        id=id, series_id=series or id, version=version, kind=facts.kind, craft=facts.craft,
        categories=[str(one) for one in facts.categories], text=facts.text, options=list(facts.options),
        answer=facts.answer, article=facts.article,
        drafted_by=work.actor.account_id, drafted_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [question])
    work.record("question.drafted", id, data=_told(question))
    return question


async def approve_question(work: Work, *, question_id: UUID) -> Question:
    """A second person approves a version: it is asked from now on, and the one before it no more.

    Raises NotAllowed, NotFound, QuestionNeedsTwoPeople, QuestionApprovedAlready, QuestionRetiredAlready.
    """
    work.actor.require(Verb.QUESTION_APPROVE)
    question = await queries.question_to_change(work, question_id)
    rules.must_be_another_hand(question.drafted_by, work.actor.account_id)
    rules.must_be_open_to_approval(question.approved_at, question.retired_at)
    for other in await queries.asked_versions(work, question.series_id):
        if other.id != question.id and other.retired_at is None and other.version < question.version:
            await _retire(work, other)
    question.approved_by, question.approved_at = work.actor.account_id, work.now
    await change_rows(work.sql, [question], "approved_by", "approved_at")
    work.record("question.approved", question.id, data={"version": question.version})
    return question


async def retire_question(work: Work, *, question_id: UUID) -> Question:
    """Ends a version: it is asked no more. Raises NotAllowed, NotFound, QuestionRetiredAlready."""
    work.actor.require(Verb.QUESTION_APPROVE)
    question = await queries.question_to_change(work, question_id)
    if question.retired_at is not None:
        raise rules.QuestionRetiredAlready()
    await _retire(work, question)
    return question


async def question_again(work: Work, question_id: UUID) -> Question:
    """What a replay answers: the question as it stands today."""
    return await queries.question_to_change(work, question_id)


async def _retire(work: Work, question: Question) -> None:
    question.retired_by, question.retired_at = work.actor.account_id, work.now
    await change_rows(work.sql, [question], "retired_by", "retired_at")
    work.record("question.retired", question.id, data={"version": question.version})


def _told(question: Question) -> dict[str, Any]:
    return {
        "series": str(question.series_id), "version": question.version, "kind": str(question.kind),
        "categories": question.categories, "craft": str(question.craft or ""), "text": question.text,
        "options": question.options, "answer": question.answer, "article": question.article,
    }  # fmt: skip
