"""What the law says of refusing to go down (实施意见三（六）2; 条例20; 安法54, 55): pure rules over the steps of one.

A miner's word is never refused for being wrong. Refused are acts of the authority that would leave him unprotected.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from storage.miners.refusals.tables import RefusalState, RefusalStepKind
from storage.record.actor import Verb
from storage.record.law import Law
from storage.record.problems import BadInput, Problem, constraint_means

ARTICLE = "实施意见三（六）2"
ARTICLE_OF_ORDERS = "煤矿安全生产条例第四十四条"
ARTICLE_OF_TWO = "行政处罚法第四十二条、安全生产法第六十七条"
LEAST_WORDS, LONGEST_WORDS = 4, 500
MOST_OFFICERS, MOST_FINDINGS = 20, 50


class RefusalStepConflict(Problem):
    """The id is taken by another step, one's own or foreign: which of both is not said."""


class RefusalOver(Problem):
    """The refusal was lifted: nothing more is done in it (parameter: at)."""


class CheckNeedsTwo(Problem):
    """A refusal is checked on site by two officers, each by his own act (处罚法42; 安法67).

    Parameters: count, needed, article.
    """


class CheckedAlready(Problem):
    """This officer has checked it, or it was concluded: another check changes nothing in it."""


class CheckOfAnotherMine(Problem):
    """The inspection, scheme or order is not of the mine at which the place is (条例44)."""


class InspectionOverBefore(Problem):
    """The inspection ended before what is refused was said: nobody looked at it (三(六)2; parameter: article)."""


class NotYetChecked(Problem):
    """A refusal is neither concluded nor lifted before two officers were there (三(六)2; parameter: article)."""


class NotOfTheCheck(Problem):
    """What a check came to is said by one of the officers who were there (处罚法42; parameter: article)."""


class FindingNotOfTheCheck(Problem):
    """A finding that is named does not come from the inspection that checked the place (条例44; parameter: finding)."""


class NotSubstantiated(Problem):
    """Only what was found true is followed by an order (条例44)."""


class OrderOfOtherFindings(Problem):
    """The measure answers none of the findings of the refusal (条例44)."""


class OrderLeavesFindings(Problem):
    """The orders leave something that was found true, and nobody says why (条例44; parameters: count, article)."""


class RefusalWithoutOrder(Problem):
    """What was found true is lifted only after an order was carried out (条例44; parameter: article)."""


class OrderStillOpen(Problem):
    """An order about what was found is open: the place stays refused (三(六)2; parameters: count, article)."""


class LiftedByChecker(Problem):
    """Whoever checked the place does not lift the refusal (三(六)2; parameter: article)."""


class SoonerThanChosen(Problem):
    """The reporter chose to wait for a routine check: sooner is only for danger to life, said in words."""


class NotWaiting(Problem):
    """The report does not wait for a routine check: it was acted upon, or never asked to wait."""


class RetaliationStepConflict(Problem):
    """The id is taken by another step, one's own or foreign: which of both is not said."""


class RetaliationOver(Problem):
    """It was concluded: a further report opens a matter of its own."""


class RetaliationNotLookedInto(Problem):
    """Nobody says whether there was revenge before he looked into it (条例20; parameter: article)."""


class RetaliationWithoutCase(Problem):
    """Revenge that was established is followed by a case of this mine (条例20; parameter: article)."""


constraint_means("pk_retaliation_steps", RetaliationStepConflict)
constraint_means("pk_refusal_steps", RefusalStepConflict)
constraint_means("pk_check_tasks", RefusalStepConflict)
constraint_means("pk_later_checks", RefusalStepConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as somebody asks for it."""

    id: UUID
    kind: RefusalStepKind
    words: str = ""
    officers: tuple[UUID, ...] = ()
    inspection_id: UUID | None = None
    scheme_id: UUID | None = None
    findings: tuple[UUID, ...] = ()
    measure_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step as it was taken."""

    id: UUID
    ordinal: int
    kind: RefusalStepKind
    at: datetime
    by_id: UUID | None = None
    certificate_id: UUID | None = None
    words: str = ""
    officers: tuple[UUID, ...] = ()
    inspection_id: UUID | None = None
    scheme_id: UUID | None = None
    findings: tuple[UUID, ...] = ()
    measure_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a step: the mine and officers of what it names, whose findings, which orders are open."""

    mine_id: UUID
    named_mines: frozenset[UUID] = frozenset()
    inspectors: frozenset[UUID] = frozenset()
    over_at: datetime | None = None
    """When the last recording of the named inspection closed; None while one is open, or before there is any."""
    found: frozenset[UUID] = frozenset()
    """The findings of the inspections in which the place was checked."""
    answered: frozenset[UUID] = frozenset()
    """The findings that the named measure answers."""
    ordered: frozenset[UUID] = frozenset()
    """Those that the orders of earlier steps answer."""
    open_orders: int = 0


VERBS: Mapping[RefusalStepKind, Verb] = {
    RefusalStepKind.CHECK_ORDERED: Verb.REFUSAL_ORDER,
    RefusalStepKind.CHECKED: Verb.REFUSAL_CHECK,
    RefusalStepKind.SUBSTANTIATED: Verb.REFUSAL_CHECK,
    RefusalStepKind.UNSUBSTANTIATED: Verb.REFUSAL_CHECK,
    RefusalStepKind.ORDERED: Verb.REFUSAL_CHECK,
    RefusalStepKind.LIFTED: Verb.REFUSAL_DECIDE,
}
"""By which verb a step is taken; MADE and JOINED come of reports alone."""
_NAMES: Mapping[RefusalStepKind, Collection[str]] = {
    RefusalStepKind.CHECK_ORDERED: ("inspectionId", "schemeId"),
    RefusalStepKind.CHECKED: ("inspectionId",),
    RefusalStepKind.ORDERED: ("measureId",),
}
_CONCLUDED = (RefusalStepKind.SUBSTANTIATED, RefusalStepKind.UNSUBSTANTIATED)


def must_be_well_formed(asked: Asked) -> None:
    """Sizes, doubles, and words where a step is nothing without them: BadInput."""
    silent = asked.kind in (RefusalStepKind.SUBSTANTIATED, RefusalStepKind.ORDERED) and not asked.words.strip()
    if not silent and not LEAST_WORDS <= len(asked.words.strip()) <= LONGEST_WORDS:
        raise BadInput(field="words", reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")
    for field, ids, most in (
        ("officerIds", asked.officers, MOST_OFFICERS),
        ("findingIds", asked.findings, MOST_FINDINGS),
    ):
        if len(set(ids)) != len(ids) or len(ids) > most:
            raise BadInput(field=field, reason=f"<= {most}, no one twice")
    named = {"inspectionId": asked.inspection_id, "schemeId": asked.scheme_id, "measureId": asked.measure_id}
    for field, id in named.items():
        if id is not None and field not in _NAMES.get(asked.kind, ()):
            raise BadInput(field=field, reason=f"not in {asked.kind.value}")
    needed = {
        RefusalStepKind.CHECKED: ("inspectionId", asked.inspection_id),
        RefusalStepKind.SUBSTANTIATED: ("findingIds", asked.findings),
        RefusalStepKind.ORDERED: ("measureId", asked.measure_id),
    }
    field, value = needed.get(asked.kind, ("", True))
    if not value:
        raise BadInput(field=field, reason="needed")


def must_be_takeable(steps: Sequence[Step], asked: Asked, *, by: UUID, around: Around, law: Law, on: date) -> None:
    """All that the law asks of this step in this refusal."""
    must_stand(steps)
    if around.named_mines - {around.mine_id}:
        raise CheckOfAnotherMine()
    if asked.kind is RefusalStepKind.CHECK_ORDERED:
        _must_name_two(asked, law=law, on=on)
    elif asked.kind is RefusalStepKind.CHECKED:
        _must_check_once(looked_at(steps), by=by, around=around)
    elif asked.kind in _CONCLUDED:
        _must_be_concludable(looked_at(steps), asked, by=by, around=around, law=law, on=on)
    elif asked.kind is RefusalStepKind.ORDERED:
        _must_answer_the_findings(steps, asked, around)
    else:
        must_be_liftable(steps, by=by, around=around)


def must_stand(steps: Sequence[Step]) -> None:
    """A refusal that was lifted is over; else RefusalOver."""
    lifted = _last(steps, RefusalStepKind.LIFTED)
    if lifted is not None:
        raise RefusalOver(at=lifted.at.isoformat())


def must_be_liftable(steps: Sequence[Step], *, by: UUID, around: Around) -> None:
    """三（六）2: not before the check, not by who checked, and not while an order about what was found is open.

    What a later report says besides is looked at, too, and what was found before it keeps its order.
    """
    if _last(looked_at(steps), *_CONCLUDED) is None:
        raise NotYetChecked(article=ARTICLE)
    if by in checkers(steps):
        raise LiftedByChecker(article=ARTICLE)
    if left_without_order(steps, around.ordered):
        raise RefusalWithoutOrder(article=ARTICLE)
    if around.open_orders:
        raise OrderStillOpen(count=around.open_orders, article=ARTICLE)


def must_not_be_sooner(*, sooner: bool, danger: str) -> None:
    """He chose to wait: sooner than chosen is for danger to life alone, and says which; else SoonerThanChosen."""
    if sooner and len(danger.strip()) < LEAST_WORDS:
        raise SoonerThanChosen()
    if len(danger) > LONGEST_WORDS:
        raise BadInput(field="danger", reason=f"<= {LONGEST_WORDS}")


def must_be_a_task(words: str) -> None:
    """A task in words of whoever gives it: BadInput."""
    if not LEAST_WORDS <= len(words.strip()) <= LONGEST_WORDS:
        raise BadInput(field="words", reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")


def looked_at(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps since a report gave another ground than those that the officers on site knew: all, where none did.

    The same ground again changes nothing, or whoever repeats it could keep a place refused for ever.
    """
    begins, grounds = 0, set[str]()
    for place, one in enumerate(steps):
        if one.kind in (RefusalStepKind.MADE, RefusalStepKind.JOINED):
            if one.words not in grounds and checkers(steps[begins:place]):
                begins = place
            grounds.add(one.words)
    return steps[begins:]


def checkers(steps: Sequence[Step]) -> frozenset[UUID]:
    """The officers who checked the place on site, each by his own act."""
    return frozenset(one.by_id for one in steps if one.kind is RefusalStepKind.CHECKED and one.by_id is not None)


def is_checked(steps: Sequence[Step], law: Law, on: date) -> bool:
    """Whether enough of them were there in one inspection."""
    return _most_in_one_inspection(steps) >= law.number("officers_per_inspection", on)


def state_of(steps: Sequence[Step], law: Law, on: date) -> RefusalState:
    """Where it stands; a check counts once enough officers were there."""
    steps = looked_at(steps)
    last = _last(steps, RefusalStepKind.LIFTED, RefusalStepKind.ORDERED, *_CONCLUDED)
    # What was found before another ground may get its order now: that does not look at the other ground.
    if last is not None and (last.kind is RefusalStepKind.LIFTED or _last(steps, *_CONCLUDED) is not None):
        return RefusalState(last.kind.value)
    if is_checked(steps, law, on):
        return RefusalState.CHECKED
    ordered = _last(steps, RefusalStepKind.CHECK_ORDERED, RefusalStepKind.CHECKED)
    return RefusalState.MADE if ordered is None else RefusalState.CHECK_ORDERED


def named_findings(steps: Sequence[Step]) -> tuple[UUID, ...]:
    """What was found true."""
    return tuple(finding for one in steps if one.kind is RefusalStepKind.SUBSTANTIATED for finding in one.findings)


def left_without_order(steps: Sequence[Step], ordered: Collection[UUID]) -> frozenset[UUID]:
    """What was found true and is answered neither by an order nor by words that say why it has none."""
    left: set[UUID] = set()
    for one in steps:
        if one.kind is RefusalStepKind.SUBSTANTIATED:
            left |= set(one.findings)
        elif one.kind is RefusalStepKind.ORDERED and one.words:
            left.clear()
    return frozenset(left - set(ordered))


def follow_ups(law: Law, since: date) -> tuple[date, ...]:
    """R1 定期回访: the days on which a reporter is asked how he fares; derived, kept nowhere."""
    return tuple(since + timedelta(days=int(one)) for one in law.listed("report_follow_ups", since))


def _last(steps: Sequence[Step], *kinds: RefusalStepKind) -> Step | None:
    return next((one for one in reversed(steps) if one.kind in kinds), None)


def _most_in_one_inspection(steps: Sequence[Step]) -> int:
    there: dict[UUID | None, set[UUID | None]] = {}
    for one in steps:
        if one.kind is RefusalStepKind.CHECKED and one.certificate_id is not None:
            there.setdefault(one.inspection_id, set()).add(one.by_id)
    return max((len(officers) for officers in there.values()), default=0)


def _must_name_two(asked: Asked, *, law: Law, on: date) -> None:
    needed = law.number("officers_per_inspection", on)
    if len(asked.officers) < needed:
        raise CheckNeedsTwo(count=len(asked.officers), needed=needed, article=ARTICLE_OF_TWO)


def _must_check_once(steps: Sequence[Step], *, by: UUID, around: Around) -> None:
    if by not in around.inspectors:
        raise NotOfTheCheck(article=ARTICLE_OF_TWO)
    if around.over_at is not None and around.over_at < steps[0].at:
        raise InspectionOverBefore(article=ARTICLE)
    if by in checkers(steps) or _last(steps, *_CONCLUDED) is not None:
        raise CheckedAlready()


def _must_be_concludable(steps: Sequence[Step], asked: Asked, *, by: UUID, around: Around, law: Law, on: date) -> None:
    if not checkers(steps):
        raise NotYetChecked(article=ARTICLE)
    if not is_checked(steps, law, on):
        needed = law.number("officers_per_inspection", on)
        raise CheckNeedsTwo(count=_most_in_one_inspection(steps), needed=needed, article=ARTICLE_OF_TWO)
    if by not in checkers(steps):
        raise NotOfTheCheck(article=ARTICLE_OF_TWO)
    if _last(steps, *_CONCLUDED) is not None:
        raise CheckedAlready()
    _must_be_found(asked.findings, around.found)


def _must_be_found(findings: Sequence[UUID], found: Collection[UUID]) -> None:
    for one in findings:
        if one not in found:
            raise FindingNotOfTheCheck(finding=str(one))


def _must_answer_the_findings(steps: Sequence[Step], asked: Asked, around: Around) -> None:
    """All that was found true, together with earlier orders; words say why something is left."""
    findings = set(named_findings(steps))
    if not findings:
        raise NotSubstantiated()
    if not around.answered & findings:
        raise OrderOfOtherFindings()
    left = left_without_order(steps, around.ordered | around.answered)
    if left and not asked.words.strip():
        raise OrderLeavesFindings(count=len(left), article=ARTICLE_OF_ORDERS)
