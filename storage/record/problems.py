"""What may live here: every Problem, which is a fact that stands against an act, with a stable code."""

import re
from typing import ClassVar


class Problem(Exception):
    """A fact that stands against an act; its code is the class name in upper snake case."""

    code: ClassVar[str] = "PROBLEM"
    parameters: dict[str, str | int]

    def __init__(self, **parameters: str | int) -> None:
        super().__init__(self.code)
        self.parameters = parameters

    def __init_subclass__(cls) -> None:
        cls.code = cls.__dict__.get("code") or re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()


class NotFound(Problem):
    """There is nothing of that id that you may see."""


class NotAllowed(Problem):
    """You may see it, but this is not yours to do."""


class NotSignedIn(Problem):
    """The request carries no valid sign-in."""

    code = "UNAUTHENTICATED"


class BadInput(Problem):
    """A value that was sent cannot be what it claims to be."""


class OperationIdReused(Problem):
    """The same operation id came with another input."""


def all_problems() -> dict[str, type[Problem]]:
    """Return every kind of Problem by its code."""
    return {kind.code: kind for kind in Problem.__subclasses__()}
