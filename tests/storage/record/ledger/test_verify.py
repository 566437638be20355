"""Checking files and folders, by function and by `python -m`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.record.ledger.proofs import receipts
from storage.record.ledger.proofs.__main__ import main
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.vectors import sample

pytestmark = pytest.mark.quick

BUNDLE = receipts.bundle(**sample.members())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text(json.dumps(sample.server().keys.document(), indent=2))
    (tmp_path / sample.FILE).write_bytes(sample.ORIGINAL)
    (tmp_path / f"{sample.FILE}.pithead.json").write_bytes(BUNDLE)
    return tmp_path


def test_a_bundle_is_checked_with_the_original_beside_it(folder: Path) -> None:
    bundle = folder / f"{sample.FILE}.pithead.json"
    assert verify_path(bundle, folder / "keys.json").complete
    assert verify_path(bundle, None).status is Status.CONSISTENT_BUT_UNTRUSTED
    (folder / sample.FILE).unlink()
    assert verify_path(bundle, folder / "keys.json").summary.endswith("original not given: bytes not checked")


def test_a_folder_is_as_good_as_its_worst_bundle(folder: Path) -> None:
    assert verify_path(folder, folder / "keys.json").complete
    (folder / "z.pithead.json").write_bytes(BUNDLE.replace(b'"within":60000', b'"within":60001'))
    verdict = verify_path(folder, folder / "keys.json")
    assert verdict.status is Status.BROKEN
    assert (
        verdict.summary == "BROKEN: 2 bundles; 1 broken, the first: BROKEN: IMG_0001.jpg: declared: within is not 60000"
    )
    assert verdict.failed is not None
    assert verdict.failed.name == "z.pithead.json: declared"


def test_files_without_a_bundle_and_bundles_without_a_file_are_counted(folder: Path) -> None:
    (folder / sample.FILE).rename(folder / "IMG_0002.jpg")
    verdict = verify_path(folder, folder / "keys.json")
    assert verdict.summary == (
        "VERIFIED: 1 bundle; 1 without the original: bytes not checked; 1 file that no bundle speaks of"
    )
    assert not verdict.complete


def test_keys_that_lie_beside_the_bundles_are_named_as_what_they_are(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    verdict = verify_path(folder, None)
    assert verdict.summary == "CONSISTENT BUT UNTRUSTED: 1 bundle"
    assert verdict.checks[-1].name == "keys.json"
    assert verdict.checks[-1].ok is None
    assert verdict.checks[-1].detail.startswith("the keys that came along")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "keys.json"
    elsewhere.write_bytes((folder / "keys.json").read_bytes())
    assert verify_path(folder, elsewhere).summary == "VERIFIED: 1 bundle"
    (folder / "keys.json").write_text("{}")
    assert verify_path(folder, elsewhere).summary == "VERIFIED: 1 bundle; 1 file that no bundle speaks of"


@pytest.mark.parametrize(
    ("keys", "detail"),
    [
        ("", "no keys document"),
        ("{}", "not an object of v"),
        ("[" * 100_000, "no keys document"),
        ('{"v":1,"v":1}', "stands there twice"),
        ('{"v":1.5}', "no keys document"),
        ("9" * 5000, "keys.json"),
    ],
)
def test_a_trust_file_that_is_none_is_named(folder: Path, keys: str, detail: str) -> None:
    (folder / "keys.json").write_text(keys)
    verdict = verify_path(folder, folder / "keys.json")
    assert (verdict.status, verdict.exit_code) == (Status.NOT_CHECKED, 2)
    assert detail in verdict.summary


def test_what_is_not_there_or_holds_no_bundle_is_named(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert verify_path(folder / "empty", None).summary.startswith(
        "NOT CHECKED: path: no file *.pithead.json, *.commitment.json, *.disclosure.json, *.picture.json in "
    )
    assert verify_path(folder / "nowhere", None).summary.endswith("nowhere: No such file or directory")
    assert verify_path(folder, folder / "nowhere").summary.startswith("NOT CHECKED: trust: ")
    assert verify_path(folder / "nowhere", None).exit_code == 2
    assert verify_path(folder / sample.FILE, None).exit_code == 1


def test_the_command_prints_each_check_and_the_summary_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--trust", str(folder / "keys.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ok    IMG_0001.jpg.pithead.json: bundle: canonical")
    assert lines[-1] == "VERIFIED: 1 bundle"
    assert main([str(folder)]) == 2


PROGRAM = """
import runpy, sys

package = "storage.record.ledger.proofs"
sys.argv[0] = "verify"
try:
    runpy.run_module(package, run_name="__main__")
finally:
    rooms = ("api", "graphql_schema", "notifications", "storage", "sqlalchemy", "pydantic", "boto3")
    loaded = {name for name in sys.modules if name.split(".")[0] in rooms}
    foreign = {name for name in loaded if not name.startswith(package) and not package.startswith(name + ".")}
    assert not foreign, foreign
"""


def test_a_stranger_needs_nothing_but_the_package(folder: Path) -> None:
    """The product's own rooms and its servers' packages are never imported."""
    arguments = [sys.executable, "-c", PROGRAM, str(folder), "--trust", str(folder / "keys.json")]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "VERIFIED: 1 bundle"
