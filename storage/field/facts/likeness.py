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


def bands(hash: int | None) -> list[int | None]:
    """The four keys of 16 bits under which a hash is filed, each in a column and an index of its own."""
    return [None if hash is None else hash >> band * _WIDTH & _MASK for band in range(BANDS)]


def probes(hash: int | None) -> list[list[int]]:
    """For each band the 17 keys that find every hash within NEAR: of 7 bits over 4 bands, one holds at most one."""
    return [[] if value is None else [value, *(value ^ 1 << bit for bit in range(_WIDTH))] for value in bands(hash)]
