"""What the entries say of matters of conduct and their steps, for whoever holds the rows against them."""

from collections.abc import Sequence
from uuid import UUID

from storage.casework.conduct.tables import ConductTurn
from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.entries import Entry

_KINDS = {f"conduct.{kind.value.lower()}": kind for kind in ConductTurn}


def _expected(said: Sequence[Entry]) -> Expected:
    opened, data = said[0], said[0].data
    last = max(said, key=lambda one: one.data.get("ordinal", 0))
    granted = next((one for one in said if one.data.get("granted")), None)
    return {
        **{name: data[name] for name in ("kind", "about", "reference")},
        "officer_id": UUID(data["officer"]),
        "subject_id": data.get("matter_subject"),
        "mine_id": data.get("mine"),
        "log": data.get("log"),
        "as_of": data.get("as_of"),
        "opened_by": UUID(opened.actor),
        "opened_at": moment(opened.at),
        "state": last.data.get("state", "OPEN"),
        "steps": len(said),
        "granted": granted is not None,
        "decided_at": moment(granted.at) if granted else None,
        "told_complainant": data.get("complainant"),
        "told_steps": [_line(one) for one in said],
    }


def _line(said: Entry) -> str:
    data = said.data
    told = (
        data["step"], _KINDS[said.kind].value, said.actor, data.get("outcome", ""), ",".join(data.get("grounds", [])),
        data.get("organ", ""), data.get("subject", ""), ",".join(data.get("evidence", [])), data["words"],
    )  # fmt: skip
    return "|".join(str(part) for part in told)


MATTERS = Comparison(
    table="conduct_matters",
    made_by="conduct.opened",
    changed_by=tuple(kind for kind in _KINDS if kind != "conduct.opened"),
    expected=_expected,
    columns=(
        "(SELECT encode(sha256(c.salt || convert_to(c.name || E'\\x1f' || c.contact, 'UTF8')), 'hex')"
        " FROM conduct_complainants c WHERE c.matter_id = t.id) AS told_complainant",
        "ARRAY(SELECT concat_ws('|', s.id, s.kind, s.recorded_by, coalesce(s.outcome, ''),"
        " array_to_string(s.grounds, ','), s.organ, coalesce(s.subject_id::text, ''),"
        " array_to_string(s.evidence, ','), s.words) FROM conduct_steps s WHERE s.matter_id = t.id) AS told_steps",
    ),
)
