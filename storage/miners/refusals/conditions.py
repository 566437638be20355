"""How a condition stands in a filing: a small JSON document, the only thing of a report that is not encrypted."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from storage.miners.refusals import rules
from storage.miners.refusals.rules import Condition
from storage.miners.refusals.tables import DangerKind
from storage.record.problems import BadInput
from storage.register.people.tables import ShiftKind

LARGEST = 4_000
_MEMBERS = {"place", "workplace", "day", "shift", "since", "clause", "clauseKey", "danger"}


def read(text: str, *, mine_id: UUID, today: date) -> Condition:
    """The condition of a filing, held against its rules; BadInput for everything that is none."""
    told = _object(text)
    try:
        condition = Condition(
            mine_id=mine_id, place=told.get("place", ""), day=date.fromisoformat(told["day"]),
            shift=ShiftKind(told["shift"]), since=date.fromisoformat(told.get("since") or told["day"]),
            workplace_id=UUID(told["workplace"]) if told.get("workplace") else None, clause=told.get("clause", ""),
            clause_key=told.get("clauseKey", ""),
            danger=DangerKind(told["danger"]) if told.get("danger") else None,
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        raise BadInput(field="condition", reason="place or workplace, day, shift; clause or danger") from None
    rules.must_be_a_condition(condition, today=today)
    return condition


def write(condition: Condition) -> str:
    """The same as a client writes it; what is not said is left out."""
    told = {
        "place": condition.place, "workplace": str(condition.workplace_id) if condition.workplace_id else "",
        "day": condition.day.isoformat(), "shift": condition.shift.value, "since": condition.since.isoformat(),
        "clause": condition.clause, "clauseKey": condition.clause_key,
        "danger": condition.danger.value if condition.danger else "",
    }  # fmt: skip
    return json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False, sort_keys=True)


def _object(text: str) -> dict[str, str]:
    if len(text) > LARGEST:
        raise BadInput(field="condition", reason=f"<= {LARGEST}")
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.keys() - _MEMBERS or not all(isinstance(one, str) for one in told.values()):
        raise BadInput(field="condition", reason=", ".join(sorted(_MEMBERS)))
    return told
