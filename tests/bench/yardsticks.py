"""What may live here: what one core of this machine can do, for rows that are shares of it."""

import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def verifications(*, seconds: float = 0.5) -> float:
    """VERIFY: P-256 verifications a second of one core with `cryptography`, over a statement's size of bytes."""
    key = ec.generate_private_key(ec.SECP256R1())
    public, algorithm, message = key.public_key(), ec.ECDSA(hashes.SHA256()), bytes(700)
    signature = key.sign(message, algorithm)
    done, begun = 0, time.process_time()
    while time.process_time() - begun < seconds:
        for _ in range(50):
            public.verify(signature, message, algorithm)
        done += 50
    return done / (time.process_time() - begun)
