"""The acts on signing keys: registered by whoever signs, ended, checked by an officer in person, and agreed upon."""

import secrets
from typing import Any
from uuid import UUID

from storage.promises.keys import certificates, passkeys, queries, rules
from storage.promises.keys.passkeys import CHALLENGE_SIZE, Attestation, RelyingParty
from storage.promises.keys.queries import KeyRow
from storage.promises.keys.tables import (
    Agreement,
    IdentitySeen,
    KeyCheck,
    KeyEnding,
    KeyPurpose,
    PasskeyChallenge,
    SigningKey,
    SigningWay,
)
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.commitments import acts, sm2
from storage.record.ledger.proofs.commitments.signing import Signature
from storage.record.work import Work
from storage.register.devices import queries as devices
from storage.register.devices.rules import signed_to_enrol
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions

_VERBS = {KeyPurpose.SIGNATURE: Verb.COMMITMENT_SIGN, KeyPurpose.SEAL: Verb.COMMITMENT_SEAL}


async def ask_for_passkey(work: Work, *, mine_id: UUID) -> PasskeyChallenge:
    """What a new passkey of the principal is to answer, soon. Raises NotAllowed, NotFound, NotThePrincipal."""
    mine = await _mine_of_the_holder(work, mine_id, KeyPurpose.SIGNATURE)
    asked = PasskeyChallenge(
        id=ids.new_id(to_ms(work.now)), **_scope(mine), account_id=work.actor.account_id,
        challenge=secrets.token_bytes(CHALLENGE_SIZE), asked_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [asked])
    work.record("commitment.passkey_asked", asked.id, **_scope(mine))
    return asked


async def register_passkey(
    work: Work, *, challenge_id: UUID, attestation: Attestation, party: RelyingParty
) -> KeyRow:  # fmt: skip
    """Registers a passkey of the principal, who was verified by it on a page of this record.

    Raises NotAllowed, NotFound, NotThePrincipal, ChallengeOver, ChallengeUsed, OriginWrong, UserNotVerified,
    CommitmentSignatureWrong, KeyKnown.
    """
    asked = await queries.challenge_of(work, challenge_id)
    mine = await _mine_of_the_holder(work, asked.mine_id, KeyPurpose.SIGNATURE)
    law = await provisions.law_of(work.sql)
    rules.must_be_in_time(asked.asked_at, work.now, law.number("commitment_challenge", day_of(work.now)))
    if await queries.is_answered(work, challenge_id):
        raise rules.ChallengeUsed()
    found = passkeys.registered(attestation, challenge=asked.challenge, party=party)
    return await _register(
        work, mine, KeyPurpose.SIGNATURE, SigningWay.PASSKEY, (found.algorithm, found.public_key),
        credential_id=found.credential_id, challenge_id=challenge_id, counter=found.counter,
    )  # fmt: skip


async def register_device_key(work: Work, *, mine_id: UUID, device_id: UUID, purpose: KeyPurpose) -> KeyRow:
    """Registers the key of a device that the actor has enrolled, which proved then that it has it.

    Raises NotAllowed, NotFound, NotThePrincipal, DeviceNotValid, KeyKnown.
    """
    mine = await _mine_of_the_holder(work, mine_id, purpose)
    device = await devices.own_signing_device(work.sql, work.actor, device_id, now=work.now)
    key = (device.algorithm, device.public_key)
    return await _register(work, mine, purpose, SigningWay.KEY, key, device_id=device.id)


async def register_token(
    work: Work, *, id: UUID, mine_id: UUID, certificate: bytes, signature: bytes, purpose: KeyPurpose
) -> KeyRow:
    """Registers the certificate of a CA's token, whose key signed its own registration under the client's id.

    Raises NotAllowed, NotFound, NotThePrincipal, CertificateUnfit, KeyUnproven, KeyKnown.
    """
    mine = await _mine_of_the_holder(work, mine_id, purpose)
    algorithm, key = certificates.key_of(certificate, work.now)
    message = signed_to_enrol(id=id, owner=work.actor.account_id, public_key=key)
    if not _proves(algorithm, key, message, signature):
        raise rules.KeyUnproven()
    return await _register(work, mine, purpose, SigningWay.TOKEN, (algorithm, key), id=id, certificate=certificate)


async def end_key(work: Work, *, key_id: UUID, reason: str) -> KeyRow:
    """Its holder, or an officer, says that a key signs no more. Raises NotFound, NotAllowed, KeyOver, BadInput."""
    found = await queries.key_of_id(work.sql, key_id)
    if found.key.account_id != work.actor.account_id:
        work.actor.require(Verb.COMMITMENT_CHECK_KEY, **_scope_of(found.key))
    rules.must_be_a_reason(reason)
    ended = KeyEnding(
        key_id=key_id, **_scope_of(found.key), reason=reason.strip(), ended_by=work.actor.account_id, ended_at=work.now
    )
    await add_rows(work.sql, [ended])
    work.record("commitment.key_ended", key_id, data={"reason": ended.reason}, **_scope_of(found.key))
    return await queries.key_of_id(work.sql, key_id)


async def check_key(work: Work, *, key_id: UUID, seen: IdentitySeen) -> KeyRow:
    """An officer says that he has the holder before him, knows who he is, and that the key is his; once.

    Raises NotFound, NotAllowed, KeyCheckTakesTwo, KeyOver, KeyOfFormerPrincipal, KeyAlreadyChecked.
    """
    found = await queries.key_of_id(work.sql, key_id)
    key, scope = found.key, _scope_of(found.key)
    work.actor.require(Verb.COMMITMENT_CHECK_KEY, **scope)
    rules.must_be_another(work.actor.account_id, key.account_id)
    if found.ended_at is not None:
        raise rules.KeyOver()
    if key.purpose == KeyPurpose.SIGNATURE:
        principal = await queries.principal_of(work.sql, key.mine_id, day_of(work.now))
        if principal != key.account_id:
            raise rules.KeyOfFormerPrincipal()
    signature = Signature(way=key.way, algorithm=key.algorithm, key=key.public_key)
    data = acts.checked_data(mine=str(key.mine_id), principal=str(key.account_id), signature=signature)
    purpose = {} if key.purpose == KeyPurpose.SIGNATURE else {"purpose": key.purpose}  # A seal is nobody's signature.
    entry = work.record(acts.CHECKED, key_id, data=data | purpose, **scope)
    checked = KeyCheck(
        key_id=key_id, **scope, seen=seen, checked_by=work.actor.account_id, checked_at=work.now, entry_id=entry
    )
    await add_rows(work.sql, [checked])
    return await queries.key_of_id(work.sql, key_id)


async def record_agreement(work: Work, *, mine_id: UUID, principal: UUID, paper: bytes) -> Agreement:
    """An officer records the agreement on signatures (电子签名法13) that he has, signed, before him: by its digest.

    Raises NotFound, NotAllowed, NotThePrincipal, KeyCheckTakesTwo, AgreedAlready, BadInput.
    """
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(Verb.COMMITMENT_CHECK_KEY, **_scope(mine))
    rules.must_be_a_digest("paper", paper)
    rules.must_be_another(work.actor.account_id, principal)
    rules.must_be_the_principal(principal, await queries.principal_of(work.sql, mine_id, day_of(work.now)))
    data = acts.agreed_data(mine=str(mine_id), principal=str(principal), paper=paper.hex())
    id = ids.new_id(to_ms(work.now))
    entry = work.record(acts.AGREED, id, data=data, **_scope(mine))
    agreed = Agreement(
        id=id, **_scope(mine), principal=principal, paper=paper, recorded_by=work.actor.account_id,
        agreed_at=work.now, entry_id=entry,
    )  # fmt: skip
    await add_rows(work.sql, [agreed])
    return agreed


async def challenge_again(work: Work, id: UUID) -> PasskeyChallenge:
    """What a replay answers: the challenge that was made then."""
    return await queries.challenge_of(work, id)


async def _mine_of_the_holder(work: Work, mine_id: UUID, purpose: KeyPurpose) -> MineRow:
    """The mine for which somebody registers a key: its principal for his signature, its company for its seal."""
    mine = await mines.mine_of_id(work.sql, mine_id)
    work.actor.require(_VERBS[purpose], **_scope(mine))
    if purpose is KeyPurpose.SIGNATURE:
        principal = await queries.principal_of(work.sql, mine_id, day_of(work.now))
        rules.must_be_the_principal(work.actor.account_id, principal)
    return mine


async def _register(
    work: Work, mine: MineRow, purpose: KeyPurpose, way: SigningWay, key: tuple[str, bytes], **beside: Any
) -> KeyRow:
    row = SigningKey(
        **{"id": ids.new_id(to_ms(work.now)), **beside}, **_scope(mine), purpose=purpose,
        account_id=work.actor.account_id, way=way, algorithm=key[0], public_key=key[1], registered_at=work.now,
    )  # fmt: skip
    await add_rows(work.sql, [row])
    told = {"purpose": str(purpose), "way": str(way), "algorithm": key[0], "key": to_base64url(key[1])}
    for name in ("credential_id", "certificate"):
        if name in beside:
            told[name] = to_base64url(beside[name])
    if "device_id" in beside:
        told["device"] = str(beside["device_id"])
    work.record("commitment.key_registered", row.id, data=told, **_scope(mine))
    return KeyRow(row, None, None, None, None, None)


def _proves(algorithm: str, key: bytes, message: bytes, signature: bytes) -> bool:
    signed = signatures.signing_input("enrol", message)
    if algorithm == "SM2":
        return sm2.verify(key, signed, signature)
    return signatures.verify_raw(algorithm, key, signed, signature)


def _scope(mine: MineRow) -> dict[str, Any]:
    return {"county": mine.county, "office": mine.office, "mine_id": mine.id}


def _scope_of(key: SigningKey) -> dict[str, Any]:
    return {"county": key.county, "office": key.office, "mine_id": key.mine_id}
