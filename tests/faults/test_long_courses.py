"""The courses of the state machines at length, ever new: what `make test` tries briefly and always the same."""

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from api.embedded.postgres import DatabaseAddresses
from tests.courses import LONG, PURE_LONG
from tests.journeys.shift_course import every_course, service_by_road
from tests.servers import Servers
from tests.storage.casework.cases import course as case_course
from tests.storage.field.evidence.course import Course, Ground
from tests.storage.record.ledger.course import LogCourse, LogGround


def test_no_long_course_of_uploads_loses_doubles_or_changes_anything(upload_ground: Ground) -> None:
    machine: Any = partial(Course, upload_ground)  # Hypothesis asks for a class and calls whatever it gets.
    run_state_machine_as_test(machine, settings=LONG)


def test_no_long_course_of_the_log_skips_repeats_or_moves_an_entry(log_ground: LogGround) -> None:
    machine: Any = partial(LogCourse, log_ground)  # Hypothesis asks for a class and calls whatever it gets.
    run_state_machine_as_test(machine, settings=LONG)


def test_no_long_course_of_a_case_comes_to_an_unlawful_state_or_loses_a_fact() -> None:
    run_state_machine_as_test(case_course.Course, settings=PURE_LONG)


async def test_no_long_course_of_a_shift_loses_doubles_or_changes_anything(
    servers: Servers, template: DatabaseAddresses
) -> None:
    with tempfile.TemporaryDirectory(prefix="pithead-any-") as folder:
        async with service_by_road(servers, template, Path(folder)) as (service, road):
            await asyncio.to_thread(every_course(service, road, settings(LONG, max_examples=30)))
