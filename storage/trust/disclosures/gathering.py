"""What a copy is made of, read from the record, and the table of sources: a served decision, an inspection's counts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot
from storage.casework.cases.bodies.facts import StatementTaken
from storage.casework.cases.queries import File
from storage.casework.cases.rulings import runs_of
from storage.casework.papers import queries as papers
from storage.casework.papers.tables import PaperState
from storage.field.inspections import queries as inspections
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.law import deadline_of, forms
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import promised, queries, rules, sheets
from storage.trust.disclosures.copies import penalties, results
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.penalties import Penalty
from storage.trust.disclosures.copies.results import Counted, InspectionResult
from storage.trust.disclosures.duties import Duty, duty_of
from storage.trust.disclosures.sources import Gathered, named_of, named_on
from storage.trust.disclosures.tables import DisclosureKind, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDecision:
    """A decision with the file of its case, its number and agency, and who drafted its paper."""

    decision_id: UUID
    file: File
    mine: MineRow
    number: str
    agency: str
    names: tuple[str, ...] = field(repr=False)
    drafters: frozenset[UUID]
    kind: DisclosureKind = DisclosureKind.PENALTY
    basis: str = rules.BASIS_OF_PUBLISHING

    @property
    def ruling(self) -> Any:
        """The decision."""
        return self.file.history.by_id[self.decision_id]

    @property
    def matter_id(self) -> UUID | None:
        """Its case."""
        return self.file.row.id

    @property
    def duty(self) -> Duty:
        """安法78: seven working days from the decision."""
        return duty_of(self.file.law, "penalty_published", self.ruling.at)

    @property
    def shown_until(self) -> date | None:
        """By the class of the penalty."""
        return rules.shown_until(self.ruling, self.file.law)

    @property
    def disputed(self) -> bool:
        """Whether a reconsideration or suit against it is open."""
        return bool(runs_of(self.ruling, self.file.history))

    @property
    def fell(self) -> bool:
        """Whether it was revoked, or changed by a reconsideration or suit (处罚法48)."""
        return self.decision_id in self.file.history.fallen or rules.is_changed(self.ruling, self.file.history)

    def must_be_anothers(self, account: UUID) -> None:
        """Neither who decided nor who drafted it publishes it."""
        rules.must_not_be_its_author(account, self.ruling, self.file.history, self.drafters)

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        source = Penalty(
            ruling=self.ruling, history=self.file.history, number=self.number, agency=self.agency,
            mine=named_of(self.mine), names=self.names,
        )  # fmt: skip
        return penalties.penalty(source, anew=anew, of_age=of_age)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfInspection:
    """An inspection with its counts."""

    result: InspectionResult
    mine: MineRow
    duty: Duty
    shown_until: date | None
    matter_id: UUID | None = None
    kind: DisclosureKind = DisclosureKind.RESULT
    basis: str = rules.BASIS_OF_RESULTS
    names: tuple[str, ...] = ()
    disputed: bool = False
    fell: bool = False

    def must_be_anothers(self, account: UUID) -> None:
        """Counts are nobody's work."""

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return results.result(self.result)


@dataclass(frozen=True, slots=True)
class Source:
    """How a source is read for a preview, and for an act, which keeps it locked until that is over."""

    read: Callable[["asyncpg.Connection[Any]", UUID], Awaitable[Gathered]]
    keep: Callable[[Work, UUID], Awaitable[Gathered]]


async def gathered(work: Work, kind: SourceKind, id: UUID) -> Gathered:
    """The source of an act, locked where it can change; NotFound where the actor does not see it."""
    return await _source(kind).keep(work, id)


async def looked_at(sql: "asyncpg.Connection[Any]", kind: SourceKind, id: UUID) -> Gathered:
    """The same for a preview: nothing is locked."""
    return await _source(kind).read(sql, id)


def _source(kind: SourceKind) -> Source:
    """BadInput for what is drafted and approved by acts of its own."""
    found = SOURCES.get(kind)
    if found is None:
        raise BadInput(field="source_kind", reason=kind.value)
    return found


async def _decision_to_keep(work: Work, id: UUID) -> OfDecision:
    return await _decision(work.sql, id, await cases.case_to_change(work, await queries.case_of(work.sql, id)))


async def _decision_seen(sql: "asyncpg.Connection[Any]", id: UUID) -> OfDecision:
    return await _decision(sql, id, await cases.file_of(sql, await queries.case_of(sql, id)))


async def _decision(sql: "asyncpg.Connection[Any]", id: UUID, file: File) -> OfDecision:
    ruling, mine = file.history.by_id[id], await mines.mine_of_id(sql, file.row.mine_id)
    issued = [
        one for one in await papers.papers_of_steps(sql, [id])
        if one["state"] == PaperState.ISSUED and not one["internal"] and one["step_id"] == id
    ]  # fmt: skip
    numbered = next((one["number"] for one in issued if one["number"]), "")
    spoken = ruling.body.number if isinstance(ruling.body, DecidedOnTheSpot) else ""
    drafters = {who for one in issued for who in (one["drafted_by"], one["issued_by"]) if who is not None}
    return OfDecision(
        decision_id=id, file=file, mine=mine, number=numbered or spoken, drafters=frozenset(drafters),
        agency=forms.set_on(day_of(ruling.at)).agency_of(file.row.office).name,
        names=await names_about(sql, mine.id, file),
    )  # fmt: skip


async def names_about(sql: "asyncpg.Connection[Any]", mine_id: UUID, file: File) -> tuple[str, ...]:
    """Whoever is in the register of the mine, acts for it or spoke in the case: named in no text for the public."""
    return (*await queries.names_at(sql, mine_id), *_speakers(file))


def _speakers(file: File) -> tuple[str, ...]:
    """Whoever gave a statement, where that is a name and no post."""
    posts = {words[0] for words in LABELS.get("PostKind", {}).values()} | {"矿长", "总工程师", "安全员", "班组长"}
    return tuple(one.body.of for one in file.history.of(StatementTaken) if one.body.of not in posts)


async def _inspection_to_keep(work: Work, id: UUID) -> OfInspection:
    return await _inspection(work.sql, id)


async def _inspection(sql: "asyncpg.Connection[Any]", id: UUID) -> OfInspection:
    rows = await inspections.inspections_by_ids(sql, [id])
    if not rows:
        raise NotFound()
    (row,) = rows
    mine, law = await mines.mine_of_id(sql, row.mine_id), await provisions.law_of(sql)
    found, ordered = await queries.findings_counted(sql, id), await queries.measures_counted(sql, id)
    day = day_of(row.opened_at)
    last = max((row.opened_at, *(one["last_at"] for one in (*found, *ordered))))
    counted = [
        Counted(one["kind"], kind.title if (kind := law.kind(one["kind"], day)) else one["kind"], one["found"],
                one["major"])
        for one in found
    ]  # fmt: skip
    measured = [
        Counted(one["kind"], MEASURE_KINDS[one["kind"]].title, one["ordered"], one["closed"]) for one in ordered
    ]
    agency, known = forms.set_on(day).agency_of(row.office).name, await named_on(sql, mine, day)
    result = InspectionResult(
        id=id, inspected_on=day, agency=agency, mine=known, findings=counted, measures=measured,
        lacking=sum(one["lacking"] for one in found),
    )  # fmt: skip
    return OfInspection(
        result=result, mine=mine, duty=duty_of(law, "other_result_published", last),
        shown_until=deadline_of(law, "result_shown", last).ends,
    )  # fmt: skip


SOURCES: Mapping[SourceKind, Source] = {
    SourceKind.DECISION: Source(_decision_seen, _decision_to_keep),
    SourceKind.INSPECTION: Source(_inspection, _inspection_to_keep),
    SourceKind.COMMITMENT: Source(promised.commitment_seen, promised.commitment_to_keep),
    SourceKind.BREACH: Source(promised.breach_seen, promised.breach_to_keep),
    SourceKind.LIST: Source(sheets.list_seen, sheets.list_to_keep),
    SourceKind.FIGURES: Source(sheets.figures_seen, sheets.figures_to_keep),
}
"""From what copies are made; what is no row here is published by nobody, or by an act of its own: an entry of the
blacklist by the decision on it."""
