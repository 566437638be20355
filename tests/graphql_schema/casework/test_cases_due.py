"""Tests of what findings ask of cases, in GraphQL."""

from datetime import timedelta

from storage.record.actor import Role
from tests.factories.casework import make_check
from tests.graphql_schema.asking import ask, codes
from tests.sites import NOW, Site

DUE = "{ closuresDue { uuid kind } }"


async def test_the_closures_that_are_to_be_proposed_are_listed_for_the_agency_alone(site: Site) -> None:
    check = await make_check(site)
    await check.finds(kind="GAS_OVER_LIMIT", producing=True, seen_at=NOW - timedelta(days=60))
    second = await check.finds(kind="GAS_OVER_LIMIT", producing=True)
    assert (await ask(site.database, check.lead, DUE))["closuresDue"] == [
        {"uuid": str(second.id), "kind": "GAS_OVER_LIMIT"}
    ]
    clerk = await site.person(Role.MINE_CLERK)
    assert await codes(site.database, clerk, DUE) == {"NOT_ALLOWED"}
