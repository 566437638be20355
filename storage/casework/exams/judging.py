"""What is wrong with an exam that was kept, or with an inspection that had none: pure rules, each with its article."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.exams.rules import ARTICLE, Place, called
from storage.record.law import Law
from storage.record.law.defects import Defect, defect_of
from storage.register.people.tables import ExamCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFacts:
    """An exam as far as its defects show from it."""

    exam_id: UUID
    drawn: bool
    held_by: UUID
    held_at: datetime
    paper_length: int
    wanted: Mapping[ExamCategory, int]
    places: Sequence[Place]
    shortest_paper: Mapping[ExamCategory, int]
    sat: Collection[UUID]
    has_begun: bool


def missing_exam(law: Law, *, lead_id: UUID, opened_at: datetime) -> Defect:
    """三（十二）4 每次检查都抽取: an inspection without any exam; the lead makes it good in the hours of the law."""
    return defect_of(law, "EXAM_MISSING", article=ARTICLE, made_good_by=lead_id, since=opened_at)


def defects_of(law: Law, exam: ExamFacts) -> list[Defect]:
    """What is wrong with an exam that was kept: by hand, too few people or questions, seats empty, out of turn."""
    found = [] if exam.drawn else [("EXAM_NOT_DRAWN", "")]
    for category, wanted in exam.wanted.items():
        of_it = [one for one in exam.places if one.category is category]
        to_sit = {one.person_id for one in called(exam.places, category, wanted=wanted)}
        if len(of_it) < wanted:
            found.append(("EXAM_POOL_TOO_SMALL", category.value))
        if of_it and exam.shortest_paper.get(category, 0) < exam.paper_length:
            found.append(("EXAM_BANK_TOO_SMALL", category.value))
        if exam.has_begun and to_sit - set(exam.sat):
            found.append(("EXAM_SEAT_EMPTY", category.value))
        if {one.person_id for one in of_it if not one.absent} & set(exam.sat) - to_sit:
            found.append(("EXAM_OUT_OF_TURN", category.value))
    return [
        defect_of(law, code, article=ARTICLE, made_good_by=exam.held_by, since=exam.held_at, about=about)
        for code, about in found
    ]
