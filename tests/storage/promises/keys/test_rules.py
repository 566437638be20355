"""Tests of what a key must be to count: passkeys as browsers tell them, certificates, and who checks whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from storage.promises.keys import certificates, passkeys, rules
from storage.promises.keys.passkeys import RelyingParty
from storage.record.ledger.proofs.signatures import is_public_key
from storage.record.problems import BadInput, Problem
from tests.factories.authenticators import ORIGIN, PARTY, PRESENT, Authenticator, client_data
from tests.factories.people import new_key
from tests.factories.tokens import certificate_of, token_of
from tests.sites import NOW

pytestmark = pytest.mark.quick

CHALLENGE = bytes(range(32))


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
def test_a_passkey_is_registered_with_the_key_that_it_made(algorithm: str) -> None:
    made = Authenticator(algorithm=algorithm, counter=3)
    found = passkeys.registered(made.create(CHALLENGE), challenge=CHALLENGE, party=PARTY)
    assert (found.algorithm, found.counter, found.credential_id) == (algorithm, 3, made.credential_id)
    assert is_public_key(algorithm, found.public_key)


def test_what_a_browser_says_of_another_challenge_page_user_or_key_registers_nothing() -> None:
    made = Authenticator()
    given = made.create(CHALLENGE)

    def refused(problem: type[Problem], attestation: passkeys.Attestation, party: RelyingParty = PARTY) -> None:
        with pytest.raises(problem):
            passkeys.registered(attestation, challenge=CHALLENGE, party=party)

    wrong = rules.CommitmentSignatureWrong
    refused(wrong, made.create(bytes(32)))
    refused(rules.OriginWrong, made.create(CHALLENGE, origin="https://pithead.example.evil"))
    refused(rules.UserNotVerified, made.create(CHALLENGE, flags=PRESENT))
    refused(wrong, replace(given, credential_id=b"another"))
    refused(wrong, replace(given, client=client_data("webauthn.get", CHALLENGE, ORIGIN)))
    refused(wrong, replace(given, client=b"{}"))
    refused(wrong, replace(given, attestation=b"\xa0"))
    refused(wrong, replace(given, attestation=given.attestation[:-1]))
    refused(wrong, Authenticator(party="evil.example").create(CHALLENGE))
    refused(BadInput, replace(given, attestation=b""))
    refused(BadInput, replace(given, client=b" " * 2_049))


@pytest.mark.parametrize("algorithm", ["ES256", "SM2"])
def test_a_certificate_gives_its_key_on_the_days_on_which_it_holds(algorithm: str) -> None:
    token = token_of(algorithm)
    assert certificates.key_of(token.certificate, NOW) == (algorithm, token.public)
    for moment in (datetime(2024, 12, 31, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)):
        with pytest.raises(rules.CertificateUnfit):
            certificates.key_of(token.certificate, moment)


@pytest.mark.parametrize("given", [b"", b"\x30\x00", b"x" * 16_385, token_of("ES256").certificate + b"x"])
def test_what_is_no_certificate_is_said_to_be_none(given: bytes) -> None:
    with pytest.raises(rules.CertificateUnfit):
        certificates.key_of(given, NOW)


def test_a_certificate_of_a_key_that_no_token_signs_with_here_is_unfit() -> None:
    given = certificate_of(new_key("Ed25519").public, datetime(2025, 1, 1, tzinfo=UTC), NOW + timedelta(days=1))
    with pytest.raises(rules.CertificateUnfit):
        certificates.key_of(given, NOW)


def test_nobody_checks_his_own_key_and_only_the_registers_principal_promises() -> None:
    who = uuid4()
    rules.must_be_another(who, uuid4())
    with pytest.raises(rules.KeyCheckTakesTwo):
        rules.must_be_another(who, who)
    rules.must_be_the_principal(who, who)
    for named in (None, uuid4()):
        with pytest.raises(rules.NotThePrincipal):
            rules.must_be_the_principal(who, named)


def test_a_challenge_is_over_after_its_minutes() -> None:
    rules.must_be_in_time(NOW, NOW + timedelta(minutes=15), 15)
    with pytest.raises(rules.ChallengeOver):
        rules.must_be_in_time(NOW, NOW + timedelta(minutes=15, milliseconds=1), 15)
