"""How a body is signed between us and whoever is told, or tells us: HMAC-SHA256 over the moment and the body."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final

HEADER: Final = "Pithead-Signature"
FRESH: Final = timedelta(minutes=5)
"""How far the moment of a signature may lie from ours, either way: what is older was kept by somebody."""
_FORM: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def signature(secret: str, body: bytes, *, at: datetime) -> str:
    """The header's value: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hex>`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_code(secret, seconds, body)}"


def is_signed(secret: str, body: bytes, header: str, *, now: datetime) -> bool:
    """Whether the header signs this body with this secret, and not too long ago nor ahead."""
    found = _FORM.fullmatch(header)
    if found is None:
        return False
    seconds = int(found[1])
    # The code is compared first and always, so that the time it takes tells nothing of the moment.
    genuine = hmac.compare_digest(_code(secret, seconds, body), found[2])
    return genuine and abs(now.timestamp() - seconds) <= FRESH.total_seconds()


def _code(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), str(seconds).encode() + b"." + body, hashlib.sha256).hexdigest()
