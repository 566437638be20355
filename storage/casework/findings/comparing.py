"""What the entries say of findings, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_FACTS = (
    "kind", "fact", "measured", "clause", "measure_basis", "penalty_basis", "producing", "unsafe", "marks", "flags",
    "severity",
)  # fmt: skip


def _expected(said: Sequence[Entry]) -> Expected:
    recorded = said[0]
    ids = {name: recorded.data.get(told) for name, told in (("place_id", "place"), ("repeats", "repeats"))}
    return {
        **{name: recorded.data[name] for name in _FACTS},
        **{name: value and UUID(value) for name, value in ids.items()},
        "inspection_id": UUID(recorded.data["inspection"]),
        "seen_at": datetime.fromisoformat(recorded.data["seen_at"]),
        "recorded_at": moment(recorded.at),
    }


FINDINGS = Comparison("findings", "finding.recorded", _expected)
