"""What a copy is made of, read from the record: a served decision with its case and paper, an inspection's counts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from storage.casework.cases import queries as cases
from storage.casework.cases.bodies.deciding import DecidedOnTheSpot
from storage.casework.cases.bodies.facts import StatementTaken
from storage.casework.cases.queries import File
from storage.casework.papers import queries as papers
from storage.casework.papers.tables import PaperState
from storage.field.inspections import queries as inspections
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of, forms
from storage.record.law.measures import MEASURE_KINDS
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import rules
from storage.trust.disclosures.copies import penalties, results
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.penalties import MineNamed, Penalty
from storage.trust.disclosures.copies.results import Counted, InspectionResult
from storage.trust.disclosures.tables import DisclosureKind, SourceKind

_CASE_OF = "SELECT case_id FROM case_steps WHERE id = $1 AND kind IN ('DECIDED', 'DECIDED_ON_THE_SPOT')"
# Whoever stands in the register of the mine, or acts for it: their names are in no text that the public reads.
_NAMES = "SELECT name FROM persons WHERE mine_id = $1 UNION SELECT name FROM accounts WHERE mine_id = $1"
_SHEETS = {
    SourceKind.LIST: "SELECT county, office, content, decided_at AS at FROM lists WHERE series = $1 AND approved"
    " ORDER BY version DESC LIMIT 1",
    SourceKind.FIGURES: "SELECT county, office, content, counted_at AS at FROM figures WHERE series = $1"
    " ORDER BY edition DESC LIMIT 1",
}
_FINDINGS = """
SELECT kind, count(*) AS found, count(*) FILTER (WHERE severity = 'MAJOR') AS major, max(recorded_at) AS last_at,
  count(*) FILTER (WHERE EXISTS (SELECT FROM finding_defects d WHERE d.finding_id = findings.id
                                 AND d.made_good_at IS NULL)) AS lacking
FROM findings WHERE inspection_id = $1 GROUP BY kind ORDER BY kind
"""
_MEASURES = """
SELECT kind, count(*) AS ordered, count(closed_at) AS closed, max(recorded_at) AS last_at
FROM measures WHERE inspection_id = $1 GROUP BY kind ORDER BY kind
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """That it is to be published: since when, by which article, and by when, if the calendar of that year is known."""

    start_at: datetime
    article: str
    deadline: Deadline | None

    @property
    def due_on(self) -> date | None:
        """The last day."""
        return self.deadline.ends if self.deadline else None

    @property
    def over_at(self) -> datetime | None:
        """The moment from which it is late."""
        return self.deadline.over_at() if self.deadline else None


class Gathered(Protocol):
    """A source with what its copy is made of, whatever its kind."""

    kind: DisclosureKind
    mine: MineRow
    matter_id: UUID | None
    duty: Duty
    basis: str
    shown_until: date | None
    names: tuple[str, ...]

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        """The copy as the record gives it now."""


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
        return _duty(self.file.law, "penalty_published", self.ruling.at)

    @property
    def shown_until(self) -> date | None:
        """By the class of the penalty."""
        return rules.shown_until(self.ruling, self.file.law)

    @property
    def fell(self) -> bool:
        """Whether it was revoked, or changed by a reconsideration or suit (处罚法48)."""
        return self.decision_id in self.file.history.fallen or rules.is_changed(self.ruling, self.file.history)

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        source = Penalty(
            ruling=self.ruling, history=self.file.history, number=self.number, agency=self.agency,
            mine=_named(self.mine), names=self.names,
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

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return results.result(self.result)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnAgency:
    """Whose a list or its figures are: of no mine. It stands where other sources name theirs."""

    county: str
    office: str
    id: None = None
    credit_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSheet:
    """A list or figures as they were approved or counted last: another text is another version, by its own acts."""

    kind: DisclosureKind
    mine: AnAgency
    content: bytes = field(repr=False)
    basis: str
    duty: Duty
    shown_until: date | None = None
    matter_id: UUID | None = None
    names: tuple[str, ...] = ()

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return Copy(kind=self.kind, content=self.content, taken_out=(), worded=())


async def gathered(work: Work, kind: SourceKind, id: UUID) -> OfDecision | OfInspection | OfSheet:
    """The source of an act, its case locked until that is over; NotFound where the actor does not see it."""
    if kind in _SHEETS:
        return await _sheet(work.sql, kind, id)
    if kind is SourceKind.INSPECTION:
        return await _inspection(work.sql, id)
    return await _decision(work.sql, id, await cases.case_to_change(work, await case_of(work.sql, id)))


async def looked_at(sql: "asyncpg.Connection[Any]", kind: SourceKind, id: UUID) -> OfDecision | OfInspection | OfSheet:
    """The same for a preview: nothing is locked."""
    if kind in _SHEETS:
        return await _sheet(sql, kind, id)
    if kind is SourceKind.INSPECTION:
        return await _inspection(sql, id)
    return await _decision(sql, id, await cases.file_of(sql, await case_of(sql, id)))


async def case_of(sql: "asyncpg.Connection[Any]", decision_id: UUID) -> UUID:
    """The case in which a decision was made; NotFound for any other step."""
    found: UUID | None = await sql.fetchval(_CASE_OF, decision_id)
    if found is None:
        raise NotFound()
    return found


async def _sheet(sql: "asyncpg.Connection[Any]", kind: SourceKind, series: UUID) -> OfSheet:
    row = await sql.fetchrow(_SHEETS[kind], series)
    if row is None:
        raise NotFound()
    return OfSheet(
        kind=DisclosureKind(kind.value), mine=AnAgency(county=row["county"], office=row["office"]),
        content=row["content"], basis=rules.BASIS_OF_CORRECTING,
        duty=Duty(start_at=row["at"], article=rules.BASIS_OF_CORRECTING, deadline=None),
    )  # fmt: skip


def scope_of(mine: MineRow | AnAgency) -> dict[str, Any]:
    """Whose it is."""
    return {"county": mine.county, "office": mine.office, "mine_id": mine.id}


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
        names=(*(row["name"] for row in await sql.fetch(_NAMES, mine.id)), *_speakers(file)),
    )  # fmt: skip


def _speakers(file: File) -> tuple[str, ...]:
    """Whoever gave a statement, where that is a name and no post."""
    posts = {words[0] for words in LABELS.get("PostKind", {}).values()} | {"矿长", "总工程师", "安全员", "班组长"}
    return tuple(one.body.of for one in file.history.of(StatementTaken) if one.body.of not in posts)


async def _inspection(sql: "asyncpg.Connection[Any]", id: UUID) -> OfInspection:
    rows = await inspections.inspections_by_ids(sql, [id])
    if not rows:
        raise NotFound()
    (row,) = rows
    mine, law = await mines.mine_of_id(sql, row.mine_id), await provisions.law_of(sql)
    found, ordered = await sql.fetch(_FINDINGS, id), await sql.fetch(_MEASURES, id)
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
    result = InspectionResult(
        id=id, inspected_on=day, agency=forms.set_on(day).agency_of(row.office).name, mine=_named(mine),
        findings=counted, measures=measured, lacking=sum(one["lacking"] for one in found),
    )  # fmt: skip
    return OfInspection(
        result=result, mine=mine, duty=_duty(law, "other_result_published", last),
        shown_until=deadline_of(law, "result_shown", last).ends,
    )  # fmt: skip


def _duty(law: Law, key: str, start: datetime) -> Duty:
    article = law.parameter(key, day_of(start)).article
    try:
        return Duty(start_at=start, article=article, deadline=deadline_of(law, key, start))
    except YearNotPublished:
        return Duty(start_at=start, article=article, deadline=None)


def _named(mine: MineRow) -> MineNamed:
    return MineNamed(id=mine.id, name=mine.name, credit_code=mine.credit_code, county=mine.county)
