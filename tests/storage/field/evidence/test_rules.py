"""Tests of the rules of evidence: what is refused, what is only flagged, and where the borders run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.field.evidence import media, rules
from storage.field.evidence.rules import Device, Flag, Link, Quarantine
from storage.field.evidence.tables import EvidenceState
from storage.record.clock import from_ms, to_ms
from storage.record.ledger.proofs import signatures
from storage.record.problems import Problem
from storage.register.devices.rules import DeviceNotValid
from tests.factories.field import HERE, Phone, Scene, new_key

pytestmark = pytest.mark.quick

NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)
HOUR, MS = timedelta(hours=1), timedelta(milliseconds=1)
SCENE = Scene(HERE, "office", NOW, phones=[Phone(uuid4(), uuid4(), new_key())])


def device(**changes: Any) -> Device:
    plain = Device(
        id=SCENE.phone.id, owner_id=SCENE.phone.owner_id, algorithm="ES256", public_key=SCENE.phone.key.public,
        enrolled_at=NOW - 10 * HOUR, valid_to=NOW + 100 * HOUR, gone_at=None,
    )  # fmt: skip
    return replace(plain, **changes)


def flags(last: Link | None = None, *, not_before: datetime = NOW - HOUR, **changes: Any) -> set[Flag]:
    return rules.flags_of(SCENE.statement(**changes), last=last, not_before=not_before, now=NOW)


def test_a_sound_statement_has_no_flag() -> None:
    assert flags() == set()
    assert flags(place={}) == set()


@pytest.mark.parametrize(
    ("wall", "flagged"),
    [
        (NOW + timedelta(minutes=5), False), (NOW + timedelta(minutes=5) + MS, True),
        (NOW - HOUR - timedelta(minutes=5), False), (NOW - HOUR - timedelta(minutes=5) - MS, True),
        (from_ms(0), True), (datetime(2099, 1, 1, tzinfo=UTC), True),
    ],
)  # fmt: skip
def test_a_clock_is_off_beyond_five_minutes_before_the_beacon_or_after_now(wall: datetime, flagged: bool) -> None:
    assert (Flag.CLOCK_OFF in flags(wall=to_ms(wall))) is flagged


@pytest.mark.parametrize("wall", [2**53 - 1, -(2**53 - 1)])
def test_a_clock_outside_all_calendars_is_a_fact_and_flagged(wall: int) -> None:
    assert flags(wall=wall) == {Flag.CLOCK_OFF}
    assert rules.captured_at(SCENE.statement(wall=wall)) is None


@pytest.mark.parametrize(
    ("place", "flag"),
    [
        ({"lat": 0, "lon": 0}, Flag.POSITION_IMPOSSIBLE),
        ({"lat": 900_000_001, "lon": 1_069_200_000}, Flag.POSITION_IMPOSSIBLE),
        ({"lat": 276_900_000, "lon": -1_800_000_001}, Flag.POSITION_IMPOSSIBLE),
        ({"lat": 276_900_000}, Flag.POSITION_IMPOSSIBLE),
        ({"lon": 1_069_200_000}, Flag.POSITION_IMPOSSIBLE),
        ({"lat": 399_000_000, "lon": 1_164_000_000}, Flag.POSITION_OUTSIDE),
        ({"lat": 297_000_001, "lon": 1_069_200_000}, Flag.POSITION_OUTSIDE),
        ({"lat": 297_000_000, "lon": 1_101_000_000}, None),
        ({"lat": 241_000_000, "lon": 1_031_000_000}, None),
    ],
)
def test_impossible_and_distant_positions_are_flagged(place: dict[str, int | str], flag: Flag | None) -> None:
    assert flags(place=place) == ({flag} if flag else set())


def test_a_chain_is_broken_by_a_contradiction_and_not_by_a_gap() -> None:
    last = Link(4, b"\x11" * 32)
    assert flags(last, seq=5, prev="11" * 32) == set()
    assert flags(last, seq=5, prev="22" * 32) == {Flag.CHAIN_BROKEN}
    assert flags(last, seq=7, prev="22" * 32) == set()
    assert flags(Link(-1, bytes(32)), seq=0) == set()
    assert flags(None, seq=3, prev="33" * 32) == set()


def problem(call: object, *arguments: object, **named: object) -> Problem:
    with pytest.raises(Problem) as found:
        call(*arguments, **named)  # type: ignore[operator] # A rule, whichever.
    return found.value


def test_bytes_that_are_no_canonical_statement_are_refused() -> None:
    data = SCENE.statement().encode()
    assert rules.must_be_a_statement(data).encode() == data
    for wrong in (data + b" ", b"{}", b"", b"\xff", data.replace(b'"seq":0', b'"seq":0.0'), data[:-1] + b',"x":1}'):
        assert isinstance(problem(rules.must_be_a_statement, wrong), rules.StatementMalformed)


@pytest.mark.parametrize("member", ["recording", "device", "maker"])
def test_a_statement_of_another_recording_device_or_maker_is_refused_by_name(member: str) -> None:
    phone = SCENE.phone
    ids: dict[str, Any] = {"recording": str(SCENE.recording_id), "device": str(phone.id), "maker": str(phone.owner_id)}
    told: dict[str, Any] = {member: str(uuid4())}
    rules.must_be_of(SCENE.statement(), **ids)
    found = problem(rules.must_be_of, SCENE.statement(**told), **ids)
    assert isinstance(found, rules.StatementOfAnother)
    assert found.parameters == {"member": member}


@pytest.mark.parametrize("kind", [kind for kind in signatures.DOMAINS if kind != "statement"])
def test_a_signature_of_any_other_kind_is_no_signature_of_a_statement(kind: str) -> None:
    item = SCENE.signed(SCENE.statement().encode(), kind=kind)
    assert isinstance(problem(rules.must_be_signed, item.statement, item.signature, device()), rules.SignatureWrong)


def test_a_signature_by_another_key_or_over_other_bytes_is_refused() -> None:
    item = SCENE.item()
    rules.must_be_signed(item.statement, item.signature, device())
    for data, signature, signer in (
        (item.statement + b" ", item.signature, device()),
        (item.statement, item.signature, device(public_key=new_key().public)),
        (item.statement, item.signature, device(algorithm="Ed25519")),
        (item.statement, b"", device()),
        (item.statement, item.signature + b"\0", device()),
    ):
        assert isinstance(problem(rules.must_be_signed, data, signature, signer), rules.SignatureWrong)


def test_only_media_up_to_the_limit_are_taken() -> None:
    rules.must_be_media(SCENE.statement(size=rules.LARGEST_FILE))
    large = problem(rules.must_be_media, SCENE.statement(size=rules.LARGEST_FILE + 1))
    assert large.parameters == {"limit": rules.LARGEST_FILE}
    for wrong in ("application/pdf", "text/html", "image/svg+xml"):
        assert isinstance(problem(rules.must_be_media, SCENE.statement(type=wrong)), rules.MediaTypeNotTaken)


def test_batches_have_one_to_a_hundred_items() -> None:
    rules.must_be_a_batch(1)
    rules.must_be_a_batch(100)
    assert isinstance(problem(rules.must_be_a_batch, 0), rules.BatchEmpty)
    assert problem(rules.must_be_a_batch, 101).parameters == {"limit": 100}


@pytest.mark.parametrize("end", ["gone_at", "valid_to"])
def test_what_was_made_before_a_device_ended_is_flagged_and_what_came_after_is_refused(end: str) -> None:
    def judged(at: datetime, *, wall: datetime = NOW - 2 * HOUR, beacon: datetime = NOW - 3 * HOUR) -> object:
        return rules.must_come_from_a_valid_device(
            SCENE.statement(wall=to_ms(wall)), device(**{end: at}), not_before=beacon, now=NOW
        )

    assert judged(NOW + MS) == ()
    assert judged(NOW) == (Flag.DECLARED_AFTER_LOSS,)
    assert judged(NOW - HOUR) == (Flag.DECLARED_AFTER_LOSS,)
    for wall, beacon in ((NOW - HOUR, NOW - 3 * HOUR), (NOW - 2 * HOUR, NOW - HOUR), (NOW, NOW)):
        with pytest.raises(DeviceNotValid):
            judged(NOW - HOUR, wall=wall, beacon=beacon)


def test_each_difference_of_the_stored_bytes_has_its_reason() -> None:
    def reason(**changes: Any) -> Quarantine | None:
        same = {"declared_sha256": b"a", "declared_size": 3, "declared_type": "image/jpeg", "sha256": b"a", "size": 3,
                "sniffed": "image/jpeg"}  # fmt: skip
        return rules.quarantine_reason(**{**same, **changes})

    assert reason() is None
    assert reason(sha256=b"b") == Quarantine.HASH_DIFFERS
    assert reason(size=4, sha256=b"b") == Quarantine.SIZE_DIFFERS
    assert reason(sniffed=None) == Quarantine.TYPE_NOT_TAKEN
    assert reason(sniffed="image/gif") == Quarantine.TYPE_NOT_TAKEN
    assert reason(sniffed="image/png") == Quarantine.TYPE_DIFFERS
    assert reason(declared_type="video/quicktime", sniffed="video/mp4") is None


def test_the_way_of_a_piece_has_no_way_back() -> None:
    assert set(rules.TRANSITIONS) == set(EvidenceState)
    for state, following in rules.TRANSITIONS.items():
        assert state not in following
        assert all(state not in rules.TRANSITIONS[one] for one in following)


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_any_wall_clock_becomes_a_time_or_none(wall: int) -> None:
    at = rules.captured_at(SCENE.statement(wall=wall))
    assert at is None or to_ms(at) == wall


@given(st.binary(max_size=64))
def test_no_head_whatever_breaks_the_sniffer(head: bytes) -> None:
    assert media.sniff(head) in media.TAKEN | {None}
