"""The ways out: one protocol, and one module for each way."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from notifications.messages import Message
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome


@dataclass(frozen=True, slots=True)
class Sent:
    """What a channel says of one attempt. `detail` is short and names no address and no content."""

    outcome: DeliveryOutcome
    detail: str = ""
    retry_after: timedelta | None = None


class Channel(Protocol):
    """One way to reach somebody. It answers within `deadline` seconds or is cut off, and never raises on purpose."""

    deadline: float

    async def send(self, message: Message, target: Target) -> Sent:
        """Hands the message on; a repeat with the same key is the same message."""
        ...
