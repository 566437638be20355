"""Signs with SM2 and SM3 as GB/T 32918.2 writes it, point by point; for vectors alone: nothing is secret."""

from storage.record.ledger.proofs.commitments import sm2

P = 2**256 - 2**224 - 2**96 + 2**64 - 1
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)

Point = tuple[int, int] | None


def public_key(secret: int) -> bytes:
    """The SPKI DER of a secret number."""
    x, y = times(secret, G) or (0, 0)
    return sm2.HEAD + x.to_bytes(32) + y.to_bytes(32)


def sign(secret: int, message: bytes, number: int) -> bytes:
    """r ‖ s with the number that must never be used twice, and here always is."""
    e = sm2.digest(public_key(secret), message)
    x, _ = times(number, G) or (0, 0)
    r = (e + x) % N
    s = pow(1 + secret, -1, N) * (number - r * secret) % N
    return r.to_bytes(32) + s.to_bytes(32)


def times(factor: int, point: Point) -> Point:
    """The point so many times."""
    found: Point = None
    for bit in bin(factor)[2:]:
        found = _plus(found, found)
        if bit == "1":
            found = _plus(found, point)
    return found


def _plus(left: Point, right: Point) -> Point:
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if left == right else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P
