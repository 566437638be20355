"""What is wrong with a wish is said before anything is asked of it or shown, in the words of whoever files."""

import argparse
import io
import json
import re
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.phone.commands import Surroundings
from api.reporter import asking, commands
from api.reporter.commands import add_report_commands
from api.reporter.helping import HELP
from api.reporter.server import Server
from api.reporter.terminal import GivenUp
from api.reporter.words import SENTENCES
from storage.miners.refusals import conditions, rules, tables
from storage.register.people.tables import ShiftKind
from tests.api.reporter.test_terminal import before

pytestmark = pytest.mark.quick

TODAY = date(2026, 11, 29)
GOOD: dict[str, Any] = {
    "place": "1201综采工作面", "shift": "NIGHT", "day": TODAY, "since": TODAY, "danger": "GAS", "clause": "",
    "today": TODAY,
}  # fmt: skip


def test_dangers_shifts_and_bounds_are_those_of_the_server() -> None:
    assert tuple(tables.DangerKind) == asking.DANGERS
    assert tuple(ShiftKind) == asking.SHIFTS
    assert (asking.AHEAD, asking.BACK) == (conditions.AHEAD, conditions.BACK)
    assert (asking.LONGEST_PLACE, asking.LONGEST_CLAUSE) == (conditions.LONGEST_PLACE, rules.LONGEST_WORDS)


def test_the_web_page_asks_for_the_same() -> None:
    page = (Path(asking.__file__).parents[1] / "web" / "report" / "asking.js").read_text()
    listed = dict(re.findall(r"const (SHIFTS|DANGERS) = (\[.*?\]);", page, re.DOTALL))
    assert tuple(re.findall(r'"(\w+)"', listed["SHIFTS"])) == asking.SHIFTS
    assert tuple(re.findall(r'"(\w+)"', listed["DANGERS"])) == asking.DANGERS
    assert f"[LONGEST_PLACE, LONGEST_CLAUSE] = [{asking.LONGEST_PLACE}, {asking.LONGEST_CLAUSE}]" in page
    assert f"[AHEAD, BACK, DAY] = [{asking.AHEAD.days}, {asking.BACK.days}," in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": ""}, "place_missing"),
        ({"place": "长" * 101}, "line_long"),
        ({"clause": "长" * 501}, "line_long"),
        ({"shift": ""}, "shift_missing"),
        ({"shift": "EVENING"}, "shift_missing"),
        ({"danger": None}, "danger_missing"),
        ({"danger": "GAZ"}, "danger_unknown"),
        ({"day": TODAY - timedelta(days=8)}, "day_far"),
        ({"day": TODAY + timedelta(days=32)}, "day_far"),
        ({"since": TODAY + timedelta(days=1)}, "since_late"),
    ],
)
def test_a_place_without_what_it_needs_is_told_before_anything_is_asked(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GivenUp, match=sentence) as told:
        asking.must_be_condition(**GOOD | wrong)
    terminal, said = before([])
    terminal.tell(str(told.value), **told.value.parameters)
    assert "Nothing was sent" in said[0]
    assert ("ROCK_BURST" in said[0]) is sentence.startswith("danger")


def test_a_danger_or_a_clause_is_enough() -> None:
    asking.must_be_condition(**GOOD)
    asking.must_be_condition(**GOOD | {"danger": None, "clause": "瓦斯传感器断线时不入井"})


def test_a_place_is_one_line_as_the_server_takes_it() -> None:
    written = asking.one_line(" 1201　综采\t工作面\u200b北 ")
    assert written == "1201 综采 工作面 北"
    assert written.isprintable()


def test_whoever_says_nothing_is_asked_again_and_an_empty_argument_sends_nothing() -> None:
    terminal, said = before(["", "  ", "瓦斯超限"])
    assert asking.asked_words(terminal, None) == "瓦斯超限"
    assert said == [SENTENCES["words_missing"][1]] * 2
    for given in ("", " \n　"):
        with pytest.raises(GivenUp, match="words_missing"):
            asking.asked_words(before(["有话"])[0], given)
    with pytest.raises(GivenUp, match="given_up"):
        asking.asked_words(before([""] * 3)[0], None)
    with pytest.raises(GivenUp, match="words_long"):
        asking.must_be_words("长" * (asking.LONGEST_WORDS + 1))


def test_more_files_than_a_message_takes_are_told_at_once() -> None:
    asking.must_be_few([Path("a.jpg")] * 10)
    with pytest.raises(GivenUp, match="files_many"):
        asking.must_be_few([Path("a.jpg")] * 11)


def test_whoever_is_named_has_a_name_and_whoever_leaves_a_contact_has_one() -> None:
    asking.must_be_identity(name="张三丰", contact="")
    asking.must_be_identity(name=None, contact="13800138000")
    for name, contact, sentence in (("", "1", "name_missing"), (None, "", "contact_missing")):
        with pytest.raises(GivenUp, match=sentence):
            asking.must_be_identity(name=name, contact=contact)


def test_help_says_all_in_both_languages_and_names_every_danger() -> None:
    parser = argparse.ArgumentParser()
    add_report_commands(parser.add_subparsers(), surroundings=lambda _: None)
    with redirect_stdout(io.StringIO()) as said, pytest.raises(SystemExit):
        parser.parse_args(["report", "file", "--help"])
    told = "".join(said.getvalue().split())
    for danger in asking.DANGERS:
        assert danger in told
        assert SENTENCES[f"danger_{danger}"][0] in told
    for zh, en in HELP.values():
        assert not zh.isascii()
        assert en.isascii()


def test_a_wrong_danger_ends_before_the_server_is_asked() -> None:
    parser = argparse.ArgumentParser()
    nowhere = Surroundings(url="http://127.0.0.1:1", data=Path(), people=[])
    add_report_commands(parser.add_subparsers(), surroundings=lambda _: nowhere)
    asked = ["report", "file", "--mine", "松河湾", "--kind", "refusal", "--place", "1201", "--shift", "night"]
    parsed = parser.parse_args([*asked, "--danger", "gaz"])
    with redirect_stdout(io.StringIO()) as said:
        assert parsed.command(parsed, None) == 3
    assert "没有“GAZ”这种危险" in said.getvalue()


def test_the_mine_is_looked_up_before_anything_is_typed() -> None:
    parser = argparse.ArgumentParser()
    add_report_commands(parser.add_subparsers(), surroundings=lambda _: None)
    parsed = parser.parse_args(["report", "file", "--mine", "没有的矿"])
    terminal, _ = before([])

    def answer(request: httpx.Request) -> httpx.Response:
        assert "mines(" in json.loads(request.content)["query"]
        return httpx.Response(200, json={"data": {"mines": []}})

    with httpx.Client(transport=httpx.MockTransport(answer)) as http, pytest.raises(GivenUp, match="no_mine"):
        commands._file(parsed, Server("http://pithead.example", http), terminal)
