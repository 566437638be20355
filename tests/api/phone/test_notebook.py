"""The phone's folder: what it keeps, who may read it, and how it survives being killed."""

import stat
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import pytest

from api.phone import disk
from api.phone.capture import Link
from api.phone.notebook import Device, KeptBeacon, Notebook, Piece, Session, State
from storage.record.ledger.proofs.canonical import to_base64url

pytestmark = pytest.mark.quick


class Killed(BaseException):
    """The phone dies here."""


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "phone")


def piece(**changes: object) -> Piece:
    told: dict[str, object] = {
        "id": str(uuid4()), "source": "/photo", "name": "photo", "into": "/out", "noted_at": 1,
        "place": {"source": "none"}, "recording": "r",
    }  # fmt: skip
    return Piece(**(told | changes))  # type: ignore[arg-type]  # Members by name, as the notebook reads them.


def test_what_is_written_is_read_again(notebook: Notebook) -> None:
    written = notebook.write_piece(piece(), state=State.SIGNED, seq=0, statement=to_base64url(b"bytes"))
    notebook.write_session(Session(refresh_token="token"))
    assert Notebook(notebook.folder).pieces() == [written]
    assert Notebook(notebook.folder).session() == Session(refresh_token="token")


def test_a_phone_keeps_the_id_that_it_made_first(notebook: Notebook) -> None:
    first = notebook.device(make=lambda: Device(id=str(uuid4()), login="li"))
    assert notebook.device(make=lambda: Device(id=str(uuid4()), login="li")) == first


def test_only_the_owner_reads_the_phone(notebook: Notebook) -> None:
    notebook.key(notebook.device(make=lambda: Device(id=str(uuid4()), login="li")))
    notebook.write_session(Session(refresh_token="token"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in notebook.folder.iterdir()}
    assert modes == {"device.json": 0o600, "device-key.pem": 0o600, "session.json": 0o600}
    assert stat.S_IMODE(notebook.folder.stat().st_mode) == 0o700


def test_the_chain_goes_on_from_the_last_signed_piece(notebook: Notebook) -> None:
    assert notebook.end_of_chain("r") == Link()
    notebook.write_piece(piece(), state=State.SIGNED, seq=0, statement=to_base64url(b"first"))
    notebook.write_piece(piece(), state=State.REFUSED, seq=1, statement=to_base64url(b"second"))
    notebook.write_piece(piece())
    notebook.write_piece(piece(recording="other"), state=State.SIGNED, seq=9, statement=to_base64url(b"other"))
    assert notebook.end_of_chain("r") == Link(2, sha256(b"second").hexdigest())


def test_a_kill_while_writing_leaves_what_stood_there_before(notebook: Notebook) -> None:
    notebook.write_session(Session(refresh_token="old"))
    with pytest.raises(Killed), disk.whole_file(notebook.folder / "session.json") as file:
        _die_in(file)
    assert notebook.session() == Session(refresh_token="old")
    assert [path.name for path in notebook.folder.iterdir()] == ["session.json"]


def test_a_damaged_file_is_named_and_not_guessed_at(notebook: Notebook) -> None:
    notebook.write_session(Session(refresh_token="token"))
    for damage in (b"", b"{", b"[]", b'{"other": 1}', b"\xff"):
        (notebook.folder / "session.json").write_bytes(damage)
        with pytest.raises(disk.Damaged, match=r"session\.json"):
            notebook.session()


def test_a_noted_piece_can_be_taken_back_and_a_signed_one_cannot(notebook: Notebook) -> None:
    noted, signed = notebook.write_piece(piece()), notebook.write_piece(piece(), state=State.SIGNED)
    notebook.forget_piece(noted)
    notebook.forget_piece(signed)
    assert notebook.pieces() == [signed]


def test_the_newest_beacon_is_the_one_to_use(notebook: Notebook) -> None:
    assert notebook.newest_beacon() is None
    kept = [KeptBeacon(beacon="a", key="k", signature="s", at=at) for at in (1, 3, 2)]
    notebook.write_beacons(kept)
    assert notebook.newest_beacon() == kept[1]


def _die_in(file: BinaryIO) -> None:
    file.write(b"half of a ses")
    raise Killed


@pytest.fixture
def in_use(tmp_path: Path) -> Iterator[Path]:
    """A folder that somebody else holds."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with disk.held(tmp_path):
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    yield tmp_path
    done.set()
    holder.join()


def test_two_processes_never_work_in_one_folder(in_use: Path) -> None:
    with pytest.raises(disk.FolderInUse), disk.held(in_use):
        pass
