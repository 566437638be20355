"""Tests of how a file of mines or people becomes batches."""

import csv
import io
from pathlib import Path

import pytest

from api import importing

pytestmark = pytest.mark.quick

TEXT = "姓名,职务\r\n张三,班组长\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    assert importing.decoded(TEXT.encode(encoding)) == TEXT


def test_what_is_no_text_is_told_so() -> None:
    with pytest.raises(importing.SheetNotRead):
        importing.decoded(b"\x80\xff\xff\x00")


def test_a_large_sheet_becomes_batches_that_keep_rows_and_their_numbers() -> None:
    lines = [f'"甲,\n{number}"' if number % 7 else "" for number in range(1_234)]
    batches = list(importing.batches_of("\n".join(["姓名", *lines])))
    assert len(batches) == 3
    rows: list[list[str]] = []
    for batch in batches:
        headers, *some = csv.reader(io.StringIO(batch.text, newline=""))
        assert headers == ["姓名"]
        assert batch.before == len(rows)
        assert len(batch.text.encode()) <= importing.BATCH_BYTES + 100
        rows += some
    assert rows == [[f"甲,\n{number}"] if number % 7 else [] for number in range(1_234)]


def test_a_batch_is_bounded_in_bytes_too() -> None:
    batches = list(importing.batches_of("\n".join(["姓名", *["甲" * 1_000] * 200])))
    assert len(batches) > 3
    assert all(len(batch.text.encode()) < importing.BATCH_BYTES + 100 for batch in batches)


def test_broken_quotes_and_an_empty_file_are_told_before_anything_is_sent() -> None:
    for text in ('姓名\n"甲', ""):
        with pytest.raises(importing.SheetNotRead):
            list(importing.batches_of(text))


def test_a_file_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(importing.SheetNotRead, match=r"no\.csv"):
        importing._bytes_of(tmp_path / "no.csv")
