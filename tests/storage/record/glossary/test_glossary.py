"""Tests that every Problem and every closed list can be told in both languages."""

import ast
import importlib
import logging
import pkgutil
import re
from enum import StrEnum
from pathlib import Path

import pytest

import storage
from storage.alerts.alerts.kinds import AlertKind, Channel
from storage.alerts.deliveries.tables import DeliveryOutcome, SendState
from storage.alerts.rosters.rules import Chain
from storage.alerts.rosters.tables import Away
from storage.casework.cases.bodies.after import CashGround, ClosingGround, PaymentWay, Result, Term
from storage.casework.cases.bodies.deciding import DecisionOutcome, ReviewPoint
from storage.casework.cases.bodies.facts import ApprovalOf, DefectKind, RecordingMedium
from storage.casework.cases.problems.articles import ARTICLES
from storage.casework.cases.recording import Completeness
from storage.casework.cases.standing import CaseState
from storage.casework.cases.steps import PartyKind, SanctionKind, ServiceWay, StepKind
from storage.casework.cases.timeline import CaseEventKind
from storage.casework.conduct import tables as conduct
from storage.casework.conduct.duty import Undone
from storage.casework.exams import tables as exams
from storage.casework.measures.tables import Hand, Lacking, MeasureState, StepOutcome, Turn
from storage.casework.papers.sources import FieldSource
from storage.casework.papers.tables import PaperState, PaperSubject, SignedWay
from storage.casework.schemes import tables as schemes
from storage.field.evidence.tables import EvidenceState, Grade
from storage.field.inspections.tables import Basis, InspectionFlag
from storage.field.keeping.tables import Damage, SubjectKind
from storage.miners.reports import tables as reports
from storage.promises.breaches import tables as breaches
from storage.promises.commitments import tables as commitments
from storage.promises.keys import tables as signing_keys
from storage.promises.templates import tables as templates
from storage.promises.years import tables as years
from storage.promises.years.renewing import ClauseChange
from storage.record import glossary, problems
from storage.record.actor import Role, Verb
from storage.record.glossary import articles, verbs
from storage.record.glossary.labels import LABELS, label
from storage.record.glossary.naming import NAMED, PARTS
from storage.record.law import PARAMETERS, supervision
from storage.record.law.conduct import GroundOf
from storage.record.law.discretion import Circumstance, DiscretionGround
from storage.record.law.forms import Capacity, FieldKind, Layout
from storage.record.law.measures import Approval
from storage.record.law.powers import Holder
from storage.record.sheets import Outcome
from storage.register.devices.tables import DeviceKind
from storage.register.mines.tables import Disaster, MineState
from storage.register.people.tables import (
    Craft,
    ExamCategory,
    PostFlag,
    PostKind,
    QualificationKind,
    ShiftKind,
    Validity,
    WorkplaceKind,
)
from storage.trust.credit import listing_rules
from storage.trust.credit import rules as credit_rules
from storage.trust.credit import tables as credit
from storage.trust.disclosures import tables as disclosures
from storage.trust.disclosures.copies.allowed import TakenOutFor
from storage.trust.disclosures.copies.texts import PersonalData
from storage.trust.disclosures.problems import Unpublishable
from storage.trust.disclosures.rules import PenaltyClass, WithdrawalGround, WithholdingGround
from storage.trust.lists.tables import ListKind
from storage.trust.requests import tables as requests
from storage.trust.requests.rules import RefusalGround

pytestmark = pytest.mark.quick

LISTS: tuple[type[StrEnum], ...] = (
    reports.ReceiptForm, reports.ReportKind, reports.ReportMode, reports.ReportWhen, reports.ReportChannel,
    reports.ReportStepKind, reports.KeyHalf,
    AlertKind, Away, Chain, Channel, DeliveryOutcome, SendState,
    StepKind, CaseState, PartyKind, SanctionKind, ServiceWay, DefectKind, ApprovalOf, RecordingMedium, Completeness,
    DiscretionGround, Circumstance, Holder, Layout,
    ReviewPoint, DecisionOutcome, PaymentWay, CashGround, Result, ClosingGround, Term,
    Role, MineState, Disaster, Basis, InspectionFlag, EvidenceState, Grade, DeviceKind, Damage, SubjectKind, PostKind,
    Craft,
    QualificationKind, ExamCategory, PostFlag, Validity, WorkplaceKind, ShiftKind, Outcome,
    PaperState, PaperSubject, SignedWay, FieldKind, Capacity, FieldSource, CaseEventKind,
    Approval, Hand, Lacking, MeasureState, Turn, StepOutcome,
    exams.QuestionKind, exams.ExamWay, exams.Medium, exams.SittingFlag, exams.ConsequenceKind, exams.ConsequenceOutcome,
    conduct.MatterKind, conduct.About, conduct.ConductTurn, conduct.ConductOutcome, conduct.MatterState, GroundOf,
    Undone,
    schemes.Cause, schemes.Side, schemes.Manner, schemes.ItemOutcome, schemes.MineClass,
    templates.ClauseField, templates.ConditionKind, templates.Unit, templates.Wanted,
    commitments.AnswerOutcome, commitments.ClauseStanding, commitments.ContradictionKind, commitments.EndCause,
    signing_keys.SigningWay, signing_keys.KeyPurpose, signing_keys.IdentitySeen,
    years.CommitmentStatus, years.UnsignedCause, years.PromiseStanding, ClauseChange,
    breaches.BreachSource, breaches.BreachState, breaches.BreachConsequenceKind, breaches.BreachConsequenceOf,
    disclosures.DisclosureKind, disclosures.DisclosureState, disclosures.EventKind, disclosures.SourceKind,
    ListKind, requests.RequestKind, requests.RequestState, requests.RequestStepKind, requests.AnswerPart,
    requests.RequestOutcome, RefusalGround,
    disclosures.MetAs, PenaltyClass, WithdrawalGround, WithholdingGround, Unpublishable, TakenOutFor, PersonalData,
    credit.FraudGround, credit.ListingSubject, credit.ListingGround, credit.ListingState, credit.ListingFault,
    credit.SanctioningAgency, credit_rules.Obstacle, credit_rules.RepairPart, credit_rules.Excluded,
    listing_rules.Ungrounded,
)  # fmt: skip


def every_problem() -> dict[str, type[problems.Problem]]:
    """The whole catalogue: each area's rules are imported first, so that none is left out."""
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if module.name.endswith(".rules") or module.name in ("storage.record.objects", "storage.record.problems"):
            importlib.import_module(module.name)
    return problems.all_problems()


def promised(kind: type[problems.Problem]) -> set[str]:
    """The parameters that a Problem's docstring promises: `parameters: a, b, …)` or `Parameters: a, b.`"""
    found = re.search(r"[Pp]arameters?: ([a-z_, ]+)", kind.__doc__ or "")
    return {name for name in re.split(r"[, ]+", found.group(1)) if name.isidentifier()} if found else set()


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    missing = [code for code in every_problem() if not all(glossary.SENTENCES.get(code, ("", "")))]
    assert missing == []


def test_every_sentence_asks_only_for_parameters_that_its_problem_promises() -> None:
    strangers = {
        code: asked - promised(kind)
        for code, kind in every_problem().items()
        for asked in [set().union(*map(glossary.places, glossary.SENTENCES.get(code, ())))]
        if asked - promised(kind)
    }
    assert strangers == {}


def test_every_chinese_sentence_is_chinese() -> None:
    assert [code for code, (zh, _) in glossary.SENTENCES.items() if not re.search("[一-鿿]", zh)] == []


def test_a_sentence_is_filled_with_its_parameters() -> None:
    told = glossary.sentence("TOO_FEW_OFFICERS", "zh", officers=1, needed=2)
    assert told == "执法人员只有 1 人，不得少于 2 人（行政处罚法第四十二条）。"


def test_an_unknown_language_is_told_in_chinese() -> None:
    assert glossary.sentence("UNAUTHENTICATED", "fr") == "请先登录。"


def test_an_unknown_code_is_told_by_itself() -> None:
    assert glossary.sentence("MOON_TOO_FAR", "en") == "MOON_TOO_FAR"


def test_a_missing_parameter_is_never_a_second_error(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert glossary.sentence("TOO_FEW_OFFICERS", "en", officers=1) == "TOO_FEW_OFFICERS"
    assert "lacks a parameter" in caplog.text


def test_a_value_with_braces_is_told_as_it_is() -> None:
    assert "{x}" in glossary.sentence("CREDIT_CODE_WRONG", "en", code="{x}")


def test_every_level_of_supervision_has_a_label() -> None:
    assert set(LABELS["SupervisionLevel"]) == set(supervision.LEVELS)


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.__name__)
def test_every_value_of_a_closed_list_has_a_label_in_both_languages(listed: type[StrEnum]) -> None:
    assert set(LABELS[listed.__name__]) == {value.value for value in listed}
    assert all(label(value, "zh") and label(value, "en") for value in listed)


def test_a_label_is_told_in_the_language_asked_for() -> None:
    assert (label(MineState.PRODUCING, "zh"), label(MineState.PRODUCING, "en")) == ("生产", "Producing")


@pytest.mark.parametrize(("code", "parameter"), NAMED)
def test_a_sentence_says_a_code_of_a_closed_list_in_words(code: str, parameter: str) -> None:
    assert all(parameter in glossary.places(one) for one in glossary.SENTENCES[code])
    words = PARTS if NAMED[code, parameter] == "Part" else LABELS[NAMED[code, parameter]]
    others = dict.fromkeys(glossary.places(glossary.SENTENCES[code][0]), "x")
    for value, (chinese, english) in words.items():
        assert chinese in glossary.sentence(code, "zh", **{**others, parameter: value})
        assert english in glossary.sentence(code, "en", **{**others, parameter: value})


def test_what_the_law_asks_to_be_stated_has_a_name() -> None:
    """Each keyword of `must_state`, and each part that a rule names by itself."""
    parts = set()
    for path in (Path(storage.__path__[0]) / "casework" / "cases").rglob("*.py"):
        for call in (one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.Call)):
            if getattr(call.func, "id", "") == "must_state":
                parts |= {one.arg for one in call.keywords}
            parts |= {str(one.value.value) for one in call.keywords
                      if one.arg == "part" and isinstance(one.value, ast.Constant)}  # fmt: skip
    assert parts
    assert parts <= PARTS.keys(), parts - PARTS.keys()


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ("行政处罚法第五十九条、第六十一条", "Administrative Penalty Law art. 59, art. 61"),
        ("实施意见三（十二）4", "Guizhou Implementing Opinions 3(12)4"),
        ("矿安〔2025〕14号一", "Mine Safety Administration [2025] 14(1)"),
        ("煤矿安全生产举报办法（2012）第十条", "Measures on Reports of Coal Mine Safety (2012) art. 10"),
        ("安全生产法第一百一十三条", "Work Safety Law art. 113"),
    ],
)
def test_an_english_sentence_names_the_article_in_english(article: str, said: str) -> None:
    assert articles.english(article) == said


def test_every_article_of_the_law_and_of_the_problems_of_cases_has_an_english_name() -> None:
    known = {one.article for one in PARAMETERS} | set(ARTICLES.values())
    assert [one for one in known if re.search("[\u4e00-\u9fff]", articles.english(one))] == []


def test_sums_are_said_in_yuan_and_people_without_their_ids() -> None:
    told: dict[str, str | int] = {"least": 155_000_000, "most": 200_000_000, "article": "行政处罚法第五条"}
    as_text = {name: str(value) for name, value in told.items()}
    assert glossary.sentence("OUTSIDE_THE_LAW", "en", **as_text) == glossary.sentence("OUTSIDE_THE_LAW", "en", **told)
    assert "1,550,000.00 元至 2,000,000.00 元" in glossary.sentence("OUTSIDE_THE_LAW", "zh", **told)
    assert "1,550,000.00 to 2,000,000.00 yuan (Administrative Penalty Law art. 5)" in glossary.sentence(
        "OUTSIDE_THE_LAW", "en", **told
    )
    id = "0190f3c1-7f3e-7a54-8b1c-2d9be1a40c55"
    assert glossary.sentence("HEAD_UNKNOWN", "zh", account=id, article="x").startswith("该人员 不是机关负责人")


def test_a_wrong_input_and_a_missing_right_are_said_in_words() -> None:
    assert glossary.sentence("BAD_INPUT", "zh", field="words", reason="4-4000") == (
        "输入有误：内容 (words)，应在 4 至 4000 之间。"
    )  # fmt: skip
    assert glossary.sentence("BAD_INPUT", "en", field="words", reason="4-4000").endswith("from 4 to 4000.")
    assert glossary.sentence("NOT_ALLOWED", "zh", verb="case.read_own") == "您没有权限：查看本矿案件。"


@pytest.mark.parametrize("one", Verb)
def test_every_verb_has_words(one: Verb) -> None:
    assert all(verbs.verb(one.value, language) != one.value for language in ("zh", "en"))


def test_no_english_sentence_names_a_law_in_chinese() -> None:
    assert [text for _, text in glossary.SENTENCES.values() if any("\u4e00" <= sign <= "\u9fff" for sign in text)] == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Nobody signs twice (条例 Art. 48).", "Nobody signs twice (Regulation on Coal Mine Safety art. 48)."),
        ("Two (煤矿安全生产条例 Art. 44(2)).", "Two (Regulation on Coal Mine Safety art. 44(2))."),
        ("Not so (行政处罚法43).", "Not so (Administrative Penalty Law art. 43)."),
        ("Held (强制法 Arts. 25, 28).", "Held (Administrative Compulsion Law arts. 25, 28)."),
        ("He leads (policy 三(十四)4).", "He leads (Guizhou Implementing Opinions 3(14)4)."),
    ],
)
def test_a_law_has_one_english_name_wherever_it_is_cited(written: str, told: str) -> None:
    assert articles.cited(written) == told
