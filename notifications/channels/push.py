"""Push by the services of phones' makers: Apple's APNs, Huawei's HMS (HarmonyOS 5 and later), Google's FCM."""

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
import orjson

from notifications.channels import Sent
from notifications.channels.posting import DEADLINE, Answer, client, post
from notifications.channels.tokens import Kept, ServiceAccount, signed
from notifications.messages import Message, title
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome

HOUR: Final = timedelta(hours=1)
APNS_LIFE: Final = timedelta(minutes=40)
"""Apple takes a token for an hour, and wants no new one more often than every twenty minutes."""
SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DELIVERED_WITHIN: Final = 3_600
"""Seconds after which a message that did not reach its phone is of no use: the ladder has long gone on."""


class Apns:
    """Apple's service, over HTTP/2, with a provider token (ES256)."""

    deadline: float = DEADLINE

    def __init__(
        self, *, url: str, topic: str, account: ServiceAccount, trust: ssl.SSLContext, clock: Callable[[], datetime]
    ) -> None:
        self._url, self._topic, self._account, self._clock = url, topic, account, clock
        self._client = client(trust=trust, http2=True)
        self._token = Kept(self._made, clock)

    async def _made(self, now: datetime) -> tuple[str, timedelta]:
        account = self._account
        claims = {"iss": account.issuer}
        return signed(claims, account.key, algorithm="ES256", key_id=account.key_id, life=None, now=now), APNS_LIFE

    async def send(self, message: Message, target: Target) -> Sent:
        """410 closes the address; a token that belongs elsewhere may be our own mistake, and closes nothing."""
        token = await self._token.get()
        if isinstance(token, Sent):
            return token
        headers = {
            "Authorization": f"bearer {token}", "Content-Type": "application/json", "apns-topic": self._topic,
            "apns-push-type": "alert", "apns-priority": "10" if message.urgent else "5", "apns-id": str(message.key),
            "apns-collapse-id": str(message.key),
            "apns-expiration": str(int(self._clock().timestamp()) + DELIVERED_WITHIN),
        }  # fmt: skip
        aps = {
            "alert": {"title": title(), "body": message.text}, "sound": "default",
            "interruption-level": "time-sensitive" if message.urgent else "active",
        }  # fmt: skip
        body = orjson.dumps({"aps": aps, "key": str(message.key)})
        url = f"{self._url}/3/device/{quote(target.target, safe='')}"
        said = await post(self._client, url, content=body, headers=headers)
        if isinstance(said, Sent):
            return said
        return _retried(self._token, token, said, _word(said.json.get("reason")), expired=("ExpiredProviderToken",))

    async def close(self) -> None:
        """Lets go of the lines that are kept."""
        await self._client.aclose()


class Fcm:
    """Google's service (HTTP v1), with an access token that is fetched with a signed assertion (RS256)."""

    deadline: float = DEADLINE

    def __init__(
        self, *, url: str, account: ServiceAccount, trust: ssl.SSLContext, clock: Callable[[], datetime]
    ) -> None:
        self._url = f"{url}/v1/projects/{quote(account.project, safe='')}/messages:send"
        self._account = account
        self._client = client(trust=trust)
        self._token = Kept(self._fetched, clock)

    async def _fetched(self, now: datetime) -> tuple[str, timedelta] | Sent:
        account = self._account
        claims = {"iss": account.issuer, "scope": SCOPE, "aud": account.audience}
        assertion = signed(claims, account.key, algorithm="RS256", key_id=account.key_id, life=HOUR, now=now)
        form = urlencode({"grant_type": GRANT, "assertion": assertion}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        said = await post(self._client, account.audience, content=form, headers=headers)
        if isinstance(said, Sent):
            return said
        token, life = said.json.get("access_token"), said.json.get("expires_in")
        if said.status != httpx.codes.OK:
            # Whatever stands here is about our own account, never about a phone.
            outcome = said.sent(gone=()).outcome
            return Sent(outcome, f"token {said.status}", said.retry_after)
        if not isinstance(token, str) or not token.isascii() or not isinstance(life, int):
            return Sent(DeliveryOutcome.BUSY, "token garbled")
        return token, timedelta(seconds=max(life - 60, 0))

    async def send(self, message: Message, target: Target) -> Sent:
        """UNREGISTERED closes the address; a 404 without it is about our project, not about the phone."""
        token = await self._token.get()
        if isinstance(token, Sent):
            return token
        key = str(message.key)
        android = {
            "priority": "HIGH" if message.urgent else "NORMAL", "collapse_key": key, "ttl": f"{DELIVERED_WITHIN}s",
            "notification": {"tag": key},
        }  # fmt: skip
        told = {
            "token": target.target, "notification": {"title": title(), "body": message.text}, "data": {"key": key},
            "android": android,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        said = await post(self._client, self._url, content=orjson.dumps({"message": told}), headers=headers)
        if isinstance(said, Sent):
            return said
        reason = _fcm_reason(said)
        gone = (404,) if reason == "UNREGISTERED" else ()
        return _retried(self._token, token, said, reason, expired=("UNAUTHENTICATED",), gone=gone)

    async def close(self) -> None:
        """Lets go of the lines that are kept."""
        await self._client.aclose()


class Hms:
    """Huawei's service (v3), with a token of a service account (PS256). The body's code says what became of it."""

    deadline: float = DEADLINE
    ACCEPTED: Final = "80000000"
    INVALID: Final = ("80300007", "80100000")
    EXPIRED: Final = ("80200001", "80200003")

    def __init__(
        self, *, url: str, account: ServiceAccount, trust: ssl.SSLContext, clock: Callable[[], datetime]
    ) -> None:
        self._url = f"{url}/v3/{quote(account.project, safe='')}/messages:send"
        self._account = account
        self._client = client(trust=trust)
        self._token = Kept(self._made, clock)
        self._proven = False

    async def _made(self, now: datetime) -> tuple[str, timedelta]:
        account = self._account
        claims = {"iss": account.issuer, "aud": account.audience}
        token = signed(claims, account.key, algorithm="PS256", key_id=account.key_id, life=HOUR, now=now)
        return token, HOUR - timedelta(minutes=5)

    async def send(self, message: Message, target: Target) -> Sent:
        """Hands it on.

        The service says of every phone that its token is invalid where the app is set up wrongly: so an address is
        closed only once the service has accepted something for another.
        """
        token = await self._token.get()
        if isinstance(token, Sent):
            return token
        notification = {
            "category": "WORK", "title": title(), "body": message.text, "clickAction": {"actionType": 0},
            "notifyId": message.key.int & 0x7FFF_FFFF,
        }  # fmt: skip
        told = {
            "payload": {"notification": notification}, "target": {"token": [target.target]},
            "pushOptions": {"ttl": DELIVERED_WITHIN},
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "push-type": "0"}
        said = await post(self._client, self._url, content=orjson.dumps(told), headers=headers)
        return said if isinstance(said, Sent) else self._meaning(said, token)

    def _meaning(self, said: Answer, token: str) -> Sent:
        code = _word(said.json.get("code"))
        if code == self.ACCEPTED:
            self._proven = True
            return Sent(DeliveryOutcome.ACCEPTED, code)
        if code in self.INVALID:
            return Sent(DeliveryOutcome.GONE if self._proven else DeliveryOutcome.REFUSED, code)
        if said.status == httpx.codes.OK and not code:
            return Sent(DeliveryOutcome.BUSY, "garbled")
        if said.status == httpx.codes.OK and code not in self.EXPIRED:
            # 81… are faults of the service itself; all others are about what we sent.
            return Sent(DeliveryOutcome.BUSY if code.startswith("81") else DeliveryOutcome.REFUSED, code)
        return _retried(self._token, token, said, code, expired=self.EXPIRED)

    async def close(self) -> None:
        """Lets go of the lines that are kept."""
        await self._client.aclose()


def _retried(
    kept: Kept, token: str, said: Answer, reason: str, *, expired: tuple[str, ...], gone: tuple[int, ...] = (410,)
) -> Sent:
    """What the status means, with the service's own word; an expired token is dropped: the next attempt has another."""
    if reason in expired:
        kept.drop(token)
        return Sent(DeliveryOutcome.BUSY, reason)
    sent = said.sent(gone=gone)
    return Sent(sent.outcome, f"{sent.detail} {reason}".strip(), sent.retry_after)


def _fcm_reason(said: Answer) -> str:
    """The code of FCM itself if the answer has one, else the status that Google gives."""
    error: Any = said.json.get("error")
    if not isinstance(error, Mapping):
        return ""
    details = error.get("details")
    for one in details if isinstance(details, list) else []:
        if isinstance(one, Mapping) and _word(one.get("errorCode")):
            return _word(one.get("errorCode"))
    return _word(error.get("status"))


def _word(told: Any) -> str:
    """A short code of a service; whatever else it wrote is kept out of the log."""
    return (
        told if isinstance(told, str) and len(told) <= 40 and told.isascii() and told.replace("_", "").isalnum() else ""
    )
