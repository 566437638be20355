"""Tests of text messages and automatic calls: what the gateway is asked, and what its answers mean."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from uuid import UUID

import pytest

from notifications.channels import Sent
from notifications.channels.gateways import Gateway
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from tests.notifications.channels.papers import Papers
from tests.notifications.channels.services import Service, answer, silence, speaking

MESSAGE = Message(UUID(int=7), "有一条紧急警报。", urgent=True, drill=True)
PHONE = Target(channel=Channel.CALL, target="+8613800000000")
Kind = Literal["sms", "calls"]


@asynccontextmanager
async def gateway(papers: Papers, kind: Kind, *answers: Any) -> AsyncIterator[tuple[Gateway, Service]]:
    async with speaking(*answers) as service:
        made = Gateway(kind, url=service.url, token="a-token", trust=papers.trust())
        yield made, service
        await made.close()


async def test_a_text_message_is_handed_to_the_gateway_with_its_key(papers: Papers) -> None:
    async with gateway(papers, "sms", answer(202)) as (channel, service):
        assert await channel.send(MESSAGE, PHONE) == Sent(DeliveryOutcome.ACCEPTED, "202")
        await channel.send(MESSAGE, PHONE)
    first, again = service.heard
    assert (first.path, first.json) == ("/sms", again.json)
    assert first.json == {
        "key": str(MESSAGE.key), "to": "+8613800000000", "text": MESSAGE.text, "urgent": True, "drill": True,
    }  # fmt: skip
    assert first.headers["authorization"] == "Bearer a-token"
    assert first.headers["idempotency-key"] == again.headers["idempotency-key"] == str(MESSAGE.key)


async def test_a_call_says_which_key_takes_the_alert(papers: Papers) -> None:
    async with gateway(papers, "calls", answer(200)) as (channel, service):
        await channel.send(MESSAGE, PHONE)
    (heard,) = service.heard
    assert (heard.path, heard.json["digit"], heard.json["text"]) == ("/calls", "1", "有一条紧急警报。请按1键接警。")


@pytest.mark.parametrize("kind", ["sms", "calls"])
@pytest.mark.parametrize(("said", "outcome"), [
    (answer(429, retry_after="3"), DeliveryOutcome.BUSY), (answer(502), DeliveryOutcome.BUSY),
    (answer(410), DeliveryOutcome.GONE), (answer(404), DeliveryOutcome.REFUSED), (answer(401), DeliveryOutcome.REFUSED),
    (answer(302, location="http://127.0.0.1:1/"), DeliveryOutcome.REFUSED), (b"HTTP/1.1 2", DeliveryOutcome.BUSY),
    (b"nonsense\r\n\r\n", DeliveryOutcome.BUSY), (b"", DeliveryOutcome.BUSY),
])  # fmt: skip
async def test_each_answer_means_what_it_says(
    papers: Papers, kind: Kind, said: bytes, outcome: DeliveryOutcome
) -> None:
    async with gateway(papers, kind, said) as (channel, _):
        sent = await channel.send(MESSAGE, PHONE)
    assert sent.outcome is outcome
    assert "a-token" not in repr(sent)


async def test_a_gateway_that_is_not_there_is_tried_again_and_a_silent_one_is_cut_off(papers: Papers) -> None:
    async with gateway(papers, "sms", silence) as (channel, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await channel.send(MESSAGE, PHONE)
    away = Gateway("sms", url="http://127.0.0.1:1", token="a-token", trust=papers.trust())
    assert (await away.send(MESSAGE, PHONE)).outcome is DeliveryOutcome.BUSY
    await away.close()


async def test_a_gateway_of_another_authority_is_not_told(papers: Papers, tmp_path: Any) -> None:
    async with speaking(answer(200), tls=papers.server("other.example.cn")) as service:
        channel = Gateway("sms", url=f"https://127.0.0.1:{service.port}", token="a-token", trust=papers.trust())
        assert await channel.send(MESSAGE, PHONE) == Sent(DeliveryOutcome.REFUSED, "TLS")
        await channel.close()
    assert service.heard == []
