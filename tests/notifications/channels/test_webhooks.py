"""Tests of webhooks: what is posted, to which numbers alone, and what each fault of the other side means."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest

from notifications.channels import Sent, posting
from notifications.channels.outward import Outward, numbers_of
from notifications.channels.webhooks import Webhooks
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target, is_public
from storage.alerts.deliveries.tables import DeliveryOutcome
from tests.notifications.channels.papers import Papers, make_papers
from tests.notifications.channels.services import Service, answer, dripping, endless, silence, speaking

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MESSAGE = Message(UUID(int=7), "有一条紧急警报", urgent=True, drill=False)
SECRET = "a secret of thirty-two characters"
NAME = "hooks.example.cn"
ACCEPTED, BUSY, REFUSED = DeliveryOutcome.ACCEPTED, DeliveryOutcome.BUSY, DeliveryOutcome.REFUSED


@asynccontextmanager
async def webhooks(papers: Papers, *numbers: str, public: bool = True) -> AsyncIterator[Webhooks]:
    """Webhooks in a world where every name has these numbers; unless `public`, loopback is what it is."""

    async def resolve(_: str, __: int) -> Sequence[str]:
        return numbers or ("127.0.0.1",)

    allowed = (lambda number: number.is_loopback) if public else is_public
    outward = Outward(trust=papers.trust(), resolve=resolve, allowed=allowed)
    yield Webhooks(outward, clock=lambda: NOW)
    await outward.close()


def target(service: Service, name: str = NAME, path: str = "/hook?of=me") -> Target:
    return Target(channel=Channel.WEBHOOK, target=f"https://{name}:{service.port}{path}", secret=SECRET)


async def posted(papers: Papers, *answers: Any) -> tuple[Sent, Service]:
    async with speaking(*answers, tls=papers.server(NAME)) as service, webhooks(papers) as channel:
        return await channel.send(MESSAGE, target(service)), service


async def test_a_webhook_gets_the_message_signed_under_its_own_name(papers: Papers) -> None:
    sent, service = await posted(papers, answer(204))
    (heard,) = service.heard
    assert (sent, heard.path) == (Sent(ACCEPTED, "204"), "/hook?of=me")
    assert heard.json == {"key": str(MESSAGE.key), "text": MESSAGE.text, "urgent": True, "drill": False}
    assert heard.headers["host"] == f"{NAME}:{service.port}"
    assert heard.headers["idempotency-key"] == str(MESSAGE.key)
    seconds = str(int(NOW.timestamp()))
    code = hmac.new(SECRET.encode(), seconds.encode() + b"." + heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["pithead-signature"] == f"t={seconds},v1={code}"


@pytest.mark.parametrize(("said", "outcome", "seconds"), [
    (answer(200), ACCEPTED, None), (answer(429, retry_after="7"), BUSY, 7), (answer(503, retry_after="x"), BUSY, None),
    (answer(500), BUSY, None), (answer(410), DeliveryOutcome.GONE, None), (answer(404), REFUSED, None),
    (answer(401, retry_after="7"), REFUSED, None), (answer(408), BUSY, None),
])  # fmt: skip
async def test_each_status_means_what_it_says(
    papers: Papers, said: bytes, outcome: DeliveryOutcome, seconds: int | None
) -> None:
    sent, _ = await posted(papers, said)
    assert sent.outcome is outcome
    assert sent.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_a_date_says_as_well_how_long_to_wait(papers: Papers) -> None:
    at = datetime.now(UTC) + timedelta(seconds=100)
    sent, _ = await posted(papers, answer(429, retry_after=format_datetime(at, usegmt=True)))
    assert sent.retry_after is not None
    assert timedelta(seconds=50) < sent.retry_after <= timedelta(seconds=100)


@pytest.mark.parametrize("said", [b"HTTP/1.1 2", b"\x00\x01 nonsense\r\n\r\n", b"220 mail.example.cn\r\n\r\n", b""])
async def test_half_an_answer_and_nonsense_are_tried_again(papers: Papers, said: bytes) -> None:
    sent, _ = await posted(papers, said)
    assert sent.outcome is BUSY


async def test_a_status_counts_although_its_body_breaks_off(papers: Papers) -> None:
    sent, _ = await posted(papers, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf")
    assert sent.outcome is ACCEPTED


async def test_a_body_without_end_and_one_that_drips_hold_up_nobody(
    papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "BODY_SECONDS", 0.1)
    for said in (endless, dripping):
        sent, _ = await posted(papers, said)
        assert sent.outcome is ACCEPTED


async def test_nobody_is_followed_elsewhere(papers: Papers) -> None:
    async with speaking(answer(200)) as elsewhere:
        sent, _ = await posted(papers, answer(307, location=f"{elsewhere.url}/"))
    assert (sent.outcome, elsewhere.heard) == (REFUSED, [])


async def test_silence_is_cut_off_by_whoever_sends(papers: Papers) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await posted(papers, silence)


async def test_hooks_that_hang_hold_up_no_other(papers: Papers) -> None:
    """Anybody may name a service that takes everything and says nothing."""
    everybody = asyncio.Barrier(121)

    async def hang(writer: asyncio.StreamWriter) -> None:
        await everybody.wait()
        await silence(writer)

    tls = papers.server(NAME)
    async with speaking(hang, tls=tls) as hung, speaking(answer(200), tls=tls) as service, webhooks(papers) as channel:
        waiting = [asyncio.create_task(channel.send(MESSAGE, target(hung))) for _ in range(120)]
        await everybody.wait()
        async with asyncio.timeout(5):
            assert (await channel.send(MESSAGE, target(service))).outcome is ACCEPTED
        for one in waiting:
            one.cancel()
        await asyncio.wait(waiting)


async def test_a_refused_line_is_tried_again_at_the_next_number(papers: Papers) -> None:
    async with speaking(answer(200), tls=papers.server(NAME)) as service:
        async with webhooks(papers, "127.0.0.2", "127.0.0.1") as channel:
            assert (await channel.send(MESSAGE, target(service))).outcome is ACCEPTED
        async with webhooks(papers, "127.0.0.2") as channel:
            assert (await channel.send(MESSAGE, target(service))).outcome is BUSY


async def test_a_certificate_of_another_name_or_authority_is_refused(papers: Papers, tmp_path: Any) -> None:
    strangers = (papers.server("other.example.cn"), papers.server("127.0.0.1"), make_papers(tmp_path).server(NAME))
    for stranger in strangers:
        async with speaking(answer(200), tls=stranger) as service, webhooks(papers) as channel:
            assert await channel.send(MESSAGE, target(service)) == Sent(REFUSED, "TLS")
            assert service.heard == []


async def test_two_names_at_one_number_never_share_a_line(papers: Papers) -> None:
    """Lines are kept by number and port: over the line of one name the other's message would go to a stranger."""
    async with speaking(answer(200), tls=papers.server(NAME)) as service, webhooks(papers) as channel:
        assert (await channel.send(MESSAGE, target(service))).outcome is ACCEPTED
        other = target(service, "other.example.cn")
        assert await channel.send(MESSAGE, other) == Sent(REFUSED, "TLS")
        assert len(service.heard) == 1


@pytest.mark.parametrize("numbers", [
    ("127.0.0.1",), ("10.0.0.8",), ("169.254.169.254",), ("224.0.0.1",), ("::1",), ("fe80::1",), ("::ffff:127.0.0.1",),
    ("1.1.1.1", "127.0.0.1"), ("0.0.0.1",), ("64:ff9b::7f00:1",),
])  # fmt: skip
async def test_a_name_that_leads_inside_is_refused_and_nobody_is_called(papers: Papers, numbers: tuple[str]) -> None:
    world = webhooks(papers, *numbers, public=False)
    async with speaking(answer(200), tls=papers.server(NAME)) as service, world as channel:
        assert await channel.send(MESSAGE, target(service)) == Sent(REFUSED, "not public")
    assert service.lines == 0


async def test_the_name_is_asked_once_and_the_number_that_was_looked_at_is_called(papers: Papers) -> None:
    """A name that says something else the second time leads nowhere."""
    asked: list[str] = []

    async def resolve(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("127.0.0.9",)

    outward = Outward(trust=papers.trust(), resolve=resolve, allowed=lambda number: number == ip_address("127.0.0.1"))
    async with speaking(answer(200), tls=papers.server(NAME)) as service:
        sent = await Webhooks(outward, clock=lambda: NOW).send(MESSAGE, target(service))
    await outward.close()
    assert (sent.outcome, asked, len(service.heard)) == (ACCEPTED, [NAME], 1)


@pytest.mark.parametrize(
    "url", ["http://hooks.example.cn/", "https://", "https://hooks.example.cn:x/", "file:///etc/x"]
)
async def test_what_is_no_https_address_is_refused(papers: Papers, url: str) -> None:
    async with webhooks(papers) as channel:
        sent = await channel.send(MESSAGE, Target(channel=Channel.WEBHOOK, target=url, secret=SECRET))
    assert sent.outcome is REFUSED


async def test_no_password_of_an_address_is_sent(papers: Papers) -> None:
    async with speaking(answer(200), tls=papers.server(NAME)) as service, webhooks(papers) as channel:
        url = f"https://user:word@{NAME}:{service.port}/"
        await channel.send(MESSAGE, Target(channel=Channel.WEBHOOK, target=url, secret=SECRET))
    assert "authorization" not in service.heard[0].headers


async def test_a_name_that_nobody_knows_is_tried_again(papers: Papers) -> None:
    async def resolve(_: str, __: int) -> Sequence[str]:
        raise OSError

    outward = Outward(trust=papers.trust(), resolve=resolve)
    named = Target(channel=Channel.WEBHOOK, target=f"https://{NAME}/", secret=SECRET)
    sent = await Webhooks(outward, clock=lambda: NOW).send(MESSAGE, named)
    await outward.close()
    assert sent == Sent(BUSY, "no such name")
    assert await numbers_of("127.0.0.1", 443) == ["127.0.0.1"]
