"""Tests of service, payment, surcharge, demand and court; each named after its article."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from storage.casework.cases.bodies.after import (
    CashGround,
    CourtAsked,
    CourtRuled,
    Instalment,
    InstalmentsGranted,
    OutcomeReceived,
    Paid,
    PaymentWay,
    ReconsiderationFiled,
    Result,
    Revoked,
    SuitFiled,
    SurchargeOrdered,
    Urged,
)
from storage.casework.cases.bodies.deciding import Served, ServiceConfirmed
from storage.casework.cases.clocks import deadlines_of
from storage.casework.cases.rulings import owed
from storage.casework.cases.steps import Sanction, SanctionKind, ServiceWay
from tests.factories.cases import (
    BY_HAND,
    SMALL_OF_PERSONS,
    STOP_ORDER,
    WAN,
    WITH_SMALL_OF_PERSONS,
    CaseFile,
    at,
    delivered,
    fine,
)

pytestmark = pytest.mark.quick


def decided(*day: int, wan: float = 1) -> tuple[CaseFile, Any]:
    """A fine decided and served on that day; what needs a hearing has had all of it."""
    case = CaseFile(at(*day))
    case.conduct = replace(case.conduct, began_on=case.now.date(), ended_on=None)
    case.investigate()
    sanctions = (STOP_ORDER, fine(wan)) if wan >= 50 else (fine(wan),)
    case.suggest(sanctions)
    case.notify(sanctions)
    case.waive(hearing=True)
    case.review(sanctions)
    case.deliberate()
    return case, case.decide(sanctions)


def served(*day: int, wan: float = 1) -> tuple[CaseFile, Any]:
    case, decision = decided(*day, wan=wan)
    case.serve(decision)
    return case, decision


def test_61_electronic_service_needs_a_signed_consent_that_came_before() -> None:
    case, decision = decided(2025, 9, 10)  # T34 (v)
    by_mail = Served(decision=decision.id, delivery=delivered(ServiceWay.ELECTRONIC))
    assert case.refusal(by_mail) == "ELECTRONIC_SERVICE_WITHOUT_CONSENT"
    case.take(ServiceConfirmed(address="a@example.cn", electronic=True, signed=False))
    assert case.refusal(by_mail) == "ELECTRONIC_SERVICE_WITHOUT_CONSENT"
    case.take(ServiceConfirmed(address="a@example.cn", electronic=True, signed=True), party=case.person.id)
    assert case.refusal(by_mail) == "ELECTRONIC_SERVICE_WITHOUT_CONSENT"
    case.on(2025, 9, 12).take(ServiceConfirmed(address="a@example.cn", electronic=True, signed=True))
    assert case.refusal(by_mail, at=at(2025, 9, 11)) == "ELECTRONIC_SERVICE_WITHOUT_CONSENT"
    case.take(by_mail)
    assert case.refusal(by_mail) == "ALREADY_SERVED"


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"proof": " "}, "SERVICE_UNPROVEN"),
        ({"receiver": ""}, "SERVICE_UNPROVEN"),
        ({"way": ServiceWay.LEFT}, "SERVICE_UNPROVEN"),
        ({"way": ServiceWay.LEFT, "witness": "居委会"}, ""),
        ({"way": ServiceWay.LEFT, "filmed": True}, ""),
        ({"way": ServiceWay.POST, "receiver": ""}, ""),
        ({"way": ServiceWay.PUBLIC_NOTICE}, "SERVICE_UNPROVEN"),
    ],
)
def test_87_to_95_each_way_of_service_has_its_proof(change: dict[str, Any], refused: str) -> None:
    case, decision = decided(2025, 9, 10)
    assert case.refusal(Served(decision=decision.id, delivery=replace(BY_HAND, **change))) == refused


def test_95_a_public_notice_counts_as_served_after_thirty_days_and_what_moves_them() -> None:
    case, decision = decided(2026, 1, 19)
    notice = delivered(ServiceWay.PUBLIC_NOTICE, published_on=date(2026, 1, 19), reason="下落不明")
    body = Served(decision=decision.id, delivery=notice)
    assert case.on(2026, 2, 23).refusal(body) == "SERVED_BEFORE_NOTICE_ENDS"  # T3
    case.on(2026, 2, 24).take(body)
    ends = {one.key: one.deadline.ends for one in deadlines_of(case.history, case.law) if one.deadline}
    assert ends["payment"] == date(2026, 3, 11)


def test_61_a_decision_is_not_served_before_it_was_made() -> None:
    case, decision = decided(2025, 9, 10)
    assert case.refusal(Served(decision=decision.id, delivery=BY_HAND), at=at(2025, 9, 9)) == "STEP_BACKDATED"
    wrong = Served(decision=decision.id, delivery=BY_HAND)
    assert case.refusal(wrong, party=case.person.id) == "PARTY_NOT_OF_CASE"


def test_67_72_a_fine_is_paid_in_fifteen_days_and_grows_by_three_per_cent_a_day_to_its_double() -> None:
    case, decision = served(2025, 9, 18, wan=50)  # T13, T14, T15
    money = lambda day: owed(decision, case.history, case.law, day)  # noqa: E731
    assert money(date(2025, 10, 9)).due == date(2025, 10, 9)
    assert money(date(2025, 10, 9)).surcharge == 0
    assert money(date(2025, 10, 20)).surcharge == 16.5 * WAN
    assert money(date(2025, 11, 11)).surcharge == 49.5 * WAN
    assert money(date(2025, 11, 12)).surcharge == 50 * WAN
    assert money(date(2026, 11, 12)).surcharge == 50 * WAN
    case.on(2025, 10, 20).pay(decision, 50 * WAN)
    assert money(date(2025, 11, 12)).surcharge == 16.5 * WAN
    case.on(2025, 10, 21)
    too_much = SurchargeOrdered(decision=decision.id, sum=int(16.5 * WAN) + 1)
    assert case.refusal(too_much, officers=()) == "SURCHARGE_TOO_MUCH"
    case.take(replace(too_much, sum=int(16.5 * WAN)), officers=())
    assert case.refusal(replace(too_much, sum=1), officers=()) == "SURCHARGE_TOO_MUCH"


def test_73_no_surcharge_grows_while_reconsideration_runs() -> None:
    case, decision = served(2025, 3, 2, wan=20)  # T16
    filed = case.on(2025, 3, 28).take(
        ReconsiderationFiled(decision=decision.id, organ="省政府", filed_on=date(2025, 3, 27))
    )
    case.on(2025, 5, 27).take(OutcomeReceived(filed=filed.id, result=Result.UPHELD, decided_on=date(2025, 5, 26)))
    case.on(2025, 6, 5).pay(decision, 20 * WAN)
    found = owed(decision, case.history, case.law, date(2025, 6, 5))
    assert (found.due, found.surcharge, found.left) == (date(2025, 3, 17), int(11.4 * WAN), 0)


@pytest.mark.parametrize(
    ("sum_", "ground", "allowed"),
    [
        (10_000, CashGround.SMALL, True),
        (10_001, CashGround.SMALL, False),
        (20_000, CashGround.HARD_LATER, True),
        (20_000, CashGround.REMOTE_AND_ASKED, True),
        (10_000, None, False),
    ],
)
def test_68_69_officers_take_cash_only_where_the_law_lets_them(sum_: int, ground: Any, allowed: bool) -> None:
    case = CaseFile(at(2025, 9, 10))
    case.law, small = WITH_SMALL_OF_PERSONS, Sanction(kind=SanctionKind.FINE, sum=sum_, basis=SMALL_OF_PERSONS)
    spot = case.take(case.on_the_spot(small, case.person), party=case.person.id)
    cash = Paid(decision=spot.id, sum=sum_, way=PaymentWay.CASH, cash_ground=ground)
    assert case.refusal(cash, party=case.person.id) == ("" if allowed else "CASH_NOT_ALLOWED")


def test_66_parts_make_up_what_is_left_on_days_to_come() -> None:
    case, decision = served(2025, 9, 18, wan=50)
    half = Instalment(due_on=date(2025, 11, 1), sum=25 * WAN)
    later = replace(half, due_on=date(2025, 12, 1))
    body = InstalmentsGranted(decision=decision.id, asked_on=date(2025, 9, 20), reason="困难", parts=(half, later))
    assert case.refusal(replace(body, parts=(half,))) == "INSTALMENTS_UNEVEN"
    assert case.refusal(replace(body, parts=(later, half))) == "INSTALMENTS_UNEVEN"
    assert case.refusal(replace(body, parts=(replace(half, due_on=date(2025, 9, 1)), later))) == "INSTALMENTS_UNEVEN"
    assert case.refusal(replace(body, reason="")) == "NOT_STATED"
    case.take(body)
    assert owed(decision, case.history, case.law, date(2025, 11, 1)).surcharge == 0
    assert owed(decision, case.history, case.law, date(2025, 11, 2)).surcharge == 0.75 * WAN
    case.on(2025, 11, 1).pay(decision, 25 * WAN)
    assert owed(decision, case.history, case.law, date(2025, 12, 2)).surcharge == 0.75 * WAN


def test_54_a_demand_waits_for_the_time_of_payment() -> None:
    case, decision = decided(2025, 9, 18)
    body = Urged(decision=decision.id, delivery=BY_HAND)
    assert case.refusal(body) == "NOT_SERVED"
    case.serve(decision)
    assert case.on(2025, 10, 9).refusal(body) == "PAYMENT_TIME_RUNS"
    case.on(2025, 10, 10).take(body)
    case.pay(decision, 1 * WAN)
    assert case.refusal(body) == "NO_FINE_OWED"


def urged_on(*day: int) -> tuple[CaseFile, CourtAsked]:
    case, decision = served(2025, 3, 10)
    case.on(*day).take(Urged(decision=decision.id, delivery=BY_HAND))
    return case, CourtAsked(decision=decision.id, court="盘州市人民法院")


def test_53_54_the_court_is_asked_after_the_demand_and_within_three_months_of_the_remedies() -> None:
    case, court = urged_on(2025, 11, 20)  # T29
    assert case.on(2025, 12, 4, 23, 59).refusal(court) == "DEMAND_RUNS"
    assert case.on(2025, 12, 5, 0, 0).refusal(court) == ""
    assert case.on(2025, 12, 10, 23, 59).refusal(court) == ""
    assert case.on(2025, 12, 11, 0, 0).refusal(court) == "COURT_ASKED_TOO_LATE"


def test_54_a_demand_on_the_last_day_that_leaves_ten_working_days_serves_and_the_next_does_not() -> None:
    case, court = urged_on(2025, 11, 25)
    case.on(2025, 12, 10).take(court)
    case, court = urged_on(2025, 11, 26)
    assert case.on(2025, 12, 10).refusal(court) == "DEMAND_RUNS"
    assert case.on(2025, 12, 11).refusal(court) == "COURT_ASKED_TOO_LATE"


def test_53_no_court_while_the_party_may_still_sue_or_does() -> None:
    case, court = urged_on(2025, 8, 1)
    assert case.on(2025, 9, 10).refusal(court) == "REMEDIES_RUN"
    case.on(2025, 9, 9).take(SuitFiled(decision=court.decision, court="法院", filed_on=date(2025, 9, 8)))
    assert case.on(2025, 10, 10).refusal(court) == "REMEDIES_RUN"


def test_54_no_court_without_a_demand_and_not_twice() -> None:
    case, decision = served(2025, 3, 10)
    court = CourtAsked(decision=decision.id, court="法院")
    assert case.on(2025, 9, 20).refusal(court) == "NOT_URGED"
    case.take(Urged(decision=decision.id, delivery=BY_HAND))
    asked = case.on(2025, 10, 20).take(court)
    assert case.refusal(court) == "COURT_ASKED_TWICE"
    case.take(CourtRuled(asked=asked.id, allowed=True))


def test_72_the_three_months_begin_anew_when_a_fine_was_put_off() -> None:
    case, decision = served(2025, 3, 10)
    case.put_off(decision, Instalment(due_on=date(2025, 12, 1), sum=WAN))
    case.on(2026, 1, 5).take(Urged(decision=decision.id, delivery=BY_HAND))
    court = CourtAsked(decision=decision.id, court="法院")
    assert case.on(2026, 3, 2, 0, 0).refusal(court) == "COURT_ASKED_TOO_LATE"
    case.on(2026, 3, 1).take(court)


def test_73_nothing_is_done_by_a_decision_that_was_revoked() -> None:
    case, decision = served(2025, 3, 10)
    case.take(Revoked(decision=decision.id, reason="错误"))
    assert case.refusal(Urged(decision=decision.id, delivery=BY_HAND)) == "DECISION_NOT_IN_FORCE"
    assert case.refusal(Revoked(decision=decision.id, reason="再次")) == "ALREADY_REVOKED"
    assert case.refusal(Revoked(decision=uuid4(), reason="没有")) == "STEP_UNKNOWN"


@pytest.mark.parametrize(
    ("unit", "yuan", "refused"),
    [(True, 3_000, ""), (True, 3_001, "X"), (False, 200, ""), (False, 201, "X")],
)
def test_51_on_the_spot_only_small_fines(unit: bool, yuan: int, refused: str) -> None:
    case = CaseFile(at(2025, 9, 10), law=WITH_SMALL_OF_PERSONS)
    party, basis = (case.unit, fine(1).basis) if unit else (case.person, SMALL_OF_PERSONS)
    spot = case.on_the_spot(Sanction(kind=SanctionKind.FINE, sum=yuan * 100, basis=basis), party)
    assert case.refusal(spot, party=party.id) == ("ON_THE_SPOT_TOO_MUCH" if refused else "")  # T34 (iii)


def test_51_52_on_the_spot_warned_and_heard_and_handed_the_form() -> None:
    case = CaseFile(at(2025, 9, 10))
    warned = case.on_the_spot(Sanction(kind=SanctionKind.WARNING))
    assert case.refusal(case.on_the_spot(Sanction(kind=SanctionKind.CRITICISM))) == "ON_THE_SPOT_TOO_MUCH"
    assert case.refusal(replace(warned, heard=False)) == "ON_THE_SPOT_NOT_HEARD"
    assert case.refusal(replace(warned, handed_over=False)) == "ON_THE_SPOT_NOT_HEARD"
    assert case.refusal(replace(warned, number="")) == "NOT_STATED"
    assert case.refusal(replace(warned, parties=(case.unit, case.person))) == "PARTY_NOT_OF_CASE"
    assert case.refusal(warned, officers=case.officers[:1]) == "OFFICERS_TOO_FEW"
    assert case.refusal(replace(warned, discovered_on=date(2028, 1, 1))) == "LIMITATION_OVER"
    case.take(warned)


def test_66_nothing_is_paid_decided_or_changed_below_zero() -> None:
    case = CaseFile(at(2025, 9, 3))
    decision = case.small()
    case.serve(decision)
    for sum_ in (-WAN, 0):
        below = Paid(decision=decision.id, sum=sum_, way=PaymentWay.BANK)
        assert case.refusal(below) == "NOT_STATED"
    filed = case.take(ReconsiderationFiled(decision=decision.id, organ="省局", filed_on=case.now.date()))
    changed = OutcomeReceived(filed=filed.id, result=Result.CHANGED, decided_on=case.now.date(), fine=-WAN)
    assert case.refusal(changed) == "NOT_STATED"


def test_63_nothing_confiscated_below_zero_hides_a_sum_that_is_to_be_heard_about() -> None:
    case = CaseFile(at(2025, 9, 3))
    case.investigate()
    hidden = tuple(Sanction(kind=SanctionKind.CONFISCATION, sum=one) for one in (50 * WAN, -50 * WAN))
    case.suggest()
    case.notify(hidden)
    case.waive()
    assert case.refusal(case.draft(hidden)) == "NO_BASIS"
