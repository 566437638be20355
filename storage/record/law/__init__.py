"""Every number of the law: article, value, in force from and to; its calendar, and the deadlines that it makes."""

from storage.record.law.calendars import Calendar, YearNotPublished
from storage.record.law.deadlines import Deadline, deadline_of
from storage.record.law.laws import BUILT_IN, PARAMETERS, Law
from storage.record.law.parameters import NotInForce, Parameter, Runs

__all__ = [
    "BUILT_IN",
    "PARAMETERS",
    "Calendar",
    "Deadline",
    "Law",
    "NotInForce",
    "Parameter",
    "Runs",
    "YearNotPublished",
    "deadline_of",
]
