"""What must hold of any finished history, said anew and simply: nothing of the rules is asked here, only the steps."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from storage.record.clock import SHANGHAI
from storage.record.law import BUILT_IN
from tests.storage.casework.cases.kept import Kept, of, recused
from tests.storage.casework.cases.twos import said_of, stands, two_each

WAN = 1_000_000
HEAVY = {"STOPPED", "SHUT_DOWN", "LICENCE_REVOKED", "DOWNGRADED", "BARRED"}
EVIDENCE = {"STATEMENT_TAKEN", "EVIDENCE_ADDED", "SEIZED", "CORRECTION_CHECKED"}


def day(moment: datetime) -> date:
    """In Guizhou."""
    return moment.astimezone(SHANGHAI).date()


def working_days_after(start: date, count: int) -> date:
    """Counted one by one."""
    while count:
        start += timedelta(days=1)
        count -= BUILT_IN.calendar.is_working(start)
    return start


def must_be_lawful(history: Sequence[Kept]) -> None:
    """Every step of a history, looked at with what stood before it."""
    for number, kept in enumerate(history):
        before = history[:number]
        assert kept.step.at <= kept.now
        look = LOOKS.get(kept.step.kind.value)
        if look is not None:
            look(kept, before)


def fallen(before: Sequence[Kept]) -> set[UUID]:
    """Decisions that were taken back or annulled."""
    filed = {one.step.id: one.step.body.decision for one in of(before, "RECONSIDERATION_FILED", "SUIT_FILED")}
    gone = {one.step.body.decision for one in of(before, "REVOKED")}
    results = of(before, "OUTCOME_RECEIVED")
    return gone | {filed[one.step.body.filed] for one in results if one.step.body.result.value in ("REVOKED", "REDO")}


def round_of(before: Sequence[Kept], party: UUID) -> list[Kept]:
    """The steps since the last decision of this party fell."""
    since: list[Kept] = []
    for number, one in enumerate(before):
        mine = {other.step.id for other in of(before, "DECIDED", "DECIDED_ON_THE_SPOT", party=party)}
        if (fallen(before[: number + 1]) - fallen(before[:number])) & mine:
            since = []
        else:
            since.append(one)
    return since


def investigators(before: Sequence[Kept]) -> set[UUID]:
    """Whoever took part in finding things out."""
    kinds = EVIDENCE - {"CORRECTION_CHECKED"} | {"PROPOSED", "OFFICERS_ASSIGNED", "INVESTIGATION_ENDED"}
    return {officer.account for one in of(before, *kinds) for officer in one.step.officers}


def weighs(sanctions: Sequence[Any], unit: bool) -> bool:
    """Whether 处罚法63 gives a hearing."""
    money = [sum(one.sum for one in sanctions if one.kind.value in kinds) for kinds in (_FINES, ("CONFISCATION",))]
    return any(one.kind.value in HEAVY for one in sanctions) or max(money) >= (3 if unit else 1) * WAN


_FINES = ("FINE", "DAILY_FINE")


def decided(kept: Kept, before: Sequence[Kept]) -> None:
    """Registered, in time, by officers, on whole facts; told, heard, reviewed, deliberated; once; within the law."""
    step, body = kept.step, kept.step.body
    assert of(before, "REGISTERED")
    assert not of(before, "CLOSED", "NOT_REGISTERED")
    _in_time(kept, before)
    assert of(before, "INVESTIGATION_ENDED")
    team = of(before, "PROPOSED", "OFFICERS_ASSIGNED")[-1].step.officers
    assert len({one.account for one in team if one.certificate} - recused(before)) >= 2
    assert step.by not in recused(before)
    filmed = {one.step.body.step for one in of(before, "RECORDED")}
    assert {one.step.id for one in of(before, "SEIZED")} <= filmed
    assert {one.step.id for one in of(before, "HEARING_HELD", party=step.party) if one.step.body.came} <= filmed
    _whole_facts(before)
    _whole_elsewhere(kept, before)
    others = [one for one in of(before, "DECIDED", party=step.party) if one.step.id not in fallen(before)]
    again = [one for one in others if set(one.step.body.conducts) & set(body.conducts)]
    assert not again or {one.kind.value for one in body.sanctions} == {"DAILY_FINE"}
    assert (body.outcome.value == "PENALTY") is bool(body.sanctions)
    if body.sanctions:
        _told_and_heard(kept, before)
    for one in body.sanctions:
        if one.basis == "fine_major_hazard_unit":
            assert one.sum <= 200 * WAN
            stops = [other for other in body.sanctions if other.kind.value == "STOPPED"]
            assert stops
            assert all(other.terms and other.days for other in stops)
    if any(one.kind.value in _FINES for one in body.sanctions):
        assert not _transfer_runs(before)
        _within_discretion(kept, before)


def _in_time(kept: Kept, before: Sequence[Kept]) -> None:
    start = day(of(before, "REGISTERED")[0].step.at)
    redone = [one for one in of(before, "OUTCOME_RECEIVED") if one.step.body.result.value == "REDO"]
    if redone:
        start = day(redone[-1].step.at)
    assert day(kept.now) <= start + timedelta(days=90)
    assert kept.step.at == kept.now


def _whole_facts(before: Sequence[Kept]) -> None:
    gone = {one.step.body.step for one in of(before, "EXCLUDED")}
    good = {(one.step.body.step, one.step.body.defect.value) for one in of(before, "MADE_GOOD")}
    released = {one.step.body.seized for one in of(before, "RELEASED")}
    proven = [one for one in of(before, "STATEMENT_TAKEN", "EVIDENCE_ADDED") if one.step.id not in gone]
    assert proven
    two_each(before)
    for one in of(before, *EVIDENCE):
        by_order = one.step.kind.value == "SEIZED" and one.step.body.measure is not None
        if one.step.id in gone | released or by_order:
            continue
        if len({officer.account for officer in one.step.officers}) < 2:
            assert (one.step.id, "TOO_FEW_OFFICERS") in good
        else:
            assert stands(one, before), one
        if any(officer.certificate is None for officer in one.step.officers):
            assert (one.step.id, "CERTIFICATE_NOT_VALID") in good
        if one.step.kind.value == "SEIZED" and one.step.body.urgent:
            approvals = [other for other in of(before, "APPROVED") if other.step.body.step == one.step.id]
            assert approvals
            assert approvals[0].now < one.step.at + timedelta(hours=24)


def _whole_elsewhere(kept: Kept, before: Sequence[Kept]) -> None:
    """Neither the findings of its own conducts nor the orders that hold things lack anything."""
    conducts = {one.id: one for step in of(before, "PROPOSED", "SCOPE_WIDENED") for one in step.step.body.conducts}
    assert not {conducts[one].finding for one in kept.step.body.conducts} & kept.lacking
    assert not {one.step.body.measure for one in of(before, "SEIZED")} & kept.lacking


def _told_and_heard(kept: Kept, before: Sequence[Kept]) -> None:
    party, now = kept.step.party, kept.now
    since = round_of(before, party)
    notice = of(since, "NOTICE_SERVED", party=party)[-1]
    _no_heavier(kept.step.body.sanctions, notice.step.body.sanctions)
    after = since[since.index(notice) :]
    told = working_days_after(day(notice.step.at), 5)
    assert of(after, "DEFENCE_WAIVED", party=party) or day(now) > told
    examined = {one.step.body.defence for one in of(since, "DEFENCE_EXAMINED")}
    assert {one.step.id for one in of(since, "DEFENCE_RECEIVED", party=party)} <= examined
    asked = of(since, "HEARING_ASKED", party=party)
    if asked:
        assert of(since[since.index(asked[-1]) :], "HEARING_HELD", "HEARING_WAIVED", party=party)
    parties = of(before, "PROPOSED")[0].step.body.parties
    unit = next(one for one in parties if one.id == party).kind.value == "UNIT"
    if weighs(notice.step.body.sanctions, unit) or weighs(kept.step.body.sanctions, unit):
        offer = of(after, "HEARING_OFFERED", party=party)[-1]
        answered = of(since[since.index(offer) :], "HEARING_ASKED", "HEARING_WAIVED", "HEARING_HELD", party=party)
        assert answered or day(now) > working_days_after(day(offer.step.at), 5)
    if weighs(kept.step.body.sanctions, unit) or of(since, "HEARING_HELD", party=party):
        _reviewed(kept, since)
    if weighs(kept.step.body.sanctions, unit):
        heads = of(since, "DELIBERATED", party=party)[-1]
        assert len(set(heads.step.body.heads)) > 1
        assert since.index(heads) > since.index(of(since, "REVIEW_PASSED", party=party)[-1])


def _reviewed(kept: Kept, since: list[Kept]) -> None:
    party = kept.step.party
    submitted = of(since, "REVIEW_SUBMITTED", party=party)[-1]
    answers = of(since[since.index(submitted) :], "REVIEW_PASSED", "REVIEW_RETURNED", party=party)
    assert [one.step.kind.value for one in answers] == ["REVIEW_PASSED"]
    assert answers[0].step.by not in investigators(since)
    _no_heavier(kept.step.body.sanctions, submitted.step.body.sanctions)
    later = of(since[since.index(submitted) :], "HEARING_HELD", "NOTICE_SERVED", "DEFENCE_RECEIVED", party=party)
    assert later == []
    assert of(since[since.index(submitted) :], "EVIDENCE_ADDED", "STATEMENT_TAKEN") == []


def _no_heavier(decided_: Sequence[Any], told: Sequence[Any]) -> None:
    assert {one.kind for one in decided_} <= {one.kind for one in told}
    assert sum(one.sum for one in decided_) <= sum(one.sum for one in told)


def _transfer_runs(before: Sequence[Kept]) -> bool:
    steps = of(before, "TRANSFER_STARTED", "TRANSFER_DECIDED", "TRANSFER_ANSWERED")
    if not steps:
        return False
    last = steps[-1].step
    if last.kind.value == "TRANSFER_DECIDED":
        return bool(last.body.approved)
    return last.kind.value == "TRANSFER_STARTED" or bool(last.body.opened)


_RANGES = {
    "fine_safety_law_unit": (0, 10), "fine_major_hazard_unit": (50, 200), "fine_obstruction_person": (1, 2),
    "fine_safety_law_uncorrected_person": (2, 5), "fine_major_hazard_principal": (3, 15),
}  # fmt: skip
"""As the texts give them, in ten thousand yuan."""


def _within_discretion(kept: Kept, before: Sequence[Kept]) -> None:
    """Each fine on a range for such a party and within it, below it only for a ground that was stated; and weighed."""
    party = next(one for one in of(before, "PROPOSED")[0].step.body.parties if one.id == kept.step.party)
    for one in kept.step.body.sanctions:
        if one.kind.value != "FINE":
            continue
        assert ("person" in one.basis or "principal" in one.basis) is (party.kind.value == "PERSON")
        weighed = of(before, "DISCRETION_SUGGESTED", party=party.id)
        body = [step.step.body for step in weighed if step.step.body.basis == one.basis][-1]
        least, most = (wan * WAN for wan in _RANGES[one.basis])
        mitigated = body.ground.value == "MITIGATED" and body.circumstances
        assert (0 if mitigated else least) <= one.sum <= most
        silent = not kept.step.body.departure
        assert not silent or (body.ground.value != "NONE" and body.least <= one.sum <= body.most)


def weighed(kept: Kept, before: Sequence[Kept]) -> None:
    """No tier that the law lists without a ground, and none but the plain one without a circumstance or a reason."""
    body = kept.step.body
    assert body.ground.value not in ("MITIGATED", "NONE") or body.circumstances
    assert body.departure or body.circumstances or of(before, "CORRECTION_CHECKED") or body.ground.value == "PLAIN"


def notified(kept: Kept, before: Sequence[Kept]) -> None:
    """A notice after a defence is heavier only for what was found since."""
    since = round_of(before, kept.step.party)
    earlier = of(since, "NOTICE_SERVED", party=kept.step.party)
    defended = of(since, "DEFENCE_RECEIVED", "HEARING_HELD", party=kept.step.party)
    assert of(before, "INVESTIGATION_ENDED")
    if (
        earlier
        and defended
        and sum(one.sum for one in kept.step.body.sanctions) > sum(one.sum for one in earlier[-1].step.body.sanctions)
    ):
        assert kept.step.body.new_facts
        assert of(since[since.index(defended[-1]) :], "EVIDENCE_ADDED", "STATEMENT_TAKEN", "CORRECTION_CHECKED")


def hearing_asked(kept: Kept, before: Sequence[Kept]) -> None:
    """Not after the fifth working day."""
    offers = of(round_of(before, kept.step.party), "HEARING_OFFERED", party=kept.step.party)
    if offers:
        assert day(kept.step.at) <= working_days_after(day(offers[-1].step.at), 5)


def hearing_held(kept: Kept, before: Sequence[Kept]) -> None:
    """By a chair who did not investigate, told seven whole working days before."""
    told = next(one for one in before if one.step.id == kept.step.body.notified)
    assert kept.step.by == told.step.body.chair
    assert kept.step.by not in investigators(before) | recused(before)
    assert working_days_after(day(told.step.at), 7) < day(told.step.body.hearing_at)
    assert kept.step.at >= told.step.body.hearing_at


def served(kept: Kept, before: Sequence[Kept]) -> None:
    """A decision that stands, once, and by e-mail only with consent."""
    assert kept.step.body.decision in {one.step.id for one in of(before, "DECIDED", party=kept.step.party)}
    assert kept.step.body.decision not in fallen(before)
    assert kept.step.body.decision not in {one.step.body.decision for one in of(before, "SERVED")}
    if kept.step.body.delivery.way.value == "ELECTRONIC":
        consents = of(before, "SERVICE_CONFIRMED", party=kept.step.party)
        assert any(one.step.body.signed and one.step.body.electronic for one in consents)


def court_asked(kept: Kept, before: Sequence[Kept]) -> None:
    """After ten working days of a demand, the end of the remedies, and nothing that runs."""
    decision = kept.step.body.decision
    demands = [one for one in of(before, "URGED") if one.step.body.decision == decision]
    assert day(kept.now) > working_days_after(day(demands[0].step.at), 10)
    service = next(one for one in of(before, "SERVED") if one.step.body.decision == decision)
    filed = [one for one in of(before, "RECONSIDERATION_FILED", "SUIT_FILED") if one.step.body.decision == decision]
    ended = {one.step.body.filed for one in of(before, "OUTCOME_RECEIVED")}
    assert {one.step.id for one in filed} <= ended
    assert filed or day(kept.now) > day(service.step.at) + timedelta(days=180)


def registered(kept: Kept, before: Sequence[Kept]) -> None:
    """By two officers, once, and within two years."""
    assert not of(before, "REGISTERED", "NOT_REGISTERED")
    proposal = of(before, "PROPOSED")[0].step
    team = of(before, "PROPOSED", "OFFICERS_ASSIGNED")[-1].step.officers
    assert len({one.account for one in team if one.certificate} - recused(before)) >= 2
    for conduct in proposal.body.conducts:
        assert conduct.ended_on is None or (proposal.body.discovered_on - conduct.ended_on).days <= 731


def closed(kept: Kept, before: Sequence[Kept]) -> None:
    """Nothing is open that the law wants done, and two stand for all that it wants of two."""
    two_each(before)
    good = {one.step.body.ordered for one in of(before, "CORRECTION_CHECKED") if one.step.body.corrected}
    assert {one.step.id for one in of(before, "CORRECTION_ORDERED")} <= good
    released = {one.step.body.seized for one in of(before, "RELEASED")}
    gone = of(before, "TRANSFER_GOODS_HANDED_OVER")
    here = [one.step for one in of(before, "SEIZED") if one.step.body.measure is None]
    assert gone or {one.id for one in here} <= released
    assert {one.step.body.measure for one in of(before, "SEIZED")} - {None} <= kept.lifted
    ended = {one.step.body.filed for one in of(before, "OUTCOME_RECEIVED")}
    standing = {one.step.id: one for one in of(before, "DECIDED") if one.step.id not in fallen(before)}
    runs = {one.step.id for one in of(before, "RECONSIDERATION_FILED", "SUIT_FILED")
            if one.step.body.decision in standing}  # fmt: skip
    assert runs <= ended
    if kept.step.body.ground.value == "DONE":
        parties = {one.id for one in of(before, "PROPOSED")[0].step.body.parties}
        assert parties == {one.step.party for one in of(before, "DECIDED")}
        for decision in standing.values():
            assert decision.step.id in {one.step.body.decision for one in of(before, "SERVED")}
            paid = sum(one.step.body.sum for one in of(before, "PAID") if one.step.body.decision == decision.step.id)
            changed = [one for one in of(before, "OUTCOME_RECEIVED") if one.step.body.result.value == "CHANGED"]
            fine = sum(one.sum for one in decision.step.body.sanctions if one.kind.value in _FINES)
            assert changed or paid >= fine
            if any(one.basis == "fine_major_hazard_unit" for one in decision.step.body.sanctions):
                people = {one.id for one in of(before, "PROPOSED")[0].step.body.parties if one.kind.value == "PERSON"}
                also = {id for one in standing.values() if one.step.party in people for id in one.step.body.conducts}
                assert set(decision.step.body.conducts) <= also


def seized(kept: Kept, before: Sequence[Kept]) -> None:
    """An order on site is named once."""
    named = kept.step.body.measure
    assert named is None or named not in {one.step.body.measure for one in of(before, "SEIZED")}


def dealt_with(kept: Kept, before: Sequence[Kept]) -> None:
    """What an order on site holds is dealt with there."""
    by_order = {one.step.id for one in of(before, "SEIZED") if one.step.body.measure is not None}
    assert getattr(kept.step.body, "seized", getattr(kept.step.body, "step", None)) not in by_order


def made_good(kept: Kept, before: Sequence[Kept]) -> None:
    """By two officers who may act, and never in place of an approval; a confirmation by one who had not said so."""
    if kept.step.body.defect.value == "NOT_CONFIRMED":
        named = next(one for one in before if one.step.id == kept.step.body.step)
        said = said_of(named, before)
        assert kept.step.by not in said | recused(before)
        assert kept.step.by in {one.account for one in kept.step.officers if one.certificate}
        assert kept.step.by not in {one.account for one in named.step.officers if not one.certificate}
        named_or_new = of(before, "PROPOSED", "OFFICERS_ASSIGNED")[-1].step.officers + named.step.officers
        assert kept.step.by in {one.account for one in named_or_new}
        return
    able = {one.account for one in kept.step.officers if one.certificate}
    assert len(able - recused(before)) >= 2
    assert kept.step.body.defect.value != "NOT_APPROVED"


def hand_over(kept: Kept, before: Sequence[Kept]) -> None:
    """The five steps before it, in their order, since the last start; of an answer before it one may still object."""
    steps = [one.step.kind.value for one in before if one.step.kind.value.startswith("TRANSFER_")
             and one.step.kind.value != "TRANSFER_OBJECTED"]  # fmt: skip
    last = len(steps) - 1 - steps[::-1].index("TRANSFER_STARTED")
    assert steps[last:] == [
        "TRANSFER_STARTED", "TRANSFER_EVIDENCE_KEPT", "TRANSFER_REPORTED", "TRANSFER_DECIDED", "TRANSFER_DRAWN_UP"
    ]  # fmt: skip


LOOKS = {
    "REGISTERED": registered, "DISCRETION_SUGGESTED": weighed, "NOTICE_SERVED": notified,
    "HEARING_ASKED": hearing_asked, "HEARING_HELD": hearing_held, "DECIDED": decided, "SERVED": served,
    "COURT_ASKED": court_asked, "CLOSED": closed, "TRANSFER_HANDED_OVER": hand_over, "MADE_GOOD": made_good,
    "SEIZED": seized, "SEIZURE_EXTENDED": dealt_with, "SENT_FOR_TEST": dealt_with, "RELEASED": dealt_with,
    "APPROVED": dealt_with,
}  # fmt: skip
