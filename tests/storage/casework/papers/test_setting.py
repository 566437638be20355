"""Tests of how papers are worded and laid out: laws by their titles, closed sentences, one thing on one line."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.reader import PdfFileReader

from storage.casework.papers import laying, rendering
from storage.casework.papers.bodies import Body
from storage.casework.papers.telling.checks import Seen, of_inspection
from storage.casework.papers.telling.words import cited, closed
from storage.record.ledger.proofs.signatures import signer
from storage.record.printing import stamping
from storage.record.printing.typesetting import Typesetter
from tests.factories.papers import RECORD_FORM, sample_body
from tests.pdf_text import text_of
from tests.storage.casework.papers.test_printing import AGENCY, AT

pytestmark = pytest.mark.quick

TYPESETTER = Typesetter()
KEY = signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), id="stamp:0001")


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("依照行政处罚法第四十四条", "依照《中华人民共和国行政处罚法》第四十四条"),
        ("违反煤矿安全生产条例第三十六条第二项", "违反《煤矿安全生产条例》第三十六条第二项"),
        ("贵州省煤矿安全生产条例第5条", "《贵州省煤矿安全生产条例》第5条"),
        ("中华人民共和国档案法第十三条", "《中华人民共和国档案法》第十三条"),
        ("《中华人民共和国安全生产法》第六十五条", "《中华人民共和国安全生产法》第六十五条"),
        ("安全生产法宣讲三十五分钟", "安全生产法宣讲三十五分钟"),
    ],
)
def test_a_law_that_is_cited_stands_in_its_marks_once_and_by_its_whole_name(said: str, printed: str) -> None:
    assert cited(said) == printed
    assert cited(printed) == printed


def test_each_line_is_closed_by_one_mark() -> None:
    assert closed("事实清楚\n一、割煤；\n\n属实。") == "事实清楚。\n一、割煤；\n\n属实。"


def test_what_was_measured_stands_in_the_sentence_without_brackets_in_brackets() -> None:
    seen = Seen(
        fact="甲烷浓度3.2%，仍在割煤", clause="煤矿安全规程第一百七十三条", measured=["甲烷浓度 3.2 %（限值 1.0 %）"]
    )
    assert str(seen) == "甲烷浓度3.2%，仍在割煤，实测甲烷浓度3.2%，限值1.0%，违反煤矿安全规程第一百七十三条"


def test_44_the_record_of_a_check_says_what_was_ordered_there() -> None:
    ordered = [("责令从危险区域内撤出作业人员", "因甲烷超限。"), ("责令暂时停产", "风机停转。备用风机未启动")]
    found = of_inspection(opened_at=AT, places=(), ordered=ordered)["inspection.found"]
    assert found == (
        "现场采取下列处理措施：\n一、因甲烷超限，责令从危险区域内撤出作业人员；\n二、责令暂时停产。风机停转。备用风机未启动。"
    )


def test_a_name_stands_beside_its_certificate() -> None:
    (pairs, *_) = laying.laid(sample_body(RECORD_FORM))["groups"]
    names = [one["name"] for one in pairs["fields"]]
    for number in ("1", "2"):
        at = names.index(f"执法人员姓名{number}")
        assert names[at + 1] == f"执法人员证件号{number}"


def test_a_name_begins_the_line_that_its_certificate_ends() -> None:
    fields = [
        {"name": name, "wide": False}
        for name in ("整改期限", "执法人员1证号", "执法人员2证号", "记录人", "承办人1", "承办人1证号", "地址")
    ]
    laying._pair(fields)
    assert [one["name"] for one in fields if one["wide"]] == ["整改期限", "记录人", "地址"]


def test_the_last_lines_of_a_record_stand_on_the_page_of_its_signatures() -> None:
    laid = laying.laid(sample_body("询问笔录", text="问：一\n答：二\n问：三\n答：四"))
    assert (laid["groups"][-1]["text"], laid["tail"]) == ("问：一\n答：二", "问：三\n答：四")
    short = laying.laid(sample_body("询问笔录", text="问：一\n答：二"))
    assert (short["groups"][-1]["text"], short["tail"]) == ("问：一\n答：二", "")


def test_a_paper_bears_its_whole_digest_and_leaves_room_in_its_tables() -> None:
    body = sample_body("文书送达回执")
    assert sha256(body).hexdigest() in text_of(rendering.render(TYPESETTER, body, at=AT))
    row = ["决定书", "", "songhewan@example.cn", "", "", ""]
    empty = replace(
        Body.decode(body), fields={"案件名称": "甲案", "受送达人": "甲煤矿", "送达的文书": [row], "备注": "无"}
    )
    text = text_of(rendering.render(TYPESETTER, empty.encode(), at=AT))
    assert "／" not in text, "where a hand will sign there is no stroke"
    assert "songhewan@example.cn" in text


async def test_a_stamped_paper_says_nothing_that_readers_call_an_error() -> None:
    stamped = await stamping.stamp(rendering.render(TYPESETTER, sample_body(RECORD_FORM), at=AT), KEY, agency=AGENCY)
    marks = PdfFileReader(BytesIO(stamped)).root["/MarkInfo"]
    assert (marks["/Marked"], "/Suspects" in marks) == (True, False)


def test_57_the_record_of_a_deliberation_shows_the_places_of_those_who_came() -> None:
    body = sample_body("行政处罚集体讨论记录")
    marks = [laying.Mark(place=f"出席人员{at}", name="赵肃", way="KEY", at=AT) for at in (1, 2)]
    assert len(laying.laid(body)["places"]) > 2, "printed for ink, there is room for all"
    assert [one["place"] for one in laying.laid(body, marks)["places"]] == ["出席人员1", "出席人员2"]
    other = laying.Mark(place="检查人员1", name="张三", way="KEY", at=AT)
    whole = [one["place"] for one in laying.laid(sample_body(RECORD_FORM))["places"]]
    assert [one["place"] for one in laying.laid(sample_body(RECORD_FORM), [other])["places"]] == whole
