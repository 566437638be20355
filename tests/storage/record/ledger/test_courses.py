"""Any course of acts, batches and deaths ends in one log without a gap, as a model in memory has it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from api.embedded.postgres import DatabaseAddresses
from storage.record.objects import Objects
from tests.courses import SHORT
from tests.factories.gates import lay_deaths
from tests.storage.record.ledger.course import LogCourse, LogGround


@pytest.fixture
def log_ground(database: DatabaseAddresses, objects: Objects, tmp_path: Path) -> Iterator[LogGround]:
    made = LogGround(database, objects, tmp_path)
    made.stage.run(lay_deaths(database.superuser))
    yield made
    made.close()


def test_no_course_of_the_log_skips_repeats_or_moves_an_entry(log_ground: LogGround) -> None:
    machine: Any = partial(LogCourse, log_ground)  # Hypothesis asks for a class and calls whatever it gets.
    run_state_machine_as_test(machine, settings=SHORT)
