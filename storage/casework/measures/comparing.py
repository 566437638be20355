"""What the entries say of measures and their steps, for whoever holds the rows against them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from storage.casework.measures.history import ENDINGS
from storage.casework.measures.tables import Turn
from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_FACTS = ("kind", "article", "paper", "danger", "urgent", "safe", "reason", "decision", "mine_before")
_KINDS = {f"measure.{kind.value.lower()}": kind for kind in Turn}


def _expected(said: Sequence[Entry]) -> Expected:
    ordered, data = said[0], said[0].data
    ends = [one for one in said if _KINDS[one.kind] in ENDINGS]
    named = set(data["findings"]) | {one.data["subject_id"] for one in said if _KINDS[one.kind] is Turn.FINDING_NAMED}
    return {
        **{name: data[name] for name in _FACTS},
        "inspection_id": UUID(data["inspection"]),
        "days": data.get("days"),
        "approver_id": data.get("approver"),
        "enforces": data.get("enforces"),
        "ordered_at": datetime.fromisoformat(data["ordered_at"]),
        "ordered_by": UUID(ordered.actor),
        "recorded_at": moment(ordered.at),
        "state": max(said, key=lambda one: one.data.get("ordinal", 0)).data.get("state", "OPEN"),
        "closed_at": moment(ends[-1].at) if ends else None,
        "told_findings": sorted(named),
        "told_steps": [_line(one) for one in said],
    }


def _line(said: Entry) -> str:
    data = said.data
    told = (
        data["step"], _KINDS[said.kind].value, data["hand"], said.actor, data.get("certificate_id", ""),
        data.get("subject_id", ""), data.get("until", ""), data.get("number", ""), data.get("outcome", ""),
        data.get("place_id", ""), str(data.get("underground", False)).lower(), ",".join(data.get("evidence", [])),
        data.get("words", ""),
    )  # fmt: skip
    return "|".join(str(part) for part in told)


MEASURES = Comparison(
    table="measures",
    made_by="measure.ordered",
    changed_by=tuple(kind for kind in _KINDS if kind != "measure.ordered"),
    expected=_expected,
    columns=(
        "ARRAY(SELECT f.finding_id::text FROM measure_findings f WHERE f.measure_id = t.id) AS told_findings",
        "ARRAY(SELECT concat_ws('|', s.id, s.kind, s.hand, s.recorded_by, coalesce(s.certificate_id::text, ''),"
        " coalesce(s.subject_id::text, ''), coalesce(s.until_day::text, ''), coalesce(s.number::text, ''),"
        " coalesce(s.outcome, ''), coalesce(s.place_id::text, ''), s.underground::text,"
        " array_to_string(s.evidence, ','), s.words) FROM measure_steps s WHERE s.measure_id = t.id) AS told_steps",
    ),
)
