"""Tests of how published texts are found again: Chinese words of any length, Latin words, numbers, and nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.trust.disclosures.grams import MOST_TERMS, asked, grams_of, normalised, searched_of

pytestmark = pytest.mark.quick

TEXT = searched_of(
    (
        "甲煤矿",
        "91520000MA0000001K",
        "（黔）煤安监罚〔2026〕1号",
        "1201综采工作面瓦斯超限作业，未停止 作业。",
        "Gas Monitoring KJ90X",
    )
)
GRAMS = set(grams_of(TEXT))


def finds(query: str) -> bool:
    """As the database does: all grams, and each word as it stands."""
    found = asked(query)
    return found is not None and set(found.grams) <= GRAMS and all(term in TEXT for term in found.terms)


@pytest.mark.parametrize(
    "query",
    ["瓦", "瓦斯", "瓦斯超", "瓦斯超限", "工作面瓦斯超限作业", "停止作业", "甲煤矿 瓦斯", "１２０１", "ＫＪ９０Ｘ",
     "kj90x", "gas", "moni", "monitoring", "91520000ma", "91520000MA0000001K", "2026", "煤安监罚〔2026〕1号",
     "瓦\u200b斯"],
)  # fmt: skip
def test_words_of_any_length_are_found_however_they_are_written(query: str) -> None:
    assert finds(query)


@pytest.mark.parametrize(
    "query",
    [
        "斯瓦",
        "瓦超",
        "乙煤矿",
        "onitor",
        "mon",
        "kj9",
        "瓦斯 乙煤矿",
        "%",
        "_",
        "' OR 1=1 --",
        "\x00",
        "𠮷",
        "🙂",
        "\ud800",
    ],
)
def test_what_is_not_there_is_not_found_and_no_query_is_a_fault(query: str) -> None:
    assert not finds(query)


@pytest.mark.parametrize("query", ["", " ", "，。", "%%", "\x00\x01", "----"])
def test_a_query_without_a_word_asks_for_nothing(query: str) -> None:
    assert asked(query) is None


@given(text=st.text("煤矿瓦斯超限作业ab12 ，。", min_size=1, max_size=30), data=st.data())
def test_every_part_of_a_chinese_text_finds_it(text: str, data: st.DataObject) -> None:
    searched = searched_of((text,))
    chinese = [part for part in searched if not part.isascii()]
    if not chinese:
        assert searched.isascii()
        return
    begin = data.draw(st.integers(0, len(searched) - 1))
    part = searched[begin : begin + data.draw(st.integers(1, 6))]
    if not part.strip() or any(sign.isascii() for sign in part):
        return
    found = asked(part)
    if found is not None:
        assert set(found.grams) <= set(grams_of(searched))
        assert all(term in searched for term in found.terms)


@given(query=st.text(max_size=400))
def test_any_query_is_short_enough_to_be_asked(query: str) -> None:
    found = asked(query)
    if found is not None:
        assert len(found.terms) <= MOST_TERMS
        assert len(found.grams) <= 200
        assert all(found.grams)
        for term in found.terms:
            term.encode()


@given(text=st.text(max_size=60))
def test_what_is_normalised_stays_so(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
