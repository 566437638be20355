"""The closed list of alert kinds, each urgent or not, with what asks for it; and the ladder by which they climb."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class AlertKind(StrEnum):
    """What people are told of."""

    WITHDRAWAL_ORDERED = "WITHDRAWAL_ORDERED"
    REFUSAL = "REFUSAL"
    REPORT_OF_DANGER = "REPORT_OF_DANGER"
    RETALIATION = "RETALIATION"
    CLOCK_OVERRUN = "CLOCK_OVERRUN"
    DEFECT_OPEN = "DEFECT_OPEN"
    COMMITMENT_DUE = "COMMITMENT_DUE"
    BREACH_FOUND = "BREACH_FOUND"
    DRILL = "DRILL"


class Channel(StrEnum):
    """By which way somebody is reached."""

    PAGE = "PAGE"
    PUSH = "PUSH"
    SMS = "SMS"
    CALL = "CALL"
    EMAIL = "EMAIL"
    WEBHOOK = "WEBHOOK"


class Who(StrEnum):
    """Whom a rung tells: the first on duty, all others on duty, the heads of the seat, the duty of the seat above."""

    FIRST = "FIRST"
    NEXT = "NEXT"
    HEADS = "HEADS"
    ABOVE = "ABOVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. An urgent one climbs until a person has it, and no setting silences it; `article` asks for it."""

    urgent: bool
    article: str


KINDS: Mapping[AlertKind, Kind] = {
    AlertKind.WITHDRAWAL_ORDERED: Kind(urgent=True, article="煤矿安全生产条例第四十四条、安全生产法第六十五条"),
    AlertKind.REFUSAL: Kind(urgent=True, article="实施意见三（六）2、安全生产法第五十五条"),
    AlertKind.REPORT_OF_DANGER: Kind(urgent=True, article="煤矿安全生产条例第九条"),
    AlertKind.RETALIATION: Kind(urgent=True, article="煤矿安全生产条例第二十条、实施意见三（六）2"),
    AlertKind.CLOCK_OVERRUN: Kind(urgent=False, article=""),
    AlertKind.DEFECT_OPEN: Kind(urgent=False, article=""),
    AlertKind.COMMITMENT_DUE: Kind(urgent=False, article="实施意见三（六）2"),
    AlertKind.BREACH_FOUND: Kind(urgent=False, article="实施意见三（六）2"),
    AlertKind.DRILL: Kind(urgent=True, article=""),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: so long after the incident, these people, by these channels side by side."""

    after: timedelta
    who: Who
    channels: tuple[Channel, ...]


_ALL = (Channel.PAGE, Channel.PUSH, Channel.SMS, Channel.CALL)
LADDER: tuple[Rung, ...] = (
    Rung(timedelta(0), Who.FIRST, (Channel.PAGE, Channel.PUSH)),
    Rung(timedelta(minutes=1), Who.FIRST, (Channel.SMS, Channel.CALL)),
    Rung(timedelta(minutes=3), Who.NEXT, _ALL),
    Rung(timedelta(minutes=7), Who.HEADS, _ALL),
    Rung(timedelta(minutes=15), Who.ABOVE, _ALL),
)
"""The house's own ladder: the texts ask that somebody answers at any hour, and say no minutes."""
AGAIN = timedelta(minutes=15)
"""So long after its top the ladder begins anew, until a person has it."""
