"""The acts that record what came of a scheme: answers to its items, the law talk; and how a mine is classed."""

from datetime import date, datetime
from uuid import UUID

from storage.casework.schemes import queries, rules
from storage.casework.schemes.operations import scope_of, scope_of_mine
from storage.casework.schemes.tables import ItemOutcome, LawTalk, MineClass, MineClassification, SchemeItem
from storage.field.inspections import queries as inspections
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import to_ms, whole_ms
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.people.rules import text_of


async def answer_item(work: Work, *, item_id: UUID, outcome: ItemOutcome, answer: str) -> SchemeItem:
    """The officer to whom an item is allotted says whether he checked it, and what he saw or why not; once.

    The same again is the same answer. Raises NotFound, NotAllowed, NotYourItem, ItemAnswered, BadInput.
    """
    item = await queries.item_to_answer(work, item_id)
    work.actor.require(Verb.SCHEME_RECORD, **scope_of(item))
    rules.must_be_answered_by_its_officer(officer_id=item.officer_id, actor=work.actor.account_id)
    said = text_of(answer, field="answer", most=rules.LONGEST_TEXT)
    if item.outcome is not None:
        if (item.outcome, item.answer) != (outcome, said):
            raise rules.ItemAnswered()
        return item
    item.outcome, item.answer, item.answered_at = outcome, said, work.now
    await change_rows(work.sql, [item], "outcome", "answer", "answered_at")
    data = {"item": str(item.id), "outcome": outcome.value, "answer": said}
    work.record("scheme.item_answered", item.scheme_id, data=data, **scope_of(item))
    return item


async def record_talk(
    work: Work,
    *,
    id: UUID,
    inspection_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    speaker: str,
    listeners: int,
    topics: str,
) -> LawTalk:
    """Keeps a talk on the law under the client's id; a short one is kept too, and shows as a defect.

    The same id with the same content is the same answer. Raises NotFound, NotAllowed, LawTalkConflict, BadInput.
    """
    inspection = await inspections.inspection_of_id(work.sql, inspection_id)
    scope = scope_of(inspection)
    work.actor.require(Verb.SCHEME_RECORD, **scope)
    rules.must_be_a_talk(starts_at=starts_at, ends_at=ends_at, listeners=listeners)
    talk = LawTalk(
        id=id, inspection_id=inspection_id, starts_at=whole_ms(starts_at), ends_at=whole_ms(ends_at),
        speaker=text_of(speaker, field="speaker", most=80), listeners=listeners,
        topics=text_of(topics, field="topics", most=rules.LONGEST_TEXT), recorded_by=work.actor.account_id,
        recorded_at=work.now, **scope,
    )  # fmt: skip
    if known := await queries.talks_by_ids(work.sql, [id]):
        return _same(talk, known[0])
    await add_rows(work.sql, [talk])
    _record_talk(work, talk)
    return talk


async def classify_mine(
    work: Work, *, mine_id: UUID, mine_class: MineClass, from_day: date, reason: str
) -> MineClassification:
    """The head of an agency classes a mine from a day on (三（二）3). Raises NotFound, NotAllowed, BadInput."""
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(Verb.SCHEME_CLASSIFY, **scope_of_mine(mine))
    row = MineClassification(
        id=ids.new_id(to_ms(work.now)), mine_class=mine_class, from_day=from_day, set_by=work.actor.account_id,
        reason=text_of(reason, field="reason", most=rules.LONGEST_REASON), set_at=work.now, **scope_of_mine(mine),
    )  # fmt: skip
    await add_rows(work.sql, [row])
    data = {"class": mine_class.value, "from": from_day.isoformat(), "reason": row.reason}
    work.record("scheme.mine_classed", row.id, data=data, **scope_of_mine(mine))
    return row


async def class_again(work: Work, id: UUID) -> MineClassification:
    """What a replay answers: the classification."""
    return await queries.class_of_id(work.sql, id)


def _same(asked: LawTalk, known: LawTalk) -> LawTalk:
    left_out = {"recorded_at"}
    if asked.model_dump(exclude=left_out) != known.model_dump(exclude=left_out):
        raise rules.LawTalkConflict()
    return known


def _record_talk(work: Work, talk: LawTalk) -> None:
    data = {
        "inspection": str(talk.inspection_id), "from": to_ms(talk.starts_at), "to": to_ms(talk.ends_at),
        "speaker": talk.speaker, "listeners": talk.listeners, "topics": talk.topics,
    }  # fmt: skip
    work.record("scheme.law_talk_held", talk.id, data=data, **scope_of(talk))
