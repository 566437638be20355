"""What the entries say of accounts, roles and certificates, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment, time_of
from storage.record.ledger.proofs.entries import Entry


def _account(said: Sequence[Entry]) -> Expected:
    opened = said[0]
    data = opened.data
    return {
        "login": data["login"],
        "name": data["name"],
        "county": data.get("county"),
        "office": data.get("office"),
        "mine_id": data.get("mine"),
        "sample": data["sample"],
        "opened_at": moment(opened.at),
        "closed_at": None,  # No act closes an account yet: whatever closed one was none.
    }


def _grant(said: Sequence[Entry]) -> Expected:
    granted = said[0]
    data = granted.data
    return {
        "account_id": data["account"],
        "role": data["role"],
        "division": data.get("division"),
        "office": data.get("office"),
        "mine_id": data.get("mine"),
        "valid_to": None if "valid_to" not in data else moment(data["valid_to"]),
        "granted_at": moment(granted.at),
        "withdrawn_at": time_of(said, "role.withdrawn"),
    }


def _certificate(said: Sequence[Entry]) -> Expected:
    issued = said[0]
    return {
        "account_id": issued.data["account"],
        "number": issued.data["number"],
        "valid_from": issued.data["from"],
        "valid_to": issued.data["to"],
        "issued_at": moment(issued.at),
        "withdrawn_at": None,  # No act withdraws one yet.
    }


ACCOUNTS = Comparison("accounts", "account.opened", _account)
GRANTS = Comparison("role_grants", "role.granted", _grant, ("role.withdrawn",))
CERTIFICATES = Comparison("certificates", "certificate.issued", _certificate)
