"""Secrets in parts: an identity's key that needs both halves, and a private key that two of three give back."""

import secrets
from collections.abc import Callable

from storage.record.ledger.proofs.reports.malformed import ReportMalformed

Draw = Callable[[int], bytes]
SIZE = 32
SHARES = 3

_POLYNOMIAL = 0x11B
"""GF(256) as AES has it: x^8 + x^4 + x^3 + x + 1."""


def halve(key: bytes, *, draw: Draw = secrets.token_bytes) -> tuple[bytes, bytes]:
    """Two halves, each of which alone is noise: a is random, b is the key XOR a."""
    a = draw(len(_must_be(key)))
    return a, join(a, key)


def join(a: bytes, b: bytes) -> bytes:
    """The key of two halves."""
    return bytes(one ^ other for one, other in zip(_must_be(a), _must_be(b), strict=True))


def split(secret: bytes, *, draw: Draw = secrets.token_bytes) -> list[bytes]:
    """Three shares, any two of which give the secret and one of which says nothing of it (Shamir).

    Each byte of the secret is where a line of its own meets zero; share N is N, then the line's 32 values at N.
    """
    slope = draw(len(_must_be(secret)))
    return [
        bytes([number, *(byte ^ _times(rise, number) for byte, rise in zip(secret, slope, strict=True))])
        for number in range(1, SHARES + 1)
    ]


def combine(one: bytes, other: bytes) -> bytes:
    """The secret of two different shares; ReportMalformed for a share of another form, or the same one twice."""
    x, y = _number(one), _number(other)
    if x == y:
        raise ReportMalformed("share", at=x)
    # The line through both points, at zero: (y·f(x) − x·f(y)) / (y − x), and minus is plus here.
    by_one, by_other = _times(y, _inverse(x ^ y)), _times(x, _inverse(x ^ y))
    return bytes(_times(left, by_one) ^ _times(right, by_other) for left, right in zip(one[1:], other[1:], strict=True))


def _number(share: bytes) -> int:
    if len(share) != SIZE + 1 or not 1 <= share[0] <= SHARES:
        raise ReportMalformed("share")
    return share[0]


def _times(left: int, right: int) -> int:
    """The product of two elements, in the same steps whatever they are."""
    product = 0
    for _ in range(8):
        product ^= left & -(right & 1)
        left = (left << 1) ^ (_POLYNOMIAL & -(left >> 7))
        right >>= 1
    return product


def _inverse(element: int) -> int:
    """The 254th power: every element but zero to the 255th is one."""
    power = element
    for _ in range(6):
        power = _times(_times(power, power), element)
    return _times(power, power)


def _must_be(secret: bytes) -> bytes:
    if len(secret) != SIZE:
        raise ReportMalformed("secret")
    return secret
