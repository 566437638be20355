"""The archive that the tests of keeping share."""

from collections.abc import AsyncIterator

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.database import Database
from storage.record.objects import Objects
from tests.factories.keeping import Archive, make_archive


@pytest.fixture
async def archive(
    database: DatabaseAddresses, record: Database, workers: Database, objects: Objects
) -> AsyncIterator[Archive]:
    """A scene, a store and the workers."""
    made = await make_archive(database, record, workers, objects)
    yield made
    await made.rows.close()
