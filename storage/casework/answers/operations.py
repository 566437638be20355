"""The only acts that write answers: a mine's to what it was told, and an officer's to its objection."""

from typing import Any
from uuid import UUID

from storage.casework.answers import queries, rules
from storage.casework.answers.queries import AnswerRow, Subject
from storage.casework.answers.rules import Examined, Given
from storage.casework.answers.tables import Answer, Examination
from storage.casework.conduct.recusals import must_not_be_recused
from storage.field.evidence import queries as evidence
from storage.field.inspections.rules import must_hold_certificate
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.work import Work
from storage.register.identity.queries import certificate_of


async def give_answer(work: Work, *, given: Given) -> AnswerRow:
    """Keeps what a mine's principal says to one thing that his mine was told; the same again answers as before.

    Never refused for coming late, which it then says (`late`). Raises BadInput, NotFound, AnswerConflict,
    PaperItemUnknown, AnswerEvidenceUnknown, AlreadyCountersigned; NotAllowed without the verb.
    """
    rules.must_be_well_formed(given)
    work.actor.require(Verb.ANSWER_GIVE)
    subject = await queries.subject_of(work, given, mines=rules.mines_of(work.actor))
    if (known := await queries.given_before(work, given)) is not None:
        return known
    rules.must_be_an_item_of(given, items=subject.items)
    pieces = frozenset(await evidence.media_of(work, given.evidence, mine_id=subject.mine_id))
    rules.must_be_evidence_of_the_mine(given.evidence, known=pieces)
    entry = work.record("answer.given", given.id, **_scope(subject), data=_said(given, subject))
    await add_rows(work.sql, [_answer(work, given, subject, entry=entry)])
    return await queries.answer_of_id(work.sql, given.id)


async def examine_answer(work: Work, *, examined: Examined) -> AnswerRow:
    """Answers an objection in writing (处罚法45): an officer with a certificate who does not stand for it, once.

    Raises BadInput, NotFound, NotAnObjection, ExaminedByTeller, OfficerRecused, ObjectionAlreadyExamined,
    CertificateNotValid, AnswerConflict; NotAllowed.
    """
    rules.must_state_an_answer(examined)
    row = await queries.answer_of_id(work.sql, examined.answer_id)
    work.actor.require(Verb.ANSWER_EXAMINE, county=row.county, office=row.office, mine_id=row.mine_id)
    if queries.is_examined_so(row, examined, account=work.actor.account_id):
        return row
    rules.must_be_an_objection(row.stance)
    behind = await queries.behind(work, row)
    rules.must_be_examined_by_another(behind.hands, account=work.actor.account_id)
    for recused in behind.recused:
        must_not_be_recused([work.actor.account_id], recused, work.now)
    rules.must_be_unexamined(row.examination is not None)
    account, today = work.actor.account_id, day_of(work.now)
    certificate = must_hold_certificate(await certificate_of(work, account, day=today), account=account, on=today)
    said = {"answer": str(row.id), "accepted": examined.accepted, "words": examined.words.strip(),
            "certificate": str(certificate)}  # fmt: skip
    entry = work.record("answer.examined", examined.id, **_scope(row), data=said)
    await add_rows(work.sql, [_examination(work, examined, certificate=certificate, entry=entry)])
    return await queries.answer_of_id(work.sql, row.id)


def _answer(work: Work, given: Given, subject: Subject, *, entry: UUID) -> Answer:
    return Answer(
        id=given.id, subject_kind=given.subject_kind, subject_id=given.subject_id, item=given.item,
        case_id=subject.case_id, mine_id=subject.mine_id, county=subject.county, office=subject.office,
        stance=given.stance, words=given.words.strip(), evidence=list(given.evidence), told_by=subject.told_by,
        answered_by=work.actor.account_id, answered_at=work.now, entry_id=entry,
    )  # fmt: skip


def _examination(work: Work, examined: Examined, *, certificate: UUID, entry: UUID) -> Examination:
    return Examination(
        id=examined.id, answer_id=examined.answer_id, accepted=examined.accepted, words=examined.words.strip(),
        examined_by=work.actor.account_id, certificate_id=certificate, examined_at=work.now, entry_id=entry,
    )  # fmt: skip


def _scope(row: Subject | AnswerRow) -> dict[str, Any]:
    return {"county": row.county, "office": row.office, "mine_id": row.mine_id}


def _said(given: Given, subject: Subject) -> dict[str, Any]:
    """The answer as its entry holds it; what is not there is left out."""
    said: dict[str, Any] = {
        "subject": str(given.subject_id), "kind": given.subject_kind.value, "stance": given.stance.value,
        "words": given.words.strip(), "evidence": [str(one) for one in given.evidence], "told_by": str(subject.told_by),
    }  # fmt: skip
    said |= {"item": given.item} if given.item else {}
    return said | ({"case": str(subject.case_id)} if subject.case_id else {})
