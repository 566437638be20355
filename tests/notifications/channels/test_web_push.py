"""Tests of push to browsers: the published example bit by bit, what is sent, and what each answer means."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notifications.channels import Sent
from notifications.channels.outward import Outward
from notifications.channels.web_push import WebPush, encrypted, from_text, to_text
from notifications.messages import Message
from storage.alerts.alerts.kinds import Channel
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome
from tests.notifications.channels.papers import Papers, pem_of
from tests.notifications.channels.services import Service, answer, speaking

NOW = datetime.now(UTC)
MESSAGE = Message(UUID(int=7), "有一条紧急警报。", urgent=True, drill=False)
NAME = "push.example.com"
KEY = ec.generate_private_key(ec.SECP256R1())
BROWSER = ec.generate_private_key(ec.SECP256R1())
SECRET = bytes(range(16))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def opened(body: bytes) -> bytes:
    """What the browser reads (RFC 8188 §2, RFC 8291 §3.4), computed from its side."""
    salt, size, theirs = body[:16], int.from_bytes(body[16:20], "big"), body[21 : 21 + body[20]]
    assert (size, body[20]) == (4_096, 65)
    shared = BROWSER.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    material = HKDF(SHA256(), 32, SECRET, b"WebPush: info\0" + point(BROWSER) + theirs).derive(shared)
    key, nonce = (
        HKDF(SHA256(), length, salt, b"Content-Encoding: " + name + b"\0").derive(material)
        for name, length in ((b"aes128gcm", 16), (b"nonce", 12))
    )
    plain = AESGCM(key).decrypt(nonce, body[86:], None)
    assert plain.endswith(b"\x02")
    return plain[:-1]


@asynccontextmanager
async def web_push(papers: Papers, *answers: Any) -> AsyncIterator[tuple[WebPush, Service, Target]]:
    async def resolve(_: str, __: int) -> Sequence[str]:
        return ("127.0.0.1",)

    outward = Outward(trust=papers.trust(), resolve=resolve, allowed=lambda number: number.is_loopback)
    async with speaking(*answers, tls=papers.server(NAME)) as service:
        channel = WebPush(outward, key=pem_of(KEY), contact="mailto:duty@example.cn", clock=lambda: NOW)
        url, secret = f"https://{NAME}:{service.port}/send/a1b2", f"{to_text(point(BROWSER))}.{to_text(SECRET)}"
        yield channel, service, Target(channel=Channel.PUSH, service="WEB_PUSH", target=url, secret=secret)
    await outward.close()


def test_the_example_of_rfc_8291_comes_out_bit_by_bit() -> None:
    number = int.from_bytes(from_text("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypted(
        b"When I grow up, I want to be a watermelon",
        from_text("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_text("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=from_text("DGv6ra1nlYgDCS1FRnbzlw"),
        own=ec.derive_private_key(number, ec.SECP256R1()),
    )
    assert to_text(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_browser_alone_can_read_what_is_sent_and_the_service_knows_who_sent_it(papers: Papers) -> None:
    async with web_push(papers, answer(201)) as (channel, service, target):
        assert await channel.send(MESSAGE, target) == Sent(DeliveryOutcome.ACCEPTED, "201")
        await channel.send(MESSAGE, target)
    first, again = service.heard
    told = {"key": str(MESSAGE.key), "text": MESSAGE.text, "urgent": True}
    assert orjson.loads(opened(first.body)) == orjson.loads(opened(again.body)) == told
    assert first.body[:86] != again.body[:86], "neither salt nor key is used twice"
    assert (first.headers["content-encoding"], first.headers["urgency"]) == ("aes128gcm", "high")
    assert first.headers["topic"] == again.headers["topic"] == MESSAGE.key.hex
    scheme, token, key = first.headers["authorization"].replace(",", "").split()
    audience = f"https://{NAME}:{service.port}"
    claims = jwt.decode(token.removeprefix("t="), KEY.public_key(), algorithms=["ES256"], audience=audience)
    assert (scheme, from_text(key.removeprefix("k="))) == ("vapid", point(KEY))
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("mailto:duty@example.cn", 43_200)


@pytest.mark.parametrize(("said", "outcome"), [
    (answer(404), DeliveryOutcome.GONE), (answer(410), DeliveryOutcome.GONE), (answer(413), DeliveryOutcome.REFUSED),
    (answer(403), DeliveryOutcome.REFUSED), (answer(429, retry_after="8"), DeliveryOutcome.BUSY),
    (answer(503), DeliveryOutcome.BUSY), (b"HTTP/1.1 2", DeliveryOutcome.BUSY), (b"\xff\r\n\r\n", DeliveryOutcome.BUSY),
])  # fmt: skip
async def test_each_answer_means_what_it_says(papers: Papers, said: bytes, outcome: DeliveryOutcome) -> None:
    async with web_push(papers, said) as (channel, _, target):
        assert (await channel.send(MESSAGE, target)).outcome is outcome


@pytest.mark.parametrize("secret", ["", "a.b", "x", "€.€", f"{'B' * 87}.{'a' * 22}", "a.b.c"])
async def test_keys_that_are_none_are_refused_and_nobody_is_called(papers: Papers, secret: str) -> None:
    async with web_push(papers, answer(201)) as (channel, service, target):
        wrong = Target(channel=Channel.PUSH, service="WEB_PUSH", target=target.target, secret=secret)
        assert (await channel.send(MESSAGE, wrong)).outcome is DeliveryOutcome.REFUSED
    assert service.heard == []


async def test_our_own_key_is_one_of_the_right_curve(papers: Papers) -> None:
    outward = Outward(trust=papers.trust())
    with pytest.raises(ValueError, match="P-256"):
        WebPush(
            outward, key=pem_of(ec.generate_private_key(ec.SECP384R1())), contact="mailto:a@b.cn", clock=lambda: NOW
        )
    await outward.close()
