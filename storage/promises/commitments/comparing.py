"""What the entries say of answers to clauses and of previews, for whoever holds the rows against them."""

from collections.abc import Sequence

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry


def _answer(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "key", "outcome", "words", "evidence")},
        "clause_digest": told["clause"],
        "by_day": told.get("by_day"),
        "measure": told.get("measure"),
        "answered_by": said[0].actor,
        "answered_at": moment(said[0].at),
    }


def _preview(said: Sequence[Entry]) -> Expected:
    told = said[0].data
    return {
        **{name: told[name] for name in ("year", "nonce", "digest")},
        "template_id": told["template"],
        "told_digest": told["digest"],
        "principal": said[0].actor,
        "laid_at": moment(said[0].at),
    }


CLAUSE_ANSWERS = Comparison("clause_answers", "commitment.answered", _answer)
PREVIEWS = Comparison(
    "commitment_previews", "commitment.previewed", _preview,
    columns=("encode(sha256(t.content), 'hex') AS told_digest",),  # Made anew of what stands in the row.
)  # fmt: skip
