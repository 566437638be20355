"""The acts of signing: the principal's own signature in one of four ways, and the company's seal beside it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storage.promises.commitments import previewing, queries, rules
from storage.promises.commitments.tables import Commitment, CommitmentSeal, Preview
from storage.promises.keys import certificates, passkeys
from storage.promises.keys import queries as keys
from storage.promises.keys import rules as key_rules
from storage.promises.keys.passkeys import Assertion, RelyingParty
from storage.promises.keys.queries import KeyRow
from storage.promises.keys.tables import KeyPurpose, SigningWay
from storage.promises.templates.rules import must_be_a_year_to_promise
from storage.record import ids
from storage.record.actor import Verb
from storage.record.bulk import add_rows
from storage.record.clock import day_of, to_ms
from storage.record.ledger.proofs import signatures
from storage.record.ledger.proofs.commitments import acts
from storage.record.ledger.proofs.commitments import signing as proofs
from storage.record.ledger.proofs.commitments.documents import Commitment as Document
from storage.record.ledger.proofs.commitments.documents import challenge_of
from storage.record.ledger.proofs.commitments.signing import Signature
from storage.record.problems import BadInput
from storage.record.work import Work
from storage.register.devices import queries as devices
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A signature as somebody hands it in: by a key and its signature or assertion, or the digest of a scan."""

    way: SigningWay
    key_id: UUID | None = None
    signature: bytes | None = None
    assertion: Assertion | None = None
    scan: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """A signature that holds, with what made it count; the last five only of some ways."""

    signature: Signature
    key_id: UUID | None = None
    checked: UUID | None = None
    agreed: UUID | None = None
    origin: str | None = None
    relying_party: str | None = None
    counter: int | None = None


async def sign_commitment(work: Work, *, preview_id: UUID, given: Given, party: RelyingParty) -> Commitment:
    """The principal signs what was laid before him; nobody else can, and nothing else can be signed.

    Raises NotFound, NotAllowed, NotThePrincipal, YearOver, ChallengeUsed, ChallengeOver, AlreadySigned, PreviewStale,
    KeyOfFormerPrincipal, KeyOver, KeyNotChecked, NoAgreement, CertificateUnfit, OriginWrong, UserNotVerified,
    CounterWentBack, CommitmentSignatureWrong, BadInput.
    """
    preview = await queries.preview_of_id(work.sql, preview_id)
    mine = await mines.mine_of_id(work.sql, preview.mine_id)
    scope: dict[str, Any] = {"county": mine.county, "office": mine.office, "mine_id": mine.id}
    work.actor.require(Verb.COMMITMENT_SIGN, **scope)
    supersedes = await _must_stand(work, preview, mine, given.way)
    signed = await _signed(work, preview, given, party)
    id = ids.new_id(to_ms(work.now))
    told = acts.signed_data(
        preview.content, signed.signature, pdf=preview.pdf_sha256, pdf_size=preview.pdf_size,
        checked=_text(signed.checked), agreed=_text(signed.agreed), origin=signed.origin,
        relying_party=signed.relying_party,
    )  # fmt: skip
    entry = work.record(acts.SIGNED, id, data=told, **scope)
    row = Commitment(id=id, **scope, **_of_preview(preview), **_of_signature(signed.signature), supersedes=supersedes,
                     key_id=signed.key_id, checked=signed.checked, agreed=signed.agreed, origin=signed.origin,
                     relying_party=signed.relying_party, counter=signed.counter, signed_at=work.now,
                     entry_id=entry)  # fmt: skip
    await add_rows(work.sql, [row])
    return row


async def seal_commitment(work: Work, *, commitment_id: UUID, given: Given) -> CommitmentSeal:
    """The company's seal beside the principal's signature, by a key of the company that was checked, or in ink.

    Raises NotFound, NotAllowed, CommitmentOver, AlreadySealed, KeyOver, KeyNotChecked, CertificateUnfit,
    CommitmentSignatureWrong, BadInput.
    """
    signed = await queries.commitment_of_id(work.sql, commitment_id)
    scope: dict[str, Any] = {"county": signed.county, "office": signed.office, "mine_id": signed.mine_id}
    work.actor.require(Verb.COMMITMENT_SEAL, **scope)
    cause = (await queries.standing_of(work.sql, [commitment_id], day_of(work.now)))[commitment_id]
    if cause is not None:
        raise rules.CommitmentOver(cause=cause)
    if given.way is SigningWay.PASSKEY:
        raise BadInput(field="way", reason="KEY, TOKEN, INK")
    key_id, seal = None, _in_ink(given)
    if seal is None:
        key = await _key_of(work, given, KeyPurpose.SEAL, signed.mine_id)
        key_id, seal = key.key.id, _by_key(key, given)
        key_rules.must_be_checked(key.checked)
        nonce = Document.decode(signed.content).nonce
        _must_be_signed(seal, "seal", nonce=nonce, digest=signed.digest)
    entry = work.record(acts.SEALED, commitment_id, data=acts.sealed_data(signed.content, seal), **scope)
    told = {name: item for name, item in _of_signature(seal).items() if name not in ("authenticator", "client")}
    row = CommitmentSeal(commitment_id=commitment_id, **scope, **told, key_id=key_id,
                         sealed_by=work.actor.account_id, sealed_at=work.now, entry_id=entry)  # fmt: skip
    await add_rows(work.sql, [row])
    return row


async def _must_stand(work: Work, preview: Preview, mine: MineRow, way: SigningWay) -> UUID | None:
    """Whether what was laid may be signed now; the commitment that it supersedes, if there is one."""
    today = day_of(work.now)
    key_rules.must_be_the_principal(work.actor.account_id, preview.principal)
    key_rules.must_be_the_principal(work.actor.account_id, await keys.principal_of(work.sql, mine.id, today))
    must_be_a_year_to_promise(preview.year, today)
    if await queries.is_signed(work, preview.id):
        raise key_rules.ChallengeUsed()
    if way is not SigningWay.INK:  # Ink dries on paper that was printed before: what it says is held against now.
        minutes = (await provisions.law_of(work.sql)).number("commitment_challenge", today)
        key_rules.must_be_in_time(preview.laid_at, work.now, minutes)
    last = await queries.last_of(work.sql, preview.mine_id, preview.year)
    rules.must_follow(preview.supersedes, last.digest if last is not None else None)
    again = await previewing.content_again(work, preview, mine)
    rules.must_be_as_laid(preview.content, again, disasters=preview.disasters, now=mine.disasters)
    return last.id if last is not None else None


async def _signed(work: Work, preview: Preview, given: Given, party: RelyingParty) -> _Signed:
    """The signature over what was laid, by a key that counts as his today."""
    in_ink = _in_ink(given)
    if in_ink is not None:
        return _Signed(signature=in_ink)
    found = await _key_of(work, given, KeyPurpose.SIGNATURE, preview.mine_id)
    checked = key_rules.must_be_checked(found.checked)
    agreed = None
    if given.way is not SigningWay.TOKEN:
        agreement = await keys.agreement_with(work.sql, preview.mine_id, work.actor.account_id)
        agreed = key_rules.must_be_agreed(agreement.entry_id if agreement is not None else None)
    if given.way is SigningWay.PASSKEY:
        return await _by_passkey(work, preview, given, party, found, (checked, agreed))
    signature = _by_key(found, given)
    _must_be_signed(signature, "commitment", nonce=preview.nonce, digest=preview.digest)
    return _Signed(signature=signature, key_id=found.key.id, checked=checked, agreed=agreed)


async def _by_passkey(
    work: Work, preview: Preview, given: Given, party: RelyingParty, found: KeyRow, counts: tuple[UUID, UUID | None]
) -> _Signed:
    key = found.key
    if given.assertion is None or key.credential_id is None:
        raise BadInput(field="assertion", reason="PASSKEY")
    heard = passkeys.heard(
        given.assertion, credential_id=key.credential_id, algorithm=key.algorithm, public_key=key.public_key,
        counter=await keys.counter_of(work.sql, key), challenge=challenge_of(preview.nonce, preview.digest),
        party=party,
    )  # fmt: skip
    # What the library heard must hold for whoever has only the bundle, too.
    _must_be_signed(heard.signature, "commitment", nonce=preview.nonce, digest=preview.digest, origin=heard.origin,
                    relying_party=party.id)  # fmt: skip
    return _Signed(
        signature=heard.signature, key_id=key.id, checked=counts[0], agreed=counts[1], origin=heard.origin,
        relying_party=party.id, counter=heard.counter,
    )  # fmt: skip


async def _key_of(work: Work, given: Given, purpose: KeyPurpose, mine_id: UUID) -> KeyRow:
    """The key that signs: of this mine, for this, in this way, and still in use."""
    if given.key_id is None:
        raise BadInput(field="keyId", reason=str(given.way))
    found = await keys.key_of_id(work.sql, given.key_id)
    key = found.key
    if key.mine_id != mine_id:
        raise BadInput(field="keyId", reason="mineId")
    key_rules.must_be_own_to_sign(key, purpose, given.way, work.actor.account_id)
    device = await devices.device_seen(work, key.device_id) if key.device_id is not None else None
    key_rules.must_sign_still(key, device, ended=found.ended_at is not None, now=work.now)
    if key.certificate is not None:
        certificates.key_of(key.certificate, work.now)
    return found


def _by_key(found: KeyRow, given: Given) -> Signature:
    """A signature by key or token, raw or in DER, as tokens and browsers give it."""
    key, raw = found.key, given.signature or b""
    if len(raw) != 64 and key.algorithm != "Ed25519":
        try:
            raw = signatures.der_to_raw(raw)
        except ValueError as error:
            raise key_rules.CommitmentSignatureWrong(reason=str(error)) from error
    return Signature(way=str(given.way), algorithm=key.algorithm, key=key.public_key, signature=raw)


def _in_ink(given: Given) -> Signature | None:
    if given.way is not SigningWay.INK:
        return None
    key_rules.must_be_a_digest("scan", given.scan or b"")
    return Signature(way=proofs.INK, scan=(given.scan or b"").hex())


def _must_be_signed(signature: Signature, kind: str, **over: Any) -> None:
    try:
        proofs.must_be_signed(signature, kind, **over)
    except proofs.SignatureWrong as error:
        raise key_rules.CommitmentSignatureWrong(reason=str(error)) from error


def _of_preview(preview: Preview) -> dict[str, Any]:
    same = ("year", "template_id", "principal", "digest", "content", "disasters", "pdf_sha256", "pdf_size",
            "object_name", "object_version")  # fmt: skip
    return {name: getattr(preview, name) for name in same} | {"preview_id": preview.id}


def _of_signature(signature: Signature) -> dict[str, Any]:
    binary = {name: getattr(signature, name) or None for name in ("key", "signature", "authenticator", "client")}
    return {
        "way": SigningWay(signature.way), "algorithm": signature.algorithm or None, **binary,
        "scan": bytes.fromhex(signature.scan) or None,
    }  # fmt: skip


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)
