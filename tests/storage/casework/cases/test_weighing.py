"""Tests of discretion: what the standard suggests for what is on record, what may be chosen, what never."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.casework.cases import weighing
from storage.casework.cases.bodies.facts import CorrectionChecked, CorrectionOrdered
from storage.casework.cases.history import Found
from storage.casework.cases.sanctions import range_for
from storage.casework.cases.steps import Conduct, PartyKind, Sanction, SanctionKind
from storage.casework.cases.weighing import Suggestion, Weighing
from storage.casework.findings.rules import Broken
from storage.record.law import BUILT_IN, Law
from storage.record.law.discretion import STANDARDS, Circumstance, DiscretionGround, Standard, Tier, range_of
from tests.factories.cases import SMALL, STOP, WAN, CaseFile, at, fine

pytestmark = pytest.mark.quick

C, G = Circumstance, DiscretionGround
BASIS, DAY = "fine_major_hazard_unit", date(2025, 9, 10)


@pytest.fixture
def case() -> CaseFile:
    made = CaseFile(at(2025, 9, 10))
    made.conduct = replace(made.conduct, finding=uuid4())
    made.investigate()
    return made


def found_in(case: CaseFile, **changes: Any) -> None:
    """What the record of findings says of the finding behind the conduct."""
    said: dict[str, Any] = {"kind": "GAS_OVER_LIMIT", "major": True, "producing": False, "repeats": False}
    assert case.conduct.finding is not None
    case.history = replace(case.history, found={case.conduct.finding: Found(**(said | changes))})


def suggested(case: CaseFile, *stated: Circumstance, basis: str = BASIS) -> Suggestion:
    found = weighing.suggestion_for(Weighing(basis=basis, conduct=None, stated=stated), case.history, case.law, DAY)
    assert found is not None
    return found


def grounds(case: CaseFile, *stated: Circumstance) -> list[DiscretionGround]:
    return [one.tier.ground for one in suggested(case, *stated).tiers]


@pytest.mark.parametrize(
    ("changes", "stated", "tiers"),
    [
        ({}, (), [G.PLAIN]),
        ({"repeats": True}, (), [G.HEAVIER]),
        ({"producing": True}, (), [G.HEAVIER]),
        ({}, (C.DISCLOSED,), [G.LIGHTER, G.MITIGATED]),  # 处罚法32: either of both.
        ({}, (C.CORRECTED,), [G.LIGHTER]),
        ({"repeats": True}, (C.MERIT,), [G.PLAIN, G.HEAVIER, G.LIGHTER, G.MITIGATED]),
        ({}, (C.SLIGHT, C.CORRECTED), [G.NONE, G.LIGHTER]),  # 处罚法33: no harm is on record.
        ({"repeats": True}, (C.NO_FAULT,), [G.NONE, G.HEAVIER]),
        ({}, (C.SLIGHT,), [G.PLAIN]),
    ],
)
def test_32_33_the_tier_follows_from_what_is_recorded_and_stated(
    case: CaseFile, changes: dict[str, bool], stated: tuple[Circumstance, ...], tiers: list[DiscretionGround]
) -> None:
    found_in(case, **changes)
    assert grounds(case, *stated) == tiers


def test_the_record_itself_shows_first_and_repeated_harm_and_what_a_recheck_found(case: CaseFile) -> None:
    found_in(case)
    assert suggested(case).circumstances == {C.FIRST_TIME, C.NO_HARM}
    order = case.take(CorrectionOrdered(what="恢复监测", due_on=date(2025, 9, 20), finding=case.conduct.finding))
    case.take(CorrectionChecked(ordered=order.id, corrected=False, refused=True))
    assert C.NOT_CORRECTED in suggested(case).circumstances
    case.take(CorrectionChecked(ordered=order.id, corrected=True))
    found_in(case, repeats=True)
    assert suggested(case).circumstances == {C.REPEATED, C.NO_HARM, C.CORRECTED}


def test_三六2_a_promise_that_the_conduct_breaks_opens_the_heavier_tier_and_is_named(case: CaseFile) -> None:
    stood = Broken(breach=uuid4(), year=2025, key="GAS_IN_RETURN", title="总回风瓦斯浓度", at=at(2025, 9, 1))
    found_in(case, broken=(stood,))
    found = suggested(case)
    assert (found.suggested.tier.ground, found.suggested.because) == (G.HEAVIER, (C.PROMISE_BROKEN,))
    assert found.broken == (stood,)
    assert "三（六）2" in found.suggested.tier.article


def test_三六2_nobody_states_a_breach_that_does_not_stand(case: CaseFile) -> None:
    found_in(case)
    weighed = replace(case.weighed(STOP[1]), circumstances=(C.PROMISE_BROKEN,))
    assert case.refusal(weighed) == "BREACH_NOT_STANDING"


def test_a_breach_that_was_decided_later_was_not_weighed_before(case: CaseFile) -> None:
    found_in(case)
    case.take(replace(case.weighed(STOP[1]), ground=G.PLAIN, least=95 * WAN, most=155 * WAN, circumstances=()))
    taken = case.history.steps[-1].at
    for after, ground in ((1, G.PLAIN), (-1, G.HEAVIER)):
        stood = Broken(breach=uuid4(), year=2025, key="GAS", title="瓦斯", at=taken + timedelta(minutes=after))
        found_in(case, broken=(stood,))
        (chosen,) = weighing.chosen(case.history, case.law)
        assert chosen.suggestion is not None
        assert chosen.suggestion.suggested.tier.ground is ground


def test_40_nobody_states_what_the_record_contradicts(case: CaseFile) -> None:
    found_in(case, repeats=True)
    weighed = replace(case.weighed(STOP[1]), circumstances=(C.FIRST_TIME,))
    assert case.refusal(weighed) == "CIRCUMSTANCE_CONTRADICTED"
    case.take(replace(weighed, circumstances=(C.MERIT,)))


def test_34_another_tier_or_a_range_beyond_the_tier_needs_its_reason(case: CaseFile) -> None:
    plain = replace(case.weighed(STOP[1]), least=95 * WAN, most=155 * WAN, departure="")
    case.take(plain)  # The middle of 50 to 200.
    assert case.refusal(replace(plain, most=156 * WAN)) == "STANDARD_DEPARTED"
    lighter = replace(plain, ground=G.LIGHTER, least=50 * WAN, most=95 * WAN)
    assert case.refusal(lighter) == "STANDARD_DEPARTED"
    case.take(replace(lighter, departure="企业已停产转型"))
    case.take(replace(lighter, circumstances=(C.REDUCED_HARM,)))
    first, second, third = weighing.chosen(case.history, case.law)
    assert [one.departs for one in (first, second, third)] == [False, True, False]
    assert second.suggestion is not None
    assert second.suggestion.suggested.tier.ground is G.PLAIN


@pytest.mark.parametrize("ground", [G.MITIGATED, G.NONE])
def test_32_33_what_the_law_lists_is_open_for_its_grounds_alone_whatever_the_reason(
    case: CaseFile, ground: DiscretionGround
) -> None:
    weighed = case.weighed(fine(30, BASIS), ground)
    assert case.refusal(replace(weighed, circumstances=(), departure="领导批示")) == "TIER_WITHOUT_GROUND"
    case.take(weighed)


def test_37_no_reason_leads_out_of_the_range_of_the_law(case: CaseFile) -> None:
    weighed = replace(case.weighed(STOP[1]), departure="影响恶劣")
    assert case.refusal(replace(weighed, most=200 * WAN + 1)) == "OUTSIDE_THE_LAW"
    assert case.refusal(replace(weighed, least=50 * WAN - 1)) == "OUTSIDE_THE_LAW"


@pytest.mark.parametrize("basis", ["", "fine_nothing", "fine_major_hazard_principal"])
def test_38_a_fine_names_a_range_that_is_there_and_is_for_such_a_party(case: CaseFile, basis: str) -> None:
    case.suggest()
    case.notify()
    case.waive()
    wrong = Sanction(kind=SanctionKind.FINE, sum=4 * WAN, basis=basis)
    assert "NO_BASIS" in case.missing(draft=case.draft((wrong,)))
    weighed = replace(case.weighed(SMALL[0]), basis=basis)
    assert case.refusal(weighed) == ("NO_BASIS" if basis else "NOT_STATED")


@pytest.mark.parametrize(
    ("basis", "wan", "refused"),
    [
        ("fine_major_hazard_principal", 2.9, True), ("fine_major_hazard_principal", 3, False),
        ("fine_major_hazard_principal", 15, False), ("fine_major_hazard_principal", 15.1, True),
        ("fine_listed_uncorrected_person", 5.1, True), ("fine_obstruction_person", 0.9, True),
        ("fine_listed_uncorrected_person", 3, False), ("fine_obstruction_person", 2, False),
        ("fine_major_hazard_unit", 50, True),  # What the law gives for the unit is none for a person.
    ],
)  # fmt: skip
def test_63_64_66_persons_are_fined_within_their_own_ranges(
    case: CaseFile, basis: str, wan: float, refused: bool
) -> None:
    draft = case.draft((fine(wan, basis),), departure="个案")
    codes = {one.code for one in case.all_missing(case.person, draft)}
    assert bool(codes & {"OUTSIDE_THE_LAW", "NO_BASIS"}) is refused


def test_67_68_a_range_in_per_cent_is_reckoned_on_the_income_that_the_fine_names(case: CaseFile) -> None:
    income = replace(fine(8, "fine_accident_ordinary_principal"), reckoned_on=20 * WAN)
    assert "OUTSIDE_THE_LAW" not in {one.code for one in case.all_missing(case.person, case.draft((income,)))}
    less = case.draft((replace(income, sum=8 * WAN - 1),))
    assert "OUTSIDE_THE_LAW" in {one.code for one in case.all_missing(case.person, less)}
    found = range_for(BUILT_IN, "fine_no_licence_gains", case.conduct, DAY, reckoned_on=30 * WAN)
    assert found is not None
    assert (found.least, found.most) == (60 * WAN, 150 * WAN)
    grave = range_for(BUILT_IN, "fine_accident_gravest_grave_unit", case.conduct, DAY)
    assert grave is not None
    assert (grave.least, grave.most) == (2_000 * WAN, 10_000 * WAN)


def test_every_range_of_the_code_runs_upwards_and_is_for_a_unit_or_for_persons() -> None:
    least = {one.key.removesuffix("_least") for one in BUILT_IN.in_force(DAY) if one.key.endswith("_least")}
    assert len(least) > 15
    for basis in least:
        found = range_for(BUILT_IN, basis, Conduct(id=uuid4(), name="", clause="", began_on=DAY), DAY)
        assert found is not None
        assert found.least < found.most
        assert weighing.fits(basis, PartyKind.UNIT) is not weighing.fits(basis, PartyKind.PERSON)


def standard(key: str, since: date, least: int, most: int) -> Standard:
    plain = Tier(ground=G.PLAIN, article="基准", least=least * WAN, most=most * WAN)
    return Standard(key=key, title="基准", article="基准", tiers=(plain,), in_force_from=since)


@pytest.mark.parametrize(("least", "most", "day"), [(60, 80, 5), (150, 190, 1)])
def test_37_the_nearest_standard_counts_and_of_old_and_new_the_lighter(
    case: CaseFile, least: int, most: int, day: int
) -> None:
    found_in(case)
    old = standard(f"GAS_OVER_LIMIT/{BASIS}", date(2025, 1, 1), 100, 120)
    case.law = case.law.with_items(
        standards=[standard(BASIS, date(2025, 1, 1), 51, 52), old, standard(old.key, date(2025, 9, 5), least, most)]
    )
    assert suggested(case).standard.in_force_from == date(2025, 9 if day == 5 else 1, day)


yuan = some.integers(0, 1_000).map(lambda wan: wan * WAN)
ranges = some.tuples(yuan, yuan).map(sorted)


def with_range(old: list[int], new: list[int], since: date) -> Law:
    known = BUILT_IN.parameter("fine_listed_least", DAY)
    return BUILT_IN.with_changes(
        [
            replace(known, key=f"fine_x_{end}", value=value, in_force_from=day)
            for day, pair in ((date(2020, 1, 1), old), (since, new))
            for end, value in zip(("least", "most"), pair, strict=True)
        ],
        {},
    )


@given(ranges, ranges, some.integers(-30, 30), some.booleans())
def test_37_old_conduct_is_judged_by_the_law_of_its_day_unless_the_new_one_is_lighter(
    old: list[int], new: list[int], ended: int, goes_on: bool
) -> None:
    since = date(2025, 6, 1)
    law, last = with_range(old, new, since), None if goes_on else since + timedelta(days=ended)
    conduct = Conduct(id=UUID(int=1), name="", clause="", began_on=date(2025, 1, 1), ended_on=last)
    found = range_for(law, "fine_x", conduct, date(2025, 8, 1))
    assert found is not None
    applied, then = [found.least, found.most], old if last is not None and last < since else new
    assert applied in (old, new)
    assert found.most <= then[1]  # Never more than was threatened on the day of the conduct.
    assert [applied[1], applied[0]] == min([then[1], then[0]], [new[1], new[0]])


@given(some.sampled_from(STANDARDS[0].tiers), ranges)
def test_a_tier_never_leaves_the_range_of_the_law(tier: Tier, legal: list[int]) -> None:
    low, high = range_of(tier, least=legal[0], most=legal[1])
    floor, ceiling = (0, legal[0]) if tier.ground is G.MITIGATED else legal
    assert (low, high) == (0, 0) if tier.ground is G.NONE else floor <= low <= high <= ceiling


@given(some.sets(some.sampled_from(Circumstance)))
def test_some_tier_is_always_open_and_those_that_the_law_lists_only_for_their_grounds(
    stated: set[Circumstance],
) -> None:
    case = CaseFile(at(2025, 9, 10))
    case.investigate()
    tiers = suggested(case, *sorted(stated)).tiers
    assert tiers
    for one in tiers:
        assert one.because or one.tier.ground is G.PLAIN
