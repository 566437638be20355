"""Tests of push by the makers of phones: tokens, what is sent, and what each answer means for the address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from notifications.channels import Sent
from notifications.channels.push import Apns, Fcm, Hms
from notifications.channels.tokens import ServiceAccount
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from tests.notifications.channels.papers import Papers, pem_of
from tests.notifications.channels.services import Service, answer, json, speaking, speaking_h2

MESSAGE = Message(UUID(int=0xABC), "有一条紧急警报。", urgent=True, drill=False)
ACCEPTED, BUSY, REFUSED, GONE = (
    DeliveryOutcome.ACCEPTED, DeliveryOutcome.BUSY, DeliveryOutcome.REFUSED, DeliveryOutcome.GONE,
)  # fmt: skip
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
ACCOUNT = ServiceAccount(
    project="project-1", issuer="us@example.cn", audience="https://tokens.example.cn/", key=pem_of(RSA_KEY), key_id="K1"
)


@dataclass
class Clock:
    """A clock that is set by hand, and begins at the hour of this machine, by which tokens are read back."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


def phone(named: str = "token-of-a-phone") -> Target:
    return Target(channel=Channel.PUSH, target=named)


def bearer(service: Service, at: int) -> str:
    return service.heard[at].headers["authorization"].partition(" ")[2]


@asynccontextmanager
async def apns(papers: Papers, *answers: Any) -> AsyncIterator[tuple[Apns, Service, Clock]]:
    account, clock = replace(ACCOUNT, issuer="TEAM", key=pem_of(CURVE_KEY)), Clock()
    async with speaking_h2(*answers, tls=papers.server("127.0.0.1", speaks="h2")) as service:
        url = f"https://127.0.0.1:{service.port}"
        channel = Apns(url=url, topic="cn.example.pithead", account=account, trust=papers.trust(), clock=clock)
        yield channel, service, clock
        await channel.close()


@asynccontextmanager
async def hms(papers: Papers, *answers: Any) -> AsyncIterator[tuple[Hms, Service, Clock]]:
    clock = Clock()
    async with speaking(*answers) as service:
        channel = Hms(url=service.url, account=ACCOUNT, trust=papers.trust(), clock=clock)
        yield channel, service, clock
        await channel.close()


@asynccontextmanager
async def fcm(papers: Papers, *answers: Any) -> AsyncIterator[tuple[Fcm, Service, Clock]]:
    """The first answer is that to whoever fetches a token."""
    clock = Clock()
    async with speaking(*answers) as service:
        account = replace(ACCOUNT, audience=f"{service.url}/token")
        channel = Fcm(url=service.url, account=account, trust=papers.trust(), clock=clock)
        yield channel, service, clock
        await channel.close()


async def test_apple_is_told_over_one_line_of_http2_with_a_token_that_is_kept(papers: Papers) -> None:
    async with apns(papers, answer(200)) as (channel, service, clock):
        for _ in range(2):
            assert await channel.send(MESSAGE, phone("ab/../cd")) == Sent(ACCEPTED, "200")
        clock.now += timedelta(minutes=41)
        await channel.send(MESSAGE, phone("ab/../cd"))
    heard = service.heard[0]
    assert (service.lines, heard.path) == (1, "/3/device/ab%2F..%2Fcd")
    assert heard.json["aps"]["alert"] == {"title": "井口", "body": MESSAGE.text}
    assert (heard.headers["apns-topic"], heard.headers["apns-priority"]) == ("cn.example.pithead", "10")
    assert heard.headers["apns-collapse-id"] == heard.headers["apns-id"] == str(MESSAGE.key)
    token = bearer(service, 0)
    claims = jwt.decode(token, CURVE_KEY.public_key(), algorithms=["ES256"])
    assert (claims["iss"], jwt.get_unverified_header(token)["kid"]) == ("TEAM", "K1")
    assert token == bearer(service, 1) != bearer(service, 2)


@pytest.mark.parametrize(("said", "outcome", "detail"), [
    (json(410, {"reason": "Unregistered"}), GONE, "410 Unregistered"),
    (json(400, {"reason": "BadDeviceToken"}), REFUSED, "400 BadDeviceToken"),
    (json(403, {"reason": "InvalidProviderToken"}), REFUSED, "403 InvalidProviderToken"),
    (json(403, {"reason": "ExpiredProviderToken"}), BUSY, "ExpiredProviderToken"),
    (json(429, {"reason": "TooManyRequests"}, retry_after="9"), BUSY, "429 TooManyRequests"),
    (json(503, {"reason": "Shutdown"}), BUSY, "503 Shutdown"), (json(400, ["x"]), REFUSED, "400"),
    (answer(400, b"{\"reason\": \"<b>a name</b>\"}"), REFUSED, "400"), (answer(500, b"\xff"), BUSY, "500"),
    (b"nonsense", BUSY, "RemoteProtocolError"),
])  # fmt: skip
async def test_apples_answers_mean_what_they_say(
    papers: Papers, said: bytes, outcome: DeliveryOutcome, detail: str
) -> None:
    async with apns(papers, said) as (channel, _, __):
        sent = await channel.send(MESSAGE, phone())
    assert (sent.outcome, sent.detail) == (outcome, detail)
    assert sent.retry_after == (timedelta(seconds=9) if detail.startswith("429") else None)


async def test_a_token_that_apple_calls_expired_is_made_anew(papers: Papers) -> None:
    async with apns(papers, json(403, {"reason": "ExpiredProviderToken"}), answer(200)) as (channel, service, clock):
        await channel.send(MESSAGE, phone())
        clock.now += timedelta(seconds=2)
        assert (await channel.send(MESSAGE, phone())).outcome is ACCEPTED
    assert bearer(service, 0) != bearer(service, 1)


async def test_who_is_not_apple_is_told_nothing(papers: Papers) -> None:
    async with speaking_h2(answer(200), tls=papers.server("other.example.cn", speaks="h2")) as service:
        account = replace(ACCOUNT, key=pem_of(CURVE_KEY))
        url = f"https://127.0.0.1:{service.port}"
        channel = Apns(url=url, topic="t", account=account, trust=papers.trust(), clock=Clock())
        assert await channel.send(MESSAGE, phone()) == Sent(REFUSED, "TLS")
        await channel.close()
    assert service.heard == []


async def test_huawei_is_told_with_a_token_of_the_service_account(papers: Papers) -> None:
    async with hms(papers, json(200, {"code": "80000000"})) as (channel, service, clock):
        assert await channel.send(MESSAGE, phone()) == Sent(ACCEPTED, "80000000")
        await channel.send(MESSAGE, phone())
        clock.now += timedelta(minutes=56)
        await channel.send(MESSAGE, phone())
    heard = service.heard[0]
    assert (heard.path, heard.headers["push-type"]) == ("/v3/project-1/messages:send", "0")
    assert heard.json["target"] == {"token": ["token-of-a-phone"]}
    assert heard.json["payload"]["notification"]["body"] == MESSAGE.text
    claims = jwt.decode(bearer(service, 0), RSA_KEY.public_key(), algorithms=["PS256"], audience=ACCOUNT.audience)
    assert (claims["iss"], claims["exp"] - claims["iat"]) == (ACCOUNT.issuer, 3_600)
    assert bearer(service, 0) == bearer(service, 1) != bearer(service, 2)


@pytest.mark.parametrize(("said", "outcome"), [
    (json(200, {"code": "80200003"}), BUSY), (json(401, {"code": "80200001"}), BUSY),
    (json(200, {"code": "80300008"}), REFUSED), (json(200, {"code": "81000001"}), BUSY),
    (json(400, {"code": "80100003"}), REFUSED), (json(503, {}, retry_after="5"), BUSY), (answer(429), BUSY),
    (answer(200, b"<html>"), BUSY), (b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{\"code\":half", BUSY),
    (b"HTTP/1.1 20", BUSY), (b"nonsense\r\n\r\n", BUSY),
])  # fmt: skip
async def test_huaweis_answers_mean_what_they_say(papers: Papers, said: bytes, outcome: DeliveryOutcome) -> None:
    async with hms(papers, said) as (channel, _, __):
        assert (await channel.send(MESSAGE, phone())).outcome is outcome


async def test_huawei_closes_an_address_only_once_it_has_accepted_something(papers: Papers) -> None:
    """Where the app is set up wrongly every token is called invalid: that must not close everybody's address."""
    invalid, accepted = json(200, {"code": "80300007"}), json(200, {"code": "80000000"})
    async with hms(papers, invalid, accepted, invalid) as (channel, _, __):
        assert [(await channel.send(MESSAGE, phone())).outcome for _ in range(3)] == [REFUSED, ACCEPTED, GONE]


TOKEN = json(200, {"access_token": "an-access-token", "expires_in": 3_600})


async def test_google_is_told_with_a_token_that_is_fetched_once(papers: Papers) -> None:
    async with fcm(papers, TOKEN, json(200, {"name": "x"}), answer(200), TOKEN, answer(200)) as (
        channel,
        service,
        clock,
    ):
        for _ in range(2):
            assert (await channel.send(MESSAGE, phone())).outcome is ACCEPTED
        clock.now += timedelta(hours=1)
        assert (await channel.send(MESSAGE, phone())).outcome is ACCEPTED
    fetched, told, *_ = service.heard
    assert [one.path for one in service.heard].count("/token") == 2
    form = parse_qs(fetched.body.decode())
    claims = jwt.decode(
        form["assertion"][0], RSA_KEY.public_key(), algorithms=["RS256"], audience=f"{service.url}/token"
    )
    assert (claims["iss"], claims["scope"].rpartition("/")[2]) == (ACCOUNT.issuer, "firebase.messaging")
    assert (told.path, bearer(service, 1)) == ("/v1/projects/project-1/messages:send", "an-access-token")
    assert told.json["message"]["token"] == "token-of-a-phone"
    assert told.json["message"]["notification"]["body"] == MESSAGE.text


async def test_many_at_once_fetch_one_token(papers: Papers) -> None:
    async with fcm(papers, TOKEN, answer(200)) as (channel, service, _):
        sent = await asyncio.gather(*(channel.send(MESSAGE, phone()) for _ in range(8)))
    assert {one.outcome for one in sent} == {ACCEPTED}
    assert [one.path for one in service.heard].count("/token") == 1


def error(status: int, code: str, own: str | None = None, **headers: str) -> bytes:
    details = (
        [] if own is None else [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": own}]
    )
    return json(status, {"error": {"code": status, "status": code, "details": details}}, **headers)


@pytest.mark.parametrize(("said", "outcome"), [
    (error(404, "NOT_FOUND", "UNREGISTERED"), GONE), (error(404, "NOT_FOUND"), REFUSED),
    (error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), REFUSED), (error(410, "GONE"), REFUSED),
    (error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), REFUSED), (error(401, "UNAUTHENTICATED"), BUSY),
    (error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", retry_after="60"), BUSY),
    (error(503, "UNAVAILABLE", "UNAVAILABLE"), BUSY), (json(404, {"error": "x"}), REFUSED),
    (json(404, {"error": {"details": [1, {"errorCode": 2}]}}), REFUSED), (b"HTTP/1.1 2", BUSY),
])  # fmt: skip
async def test_googles_answers_mean_what_they_say(papers: Papers, said: bytes, outcome: DeliveryOutcome) -> None:
    async with fcm(papers, TOKEN, said) as (channel, _, __):
        sent = await channel.send(MESSAGE, phone())
    assert sent.outcome is outcome
    assert "an-access-token" not in repr(sent)


@pytest.mark.parametrize(("said", "outcome"), [
    (json(400, {"error": "invalid_grant"}), REFUSED), (answer(410), REFUSED), (answer(503, retry_after="4"), BUSY),
    (json(200, {"access_token": 7}), BUSY), (answer(200, b"<html>"), BUSY), (b"HTTP/1.1 2", BUSY),
])  # fmt: skip
async def test_without_a_token_google_is_told_nothing_and_no_address_is_closed(
    papers: Papers, said: bytes, outcome: DeliveryOutcome
) -> None:
    async with fcm(papers, said) as (channel, service, _):
        assert (await channel.send(MESSAGE, phone())).outcome is outcome
    assert [one.path for one in service.heard] == ["/token"]
