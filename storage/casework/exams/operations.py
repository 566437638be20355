"""The acts that hold an exam: the draw, an exam without one, who is absent; the sittings are in marking.py."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from storage.casework.conduct.recusals import must_not_be_recused, recused_from
from storage.casework.exams import drawing, laying, queries, rules
from storage.casework.exams.laying import Ground
from storage.casework.exams.queries import Examined
from storage.casework.exams.tables import Exam, ExamWay, Pool, Seat
from storage.field.inspections.rules import NotAnOfficer
from storage.record.actor import Verb
from storage.record.bulk import add_rows, change_rows
from storage.record.clock import day_of, to_ms, whole_ms
from storage.record.law import Law
from storage.record.work import Work
from storage.register.people.rules import text_of
from storage.register.people.tables import ExamCategory
from storage.register.provisions import queries as provisions


async def hold_exam(work: Work, *, id: UUID, inspection_id: UUID) -> Exam:
    """Draws who is examined at an inspection, and the paper of each, by the first checkpoint after its opening.

    The same id again is the same answer. Raises NotFound, NotAllowed, NotAnOfficer, OfficerRecused, SeedNotShown,
    ExamAlreadyDrawn, ExamConflict.
    """
    inspection = await queries.inspection_to_examine(work, inspection_id)
    work.actor.require(Verb.EXAM_HOLD, **inspection.scope)
    known = await _known(work, id, inspection_id, ExamWay.DRAWN)
    if known is not None:
        return known
    if not inspection.is_officer:
        raise NotAnOfficer()
    recused = await recused_from(work.sql, inspection_id)
    must_not_be_recused([work.actor.account_id], recused, work.now)
    checkpoint = await queries.first_checkpoint_after(work.sql, inspection_id)
    if checkpoint is None:
        raise rules.SeedNotShown()
    seed = drawing.seed_of(inspection_id=inspection_id, size=checkpoint.size, root=checkpoint.root)
    law = await provisions.law_of(work.sql)
    exam = _new_exam(work, inspection, law, id=id, way=ExamWay.DRAWN, reason="", held_at=work.now)
    exam.log, exam.checkpoint_size, exam.checkpoint_root = checkpoint.log, checkpoint.size, checkpoint.root
    exam.seed = seed
    pools, seats = laying.laid_out(law, await _ground(work, exam, inspection))
    for rows in ([exam], pools, seats):
        await add_rows(work.sql, rows)
    work.record("exam.held", exam.id, data=_told(exam, pools, seats), **inspection.scope)
    return exam


async def record_exam(work: Work, *, id: UUID, inspection_id: UUID, held_at: datetime, reason: str) -> Exam:
    """Keeps an exam for which nobody was drawn by lot, as a paper one without network; the defect is shown with it.

    The same id again is the same answer. Raises NotFound, NotAllowed, ExamConflict, BadInput.
    """
    inspection = await queries.inspection_to_examine(work, inspection_id)
    work.actor.require(Verb.EXAM_RECORD, **inspection.scope)
    known = await _known(work, id, inspection_id, ExamWay.BY_HAND)
    if known is not None:
        return known
    said = text_of(reason, field="reason", most=rules.LONGEST_NOTE)
    law = await provisions.law_of(work.sql)
    exam = _new_exam(work, inspection, law, id=id, way=ExamWay.BY_HAND, reason=said, held_at=held_at)
    await add_rows(work.sql, [exam])
    work.record("exam.held", exam.id, data=_told(exam, [], []), **inspection.scope)
    return exam


async def record_absence(work: Work, *, seat_id: UUID, reason: str) -> Seat:
    """Records that somebody who was drawn is absent, and why; the next of the lot takes his place.

    The same reason again is the same answer. Raises NotFound, NotAllowed, SeatAlreadyAbsent, SeatAlreadySat, BadInput.
    """
    seat = await queries.seat_to_mark(work, seat_id)
    work.actor.require(Verb.EXAM_RECORD, **scope_of(seat))
    said = text_of(reason, field="reason", most=rules.LONGEST_NOTE)
    if rules.is_said_already(seat.absent_reason, said):
        return seat
    exam = await queries.exam_to_record(work, seat.exam_id)
    sat = {one.person_id for one in await queries.sittings_of(work.sql, [exam.id])}
    rules.must_be_present_still(sat=seat.person_id in sat)
    seat.absent_at, seat.absent_by, seat.absent_reason = work.now, work.actor.account_id, said
    await change_rows(work.sql, [seat], "absent_at", "absent_by", "absent_reason")
    data = {"seat": str(seat.id), "person": str(seat.person_id), "reason": said}
    work.record("exam.absent", exam.id, data=data, **scope_of(exam))
    await _call_next(work, exam, ExamCategory(seat.category))
    return seat


async def _call_next(work: Work, exam: Exam, category: ExamCategory) -> None:
    """Gives the next of the lot a seat, where too few are left; from an empty pool nobody comes."""
    seats = [one for one in await queries.seats_of(work.sql, [exam.id]) if one.category == category]
    pools = {one.category: one for one in await queries.pools_of(work.sql, [exam.id])}
    pool = pools.get(category)
    there = sum(one.absent_at is None for one in seats)
    if pool is None or exam.seed is None or there >= pool.wanted or len(seats) >= len(pool.persons):
        return
    inspection = await queries.inspection_to_examine(work, exam.inspection_id)
    ground = await _ground(work, exam, inspection)
    rank = len(seats)
    person = drawing.order_of(exam.seed, category, pool.persons)[rank]
    craft = rules.pools_of(ground.holdings)[category][person]
    seat = laying.seat_of(ground, category, person_id=person, craft=craft, rank=rank)
    await add_rows(work.sql, [seat])
    work.record("exam.called", exam.id, data=_told_seat(seat), **scope_of(exam))


async def _known(work: Work, id: UUID, inspection_id: UUID, way: ExamWay) -> Exam | None:
    known = await queries.exam_of_id(work.sql, id)
    asked = (inspection_id, way, work.actor.account_id)
    if known is not None and (known.inspection_id, known.way, known.held_by) != asked:
        raise rules.ExamConflict()
    return known


async def _ground(work: Work, exam: Exam, inspection: Examined) -> Ground:
    day, at = day_of(inspection.opened_at), inspection.opened_at
    return Ground(
        exam_id=exam.id, seed=exam.seed or b"", length=exam.paper_length, at=work.now, scope=inspection.scope,
        holdings=await queries.holdings_of(work.sql, mine_id=exam.mine_id, day=day, as_of=at),
        bank=await queries.bank_at(work.sql, at),
    )  # fmt: skip


def _new_exam(
    work: Work, inspection: Examined, law: Law, *, id: UUID, way: ExamWay, reason: str, held_at: datetime
) -> Exam:
    day = day_of(work.now)  # A phone's clock may say anything; the numbers are those of the day of the record.
    return Exam(
        id=id, inspection_id=inspection.id, way=way, reason=reason, held_by=work.actor.account_id,
        held_at=whole_ms(held_at),
        pass_mark=law.number("exam_pass_mark", day), paper_length=law.number("exam_paper_length", day),
        recorded_at=work.now, **inspection.scope,
    )  # fmt: skip


def _told(exam: Exam, pools: list[Pool], seats: list[Seat]) -> dict[str, Any]:
    """What the entry says: enough to do the draw again with the pools, which it commits to and does not name."""
    drawn: dict[str, Any] = {}
    if exam.seed is not None and exam.checkpoint_root is not None:
        drawn = {
            "log": exam.log, "checkpoint": exam.checkpoint_size, "root": exam.checkpoint_root.hex(),
            "seed": exam.seed.hex(), "seats": [_told_seat(one) for one in seats],
            "pools": [{"category": str(one.category), "wanted": one.wanted, "persons": len(one.persons),
                       "digest": one.digest.hex()} for one in pools],
        }  # fmt: skip
    return {"inspection": str(exam.inspection_id), "way": str(exam.way), "reason": exam.reason,
            "held_at": to_ms(exam.held_at), "pass_mark": exam.pass_mark, "paper_length": exam.paper_length,
            **drawn}  # fmt: skip


def _told_seat(seat: Seat) -> dict[str, Any]:
    paper = sha256("".join(f"{one}\n" for one in seat.questions).encode()).hexdigest()
    return {"seat": str(seat.id), "person": str(seat.person_id), "category": str(seat.category), "rank": seat.rank,
            "craft": str(seat.craft or ""), "paper": paper}  # fmt: skip


def scope_of(row: Any) -> dict[str, Any]:
    """The scope of a row of this area, as verbs and entries take it."""
    return {"mine_id": row.mine_id, "county": row.county, "office": row.office}
