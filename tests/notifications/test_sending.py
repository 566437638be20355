"""Tests of sending: what is handed to which channel, repeated with one key, given up, or needless meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from notifications.channels import Sent
from notifications.messages import Message
from notifications.sending import Sender
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries import operations
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform
from tests.factories.alerts import MINUTE, Watch, watch_of
from tests.sites import Site

PHONE = Target(channel=Channel.SMS, target="+8613800000000")


@dataclass
class Outside:
    """A service of the outside world that answers as it is told, and remembers what it was handed."""

    answers: Callable[[int], Sent] = lambda _: Sent(DeliveryOutcome.ACCEPTED)
    deadline: float = 1.0
    heard: list[tuple[Message, Target]] = field(default_factory=list)

    async def send(self, message: Message, target: Target) -> Sent:
        self.heard.append((message, target))
        return self.answers(len(self.heard))


@dataclass
class Post:
    """A watch whose first officer has a telephone number, and a sender with a service behind it."""

    watch: Watch
    outside: Outside
    now: datetime

    async def sends(self, *, after: timedelta = timedelta(0)) -> None:
        self.now = self.watch.began + after
        await Sender(self.watch.workers, {(Channel.SMS, ""): self.outside}, lambda: self.now).turn()

    async def log(self, channel: str = "SMS") -> list[str]:
        rows = await self.watch.site.rows.fetch(
            "SELECT d.outcome FROM deliveries d JOIN sends s ON s.id = d.send_id"
            " WHERE s.account_id = $1 AND s.channel = $2 ORDER BY d.attempt",
            self.watch.first.account_id, channel,
        )  # fmt: skip
        return [row["outcome"] for row in rows]

    async def state(self, channel: str = "SMS") -> str:
        found: str = await self.watch.site.rows.fetchval(
            "SELECT state FROM sends WHERE account_id = $1 AND channel = $2 ORDER BY round LIMIT 1",
            self.watch.first.account_id, channel,
        )  # fmt: skip
        return found


@pytest.fixture
async def post(site: Site, workers: Database) -> Post:
    watch = await watch_of(site, workers)
    await watch.acts(watch.first, operations.keep_address, id=uuid4(), target=PHONE)
    await watch.alarms()
    await watch.climbs()  # His page is silent: he is called and texted at once.
    return Post(watch, Outside(), watch.began)


async def test_each_attempt_is_kept_and_a_send_that_was_accepted_is_settled(post: Post) -> None:
    await post.sends()
    await post.sends(after=MINUTE)
    assert await post.log() == ["ACCEPTED"]
    assert await post.state() == "HANDED_ON"
    assert len(post.outside.heard) == 1


async def test_what_travels_says_nothing_of_what_happened(post: Post) -> None:
    await post.sends()
    (message, target), *_ = post.outside.heard
    assert target == PHONE
    assert message.text == "有一条紧急警报，请立即打开井口接警。"
    mine = await post.watch.site.rows.fetchval("SELECT name FROM mines WHERE id = $1", post.watch.site.mine)
    assert mine not in message.text


async def test_a_busy_service_is_tried_again_with_the_same_key_until_it_is_given_up(post: Post) -> None:
    post.outside.answers = lambda _: Sent(DeliveryOutcome.BUSY, "503")
    for seconds in (0, 1, 2, 5, 20, 80, 600):
        await post.sends(after=timedelta(seconds=seconds))
    assert await post.log() == ["BUSY"] * 5
    assert await post.state() == "FAILED"
    assert len({message.key for message, _ in post.outside.heard}) == 1


async def test_a_service_is_left_alone_as_long_as_it_asks(post: Post) -> None:
    post.outside.answers = lambda call: (
        Sent(DeliveryOutcome.BUSY, "429", timedelta(seconds=30)) if call == 1 else Sent(DeliveryOutcome.ACCEPTED)
    )
    for seconds in (0, 5, 29):
        await post.sends(after=timedelta(seconds=seconds))
    assert len(post.outside.heard) == 1
    await post.sends(after=timedelta(seconds=30))
    assert await post.log() == ["BUSY", "ACCEPTED"]


async def test_an_address_that_is_gone_is_closed_and_said(post: Post) -> None:
    post.outside.answers = lambda _: Sent(DeliveryOutcome.GONE, "unregistered")
    await post.sends()
    assert await post.state() == "FAILED"
    assert await post.watch.site.rows.fetchval("SELECT closed_for FROM addresses") == "GONE"
    assert (await post.watch.site.entries())[-1] == "address.closed"


async def test_a_service_that_hangs_or_raises_holds_up_nobody(post: Post) -> None:
    class Hanging(Outside):
        async def send(self, message: Message, target: Target) -> Sent:
            self.heard.append((message, target))
            if len(self.heard) == 1:
                await asyncio.sleep(30)
            raise OSError("line cut")

    post.outside = Hanging(deadline=0.05)
    await post.sends()
    await post.sends(after=timedelta(seconds=2))
    assert await post.log() == ["SILENT", "BUSY"]


async def test_what_somebody_took_meanwhile_is_not_sent(post: Post) -> None:
    await post.watch.takes(post.watch.second)
    await post.sends()
    assert post.outside.heard == []
    assert await post.state() == "NEEDLESS"


async def test_a_worker_that_dies_behind_the_call_sends_again_with_the_same_key(post: Post) -> None:
    """The row was not written: the lease ends, and another worker repeats the send as the same one."""
    taken = await perform(post.watch.workers, keeper(), post.watch.began, operations.take_sends)
    held = next(one.id for one in taken if (one.channel, one.account_id) == (Channel.SMS, post.watch.first.account_id))
    await post.sends(after=timedelta(seconds=44))
    assert post.outside.heard == []
    await post.sends(after=timedelta(seconds=46))
    assert [message.key for message, _ in post.outside.heard] == [held]


async def test_two_workers_share_the_sends(post: Post) -> None:
    now = post.watch.began
    both = [Sender(post.watch.workers, {(Channel.SMS, ""): post.outside}, lambda: now) for _ in range(2)]
    await asyncio.gather(*(one.turn() for one in both))
    assert await post.log() == ["ACCEPTED"]
    assert len(post.outside.heard) == 1


async def test_a_page_is_told_if_it_is_awake_and_the_log_says_when_it_was_not(post: Post) -> None:
    await post.sends()
    assert await post.log("PAGE") == ["SILENT"]
    await post.watch.wakes(post.watch.first, after=timedelta(seconds=2))
    await post.sends(after=timedelta(seconds=2))
    assert await post.log("PAGE") == ["SILENT", "ACCEPTED"]


async def test_who_has_no_address_and_what_has_no_channel_stand_in_the_log(post: Post) -> None:
    await post.sends()
    assert await post.log("CALL") == ["NO_ADDRESS"]
    target = Target(channel=Channel.PUSH, service="HMS", target="token-of-a-phone")
    await post.watch.acts(post.watch.principal, operations.keep_address, id=uuid4(), target=target)
    rows = await post.watch.site.rows.fetch(
        "SELECT d.outcome FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE s.account_id = $1",
        post.watch.principal.account_id,
    )
    assert {row["outcome"] for row in rows} == {"NO_ADDRESS", "SILENT"}


async def test_what_is_not_urgent_waits_for_the_morning_and_is_told_once(site: Site, workers: Database) -> None:
    watch = await watch_of(site, workers)
    await watch.acts(watch.first, operations.keep_address, id=uuid4(), target=PHONE)
    morning = watch.began + timedelta(hours=16)
    for _ in range(3):
        alert, incident = uuid4(), uuid4()
        await site.put("incidents", id=incident, kind="CLOCK_OVERRUN", subject=uuid4(), cause=uuid4(), urgent=False,
                       drill=False, happened_at=watch.began, raised_at=watch.began, joined=0)  # fmt: skip
        await site.put("alerts", id=alert, incident_id=incident, account_id=watch.first.account_id, rung=0,
                       raised_at=watch.began)  # fmt: skip
        await site.put("sends", id=uuid4(), alert_id=alert, account_id=watch.first.account_id, channel="SMS", round=0,
                       urgent=False, drill=False, state="WAITING", due_at=morning, made_at=watch.began,
                       attempts=0)  # fmt: skip
    post = Post(watch, Outside(), watch.began)
    await post.sends(after=timedelta(hours=15))
    assert post.outside.heard == []
    await post.sends(after=timedelta(hours=16))
    assert [message.text for message, _ in post.outside.heard] == ["有新的待办提醒，请打开井口查看。"]
    assert await post.log() == ["ACCEPTED"] * 3
