"""Tests of reading sheets of comma-separated values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.record import sheets
from storage.record.problems import (
    BadInput,
    SheetColumnMissing,
    SheetColumnUnknown,
    SheetTooLarge,
    SheetUnreadable,
)
from storage.record.sheets import Column
from storage.register.mines.tables import Disaster, MineState

pytestmark = pytest.mark.quick

COLUMNS = (Column("name", ("姓名",)), Column("validTo", ("有效期止",), needed=False))


def test_headers_are_told_in_chinese_or_english_however_they_are_spaced() -> None:
    for headers in ("姓名,有效期止", "name,valid_to", "Name, Valid To", "\N{ZERO WIDTH NO-BREAK SPACE}姓 名,validTo"):
        (row,) = sheets.read_sheet(f"{headers}\r\n张三,2026-01-01\r\n", COLUMNS)
        assert (row.number, row.needed("name"), row.optional("validTo")) == (2, "张三", "2026-01-01")


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    rows = sheets.read_sheet('姓名\n甲\n\n"乙\n丙"\n , \n丁\n', COLUMNS[:1])
    assert [(row.number, row.needed("name")) for row in rows] == [(2, "甲"), (4, "乙\n丙"), (6, "丁")]


def test_tabs_and_semicolons_part_cells_where_the_headers_have_them() -> None:
    for mark in "\t;":
        (row,) = sheets.read_sheet(f"姓名{mark}有效期止\n李四,王五{mark}", COLUMNS)
        assert row.needed("name") == "李四,王五"


def test_a_formula_is_text() -> None:
    (row,) = sheets.read_sheet('姓名\n"=HYPERLINK(""http://x"",""y"")"\n', COLUMNS)
    assert row.needed("name") == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", SheetUnreadable),
        ("\n姓名", SheetUnreadable),
        ('姓名\n"甲', SheetUnreadable),
        ("姓名\n\0", SheetUnreadable),
        ("有效期止\n2026", SheetColumnMissing),
        ("姓名,工资\n甲,1", SheetColumnUnknown),
        ("姓名,name\n甲,乙", SheetColumnUnknown),
        ("姓名\n" + "甲" * sheets.LARGEST_SHEET, SheetTooLarge),
        ("姓名\n" + "甲\n" * (sheets.LARGEST_ROWS + 1), SheetTooLarge),
    ],
)
def test_what_is_no_sheet_is_told_why(text: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        sheets.read_sheet(text, COLUMNS)


def test_a_row_with_more_cells_than_headers_is_not_read_askew() -> None:
    (row,) = sheets.read_sheet("姓名\n甲,乙", COLUMNS)
    with pytest.raises(BadInput):
        row.needed("name")


@pytest.mark.parametrize(
    "text", ["2026-11-04", "2026/11/4", "2026.11.04", "20261104", "2026年11月4日", "２０２６-11-04"]
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert sheets.day(text, field="from") == date(2026, 11, 4)


@pytest.mark.parametrize("text", ["2026-02-30", "04/11/2026", "45600", "2026-13-01", "", "明天"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        sheets.day(text, field="from")


def test_a_value_is_told_by_code_or_by_label() -> None:
    assert {sheets.value_of(MineState, text, field="state") for text in ("生产", "PRODUCING", "producing")} == {
        MineState.PRODUCING
    }
    assert sheets.value_of(Disaster, "High gas", field="disasters") is Disaster.HIGH_GAS
    with pytest.raises(BadInput, match="生产"):
        sheets.value_of(MineState, "放假", field="state")


def test_degrees_keep_every_digit() -> None:
    assert sheets.degrees("104.5983107", field="longitude") == 1_045_983_107
    assert sheets.degrees("-0.1", field="longitude") == -1_000_000
    for wrong in ("104.59831071", "NaN", "Infinity", "181", "1e400", "北纬26度"):
        with pytest.raises(BadInput):
            sheets.degrees(wrong, field="longitude")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        rows = sheets.read_sheet(text, COLUMNS)
    except (SheetUnreadable, SheetColumnMissing, SheetColumnUnknown):
        return
    assert all(row.number > 1 for row in rows)
