"""Tests of what an address may be and of how long a failed attempt waits: pure."""

from datetime import timedelta
from typing import Any

import pytest

from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries import rules
from storage.alerts.deliveries.rules import Target
from storage.record.problems import BadInput

pytestmark = pytest.mark.quick


@pytest.mark.parametrize("url", [
    "http://example.cn/hook", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://192.168.1.1/a",
    "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest", "https://localhost/", "https://intranet/",
    "https://[64:ff9b::a00:8]/", "https://[2002:a00:8::1]/", "https://[::10.0.0.8]/", "https://[fec0::1]/",
    "https://[64:ff9b:1::1]/", "https://[fd00::1]/", "https://[ff02::1]/", "https://pithead.internal/",
    "https://user:word@example.cn/", "ftp://example.cn/", "https://0.0.0.0/",
    "https://[fe80::1]/", "https://224.0.0.1/", "https://example.cn:99999/", "https://2130706433/", "",
])  # fmt: skip
def test_a_webhook_into_the_own_network_is_refused(url: str) -> None:
    with pytest.raises(rules.AddressNotReachable):
        rules.must_be_a_target(Target(channel=Channel.WEBHOOK, target=url, secret="s" * 32))


def test_a_webhook_of_the_public_internet_is_kept() -> None:
    for url in (
        "https://example.cn/hook",
        "https://example.cn:8443/a?b=c",
        "https://1.1.1.1/",
        "https://[2606:4700::1]/",
        "https://[64:ff9b::101:101]/",
    ):
        rules.must_be_a_target(Target(channel=Channel.WEBHOOK, target=url, secret="s" * 32))


def wrong() -> list[dict[str, Any]]:
    return [
        {"channel": Channel.SMS, "target": "13800000000"}, {"channel": Channel.CALL, "target": "+86 138"},
        {"channel": Channel.EMAIL, "target": "a@b"}, {"channel": Channel.EMAIL, "target": "a@b.cn, c@d.cn"},
        {"channel": Channel.PUSH, "target": "token-token", "service": "OTHER"},
        {"channel": Channel.PUSH, "target": "https://push.example.com/a", "service": "WEB_PUSH", "secret": "s" * 32},
        {"channel": Channel.PAGE, "target": "x"},
        {"channel": Channel.SMS, "target": "+8613800000000\n"},
        {"channel": Channel.WEBHOOK, "target": "https://example.cn/", "secret": "short"},
    ]  # fmt: skip


@pytest.mark.parametrize("given", wrong())
def test_what_is_no_address_is_bad_input(given: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        rules.must_be_a_target(Target(**given))


def test_each_kind_of_address_is_kept_in_its_form() -> None:
    for given in (
        {"channel": Channel.SMS, "target": "+8613800000000"}, {"channel": Channel.CALL, "target": "+8685812345678"},
        {"channel": Channel.EMAIL, "target": "duty@example.cn"},
        {"channel": Channel.PUSH, "service": "HMS", "target": "IQAAAACy0kAAAB"},
        {"channel": Channel.PUSH, "service": "WEB_PUSH", "target": "https://push.example.com/a1b2",
         "secret": f"{'B' * 87}.{'a' * 22}"},
    ):  # fmt: skip
        rules.must_be_a_target(Target(**given))  # type: ignore[arg-type] # Of one kind each.


def test_a_failed_attempt_waits_longer_each_time_and_as_long_as_it_is_asked_to() -> None:
    waits = [rules.retry_after(attempt, None) for attempt in range(1, 6)]
    assert waits == [*(timedelta(seconds=one) for one in (1, 4, 15, 60)), None]
    assert rules.retry_after(1, timedelta(seconds=90)) == timedelta(seconds=90)
    assert rules.retry_after(1, timedelta(days=2)) == rules.LONGEST_WAIT
