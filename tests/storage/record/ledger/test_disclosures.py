"""Tests of the file that proves a disclosure: checked offline, and what a forger of any part of it is told."""

import random
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storage.record.ledger.proofs import disclosures
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.disclosures import COPY_VERSION, LIMIT, is_bundle, verify_bundle
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.verdicts import Status, Verdict
from storage.record.ledger.proofs.verify import verify_path
from tests.vectors import sample
from tests.vectors.disclosed import COPY, SHOWN, entry, made, of

pytestmark = pytest.mark.quick

TRUST = sample.server().keys.document()


def verdict(data: bytes, trust: dict[str, Any] | None = TRUST) -> Verdict:
    return verify_bundle(data, trust)


def failed(data: bytes) -> str:
    """The check that failed first."""
    found = verdict(data)
    assert found.status is Status.BROKEN
    assert found.failed is not None
    return found.failed.name


@pytest.mark.parametrize("kinds", [("published",), SHOWN, ("published", "withdrawn", "restored")])
def test_what_is_shown_is_verified_to_the_last_check(kinds: Sequence[str]) -> None:
    found = verdict(made(of(kinds)))
    assert (found.status, found.complete) == (Status.VERIFIED, True), found.summary
    assert is_bundle(made(of(kinds)))


def test_without_trusted_keys_it_is_consistent_and_nobody_may_rely_on_it() -> None:
    assert verdict(made(of()), None).status is Status.CONSISTENT_BUT_UNTRUSTED
    forged = made(of(), server=sample.server("forger"))
    assert verdict(forged, None).status is Status.CONSISTENT_BUT_UNTRUSTED
    assert failed(forged) == "trust"


def test_a_copy_in_which_one_word_was_changed_is_named() -> None:
    assert failed(made(of(), copy=COPY.replace("甲".encode(), "乙".encode()))) == "agreement"
    other = canonical({"v": COPY_VERSION, "kind": "RESULT"})
    relabelled = [replace(one, data=one.data | {"digest": sha256(other).hexdigest()}) for one in of()]
    assert failed(made(relabelled, copy=other)) == "agreement"


@pytest.mark.parametrize(
    "entries",
    [
        of(("published", "withdrawn")),
        of(("published", "repaired")),
        of(("published", "expired")),
        of(("corrected",)),
        [of()[0], of()[2]],  # One is left out.
        [of()[1], of()[0]],
        [of()[0], entry("corrected", 1, subject="another")],
        [replace(of()[0], kind="case.published")],
        [replace(of()[0], data=of()[0].data | {"who": "x"})],
        [replace(of()[0], data=of()[0].data | {"digest": "x"})],
        [of()[0], replace(of()[1], data=of()[1].data | {"ordinal": True})],
        [replace(of()[0], data=of()[0].data | {"ordinal": False})],
    ],
)
def test_what_was_taken_down_or_left_out_is_named(entries: list[Entry]) -> None:
    assert failed(made(entries)) == "entries"


def test_an_entry_of_another_place_or_salt_is_named() -> None:
    whole = parse_canonical(made(of()), LIMIT)
    for member, value in (("position", "1"), ("salt", "A" * 43), ("proof", [])):
        changed = parse_canonical(canonical(whole), LIMIT)
        changed["entries"][0][member] = value
        assert failed(canonical(changed)) in ("inclusion", "entries")


def test_no_byte_may_be_changed() -> None:
    data, chance = made(of()), random.Random(7)  # The same bytes each time.
    for _ in range(300):
        at = chance.randrange(len(data))
        broken = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        assert verdict(broken).status is Status.BROKEN


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"v":"pithead/disclosure-bundle/1"}', b"9" * 2_000_000])
def test_nonsense_is_broken_and_never_a_fault(data: bytes) -> None:
    assert verdict(data).status is Status.BROKEN


@pytest.mark.parametrize("member", ["v", "copy", "entries", "checkpoint", "keys"])
@pytest.mark.parametrize("value", [1, "x", [], {}, [1], {"x": 1}])
def test_a_member_of_another_kind_is_broken_and_never_a_fault(member: str, value: Any) -> None:
    whole = parse_canonical(made(of()), LIMIT)
    assert verdict(canonical({**whole, member: value})).status is Status.BROKEN


def test_the_file_is_known_by_its_name_or_by_what_it_says(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(canonical(TRUST))
    for name in ("a.disclosure.json", "any.json"):
        path = tmp_path / name
        path.write_bytes(made(of()))
        assert verify_path(path, keys).status is Status.VERIFIED
    (tmp_path / "any.json").unlink()
    assert verify_path(tmp_path, keys).status is Status.VERIFIED
    assert disclosures.SUFFIX == ".disclosure.json"
