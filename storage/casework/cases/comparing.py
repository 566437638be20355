"""What the entries say of cases and of every step in them, for whoever holds the rows against them."""

from collections.abc import Sequence
from uuid import UUID

from storage.casework.cases.steps import StepKind
from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.entries import Entry


def _expected(said: Sequence[Entry]) -> Expected:
    opened, *steps = said
    inspection = opened.data.get("inspection")
    return {
        "mine_id": opened.data["mine"],
        "cause": opened.data["cause"],
        "simple": opened.data["simple"],
        "inspection_id": inspection and UUID(inspection),
        "steps": len(steps),
        "opened_by": opened.actor,
        "opened_at": moment(opened.at),
        "told_steps": [_step(one) for one in steps],
    }


def _step(one: Entry) -> str:
    data = one.data
    officers, body = (canonical(data[name]).decode() for name in ("officers", "body"))
    kind = one.kind.removeprefix("case.").upper()
    party = data.get("party", "")
    return f"{data['ordinal']} {data['step']} {kind} {party} {one.actor} {one.id} {officers} {body}"


CASES = Comparison(
    table="cases",
    made_by="case.opened",
    changed_by=tuple(f"case.{kind.value.lower()}" for kind in StepKind),
    expected=_expected,
    columns=(
        "ARRAY(SELECT s.ordinal || ' ' || s.id || ' ' || s.kind || ' ' || coalesce(s.party_id::text, '') || ' '"
        " || s.by_id || ' ' || s.entry_id || ' ' || s.officers || ' ' || s.body"
        " FROM case_steps s WHERE s.case_id = t.id) AS told_steps",
    ),
)
