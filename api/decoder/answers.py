"""What a decoding child answers about one file: facts, what could not be read and why, and a preview."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image


class Bomb(Exception):
    """The file claims more pixels, or takes more memory, than may be decoded."""


class NoDecoder(Exception):
    """Nothing installed here decodes this type."""


class Truncated(Exception):
    """The file ends before what it announces."""


@dataclass(slots=True)
class Answer:
    """Grows while a file is read, so that what stopped it takes nothing away that was found before."""

    facts: dict[str, Any] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    preview: bytes = b""

    def not_read(self, part: str, why: str) -> None:
        """`part` is PICTURE, FILM or EXIF; `why` NOT_READ, TRUNCATED, BOMB, TIMED_OUT, NO_DECODER or TOO_LARGE."""
        self.missing[part] = why

    def take_preview(self, picture: "Image.Image") -> None:
        """Encodes a small upright picture as JPEG: WebP would take twice the time of all the rest."""
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=80)
        self.preview = written.getvalue()
        self.facts["preview"] = {"width": picture.width, "height": picture.height}

    def told(self) -> dict[str, Any]:
        """The answer as plain JSON."""
        facts = {name: value for name, value in self.facts.items() if value is not None}
        return facts | ({"not_read": self.missing} if self.missing else {})
