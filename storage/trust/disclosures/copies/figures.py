"""The copy of figures: what a quarter or a year came to, counted of the record and written by nobody; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage.trust.disclosures.copies.allowed import Copy, composed, present
from storage.trust.disclosures.queries import Counts
from storage.trust.disclosures.tables import DisclosureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted of one agency; `quarter` is None of a year, which also has what was enforced in it."""

    agency: str
    county: str
    year: int
    quarter: int | None
    as_of: date
    counts: Sequence[Counts]
    enforcement: Mapping[str, int] | None = None


def counted(source: Figures) -> Copy:
    """The copy: numbers alone, so nothing is taken out of it."""
    members = present(
        agency=source.agency, county=source.county, year=source.year, quarter=source.quarter,
        as_of=source.as_of.isoformat(), counts=[_counts(one) for one in source.counts],
        enforcement=dict(source.enforcement) if source.enforcement is not None else None,
    )  # fmt: skip
    content = composed(DisclosureKind.FIGURES, members)
    return Copy(kind=DisclosureKind.FIGURES, content=content, taken_out=(), worded=())


def _counts(one: Counts) -> Mapping[str, object]:
    withheld = [{"article": article, "count": many} for article, many in sorted(one.withheld.items())]
    return {
        "quarter": one.quarter, "kind": one.kind, "due": one.due, "published": one.published,
        "published_late": one.published_late, "withheld": withheld, "fell": one.fell, "waiting": one.waiting,
        "overdue": one.overdue,
    }  # fmt: skip
