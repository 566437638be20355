"""Tests of the ways that an operator sets up: which channels come of them, and that no secret shows."""

import json
import logging
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from api import logs
from api.settings import Settings, SettingsAreWrong, read_settings
from api.ways import Mail, open_channels, ways_of
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target
from tests.notifications.channels.papers import pem_of
from tests.notifications.channels.services import answer, speaking

WEBHOOK = (Channel.WEBHOOK, "")


def set_to(monkeypatch: pytest.MonkeyPatch, **values: object) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"PITHEAD_{name}", str(value))
    return read_settings()


def account(folder: Path, **more: str) -> Path:
    told = {"project_id": "p", "token_uri": "https://tokens.example.cn/", "private_key": "PEM-SECRET", **more}
    path = folder / f"{len(more)}-{next(iter(more), '')}.json"
    path.write_text(json.dumps(told))
    return path


async def test_without_settings_webhooks_are_the_only_way(monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_channels(ways_of(set_to(monkeypatch))) as channels:
        assert set(channels) == {WEBHOOK}


async def test_whatever_is_set_up_is_a_channel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(pem_of(ec.generate_private_key(ec.SECP256R1())))
    settings = set_to(
        monkeypatch, GATEWAY_URL="http://10.0.0.8/tell/", GATEWAY_TOKEN="TOKEN-SECRET", APNS_KEY=key, APNS_KEY_ID="K",
        APNS_TEAM_ID="T", APNS_TOPIC="cn.example", HMS_ACCOUNT=account(tmp_path, sub_account="s", key_id="k"),
        FCM_ACCOUNT=account(tmp_path, client_email="s", private_key_id="k", x=""), WEB_PUSH_KEY=key,
        WEB_PUSH_CONTACT="mailto:duty@example.cn", SMTP_HOST="mail.example.cn", SMTP_FROM="pithead@example.cn",
        SMTP_USER="us", SMTP_PASSWORD="MAIL-SECRET",
    )  # fmt: skip
    ways = ways_of(settings)
    assert ways.gateway_url == "http://10.0.0.8/tell"
    assert ways.mail == Mail("mail.example.cn", 587, "pithead@example.cn", "us", "MAIL-SECRET")
    assert "SECRET" not in f"{ways!r}{settings.told()}{settings!r}"
    assert "PRIVATE" not in repr(ways)
    async with open_channels(ways) as channels:
        push = {(Channel.PUSH, service) for service in ("APNS", "HMS", "FCM", "WEB_PUSH")}
        assert set(channels) == {WEBHOOK, (Channel.SMS, ""), (Channel.CALL, ""), (Channel.EMAIL, ""), *push}
        assert all(channel.deadline < 45 for channel in channels.values()), "a lease outlives each call"


@pytest.mark.parametrize(("values", "named"), [
    ({"GATEWAY_URL": "http://10.0.0.8"}, "GATEWAY_TOKEN"), ({"APNS_KEY_ID": "K"}, "APNS_TOPIC"),
    ({"WEB_PUSH_CONTACT": "mailto:a@b.cn"}, "WEB_PUSH_KEY"), ({"SMTP_HOST": "mail"}, "SMTP_FROM"),
    ({"SMTP_USER": "us"}, "SMTP_PASSWORD"), ({"GATEWAY_SECRET": "short"}, "GATEWAY_SECRET"),
    ({"SMTP_FROM": "a@b.cn\r\nBcc: x@y.cn", "SMTP_HOST": "mail"}, "SMTP_FROM"), ({"FCM_URL": "ftp://x"}, "FCM_URL"),
    ({"GATEWAY_URL": "http://us:SECRET@10.0.0.8", "GATEWAY_TOKEN": "x"}, "GATEWAY_URL"),
])  # fmt: skip
def test_half_a_way_is_named(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsAreWrong, match=f"PITHEAD_{named}"):
        set_to(monkeypatch, **values)


def test_a_file_that_is_missing_or_is_no_account_is_named_without_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for path in (tmp_path / "none.json", account(tmp_path)):
        with pytest.raises(SettingsAreWrong, match="PITHEAD_HMS_ACCOUNT") as found:
            ways_of(set_to(monkeypatch, HMS_ACCOUNT=path))
        assert "SECRET" not in str(found.value)


async def test_neither_an_address_nor_a_secret_is_logged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The clients' own lines hold whole addresses, and for Apple the phone's token is part of one."""
    root, stream = logging.getLogger(), StringIO()
    before, level = root.handlers[:], root.level
    logs.begin("telling", as_json=True, stream=stream)
    try:
        async with speaking(answer(200), answer(500), b"HTTP/1.1 2") as service:
            settings = set_to(monkeypatch, GATEWAY_URL=service.url, GATEWAY_TOKEN="TOKEN-SECRET")
            async with open_channels(ways_of(settings)) as channels:
                for _ in range(3):
                    target = Target(channel=Channel.SMS, target="+8613800000000")
                    await channels[Channel.SMS, ""].send(Message(uuid4(), "SAID", urgent=True, drill=False), target)
        logging.getLogger("pithead.telling").info("one line of ours")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    told = stream.getvalue()
    assert "one line of ours" in told
    assert not any(one in told for one in ("TOKEN-SECRET", "13800000000", "SAID", service.url))
