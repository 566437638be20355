"""Codes of notice boards: small enough for a QR code, checked by the trusted keys alone, and no sign may be changed."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from api.phone.verify import main_verify, main_verify_code
from storage.record.ledger.proofs import checkpoints, entries, merkle
from storage.record.ledger.proofs.base45 import ALPHABET, from_base45, to_base45
from storage.record.ledger.proofs.commitments import codes, reading
from storage.record.ledger.proofs.commitments.codes import Code, CodeMalformed
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.vectors import promised, sample

pytestmark = pytest.mark.quick

SERVER = sample.server()
TRUST = SERVER.keys.document()
CODES = {way: codes.code_of(promised.bundled(way)).encode() for way in promised.WAYS}


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_the_specification(data: bytes, text: str) -> None:
    assert (to_base45(data), from_base45(text)) == (text, data)


@given(st.binary(max_size=40), st.text(alphabet=ALPHABET + "a", max_size=12))
def test_base45_is_read_back_and_written_in_one_way_only(data: bytes, text: str) -> None:
    assert from_base45(to_base45(data)) == data
    try:
        found = from_base45(text)
    except ValueError:
        return
    assert to_base45(found) == text


@pytest.mark.parametrize("way", promised.WAYS)
def test_a_code_proves_by_the_trusted_keys_alone_who_signed_what_and_when(way: str) -> None:
    verdict = reading.verify_code(CODES[way], TRUST)
    assert verdict.status is Status.VERIFIED, verdict.summary
    told = "in ink (the lower level)" if way == "ink" else f"by {way.split(',')[0]}"
    assert verdict.summary == (
        "VERIFIED: commitment of 样例煤矿 for 2027: signed 2027-01-26T21:46:40.000+00:00 by 王某 "
        f"{told}; whether it still stands, the log says"
    )
    assert not verdict.complete, "who checked the key is for the bundle to prove"
    assert reading.verify_code(CODES[way], None).status is Status.CONSISTENT_BUT_UNTRUSTED
    assert Code.decode(CODES[way]).encode() == CODES[way]


def test_a_log_whose_key_the_list_does_not_know_is_refused_and_a_former_key_is_not() -> None:
    forged = codes.code_of(promised.bundled(by=sample.server("forger"))).encode()
    verdict = reading.verify_code(forged, TRUST)
    assert verdict.failed is not None
    assert (verdict.failed.name, verdict.status) == ("checkpoint", Status.BROKEN)
    later = SERVER.rotated("ledger", "next ledger", promised.SIGNED + 1).keys.document()
    assert reading.verify_code(CODES["passkey"], later).status is Status.VERIFIED
    before = SERVER.rotated("ledger", "next ledger", promised.SIGNED - 60_001).keys.document()
    assert reading.verify_code(CODES["passkey"], before).status is Status.BROKEN


@pytest.mark.parametrize("way", promised.WAYS)
def test_a_sign_changed_anywhere_is_caught(way: str) -> None:
    whole, chosen = CODES[way], random.Random(11)
    step = 40 if "SM2" in way else 3
    for at in range(chosen.randrange(step), len(whole), step):
        other = chosen.choice([sign for sign in ALPHABET if sign != whole[at]])
        verdict = reading.verify_code(whole[:at] + other + whole[at + 1 :], TRUST)
        assert verdict.status is Status.BROKEN, at
        assert verdict.failed is not None


@given(st.text(alphabet=ALPHABET, max_size=300), st.text(max_size=20))
def test_whatever_a_camera_reads_is_answered(code: str, other: str) -> None:
    for text in (code, other, codes.PREFIX + code, CODES["ink"][: len(code)] + code):
        assert reading.verify_code(text, TRUST).status is Status.BROKEN


def large(way: str, depth: int) -> Code:
    """A code in a log of 2^depth leaves, in which the other leaves are made up."""
    code, path = codes.code_of(promised.bundled(way)), [sha256(bytes([at])).digest() for at in range(depth)]
    size = 1 << depth
    leaf = merkle.leaf_hash(entries.digest(code.salt, code.entry.encode()))
    root = merkle.inclusion_root(leaf, code.position, size, path)
    assert root is not None
    signer = SERVER.signers["ledger"]
    signature = signer.sign(checkpoints.body(SERVER.keys.origin, size, root).encode())
    return replace(code, proof=tuple(path), size=size, log_signature=signature)


@pytest.mark.parametrize("way", promised.WAYS)
def test_the_code_of_a_log_of_four_thousand_million_entries_fits_a_qr_code(way: str) -> None:
    text = large(way, 32).encode()
    assert len(from_base45(text.removeprefix(codes.PREFIX))) <= codes.LIMIT
    assert reading.verify_code(text, TRUST).status is Status.VERIFIED
    made = segno.make_qr(text, error="l", boost_error=False)
    assert (made.mode, int(made.version) <= 33) == ("alphanumeric", True)


def test_what_a_code_has_no_room_for_is_refused_when_it_is_made() -> None:
    code = large("passkey", 16)
    data = {**code.entry.data, "mine_name": "井" * 100}
    for wrong in (
        large("passkey", 50), replace(code, entry=replace(code.entry, data=data)), replace(code, nonce=b""),
        replace(code, entry=replace(code.entry, data={**code.entry.data, "more": 1})), replace(code, size=-1),
        replace(code, entry=replace(code.entry, kind="commitment.sealed")),
    ):  # fmt: skip
        with pytest.raises(CodeMalformed):
            wrong.encode()


def test_files_and_codes_are_checked_by_one_command(tmp_path: Path) -> None:
    keys, bundle = tmp_path / "keys.json", tmp_path / "样例煤矿-2027.commitment.json"
    keys.write_text(json.dumps(TRUST))
    bundle.write_bytes(promised.bundled("passkey", sealed=True, pdf=promised.STAMPED))
    assert verify_path(bundle, keys).complete
    assert verify_path(tmp_path, keys).complete
    renamed = bundle.rename(tmp_path / "download (1).json")
    lines: list[str] = []
    assert main_verify(path=renamed, trust=keys, say=lines.append) == 0
    told = "".join("".join(lines).split())
    assert "样例煤矿2027年度承诺书，王某于2027-01-2705:46以本人通行密钥签署" in told
    assert "?year=2027ontheserver" in told
    assert main_verify_code(code=CODES["passkey"], trust=keys, say=lines.append) == 0
    assert main_verify_code(code="https://pithead.example/x", trust=keys, say=lines.append) == 2
    assert lines[-1] == "NOT CHECKED: code: it does not begin with PH1:"
    assert main_verify_code(code=CODES["passkey"], trust=None, say=lines.append) == 2
    assert main_verify_code(code=CODES["passkey"][:-2], trust=keys, say=lines.append) == 1
    assert main_verify_code(code=CODES["passkey"], trust=tmp_path / "none.json", say=lines.append) == 2
    alone = [sys.executable, "-m", "storage.record.ledger.proofs", "--qr", CODES["ink"], "--trust", str(keys)]
    assert subprocess.run(alone, check=False, capture_output=True).returncode == 0
