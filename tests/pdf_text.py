"""Reads the text of a PDF of ours, as a reader copies it: the glyphs of each page by the table that its font brings."""

import re
from io import BytesIO

from pyhanko.pdf_utils.reader import PdfFileReader

_PLAIN = rb"(?:\\.|[^()\\])"
_NESTED = rb"(?:" + _PLAIN + rb"|\((?:" + _PLAIN + rb"|\(" + _PLAIN + rb"*\))*\))"
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\((" + _NESTED + rb"*)\)|(\bET\b)", re.DOTALL)
_ONE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_SPAN = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_PART = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """All text without its spaces, which setting puts where it likes; pages one behind the other."""
    reader = PdfFileReader(BytesIO(pdf))
    pages = [reader.find_page_for_modification(at)[0].get_object() for at in range(reader.root["/Pages"]["/Count"])]
    told = "".join(map(_text_of_page, pages)).replace("\u200b", "")  # Where a line may break says nothing.
    return "".join(told.split())


def _text_of_page(page: object) -> str:
    fonts = page["/Resources"]["/Font"]  # type: ignore[index] # A dictionary of the library, which types none.
    tables = {name[1:].encode(): _table(font.get_object()["/ToUnicode"].data) for name, font in fonts.items()}
    told, table = [], {}
    for font, hexed, literal, end in _SHOWN.findall(page["/Contents"].data):  # type: ignore[index] # The same.
        if font:
            table = tables[font]
        elif end:
            told.append(" ")
        else:
            glyphs = bytes.fromhex(hexed.decode()) if hexed else _ESCAPE.sub(_escaped, literal)
            told += [table.get(glyphs[at : at + 2], "") for at in range(0, len(glyphs), 2)]
    return "".join(told)


def _escaped(found: "re.Match[bytes]") -> bytes:
    said = found[1]
    return bytes([int(said, 8)]) if said[:1].isdigit() else _ESCAPED.get(said, said)


def _table(cmap: bytes) -> dict[bytes, str]:
    table: dict[bytes, str] = {}
    for kind, body in _PART.findall(cmap):
        if kind == b"bfchar":
            table |= {bytes.fromhex(glyph.decode()): _sign(sign) for glyph, sign in _ONE.findall(body)}
        for first, last, sign in _SPAN.findall(body) if kind == b"bfrange" else ():
            for at in range(int(last, 16) - int(first, 16) + 1):
                table[(int(first, 16) + at).to_bytes(2)] = chr(int(sign, 16) + at)
    return table


def _sign(hexed: bytes) -> str:
    return bytes.fromhex(hexed.decode()).decode("utf-16-be")
