"""Has photos that are to be covered decoded by a child process of their own, within its limits; decodes nothing."""

import json
from tempfile import TemporaryFile
from typing import BinaryIO

from api.decoder.parent import Decoder, Failed, Told
from storage.record.ledger.proofs.rasters import BYTES, Raster
from storage.trust.exposures.pictures import Rendered


class DecodedApart:
    """A child for each photo: a rare act, and what one photo left behind in a child meets no other."""

    def render(self, file: BinaryIO, media_type: str) -> Rendered | None:
        """The rendition of a photo; None where it cannot be decoded within the limits."""
        decoder = Decoder()
        try:
            told = decoder.render(file, media_type)
        finally:
            decoder.close()
        if isinstance(told, Failed) or not told.preview:
            return None
        return _rendered(told)

    def pack(self, raster: Raster) -> bytes | None:
        """Plain pixels as a PNG."""
        decoder = Decoder()
        try:
            with TemporaryFile() as file:
                file.write(raster.pixels)
                file.flush()
                told = decoder.pack(file, raster.width, raster.height)
        finally:
            decoder.close()
        return None if isinstance(told, Failed) else told.preview or None


def _rendered(told: Told) -> Rendered | None:
    """What the child said, judged: it has read hostile bytes, and is believed in nothing that can be counted."""
    try:
        facts = json.loads(told.facts)
        width, height, reduced = (int(facts[name]) for name in ("width", "height", "reduced"))
    except (ValueError, KeyError, TypeError):
        return None
    if min(width, height, reduced) < 1 or width * height * BYTES != len(told.preview):
        return None
    return Rendered(Raster(width, height, told.preview), reduced)
