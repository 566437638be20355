"""Makes the ids that the server gives."""

import secrets
import time
from uuid import UUID


def new_id(at_ms: int | None = None) -> UUID:
    """A version 7 UUID (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits.

    The month partitions of the ledger are cut by these leading milliseconds.
    """
    milliseconds = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    random = int.from_bytes(secrets.token_bytes(10))
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    return UUID(int=value | 0b10 << 62 | random & 0x3FFF_FFFF_FFFF_FFFF)
