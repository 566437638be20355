"""What the entries say of signing keys, of who checked them, and of what was agreed upon, against the rows."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.entries import Entry


def _key(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    credential, certificate = told.get("credential_id"), told.get("certificate")
    return {
        **{name: told[name] for name in ("purpose", "way", "algorithm")},
        "public_key": from_base64url(told["key"]),
        "device_id": told.get("device"),
        "credential_id": from_base64url(credential) if credential else None,
        "certificate": from_base64url(certificate) if certificate else None,
        "account_id": said[0].actor,
        "registered_at": moment(said[0].at),
    }


def _check(said: Sequence[Entry]) -> Expected:
    return {"checked_by": said[0].actor, "checked_at": moment(said[0].at), "entry_id": said[0].id}


def _ending(said: Sequence[Entry]) -> Expected:
    return {"reason": said[0].data["reason"], "ended_by": said[0].actor, "ended_at": moment(said[0].at)}


def _agreement(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        "mine_id": told["mine"],
        "principal": told["principal"],
        "paper": told["paper"],
        "recorded_by": said[0].actor,
        "agreed_at": moment(said[0].at),
        "entry_id": said[0].id,
    }


SIGNING_KEYS = Comparison("signing_keys", "commitment.key_registered", _key)
KEY_CHECKS = Comparison("signing_key_checks", "commitment.key_checked", _check, key="key_id")
KEY_ENDINGS = Comparison("signing_key_endings", "commitment.key_ended", _ending, key="key_id")
AGREEMENTS = Comparison("signing_agreements", "commitment.agreed", _agreement)
