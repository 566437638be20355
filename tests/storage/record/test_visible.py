"""Tests of which signs a text may hold: what is read is what is signed."""

import pytest

from storage.record.glossary import sentence
from storage.record.problems import BadInput
from storage.record.visible import must_be_visible


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\u200b", "\u00ad", "\u3164", "\ufeff", "\u2028", "\x00", "\r", "\U000e0041", "\ue000"]
)
def test_a_sign_that_nobody_sees_or_that_turns_the_writing_is_refused_and_named(sign: str) -> None:
    with pytest.raises(BadInput) as refused:
        must_be_visible(f"停头{sign}整改", "words")
    reason = f"U+{ord(sign):04X}"
    assert refused.value.parameters == {"field": "words", "reason": reason}
    assert reason in sentence("BAD_INPUT", "zh", **refused.value.parameters)
    assert "turns the writing" in sentence("BAD_INPUT", "en", **refused.value.parameters)


@pytest.mark.parametrize("text", ["停头整改，逐项验收后恢复", "≥ 1.00 % (CH₄)　㎡", "第一行\n第二行", "𠮷矿", "é"])
def test_what_people_write_stands(text: str) -> None:
    must_be_visible(text, "words")


def test_a_title_is_one_line() -> None:
    with pytest.raises(BadInput):
        must_be_visible("一\n二", "title", lines=False)
