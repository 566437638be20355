"""What the entries say of holds, terms and erasures, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry


def _subject(entry: Entry) -> Expected:
    return {f"{kind}_id": entry.data.get(kind) for kind in ("evidence", "recording", "inspection")}


def _hold(said: Sequence[Entry]) -> Expected:
    placed, lifted = said[0], last_of(said, "hold.lifted")
    return {
        **_subject(placed),
        "article": placed.data["article"],
        "reason": placed.data["reason"],
        "permanent": placed.data["permanent"],
        "placed_by": placed.actor,
        "placed_at": moment(placed.at),
        "lifted_at": time_of(said, "hold.lifted"),
        "lifted_by": None if lifted is None else lifted.actor,
        "lift_reason": None if lifted is None else lifted.data["reason"],
    }


def _term(said: Sequence[Entry]) -> Expected:
    told = said[0]
    return {
        **_subject(told),
        "until": moment(told.data["until"]),
        "article": told.data["article"],
        "reason": told.data["reason"],
        "set_by": told.actor,
        "set_at": moment(told.at),
    }


def _erasure(said: Sequence[Entry]) -> Expected:
    proposed, approved = said[0], last_of(said, "erasure.approved")
    return {
        "evidence_id": proposed.data["evidence"],
        "article": proposed.data["article"],
        "reason": proposed.data["reason"],
        "proposed_by": proposed.actor,
        "proposed_at": moment(proposed.at),
        "approved_by": None if approved is None else approved.actor,
        "approved_at": time_of(said, "erasure.approved"),
    }


HOLDS = Comparison("holds", "hold.placed", _hold, ("hold.lifted",))
# The keeper's own extension of what is held for ever names a piece and no article: it makes no term.
TERMS = Comparison("retention_terms", "retention.extended", _term, made_if="article")
ERASURES = Comparison("erasures", "erasure.proposed", _erasure, ("erasure.approved",))
