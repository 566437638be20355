"""What the entries say of templates and of mines' own clauses, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.entries import Entry


def _template(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "version", "note")},
        "told_clauses": told["clauses"],
        **_decided(said, "template.approved"),
    }


def _own_clause(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "key", "note")},
        "replaces": told.get("replaces"),
        "clause": canonical(told["clause"]).decode(),
        **_decided(said, "clause.adopted"),
    }


def _decided(said: Sequence[Entry], approved: str) -> Expected:
    decided = said[-1] if len(said) > 1 else None
    return {
        "drafted_by": said[0].actor,
        "drafted_at": moment(said[0].at),
        "approved": decided and decided.kind == approved,
        "decided_by": decided and decided.actor,
        "decided_at": decided and moment(decided.at),
        "decision_note": decided and decided.data["note"],
    }


TEMPLATES = Comparison(
    "templates", "template.drafted", _template, ("template.approved", "template.rejected"),
    # All clauses of a year are more than an entry holds: it names their digest, made anew of what stands in the row.
    columns=("encode(sha256(convert_to(t.clauses, 'UTF8')), 'hex') AS told_clauses",),
)  # fmt: skip
OWN_CLAUSES = Comparison("own_clauses", "clause.drafted", _own_clause, ("clause.adopted", "clause.rejected"))
