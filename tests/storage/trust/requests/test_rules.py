"""Tests of what the law says of requests: how their time runs, who may do what when, what an answer must say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.law import BUILT_IN
from storage.record.problems import BadInput, Problem
from storage.trust.requests import rules
from storage.trust.requests.receipts import FORM_SECONDS, Forms, read_receipt
from storage.trust.requests.rules import Part, RefusalGround, Taken, clock_of
from storage.trust.requests.tables import (
    AnswerPart,
    RequestKind,
    RequestOutcome,
    RequestState,
    RequestStepKind,
)

pytestmark = pytest.mark.quick

FILED = datetime(2026, 3, 2, 4, tzinfo=UTC)
INFORMATION, ERROR = RequestKind.INFORMATION, RequestKind.ERROR
Steps = dict[RequestStepKind, datetime]


def steps(**given: datetime) -> list[Taken]:
    return [Taken(RequestStepKind(kind.upper()), at) for kind, at in given.items()]


def due(kind: RequestKind = INFORMATION, **given: datetime) -> date | None:
    return clock_of(BUILT_IN, kind, FILED, steps(**given)).due_on


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


def test_a_request_is_answered_within_twenty_working_days_and_twenty_more_where_a_head_said_so() -> None:
    assert due() == due(ERROR) == date(2026, 3, 30)
    assert due(extended=on(3, 20)) == date(2026, 4, 28)
    assert clock_of(BUILT_IN, INFORMATION, FILED, ()).article == "政府信息公开条例第三十三条"
    assert clock_of(BUILT_IN, ERROR, FILED, ()).article == "政府信息公开条例第四十一条"


def test_time_stands_still_while_the_asker_is_asked_and_begins_anew_with_what_he_says() -> None:
    asked = clock_of(BUILT_IN, INFORMATION, FILED, steps(asked=on(3, 5)))
    assert (asked.state, asked.due_on, asked.over_at) == (RequestState.UNCLEAR, None, None)
    assert due(asked=on(3, 5), clarified=on(3, 16)) == date(2026, 4, 14)


def test_what_a_third_party_takes_is_not_counted_and_no_more_than_fifteen_days() -> None:
    consulted = clock_of(BUILT_IN, INFORMATION, FILED, steps(consulted=on(3, 9)))
    assert (consulted.state, consulted.due_on) == (RequestState.THIRD_PARTY, date(2026, 4, 21))
    assert due(consulted=on(3, 9), heard=on(3, 12)) == date(2026, 4, 2)
    assert due(consulted=on(3, 9), heard=on(3, 9)) == due()
    assert due(consulted=on(3, 9), heard=on(5, 20)) == date(2026, 4, 21)


def test_a_year_whose_holidays_are_unknown_is_not_guessed() -> None:
    late = datetime(2026, 12, 20, 4, tzinfo=UTC)
    assert clock_of(BUILT_IN, INFORMATION, late, ()).due is None


@given(day=st.integers(0, 200), third=st.integers(0, 60), heard=st.integers(0, 60))
def test_no_step_takes_time_from_whoever_asked_beyond_what_the_law_gives(day: int, third: int, heard: int) -> None:
    filed = FILED + timedelta(days=day % 150)
    plain = clock_of(BUILT_IN, INFORMATION, filed, ()).due_on
    consulted = filed + timedelta(days=third % 25)
    taken = [Taken(RequestStepKind.CONSULTED, consulted),
             Taken(RequestStepKind.HEARD, consulted + timedelta(days=heard))]  # fmt: skip
    longer = clock_of(BUILT_IN, INFORMATION, filed, taken).due_on
    most = BUILT_IN.calendar.working_days_after(filed.date(), 35)[-1]
    assert plain is not None
    assert longer is not None
    assert plain <= longer <= most


def test_what_is_unclear_is_asked_once_and_within_seven_working_days() -> None:
    rules.may_be_asked(BUILT_IN, FILED, (), on(3, 11))
    for taken, at, problem in (
        ((), on(3, 12), rules.TooLateToAsk),
        (steps(asked=on(3, 3)), on(3, 4), rules.AskedBefore),
    ):
        with pytest.raises(problem):
            rules.may_be_asked(BUILT_IN, FILED, taken, at)


def test_time_is_extended_once_before_it_is_over_and_of_information_alone() -> None:
    clock = clock_of(BUILT_IN, INFORMATION, FILED, ())
    rules.may_be_extended(INFORMATION, clock, on(3, 30))
    told: list[tuple[RequestKind, rules.Clock, datetime, type[Problem]]] = [
        (ERROR, clock, on(3, 3), rules.ExtendedBefore),
        (
            INFORMATION,
            clock_of(BUILT_IN, INFORMATION, FILED, steps(extended=on(3, 9))),
            on(3, 10),
            rules.ExtendedBefore,
        ),
        (INFORMATION, clock, on(3, 31), rules.ExtensionTooLate),
        (INFORMATION, clock_of(BUILT_IN, INFORMATION, FILED, steps(asked=on(3, 4))), on(3, 5), rules.ExtensionTooLate),
    ]
    for kind, one, at, problem in told:
        with pytest.raises(problem):
            rules.may_be_extended(kind, one, at)


def test_a_third_party_is_asked_once_and_heard_where_it_was() -> None:
    rules.may_be_consulted(INFORMATION, RequestState.OPEN, ())
    rules.may_be_heard(RequestState.THIRD_PARTY)
    with pytest.raises(rules.ConsultedBefore):
        rules.may_be_consulted(INFORMATION, RequestState.OPEN, steps(consulted=on(3, 3)))
    with pytest.raises(rules.ConsultedBefore):
        rules.may_be_consulted(ERROR, RequestState.OPEN, ())
    with pytest.raises(rules.RequestUnclear):
        rules.may_be_consulted(INFORMATION, RequestState.UNCLEAR, ())
    with pytest.raises(rules.NobodyConsulted):
        rules.may_be_heard(RequestState.OPEN)
    with pytest.raises(rules.NothingAsked):
        rules.may_be_clarified(RequestState.OPEN)
    with pytest.raises(rules.RequestClosed):
        rules.must_be_open(RequestState.ANSWERED)


def part(kind: AnswerPart, ground: RefusalGround | None = None, words: str = "答复") -> Part:
    return Part(kind=kind, words=words, ground=ground)


@pytest.mark.parametrize(
    ("kind", "state", "parts", "problem"),
    [
        (INFORMATION, RequestState.OPEN, (), BadInput),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.GIVEN),) * 21, BadInput),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.GIVEN, words=" "),), BadInput),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.REFUSED),), rules.AnswerUnfit),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.GIVEN, RefusalGround.CASE_FILE),), rules.AnswerUnfit),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.CORRECTED),), rules.AnswerUnfit),
        (ERROR, RequestState.OPEN, (part(AnswerPart.GIVEN),), rules.AnswerUnfit),
        (ERROR, RequestState.OPEN, (part(AnswerPart.REFUSED, RefusalGround.CASE_FILE),), rules.AnswerUnfit),
        (INFORMATION, RequestState.OPEN, (part(AnswerPart.ABANDONED),), rules.AskerStillHasTime),
        (INFORMATION, RequestState.UNCLEAR, (part(AnswerPart.GIVEN),), rules.RequestUnclear),
    ],
)
def test_an_answer_says_to_each_part_what_the_law_knows(
    kind: RequestKind, state: RequestState, parts: tuple[Part, ...], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        rules.must_answer(kind, state, parts)


def test_an_answer_may_be_split_and_names_its_articles() -> None:
    parts = (part(AnswerPart.GIVEN), part(AnswerPart.REFUSED, RefusalGround.CASE_FILE),
             part(AnswerPart.REFUSED, RefusalGround.STATE_SECRET))  # fmt: skip
    rules.must_answer(INFORMATION, RequestState.OPEN, parts)
    assert rules.outcome_of(parts) is RequestOutcome.SPLIT
    assert rules.grounds_of(parts) == "政府信息公开条例第十六条第二款、政府信息公开条例第十四条"
    assert rules.outcome_of(parts[:1]) is RequestOutcome.GIVEN
    rules.must_answer(ERROR, RequestState.OPEN, (part(AnswerPart.NOT_WRONG),))
    rules.must_answer(INFORMATION, RequestState.UNCLEAR, (part(AnswerPart.ABANDONED),))


@pytest.mark.parametrize("ground", RefusalGround)
def test_every_refusal_has_its_article(ground: RefusalGround) -> None:
    assert rules.ARTICLE_OF[ground].startswith("政府信息公开条例第")


def test_a_form_gives_one_receipt_however_often_it_is_sent() -> None:
    forms = Forms(bytes(32))
    token = forms.token(now=1_000)
    one, again = forms.receipt_of(token, now=1_010), forms.receipt_of(token, now=2_000)
    assert one == again
    assert forms.receipt_of(forms.token(now=1_000), now=1_010) != one
    assert read_receipt(one.text()) == one
    assert read_receipt(one.text().lower().replace(" ", "-")) == one
    assert one.secret not in repr(one)


@pytest.mark.parametrize("now", [1_001, 999, 1_000 + FORM_SECONDS + 1])
def test_a_form_that_was_opened_too_long_ago_or_just_now_is_over(now: int) -> None:
    forms = Forms(bytes(32))
    with pytest.raises(rules.RequestFormOver):
        forms.receipt_of(forms.token(now=1_000), now=now)


@given(token=st.text(max_size=90))
def test_a_forged_form_is_none_of_ours(token: str) -> None:
    with pytest.raises(rules.RequestFormOver):
        Forms(bytes(32)).receipt_of(token, now=1_000)


def test_a_form_of_another_server_is_none_of_ours() -> None:
    with pytest.raises(rules.RequestFormOver):
        Forms(bytes(32)).receipt_of(Forms(bytes(31) + b"x").token(now=1_000), now=1_010)


@given(typed=st.text(max_size=300))
def test_whatever_is_typed_is_a_receipt_or_none(typed: str) -> None:
    found = read_receipt(typed)
    assert found is None or len(found.locator + found.secret) == 32
