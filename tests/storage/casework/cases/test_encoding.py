"""Tests that what a step says survives being kept."""

import json
from dataclasses import MISSING, fields

import pytest

from storage.casework.cases.bodies import BODIES
from storage.casework.cases.encoding import body_of
from storage.casework.cases.problems import ARTICLES
from storage.casework.cases.rules import AFTER_THE_END, BEFORE_REGISTRATION, DONE_HERE, FACTS, OPENS, RULES
from storage.casework.cases.steps import StepKind
from storage.record.plain import told, types_of
from tests.factories.cases import STOP, CaseFile, at

pytestmark = pytest.mark.quick


def test_every_kind_has_a_body_and_a_rule() -> None:
    assert set(BODIES) == set(RULES) == set(StepKind)
    assert not FACTS & (DONE_HERE | AFTER_THE_END | OPENS)
    assert FACTS <= BEFORE_REGISTRATION


def test_every_field_says_what_it_means() -> None:
    silent = [
        f"{body.__name__}.{one.name}"
        for body in BODIES.values()
        for one in fields(body)  # type: ignore[arg-type] # Each is a dataclass.
        if "Annotated" not in str(body.__annotations__[one.name])
    ]
    assert silent == []


def test_a_whole_case_is_read_back_as_it_was_told() -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    case.suggest(STOP)
    case.notify(STOP)
    case.hear(2025, 9, 30)
    for step in case.history:
        kept = json.loads(json.dumps(told(step.body)))
        assert body_of(step.kind, kept) == step.body


def test_a_body_that_lacks_a_part_is_not_read() -> None:
    with pytest.raises(ValueError, match="lacks reason"):
        body_of(StepKind.NOT_REGISTERED, {})


def test_what_may_be_left_out_comes_back_as_its_default() -> None:
    for kind, body in BODIES.items():
        optional = [one.name for one in fields(body) if one.default is not MISSING]  # type: ignore[arg-type] # As above.
        assert set(optional) <= set(types_of(body)), kind


def test_every_problem_of_cases_has_an_article() -> None:
    assert all(article for article in ARTICLES.values())
    assert len(ARTICLES) > 100
