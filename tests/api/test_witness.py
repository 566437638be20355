"""Tests of the witness: it co-signs what only grows, goes on after a restart, and keeps the evidence of a fork."""

import base64
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from api.witness import LogForked, LogUnreachable, Witness
from storage.record.ledger.proofs import checkpoints, merkle
from storage.record.ledger.proofs.checkpoints import NoteKey, parse_checkpoint
from tests.api.web.node import answers
from tests.vectors import sample

pytestmark = pytest.mark.quick

SERVER = sample.server()


class Log:
    """A log of so many leaves, as it is served; with another word it is another log."""

    def __init__(self) -> None:
        self.size, self.word, self.server = 5, "leaf", SERVER

    def tiles(self, size: int) -> dict[merkle.TileKey, bytes]:
        leaves = [merkle.leaf_hash(sha256(f"{self.word} {at}".encode()).digest()) for at in range(size)]
        return dict(merkle.extend(0, leaves, {}).changed_tiles)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/.well-known/pithead-keys":
            return httpx.Response(200, json=self.server.keys.document())
        if request.url.path == "/log/checkpoint":
            root = merkle.root(self.size, self.tiles(self.size))
            note = checkpoints.sign_checkpoint(sample.ORIGIN, self.size, root, self.server.signers["ledger"])
            return httpx.Response(200, text=note)
        asked = parse_qs(request.url.query.decode())
        old, new = int(asked["old"][0]), int(asked["new"][0])
        proof = merkle.consistency_proof(old, new, self.tiles(new))
        return httpx.Response(200, json={"proof": [item.hex() for item in proof]})


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def started(log: Log, tmp_path: Path) -> Callable[[], Witness]:
    """Starts the witness, each time anew over the same folder."""

    def start() -> Witness:
        http = httpx.Client(transport=httpx.MockTransport(log.answer))
        witness = Witness(tmp_path / "witness", "http://log", http)
        witness.trust(SERVER.keys.document())
        return witness

    return start


def test_what_grows_is_co_signed_and_both_verifiers_take_the_note(log: Log, started: Callable[[], Witness]) -> None:
    first = started().look()
    log.size = 300
    note, witness = started().look(), started()
    assert started().look() == note, "the same checkpoint again is the same note"
    assert first != note
    keys = [*SERVER.keys.note_keys(), NoteKey(witness.name, witness.signer().public)]
    checkpoint = parse_checkpoint(note, keys)
    assert checkpoint.size == 300
    assert [line.name for line in checkpoint.signatures if line.key] == [sample.ORIGIN, witness.name]
    told = [{"name": key.name, "public": base64.b64encode(key.public).decode()} for key in keys]
    (answer,) = answers([{"ask": "checkpoint", "note": note, "keys": told}])
    assert answer == {"size": "300", "signers": [sample.ORIGIN, witness.name]}
    assert len(list((witness.folder / "notes").iterdir())) == 2
    assert witness.verifier().startswith(f"{witness.name}+")


@pytest.mark.parametrize("size", [3, 5, 9])
def test_a_fork_is_refused_and_both_notes_are_kept(size: int, log: Log, started: Callable[[], Witness]) -> None:
    before = started().look()
    log.size, log.word = size, "another leaf"
    with pytest.raises(LogForked):
        started().look()
    witness = started()
    (found,) = (witness.folder / "forks").iterdir()
    kept = json.loads(found.read_text())
    assert kept["before"] == before
    assert parse_checkpoint(kept["after"], SERVER.keys.note_keys()).size == size
    assert len(list((witness.folder / "notes").iterdir())) == 1
    log.size, log.word = 9, "leaf"
    assert started().look().splitlines()[1] == "9", "the log that it knows is co-signed still"


def test_a_log_signed_by_another_key_is_not_taken_and_a_rotated_one_is(
    log: Log, started: Callable[[], Witness]
) -> None:
    log.server = sample.server("forger")
    with pytest.raises(LogUnreachable):
        started().look()
    log.server = SERVER.rotated("ledger", "next ledger", sample.SEALED)
    assert started().look().splitlines()[1] == "5"
    assert not list((started().folder / "forks").glob("*"))


def test_an_answer_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    given: list[Any] = []

    def endless() -> Iterator[bytes]:
        while len(given) < 1_000:
            given.append(len(given))
            yield bytes(65_536)

    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=endless())))
    with pytest.raises(LogUnreachable, match="more than"):
        Witness(tmp_path, "http://log", http).get("/log/checkpoint")
    assert len(given) < 20
