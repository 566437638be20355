"""Says in words what a clause demands, in Chinese and in English; pure."""

from collections.abc import Sequence
from datetime import date

from storage.promises.templates.conditions import Condition
from storage.promises.templates.rules import Words
from storage.promises.templates.tables import ConditionKind, Unit
from storage.record.glossary.promise_words import BETWEEN, BOUNDS, ITEMS, MEASURES


def in_words(condition: Condition) -> Words:
    """What the condition asks for: “不超过1.00%”, “at most 1.00 %”."""
    zh, en = (BETWEEN[at].join(_bounds(condition, at)) for at in (0, 1))
    return Words(zh=zh, en=en)


def _bounds(one: Condition, language: int) -> list[str]:
    if one.kind is ConditionKind.YES_NO:
        return [BOUNDS["yes" if one.yes else "no"][language]]
    given: list[tuple[str, str]] = []
    if one.kind is ConditionKind.NUMBER and one.unit is not None:
        if one.most is not None and (one.most == 0 or one.least == one.most):
            given = [("exact", _number(one.most, one.unit, language))]
        else:
            bounds = (("least", one.least), ("most", one.most))
            given = [(name, _number(bound, one.unit, language)) for name, bound in bounds if bound is not None]
    elif one.kind is ConditionKind.DATE:
        days = (("not_before", one.not_before), ("not_after", one.not_after))
        given = [(name, _day(day, language)) for name, day in days if day is not None]
    else:
        lists: tuple[tuple[str, Sequence[str]], ...] = (("holds", one.holds), ("lacks", one.lacks))
        given = [(name, ITEMS[language].join(items)) for name, items in lists if items]
    return [BOUNDS[name][language].format(told) for name, told in given]


def _number(bound: int, unit: Unit, language: int) -> str:
    zh, en, decimals = MEASURES[unit.value]
    whole, rest = divmod(bound, 10**decimals)
    return f"{whole}{f'.{rest:0{decimals}}' if decimals else ''}{(zh, en)[language]}"


def _day(day: date, language: int) -> str:
    return day.isoformat() if language else f"{day.year}年{day.month}月{day.day}日"
