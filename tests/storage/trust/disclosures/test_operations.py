"""Tests of publishing and of what becomes of it: what is kept, what is refused, who may, and its traces."""

import pytest

from storage.record.database import Database
from storage.trust.disclosures import public
from tests.factories.disclosures import served
from tests.sites import Site


async def test_a_penalty_is_published(site: Site, public_database: Database) -> None:
    made = await served(site)
    row = await made.publish()
    async with public_database.reading(made.officer) as sql:
        page = await public.page_of(sql, row.id)
    assert page is not None
    print(page)
    assert 0
