"""Takes what is to be sent, hands it to its channel outside any transaction, and has the record keep what came of it.

Killed between the call and the row, the send is taken again when its lease ends, with the same key: whoever receives
it twice can tell. What somebody took meanwhile is not sent.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from notifications.channels import Channel, Sent
from notifications.messages import message_of
from storage.alerts.alerts import kinds
from storage.alerts.deliveries import operations
from storage.alerts.deliveries.operations import Attempt
from storage.alerts.deliveries.rules import Taken, Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from storage.alerts.rosters.rules import is_silent
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform

log = logging.getLogger("pithead.telling")


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends with these channels, by the kind of channel and, for push, its service."""

    database: Database
    channels: Mapping[tuple[kinds.Channel, str], Channel]
    clock: Callable[[], datetime]
    at_once: int = operations.AT_ONCE

    async def turn(self) -> bool:
        """One batch; True when there may be more to do at once."""
        taken = await perform(self.database, keeper(), self.clock(), operations.take_sends, limit=self.at_once)
        bundles = _bundled(taken)
        found = await asyncio.gather(*(self._attempt(bundle) for bundle in bundles))
        attempts = [one for each in found for one in each]
        if attempts:
            await perform(self.database, keeper(), self.clock(), operations.record_attempts, attempts=attempts)
        return len(taken) == self.at_once

    async def _attempt(self, bundle: Sequence[Taken]) -> list[Attempt]:
        """One call for all sends of a bundle, at each address: what waited for the morning is told once."""
        first = bundle[0]
        if first.channel is kinds.Channel.PAGE:
            now = self.clock()
            awake = not is_silent(first.desk_seen_at, now=now)
            outcome = DeliveryOutcome.ACCEPTED if awake else DeliveryOutcome.SILENT
            return [_kept(one, Sent(outcome), None, now, now) for one in bundle]
        if not first.addresses:
            now = self.clock()
            return [_kept(one, Sent(DeliveryOutcome.NO_ADDRESS), None, now, now) for one in bundle]
        calls = (self._call(first, id, target, bundle) for id, target in first.addresses)
        return [one for each in await asyncio.gather(*calls) for one in each]

    async def _call(self, first: Taken, id: UUID, target: Target, bundle: Sequence[Taken]) -> list[Attempt]:
        begun, channel = self.clock(), self.channels.get((target.channel, target.service))
        message = message_of(first.id, urgent=first.urgent, drill=first.drill)
        if channel is None:
            sent = Sent(DeliveryOutcome.NO_CHANNEL)
        else:
            try:
                sent = await asyncio.wait_for(channel.send(message, target), channel.deadline)
            except TimeoutError:
                sent = Sent(DeliveryOutcome.SILENT, "deadline")
            except Exception as fault:  # Whatever a channel's library raises: the other sends go on.
                log.warning("%s failed: %s", target.channel, type(fault).__name__)
                sent = Sent(DeliveryOutcome.BUSY, type(fault).__name__)
        ended = self.clock()
        return [_kept(one, sent, id, begun, ended) for one in bundle]


def _bundled(taken: Sequence[Taken]) -> list[list[Taken]]:
    """Urgent ones each by itself; of the others one bundle for each person and channel."""
    urgent = [[one] for one in taken if one.urgent]
    waiting = sorted((one for one in taken if not one.urgent), key=_person)
    return urgent + [list(found) for _, found in groupby(waiting, key=_person)]


def _person(one: Taken) -> tuple[UUID, str, bool]:
    return one.account_id, one.channel, one.drill


def _kept(one: Taken, sent: Sent, address: UUID | None, begun: datetime, ended: datetime) -> Attempt:
    return Attempt(
        send=one, outcome=sent.outcome, detail=sent.detail, begun_at=begun, ended_at=ended, address_id=address,
        retry_after=sent.retry_after,
    )  # fmt: skip
