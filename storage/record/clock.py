"""Turns times into the forms that rows and signed papers hold, UTC and milliseconds; and into days of law."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The moment of so many milliseconds since 1970-01-01 UTC."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def whole_ms(moment: datetime) -> datetime:
    """The moment cut to milliseconds, the precision of every row."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def minute_of(moment: datetime) -> datetime:
    """The moment cut to its minute."""
    return moment.replace(second=0, microsecond=0)


def hour_of(moment: datetime) -> datetime:
    """The moment cut to its hour, the finest at which an act of a reporter is dated."""
    return moment.replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> date:
    """The day of law of a moment: that of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).date()


_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
