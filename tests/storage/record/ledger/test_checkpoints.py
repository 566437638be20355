"""Checkpoints: what is signed, who signed, what is ignored and what is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs import checkpoints
from storage.record.ledger.proofs.checkpoints import CheckpointMalformed, NoteKey, parse_checkpoint
from tests.vectors import sample

pytestmark = pytest.mark.quick

LOG, WITNESS = sample.ed25519("log", "ledger"), sample.ed25519("witness", "witness")
ORIGIN = "log.example/1"
KEY, WITNESS_KEY = NoteKey(ORIGIN, LOG.public), NoteKey("witness.example", WITNESS.public)
NOTE = checkpoints.sign_checkpoint(ORIGIN, 7, b"\x01" * 32, LOG)


def test_a_checkpoint_is_read_back_with_its_signer() -> None:
    checkpoint = parse_checkpoint(NOTE, [WITNESS_KEY, KEY])
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 7, b"\x01" * 32)
    assert checkpoint.signed_by(ORIGIN) == (KEY,)
    assert NOTE.startswith(f"{ORIGIN}\n7\n{base64.b64encode(bytes([1] * 32)).decode()}\n\n— {ORIGIN} ")


def test_a_witness_signs_the_same_body_and_both_are_found() -> None:
    note = checkpoints.cosign(NOTE, "witness.example", WITNESS)
    assert note.startswith(NOTE)
    checkpoint = parse_checkpoint(note, [KEY, WITNESS_KEY])
    assert checkpoint.signed_by(ORIGIN) == (KEY,)
    assert checkpoint.signed_by("witness.example") == (WITNESS_KEY,)


def test_a_signature_by_an_unknown_key_counts_for_nothing() -> None:
    checkpoint = parse_checkpoint(NOTE, [WITNESS_KEY])
    assert checkpoint.signed_by(ORIGIN) == ()
    assert checkpoint.signatures[0].key is None
    assert parse_checkpoint(NOTE, [NoteKey(ORIGIN, WITNESS.public)]).signed_by(ORIGIN) == ()


def test_a_body_that_the_known_key_did_not_sign_is_refused() -> None:
    with pytest.raises(CheckpointMalformed, match=r"signature of log\.example/1 .* does not cover this body"):
        parse_checkpoint(NOTE.replace("\n7\n", "\n8\n"), [KEY])


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("", "does not end its last line"),
        (NOTE[:-1], "does not end its last line"),
        (NOTE * 100, "too long"),
        (NOTE.replace("\n\n", "\n"), "no empty line"),
        (NOTE.split("—")[0], "no empty line"),
        (NOTE + "\n", "a signature line is not"),
        (NOTE.replace("— ", "- "), "a signature line is not"),
        (NOTE[:-3] + "\n", "a signature line is not"),
        (NOTE.replace("\n7\n", "\n7\nextension\n"), "the body has 4 lines"),
        (NOTE.replace("\n7\n", "\n07\n"), "line 2"),
        (NOTE.replace("\n7\n", "\n-7\n"), "line 2"),
        (NOTE.replace("\n7\nAQ", "\n7\n"), "line 3"),
        (NOTE.replace("AQE=\n", "AQF=\n"), "line 3"),
        (NOTE.replace(f"{ORIGIN}\n7", "log example\n7"), "line 1"),
        (NOTE.replace(f"{ORIGIN}\n7", "pithead/sealed/1\n7"), "line 1"),
    ],
)
def test_a_note_that_is_no_checkpoint_is_refused_with_the_line(note: str, reason: str) -> None:
    with pytest.raises(CheckpointMalformed, match=reason):
        parse_checkpoint(note, [])


@given(st.text(max_size=200))
def test_any_text_is_read_or_cleanly_refused(text: str) -> None:
    for note in (text, f"{text}\n\n— a AAAAAAA=\n", f"{ORIGIN}\n7\n{text}\n\n{text}\n"):
        with pytest.raises(CheckpointMalformed):
            parse_checkpoint(note, [KEY])


def test_what_could_not_be_read_back_is_not_signed() -> None:
    for origin, size, root in [
        ("a b", 1, bytes(32)),
        ("pithead/key/1", 1, bytes(32)),
        ("a", -1, bytes(32)),
        ("a", 1, b""),
    ]:
        with pytest.raises(ValueError, match="a checkpoint names"):
            checkpoints.sign_checkpoint(origin, size, root, LOG)
    with pytest.raises(ValueError, match="no spaces"):
        checkpoints.cosign(NOTE, "a b", WITNESS)
