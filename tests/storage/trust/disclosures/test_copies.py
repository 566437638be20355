"""Tests of copies: what the closed lists let through, how persons are named, what no text may hold, what is flat."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.casework.cases.bodies.after import OutcomeReceived, ReconsiderationFiled, Result
from storage.casework.cases.steps import Party, PartyKind, Sanction, SanctionKind
from storage.record.problems import BadInput
from storage.trust.disclosures.copies import penalties, persons, results
from storage.trust.disclosures.copies.allowed import ALLOWED, Copy, TakenOutFor, composed, paths_of
from storage.trust.disclosures.copies.flat import flat_of
from storage.trust.disclosures.copies.mines import MineNamed
from storage.trust.disclosures.copies.penalties import Penalty
from storage.trust.disclosures.copies.results import Counted, InspectionResult
from storage.trust.disclosures.copies.texts import PersonalData, hits_in
from storage.trust.disclosures.problems import NotPublishable, NotServedYet, PersonalDataFound, Unpublishable
from storage.trust.disclosures.tables import DisclosureKind
from tests.factories.cases import SMALL, CaseFile, at, fine
from tests.sites import credit_code

pytestmark = pytest.mark.quick

MINE = MineNamed(id=UUID(int=7), name="甲煤矿", credit_code=credit_code(1), county="520281")
UNIT = Party(id=uuid4(), kind=PartyKind.UNIT, name="甲煤矿", subject=credit_code(1))


def source(case: CaseFile, decision: Any, **changes: Any) -> Penalty:
    usual = Penalty(
        ruling=decision, history=case.history, number="（黔）煤安监罚〔2025〕1号", agency="国家矿山安全监察局贵州局",
        mine=MINE,
    )  # fmt: skip
    return replace(usual, **changes)


def served(*, facts: str = "回风流瓦斯超限", unit: Party = UNIT) -> tuple[CaseFile, Any]:
    case = CaseFile(at(2025, 9, 2))
    case.unit = unit
    case.investigate()
    case.suggest()
    case.notify()
    case.waive()
    decision = case.decide(facts=facts)
    case.serve(decision)
    return case, decision


def copy(*, anew: dict[str, str] | None = None, of_age: bool = False, **given: Any) -> Copy:
    case, decision = served(**given)
    return penalties.penalty(source(case, decision), anew=anew or {}, of_age=of_age)


def test_a_copy_holds_what_its_list_names_and_says_what_was_taken_out() -> None:
    made = copy()
    told = json.loads(made.content)
    assert (
        set(paths_of({name: value for name, value in told.items() if name not in ("v", "kind")}))
        <= (ALLOWED[DisclosureKind.PENALTY])
    )
    assert told["party"] == {"kind": "UNIT", "name": "甲煤矿", "credit_code": credit_code(1)}
    assert told["decided_on"] == told["served_on"] == "2025-09-02"
    assert {one.member for one in made.taken_out} == {"officers", "delivery", "pay_to", "remedies_text"}
    assert "银行" not in made.content.decode()


@given(member=st.text(min_size=1, max_size=8).filter(lambda name: name not in ("number", "facts")))
def test_a_member_that_is_on_no_list_is_refused_and_never_left_out_in_silence(member: str) -> None:
    with pytest.raises(NotPublishable) as told:
        composed(DisclosureKind.PENALTY, {"facts": "事实", member: "x"})
    assert told.value.parameters["reason"] in (Unpublishable.NOT_ON_THE_LIST, Unpublishable.NOT_WRITABLE)


def test_a_kind_without_a_list_is_never_published() -> None:
    for kind in set(DisclosureKind) - ALLOWED.keys():
        with pytest.raises(NotPublishable):
            composed(kind, {})


def test_a_nested_stranger_is_found() -> None:
    for members in (
        {"party": {"telephone": "1"}},
        {"conducts": [{"name": "x", "who": "y"}]},
        {"mine": {"id": {"x": "y"}}},
    ):
        with pytest.raises(NotPublishable):
            composed(DisclosureKind.PENALTY, members)


def test_what_is_not_served_what_fell_and_what_is_no_penalty_is_not_publishable() -> None:
    case, decision = served()
    unserved = replace(case.history, steps=tuple(one for one in case.history if one.kind.value != "SERVED"))
    with pytest.raises(NotServedYet):
        penalties.penalty(replace(source(case, decision), history=unserved), anew={}, of_age=False)
    with pytest.raises(NotPublishable) as told:
        penalties.penalty(source(case, decision, number=""), anew={}, of_age=False)
    assert told.value.parameters == {"member": "number", "reason": "MISSING"}


def test_what_is_called_a_unit_and_has_no_credit_code_is_no_way_to_a_persons_name() -> None:
    with pytest.raises(NotPublishable) as told:
        copy(unit=replace(UNIT, name="赵铁柱", subject="520201199001011234"))
    assert told.value.parameters == {"member": "party.credit_code", "reason": "NOT_A_UNIT"}
    with pytest.raises(PersonalDataFound):
        copy(unit=replace(UNIT, name="甲煤矿 13800138000"))


def test_a_person_is_shown_by_his_family_name_once_an_officer_says_that_he_is_of_age() -> None:
    person = replace(UNIT, kind=PartyKind.PERSON, name="欧阳建国", subject=str(uuid4()))
    case, decision = served()
    steps = tuple(
        replace(one, body=replace(one.body, parties=(replace(person, id=UNIT.id),)))
        if hasattr(one.body, "parties") else one
        for one in case.history
    )  # fmt: skip
    of_person = source(case, decision, history=replace(case.history, steps=steps))
    with pytest.raises(NotPublishable) as told:
        penalties.penalty(of_person, anew={}, of_age=False)
    assert told.value.parameters == {"member": "party.name", "reason": "AGE_UNKNOWN"}
    made = penalties.penalty(of_person, anew={}, of_age=True)
    assert json.loads(made.content)["party"] == {"kind": "PERSON", "name": "欧阳某"}
    assert ("party.name", TakenOutFor.PERSON) in {(one.member, one.why) for one in made.taken_out}
    assert person.subject not in made.content.decode()
    named = replace(of_person, ruling=replace(decision, body=replace(decision.body, facts="欧阳建国违章指挥")))
    with pytest.raises(PersonalDataFound):
        penalties.penalty(named, anew={}, of_age=True)


def test_initial_and_current_fine_stand_beside_each_other() -> None:
    case, decision = served()
    filed = case.take(ReconsiderationFiled(decision=decision.id, organ="市政府", filed_on=date(2025, 9, 10)))
    during = json.loads(penalties.penalty(source(case, decision), anew={}, of_age=False).content)
    assert during["remedies"] == [{"kind": "RECONSIDERATION", "filed_on": "2025-09-10"}]
    case.take(OutcomeReceived(filed=filed.id, result=Result.CHANGED, decided_on=date(2025, 9, 20), fine=600_000))
    made = penalties.penalty(source(case, decision), anew={}, of_age=False)
    told = json.loads(made.content)
    assert told["penalty"][0]["sum"] == SMALL[0].sum
    assert told["current"] == {"fine": 600_000, "since": "2025-09-20"}
    assert flat_of(made.content).amount == 600_000


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("身份号码520201199001011234。", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("号码 5202 0119 9001 0112 34", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("号码５２０２０１１９９００１０１１２３Ｘ", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("号码5202\u200b01199001011234", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("卡号6222020200112230303", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("520201900101123", PersonalData.IDENTITY_OR_ACCOUNT_NUMBER),
        ("致电138-0013-8000", PersonalData.TELEPHONE),
        ("致电+86 13800138000", PersonalData.TELEPHONE),
        ("致电一三八〇〇一三八〇〇〇", PersonalData.TELEPHONE),
        ("致电0858-8221234", PersonalData.TELEPHONE),
        ("微信号：wx_zhao88", PersonalData.TELEPHONE),
        ("致电（0858）8221234", PersonalData.TELEPHONE),
        ("致电(0858) 822 1234", PersonalData.TELEPHONE),
        ("致电138/0013/8000", PersonalData.TELEPHONE),
        ("致电138\u20630013\u206a8000", PersonalData.TELEPHONE),
        ("致电138\U000e00200013\u180e8000", PersonalData.TELEPHONE),
        ("证人赵\u2063铁\u3164柱陈述", PersonalData.NAME),
        ("证人赵·铁柱陈述", PersonalData.NAME),
        ("证人赵-铁_柱陈述", PersonalData.NAME),
        ("邮箱zhao@example.com", PersonalData.MAIL),
        ("家住钟山区某路1号", PersonalData.ADDRESS),
        ("诊断为尘肺病", PersonalData.HEALTH),
        ("证人赵 铁 柱陈述", PersonalData.NAME),
    ],
)
def test_what_must_not_be_public_is_found_however_it_is_written(text: str, what: PersonalData) -> None:
    assert what in {one.what for one in hits_in("facts", text, names=("赵铁柱",))}


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24、2026-11-25检查，瓦斯浓度0.12、0.15、0.18、0.20，处罚款1,000,000.00元。",
        "依据《煤矿安全生产条例》第六十四条第一款第（三）项，（黔）煤安监罚〔2026〕1号。",
        f"当事人统一社会信用代码{credit_code(1)}。",
        "1201综采工作面、1202回风巷，2026年11月20日10时30分。",
        "矿长王某签字。",
    ],
)
def test_dates_sums_articles_and_credit_codes_may_stand_there(text: str) -> None:
    assert list(hits_in("facts", text, names=("王某", "赵铁柱"), known=(credit_code(1),))) == []


@given(before=st.text("矿井煤瓦斯，。 ", max_size=20), behind=st.text("矿井煤瓦斯，。 ", max_size=20))
def test_where_a_number_begins_is_told(before: str, behind: str) -> None:
    (found,) = hits_in("facts", f"{before}13800138000{behind}")
    assert found.at == len(before)


def test_a_text_is_worded_anew_and_both_digests_are_kept() -> None:
    made = copy(facts="请联系13800138000", anew={"facts": "回风流瓦斯超限"})
    assert json.loads(made.content)["facts"] == "回风流瓦斯超限"
    (one,) = made.worded
    assert (one.member, len(one.was), len(one.now)) == ("facts", 64, 64)
    assert ("facts", TakenOutFor.WORDED_ANEW) in {(each.member, each.why) for each in made.taken_out}
    assert copy(anew={"facts": "回风流瓦斯超限"}).worded == ()


@pytest.mark.parametrize("anew", [{"party.name": "x"}, {"facts": " "}, {"facts": "x" * 20_001}])
def test_only_texts_are_worded_anew_and_not_away(anew: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        copy(anew=anew)


def test_what_is_worded_anew_is_searched_too() -> None:
    with pytest.raises(PersonalDataFound):
        copy(anew={"facts": "请联系13800138000"})


def test_two_of_one_family_name_are_told_apart_and_nobody_else_is() -> None:
    assert persons.reduced(["王一", "王二", "李三", "欧阳四"]) == {
        "王一": "王某甲", "王二": "王某乙", "李三": "李某", "欧阳四": "欧阳某",
    }  # fmt: skip
    assert persons.reduced(["欧阳"]) == {"欧阳": "欧某"}
    assert len(set(persons.reduced([f"王{number}" for number in range(40)]).values())) == 40


@given(names=st.lists(st.text("王李欧阳赵铁柱建国", min_size=2, max_size=4), unique=True, max_size=8))
def test_no_given_name_is_left(names: list[str]) -> None:
    for name, shown in persons.reduced(names).items():
        assert shown.startswith(persons.family_of(name) + "某")
        assert name not in shown


def test_a_result_is_counts_alone_and_never_why_it_was_opened() -> None:
    usual = InspectionResult(
        id=uuid4(), inspected_on=date(2026, 11, 24), agency="贵州局", mine=MINE, lacking=0,
        findings=[Counted("GAS_OVER_LIMIT", "瓦斯超限", 2, 1)], measures=[Counted("STOP", "停止作业", 1, 0)],
    )  # fmt: skip
    told = json.loads(results.result(usual).content)
    assert told["findings"] == {
        "total": 2, "major": 1, "by_kind": [{"kind": "GAS_OVER_LIMIT", "name": "瓦斯超限", "count": 2}],
    }  # fmt: skip
    assert told["measures"] == [{"kind": "STOP", "name": "停止作业", "count": 1, "closed": 0}]
    assert {"basis", "reason"} <= {one.member for one in results.result(usual).taken_out}
    with pytest.raises(NotPublishable):
        results.result(replace(usual, lacking=1))
    empty = results.result(replace(usual, findings=[], measures=[]))
    assert flat_of(empty.content).amount is None


def test_other_sanctions_and_their_terms_stand_in_the_copy() -> None:
    case, decision = served()
    body = replace(decision.body, sanctions=(
        Sanction(kind=SanctionKind.STOPPED, days=30, terms="恢复抽采"), fine(50, "fine_major_hazard_unit"),
    ))  # fmt: skip
    ruling = replace(decision, body=body)
    told = json.loads(penalties.penalty(source(case, ruling), anew={}, of_age=False).content)
    assert told["penalty"] == [
        {"kind": "STOPPED", "days": 30, "terms": "恢复抽采"},
        {"kind": "FINE", "sum": 50_000_000},
    ]
    again = penalties.penalty(source(case, ruling), anew={"penalty[0].terms": "整顿通风系统"}, of_age=False)
    assert json.loads(again.content)["penalty"][0]["terms"] == "整顿通风系统"
