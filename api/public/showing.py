"""How the public site's templates are filled: the one environment, and how days, sums and digests are written."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.public import charts
from api.public.asking import Tongue, address
from api.static import WEB
from storage.record.clock import SHANGHAI
from storage.record.glossary import articles
from storage.record.glossary.exposures import WORDS as EXPOSURES
from storage.record.glossary.labels import LABELS
from storage.record.glossary.lists import WORDS as OF_LISTS
from storage.record.glossary.requests import WORDS as OF_REQUESTS
from storage.record.glossary.site_words import WORDS
from storage.record.ledger.proofs.pictures import Grid, regions_of

_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())
WAN: Final = 10_000
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(WEB / "public"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
_SAID: Final = {**WORDS, **EXPOSURES, **OF_LISTS, **OF_REQUESTS}
# As attributes: a template looks for one before it looks for a member, and finding none costs more than all the rest.
_WORDS: Final = {
    lang: SimpleNamespace(lang=lang, **{name: pair[at] for name, pair in _SAID.items()})
    for at, lang in enumerate(("zh", "en"))
}


def _listed(
    rows: Iterable[Mapping[str, Any]], t: SimpleNamespace, names: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    """What a list shows of each row, ready to be written: a template that works it out takes three times as long."""
    tongue: Tongue = t.lang
    for row in rows:
        kind, county, sum_ = row["kind"], row["county"], row["amount"]
        yield (
            kind.lower(), label("DisclosureKind", kind, tongue), row["day"], day_text(row["day"], tongue),
            names.get(county, county), address(f"/d/{row['id']}", tongue), row["title"],
            yuan(sum_, tongue) if sum_ is not None else None, row["agency"], row["number"],
            row if row["disputed"] or row["late"] else None,
        )  # fmt: skip


_ENVIRONMENT.filters["listed"] = _listed


def filled(template: str, tongue: Tongue, url: str, told: Mapping[str, Any]) -> bytes:
    """A page in one language."""
    english = tongue == "en"
    given = {
        "zh": Markup(' lang="zh-CN"') if english else "", "t": _WORDS[tongue], "lang": tongue, "english": english,
        "url": url, "kind_text": lambda kind: kind_text(kind, tongue),
        "to": lambda path, **more: address(path, tongue, **more),
        "label": lambda kind, code: label(kind, code, tongue),
        "day": lambda value: day_text(value, tongue), "minute": lambda value: minute_text(value, tongue),
        "short": charts.short, "yuan": lambda fen: yuan(fen, tongue), "total": lambda fen: total(fen, tongue),
        "article": lambda text: articles.english(text) if english else text,
    }  # fmt: skip
    return _writable(_ENVIRONMENT.get_template(template).render({**told, **given}))


def word(name: str, tongue: Tongue) -> str:
    """What the site itself says."""
    found: str = getattr(_WORDS[tongue], name)
    return found


def _writable(page: str) -> bytes:
    """The bytes of a page without what no document may hold, since names come from people: once a page."""
    body = page.encode("utf-8", "ignore").translate(None, _CONTROLS)
    for sign in _NONCHARACTERS:
        if sign in body:
            body = body.replace(sign, b"")
    return body


@lru_cache(maxsize=1_024)
def label(kind: str, code: str, tongue: Tongue) -> str:
    """A code of a closed list in words; itself where no words are known."""
    pair = LABELS.get(kind, {}).get(code)
    return pair[tongue == "en"] if pair else code


def kind_text(kind: str, tongue: Tongue) -> str:
    """A kind of disclosure where there is little room; its own word is short in English."""
    return kind.capitalize() if tongue == "en" else label("DisclosureKind", kind, tongue)


@lru_cache(maxsize=4_096)
def day_text(value: str | date | None, tongue: Tongue) -> str:
    """2026年11月24日, or 24 Nov 2026."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if tongue == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def minute_text(value: str | datetime | None, tongue: Tongue) -> str:
    """The minute in Guizhou."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    there = value.astimezone(SHANGHAI)
    return f"{day_text(there.date(), tongue)} {there:%H:%M}"


def today() -> date:
    """The day in Guizhou."""
    return datetime.now(SHANGHAI).date()


def yuan(fen: str | int | None, tongue: Tongue) -> str:
    """A sum as people write it, exactly: in Chinese by 万 from there on, where two decimals hold it whole."""
    if fen is None:
        return ""
    whole, part = divmod(int(fen), 100)
    if tongue == "zh" and whole >= WAN and not part and not whole % (WAN // 100):
        wans, rest = divmod(whole, WAN)
        return f"{wans:,}" + (f".{rest // 100:02}".rstrip("0") if rest else "") + "万元"
    amount = f"{whole:,}" + (f".{part:02}" if part else "")
    return f"CNY {amount}" if tongue == "en" else f"{amount}元"


def total(fen: str | int | None, tongue: Tongue) -> str:
    """A total as a table has it, exactly: nothing is a dash; in Chinese by 万, in English in CNY, as its head says."""
    if not int(fen or 0):
        return "—"
    whole, part = divmod(int(fen or 0), 100)
    if tongue == "en":
        return yuan(fen, tongue).removeprefix("CNY ")
    if whole < WAN or part:
        return yuan(fen, tongue)
    wans, rest = divmod(whole, WAN)
    return f"{wans:,}" + (f".{rest:04}".rstrip("0") if rest else "") + "万元"


@lru_cache(maxsize=256)
def regions(names: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """The choices of a region: prefectures with their counties set in; made once, since every search shows them all."""
    found = []
    for code, name in names:
        if len(code) > 2:
            selected = Markup(" selected") if code == chosen else ""
            within = "　" if len(code) == 6 else ""
            found.append(Markup('<option value="{}"{}>{}{}</option>').format(code, selected, within, name))
    return Markup("").join(found)


def qr(text: str, title: str) -> Markup:
    """A QR code as SVG within the page: no other request, no inline style."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, scale=4, svgclass="qr", lineclass=None,
        title=title, nl=False,
    )  # fmt: skip
    # Made of our own address; segno escapes the title.
    return Markup(out.getvalue().decode())  # noqa: S704


def covered_share(member: Mapping[str, Any]) -> str:
    """How much of a picture is covered, in hundredths with one place."""
    grid = Grid(member["width"], member["height"])
    return f"{len(grid.covered(regions_of(member))) * 1000 // grid.count / 10:.1f}"
