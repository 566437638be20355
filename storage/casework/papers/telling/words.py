"""Puts days, sums, sanctions and lists of the record into the words of papers; pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from storage.casework.cases.steps import Conduct, Sanction, SanctionKind
from storage.record.clock import SHANGHAI, day_of
from storage.record.glossary.paper_words import (
    CONDUCT,
    FROM_TO,
    IN_FULL,
    LAWS,
    NUMBERS,
    RULES,
    SANCTIONS,
    SINCE,
    STOPPED,
    SUM,
)
from storage.record.law.money import in_capitals, in_figures

_NAMED = f"({'|'.join(LAWS)})|({'|'.join(sorted(RULES, key=len, reverse=True))})"
_CITED = re.compile(f"(?<!《)(?:{IN_FULL})?(?:{_NAMED})(?=第[一二三四五六七八九十百零0-9]+条)")
_CLOSED = "。；：，！？"


def cited(text: str) -> str:
    """Each law that is cited with an article, by its whole name: 《中华人民共和国安全生产法》第六十五条."""
    return _CITED.sub(lambda found: f"《{IN_FULL}{found[1]}》" if found[1] else f"《{found[2]}》", text)


def closed(text: str) -> str:
    """Each line closed by a mark."""
    return "\n".join(line if not line or line[-1] in _CLOSED else f"{line}。" for line in text.split("\n"))


def day_in_words(day: date) -> str:
    """2026年11月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime) -> str:
    """As a field for a moment takes it: minutes of Guizhou."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def moment_in_words(at: datetime) -> str:
    """2026年11月24日16时05分."""
    local = at.astimezone(SHANGHAI)
    return f"{day_in_words(local.date())}{local.hour}时{local.minute:02}分"


def day(at: datetime) -> str:
    """As a field for a day takes it: the day in Guizhou."""
    return day_of(at).isoformat()


def money(fen: int) -> str:
    """人民币伍拾万元整（￥500,000.00）; empty for nothing."""
    return SUM.format(capitals=in_capitals(fen), figures=in_figures(fen)) if fen else ""


def listed(items: Iterable[str]) -> str:
    """One a line with its number, a single one without; each closed by its mark."""
    kept = [one.rstrip("。；") for one in items if one]
    if len(kept) < 2:
        return "".join(f"{one}。" for one in kept)
    ends = [*["；"] * (len(kept) - 1), "。"]
    return "\n".join(f"{_number(at)}、{one}{end}" for at, (one, end) in enumerate(zip(kept, ends, strict=True), 1))


def sanctions(given: Iterable[Sanction]) -> str:
    """What is ordered, each with its sum in capitals and figures."""
    return listed(map(_sanction, given))


def sanctions_in_a_line(given: Iterable[Sanction]) -> str:
    """The same within a sentence."""
    return "，".join(map(_sanction, given))


def conducts(done: Iterable[Conduct]) -> str:
    """What was done, when, against which clause."""
    return listed(
        CONDUCT.format(name=one.name, clause=one.clause, time=_time(one)) for one in done
    )  # fmt: skip


def clauses(done: Iterable[Conduct]) -> str:
    """The clauses that were broken, once each."""
    return "、".join(dict.fromkeys(one.clause for one in done))


def _sanction(one: Sanction) -> str:
    words = STOPPED if one.kind is SanctionKind.STOPPED and one.terms else SANCTIONS[one.kind.value]
    return words.format(sum=money(one.sum), days=one.days, terms=one.terms)


def _time(one: Conduct) -> str:
    began = day_in_words(one.began_on)
    if one.ended_on is None:
        return SINCE.format(began=began)
    return began if one.ended_on == one.began_on else FROM_TO.format(began=began, ended=day_in_words(one.ended_on))


def _number(at: int) -> str:
    tens, ones = divmod(at, 10)
    if at <= 10:
        return NUMBERS[at - 1]
    return ("" if tens == 1 else NUMBERS[tens - 1]) + NUMBERS[9] + (NUMBERS[ones - 1] if ones else "")
