"""Base45 (RFC 9285): bytes in the signs that a QR code writes most densely."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def to_base45(data: bytes) -> str:
    """Three signs for two bytes, two for a last one."""
    found = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair)
        found += [ALPHABET[number % 45], ALPHABET[number // 45 % 45]]
        if len(pair) == 2:
            found.append(ALPHABET[number // 2025])
    return "".join(found)


def from_base45(text: str) -> bytes:
    """The bytes; ValueError for what `to_base45` does not write."""
    found = bytearray()
    for at in range(0, len(text), 3):
        signs = text[at : at + 3]
        if len(signs) == 1 or not all(sign in _VALUES for sign in signs):
            raise ValueError(f"not base45 at sign {at}")
        number, size = sum(_VALUES[sign] * 45**power for power, sign in enumerate(signs)), len(signs) - 1
        if number >= 256**size:
            raise ValueError(f"not base45 at sign {at}")
        found += number.to_bytes(size)
    return bytes(found)
