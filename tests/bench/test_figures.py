"""Figures and bars: what a row is worth, and that every bar has something that measures it."""

import pytest

from tests.bench.__main__ import bars, chosen, measured_by
from tests.bench.figures import Bar, Figure, Spread, ratios, spread_of

pytestmark = pytest.mark.quick


def test_a_row_holds_by_the_worse_end_of_its_quartiles() -> None:
    spread = Spread(middle=0.2, low=0.14, high=0.3)
    assert Bar("of ACT", at_least=0.15).holds(spread) is False
    assert Bar("of ACT", at_least=0.14).holds(spread) is True
    assert Bar("time ratio", at_most=0.25).holds(spread) is False
    assert Bar("time ratio", at_most=0.3).holds(spread) is True
    assert Bar("s").holds(spread) is None


def test_the_spread_is_median_and_quartiles_of_at_least_five_rounds() -> None:
    assert spread_of([5, 1, 4, 2, 3]) == Spread(middle=3, low=2, high=4)
    assert spread_of([7]) == Spread(7, 7, 7)
    with pytest.raises(ValueError, match="too few"):
        spread_of([1, 2, 3, 4])


def test_a_ratio_is_made_round_by_round() -> None:
    assert ratios([1, 4, 9], [2, 4, 3]) == (0.5, 1.0, 3.0)
    with pytest.raises(ValueError, match="longer"):
        ratios([1], [1, 2])


def test_bench_json_has_the_six_members_of_a_row() -> None:
    told = Figure("proof", (1.4,)).as_json(Bar("time ratio", at_most=1.8))
    assert told.keys() == {"row", "value", "bar", "holds", "unit", "note"}
    assert told["bar"] == "<= 1.8"


def test_every_row_with_a_bar_is_measured_and_the_other_way_round() -> None:
    assert {row for rows in bars().values() for row in rows} == set(measured_by())


def test_one_row_or_one_issue_is_chosen_by_name() -> None:
    assert list(chosen(bars(), row="sequencer", issue="")) == ["sequencer"]
    assert chosen(bars(), row="", issue="house") == bars()["HOUSE"]
    with pytest.raises(SystemExit, match="no row"):
        chosen(bars(), row="speed", issue="")
    with pytest.raises(SystemExit, match="no issue"):
        chosen(bars(), row="", issue="PALACE")
