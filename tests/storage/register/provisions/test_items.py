"""Tests of items of the law as provisions: kinds of findings, powers, standards, forms; what is sound, what holds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.record.law import BUILT_IN, Law
from storage.record.law.dated import Ended, standing
from storage.record.law.discretion import STANDARDS, DiscretionGround
from storage.record.law.items import content_of
from storage.record.law.library import FINDING_KINDS, FindingKind, Severity
from storage.record.law.powers import POWERS, Power
from storage.record.problems import BadInput, Problem
from storage.register.provisions import rules
from storage.register.provisions.rules import Draft, law_with
from storage.register.provisions.tables import ProvisionKind

pytestmark = pytest.mark.quick

FEBRUARY, BEFORE = date(2026, 2, 1), date(2026, 1, 31)
FORM: dict[str, Any] = {
    "word": "检查", "layout": "SHEET", "internal": True, "stamped": False,
    "fields": [{"name": "检查内容", "kind": "TEXT", "must": True}],
    "places": [{"name": "审批人", "capacity": "APPROVER"}],
}  # fmt: skip
KIND = {
    "title": "未按规定上传数据", "severity": "GENERAL", "clause": "条例第五十七条", "measure": "条例第四十四条",
    "penalty": "条例第六十三条", "fine": "fine_listed",
}  # fmt: skip
POWER = {
    "name": "数据上传",
    "article": "条例第五十七条",
    "holders": ["DEPARTMENT"],
    "ground": "安法65",
    "handling": "改正",
}
PLAIN = {"ground": "PLAIN", "article": "基准第1项", "least": 60_000_000, "most": 90_000_000}
STANDARD = {"title": "重大隐患", "article": "裁量基准", "tiers": [PLAIN]}
ITEMS: dict[ProvisionKind, tuple[str, dict[str, Any]]] = {
    ProvisionKind.FINDING_KIND: ("DATA_NOT_SENT", KIND),
    ProvisionKind.POWER: ("DATA_SENT", POWER),
    ProvisionKind.DISCRETION: ("GAS_OVER_LIMIT/fine_major_hazard_unit", STANDARD),
    ProvisionKind.FORM: ("数据核查表", FORM),
}


def drafted(kind: ProvisionKind, **changes: Any) -> Draft:
    key, content = ITEMS[kind]
    usual: dict[str, Any] = {"key": key, "content": content, "article": "新清单", "in_force_from": FEBRUARY}
    return Draft(kind=kind, version="v2", **(usual | changes))


def must_be_sound(draft: Draft, law: Law = BUILT_IN) -> None:
    rules.must_be_well_formed(draft)
    rules.must_change_the_law(draft, law)


def held(law: Law, kind: ProvisionKind, on: date) -> Any:
    return {
        ProvisionKind.FINDING_KIND: law.kinds_on(on),
        ProvisionKind.POWER: {one.key: one for one in law.powers_on(on)},
        ProvisionKind.DISCRETION: {one.key: one for one in law.standards_on(on)},
        ProvisionKind.FORM: law.forms_on(on),
    }[kind]


@pytest.mark.parametrize("kind", list(ITEMS))
def test_an_item_holds_from_its_day_until_one_that_ends_it(kind: ProvisionKind) -> None:
    new, march = drafted(kind), date(2026, 3, 1)
    must_be_sound(new)
    law = law_with([new])
    assert new.key in held(law, kind, FEBRUARY)
    assert held(law, kind, BEFORE) == held(BUILT_IN, kind, BEFORE)
    assert held(law, kind, FEBRUARY).keys() - {new.key} == held(BUILT_IN, kind, FEBRUARY).keys()
    end = replace(new, content=None, in_force_from=march)
    must_be_sound(end, law)
    with pytest.raises(rules.NothingToEnd):
        must_be_sound(end)
    ended = law_with([new, end])
    assert new.key not in held(ended, kind, march)
    assert new.key in held(ended, kind, date(2026, 2, 28))


def test_the_wording_of_a_kind_is_changed_from_a_day_on_and_findings_before_it_keep_theirs() -> None:
    was = FINDING_KINDS["GAS_OVER_LIMIT"]
    changed = content_of(was) | {"clause": "新条例第三十六条第二项"}
    law = law_with([drafted(ProvisionKind.FINDING_KIND, key=was.key, content=changed)])
    assert law.kind(was.key, BEFORE) == was
    now = law.kind(was.key, FEBRUARY)
    assert now == replace(was, clause="新条例第三十六条第二项", in_force_from=FEBRUARY)


def test_what_an_item_says_is_read_as_it_was_told() -> None:
    for kind, one in (
        (ProvisionKind.FINDING_KIND, FINDING_KINDS["GAS_OVER_LIMIT"]), (ProvisionKind.POWER, POWERS[0]),
        (ProvisionKind.DISCRETION, STANDARDS[0]), (ProvisionKind.FORM, BUILT_IN.forms_on(FEBRUARY)["现场检查方案"]),
    ):  # fmt: skip
        law = law_with([drafted(kind, key=one.key, content=content_of(one))])
        again = held(law, kind, FEBRUARY)[one.key]
        assert content_of(again) == content_of(one)
    assert law.form_of("现场检查方案", "v2").fields == BUILT_IN.forms_on(FEBRUARY)["现场检查方案"].fields
    assert law.form_of("现场检查方案", "2017") == one  # A paper of the old version keeps it.
    with pytest.raises(LookupError):
        law.form_of("现场检查方案", "v3")


def test_a_new_range_of_fines_may_be_entered_and_a_kind_may_then_name_it() -> None:
    named = drafted(ProvisionKind.FINDING_KIND, content={**KIND, "fine": "fine_data"})
    with pytest.raises(BadInput):
        must_be_sound(named)
    ends = [
        Draft(
            kind=ProvisionKind.PARAMETER, key=f"fine_data_{end}", value=value, article="新条例", in_force_from=FEBRUARY
        )
        for end, value in (("least", 100), ("most", 200))
    ]  # fmt: skip
    for one in ends:
        must_be_sound(one)
    with pytest.raises(BadInput):
        must_be_sound(named, law_with(ends[:1]))
    must_be_sound(named, law_with(ends))
    assert law_with(ends).parameter("fine_data_most", FEBRUARY).unit == "fen"


def test_the_marks_are_a_list_that_is_changed_as_any_other() -> None:
    new = Draft(kind=ProvisionKind.PARAMETER, key="marks_five_fakes", value=("假整改", "假检测"), article="新文件",
                in_force_from=FEBRUARY)  # fmt: skip
    must_be_sound(new)
    assert law_with([new]).marks(FEBRUARY)["五假"] == ("假整改", "假检测")
    assert law_with([new]).marks(BEFORE) == BUILT_IN.marks(BEFORE)


TIER = {**PLAIN, "ground": "MITIGATED"}


@pytest.mark.parametrize(
    ("kind", "changes", "problem"),
    [
        (ProvisionKind.FINDING_KIND, {"key": "data"}, BadInput),
        (ProvisionKind.FINDING_KIND, {"content": {**KIND, "title": " "}}, BadInput),
        (ProvisionKind.FINDING_KIND, {"content": {**KIND, "severity": "GRAVE"}}, BadInput),
        (ProvisionKind.FINDING_KIND, {"content": {"title": "x"}}, BadInput),
        (ProvisionKind.FINDING_KIND, {"content": {**KIND, "fine": "fine_nothing"}}, BadInput),
        (ProvisionKind.FINDING_KIND, {"value": 1}, BadInput),
        (ProvisionKind.POWER, {"content": {**POWER, "holders": []}}, BadInput),
        (ProvisionKind.POWER, {"content": None}, rules.NothingToEnd),
        (ProvisionKind.DISCRETION, {"key": "fine_nothing"}, BadInput),
        (ProvisionKind.DISCRETION, {"key": "NO_KIND/fine_listed"}, BadInput),
        (ProvisionKind.DISCRETION, {"content": {**STANDARD, "tiers": [PLAIN, PLAIN]}}, BadInput),
        (ProvisionKind.DISCRETION, {"content": {**STANDARD, "tiers": [PLAIN, TIER]}}, BadInput),  # 减轻 for nothing.
        (ProvisionKind.DISCRETION, {"content": {**STANDARD, "tiers": [{**PLAIN, "least": 10**9}]}}, BadInput),
        (ProvisionKind.DISCRETION, {"content": {**STANDARD, "tiers": [{**PLAIN, "share_from": 1001}]}}, BadInput),
        (ProvisionKind.DISCRETION, {"key": "GENERAL", "content": None}, rules.NothingToEnd),  # It is always needed.
        (ProvisionKind.FORM, {"content": {**FORM, "fields": []}}, BadInput),
        (ProvisionKind.FORM, {"content": {**FORM, "fields": FORM["fields"] * 2}}, BadInput),
        (ProvisionKind.FORM, {"content": {**FORM, "fields": [{"name": "式", "kind": "CHOICE"}]}}, BadInput),
        (ProvisionKind.FORM, {"key": "表" * 61}, BadInput),
        (ProvisionKind.PARAMETER, {"key": "defence", "content": {}, "value": 3}, BadInput),
        (ProvisionKind.PARAMETER, {"key": "defence", "content": None}, BadInput),
    ],
)
def test_what_no_rule_could_read_is_no_draft(
    kind: ProvisionKind, changes: dict[str, Any], problem: type[Problem]
) -> None:
    usual = drafted(kind) if kind in ITEMS else replace(drafted(ProvisionKind.POWER), kind=kind)
    with pytest.raises(problem):
        must_be_sound(replace(usual, **changes))


@given(some.lists(some.tuples(some.integers(1, 28), some.booleans()), max_size=8), some.integers(1, 28))
def test_of_all_versions_the_latest_that_began_holds_and_an_end_leaves_none(
    approved: list[tuple[int, bool]], asked: int
) -> None:
    versions = [
        Ended(key="K", article="废止", in_force_from=date(2026, 2, day)) if ends
        else Power(key="K", name=str(number), article="条", in_force_from=date(2026, 2, day))
        for number, (day, ends) in enumerate(approved)
    ]  # fmt: skip
    begun = [(day, number) for number, (day, _) in enumerate(approved) if day <= asked]
    found = standing(versions, date(2026, 2, asked))
    expected = versions[max(begun)[1]] if begun else None
    assert found == (None if isinstance(expected, Ended) else expected)


def test_a_law_says_how_many_changes_it_holds_and_its_edition_grows_with_them() -> None:
    law = law_with([drafted(kind) for kind in ITEMS])
    assert (BUILT_IN.changes, law.changes) == (0, len(ITEMS))
    assert law.edition > BUILT_IN.edition
    assert isinstance(law.kind("DATA_NOT_SENT", FEBRUARY), FindingKind)
    assert law.kinds_on(FEBRUARY)["DATA_NOT_SENT"].severity is Severity.GENERAL
    assert law.standard("GAS_OVER_LIMIT", "fine_major_hazard_unit", FEBRUARY) is not None
    plain = law.standards["GAS_OVER_LIMIT/fine_major_hazard_unit"][0]
    assert not isinstance(plain, Ended)
    assert plain.tier(DiscretionGround.PLAIN) is not None
