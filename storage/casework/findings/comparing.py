"""What the entries say of findings, of their evidence and of who stands for them, for whoever holds rows against it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_FACTS = (
    "kind", "fact", "measured", "clause", "measure_basis", "penalty_basis", "producing", "unsafe", "marks", "flags",
    "severity",
)  # fmt: skip
_STANDS_FOR: Final = ("finding.recorded", "finding.confirmed")


def _expected(said: Sequence[Entry]) -> Expected:
    recorded = said[0]
    ids = {name: recorded.data.get(told) for name, told in (("place_id", "place"), ("repeats", "repeats"))}
    # Whoever recorded it without a certificate may stand for it again with one: what he said last counts.
    stand = {one.actor: one for one in said if one.kind in _STANDS_FOR}
    return {
        **{name: recorded.data[name] for name in _FACTS},
        **{name: value and UUID(value) for name, value in ids.items()},
        "inspection_id": UUID(recorded.data["inspection"]),
        "seen_at": datetime.fromisoformat(recorded.data["seen_at"]),
        "recorded_at": moment(recorded.at),
        "told_evidence": [piece for one in said for piece in one.data.get("evidence", ())],
        "told_confirmations": [f"{who} {one.data.get('certificate', '')} {one.at}" for who, one in stand.items()],
    }


FINDINGS = Comparison(
    "findings",
    "finding.recorded",
    _expected,
    changed_by=("finding.evidenced", "finding.confirmed"),
    columns=(
        "ARRAY(SELECT v.evidence_id::text FROM finding_evidence v WHERE v.finding_id = t.id) AS told_evidence",
        "ARRAY(SELECT c.account_id || ' ' || coalesce(c.certificate_id::text, '') || ' '"
        " || (extract(epoch FROM c.confirmed_at) * 1000)::bigint"
        " FROM finding_confirmations c WHERE c.finding_id = t.id) AS told_confirmations",
    ),
)
