"""What the law says of exams at inspections: pure rules, each with its article. Facts are kept, acts are refused."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from storage.casework.exams.tables import ConsequenceKind, ConsequenceOutcome, Medium, QuestionKind, SittingFlag
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, deadline_of
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.people.rules import text_of
from storage.register.people.tables import Craft, ExamCategory

ARTICLE = "实施意见三（十二）4"
ARTICLE_OF_RESIT: dict[ExamCategory, str] = {
    ExamCategory.PRINCIPAL: "煤矿安全培训规定第四十条",
    ExamCategory.MANAGER: "实施意见三（十二）4、煤矿安全培训规定第四十条",
    ExamCategory.SPECIAL_OPERATOR: "实施意见三（十二）4、煤矿安全培训规定第二十七条",
    ExamCategory.WORKER: "实施意见三（十二）4",
}
"""By what somebody of a category is examined again, or loses what he holds for his post."""
CLOCK_OF: dict[ConsequenceKind, str] = {
    ConsequenceKind.RETRAIN_OR_MOVE: "exam_retraining",
    ConsequenceKind.RETRAIN: "exam_retraining",
    ConsequenceKind.RESIT: "exam_resit",
    ConsequenceKind.LOSE_QUALIFICATION: "exam_loss_decided",
}
"""The period of the law that runs for each."""
LETTERS = "ABCDEFGH"
LONGEST_TEXT, LONGEST_OPTION, LONGEST_ARTICLE, LONGEST_NOTE = 1_000, 300, 200, 500
MOST_ASKED = 200


class ExamConflict(Problem):
    """The id is taken by another exam, one's own or foreign: which of both is not said."""


class ExamAlreadyDrawn(Problem):
    """The people for the exam of this inspection were drawn before: there is one draw, or it would be a choice."""


class SeedNotShown(Problem):
    """No checkpoint is shown yet that holds the opening of the inspection: nothing to draw by; come again soon."""


class SittingConflict(Problem):
    """The id is taken by another sitting, one's own or foreign: which of both is not said."""


class SeatAlreadyAbsent(Problem):
    """This person was recorded as absent before, with another reason."""


class SeatAlreadySat(Problem):
    """This person has sat the exam, so he was not absent."""


class QuestionApprovedAlready(Problem):
    """This version of the question was approved before."""


class QuestionRetiredAlready(Problem):
    """The question is no longer asked."""


class QuestionNeedsTwoPeople(Problem):
    """Whoever drafted a question cannot approve it."""


class ConsequenceMetAlready(Problem):
    """What was asked for was met before; its end is recorded once."""


class ConsequenceNeedsOtherHand(Problem):
    """This consequence does not end so: a resit ends by sitting it, a loss by its own act (parameter: kind)."""


class LossRestsOnDefect(Problem):
    """The failed resit has a defect, and no decision rests on one (parameter: flags)."""


class LossNeedsTwoPeople(Problem):
    """Whoever recorded the failed resit cannot confirm that the qualification is lost."""


constraint_means("pk_exams", ExamConflict)
constraint_means("uq_exams_drawn", ExamAlreadyDrawn)
constraint_means("pk_exam_sittings", SittingConflict)
constraint_means("ck_exam_questions_takes_two_people", QuestionNeedsTwoPeople)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts:
    """A question as it is drafted. `answer` holds the letters of the right options, in their order."""

    kind: QuestionKind
    categories: tuple[ExamCategory, ...]
    craft: Craft | None
    text: str
    options: tuple[str, ...]
    answer: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post as it stood in the register: who held it, as what he is examined, for which craft."""

    person_id: UUID
    category: ExamCategory
    craft: Craft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody chose for one question: letters in any order, none for a blank."""

    question_id: UUID
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingFacts:
    """What is recorded of one sitting. `marks` are (right, total), for a paper whose questions are not of the bank."""

    id: UUID
    exam_id: UUID
    person_id: UUID
    category: ExamCategory
    craft: Craft | None
    attempt: int
    medium: Medium
    sat_at: datetime
    answers: tuple[Answer, ...] = ()
    marks: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How a paper was scored: correct of total, points of 100, and whether that passes."""

    correct: int
    total: int
    points: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as far as the rules of who is called need it."""

    person_id: UUID
    category: ExamCategory
    rank: int
    absent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A consequence to be: its kind, its article and its clock."""

    kind: ConsequenceKind
    article: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """The seat of who sat: whether he was said to be absent, and the questions drawn for him."""

    absent: bool
    paper: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ResitFacts:
    """The resit that is due: its last day, and the questions drawn for it."""

    due: date
    paper: tuple[UUID, ...]


def must_be_a_question(facts: QuestionFacts) -> QuestionFacts:
    """The question as it is kept; BadInput names the field that cannot be."""
    options = tuple(text_of(one, field="options", most=LONGEST_OPTION) for one in facts.options)
    if facts.kind is QuestionKind.TRUE_FALSE:
        options = options or ("正确", "错误")
    if not 2 <= len(options) <= len(LETTERS) or len(set(options)) != len(options):
        raise BadInput(field="options", reason=f"2-{len(LETTERS)}, no one twice")
    if facts.kind is QuestionKind.TRUE_FALSE and len(options) != 2:
        raise BadInput(field="options", reason="2")
    answer = letters_of(facts.answer)
    if not answer or not set(answer) <= set(LETTERS[: len(options)]):
        raise BadInput(field="answer", reason=f"letters of A-{LETTERS[len(options) - 1]}")
    if (facts.kind is QuestionKind.MULTIPLE_CHOICE) != (len(answer) > 1):
        raise BadInput(field="answer", reason="one letter, or several for MULTIPLE_CHOICE")
    categories = tuple(one for one in ExamCategory if one in facts.categories)
    if not categories or (facts.craft is not None and categories != (ExamCategory.SPECIAL_OPERATOR,)):
        raise BadInput(field="categories", reason="1-4; SPECIAL_OPERATOR alone with a craft")
    return QuestionFacts(
        kind=facts.kind, categories=categories, craft=facts.craft, options=options, answer=answer,
        text=text_of(facts.text, field="text", most=LONGEST_TEXT),
        article=text_of(facts.article, field="article", most=LONGEST_ARTICLE),
    )  # fmt: skip


def letters_of(chosen: str) -> str:
    """The letters chosen, upper case, each once, in the order of the alphabet."""
    return "".join(sorted(set(chosen.upper().replace(" ", "").replace(",", ""))))


def must_be_another_hand(drafted_by: UUID, approver: UUID) -> None:
    """A question is drafted by one person and approved by another; else QuestionNeedsTwoPeople."""
    if drafted_by == approver:
        raise QuestionNeedsTwoPeople()


def must_be_open_to_approval(approved_at: datetime | None, retired_at: datetime | None) -> None:
    """A version is approved once, and not after it was retired."""
    if approved_at is not None:
        raise QuestionApprovedAlready()
    if retired_at is not None:
        raise QuestionRetiredAlready()


def drawn_a_category(law: Law, category: ExamCategory, *, held_at: datetime) -> int:
    """三（十二）4: how many of a category are drawn at each inspection."""
    return law.number(f"exam_drawn_{category.value.lower()}", day_of(held_at))


def pools_of(holdings: Iterable[Holding]) -> dict[ExamCategory, dict[UUID, Craft | None]]:
    """Who can be drawn as what, each person once: whoever is a principal and a manager is examined as principal.

    Of several crafts of one person the first by name counts, so that the draw is the same whoever does it again.
    """
    found: dict[ExamCategory, dict[UUID, Craft | None]] = {category: {} for category in ExamCategory}
    taken: set[UUID] = set()
    held = sorted(holdings, key=lambda one: (str(one.person_id), one.craft or ""))
    for category in ExamCategory:
        of_it = [one for one in held if one.category is category and one.person_id not in taken]
        for one in of_it:
            found[category].setdefault(one.person_id, one.craft)
        taken |= found[category].keys()
    return found


def called(places: Sequence[Place], category: ExamCategory, *, wanted: int) -> list[Place]:
    """Who of a category is to sit: in the order of the lot, as many as wanted, without those who were absent."""
    there = sorted((one for one in places if one.category is category and not one.absent), key=lambda one: one.rank)
    return there[:wanted]


def score_of(answers: Sequence[Answer], keys: Mapping[UUID, str], *, paper: Collection[UUID], pass_mark: int) -> Score:
    """One point for each question answered wholly right, of 100, rounded down; a question of the paper left out counts.

    Only questions with a key are counted: one that nobody knows has no right answer.
    """
    asked = {one.question_id: letters_of(one.chosen) for one in answers}
    counted = [id for id in dict.fromkeys([*paper, *asked]) if id in keys]
    right = sum(asked.get(id, "") == keys[id] for id in counted)
    return marked(right, len(counted), pass_mark=pass_mark)


def marked(right: int, total: int, *, pass_mark: int) -> Score:
    """煤矿安全培训规定18, 27: so many points of 100 pass. Nothing asked is nothing passed."""
    points = right * 100 // total if total else 0
    return Score(correct=right, total=total, points=points, passed=bool(total) and points >= pass_mark)


def must_be_marks(facts: SittingFacts) -> None:
    """Sizes and doubles of what is recorded: BadInput. They are limits of the house, wide of any real exam."""
    if facts.attempt not in (1, 2):
        raise BadInput(field="attempt", reason="1-2")
    asked = [one.question_id for one in facts.answers]
    if len(set(asked)) != len(asked) or len(asked) > MOST_ASKED:
        raise BadInput(field="answers", reason=f"<= {MOST_ASKED}, no question twice")
    if any(not set(letters_of(one.chosen)) <= set(LETTERS) for one in facts.answers):
        raise BadInput(field="answers", reason=f"letters of {LETTERS}")
    if facts.marks is not None and not (not asked and 0 <= facts.marks[0] <= facts.marks[1] <= MOST_ASKED):
        raise BadInput(field="marks", reason="0 <= right <= total, without answers")
    if facts.marks is None and not asked:
        raise BadInput(field="answers", reason="answers or marks")


def flags_of(
    facts: SittingFacts,
    *,
    seat: SeatFacts | None,
    is_officer: bool,
    sat_before: bool,
    categories: Collection[ExamCategory],
    resit: ResitFacts | None,
) -> list[str]:
    """What speaks against a sitting, in the order of the list; the sitting is kept with it."""
    first = facts.attempt == 1
    drawn = (seat.paper if seat else ()) if first else (resit.paper if resit else ())
    wrong = {
        SittingFlag.NOT_DRAWN: first and seat is None,
        SittingFlag.NOT_IN_CATEGORY: facts.category not in categories,
        SittingFlag.SAID_ABSENT: first and seat is not None and seat.absent,
        SittingFlag.SAT_BEFORE: sat_before,
        SittingFlag.OTHER_PAPER: _is_other_paper(facts, drawn),
        SittingFlag.MARKED_BY_HAND: facts.marks is not None,
        SittingFlag.RECORDED_BY_ANOTHER: not is_officer,
        SittingFlag.NO_RESIT_DUE: not first and resit is None,
        SittingFlag.RESIT_LATE: not first and resit is not None and day_of(facts.sat_at) > resit.due,
    }
    return [flag.value for flag in SittingFlag if wrong[flag]]


def _is_other_paper(facts: SittingFacts, paper: tuple[UUID, ...]) -> bool:
    return bool(paper) and not {one.question_id for one in facts.answers} <= set(paper)


_NO_GROUND = {SittingFlag.NOT_DRAWN, SittingFlag.OTHER_PAPER, SittingFlag.MARKED_BY_HAND, SittingFlag.SAID_ABSENT}
"""What a sitting may have and no decision rest on: who chose, or what was asked, cannot be checked any more."""


def consequences_of(
    law: Law, facts: SittingFacts, *, passed: bool, flags: Collection[str], at: datetime
) -> list[Ordered]:
    """三（十二）4: what is ordered after a sitting. Of two sittings of one person the first counts.

    Ordinary workers: retraining or another post. Principals, managers and special operators: retraining and one
    resit; after failing that, the qualification of the post, which the head of the agency confirms.
    """
    if passed or {SittingFlag.SAT_BEFORE, SittingFlag.NO_RESIT_DUE} & set(flags):
        return []
    kinds: tuple[ConsequenceKind, ...]
    if facts.category.value not in law.listed("exam_resit_categories", day_of(at)):
        kinds = (ConsequenceKind.RETRAIN_OR_MOVE,)
    elif facts.attempt == 1:
        kinds = (ConsequenceKind.RETRAIN, ConsequenceKind.RESIT)
    else:
        kinds = (ConsequenceKind.LOSE_QUALIFICATION,)
    article = ARTICLE_OF_RESIT[facts.category]
    return [Ordered(kind=kind, article=article, deadline=deadline_of(law, CLOCK_OF[kind], at)) for kind in kinds]


_ENDS_BY = {
    ConsequenceKind.RETRAIN_OR_MOVE: {ConsequenceOutcome.RETRAINED, ConsequenceOutcome.MOVED},
    ConsequenceKind.RETRAIN: {ConsequenceOutcome.RETRAINED},
}


def must_be_open(met_at: datetime | None) -> None:
    """ConsequenceMetAlready if an end is recorded."""
    if met_at is not None:
        raise ConsequenceMetAlready()


def must_end_by_report(kind: ConsequenceKind, outcome: ConsequenceOutcome) -> None:
    """三（十二）4: retraining or another post is what an officer can see done; else ConsequenceNeedsOtherHand."""
    if outcome not in _ENDS_BY.get(kind, set()):
        raise ConsequenceNeedsOtherHand(kind=kind.value)


def must_be_a_loss(kind: ConsequenceKind) -> None:
    """Only the loss of a qualification is confirmed by the head of the agency."""
    if kind is not ConsequenceKind.LOSE_QUALIFICATION:
        raise ConsequenceNeedsOtherHand(kind=kind.value)


def must_rest_on_a_clean_resit(flags: Collection[str], *, recorded_by: UUID, head: UUID) -> None:
    """Nobody loses what he holds by one person's word, nor by an exam whose draw or paper cannot be checked."""
    if recorded_by == head:
        raise LossNeedsTwoPeople()
    found = [flag.value for flag in SittingFlag if flag in _NO_GROUND and flag.value in flags]
    if found:
        raise LossRestsOnDefect(flags=", ".join(found))


def must_be_present_still(*, sat: bool) -> None:
    """Who sat the exam was not absent: SeatAlreadySat."""
    if sat:
        raise SeatAlreadySat()


def is_said_already(known: str | None, reason: str) -> bool:
    """Whether the absence is recorded with this reason; with another one SeatAlreadyAbsent."""
    if known is not None and known != reason:
        raise SeatAlreadyAbsent()
    return known is not None
