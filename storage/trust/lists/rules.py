"""What the law says of lists and figures: what each holds, who keeps it, that it takes two, when it is due; pure."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from uuid import UUID, uuid5

from storage.record.law import Law, YearNotPublished, deadline_of
from storage.record.problems import BadInput, Problem, TryAgain, constraint_means
from storage.trust.disclosures.copies.lists import Item
from storage.trust.lists.tables import ListKind

PROVINCE = "52"
MOST_ITEMS = 2_000
LONGEST = {"name": 200, "number": 100, "text": 4_000, "article": 300, "credit_code": 18, "county": 6}
LONGEST_NOTE = 1_000
_SERIES = UUID("6f4b3c1e-9d27-4a58-8e0b-5c2f7a91d364")
QUARTERS = (1, 2, 3, 4)


class ListTakesTwo(Problem):
    """Whoever drafted a list does not decide it: another person does (实施意见三（十六）)."""


class ListDecided(Problem):
    """This version was approved or turned down before."""


class ListOvertaken(Problem):
    """A later version of the list was approved meanwhile (parameter: version)."""


class ListOfAnotherLevel(Problem):
    """This list is the province's to keep, or no agency keeps it for that place (parameter: kind)."""


class PeriodNotOver(Problem):
    """The quarter or year is not over yet, so nobody can say what it came to (parameter: until)."""


constraint_means("uq_lists_series_version", TryAgain)
constraint_means("uq_figures_series_edition", TryAgain)

GATHERED = frozenset({ListKind.CERTIFICATES, ListKind.POWERS, ListKind.SUPERVISORS, ListKind.SIGNED, ListKind.OVERDUE})
"""What the record knows: nobody types it in."""
OF_THE_PROVINCE = frozenset({ListKind.LICENCES, ListKind.SUPERVISORS, ListKind.EXPERTS, ListKind.STANDARDS})
"""实施意见三（八）3, 三（十一）1: issued or gathered by the province; the rest each agency keeps for itself."""
OF_PERSONS = frozenset({ListKind.CERTIFICATES, ListKind.EXPERTS})
"""Names of persons that the law wants public: who may inspect (118号文), and the experts (实施意见三（十四）5)."""
WITH_CONTACTS = frozenset({ListKind.PROCEDURE, ListKind.REMEDIES})
"""公开条例20: where an agency is reached stands there; its own number, nobody's mobile."""
EVERY: Mapping[ListKind, str] = {
    ListKind.LICENCES: "list_licences_every", ListKind.SUPERVISORS: "list_supervisors_every",
    ListKind.EXPERTS: "list_experts_every", ListKind.SIGNED: "list_signed_every",
    ListKind.OVERDUE: "list_overdue_every",
}  # fmt: skip
"""The parameters that say how often; the other lists must always be there."""
BASIS_OF: Mapping[ListKind, str] = {
    ListKind.CERTIFICATES: "国办发〔2018〕118号", ListKind.POWERS: "实施意见三（一）1",
    ListKind.BASIS: "行政处罚法第三十九条", ListKind.PROCEDURE: "行政处罚法第三十九条",
    ListKind.REMEDIES: "行政处罚法第三十九条", ListKind.NORMATIVE: "政府信息公开条例第二十条",
    ListKind.LICENCES: "实施意见三（八）3", ListKind.SUPERVISORS: "实施意见三（十一）1",
    ListKind.EXPERTS: "实施意见三（十四）5", ListKind.STANDARDS: "实施意见三（四）2",
    ListKind.SIGNED: "实施意见三（六）2", ListKind.OVERDUE: "实施意见三（六）2",
}  # fmt: skip
"""By which article each is published."""
BASIS_OF_QUARTER = "政府信息公开条例第六条"
BASIS_OF_YEAR = "国办发〔2018〕118号"
_MEMBERS: Mapping[ListKind, tuple[frozenset[str], frozenset[str]]] = {
    ListKind.BASIS: (frozenset({"name"}), frozenset({"number", "text", "article", "day"})),
    ListKind.PROCEDURE: (frozenset({"name", "text"}), frozenset({"article"})),
    ListKind.REMEDIES: (frozenset({"name", "text"}), frozenset({"article"})),
    ListKind.NORMATIVE: (frozenset({"name", "number"}), frozenset({"text", "day"})),
    ListKind.LICENCES: (frozenset({"name", "number", "credit_code", "day"}), frozenset({"county"})),
    ListKind.EXPERTS: (frozenset({"name", "text"}), frozenset()),
    ListKind.STANDARDS: (frozenset({"name", "number", "text", "credit_code"}), frozenset({"day", "county"})),
}
"""What a line of a drafted list must and may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Whose list it is: a division's department (`office` is empty), or a branch office (`county` is the province)."""

    county: str
    office: str = ""

    @property
    def is_the_province(self) -> bool:
        """Whether it answers for all of Guizhou."""
        return self.county == PROVINCE and not self.office


def series_of(what: str, agency: Agency) -> UUID:
    """What all versions of one list of one agency have in common: the source that its disclosure names."""
    return uuid5(_SERIES, f"{what} {agency.county} {agency.office}")


def period_of(year: int, quarter: int | None) -> str:
    """What figures are of, as their series names it."""
    return f"FIGURES {year}" + (f"Q{quarter}" if quarter else "")


def must_be_kept_by(kind: ListKind, agency: Agency) -> None:
    """实施意见三（八）3, 三（十一）1: what the province gathers no county publishes beside it."""
    if agency.office and agency.county != PROVINCE:
        raise ListOfAnotherLevel(kind=kind.value)
    if kind in OF_THE_PROVINCE and not agency.is_the_province:
        raise ListOfAnotherLevel(kind=kind.value)


def must_fit(kind: ListKind, items: Sequence[Item] | None) -> None:
    """What the record knows is not typed in; a drafted line has what its kind must have, and nothing else."""
    if (kind in GATHERED) is not (items is None):
        raise BadInput(field="items", reason="null" if kind in GATHERED else f"1-{MOST_ITEMS}")
    if items is None:
        return
    if not 0 < len(items) <= MOST_ITEMS:
        raise BadInput(field="items", reason=f"1-{MOST_ITEMS}")
    must, may = _MEMBERS[kind]
    for at, one in enumerate(items):
        there = {each.name for each in fields(one) if getattr(one, each.name) is not None}
        for name in sorted((must - there) | (there - must - may)):
            raise BadInput(field=f"items[{at}].{name}", reason=", ".join(sorted(must | may)))
        for name, most in LONGEST.items():
            said = getattr(one, name)
            if said is not None and (not said.strip() or len(said) > most):
                raise BadInput(field=f"items[{at}].{name}", reason=f"1-{most}")


def must_be_another(decider: UUID, drafter: UUID) -> None:
    """Four eyes, as with every text that is published in an agency's name."""
    if decider == drafter:
        raise ListTakesTwo()


def must_be_undecided(approved: bool | None) -> None:
    """A version is decided once."""
    if approved is not None:
        raise ListDecided()


def must_be_the_newest(version: int, approved: int) -> None:
    """What was drafted before another version was approved is drafted anew."""
    if approved > version:
        raise ListOvertaken(version=approved)


def must_say(note: str) -> None:
    """Why it is published, or turned down."""
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise BadInput(field="note", reason=f"1-{LONGEST_NOTE}")


def next_by(kind: ListKind, law: Law, as_of: date) -> date | None:
    """The last day of the quarter or year behind the one in which it was published; None where it has no rhythm."""
    months = _months(kind, law, as_of)
    return _end_of_period(_end_of_period(as_of, months) + timedelta(days=1), months) if months else None


def due_on(kind: ListKind, law: Law, today: date, last: date | None) -> date | None:
    """By when a version is due: the end of this period for what was never published, else of the one behind it."""
    months = _months(kind, law, today)
    if not months:
        return None
    return _end_of_period(today, months) if last is None else next_by(kind, law, last)


def is_overdue(kind: ListKind, due: date | None, today: date, last: date | None) -> bool:
    """Late; of a list without a rhythm (处罚法39), that it is not there at all."""
    return last is None if kind not in EVERY else due is not None and today > due


def must_be_over(year: int, quarter: int | None, today: date) -> None:
    """What a period came to is known once it is over."""
    if not 2020 <= year <= 2100 or (quarter is not None and quarter not in QUARTERS):
        raise BadInput(field="year", reason="2020-2100, 1-4")
    if today <= (last := end_of(year, quarter)):
        raise PeriodNotOver(until=last.isoformat())


def end_of(year: int, quarter: int | None) -> date:
    """The last day of a quarter or year."""
    return date(year, 12, 31) if quarter is None else _end_of_period(date(year, quarter * 3, 1), 3)


def figures_due(law: Law, year: int, quarter: int | None) -> date | None:
    """118号文: of a year by 31 January; of a quarter twenty working days on; None while the holidays are unknown."""
    if quarter is None:
        first = date(year + 1, 1, 1)
        return first + timedelta(days=law.number("year_figures_published", first) - 1)
    try:
        return deadline_of(law, "quarter_counts_published", end_of(year, quarter)).ends
    except YearNotPublished:
        return None


def _months(kind: ListKind, law: Law, on: date) -> int:
    return law.number(EVERY[kind], on) if kind in EVERY else 0


def _end_of_period(day: date, months: int) -> date:
    """The last day of the period of so many months, counted from January, in which a day lies."""
    last = (day.month - 1) // months * months + months
    return date(day.year, last, monthrange(day.year, last)[1])
