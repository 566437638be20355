"""Tests of what is read from the environment."""

import os
from pathlib import Path

import pytest

from api.settings import SettingsAreWrong, read_settings, surroundings

pytestmark = pytest.mark.quick


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PITHEAD_")]:
        monkeypatch.delenv(name)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.data == Path.cwd() / ".pithead"
    assert settings.keys_folder == settings.data / "keys"
    assert (settings.port, settings.port_was_chosen) == (8700, False)
    assert settings.database_url is None


def test_a_port_that_was_named_is_known_to_be_wanted_even_when_it_is_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PITHEAD_PORT", "8700")
    assert read_settings().port_was_chosen


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHEAD_DATABASE_URL", "")
    assert read_settings().database_url is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "many", "PITHEAD_PORT"),
        ("PORT", "70000", "PITHEAD_PORT"),
        ("DATABASE_URL", "mysql://api:hidden@host/db", "PITHEAD_DATABASE_URL: must be postgresql://"),
        ("ENVIRONMENT", "staging", "PITHEAD_ENVIRONMENT"),
        ("S3_ENDPOINT", "store.example", "PITHEAD_S3_ENDPOINT: must be http"),
        ("S3_ENDPOINT", "https://store.example", "PITHEAD_S3_BUCKET, PITHEAD_S3_ACCESS_KEY, PITHEAD_S3_SECRET_KEY not"),
        ("RETENTION_FLOOR_SECONDS", "0", "PITHEAD_RETENTION_FLOOR_SECONDS"),
        ("DATABASE_ULR", "postgresql://api:hidden@host/db", "PITHEAD_DATABASE_ULR: no such setting"),
    ],
)
def test_what_is_wrong_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"PITHEAD_{name}", value)
    with pytest.raises(SettingsAreWrong) as caught:
        read_settings()
    line = str(caught.value)
    assert words in line
    assert "\n" not in line
    assert "hidden" not in line


def test_passwords_are_not_in_what_is_printed_and_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHEAD_DATABASE_URL", "postgresql://api:hidden@host/db")
    assert "hidden" not in repr(read_settings())
    assert not any(name.startswith("PITHEAD_") for name in surroundings())
