"""What the entries say of cases, of every step in them and of what follows from the steps, against the rows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from storage.casework.cases.encoding import body_of
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Step, StepKind
from storage.casework.cases.taking import fines_of
from storage.record.ledger.comparing import Comparison, Expected, moment
from storage.record.ledger.proofs.canonical import canonical
from storage.record.ledger.proofs.entries import Entry

_EPOCH: Final = datetime.fromtimestamp(0, UTC)


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
        "told_steps": [_told(one) for one in steps],
        "told_parties": [
            f"{one['id']} {one['kind']} {one['name']} {one['subject']}" for one in _brought_in(steps, "parties")
        ],
        # `true`: its kind is that of its finding, which is held against an entry of its own.
        "told_conducts": [f"{one['id']} {one['clause'].strip()} true" for one in _brought_in(steps, "conducts")],
        "told_fines": _fines(steps),
    }


def _told(one: Entry) -> str:
    data = one.data
    officers, body = (canonical(data[name]).decode() for name in ("officers", "body"))
    at = _micros(datetime.fromisoformat(data["at"]))
    return (
        f"{data['ordinal']} {data['step']} {_kind(one).value} {data.get('party', '')} {at} {one.actor} {one.id}"
        f" {officers} {body}"
    )


def _brought_in(steps: Sequence[Entry], what: str) -> list[dict[str, Any]]:
    """The parties or conducts that its steps name; what a widened scope leaves out is not in its body."""
    brings = (StepKind.PROPOSED, StepKind.DECIDED_ON_THE_SPOT, StepKind.SCOPE_WIDENED)
    return [each for one in steps if _kind(one) in brings for each in one.data["body"].get(what, ())]


def _fines(steps: Sequence[Entry]) -> list[str]:
    """Whom each decision fined for which finding, and when a decision fell."""
    history = History(tuple(_step(one) for one in steps))
    kept = {one.data["step"]: one.at for one in steps}
    found = []
    for step in history:
        fell = history.fallen.get(step.id)
        at = kept[str(fell.id)] * 1000 if fell is not None else ""
        found += [f"{step.id} {subject} {finding} {at}" for subject, finding in fines_of(step, history)]
    return found


def _step(one: Entry) -> AnyStep:
    data, party = one.data, one.data.get("party")
    return Step(
        id=UUID(data["step"]), at=datetime.fromisoformat(data["at"]), by=UUID(one.actor),
        body=body_of(_kind(one), data["body"]), party=UUID(party) if party else None,
    )  # fmt: skip


def _kind(one: Entry) -> StepKind:
    return StepKind(one.kind.removeprefix("case.").upper())


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


_SQL_MICROS: Final = "(extract(epoch FROM {}) * 1000000)::bigint"
_OF_ITS_FINDING: Final = """(c.kind IS NOT DISTINCT FROM (
  SELECT f.kind FROM case_steps s CROSS JOIN jsonb_array_elements(s.body::jsonb -> 'conducts') o
    JOIN findings f ON f.id = (o ->> 'finding')::uuid
  WHERE s.case_id = t.id AND s.kind IN ('PROPOSED', 'DECIDED_ON_THE_SPOT', 'SCOPE_WIDENED')
    AND o ->> 'id' = c.conduct_id::text LIMIT 1))::text"""

CASES = Comparison(
    table="cases",
    made_by="case.opened",
    changed_by=tuple(f"case.{kind.value.lower()}" for kind in StepKind),
    expected=_expected,
    columns=(
        "ARRAY(SELECT s.ordinal || ' ' || s.id || ' ' || s.kind || ' ' || coalesce(s.party_id::text, '') || ' '"
        f" || {_SQL_MICROS.format('s.at')} || ' ' || s.by_id || ' ' || s.entry_id || ' ' || s.officers || ' ' || s.body"
        " FROM case_steps s WHERE s.case_id = t.id) AS told_steps",
        "ARRAY(SELECT p.id || ' ' || p.kind || ' ' || p.name || ' ' || p.subject"
        " FROM case_parties p WHERE p.case_id = t.id) AS told_parties",
        f"ARRAY(SELECT c.conduct_id || ' ' || c.clause || ' ' || {_OF_ITS_FINDING}"
        " FROM case_conducts c WHERE c.case_id = t.id) AS told_conducts",
        "ARRAY(SELECT n.decision_id || ' ' || n.subject || ' ' || n.finding_id || ' '"
        f" || coalesce({_SQL_MICROS.format('n.fell_at')}::text, '')"
        " FROM case_fines n WHERE n.case_id = t.id) AS told_fines",
    ),
)
