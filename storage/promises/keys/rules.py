"""Which keys count as a principal's or a company's, and when: pure rules (电子签名法13, 电子签名法14)."""

from datetime import datetime, timedelta
from uuid import UUID

from storage.promises.keys.tables import KeyPurpose, SigningKey, SigningWay
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.devices.tables import Device

LONGEST_REASON = 200


class NotThePrincipal(Problem):
    """By the register of its people, somebody else is the mine's principal today, or nobody with an account is."""


class KeyKnown(Problem):
    """This key or passkey stands in the register already."""


class KeyUnproven(Problem):
    """The signature was not made by the key that should be registered, for this id and this person."""


class KeyOver(Problem):
    """The key signs no more: its holder or an officer ended it."""


class KeyOfFormerPrincipal(Problem):
    """The key is that of somebody who is not the mine's principal today."""


class KeyNotChecked(Problem):
    """No officer has seen in person that the key is his (电子签名法13)."""


class KeyAlreadyChecked(Problem):
    """An officer has seen before that the key is his."""


class KeyCheckTakesTwo(Problem):
    """Whoever holds the key, or agrees, cannot be the officer who checks it."""


class NoAgreement(Problem):
    """There is no agreement on signatures of this kind with the principal (电子签名法13)."""


class AgreedAlready(Problem):
    """The agreement on signatures stands already; it is made once."""


class CertificateUnfit(Problem):
    """The certificate is none for ES256 or SM2, or it does not hold today (parameter: reason)."""


class ChallengeOver(Problem):
    """What was to be signed was laid too long ago (parameter: minutes)."""


class ChallengeUsed(Problem):
    """What was to be signed was answered before; each challenge is answered once."""


class OriginWrong(Problem):
    """The passkey was asked on another page than one of this record (parameter: origin)."""


class UserNotVerified(Problem):
    """The passkey was used without finding out that it is he: by PIN, finger or face."""


class CounterWentBack(Problem):
    """The passkey counts its uses, and this count has come before: there is a copy of it (parameters: was, is)."""


class CommitmentSignatureWrong(Problem):
    """It is no signature by this key over what was laid (parameter: reason)."""


constraint_means("uq_signing_keys_mine_id_account_id_purpose_public_key", KeyKnown)
constraint_means("uq_signing_keys_credential_id", KeyKnown)
constraint_means("uq_signing_keys_challenge_id", ChallengeUsed)
constraint_means("pk_signing_keys", KeyKnown)
constraint_means("pk_signing_key_checks", KeyAlreadyChecked)
constraint_means("pk_signing_key_endings", KeyOver)
constraint_means("uq_signing_agreements_mine_id_principal", AgreedAlready)


def must_be_the_principal(account_id: UUID, principal: UUID | None) -> None:
    """Only he whom the register names promises for a mine (安全生产法5; 实施意见三（六）1)."""
    if account_id != principal:
        raise NotThePrincipal()


def must_be_in_time(asked_at: datetime, now: datetime, minutes: int) -> None:
    """A challenge is answered within so many minutes (law: commitment_challenge)."""
    if now - asked_at > timedelta(minutes=minutes):
        raise ChallengeOver(minutes=minutes)


def must_be_own_to_sign(key: SigningKey, purpose: KeyPurpose, way: SigningWay, account_id: UUID) -> None:
    """The key is for this, in this way, and its holder is whoever signs; a former principal's is named as such."""
    if key.purpose != purpose or key.way != way:
        raise BadInput(field="keyId", reason=f"{purpose.value}, {way.value}")
    if purpose is KeyPurpose.SIGNATURE and key.account_id != account_id:
        raise KeyOfFormerPrincipal()


def must_sign_still(key: SigningKey, device: Device | None, *, ended: bool, now: datetime) -> None:
    """The key was not ended, and its device neither lost nor over; a certificate holds on the day.

    Of a device that whoever signs does not see nobody knows that it was not lost.
    """
    if ended or (device is None and key.device_id is not None):
        raise KeyOver()
    if device is not None and now >= min(
        one for one in (device.valid_to, device.lost_at, device.revoked_at) if one is not None
    ):
        raise KeyOver()


def must_be_checked(entry: UUID | None) -> UUID:
    """The entry by which an officer saw whose key it is."""
    if entry is None:
        raise KeyNotChecked()
    return entry


def must_be_agreed(entry: UUID | None) -> UUID:
    """The entry of the agreement on signatures."""
    if entry is None:
        raise NoAgreement()
    return entry


def must_be_another(officer: UUID, holder: UUID) -> None:
    """An officer never checks his own key, and agrees with nobody who is himself."""
    if officer == holder:
        raise KeyCheckTakesTwo()


def must_be_a_reason(reason: str) -> None:
    """Why a key is ended: a line."""
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise BadInput(field="reason", reason=f"1-{LONGEST_REASON}")


def must_be_a_digest(field: str, digest: bytes) -> None:
    """A SHA-256."""
    if len(digest) != 32:
        raise BadInput(field=field, reason="SHA-256")
