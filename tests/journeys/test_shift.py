"""A whole shift from a folder to sealed receipts and a closing of two officers, by the reference field client."""

import asyncio
import io
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from api.embedded.postgres import DatabaseAddresses
from api.phone.pack import NOT_GIVEN_OUT, main_pack
from api.phone.shelf import Origin
from api.phone.shift import main_shift
from api.phone.verify import main_verify
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.takeovers import Takeover
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path
from tests.journeys.running import OFFICERS, Service, running_service
from tests.servers import Servers

SEALED, FAILED, NO_EVIDENCE = 0, 1, 3


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    """One service for all journeys of this file."""
    with tempfile.TemporaryDirectory(prefix="pithead-shift-") as folder:
        async with running_service(servers, template, Path(folder)) as running:
            yield running


class Killed(BaseException):
    """The phone is killed: nothing in it catches this."""


@dataclass
class Life(httpx.BaseTransport):
    """A real line; notes each call and each sentence in one list, and kills the phone after the answer to one call."""

    dies_at: str | None = None
    spoil: str | None = None
    moments: list[str] = field(default_factory=list)
    line: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = request.read().decode().partition(" { ")[2].partition("(")[0]
        response = self.line.handle_request(request)
        response.read()
        self.moments.append(f"called {name}")
        if name and name == self.dies_at:
            raise Killed(name)
        if name == "evidence" and self.spoil is not None:
            return self._spoilt(request, response)
        return response

    def close(self) -> None:
        self.line.close()

    def _spoilt(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        """The answer with a receipt of one piece that proves nothing."""
        told = response.json()
        pieces = sorted(told["data"]["evidence"], key=lambda one: str(one["uuid"]))
        self.spoil = self.spoil or pieces[0]["uuid"]
        for piece in pieces:
            if piece["uuid"] == self.spoil and piece["receipt"]:
                piece["receipt"] = "e30"
        return httpx.Response(200, content=json.dumps(told).encode(), request=request)


@dataclass
class Cut(httpx.BaseTransport):
    """A real line that counts what the store gives, and kills the process once that is more than `after` bytes."""

    after: int | None = None
    given: int = 0
    line: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.line.handle_request(request)
        if request.method != "GET" or request.url.path.startswith("/."):
            return response
        return httpx.Response(response.status_code, headers=response.headers, content=self._counted(response))

    def close(self) -> None:
        self.line.close()

    def _counted(self, response: httpx.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            self.given += len(chunk)
            yield chunk
            if self.after is not None and self.given > self.after:
                raise Killed


@dataclass
class Field:
    """A shift's folder, the phones, and what comes of it."""

    service: Service
    folder: Path

    async def shifts(self, life: Life, **wishes: Any) -> int | None:
        """One run; its exit code, or None when it was killed."""
        with httpx.Client(transport=life, timeout=30) as http:
            usual: dict[str, Any] = {
                "url": self.service.url, "root": self.folder / "camera", "folder": self.folder / "phones",
                "people": OFFICERS, "language": "en", "into": self.folder / "out", "patience": 30.0,
            }  # fmt: skip
            try:
                return await asyncio.to_thread(main_shift, **usual, **wishes, say=life.moments.append, http=http)
            except Killed:
                return None

    async def packs(self, life: httpx.BaseTransport | None = None) -> list[str]:
        """Opens the newest recording's pack, which must verify; what is said."""
        told: list[str] = []
        wish: dict[str, Any] = {"url": self.service.url, "id": str(self.recording()), "into": self.folder / "pack"}
        with httpx.Client(transport=life, timeout=30) as http:
            code = await asyncio.to_thread(
                main_pack, **wish, folder=self.folder / "phones", person=OFFICERS[0], language="en", say=told.append,
                http=http,
            )  # fmt: skip
        assert code == 0, told
        return told

    def puts(self, name: str, data: bytes) -> None:
        path = self.folder / "camera" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def copies(self) -> dict[str, Path]:
        """The phone's own copies, by the name of what they are copies of."""
        told = (json.loads(path.read_text()) for path in self.folder.glob("phones/**/shifts/*/pieces/*.json"))
        shelf = next(self.folder.glob("phones/**/shifts/*"))
        return {one["source"]: shelf / "originals" / one["id"] for one in told}

    def recording(self) -> UUID:
        """The recording of the newest shift."""
        newest = max(self.folder.glob("phones/**/shifts/*/shift.json"), key=lambda one: one.stat().st_mtime_ns)
        return UUID(json.loads(newest.read_text())["recording"]["id"])


def a_picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.frombytes("RGB", (64, 48), secrets.token_bytes(64 * 48 * 3)).save(stream, kind)
    return stream.getvalue()


async def test_a_shift_that_is_killed_on_the_way_ends_sealed_and_closed_by_two_officers(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    film = b"\x00\x00\x00\x18ftypmp42" + secrets.token_bytes(20 * 2**20)
    there.puts("a/face.jpg", a_picture("JPEG"))
    there.puts("b/face.jpg", a_picture("JPEG"))
    there.puts("b/顶板 🪨.png", a_picture("PNG"))
    there.puts("b/film.mp4", film)
    there.puts("memo.jpg", b"only a text")
    life = Life(dies_at="beginUpload")
    assert await there.shifts(life) is None, life.moments
    # Underground: not one call between the opening of the recording and the end of the capture.
    opened = next(at for at, one in enumerate(life.moments) if one.startswith("the recording of the"))
    captured = next(at for at, one in enumerate(life.moments) if one.startswith("captured without network: 4"))
    assert not [one for one in life.moments[opened:captured] if one.startswith("called")]
    for at in ("closeRecording", "cosignClosing"):
        assert await there.shifts(Life(dies_at=at)) is None
    life = Life()
    assert await there.shifts(life) == NO_EVIDENCE, life.moments
    assert life.moments[-1] == "5 files, 4 sealed, 1 refused, 0 quarantined"
    assert (
        "not sealed: memo.jpg: refused: it is no photo, film or sound but text/plain (MEDIA_TYPE_NOT_TAKEN)"
        in life.moments
    )
    lines: list[str] = []
    assert main_verify(path=tmp_path / "out", trust=tmp_path / "out" / "keys.json", say=lines.append) == 0
    assert lines[-1].startswith("VERIFIED: 4 bundles")
    assert (tmp_path / "out" / "film.mp4").read_bytes() == film
    assert list((tmp_path / "phones").glob("*/shifts/*/originals/*")) == []
    counted = "SELECT count(*) FROM closings c JOIN evidence e USING (recording_id) WHERE c.closed_at IS NOT NULL"
    assert await service.count(f"{counted} AND e.state = 'SEALED' AND e.size = $1", len(film)) == 1
    assert await service.count("SELECT count(*) FROM closings") == 1


async def test_a_receipt_that_does_not_hold_is_set_aside_and_blocks_nothing_neither_now_nor_later(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    for number in range(3):
        there.puts(f"{number}.jpg", a_picture("JPEG"))
    for _ in range(2):
        life = Life(spoil="")
        assert await there.shifts(life) == FAILED, life.moments
        assert life.moments[-1] == "3 files, 2 sealed, 0 refused, 0 quarantined, 1 unfinished (run it again to go on)"
        assert any("set aside: its receipt does not hold" in one for one in life.moments)
    life = Life()
    assert await there.shifts(life) == SEALED, life.moments
    assert life.moments[-1] == "3 files, 3 sealed, 0 refused, 0 quarantined"


async def test_a_copy_that_went_after_it_was_signed_is_reported_undelivered_with_its_reason_and_the_shift_ends(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    for name in ("altered.jpg", "cut.jpg", "gone.jpg", "well.jpg"):
        there.puts(name, a_picture("JPEG"))
    there.puts("film.mp4", b"\x00\x00\x00\x18ftypmp42" + secrets.token_bytes(20 * 2**20))
    assert await there.shifts(Life(dies_at="declareEvidence")) is None
    for piece, copy in there.copies().items():
        data = copy.read_bytes()
        if piece in ("altered.jpg", "film.mp4"):
            copy.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        elif piece == "cut.jpg":
            copy.write_bytes(data[:-1])
        elif piece == "gone.jpg":
            copy.unlink()
    life = Life()
    assert await there.shifts(life) == NO_EVIDENCE, life.moments
    assert life.moments[-1] == "5 files, 1 sealed, 0 refused, 0 quarantined, 4 lost"
    changed = "lost: the phone's copy was changed or damaged after it was signed, before it was sent"
    for name in ("altered.jpg", "cut.jpg", "film.mp4"):
        assert f"not sealed: {name}: {changed}" in life.moments
    assert any(one.startswith("the recording is closed") for one in life.moments)
    lost = "SELECT count(*) FROM evidence WHERE state = 'LOST' AND recording_id = $1 AND lost_reason LIKE $2"
    assert await service.count(lost, there.recording(), "签名后本机副本%") == 4


async def test_a_copy_that_two_runs_cannot_read_is_lost_and_the_shift_ends(service: Service, tmp_path: Path) -> None:
    there = Field(service, tmp_path)
    for name in ("unreadable.jpg", "well.jpg"):
        there.puts(name, a_picture("JPEG"))
    assert await there.shifts(Life(dies_at="declareEvidence")) is None
    copy = there.copies()["unreadable.jpg"]
    copy.unlink()
    copy.mkdir()  # As good as a fault of the disk: there is something, and it cannot be read.
    life = Life()
    assert await there.shifts(life) == FAILED, life.moments
    assert life.moments[-1] == "2 files, 1 sealed, 0 refused, 0 quarantined, 1 unfinished (run it again to go on)"
    life = Life()
    assert await there.shifts(life) == NO_EVIDENCE, life.moments
    assert life.moments[-1] == "2 files, 1 sealed, 0 refused, 0 quarantined, 1 lost"
    assert any(one.startswith("the recording is closed") for one in life.moments)


async def test_a_copy_that_went_after_it_was_sent_ends_sealed_with_the_proof_alone(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    for name in ("altered.jpg", "gone.jpg", "well.jpg"):
        there.puts(name, a_picture("JPEG"))
    assert await there.shifts(Life(dies_at="completeEvidence")) is None
    copies = there.copies()
    copies["gone.jpg"].unlink()
    copies["altered.jpg"].write_bytes(copies["altered.jpg"].read_bytes()[::-1])
    life = Life()
    assert await there.shifts(life) == SEALED, life.moments
    assert life.moments[-1] == "3 files, 3 sealed, 0 refused, 0 quarantined"
    assert sorted(path.name for path in (tmp_path / "out").glob("*.jpg")) == ["well.jpg"]
    assert len(list((tmp_path / "out").glob("*.pithead.json"))) == 3
    assert sum("sealed, its receipt holds; the proof is handed over without" in one for one in life.moments) == 2


async def test_bytes_that_are_no_photo_but_begin_like_one_are_quarantined_by_name_and_counted(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    there.puts("good.jpg", a_picture("JPEG"))
    there.puts("a page.jpg", b"<html><script>alert(1)</script>")
    # Its first bytes are a JPEG's, and the box behind them is a film's: a phone and the record do not call it the same.
    there.puts("two at once.jpg", b"\xff\xd8\xff\xe0ftypmp42" + secrets.token_bytes(5_000))
    life = Life()
    assert await there.shifts(life) == NO_EVIDENCE, life.moments
    assert life.moments[-1] == "3 files, 1 sealed, 1 refused, 1 quarantined"
    assert "two at once.jpg: quarantined, no evidence: its type is not the declared one" in life.moments
    assert "not sealed: two at once.jpg: quarantined: its type is not the declared one" in life.moments
    assert any(one.startswith("not sealed: a page.jpg: refused: it is no photo") for one in life.moments)
    assert not (tmp_path / "out" / "two at once.jpg").exists()
    assert there.copies()["two at once.jpg"].exists()
    apart = "SELECT count(*) FROM evidence WHERE quarantine_reason = 'TYPE_DIFFERS' AND recording_id = $1"
    assert await service.count(apart, there.recording()) == 1


async def test_what_a_dock_reads_in_is_graded_so_in_the_table_and_in_the_pack(service: Service, tmp_path: Path) -> None:
    there = Field(service, tmp_path)
    there.puts("DCIM/0001.jpg", a_picture("JPEG"))
    life = Life()
    assert await there.shifts(life, dock=True) == SEALED, life.moments
    assert any(one.startswith("read in at the dock: 1 pieces signed") for one in life.moments)
    assert "          of these      1 signed at the dock" in life.moments
    assert life.moments[-1] == "1 files, 1 sealed, 0 refused, 0 quarantined"
    docks = "SELECT count(*) FROM evidence JOIN devices d ON d.id = device_id WHERE kind = $1 AND recording_id = $2"
    assert await service.count(docks, "DOCK", there.recording()) == 1
    told = await there.packs()
    assert any(one.startswith("signed at the dock: 1: ") for one in told), told


async def test_what_was_taken_over_says_from_whom_how_and_when_in_the_table_and_in_the_pack(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    there.puts("roof.jpg", a_picture("JPEG"))
    origin = Origin(giver="王某（值班矿长）", how="U盘移交", at=1_764_000_000_000)
    assert await there.shifts(Life(dies_at="completeEvidence"), origin=origin) is None
    other = Life()
    assert await there.shifts(other) == FAILED
    assert other.moments[-1].startswith("the unfinished shift of this folder was begun with another origin")
    life = Life()
    assert await there.shifts(life, origin=origin) == SEALED, life.moments
    assert "          of these      1 taken over (from 王某（值班矿长）; U盘移交)" in life.moments
    told = await there.packs()
    assert any(one.startswith("taken over: 1: ") for one in told), told
    (paper,) = (tmp_path / "pack" / "data").glob("*.takeover.json")
    said = Takeover.decode(from_base64url(json.loads(paper.read_text())["paper"]))
    assert (said.giver, said.how, said.at) == (origin.giver, origin.how, origin.at)


async def test_a_pack_that_is_killed_on_the_way_looks_whole_to_nobody_and_goes_on_in_its_folder(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    film = b"\x00\x00\x00\x18ftypmp42" + secrets.token_bytes(20 * 2**20)
    there.puts("a.jpg", a_picture("JPEG"))
    there.puts("film.mp4", film)
    assert await there.shifts(Life()) == SEALED
    line = Cut(after=8 * 2**20)
    with pytest.raises(Killed):
        await there.packs(line)
    assert verify_path(tmp_path / "pack", None).status is Status.NOT_CHECKED
    (tmp_path / "pack" / "data").mkdir(exist_ok=True)
    (tmp_path / "pack" / "data" / ".half.unfinished").write_bytes(b"half")
    line = Cut()
    told = await there.packs(line)
    assert told[-1].startswith("VERIFIED: pack: 2 bundles")
    assert line.given < len(film) - 7 * 2**20
    assert sorted(path.name for path in (tmp_path / "pack").iterdir()) == [
        "bag-info.txt", "bagit.txt", "data", "manifest-sha256.txt", "readme.txt", "tagmanifest-sha256.txt",
    ]  # fmt: skip


async def test_a_shift_with_a_hundred_scattered_losses_is_closed_with_a_reason_for_each(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    for number in range(200):
        there.puts(f"{number:03}.jpg", b"\xff\xd8\xff\xe0" + secrets.token_bytes(100))
    assert await there.shifts(Life(dies_at="declareEvidence")) is None
    for name, copy in there.copies().items():
        if int(name[:3]) % 2:
            copy.unlink()
    life = Life()
    assert await there.shifts(life) == NO_EVIDENCE, life.moments[-5:]
    assert life.moments[-1] == "200 files, 100 sealed, 0 refused, 0 quarantined, 100 lost"
    assert any(one.startswith("the recording is closed") for one in life.moments)
    long = "SELECT count(*) FROM closings WHERE recording_id = $1 AND octet_length(closing) > 12288"
    assert await service.count(long, there.recording()) == 1
    told = await there.packs()
    assert told[-1].startswith("VERIFIED: pack: 100 bundles")


async def test_a_pack_that_is_not_given_out_leaves_its_folder_free_for_another(
    service: Service, tmp_path: Path
) -> None:
    there = Field(service, tmp_path)
    there.puts("a.jpg", b"\xff\xd8\xff\xe0" + secrets.token_bytes(100))
    assert await there.shifts(Life()) == SEALED
    told: list[str] = []
    wish: dict[str, Any] = {"url": service.url, "id": str(uuid4()), "into": tmp_path / "pack", "language": "both"}
    refused = await asyncio.to_thread(
        main_pack, **wish, folder=tmp_path / "phones", person=OFFICERS[0], say=told.append
    )  # fmt: skip
    assert (refused, told[-1].rpartition(" / ")[2]) == (
        NOT_GIVEN_OUT, "refused (NOT_FOUND): there is nothing of that id, or it is not for you to see",
    )  # fmt: skip
    assert not (tmp_path / "pack").exists()
    assert (await there.packs())[-1].startswith("VERIFIED: pack: 1 bundle")
