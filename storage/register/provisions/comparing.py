"""What the entries say of provisions, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import date

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.entries import Entry

_FACTS = ("kind", "key", "number", "listed", "article", "note")
_DAYS = ("in_force_from", "in_force_to")


def _expected(said: Sequence[Entry]) -> Expected:
    drafted, decided = said[0], said[-1] if len(said) > 1 else None
    content = drafted.data.get("content")
    days = {name: drafted.data.get(name) and date.fromisoformat(drafted.data[name]) for name in _DAYS}
    return {
        **{name: drafted.data.get(name) for name in _FACTS}, **days,
        "content": canonical(content).decode() if content is not None else None,
        "drafted_at": moment(drafted.at),
        "approved": decided and decided.kind == "provision.approved",
        "decided_at": decided and moment(decided.at),
        "decision_note": decided and decided.data["note"],
    }  # fmt: skip


PROVISIONS = Comparison(
    "provisions", "provision.drafted", _expected, ("provision.approved", "provision.rejected")
)  # fmt: skip
