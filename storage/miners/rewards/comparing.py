"""What the entries say of rewards, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry


def _reward(said: Sequence[Entry]) -> Expected:
    proposed, decided = said[0], last_of(said, "reward.decided")
    claimed, paid = last_of(said, "reward.claimed"), last_of(said, "reward.paid")
    granted = decided is not None and decided.data["granted"]
    state = "PROPOSED" if decided is None else "DECIDED" if granted else "REJECTED"
    return {
        "case_id": proposed.data["case"],
        **{name: proposed.data[name] for name in ("grade", "fine", "percent", "sharers", "amount")},
        "proposed_by": proposed.actor,
        "proposed_at": moment(proposed.at),
        "state": "PAID" if paid else "CLAIMED" if claimed else state,
        "decided_by": decided.actor if decided else None,
        "decided_at": moment(decided.at) if decided else None,
        "words": decided.data["words"] if decided else None,
        "payout": claimed.data["payout"] if claimed else None,
        "signature": claimed.data["signature"] if claimed else None,
        "paid_by": paid.actor if paid else None,
        "paid_at": moment(paid.at) if paid else None,
        "paid_how": paid.data["how"] if paid else None,
    }


REWARDS = Comparison("rewards", "reward.proposed", _reward, ("reward.decided", "reward.claimed", "reward.paid"))
