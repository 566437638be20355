"""Tests of signing: the four ways, each bad input, two at once, and that whatever is refused leaves nothing behind."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest

from storage.promises.commitments import rules, signing
from storage.promises.commitments.rules import Given as Answer
from storage.promises.commitments.signing import Given
from storage.promises.commitments.tables import AnswerOutcome, Preview
from storage.promises.keys import operations as key_acts
from storage.promises.keys import rules as keys
from storage.promises.keys.queries import KeyRow
from storage.promises.keys.tables import KeyPurpose, SigningWay
from storage.promises.templates.rules import YearOver
from storage.record.actor import ROLE_VERBS, Role, Verb
from storage.record.ledger.proofs.commitments.documents import Commitment as Document
from storage.record.ledger.proofs.commitments.documents import message_of
from storage.record.ledger.proofs.signatures import signing_input
from storage.record.objects import Objects
from storage.record.problems import BadInput, NotAllowed, NotFound, Problem
from storage.record.work import perform
from tests.factories.authenticators import PARTY, PRESENT, VERIFIED, Authenticator
from tests.factories.people import new_key
from tests.factories.signing import Signing, appoint, signing_of
from tests.factories.templates import TIGHTER, clause, clauses, promises_of
from tests.sites import Site

SCAN = sha256(b"scan").digest()
INK = Given(way=SigningWay.INK, scan=SCAN)


@pytest.fixture
async def desk(site: Site, objects: Objects) -> Signing:
    return await signing_of(await promises_of(site), objects)


async def refused(desk: Signing, problem: type[Problem] | tuple[type[Problem], ...], act: Any) -> None:
    tables = ("entries", "commitments", "commitment_seals", "signing_keys", "signing_key_checks", "signing_agreements")
    before = [await desk.promises.site.counted(name) for name in tables]
    with pytest.raises(problem):
        await act
    assert [await desk.promises.site.counted(name) for name in tables] == before


async def laid_with_passkey(desk: Signing) -> tuple[KeyRow, Preview]:
    return await desk.ready_passkey(), await desk.lays()


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
async def test_a_principal_signs_by_passkey_what_was_laid_before_him(desk: Signing, algorithm: str) -> None:
    desk.passkey = Authenticator(algorithm=algorithm)
    key, laid = await laid_with_passkey(desk)
    signed = await desk.signs(laid, desk.asserts(laid, key))
    assert (signed.content, signed.digest, signed.pdf_sha256) == (laid.content, laid.digest, laid.pdf_sha256)
    assert (signed.counter, signed.origin, signed.relying_party) == (1, PARTY.origins[0], PARTY.id)
    assert (signed.checked, signed.supersedes) == (key.checked, None)
    assert (await desk.promises.site.entries())[-1] == "commitment.signed"


@pytest.mark.parametrize("algorithm", ["ES256", "Ed25519"])
async def test_a_principal_signs_by_the_key_of_his_device(desk: Signing, algorithm: str) -> None:
    desk.device = new_key(algorithm)
    key = await desk.checked(await desk.registers_device())
    agreed = await desk.agrees()
    laid = await desk.lays()
    signed = await desk.signs(laid, desk.signs_with(laid, key))
    assert (signed.way, signed.algorithm, signed.key) == ("KEY", algorithm, desk.device.public)
    assert (signed.checked, signed.agreed) == (key.checked, agreed.entry_id)


async def test_ink_takes_no_key_and_is_bound_by_its_scan(desk: Signing) -> None:
    laid = await desk.lays()
    await refused(desk, BadInput, desk.signs(laid, Given(way=SigningWay.INK)))
    desk.promises.now += timedelta(hours=2)  # Paper is signed elsewhere, and scanned later.
    signed = await desk.signs(laid, INK)
    assert (signed.way, signed.scan, signed.key_id) == ("INK", SCAN, None)


async def test_a_key_counts_only_once_it_was_checked_in_person_and_agreed_upon(desk: Signing) -> None:
    key, laid = await desk.registers_passkey(), await desk.lays()
    await refused(desk, keys.KeyNotChecked, desk.signs(laid, desk.asserts(laid, key)))
    key = await desk.checked(key)
    await refused(desk, keys.NoAgreement, desk.signs(laid, desk.asserts(laid, key)))
    await desk.agrees()
    await desk.signs(laid, desk.asserts(laid, key))


async def test_an_assertion_for_another_document_or_by_another_key_is_no_signature(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    other = await desk.lays()
    wrong = keys.CommitmentSignatureWrong
    await refused(desk, wrong, desk.signs(laid, desk.asserts(other, key)))  # The digest of another version.
    stranger = Authenticator(credential_id=desk.passkey.credential_id)
    await refused(desk, wrong, desk.signs(laid, desk.asserts(laid, key, passkey=stranger)))
    device = await desk.checked(await desk.registers_device())
    await refused(desk, wrong, desk.signs(laid, desk.signs_with(other, device)))
    await refused(desk, wrong, desk.signs(laid, desk.signs_with(laid, device, signer=new_key())))
    await refused(desk, wrong, desk.signs(laid, replace(desk.signs_with(laid, device), signature=b"")))
    await refused(desk, BadInput, desk.signs(laid, replace(desk.signs_with(laid, device), key_id=None)))
    await refused(desk, BadInput, desk.signs(laid, replace(desk.signs_with(laid, device), key_id=key.key.id)))


async def test_an_assertion_is_heard_once(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    given = desk.asserts(laid, key)
    await desk.signs(laid, given)
    await refused(desk, keys.ChallengeUsed, desk.signs(laid, given))
    await refused(desk, keys.ChallengeUsed, desk.signs(laid, desk.asserts(laid, key)))


async def test_a_passkey_is_asked_on_our_pages_by_a_user_whom_it_verified(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    for origin in ("https://pithead.example.evil", "http://pithead.example", "https://a.pithead.example", ""):
        await refused(desk, keys.OriginWrong, desk.signs(laid, desk.asserts(laid, key, origin=origin)))
    await refused(desk, keys.OriginWrong, desk.signs(laid, desk.asserts(laid, key, crossOrigin=True)))
    strange = Authenticator(party="evil.example", credential_id=desk.passkey.credential_id, key=desk.passkey.key)
    await refused(desk, keys.OriginWrong, desk.signs(laid, desk.asserts(laid, key, passkey=strange)))
    await refused(desk, keys.UserNotVerified, desk.signs(laid, desk.asserts(laid, key, flags=PRESENT)))
    absent = desk.asserts(laid, key, flags=VERIFIED)
    await refused(desk, keys.CommitmentSignatureWrong, desk.signs(laid, absent))


async def test_a_count_that_goes_back_tells_of_a_copy_where_the_passkey_counts(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    desk.passkey.counter = 7
    await desk.signs(laid, desk.asserts(laid, key))
    again = await desk.lays()
    for before in (7, 6, 0):  # Eight came before; neither it nor a smaller one comes again, and no count stops.
        desk.passkey.counter = before
        await refused(desk, keys.CounterWentBack, desk.signs(again, desk.asserts(again, key)))
    desk.passkey.counter = 8
    await desk.signs(again, desk.asserts(again, key))


async def test_a_passkey_that_does_not_count_signs_again_and_again(desk: Signing) -> None:
    desk.passkey = Authenticator(counts=False)
    key, laid = await laid_with_passkey(desk)
    first = await desk.signs(laid, desk.asserts(laid, key))
    again = await desk.lays()
    second = await desk.signs(again, desk.asserts(again, key))
    assert (second.supersedes, Document.decode(second.content).supersedes) == (first.id, first.digest.hex())


async def test_what_was_laid_is_signed_within_a_quarter_of_an_hour(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    given = desk.asserts(laid, key)
    desk.promises.now = laid.laid_at + timedelta(minutes=15)
    await refused(desk, keys.ChallengeOver, desk.signs(laid, given))
    desk.promises.now = laid.laid_at + timedelta(minutes=15) - timedelta(seconds=1)
    await desk.signs(laid, given)


async def test_whatever_changed_since_it_was_laid_makes_it_stale(desk: Signing) -> None:
    key = await desk.ready_passkey()
    site, promises = desk.promises.site, desk.promises

    async def stale(laid: Preview) -> None:
        await refused(desk, rules.PreviewStale, desk.signs(laid, desk.asserts(laid, key)))

    laid = await desk.lays()
    await desk.answers(Answer(key="GAS_IN_RETURN", outcome=AnswerOutcome.MET, words="新装传感器"))
    await stale(laid)
    laid = await desk.lays()
    await promises.approved()  # The same clauses, in a version of their own.
    await stale(laid)
    laid = await desk.lays()
    await promises.adopted(clause(condition=TIGHTER))
    await stale(laid)
    await desk.answers()
    laid = await desk.lays()
    await site.rows.execute("UPDATE mines SET disasters = '{HIGH_GAS,WATER}' WHERE id = $1", site.mine)
    await stale(laid)
    laid = await desk.lays()
    await site.rows.execute("UPDATE accounts SET name = '新名' WHERE id = $1", desk.principal.account_id)
    await stale(laid)
    laid = await desk.lays()
    await promises.approved((*clauses(), clause("MORE")))
    await stale(laid)


async def test_two_signatures_at_once_are_one(desk: Signing) -> None:
    key = await desk.ready_passkey()
    one, other = await desk.lays(), await desk.lays()
    given = [desk.asserts(laid, key) for laid in (one, other)]
    now = desk.promises.now + timedelta(seconds=1)
    outcomes = await asyncio.gather(
        *(perform(desk.promises.site.database, desk.principal, now, signing.sign_commitment, preview_id=laid.id,
                  given=said, party=PARTY) for laid, said in zip((one, other), given, strict=True)),
        return_exceptions=True,
    )  # fmt: skip
    lost = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(problem) for problem in lost] in ([rules.AlreadySigned], [keys.CounterWentBack])
    assert await desk.promises.site.counted("commitments") == 1
    assert (await desk.promises.site.entries()).count("commitment.signed") == 1


async def test_what_was_laid_before_another_was_signed_is_signed_no_more(desk: Signing) -> None:
    key = await desk.ready_passkey()
    one, other = await desk.lays(), await desk.lays()
    await desk.signs(one, desk.asserts(one, key))
    await refused(desk, rules.AlreadySigned, desk.signs(other, desk.asserts(other, key)))


async def test_a_year_that_is_over_is_not_signed(desk: Signing) -> None:
    laid = await desk.lays()
    for minutes, problem in ((0, YearOver), (15, YearOver)):
        desk.promises.now = desk.promises.now.replace(year=2028, month=1, day=1) + timedelta(minutes=minutes)
        await refused(desk, problem, desk.signs(laid, INK))


async def test_only_he_whom_the_register_names_signs_and_with_no_key_of_his_predecessor(desk: Signing) -> None:
    site = desk.promises.site
    key, laid = await laid_with_passkey(desk)
    successor = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    await refused(desk, keys.NotThePrincipal, desk.lays(by=successor))
    await refused(desk, keys.NotThePrincipal, desk.signs(laid, desk.asserts(laid, key), by=successor))
    await refused(desk, keys.NotThePrincipal, desk.registers_passkey(by=successor, passkey=Authenticator()))
    await site.rows.execute("UPDATE posts SET to_day = '2026-11-20', ended_at = now() WHERE id = $1", desk.post)
    await appoint(desk.promises, successor, since=date(2026, 11, 21))
    await refused(desk, keys.NotThePrincipal, desk.signs(laid, desk.asserts(laid, key)))
    await refused(desk, keys.NotThePrincipal, desk.lays())
    his = await desk.lays(by=successor)
    await refused(desk, keys.KeyOfFormerPrincipal, desk.signs(his, desk.asserts(his, key), by=successor))
    await refused(desk, keys.NotThePrincipal, desk.signs(his, INK))
    await desk.signs(his, INK, by=successor)


async def test_a_key_that_was_ended_or_whose_device_is_lost_signs_no_more(desk: Signing) -> None:
    key, laid = await laid_with_passkey(desk)
    device = await desk.checked(await desk.registers_device())
    await desk.promises.site.rows.execute(
        "UPDATE devices SET lost_at = $2 WHERE id = $1", device.key.device_id, desk.promises.now
    )
    await refused(desk, keys.KeyOver, desk.signs(laid, desk.signs_with(laid, device)))
    await desk.acts(key_acts.end_key, key_id=key.key.id, reason="手机丢失")
    await refused(desk, keys.KeyOver, desk.signs(laid, desk.asserts(laid, key)))
    await refused(desk, keys.KeyOver, desk.acts(key_acts.end_key, key_id=key.key.id, reason="手机丢失"))


async def test_a_seal_of_a_lost_device_seals_no_more_in_anothers_hands_either(desk: Signing) -> None:
    site, signer = desk.promises.site, new_key()
    signed = await desk.signs(await desk.lays(), INK)
    key = await desk.checked(await desk.registers_device(by=desk.company, purpose=KeyPurpose.SEAL, signer=signer))
    await site.rows.execute("UPDATE devices SET lost_at = $2 WHERE id = $1", key.key.device_id, desk.promises.now)
    nonce = Document.decode(signed.content).nonce
    raw = signer.sign(signing_input("seal", message_of(nonce, signed.digest)))
    given = Given(way=SigningWay.KEY, key_id=key.key.id, signature=raw)
    await site.rows.execute("UPDATE accounts SET mine_id = NULL WHERE id = $1", desk.company.account_id)
    for who in (desk.company, desk.promises.clerk):  # The clerk no longer sees whose device it is.
        await refused(desk, keys.KeyOver, desk.acts(signing.seal_commitment, who, commitment_id=signed.id, given=given))


@pytest.mark.parametrize("role", list(Role))
async def test_nobody_signs_or_seals_whose_role_does_not_carry_it(desk: Signing, role: Role) -> None:
    site = desk.promises.site
    laid = await desk.lays()
    person = await site.person(role, county=None, mine_id=site.mine)
    far = await site.person(role, county=None, mine_id=site.far_mine)
    await refused(desk, (NotAllowed, NotFound), desk.signs(laid, INK, by=far))
    problems = (keys.NotThePrincipal,) if Verb.COMMITMENT_SIGN in ROLE_VERBS[role] else (NotAllowed, NotFound)
    await refused(desk, problems, desk.signs(laid, INK, by=person))
    signed = await desk.signs(laid, INK)
    await refused(
        desk, (NotAllowed, NotFound), desk.acts(signing.seal_commitment, far, commitment_id=signed.id, given=INK)
    )
    act = desk.acts(signing.seal_commitment, person, commitment_id=signed.id, given=INK)
    if Verb.COMMITMENT_SEAL in ROLE_VERBS[role]:
        await act
        await refused(
            desk, rules.AlreadySealed, desk.acts(signing.seal_commitment, person, commitment_id=signed.id, given=INK)
        )
    else:
        await refused(desk, (NotAllowed, NotFound), act)
