"""Tests of the pure rules of credit: classes, periods, what is owed, who is liable, and each day's boundary."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from storage.casework.cases.bodies.deciding import Decided, DecisionOutcome, Served
from storage.casework.cases.history import History
from storage.casework.cases.steps import Delivery, Sanction, SanctionKind, ServiceWay, Step
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from storage.register.people.tables import PostKind
from storage.trust.credit import listing_rules, problems, rules
from storage.trust.credit.listing_rules import ARTICLE_OF, OF_OTHERS_TOO, Asked, Proposal
from storage.trust.credit.rules import Excluded, Obstacle, Request
from storage.trust.credit.tables import ListingGround, SanctioningAgency
from storage.trust.disclosures.rules import PenaltyClass

pytestmark = pytest.mark.quick

NEW, OLD = datetime(2026, 5, 6, 2, tzinfo=UTC), datetime(2026, 3, 31, 2, tzinfo=UTC)
WAN = 1_000_000


def decided(*sanctions: Sanction, at: datetime = NEW) -> tuple[Step[Any], History]:
    """A served decision with these penalties."""
    party = uuid4()
    body = Decided(outcome=DecisionOutcome.PENALTY, conducts=(), facts="事实", grounds="条例", remedies="复议",
                   sanctions=sanctions, pay_to="银行")  # fmt: skip
    ruling: Step[Any] = Step(id=uuid4(), at=at, by=uuid4(), body=body, party=party, officers=())
    way = Delivery(way=ServiceWay.DIRECT, proof="送达回证", receiver="矿长")
    served: Step[Any] = Step(id=uuid4(), at=at, by=uuid4(), party=party, officers=(),
                             body=Served(decision=ruling.id, delivery=way))  # fmt: skip
    return ruling, History((ruling, served))


def fine(sum: int) -> Sanction:
    return Sanction(kind=SanctionKind.FINE, sum=sum)


@pytest.mark.parametrize(
    ("sanction", "at", "grade", "last", "article"),
    [
        (fine(WAN), NEW, PenaltyClass.ORDINARY, date(2026, 8, 6), rules.ORDER_36),
        (fine(100 * WAN), NEW, PenaltyClass.GRAVE, date(2027, 5, 6), rules.ORDER_36),
        (fine(WAN), OLD, PenaltyClass.ORDINARY, date(2027, 3, 31), rules.ORDER_58),
        (Sanction(kind=SanctionKind.WARNING), NEW, PenaltyClass.SLIGHT, None, rules.ORDER_36),
        (Sanction(kind=SanctionKind.LICENCE_REVOKED), NEW, PenaltyClass.GRAVE, date(2027, 5, 6), rules.ORDER_36),
    ],
)  # fmt: skip
def test_令36_the_shortest_period_follows_from_the_class_and_the_day_of_the_decision(
    sanction: Sanction, at: datetime, grade: PenaltyClass, last: date | None, article: str
) -> None:
    ruling, history = decided(sanction, at=at)
    found = rules.outlook(ruling, history, BUILT_IN, today=date(2026, 12, 1), open_measures=0)
    assert (found.grade, found.shortest.ends if found.shortest else None, found.article) == (grade, last, article)


def test_it_is_asked_for_on_the_day_after_the_last_and_not_on_the_last() -> None:
    ruling, history = decided(Sanction(kind=SanctionKind.CONFISCATION, sum=WAN))
    found = replace(rules.outlook(ruling, history, BUILT_IN, today=date(2026, 8, 6), open_measures=0), obstacles=())
    with pytest.raises(problems.RepairTooEarly):
        rules.must_be_repairable(found, today=date(2026, 8, 6))
    rules.must_be_repairable(found, today=date(2026, 8, 7))


@pytest.mark.parametrize(
    ("sanction", "excluded"),
    [
        (Sanction(kind=SanctionKind.SHUT_DOWN), Excluded.SHUT_DOWN),
        (Sanction(kind=SanctionKind.BARRED), Excluded.BARRED_FOR_LIFE),
        (Sanction(kind=SanctionKind.BARRED, days=365), None),
        (fine(WAN), None),
    ],
)  # fmt: skip
def test_令36_2_what_a_text_says_is_never_repaired_is_not(sanction: Sanction, excluded: Excluded | None) -> None:
    ruling, history = decided(sanction)
    found = rules.outlook(ruling, history, BUILT_IN, today=date(2029, 1, 1), open_measures=0)
    assert found.excluded is excluded
    if excluded:
        with pytest.raises(problems.NotRepairable):
            rules.must_be_repairable(found, today=date(2029, 1, 1))


def test_what_is_owed_is_told_one_by_one() -> None:
    ruling, history = decided(fine(WAN), Sanction(kind=SanctionKind.STOPPED, days=10, terms="整改"),
                              Sanction(kind=SanctionKind.BARRED, days=365))  # fmt: skip
    found = rules.obstacles_of(ruling, history, BUILT_IN, today=date(2026, 12, 1), open_measures=2)
    assert found == (
        Obstacle.FINE_UNPAID, Obstacle.PENALTY_NOT_CARRIED_OUT, Obstacle.MEASURE_OPEN, Obstacle.BAR_RUNS,
    )  # fmt: skip
    over = rules.obstacles_of(ruling, history, BUILT_IN, today=date(2027, 12, 1), open_measures=0)
    assert Obstacle.BAR_RUNS not in over


def test_a_hidden_penalty_and_a_fallen_one_are_not_repaired() -> None:
    ruling, history = decided(fine(WAN))
    found = rules.outlook(ruling, history, BUILT_IN, today=date(2029, 1, 1), open_measures=0, shown=False)
    assert found.excluded is Excluded.NOT_SHOWN
    with pytest.raises(problems.NotRepairable):
        rules.must_not_have_fallen(fell=True)
    rules.must_not_have_fallen(fell=False)


@pytest.mark.parametrize(
    ("changes", "by_principal", "problem"),
    [
        ({}, True, None), ({}, False, problems.RepairUnproven), ({"pledge": "", "pledge_piece": uuid4()}, False, None),
        ({"proof": tuple(uuid4() for _ in range(51))}, True, BadInput), ({"pledge": "短"}, True, BadInput),
        ({"measures": (UUID(int=1), UUID(int=1))}, True, BadInput),
    ],
)  # fmt: skip
def test_a_request_is_proven_or_says_what_it_lacks(changes: dict[str, Any], by_principal: bool, problem: Any) -> None:
    request = replace(Request(words="已整改到位", proof=(uuid4(),), pledge="承诺依法生产"), **changes)
    if problem is None:
        rules.must_be_proven(request, closed=(), by_principal=by_principal, article="令")
        return
    with pytest.raises(problem):
        rules.must_be_proven(request, closed=(), by_principal=by_principal, article="令")


def test_every_ground_has_its_article_of_令11() -> None:
    assert set(ARTICLE_OF) == set(ListingGround)
    assert len(set(ARTICLE_OF.values())) == len(ListingGround)
    assert all("令第11号）第" in one for one in ARTICLE_OF.values())


@pytest.mark.parametrize("ground", list(ListingGround))
def test_a_worker_is_liable_only_where_the_ground_speaks_of_others_or_he_was_penalised(ground: ListingGround) -> None:
    proposal = Proposal(decision=uuid4(), ground=ground, words="理由充分", person=uuid4())
    listing_rules.must_be_liable(proposal, posts={PostKind.PRINCIPAL}, party="", person="a")
    listing_rules.must_be_liable(proposal, posts=(), party="a", person="a")
    if ground in OF_OTHERS_TOO:
        listing_rules.must_be_liable(proposal, posts={PostKind.WORKER}, party="", person="a")
    else:
        with pytest.raises(problems.ListingNotGrounded):
            listing_rules.must_be_liable(proposal, posts={PostKind.WORKER}, party="", person="a")
    with pytest.raises(problems.ListingNotGrounded):
        listing_rules.must_be_liable(proposal, posts=(), party="", person="a")


def test_three_years_stand_and_twelve_months_must_pass() -> None:
    assert listing_rules.last_day(BUILT_IN, date(2026, 2, 28)) == date(2029, 2, 28)
    clock = rules.clock_of(BUILT_IN, listing_rules.LEFT_AFTER, date(2026, 2, 28))
    assert clock is not None
    with pytest.raises(problems.RemovalTooEarly):
        listing_rules.must_be_left_in_time(clock, today=date(2027, 2, 28))
    listing_rules.must_be_left_in_time(clock, today=date(2027, 3, 1))


def test_an_agency_beside_the_list_is_named_and_no_other_is() -> None:
    today = date(2026, 11, 24)
    asked = Asked(agency=SanctioningAgency.OTHER, asked="限制投标", basis="合作备忘录", due_on=today, named="某协会")
    listing_rules.must_be_askable(asked, today=today)
    for wrong in (replace(asked, named=" "), replace(asked, agency=SanctioningAgency.TAXES),
                  replace(asked, named="长" * 101), replace(asked, due_on=today - timedelta(days=1))):  # fmt: skip
        with pytest.raises(BadInput):
            listing_rules.must_be_askable(wrong, today=today)
