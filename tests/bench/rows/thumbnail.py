"""What may live here: the preview of a 12 MP photo by the decoding child, beside bare Pillow in this process."""

import asyncio
import io
import tempfile
import time
from collections.abc import Callable

from PIL import Image

from api.decoder.parent import Decoder
from api.describing import look_at
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.factories import media

ROW = "thumbnail of a 12 MP photo"
ROUNDS, EACH = 9, 10
SIZE = (4000, 3000)


async def measure(_: Ground) -> list[Figure]:
    """Both sides take the same photo from memory to the bytes of its preview, one after the other, ten times a round.

    The child's side writes the photo to a file, hands it over, reads EXIF, finds the hash and judges the answer, too;
    and it is recycled as in the product, so that its start (its imports, a second) is paid for every 50 photos.
    """
    return [await asyncio.to_thread(_measured)]


def _measured() -> Figure:
    photo = _photo()
    decoder, ours, bare = Decoder(), list[float](), list[float]()
    _by_child(decoder, photo)
    for _ in range(ROUNDS):
        bare.append(_milliseconds(lambda: _by_pillow(photo)))
        ours.append(_milliseconds(lambda: _by_child(decoder, photo)))
    decoder.close()
    sides = (
        Side("decoding child", "ms a photo", tuple(ours)),
        Side("Pillow: open, draft('RGB'), load, BICUBIC, JPEG", "ms a photo", tuple(bare)),
    )
    remark = f"{SIZE[0]} × {SIZE[1]}, {len(photo) // 1000} kB; {EACH} photos a round, the child's recycling included"
    return Figure(ROW, ratios(ours, bare), sides, (remark,))


def _photo() -> bytes:
    """With the grain of a sensor, so that it weighs what photos weigh."""
    grain = Image.effect_noise(SIZE, 24).convert("RGB")
    exif = media.exif(time="2026:11:24 16:00:00", orientation=6, place=(27.69, 106.92))
    return media.jpeg(Image.blend(media.scene(1, SIZE), grain, 0.3), quality=92, exif=exif)


def _by_pillow(photo: bytes) -> bytes:
    picture = Image.open(io.BytesIO(photo))
    picture.draft("RGB", (512, 512))
    picture.load()
    scale = 512 / max(picture.size)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BICUBIC)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=80)
    return written.getvalue()


def _by_child(decoder: Decoder, photo: bytes) -> bytes:
    with tempfile.TemporaryFile() as file:
        file.write(photo)
        file.flush()
        found = look_at(decoder, file, "image/jpeg")
    assert found.preview is not None, found
    return found.preview.body


def _milliseconds(call: Callable[[], bytes]) -> float:
    begun = time.perf_counter()
    for _ in range(EACH):
        call()
    return (time.perf_counter() - begun) / EACH * 1000
