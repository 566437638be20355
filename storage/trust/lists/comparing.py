"""What the entries say of lists and figures, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import date

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry


def _list(said: Sequence[Entry]) -> Expected:
    told, decided = said[0].data, said[-1] if len(said) > 1 else None
    return {
        **{name: told[name] for name in ("kind", "series", "version", "note", "digest")},
        "told_content": told["digest"], "as_of": date.fromisoformat(told["as_of"]),
        "drafted_by": said[0].actor, "drafted_at": moment(said[0].at),
        "approved": decided and decided.kind == "list.approved", "decided_by": decided and decided.actor,
        "decided_at": decided and moment(decided.at), "decision_note": decided and decided.data["note"],
    }  # fmt: skip


def _figures(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("series", "edition", "year", "digest")},
        "quarter": told.get("quarter"), "told_content": told["digest"], "counted_by": said[0].actor,
        "counted_at": moment(said[0].at),
    }  # fmt: skip


# The digest is made anew of the bytes that stand in the row.
_CONTENT = ("encode(sha256(t.content), 'hex') AS told_content",)
LISTS = Comparison("lists", "list.drafted", _list, ("list.approved", "list.rejected"), columns=_CONTENT)
FIGURES = Comparison("figures", "list.counted", _figures, columns=_CONTENT)
