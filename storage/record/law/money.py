"""Sums that the law makes by the day: the surcharge on a fine not paid, the daily penalty for not correcting; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.record.law.laws import Law

ARTICLE_OF_SURCHARGE = "行政处罚法第七十二条、第七十三条，行政强制法第四十五条"
ARTICLE_OF_DAILY_PENALTY = "安全生产法第一百一十二条"


@dataclass(frozen=True, slots=True)
class Stay:
    """Days on which no surcharge grows: review or suit, from the day it was filed to the day it was decided."""

    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What a late fine has grown by: `days` counted, `sum` in fen, whether the cap (the fine itself) was reached."""

    days: int
    sum: int
    capped: bool
    article: str = ARTICLE_OF_SURCHARGE


def surcharge(law: Law, *, fine: int, due: date, until: date, stays: Sequence[Stay] = ()) -> Surcharge:
    """On a fine in fen due by `due` and paid (or looked at) on `until`, which is counted.

    3 % of the fine a day (处罚法72(1)), never more than the fine (强制法45), none while review or suit runs (处罚法73).
    """
    late = [due + timedelta(days=number + 1) for number in range((until - due).days)]
    days = sum(not any(stay.first <= day and (stay.last is None or day <= stay.last) for stay in stays) for day in late)
    grown = fine * law.number("surcharge", due) * days // 100
    return Surcharge(days=days, sum=min(grown, fine), capped=grown >= fine and days > 0)


def days_of_daily_penalty(*, ordered: date, rechecked: date) -> tuple[date, ...]:
    """The days for which the sum may be repeated: from the day after the order to the re-check that found refusal."""
    return tuple(ordered + timedelta(days=number + 1) for number in range((rechecked - ordered).days))
