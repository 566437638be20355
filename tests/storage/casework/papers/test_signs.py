"""Tests that a paper can be printed whatever people are called and write: also signs that no font of ours holds."""

from datetime import UTC, datetime

import pytest

from storage.casework.papers import rendering
from storage.casework.papers.laying import Mark
from storage.record.printing.typesetting import Typesetter
from tests.factories.papers import RECORD_FORM, sample_body

AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
TYPESETTER = Typesetter()


@pytest.mark.parametrize("sign", ["𠮷", "😀", "\ue000", "\u0644", "\ufffe", "👨‍👩‍👧"])
def test_a_sign_that_no_font_holds_is_printed_by_its_number(sign: str) -> None:
    body = sample_body(RECORD_FORM, text=f"{sign}野班长在场")
    mark = Mark(place="被检查单位现场负责人", name=f"{sign}某", way="HAND", at=AT, opinion=sign)
    made = rendering.render(TYPESETTER, body, [mark], at=AT)
    assert made.startswith(b"%PDF")
    assert made == rendering.render(TYPESETTER, body, [mark], at=AT)


def test_a_thousand_such_signs_cost_no_more_than_one() -> None:
    text = "".join(chr(0x1F300 + at) for at in range(700))
    assert rendering.render(TYPESETTER, sample_body(RECORD_FORM, text=text), at=AT).startswith(b"%PDF")
