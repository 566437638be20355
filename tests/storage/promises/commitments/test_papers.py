"""The PDF of a commitment and the sheet of its notice board: from what is signed alone, with all that it says."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from storage.promises.commitments import papers, sheets
from storage.promises.templates import proposal
from storage.promises.templates.rules import told_of
from storage.record.ledger.proofs.commitments import codes, documents
from storage.record.ledger.proofs.commitments.documents import Commitment, CommitmentMalformed
from storage.record.printing.typesetting import Typesetter
from tests.pdf_text import text_of
from tests.vectors import promised

pytestmark = pytest.mark.quick

TYPESETTER = Typesetter()
CLAUSES = proposal.proposal_for(2027)


def commitment(**changes: Any) -> Commitment:
    """All clauses of the proposal: the second is not yet kept, the third is not, the others are."""
    answers: list[dict[str, Any]] = [{"key": one.key, "outcome": "MET", "words": "", "evidence": []} for one in CLAUSES]
    answers[1] |= {
        "outcome": "NOT_YET",
        "by_day": "2027-03-31",
        "measure": "补齐操作规程",
        "answered_at": 1_800_000_000_000,
    }
    answers[2] |= {"outcome": "NOT_MET", "words": "考核记录缺三个月"}
    clauses = [{**told_of(one), "own": at == 4} for at, one in enumerate(CLAUSES)]
    return promised.commitment(clauses=clauses, answers=answers, **changes)


DOCUMENT = commitment().encode()


def pdf_of(document: bytes = DOCUMENT) -> bytes:
    return papers.commitment_pdf(document, typesetter=TYPESETTER)


def read(text: str) -> str:
    return "".join(text.split())


def test_the_same_commitment_gives_the_same_bytes_and_another_others() -> None:
    assert papers.commitment_pdf(DOCUMENT) == pdf_of()
    assert pdf_of(commitment(nonce=bytes(32)).encode()) != pdf_of()


def test_the_pdf_says_each_clause_its_answer_and_by_what_it_can_be_checked() -> None:
    said = text_of(pdf_of())
    for clause in CLAUSES:
        for words in (clause.title.zh, clause.says.zh, clause.checked.zh, clause.otherwise.zh, clause.article):
            assert read(words) in said, (clause.key, words)
    for words in ("煤矿安全生产承诺书", "（2027年度）", "样例煤矿", "王某", "2027年第1版", "不超过1.00%", "本矿自加"):
        assert read(words) in said, words
    assert read("尚未达到，最迟2027年3月31日达到；措施：补齐操作规程") in said
    assert read("未达到。考核记录缺三个月") in said
    assert documents.digest_of(DOCUMENT).hex() in said
    assert "任何人、任何系统不能代签" in said


def test_the_five_fields_are_numbered_as_they_stand() -> None:
    said = text_of(pdf_of())
    heads = ["一、安全管理制度", "二、从业人员素质", "三、重大灾害治理", "四、主要系统安全可靠", "五、安全投入"]
    places = [said.index(head) for head in heads]
    assert places == sorted(places)


def test_its_date_is_that_of_the_last_answer_so_that_no_clock_has_a_say() -> None:
    assert papers.made_at(commitment()).timestamp() == 1_800_000_000
    plain = promised.commitment()
    assert papers.made_at(plain).date() == date(2027, 1, 1)
    assert b"D:20270115" in pdf_of()


def test_what_a_commitment_replaces_stands_on_it() -> None:
    assert "ab" * 32 in text_of(pdf_of(commitment(supersedes="ab" * 32).encode()))
    assert "替代此前承诺书" not in text_of(pdf_of())


def test_what_is_no_commitment_has_no_pdf() -> None:
    with pytest.raises(CommitmentMalformed):
        papers.commitment_pdf(b"{}")


def test_a_name_of_markup_is_a_name() -> None:
    wild = commitment(mine_name='#panic("x") $x^2$ \\ "矿"', principal_name="〇*粗*")
    assert read('#panic("x") $x^2$ \\ "矿"') in text_of(pdf_of(wild.encode()))


@pytest.mark.parametrize(
    ("way", "how"),
    [
        ("key, Ed25519", "以本人设备密钥签署"), ("passkey", "以本人通行密钥签署"),
        ("token, SM2", "以数字证书（令牌）签署"), ("ink", "较低级别"),
    ],
)  # fmt: skip
def test_the_sheet_says_who_signed_when_and_how_and_every_clause_by_its_number(way: str, how: str) -> None:
    bundle = promised.bundled(way, document=DOCUMENT)
    said = text_of(sheets.sheet_pdf(bundle, site="https://pithead.example", typesetter=TYPESETTER))
    assert how in said
    assert "王某（主要负责人）于2027年1月27日5时46分" in said
    for number, clause in enumerate(CLAUSES, 1):
        assert f"{number}{read(clause.says.zh)}" in said, clause.key
        assert clause.key not in said, "people know a clause by its number and its words"
    assert "任何一条做不到，你可以拒绝入井" in said
    assert f"https://pithead.example/commitments/{promised.MINE}" in said
    assert "https://pithead.example/commitments/check" in said
    assert "最迟2027年3月31日达到" in said


def test_a_sheet_is_the_same_each_time_and_needs_no_address() -> None:
    bundle = promised.bundled(document=DOCUMENT)
    first = sheets.sheet_pdf(bundle, typesetter=TYPESETTER)
    assert hashlib.sha256(first).digest() == hashlib.sha256(sheets.sheet_pdf(bundle, typesetter=TYPESETTER)).digest()
    assert "手机打开" not in text_of(first)


def test_the_qr_holds_the_whole_code_in_the_densest_mode() -> None:
    text = codes.code_of(promised.bundled("passkey", document=DOCUMENT)).encode()
    drawn = sheets.qr(text)
    assert drawn.startswith("<svg")
    assert len(drawn) < 60_000


def test_a_hundred_clauses_still_make_a_sheet() -> None:
    many = [replace(CLAUSES[at % 16], key=f"CLAUSE_{at}") for at in range(100)]
    document = promised.commitment(
        clauses=[told_of(one) for one in many], answers=[{"key": one.key, "outcome": "MET"} for one in many]
    ).encode()
    said = text_of(sheets.sheet_pdf(promised.bundled(document=document), typesetter=TYPESETTER))
    for number, one in enumerate(many, 1):
        assert f"{number}{read(one.says.zh)}" in said, one.key
