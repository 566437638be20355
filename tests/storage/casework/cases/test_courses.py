"""Any course of a case, briefly and always the same; tests/faults has the long ones."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.courses import PURE
from tests.storage.casework.cases.course import Course


@pytest.mark.quick
def test_no_course_of_a_case_comes_to_an_unlawful_state_or_loses_a_fact() -> None:
    run_state_machine_as_test(Course, settings=PURE)
