"""Reads length, place, time and a poster frame of a film or a sound by PyAV, where the extra `film` is installed."""

import io
import re
from types import ModuleType
from typing import Any, BinaryIO, Final, cast

from PIL import Image

from api.decoder import limits, pictures
from api.decoder.answers import Answer, Bomb, NoDecoder

# One demuxer for each sniffed type: FFmpeg is never left to guess among its hundreds.
_DEMUXERS: Final = {
    "audio/aac": "aac", "audio/amr": "amr", "audio/mp4": "mov", "audio/mpeg": "mp3", "audio/ogg": "ogg",
    "audio/wav": "wav", "video/3gpp": "mov", "video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska",
}  # fmt: skip
_OPTIONS: Final = {"probesize": "5000000", "analyzeduration": "5000000"}
_LOCATIONS: Final = ("location", "location-eng", "com.apple.quicktime.location.ISO6709")
_ISO_6709: Final = re.compile(r"([+-]\d{1,3}(?:\.\d{1,12})?)([+-]\d{1,3}(?:\.\d{1,12})?)")
_CREATED: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)")
_SCALE: Final = 10_000_000
_EARLIEST_POSTER_MS: Final = 1_000

av: ModuleType | None = None


def prepare() -> None:
    """Loads PyAV if it is there: its wheel bundles GPL codecs, so only this child may ever import it."""
    global av
    try:
        import av as loaded
    except ImportError:
        return
    loaded.logging.set_level(None)
    av = loaded
    describe(_film_of_our_own(), "video/mp4", Answer())  # Much is imported when it is first met: now, not later.


def _film_of_our_own() -> BinaryIO:
    written = io.BytesIO()
    with cast(ModuleType, av).open(written, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=1, width=16, height=16, pix_fmt="yuv420p")
        frame = cast(ModuleType, av).VideoFrame.from_image(Image.new("RGB", (16, 16)))
        container.mux([*stream.encode(frame), *stream.encode(None)])
    written.seek(0)
    return written


def describe(file: BinaryIO, media_type: str, answer: Answer) -> None:
    """Fills the answer; raises NoDecoder without PyAV, and whatever FFmpeg finds wrong."""
    if av is None or media_type not in _DEMUXERS:
        raise NoDecoder()
    with av.open(file, format=_DEMUXERS[media_type], options=_OPTIONS, metadata_errors="replace") as container:
        if container.duration is not None and container.duration > 0:
            answer.facts["length_ms"] = container.duration // 1000
        answer.facts |= _said(container.metadata)
        if container.streams.video:
            _poster(container, container.streams.video[0], answer)
        elif "length_ms" not in answer.facts:
            answer.not_read("FILM", "NOT_READ")  # FFmpeg opens many a broken film as one without any track.


def _said(metadata: dict[str, str]) -> dict[str, Any]:
    """What the container says of where and when; a time of nought means that nobody set the clock."""
    found: dict[str, Any] = {}
    place = next((metadata[name] for name in _LOCATIONS if name in metadata), None)
    if place is not None:
        match = _ISO_6709.match(place)
        if match is None:
            found["position"] = "WRONG"
        else:
            found |= {"latitude": round(float(match[1]) * _SCALE), "longitude": round(float(match[2]) * _SCALE)}
    created = _CREATED.match(metadata.get("creation_time", ""))
    if created is not None and created[1] not in ("1904", "1970"):
        found |= {"time": f"{created[1]}:{created[2]}:{created[3]} {created[4]}", "offset": "+00:00"}
    return found


def _poster(container: Any, stream: Any, answer: Answer) -> None:
    """The key frame nearest before a second into the film: an exact one takes four times as long."""
    context = stream.codec_context
    answer.facts |= {"width": context.width, "height": context.height}
    if context.width * context.height > limits.PIXELS:
        raise Bomb()
    context.thread_count = 1
    context.skip_frame = "NONKEY"
    if answer.facts.get("length_ms", 0) > 2 * _EARLIEST_POSTER_MS:
        container.seek(_EARLIEST_POSTER_MS * 1000)
    frame = next(iter(container.decode(stream)))
    if frame.width * frame.height > limits.PIXELS:
        raise Bomb()
    turned = {90: 8, 180: 3, 270: 6}.get(round(frame.rotation) % 360, 1)
    answer.facts["orientation"] = turned
    pictures.show(frame.to_image(), answer, orientation=turned)
