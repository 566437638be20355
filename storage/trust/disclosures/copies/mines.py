"""What copies say of a mine: its name and code, and what the register holds of it that everybody may know; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MineNamed:
    """The mine, as the register names it. `supervisor` is the division that supervises it directly, `mine_class` its
    class of A to D on the day of which the copy tells (实施意见三（二）3)."""

    id: UUID
    name: str
    credit_code: str
    county: str
    supervisor: str = ""
    state: str = ""
    disasters: tuple[str, ...] = ()
    mine_class: str = ""


def named(mine: MineNamed) -> dict[str, Any]:
    """Which mine it is."""
    return {"id": str(mine.id), "name": mine.name, "credit_code": mine.credit_code}


def registered(mine: MineNamed) -> Mapping[str, Any]:
    """The same with who supervises it (煤矿安全生产条例40; 实施意见三（十一）1), what it does and what it faces."""
    known = {"supervisor": mine.supervisor, "state": mine.state, "disasters": list(mine.disasters),
             "class": mine.mine_class}  # fmt: skip
    return named(mine) | {name: value for name, value in known.items() if value}
