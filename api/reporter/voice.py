"""Masks a voice: another pitch that wanders, telephone quality, a fresh file; arithmetic over WAV of plain samples.

What it does not hide is said to whoever records: words, dialect, pace, breath, and what is heard in the background.
"""

import io
import math
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import SystemRandom

RATE = 8_000
"""Samples a second of what comes out: as on the telephone, where less of a person is heard."""
LONGEST_SECONDS = 600
GRAIN = 320
"""Samples of a grain: 40 ms, a few periods of a voice."""
BELOW, ABOVE = (0.68, 0.80), (1.30, 1.48)
"""How much lower or higher a voice becomes: never so little that it is still itself."""
WANDER = 0.05
_KNOWN = {b"fmt ", b"data", b"fact"}
_random = SystemRandom()


class NoVoice(ValueError):
    """The file is no WAV of plain samples, or longer than is taken; the text says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The fresh file, and the names of the parts of the old one that were left behind."""

    data: bytes
    removed: tuple[str, ...]
    seconds: float


def mask(data: bytes, *, draw: Callable[[float, float], float] = _random.uniform) -> Masked:
    """The voice at another pitch, in a file that holds samples alone. NoVoice for anything but a plain WAV."""
    samples, rate = _read(data)
    plain = _slowed(samples, rate)
    seconds = len(plain) / RATE
    if not plain:
        raise NoVoice("it holds no sound")
    if seconds > LONGEST_SECONDS:
        raise NoVoice(f"longer than {LONGEST_SECONDS} s")
    low = draw(0.0, 1.0) < 0.5
    factor = draw(*(BELOW if low else ABOVE))
    shifted = _shifted(plain, factor, draw)
    return Masked(data=_written(shifted), removed=_parts(data), seconds=seconds)


def fresh(data: bytes) -> bytes:
    """The same samples in a file that holds nothing else. NoVoice for anything but a plain WAV."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            told, frames = file.getparams(), file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NoVoice("no WAV of plain samples") from error
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setparams((told.nchannels, told.sampwidth, told.framerate, 0, "NONE", "not compressed"))
        out.writeframes(frames)
    return written.getvalue()


def _read(data: bytes) -> "tuple[array[float], int]":
    """One channel of samples between −1 and 1, and how many there are in a second."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            if file.getnframes() > (LONGEST_SECONDS + 1) * rate or not 4_000 <= rate <= 192_000:
                raise NoVoice(f"longer than {LONGEST_SECONDS} s, or of an unusual rate")
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError, ValueError) as error:
        raise error if isinstance(error, NoVoice) else NoVoice("no WAV of plain samples") from error
    values = _values(raw, width)
    if channels == 1:
        return values, rate
    together = zip(*(values[channel::channels] for channel in range(channels)), strict=False)
    return array("f", (sum(one) / channels for one in together)), rate


def _values(raw: bytes, width: int) -> "array[float]":
    if width == 1:  # The only width without a sign.
        return array("f", ((value - 128) / 128 for value in raw))
    scale = float(1 << (8 * width - 1))
    whole = len(raw) - len(raw) % width
    return array(
        "f",
        (int.from_bytes(raw[at : at + width], "little", signed=True) / scale for at in range(0, whole, width)),
    )


def _slowed(samples: "array[float]", rate: int) -> "array[float]":
    """The mean of each stretch that becomes one sample: what is too high for the telephone is gone."""
    step = rate / RATE
    if step <= 1:
        return array("f", (_at(samples, number * step) for number in range(int(len(samples) / step))))
    bounds = [round(number * step) for number in range(int(len(samples) / step) + 1)]
    return array("f", (sum(samples[a:b]) / (b - a) for a, b in pairwise(bounds)))


def _shifted(samples: "array[float]", factor: float, draw: Callable[[float, float], float]) -> "array[float]":
    """Grains read faster or slower than they are laid down: the length stays, the pitch does not.

    The factor wanders from grain to grain, so that one number does not turn the voice back.
    """
    window = [0.5 - 0.5 * math.cos(2 * math.pi * at / GRAIN) for at in range(GRAIN)]
    out = array("f", bytes(4 * (len(samples) + GRAIN)))
    half, now = GRAIN // 2, factor
    for start in range(0, len(samples), half):
        now = min(max(now + factor * draw(-WANDER, WANDER) / 4, factor * (1 - WANDER)), factor * (1 + WANDER))
        begin = start + half * (1 - now)
        for at in range(GRAIN):
            out[start + at] += window[at] * _at(samples, begin + at * now)
    return out[: len(samples)]


def _at(samples: "array[float]", where: float) -> float:
    """The sound between two samples."""
    left = math.floor(where)
    if not 0 <= left < len(samples) - 1:
        return 0.0
    part = where - left
    return samples[left] * (1 - part) + samples[left + 1] * part


def _written(samples: "array[float]") -> bytes:
    loudest = max(1.0, max(samples), -min(samples))
    whole = array("h", (round(32_767 * value / loudest) for value in samples))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(_little(whole))
    return written.getvalue()


def _little(whole: "array[int]") -> bytes:
    return b"".join(value.to_bytes(2, "little", signed=True) for value in whole)


def _parts(data: bytes) -> tuple[str, ...]:
    """The names of the chunks that were left behind: titles, dates, the recorder's own words."""
    found, at = set(), 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name not in _KNOWN:
            found.add(name.decode("ascii", "replace").strip())
        at += 8 + size + size % 2
    return tuple(sorted(found))
