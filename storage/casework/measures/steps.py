"""What the law says of the steps of a measure: pure rules. Facts are kept at any time; an act of law has its place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from storage.casework.conduct.recusals import ARTICLE as ARTICLE_OF_RECUSAL
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.measures import clocks, history, supervision
from storage.casework.measures.history import SIGNATURES, Asked, History
from storage.casework.measures.tables import Hand, StepOutcome, Turn
from storage.field.evidence.rules import must_be_a_list_of_pieces
from storage.field.inspections.rules import NotAnOfficer, must_hold_certificate
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of
from storage.record.law.deadlines import enforceable_from
from storage.record.law.measures import Approval, Ends
from storage.record.problems import BadInput, Problem

LONGEST_WORDS = 1_000
MOST_EVIDENCE = 100
MOST_BELOW = 10_000


class MeasureStepConflict(Problem):
    """The id of the step is taken by other content."""


class StepNotOfThisMeasure(Problem):
    """A measure of this kind has no such step (parameters: kind, step)."""


class MeasureEnded(Problem):
    """The measure has ended: nothing more is ordered in it (parameter: state)."""


class MeasureRestsOnDefect(Problem):
    """The order lacks what the law asks for; nothing rests on it before it is made good (parameter: article)."""


class MeasureApprovalLacking(Problem):
    """The head of the agency has not approved it (强制法18, 19; 安法70; parameter: article)."""


class MeasureApprovalGiven(Problem):
    """The head has decided on it before."""


class ApprovedByTheOfficer(Problem):
    """Whoever ordered a measure does not approve it himself (强制法18)."""


class HeadCountNotZero(Problem):
    """People are still below, or nobody counted (条例44; parameter: below)."""


class MeasureNotCorrected(Problem):
    """No re-check that two officers signed found it corrected (三(十一)1; 安法65; parameter: article)."""


class MeasureSecondOfficerNeeded(Problem):
    """Another officer signs than the one who recorded it or signed it before (处罚法42)."""


class FollowerNotOfTheCounty(Problem):
    """Who follows an order is an open account of the county's own department (三(十一)1; parameter: account)."""


class HandedOnWithoutReason(Problem):
    """An order that another followed is handed on for a stated reason (三(十一)1)."""


class ExtensionNotAsked(Problem):
    """The mine asked for no extension that is still to be decided."""


class ExtensionShortens(Problem):
    """The new last day is not later than the one that stands (parameter: ends)."""


class GoodsHeldTooLong(Problem):
    """Goods are held 30 days, once extended by 30 at most, before they run out (强制法25; parameter: latest)."""


class MeasureGroundMissing(Problem):
    """The ground on which it is lifted or decided is stated (强制法28)."""


class MineNotNotified(Problem):
    """The mine was not told of the power cut before (安法70)."""


class CutTooEarly(Problem):
    """Power is cut 24 hours after the notice, not at night nor on a holiday (安法70; 强制法43; parameter: earliest)."""


class RestartNotAsked(Problem):
    """The mine has not applied to restart (条例48)."""


class AcceptanceNotPassed(Problem):
    """No acceptance of the latest application was passed (条例48)."""


class SignatureOutOfOrder(Problem):
    """Three signatures, in the order of the text; none is skipped or given twice (条例48; parameter: next)."""


class SignedByOnePersonTwice(Problem):
    """Three signatures are those of three persons (条例48)."""


class WrongHand(Problem):
    """This step is for another authority to take (parameters: hand, article)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Who takes a step: for whom, with which certificate; and the account that he names, if it may follow."""

    account: UUID
    hands: frozenset[Hand]
    certificate_id: UUID | None = None
    names_one_of_the_county: bool = False
    recused: bool = False


FACTS = frozenset({
    Turn.FINDING_NAMED, Turn.TOLD, Turn.HEADS_COUNTED, Turn.EXTENSION_ASKED,
    Turn.CORRECTION_REPORTED, Turn.RECHECKED, Turn.TRACKED, Turn.VERIFIED, Turn.ANNOUNCED,
})  # fmt: skip
"""Kept at any time, with the time at which they were."""

VERBS: Mapping[Turn, Verb] = {
    **dict.fromkeys((Turn.FINDING_NAMED, Turn.CONFIRMED, Turn.MINE_NOTIFIED, Turn.SUPPLIER_NOTIFIED),
                    Verb.MEASURE_ORDER),
    **dict.fromkeys((Turn.TOLD, Turn.HEADS_COUNTED), Verb.MEASURE_TELL),
    **dict.fromkeys((Turn.APPROVED, Turn.DISAPPROVED, Turn.EXTENSION_GRANTED, Turn.EXTENSION_REFUSED,
                     Turn.LIFTED, Turn.RESTART_SIGNED, Turn.RESTART_AGREED), Verb.MEASURE_APPROVE),
    **dict.fromkeys((Turn.FOLLOWER_NAMED, Turn.CLOSED_OUT, Turn.SUPERVISED, Turn.HANDED_OVER,
                     Turn.HANDOVER_RECEIVED, Turn.TRACKED, Turn.ANNOUNCED), Verb.MEASURE_FOLLOW),
    **dict.fromkeys((Turn.RECHECKED, Turn.RECHECK_SIGNED, Turn.VERIFIED, Turn.VERIFICATION_SIGNED,
                     Turn.ACCEPTANCE_HELD), Verb.MEASURE_RECHECK),
    **dict.fromkeys((Turn.EXTENSION_ASKED, Turn.CORRECTION_REPORTED, Turn.RESTART_ASKED),
                    Verb.MEASURE_REPORT),
    Turn.RESTART_APPROVED: Verb.MEASURE_RESTART,
}  # fmt: skip
"""What whoever takes a step must be able to do."""

HANDS: Mapping[Turn, tuple[Hand, str]] = {
    Turn.HANDED_OVER: (Hand.OFFICE, supervision.ARTICLE_OF_HANDOVER),
    Turn.HANDOVER_RECEIVED: (Hand.DEPARTMENT, supervision.ARTICLE_OF_HANDOVER),
    **{kind: (hand, "煤矿安全生产条例第四十八条") for kind, hand in SIGNATURES},
}
"""The steps that are one authority's own, with the article."""

_WORDS = frozenset({
    Turn.TOLD, Turn.EXTENSION_ASKED, Turn.CORRECTION_REPORTED, Turn.SUPERVISED, Turn.HANDED_OVER,
    Turn.TRACKED, Turn.SUPPLIER_NOTIFIED, Turn.RESTART_ASKED, Turn.ANNOUNCED, Turn.VERIFIED,
})  # fmt: skip
_SUBJECTS = frozenset({
    Turn.FINDING_NAMED, Turn.FOLLOWER_NAMED, Turn.RECHECK_SIGNED, Turn.VERIFICATION_SIGNED,
})  # fmt: skip
_NO_OUTCOME: frozenset[StepOutcome | None] = frozenset({None})
_OUTCOMES: Mapping[Turn, frozenset[StepOutcome]] = {
    Turn.RECHECKED: frozenset({StepOutcome.CORRECTED, StepOutcome.NOT_CORRECTED, StepOutcome.REFUSED}),
    Turn.VERIFIED: frozenset({StepOutcome.CORRECTED, StepOutcome.NOT_CORRECTED}),
    Turn.ACCEPTANCE_HELD: frozenset({StepOutcome.PASSED, StepOutcome.FAILED}),
    Turn.ANNOUNCED: frozenset({StepOutcome.STOP, StepOutcome.RESTART}),
}


def must_be_well_formed(asked: Asked) -> None:
    """What each kind of step must tell, and sizes: BadInput."""
    if len(asked.words) > LONGEST_WORDS or (asked.kind in _WORDS and not asked.words.strip()):
        raise BadInput(field="words", reason=f"1-{LONGEST_WORDS}")
    if asked.kind in _SUBJECTS and asked.subject_id is None:
        raise BadInput(field="subject", reason=asked.kind.value)
    if asked.kind is Turn.HEADS_COUNTED and not (asked.number is not None and 0 <= asked.number <= MOST_BELOW):
        raise BadInput(field="number", reason=f"0-{MOST_BELOW}")
    if asked.kind in (Turn.EXTENSION_ASKED, Turn.EXTENSION_GRANTED) and asked.until is None:
        raise BadInput(field="until", reason=asked.kind.value)
    if asked.outcome not in _OUTCOMES.get(asked.kind, _NO_OUTCOME):
        raise BadInput(field="outcome", reason=asked.kind.value)
    must_be_a_list_of_pieces(asked.evidence, most=MOST_EVIDENCE)


def must_be_takeable(h: History, asked: Asked, *, taker: Taker, law: Law, now: datetime) -> None:
    """Whether this step may be taken now: a pure function of the steps so far, the law, and the moment."""
    if asked.kind in HANDS and HANDS[asked.kind][0] not in taker.hands:
        raise WrongHand(hand=HANDS[asked.kind][0].value, article=HANDS[asked.kind][1])
    if taker.recused and asked.kind not in FACTS:
        raise OfficerRecused(account=str(taker.account), article=ARTICLE_OF_RECUSAL)
    if asked.kind is Turn.CONFIRMED:
        must_stand_for_it(h, taker, now=now)
    elif asked.kind in _SIGNED:
        must_be_signed_by_another(h, asked, taker, now=now)
    elif asked.kind not in FACTS:
        must_still_stand(h)
        _RULES[asked.kind](h, asked, taker, law, now)


def must_still_stand(h: History) -> None:
    """What has ended nobody decides on again; else MeasureEnded."""
    if (end := history.ended(h)) is not None:
        raise MeasureEnded(state=history.ENDINGS[end.kind].value)


def must_stand_for_it(h: History, taker: Taker, *, now: datetime) -> None:
    """处罚法42, 55: an officer of the inspection with a valid certificate makes good what the order lacked."""
    if taker.account not in h.officers:
        raise NotAnOfficer()
    must_hold_certificate(taker.certificate_id, account=taker.account, on=day_of(now))


_SIGNED = {Turn.RECHECK_SIGNED: Turn.RECHECKED, Turn.VERIFICATION_SIGNED: Turn.VERIFIED}


def must_be_signed_by_another(h: History, asked: Asked, taker: Taker, *, now: datetime) -> None:
    """处罚法42: what one officer recorded another signs, with a certificate valid on that day."""
    fact = next((step for step in h.of(_SIGNED[asked.kind]) if step.id == asked.subject_id), None)
    if fact is None:
        raise BadInput(field="subject", reason=_SIGNED[asked.kind].value)
    before = {step.by for step in h.of(asked.kind) if step.subject_id == fact.id}
    if taker.account == fact.by or taker.account in before:
        raise MeasureSecondOfficerNeeded()
    must_hold_certificate(taker.certificate_id, account=taker.account, on=day_of(now))


def must_not_rest_on_a_defect(h: History, law: Law) -> None:
    """No decision rests on an order that lacks its finding, its officers or its approval."""
    for article, good in (
        ("煤矿安全生产条例第四十四条", bool(h.findings)),
        ("行政处罚法第四十二条、第五十五条", history.is_confirmed(h, law)),
        (h.kind.approval_article, h.kind.approval is Approval.NOBODY or history.approval(h) is not None),
    ):
        if not good:
            raise MeasureRestsOnDefect(article=article)


def must_be_corrected(h: History, law: Law) -> None:
    """三(十一)1 复查意见, 安法65 审查同意: a re-check signed by two found it corrected; else MeasureNotCorrected."""
    if not history.is_corrected(h, law):
        raise MeasureNotCorrected(article="实施意见三（十一）1、安全生产法第六十五条")


def _approve(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.approval is not Approval.NOBODY)
    if history.approval(h) is not None:
        raise MeasureApprovalGiven()
    if any(step.by == taker.account for step in h.of(Turn.ORDERED, Turn.CONFIRMED)):
        raise ApprovedByTheOfficer()


def _name_follower(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    if not taker.names_one_of_the_county:
        raise FollowerNotOfTheCounty(account=str(asked.subject_id))
    if h.of(Turn.FOLLOWER_NAMED) and not asked.words.strip():
        raise HandedOnWithoutReason()


def _decide_extension(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.needs_term or (h.kind.of_goods and asked.kind is Turn.EXTENSION_GRANTED))
    if not asked.words.strip():
        raise MeasureGroundMissing()
    last = h.last(Turn.EXTENSION_ASKED, Turn.EXTENSION_GRANTED, Turn.EXTENSION_REFUSED)
    if h.kind.needs_term and (last is None or last.kind is not Turn.EXTENSION_ASKED):
        raise ExtensionNotAsked()
    if asked.kind is Turn.EXTENSION_GRANTED and asked.until is not None:
        ends = clocks.last_day(h, law)
        if asked.until <= ends:
            raise ExtensionShortens(ends=ends.isoformat())
        if h.kind.of_goods:
            latest = deadline_of(law, "seizure_extension", ends).ends
            if h.of(Turn.EXTENSION_GRANTED) or day_of(now) > ends or asked.until > latest:
                raise GoodsHeldTooLong(latest=latest.isoformat())


def _lift(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.ends in (Ends.LEAVE, Ends.LIFTING))
    if h.kind.ends is Ends.LIFTING:
        # What burdens a party unlawfully is lifted at once: no defect of the order stands in the way (强制法28).
        if not asked.words.strip():
            raise MeasureGroundMissing()
        return
    if h.kind.of_people and (below := history.below(h, now)) != 0:
        raise HeadCountNotZero(below="?" if below is None else below)
    must_be_corrected(h, law)
    supervision.must_meet_standards(h, law, now=now)


def _close_out(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.ends is Ends.RECHECK)
    must_not_rest_on_a_defect(h, law)
    must_be_corrected(h, law)
    if history.is_major(h):
        supervision.must_be_supervised(h)
    supervision.must_meet_standards(h, law, now=now)


def _supervise(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, not (h.kind.cuts or h.kind.of_goods))
    supervision.must_be_placeable(h, asked, on=day_of(now))


def _hand_over(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, not (h.kind.cuts or h.kind.of_goods))
    supervision.must_be_handable(h, asked.kind, by=taker.account)


def _notify(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.cuts)
    if history.approval(h) is None:
        raise MeasureApprovalLacking(article=h.kind.approval_article)
    if asked.kind is Turn.SUPPLIER_NOTIFIED:
        must_not_rest_on_a_defect(h, law)
        must_be_late_enough(h, law=law, now=now)


def must_be_late_enough(h: History, *, law: Law, now: datetime) -> None:
    """安法70, 强制法43: power only 24 hours after the notice, by day and on no holiday, unless urgent."""
    if h.kind.key != "CUT_POWER" or h.order.urgent:
        return
    earliest = cut_enforceable_from(h, law)
    if earliest is None:
        raise MineNotNotified()
    if now < earliest:
        raise CutTooEarly(earliest=earliest.isoformat())


def cut_enforceable_from(h: History, law: Law) -> datetime | None:
    """When the supplier may be told: at once after approval, or for power 24 hours after the mine was; None before."""
    approved = history.approval(h)
    if not h.kind.cuts or approved is None or approved.kind is not Turn.APPROVED:
        return None
    if h.kind.key != "CUT_POWER" or h.order.urgent:
        return approved.at
    notified = h.of(Turn.MINE_NOTIFIED)
    if not notified:
        return None
    hours = timedelta(hours=law.number("power_cut_notice", day_of(notified[0].at)))
    return enforceable_from(law, notified[0].at + hours, urgent=False)


def _hold_acceptance(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.ends is Ends.RESTART)
    last = h.last(Turn.RESTART_ASKED, Turn.ACCEPTANCE_HELD)
    if last is None or last.kind is not Turn.RESTART_ASKED:
        raise RestartNotAsked()


def _ask_restart(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.ends is Ends.RESTART)


def _sign_restart(h: History, asked: Asked, taker: Taker, law: Law, now: datetime) -> None:
    _must_be(h, asked, h.kind.ends is Ends.RESTART)
    held = history.acceptance(h)
    if held is None or held.outcome is not StepOutcome.PASSED:
        raise AcceptanceNotPassed()
    given = history.signatures(h)
    following, hand = SIGNATURES[len(given)]
    if asked.kind is not following:
        raise SignatureOutOfOrder(next=hand.value)
    if taker.account in {step.by for step in given}:
        raise SignedByOnePersonTwice()
    supervision.must_meet_standards(h, law, now=now)


def _must_be(h: History, asked: Asked, fits: bool) -> None:
    if not fits:
        raise StepNotOfThisMeasure(kind=h.kind.title, step=asked.kind.value)


_Rule = Callable[[History, Asked, Taker, Law, datetime], None]
_RULES: Mapping[Turn, _Rule] = {
    Turn.APPROVED: _approve, Turn.DISAPPROVED: _approve, Turn.FOLLOWER_NAMED: _name_follower,
    Turn.EXTENSION_GRANTED: _decide_extension, Turn.EXTENSION_REFUSED: _decide_extension,
    Turn.LIFTED: _lift, Turn.CLOSED_OUT: _close_out, Turn.SUPERVISED: _supervise,
    Turn.HANDED_OVER: _hand_over, Turn.HANDOVER_RECEIVED: _hand_over, Turn.MINE_NOTIFIED: _notify,
    Turn.SUPPLIER_NOTIFIED: _notify, Turn.RESTART_ASKED: _ask_restart,
    Turn.ACCEPTANCE_HELD: _hold_acceptance, Turn.RESTART_SIGNED: _sign_restart,
    Turn.RESTART_AGREED: _sign_restart, Turn.RESTART_APPROVED: _sign_restart,
}  # fmt: skip
