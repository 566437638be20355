"""Tests of stamps that name their moment: confirmed by an authority, done without it, and given it later."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from storage.record.printing import stamping
from storage.record.printing.clocks import Clock, ClockFailed
from storage.record.printing.stamping import Level
from tests.storage.record.printing.test_stamping import AGENCY, KEY
from tests.storage.record.printing.test_typesetting import page

pytestmark = pytest.mark.quick


class Authority:
    """A time-stamp authority of the outside world, with a key of its own; `answer` is what it posts back."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )  # fmt: skip
        self.certificate = asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))
        secret = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._clock = DummyTimeStamper(self.certificate, asn1_keys.PrivateKeyInfo.load(secret))
        self.asked = 0

    async def answer(self, request: bytes) -> bytes:
        self.asked += 1
        found: bytes = (await self._clock.async_request_tsa_response(tsp.TimeStampReq.load(request))).dump()
        return found


async def out_of_reach(request: bytes) -> bytes:
    raise OSError(f"nobody answers {len(request)} bytes")


def trusting(authority: Authority) -> ValidationContext:
    roots = [stamping.certificate_of(KEY, AGENCY), authority.certificate]
    return ValidationContext(trust_roots=roots, allow_fetching=False)


async def test_an_authority_confirms_when_the_stamp_stood_there() -> None:
    authority, pdf = Authority(), page("停产撤人")
    stamped, level = await stamping.stamp_timed(pdf, KEY, agency=AGENCY, clock=Clock(authority.answer))
    assert (level, stamped.startswith(pdf)) == (Level.TIMED, True)
    signature = PdfFileReader(BytesIO(stamped)).embedded_signatures[0]
    status = await async_validate_pdf_signature(signature, trusting(authority))
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert (status.timestamp_validity.intact, status.timestamp_validity.valid) == (True, True)


@pytest.mark.parametrize("garbage", [b"", b"no answer", b"\x30\x03\x02\x01\x00"])
async def test_without_an_answer_the_stamp_stands_all_the_same_and_says_what_it_lacks(garbage: bytes) -> None:
    async def answer(_: bytes) -> bytes:
        return garbage

    for clock in (None, Clock(out_of_reach), Clock(answer)):
        stamped, level = await stamping.stamp_timed(page("停产撤人"), KEY, agency=AGENCY, clock=clock)
        assert level is Level.BASIC
        signature = PdfFileReader(BytesIO(stamped)).embedded_signatures[0]
        status = await async_validate_pdf_signature(signature, trusting(Authority()))
        assert (status.intact, status.valid, status.timestamp_validity) == (True, True, None)


async def test_an_answer_to_another_question_is_none() -> None:
    authority, kept = Authority(), list[bytes]()

    async def again(request: bytes) -> bytes:
        kept.append(await authority.answer(request))
        return kept[0]

    clock = Clock(again)
    await clock.async_dummy_response("sha512")
    _, level = await stamping.stamp_timed(page("停产撤人"), KEY, agency=AGENCY, clock=clock)
    assert (level, len(kept)) == (Level.BASIC, 2)


async def test_the_time_is_given_later_behind_the_stamp_which_stays_as_it_is() -> None:
    authority = Authority()
    stamped, _ = await stamping.stamp_timed(page("停产撤人"), KEY, agency=AGENCY, clock=None)
    with pytest.raises(ClockFailed):
        await stamping.raise_level(stamped, Clock(out_of_reach))
    raised = await stamping.raise_level(stamped, Clock(authority.answer))
    assert raised.startswith(stamped)
    reader = PdfFileReader(BytesIO(raised))
    status = await async_validate_pdf_signature(reader.embedded_regular_signatures[0], trusting(authority))
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    (time,) = reader.embedded_timestamp_signatures
    told = await async_validate_pdf_timestamp(time, trusting(authority))
    assert (told.intact, told.valid, told.trusted) == (True, True, True)
