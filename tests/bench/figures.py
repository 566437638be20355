"""What may live here: measured numbers, their spread, and whether they hold against their bar."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from tests.bench.meter import Meter

LEAST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """What a row must reach: at least, or at most, a limit; None of both where only the number is wanted."""

    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        if self.at_least is not None:
            return f">= {told(self.at_least)}"
        return f"<= {told(self.at_most)}" if self.at_most is not None else ""

    def holds(self, spread: "Spread") -> bool | None:
        """Held against the worse end of the interquartile range, so that a lucky median is not enough."""
        if self.at_least is not None:
            return spread.low >= self.at_least
        return spread.high <= self.at_most if self.at_most is not None else None


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the rounds and the two ends of their interquartile range."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{told(self.middle)} [{told(self.low)}…{told(self.high)}]"


def spread_of(values: Sequence[float]) -> Spread:
    """Median and quartiles of at least five rounds; a single value, such as a count, stands for itself."""
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    if len(values) < LEAST_ROUNDS:
        raise ValueError(f"{len(values)} rounds are too few: {LEAST_ROUNDS} at least")
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its raw numbers, a round each, and the CPU that it spent."""

    name: str
    unit: str
    values: tuple[float, ...]
    cpu: Meter | None = None

    def __str__(self) -> str:
        raw = " ".join(told(value) for value in self.values)
        text = f"{self.name}: {spread_of(self.values)} {self.unit}; rounds {raw}"
        return text if self.cpu is None else f"{text}; CPU {self.cpu}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for one row: its value in each round, the sides it was made from, and remarks."""

    row: str
    values: tuple[float, ...]
    sides: tuple[Side, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    @property
    def spread(self) -> Spread:
        """The row's value with its spread."""
        return spread_of(self.values)

    @property
    def note(self) -> str:
        """Both sides' raw numbers, then the remarks."""
        return " | ".join((*map(str, self.sides), *self.remarks))

    def as_json(self, bar: Bar) -> dict[str, Any]:
        """The row as `bench.json` keeps it."""
        return {
            "row": self.row, "value": self.spread.middle, "bar": str(bar), "holds": bar.holds(self.spread),
            "unit": bar.unit, "note": f"{self.spread} | {self.note}",
        }  # fmt: skip


def ratios(over: Sequence[float], under: Sequence[float]) -> tuple[float, ...]:
    """Round by round, so that what slows the machine down for a while slows both sides."""
    return tuple(one / other for one, other in zip(over, under, strict=True))


def told(value: float | None) -> str:
    """A number with three figures that matter."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
