"""Tests of the open pages: what they say of our health, and that no path brings them down."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from api.health import Health
from api.public.log import PublicPages
from storage.record.database import Database
from storage.record.ledger.keys import KeyFolder
from storage.record.objects import Objects


@pytest.fixture
async def pages(record: Database, objects: Objects, keys: KeyFolder) -> AsyncIterator[httpx.AsyncClient]:
    routes = PublicPages(record, keys.public, Health(record, objects)).routes()
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


@pytest.mark.parametrize("level", ["9" * 5000, "99", "6", "-1", "1_0", "٣", "", "0x1", "+1"])
async def test_a_level_that_is_none_is_not_found(pages: httpx.AsyncClient, level: str) -> None:
    assert (await pages.get(f"/log/tile/{level}/000")).status_code == 404
