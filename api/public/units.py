"""The pages of a mine and of a unit: what is told of them, and their charts; the same members for page and twin."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson
from markupsafe import Markup

from api.public import charts, telling
from api.public.asking import Tongue
from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.years.rules import standing_of
from storage.record.glossary.site_words import WORDS
from storage.trust.disclosures.units import Copied, Licence, Mean, Unit, Year

_SUMS: Final = ("many", "penalties", "amount", "inspections", "found", "major", "breaches")


def told(found: Unit, today: date) -> dict[str, Any]:
    """All that is shown of a mine or unit, as page and twin say it. Sums are fen, as text."""
    years = _years(found)
    sums = {name: sum(one[name] for one in years) for name in _SUMS}
    promises = [_promise(one, today) for one in found.promises]
    register = orjson.loads(found.register.content)["mine"] if found.register else {}
    known = {name: register[name] for name in ("supervisor", "state", "disasters", "class") if name in register}
    return {
        "name": found.name, "rows": [telling.shown(row) for row in found.rows],
        "gone": [telling.gone(row) for row in found.gone],
        "sums": sums | {"amount": str(sums["amount"]), "ordered": found.ordered, "closed": found.closed},
        "years": [one | {"amount": str(one["amount"])} for one in years],
        "findings": [one._asdict() for one in found.found], "sanctions": [one._asdict() for one in found.sanctions],
        "promises": promises, "breaches": [_copy(one) for one in found.breaches],
        "register": {**known, "id": str(found.register.id), "day": found.register.day.isoformat()} if known
        and found.register else None,
        "licence": _licence(found.licence) if found.licence else None,
        "mines": [one._asdict() | {"id": str(one.id), "amount": str(one.amount)} for one in found.mines],
    }  # fmt: skip


def standings(copy: Mapping[str, Any], today: date) -> list[str]:
    """How each clause of a commitment's copy stands on that day."""
    return [_standing(one, today) for one in copy["clauses"]]


def drawn(data: Mapping[str, Any], tongue: Tongue, *, beside: bool) -> dict[str, Markup]:
    """The charts, each with a sentence that says the same; `beside`: with the mean of the county's mines."""
    at, years = tongue == "en", data["years"]
    names = [str(one["year"]) for one in years]
    means = [one["mean"] for one in years] if beside else None
    return {
        "penalties_chart": charts.bars(
            names, [one["penalties"] for one in years], title=WORDS["chart_penalties"][at], means=means,
            mean=WORDS["mean"][at],
        ),
        "findings_chart": charts.bars(
            names, [one["found"] for one in years], title=WORDS["chart_findings"][at],
            parts=[one["major"] for one in years], part=WORDS["findings_major"][at],
        ),
    }  # fmt: skip


def _years(found: Unit) -> list[dict[str, Any]]:
    """Year by year, oldest first, without a gap between the first and the last."""
    known = {one.year: one for one in found.years}
    every = range(min(known), max(known) + 1) if known else ()
    return [_year(known.get(year, Year(year, 0, 0, 0, 0, 0, 0, 0)), found.means.get(year)) for year in every]


def _year(one: Year, mean: Mean | None) -> dict[str, Any]:
    return one._asdict() | {"mean": round(mean.penalties, 2) if mean else None}


def _licence(one: Licence) -> dict[str, Any]:
    until = one.until.isoformat() if one.until else None
    return {"list": str(one.id), "as_of": one.as_of.isoformat(), "number": one.number, "until": until}


def _promise(one: Copied, today: date) -> dict[str, Any]:
    copy = _copy(one)
    return copy | {"counts": dict(Counter(standings(copy, today)))}


def _copy(one: Copied) -> dict[str, Any]:
    return {"id": str(one.id), **orjson.loads(one.content)}


def _standing(clause: Mapping[str, Any], today: date) -> str:
    by_day = clause.get("by_day")
    broken = any("corrected_on" not in one for one in clause.get("broken", ()))
    until = date.fromisoformat(by_day) if by_day else None
    return standing_of(AnswerOutcome(clause["outcome"]), until, broken=broken, today=today).value
