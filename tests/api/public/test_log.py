"""Tests of the open pages: what they say of our health, and that no path brings them down."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from api.health import Health
from api.public.log import PublicPages
from storage.promises.commitments.signing import Given
from storage.promises.keys.tables import SigningWay
from storage.record.database import Database
from storage.record.ledger import checkpoints, sequencer
from storage.record.ledger.keys import KeyFolder
from storage.record.ledger.proofs.commitments import bundles
from storage.record.ledger.proofs.verdicts import Status
from storage.record.objects import Objects
from tests.factories.signing import signing_of
from tests.factories.templates import promises_of
from tests.sites import Site


@pytest.fixture
async def pages(record: Database, objects: Objects, keys: KeyFolder) -> AsyncIterator[httpx.AsyncClient]:
    routes = PublicPages(record, keys.public, Health(record, objects), objects).routes()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://t"
    ) as client:
        yield client


async def test_what_stands_on_healthy_servers_is_ready(pages: httpx.AsyncClient) -> None:
    answer = await pages.get("/readyz")
    assert {name: part["well"] for name, part in answer.json()["parts"].items()} == {
        "database": True, "keeping": True, "queue": True, "store": True,
    }  # fmt: skip
    assert answer.status_code == 200


async def test_many_who_ask_at_once_are_answered_by_one_look(record: Database, objects: Objects) -> None:
    health = Health(record, objects)
    looks = await asyncio.gather(*(health.look() for _ in range(30)))
    assert all(look is looks[0] for look in looks)
    assert await health.look() is looks[0]
    health._fresh_until = 0.0
    assert await health.look() is not looks[0]


@pytest.mark.parametrize("id", ["9b1e7c52-0f7d-4f10-8a55-6c1b0d8f4f11", "x", ""])
async def test_a_commitment_that_nobody_signed_is_not_found(pages: httpx.AsyncClient, id: str) -> None:
    assert (await pages.get(f"/log/commitments/{id}")).status_code == 404


async def test_a_bundle_is_made_while_no_session_is_held_and_verifies(
    site: Site, objects: Objects, workers: Database, keys: KeyFolder
) -> None:
    desk = await signing_of(await promises_of(site), objects)
    signed = await desk.signs(await desk.lays(), Given(way=SigningWay.INK, scan=bytes(32)))
    while await sequencer.sequence(workers):
        pass
    soon = datetime.now(UTC) + timedelta(minutes=1)  # By the store's clock, which no test sets.
    await checkpoints.show_head(workers, objects, keys, now=desk.promises.now, keep_until=soon)
    held: list[int] = []

    def told() -> Mapping[str, Any]:  # Asked when the bundle is made, as the store is.
        held.append(site.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return keys.public()

    routes = PublicPages(site.database, told, Health(site.database, objects), objects).routes()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://t"
    ) as client:
        answer = await client.get(f"/log/commitments/{signed.id}")
    assert bundles.verify_bundle(answer.content, keys.public()).status is Status.VERIFIED
    assert held == [0]


@pytest.mark.parametrize("level", ["9" * 5000, "99", "6", "-1", "1_0", "٣", "", "0x1", "+1"])
async def test_a_level_that_is_none_is_not_found(pages: httpx.AsyncClient, level: str) -> None:
    assert (await pages.get(f"/log/tile/{level}/000")).status_code == 404
