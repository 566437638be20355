"""Stamps PDFs with the agency's key: behind the rendered bytes, which stay as they are, so both can be checked."""

import logging
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import algos, keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.signers.pdf_cms import Signer as CmsSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from storage.record.ledger.proofs.signatures import Signer
from storage.record.printing.clocks import FAILURES, Clock, ClockFailed

log = logging.getLogger(__name__)
FIELD, TIME_FIELD = "Stamp", "Time"
_ALGORITHM = "ed25519"
_SINCE, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)
"""The certificate only carries the key; from when to when the key holds is said by the list of public keys."""


class _ByKey(CmsSigner):
    """The library's own way of being given a key that only signs: a class with this one method."""

    def __init__(self, key: Signer, certificate: x509.Certificate) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # The library types most of itself.
        super().__init__(
            signing_cert=certificate, cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": _ALGORITHM}),
        )  # fmt: skip
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature over these bytes."""
        return self._key.sign(data)


class Level(StrEnum):
    """How much a stamp says of its own moment (ETSI EN 319 142-1): nothing, or what an authority confirmed."""

    BASIC = "B-B"
    TIMED = "B-T"


async def stamp_timed(pdf: bytes, key: Signer, *, agency: str, clock: Clock | None) -> tuple[bytes, Level]:
    """The PDF with the stamp and the authority's time, or without that where none could be had; and which it is."""
    if clock is not None:
        try:
            return await stamp(pdf, key, agency=agency, clock=clock), Level.TIMED
        except FAILURES:
            log.warning("no time-stamp was to be had: stamped without")
    return await stamp(pdf, key, agency=agency), Level.BASIC


async def raise_level(stamped: bytes, clock: Clock) -> bytes:
    """The stamped PDF with an authority's time behind it over all of it; ClockFailed, where none could be had."""
    try:
        written = await PdfTimeStamper(clock, field_name=TIME_FIELD).async_timestamp_pdf(
            IncrementalPdfFileWriter(BytesIO(stamped)), "sha512"
        )
    except FAILURES as error:
        raise ClockFailed(str(error)) from error
    raised: bytes = written.getbuffer().tobytes()
    return raised


async def stamp(pdf: bytes, key: Signer, *, agency: str, clock: Clock | None = None) -> bytes:
    """The same PDF with the agency's stamp behind it; ValueError for a key that is no Ed25519 key.

    With a clock, its authority confirms when the stamp stood there; any of `clocks.FAILURES`, where it does not.
    """
    if key.algorithm != "Ed25519":
        raise ValueError("the stamp key is an Ed25519 key")
    certificate = certificate_of(key, agency)
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha512", subfilter=SigSeedSubFilter.PADES, name=agency, app_build_props=None
    )
    signer = PdfSigner(meta, signer=_ByKey(key, certificate), timestamper=clock)
    written = await signer.async_sign_pdf(_without_suspects(IncrementalPdfFileWriter(BytesIO(pdf))))
    stamped: bytes = written.getbuffer().tobytes()
    return stamped


def _without_suspects(writer: IncrementalPdfFileWriter) -> IncrementalPdfFileWriter:
    """`/Suspects false` says what its absence says (ISO 32000-1, table 321), and poppler calls it an error."""
    marks = writer.root.get("/MarkInfo")
    if marks is not None and "/Suspects" in marks and not marks["/Suspects"]:
        del marks["/Suspects"]
        writer.update_root()  # type: ignore[no-untyped-call] # The library types most of itself.
    return writer


@lru_cache(maxsize=64)
def certificate_of(key: Signer, agency: str) -> x509.Certificate:
    """The certificate that carries a stamp key in PDFs, signed by itself: always the same for one key and agency."""
    name = x509.Name.build({"organization_name": agency, "common_name": key.id})
    said = x509.TbsCertificate(
        {
            "version": "v3", "serial_number": int.from_bytes(key.public[-16:], "big"),
            "signature": {"algorithm": _ALGORITHM}, "issuer": name, "subject": name,
            "validity": {"not_before": _time(_SINCE), "not_after": _time(_UNTIL)},
            "subject_public_key_info": keys.PublicKeyInfo.load(key.public),
            "extensions": [_usage()],
        }
    )  # fmt: skip
    return x509.Certificate(
        {"tbs_certificate": said, "signature_algorithm": {"algorithm": _ALGORITHM},
         "signature_value": key.sign(said.dump())}
    )  # fmt: skip


def _usage() -> dict[str, Any]:
    return {"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature", "non_repudiation"}}


def _time(moment: datetime) -> x509.Time:
    kind = "utc_time" if moment.year < 2050 else "general_time"
    return x509.Time({kind: moment})
