"""Any course of a phone on disk: killed at any write, it signs each number of its chain once and takes every file."""

import errno
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.phone.gather import Gatherer
from api.phone.notebook import Piece, Recording, State
from api.phone.phone import Person, Phone, switch_on
from api.phone.server import Server
from api.phone.shelf import Shelf, new_shelf, unfinished
from api.phone.talk import Talk
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.chains import check_chains
from storage.record.ledger.proofs.statements import Statement

pytestmark = pytest.mark.quick

JPEG = b"\xff\xd8\xff\xe0 a photo "
CALLS = ("replace", "fsync", "unlink", "fchmod", "open")
"""What the phone asks of the system between two states of its folder."""


class Killed(BaseException):
    """The phone dies here: nothing in it catches this."""


class Death:
    """Strikes at one of the phone's calls of the system, before it or after it; or the disk is full from there on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, at: int, after: bool, full: bool) -> None:
        self.left, self.after, self.full, self.struck = at, after, full, False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._mortal(name, getattr(os, name)))

    def _mortal(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            if name == "open" and not args[1] & os.O_CREAT:
                return call(*args, **kwargs)
            self.left -= 1
            if self.full and self.left < 0 and name in ("open", "fsync"):
                self.struck = True
                raise OSError(errno.ENOSPC, "No space left on device", str(args[0]))
            if self.left == 0 and not self.full:
                self.struck = True
                if self.after:
                    call(*args, **kwargs)
                raise Killed(name)
            return call(*args, **kwargs)

        return called


class Shift:
    """A folder of a camera, and the phone that takes it; all that was ever signed, by the number in the chain."""

    def __init__(self, folder: Path, files: int) -> None:
        self.folder, self.root, self.signed = folder, folder / "camera", dict[int, str]()
        self.root.mkdir()
        for number in range(files):
            (self.root / f"{number}.jpg").write_bytes(JPEG + bytes([number]))
        (self.root / "text.jpg").write_bytes(b"only a text")
        self.phone = self._switch_on()
        recording = Recording(id=str(uuid4()), inspection=str(uuid4()), beacon={}, opened=True)
        new_shelf(
            self.phone.notebook.folder, root=str(self.root), into=folder / "out", recording=recording, site=str(uuid4())
        )

    def _switch_on(self) -> Phone:
        line = httpx.Client(transport=httpx.MockTransport(_no_network))
        made = switch_on(Person("li", "p"), self.folder / "phones" / "li", Server("http://nobody", line))
        made.device = replace(made.device, account=str(uuid4()), enrolled=True)
        return made

    def goes_on(self) -> Shelf:
        """One life of the phone, from what it finds on its disk."""
        shelf = unfinished(self.phone.notebook.folder, root=str(self.root))
        assert shelf is not None
        Gatherer(self.phone, shelf, Talk(lambda _: None, "en")).gather(self.root, leave_out=())
        return shelf

    def look(self) -> list[Piece]:
        """What stands on the disk now: each number of the chain always with the same bytes, each with its copy."""
        shelf = unfinished(self.phone.notebook.folder, root=str(self.root))
        assert shelf is not None
        for piece in shelf.pieces:
            if piece.state is not State.SIGNED:
                continue
            assert self.signed.setdefault(piece.seq, piece.statement) == piece.statement
            copy = shelf.original(piece).read_bytes()
            assert Statement.decode(from_base64url(piece.statement)).sha256 == sha256(copy).hexdigest()
        assert {one.statement for one in shelf.pieces if one.seq >= 0} >= set(self.signed.values()), "one is forgotten"
        return shelf.pieces


def _no_network(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"underground, and yet {request.url} was called")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    deaths=st.lists(st.tuples(st.integers(1, 40), st.booleans(), st.booleans()), max_size=6), files=st.integers(1, 4)
)
def test_killed_at_any_write_or_out_of_space_the_phone_signs_each_number_once_and_takes_every_file(
    deaths: list[tuple[int, bool, bool]], files: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shift = Shift(Path(folder), files)
        for at, after, full in deaths:
            with pytest.MonkeyPatch.context() as patch:
                death = Death(patch, at=at, after=after, full=full)
                try:
                    shift.goes_on()
                except Killed:
                    assert not full
                except OSError as fault:
                    if not full or fault.errno != errno.ENOSPC:
                        raise
                else:
                    assert not death.struck or not full
            shift.look()
        shift.goes_on()
        pieces = shift.look()
        assert sorted(one.source for one in pieces) == [*(f"{number}.jpg" for number in range(files)), "text.jpg"]
        assert [one.reason for one in pieces if one.state is State.REFUSED] == ["MEDIA_TYPE_NOT_TAKEN text/plain"]
        (chain,) = check_chains(from_base64url(one.statement) for one in pieces if one.seq >= 0)
        assert (chain.count, chain.whole) == (files, True)
        copies = {path.name for path in (shift.phone.notebook.folder / "shifts").glob("*/originals/*")}
        assert copies == {one.id for one in pieces if one.state is State.SIGNED}


def test_a_phone_killed_between_a_verified_receipt_and_letting_go_lets_go_when_it_comes_again(tmp_path: Path) -> None:
    shift = Shift(tmp_path, 2)
    shelf = shift.goes_on()
    first, second = [one for one in shelf.pieces if one.state is State.SIGNED]
    shelf.write(first, state=State.SEALED)
    again = unfinished(shift.phone.notebook.folder, root=str(shift.root))
    assert again is not None
    assert not again.original(first).exists()
    assert again.original(second).exists()
