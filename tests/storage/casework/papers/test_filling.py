"""Tests of filling every form from the record: nothing that the record knows is left to be written by hand."""

from datetime import date

import pytest

from storage.casework.cases.bodies.notice import DefenceExamined, DefenceReceived
from storage.casework.cases.steps import PartyKind, StepKind
from storage.casework.measures.tables import Turn
from storage.casework.papers import filling, rules, sources
from storage.casework.papers.sources import FieldSource
from storage.record.glossary.labels import LABELS
from storage.record.law import BUILT_IN, forms
from storage.record.law.discretion import DiscretionGround
from storage.record.law.forms import FieldKind
from tests.factories.cases import CaseFile, at
from tests.factories.paper_cases import every_told, inspection_told, measure_told, told_of, whole_case
from tests.factories.papers import form_of

pytestmark = pytest.mark.quick

FORMS = forms.form_sets()[-1].forms
BY_HAND_ALONE = {
    "询问通知书", "勘验笔录", "抽样取证凭证", "案件延期审批表",
}  # fmt: skip
OPINIONS = ("先行登记保存证据审批表", "先行登记保存证据处理审批表", "延期（分期）缴纳罚款审批表", "立案审批表")
LEFT = {
    *((name, "承办人意见") for name in OPINIONS), ("强制执行申请书", "所附材料"), ("结案审批表", "职务"),
    ("询问笔录", "职务"), ("行政处罚集体讨论记录", "主持人"), ("行政处罚集体讨论记录", "地点"),
    ("行政（当场）处罚决定书（个人）", "缴纳处"), ("行政（当场）处罚决定书（单位）", "缴纳处"),
}  # fmt: skip
"""Fields that mean something else there than where the record knows them, or that no step there tells."""
"""Forms of what the record keeps no step of: of these it knows only mine, agency, people and day."""


@pytest.mark.parametrize("name", FORMS)
def test_every_field_that_the_record_knows_is_filled_from_it(name: str) -> None:
    form, told = form_of(name), every_told(name)
    filled = {field for one in told for field in filling.values_of(form, one)}
    known = {one.name for one in form.fields if sources.source_of(name, one.name) is FieldSource.RECORD}
    assert filled == known, known ^ filled


def test_a_name_that_one_form_takes_from_the_record_no_other_leaves_to_be_written() -> None:
    """But where it means something else there, or where nobody took the step that would tell it."""
    told = {
        field.name for name, form in FORMS.items() for field in form.fields
        if sources.source_of(name, field.name) is FieldSource.RECORD
    }  # fmt: skip
    left = {
        (name, field.name) for name, form in FORMS.items() for field in form.fields
        if field.name in told and sources.source_of(name, field.name) is FieldSource.WRITTEN
    }  # fmt: skip
    assert left == LEFT, left ^ LEFT


def test_most_that_a_form_must_say_comes_from_the_record() -> None:
    must = [(name, one) for name, form in FORMS.items() for one in form.fields if one.must and not one.remedy]
    by_hand = [(name, one.name) for name, one in must if sources.source_of(name, one.name) is FieldSource.WRITTEN]
    assert len(by_hand) * 5 <= len(must), by_hand
    assert not {name for name, form in FORMS.items() if not set(_steps(name))} - {
        *BY_HAND_ALONE, "现场检查方案", "现场检查记录",
    }  # fmt: skip


def _steps(name: str) -> tuple[StepKind | Turn, ...]:
    found = sources.sources_of(name)
    return (*found.case, *found.measure)


def test_a_choice_and_a_table_are_filled_with_what_the_form_takes() -> None:
    for name, form in FORMS.items():
        for told in every_told(name):
            for field, value in filling.values_of(form, told).items():
                place = form.field(field)
                assert place is not None
                if place.kind is FieldKind.CHOICE:
                    assert value in place.options, (name, field)
                if place.kind is FieldKind.TABLE:
                    assert isinstance(value, list), (name, field)
                    assert {len(row) for row in value} == {len(place.columns)}, (name, field)
                if place.kind in (FieldKind.LINE, FieldKind.DAY, FieldKind.MOMENT):
                    assert "\n" not in value, (name, field)


def test_a_penalty_is_told_in_capitals_and_figures() -> None:
    told = told_of(whole_case(), "行政处罚决定书（单位）", StepKind.DECIDED)
    said, record = filling.filled(form_of("行政处罚决定书（单位）"), {}, told)
    assert said["行政处罚决定"] == (
        "一、责令停产整顿30日，整顿内容：恢复抽采，核定通风能力；\n二、处人民币伍拾万元整（￥500,000.00）罚款。\n"
        "裁量基准：裁量基准第3项（一般）；一般情节；偏离裁量基准的理由：个案情节。\n"
        "罚款自收到本决定书之日起15日内到指定的银行缴纳；到期不缴纳的，每日按罚款数额的3%加处罚款。"
    ), "处罚法59: how and until when it is to be paid"
    assert "行政处罚决定" in record
    with pytest.raises(rules.PaperContradictsRecord, match="行政处罚决定"):
        filling.filled(form_of("行政处罚决定书（单位）"), {"行政处罚决定": "处人民币壹元罚款"}, told)


def test_59_a_decision_says_what_the_party_said_and_why_the_standard_was_left() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest(ground=DiscretionGround.MITIGATED, reason="主动供述尚未掌握的违法行为", departure="影响恶劣")
    case.notify()
    defence = case.take(DefenceReceived(words="已停机"))
    case.take(DefenceExamined(defence=defence.id, accepted=False, answer="停机在下令之后"))
    case.waive()
    case.decide(departure="个案")
    late = case.take(DefenceReceived(words="不服"))
    told = told_of(case, "行政处罚决定书（单位）", StepKind.DECIDED)
    said = filling.values_of(form_of("行政处罚决定书（单位）"), told)
    assert said["违法事实及证据"] == "事实。\n当事人陈述申辩及采纳情况：已停机。复核：不予采纳。停机在下令之后。"
    assert isinstance(late.body, DefenceReceived)
    assert late.body.words not in str(said)
    shown = LABELS["Circumstance"]["DISCLOSED"][0]
    assert "；偏离裁量基准的理由：影响恶劣。\n裁量说明：个案。\n" in said["行政处罚决定"]
    assert f"（减轻）；{shown}；主动供述尚未掌握的违法行为；" in said["行政处罚决定"]


@pytest.mark.parametrize(("name", "what"), [("行政处罚告知书", "陈述、申辩"), ("行政处罚听证告知书", "有权要求听证")])
def test_a_notice_tells_what_its_reader_may_do_and_until_when(name: str, what: str) -> None:
    said = filling.remedies(form_of(name), "", {}, law=BUILT_IN, on=date(2026, 11, 24))
    assert what in said
    assert "5个工作日内" in said


def test_each_party_has_the_form_of_its_kind() -> None:
    assert sources.forms_for(StepKind.DECIDED, PartyKind.UNIT) == ("行政处罚决定书（单位）",)
    assert sources.forms_for(StepKind.DECIDED, PartyKind.PERSON) == ("行政处罚决定书（个人）",)
    case = whole_case()
    told = told_of(case, "行政处罚决定书（个人）", StepKind.DECIDED, party=case.person.id)
    said = filling.values_of(form_of("行政处罚决定书（个人）"), told)
    assert (said["被处罚人"], said["所在单位"], said["职务"]) == ("王某", "甲煤矿", "矿长")


def test_a_hand_completes_a_table_and_never_changes_it() -> None:
    form = form_of("查封扣押（场所、设施、财物）清单")
    (column,) = (one.name for one in form.fields if one.kind is FieldKind.TABLE)
    told = told_of(whole_case(), form.name, StepKind.SEIZED)
    row = ["", "", "FBD№6.3", "台", "1", ""]
    said, _ = filling.filled(form, {column: [row, [""] * 6]}, told)
    assert said[column][0] == ["1", "局部通风机一台", "FBD№6.3", "台", "1", ""]
    for wrong in ([row], [["2", *row[1:]], row]):
        with pytest.raises(rules.PaperContradictsRecord):
            filling.filled(form, {column: wrong}, told)


def test_a_receipt_says_how_whom_and_when() -> None:
    said = filling.values_of(form_of("文书送达回执"), told_of(whole_case(), "文书送达回执", StepKind.SERVED))
    rows = said["送达的文书"]
    assert isinstance(rows, list)
    (row,) = rows
    assert row[0].startswith("行政处罚决定书（单位） （黔）煤安监")
    assert row[1:] == ["", "盘州市甲煤矿办公楼", "2025年11月4日", "张建国", "李卫东"]
    assert said["备注"] == "直接送达；送达回证；收件人矿长。"


def test_an_order_and_its_re_check_say_the_same_decision() -> None:
    order = filling.values_of(form_of("责令限期整改指令书"), measure_told(Turn.ORDERED))
    recheck = filling.values_of(form_of("整改复查意见书"), measure_told(Turn.RECHECKED))
    assert order["责令整改的项目"] == recheck["作出的决定"]
    assert recheck["决定文号"] == "（黔）煤安监现决〔2025〕7号"
    assert recheck["复查意见"] == "经复查，已整改完毕。传感器已按规定吊挂。"


def test_what_was_found_is_told_after_what_was_checked() -> None:
    said = str(filling.values_of(form_of("现场检查记录"), inspection_told())["检查情况"]).splitlines()
    assert said[0] == "按检查方案检查了下列事项："
    assert said[1:4] == [
        "一、查阅瓦斯检查日报：已检查，齐全；",
        "二、测量回风流甲烷浓度：已检查；",
        "三、检查躲避硐：未检查，巷道封闭。",
    ]
    assert said[4] == "检查发现下列问题、隐患："
