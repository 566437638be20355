"""Tests of the explorer: only where it is opened, only files of its own, and a policy that lets nothing else in."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from api import explorer
from api.composing import bounds_of
from api.settings import Settings

pytestmark = pytest.mark.quick


async def got(path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app=Starlette(routes=explorer.explorer_routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://pithead.test") as client:
        return await client.get(path)


async def test_the_page_comes_whole_or_says_how_to_install_it() -> None:
    page = await got("/explorer")
    if not (explorer.GRAPHIQL / "graphiql.js").exists():
        assert (page.status_code, "make vendor" in page.text) == (503, True)
        return
    assert page.status_code == 200
    wanted = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert {(await got(path)).status_code for path in wanted} == {200}


async def test_nothing_of_another_host_and_nothing_inline_may_run() -> None:
    page = (explorer.WEB / "explorer.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script(?![^>]*\bsrc=)|\bon[a-z]+=", page)
    policy = (await got("/explorer")).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "package.json", "explorer.html", ""])
async def test_no_other_file_is_given_out(name: str) -> None:
    assert (await got(f"/explorer/{name}")).status_code in (404, 307)


def test_development_has_it_and_production_has_not_unless_it_is_set() -> None:
    assert bounds_of(Settings()).explorer
    assert not bounds_of(Settings(environment="production")).explorer
    assert bounds_of(Settings(environment="production", explorer=True)).explorer
    assert bounds_of(Settings(graphql_cost=500, graphql_depth=7)).limits.cost == 500
