"""What facts say against what was declared; pure. A difference is a flag, and changes neither piece nor statement."""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from storage.field.facts.findings import Findings, moment_of
from storage.field.facts.tables import FactFlag
from storage.record.clock import from_ms
from storage.record.ledger.proofs.statements import Statement
from storage.record.problems import Problem

MAKER = 1
"""The version of what is derived: raised when the decoder or these rules change, so that older facts can be redone."""
TIME_TOLERANCE = timedelta(minutes=5)
PLACE_TOLERANCE_METRES = 500
EARTH_RADIUS_METRES = 6_371_000
_SCALE = 10_000_000


class NotHeldYet(Problem):
    """The bytes of this piece have not been re-read and locked yet: nothing can be opened."""


class EvidenceErased(Problem):
    """The bytes of this piece were erased by a lawful act of two people; what is proved about them stays."""


class PreviewNotMade(Problem):
    """There is no preview of this piece, or not yet."""


def flags_of(found: Findings, statement: Statement) -> set[FactFlag]:
    """Everything that the file itself says against its statement."""
    flags: set[FactFlag] = set()
    if _time_differs(found, statement):
        flags.add(FactFlag.EXIF_TIME_DIFFERS)
    if _date_is_split(found):
        flags.add(FactFlag.EXIF_DATE_SPLIT)
    if found.position_wrong:
        flags.add(FactFlag.EXIF_POSITION_IMPOSSIBLE)
    elif found.latitude is not None and found.longitude is not None:
        flags |= _flags_of_position(found.latitude, found.longitude, statement.place)
    return flags


def is_possible(latitude: int, longitude: int) -> bool:
    """Whether degrees × 10^7 are a place: on the globe, and not the point at 0,0 that means "unknown"."""
    return (latitude, longitude) != (0, 0) and abs(latitude) <= 90 * _SCALE and abs(longitude) <= 180 * _SCALE


def metres_between(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The distance of two places (latitude, longitude in degrees × 10^7) over a round earth, by the haversine."""
    (south, west), (north, east) = ([radians(part / _SCALE) for part in place] for place in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS_METRES * asin(sqrt(min(1.0, half)))


def _time_differs(found: Findings, statement: Statement) -> bool:
    """A film carries the moment when it began or ended, whichever its maker chose: its length is allowed for."""
    taken, wall = found.taken_at, _wall(statement)
    if taken is None or wall is None:
        return found.time is not None and _is_meant_as_time(found.time)
    return abs(taken - wall) > TIME_TOLERANCE + timedelta(milliseconds=min(found.length_ms or 0, 86_400_000))


def _is_meant_as_time(text: str) -> bool:
    """Cameras without a set clock write spaces or noughts: that is no claim. `2099:99:99` is one."""
    return any(digit in "123456789" for digit in text)


def _wall(statement: Statement) -> datetime | None:
    try:
        return from_ms(statement.wall)
    except OverflowError:
        return None


def _date_is_split(found: Findings) -> bool:
    """The satellite's date (UTC) is another day than the camera's own, and not only by minutes around midnight."""
    taken = found.taken_at
    if found.gps_time is None or taken is None:
        return False
    exact = moment_of(found.gps_time, "+00:00")
    if exact is not None:
        return exact.date() != taken.date() and abs(exact - taken) > TIME_TOLERANCE
    day = moment_of(f"{found.gps_time[:10]} 00:00:00", "+00:00")
    return day is None or day.date() != taken.date()


def _flags_of_position(latitude: int, longitude: int, place: dict[str, int | str]) -> set[FactFlag]:
    if not is_possible(latitude, longitude):
        return {FactFlag.EXIF_POSITION_IMPOSSIBLE}
    north, east = place.get("lat"), place.get("lon")
    if not isinstance(north, int) or not isinstance(east, int) or not is_possible(north, east):
        return set()  # Nothing to compare with: what was declared has a flag of its own.
    apart = metres_between((latitude, longitude), (north, east))
    return {FactFlag.EXIF_POSITION_DIFFERS} if apart > PLACE_TOLERANCE_METRES else set()
