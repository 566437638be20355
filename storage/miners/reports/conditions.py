"""What an open refusal says in plain, read strictly: place, day, shift, clause or danger, since when."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson

from storage.miners.refusals.conditions import Condition
from storage.miners.refusals.tables import DangerKind
from storage.record.problems import BadInput
from storage.register.people.tables import ShiftKind

LONGEST = 4_096
_TEXTS = ("clause", "clauseKey")
_MEMBERS = {"place", "day", "shift", "since", "workplaceId", "danger", *_TEXTS}


def condition_of(text: str, mine_id: UUID) -> Condition:
    """The condition that a client wrote as JSON; BadInput for anything else."""
    try:
        told: dict[str, Any] = orjson.loads(text)
        if len(text) > LONGEST or not isinstance(told, dict) or told.keys() - _MEMBERS:
            raise ValueError("members")
        return Condition(
            mine_id=mine_id, place=_text(told, "place"), day=date.fromisoformat(told["day"]),
            shift=ShiftKind(told["shift"]), since=date.fromisoformat(told["since"]),
            workplace_id=UUID(told["workplaceId"]) if told.get("workplaceId") else None,
            clause=_text(told, "clause"), clause_key=_text(told, "clauseKey"),
            danger=DangerKind(told["danger"]) if told.get("danger") else None,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            field="condition", reason="place, day, shift, since; clause, clauseKey, workplaceId, danger"
        ) from error


def _text(told: dict[str, Any], name: str) -> str:
    found = told.get(name) or ""
    if not isinstance(found, str):
        raise ValueError(name)
    return found
