"""Reads a sheet of comma-separated values (RFC 4180) into rows by column, and its cells into values; pure, no I/O."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from storage.record.glossary.labels import LABELS
from storage.record.problems import (
    BadInput,
    Problem,
    SheetColumnMissing,
    SheetColumnUnknown,
    SheetTooLarge,
    SheetUnreadable,
)

LARGEST_SHEET = 200 * 1024
"""Bytes of UTF-8 that one act takes."""
LARGEST_ROWS = 5_000

Listed = TypeVar("Listed", bound=StrEnum)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_DELIMITERS = ",\t;"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the product, its Chinese and English headers, and whether a sheet must have it."""

    name: str
    headers: tuple[str, ...]
    needed: bool = True


class Outcome(StrEnum):
    """What came of a row, or would come of it."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Imported:
    """The answer to one row; with its Problem if it is refused."""

    number: int
    outcome: Outcome
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as a spreadsheet counts (the headers are row 1), its cells by column, without space around.

    What looks like a formula is text like any other: nothing here is ever computed.
    """

    number: int
    cells: Mapping[str, str]
    too_long: bool = False

    def needed(self, column: str) -> str:
        """A cell that must not be empty; else BadInput."""
        if self.too_long:
            raise BadInput(field="row", reason="more cells than headers")
        text = self.cells.get(column, "")
        if not text:
            raise BadInput(field=column, reason="empty")
        return text

    def optional(self, column: str) -> str | None:
        """A cell, or None if it is empty."""
        return self.cells.get(column) or None


def read_sheet(text: str, columns: tuple[Column, ...]) -> list[SheetRow]:
    """The rows below the headers, without empty ones. Commas, tabs or semicolons, as the headers have them.

    Raises SheetTooLarge, SheetUnreadable, SheetColumnMissing, SheetColumnUnknown.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_SHEET:
        raise SheetTooLarge(most=LARGEST_SHEET, unit="bytes")
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    first = text.split("\n", 1)[0]
    try:
        records = list(
            csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=max(_DELIMITERS, key=first.count))
        )
    except csv.Error as wrong:
        raise SheetUnreadable(reason=str(wrong)) from None
    if "\0" in text or not records or not any(map(str.strip, records[0])):
        raise SheetUnreadable(reason="no headers")
    if len(records) > LARGEST_ROWS + 1:
        raise SheetTooLarge(most=LARGEST_ROWS, unit="rows")
    names = _names(records[0], columns)
    return [
        SheetRow(number, dict(zip(names, map(_trimmed, record), strict=False)), _more(record, names))
        for number, record in enumerate(records[1:], 2)
        if any(map(str.strip, record))
    ]


def day(text: str, *, field: str) -> date:
    """2026-11-24, 2026/11/24, 2026.11.24, 20261124 or 2026年11月24日; else BadInput."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if found is None:
            raise ValueError
        return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        raise BadInput(field=field, reason="2026-11-24, 2026/11/24, 20261124, 2026年11月24日") from None


def value_of(kind: type[Listed], text: str, *, field: str) -> Listed:
    """A value of a closed list by its code, or by its Chinese or English label; else BadInput with what there is."""
    said = unicodedata.normalize("NFKC", text).strip().casefold()
    for value in kind:
        known = {value.value.casefold(), *(label.casefold() for label in LABELS[kind.__name__][value.value])}
        if said in {unicodedata.normalize("NFKC", one) for one in known}:
            return value
    raise BadInput(field=field, reason="、".join(LABELS[kind.__name__][value.value][0] for value in kind))


def degrees(text: str, *, field: str) -> int:
    """Decimal degrees as degrees × 10^7, to the last digit and never through a binary fraction; else BadInput."""
    try:
        number = Decimal(unicodedata.normalize("NFKC", text)) * 10_000_000
        if not number.is_finite() or abs(number) > 1_800_000_000 or number != number.to_integral_value():
            raise ValueError
    except (InvalidOperation, ValueError):
        raise BadInput(field=field, reason="decimal degrees, at most 7 places") from None
    return int(number)


def _names(headers: list[str], columns: tuple[Column, ...]) -> list[str]:
    """The column of each header; one without a name has none, and its cells must be empty."""
    known = {_folded(header): column.name for column in columns for header in (column.name, *column.headers)}
    names: list[str] = []
    while headers and not headers[-1].strip():  # Spreadsheets leave empty columns behind.
        headers = headers[:-1]
    for header in headers:
        name = known.get(_folded(header))
        if name is None or name in names:
            raise SheetColumnUnknown(column=header.strip()[:40] or "-")
        names.append(name)
    for column in columns:
        if column.needed and column.name not in names:
            raise SheetColumnMissing(column=column.headers[0])
    return names


def _folded(header: str) -> str:
    return re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", header)).casefold()


def _trimmed(cell: str) -> str:
    return cell.strip()


def _more(record: list[str], names: list[str]) -> bool:
    return any(map(str.strip, record[len(names) :]))
