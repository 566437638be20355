"""Tests of what is read from the environment."""

import os
from pathlib import Path

import pytest

from api import cli
from api.settings import SettingsAreWrong, must_have, read_settings, surroundings

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


def test_all_that_is_wrong_is_named_at_once_each_in_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"PORT": "many", "DATABASE_URL": "mysql://api:hidden@host/db", "METRICS_TOKEN": "hidden", "PROT": "8700"}
    for name, value in wrong.items():
        monkeypatch.setenv(f"PITHEAD_{name}", value)
    assert cli.main(["migrate"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(wrong)
    for name in wrong:
        assert sum(line.startswith(f"pithead: PITHEAD_{name}: ") for line in lines) == 1
    assert "hidden" not in "".join(lines)


def test_what_a_process_needs_and_nobody_set_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve"]) == 2
    said = capsys.readouterr().err
    assert said.count("not set") == 6
    with pytest.raises(SettingsAreWrong):
        must_have(read_settings(), "database_owner_url")


def test_what_is_printed_at_the_start_shows_places_and_hides_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHEAD_DATABASE_URL", "postgresql://api:hid@den@host:5432/db?password=hidden")
    monkeypatch.setenv("PITHEAD_S3_SECRET_KEY", "hidden")
    monkeypatch.setenv("PITHEAD_PORT", "8701")
    assert read_settings().told() == {
        "database_url": "postgresql://api:***@host:5432/db", "port": "8701", "s3_secret_key": "***",
    }  # fmt: skip
