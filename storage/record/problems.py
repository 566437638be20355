"""The one catalogue of Problems: facts that stop an act, each with a stable code that clients may rely on."""

import re
from typing import ClassVar


class Problem(Exception):
    """A lawful refusal. `code` never changes its meaning; `parameters` fill the sentence in the glossary."""

    code: ClassVar[str] = "PROBLEM"

    def __init_subclass__(cls) -> None:
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).upper()
        if cls.code in _catalogue:
            raise TypeError(f"two Problems share the code {cls.code}")
        _catalogue[cls.code] = cls

    def __init__(self, **parameters: str | int) -> None:
        self.parameters = parameters
        super().__init__(self.code, parameters)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.code}({told})"


_catalogue: dict[str, type[Problem]] = {}


def all_problems() -> dict[str, type[Problem]]:
    """Every Problem by its code, as far as the modules that define them are imported."""
    return dict(sorted(_catalogue.items()))


class NotFound(Problem):
    """Nothing of that id is visible to this actor; whether it exists is not said."""


class NotAllowed(Problem):
    """The actor sees the subject and may not do this to it (parameter: verb)."""


class NotSignedIn(Problem):
    """No valid access token came with the request."""

    code = "UNAUTHENTICATED"  # The word that GraphQL clients look for.


class BadInput(Problem):
    """A value cannot be what it claims to be (parameters: field, reason)."""


class SheetUnreadable(Problem):
    """The text is no sheet of comma-separated values (RFC 4180) that can be read (parameter: reason)."""


class SheetTooLarge(Problem):
    """The sheet is larger than one act takes (parameters: most, unit)."""


class SheetColumnMissing(Problem):
    """The sheet's first row does not name a column that is needed (parameter: column)."""


class SheetColumnUnknown(Problem):
    """The sheet's first row names a column that nobody knows, or one twice (parameter: column)."""


class OperationIdReused(Problem):
    """The same operation id came before with other content."""


class TryAgain(Problem):
    """Two acts met on one row, or a server behind us was out of reach; the same call again is safe."""


class TooBusy(Problem):
    """So many wait for the same thing that it is not even begun; nothing was done (parameter: seconds to wait)."""


# Constraint names of the database that stand for a lawful refusal; areas add theirs beside their tables.
_constraints: dict[str, type[Problem]] = {}


def constraint_means(name: str, problem: type[Problem]) -> None:
    """Maps a violated constraint to the Problem that it states."""
    _constraints[name] = problem


def problem_of_constraint(name: str | None) -> type[Problem] | None:
    """The Problem behind a violated constraint, or None when the violation is a fault of ours."""
    return _constraints.get(name or "")
