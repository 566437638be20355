"""What the law says of inspection schemes: pure rules, each with its article. Acts are refused, facts are kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from storage.casework.schemes.tables import Cause, Manner, MineClass, Side
from storage.record.clock import day_of, to_ms
from storage.record.law import Law, NotInForce, Parameter
from storage.record.law.defects import Defect, defect_of
from storage.record.problems import BadInput, Problem, constraint_means
from storage.register.people.rules import text_of

ARTICLE_OF_SCHEMES = "实施意见三（十四）2、4"
ARTICLE_OF_COVERAGE = "实施意见三（十四）3"
ARTICLE_OF_TALKS = "实施意见三（十二）1"
LONGEST_TEXT, LONGEST_REASON = 500, 500
MOST_ITEMS, MOST_OFFICERS = 100, 20


class SchemeConflict(Problem):
    """The id is taken by another scheme, one's own or foreign: which of both is not said."""


class ItemOutsidePowers(Problem):
    """The powers-and-duties list has no such power on the day (policy 三(十四)1; parameters: power, day)."""


class ItemOfNobody(Problem):
    """An item is allotted to somebody who is not of the team (policy 三(十四)4; parameter: account)."""


class DrafterNotOfTheTeam(Problem):
    """A scheme is drafted by a member of the team that carries it out (policy 三(十四)4)."""


class SchemeOneSided(Problem):
    """Papers and places, surface and underground, kind and measure belong together (三(十四)3; parameter: missing)."""


class TooManyChecks(Problem):
    """The mine has been checked, or is to be, as often as the cap allows in this year.

    Parameters: count, most, article, year.
    """


class NotTheLead(Problem):
    """Only the lead of the team approves its scheme (policy 三(十四)4)."""


class SchemeNeedsTwoPeople(Problem):
    """The lead approves what another member drafted (policy 三(十四)4)."""


class SchemeDecided(Problem):
    """The scheme was approved or returned before."""


class SchemeNotApproved(Problem):
    """The scheme is not approved, so no inspection is opened by it (policy 三(十四)4)."""


class SchemeCarriedOut(Problem):
    """The scheme belongs to an inspection already, or the inspection to a scheme."""


class NotYourItem(Problem):
    """The officer to whom an item is allotted answers for it, and nobody else (policy 三(十四)4)."""


class ItemAnswered(Problem):
    """The item was answered before, otherwise."""


class LawTalkConflict(Problem):
    """The id is taken by another talk, one's own or foreign: which of both is not said."""


constraint_means("pk_schemes", SchemeConflict)
constraint_means("pk_scheme_items", SchemeConflict)
constraint_means("uq_schemes_inspection_id", SchemeCarriedOut)
constraint_means("ck_schemes_takes_two_people", SchemeNeedsTwoPeople)
constraint_means("pk_law_talks", LawTalkConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to check, as it is drafted."""

    id: UUID
    power: str
    text: str
    side: Side
    underground: bool
    manner: Manner
    officer_id: UUID
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A scheme as it is drafted. `reference` names the plan, the report, the decision …"""

    id: UUID
    mine_id: UUID
    cause: Cause
    reference: str
    scheduled_for: date
    lead_id: UUID
    officers: tuple[UUID, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One inspection of a mine in a year, and what opened it; None where no scheme says more than its basis."""

    inspection_id: UUID
    opened_at: datetime
    planned: bool
    cause: Cause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """How often a mine was checked in a year, what is still planned, and the caps that hold; each with its article."""

    year: int
    checks: tuple[Check, ...]
    scheduled: int
    mine_class: MineClass | None
    cap: Parameter | None
    class_cap: Parameter | None

    @property
    def total(self) -> int:
        """All checks, whatever opened them: each is a burden."""
        return len(self.checks)

    @property
    def planned(self) -> int:
        """The planned ones, which alone count for the cap of the class."""
        return sum(one.planned for one in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousFinding:
    """A finding of an earlier inspection that nobody has looked at again."""

    id: UUID
    text: str
    due: date | None = None


def must_be_a_draft(draft: Draft, *, drafter: UUID) -> None:
    """Sizes and doubles: BadInput; the drafter is of the team, and so is each officer of an item."""
    text_of(draft.reference, field="reference", most=LONGEST_REASON)
    if not 1 <= len(draft.officers) <= MOST_OFFICERS or len(set(draft.officers)) != len(draft.officers):
        raise BadInput(field="officers", reason=f"1-{MOST_OFFICERS}, no one twice")
    if not 1 <= len(draft.items) <= MOST_ITEMS or len({one.id for one in draft.items}) != len(draft.items):
        raise BadInput(field="items", reason=f"1-{MOST_ITEMS}, no id twice")
    for item in draft.items:
        text_of(item.text, field="items", most=LONGEST_TEXT)
        if item.officer_id not in draft.officers:
            raise ItemOfNobody(account=str(item.officer_id))
    if drafter not in draft.officers:
        raise DrafterNotOfTheTeam()


def must_rest_on_powers(items: Sequence[Item], *, law: Law, on: date) -> None:
    """三（十四）1 严禁开展权责清单以外的检查: each item cites a power that the list has on the day."""
    for item in items:
        if law.power(item.power, on) is None:
            raise ItemOutsidePowers(power=item.power, day=on.isoformat())


def missing_sides(items: Sequence[Item]) -> list[str]:
    """三（十四）3: what of papers and places, surface and underground, kind and measure no item covers."""
    covered = {one.side.value for one in items} | {one.manner.value for one in items}
    covered |= {"UNDERGROUND" if one.underground else "SURFACE" for one in items}
    wanted = (*(one.value for one in Side), "SURFACE", "UNDERGROUND", *(one.value for one in Manner))
    return [one for one in wanted if one not in covered]


def must_cover_all_sides(items: Sequence[Item], *, cause: Cause) -> None:
    """三（十四）3, of planned checks: a check of one alarm or one finding goes where it must."""
    missing = missing_sides(items)
    if cause is Cause.PLAN and missing:
        raise SchemeOneSided(missing=", ".join(missing))


def caps_of(law: Law, mine_class: MineClass | None, *, on: date) -> tuple[Parameter | None, Parameter | None]:
    """The cap on all checks of a mine in a year and that of its class, as far as the law of the day has them."""
    keys = ["on_site_checks_a_year", f"checks_a_year_class_{mine_class.value.lower()}" if mine_class else ""]
    found: list[Parameter | None] = []
    for key in keys:
        try:
            found.append(law.parameter(key, on))
        except NotInForce:
            found.append(None)
    return found[0], found[1]


def must_be_within_caps(burden: Burden, *, cause: Cause) -> None:
    """矿安〔2025〕14号: a planned check beyond the cap is not scheduled; what anything else opens is never refused."""
    if cause is not Cause.PLAN:
        return
    for count, cap in ((burden.total, burden.cap), (burden.planned, burden.class_cap)):
        if cap is not None and isinstance(cap.value, int) and count + burden.scheduled >= cap.value:
            raise TooManyChecks(count=count + burden.scheduled, most=cap.value, article=cap.article, year=burden.year)


def must_be_undecided(approved_at: datetime | None, returned_at: datetime | None) -> None:
    """A scheme is approved or returned once."""
    if approved_at is not None or returned_at is not None:
        raise SchemeDecided()


def must_be_approved_by_the_lead(*, lead_id: UUID, drafted_by: UUID, approver: UUID) -> None:
    """三（十四）4 带队负责人审定: by the lead, of what another member drafted."""
    if approver != lead_id:
        raise NotTheLead()
    if approver == drafted_by:
        raise SchemeNeedsTwoPeople()


def must_be_free_to_open(*, approved_at: datetime | None, inspection_id: UUID | None, asked: UUID) -> bool:
    """Whether the scheme opened this very inspection already; raises unless it is approved and still free."""
    if approved_at is None:
        raise SchemeNotApproved()
    if inspection_id not in (None, asked):
        raise SchemeCarriedOut()
    return inspection_id is not None


def must_be_answered_by_its_officer(*, officer_id: UUID, actor: UUID) -> None:
    """三（十四）4 对分工负责的检查内容负责."""
    if officer_id != actor:
        raise NotYourItem()


def must_be_a_talk(*, starts_at: datetime, ends_at: datetime, listeners: int) -> None:
    """A talk ends after it starts, within a day, before somebody; else BadInput."""
    if not timedelta(0) <= ends_at - starts_at <= timedelta(days=1):
        raise BadInput(field="endsAt", reason="startsAt - startsAt + 24 h")
    if not 1 <= listeners <= 10_000:
        raise BadInput(field="listeners", reason="1-10,000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """An inspection as far as what should have come before it shows."""

    lead_id: UUID
    opened_at: datetime
    has_scheme: bool
    approved_at: datetime | None
    talks: Collection[tuple[datetime, datetime]]
    missing: Sequence[str] = ()


def defects_of(law: Law, facts: Preparation) -> list[Defect]:
    """What is wrong with how an inspection was prepared; nothing of it ever refused the inspection."""
    found: list[tuple[str, str, str]] = []
    if not facts.has_scheme:
        found.append(("SCHEME_MISSING", ARTICLE_OF_SCHEMES, ""))
    elif facts.approved_at is None:
        found.append(("SCHEME_NOT_YET_APPROVED", ARTICLE_OF_SCHEMES, ""))
    elif facts.approved_at > facts.opened_at:
        found.append(("SCHEME_APPROVED_LATE", ARTICLE_OF_SCHEMES, str(to_ms(facts.approved_at))))
    found += [("SCHEME_SIDE_MISSING", ARTICLE_OF_COVERAGE, side) for side in facts.missing]
    longest = max((ends - starts for starts, ends in facts.talks), default=None)
    wanted = timedelta(minutes=law.number("law_talk", day_of(facts.opened_at)))
    if longest is None:
        found.append(("LAW_TALK_MISSING", ARTICLE_OF_TALKS, ""))
    elif longest < wanted:
        found.append(("LAW_TALK_SHORT", ARTICLE_OF_TALKS, str(int(longest.total_seconds() // 60))))
    return [
        defect_of(law, code, article=article, made_good_by=facts.lead_id, since=facts.opened_at, about=about)
        for code, article, about in found
    ]
