"""A masked voice has another pitch and the same length, in a file that holds nothing but samples."""

import io
import math
import struct
import wave

import pytest

from api.reporter import voice

pytestmark = pytest.mark.quick

PITCH = 200.0


def said(
    *, seconds: float = 1.0, rate: int = 16_000, channels: int = 1, width: int = 2, besides: bytes = b""
) -> bytes:  # fmt: skip
    """A hummed note as a WAV, with further chunks behind it."""
    written = io.BytesIO()
    frames = bytearray()
    for at in range(int(seconds * rate)):
        value = 0.5 * math.sin(2 * math.pi * PITCH * at / rate)
        sample = (
            bytes([round(128 + 127 * value)])
            if width == 1
            else int(value * (1 << (8 * width - 1))).to_bytes(width, "little", signed=True)
        )
        frames += sample * channels
    with wave.open(written, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(bytes(frames))
    return written.getvalue() + besides


def pitch_of(data: bytes) -> float:
    """Rising zero crossings a second."""
    with wave.open(io.BytesIO(data)) as file:
        raw = file.readframes(file.getnframes())
        seconds = file.getnframes() / file.getframerate()
    values = struct.unpack(f"<{len(raw) // 2}h", raw)
    quiet = max(values) / 4
    crossings, below = 0, True
    for value in values:
        if below and value > quiet:
            crossings, below = crossings + 1, False
        elif value < -quiet:
            below = True
    return crossings / seconds


@pytest.mark.parametrize("side", [0.0, 1.0])
def test_the_pitch_is_another_and_the_length_stays(side: float) -> None:
    middle = iter([side])
    masked = voice.mask(said(), draw=lambda low, high: next(middle, (low + high) / 2))
    factor = pitch_of(masked.data) / PITCH
    assert 0.6 < factor < 0.88 if side < 0.5 else 1.2 < factor < 1.6
    assert masked.seconds == pytest.approx(1.0, abs=0.01)


def test_two_maskings_of_one_voice_differ() -> None:
    data = said()
    assert voice.mask(data).data != voice.mask(data).data


def test_titles_and_dates_of_the_recorder_are_left_behind_and_listed() -> None:
    listed = b"INFOINAM" + (8).to_bytes(4, "little") + "张三".encode() + b"\0\0"
    besides = b"LIST" + len(listed).to_bytes(4, "little") + listed
    masked = voice.mask(said(besides=besides + b"bext" + bytes(4)))
    assert masked.removed == ("LIST", "bext")
    assert "张三".encode() not in masked.data
    assert "张三".encode() not in voice.fresh(said(besides=besides))


@pytest.mark.parametrize(("rate", "channels", "width"), [(8_000, 1, 1), (44_100, 2, 2), (48_000, 1, 3), (22_050, 2, 4)])
def test_every_plain_wav_is_taken(rate: int, channels: int, width: int) -> None:
    masked = voice.mask(said(seconds=0.3, rate=rate, channels=channels, width=width))
    with wave.open(io.BytesIO(masked.data)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (voice.RATE, 1, 2)
    assert pitch_of(masked.data) > 0


@pytest.mark.parametrize("data", [b"", b"RIFF", b"#!AMR\n", b"RIFF\x00\x00\x00\x00WAVEfmt ", said(seconds=0)])
def test_anything_else_is_no_voice(data: bytes) -> None:
    with pytest.raises(voice.NoVoice):
        voice.mask(data)


def test_a_header_that_promises_hours_is_refused_before_they_are_read() -> None:
    data = bytearray(said(seconds=0.1))
    data[40:44] = (1 << 30).to_bytes(4, "little")
    with pytest.raises(voice.NoVoice):
        voice.mask(bytes(data))
