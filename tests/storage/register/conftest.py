"""What tests of the register ask for: an open database and a founded register."""

from collections.abc import AsyncIterator

import pytest

from api.embedded.postgres import DatabaseAddresses
from storage.record.database import Database
from tests.factories.people import People, cheap_door, listen


@pytest.fixture
async def record(database: DatabaseAddresses) -> AsyncIterator[Database]:
    """The test's database in the API's role."""
    opened = Database(database.api, pool_size=4)
    listen(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def people(record: Database) -> AsyncIterator[People]:
    """A register with its three administrators."""
    founded = await People(record, cheap_door()).found()
    yield founded
    founded.door.passwords.close()
