"""Says who acts: the actor, its roles and verbs, and how far it sees."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from storage.record.problems import NotAllowed
from storage.record.roles import NEVER_ONE_PERSON, ROLE_VERBS, Role, Verb

__all__ = ["NEVER_ONE_PERSON", "ROLE_VERBS", "Actor", "Grant", "Reach", "Role", "Verb"]

_NOBODY = UUID(int=0)
KEEPER_ID = UUID(int=3)
"""Stands as actor in entries that a worker makes by itself, such as evidence.sealed."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an actor sees: everything, or the rows of these counties (GB/T 2260), offices and mines."""

    everything: bool = False
    counties: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    mines: frozenset[UUID] = frozenset()

    def covers(self, *, county: str | None = None, office: str | None = None, mine_id: UUID | None = None) -> bool:
        """Whether a row with this scope is within reach; the same rule as the row policies of the database."""
        return self.everything or county in self.counties or office in self.offices or mine_id in self.mines

    def includes(self, other: "Reach") -> bool:
        """Whether all that `other` sees is seen from here: nobody may grant further than he reaches."""
        return self.everything or (
            not other.everything
            and other.counties <= self.counties
            and other.offices <= self.offices
            and other.mines <= self.mines
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """One role as it was given: with its own reach and validity."""

    role: Role
    reach: Reach
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, from a verified access token. A verb holds only within the reach of the role that carries it."""

    account_id: UUID
    session_id: UUID | None
    device_id: UUID | None
    grants: tuple[Grant, ...]
    reach: Reach = field(default_factory=Reach)
    door: bool = False
    """Nobody yet: a caller who is signing in. Sees only what sign-in needs, and no verb is his."""
    receipt: bool = False
    """A reporter: `account_id` is that of the report that his receipt opened. Nothing tells who he is."""
    place: str = field(default="", repr=False)
    """The form and locator of a receipt: what waits under it is his alone to see."""

    def reach_of(self, verb: Verb) -> "Reach":
        """How far the roles that carry this verb see: less than the whole reach, where another role reaches further."""
        return reach_of(tuple(grant for grant in self.grants if verb in ROLE_VERBS[grant.role]))

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def may(
        self, verb: Verb, *, county: str | None = None, office: str | None = None, mine_id: UUID | None = None
    ) -> bool:
        """Whether a role with this verb reaches the given scope; without a scope, whether any role has the verb."""
        scoped = county is not None or office is not None or mine_id is not None
        return any(
            verb in ROLE_VERBS[grant.role]
            and (not scoped or grant.reach.covers(county=county, office=office, mine_id=mine_id))
            for grant in self.grants
        )

    def seeing(self, verb: Verb) -> "Actor":
        """The same person with the sight of only those roles that carry `verb`; what is read by it is read so.

        Else whoever inspects in one county and keeps the duty desk of another would read the evidence of both.
        """
        carrying = tuple(grant for grant in self.grants if verb in ROLE_VERBS[grant.role])
        return self if len(carrying) == len(self.grants) else replace(self, reach=reach_of(carrying))

    def require(
        self, verb: Verb, *, county: str | None = None, office: str | None = None, mine_id: UUID | None = None
    ) -> None:
        """Raises NotAllowed unless `may` holds."""
        if not self.may(verb, county=county, office=office, mine_id=mine_id):
            raise NotAllowed(verb=verb.value)


def reach_of(grants: tuple[Grant, ...]) -> Reach:
    """The union of what the given roles see; a role without a reading verb adds nothing to field rows but its scope."""
    return Reach(
        everything=any(grant.reach.everything for grant in grants),
        counties=frozenset().union(*(grant.reach.counties for grant in grants)),
        offices=frozenset().union(*(grant.reach.offices for grant in grants)),
        mines=frozenset().union(*(grant.reach.mines for grant in grants)),
    )


def at_the_door() -> Actor:
    """The caller of sign-in and refresh, before it is known who he is."""
    return Actor(account_id=UUID(int=0), session_id=None, device_id=None, grants=(), door=True)


def reporter(report_id: UUID = _NOBODY, *, place: str = "") -> Actor:
    """Whoever files under a locator, or reads what became of the one report that his receipt opened; no verb is his."""
    return Actor(account_id=report_id, session_id=None, device_id=None, grants=(), receipt=True, place=place)


def keeper() -> Actor:
    """The workers' own hand: no person, no verb; the database's worker role alone gives it its sight."""
    return Actor(account_id=KEEPER_ID, session_id=None, device_id=None, grants=())


def stranger() -> Actor:
    """Anybody, without a sign-in: sees what is open to all, and no verb is his."""
    return Actor(account_id=UUID(int=2), session_id=None, device_id=None, grants=())
