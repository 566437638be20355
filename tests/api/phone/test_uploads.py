"""Sending bytes over real lines: side by side, with progress, refusals told, lost answers sent again."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from api.phone.server import Unreachable
from api.phone.uploads import EXPIRED, Job, Progress, Sender, Slice, Upload
from api.phone.wire import Wire
from storage.record.objects import Objects, StoreAddress
from storage.record.presigning import SignedRequest


def upload_of(request: SignedRequest) -> Upload:
    return Upload(request.method, request.url, dict(request.headers))


def a_job(objects: Objects, file: Path, body: bytes, *, says: bytes | None = None) -> tuple[Job, str]:
    """A file with these bytes, signed for (or for others), and the name it gets."""
    file.write_bytes(body)
    name, signed = f"evidence/{uuid4().hex}", body if says is None else says
    request = objects.sign_put(name, sha256=sha256(signed).digest(), size=len(signed), media_type="image/jpeg")
    return Job(name, upload_of(request), Slice(file, 0, len(body))), name


async def test_many_files_travel_side_by_side_and_progress_is_told(objects: Objects, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    jobs = [a_job(objects, tmp_path / str(number), bytes([number]) * (number + 1))[0] for number in range(25)]

    def send() -> Progress:
        progress = Progress.of(jobs)
        with Sender(on_progress=lambda now: told.append((now.done, now.sent))) as sender:
            assert [refused for _, refused in sender.send(jobs, progress)] == [None] * 25
            again = [refused for _, refused in sender.send(jobs, Progress.of(jobs))]
        assert again == [None] * 25, "what is there already is as good as sent"
        return progress

    progress = await asyncio.to_thread(send)
    assert (progress.done, progress.sent, progress.total) == (25, 325, 325)
    assert told[-1][0] == 25
    for job in jobs:
        assert objects.find(job.id) is not None


async def test_other_bytes_and_run_out_requests_are_told_with_the_stores_status(
    objects: Objects, bucket: StoreAddress, tmp_path: Path
) -> None:
    short = Objects(bucket, valid_for=timedelta(seconds=1))
    large = b"x" * 9_000_000
    wrong, _ = a_job(objects, tmp_path / "wrong", b"these", says=b"those")
    late, _ = a_job(short, tmp_path / "late", large)
    await asyncio.sleep(1.0)
    await asyncio.sleep(1.0)

    def send() -> dict[str, int]:
        with Sender(patience=1.0) as sender:
            ended = list(sender.send([wrong, late], Progress.of([wrong, late])))
        return {job.id: refused.status if refused else 0 for job, refused in ended}

    assert await asyncio.to_thread(send) == {wrong.id: 400, late.id: EXPIRED}
    assert objects.find(wrong.id) is None
    short.close()


async def test_a_part_is_cut_out_of_its_file(objects: Objects, tmp_path: Path) -> None:
    body, file = b"0123456789", tmp_path / "film"
    file.write_bytes(b"before" + body + b"after")
    name = f"evidence/{uuid4().hex}"
    request = objects.sign_put(name, sha256=sha256(body).digest(), size=10, media_type="video/mp4")
    wire, heard = Wire(), list[int]()
    status, _ = await asyncio.to_thread(wire.send, upload_of(request), Slice(file, 6, 10), sent=heard.append)
    wire.close()
    assert (status, sum(heard)) == (200, 10)
    assert objects.whole(name) == body


@contextmanager
def a_moody_store(*moods: str) -> Iterator[str]:
    """A listener that meets each request with the next mood: `gone` hangs up after reading it, else a status line."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def live() -> None:
            for mood in moods:
                line, _ = listening.accept()
                with line:
                    line.recv(65_536)
                    if mood != "gone":
                        line.sendall(f"HTTP/1.1 {mood} .\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())

        thread = threading.Thread(target=live)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/b/n?x=1"
        thread.join()


@pytest.mark.quick
def test_lost_answers_and_a_busy_store_are_met_by_sending_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    with a_moody_store("gone", "503", "500", "200") as url, Sender(patience=10.0) as sender:
        job = Job("a", Upload("PUT", url, {"content-length": "5"}), Slice(tmp_path / "a", 0, 5))
        progress = Progress.of([job])
        assert list(sender.send([job], progress)) == [(job, None)]
    assert progress.sent == 5, "what was sent in vain does not count"


@pytest.mark.quick
def test_a_store_that_never_answers_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    with a_moody_store("503") as url:
        job = Job("a", Upload("PUT", url, {"content-length": "1"}), Slice(tmp_path / "a", 0, 1))
        with Sender(patience=0.0) as sender, pytest.raises(Unreachable, match="503"):
            list(sender.send([job], Progress.of([job])))
