"""Measures the rows that ROW or ISSUE names (all without them), prints the table, writes bench.json."""

import json
import os
import sys
import time
import tomllib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path

import uvloop

from tests.bench import ground
from tests.bench.figures import Bar, Figure
from tests.bench.ground import Ground
from tests.bench.meter import Neighbours
from tests.bench.rows import (
    answering,
    batches,
    cases,
    declaring,
    following,
    ledger,
    lists,
    overview,
    papers,
    promising,
    public_site,
    reporting,
    sealing,
    searching,
    starting,
    sweeping,
    telling,
    thumbnail,
    uploads,
)
from tests.servers import ROOT

Measure = Callable[[Ground], Awaitable[list[Figure]]]

# What measures which rows: some come from one seeding, or from one run, together.
_MEASURED_BY: dict[str, Measure] = {
    answering.HEALTH: answering.measure_health,
    answering.LIMITS: answering.measure_limits,
    declaring.ROW: declaring.measure,
    ledger.SEQUENCER: ledger.measure_sequencer,
    ledger.PROOF: ledger.measure_proofs,
    ledger.PROOF_ROWS: ledger.measure_proofs,
    lists.SEES_ALL: lists.measure,
    lists.SEES_LITTLE: lists.measure,
    sweeping.SWEEP: sweeping.measure,
    cases.TIMELINE: cases.measure_timeline,
    batches.ROW: batches.measure,
    batches.SQL: batches.measure,
    sealing.FILM: sealing.measure_film,
    sealing.MEMORY: sealing.measure_film,
    sealing.PHOTOS: sealing.measure_photos,
    uploads.ONE: uploads.measure_one,
    uploads.ONE_CPU: uploads.measure_one,
    uploads.MANY: uploads.measure_many,
    uploads.MANY_CPU: uploads.measure_many,
    thumbnail.ROW: thumbnail.measure,
    starting.COLD: starting.measure,
    starting.WARM: starting.measure,
    papers.ONE: papers.measure_one,
    papers.MANY: papers.measure_many,
    following.FRAME: following.measure_frame,
    following.MEMORY: following.measure_memory,
    telling.SWEEP: telling.measure_sweep,
    telling.DELTA: telling.measure_delta,
    telling.STATEMENTS: telling.measure_delta,
    reporting.LOGIN: reporting.measure_login,
    overview.OVERVIEW: overview.measure,
    overview.STATEMENTS: overview.measure,
    promising.SIGN: promising.measure_sign,
    promising.VERIFY: promising.measure_verify,
    reporting.FILING: reporting.measure_filing,
    searching.ROW: searching.measure,
    public_site.KEPT: public_site.measure_kept,
    public_site.MADE: public_site.measure_made,
    public_site.CSV: public_site.measure_csv,
}

Bars = dict[str, dict[str, Bar]]


def measured_by() -> dict[str, Measure]:
    """What measures each row."""
    return dict(_MEASURED_BY)


class NoSuchRow(SystemExit):
    """The name that was asked for stands in no bar."""


def bars() -> Bars:
    """The bars of `bars.toml`: by issue, then by row."""
    read = tomllib.loads(Path(__file__).with_name("bars.toml").read_text(encoding="utf-8"))
    return {issue: {row: Bar(**bar) for row, bar in rows.items()} for issue, rows in read.items()}


def chosen(all_bars: Bars, *, row: str, issue: str) -> dict[str, Bar]:
    """The rows to measure: one, those of one issue, or all."""
    if issue and issue.upper() not in all_bars:
        raise NoSuchRow(f"no issue {issue}: " + ", ".join(all_bars))
    named = [rows for name, rows in all_bars.items() if not issue or name == issue.upper()]
    found = {name: bar for rows in named for name, bar in rows.items() if not row or row == name}
    if not found:
        raise NoSuchRow(f"no row {row}: " + "; ".join(name for rows in named for name in rows))
    return found


async def _measured(place: Ground, wanted: dict[str, Bar]) -> list[Figure]:
    figures: list[Figure] = []
    for measure in dict.fromkeys(_MEASURED_BY[row] for row in wanted):
        begun, neighbours = time.monotonic(), Neighbours()
        measured = await measure(place)
        busy = str(neighbours)
        found = [replace(each, remarks=(busy, *each.remarks)) for each in measured if each.row in wanted]
        for figure in found:
            _tell(figure, wanted[figure.row], seconds=time.monotonic() - begun)
        figures += found
    return figures


def _tell(figure: Figure, bar: Bar, *, seconds: float) -> None:
    verdict = {True: "holds", False: "FALLS SHORT", None: ""}[bar.holds(figure.spread)]
    print(f"\n{figure.row}: {figure.spread} {bar.unit}, bar {bar} {verdict} ({seconds:.0f} s)", flush=True)
    for line in (*map(str, figure.sides), *figure.remarks):
        print(f"    {line}")


def _table(figures: Iterable[Figure], wanted: dict[str, Bar]) -> str:
    rows = [("row", "value [quartiles]", "bar", "holds")]
    for figure in figures:
        bar = wanted[figure.row]
        holds = {True: "yes", False: "NO", None: ""}[bar.holds(figure.spread)]
        rows.append((figure.row, f"{figure.spread} {bar.unit}", str(bar), holds))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def main() -> int:
    """0 when every row was measured and holds, 1 otherwise."""
    wanted = chosen(bars(), row=os.environ.get("ROW", ""), issue=os.environ.get("ISSUE", ""))
    place = ground.start()
    try:
        figures = uvloop.run(_measured(place, wanted))
    finally:
        place.stop()
    print("\n" + _table(figures, wanted))
    told = [figure.as_json(wanted[figure.row]) for figure in figures]
    (ROOT / "bench.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["holds"] is not False for row in told) else 1


if __name__ == "__main__":
    sys.exit(main())
