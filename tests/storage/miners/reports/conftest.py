"""What tests of reports ask for: a desk with its people and keys."""

import pytest

from storage.record.database import Database
from tests.factories.reports import Desk, desk_of
from tests.sites import Site


@pytest.fixture
async def desk(site: Site, workers: Database) -> Desk:
    return await desk_of(site, workers)
