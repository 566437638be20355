"""The words of the field client: complete in both languages."""

from string import Formatter

import pytest

from api.phone.talk import SENTENCES, Talk
from storage.field.evidence.rules import Quarantine

pytestmark = pytest.mark.quick


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_say_the_same_things(code: str) -> None:
    chinese, english = SENTENCES[code]
    assert _places(chinese) == _places(english)


@pytest.mark.parametrize("reason", Quarantine)
def test_every_reason_for_quarantine_has_words(reason: Quarantine) -> None:
    assert f"reason_{reason}" in SENTENCES


def test_chinese_comes_first_and_english_below() -> None:
    lines: list[str] = []
    Talk(lines.append).tell("waiting", name="a.jpg", state=SENTENCES["state_SEALED"])
    assert lines == [
        "a.jpg：等待封存：已封存，正在写入账本并签发凭证",
        "    a.jpg: waiting for the seal: sealed; the log and the receipt are being signed",
    ]


def test_the_last_line_is_one_line_in_every_language() -> None:
    for language, start in (("zh", "2 件"), ("en", "2 files"), ("both", "2 件")):
        lines: list[str] = []
        Talk(lines.append, language).end("total", files=2, sealed=1, refused=1, quarantined=0)
        assert len(lines) == 1
        assert lines[0].startswith(start)


def test_what_the_server_said_in_one_language_stands_in_no_sentence_of_the_other() -> None:
    for language, expected in (
        ("zh", "被拒绝（NOT_FOUND）：没有找到"),
        ("en", "refused (NOT_FOUND): not found"),
        ("both", "被拒绝（NOT_FOUND）：没有找到 / refused (NOT_FOUND)"),
    ):
        lines: list[str] = []
        talk = Talk(lines.append, language)
        talk.end("act_refused", code="NOT_FOUND", said=talk.said("not found" if language == "en" else "没有找到"))
        assert lines == [expected]
