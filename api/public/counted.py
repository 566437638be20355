"""How published figures are told and drawn: the numbers of each sheet, and a chart of the newest; pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from api.public import charts, showing
from api.public.asking import Tongue
from storage.record.glossary.lists import WORDS

_TOLD: Final = ("due", "published", "published_late", "fell", "waiting", "overdue")


def sheets(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each sheet with what its kinds and quarters come to together."""
    return [{**row, "sums": summed(row["copy"])} for row in rows]


def summed(copy: Mapping[str, Any]) -> dict[str, int]:
    """What all lines of a sheet come to; withheld by whatever article."""
    counts = copy["counts"]
    told = {name: sum(one[name] for one in counts) for name in _TOLD}
    return told | {"withheld": sum(each["count"] for one in counts for each in one["withheld"])}


def chart(copy: Mapping[str, Any], tongue: Tongue) -> Markup:
    """What had to be published, and what became of it."""
    sums, at = summed(copy), tongue == "en"
    names = ("due", "published", "withheld", "waiting", "overdue")
    words = [WORDS[f"count_{name}"][at] for name in names]
    return charts.bars(words, [sums[name] for name in names], title=WORDS["counts_chart"][at])


def title(copy: Mapping[str, Any], tongue: Tongue) -> str:
    """Of which period it is."""
    year, quarter = copy["year"], copy.get("quarter")
    if tongue == "en":
        return f"{year}, quarter {quarter}" if quarter else f"{year}, yearly figures"
    return f"{year}年第{'一二三四'[quarter - 1]}季度" if quarter else f"{year}年度"


def kind_of(code: str, tongue: Tongue) -> str:
    """What had to be published, in words."""
    return showing.label("DisclosureKind", code, tongue)
