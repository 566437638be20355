"""The teller's turns: follows the ledger, lets alarms climb, and sends; notifications decides, a clock starts it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from notifications.channels import Channel
from notifications.escalation import escalate
from notifications.follow import follow
from notifications.sending import Sender
from storage.alerts.alerts import kinds
from storage.alerts.deliveries import months
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import perform

IDLE = 0.5
"""Seconds between two looks: the first rung of the ladder is told in the second of the alarm."""

LANES = 4
"""Senders side by side: a service that hangs holds up its own batch alone, and the next alarm goes past it."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FollowingWorker:
    """Reads on in the ledger, then lets whatever is due climb; several may run, and share the work."""

    database: Database
    after: Callable[[], None] = lambda: None
    """Called behind each turn: there may be something to send."""

    async def turn(self) -> bool:
        """One round; True when there may be more to do at once."""
        behind = await perform(self.database, keeper(), _now(), follow)
        due = await perform(self.database, keeper(), _now(), escalate)
        self.after()
        return behind or due


@dataclass(frozen=True, slots=True)
class TellingOfMonths:
    """Tells the ledger of each month of deliveries that is over."""

    database: Database
    between: float = 3_600.0
    """Seconds between two looks."""

    async def turn(self) -> bool:
        """One round; True when there may be an older month."""
        return await perform(self.database, keeper(), _now(), months.tell_month) is not None


@dataclass(frozen=True, slots=True)
class SendingWorker:
    """Sends what is due by the channels that this installation has."""

    database: Database
    channels: Mapping[tuple[kinds.Channel, str], Channel] = field(default_factory=dict)

    async def turn(self) -> bool:
        """One round; True when there may be more to do at once."""
        return await Sender(self.database, self.channels, _now).turn()
