"""What the law says from the end of the investigation to the hearing's record (处罚法34, 44, 45, 57, 62–65)."""

from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems, weighing
from storage.casework.cases.bodies.facts import CorrectionChecked, EvidenceAdded, StatementTaken
from storage.casework.cases.bodies.notice import (
    DefenceExamined,
    DefenceReceived,
    DefenceWaived,
    DiscretionSuggested,
    HearingAsked,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingWaived,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.history import History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import (
    must_act_together,
    must_be_conducts,
    must_follow,
    must_state,
    party_of,
)
from storage.casework.cases.rules.serving import must_be_served_lawfully
from storage.casework.cases.sanctions import is_heavier, stop_that_lacks
from storage.casework.cases.steps import Step
from storage.casework.conduct import recusals
from storage.record.clock import day_of
from storage.record.law import Law, deadline_of
from storage.record.law.discretion import Circumstance


def investigation_ended(step: Step[InvestigationEnded], history: History, law: Law, now: datetime) -> None:
    """处罚法57, 42: the officers report what they established."""
    must_state(facts=step.body.facts)
    must_act_together(step.officers, history, law, step.at)


def discretion_suggested(step: Step[DiscretionSuggested], history: History, law: Law, now: datetime) -> None:
    """处罚法32–34: a tier that is open, within its range, or the reason why not; 减轻 and 不罚 only with a ground."""
    party, body = party_of(step, history), step.body
    must_state(standard=body.standard, basis=body.basis, reason=body.reason)
    if not 0 <= body.least <= body.most:
        raise unlawful(problems.DiscretionUpsideDown)
    shown = weighing.recorded(weighing.conducts_for(body.conduct, history), history)
    against = weighing.contradicted(body.circumstances, shown)
    if against is not None:
        raise unlawful(problems.CircumstanceContradicted, circumstance=against.value)
    if Circumstance.PROMISE_BROKEN in set(body.circumstances) - shown:
        raise unlawful(problems.BreachNotStanding)
    found = weighing.suggestion_for(weighing.of_step(body), history, law, day_of(step.at))
    if found is None or not weighing.fits(body.basis, party.kind):
        raise unlawful(problems.NoBasis)
    weighing.must_be_suggested(body, found)


def notice_served(step: Step[NoticeServed], history: History, law: Law, now: datetime) -> None:
    """处罚法44, 45: content, facts, grounds and rights; after a defence heavier only for new facts."""
    party = party_of(step, history)
    ended = history.last(InvestigationEnded)
    if ended is None:
        raise unlawful(problems.InvestigationNotEnded)
    must_follow(step, ended)
    must_be_conducts(step.body.conducts, history)
    must_state(sanctions=step.body.sanctions, facts=step.body.facts, grounds=step.body.grounds)
    if not step.body.rights_told:
        raise unlawful(problems.RightsNotTold)
    if (part := stop_that_lacks(step.body.sanctions)) is not None:
        raise unlawful(problems.StopLacking, part=part)
    _must_not_be_heavier_for_defending(step, history.round_of(party.id))
    must_be_served_lawfully(step, step.body.delivery, history, law)


def hearing_offered(step: Step[HearingOffered], history: History, law: Law, now: datetime) -> None:
    """处罚法63: with or after the notice."""
    must_follow(step, _notice(step, history))
    must_be_served_lawfully(step, step.body.delivery, history, law)


def defence_received(step: Step[DefenceReceived], history: History, law: Law, now: datetime) -> None:
    """处罚法45: what a party says is always taken."""
    party_of(step, history)


def defence_waived(step: Step[DefenceWaived], history: History, law: Law, now: datetime) -> None:
    """处罚法62: clearly, that is in writing, and of a notice that was served."""
    must_follow(step, _notice(step, history))
    if not step.body.signed:
        raise unlawful(problems.WaiverNotSigned)


def defence_examined(step: Step[DefenceExamined], history: History, law: Law, now: datetime) -> None:
    """处罚法45: facts, reasons and evidence are looked at again, and answered in writing."""
    defence = history.named(step.body.defence, DefenceReceived)
    if defence.party != step.party:
        raise unlawful(problems.PartyNotOfCase)
    must_follow(step, defence)
    must_state(answer=step.body.answer)
    if any(one.body.defence == defence.id for one in history.of(DefenceExamined)):
        raise unlawful(problems.DefenceAlreadyExamined)


def hearing_asked(step: Step[HearingAsked], history: History, law: Law, now: datetime) -> None:
    """处罚法64(1), 85: within five working days of the offer; a request without an offer is taken too."""
    party = party_of(step, history)
    offer = history.round_of(party.id).last(HearingOffered, party=party.id)
    if offer is None or _surely_within(step, offer, law):
        return
    last = deadline_of(law, "hearing_request", offer.at)
    if last.is_over(step.at):
        raise unlawful(problems.HearingAskedTooLate, last=last.ends.isoformat())


def hearing_waived(step: Step[HearingWaived], history: History, law: Law, now: datetime) -> None:
    """处罚法62, 63: in writing, of a hearing that was offered or asked for."""
    party = party_of(step, history)
    offer = history.round_of(party.id).last(HearingOffered, HearingAsked, party=party.id)
    if offer is None:
        raise unlawful(problems.HearingNotOffered)
    must_follow(step, offer)
    if not step.body.signed:
        raise unlawful(problems.WaiverNotSigned)


def hearing_notified(step: Step[HearingNotified], history: History, law: Law, now: datetime) -> None:
    """处罚法64(2), (3), (4): seven working days before, open unless secret, chaired by somebody else."""
    party = party_of(step, history)
    must_state(place=step.body.place)
    _must_be_due(party.id, history)
    must_not_have_investigated(step.body.chair, history, step.at)
    last = deadline_of(law, "hearing_notice", step.body.hearing_at, on=day_of(step.at))
    if day_of(step.at) > last.ends:
        raise unlawful(problems.HearingToldTooLate, last=last.ends.isoformat())
    must_be_served_lawfully(step, step.body.delivery, history, law)


def hearing_held(step: Step[HearingHeld], history: History, law: Law, now: datetime) -> None:
    """处罚法64, 65: by the chair who was named, at the time that was told, with a record."""
    party, notified = party_of(step, history), history.named(step.body.notified, HearingNotified)
    _must_be_due(party.id, history)
    if notified.party != party.id or history.round_of(party.id).last(HearingNotified, party=party.id) != notified:
        raise unlawful(problems.StepUnknown)
    if step.by != notified.body.chair:
        raise unlawful(problems.ChairNotNamed)
    must_not_have_investigated(step.by, history, step.at)
    if step.at < notified.body.hearing_at:
        raise unlawful(problems.HearingBeforeItsTime)
    most = law.number("hearing_agents", day_of(step.at))
    if step.body.agents > most:
        raise unlawful(problems.AgentsTooMany, agents=step.body.agents, most=most)
    if step.body.came and not step.body.record_signed and not step.body.refusal.strip():
        raise unlawful(problems.HearingRecordOpen)


def must_not_have_investigated(chair: UUID, history: History, at: datetime) -> None:
    """处罚法64(4), 43: the chair is no investigator, and not recused."""
    if chair in history.investigators:
        raise unlawful(problems.ChairInvestigated)
    recusals.must_not_be_recused([chair], history.recused, at)


def hearing_is_due(party: UUID, history: History) -> bool:
    """Whether a hearing was asked for that was neither held nor given up since."""
    since = history.round_of(party)
    asked = since.last(HearingAsked, party=party)
    if asked is None:
        return False
    over = since.last(HearingHeld, HearingWaived, party=party)
    return over is None or since.place(over) < since.place(asked)


def _must_be_due(party: UUID, history: History) -> None:
    if not hearing_is_due(party, history):
        raise unlawful(problems.HearingNotAsked)


def _notice(step: Step[HearingOffered | DefenceWaived], history: History) -> Step[NoticeServed]:
    party = party_of(step, history)
    notice = history.round_of(party.id).last(NoticeServed, party=party.id)
    if notice is None:
        raise unlawful(problems.NoticeMissing)
    return notice


def _must_not_be_heavier_for_defending(step: Step[NoticeServed], since: History) -> None:
    """处罚法45 II: neither for a defence or hearing nor for an objection, but for facts that were found after it."""
    before = since.last(NoticeServed, party=step.party)
    if before is None or step.party is None or not is_heavier(step.body.sanctions, before.body.sanctions):
        return
    defended = since.last(DefenceReceived, HearingHeld, party=step.party)
    objected = [one.at for one in since.objections_for(step.party) if one.at >= before.at]
    if defended is None and not objected:
        return
    found = since.last(StatementTaken, EvidenceAdded, CorrectionChecked)
    behind = found is not None and (defended is None or since.place(found) > since.place(defended))
    if not step.body.new_facts.strip() or found is None or not behind or any(found.at <= at for at in objected):
        raise unlawful(problems.HeavierAfterDefence)


def _surely_within(step: Step[HearingAsked], offer: Step[HearingOffered], law: Law) -> bool:
    """Within as many plain days it is in time whatever the calendar says: also in a year not yet published."""
    days = (day_of(step.at) - day_of(offer.at)).days
    return days <= law.number("hearing_request", day_of(offer.at))
