"""How a draw is laid out: pools, seats and papers of one exam, from what stood in the record when it was opened."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from storage.casework.exams import drawing, judging, rules
from storage.casework.exams.tables import Exam, ExamWay, Pool, Seat, Sitting
from storage.record import ids
from storage.record.clock import day_of, to_ms
from storage.record.law import Law
from storage.register.people.tables import Craft, ExamCategory


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the bank as far as it decides whom it is for, and its key."""

    id: UUID
    categories: Collection[str]
    craft: str | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a draw rests on: its seed, who held which post, what could be asked, and the scope of its rows."""

    exam_id: UUID
    seed: bytes
    length: int
    holdings: tuple[rules.Holding, ...]
    bank: tuple[Asked, ...]
    at: datetime
    scope: dict[str, Any]


def laid_out(law: Law, ground: Ground) -> tuple[list[Pool], list[Seat]]:
    """Pools of all four categories, and the seats of those wanted with their reserves, each with a paper."""
    pools, seats = [], []
    reserves = law.number("exam_reserves", day_of(ground.at))
    for category, people in rules.pools_of(ground.holdings).items():
        wanted = rules.drawn_a_category(law, category, held_at=ground.at)
        pools.append(
            Pool(
                id=ids.new_id(to_ms(ground.at)), exam_id=ground.exam_id, category=category, wanted=wanted,
                persons=sorted(people, key=str), digest=drawing.digest_of(list(people)), **ground.scope,
            )
        )  # fmt: skip
        lot = drawing.order_of(ground.seed, category, people)
        for rank, person in enumerate(lot[: wanted + reserves]):
            seats.append(seat_of(ground, category, person_id=person, craft=people[person], rank=rank))
    return pools, seats


def seat_of(ground: Ground, category: ExamCategory, *, person_id: UUID, craft: Craft | None, rank: int) -> Seat:
    """One seat with the paper that the lot gives this person."""
    bank = asked_of(ground.bank, category, craft)
    questions = drawing.paper_of(ground.seed, person_id=person_id, attempt=1, bank=bank, length=ground.length)
    return Seat(
        id=ids.new_id(to_ms(ground.at)), exam_id=ground.exam_id, person_id=person_id, category=category, craft=craft,
        rank=rank, questions=questions, drawn_at=ground.at, **ground.scope,
    )  # fmt: skip


def asked_of(bank: Iterable[Asked], category: ExamCategory, craft: Craft | None) -> list[UUID]:
    """The questions that may be put to somebody: of his category, and of no other craft than his."""
    return [one.id for one in bank if category.value in one.categories and one.craft in (None, craft)]


def facts_of(
    exam: Exam, *, pools: Iterable[Pool], seats: Iterable[Seat], sittings: Iterable[Sitting]
) -> judging.ExamFacts:
    """An exam as the rules of its defects take it."""
    seats, first = list(seats), [one for one in sittings if one.attempt == 1]
    shortest: dict[ExamCategory, int] = {}
    for seat in seats:
        category = ExamCategory(seat.category)
        shortest[category] = min(shortest.get(category, len(seat.questions)), len(seat.questions))
    return judging.ExamFacts(
        exam_id=exam.id, drawn=exam.way == ExamWay.DRAWN, held_by=exam.held_by, held_at=exam.held_at,
        paper_length=exam.paper_length, wanted={ExamCategory(one.category): one.wanted for one in pools},
        places=[
            rules.Place(one.person_id, ExamCategory(one.category), one.rank, one.absent_at is not None)
            for one in seats
        ],
        shortest_paper=shortest, sat={one.person_id for one in first}, has_begun=bool(first),
    )  # fmt: skip
