"""SM2 with SM3: the example of the standard verifies, what is changed does not, and no malformed key is one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.record.ledger.proofs.commitments import sm2
from tests.vectors import sm2 as signing

pytestmark = pytest.mark.quick

SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
NUMBER = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
PUBLIC = sm2.HEAD + bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
MESSAGE = b"message digest"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
"""The example of GB/T 32918.5, appendix A."""


def test_the_example_of_the_standard_verifies() -> None:
    assert sm2.digest(PUBLIC, MESSAGE) == 0xF0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640
    assert sm2.verify(PUBLIC, MESSAGE, SIGNATURE)
    assert signing.public_key(SECRET) == PUBLIC
    assert signing.sign(SECRET, MESSAGE, NUMBER) == SIGNATURE


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=80), st.integers(1, signing.N - 2), st.integers(1, signing.N - 1))
def test_what_a_key_signs_verifies_under_it_alone(message: bytes, secret: int, number: int) -> None:
    public, signature = signing.public_key(secret), signing.sign(secret, message, number)
    assert sm2.verify(public, message, signature)
    assert not sm2.verify(public, message + b"x", signature)
    assert not sm2.verify(public, message, signature, identity=b"somebody else")
    assert not sm2.verify(PUBLIC, message, signature)


@given(st.integers(0, 63), st.integers(1, 255))
@settings(max_examples=25, deadline=None)
def test_a_changed_signature_is_no_signature(at: int, change: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[at] ^= change
    assert not sm2.verify(PUBLIC, MESSAGE, bytes(changed))


@pytest.mark.parametrize("part", [0, signing.N, 2**256 - 1])
def test_numbers_out_of_range_sign_nothing(part: int) -> None:
    good, wrong = SIGNATURE[:32], part.to_bytes(32)
    for signature in (wrong + SIGNATURE[32:], good + wrong, good + (signing.N - int.from_bytes(good)).to_bytes(32)):
        assert not sm2.verify(PUBLIC, MESSAGE, signature)
    assert not sm2.verify(PUBLIC, MESSAGE, SIGNATURE[:-1])
    assert not sm2.verify(PUBLIC, MESSAGE, SIGNATURE + b"\0")


def test_what_is_no_point_of_the_curve_is_no_key() -> None:
    x, y = PUBLIC[-64:-32], PUBLIC[-32:]
    beyond = (int.from_bytes(x) + signing.P).to_bytes(33)[1:]
    for wrong in (PUBLIC[:-1], PUBLIC + b"\0", sm2.HEAD + y + x, sm2.HEAD + bytes(64), sm2.HEAD + beyond + y, b""):
        assert not sm2.is_public_key(wrong)
        assert not sm2.verify(wrong, MESSAGE, SIGNATURE)
