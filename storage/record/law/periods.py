"""Counts the periods of the law in calendar months; pure, in the days of Asia/Shanghai."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

from storage.record.clock import SHANGHAI


def months_after(moment: datetime, months: int) -> datetime:
    """The end (24:00 in Asia/Shanghai, as UTC) of a period of so many months that begins on the day of `moment`.

    The first day is not counted; the period ends on the day of the same number, or on the last day of a month that
    has no such day (民法典第二百零一条至第二百零三条). A period that only forbids is never moved by a day off.
    """
    first = moment.astimezone(SHANGHAI).date()
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
