"""Tests of the decoding child as a process: bound by the kernel, killed in time, replaced when it dies."""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.decoder import limits
from api.decoder.parent import Decoder, Failed, Told
from storage.field.evidence.media import HEAD, sniff
from storage.field.facts import findings
from storage.field.facts.tables import Why
from tests.factories import media

IN_PYTHON = (sys.executable, "-c")
WITHOUT_FILMS = "import sys; sys.modules['av'] = None; from api.decoder.child import main; main(int(sys.argv[1]))"
LINE = "import os, socket, sys, time; line = socket.socket(fileno=int(sys.argv[1])); line.sendall(b'\\0'); "
"""How a child begins that hostile bytes have taken over; what it does then follows."""


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def ask(decoder: Decoder, body: bytes, media_type: str = "image/jpeg") -> Told | Failed:
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.flush()
        return decoder.describe(file, media_type)


def facts(answer: Told | Failed) -> Any:
    assert isinstance(answer, Told), answer
    return json.loads(answer.facts)


def pid_of(decoder: Decoder) -> int:
    assert decoder._child is not None
    return decoder._child.process.pid


def test_one_warm_child_takes_one_file_after_the_other_and_is_recycled(
    decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILES_OF_A_LIFE", 3)
    assert facts(ask(decoder, media.jpeg()))["width"] == 640
    first = pid_of(decoder)
    assert facts(ask(decoder, media.bomb()))["not_read"] == {"PICTURE": "BOMB"}
    assert pid_of(decoder) == first
    assert ask(decoder, media.jpeg()) == ask(decoder, media.jpeg())
    assert pid_of(decoder) != first


def test_nothing_that_is_wrong_with_a_file_takes_longer_or_more_than_its_limits(decoder: Decoder) -> None:
    for name, body in media.hostile().items():
        media_type = sniff(body[:HEAD])
        assert media_type is not None, name
        begun = time.monotonic()
        answer = ask(decoder, body, media_type)
        assert time.monotonic() - begun < limits.WALL_SECONDS, name
        found = findings.failed(Why(answer.why), media_type) if isinstance(answer, Failed) else findings.read(
            answer.facts, answer.preview, media_type
        )  # fmt: skip
        assert found.not_read or found.preview, name
    assert facts(ask(decoder, media.jpeg()))["width"] == 640


def test_samples_from_elsewhere_are_described_or_coded_and_none_kills_or_stalls_the_child(decoder: Decoder) -> None:
    folder = os.environ.get("PITHEAD_SAMPLES")
    files = [path for path in sorted(Path(folder).rglob("*")) if path.is_file()] if folder else []
    begun, seen = time.monotonic(), 0
    for path in files:
        with path.open("rb") as file:
            media_type = sniff(file.read(HEAD))
            if media_type is None or time.monotonic() - begun > 60:
                continue
            answer = decoder.describe(file, media_type)
            seen += 1
            assert isinstance(answer, Told), path
            assert findings.read(answer.facts, answer.preview, media_type) is not None, path
    assert seen or not files


def test_a_child_that_takes_too_long_is_killed_and_the_next_file_finds_another() -> None:
    decoder = Decoder((*IN_PYTHON, LINE + "time.sleep(60)"), wall_seconds=0.2)
    assert ask(decoder, media.jpeg()) == Failed("TIMED_OUT")
    assert decoder._child is None
    decoder.command, decoder.wall_seconds = Decoder().command, limits.WALL_SECONDS
    assert facts(ask(decoder, media.jpeg()))["width"] == 640
    decoder.close()


def test_the_kernel_ends_a_child_that_spends_its_cpu_seconds() -> None:
    spin = "from api.decoder import limits; limits.CPU_SECONDS = 1; limits.bind(9)\nwhile True: pass"
    decoder = Decoder((*IN_PYTHON, LINE + spin))
    begun = time.monotonic()
    assert ask(decoder, media.jpeg()) == Failed("TIMED_OUT")
    assert time.monotonic() - begun < limits.WALL_SECONDS
    decoder.close()


def test_a_warm_child_that_dies_is_not_held_against_the_file_and_one_that_always_dies_is(decoder: Decoder) -> None:
    ask(decoder, media.jpeg())
    os.kill(pid_of(decoder), signal.SIGKILL)
    assert facts(ask(decoder, media.jpeg()))["width"] == 640
    dying = Decoder((*IN_PYTHON, LINE + "line.recv(1)"))
    assert ask(dying, media.jpeg()) == Failed("NOT_READ")


@pytest.mark.parametrize(
    "answer",
    [
        "b'\\xff' * 8",
        "(5).to_bytes(4, 'big') + bytes(4) + b'[1,2]'",
        "(2).to_bytes(4, 'big') + bytes(4) + b'{]'",
        "(12).to_bytes(4, 'big') + bytes(4) + b'{\"width\":-7}'",
        "(16).to_bytes(4, 'big') + bytes(4) + b'{\"camera\":\"\\\\u0000\"}'[:16]",
    ],
)
def test_what_a_child_answers_is_believed_only_where_it_is_well_formed(answer: str) -> None:
    decoder = Decoder((*IN_PYTHON, LINE + f"line.recv(1); line.sendall({answer}); time.sleep(5)"))
    answered = ask(decoder, media.jpeg())
    if isinstance(answered, Told):
        found = findings.read(answered.facts, answered.preview, "image/jpeg")
        assert found.not_read or found.width is None
    else:
        assert answered == Failed("NOT_READ")
    decoder.close()


def test_a_bound_child_can_open_no_file_no_socket_and_little_memory_and_knows_no_environment() -> None:
    tried = """
import io
from api.decoder import child, limits, pictures
def describe(file, media_type):
    tried = {"environment": sorted(set(os.environ) - {"PATH", "LC_ALL", "MALLOC_ARENA_MAX"})}
    calls = {"file": lambda: open("/etc/passwd"), "socket": socket.socket, "memory": lambda: bytearray(2 << 30)}
    for name, call in calls.items():
        try:
            call()
            tried[name] = "may"
        except (OSError, MemoryError) as refused:
            tried[name] = type(refused).__name__
    class Answer:
        preview = b""
        def told(self): return tried
    return Answer()
child.describe = describe
child.main(int(sys.argv[1]))
"""
    decoder = Decoder((*IN_PYTHON, "import os, socket, sys" + tried))
    told = facts(ask(decoder, media.jpeg()))
    decoder.close()
    assert told == {"environment": [], "file": "OSError", "socket": "OSError", "memory": "MemoryError"}


def test_films_say_not_read_where_the_extra_is_not_installed() -> None:
    decoder = Decoder((*IN_PYTHON, WITHOUT_FILMS))
    for media_type in ("video/mp4", "video/webm", "audio/mpeg"):
        assert facts(ask(decoder, media.nested_boxes(1), media_type)) == {"not_read": {"FILM": "NO_DECODER"}}
    assert facts(ask(decoder, media.jpeg()))["width"] == 640
    decoder.close()


def test_a_film_tells_its_length_time_and_a_poster_where_the_extra_is_installed(decoder: Decoder) -> None:
    if not media.FILMS_ARE_READ:
        assert facts(ask(decoder, media.nested_boxes(1), "video/mp4"))["not_read"] == {"FILM": "NO_DECODER"}
        return
    body = media.film()
    answer = ask(decoder, body, "video/mp4")
    found = facts(answer)
    assert found["length_ms"] == 3_000
    assert (found["width"], found["height"], found["preview"]) == (320, 240, {"width": 320, "height": 240})
    assert (found["time"], found["offset"]) == ("2026:11:24 08:00:00", "+00:00")
    assert isinstance(answer, Told)
    assert answer.preview.startswith(b"\xff\xd8\xff")
    assert facts(ask(decoder, body[: len(body) // 2], "video/mp4"))["not_read"]["FILM"] in ("NOT_READ", "TRUNCATED")
