"""Tests of leaving the blacklist early: asked after a year, decided by another, undone where fraud got it."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from storage.record.actor import Role, stranger
from storage.record.database import Database
from storage.trust.credit import problems, removals
from storage.trust.credit.tables import FraudGround, ListingState
from storage.trust.disclosures import public
from tests.factories.credit import Credit, credit_of
from tests.sites import Site
from tests.storage.trust.credit.test_listings import A_YEAR, agrees, listing, refused, shown


@pytest.fixture
async def credit(site: Site) -> Credit:
    return await credit_of(site)


async def test_nobody_leaves_before_twelve_months_and_whoever_does_is_shown_no_more(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    listed = await credit.listed()
    found = await refused(
        credit, problems.RemovalTooEarly, credit.leaves(listed.id, at=credit.now + timedelta(days=364))
    )
    assert found.parameters["day"] == "2027-12-14"
    credit.now += A_YEAR
    removal = await credit.leaves(listed.id)
    await refused(credit, problems.RemovalAskedBefore, credit.leaves(listed.id))
    granted = await credit.decides_leaving(removal.id)
    assert granted.granted is True
    async with public_database.reading(stranger()) as sql:
        page = await public.page_of(sql, listed.disclosure_id or uuid4())
    assert page is not None
    assert page.gone is not None
    assert (page.gone.gone_as, page.gone.reason) == ("REPAIRED", removals.LEFT)
    assert await shown(public_database) == []
    await refused(credit, problems.NotListed, credit.leaves(listed.id))
    await refused(credit, problems.RemovalDecided, credit.decides_leaving(removal.id))
    assert await agrees(workers) == []


async def test_a_removal_that_fraud_got_is_undone_and_three_years_begin_anew(
    credit: Credit, public_database: Database, workers: Database
) -> None:
    listed = await credit.listed()
    credit.now += A_YEAR
    removal = await credit.leaves(listed.id)
    await refused(credit, problems.NothingGranted, credit.undoes(removal.id))
    await credit.decides_leaving(removal.id)
    await refused(credit, problems.CreditTakesTwo, credit.undoes(removal.id, by=credit.head))
    undone = await credit.undoes(removal.id)
    assert undone.restored_for == FraudGround.FACTS_HIDDEN
    (row,) = await shown(public_database)
    assert (row.id, row.shown_until) == (listed.disclosure_id, date(2030, 12, 15))
    (again,) = await listing(credit, listed.id)
    assert (again.state, again.until, again.ended_at) == (ListingState.LISTED, date(2030, 12, 15), None)
    await refused(credit, problems.NothingGranted, credit.undoes(removal.id))
    await refused(credit, problems.RemovalTooEarly, credit.leaves(listed.id))
    credit.now += A_YEAR + timedelta(days=1)
    assert (await credit.leaves(listed.id)).granted is None
    assert await agrees(workers) == []


async def test_a_removal_is_refused_with_reasons_and_the_entry_stands(credit: Credit) -> None:
    listed = await credit.listed()
    credit.now += A_YEAR
    both = await credit.site.person(Role.LEAD, Role.AGENCY_HEAD)
    removal = await credit.leaves(listed.id, by=both, received=True)
    await refused(credit, problems.CreditTakesTwo, credit.decides_leaving(removal.id, by=both))
    refusal = await credit.decides_leaving(removal.id, grant=False, words="期间发生事故，不予移出")
    assert (refusal.granted, (await listing(credit, listed.id))[0].state) == (False, "LISTED")
    await refused(credit, problems.NotTheParty, credit.leaves(listed.id, by=credit.clerk))
    await credit.leaves(listed.id)


async def test_two_decisions_on_one_removal_at_once_are_one(credit: Credit) -> None:
    listed = await credit.listed()
    credit.now += A_YEAR
    removal = await credit.leaves(listed.id)
    acts = (credit.decides_leaving(removal.id), credit.decides_leaving(removal.id, by=credit.other_head, grant=False))
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Removal", "RemovalDecided"]
