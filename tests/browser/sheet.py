"""What may live here: a printed page as a test looks at it: its sheets, its words, and whether its code is read."""

import asyncio
import base64
import io
import re
from dataclasses import dataclass

import segno
from PIL import Image

from tests.browser.chromium import Page

_SHEET = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_A4 = 794
_SCALE = 4
_QUIET = 2
"""Modules of white that the page itself leaves around its code."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on paper: how many sheets, the words on it, and the dark and light modules of its QR code."""

    sheets: int
    words: str
    modules: tuple[tuple[bool, ...], ...]

    def reads(self, text: str) -> bool:
        """Whether its code is this text's, module by module."""
        wanted = segno.make(text, error="m", micro=False).matrix
        return self.modules == tuple(tuple(bool(one) for one in row) for row in wanted)


async def printed(page: Page, text: str) -> Sheet:
    """The page as it is printed; its code is looked at as if it held so many modules as this text's."""
    pdf = base64.b64decode((await page.send("Page.printToPDF", preferCSSPageSize=True))["data"])
    await page.look(width=_A4, height=1_123)
    await page.send("Emulation.setEmulatedMedia", media="print")
    words = await page.run("document.body.innerText")
    box = await page.run(
        "(() => { const b = document.querySelector('svg.qr').getBoundingClientRect();"
        " return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height, scale: 4} })()"
    )
    shot = await page.send("Page.captureScreenshot", format="png", clip=box, captureBeyondViewport=True)
    await page.send("Emulation.setEmulatedMedia", media="")
    many = len(segno.make(text, error="m", micro=False).matrix)
    modules = await asyncio.to_thread(_modules, base64.b64decode(shot["data"]), many)
    return Sheet(len(_SHEET.findall(pdf)), words, modules)


def _modules(png: bytes, many: int) -> tuple[tuple[bool, ...], ...]:
    """The middle of each module, dark or light."""
    with Image.open(io.BytesIO(png)) as shot:
        grey = shot.convert("L")
        step = grey.width / (many + 2 * _QUIET)
        at = [int((place + _QUIET + 0.5) * step) for place in range(many)]
        return tuple(tuple(bool(grey.getpixel((x, y)) < 128) for x in at) for y in at)  # type: ignore[operator] # Grey.
