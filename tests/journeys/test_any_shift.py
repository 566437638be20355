"""Whatever befalls a shift on its way, from death at any call to broken lines, it ends sealed once and proven."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import settings

from api.embedded.postgres import DatabaseAddresses
from tests.courses import SHORT
from tests.journeys.shift_course import every_course, service_by_road
from tests.servers import Servers


async def test_any_course_of_a_shift_ends_with_every_file_sealed_once_and_proven(
    servers: Servers, template: DatabaseAddresses
) -> None:
    with tempfile.TemporaryDirectory(prefix="pithead-any-") as folder:
        async with service_by_road(servers, template, Path(folder)) as (service, road):
            await asyncio.to_thread(every_course(service, road, settings(SHORT, max_examples=4)))
