"""The list of words can be read out on the telephone: right in number and shape, none taken for another."""

import unicodedata

import pytest

from storage.record.ledger.proofs.reports import words

pytestmark = pytest.mark.quick

NUMERALS = set("〇零幺一二两三四五六七八九十百千万")
UNWANTED = set(
    "死血鬼杀尸坟葬棺毒刑狱囚匪贼盗奸淫妓尿屎屁粪疯痴癌瘤炸塌崩亡残伤痛恐怖吓警党枪仇恨骂怒悲泪哭愁祸灾难害罪罚战"
)


def test_there_are_4096_different_words_of_two_signs() -> None:
    assert len(words.WORDS) == len(words.NUMBERS) == words.COUNT
    assert {len(word) for word in words.WORDS} == {words.SIGNS}


def test_every_sign_is_a_common_simplified_one() -> None:
    # The first level of GB 2312 holds the 3,755 signs that are written most.
    rare = {sign for word in words.WORDS for sign in word if not 0xB0 <= sign.encode("gb2312")[0] <= 0xD7}
    assert rare == set()


def test_no_word_is_another_one_turned_round() -> None:
    turned = [word for word in words.WORDS if word != word[::-1] and word[::-1] in words.NUMBERS]
    assert turned == []


def test_no_word_can_be_taken_for_digits_and_none_frightens() -> None:
    assert [word for word in words.WORDS if set(word) <= NUMERALS] == []
    assert [word for word in words.WORDS if set(word) & UNWANTED] == []


def test_a_word_has_one_way_to_be_written() -> None:
    assert [word for word in words.WORDS if unicodedata.normalize("NFKC", word) != word] == []


def test_the_first_line_of_the_list_is_no_word() -> None:
    assert words.read_words("# how it was made\n山水 木石\n田园\n") == ("山水", "木石", "田园")
