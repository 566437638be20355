"""What the law says of findings: pure rules. A fact is never refused; what it lacks is named, with its article.

Refused is only what is no finding at all: no officer of the inspection, no kind of the library, no fact in words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from storage.casework.conduct.recusals import ARTICLE as ARTICLE_OF_RECUSAL
from storage.casework.findings.tables import FindingFlag, Shortcoming
from storage.field.evidence.rules import must_be_a_list_of_pieces
from storage.field.inspections.rules import ARTICLE_OF_CERTIFICATES, NotAnOfficer
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.deadlines import within
from storage.record.law.library import FindingKind, Severity
from storage.record.problems import BadInput, Problem, constraint_means

ARTICLE_OF_EVIDENCE = "行政处罚法第四十六条"
LONGEST_FACT = 2_000
LEAST_FACT = 4
MOST_MEASURED = 20
LONGEST_MEASURED = 200
MOST_EVIDENCE = 100
CLOCK_TOLERANCE = timedelta(minutes=5)
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


class FindingKindUnknown(Problem):
    """The library of that day has no such kind (三(十五): 规范描述; parameters: kind, day)."""


class FindingConflict(Problem):
    """The id is taken by other content, one's own or foreign: which of both is not said."""


class EvidenceOfAnotherInspection(Problem):
    """A piece of evidence is not one of this inspection (行政处罚法46: evidence of this fact; parameter: evidence)."""


class PlaceOfAnotherInspection(Problem):
    """The place is not one of this inspection (安法68; parameter: place)."""


constraint_means("pk_findings", FindingConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that is broken: the breach that stands, the year, the clause's key and what it is called."""

    breach: UUID
    year: int
    key: str
    title: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One quantity as it was measured: what, how much in decimal digits, its unit, and the limit of the text."""

    what: str
    value: str
    unit: str
    limit: str = ""

    def told(self) -> str:
        """The line that rows and papers hold: 甲烷浓度 1.2 %（限值 1.0 %）."""
        limit = f"（限值 {self.limit} {self.unit}）" if self.limit else ""
        return f"{self.what} {self.value} {self.unit}{limit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What an officer saw. `producing`: production went on with it; `unsafe`: people cannot be kept safe beside it."""

    id: UUID
    inspection_id: UUID
    kind: str
    fact: str
    seen_at: datetime
    place_id: UUID | None = None
    measured: tuple[Measured, ...] = ()
    evidence: tuple[UUID, ...] = ()
    marks: tuple[str, ...] = ()
    producing: bool = False
    unsafe: bool = False

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai on which it was seen: its law is that of this day (处罚法37)."""
        return day_of(self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier finding at the same mine: its kind, its day, whether a major hazard with which it produced."""

    id: UUID
    kind: str
    day: date
    producing_with_major_hazard: bool


def must_be_well_formed(fact: Fact) -> None:
    """Sizes and doubles: BadInput. They are limits of the house, wide of any real finding."""
    if not LEAST_FACT <= len(fact.fact.strip()) <= LONGEST_FACT:
        raise BadInput(field="fact", reason=f"{LEAST_FACT}-{LONGEST_FACT}")
    if len(fact.measured) > MOST_MEASURED or any(not _is_measured(one) for one in fact.measured):
        raise BadInput(field="measured", reason=f"<= {MOST_MEASURED}, what, decimal value, unit")
    must_be_a_list_of_pieces(fact.evidence, most=MOST_EVIDENCE)


def _is_measured(one: Measured) -> bool:
    named = bool(one.what.strip() and one.unit.strip())
    return named and bool(_DECIMAL.fullmatch(one.value)) and len(one.told()) <= LONGEST_MEASURED


def must_be_of_the_library(fact: Fact, law: Law) -> FindingKind:
    """三(十五): standard wording, as the library of the day has it on which it was seen; else FindingKindUnknown.

    三(十): its marks are of 五假五超三瞒三不 as they were listed on that day; else BadInput.
    """
    kind = law.kind(fact.kind, fact.day)
    if kind is None:
        raise FindingKindUnknown(kind=fact.kind, day=fact.day.isoformat())
    known = {mark for many in law.marks(fact.day).values() for mark in many} if fact.marks else set()
    if not set(fact.marks) <= known or len(set(fact.marks)) != len(fact.marks):
        raise BadInput(field="marks", reason="五假五超三瞒三不")
    return kind


def must_be_seen_by_an_officer(officers: Sequence[UUID], *, account: UUID) -> None:
    """行政处罚法42: findings are those of the officers who inspect; else NotAnOfficer."""
    if account not in officers:
        raise NotAnOfficer()


def must_be_a_place_of(fact: Fact, *, places: Sequence[UUID]) -> None:
    """安法68: the record states the place, one of those that the inspection covers; else PlaceOfAnotherInspection."""
    if fact.place_id is not None and fact.place_id not in places:
        raise PlaceOfAnotherInspection(place=str(fact.place_id))


def must_be_evidence_of(evidence: Sequence[UUID], *, known: Sequence[UUID]) -> None:
    """行政处罚法46: what is attached was taken in this inspection; else EvidenceOfAnotherInspection."""
    for one in evidence:
        if one not in known:
            raise EvidenceOfAnotherInspection(evidence=str(one))


def shortcomings_of(
    *, evidence: int, certified: int, law: Law, on: date, recused: bool = False
) -> Mapping[Shortcoming, str]:
    """What a finding lacks, by article: evidence (处罚法46), enough officers with certificates (处罚法42, 55).

    Of `recused` who recorded it does not count among them (处罚法43): others make it good by standing for it.
    """
    found = {}
    if not evidence:
        found[Shortcoming.NO_EVIDENCE] = ARTICLE_OF_EVIDENCE
    if certified < law.number("officers_per_inspection", on):
        found[Shortcoming.NOT_CONFIRMED] = ARTICLE_OF_CERTIFICATES
        if recused:
            found[Shortcoming.OFFICER_RECUSED] = ARTICLE_OF_RECUSAL
    return found


def flags_of(
    fact: Fact, kind: FindingKind, *, earlier: Sequence[Earlier], law: Law, now: datetime
) -> list[FindingFlag]:
    """What the record shows of it: repeated, closure to be proposed, people to be withdrawn, a clock ahead."""
    flags = []
    if last_of_the_kind(fact, earlier) is not None:
        flags.append(FindingFlag.REPEATED)
    if kind.severity is Severity.MAJOR and fact.producing and _is_second(fact, earlier, law=law):
        flags.append(FindingFlag.CLOSURE_TO_BE_PROPOSED)
    if fact.unsafe:
        flags.append(FindingFlag.WITHDRAWAL_DUE)
    if fact.seen_at > now + CLOCK_TOLERANCE:
        flags.append(FindingFlag.CLOCK_AHEAD)
    return flags


def last_of_the_kind(fact: Fact, earlier: Sequence[Earlier]) -> UUID | None:
    """三(三)4 同类型问题重复出现: the latest earlier finding of the same kind at the same mine."""
    same = [one for one in earlier if one.kind == fact.kind and one.day <= fact.day and one.id != fact.id]
    return max(same, key=lambda one: (one.day, one.id)).id if same else None


def _is_second(fact: Fact, earlier: Sequence[Earlier], *, law: Law) -> bool:
    """条例70(2): found producing with major hazards twice or more within three months, to the day."""
    needed = law.number("producing_with_major_hazards_times", fact.day) - 1
    before = [one for one in earlier if one.producing_with_major_hazard and one.id != fact.id and one.day <= fact.day]
    counted = [one for one in before if within(law, "producing_with_major_hazards", start=one.day, day=fact.day)]
    return len(counted) >= needed
