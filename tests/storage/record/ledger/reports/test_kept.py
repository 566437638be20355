"""Secrets in parts, a recipient's key as it is kept and recovered, and what a reporter signs or works for."""

from itertools import combinations
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from storage.record.ledger.proofs.reports import kept, shares, signing, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

pytestmark = pytest.mark.quick

REWARD = "27b8f4b2-4aa7-4b6a-8779-89eb0b8f9b90"
secrets_of_32 = st.binary(min_size=32, max_size=32)


def raw(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


@given(secrets_of_32)
def test_both_halves_give_the_key_and_any_two_of_three_shares_the_secret(secret: bytes) -> None:
    assert shares.join(*shares.halve(secret)) == secret
    parts = shares.split(secret)
    assert {shares.combine(one, other) for pair in combinations(parts, 2) for one, other in (pair, pair[::-1])} == {
        secret
    }


@given(secrets_of_32, secrets_of_32, st.integers(1, 3))
def test_one_share_fits_every_secret(secret: bytes, other: bytes, number: int) -> None:
    # For each other secret there is a line through the same point: the share says nothing.
    share = shares.split(secret)[number - 1]
    inverse = next(item for item in range(1, 256) if shares._times(item, number) == 1)
    slope = bytes(shares._times(inverse, mine ^ byte) for mine, byte in zip(share[1:], other, strict=True))
    assert shares.split(other, draw=lambda size: slope)[number - 1] == share


def test_a_share_twice_or_of_another_form_is_refused() -> None:
    one, two, _ = shares.split(bytes(32))
    for left, right in ((one, one), (one, two[:-1]), (bytes([0]) + one[1:], two), (bytes([4]) + one[1:], two)):
        with pytest.raises(ReportMalformed, match="share"):
            shares.combine(left, right)


def test_a_kept_key_opens_with_its_pass_phrase_alone() -> None:
    private = X25519PrivateKey.generate()
    stored = kept.keep(private, "井口的灯一直亮着 2026")
    assert len(stored) == kept.SIZE
    assert raw(kept.open_kept(stored, " 井口的灯一直亮着 2026 ", raw(private))) == raw(private)
    for phrase, public in (
        ("井口的灯一直亮着 2027", raw(private)),
        ("井口的灯一直亮着 2026", raw(X25519PrivateKey.generate())),
    ):
        with pytest.raises(ReportMalformed, match="pass-phrase"):
            kept.open_kept(stored, phrase, public)
    with pytest.raises(ReportMalformed, match="pass-phrase 5"):
        kept.keep(private, "short")
    with pytest.raises(ReportMalformed, match="kept key"):
        kept.open_kept(b"9" + stored[1:], "井口的灯一直亮着 2026", raw(private))


def test_two_custodians_bring_a_lost_key_back_and_one_does_not() -> None:
    lost, new, stranger = (X25519PrivateKey.generate() for _ in range(3))
    custodians = [X25519PrivateKey.generate() for _ in range(3)]
    owner = wraps.key_id(raw(lost))
    parts = kept.share_out(lost, [raw(each) for each in custodians])
    again = [
        kept.rewrap_share(part.wrapped, custodian, owner=owner, new_public=raw(new))
        for part, custodian in zip(parts, custodians, strict=True)
    ]
    for pair in combinations(again, 2):
        assert raw(kept.recover(pair, new, raw(lost))) == raw(lost)
    for given_back, private, public in (
        (again[:1], new, raw(lost)),
        ([again[0]] * 2, new, raw(lost)),
        (again[:2], stranger, raw(lost)),
        (again[:2], new, raw(stranger)),
    ):
        with pytest.raises(ReportMalformed):
            kept.recover(given_back, private, public)


def test_a_key_is_shared_out_among_three_different_custodians() -> None:
    one, two = raw(X25519PrivateKey.generate()), raw(X25519PrivateKey.generate())
    for custodians in ([one, two], [one, two, one]):
        with pytest.raises(ReportMalformed, match="custodians"):
            kept.share_out(X25519PrivateKey.generate(), custodians)


def test_what_is_signed_names_form_locator_challenge_reward_amount_and_payee() -> None:
    key = Ed25519PrivateKey.generate()
    public, reward = key.public_key().public_bytes_raw(), str(uuid4())
    message = signing.login_message("D", "482913", "abc")
    assert message == b"pithead report login v1\nD482913\nabc"
    assert signing.is_signed(public, message, key.sign(message))
    others = [signing.login_message("D", "482914", "abc"), signing.claim_message(reward, 1, "CASH", b"")]
    assert not any(signing.is_signed(public, other, key.sign(message)) for other in others)
    claims = [(fen, way, payee) for fen in (1, 2) for way in signing.PAYOUTS for payee in (b"a", b"b")]
    assert len({signing.claim_message(reward, *claim) for claim in claims}) == 8


def test_weak_and_malformed_signing_keys_are_none() -> None:
    assert not signing.is_signing_key(bytes(32))
    assert not signing.is_signing_key(bytes([1]) + bytes(31))
    assert not signing.is_signing_key(b"")
    assert not signing.is_signed(b"", b"", b"")


@pytest.mark.parametrize(
    ("reward", "amount", "payout", "digest"),
    [("x", 1, "CASH", "0" * 64), (REWARD, 0, "CASH", "0" * 64), (REWARD, 1, "CASH", "0" * 63),
     (REWARD, 1, "CASH\n", "0" * 64)],
)  # fmt: skip
def test_a_claim_has_one_form(reward: str, amount: int, payout: str, digest: str) -> None:
    with pytest.raises(ReportMalformed, match="claim"):
        signing.claim_message_of(reward, amount, payout, digest)


@given(st.integers(0, 10))
def test_work_is_done_once_it_was_worked(bits: int) -> None:
    nonce = signing.work("a.reservation", bits)
    assert signing.work_is_done("a.reservation", nonce, bits)
    assert not signing.work_is_done("a.reservation", nonce, 200)


def test_nobody_is_made_to_work_for_ever() -> None:
    with pytest.raises(ReportMalformed, match="work"):
        signing.work("a", signing.BITS_AT_MOST + 1)
    assert not signing.work_is_done("a", "no nonce\n", 1)
    with pytest.raises(ReportMalformed, match="challenge"):
        signing.login_message("D", "482913", "a\nb")
