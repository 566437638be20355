"""What may live here: who acts, in which roles, and which verbs those roles hold."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from storage.record.problems import NotAllowed


class Role(StrEnum):
    """What a person is."""

    INSPECTOR = "inspector"
    AUDITOR = "auditor"


class Verb(StrEnum):
    """What a role may do."""

    INSPECTION_OPEN = "inspection.open"


@dataclass(frozen=True)
class Actor:
    """A person who is signed in."""

    account_id: UUID
    session_id: UUID
    roles: frozenset[Role]

    def require(self, verb: Verb, **scope: object) -> None:
        """Raise NotAllowed unless one of the roles holds the verb."""
        if verb is Verb.INSPECTION_OPEN and Role.INSPECTOR not in self.roles:
            raise NotAllowed(verb=verb.value)
