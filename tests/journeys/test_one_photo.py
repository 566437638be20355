"""One photo from a file to a sealed receipt that anyone can check, by the reference field client."""

import asyncio
import io
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from api.embedded.postgres import DatabaseAddresses
from api.phone.photo import main_photo
from api.phone.verify import main_verify
from storage.record.clock import to_ms
from tests.conftest import ORIGIN
from tests.journeys.running import OFFICERS, Service, running_service
from tests.servers import Servers

SEALED, FAILED, NO_EVIDENCE = 0, 1, 3


@pytest.fixture(scope="module")
async def service(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    """One service for all journeys of this file."""
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as running:
            yield running


@dataclass
class Field:
    """Where the officers are: their phones, what they take, what comes of it, what they were told."""

    service: Service
    folder: Path
    told: list[str] = field(default_factory=list)

    @property
    def into(self) -> Path:
        return self.folder / "out"

    async def takes(self, file: Path, **given: Any) -> int:
        """Runs the field client, as the command line does; its exit code."""
        usual: dict[str, Any] = {
            "url": self.service.url, "file": file, "folder": self.folder / "phones", "people": OFFICERS,
            "language": "en", "say": self.told.append, "into": self.into, "patience": 30.0,
        }  # fmt: skip
        return await asyncio.to_thread(main_photo, **(usual | given))

    def verifies(self, path: Path, *, trusted: bool = True) -> tuple[int, str]:
        """Checks offline; exit code and the one line."""
        lines: list[str] = []
        code = main_verify(path=path, trust=self.into / "keys.json" if trusted else None, say=lines.append)
        return code, lines[-1]

    async def sealed_once(self, data: bytes) -> bool:
        """Is there one piece of these bytes, sealed, with one entry that says so?"""
        digest = sha256(data).digest()
        pieces = await self.service.count("SELECT count(*) FROM evidence WHERE sha256 = $1", digest)
        sealed = await self.service.count(
            "SELECT count(*) FROM entries e JOIN payloads t ON t.entry_id = e.id JOIN evidence p ON t.subject = p.id"
            " WHERE p.sha256 = $1 AND p.state = 'SEALED' AND e.kind = 'evidence.sealed'", digest
        )  # fmt: skip
        return (pieces, sealed) == (1, 1)


@pytest.fixture
def outside(service: Service, tmp_path: Path) -> Field:
    return Field(service, tmp_path)


def a_photo(path: Path) -> bytes:
    """A photo that no other test has: a sample if there are any, and always with noise of its own behind it."""
    samples = os.environ.get("PITHEAD_SAMPLES")
    found = sorted(Path(samples).rglob("*.jpg"))[:1] if samples else []
    if found:
        data = found[0].read_bytes()
    else:
        stream = io.BytesIO()
        Image.frombytes("RGB", (64, 48), secrets.token_bytes(64 * 48 * 3)).save(stream, "JPEG")
        data = stream.getvalue()
    data += secrets.token_bytes(16)
    path.write_bytes(data)
    return data


async def test_a_photo_is_sealed_and_anyone_can_check_it(outside: Field) -> None:
    data = a_photo(outside.folder / "roof 顶板.jpg")
    assert await outside.takes(outside.folder / "roof 顶板.jpg") == SEALED, outside.told
    assert outside.told[-1].startswith("1 files, 1 sealed, 0 refused, 0 quarantined")
    assert {path.name for path in outside.into.iterdir()} == {
        "roof 顶板.jpg", "roof 顶板.jpg.pithead.json", "keys.json",
    }  # fmt: skip
    assert (outside.into / "roof 顶板.jpg").read_bytes() == data
    assert outside.verifies(outside.into)[0] == 0
    assert outside.verifies(outside.into, trusted=False)[0] == 2
    assert await outside.sealed_once(data)


async def test_a_flipped_byte_is_found(outside: Field) -> None:
    data = a_photo(outside.folder / "a.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    (outside.into / "a.jpg").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    code, line = outside.verifies(outside.into / "a.jpg.pithead.json")
    assert code == 1
    assert line.startswith("BROKEN: a.jpg: original: SHA-256 is")


async def test_what_was_declared_a_photo_and_is_none_is_quarantined(outside: Field) -> None:
    (outside.folder / "memo").write_bytes(b"no photo at all " + secrets.token_bytes(8).hex().encode())
    assert await outside.takes(outside.folder / "memo", media_type="image/jpeg") == NO_EVIDENCE
    assert outside.told[-1] == "1 files, 0 sealed, 0 refused, 1 quarantined"
    assert "no photo, film or sound" in outside.told[-2]
    assert not outside.into.exists()


async def test_what_is_no_medium_is_refused_by_name(outside: Field) -> None:
    (outside.folder / "memo").write_bytes(b"text")
    assert await outside.takes(outside.folder / "memo") == NO_EVIDENCE
    assert outside.told[-1] == "1 files, 0 sealed, 1 refused, 0 quarantined"
    assert "MEDIA_TYPE_NOT_TAKEN" in outside.told[-2]


async def test_the_same_phones_take_a_second_photo_into_the_same_chain(outside: Field) -> None:
    first, second = a_photo(outside.folder / "a.jpg"), a_photo(outside.folder / "b.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    outside.told.clear()
    assert await outside.takes(outside.folder / "b.jpg") == SEALED, outside.told
    assert any("statement 1 is signed" in line for line in outside.told)
    assert not any("enrolled" in line or "inspection opened" in line for line in outside.told)
    assert await outside.sealed_once(first)
    assert await outside.sealed_once(second)
    assert outside.verifies(outside.into)[0] == 0


async def test_a_run_after_the_work_is_done_takes_the_file_anew_beside_the_first(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert len(list(outside.into.glob("*.pithead.json"))) == 2
    assert outside.verifies(outside.into)[0] == 0


async def test_a_phone_whose_sign_in_is_gone_proves_its_key(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    for session in (outside.folder / "phones").glob("*/session.json"):
        session.unlink()
    for recording in (outside.folder / "phones").glob("*/recording.json"):
        recording.unlink()
    outside.told.clear()
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert any("recording" in line for line in outside.told)
    assert not any("enrolled" in line for line in outside.told)


async def test_a_file_whose_place_cannot_be_written_waits_until_it_can(outside: Field) -> None:
    data = a_photo(outside.folder / "a.jpg")
    (outside.folder / "blocked").touch()
    assert await outside.takes(outside.folder / "a.jpg", into=outside.folder / "blocked" / "out") == FAILED
    assert outside.told[-1].startswith("cannot be read or written")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert await outside.sealed_once(data)


async def test_what_cannot_be_taken_is_said_in_one_line_and_not_remembered(outside: Field) -> None:
    (outside.folder / "empty").touch()
    a_photo(outside.folder / "a.jpg")
    faults = {
        "cannot be read or written": outside.takes(outside.folder / "absent.jpg"),
        "a file of 0 bytes": outside.takes(outside.folder / "empty"),
        "no statement can be made": outside.takes(outside.folder / "a.jpg", media_type="A PHOTO"),
        "no coordinate: north": outside.takes(outside.folder / "a.jpg", lat="north", lon="106"),
        "an inspection takes at least two": outside.takes(outside.folder / "a.jpg", people=OFFICERS[:1]),
    }
    for line, run in faults.items():
        assert await run == FAILED
        assert outside.told[-1].startswith(line)
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert outside.told[-1].startswith("1 files, 1 sealed")


async def test_keys_that_are_rotated_are_believed_because_the_pinned_ones_signed_them(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    pinned = (outside.into / "keys.json").read_bytes()
    for name in ("receipt", "ledger"):
        outside.service.keys.rotate(name, to_ms(datetime.now(UTC)))
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    assert (outside.into / "keys.json").read_bytes() == pinned
    assert outside.verifies(outside.into)[0] == 0


async def test_another_server_in_the_place_of_the_first_is_not_believed(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    assert await outside.takes(outside.folder / "a.jpg") == SEALED, outside.told
    pinned = outside.folder / "phones" / "server-keys.json"
    pinned.write_text(pinned.read_text().replace(ORIGIN, "another.example/log"))
    assert await outside.takes(outside.folder / "a.jpg") == FAILED
    assert outside.told[-1].startswith("this is not the server whose keys were pinned")


async def test_a_wrong_password_is_said_in_one_line(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    wrong = [type(OFFICERS[0])(OFFICERS[0].login, "wrong-password-1"), OFFICERS[1]]
    assert await outside.takes(outside.folder / "a.jpg", people=wrong) == NO_EVIDENCE
    assert outside.told[-1].startswith("refused (SIGN_IN_FAILED)")


async def test_a_server_that_is_not_there_is_said_in_one_line(outside: Field) -> None:
    a_photo(outside.folder / "a.jpg")
    nobody = httpx.Client(transport=httpx.MockTransport(_gone))
    with nobody:
        assert await outside.takes(outside.folder / "a.jpg", http=nobody, reach=0.0) == FAILED
    assert len(outside.told) == 1
    assert "no answer from" in outside.told[0]


def _gone(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


class BadLine(httpx.BaseTransport):
    """A real line on which the first answer to each different request is lost, and the first token is worn out."""

    def __init__(self) -> None:
        self._line, self._known = httpx.HTTPTransport(), set[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path} {_operation(request)}"
        if name.endswith("declareEvidence") and "worn out" not in self._known:
            self._known.add("worn out")
            request.headers["authorization"] = "Bearer worn-out"
            return self._line.handle_request(request)
        response = self._line.handle_request(request)
        if name not in self._known:
            self._known.add(name)
            response.close()
            raise httpx.ReadError("the line is gone", request=request)
        return response

    def close(self) -> None:
        self._line.close()


async def test_on_a_line_that_loses_the_first_answer_to_everything_the_photo_is_sealed_once(outside: Field) -> None:
    data = a_photo(outside.folder / "a.jpg")
    with httpx.Client(transport=BadLine(), timeout=30) as line:
        assert await outside.takes(outside.folder / "a.jpg", http=line) == SEALED, outside.told
    assert await outside.sealed_once(data)
    assert outside.verifies(outside.into)[0] == 0


class BadStore(httpx.BaseTransport):
    """A real line, before a store that says it has the first bytes and has not, and then finds the URL too old."""

    def __init__(self) -> None:
        self._line, self._answers = httpx.HTTPTransport(), [200, 403, 503]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and self._answers:
            return httpx.Response(self._answers.pop(0), request=request)
        return self._line.handle_request(request)

    def close(self) -> None:
        self._line.close()


async def test_bytes_that_the_store_lost_or_refused_for_their_url_are_sent_again(outside: Field) -> None:
    data = a_photo(outside.folder / "a.jpg")
    with httpx.Client(transport=BadStore(), timeout=30) as line:
        assert await outside.takes(outside.folder / "a.jpg", http=line) == SEALED, outside.told
    assert await outside.sealed_once(data)


class Killed(BaseException):
    """The phone is killed: nothing in it catches this."""


@dataclass
class Death:
    """Notes the moments of one run and kills the phone at one of them (None: at none).

    Moments are: each sentence that is said (without its numbers), each request before it is sent, and each answer
    before it is read. The second moment of one name ends in "again".
    """

    at: str | None
    moments: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.moment("said " + " ".join(word for word in line.split() if word.isalpha()))

    def moment(self, name: str) -> None:
        while name in self.moments:
            name += " again"
        self.moments.append(name)
        if name == self.at:
            raise Killed(name)


class MortalLine(httpx.BaseTransport):
    """A real line to the server on which the phone can be killed."""

    def __init__(self, death: Death) -> None:
        self._death, self._line = death, httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path[:20]} {_operation(request)}"
        self._death.moment(f"before {name}")
        response = self._line.handle_request(request)
        response.read()
        self._death.moment(f"after {name}")
        return response

    def close(self) -> None:
        self._line.close()


def _operation(request: httpx.Request) -> str:
    if not request.url.path.endswith("/graphql"):
        return ""
    return request.read().decode().partition(" { ")[2].partition("(")[0]


async def run_to_death(outside: Field, file: Path, *, at: str | None) -> tuple[Death, int | None]:
    """One run that ends at that moment; its exit code, or None when it was killed."""
    death = Death(at)
    with httpx.Client(transport=MortalLine(death), timeout=30) as line:
        try:
            return death, await outside.takes(file, say=death.say, http=line)
        except Killed:
            return death, None


async def test_killed_at_any_moment_it_goes_on_and_the_photo_is_sealed_exactly_once(outside: Field) -> None:
    def place(name: str) -> Field:
        folder = outside.folder / name
        folder.mkdir()
        return Field(outside.service, folder)

    whole = place("whole")
    a_photo(whole.folder / "a.jpg")
    life, code = await run_to_death(whole, whole.folder / "a.jpg", at=None)
    assert code == SEALED, life.moments
    # How often it asks whether the piece is sealed differs from life to life.
    moments = [one for one in life.moments if not ("evidence" in one and one.endswith("again"))]
    assert len(moments) > 40, moments

    async def dies_and_goes_on(number: int) -> None:
        there, at = place(str(number)), moments[number]
        data = a_photo(there.folder / "a.jpg")
        death, code = await run_to_death(there, there.folder / "a.jpg", at=at)
        # Whoever comes late to the server may find the piece sealed already, and is not told that it is waited for.
        assert code is None or "waiting" in at, (at, death.moments)
        if code is None:
            assert await there.takes(there.folder / "a.jpg") == SEALED, (at, there.told)
        assert await there.sealed_once(data), at
        assert there.verifies(there.into)[0] == 0, at
        assert list((there.folder / "phones").glob("*/originals/*")) == [], at

    # Six side by side: most of a life is waiting for the seal.
    numbers = range(len(moments))
    for first in numbers[::6]:
        await asyncio.gather(*(dies_and_goes_on(number) for number in numbers[first : first + 6]))


async def test_a_film_in_parts_is_sealed_although_the_phone_is_killed_at_each_call_of_its_upload(
    outside: Field,
) -> None:
    calls = [f"after POST /graphql {name}" for name in ("uploadStatus", "beginUpload", "partUrls", "completeUpload")]

    async def dies_and_goes_on(number: int, at: str) -> None:
        there = Field(outside.service, outside.folder / str(number))
        there.folder.mkdir()
        body = b"\x00\x00\x00\x18ftypmp42" + secrets.token_bytes(17 * 2**20)
        (there.folder / "film.mp4").write_bytes(body)
        assert (await run_to_death(there, there.folder / "film.mp4", at=at))[1] is None
        assert await there.takes(there.folder / "film.mp4") == SEALED, there.told
        assert await there.sealed_once(body), at
        assert (there.into / "film.mp4").read_bytes() == body
        assert list((there.folder / "phones").glob("*/parts/*")) == []

    for number, at in enumerate(calls):
        await dies_and_goes_on(number, at)
