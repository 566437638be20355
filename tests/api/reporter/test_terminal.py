"""The receipt is shown until its last group was typed back, wiped from the screen, and never said again."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from api.desk.words import SENTENCES as OF_DESKS
from api.reporter.entering import asked_receipt
from api.reporter.filing import show_receipt
from api.reporter.terminal import CLEAR, GivenUp, Terminal
from api.reporter.words import SENTENCES
from storage.record.ledger.proofs.reports.receipts import Receipt

pytestmark = pytest.mark.quick

RECEIPT = Receipt(form="D", parameters="3", locator="482913", secret="551204338917620045")


def before(answers: list[str], *, language: str = "en", screen: bool = False) -> tuple[Terminal, list[str]]:
    said: list[str] = []
    left: Iterator[str] = iter(answers)

    def answer(_: str) -> str:
        found = next(left, None)
        if found is None:
            raise EOFError
        return found

    terminal = Terminal(
        sentences=SENTENCES, say=said.append, ask=answer, secret=answer, language=language, screen=screen
    )
    return terminal, said


def test_it_is_right_once_the_last_group_was_typed_back() -> None:
    terminal, said = before(["", "０４５"], screen=True)
    show_receipt(terminal, RECEIPT)
    shown, wiped = said.index(f"Your receipt: {RECEIPT.text()}"), said.index(CLEAR)
    assert shown < wiped
    assert not any(RECEIPT.secret[-3:] in line for line in said[wiped:])


def test_it_is_shown_again_when_it_differs_and_given_up_after_three() -> None:
    terminal, said = before(["", "044", "", "045"])
    show_receipt(terminal, RECEIPT)
    assert sum(RECEIPT.text() in line for line in said) == 2
    terminal, said = before(["", "1", "", "2", "", "3"])
    with pytest.raises(GivenUp, match="receipt_given_up"):
        show_receipt(terminal, RECEIPT)


def test_the_last_group_says_how_long_it_is_and_how_much_was_read() -> None:
    terminal, said = before(["", "17620045", "", "045"])
    asked: list[str] = []

    def ask(line: str) -> str:
        asked.append(line)
        return terminal.secret(line)

    show_receipt(replace(terminal, ask=ask), RECEIPT)
    assert "Signs read: 8; the last group has 3." in said
    assert sum("the last 3 digits" in line for line in asked) == 2
    terminal, said = before(["", "井口"])
    with pytest.raises(GivenUp):
        show_receipt(terminal, Receipt(form="W", parameters="3", locator="煤矿安全", secret="井口灯火工人回家"))
    assert not any("Signs read" in line for line in said)


def test_whoever_leaves_has_sent_nothing() -> None:
    with pytest.raises(GivenUp, match="given_up"):
        show_receipt(before([])[0], RECEIPT)


def test_a_receipt_that_is_mistyped_is_asked_for_again_and_said_what_is_wrong() -> None:
    terminal, said = before(["3 48x", "3 482 913 551 204 338 917 620 045"])
    assert asked_receipt(terminal) == RECEIPT
    assert said == ["Sign 4 is no digit."]
    with pytest.raises(GivenUp, match="receipt_unread"):
        asked_receipt(before(["1", "2", "9"])[0])


@pytest.mark.parametrize("sentences", [SENTENCES, OF_DESKS])
def test_every_sentence_stands_in_both_languages_with_the_same_parameters(
    sentences: dict[str, tuple[str, str]],
) -> None:
    for name, (zh, en) in sentences.items():
        assert zh, name
        assert en, name
        assert {part.split("}")[0] for part in zh.split("{")[1:]} == {part.split("}")[0] for part in en.split("{")[1:]}


def test_both_languages_are_said_one_below_the_other() -> None:
    terminal, said = before([], language="both")
    terminal.tell("no_reward")
    assert said == ["没有可以领取的奖励。", "    There is no reward to claim."]


def test_a_moment_is_told_by_the_clocks_of_guizhou() -> None:
    terminal, said = before([], language="both")
    terminal.tell("state", state=("在办", "running"), hour="2026-11-28T17:00:00.000Z")
    assert [line.count("2026-11-29 01:00") for line in said] == [1, 1]
    assert terminal.both("2026-11-28T17:00:00Z is a word") == ("2026-11-28T17:00:00Z is a word",) * 2
