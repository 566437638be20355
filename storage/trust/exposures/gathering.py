"""What an exposure rests on: a case with its penalty, its mine and the names that may stand in no text of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.steps import PartyKind
from storage.record.clock import day_of
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.trust.disclosures import gathering
from storage.trust.disclosures.copies.mines import MineNamed
from storage.trust.disclosures.gathering import OfDecision
from storage.trust.disclosures.sources import named_of
from storage.trust.disclosures.tables import DisclosureKind, SourceKind
from storage.trust.exposures import queries, rules


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase:
    """A case whose penalty is served, as an exposure of it rests on it; `last` tells of its last penalty."""

    last: OfDecision
    kind: DisclosureKind = DisclosureKind.EXPOSURE

    @property
    def mine(self) -> MineRow:
        """The mine."""
        return self.last.mine

    @property
    def named(self) -> MineNamed:
        """The mine as copies name it."""
        return named_of(self.last.mine)

    @property
    def agency(self) -> str:
        """The agency that decided."""
        return self.last.agency

    @property
    def decided_on(self) -> date:
        """The day of the last penalty."""
        return day_of(self.last.ruling.at)

    @property
    def names(self) -> tuple[str, ...]:
        """People of the mine and of the case: none of them is named in public."""
        parties = self.last.file.history.parties.values()
        return (*self.last.names, *(one.name for one in parties if one.kind is PartyKind.PERSON))

    @property
    def codes(self) -> tuple[str, ...]:
        """Credit codes of the units of the case, which may stand in a text."""
        parties = self.last.file.history.parties.values()
        return tuple(one.subject for one in parties if one.kind is PartyKind.UNIT)

    @property
    def shown_until(self) -> date | None:
        """令36: no longer than its penalties."""
        return rules.shown_until(self.last.file.history, self.last.file.law)

    @property
    def excluded(self) -> frozenset[UUID]:
        """The steps that were set aside."""
        return self.last.file.history.excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class OfExposure:
    """What was published of an exposure, when it is to be taken down: its case may stand otherwise by then."""

    mine: MineRow
    names: tuple[str, ...]
    fell: bool
    kind: DisclosureKind = DisclosureKind.EXPOSURE


async def looked_at(sql: "asyncpg.Connection[Any]", case_id: UUID) -> OfCase:
    """The case, locked by nobody; NotFound out of sight, CaseNotOver without a penalty that is served."""
    file = await cases.file_of(sql, case_id)
    found = await gathering.looked_at(sql, SourceKind.DECISION, rules.ruling_of(file.history).id)
    return _of(found)


async def gathered(work: Work, case_id: UUID) -> OfCase:
    """The same with the case locked until the act is over."""
    file = await cases.case_to_change(work, case_id)
    return _of(await gathering.gathered(work, SourceKind.DECISION, rules.ruling_of(file.history).id))


async def of_exposure(work: Work, exposure_id: UUID) -> OfExposure:
    """What a published exposure rests on, its case locked."""
    row = await queries.exposure_again(work, exposure_id)
    file = await cases.case_to_change(work, row.case_id)
    names = await gathering.names_about(work.sql, row.mine_id, file)
    persons = (one.name for one in file.history.parties.values() if one.kind is PartyKind.PERSON)
    return OfExposure(
        mine=await mines.mine_of_id(work.sql, row.mine_id), names=(*names, *persons),
        fell=rules.has_fallen(file.history),
    )  # fmt: skip


def _of(found: Any) -> OfCase:
    if not isinstance(found, OfDecision):
        raise NotFound()
    return OfCase(last=found)
