"""Text messages and automatic calls, by the HTTP gateway of an operator: docs/alerts.md says what it must answer."""

import ssl
from typing import Final, Literal

import orjson

from notifications.channels import Sent
from notifications.channels.posting import DEADLINE, client, post
from notifications.messages import Message, pressing
from storage.alerts.deliveries.rules import Target

DIGIT: Final = "1"
"""The key by which the called person takes the alert."""


class Gateway:
    """One gateway, for texts or for calls; its token is never part of what is logged or kept."""

    deadline: float = DEADLINE

    def __init__(self, kind: Literal["sms", "calls"], *, url: str, token: str, trust: ssl.SSLContext) -> None:
        self._url = f"{url}/{kind}"
        self._calls = kind == "calls"
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        self._client = client(trust=trust)

    async def send(self, message: Message, target: Target) -> Sent:
        """Hands it to the gateway; 410 says that the number is nobody's any more, and closes the address."""
        told = {
            "key": str(message.key), "to": target.target, "text": message.text, "urgent": message.urgent,
            "drill": message.drill,
        }  # fmt: skip
        if self._calls:
            told |= {"digit": DIGIT, "text": pressing(message)}
        headers = self._headers | {"Idempotency-Key": str(message.key)}
        said = await post(self._client, self._url, content=orjson.dumps(told), headers=headers)
        return said if isinstance(said, Sent) else said.sent()

    async def close(self) -> None:
        """Lets go of the lines that are kept."""
        await self._client.aclose()
