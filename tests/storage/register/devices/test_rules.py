"""Tests of the rules of devices, without any server."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from storage.record.problems import BadInput
from storage.register.devices import rules
from storage.register.devices.tables import Device, DeviceKind
from tests.factories.people import NOON, new_key

pytestmark = pytest.mark.quick
HOUR = timedelta(hours=1)


def device(*, lost_at: datetime | None = None, revoked_at: datetime | None = None) -> Device:
    return Device(
        id=uuid4(), owner_id=uuid4(), kind=DeviceKind.PHONE, name="phone", algorithm="ES256",
        public_key=new_key().public,
        enrolled_at=NOON, valid_to=NOON + 10 * HOUR, lost_at=lost_at, revoked_at=revoked_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "end"),
    [
        (device(), NOON + 10 * HOUR),
        (device(lost_at=NOON + HOUR), NOON + HOUR),
        (device(revoked_at=NOON + 2 * HOUR), NOON + 2 * HOUR),
        (device(lost_at=NOON + HOUR, revoked_at=NOON + 2 * HOUR), NOON + HOUR),
        (device(lost_at=NOON + 3 * HOUR, revoked_at=NOON + 2 * HOUR), NOON + 2 * HOUR),
        (device(lost_at=NOON + 11 * HOUR), NOON + 10 * HOUR),
    ],
)
def test_what_was_signed_before_the_end_stays_valid_and_nothing_after(given: Device, end: datetime) -> None:
    rules.must_sign_at(given, end - timedelta(milliseconds=1))
    for moment in (end, end + HOUR):
        with pytest.raises(rules.DeviceNotValid):
            rules.must_sign_at(given, moment)


def test_a_clock_years_behind_is_a_fact_and_no_reason() -> None:
    rules.must_sign_at(device(), NOON - timedelta(days=4000))


@pytest.mark.parametrize("first", [0, -1, 11])
def test_one_to_ten_beacons_are_handed_out(first: int) -> None:
    assert rules.how_many(10) == 10
    with pytest.raises(BadInput):
        rules.how_many(first)
