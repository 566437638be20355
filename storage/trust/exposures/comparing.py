"""What the entries say of exposures, for whoever holds the rows against them."""

from collections.abc import Sequence
from uuid import UUID

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_STATES = {"exposure.approved": "PUBLISHED", "exposure.dropped": "DROPPED"}
_HEX = "encode(p.{}, 'hex')"
_OF_PICTURES = "ARRAY(SELECT {} FROM exposure_pictures p WHERE p.exposure_id = t.id ORDER BY p.ordinal)"


def _exposure(said: Sequence[Entry]) -> Expected:
    first, decided = said[0], next((one for one in said if one.kind in _STATES), None)
    told = first.data["pictures"]
    shown = decided is not None and decided.kind == "exposure.approved"
    return {
        "case_id": UUID(first.data["case"]), "digest": first.data["digest"], "told_digest": first.data["digest"],
        "drafted_by": first.actor, "drafted_at": moment(first.at),
        "state": _STATES[decided.kind] if decided else "DRAFTED",
        "decided_by": decided and decided.actor, "decided_at": decided and moment(decided.at),
        "disclosure_id": UUID(decided.data["disclosure"]) if shown and decided else None,
        "told_evidence": [UUID(one["evidence"]) for one in told],
        **{f"told_{name}": [one[name] for one in told] for name in ("original", "root", "file")},
        "told_public": True,
    }  # fmt: skip


# What the public is given is what the log committed to: the digest of each published picture stands in the entry.
EXPOSURES = Comparison(
    "exposures", "exposure.drafted", _exposure, tuple(_STATES),
    columns=(
        "encode(sha256(t.content), 'hex') AS told_digest",
        f"{_OF_PICTURES.format('p.evidence_id')} AS told_evidence",
        *(f"{_OF_PICTURES.format(_HEX.format(column))} AS told_{name}"
          for column, name in (("original", "original"), ("root", "root"), ("sha256", "file"))),
        "NOT EXISTS (SELECT FROM public_pictures u LEFT JOIN exposure_pictures p ON p.exposure_id = t.id"
        " AND p.ordinal = u.ordinal WHERE u.disclosure_id = t.disclosure_id AND (p.sha256, p.proof, p.object_name)"
        " IS DISTINCT FROM (u.sha256, u.proof, u.object_name)) AS told_public",
    ),
)  # fmt: skip
