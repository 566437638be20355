"""What the entries say of who was reminded to sign, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import date

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry


def _reminder(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "overdue", "officers")}, "due": date.fromisoformat(told["due"]),
        "reminded_at": moment(said[0].at),
    }  # fmt: skip


SIGNING_REMINDERS = Comparison("signing_reminders", "commitment.reminded", _reminder)
