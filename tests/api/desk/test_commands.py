"""Tests of the desk's command line: what it never takes, its help, in which language it says what is wrong."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from api.desk.acts import ACTS, Desk
from api.desk.commands import add_desk_commands, attempt
from api.desk.helping import HELP
from api.desk.words import SENTENCES
from api.phone.server import Refused, Server
from api.reporter.terminal import Terminal

pytestmark = pytest.mark.quick
SECRETS = ("password", "phrase")


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def parsers() -> Iterator[argparse.ArgumentParser]:
    top = argparse.ArgumentParser()
    add_desk_commands(top.add_subparsers(), surroundings=lambda _: pytest.fail("no command was given"))
    (desk,) = _below(top)
    yield from _below(desk)


def _below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    chosen = [one.choices for one in parser._actions if isinstance(one.choices, dict)]
    return [made for choices in chosen for made in choices.values()]


@dataclass
class Screen:
    """Somebody before a desk whose server answers nothing; what he types, and what he reads."""

    language: str = "both"
    types: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    called: list[httpx.Request] = field(default_factory=list)

    def terminal(self) -> Terminal:
        return Terminal(
            sentences=SENTENCES, say=self.said.append, ask=self._answer, secret=self._answer, language=self.language
        )

    def does(self, act: Callable[[], None]) -> int:
        return attempt(self.terminal(), act)

    def desk(self) -> Desk:
        http = httpx.Client(transport=httpx.MockTransport(self._call))
        return Desk(Server("http://nowhere.invalid", http), self.terminal())

    def _call(self, request: httpx.Request) -> httpx.Response:
        self.called.append(request)
        return httpx.Response(200, json={"data": {}})

    def _answer(self, question: str) -> str:
        self.asked.append(question)
        return self.types.pop(0)


def test_no_secret_is_an_argument() -> None:
    flags = {flag for parser in parsers() for action in parser._actions for flag in action.option_strings}
    assert "--as" in flags
    assert not [flag for flag in flags if any(secret in flag for secret in SECRETS)]


def test_each_command_and_each_argument_is_helped_in_both_languages() -> None:
    helped = [parser.description for parser in parsers()]
    helped += [one.help for parser in parsers() for one in parser._actions if one.dest != "help"]
    assert len(helped) > len(ACTS)
    for text in helped:
        chinese, _, english = (text or "").partition(" / ")
        assert has_chinese(chinese), text
        assert english.isascii(), text
        assert english, text
    assert {f"{zh} / {en}" for zh, en in HELP.values()} == {*helped, " / ".join(HELP["desk"])}


@pytest.mark.parametrize(
    ("code", "parameters", "said"),
    [
        ("NOT_ALLOWED", {"verb": "report.accept"}, "您没有权限"),
        ("STEP_OUT_OF_TURN", {"state": "FED_BACK"}, "举报现为“已反馈”"),
        ("SIGN_IN_FAILED", {}, "登录名或密码不正确"),
    ],
)
def test_what_is_refused_is_said_in_each_language_that_was_asked_for(
    code: str, parameters: dict[str, str], said: str
) -> None:
    def refuses() -> None:
        raise Refused(code, "服务器的话", parameters)

    screens = {language: Screen(language) for language in ("zh", "en", "both")}
    assert [one.does(refuses) for one in screens.values()] == [3, 3, 3]
    (chinese,), (english,) = screens["zh"].said, screens["en"].said
    assert said in chinese
    assert not has_chinese(english)
    assert "FED_BACK" not in english
    assert screens["both"].said == [chinese, f"    {english}"]


def test_what_the_house_has_no_words_for_is_said_as_the_server_did() -> None:
    def refuses() -> None:
        raise Refused("BAD_INPUT", "Variable '$id' has invalid value.")

    screen = Screen("en")
    screen.does(refuses)
    assert screen.said == ["Refused (BAD_INPUT): Variable '$id' has invalid value."]


@pytest.mark.parametrize("words", ["", "  ", "\u3000\n"])
def test_an_empty_reply_is_refused_in_words_before_anything_is_asked_or_sent(words: str) -> None:
    screen = Screen("en")
    parsed = argparse.Namespace(login="intake", report="1", words=words)
    assert screen.does(lambda: ACTS["reply"](screen.desk(), parsed)) == 3
    assert screen.said == ["Nothing was said, so nothing was sent."]
    assert (screen.asked, screen.called) == ([], [])


def test_a_reply_that_is_too_long_is_refused_with_the_most_that_one_takes() -> None:
    screen = Screen("en")
    parsed = argparse.Namespace(login="intake", report="1", words="长" * 20_001)
    assert screen.does(lambda: ACTS["reply"](screen.desk(), parsed)) == 3
    assert "20000" in screen.said[0]
