"""What the copies of an agency's lists and figures are made of: the text that was approved, or counted, last."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.problems import NotFound
from storage.record.work import Work
from storage.trust.disclosures import rules
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.duties import Duty
from storage.trust.disclosures.sources import AnAgency
from storage.trust.disclosures.tables import DisclosureKind

_LIST = """
SELECT county, office, content, decided_at AS at FROM lists WHERE series = $1 AND approved ORDER BY version DESC LIMIT 1
"""
_FIGURES = (
    "SELECT county, office, content, counted_at AS at FROM figures WHERE series = $1 ORDER BY edition DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSheet:
    """A list or figures of an agency: another text is another version, by acts of their own."""

    kind: DisclosureKind
    mine: AnAgency
    content: bytes = field(repr=False)
    duty: Duty
    basis: str = rules.BASIS_OF_CORRECTING
    shown_until: date | None = None
    matter_id: UUID | None = None
    names: tuple[str, ...] = ()
    disputed: bool = False
    fell: bool = False

    def must_be_anothers(self, account: UUID) -> None:
        """It took two people to approve a list; figures are counted and nobody's work."""

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return Copy(kind=self.kind, content=self.content, taken_out=(), worded=())


async def list_seen(sql: "asyncpg.Connection[Any]", series: UUID) -> OfSheet:
    """The version of a list that was approved last; NotFound out of sight."""
    return _sheet(DisclosureKind.LIST, await sql.fetchrow(_LIST, series))


async def list_to_keep(work: Work, series: UUID) -> OfSheet:
    """The same within an act."""
    return await list_seen(work.sql, series)


async def figures_seen(sql: "asyncpg.Connection[Any]", series: UUID) -> OfSheet:
    """Figures as they were counted last; NotFound out of sight."""
    return _sheet(DisclosureKind.FIGURES, await sql.fetchrow(_FIGURES, series))


async def figures_to_keep(work: Work, series: UUID) -> OfSheet:
    """The same within an act."""
    return await figures_seen(work.sql, series)


def _sheet(kind: DisclosureKind, row: "asyncpg.Record | None") -> OfSheet:
    if row is None:
        raise NotFound()
    return OfSheet(
        kind=kind, mine=AnAgency(county=row["county"], office=row["office"]), content=row["content"],
        duty=Duty(start_at=row["at"], article=rules.BASIS_OF_CORRECTING, deadline=None),
    )  # fmt: skip
