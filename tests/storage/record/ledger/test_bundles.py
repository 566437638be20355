"""Bundles: what verifies, what is only consistent, and which check names what is broken."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from storage.record.ledger.proofs import bundles, checkpoints, receipts, signatures, statements
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.keys import KeyRefused
from storage.record.ledger.proofs.statements import Statement
from storage.record.ledger.proofs.verdicts import Status, Verdict
from tests.vectors import sample

pytestmark = pytest.mark.quick

SERVER = sample.server()
TRUST = SERVER.keys.document()
MEMBERS = sample.members()
BUNDLE = receipts.bundle(**MEMBERS)


def verdict_on(
    data: bytes, *, trust: dict[str, Any] | None = TRUST, original: bytes | None = sample.ORIGINAL
) -> Verdict:
    stream = None if original is None else io.BytesIO(original)
    return bundles.verify_bundle(data, original=stream, trust=trust)


def changed(*path: str | int, to: Any) -> bytes:
    """The bundle with one member, found by its path, set to something else."""
    bundle: Any = parse_canonical(BUNDLE, bundles.LIMIT)
    inner = bundle
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return canonical(bundle)


def resigned(kind: str, name: str, **members: Any) -> bytes:
    """The bundle with a receipt changed and signed again by the server's own key: only its content is wrong."""
    receipt = {**MEMBERS[kind], **members}
    del receipt["signature"]
    return changed(kind, to=receipts.signed(receipt, kind, SERVER.signers[name]))


def test_a_bundle_with_its_original_and_trusted_keys_is_verified() -> None:
    verdict = verdict_on(BUNDLE)
    assert verdict.status is Status.VERIFIED, verdict.summary
    assert verdict.complete
    assert verdict.exit_code == 0
    assert verdict.summary == "VERIFIED: IMG_0001.jpg: sealed 2026-05-28T20:26:49.000+00:00 at position 270"
    assert [check.name for check in verdict.checks] == [
        "bundle",
        "keys",
        "statement",
        "declared",
        "declared-signature",
        "sealed",
        "entry",
        "sealed-signature",
        "agreement",
        "statement-signature",
        "checkpoint",
        "inclusion",
        "trust",
        "original",
    ]


def test_a_device_may_sign_with_ed25519_too() -> None:
    device = sample.ed25519("another device", "device")
    assert verdict_on(receipts.bundle(**sample.members(device=device))).complete


def test_without_trusted_keys_it_is_only_consistent() -> None:
    verdict = verdict_on(BUNDLE, trust=None)
    assert verdict.status is Status.CONSISTENT_BUT_UNTRUSTED
    assert verdict.exit_code == 2
    assert verdict.summary.startswith("CONSISTENT BUT UNTRUSTED: IMG_0001.jpg: sealed ")


def test_a_complete_bundle_forged_with_fresh_keys_does_not_reach_the_trusted_ones() -> None:
    forged = receipts.bundle(**sample.members(sample.server("forger"), device=sample.es256("forged device")))
    assert verdict_on(forged, trust=None).status is Status.CONSISTENT_BUT_UNTRUSTED
    verdict = verdict_on(forged)
    assert verdict.exit_code == 1
    assert verdict.failed is not None
    assert (verdict.failed.name, "does not reach a trusted key" in verdict.failed.detail) == ("trust", True)


def test_a_forger_who_lists_the_trusted_keys_beside_his_own_is_refused_too() -> None:
    forger = sample.server("forger")
    both = replace(forger, keys=replace(forger.keys, keys={**SERVER.keys.keys, **forger.keys.keys}))
    verdict = verdict_on(receipts.bundle(**sample.members(both)))
    assert verdict.status is Status.BROKEN
    assert verdict.summary.startswith("BROKEN: IMG_0001.jpg: trust: key promise-")


def test_keys_rotated_since_the_trusted_list_was_taken_are_reached_and_the_other_way_round() -> None:
    rotated = SERVER
    for name in ("promise", "receipt", "ledger"):
        rotated = rotated.rotated(name, f"next {name}", sample.DECLARED - 1_000)
    later = receipts.bundle(**sample.members(rotated))
    assert verdict_on(later).complete, "an old trust file"
    assert verdict_on(BUNDLE, trust=rotated.keys.document()).status is Status.VERIFIED, (
        "an old bundle, within the grace"
    )
    ended = SERVER.rotated("receipt", "next receipt", sample.RECEIPTED - 60_001)
    verdict = verdict_on(BUNDLE, trust=ended.keys.document())
    assert verdict.failed is not None
    assert verdict.failed.detail.endswith(f"was not valid at {sample.RECEIPTED}")


def test_a_missing_original_is_said_and_leaves_the_verdict_incomplete() -> None:
    verdict = verdict_on(BUNDLE, original=None)
    assert not verdict.complete
    assert verdict.summary.endswith("; original not given: bytes not checked")


@pytest.mark.parametrize(
    ("original", "detail"),
    [
        (sample.ORIGINAL + b"\0", "size is 52, not that of the statement (51)"),
        (b"", "size is 0"),
        (sample.ORIGINAL.replace(b"bytes", b"Bytes"), "SHA-256 is "),
    ],
)
def test_another_original_is_broken(original: bytes, detail: str) -> None:
    verdict = verdict_on(BUNDLE, original=original)
    assert verdict.failed is not None
    assert verdict.failed.name == "original"
    assert verdict.failed.detail.startswith(detail)


class Dripping(io.BytesIO):
    """A stream that gives little at a time, as sockets do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1_000_000))


def test_the_parts_of_a_large_original_are_counted_as_the_device_did() -> None:
    original = bytes(statements.PART_SIZE) + b"tail"
    stream = Dripping(original)
    large = sample.statement(**measured(original))
    data = receipts.bundle(**sample.members(signed=large))
    assert bundles.verify_bundle(data, original=stream, trust=TRUST).complete
    other = sample.statement(**{**measured(original), "parts_root": "00" * 32})
    verdict = verdict_on(receipts.bundle(**sample.members(signed=other)), original=original)
    assert verdict.failed is not None
    assert verdict.failed.detail.startswith("parts_root is ")


def measured(original: bytes) -> dict[str, Any]:
    parts = [original[at : at + statements.PART_SIZE] for at in range(0, len(original), statements.PART_SIZE)]
    root = statements.parts_root([sha256(part).digest() for part in parts])
    return {"size": len(original), "sha256": sha256(original).hexdigest(), "parts_root": root.hex()}


NEXT_HASH = ["00" * 32, *MEMBERS["sealed"]["proof"][1:]]
OTHER_STATEMENT = sample.statement(wall=1).encode()

BROKEN: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a space": (lambda: BUNDLE.replace(b'":{', b'": {', 1), "bundle", "not written canonically at byte "),
    "cut off": (lambda: BUNDLE[:-1], "bundle", f"not JSON at byte {len(BUNDLE) - 1}"),
    "an unknown member": (lambda: changed("note", to="x"), "bundle", "missing or unknown: note"),
    "another version": (lambda: changed("v", to="pithead/bundle/2"), "bundle", "v is not pithead/bundle/1"),
    "a path": (lambda: changed("file", to="../IMG_0001.jpg"), "bundle", "file is no plain file name"),
    "another origin": (lambda: changed("keys", "origin", to="other.example"), "checkpoint", "origin is "),
    "another key": (lambda: changed("keys", "keys", 0, "from", to=5), "trust", "from of key ledger-"),
    "an unsigned key": (lambda: changed("keys", "keys", 0, "public", to="AA"), "keys", "key 0: public is no key"),
    "no statement": (lambda: changed("statement", to=to_base64url(b"{}")), "statement", "v is not pithead/statement/1"),
    "another statement": (lambda: changed("statement", to=to_base64url(OTHER_STATEMENT)), "declared", "statement is "),
    "spare bits": (
        lambda: changed("statement", to=to_base64url(b"{}")[:-1] + "R"),
        "statement",
        "statement is base64url",
    ),
    "another signature": (
        lambda: changed("signature", to=to_base64url(bytes(64))),
        "statement-signature",
        "signature is not that of the device's key",
    ),
    "another promise": (
        lambda: changed("declared", "at", to=5),
        "declared-signature",
        "signature is not that of key promise-",
    ),
    "a promise of more": (lambda: changed("declared", "within", to=5), "declared", "within is not 60000"),
    "an unlisted key": (
        lambda: changed("declared", "key", to="promise-0"),
        "declared-signature",
        "key promise-0 is not in",
    ),
    "a promise by the receipt key": (
        lambda: resigned("declared", "receipt", key=SERVER.signers["receipt"].id),
        "declared-signature",
        "is no promise key",
    ),
    "a promise before the key": (
        lambda: resigned("declared", "promise", at=5),
        "declared-signature",
        "was not valid at 5",
    ),
    "a promise at another time": (
        lambda: resigned("declared", "promise", at=sample.DECLARED + 1),
        "agreement",
        "entry.data.declared_at is 1780000000500",
    ),
    "another evidence": (
        lambda: resigned("sealed", "receipt", evidence=sample.uuid_of("other")),
        "agreement",
        "sealed.evidence is ",
    ),
    "another entry": (lambda: changed("sealed", "payload", to="{}"), "entry", "not an object of v, id"),
    "an entry not canonical": (
        lambda: resigned("sealed", "receipt", payload=MEMBERS["sealed"]["payload"] + " "),
        "entry",
        "not written canonically at byte ",
    ),
    "another position": (
        lambda: resigned("sealed", "receipt", position="271"),
        "inclusion",
        "entry, salt, proof or root",
    ),
    "a position beyond": (
        lambda: resigned("sealed", "receipt", position="300"),
        "inclusion",
        "there is no position 300",
    ),
    "another salt": (
        lambda: resigned("sealed", "receipt", salt=to_base64url(bytes(32))),
        "inclusion",
        "entry, salt, proof",
    ),
    "another hash": (lambda: resigned("sealed", "receipt", proof=NEXT_HASH), "inclusion", "entry, salt, proof or root"),
    "a short proof": (
        lambda: resigned("sealed", "receipt", proof=NEXT_HASH[1:]),
        "inclusion",
        f"a proof of {len(NEXT_HASH) - 1} hashes is too short or too long",
    ),
    "another size": (
        lambda: resigned("sealed", "receipt", checkpoint=MEMBERS["sealed"]["checkpoint"].replace("\n300\n", "\n301\n")),
        "checkpoint",
        "the signature of ledger.pithead.example/vectors ",
    ),
    "a checkpoint by another key": (
        lambda: resigned(
            "sealed",
            "receipt",
            checkpoint=checkpoints.sign_checkpoint(sample.ORIGIN, 300, bytes(32), SERVER.signers["token"]),
        ),
        "checkpoint",
        "no ledger key of the list signed it",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_named_by_its_check(name: str) -> None:
    make, check, detail = BROKEN[name]
    verdict = verdict_on(make())
    assert verdict.status is Status.BROKEN
    assert verdict.failed is not None
    assert verdict.failed.name == check, verdict.failed
    assert detail in verdict.failed.detail
    assert f"{check}: " in verdict.summary


@pytest.mark.parametrize(
    "name", ["recording", "statement", "sha256", "size", "device", "maker", "evidence", "declared_at"]
)
def test_an_entry_that_speaks_of_something_else_is_named_by_its_member(name: str) -> None:
    signed, device = sample.statement(), sample.es256("vector device")
    other = (
        5 if name in ("size", "declared_at") else "00" * 32 if name in ("sha256", "statement") else sample.uuid_of("x")
    )
    data = receipts.bundle(**sample.members(sealed_entry=sample.entry(signed, device, **{name: other})))
    verdict = verdict_on(data)
    assert verdict.failed is not None
    assert verdict.failed.detail.startswith(f"entry.data.{name} is ")


def test_a_trust_file_that_is_no_keys_document_verifies_nothing() -> None:
    verdict = verdict_on(BUNDLE, trust={"v": "pithead/keys/1"})
    assert verdict.exit_code == 1
    assert verdict.failed is not None
    assert verdict.failed.name == "trust"


def test_a_byte_changed_anywhere_is_never_verified(tmp_path: Path) -> None:
    """Every third byte here; that every member is touched is seen to by the test of members below."""
    (tmp_path / sample.FILE).write_bytes(sample.ORIGINAL)
    chosen = random.Random(8785)
    with (tmp_path / sample.FILE).open("rb") as original:
        for at in range(chosen.randrange(3), len(BUNDLE), 3):
            for change in (1, chosen.randrange(2, 256)):
                data = bytearray(BUNDLE)
                data[at] ^= change
                original.seek(0)
                verdict = bundles.verify_bundle(bytes(data), original=original, trust=TRUST)
                assert verdict.status is Status.BROKEN, (at, change, bytes(data[at - 20 : at + 20]))


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for key, item in enumerate(value) for leaf in leaves(item, (*path, key))]
    return [(path, value)]


def test_a_member_changed_in_type_or_value_is_never_verified(tmp_path: Path) -> None:
    (tmp_path / sample.FILE).write_bytes(sample.ORIGINAL)
    with (tmp_path / sample.FILE).open("rb") as original:
        for path, value in leaves(parse_canonical(BUNDLE, bundles.LIMIT)):
            others: list[Any] = [
                0,
                "",
                [],
                {},
                True,
                [[]],
                {"": {}},
                "\u0000",
                value + 1 if type(value) is int else value + "A",
            ]
            for other in others:
                original.seek(0)
                verdict = bundles.verify_bundle(changed(*path, to=other), original=original, trust=TRUST)
                assert verdict.status is Status.BROKEN, (path, other)


def test_nothing_in_a_bundle_can_steer_the_terminal_of_its_reader() -> None:
    verdict = verdict_on(changed("declared", "key", to="promise-\x1b[2J\nVERIFIED"))
    assert verdict.failed is not None
    assert verdict.failed.detail.isprintable()
    assert verdict.summary.isprintable()


def test_a_declared_receipt_is_checked_by_itself_as_the_phone_does() -> None:
    data = Statement.encode(sample.statement())
    receipts.verify_declared(MEMBERS["declared"], statement=data, keys=SERVER.keys)
    for wrong, reason in [
        ({**MEMBERS["declared"], "entry": sample.uuid_of("x")}, "signature is not that"),
        ({**MEMBERS["declared"], "statement": "00" * 32}, "statement is not"),
        ({**MEMBERS["declared"], "signature": ""}, "signature is not 64 bytes"),
        ({**MEMBERS["declared"], "v": signatures.DOMAINS["sealed"]}, "v is not pithead/declared/1"),
        ({}, "missing or unknown: at"),
        ([], "not an object"),
    ]:
        with pytest.raises(receipts.ReceiptWrong, match=reason):
            receipts.verify_declared(wrong, statement=data, keys=SERVER.keys)
    with pytest.raises(KeyRefused):
        receipts.verify_declared(MEMBERS["declared"], statement=data, keys=sample.server("other").keys)
