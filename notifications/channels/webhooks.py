"""Signed webhooks: a system that an account named is told by a POST, which it can check and know as a repeat."""

from collections.abc import Callable
from datetime import datetime

import orjson

from notifications.channels import Sent
from notifications.channels.outward import Outward
from notifications.channels.posting import DEADLINE
from notifications.messages import Message
from notifications.signing import HEADER, signature
from storage.alerts.deliveries.rules import Target


class Webhooks:
    """Tells webhooks; `clock` is the moment that is signed."""

    deadline: float = DEADLINE

    def __init__(self, outward: Outward, *, clock: Callable[[], datetime]) -> None:
        self._outward = outward
        self._clock = clock

    async def send(self, message: Message, target: Target) -> Sent:
        """Posts the message, signed with the address's secret; 410 closes the address."""
        body = orjson.dumps(
            {"key": str(message.key), "text": message.text, "urgent": message.urgent, "drill": message.drill}
        )
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.key),
            HEADER: signature(target.secret, body, at=self._clock()),
        }
        said = await self._outward.post(target.target, content=body, headers=headers)
        return said if isinstance(said, Sent) else said.sent()
