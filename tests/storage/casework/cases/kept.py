"""Steps as the oracle looks at them: each with the moment at which it was kept, and what was told beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Kept:
    """A step and the moment at which it was kept: what lacked then, finding or order on site, and what was lifted."""

    step: Any
    now: datetime
    lacking: frozenset[UUID] = frozenset()
    lifted: frozenset[UUID] = frozenset()


def of(before: Sequence[Kept], *kinds: str, party: UUID | None = None) -> list[Kept]:
    """The steps of these kinds."""
    return [one for one in before if one.step.kind.value in kinds and (party is None or one.step.party == party)]


def recused(before: Sequence[Kept]) -> set[UUID]:
    """Whoever was recused."""
    asked = {one.step.id: one.step.body.officer for one in of(before, "RECUSAL_ASKED")}
    return {asked[one.step.body.asked] for one in of(before, "RECUSAL_DECIDED") if one.step.body.granted}
