"""What the entries say of people of mines, their posts, qualifications, workplaces and shifts, against their rows.

The ledger holds neither an identity number nor the number of a certificate, so nothing here can vouch for those.
"""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, last_of, moment, time_of
from storage.record.ledger.proofs.entries import Entry


def _person(said: Sequence[Entry]) -> Expected:
    registered, linked = said[0], last_of(said, "person.linked")
    return {
        "mine_id": registered.data["mine"],
        "name": registered.data["name"],
        "account_id": (linked or registered).data.get("account"),
        "told_number": registered.data["numbered"] or last_of(said, "person.numbered") is not None,
        "registered_at": moment(registered.at),
        "sample": registered.data["sample"],
    }


def _post(said: Sequence[Entry]) -> Expected:
    taken = said[0]
    return {
        "person_id": taken.data["person"],
        "kind": taken.data["post"],
        "craft": taken.data.get("craft"),
        "flags": taken.data["flags"],
        **_span(said, "post.left"),
    }


def _qualification(said: Sequence[Entry]) -> Expected:
    added, withdrawn = said[0], last_of(said, "qualification.withdrawn")
    return {
        "mine_id": added.data["mine"],
        "person_id": added.data["person"],
        "kind": added.data["kind"],
        "craft": added.data.get("craft"),
        "issuer": added.data["issuer"],
        "valid_from": added.data["from"],
        "valid_to": added.data["to"],
        "recorded_at": moment(added.at),
        "ended_at": time_of(said, "qualification.withdrawn"),
        "end_reason": None if withdrawn is None else withdrawn.data["reason"],
    }


def _workplace(said: Sequence[Entry]) -> Expected:
    facts = {name: said[0].data[name] for name in ("name", "kind", "underground")}
    return {**facts, **_span(said, "workplace.closed")}


def _shift(said: Sequence[Entry]) -> Expected:
    facts = {name: said[0].data[name] for name in ("kind", "starts", "ends")}
    return {**facts, **_span(said, "shift.retired")}


def _assignment(said: Sequence[Entry]) -> Expected:
    facts = {f"{name}_id": said[0].data[name] for name in ("person", "workplace", "shift")}
    return {**facts, **_span(said, "shift.ended")}


def _span(said: Sequence[Entry], ended_by: str) -> Expected:
    """Where and from when to when it is: its last day was told when it began, or by what ended it, once."""
    begun, ended = said[0], last_of(said, ended_by)
    teller = ended or begun
    return {
        "mine_id": begun.data["mine"],
        "from_day": begun.data["from"],
        "to_day": teller.data.get("to"),
        "recorded_at": moment(begun.at),
        "ended_at": moment(teller.at) if "to" in teller.data else None,
    }


PERSONS = Comparison(
    table="persons",
    made_by="person.registered",
    changed_by=("person.linked", "person.numbered"),
    expected=_person,
    columns=("t.number_tail IS NOT NULL AS told_number",),
)
POSTS = Comparison("posts", "post.taken", _post, ("post.left",))
QUALIFICATIONS = Comparison("qualifications", "qualification.added", _qualification, ("qualification.withdrawn",))
WORKPLACES = Comparison("workplaces", "workplace.opened", _workplace, ("workplace.closed",))
SHIFTS = Comparison("shifts", "shift.defined", _shift, ("shift.retired",))
ASSIGNMENTS = Comparison("assignments", "shift.assigned", _assignment, ("shift.ended",))
