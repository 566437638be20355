"""Tests of the typesetter: the same words give the same bytes, none is markup, and a sign without a glyph is told."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.record.printing import typesetting
from storage.record.printing.typesetting import FontMissing, Template, Typesetter
from tests.pdf_text import text_of

pytestmark = pytest.mark.quick

AT = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
TYPESETTER = Typesetter()
PAGE = Template(name="page", markup=b"""
#set document(title: page.title)
#set text(font: "Noto Serif SC")
#text(font: "Noto Sans SC", page.title)
#for line in page.lines { par(line) }
""")  # fmt: skip


def page(*lines: str) -> bytes:
    return TYPESETTER.typeset(PAGE, {"title": "公告", "lines": lines}, at=AT)


def test_the_same_words_give_the_same_bytes_in_any_typesetter_and_others_others() -> None:
    told = {"title": "公告", "lines": ["停产撤人"]}
    assert Typesetter().typeset(PAGE, told, at=AT) == page("停产撤人")
    assert page("停产撤人。") != page("停产撤人")
    assert TYPESETTER.typeset(PAGE, told, at=AT.replace(minute=6)) != page("停产撤人")


def test_a_page_says_that_it_is_pdf_a_and_brings_its_fonts() -> None:
    pdf = page("停产撤人")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert pdf.count(b"/FontFile3") == 2


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet='\\\\"#[]{}$`*_@<>/nu0{}}\\n字 ', max_size=60))
def test_whatever_is_told_is_read_back_by_the_typesetter_as_it_was_told(text: str) -> None:
    told = {"title": text, "lines": [text, {text: [text]}]}
    source = typesetting.source(Template(name="page", markup=b"#metadata(page) <all>"), told)
    compiler = typst.Compiler(source, ignore_system_fonts=True)
    assert json.loads(compiler.query("<all>", field="value", one=True)) == json.loads(json.dumps(told))


def test_nothing_told_is_markup() -> None:
    wild = '#panic("x") $x^2$ *粗* `码` @ref <label> \\ // 注 #import "a.typ": * [[' + "]] {{}} \"'"
    assert "".join(wild.split()) in text_of(page(wild))


def test_a_sign_that_no_font_holds_is_printed_by_its_number_and_the_others_as_they_are() -> None:
    assert text_of(page("𠮷野班长", "在场")) == "公告〔U+20BB7〕野班长在场"


def test_what_the_library_cannot_set_is_no_page() -> None:
    with pytest.raises(typst.TypstError, match="unknown variable"):
        TYPESETTER.typeset(Template(name="page", markup=b"#nothing_of_that_name"), {}, at=AT)


def test_a_folder_without_the_fonts_is_a_problem_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="Noto Serif SC"):
        Typesetter(tmp_path).typeset(PAGE, {"title": "", "lines": []}, at=AT)
