"""Sums of the law: what grows by the day (surcharge, daily penalty), and how papers write them in characters; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.record.law.laws import Law

ARTICLE_OF_SURCHARGE = "行政处罚法第七十二条、第七十三条，行政强制法第四十五条"


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


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def in_figures(fen: int) -> str:
    """A sum in yuan as papers write it in figures: 500,000.00."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02}"


def in_capitals(fen: int) -> str:
    """The same in Chinese capitals (大写), which nobody changes by a stroke: 伍拾万元整."""
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{whole or '零元'}整"
    tenths = f"{_DIGITS[jiao]}角" if jiao else _DIGITS[0] if yuan else ""
    return whole + tenths + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(yuan: int) -> str:
    """Four digits a group; a gap of noughts is one 零, and none stands at the end of a group."""
    written, gap = "", False
    for place in reversed(range(len(str(yuan)))):
        digit = yuan // 10**place % 10
        if digit:
            written += (_DIGITS[0] if gap and written else "") + _DIGITS[digit] + _PLACES[place % 4]
        gap = not digit
        if place % 4 == 0 and yuan // 10**place % 10_000:
            written += _GROUPS[place // 4]
            gap = False if digit else gap
    return written
