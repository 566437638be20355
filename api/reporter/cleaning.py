"""Makes of photos and voice notes what may be sent: pixels and masked sound alone, and says what was left behind."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from api.decoder.parent import Decoder, Failed
from api.phone.media import HEAD, media_type_of
from api.reporter import voice
from storage.record.ledger.proofs.reports import files

_HEIF = ("image/heic", "image/heif", "image/avif")
"""What many phones take photos in, and nothing here decodes."""


class NotCleaned(Exception):
    """A file cannot be cleaned, so it is not sent; `sentence` says why, with `told` in it."""

    def __init__(self, sentence: str, *, file: str, told: str = "") -> None:
        super().__init__(f"{file}: {sentence} {told}".strip())
        self.sentence, self.file, self.told = sentence, file, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A file that tells nothing but what is seen or heard in it; `removed` are the kinds of what it told besides."""

    kind: str
    type: str
    data: bytes
    removed: tuple[str, ...] = ()


def clean_photo(path: Path) -> Cleaned:
    """The pixels of a photo in a fresh JPEG. NotCleaned for what is no photo that can be decoded here."""
    with _opened(path) as file:
        found = media_type_of(file.read(HEAD))
        decoder = Decoder()
        try:
            told = decoder.clean(file, found)
        finally:
            decoder.close()
    facts = {} if isinstance(told, Failed) else json.loads(told.facts)
    if isinstance(told, Failed) or not told.preview:
        sentence = "heic_not_cleaned" if found in _HEIF else "photo_not_cleaned"
        raise NotCleaned(sentence, file=path.name, told=found)
    return _fitting(path, Cleaned(kind="PHOTO", type="image/jpeg", data=told.preview, removed=tuple(facts["removed"])))


def clean_voice(path: Path) -> Cleaned:
    """A voice note with another voice. NotCleaned for anything but a WAV of plain samples."""
    with _opened(path) as file:
        data = file.read(512 * 2**20)
    try:
        masked = voice.mask(data)
    except voice.NoVoice as error:
        raise NotCleaned("voice_not_masked", file=path.name, told=str(error)) from error
    return _fitting(path, Cleaned(kind="VOICE", type="audio/wav", data=masked.data, removed=masked.removed))


def clean_again(data: bytes, *, kind: str) -> Cleaned:
    """What a recipient's desk does before anything is shown or exported: whoever sent it may have cleaned nothing."""
    if kind == "VOICE":
        try:
            return Cleaned(kind=kind, type="audio/wav", data=voice.fresh(data))
        except voice.NoVoice as error:
            raise NotCleaned("kind_not_cleaned", file=kind, told=str(error)) from error
    if kind != "PHOTO":
        raise NotCleaned("kind_not_cleaned", file=kind)
    with TemporaryDirectory(prefix="pithead-desk-") as folder:
        path = Path(folder) / "photo"
        path.write_bytes(data)
        return clean_photo(path)


def _fitting(path: Path, cleaned: Cleaned) -> Cleaned:
    if len(cleaned.data) > files.LARGEST:
        raise NotCleaned("file_too_large", file=path.name, told=str(len(cleaned.data)))
    return cleaned


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise NotCleaned("file_unreadable", file=path.name, told=error.strerror or "") from error
