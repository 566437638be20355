"""The same receipt always gives the same keys, and a machine that miscounts is found out before anything is sent."""

import itertools

import pytest

from storage.record.ledger.proofs.reports import derivation, receipts
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

pytestmark = pytest.mark.quick

RECEIPT = receipts.Receipt(form="D", parameters="3", locator="482913", secret="551204338917620045")
SALT = derivation.salt_of(b"key", "D", "482913")


def quick(secret: bytes, salt: bytes, parameters: str) -> bytes:
    return (secret + salt + parameters.encode()).ljust(64, b".")[:32]


def test_two_derivations_that_differ_stop_everything() -> None:
    flips = itertools.count()
    with pytest.raises(derivation.DerivationDiffers):
        derivation.derive(RECEIPT, SALT, root=lambda *told: bytes([next(flips)]) * 32)


def test_each_digit_of_parameters_gives_other_keys() -> None:
    roots = {derivation.root_of(b"551204338917620045", SALT, digit) for digit in receipts.PARAMETERS}
    assert len(roots) == 3


def test_box_login_and_claim_are_three_keys() -> None:
    keys = derivation.derive(RECEIPT, SALT, root=quick)
    assert len(set(keys.public().values())) == 3
    assert keys.public() == derivation.derive(RECEIPT, SALT, root=quick).public()


def test_forms_and_servers_have_salts_of_their_own() -> None:
    salts = {derivation.salt_of(key, "D", locator) for key in (b"one", b"two") for locator in ("482913", "482914")}
    assert len(salts) == 4
    assert {len(salt) for salt in salts} == {derivation.SALT_SIZE}


def test_unknown_parameters_and_short_salts_are_refused() -> None:
    with pytest.raises(ReportMalformed, match="parameters"):
        derivation.root_of(b"x", SALT, "9")
    with pytest.raises(ReportMalformed, match="salt"):
        derivation.root_of(b"x", SALT[1:], "3")
