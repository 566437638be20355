"""Who may take an alert, and what a rung asks for: pure rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from storage.alerts.alerts.kinds import AGAIN, KINDS, LADDER, AlertKind, Channel
from storage.alerts.alerts.tables import Climb
from storage.alerts.rosters.rules import Chain, Seat
from storage.alerts.rosters.tables import Away
from storage.record.problems import BadInput, Problem, constraint_means


class AlertNotYours(Problem):
    """Neither were you told of this alert, nor do you answer for its seat at this minute."""


class AlertTaken(Problem):
    """Somebody of the same chain has it already (parameters: account, at)."""


class AlertEnded(Problem):
    """The incident is over (parameter: at)."""


class DrillConflict(Problem):
    """The id is taken by another drill, one's own or foreign: which of both is not said."""


class UrgentCannotBeSilenced(Problem):
    """An urgent kind is told by every channel, whatever anybody wishes (parameter: kind)."""


constraint_means("pk_drills", DrillConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An entry of the ledger that makes an incident, or joins one that is open: same kind, same subject."""

    kind: AlertKind
    subject: UUID
    entry: UUID
    happened_at: datetime
    county: str | None = None
    office: str | None = None
    mine_id: UUID | None = None
    drill: bool = False
    seats: Sequence[Seat] = ()
    chains: Mapping[Seat, Chain] = field(default_factory=dict)
    """For whom a seat stands in, where that is not its own chain: one level up, the province answers for an office."""
    accounts: Sequence[UUID] = ()
    """Who is told besides, without any climbing: the mine's principal, an officer whose clock ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one rung of one climb comes to: who is told how, who is passed over, and when the next rung is due."""

    climb: UUID
    rung: int
    accounts: Sequence[UUID]
    channels: Sequence[Channel]
    passed_over: Mapping[UUID, Away] = field(default_factory=dict)
    silent: Sequence[UUID] = ()
    next_rung: int = 0
    began_at: datetime
    next_at: datetime


def next_of(*, began_at: datetime, rung: int, now: datetime) -> tuple[int, datetime, datetime]:
    """The rung that follows, when its round began, and when it is due. Behind the top the ladder begins a new round.

    A round begins no earlier than now: after hours without any worker nobody is told of rounds that nobody ran.
    """
    if rung + 1 < len(LADDER):
        return rung + 1, began_at, began_at + LADDER[rung + 1].after
    anew = max(began_at + LADDER[-1].after + AGAIN, now)
    return 0, anew, anew


def must_be_free(climbs: Sequence[Climb]) -> None:
    """Whoever takes an alert has a chain in which nobody else took it; else AlertNotYours, AlertTaken."""
    if not climbs:
        raise AlertNotYours()
    for climb in climbs:
        if climb.taken_by is not None and climb.taken_at is not None:
            raise AlertTaken(account=str(climb.taken_by), at=climb.taken_at.isoformat())


def must_be_open(ended_at: datetime | None) -> None:
    """What is over is taken by nobody any more; else AlertEnded."""
    if ended_at is not None:
        raise AlertEnded(at=ended_at.isoformat())


def must_be_drillable(kind: AlertKind) -> None:
    """What is drilled is a kind that climbs until a person comes, and no drill itself; else BadInput."""
    if kind is AlertKind.DRILL or not KINDS[kind].urgent:
        raise BadInput(field="kind", reason="urgent, and no drill")


def must_be_silenceable(kind: AlertKind) -> None:
    """An urgent kind is silenced by nobody; else UrgentCannotBeSilenced."""
    if KINDS[kind].urgent:
        raise UrgentCannotBeSilenced(kind=kind.value)
