"""Push to browsers (RFC 8030): encrypted for the browser alone (RFC 8291, RFC 8188), sent as ourselves (RFC 8292)."""

import base64
import binascii
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from notifications.channels import Sent
from notifications.channels.outward import Outward
from notifications.channels.posting import DEADLINE
from notifications.channels.push import DELIVERED_WITHIN
from notifications.channels.tokens import signed
from notifications.messages import Message
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome

VAPID_LIFE: Final = timedelta(hours=12)
RECORD: Final = 4_096
_CURVE: Final = ec.SECP256R1()


class WebPush:
    """Push to whatever browser subscribed with our public key; `contact` (mailto: or https:) is who answers for us."""

    deadline: float = DEADLINE

    def __init__(self, outward: Outward, *, key: str, contact: str, clock: Callable[[], datetime]) -> None:
        self._outward, self._key, self._contact, self._clock = outward, key, contact, clock
        self.public = public_key(key)

    async def send(self, message: Message, target: Target) -> Sent:
        """Encrypts and hands on; 404 and 410 say that the subscription is no more."""
        url = httpx.URL(target.target)
        try:
            told = orjson.dumps({"key": str(message.key), "text": message.text, "urgent": message.urgent})
            body = encrypted(told, *(from_text(one) for one in target.secret.split(".")))
        except (ValueError, TypeError, binascii.Error):
            return Sent(DeliveryOutcome.REFUSED, "keys of the browser")
        claims = {"aud": f"{url.scheme}://{url.netloc.decode('ascii')}", "sub": self._contact}
        token = signed(claims, self._key, algorithm="ES256", life=VAPID_LIFE, now=self._clock())
        headers = {
            "Authorization": f"vapid t={token}, k={self.public}", "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream", "TTL": str(DELIVERED_WITHIN),
            "Urgency": "high" if message.urgent else "normal", "Topic": message.key.hex,
        }  # fmt: skip
        said = await self._outward.post(target.target, content=body, headers=headers)
        return said if isinstance(said, Sent) else said.sent(gone=(404, 410))


def public_key(key: str) -> str:
    """The public half of our key (PEM), as browsers take it; ValueError for what is none of P-256."""
    private = load_pem_private_key(key.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != _CURVE.name:
        raise ValueError("the key of web push is one of P-256")
    return to_text(_point(private.public_key()))


def encrypted(
    plain: bytes,
    browser: bytes,
    secret: bytes,
    *,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """One record of aes128gcm for the browser's public point and authentication secret (RFC 8291 §3.4).

    `salt` and `own` are given only where a published example is computed again: a key is used once.
    """
    if len(secret) != 16:
        raise ValueError("the secret is 16 bytes")
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(_CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, browser)
    point = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derived(shared, secret, b"WebPush: info\0" + browser + point, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def to_text(bits: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(bits).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """The bytes of base64url, padded or not."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
