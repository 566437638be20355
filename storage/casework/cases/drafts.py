"""What the draft of a decision itself breaks: second fines, ranges, discretion, what was told and reviewed; pure."""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, DecisionOutcome, ReviewSubmitted
from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered
from storage.casework.cases.bodies.notice import DefenceReceived, DiscretionSuggested, HearingHeld, NoticeServed
from storage.casework.cases.bodies.transfer import TransferAnswered, TransferDecided, TransferStarted
from storage.casework.cases.history import History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.sanctions import FINES, fine_in, is_heavier, range_for, stop_that_lacks
from storage.casework.cases.steps import Conduct, Party, Sanction, SanctionKind, Step
from storage.casework.cases.weighing import fits
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.discretion import DiscretionGround
from storage.record.law.money import days_of_daily_penalty
from storage.record.problems import Problem


def of_draft(draft: Decided, party: Party, history: History, law: Law, on: date) -> Iterator[Problem]:
    """Everything that this draft breaks, whatever the procedure has come to."""
    if not draft.conducts or not set(draft.conducts) <= history.conducts.keys():
        yield unlawful(problems.ConductNotOfCase)
        return
    yield from _of_content(draft)
    conducts = tuple(history.conducts[one] for one in draft.conducts)
    yield from of_second_fine(draft.sanctions, conducts, party, history)
    yield from of_ranges(draft.sanctions, conducts, party, law, on, mitigated=_mitigated(draft, party, history))
    if (part := stop_that_lacks(draft.sanctions)) is not None:
        yield unlawful(problems.StopLacking, part=part)
    yield from _of_discretion(draft, party, history)
    yield from _of_what_was_told(draft, party, history)
    yield from _of_daily_penalty(draft, party, history)
    if fine_in(draft.sanctions) and transfer_runs(history):
        yield unlawful(problems.TransferRuns)


def transfer_runs(history: History) -> bool:
    """移送规定11: from the start until the head refuses it or the police open no case."""
    started = history.last(TransferStarted)
    if started is None:
        return False
    later = history.steps[history.place(started) :]
    refused = any(isinstance(one.body, TransferDecided) and not one.body.approved for one in later)
    answers = [one.body.opened for one in later if isinstance(one.body, TransferAnswered)]
    return not refused and (not answers or answers[-1])


def of_second_fine(
    sanctions: Sequence[Sanction], conducts: Sequence[Conduct], party: Party, history: History
) -> Iterator[Problem]:
    """处罚法29: one party is fined once for one act; nor is it decided on twice, but for a daily penalty."""
    before = [one for one in history.decisions(party.id) if conducts_of(one) & {one.id for one in conducts}]
    fined = [one for one in before if any(done.kind is SanctionKind.FINE for done in one.body.sanctions)]
    fines = [one for one in sanctions if one.kind is SanctionKind.FINE]
    named = [id for one in fines for id in ([one.conduct] if one.conduct else [each.id for each in conducts])]
    if (fines and fined) or len(named) != len(set(named)):
        yield unlawful(problems.SecondFine)
    elif before and {one.kind for one in sanctions} != {SanctionKind.DAILY_FINE}:
        yield unlawful(problems.AlreadyDecided)


def of_ranges(
    sanctions: Sequence[Sanction],
    conducts: Sequence[Conduct],
    party: Party,
    law: Law,
    on: date,
    *,
    mitigated: Container[Sanction] = (),
) -> Iterator[Problem]:
    """处罚法37, 38, 32: on a basis for such a party, within the range of the day's law or the lighter.

    Below it only where it is mitigated: those of `mitigated`.
    """
    for one in sanctions:
        if one.conduct is not None and one.conduct not in {each.id for each in conducts}:
            yield unlawful(problems.ConductNotOfCase)  # Else its range, and a second fine for it, would go unseen.
        if (one.kind in FINES and one.sum <= 0) or one.sum < 0 or one.days < 0:
            yield unlawful(problems.NoBasis)
        if one.kind is not SanctionKind.FINE:
            continue
        if not fits(one.basis, party.kind):
            yield unlawful(problems.NoBasis)
            continue
        for conduct in conducts:
            if one.conduct in (None, conduct.id):
                yield from _of_range(one, conduct, law, on, mitigated=one in mitigated)


def conducts_of(decision: Step[Decided | DecidedOnTheSpot]) -> frozenset[UUID]:
    """The conducts that a decision decided on."""
    if isinstance(decision.body, DecidedOnTheSpot):
        return frozenset(one.id for one in decision.body.conducts)
    return frozenset(decision.body.conducts)


def _of_range(fine: Sanction, conduct: Conduct, law: Law, on: date, *, mitigated: bool) -> Iterator[Problem]:
    found = range_for(law, fine.basis, conduct, on, reckoned_on=fine.reckoned_on)
    if found is None:
        yield unlawful(problems.NoBasis)
    elif fine.sum > found.most or (fine.sum < found.least and not mitigated):
        yield unlawful(problems.OutsideTheLaw, least=found.least, most=found.most)


def _of_content(draft: Decided) -> Iterator[Problem]:
    penal = draft.outcome is DecisionOutcome.PENALTY
    parts = {"facts": draft.facts, "grounds": draft.grounds, "remedies": draft.remedies}
    if fine_in(draft.sanctions):
        parts["pay_to"] = draft.pay_to
    yield from (unlawful(problems.NotStated, part=part) for part, said in parts.items() if not said.strip())
    if penal is not bool(draft.sanctions):
        yield unlawful(problems.NoPenaltyWithSanction)


def weighed(fine: Sanction, party: UUID, history: History) -> DiscretionSuggested | None:
    """The latest step that weighed this very fine: of the same party, conduct, basis and sum to reckon on."""
    for step in reversed(history.of(DiscretionSuggested, party=party)):
        body = step.body
        if (body.basis, body.conduct, body.reckoned_on) == (fine.basis, fine.conduct, fine.reckoned_on):
            return body
    return None


def _mitigated(draft: Decided, party: Party, history: History) -> list[Sanction]:
    """处罚法32: the fines that were weighed as 减轻, which needed one of its grounds."""
    found = ((one, weighed(one, party.id, history)) for one in draft.sanctions)
    return [one for one, body in found if body is not None and body.ground is DiscretionGround.MITIGATED]


def _of_discretion(draft: Decided, party: Party, history: History) -> Iterator[Problem]:
    """处罚法34: outside the range that was weighed only with the reason on record."""
    for fine in draft.sanctions:
        body = weighed(fine, party.id, history) if fine.kind is SanctionKind.FINE else None
        if body is None or draft.departure.strip():
            continue
        if body.ground is DiscretionGround.NONE or not body.least <= fine.sum <= body.most:
            yield unlawful(problems.DepartureWithoutReason)


def _of_what_was_told(draft: Decided, party: Party, history: History) -> Iterator[Problem]:
    """处罚法44, 45, 58: no heavier than told and reviewed, and on nothing that was not told."""
    since = history.round_of(party.id)
    notice = since.last(NoticeServed, party=party.id)
    if notice is not None and draft.sanctions:
        if not set(draft.conducts) <= set(notice.body.conducts):
            yield unlawful(problems.NoticeMissing)
        if is_heavier(draft.sanctions, notice.body.sanctions):
            defended = since.last(DefenceReceived, HearingHeld, party=party.id)
            spoke = defended or since.objections_for(party.id)
            yield unlawful(problems.HeavierAfterDefence if spoke else problems.HeavierThanNotified)
    reviewed = since.last(ReviewSubmitted, party=party.id)
    if reviewed is not None and is_heavier(draft.sanctions, reviewed.body.sanctions):
        yield unlawful(problems.HeavierThanReviewed)


def _of_daily_penalty(draft: Decided, party: Party, history: History) -> Iterator[Problem]:
    """安法112: fined, ordered to correct, refused: the original fine again for each day from the day after."""
    for one in draft.sanctions:
        if one.kind is not SanctionKind.DAILY_FINE:
            continue
        fine = max((_fine_for(made, draft) for made in history.decisions(party.id)), default=0)
        days = max((_days(order, history) for order in history.of(CorrectionOrdered, party=party.id)), default=0)
        if not fine or not days:
            yield unlawful(problems.DailyPenaltyWithoutGround)
        elif one.days > days or one.sum > fine * one.days:
            yield unlawful(problems.DailyPenaltyTooLarge, days=days, most=fine * days)


def _fine_for(made: Step[Decided | DecidedOnTheSpot], draft: Decided) -> int:
    if not conducts_of(made) & set(draft.conducts):
        return 0
    return sum(one.sum for one in made.body.sanctions if one.kind is SanctionKind.FINE)


def _days(order: Step[CorrectionOrdered], history: History) -> int:
    """Days from the order to the check that found it refused."""
    checks = (one for one in history.of(CorrectionChecked) if one.body.ordered == order.id and one.body.refused)
    return max(
        (len(days_of_daily_penalty(ordered=day_of(order.at), rechecked=day_of(one.at))) for one in checks), default=0
    )
