"""A phone in JavaScript, from a sign-in to verified receipts, by the package alone: a photo, and a film in parts."""

import asyncio
from pathlib import Path

from api.embedded.postgres import DatabaseAddresses
from api.sample_people import PASSWORD
from tests.api.web.node import FOLDER, node
from tests.journeys.running import LEAD, SECOND, running_service
from tests.servers import Servers


async def test_the_package_carries_a_photo_and_a_film_to_verified_receipts(
    servers: Servers, template: DatabaseAddresses, tmp_path: Path
) -> None:
    async with running_service(servers, template, tmp_path) as service:
        arguments = (str(FOLDER / "journey.mjs"), service.url, LEAD, SECOND, PASSWORD)
        done = await asyncio.to_thread(node, *arguments, seconds=120)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["VERIFIED", "VERIFIED"]
        assert await service.count("SELECT count(*) FROM evidence WHERE state = 'SEALED'") == 2
