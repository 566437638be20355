"""Packs of a case: a whole one verifies, and a step or paper that is left out, swapped or changed is named."""

import json
from pathlib import Path

import pytest

from storage.record.ledger.proofs import casefiles
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.storage.record.ledger.casefiles import (
    BROKEN_CASES,
    CASE,
    NAME,
    failing_check,
    members,
    rewrite,
    write_case_pack,
)
from tests.storage.record.ledger.inventories import given_out, not_given_out
from tests.storage.record.ledger.packs import SERVER, relisted
from tests.vectors import sample

pytestmark = pytest.mark.quick


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text(json.dumps(SERVER.keys.document()))
    return tmp_path / "keys.json"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_case_pack(tmp_path / "pack")


def test_a_whole_pack_of_an_archived_case_is_verified_and_complete(pack: Path, keys: Path) -> None:
    verdict = verify_path(pack, keys)
    assert verdict.status is Status.VERIFIED, verdict.summary
    assert verdict.complete, [check for check in verdict.checks if not check.ok]
    assert verdict.summary == "VERIFIED: pack: 3 bundles, 1 case"
    assert verify_path(pack, None).exit_code == 2


@pytest.mark.parametrize("name", BROKEN_CASES)
def test_what_is_wrong_with_a_case_is_named_by_its_check(name: str, pack: Path, keys: Path) -> None:
    change, failing = BROKEN_CASES[name]
    change(pack)
    verdict = verify_path(relisted(pack), keys)
    assert (verdict.failed.name if verdict.failed else None) == failing_check(failing), verdict.summary
    assert verdict.complete is (name == "nothing changed")


def test_a_step_that_is_left_out_is_named_alone_and_not_all_that_follow(pack: Path, keys: Path) -> None:
    rewrite(pack, lambda told: told["steps"].pop(2))
    not_given_out(pack, CASE)
    verdict = verify_path(relisted(pack), keys)
    failed = [(check.name, check.detail) for check in verdict.checks if check.ok is False]
    assert failed == [(f"{CASE}: step 2", "left out, or not in its place: here stands step 3")]


def test_steps_that_may_be_missing_at_the_end_and_those_withheld_are_said_not_to_be_checked(
    pack: Path, keys: Path
) -> None:
    rewrite(pack, lambda told: [told["steps"].pop(), told["steps"].pop(3)])
    rewrite(pack, lambda told: told["withheld"].append({"ordinal": 3, "reason": "副卷"}))
    not_given_out(pack, CASE)
    verdict = verify_path(relisted(pack), keys)
    assert verdict.status is Status.VERIFIED
    assert [check.name for check in verdict.checks if check.ok is None] == [
        f"{CASE}: steps", f"{CASE}: withheld", f"{CASE}: opening",
    ]  # fmt: skip


def test_what_the_record_gave_out_before_the_archive_is_whole_by_its_own_word(pack: Path, keys: Path) -> None:
    told = members()
    told["steps"].pop()
    told["steps"].pop(3)
    told["withheld"].append({"ordinal": 3, "reason": "副卷"})
    (pack / "data" / NAME).write_bytes(casefiles.case_file(told))
    given_out(pack, told)
    verdict = verify_path(relisted(pack), keys)
    assert verdict.status is Status.VERIFIED, verdict.summary
    assert verdict.complete, [check for check in verdict.checks if not check.ok]


@pytest.mark.parametrize("name", ["contents.html", "readme.txt", "bag-info.txt"])
def test_a_page_that_nothing_proves_is_named_and_the_verdict_is_not_complete(name: str, pack: Path, keys: Path) -> None:
    not_given_out(pack, CASE)
    (pack / name).write_text("<p>The fine is paid.</p>")
    verdict = verify_path(relisted(pack), keys)
    assert name in [check.name for check in verdict.checks if check.ok is None]
    assert not verdict.complete


def test_a_case_forged_with_fresh_keys_fits_together_and_is_not_trusted(tmp_path: Path, keys: Path) -> None:
    pack = write_case_pack(tmp_path / "forged")
    (pack / "data" / NAME).write_bytes(casefiles.case_file(members(sample.server("forger"))))
    assert verify_path(relisted(pack), None).status is Status.CONSISTENT_BUT_UNTRUSTED
    failed = verify_path(pack, keys).failed
    assert failed is not None
    assert failed.name == f"{CASE}: checkpoint"
