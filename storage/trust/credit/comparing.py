"""What the entries say of repairs, blacklistings, removals and sanctions, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment
from storage.record.ledger.proofs.entries import Entry
from storage.trust.credit.tables import ListingState


def _by(entry: Entry | None, did: str, /, **columns: str) -> dict[str, Any]:
    """What an entry fills: who did it, when, and the columns by the names under which it tells them."""
    filled = {column: entry.data.get(name) if entry else None for column, name in columns.items()}
    return {**filled, f"{did}_by": entry and entry.actor, f"{did}_at": entry and moment(entry.at)}


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _repair(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    examined, decided, restored = (last_of(said, f"repair.{kind}") for kind in ("examined", "decided", "restored"))
    return {
        **{name: told[name] for name in ("party", "grade", "article", "words", "proof", "measures", "received")},
        "disclosure_id": UUID(told["disclosure"]), "decision_id": UUID(told["decision"]),
        "case_id": UUID(told["case"]), "pledge": told.get("pledge"), "pledge_piece": _id(told.get("pledge_piece")),
        **_by(said[0], "asked"), **_by(examined, "examined", favoured="favoured", examination="words"),
        **_by(decided, "decided", granted="granted", decision="words"),
        **_by(restored, "restored", restored_for="ground", restoration="words"),
        "told_hidden": "yes" if decided and decided.data["granted"] and restored is None else None,
    }  # fmt: skip


_STATES = {
    "blacklist.proposed": ListingState.PROPOSED, "blacklist.told": ListingState.TOLD,
    "blacklist.removed": ListingState.REMOVED, "blacklist.restored": ListingState.LISTED,
    "blacklist.withdrawn": ListingState.WITHDRAWN, "blacklist.expired": ListingState.EXPIRED,
}  # fmt: skip
_ENDINGS = ("blacklist.removed", "blacklist.withdrawn", "blacklist.expired")


def _state_of(last: Entry) -> str:
    if last.kind == "blacklist.decided":
        return (ListingState.LISTED if last.data["entered"] else ListingState.NOT_LISTED).value
    return _STATES[last.kind].value


def _listing(said: Sequence[Entry]) -> Expected:
    made = said[0].data
    told, answered, decided, withdrawn = (
        last_of(said, f"blacklist.{kind}") for kind in ("told", "answered", "decided", "withdrawn")
    )
    until = last_of([one for one in said if "until" in one.data], "blacklist.decided", "blacklist.restored")
    last = [one for one in said if one.kind != "blacklist.answered"][-1]
    return {
        **{name: made[name] for name in ("subject", "ground", "article", "words")},
        "subject_id": UUID(made["subject_id"]), "decision_id": UUID(made["decision"]), "case_id": UUID(made["case"]),
        "person_id": UUID(made["subject_id"]) if made["subject"] == "PERSON" else None,
        "consequence_id": _id(made.get("consequence")), "state": _state_of(last), **_by(said[0], "proposed"),
        **_by(told, "told", telling="how", told_piece="piece", answer_ends="answer_ends"),
        **_by(answered, "answered", answer="words", evidence="evidence", heard="heard"),
        **_by(decided, "decided", entered="entered", decision="words"),
        **_by(withdrawn, "withdrawn", withdrawn_for="fault", withdrawal="words"),
        "disclosure_id": _id(decided.data.get("disclosure")) if decided else None,
        "until": date.fromisoformat(until.data["until"]) if until else None,
        "ended_at": moment(last.at) if last.kind in _ENDINGS else None,
    }  # fmt: skip


def _removal(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    decided, undone = last_of(said, "blacklist.removal_decided"), last_of(said, "blacklist.removal_undone")
    return {
        **{name: told[name] for name in ("words", "proof", "received")}, "listing_id": UUID(told["listing"]),
        **_by(said[0], "asked"), **_by(decided, "decided", granted="granted", decision="words"),
        **_by(undone, "restored", restored_for="ground", restoration="words"),
    }  # fmt: skip


def _sanction(said: Sequence[Entry]) -> Expected:
    told, answered = said[0].data, last_of(said, "sanction.answered")
    return {
        **{name: told[name] for name in ("agency", "asked", "basis")}, "named": told.get("named"),
        "listing_id": UUID(told["listing"]), "due_on": date.fromisoformat(told["due_on"]), **_by(said[0], "asked"),
        **_by(answered, "answered", done="done", answer="words", answered_on="on"),
    }  # fmt: skip


# What was granted and not taken back is shown to nobody: of that the public's own table speaks.
REPAIRS = Comparison(
    "credit_repairs", "repair.asked", _repair, ("repair.examined", "repair.decided", "repair.restored"),
    columns=(
        "CASE WHEN t.granted AND t.restored_at IS NULL THEN"
        " (SELECT 'yes' WHERE NOT EXISTS (SELECT FROM public_rows p WHERE p.id = t.disclosure_id)) END AS told_hidden",
    ),
)  # fmt: skip
LISTINGS = Comparison(
    "blacklistings", "blacklist.proposed", _listing,
    (
        "blacklist.told", "blacklist.answered", "blacklist.decided", "blacklist.removed", "blacklist.restored",
        "blacklist.withdrawn", "blacklist.expired",
    ),
)  # fmt: skip
REMOVALS = Comparison(
    "blacklist_removals", "blacklist.removal_asked", _removal,
    ("blacklist.removal_decided", "blacklist.removal_undone"),
)  # fmt: skip
SANCTIONS = Comparison("joint_sanctions", "sanction.asked", _sanction, ("sanction.answered",))
