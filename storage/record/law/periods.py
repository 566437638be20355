"""Counts the periods of the law in calendar months; pure, in the days of Asia/Shanghai."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

from storage.record.clock import SHANGHAI, day_of


def months_later(day: date, months: int) -> date:
    """The day of the same number so many months on, or the last of a month that has no such day (民法典202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_after(moment: datetime, months: int) -> datetime:
    """The end (24:00 in Asia/Shanghai, as UTC) of a period of so many months that begins on the day of `moment`.

    The first day is not counted (民法典第二百零一条至第二百零三条); what only forbids is never moved by a day off.
    """
    last = months_later(day_of(moment), months)
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
