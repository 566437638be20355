"""Tells which hashes of pictures are near each other, and by which keys an index finds them; pure."""

BITS = 64
NEAR = 7
"""Bits in which two pictures of one scene may differ. Over the media at hand, copies that were re-encoded, shrunk to
160 pixels, brightened, stamped or turned upright differ in at most 5 bits, cropped ones (2 %) mostly in 6, and no two
different pictures in fewer than 18; of random hashes, one pair in 2 × 10^10 is as near."""

BANDS = 4
_WIDTH = BITS // BANDS
_MASK = (1 << _WIDTH) - 1


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()


def signed(hash: int) -> int:
    """The hash as PostgreSQL's bigint holds it."""
    return hash - (1 << BITS) if hash >> (BITS - 1) else hash


def bands(hash: int | None) -> list[int]:
    """The four keys under which a hash is filed: each 16 bits, marked with its place so that they never mix."""
    if hash is None:
        return []
    return [_filed(band, hash >> band * _WIDTH & _MASK) for band in range(BANDS)]


def probes(hash: int) -> list[int]:
    """The 68 keys that find every hash within NEAR: of 7 bits over 4 bands, one band holds at most one."""
    found = []
    for band in range(BANDS):
        value = hash >> band * _WIDTH & _MASK
        found.append(_filed(band, value))
        found += [_filed(band, value ^ 1 << bit) for bit in range(_WIDTH)]
    return found


def _filed(band: int, value: int) -> int:
    return band << _WIDTH | value
