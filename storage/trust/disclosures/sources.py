"""What every source of a copy has in common, whatever it is, and what is read of its mine."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from storage.register.mines.queries import MineRow
from storage.trust.disclosures import queries
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.mines import MineNamed
from storage.trust.disclosures.duties import Duty
from storage.trust.disclosures.tables import DisclosureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AnAgency:
    """Whose a list or its figures are: of no mine. It stands where other sources name theirs."""

    county: str
    office: str
    id: None = None
    credit_code: str = ""


class Gathered(Protocol):
    """A source with what its copy is made of. `disputed` and `fell` are what the case of a decision says."""

    @property
    def kind(self) -> DisclosureKind: ...
    @property
    def mine(self) -> MineRow | AnAgency: ...
    @property
    def matter_id(self) -> UUID | None: ...
    @property
    def duty(self) -> Duty: ...
    @property
    def basis(self) -> str: ...
    @property
    def shown_until(self) -> date | None: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def disputed(self) -> bool: ...
    @property
    def fell(self) -> bool: ...

    def must_be_anothers(self, account: UUID) -> None:
        """Four eyes: PublishedByItsAuthor where this account had a hand in it."""

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        """The copy as the record gives it now."""


def scope_of(mine: MineRow | AnAgency) -> dict[str, Any]:
    """Whose it is."""
    return {"county": mine.county, "office": mine.office, "mine_id": mine.id}


async def named_on(sql: "asyncpg.Connection[Any]", mine: MineRow, day: date) -> MineNamed:
    """The mine as copies may tell of it, with its class on that day; one statement."""
    return replace(named_of(mine), mine_class=await queries.class_on(sql, mine.id, day))


def named_of(mine: MineRow) -> MineNamed:
    """The mine as the register has it."""
    return MineNamed(
        id=mine.id, name=mine.name, credit_code=mine.credit_code, county=mine.county, supervisor=mine.supervisor,
        state=mine.state, disasters=tuple(sorted(mine.disasters)),
    )  # fmt: skip
