"""What may live here: papers typeset from their bodies, beside the bare library that is given finished markup."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import typst
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.casework.papers import laying, rendering
from storage.record.ledger.proofs.signatures import signer
from storage.record.printing import typesetting
from storage.record.printing.stamping import stamp
from storage.record.printing.typesetting import Typesetter
from tests.bench.figures import Figure, Side, ratios
from tests.bench.ground import Ground
from tests.factories.papers import FOUND, ORDER_FORM, sample_body

ONE, MANY = "one paper", "100 papers in one pass"
ROUNDS, EACH, PASSES, PASS, TURN = 9, 5, 5, 100, 5
AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as each side is given it."""

    body: bytes
    markup: bytes


async def measure_one(_: Ground) -> list[Figure]:
    """A body of two pages to its PDF; each paper is another one, so that no memory of the library helps either side.

    Bare is the library alone: one compiler with its fonts open, and the same pages (words, rules, boxes, places for
    signatures, seal, page numbers) written in its own markup for this paper only, made before the clock starts.
    """
    return [await asyncio.to_thread(_one)]


async def measure_many(_: Ground) -> list[Figure]:
    """The same for a hundred papers, one after the other; throughput of ours over that of the bare library."""
    return [await asyncio.to_thread(_many)]


def _one() -> Figure:
    ours, bare = _rounds(ROUNDS, EACH)
    sides = (
        Side("from the body", "ms a paper", tuple(each / EACH * 1000 for each in ours)),
        Side("bare typst", "ms a paper", tuple(each / EACH * 1000 for each in bare)),
    )
    return Figure(ONE, ratios(ours, bare), sides, (_remark(), _stamping()))


def _many() -> Figure:
    ours, bare = _rounds(PASSES, PASS)
    sides = (
        Side("from the bodies", "papers/s", tuple(PASS / each for each in ours)),
        Side("bare typst", "papers/s", tuple(PASS / each for each in bare)),
    )
    return Figure(MANY, ratios(bare, ours), sides, (_remark(),))


def _rounds(rounds: int, each: int) -> tuple[list[float], list[float]]:
    """Seconds of ours and of the bare library, a round each, over the same papers.

    The two take turns after every few papers, so that whatever else the machine does falls on both.
    """
    ours, bare, number = list[float](), list[float](), time.time_ns() // 1000 % 900_000
    by_us, by_typst = _by_us(), _by_typst()
    for size in (1, *(each,) * rounds):
        papers = [_paper(number + at) for at in range(size)]
        number += size
        turns = [papers[at : at + TURN] for at in range(0, size, TURN)]
        spent = [(_seconds(by_typst, turn), _seconds(by_us, turn)) for turn in turns]
        bare.append(sum(one for one, _ in spent))
        ours.append(sum(other for _, other in spent))
    return ours[1:], bare[1:]  # The first paper of each side reads the fonts.


def _by_us() -> Callable[[Paper], object]:
    typesetter = Typesetter()
    return lambda paper: rendering.render(typesetter, paper.body, at=AT)


def _by_typst() -> Callable[[Paper], object]:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(typesetting.packaged_fonts())]
    )
    compiler, at = typst.Compiler(b"", font_paths=fonts, ignore_system_fonts=True), int(AT.timestamp())
    return lambda paper: compiler.compile(paper.markup, format="pdf", pdf_standards=typesetting.STANDARD, timestamp=at)


def _paper(number: int) -> Paper:
    body = sample_body(ORDER_FORM, text=_text(number), number=number)
    return Paper(body, _markup(laying.laid(body)).encode())


def _markup(told: dict[str, Any]) -> str:
    """The same pages as somebody would write them for this paper alone."""
    texts = "\n".join(
        f"#block(above: 1.3em, below: 0.8em, sticky: true, text(font: sans, size: 11.5pt)[{group['name']}])\n"
        + "\n\n".join(group["text"].split("\n"))
        for group in told["groups"]
        if group["kind"] == "TEXT"
    )
    fields = [field for group in told["groups"] for field in group.get("fields", ())]
    lines = "".join(
        f"grid.cell(colspan: {1 + field['wide']}, block(width: 100%, stroke: (bottom: hair), inset: (bottom: 3pt))"
        f"[#quiet[{field['name']}] #h(0.7em) {field['text']}]),"
        for field in fields
    )
    places = "".join(
        f"block(breakable: false, width: 100%)[#quiet[{place['place']}（签名）：] #block(width: 100%, above: 0.4em,"
        " below: 0.45em, stroke: (bottom: hair), inset: (bottom: 2.5pt), box(height: 9mm))],"
        for place in told["places"]
    )
    return _PAGES.format(
        **{name: told[name] for name in ("title", "number", "agency", "digest", "to", "remedies", "day")},
        texts=texts, lines=lines, places=places,
    )  # fmt: skip


_PAGES = """#let sans = "Noto Sans SC"
#let hair = 0.6pt + luma(120)
#let quiet(it) = text(font: sans, size: 10.5pt, fill: luma(95), it)
#set document(title: "{title} {number}", author: "{agency}")
#set text(font: "Noto Serif SC", size: 12pt, lang: "zh", region: "cn", overhang: false)
#set par(leading: 0.78em, spacing: 0.9em, justify: true, first-line-indent: (amount: 2em, all: true))
#set page(paper: "a4", margin: (top: 27mm, bottom: 28mm, left: 27mm, right: 25mm), footer-descent: 9mm,
  footer: block(width: 100%, stroke: (top: 0.4pt + luma(170)), inset: (top: 5pt))[
    #set text(font: sans, size: 8.5pt, fill: luma(95))
    文书摘要 SHA-256：{digest} #h(1fr)
    #context [第 #counter(page).display() 页　共 #counter(page).final().first() 页]])
#align(center)[#text(font: sans, size: 14pt, tracking: 0.12em)[{agency}] \\
  #text(font: sans, size: 21pt, tracking: 0.1em)[{title}] \\
  {number}]
#line(length: 100%, stroke: 1.1pt)
#line(length: 100%, stroke: 0.4pt)
#block(below: 1.1em, text(size: 13pt)[{to}])
{texts}
#block(above: 1.1em, below: 1.1em, grid(columns: (1fr, 1fr), column-gutter: 7mm, row-gutter: 3.4mm, {lines}))
#block(breakable: false, width: 100%)[
  {remedies}

  #grid(columns: (1fr, 1fr), column-gutter: 9mm, row-gutter: 4mm, {places})
  #align(right, box(width: 78mm)[#place(center + horizon, circle(radius: 19mm,
    stroke: (paint: luma(165), thickness: 0.7pt, dash: "dashed"))) #align(center)[#v(12mm) {agency} \\ {day} \\
    #text(font: sans, size: 8.5pt)[（印章）] #v(11mm)]])
]
"""


def _text(number: int) -> str:
    """Another text for each paper, all of one length: two pages."""
    return f"第{number:06}号现场。{FOUND}".replace("#", "＃") * 6


def _seconds(call: Callable[[Paper], object], papers: list[Paper]) -> float:
    begun = time.perf_counter()
    for paper in papers:
        call(paper)
    return time.perf_counter() - begun


def _remark() -> str:
    return f"{ORDER_FORM}, two pages, PDF/A-2b, {len(_text(1)) * 2} signs of text; fonts open on both sides"


def _stamping() -> str:
    key, spent = signer(Ed25519PrivateKey.generate(), id="stamp:bench"), list[float]()
    pdf = rendering.render(Typesetter(), sample_body(ORDER_FORM), at=AT)
    for _ in range(5):
        begun = time.perf_counter()
        asyncio.run(stamp(pdf, key, agency="国家矿山安全监察局贵州局"))
        spent.append((time.perf_counter() - begun) * 1000)
    return f"stamping comes on top, {min(spent):.0f} ms"
