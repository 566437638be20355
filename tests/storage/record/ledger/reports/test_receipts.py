"""A receipt can be read back however it was typed, and what is wrong with one is said exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs.reports import receipts, words
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

pytestmark = pytest.mark.quick

DIGITS = receipts.Receipt(form="D", parameters="3", locator="482913", secret="551204338917620045")
SEPARATORS = st.sampled_from(["", " ", "　", "·", " · ", ".", "-", "，", "、", "\n", "/"])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")


@st.composite
def made(draw: st.DrawFn) -> receipts.Receipt:
    form: receipts.Form = draw(st.sampled_from(["D", "W"]))
    locator = receipts.make_locator(form, draw=lambda below: draw(st.integers(0, below - 1)))
    parameters = draw(st.sampled_from(receipts.PARAMETERS))
    return receipts.make_receipt(
        form, locator, parameters=parameters, draw=lambda below: draw(st.integers(0, below - 1))
    )


@given(made(), SEPARATORS, st.sampled_from([{}, WIDE, SPOKEN]))
def test_it_is_read_back_however_people_type_it(receipt: receipts.Receipt, between: str, signs: dict[int, int]) -> None:
    # Words may hold a sign that is also a digit: only the digits of a receipt in digits are written otherwise.
    groups = [group.translate(signs) if group.isdecimal() else group for group in receipt.groups()]
    assert receipts.parse_receipt(between.join(groups)) == receipt
    assert receipts.parse_receipt(receipt.text()) == receipt
    assert receipt.ends_with(f" {groups[-1]} ")


@given(made(), st.text(max_size=40))
def test_any_other_text_is_refused_and_nothing_else_happens(receipt: receipts.Receipt, text: str) -> None:
    for typed in (text, receipt.text() + text):
        assert refusal_of(typed) in (None, "sign", "length", "word", "parameters")


def refusal_of(typed: str) -> str | None:
    """The reason, or nothing if it is a receipt, which then says itself again."""
    try:
        receipt = receipts.parse_receipt(typed)
    except ReportMalformed as refusal:
        return refusal.reason
    return None if receipts.parse_receipt(receipt.text()) == receipt else "reads otherwise"


@pytest.mark.parametrize(
    ("typed", "reason", "at"),
    [
        ("", "length", 0),
        ("4 482 913 551 204 338 917 620 045", "parameters", None),
        ("3 482 913 551 204 338 917 620 04", "length", 24),
        ("3 482 91x 551 204 338 917 620 045", "sign", 7),
        ("3" + "".join(words.WORDS[:5]) + "龘龘", "word", 6),
        ("".join(words.WORDS[:6]), "parameters", None),
        ("3" + "".join(words.WORDS[:5]), "length", 11),
    ],
)
def test_it_says_what_is_wrong_and_where(typed: str, reason: str, at: int | None) -> None:
    with pytest.raises(ReportMalformed) as refusal:
        receipts.parse_receipt(typed)
    assert (refusal.value.reason, refusal.value.at) == (reason, at)


def test_it_is_shown_in_groups_as_the_design_prints_it() -> None:
    assert DIGITS.text() == "3 · 482 913 · 551 204 338 917 620 045"


def test_only_the_last_group_is_the_last_group() -> None:
    assert DIGITS.ends_with("０４５")
    assert DIGITS.ends_with("〇四五")
    assert not DIGITS.ends_with("45")
    assert not DIGITS.ends_with("620 045")
    assert not DIGITS.ends_with("")


def test_the_secret_is_not_printed_by_accident() -> None:
    assert DIGITS.secret not in repr(DIGITS)


@pytest.mark.parametrize(
    ("form", "locator"),
    [("D", "48291"), ("D", "４８２９１３"), ("D", "48291a"), ("W", "龘龘龘龘"), ("W", ""), ("X", "482913")],
)
def test_a_locator_has_one_form(form: str, locator: str) -> None:
    with pytest.raises(ReportMalformed):
        receipts.must_be_locator(form, locator)
