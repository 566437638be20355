"""Tests of the forms as data, of filling them from the record and of laying them out."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from storage.casework.papers import bodies, filling, laying, rules
from storage.casework.papers.bodies import Body, Value
from storage.casework.papers.laying import Mark
from storage.casework.papers.telling import Around, of_the_mine
from storage.casework.papers.telling.checks import of_inspection
from storage.record.law import BUILT_IN, forms
from storage.record.law.forms import Capacity, FieldKind, Layout
from tests.factories.papers import ORDER_FORM, RECORD_FORM, form_of, sample_body

pytestmark = pytest.mark.quick

SET = forms.form_sets()[0]
DAY = date(2026, 11, 24)
TOLD = {
    **of_the_mine(Around(mine="甲煤矿", agency="某局", day=DAY), (("张三", "GZ1"), ("李四", "GZ2"), ("王五", "GZ3"))),
    **of_inspection(opened_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC), places=("调度室",)),
}  # fmt: skip


def test_the_whole_set_is_there() -> None:
    assert len(SET.forms) == 49
    assert {"现场检查方案", RECORD_FORM, ORDER_FORM, "行政处罚决定书（单位）", "文书送达回执"} <= SET.forms.keys()
    assert not SET.settled
    assert SET.note


def test_every_form_says_something_names_nothing_twice_and_offers_what_it_asks_for() -> None:
    for form in SET.forms.values():
        names = [one.name for one in form.fields]
        places = [one.name for one in form.places]
        assert form.fields, form.name
        assert len(set(names)) == len(names), form.name
        assert len(set(places)) == len(places), form.name
        for field in form.fields:
            assert bool(field.options) is (field.kind is FieldKind.CHOICE), (form.name, field.name)
            assert bool(field.columns) is (field.kind is FieldKind.TABLE), (form.name, field.name)
            assert not field.name.startswith(("check", "list", "null")), field.name


def test_papers_of_record_are_signed_by_two_officers_and_the_party() -> None:
    for name in (RECORD_FORM, ORDER_FORM, "现场处理措施决定书", "整改复查意见书", "抽样取证凭证"):
        capacities = [one.capacity for one in form_of(name).places]
        assert capacities.count(Capacity.OFFICER) == 2, name
        assert capacities.count(Capacity.PARTY) == 1, name


def test_what_only_the_agency_may_see_is_internal_and_what_is_served_is_not() -> None:
    inside = {name for name, form in SET.forms.items() if form.internal}
    assert {"立案审批表", "行政处罚集体讨论记录", "案件处理呈批表", "现场检查方案", "案卷（首页）"} <= inside
    assert not {RECORD_FORM, ORDER_FORM, "行政处罚告知书", "行政处罚决定书（个人）", "文书送达回执"} & inside


def test_letters_bear_the_agencys_mark_and_sheets_do_not() -> None:
    assert all(form.stamped for form in SET.forms.values() if form.layout is Layout.LETTER)
    assert not any(form.stamped for form in SET.forms.values() if form.layout is Layout.SHEET)


def test_a_number_is_written_as_the_authority_writes_it() -> None:
    form = form_of("行政处罚决定书（单位）")
    assert SET.number(form, SET.agency_of("GZ-1"), year=2026, ordinal=1) == "（黔）煤安监罚〔2026〕1号"
    assert form.word == form_of("行政处罚决定书（个人）").word


def test_what_the_record_knows_is_filled_in() -> None:
    told, record = filling.filled(form_of(RECORD_FORM), {"检查情况": "正常", "代表人职务": ""}, TOLD)
    assert set(record) == told.keys() - {"检查情况"}
    assert told == {
        "检查情况": "正常", "被检查单位": "甲煤矿", "执法机关": "某局", "检查场所": "调度室",
        "检查时间开始": "2026-11-24T09:30", "执法人员姓名1": "张三", "执法人员姓名2": "李四",
        "执法人员证件号1": "GZ1", "执法人员证件号2": "GZ2", "日期": "2026-11-24",
    }  # fmt: skip


def test_a_scheme_says_itself_when_one_will_inspect() -> None:
    told, _ = filling.filled(form_of("现场检查方案"), {"检查时间": "2026-12-01T09:00"}, TOLD)
    assert (told["检查时间"], told["行政执法人员"]) == ("2026-12-01T09:00", "张三、李四、王五")


@pytest.mark.parametrize("field", ["被检查单位", "执法人员姓名2", "检查时间开始", "日期"])
def test_a_paper_never_contradicts_the_record(field: str) -> None:
    with pytest.raises(rules.PaperContradictsRecord, match=field):
        filling.filled(form_of(RECORD_FORM), {field: "2020-01-01"}, TOLD)


def test_the_sentence_of_remedies_names_the_department_only_where_there_is_one() -> None:
    form = form_of(ORDER_FORM)
    fields: dict[str, Value] = {"可申请行政复议的人民政府": "甲政府", "可提起行政诉讼的人民法院": "乙法院"}
    said = filling.remedies(form, SET.remedies, fields, law=BUILT_IN, on=DAY)
    assert "60日内依法向甲政府申请" in said
    both = filling.remedies(form, SET.remedies, {**fields, "可申请行政复议的部门": "丙局"}, law=BUILT_IN, on=DAY)
    assert "向甲政府或者丙局申请" in both
    led_from_above = {**fields, "可申请行政复议的部门": "丙局", "可申请行政复议的人民政府": ""}
    assert "向丙局申请" in filling.remedies(form, SET.remedies, led_from_above, law=BUILT_IN, on=DAY)
    assert filling.remedies(form_of(RECORD_FORM), SET.remedies, {}, law=BUILT_IN, on=DAY) == ""


def test_an_order_names_at_least_one_who_may_reconsider_it() -> None:
    form = form_of(ORDER_FORM)
    whole: dict[str, Value] = {one.name: "某" for one in form.fields if one.must}
    for organ in ("可申请行政复议的人民政府", "可申请行政复议的部门"):
        rules.must_be_complete(form, {**whole, organ: "国家矿山安全监察局"})
    with pytest.raises(rules.PaperFieldMissing, match="可申请行政复议的人民政府"):
        rules.must_be_complete(form, whole)


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        (RECORD_FORM, "检查情况", "x" * 20_001),
        (RECORD_FORM, "检查情况", [["x"]]),
        (RECORD_FORM, "检查情况", "响铃\x07"),
        (RECORD_FORM, "单位地址", "一行\n两行"),
        (RECORD_FORM, "单位地址", "x" * 301),
        (RECORD_FORM, "检查时间结束", "2026-13-01T00:00"),
        ("行政处罚决定书（单位）", "日期", "明天"),
        ("行政（当场）处罚决定书（单位）", "当场缴纳／期限缴纳", "以后"),
        ("卷内目录", "卷内目录", "不是表格"),
        ("卷内目录", "卷内目录", [["一格"]]),
    ],
)
def test_what_does_not_fit_into_a_field_is_refused(form: str, field: str, value: Value) -> None:
    with pytest.raises(rules.PaperFieldUnfit, match=field):
        rules.must_fit(form_of(form), {field: value})


def test_a_body_is_read_back_and_any_other_bytes_are_none() -> None:
    body = sample_body(RECORD_FORM)
    assert Body.decode(body).encode() == body
    with pytest.raises(ValueError, match="v is not"):
        Body.decode(body.replace(b"pithead/paper-body/1", b"pithead/paper-body/2"))
    assert bodies.digest_of(body) != bodies.digest_of(body.replace(b"2026", b"2027", 1))


def test_two_short_fields_share_a_line_and_one_without_a_partner_has_it_alone() -> None:
    groups = laying.laid(sample_body(RECORD_FORM))["groups"]
    for group in groups:
        halves = 0
        for field in group.get("fields", ()):
            assert not (field["wide"] and halves % 2)
            halves += not field["wide"]
        assert halves % 2 == 0


def test_how_somebody_signed_stands_beside_his_name() -> None:
    at = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
    marks = [
        Mark(place="检查人员1", name="张三", way="KEY", at=at),
        Mark(place="检查人员2", name="李四", way="HAND", at=at, strokes=[[[0, 0], [1, 1]]]),
        Mark(place="被检查单位现场负责人", name="王五", way="REFUSED", at=at, note="理由：不认可。"),
    ]
    places = laying.laid(sample_body(RECORD_FORM), marks)["places"]
    assert [one["how"] for one in places] == [
        "本人设备密钥签名　2026年11月24日16时05分",
        "李四　屏幕手写签名　2026年11月24日16时05分",
        "拒绝签名　2026年11月24日16时05分　理由：不认可。",
    ]
    assert places[2]["name"] == "（王五拒绝签名）"


def test_a_later_signature_is_shown_instead_of_the_refusal() -> None:
    at = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
    marks = [Mark(place="检查人员1", name="张三", way=way, at=at) for way in ("REFUSED", "KEY")]
    assert laying.laid(sample_body(RECORD_FORM), marks)["places"][0]["name"] == "张三"


def test_days_and_moments_are_written_as_chinese_readers_write_them() -> None:
    assert laying.day_in_words("2026-01-09") == "2026年1月9日"
    assert laying.moment_in_words("2026-01-09T08:03") == "2026年1月9日8时03分"
    assert laying.moment_in_words("2026-01-09T08:03+00:00") == "2026年1月9日16时03分"
    assert UUID(int=17) == Body.decode(sample_body(RECORD_FORM)).paper
