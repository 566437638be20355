"""Who is listed as gravely dishonest, how he is heard, and how he leaves the list (令11); sanctions by others: pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from storage.casework.cases.bodies.deciding import Decided, DecisionOutcome
from storage.casework.cases.history import History
from storage.casework.cases.rulings import Ruling, is_performed, owed, served_at
from storage.promises.breaches.tables import BreachConsequence, BreachConsequenceKind, BreachConsequenceOf
from storage.record.law import Deadline, Law, deadline_of
from storage.record.problems import BadInput
from storage.register.people.tables import PostKind
from storage.trust.credit import problems
from storage.trust.credit.rules import MOST_PIECES, must_be_another, must_have_words
from storage.trust.credit.tables import (
    Listing,
    ListingFault,
    ListingGround,
    ListingState,
    ListingSubject,
    Removal,
    Sanction,
    SanctioningAgency,
)
from storage.trust.disclosures.rules import PenaltyClass

ORDER_11 = "安全生产严重失信主体名单管理办法（应急管理部令第11号）"
ANSWERED, DECIDED, REMOVAL_DECIDED = "blacklist_answered_in", "blacklist_decided_in", "blacklist_removal_decided_in"
STANDS, LEFT_AFTER = "blacklist_stands", "blacklist_left_after"
LONGEST_NAME = 100
ARTICLE_OF: dict[ListingGround, str] = {
    ListingGround.GRAVE_ACCIDENT: f"{ORDER_11}第六条第一项",
    ListingGround.ACCIDENTS_WITHIN_A_YEAR: f"{ORDER_11}第六条第二项",
    ListingGround.FINED_MANIFOLD: f"{ORDER_11}第六条第三项",
    ListingGround.ACCIDENT_CONCEALED: f"{ORDER_11}第六条第四项",
    ListingGround.NO_RESCUE_OR_FLED: f"{ORDER_11}第六条第五项",
    ListingGround.WITHOUT_LICENCE: f"{ORDER_11}第七条第一项",
    ListingGround.REFUSES_TO_PERFORM: f"{ORDER_11}第七条第三项",
    ListingGround.OTHER_GRAVE: f"{ORDER_11}第七条第四项",
}
"""The article of each ground. Article 7(2) speaks of institutions that assess and test, which are not in the record."""
OF_OTHERS_TOO = frozenset({ListingGround.GRAVE_ACCIDENT, ListingGround.ACCIDENT_CONCEALED, ListingGround.OTHER_GRAVE})
"""Grounds by which not only the principal is listed, but whoever else is responsible."""
_HEADS = frozenset({PostKind.PRINCIPAL, PostKind.ACTUAL_CONTROLLER})


class Ungrounded(StrEnum):
    """Why the record does not carry a ground."""

    NO_PENALTY = "NO_PENALTY"
    FELL = "FELL"
    NOT_SERVED = "NOT_SERVED"
    SLIGHT = "SLIGHT"
    PERFORMED = "PERFORMED"
    TIME_RUNS = "TIME_RUNS"
    NOT_RESPONSIBLE = "NOT_RESPONSIBLE"
    ONLY_PEOPLE = "ONLY_PEOPLE"
    NO_PROPOSAL = "NO_PROPOSAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is to be listed, on which penalty and ground, and why; `consequence` is the breach's proposal, if any."""

    decision: UUID
    ground: ListingGround
    words: str
    person: UUID | None = None
    consequence: UUID | None = None

    @property
    def subject(self) -> ListingSubject:
        """A mine, unless a person is named."""
        return ListingSubject.PERSON if self.person else ListingSubject.MINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What another agency is asked, by which text, by when; an agency that is not on the list is `named`."""

    agency: SanctioningAgency
    asked: str
    basis: str
    due_on: date
    named: str = ""


def must_rest_on(
    ruling: Ruling, history: History, law: Law, *, ground: ListingGround, grade: PenaltyClass, today: date
) -> None:
    """令11 art. 3, 4: on a served penalty that stands; who refuses to perform has let its day pass."""
    money = owed(ruling, history, law, today)
    refuses = ground is ListingGround.REFUSES_TO_PERFORM
    nothing = isinstance(ruling.body, Decided) and ruling.body.outcome is not DecisionOutcome.PENALTY
    for reason, holds in (
        (Ungrounded.NO_PENALTY, nothing),
        (Ungrounded.FELL, ruling.id in history.fallen),
        (Ungrounded.NOT_SERVED, served_at(ruling, history) is None),
        (Ungrounded.SLIGHT, ground is ListingGround.OTHER_GRAVE and grade is PenaltyClass.SLIGHT),
        (Ungrounded.PERFORMED, refuses and is_performed(ruling, history, law, today)),
        (Ungrounded.TIME_RUNS, refuses and today <= money.due),
    ):
        if holds:
            raise problems.ListingNotGrounded(reason=reason.value, article=ARTICLE_OF[ground])


def must_be_liable(proposal: Proposal, *, posts: Collection[PostKind], party: str, person: str) -> None:
    """令11 art. 6, 7: the mine and its principal; others where the ground says so, or who were penalised themselves."""
    article = ARTICLE_OF[proposal.ground]
    if proposal.subject is ListingSubject.MINE:
        if proposal.ground is ListingGround.NO_RESCUE_OR_FLED:
            raise problems.ListingNotGrounded(reason=Ungrounded.ONLY_PEOPLE.value, article=article)
        return
    enough = bool(posts) if proposal.ground in OF_OTHERS_TOO else bool(_HEADS & set(posts))
    if not enough and party != person:
        raise problems.ListingNotGrounded(reason=Ungrounded.NOT_RESPONSIBLE.value, article=article)


def must_come_from(proposal: Proposal, consequence: BreachConsequence, *, mine_id: UUID) -> None:
    """A breach's proposal that was approved, of this mine, against the company or its principal."""
    kind = BreachConsequenceOf.PRINCIPAL if proposal.person else BreachConsequenceOf.COMPANY
    is_one = consequence.kind == BreachConsequenceKind.BLACKLIST_PROPOSAL and consequence.approved is True
    if not is_one or consequence.mine_id != mine_id or consequence.against != kind:
        raise problems.ListingNotGrounded(reason=Ungrounded.NO_PROPOSAL.value, article=ARTICLE_OF[proposal.ground])


def must_be_tellable(listing: Listing) -> None:
    """Once, and before it is decided."""
    if listing.decided_at is not None:
        raise problems.ListingDecided()
    if listing.told_at is not None:
        raise problems.PartyTold()


def must_be_answerable(listing: Listing) -> None:
    """Once, after it was told and before it is decided: whoever is late is heard all the same."""
    if listing.told_at is None:
        raise problems.PartyNotTold(day="", article=listing.article)
    if listing.decided_at is not None:
        raise problems.ListingDecided()
    if listing.answered_at is not None:
        raise problems.PartyAnswered()


def must_be_decidable(listing: Listing, *, decider: UUID, today: date) -> None:
    """By another than who proposed it, once the party was told, and answered or let its time pass."""
    if listing.decided_at is not None:
        raise problems.ListingDecided()
    must_be_another(decider, listing.proposed_by, article=listing.article)
    ends = listing.answer_ends
    if listing.told_at is None or (listing.answered_at is None and (ends is None or today <= ends)):
        day = ends.isoformat() if ends and listing.told_at else ""
        raise problems.PartyNotTold(day=day, article=listing.article)


def must_be_listed(listing: Listing) -> None:
    """Only what stands is left, withdrawn, or sanctioned."""
    if listing.state != ListingState.LISTED:
        raise problems.NotListed(state=str(listing.state))


def must_be_left_in_time(since: Deadline, *, today: date) -> None:
    """令11: nobody leaves the list early before twelve months."""
    if today <= since.ends:
        raise problems.RemovalTooEarly(day=since.ends.isoformat(), article=since.article)


def must_be_undecided(removal: Removal, *, decider: UUID) -> None:
    """Decided once, by another than who handed it in."""
    if removal.decided_at is not None:
        raise problems.RemovalDecided()
    must_be_another(decider, removal.asked_by, article=ORDER_11)


def must_be_wrong(fault: ListingFault, *, fell: bool) -> None:
    """That the decision fell is not for the officer to claim."""
    if fault is ListingFault.DECISION_FELL and not fell:
        raise BadInput(field="fault", reason=fault.value)


def must_be_the_party(listing: Listing, *, account: UUID, principal: UUID | None, person: UUID | None) -> None:
    """For a mine its principal by the register; for a person nobody but himself."""
    if account != (person if listing.subject == ListingSubject.PERSON else principal):
        raise problems.NotTheParty(article=ORDER_11)


def must_bring(pieces: Collection[UUID]) -> None:
    """No piece twice, and not too many; else BadInput."""
    if not len(set(pieces)) == len(pieces) <= MOST_PIECES:
        raise BadInput(field="evidence", reason=f"<= {MOST_PIECES}, no one twice")


def must_be_askable(asked: Asked, *, today: date) -> None:
    """What is asked and by which text, with a day that is not past; an agency beside the list by its name."""
    must_have_words(asked.asked, "asked")
    must_have_words(asked.basis, "basis")
    if (asked.agency is SanctioningAgency.OTHER) != bool(asked.named.strip()) or len(asked.named) > LONGEST_NAME:
        raise BadInput(field="named", reason=SanctioningAgency.OTHER.value)
    if not today <= asked.due_on <= date(today.year + 3, 12, 31):
        raise BadInput(field="dueOn", reason=f"{today} – {today.year + 3}-12-31")


def must_be_an_answer(sanction: Sanction, *, on: date, asked_on: date, today: date) -> None:
    """Once, on a day between that of the question and today."""
    if sanction.answered_at is not None:
        raise problems.SanctionAnswered()
    if not asked_on <= on <= today:
        raise problems.AnswerDayOutside(least=asked_on.isoformat(), most=today.isoformat())


def last_day(law: Law, since: date) -> date:
    """令11: three years from the entry, or from the restoration, which begins them anew."""
    return deadline_of(law, STANDS, since).ends
