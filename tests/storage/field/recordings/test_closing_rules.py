"""Tests of the rules of closing; pure."""

from uuid import UUID, uuid4

import pytest

from storage.field.recordings import rules
from storage.field.recordings.tables import RecordingState
from storage.record.ledger.proofs.chains import Chain, check_chains
from tests.vectors import sample

pytestmark = pytest.mark.quick

RECORDING, CLOSER = UUID(sample.uuid_of("recording")), UUID(sample.uuid_of("maker"))


def chains() -> list[Chain]:
    return check_chains([*sample.chain(), *sample.chain(2, "second device")])


def test_a_closing_is_of_this_recording_and_this_officer() -> None:
    data = sample.closing().encode()
    assert rules.must_be_a_closing(data, recording_id=RECORDING, closer_id=CLOSER) == sample.closing()
    for recording, closer in ((uuid4(), CLOSER), (RECORDING, uuid4())):
        with pytest.raises(rules.ClosingMalformed):
            rules.must_be_a_closing(data, recording_id=recording, closer_id=closer)


def test_what_is_sealed_is_no_gap() -> None:
    rules.must_agree(sample.closing(), chains(), sealed_in_gap=None)
    with pytest.raises(rules.ClosingContradicts, match="seq 1 of device"):
        rules.must_agree(sample.closing(), chains(), sealed_in_gap=(uuid4(), 1))
    with pytest.raises(rules.ClosingContradicts, match="is not in the closing"):
        rules.must_agree(sample.closing(), check_chains(sample.chain(1, "third device")), sealed_in_gap=None)


def test_two_officers_are_two_people_with_two_devices() -> None:
    one, other, device = uuid4(), uuid4(), uuid4()
    rules.must_be_another((one, device), (other, uuid4()))
    for cosigner, same in (((one, uuid4()), "officer"), ((other, device), "device")):
        with pytest.raises(rules.CosignerNotAnother) as refusal:
            rules.must_be_another((one, device), cosigner)
        assert refusal.value.parameters == {"same": same}


def test_a_recording_is_open_then_signed_then_closed() -> None:
    assert rules.state_of(closed=False, signed=False) is RecordingState.OPEN
    assert rules.state_of(closed=False, signed=True) is RecordingState.SIGNED
    assert rules.state_of(closed=True, signed=True) is RecordingState.CLOSED
