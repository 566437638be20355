"""The certificate of a CA's token: which key it carries, in which algorithm, and whether it holds; pure."""

from datetime import datetime

from asn1crypto import x509

from storage.promises.keys.rules import CertificateUnfit
from storage.record.ledger.proofs.commitments.signing import ALGORITHMS, TOKEN, is_public_key

LONGEST = 16_384


def key_of(certificate: bytes, now: datetime) -> tuple[str, bytes]:
    """Algorithm and key (SPKI DER) of a certificate (X.509 DER) that holds now; CertificateUnfit.

    Who issued it is shown to the officer who checks whose it is: there is no list of authorities here to trust.
    """
    try:
        if len(certificate) > LONGEST:
            raise ValueError("too long")
        found = x509.Certificate.load(certificate, strict=True)
        span = found["tbs_certificate"]["validity"]
        since, until = span["not_before"].native, span["not_after"].native
        key: bytes = found.public_key.dump()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CertificateUnfit(reason="X.509") from error
    if not since <= now <= until:
        raise CertificateUnfit(reason=f"{since:%Y-%m-%d} – {until:%Y-%m-%d}")
    fitting = [algorithm for algorithm in ALGORITHMS[TOKEN] if is_public_key(algorithm, key)]
    if not fitting:
        raise CertificateUnfit(reason=", ".join(ALGORITHMS[TOKEN]))
    return fitting[0], key
