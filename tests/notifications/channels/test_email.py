"""Tests of e-mail: what is sent, never in the clear, and what each answer of the server means."""

import asyncio
import email.policy
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.parser import BytesParser
from typing import Any
from uuid import UUID

import pytest

from notifications.channels import Sent
from notifications.channels.email import AT_ONCE, Email
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from tests.notifications.channels.mail import CUT, DRIP, HANG, MailServer, mail_server
from tests.notifications.channels.papers import Papers

MESSAGE = Message(UUID(int=7), "有一条紧急警报，请立即打开井口接警。", urgent=True, drill=False)
TARGET = Target(channel=Channel.EMAIL, target="duty@example.cn")
ACCEPTED, BUSY, REFUSED, GONE = (
    DeliveryOutcome.ACCEPTED, DeliveryOutcome.BUSY, DeliveryOutcome.REFUSED, DeliveryOutcome.GONE,
)  # fmt: skip


@asynccontextmanager
async def mail(
    papers: Papers, *, name: str = "127.0.0.1", tls: bool = True, **says: str
) -> AsyncIterator[tuple[Email, MailServer]]:
    async with mail_server(papers.server(name) if tls else None, **says) as server:
        channel = Email(
            host="127.0.0.1", port=server.port, sender="pithead@example.cn", user="us", password="a-password",
            trust=papers.trust(),
        )  # fmt: skip
        yield channel, server
        await channel.close()


async def test_a_mail_is_handed_over_encrypted_and_known_as_a_repeat(papers: Papers) -> None:
    async with mail(papers) as (channel, server):
        for _ in range(2):
            assert await channel.send(MESSAGE, TARGET) == Sent(ACCEPTED, "250")
    assert server.encrypted
    assert server.logins == [b"\0us\0a-password"] * 2
    first, again = (BytesParser(policy=email.policy.default).parsebytes(one[:-5]) for one in server.mails)
    assert (first["subject"], first["to"], first["from"]) == (MESSAGE.text, "duty@example.cn", "pithead@example.cn")
    assert first["message-id"] == again["message-id"] == f"<{MESSAGE.key}@example.cn>"
    assert (first["auto-submitted"], first["importance"]) == ("auto-generated", "high")
    assert first.get_content().strip() == MESSAGE.text


@pytest.mark.parametrize(("step", "said", "outcome"), [
    ("RCPT", "450 4.2.1 busy", BUSY), ("RCPT", "550 5.1.1 no such user", GONE), ("RCPT", "550 5.7.1 policy", REFUSED),
    ("RCPT", "550 no", REFUSED), ("RCPT", "550 5.1.10 null MX", GONE), ("RCPT", "550 5.1.11 other", REFUSED),
    ("MAIL", "550 5.1.1 you", REFUSED), ("MAIL", "451 4.3.0 later", BUSY), ("DATA", "554 5.3.4 too big", REFUSED),
    ("body", "550 5.1.1 hm", REFUSED), ("body", "452 4.3.1 full", BUSY), ("AUTH", "535 5.7.8 wrong", REFUSED),
    ("greeting", "421 4.3.2 closing", BUSY), ("greeting", "554 no", REFUSED), ("STARTTLS", "454 4.7.0 later", BUSY),
    ("greeting", "HTTP/1.1 200 OK", BUSY), ("greeting", CUT, BUSY), ("EHLO", CUT, BUSY), ("STARTTLS", CUT, BUSY),
    ("RCPT", CUT, BUSY), ("body", CUT, BUSY), ("QUIT", CUT, ACCEPTED), ("QUIT", "500 what", ACCEPTED),
    ("greeting", "2" * 10_000, REFUSED),
])  # fmt: skip
async def test_each_answer_means_what_it_says(papers: Papers, step: str, said: str, outcome: DeliveryOutcome) -> None:
    answers: dict[str, Any] = {step: said}
    async with mail(papers, **answers) as (channel, _):
        sent = await channel.send(MESSAGE, TARGET)
    assert sent.outcome is outcome
    assert "a-password" not in repr(sent)


async def test_nothing_is_said_in_the_clear(papers: Papers) -> None:
    async with mail(papers, tls=False) as (channel, server):
        assert await channel.send(MESSAGE, TARGET) == Sent(REFUSED, "not supported")
    assert set(server.commands) <= {"EHLO", "QUIT"}


async def test_a_server_of_another_name_gets_neither_password_nor_mail(papers: Papers) -> None:
    async with mail(papers, name="other.example.cn") as (channel, server):
        assert await channel.send(MESSAGE, TARGET) == Sent(REFUSED, "TLS")
    assert (server.logins, server.mails) == ([], [])


async def test_a_server_that_is_not_there_is_tried_again(papers: Papers) -> None:
    channel = Email(host="127.0.0.1", port=1, sender="pithead@example.cn", trust=papers.trust())
    assert (await channel.send(MESSAGE, TARGET)).outcome is BUSY
    await channel.close()


@pytest.mark.parametrize(("step", "said"), [("greeting", HANG), ("greeting", DRIP), ("RCPT", HANG), ("RCPT", DRIP)])
async def test_a_slow_server_holds_no_thread(papers: Papers, step: str, said: str) -> None:
    """Cut off by the deadline, the line ends: each thread is free for another mail at once."""
    answers: dict[str, Any] = {step: said}
    async with mail(papers, **answers) as (channel, server):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.gather(*(channel.send(MESSAGE, TARGET) for _ in range(AT_ONCE)))
        together, loop = threading.Barrier(AT_ONCE, timeout=5), asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(channel._threads, together.wait) for _ in range(AT_ONCE)))
    assert server.mails == []
