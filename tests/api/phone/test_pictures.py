"""Tests of holding a covered picture against an original, as whoever has one does on his own machine."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.phone.pictures import main_verify_original
from api.rendering import DecodedApart
from storage.record.ledger.proofs import pictures
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.pictures import Region
from tests.factories.exposures import photo_bytes
from tests.vectors import pictured, sample

REGION = Region(left=32, top=16, right=64, bottom=48)
SECRET = bytes(range(32))


def laid(folder: Path, original: bytes) -> dict[str, Any]:
    """A picture of this original with its bundle, the original and trusted keys, as somebody holds them."""
    file = folder / "original"
    file.write_bytes(original)
    with file.open("rb") as opened:
        rendered = DecodedApart().render(opened, "image/jpeg")
    assert rendered is not None
    plain = rendered.raster
    proven, shown = pictures.proven(plain, (REGION,), SECRET), pictured.png(pictures.covered(plain, (REGION,)))
    member = pictured.member(
        shown, (REGION,), original=sha256(original).hexdigest(), root=proven.root.hex(), width=plain.width,
        height=plain.height, reduced=rendered.reduced,
    )  # fmt: skip
    bundle = folder / "one.picture.json"
    bundle.write_bytes(pictured.bundled(shown, member, proven))
    keys = folder / "keys.json"
    keys.write_bytes(canonical(sample.server().keys.document()))
    return {"path": bundle, "original": file, "trust": keys}


def test_who_has_the_original_compares_every_pixel_and_with_the_secret_the_covered_ones_too(tmp_path: Path) -> None:
    given, said = laid(tmp_path, photo_bytes()), list[str]()
    assert main_verify_original(**given, secret=SECRET.hex(), say=said.append) == 0
    text = "\n".join(said)
    assert "every pixel that is not covered is the original's" in text
    assert "what is covered was the original's, too" in text
    assert main_verify_original(**given, secret=None, say=said.append) == 0
    assert "no secret given" in "\n".join(said)
    assert main_verify_original(**given, secret=bytes(32).hex(), say=said.append) == 1
    assert main_verify_original(**given, secret="x", say=said.append) == 2


@pytest.mark.parametrize("body", [photo_bytes(size=(176, 120)), photo_bytes(quality=20), b"no photo"])
def test_another_original_is_named_as_such(tmp_path: Path, body: bytes) -> None:
    given = laid(tmp_path, photo_bytes())
    given["original"].write_bytes(body)
    said: list[str] = []
    assert main_verify_original(**given, secret=SECRET.hex(), say=said.append) == 1
    assert "WRONG original" in "\n".join(said)
    assert main_verify_original(**given | {"original": tmp_path / "none"}, secret=None, say=said.append) == 2
