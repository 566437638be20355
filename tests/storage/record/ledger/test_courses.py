"""Any course of acts, batches and deaths ends in one log without a gap, as a model in memory has it."""

from collections.abc import Iterator

import pytest
from hypothesis.stateful import run_state_machine_as_test

from api.embedded.postgres import DatabaseAddresses
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects
from tests.courses import SHORT
from tests.factories.gates import lay_deaths
from tests.storage.record.ledger.course import LogCourse, LogGround


@pytest.fixture
def ground(database: DatabaseAddresses, objects: Objects, keys: KeyFolder) -> Iterator[LogGround]:
    made = LogGround(database, objects, keys)
    made.stage.run(lay_deaths(database.superuser))
    yield made
    made.close()


def test_no_course_of_the_log_skips_repeats_or_moves_an_entry(ground: LogGround) -> None:
    run_state_machine_as_test(lambda: LogCourse(ground), settings=SHORT)
