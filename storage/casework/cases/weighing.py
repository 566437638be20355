"""What the discretion standard suggests for one party's fine, from what the record shows and officers state; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.facts import CorrectionChecked
from storage.casework.cases.bodies.notice import DiscretionSuggested
from storage.casework.cases.history import Found, History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.sanctions import FineRange, range_for
from storage.casework.cases.steps import Conduct, PartyKind, Step
from storage.casework.findings.rules import Broken
from storage.record.clock import day_of
from storage.record.law import Law
from storage.record.law.discretion import (
    LISTED_BY_LAW,
    OPPOSITES,
    Circumstance,
    DiscretionGround,
    Standard,
    Tier,
    range_of,
)

_G = DiscretionGround
RECORDED = frozenset({
    Circumstance.REPEATED, Circumstance.FIRST_TIME, Circumstance.HARM, Circumstance.NO_HARM, Circumstance.CORRECTED,
    Circumstance.NOT_CORRECTED, Circumstance.PRODUCING, Circumstance.PROMISE_BROKEN,
})  # fmt: skip
"""What the record can show by itself."""


@dataclass(frozen=True, slots=True)
class Open:
    """A tier that is open: its range in fen, and the circumstances that open it."""

    tier: Tier
    least: int
    most: int
    because: tuple[Circumstance, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the system suggests: the range of the law, the standard, what was weighed, and the open tiers; and which
    promises of the mine are broken by what was found.

    The first of `tiers` is the one suggested; the others the law leaves to the officer.
    """

    legal: FineRange
    standard: Standard
    circumstances: frozenset[Circumstance]
    tiers: tuple[Open, ...]
    broken: tuple[Broken, ...] = ()

    @property
    def suggested(self) -> Open:
        """The tier that is suggested."""
        return self.tiers[0]

    def open(self, ground: DiscretionGround) -> Open | None:
        """The tier, if it is open."""
        return next((one for one in self.tiers if one.tier.ground is ground), None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A step that chose, and what the standard gave."""

    step: Step[DiscretionSuggested]
    suggestion: Suggestion | None

    @property
    def departs(self) -> bool:
        """Whether the choice leaves what the standard gives."""
        return self.suggestion is None or not is_within(self.step.body, self.suggestion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What is weighed: a fine on a basis for one conduct, or for all of them; `reckoned_on` as Sanction has it."""

    basis: str
    conduct: UUID | None
    reckoned_on: int = 0
    stated: tuple[Circumstance, ...] = ()


def suggestion_for(weighing: Weighing, history: History, law: Law, on: date) -> Suggestion | None:
    """What the standard suggests on a day; None where no text gives a range, or none gives a tier.

    Of several conducts the lightest range counts, since the fine must lie within the range of each.
    """
    conducts = conducts_for(weighing.conduct, history)
    found = [(range_for(law, weighing.basis, one, on, reckoned_on=weighing.reckoned_on), one) for one in conducts]
    legal = min((one for one, _ in found if one is not None), key=lambda one: (one.most, one.least), default=None)
    if legal is None or any(one is None for one, _ in found):
        return None
    conduct = next(one for ranged, one in found if ranged == legal)
    circumstances = recorded(conducts, history) | set(weighing.stated)
    chosen = [
        (standard, tiers)
        for standard in standards_for(law, kind_of(conduct, history), weighing.basis, conduct, on)
        if (tiers := open_tiers(standard, legal, circumstances))
    ]
    if not chosen:
        return None
    standard, tiers = min(chosen, key=lambda one: (one[1][0].most, one[1][0].least))
    return Suggestion(legal, standard, frozenset(circumstances), tiers, broken_by(conducts, history))


def of_step(body: DiscretionSuggested) -> Weighing:
    """What a step weighs."""
    return Weighing(
        basis=body.basis, conduct=body.conduct, reckoned_on=body.reckoned_on, stated=body.circumstances
    )  # fmt: skip


def is_within(body: DiscretionSuggested, found: Suggestion) -> bool:
    """Whether a tier that is open was chosen, and a range within its own."""
    opened = found.open(body.ground)
    return opened is not None and opened.least <= body.least and body.most <= opened.most


def must_be_suggested(body: DiscretionSuggested, found: Suggestion) -> None:
    """处罚法34: nothing overrides the standard in silence; 32, 33: what the law lists needs one of its grounds."""
    opened = found.open(body.ground)
    if opened is None and body.ground in LISTED_BY_LAW:
        raise unlawful(problems.TierWithoutGround, tier=body.ground.value)
    floor = 0 if body.ground in LISTED_BY_LAW else found.legal.least
    if body.most > found.legal.most or body.least < floor:
        raise unlawful(problems.OutsideTheLaw, least=found.legal.least, most=found.legal.most)
    if not is_within(body, found) and not body.departure.strip():
        meant = opened or found.suggested
        raise unlawful(
            problems.StandardDeparted, tier=meant.tier.ground.value, least=meant.least, most=meant.most
        )  # fmt: skip


def chosen(history: History, law: Law) -> list[Chosen]:
    """What was chosen in a case, each beside what the standard gave on its day for what was on record then."""
    found = []
    for step in history.of(DiscretionSuggested):
        known = {id: _as_of(one, step.at) for id, one in history.found.items()}
        before = replace(history, steps=history.steps[: history.place(step)], found=known)
        suggestion = suggestion_for(of_step(step.body), before, law, day_of(step.at))
        found.append(Chosen(step, suggestion))
    return found


def standards_for(law: Law, kind: str | None, basis: str, conduct: Conduct, on: date) -> list[Standard]:
    """处罚法37 for the standard too: that of the conduct's day, and today's, which counts where it is lighter."""
    held = (law.standard(kind, basis, day) for day in dict.fromkeys((conduct.ended_on or on, on)))
    return [one for one in held if one is not None]


def recorded(conducts: Sequence[Conduct], history: History) -> set[Circumstance]:
    """What the record itself shows of these conducts."""
    named = {one.finding for one in conducts if one.finding is not None}
    facts = [history.found[one] for one in named if one in history.found]
    shown = {Circumstance.HARM if any(one.harm for one in conducts) else Circumstance.NO_HARM}
    if facts:
        repeats = any(one.repeats for one in facts)
        shown.add(Circumstance.REPEATED if repeats else Circumstance.FIRST_TIME)
    if any(one.major and one.producing for one in facts):
        shown.add(Circumstance.PRODUCING)
    if any(one.broken for one in facts):
        shown.add(Circumstance.PROMISE_BROKEN)
    checks = [one.body for one in history.of(CorrectionChecked) if _is_about(one.body, named, history)]
    if checks:
        shown.add(Circumstance.CORRECTED if checks[-1].corrected else Circumstance.NOT_CORRECTED)
    return shown


def broken_by(conducts: Sequence[Conduct], history: History) -> tuple[Broken, ...]:
    """The promises of the mine that these conducts break: 不履行承诺且构成违法违规行为 (实施意见三（六）2)."""
    named = dict.fromkeys(one.finding for one in conducts if one.finding is not None)
    return tuple(one for id in named if id in history.found for one in history.found[id].broken)


def contradicted(stated: Iterable[Circumstance], shown: set[Circumstance]) -> Circumstance | None:
    """The first of what is stated that the record shows to be otherwise."""
    both = {**OPPOSITES, **{other: one for one, other in OPPOSITES.items()}}
    return next((one for one in stated if both.get(one) in shown), None)


def open_tiers(standard: Standard, legal: FineRange, circumstances: set[Circumstance]) -> tuple[Open, ...]:
    """The tiers that are open, the suggested one first.

    处罚法33 goes before all: who is not to be punished is not. Where something speaks for more and something for less,
    both are weighed together: 一般 is suggested, and either side is left to the officer. 减轻 is open beside 从轻 (32).
    """
    opened = {
        tier.ground: Open(tier, *range_of(tier, least=legal.least, most=legal.most), because)
        for tier in standard.tiers
        if (because := _because(tier, circumstances)) or tier.ground is _G.PLAIN
    }
    order: tuple[DiscretionGround, ...] = (_G.NONE, _G.HEAVIER, _G.LIGHTER, _G.MITIGATED)
    if _G.HEAVIER in opened and (_G.LIGHTER in opened or _G.MITIGATED in opened):
        order = (_G.NONE, _G.PLAIN, _G.HEAVIER, _G.LIGHTER, _G.MITIGATED)
    elif opened.keys() == {_G.PLAIN}:
        order = (_G.PLAIN,)
    return tuple(opened[one] for one in order if one in opened)


def conducts_for(conduct: UUID | None, history: History) -> list[Conduct]:
    """The conduct that a fine is for, or all of the case."""
    return [one for one in history.conducts.values() if conduct in (None, one.id)]


def kind_of(conduct: Conduct, history: History) -> str | None:
    """The kind of the finding that a conduct comes from."""
    found = history.found.get(conduct.finding) if conduct.finding else None
    return found.kind if found else None


def is_for_persons(basis: str) -> bool:
    """Whether a range of fines is for persons who answer for the unit, and not for the unit."""
    return "_person" in basis or "_principal" in basis


def fits(basis: str, party: PartyKind) -> bool:
    """Whether a range is one for parties of this kind."""
    return is_for_persons(basis) is (party is PartyKind.PERSON)


def _as_of(found: Found, moment: datetime) -> Found:
    """What a finding said at a moment: a breach that was decided later was not weighed then."""
    return replace(found, broken=tuple(one for one in found.broken if one.at is None or one.at <= moment))


def _because(tier: Tier, circumstances: set[Circumstance]) -> tuple[Circumstance, ...]:
    groups = [group for group in tier.when if set(group) <= circumstances]
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _is_about(checked: CorrectionChecked, findings: set[UUID], history: History) -> bool:
    """Whether a re-check is of an order about one of these findings, or of one that names none."""
    finding = history.by_id[checked.ordered].body.finding
    return finding is None or finding in findings
