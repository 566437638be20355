"""Tests of how the API listens: whose word it takes for the address of a caller."""

from typing import Any

import pytest

from api.serving import server_config
from api.settings import Settings

pytestmark = pytest.mark.quick


async def seen_from(settings: Settings) -> str:
    """The address that the application sees when a caller on this machine says that he is another."""
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    config = server_config(application, settings)
    config.load()
    headers = [(b"x-forwarded-for", b"203.0.113.9")]
    scope = {"type": "http", "client": ("127.0.0.1", 4711), "scheme": "http", "headers": headers}
    await config.loaded_app(scope, None, None)
    return seen[0]


async def test_nobody_chooses_the_address_that_his_guesses_are_counted_under(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert await seen_from(Settings()) == "127.0.0.1"
    assert await seen_from(Settings(proxies="192.0.2.1")) == "127.0.0.1"
    assert await seen_from(Settings(proxies="192.0.2.1,127.0.0.1")) == "203.0.113.9"
