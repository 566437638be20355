"""Tests of the stamp: it stands behind the bytes that were set, holds in other people's readers, and is of one key."""

from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from storage.record.ledger.proofs.signatures import signer
from storage.record.printing import stamping
from tests.storage.record.printing.test_typesetting import page

pytestmark = pytest.mark.quick

KEY = signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), id="stamp:0001")
AGENCY = "国家矿山安全监察局贵州局"


async def test_the_stamp_stands_behind_the_bytes_that_were_set_and_holds() -> None:
    pdf = page("停产撤人")
    stamped = await stamping.stamp(pdf, KEY, agency=AGENCY)
    assert stamped.startswith(pdf)
    signature = PdfFileReader(BytesIO(stamped)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[stamping.certificate_of(KEY, AGENCY)], allow_fetching=False)
    status = await async_validate_pdf_signature(signature, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert signature.signer_cert.public_key.dump() == KEY.public


async def test_a_changed_page_bears_no_stamp_that_holds() -> None:
    stamped = await stamping.stamp(page("停产撤人"), KEY, agency=AGENCY)
    at = stamped.index(b"/Title")
    changed = stamped[: at + 10] + bytes([stamped[at + 10] ^ 1]) + stamped[at + 11 :]
    context = ValidationContext(trust_roots=[stamping.certificate_of(KEY, AGENCY)], allow_fetching=False)
    signature = PdfFileReader(BytesIO(changed)).embedded_signatures[0]
    assert not (await async_validate_pdf_signature(signature, context)).intact


async def test_a_key_of_another_kind_stamps_nothing() -> None:
    with pytest.raises(ValueError, match="Ed25519"):
        await stamping.stamp(page(), signer(ec.generate_private_key(ec.SECP256R1()), id="x"), agency=AGENCY)


async def test_a_stamped_page_says_nothing_that_readers_call_an_error() -> None:
    stamped = await stamping.stamp(page("停产撤人"), KEY, agency=AGENCY)
    marks = PdfFileReader(BytesIO(stamped)).root["/MarkInfo"]
    assert (marks["/Marked"], "/Suspects" in marks) == (True, False)
