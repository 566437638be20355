"""SM2 with SM3 (GB/T 32918.2): only verified here, never made, so nothing in this module is ever a secret."""

from cryptography.hazmat.primitives import hashes

HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""The DER in front of a point: SubjectPublicKeyInfo of id-ecPublicKey over sm2p256v1 (GM/T 0006), uncompressed."""
IDENTITY = b"1234567812345678"
"""Who signs, where nothing else was agreed (GM/T 0009)."""

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_SIZE = 32
_NOWHERE = (1, 1, 0)

_Point = tuple[int, int, int]
"""A point in Jacobian coordinates: (X / Z², Y / Z³); Z is 0 at infinity."""


def is_public_key(public: bytes) -> bool:
    """Is it the SPKI DER of a point on the curve, written the one usual way?"""
    return _point(public) is not None


def verify(public: bytes, message: bytes, signature: bytes, *, identity: bytes = IDENTITY) -> bool:
    """Did this key sign the message (r ‖ s) as this identity? False, never an exception, for what is malformed."""
    point = _point(public)
    if point is None or len(signature) != 2 * _SIZE:
        return False
    r, s = int.from_bytes(signature[:_SIZE]), int.from_bytes(signature[_SIZE:])
    t = (r + s) % _N
    if not (0 < r < _N and 0 < s < _N and t):
        return False
    x, _, z = _sum_of(s, _G, t, point)
    if not z:
        return False
    return (digest(public, message, identity) + x * pow(z, -2, _P) % _P) % _N == r


def digest(public: bytes, message: bytes, identity: bytes = IDENTITY) -> int:
    """The number that is signed: SM3 over the digest of whoever signs, and the message."""
    bits = (8 * len(identity)).to_bytes(2)
    curve = b"".join(one.to_bytes(_SIZE) for one in (_A, _B, *_G))
    return int.from_bytes(_sm3(_sm3(bits + identity + curve + public[len(HEAD) :]) + message))


def _sm3(data: bytes) -> bytes:
    found = hashes.Hash(hashes.SM3())
    found.update(data)
    return found.finalize()


def _point(public: bytes) -> tuple[int, int] | None:
    if len(public) != len(HEAD) + 2 * _SIZE or not public.startswith(HEAD):
        return None
    x, y = int.from_bytes(public[-2 * _SIZE : -_SIZE]), int.from_bytes(public[-_SIZE:])
    is_on_curve = x < _P and y < _P and (y * y - (x * x + _A) * x - _B) % _P == 0
    return (x, y) if is_on_curve else None


def _sum_of(one: int, left: tuple[int, int], other: int, right: tuple[int, int]) -> _Point:
    """one × left + other × right, both at once, bit by bit."""
    both = _add((*left, 1), (*right, 1))
    steps: dict[tuple[int, int], _Point] = {(1, 0): (*left, 1), (0, 1): (*right, 1), (1, 1): both}
    found: _Point = _NOWHERE
    for at in range(max(one.bit_length(), other.bit_length()) - 1, -1, -1):
        found = _double(found)
        if step := steps.get((one >> at & 1, other >> at & 1)):
            found = _add(found, step)
    return found


def _double(point: _Point) -> _Point:
    x, y, z = point
    square = y * y % _P
    s, m = 4 * x * square % _P, 3 * (x - z * z) * (x + z * z) % _P
    new = (m * m - 2 * s) % _P
    return new, (m * (s - new) - 8 * square * square) % _P, 2 * y * z % _P


def _add(left: _Point, right: _Point) -> _Point:
    (x1, y1, z1), (x2, y2, z2) = left, right
    if not z1 or not z2:
        return right if not z1 else left
    square1, square2 = z1 * z1 % _P, z2 * z2 % _P
    u1, u2, s1, s2 = x1 * square2 % _P, x2 * square1 % _P, y1 * z2 * square2 % _P, y2 * z1 * square1 % _P
    if u1 == u2:
        return _double(left) if s1 == s2 else _NOWHERE
    h, r = u2 - u1, s2 - s1
    h2 = h * h % _P
    h3, v = h * h2 % _P, u1 * h2 % _P
    x = (r * r - h3 - 2 * v) % _P
    return x, (r * (v - x) - s1 * h3) % _P, h * z1 * z2 % _P
