"""What this process counts of itself, in memory, and how it is told in Prometheus' text format (version 0.0.4).

Our own few lines and not `prometheus-client` (Apache-2.0): two kinds of numbers are all that is needed, the client's
global registry would be shared by every application of one process (each test has its own), and its way to add up
several processes is files beside them. Here each process tells of itself, the processes of one API ask each other
(`numbers.py`), and what belongs to all together (queue, workers) is read from the database, where the workers write it.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends in seconds; an operation is ended after 10."""

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """A metric: its name, what it says, and the names of its labels. There is one of each, found by its identity."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    kind: str = "counter"


REQUESTS = Family("pithead_requests_total", "HTTP requests by route and status.", ("route", "status"))
SECONDS = Family("pithead_request_seconds", "Seconds of an HTTP request by route.", ("route",), "histogram")
OPERATIONS = Family("pithead_operations_total", "GraphQL operations by their first field.", ("field",))
OPERATION_SECONDS = Family(
    "pithead_operation_seconds", "Seconds of a GraphQL operation by its first field.", ("field",), "histogram"
)
PROBLEMS = Family("pithead_problems_total", "Problems and errors told, by code.", ("code",))


@dataclass(slots=True)
class _Histogram:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0


@dataclass(slots=True)
class Counts:
    """The numbers of one process. Everything happens on one event loop, so nothing is locked."""

    _counters: dict[Family, dict[Labels, int]] = field(default_factory=dict)
    _histograms: dict[Family, dict[Labels, _Histogram]] = field(default_factory=dict)

    def add(self, family: Family, *labels: str) -> None:
        """Counts one more."""
        values = self._counters.setdefault(family, {})
        values[labels] = values.get(labels, 0) + 1

    def took(self, family: Family, seconds: float, *labels: str) -> None:
        """Notes how long something took."""
        values = self._histograms.setdefault(family, {})
        histogram = values.get(labels)
        if histogram is None:
            histogram = values[labels] = _Histogram()
        histogram.counts[bisect_left(BUCKETS, seconds)] += 1
        histogram.total += seconds

    def lines(self) -> list[str]:
        """All of it as text, a family after the other."""
        told: list[str] = []
        for family, values in self._counters.items():
            told += _family(family, ((labels, value) for labels, value in values.items()))
        for family, histograms in self._histograms.items():
            told += _head(family)
            for labels, histogram in sorted(histograms.items()):
                told += _histogram(family, labels, histogram)
        return told


def gauge(name: str, help: str, values: Iterable[tuple[Labels, float]], *labels: str) -> list[str]:
    """The lines of a number that goes up and down."""
    return _family(Family(name, help, labels, "gauge"), values)


def _family(family: Family, values: Iterable[tuple[Labels, float]]) -> list[str]:
    lines = [f"{family.name}{_labels(family.labels, labels)} {_number(value)}" for labels, value in sorted(values)]
    return [*_head(family), *lines]


def _head(family: Family) -> list[str]:
    return [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.kind}"]


def _histogram(family: Family, labels: Labels, histogram: _Histogram) -> list[str]:
    lines, seen = [], 0
    for end, count in zip((*map(str, BUCKETS), "+Inf"), histogram.counts, strict=True):
        seen += count
        lines.append(f"{family.name}_bucket{_labels((*family.labels, 'le'), (*labels, end))} {seen}")
    own = _labels(family.labels, labels)
    return [*lines, f"{family.name}_sum{own} {histogram.total:.6f}", f"{family.name}_count{own} {seen}"]


def _labels(names: tuple[str, ...], values: Labels) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True))
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}"
