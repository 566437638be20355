"""Tests of what the law says of people of mines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.law import BUILT_IN
from storage.record.problems import BadInput
from storage.register.people import rules
from storage.register.people.rules import PostFacts
from storage.register.people.tables import Craft, ExamCategory, Post, PostKind, Qualification, Validity

pytestmark = pytest.mark.quick

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 12, 31))


def number_of(first: str) -> str:
    """An identity number with its check character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(one) * weight for one, weight in zip(first, weights, strict=True)) % 11]


def post(kind: PostKind, first: date, last: date | None = None) -> Post:
    days: dict[str, Any] = {"from_day": first, "to_day": last}  # Of a row, a rule reads no more.
    return Post(id=uuid4(), person_id=uuid4(), mine_id=uuid4(), kind=kind, **days)


def test_the_check_character_is_the_one_of_the_standard() -> None:
    # The example of GB 11643-1999 itself.
    assert number_of("11010519491231002") == "11010519491231002X"
    assert rules.number_mark("11010519491231002x", key=None) == rules.NumberMark(None, "002X")


def test_of_a_number_only_a_keyed_hash_and_four_characters_are_kept() -> None:
    number = number_of("52020219850314123")
    one, other = rules.number_mark(number, key=b"one"), rules.number_mark(number, key=b"other")
    assert one is not None
    assert other is not None
    assert one.tail == number[-4:]
    assert one.hash != other.hash
    assert number not in repr(one)
    assert rules.number_mark(f" {number} ", key=b"one") == one


@pytest.mark.parametrize("number", ["", "123", "110105194912310021", "11010519491331002X", "11010519491231002Ｙ"])
def test_a_wrong_number_is_refused(number: str) -> None:
    with pytest.raises(rules.NumberWrong):
        rules.number_mark(number, key=b"key")


def test_an_identity_number_in_a_certificate_number_is_blotted_out() -> None:
    number = number_of("52020219850314123")
    assert rules.masked_number(f"T{number}") == "T" + "*" * 14 + number[-4:]
    assert rules.masked_number("GZ-2026-000123") == "GZ-2026-000123"


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_two_spans_overlap_exactly_if_they_share_a_day(a: date, b: date | None, c: date, d: date | None) -> None:
    one, other = post(PostKind.WORKER, a, b), post(PostKind.WORKER, c, d)
    if (b is not None and b < a) or (d is not None and d < c):
        return
    shared = any(
        rules.is_on(one, day) and rules.is_on(other, day)
        for day in (a, c, b or rules.LATEST_DAY, d or rules.LATEST_DAY)
    )
    assert rules.overlap(one, other) == rules.overlap(other, one) == shared


def test_a_principal_may_follow_on_the_next_day_and_not_on_the_last() -> None:
    before = post(PostKind.PRINCIPAL, date(2024, 1, 1), date(2026, 6, 30))
    rules.must_be_the_only_principal(
        PostFacts(kind=PostKind.PRINCIPAL, craft=None, from_day=date(2026, 7, 1)), [before]
    )
    with pytest.raises(rules.PrincipalInOffice):
        rules.must_be_the_only_principal(
            PostFacts(kind=PostKind.PRINCIPAL, craft=None, from_day=date(2026, 6, 30)), [before]
        )


def test_a_special_operator_names_his_craft_and_nobody_else_does() -> None:
    for kind, craft in ((PostKind.SPECIAL_OPERATOR, None), (PostKind.WORKER, Craft.BLASTER)):
        with pytest.raises(rules.CraftMissing):
            rules.must_be_takable(PostFacts(kind=kind, craft=craft, from_day=date(2026, 1, 1)))


def test_days_of_another_age_are_no_days() -> None:
    for day in (date(1900, 1, 1), date(9999, 12, 31)):
        with pytest.raises(BadInput):
            rules.must_be_in_order(day, None)
    with pytest.raises(rules.DaysOutOfOrder):
        rules.must_be_in_order(date(2026, 1, 2), date(2026, 1, 1))


def test_the_last_day_of_a_certificate_is_valid_and_the_sixty_before_it_expire_soon() -> None:
    last = date(2026, 12, 31)
    days: dict[str, Any] = {"valid_from": date(2023, 12, 31), "valid_to": last, "ended_at": None}
    held = Qualification(**days)
    stands = {days: rules.validity_on(held, BUILT_IN, last + timedelta(days=days)) for days in (-60, -59, 0, 1)}
    assert stands == {
        -60: Validity.VALID, -59: Validity.EXPIRES_SOON, 0: Validity.EXPIRES_SOON, 1: Validity.EXPIRED,
    }  # fmt: skip
    assert rules.validity_on(held, BUILT_IN, date(2023, 12, 30)) is Validity.NOT_YET_VALID
    held.ended_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert rules.validity_on(held, BUILT_IN, last) is Validity.WITHDRAWN


def test_every_post_has_its_examination() -> None:
    assert set(rules.CATEGORY) == set(PostKind)
    assert set(rules.CATEGORY.values()) == set(ExamCategory)
    held = [post(PostKind.WORKER, date(2020, 1, 1), date(2020, 12, 31)), post(PostKind.MINE_MANAGER, date(2021, 1, 1))]
    assert rules.categories_on(held, date(2026, 1, 1)) == [ExamCategory.PRINCIPAL]


def test_those_who_keep_people_are_the_mine_and_the_system_administrator() -> None:
    keepers = {Role.MINE_PRINCIPAL, Role.MINE_CLERK, Role.SYSTEM_ADMINISTRATOR}
    for verb in (Verb.PERSON_REGISTER, Verb.PERSON_PLACE, Verb.PERSON_QUALIFY, Verb.PERSON_ASSIGN, Verb.WORKPLACE_OPEN):
        assert {role for role in Role if verb in ROLE_VERBS[role]} == keepers
    assert Verb.PERSON_READ not in ROLE_VERBS[Role.MINER]
