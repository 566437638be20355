"""`pithead verify --original`: a covered picture held against the original that somebody has, by his own decoder."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from api.decoder.parent import Decoder, Failed
from api.phone.media import HEAD, media_type_of
from api.phone.verify import told
from storage.record.ledger.proofs.pictures import LIMIT
from storage.record.ledger.proofs.rasters import Raster
from storage.record.ledger.proofs.renditions import verify_with_original
from storage.record.ledger.proofs.verify import read_trust


def main_verify_original(
    *, path: Path, original: Path, secret: str | None, trust: Path | None, say: Callable[[str], None]
) -> int:
    """Says each check; 0 verified, 1 broken, 2 where something could not be read or no trusted keys were given."""
    try:
        keys = None if trust is None else read_trust(trust)
        given = None if secret is None else bytes.fromhex(secret)
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
        digest = _digest(original)
    except (ValueError, OSError) as error:
        say(str(error))
        return 2
    verdict = verify_with_original(data, keys, digest=digest, rendition=_rendition(original), secret=given)
    return told(verdict, say)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rendition(path: Path) -> Raster | None:
    """The rendition, made here in a child process; None where nothing here decodes it."""
    decoder = Decoder()
    try:
        with path.open("rb") as file:
            found = decoder.render(file, media_type_of(file.read(HEAD)))
    finally:
        decoder.close()
    if isinstance(found, Failed) or not found.preview:
        return None
    facts = json.loads(found.facts)
    return Raster(facts["width"], facts["height"], found.preview)
