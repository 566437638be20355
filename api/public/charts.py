"""Charts and the map of counties as small SVGs made by the server; colours come from the page's style sheet; pure."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup, escape

_WIDTH, _HEIGHT, _FOOT, _TOP = 420, 200, 28, 26
_COLUMNS, _TILE, _TALL = 4, 78, 44
# Where the nine lie towards each other, row by row; a drawing for orientation, which is no map of boundaries.
ORIENTATION: Sequence[Sequence[str]] = (("5205", "5203", "5206"), ("5202", "5201", "5226"), ("5223", "5204", "5227"))
_THREE = ("黔西南", "黔东南")
_SUFFIXES = ("自治州", "自治县", "特区", "新区", "市", "县", "区")


def bars(
    names: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    means: Sequence[float | None] | None = None,
    mean: str = "",
    parts: Sequence[float] | None = None,
    part: str = "",
    written: Callable[[float], str] | None = None,
) -> Markup:
    """Bars from zero, each with its number. `means` are lines across them, `parts` the darker foot of each bar.

    Whoever does not see it hears the same numbers as a sentence; the table stands under it.
    """
    write = written or _number
    highest = max([*values, *(one for one in means or () if one is not None), 1])
    step = _WIDTH / max(len(values), 1)
    high = _HEIGHT - _FOOT - _TOP
    drawn = [f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _FOOT}" y2="{_HEIGHT - _FOOT}"/>']
    said = []
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        wide, middle = min(step * 0.6, 64), at * step + step / 2
        drawn.append(_bar("bar", middle, wide, high * value / highest))
        told = f"{name} {write(value)}"
        if parts and parts[at]:
            drawn.append(_bar("part", middle, wide, high * parts[at] / highest))
            told += f" ({part} {write(parts[at])})"
        line = means[at] if means else None
        top = value if line is None else max(value, line)
        if line is not None:
            level = _HEIGHT - _FOOT - high * line / highest
            ends = f'x1="{middle - wide * 0.75:.1f}" x2="{middle + wide * 0.75:.1f}"'
            drawn.append(f'<line class="mean" {ends} y1="{level:.1f}" y2="{level:.1f}"/>')
            told += f" ({mean} {_number(line)})"
        said.append(told)
        y = _HEIGHT - _FOOT - high * top / highest - 6
        drawn.append(
            f'<text class="number" x="{middle:.1f}" y="{y:.1f}">{write(value)}</text>'
            f'<text class="name" x="{middle:.1f}" y="{_HEIGHT - 8}">{escape(name)}</text>'
        )
    heard = escape(f"{title}: {'; '.join(said)}")
    head = f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{heard}">'
    return Markup(head + "".join(drawn) + "</svg>")  # noqa: S704  # Names are escaped; the rest is numbers.


def _bar(kind: str, middle: float, wide: float, tall: float) -> str:
    top = _HEIGHT - _FOOT - tall
    return f'<rect class="{kind}" x="{middle - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>'


def tiles(counties: Sequence[tuple[str, str, str]], counts: Mapping[str, int], *, title: str) -> Markup:
    """The counties of a prefecture as tiles, each a link: (code, name, link). The darker, the more is shown of it."""
    rows = -(-len(counties) // _COLUMNS)
    parts = []
    for at, (code, name, link) in enumerate(counties):
        row, column = divmod(at, _COLUMNS)
        many = counts.get(code, 0)
        shade = shade_of(many, counts)
        left, top = column * _TILE, row * _TALL
        parts.append(
            f'<a href="{escape(link)}" aria-label="{escape(name)} {many}"><title>{escape(name)} {many}</title>'
            f'<rect class="tile shade{shade}" x="{left + 1}" y="{top + 1}" width="{_TILE - 3}" height="{_TALL - 3}"/>'
            f'<text class="place on{shade}" x="{left + _TILE / 2 - 1}" y="{top + 19}">{escape(short(name))}</text>'
            f'<text class="many on{shade}" x="{left + _TILE / 2 - 1}" y="{top + 35}">{many}</text></a>'
        )
    size = f"0 0 {_COLUMNS * _TILE} {rows * _TALL}"
    head = f'<svg class="tiles" viewBox="{size}" role="group" aria-label="{escape(title)}">'
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  # Names and links are escaped.


def shade_of(many: int, counts: Mapping[str, int]) -> int:
    """How dark a county is drawn, of 0 to 4: nothing, and the four quarters of the most."""
    return 0 if not many else min(4, 1 + 4 * many // (max([*counts.values(), 1]) + 1))


def legend(counts: Mapping[str, int]) -> list[str]:
    """What each shade stands for: from how many to how many."""
    most = max([*counts.values(), 1])
    found: dict[int, list[int]] = {}
    for many in range(1, most + 1):
        found.setdefault(shade_of(many, counts), []).append(many)
    spans = ((those[0], those[-1]) for _, those in sorted(found.items()))
    return ["0", *(f"{least:,}" if least == last else f"{least:,}–{last:,}" for least, last in spans)]


def short(name: str) -> str:
    """A name as a tile has room for it: 威宁彝族回族苗族自治县 is 威宁, 盘州市 is 盘州, 黔南…自治州 is 黔南."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            name = name.removesuffix(suffix)
            break
    if name.startswith(_THREE):
        return name[:3]
    return name[:2] if len(name) > 3 or "族" in name else name


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
