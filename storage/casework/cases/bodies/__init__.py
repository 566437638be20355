"""What each kind of step says: one frozen dataclass a kind, its fields with what they mean."""

from storage.casework.cases.bodies import after, deciding, facts, notice, opening, transfer
from storage.casework.cases.steps import Body, StepKind


def _gathered() -> dict[StepKind, type[Body]]:
    found: dict[StepKind, type[Body]] = {}
    for module in (opening, facts, notice, deciding, after, transfer):
        for one in vars(module).values():
            kind = getattr(one, "kind", None)
            if isinstance(one, type) and isinstance(kind, StepKind):
                found[kind] = one
    if missing := set(StepKind) - found.keys():
        raise TypeError(f"no body for {', '.join(sorted(missing))}")
    return found


BODIES: dict[StepKind, type[Body]] = _gathered()
"""The body of each kind of step."""
