"""Tests of what the law wants recorded, and of what is there; 处罚法47 and 国办发〔2018〕118号."""

from uuid import uuid4

import pytest

from storage.casework.cases.bodies.facts import Recorded, RecordingMedium, Seized, StatementTaken
from storage.casework.cases.recording import Completeness, completeness_of
from storage.casework.cases.steps import ServiceWay
from tests.factories.cases import STOP, WAN, CaseFile, at, delivered

pytestmark = pytest.mark.quick


def test_47_a_seizure_is_filmed_from_beginning_to_end_before_anything_is_decided() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.register()
    seized = case.take(
        Seized(items=("风筒",), urgent=True, reasons_told=True, papers_handed_over=True, record_signed=True)
    )
    (wanted,) = completeness_of(case.history)
    assert (wanted.medium, wanted.whole, wanted.there) == (RecordingMedium.FILM, True, Completeness.MISSING)
    assert "RECORDING_MISSING" in case.missing()
    case.film(seized, RecordingMedium.PICTURE)
    assert "RECORDING_MISSING" in case.missing(), "a picture is no film"
    case.film(seized)
    assert completeness_of(case.history)[0].there is Completeness.RECORDED
    assert "RECORDING_MISSING" not in case.missing()


def test_47_a_hearing_without_its_film_is_not_decided_on() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest(STOP, least=50 * WAN, most=100 * WAN)
    case.notify(STOP)
    held = case.hear(2025, 9, 30)
    assert completeness_of(case.history)[0].step == held.id


def test_47_a_gap_is_a_gap_with_its_reason() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    notice = case.notice(delivery=delivered(ServiceWay.LEFT, witness="村委会"))
    left = case.take(notice)
    assert "RECORDING_MISSING" in case.missing()
    assert "RECORDING_MISSING" not in case.missing(case.person)
    gap = Recorded(step=left.id, medium=RecordingMedium.FILM, gap="记录仪进水损坏")
    assert case.refusal(Recorded(step=left.id, medium=RecordingMedium.FILM)) == "NOT_STATED"
    assert case.refusal(Recorded(step=uuid4(), medium=RecordingMedium.FILM, gap="无")) == "STEP_UNKNOWN"
    case.take(gap)
    (wanted,) = completeness_of(case.history)
    assert (wanted.there, wanted.gap) == (Completeness.GAP, "记录仪进水损坏")


def test_a_statement_in_writing_needs_no_film() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.register()
    case.take(StatementTaken(of="矿长", signed=True))
    assert completeness_of(case.history) == ()
