"""A shift on disk without any server: what is taken, what is not and why, and what a kill leaves."""

import os
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from api.phone.drain import Meter
from api.phone.gather import Gatherer, plain_files
from api.phone.handover import plain_name
from api.phone.notebook import Recording, State
from api.phone.phone import Person, Phone, switch_on
from api.phone.server import Server
from api.phone.shelf import Shelf, new_shelf, unfinished
from api.phone.shift_end import closing_of
from api.phone.table import tell_end
from api.phone.talk import Talk
from api.phone.uploads import Progress
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.chains import check_chains
from storage.record.ledger.proofs.closings import Closing
from storage.record.ledger.proofs.statements import FIRST_PREV

pytestmark = pytest.mark.quick

JPEG = b"\xff\xd8\xff\xe0 a photo "


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    """A phone that was enrolled, with a line on which every call fails the test."""

    def no_network(request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"underground, and yet {request.url} was called")

    line = httpx.Client(transport=httpx.MockTransport(no_network))
    made = switch_on(Person("li", "p"), tmp_path / "phones" / "li", Server("http://nobody", line))
    made.device = replace(made.device, account=str(uuid4()), enrolled=True)
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "camera"
    for name in ("a/face.jpg", "b/face.jpg", "b/顶板 🪨.jpg", "..%2f..%2fetc.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(JPEG + name.encode())
    return folder


def a_shelf(phone: Phone, root: Path) -> Shelf:
    recording = Recording(id=str(uuid4()), inspection=str(uuid4()), beacon={}, opened=True)
    return new_shelf(
        phone.notebook.folder, root=str(root), into=root.parent / "out", recording=recording, site=str(uuid4())
    )


def unheard(folder: Path, fault: OSError) -> None:
    raise AssertionError(f"{folder}: {fault}")


def gather(phone: Phone, shelf: Shelf, root: Path) -> list[str]:
    told: list[str] = []
    Gatherer(phone, shelf, Talk(told.append, "en")).gather(root, leave_out=())
    return told


def test_a_folder_is_signed_for_without_network_under_names_that_are_safe_and_differ(phone: Phone, root: Path) -> None:
    shelf = a_shelf(phone, root)
    gather(phone, shelf, root)
    assert [piece.state for piece in shelf.pieces] == [State.SIGNED] * 4
    assert [piece.source for piece in shelf.pieces] == [
        "..%2f..%2fetc.jpg", "a/face.jpg", "b/face.jpg", "b/顶板 🪨.jpg",
    ]  # fmt: skip
    names = [piece.name for piece in shelf.pieces]
    assert len(set(names)) == 4
    assert all(Path(name).name == name for name in names)
    (chain,) = check_chains(from_base64url(piece.statement) for piece in shelf.pieces)
    assert (chain.count, chain.whole) == (4, True)


def test_what_is_no_evidence_is_not_taken_and_named_before_anything_is_signed(phone: Phone, root: Path) -> None:
    (root / "notes.jpg").write_bytes(b"only a text")
    (root / "sheet.csv").write_text("号" + "井口" * 400, encoding="utf-8")
    (root / "noise.bin").write_bytes(b"\xe4\xba")
    (root / "empty.jpg").touch()
    (root / "picture.gif").write_bytes(b"GIF89a....")
    shelf = a_shelf(phone, root)
    told = gather(phone, shelf, root)
    refused = {piece.source: piece.reason for piece in shelf.pieces if piece.state is State.REFUSED}
    assert refused == {
        "notes.jpg": "MEDIA_TYPE_NOT_TAKEN text/plain",
        "sheet.csv": "MEDIA_TYPE_NOT_TAKEN text/plain",
        "noise.bin": "MEDIA_TYPE_NOT_TAKEN application/octet-stream",
        "empty.jpg": "SIZE_NOT_TAKEN 0",
        "picture.gif": "MEDIA_TYPE_NOT_TAKEN image/gif",
    }
    assert "notes.jpg: not taken: it is no photo, film or sound but text/plain (MEDIA_TYPE_NOT_TAKEN)" in told
    assert shelf.end_of_chain.seq == 4
    kept = {path.name for path in (shelf.notebook.folder / "originals").iterdir()}
    assert kept == {piece.id for piece in shelf.pieces if piece.state is State.SIGNED}


def test_after_a_kill_the_shelf_goes_on_where_it_was_and_takes_nothing_twice(phone: Phone, root: Path) -> None:
    shelf = a_shelf(phone, root)
    gather(phone, shelf, root)
    (shelf.notebook.folder / "originals" / str(uuid4())).write_bytes(b"copied, never signed")
    (root / "late.jpg").write_bytes(JPEG)
    again = unfinished(phone.notebook.folder, root=str(root))
    assert again is not None
    assert (again.pieces, again.end_of_chain) == (shelf.pieces, shelf.end_of_chain)
    gather(phone, again, root)
    assert [piece.source for piece in again.pieces][4:] == ["late.jpg"]
    assert len(list((shelf.notebook.folder / "originals").iterdir())) == 5
    again.keep(told=True)
    assert unfinished(phone.notebook.folder, root=str(root)) is None


def test_links_pipes_and_the_phones_own_folders_are_no_files_of_the_shift(root: Path) -> None:
    os.mkfifo(root / "pipe")
    (root / "link.jpg").symlink_to(root / "a" / "face.jpg")
    (root / "round").symlink_to(root)
    files = plain_files(root, leave_out=(root / "b",), unreadable=unheard)
    assert [path.relative_to(root).as_posix() for path in files] == ["..%2f..%2fetc.jpg", "a/face.jpg"]


def test_a_folder_that_cannot_be_read_is_named_and_stops_nothing(phone: Phone, root: Path) -> None:
    # Deeper than a path can be long: whoever may read everything is refused as well.
    here = os.open(root, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("n" * 200, dir_fd=here)
        here, above = os.open("n" * 200, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)
    shelf = a_shelf(phone, root)
    told = gather(phone, shelf, root)
    gather(phone, shelf, root)
    assert [piece.state for piece in shelf.pieces].count(State.SIGNED) == 4
    (refused,) = [piece for piece in shelf.pieces if piece.state is State.REFUSED]
    assert (refused.source[-2:], refused.reason) == ("n/", "UNREADABLE File name too long")
    assert any(line.endswith("n/: not taken: it cannot be read: File name too long") for line in told)


def test_folders_nested_deeper_than_a_call_stack_are_read(tmp_path: Path) -> None:
    deep = tmp_path / "/".join("d" * 1_100)
    here = tmp_path
    for _ in range(1_100):
        here = here / "d"
        here.mkdir()
    (deep / "a.jpg").write_bytes(JPEG)
    assert [path.name for path in plain_files(tmp_path, unreadable=unheard)] == ["a.jpg"]
    # What clears temporary folders away may well recurse.
    (deep / "a.jpg").unlink()
    while here != tmp_path:
        here.rmdir()
        here = here.parent


def test_a_name_that_is_no_utf8_is_taken_and_written_down(phone: Phone, root: Path) -> None:
    (root / os.fsdecode(b"bad\xff\x1b[2J.jpg")).write_bytes(JPEG)
    shelf = a_shelf(phone, root)
    told = gather(phone, shelf, root)
    assert sum(piece.source.startswith("bytes:") for piece in shelf.pieces) == 1
    assert all(line.isprintable() for line in told)
    assert "bad__[2J.jpg" in {piece.name for piece in shelf.pieces}


def test_a_long_name_leaves_room_for_what_is_put_to_it() -> None:
    name = plain_name(Path("井" * 83 + ".jpg"), Path("/nowhere"), taken=set(), id="0" * 36)
    assert len(name.encode()) <= 200
    assert name.endswith("井.jpg")


def test_the_closing_gives_a_reason_for_each_piece_that_is_no_evidence(phone: Phone, root: Path) -> None:
    shelf = a_shelf(phone, root)
    gather(phone, shelf, root)
    first, second, third, last = shelf.pieces
    for piece in (first, third):
        shelf.write(piece, state=State.SEALED)
    shelf.write(second, state=State.QUARANTINED, reason="HASH_DIFFERS")
    shelf.write(last, state=State.REFUSED, reason="MALFORMED\n what")
    said = closing_of(shelf, closer=phone.account, device=phone.device.id)
    assert said.chains == {phone.device.id: (4, FIRST_PREV)}
    assert [(gap.first, gap.last, gap.reason) for gap in said.gaps] == [
        (1, 1, "被隔离：内容与声明的摘要不符"), (3, 3, "被拒绝：MALFORMED what"),
    ]  # fmt: skip
    said.encode()


def test_a_closing_with_hundreds_of_scattered_gaps_says_them_shorter_and_fits(phone: Phone, root: Path) -> None:
    shelf = a_shelf(phone, root)
    for number in range(800):
        (root / f"{number}.jpg").write_bytes(JPEG + bytes(str(number), "ascii"))
    gather(phone, shelf, root)
    for piece in shelf.pieces[::2]:
        shelf.write(piece, state=State.SEALED)
    for piece in shelf.pieces[1::2]:
        shelf.write(piece, state=State.REFUSED, reason=f"NOT_ALLOWED {'不可' * 60} {piece.seq}")
    said = closing_of(shelf, closer=phone.account, device=phone.device.id)
    assert len(said.gaps) == 402
    assert {gap.reason for gap in said.gaps} == {"REFUSED: NOT_ALLOWED"}
    chains = check_chains(from_base64url(piece.statement) for piece in shelf.pieces[::2])
    assert Closing.decode(said.encode()).contradictions(chains) == []


def test_the_end_names_every_piece_that_is_not_sealed_and_says_a_reason_of_many_once(phone: Phone, root: Path) -> None:
    shelf = a_shelf(phone, root)
    for number in range(5):
        (root / f"{number}.txt").write_bytes(b"only a text")
    gather(phone, shelf, root)
    first, second, third, fourth = [piece for piece in shelf.pieces if piece.state is State.SIGNED]
    shelf.write(first, state=State.SEALED, grade="SIGNED_AT_CAPTURE")
    shelf.write(second, state=State.LOST, reason="COPY_GONE")
    shelf.write(third, state=State.RECEIVED, reason="NOT_YET_SEALED")
    shelf.write(fourth, state=State.SEALED, grade="SIGNED_AT_CAPTURE")
    told: list[str] = []
    assert tell_end(shelf, Talk(told.append, "en")) == 1
    gone = "the phone's copy was lost after it was signed, before it was sent"
    assert told[:6] == [
        "not sealed: 5 files: refused: it is no photo, film or sound but text/plain (MEDIA_TYPE_NOT_TAKEN)",
        *(f"        {number}.txt" for number in range(5)),
    ]
    assert told[6] == f"not sealed: {second.source}: lost: {gone}"
    assert "          of these      2 signed at capture" in told
    assert told[-1] == (
        "9 files, 2 sealed, 5 refused, 0 quarantined, 1 lost, 1 unfinished (run it again to go on)"
    )  # fmt: skip
    assert not shelf.shift.told


def test_the_meter_adds_up_the_sendings_of_a_stage() -> None:
    told: list[tuple[int, int]] = []
    meter = Meter(lambda sent, total, _: told.append((sent, total)), 100, _said=float("-inf"))
    first, second = Progress(40, 1, sent=40), Progress(60, 2, sent=10)
    meter.hear(first)
    meter._said = float("-inf")
    meter.hear(second)
    assert told == [(40, 100), (50, 100)]
