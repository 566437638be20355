"""What the reporters' page asks is what the reporters' contract answers."""

import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from graphql_schema import reporting

pytestmark = pytest.mark.quick

PAGE = Path(__file__).parents[3] / "api" / "web" / "report"
DOCUMENT = re.compile(r'"((?:query|mutation)\([^"]*)"|`((?:query|mutation)\([^`]*)`')
PART = re.compile(r'^const (\w+) = "([^"]*)";$', re.MULTILINE)


def documents() -> list[tuple[str, str]]:
    """Every operation of the page, with the parts that its module names put in."""
    found = []
    for path in sorted(PAGE.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        parts = dict(PART.findall(text))
        for plain, worded in DOCUMENT.findall(text):
            found.append((path.name, re.sub(r"\$\{(\w+)\}", lambda part: parts[part[1]], plain or worded)))  # noqa: B023
    return found


def test_each_operation_of_the_page_is_one_of_the_contract() -> None:
    schema = build_schema(reporting.printed())
    found = documents()
    asked = {name for _, text in found for name in re.findall(r"\{\s*(\w+)\(", text)}
    assert {"mines", "recipients", "couldGuess", "begin", "file", "salt", "challenge", "logIn", "report", "matters",
            "answer", "claim"} <= asked  # fmt: skip
    for name, text in found:
        assert validate(schema, parse(text)) == [], (name, text)
