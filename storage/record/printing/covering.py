"""Which signs the fonts hold, and what is printed instead of one that they do not; pure but for the files."""

from functools import cache
from pathlib import Path
from typing import Any

_KEPT = frozenset("\n")
_MANY_GROUPS = 12
"""The format of a font's table of signs that reaches beyond the first 65,536 (OpenType, cmap)."""


@cache
def signs_in(paths: tuple[str, ...]) -> frozenset[str]:
    """The signs that every one of these fonts holds."""
    found = [_signs_of(Path(path).read_bytes()) for path in paths]
    return frozenset.intersection(*found) | _KEPT if found else _KEPT


def shown_by(signs: frozenset[str], told: Any) -> Any:
    """What a page says, with the number of each sign that no font holds in its place: rare names are no reason to
    print nothing. What is signed, whose digest stands beside it, has the sign itself.
    """
    if isinstance(told, str):
        return "".join(one if one in signs else f"〔U+{ord(one):04X}〕" for one in told)
    if isinstance(told, dict):
        return {name: shown_by(signs, value) for name, value in told.items()}
    return [shown_by(signs, one) for one in told] if isinstance(told, list | tuple) else told


def _signs_of(font: bytes) -> frozenset[str]:
    def number(at: int, size: int) -> int:
        return int.from_bytes(font[at : at + size])

    tables = {font[at : at + 4]: number(at + 8, 4) for at in range(12, 12 + 16 * number(4, 2), 16)}
    cmap = tables[b"cmap"]
    starts = [cmap + number(cmap + 8 + 8 * one, 4) for one in range(number(cmap + 2, 2))]
    groups = next(at for at in starts if number(at, 2) == _MANY_GROUPS)
    spans = [(number(at, 4), number(at + 4, 4)) for at in
             range(groups + 16, groups + 16 + 12 * number(groups + 12, 4), 12)]  # fmt: skip
    return frozenset(chr(code) for first, last in spans for code in range(first, last + 1))
