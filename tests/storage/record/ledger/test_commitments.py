"""Bundles of commitments: what verifies in which way, what names what is wrong, and no byte that may be changed."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage.record.ledger.proofs import checkpoints
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from storage.record.ledger.proofs.commitments import acts, bundles, documents, signing
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.ledger.proofs.commitments.signing import Signature, SignatureWrong
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.verdicts import Status, Verdict
from tests.vectors import promised, sample

pytestmark = pytest.mark.quick

SERVER = sample.server()
TRUST = SERVER.keys.document()
DOCUMENT = promised.commitment().encode()
DIGEST = documents.digest_of(DOCUMENT)
Said = dict[str, Entry]


def verdict_on(data: bytes, trust: dict[str, Any] | None = TRUST) -> Verdict:
    return bundles.verify_bundle(data, trust)


def named(verdict: Verdict) -> str:
    """The check that failed first."""
    assert verdict.failed is not None, verdict.summary
    return verdict.failed.name


def changed(*path: str, to: Any, of: bytes | None = None) -> bytes:
    whole: Any = parse_canonical(of or promised.bundled(), bundles.LIMIT)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return canonical(whole)


def saying(name: str, **data: Any) -> Callable[[Said], Said]:
    """The entries with other data in one of them; None leaves a member out."""

    def said(all: Said) -> Said:
        told = {key: item for key, item in (all[name].data | data).items() if item is not None}
        return {**all, name: replace(all[name], data=told)}

    return said


@pytest.mark.parametrize("way", [one for one in promised.WAYS if one != "ink"])
def test_a_bundle_signed_by_a_key_is_verified_to_the_last_check(way: str) -> None:
    verdict = verdict_on(promised.bundled(way))
    assert (verdict.status, verdict.complete) == (Status.VERIFIED, True), verdict.summary
    assert [check.name for check in verdict.checks] == [
        "bundle", "keys", "commitment", "entries", "agreement", "signature", "key", "pdf", "checkpoint", "inclusion",
        "trust",
    ]  # fmt: skip
    assert verdict.summary == (
        "VERIFIED: commitment of 样例煤矿 for 2027: signed 2027-01-26T21:46:40.000+00:00 by 王某 by "
        f"{way.split(',')[0]}; whether it still stands, the log says"
    )


def test_ink_is_said_to_be_the_lower_level_and_leaves_the_verdict_incomplete() -> None:
    verdict = verdict_on(promised.bundled("ink"))
    assert (verdict.status, verdict.complete) == (Status.VERIFIED, False)
    assert "in ink (the lower level)" in verdict.summary
    assert next(check.ok for check in verdict.checks if check.name == "signature") is None


def test_seal_and_stamp_are_checked_where_they_are() -> None:
    whole = promised.bundled("passkey", sealed=True, pdf=promised.STAMPED)
    verdict = verdict_on(whole)
    assert verdict.complete, verdict.summary
    assert "seal" in [check.name for check in verdict.checks]
    principals = promised.signature("token, ES256", DOCUMENT).document()
    assert named(verdict_on(changed("seal", to=principals, of=whole))) == "agreement"
    assert named(verdict_on(changed("pdf", to=to_base64url(promised.STAMPED[:-1]), of=whole))) == "pdf"
    assert named(verdict_on(changed("seal", to=parse_canonical(whole, bundles.LIMIT)["signature"], of=whole))) == (
        "bundle"
    ), "a passkey is no seal"


def test_without_trusted_keys_it_is_only_consistent_and_with_others_broken() -> None:
    assert verdict_on(promised.bundled(), None).status is Status.CONSISTENT_BUT_UNTRUSTED
    forged = promised.bundled(by=sample.server("forger"))
    assert verdict_on(forged, None).status is Status.CONSISTENT_BUT_UNTRUSTED
    assert named(verdict_on(forged)) == "trust"


def test_a_log_whose_key_was_rotated_since_is_reached() -> None:
    later = SERVER.rotated("ledger", "next ledger", promised.SIGNED - 1)
    assert verdict_on(promised.bundled(by=later)).complete


@pytest.mark.parametrize(
    ("said", "failing"),
    [
        (saying("signed", year=2028), "agreement"),
        (saying("signed", year=True), "agreement"),
        (saying("signed", mine=sample.uuid_of("another mine")), "agreement"),
        (saying("signed", mine_name="另一煤矿"), "agreement"),
        (saying("signed", principal=promised.OFFICER), "agreement"),
        (saying("signed", checked=sample.uuid_of("another check")), "key"),
        (saying("signed", agreed=None), "entries"),
        (saying("signed", more="than is known"), "entries"),
        (saying("signed", pdf_size=0), "entries"),
        (saying("signed", pdf_size=len(promised.PDF) - 1), "entries"),
        (saying("signed", pdf_size=len(promised.PDF) + 1, pdf="ab" * 32), "pdf"),
        (saying("checked", principal=promised.OFFICER), "key"),
        (saying("checked", way="PASSKEY"), "key"),
        (saying("checked", key="AAAA"), "key"),
        (saying("agreed", mine=sample.uuid_of("another mine")), "key"),
        (lambda all: {**all, "checked": replace(all["checked"], at=promised.SIGNED + 1)}, "key"),
        (lambda all: {**all, "checked": replace(all["checked"], actor=None)}, "key"),
        (lambda all: {**all, "agreed": replace(all["agreed"], at=promised.SIGNED + 1)}, "key"),
        (lambda all: {**all, "agreed": replace(all["agreed"], kind="commitment.answered")}, "entries"),
        (lambda all: {**all, "signed": replace(all["signed"], kind="commitment.sealed")}, "entries"),
        (lambda all: {name: item for name, item in all.items() if name != "checked"}, "entries"),
    ],
)  # fmt: skip
def test_what_the_log_says_otherwise_is_named(said: Callable[[Said], Said], failing: str) -> None:
    assert named(verdict_on(promised.bundled(said=said))) == failing


def test_an_answer_left_open_or_a_clause_without_a_key_is_no_commitment() -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"answers": []}, {"answers": [{"key": one} for one in ("gas", "fans", "third")]}, {"clauses": [{}]},
        {"answers": [{"key": one} for one in ("fans", "gas")]}, {"clauses": []}, {"nonce": b"short"}, {"year": 0},
        {"principal_name": ""}, {"supersedes": "x"}, {"template": "x"}, {"version": 0},
    )  # fmt: skip
    for wrong in changes:
        with pytest.raises(documents.CommitmentMalformed):
            promised.commitment(**wrong).encode()
    again = promised.commitment(supersedes=DIGEST.hex())
    assert Commitment.decode(again.encode()) == again


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"type": "webauthn.create"}, "no assertion"),
        ({"crossOrigin": True}, "another page"),
        ({"challenge": to_base64url(bytes(32))}, "challenge"),
        ({"origin": "http://localhost:8701"}, "origin"),
        ({"party": "example.cn"}, "another party"),
        ({"flags": 1}, "verify the user"),
        ({"flags": 4}, "verify the user"),
    ],
)
def test_an_assertion_that_a_relying_party_would_refuse_is_refused_later_too(said: dict[str, Any], why: str) -> None:
    signer = sample.es256("vector commitment")
    by = Signature(way=signing.PASSKEY, algorithm="ES256", key=signer.public)
    asserted = promised.asserted(by, documents.challenge_of(promised.NONCE, DIGEST), signer.sign, **said)
    with pytest.raises(SignatureWrong, match=why):
        signing.must_be_signed(
            asserted, "commitment", nonce=promised.NONCE, digest=DIGEST, origin=promised.ORIGIN,
            relying_party=promised.PARTY,
        )  # fmt: skip


@pytest.mark.parametrize("origin", ["http://evil-localhost", "http://localhost.evil.cn", "", "localhost"])
def test_an_origin_that_is_none_of_the_party_is_refused_whatever_the_entry_says(origin: str) -> None:
    signer = sample.es256("vector commitment")
    by = Signature(way=signing.PASSKEY, algorithm="ES256", key=signer.public)
    challenge = documents.challenge_of(promised.NONCE, DIGEST)
    asserted = promised.asserted(by, challenge, signer.sign, origin=origin)
    with pytest.raises(SignatureWrong, match="origin"):
        signing.must_be_signed(
            asserted, "commitment", nonce=promised.NONCE, digest=DIGEST, origin=origin, relying_party=promised.PARTY
        )


def test_a_signature_of_one_kind_or_way_passes_for_no_other() -> None:
    for way in ("key, Ed25519", "token, SM2", "token, ES256"):
        for kind, other in (("commitment", "seal"), ("seal", "commitment")):
            signed = promised.signature(way, DOCUMENT, kind)
            signing.must_be_signed(signed, kind, nonce=promised.NONCE, digest=DIGEST)
            with pytest.raises(SignatureWrong):
                signing.must_be_signed(signed, other, nonce=promised.NONCE, digest=DIGEST)
    by_token = promised.signature("token, SM2", DOCUMENT).document()
    others: tuple[object, ...] = (
        {**by_token, "way": "KEY"}, {**by_token, "algorithm": "ES256"}, {**by_token, "way": "STAMP"}, {}, [],
        {**by_token, "scan": "x"}, {**by_token, "key": 1}, {**by_token, "way": []}, {**by_token, "algorithm": []},
    )  # fmt: skip
    for wrong in others:
        with pytest.raises(SignatureWrong):
            Signature.parse(wrong)


def test_the_builder_leaves_out_what_witnesses_signed_and_the_check_refuses_it() -> None:
    placed, checkpoint = promised.logged(
        promised.entries_of(DOCUMENT, promised.signature("key, Ed25519", DOCUMENT)), SERVER
    )
    cosigned = checkpoints.cosign(checkpoint, "witness.example", sample.ed25519("witness", "witness"))
    made = bundles.bundle(
        commitment=DOCUMENT, signature=promised.signature("key, Ed25519", DOCUMENT), pdf=promised.PDF, entries=placed,
        checkpoint=cosigned, keys=TRUST,
    )  # fmt: skip
    assert made == promised.bundled()
    assert named(verdict_on(changed("checkpoint", to=cosigned))) == "checkpoint"


@pytest.mark.parametrize(
    ("data", "failing"),
    [
        (b"", "bundle"), (b"[]", "bundle"), (b"{}", "bundle"), (b"\xff", "bundle"),
        (changed("v", to="pithead/commitment-bundle/2"), "bundle"), (changed("more", to=1), "bundle"),
        (changed("entries", to=[]), "bundle"), (changed("entries", "more", to=1), "bundle"),
        (changed("entries", "signed", "position", to=201), "bundle"), (changed("checkpoint", to=1), "bundle"),
        (changed("entries", to={}), "entries"), (changed("entries", "signed", "payload", to=""), "entries"),
        (changed("keys", to={}), "keys"), (changed("commitment", to="{}"), "commitment"),
        (changed("seal", to=1), "bundle"), (changed("seal", to={"way": "INK", "scan": "ab" * 32}), "entries"),
        (changed("entries", "signed", "position", to="300"), "inclusion"),
    ],
)  # fmt: skip
def test_whatever_comes_is_answered_with_a_verdict_that_names_it(data: bytes, failing: str) -> None:
    assert named(verdict_on(data)) == failing
    assert verdict_on(data).exit_code == 1


@pytest.mark.parametrize(("way", "step"), [("key, Ed25519", 1), ("passkey", 5), ("token, SM2", 41), ("ink", 5)])
def test_a_byte_changed_anywhere_is_caught_and_named(way: str, step: int) -> None:
    """Every byte of the first, and each n-th of the others, among them those of seal and stamp."""
    whole = promised.bundled(way, sealed=way != "key, Ed25519", pdf=promised.STAMPED)
    assert verdict_on(whole).status is Status.VERIFIED
    chosen = random.Random(8)
    for at in range(chosen.randrange(step), len(whole), step):
        flipped = bytearray(whole)
        flipped[at] ^= chosen.choice([1, 2, 4, 8, 16, 32, 64, 128, chosen.randrange(1, 256)])
        verdict = verdict_on(bytes(flipped))
        assert verdict.status is Status.BROKEN, (at, whole[at : at + 20], flipped[at : at + 20])
        assert named(verdict) in {check.name for check in verdict.checks}
        assert len(verdict.summary) > len("BROKEN: commitment: ")


def test_what_was_cut_off_or_added_is_caught_wherever() -> None:
    whole, chosen = promised.bundled("passkey"), random.Random(9)
    for _ in range(60):
        at, more = chosen.randrange(len(whole)), chosen.randbytes(chosen.randrange(1, 4))
        for wrong in (whole[:at], whole[:at] + more + whole[at:], whole[:at] + whole[at + len(more) :]):
            assert verdict_on(wrong).status is Status.BROKEN


def test_the_data_of_entries_is_what_the_check_asks_for() -> None:
    signed = promised.signature("passkey", DOCUMENT)
    data = acts.signed_data(
        DOCUMENT, signed, pdf=bytes(32), pdf_size=1, checked="c", agreed="a", origin="o", relying_party="r"
    )
    assert set(data) == {
        "digest", "mine", "mine_name", "principal", "principal_name", "year", "way", "algorithm", "key", "signature",
        "pdf", "pdf_size", "checked", "agreed", "origin", "relying_party",
    }  # fmt: skip
    assert acts.needed(promised.signature("ink", DOCUMENT), sealed=False, stamped=True) == {
        "signed": acts.SIGNED, "stamped": acts.STAMPED,
    }  # fmt: skip
