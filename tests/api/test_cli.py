"""Tests of the command line itself: what it says to a wrong call, and how keys are fetched for later."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from api import cli
from storage.record.ledger.proofs.verify import read_trust
from tests.vectors import sample

KEYS = json.dumps(sample.server().keys.document(), indent=1).encode()


class Showing(BaseHTTPRequestHandler):
    """A server that shows its keys, and nothing else."""

    def do_GET(self) -> None:
        is_known = self.path == "/.well-known/pithead-keys"
        self.send_response(200 if is_known else 404)
        self.end_headers()
        self.wfile.write(KEYS if is_known else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Showing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_keys_of_a_server_are_fetched_once_and_never_replaced_by_others(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PITHEAD_URL", url)
    into = tmp_path / "keys.json"
    assert cli.main(["keys", "fetch", "--into", str(into)]) == 0
    assert read_trust(into) == sample.server().keys.document()
    assert cli.main(["keys", "fetch", "--into", str(into)]) == 0, "the same again"
    into.write_text("{}")
    assert cli.main(["keys", "fetch", "--into", str(into)]) == 1
    assert into.read_text() == "{}"
    assert cli.main(["keys", "fetch"]) == 1
    assert "--into" in capsys.readouterr().err


def test_a_server_that_shows_no_keys_leaves_no_file(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("PITHEAD_URL", f"{url}/elsewhere")
    assert cli.main(["keys", "fetch", "--into", str(tmp_path / "keys.json")]) == 1
    assert not (tmp_path / "keys.json").exists()


def test_where_no_server_is_found_both_settings_that_name_it_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PITHEAD_URL", raising=False)
    monkeypatch.setenv("PITHEAD_DATA", str(tmp_path))
    assert cli.main(["keys", "fetch", "--into", str(tmp_path / "keys.json")]) == 1
    said = capsys.readouterr().err
    assert "PITHEAD_URL" in said
    assert "PITHEAD_DATA" in said


@pytest.mark.parametrize("wrong", [[], ["verfy"], ["pack", "no-id", "--into", "x"]])
def test_a_wrong_call_is_said_to_be_one_in_both_languages(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        cli.main(wrong)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert "usage:" in said
    assert "命令或者参数不对" in said
