"""Tests of lost report keys in GraphQL: who reads which shares, and that nobody else does."""

import secrets
from typing import Any

import pytest

from storage.miners.reports import keeping
from storage.record.actor import Actor, Role
from storage.record.database import Database
from tests.factories.reports import Desk, desk_of
from tests.graphql_schema.asking import ask, codes
from tests.sites import Site

TO_REWRAP = "{ keySharesToRewrap { id keyId number wrapped accountId newKeyId newPublicKey } }"
RECOVERED = "{ keyRecoveries { id keyId publicKey number wrapped } }"
CUSTODIANS = "query ($county: String) { custodianKeys(county: $county) { keyId accountId role } }"


@pytest.fixture
async def desk(site: Site, workers: Database) -> Desk:
    return await desk_of(site, workers)


async def asks(desk: Desk, actor: Actor, text: str, **variables: Any) -> list[dict[str, Any]]:
    (told,) = (await ask(desk.site.database, actor, text, **variables)).values()
    return list(told)


async def test_a_share_is_read_by_its_custodian_until_he_gave_it_back_and_then_by_its_owner(desk: Desk) -> None:
    lost, holder = desk.keys[desk.intake.account_id], desk.custodians[0]
    assert await asks(desk, holder, TO_REWRAP) == []
    new = await desk.keeps_key(desk.intake)
    (share,) = await asks(desk, holder, TO_REWRAP)
    assert (share["keyId"], share["newKeyId"], share["number"]) == (lost.hex, new.hex, 1)
    assert share["accountId"] == str(desk.intake.account_id)
    assert await asks(desk, desk.intake, RECOVERED) == []
    wrapped = secrets.token_bytes(keeping.SHARE_SIZE)
    await desk.acts(holder, keeping.rewrap_share, key_id=lost, number=1, new_key_id=new, wrapped=wrapped)
    assert await asks(desk, holder, TO_REWRAP) == []
    (back,) = await asks(desk, desk.intake, RECOVERED)
    assert (back["keyId"], back["number"]) == (lost.hex, 1)
    for other in (desk.verification, desk.custodians[1]):
        assert await asks(desk, other, RECOVERED) == []


async def test_nobody_but_a_custodian_reads_shares(desk: Desk) -> None:
    await desk.keeps_key(desk.intake)
    inspector = await desk.site.person(Role.INSPECTOR)
    for actor in (desk.intake, desk.verification, inspector):
        assert await codes(desk.site.database, actor, TO_REWRAP) == {"NOT_ALLOWED"}
    assert await codes(desk.site.database, inspector, RECOVERED) == {"NOT_ALLOWED"}


async def test_an_officer_finds_custodians_of_the_city_above_him(desk: Desk) -> None:
    above = await desk.site.person(Role.REPORT_CUSTODIAN, county="5202")
    await desk.keeps_key(above, shares=False)
    found = {one["accountId"] for one in await asks(desk, desk.intake, CUSTODIANS, county="520281")}
    assert str(above.account_id) in found
