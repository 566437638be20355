"""What the law says of a mine's answers: pure rules. An objection is never refused for coming late or for being wrong.

Refused is only what is no answer: to nothing that the mine was told, without words, or twice the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from storage.casework.answers.tables import AnsweredKind, Stance
from storage.record.actor import Actor, Verb
from storage.record.problems import BadInput, Problem, constraint_means

LEAST_WORDS = 4
MOST_WORDS = 4_000
LONGEST_ITEM = 200
MOST_EVIDENCE = 20


class AnswerConflict(Problem):
    """The id is taken by other content, one's own or foreign: which of both is not said."""


class AlreadyCountersigned(Problem):
    """The mine stands for this already (安法68); an objection is still taken."""


class AnswerEvidenceUnknown(Problem):
    """A piece that an answer names is none of this mine's record (处罚法45, 46; parameter: evidence)."""


class PaperItemUnknown(Problem):
    """The paper has no such field and no such place for a signature (安法68; parameter: item)."""


class NotAnObjection(Problem):
    """A countersignature raises nothing that could be examined (处罚法45)."""


class ObjectionAlreadyExamined(Problem):
    """The objection has its written answer (处罚法45)."""


class ExaminedByTeller(Problem):
    """Nobody examines an objection to what he told, or stands for, himself (处罚法43, 45)."""


constraint_means("pk_answers", AnswerConflict)
constraint_means("pk_answer_examinations", AnswerConflict)
constraint_means("uq_answers_countersigned", AlreadyCountersigned)
constraint_means("uq_answer_examinations_answer_id", ObjectionAlreadyExamined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a mine wants to say to one thing."""

    id: UUID
    subject_kind: AnsweredKind
    subject_id: UUID
    stance: Stance
    item: str = ""
    words: str = ""
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What an officer wants to answer to one objection."""

    id: UUID
    answer_id: UUID
    accepted: bool
    words: str


def must_be_well_formed(given: Given) -> None:
    """An objection states its reasons (处罚法45); sizes are limits of the house: BadInput."""
    least = LEAST_WORDS if given.stance is Stance.OBJECTED else 0
    if not least <= len(given.words.strip()) <= MOST_WORDS:
        raise BadInput(field="words", reason=f"{least}-{MOST_WORDS}")
    if len(set(given.evidence)) != len(given.evidence) or len(given.evidence) > MOST_EVIDENCE:
        raise BadInput(field="evidence", reason=f"<= {MOST_EVIDENCE}, no one twice")
    if len(given.item) > LONGEST_ITEM or (given.item and given.subject_kind is not AnsweredKind.PAPER):
        raise BadInput(field="item", reason="PAPER")


def must_state_an_answer(examined: Examined) -> None:
    """处罚法45: facts, reasons and evidence are looked at again, and the answer is in writing: BadInput."""
    if not LEAST_WORDS <= len(examined.words.strip()) <= MOST_WORDS:
        raise BadInput(field="words", reason=f"{LEAST_WORDS}-{MOST_WORDS}")


def mines_of(actor: Actor) -> frozenset[UUID]:
    """The mines for which the actor answers: a grant over a county or office makes nobody a mine's principal."""
    return actor.reach_of(Verb.ANSWER_GIVE).mines


def must_be_an_item_of(given: Given, *, items: Collection[str]) -> None:
    """安法68: item by item; a paper is answered as a whole or at one of its fields or places: PaperItemUnknown."""
    if given.item and given.item not in items:
        raise PaperItemUnknown(item=given.item)


def must_be_evidence_of_the_mine(evidence: Sequence[UUID], *, known: Collection[UUID]) -> None:
    """处罚法45, 46: what is put forward stands in the record of this mine, else AnswerEvidenceUnknown."""
    for one in evidence:
        if one not in known:
            raise AnswerEvidenceUnknown(evidence=str(one))


def must_be_an_objection(stance: str) -> None:
    """处罚法45: what the party raised is examined; else NotAnObjection."""
    if stance != Stance.OBJECTED:
        raise NotAnObjection()


def must_be_unexamined(examined: bool) -> None:
    """处罚法45: the party gets one answer, that nobody rewrites; else ObjectionAlreadyExamined."""
    if examined:
        raise ObjectionAlreadyExamined()


def must_be_examined_by_another(hands: Collection[UUID], *, account: UUID) -> None:
    """处罚法43, 45: not by any hand that told or stands for what is objected to; else ExaminedByTeller."""
    if account in hands:
        raise ExaminedByTeller()
