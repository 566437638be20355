"""Tests that a paper can be printed whatever people are called and write: also signs that no font of ours holds."""

from datetime import UTC, datetime

import pytest

from storage.casework.papers.laying import Mark
from storage.casework.papers.rendering import Renderer
from tests.factories.papers import RECORD_FORM, sample_body

AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
RENDERER = Renderer()


@pytest.mark.parametrize("sign", ["𠮷", "😀", "\ue000", "\u0644", "\ufffe", "👨‍👩‍👧"])
def test_a_sign_that_no_font_holds_is_printed_by_its_number(sign: str) -> None:
    body = sample_body(RECORD_FORM, text=f"{sign}野班长在场")
    mark = Mark(place="被检查单位现场负责人", name=f"{sign}某", way="HAND", at=AT, opinion=sign)
    made = RENDERER.render(body, [mark], at=AT)
    assert made.startswith(b"%PDF")
    assert made == RENDERER.render(body, [mark], at=AT)


def test_a_thousand_such_signs_cost_no_more_than_one() -> None:
    text = "".join(chr(0x1F300 + at) for at in range(700))
    assert RENDERER.render(sample_body(RECORD_FORM, text=text), at=AT).startswith(b"%PDF")
