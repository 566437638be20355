"""Any course of uploads, with faults between any two steps, loses, doubles and changes nothing."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from api.embedded.postgres import DatabaseAddresses
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import StoreAddress
from tests.courses import SHORT
from tests.factories.gates import lay_deaths
from tests.storage.field.evidence.course import Course, Ground


@pytest.fixture
def upload_ground(database: DatabaseAddresses, bucket: StoreAddress, keys: KeyFolder) -> Iterator[Ground]:
    made = Ground(database, bucket, keys)
    made.stage.run(lay_deaths(database.superuser))
    yield made
    made.close()


def test_no_course_of_uploads_loses_doubles_or_changes_anything(upload_ground: Ground) -> None:
    machine: Any = partial(Course, upload_ground)  # Hypothesis asks for a class and calls whatever it gets.
    run_state_machine_as_test(machine, settings=SHORT)
