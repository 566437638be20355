"""The words of the demo: each act has both languages and an article, and none is there for nothing."""

from pathlib import Path

import pytest

from api import demo
from api.demo import words

pytestmark = pytest.mark.quick
GIVEN = {
    "days": 30,
    "score": 0,
    "number": 0,
    "place": "检查人员1",
    "hearing": "2026-03-12",
    "form": "询问笔录",
    "who": "x",
    "yuan": "3,000",
    "percent": 15,
    "year": 2026,
    "clause": "RESIT_LOST",
    "digest": "80cdf736dd5656bf",
    "before": "6da386ec58564a0e",
    "due": "2026-12-08",
}
PAPER = {"english": "statement", "law": "行政处罚法第五十五条"}


@pytest.mark.parametrize("what", words.ACTS)
def test_each_act_is_told_in_both_languages_with_its_article_and_place(what: str) -> None:
    said = words.act(what, 7, **GIVEN, **PAPER)
    chinese, english, article = words.ACTS[what]
    article = article.format(**PAPER)
    assert said.startswith("#7 ")
    assert f"（{article}）" in said
    assert "条" in article or "实施意见三（" in article
    assert chinese
    assert english.isascii()


def test_an_act_of_somebody_without_an_account_is_told_without_its_place() -> None:
    said = words.act("reward_claimed", None)
    assert said.startswith("·")
    assert not any(sign.isdigit() for sign in said)


def test_no_words_are_there_that_no_story_says() -> None:
    folder = Path(str(demo.__file__)).parent
    told = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "words.py")
    assert [name for name in (*words.ACTS, *words.SENTENCES) if f'"{name}"' not in told] == []
