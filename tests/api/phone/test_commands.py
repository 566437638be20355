"""The arguments of the field client: what is said on the command line, and what comes of it."""

import argparse
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from api.phone.commands import Surroundings, add_phone_commands
from storage.record.ledger.proofs import receipts
from tests.vectors import sample

pytestmark = pytest.mark.quick


def run(*arguments: str, url: str = "http://localhost:9", data: Path = Path("/nowhere")) -> int:
    """Runs one command as the command line does."""
    parser = argparse.ArgumentParser()
    add_phone_commands(
        parser.add_subparsers(required=True), surroundings=lambda _: Surroundings(url=url, data=data)
    )  # fmt: skip
    parsed: Any = parser.parse_args(arguments)
    return int(parsed.command(parsed, None))


def test_verify_prints_every_check_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(sample.server().keys.document()))
    (tmp_path / sample.FILE).write_bytes(sample.ORIGINAL)
    (tmp_path / f"{sample.FILE}.pithead.json").write_bytes(receipts.bundle(**sample.members()))
    assert run("verify", str(tmp_path), "--trust", str(tmp_path / "keys.json")) == 0
    assert run("verify", str(tmp_path)) == 2
    (tmp_path / sample.FILE).write_bytes(sample.ORIGINAL + b"!")
    assert run("verify", str(tmp_path), "--trust", str(tmp_path / "keys.json")) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "BROKEN: 1 bundle; 1 broken, the first: BROKEN: IMG_0001.jpg: original: size is" in told


def test_verify_calls_a_mistyped_path_no_forgery_in_both_languages_and_short_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("verify", str(tmp_path / "nowhere" / ("x" * 120)), "--trust", str(tmp_path / "keys.json")) == 2
    out = capsys.readouterr().out
    assert "BROKEN" not in out
    assert "没有核验任何内容" in out
    assert "speaks against nobody" in " ".join(out.split())
    assert max(_columns(line) for line in out.splitlines()) <= 100


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def test_an_officer_without_a_colleague_is_told_so_before_anything_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("phone", "photo", "a.jpg", "--as", "li", "--password", "p", "--language", "zh", data=tmp_path)
    assert code == 1
    assert capsys.readouterr().out == "执法检查不得少于两名执法人员\n"


def test_the_sentences_come_in_both_languages_unless_one_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("phone", "photo", "a.jpg", "--folder", str(tmp_path))
    assert capsys.readouterr().out == "执法检查不得少于两名执法人员 / an inspection takes at least two officers\n"


def test_a_shift_of_nothing_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "camera").mkdir()
    officers = ("--as", "li", "--password", "p", "--as", "wu", "--password", "p", "--language", "en")
    for folder, line in (("camera", "there is no plain file in the folder"), ("absent", "cannot be read or written:")):
        assert run("phone", "shift", str(tmp_path / folder), *officers, data=tmp_path / "data") == 1
        assert capsys.readouterr().out.startswith(line)


@pytest.mark.parametrize(
    "words", [("--how", "by hand"), ("--taken-over-from", "Wang"), ("--at", "2026-11-24T08:00:00+08:00"),
              ("--taken-over-from", "two\nlines", "--how", "by hand")],
)  # fmt: skip
def test_a_takeover_is_told_whole_or_not_at_all(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="--taken-over-from and --how"):
        run("phone", "shift", str(tmp_path), *words, data=tmp_path / "data")


def test_an_id_that_is_none_is_told_before_anything_is_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("pack", "nonsense", "--into", str(tmp_path / "pack"))
    assert "no id: 'nonsense'; one looks like" in capsys.readouterr().err
    assert not (tmp_path / "pack").exists()


def test_a_pack_is_of_one_thing_and_the_second_volume_is_a_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    id, into = "0190f3c1-7f3e-7a54-8b1c-2d9be1a40c55", ("--into", str(tmp_path / "pack"))
    with pytest.raises(SystemExit):
        run("pack", *into)
    with pytest.raises(SystemExit):
        run("pack", id, "--case", id, *into)
    assert "not allowed with" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="--whole belongs to --case"):
        run("pack", id, "--whole", *into)
    assert not (tmp_path / "pack").exists()
