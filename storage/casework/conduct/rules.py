"""What the law says of matters of conduct: pure rules. A complaint, an account, an answer are facts and never refused.

Refused is what is no matter at all, and every act of an authority that the law gives to another or to later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from storage.casework.conduct import clocks, history
from storage.casework.conduct.history import Asked, History, Opening
from storage.casework.conduct.tables import About, ConductOutcome, ConductTurn, MatterKind
from storage.field.evidence.rules import must_be_a_list_of_pieces
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.conduct import GroundOf, grounds_on
from storage.record.problems import BadInput, Problem, constraint_means

LEAST_WORDS, LONGEST_WORDS = 4, 4_000
LONGEST_NAME = 200
MOST_GROUNDS, MOST_EVIDENCE = 10, 100
ARTICLE_OF_RECUSAL = "行政处罚法第四十三条"
ARTICLE_OF_CONDUCT = "实施意见三（十七）"
ARTICLE_OF_HEARING = "公务员法第六十三条"
ARTICLE_OF_COMPLAINTS = "信访工作条例第三十条"
ARTICLE_OF_INTEREST = "公务员法第七十六条"


class ConductConflict(Problem):
    """The id is taken by other content, one's own or foreign: which of both is not said."""


class ConductStepConflict(Problem):
    """The id of the step is taken by other content."""


class ConductOfNobody(Problem):
    """No account of that id is known: a matter of conduct is about one officer."""


class ConductGroundUnknown(Problem):
    """The closed list of that day has no such ground for this kind of matter (parameters: ground, day)."""


class ConductGroundMissing(Problem):
    """A ground of the closed list is named (三(十七); parameter: article)."""


class HandledByOneself(Problem):
    """Nobody handles, proposes or decides what is about himself (公务员法76; parameter: article)."""


class HandledBelow(Problem):
    """What is about the head is decided above, or by supervision (处罚法43, 公务员法77; parameter: article)."""


class NotYoursToSay(Problem):
    """Only the one whom it is about gives his account or answer; only who opened it withdraws it."""


class RecusalByStranger(Problem):
    """Recusal is asked by the party or by the officer himself (处罚法43, 公务员法77; parameter: article)."""


class NotOfTheTeam(Problem):
    """The officer takes no part in that inspection, scheme or exam (处罚法43; parameter: account)."""


class NoSuchConductStep(Problem):
    """A matter of this kind has no such step (parameters: kind, step)."""


class MatterSettled(Problem):
    """The matter has ended; nothing more is decided in it (parameter: state)."""


class OfficerNotHeard(Problem):
    """He has not said anything, and his time is not over (公务员法63; parameters: article, until)."""


class OfficerNotTold(Problem):
    """He was not told of the proposal (公务员法63; parameter: article)."""


class FindingNotMade(Problem):
    """There is no finding that waits for a second person, or one waits already."""


class FoundByOnePerson(Problem):
    """Two persons find, neither of them for himself (三(十七); parameter: article)."""


class NotPassedOn(Problem):
    """The proposal was not passed on to any organ yet."""


class ComplaintNotAccepted(Problem):
    """The complaint was not accepted yet, or was extended before (parameter: article)."""


constraint_means("pk_conduct_matters", ConductConflict)
constraint_means("pk_conduct_steps", ConductStepConflict)
constraint_means("fk_conduct_matters_officer_id", ConductOfNobody)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who acts. `is_mine`: for the mine; `above`: not below the head whom it is about, where it is about a head."""

    account: UUID
    is_mine: bool = False
    above: bool = True


FACTS = frozenset({
    ConductTurn.ACCOUNT_GIVEN, ConductTurn.ANSWERED, ConductTurn.TOLD, ConductTurn.RECEIVED, ConductTurn.HEARD,
    ConductTurn.OUTCOME_RECORDED,
})  # fmt: skip
"""Kept with the time at which they were; all else is done by entering it."""
HIS_OWN = frozenset({ConductTurn.ACCOUNT_GIVEN, ConductTurn.ANSWERED})
"""What only the officer says; kept also when it comes late."""
VERBS: Mapping[ConductTurn, Verb] = {
    **dict.fromkeys((ConductTurn.FOUND, ConductTurn.CONFIRMED, ConductTurn.NOT_CONFIRMED, ConductTurn.DECIDED,
                     ConductTurn.EXTENDED), Verb.CONDUCT_DECIDE),
    **dict.fromkeys((ConductTurn.TOLD, ConductTurn.PASSED_ON, ConductTurn.RECEIVED, ConductTurn.OUTCOME_RECORDED,
                     ConductTurn.ACCEPTED, ConductTurn.HEARD, ConductTurn.REPLIED), Verb.CONDUCT_PROPOSE),
}  # fmt: skip
"""What whoever takes a step for an authority must be able to do; the others are the officer's or the opener's own."""
STEPS: Mapping[MatterKind, frozenset[ConductTurn]] = {
    MatterKind.EXEMPTION: frozenset({
        ConductTurn.ACCOUNT_GIVEN, ConductTurn.FOUND, ConductTurn.CONFIRMED, ConductTurn.NOT_CONFIRMED,
    }),
    MatterKind.PROPOSAL: frozenset({
        ConductTurn.TOLD, ConductTurn.ANSWERED, ConductTurn.PASSED_ON, ConductTurn.RECEIVED,
        ConductTurn.OUTCOME_RECORDED, ConductTurn.WITHDRAWN,
    }),
    MatterKind.COMPLAINT: frozenset({
        ConductTurn.ACCEPTED, ConductTurn.HEARD, ConductTurn.EXTENDED, ConductTurn.REPLIED,
    }),
    MatterKind.RECUSAL: frozenset({ConductTurn.DECIDED, ConductTurn.WITHDRAWN}),
}  # fmt: skip
_O = ConductOutcome
_NONE: frozenset[ConductOutcome | None] = frozenset({None})
_OUTCOMES: Mapping[ConductTurn, frozenset[ConductOutcome]] = {
    ConductTurn.FOUND: frozenset({_O.EXEMPT, _O.PARTLY_EXEMPT, _O.NOT_EXEMPT}),
    ConductTurn.OUTCOME_RECORDED: frozenset({_O.ACTED_UPON, _O.NOT_ACTED_UPON}),
    ConductTurn.REPLIED: frozenset({_O.SUBSTANTIATED, _O.PARTLY_SUBSTANTIATED, _O.UNSUBSTANTIATED}),
    ConductTurn.DECIDED: frozenset({_O.GRANTED, _O.REFUSED}),
}
_SUBJECTS: Mapping[MatterKind, frozenset[About]] = {
    MatterKind.RECUSAL: frozenset({About.INSPECTION, About.SCHEME, About.EXAM}),
    MatterKind.EXEMPTION: frozenset({About.ACCIDENT, About.CASE, About.COMPLAINT, About.INSPECTION}),
    MatterKind.PROPOSAL: frozenset(About),
    MatterKind.COMPLAINT: frozenset(About),
}
OF_ROWS = frozenset({About.INSPECTION, About.SCHEME, About.EXAM, About.CASE})
"""What stands in the record under an id of its own."""
_LIST = {
    MatterKind.EXEMPTION: GroundOf.EXEMPTION,
    MatterKind.PROPOSAL: GroundOf.ACCOUNTABILITY,
    MatterKind.RECUSAL: GroundOf.RECUSAL,
}


def must_be_well_formed(opening: Opening) -> None:
    """Sizes, doubles, and what a matter of this kind is about: BadInput."""
    _must_have_words(opening.words, opening.evidence, opening.grounds)
    if opening.about not in _SUBJECTS[opening.kind]:
        raise BadInput(field="about", reason=", ".join(sorted(_SUBJECTS[opening.kind])))
    if (opening.subject_id is not None) > (opening.about in OF_ROWS) or (
        opening.kind is MatterKind.RECUSAL and opening.subject_id is None
    ):
        raise BadInput(field="subject", reason=opening.about.value)
    if len(opening.reference) > LONGEST_NAME or not opening.reference.isprintable():
        raise BadInput(field="reference", reason=f"<= {LONGEST_NAME}")
    if opening.as_of is not None and opening.kind is not MatterKind.EXEMPTION:
        raise BadInput(field="as_of", reason=MatterKind.EXEMPTION.value)
    who = opening.complainant
    if who is not None and opening.kind is not MatterKind.COMPLAINT:
        raise BadInput(field="complainant", reason=MatterKind.COMPLAINT.value)
    if who is not None and any(len(one) > LONGEST_NAME or not one.isprintable() for one in (who.name, who.contact)):
        raise BadInput(field="complainant", reason=f"<= {LONGEST_NAME}")


def must_be_openable(opening: Opening, *, hand: Hand, on: date) -> None:
    """Who opens what: his own diligence, or by his head; a proposal never by himself; recusal by the party or himself.

    A complaint is never refused for what it says; only the one whom it is about does not take it down.
    """
    himself = hand.account == opening.officer_id
    if opening.kind in (MatterKind.PROPOSAL, MatterKind.COMPLAINT) and himself:
        raise HandledByOneself(article=ARTICLE_OF_INTEREST)
    if opening.kind is MatterKind.PROPOSAL and not hand.above:
        raise HandledBelow(article=ARTICLE_OF_INTEREST)
    if opening.kind is MatterKind.RECUSAL and not (himself or hand.is_mine):
        raise RecusalByStranger(article=f"{ARTICLE_OF_RECUSAL}、公务员法第七十七条")
    listed = _LIST.get(opening.kind)
    if opening.kind is MatterKind.PROPOSAL and not opening.grounds:
        raise ConductGroundMissing(article=ARTICLE_OF_CONDUCT)
    must_be_of_the_list(opening.grounds, listed, on=on)


def must_be_of_the_list(grounds: tuple[str, ...], listed: GroundOf | None, *, on: date) -> None:
    """The grounds are those of the closed list of that day; else ConductGroundUnknown."""
    known = grounds_on(on, listed) if listed is not None else {}
    for one in grounds:
        if one not in known:
            raise ConductGroundUnknown(ground=one, day=on.isoformat())


def must_be_of_the_team(officer: UUID, team: frozenset[UUID]) -> None:
    """处罚法43: who takes no part need not be recused; else NotOfTheTeam."""
    if officer not in team:
        raise NotOfTheTeam(account=str(officer))


def must_be_a_step(asked: Asked) -> None:
    """What each kind of step must tell, and sizes: BadInput."""
    _must_have_words(asked.words, asked.evidence, asked.grounds)
    if asked.outcome not in _OUTCOMES.get(asked.kind, _NONE):
        raise BadInput(field="outcome", reason=asked.kind.value)
    named = asked.kind is ConductTurn.PASSED_ON
    if len(asked.organ) > LONGEST_NAME or not asked.organ.isprintable() or named is not bool(asked.organ.strip()):
        raise BadInput(field="organ", reason=f"{asked.kind.value}: 1-{LONGEST_NAME}")


def must_be_takeable(h: History, asked: Asked, *, hand: Hand, law: Law, now: datetime) -> None:
    """Whether this step may be taken now: a pure function of the steps so far, the law, and the moment."""
    if asked.kind not in STEPS[h.kind]:
        raise NoSuchConductStep(kind=h.kind.value, step=asked.kind.value)
    must_be_his_to_take(h, asked, hand)
    if asked.kind in HIS_OWN:
        return
    if history.ended(h) is not None:
        raise MatterSettled(state=history.state_of(h).value)
    rule = _RULES.get(asked.kind)
    if rule is not None:
        rule(h, asked, hand, law, now)


def must_be_his_to_take(h: History, asked: Asked, hand: Hand) -> None:
    """公务员法76, 77, 处罚法43: he speaks for himself and decides nothing about himself; a head's is decided above."""
    himself = hand.account == h.officer_id
    if asked.kind in HIS_OWN:
        if not himself:
            raise NotYoursToSay()
    elif asked.kind is ConductTurn.WITHDRAWN:
        if hand.account != h.steps[0].by:
            raise NotYoursToSay()
    elif himself:
        raise HandledByOneself(article=ARTICLE_OF_INTEREST)
    elif not hand.above:
        raise HandledBelow(article=f"{ARTICLE_OF_RECUSAL}、公务员法第七十七条")


def _must_have_words(words: str, evidence: tuple[UUID, ...], grounds: tuple[str, ...]) -> None:
    if not LEAST_WORDS <= len(words.strip()) <= LONGEST_WORDS:
        raise BadInput(field="words", reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")
    must_be_a_list_of_pieces(evidence, most=MOST_EVIDENCE)
    if len(set(grounds)) != len(grounds) or len(grounds) > MOST_GROUNDS:
        raise BadInput(field="grounds", reason=f"<= {MOST_GROUNDS}, no one twice")


def _find(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    """三(十七): after he was heard or let his time pass, on a ground of the list, or with the reason for none."""
    if history.finding(h) is not None:
        raise FindingNotMade()
    if not h.of(ConductTurn.ACCOUNT_GIVEN) and now < (until := clocks.account_until(h, law)):
        raise OfficerNotHeard(article=ARTICLE_OF_CONDUCT, until=until.isoformat())
    if asked.outcome is not ConductOutcome.NOT_EXEMPT and not asked.grounds:
        raise ConductGroundMissing(article=ARTICLE_OF_CONDUCT)
    must_be_of_the_list(asked.grounds, GroundOf.EXEMPTION, on=day_of(now))


def _confirm(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    found = history.finding(h)
    if found is None:
        raise FindingNotMade()
    if found.by == hand.account:
        raise FoundByOnePerson(article=ARTICLE_OF_CONDUCT)


def _pass_on(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    """公务员法63: he was told the facts and the basis, and was heard or let his time pass."""
    told = h.last(ConductTurn.TOLD)
    if told is None:
        raise OfficerNotTold(article=ARTICLE_OF_HEARING)
    if not h.of(ConductTurn.ANSWERED) and now < (until := clocks.answer_until(told, law)):
        raise OfficerNotHeard(article=ARTICLE_OF_HEARING, until=until.isoformat())


def _receive(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    if not h.of(ConductTurn.PASSED_ON):
        raise NotPassedOn()


def _withdraw(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    if h.of(ConductTurn.PASSED_ON):
        raise MatterSettled(state=history.state_of(h).value)


def _extend(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    if not h.of(ConductTurn.ACCEPTED) or h.of(ConductTurn.EXTENDED):
        raise ComplaintNotAccepted(article=ARTICLE_OF_COMPLAINTS)


def _reply(h: History, asked: Asked, hand: Hand, law: Law, now: datetime) -> None:
    if not h.of(ConductTurn.ACCEPTED):
        raise ComplaintNotAccepted(article=ARTICLE_OF_COMPLAINTS)


_RULES = {
    ConductTurn.FOUND: _find,
    ConductTurn.CONFIRMED: _confirm,
    ConductTurn.NOT_CONFIRMED: _confirm,
    ConductTurn.PASSED_ON: _pass_on,
    ConductTurn.RECEIVED: _receive,
    ConductTurn.OUTCOME_RECORDED: _receive,
    ConductTurn.WITHDRAWN: _withdraw,
    ConductTurn.EXTENDED: _extend,
    ConductTurn.REPLIED: _reply,
}
