"""Verdicts: the named checks of one verification, in order, and what they come to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")


class Status(Enum):
    """What a verification came to, as it is written for people."""

    VERIFIED = "VERIFIED"
    CONSISTENT_BUT_UNTRUSTED = "CONSISTENT BUT UNTRUSTED"
    BROKEN = "BROKEN"
    NOT_CHECKED = "NOT CHECKED"
    """Nothing was there to check, or no keys to check it with: that speaks against nobody."""


EXIT_CODES = {Status.VERIFIED: 0, Status.BROKEN: 1, Status.CONSISTENT_BUT_UNTRUSTED: 2, Status.NOT_CHECKED: 2}


class Check(NamedTuple):
    """One check: its name, whether it held (None: it could not be made), and what was found."""

    name: str
    ok: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks in order, the status, one line for people, and whether nothing at all was left unchecked."""

    status: Status
    checks: tuple[Check, ...]
    summary: str

    @property
    def exit_code(self) -> int:
        """0 verified, 1 broken, 2 consistent but untrusted, or not checked at all."""
        return EXIT_CODES[self.status]

    @property
    def complete(self) -> bool:
        """Did every check hold, that of the original's bytes included?"""
        return all(check.ok for check in self.checks)

    @property
    def failed(self) -> Check | None:
        """The first check that did not hold."""
        return next((check for check in self.checks if check.ok is False), None)


@dataclass(slots=True)
class Checks:
    """Collects checks; a step that cannot be made because an earlier one failed is listed as such."""

    made: list[Check] = field(default_factory=list)

    def run(self, name: str, step: Callable[[], tuple[Value, str]], *needed: object) -> Value | None:
        """What the step found, or None if it raised ValueError or if something needed is None."""
        if any(need is None for need in needed):
            self.skip(name, "not checked: an earlier check failed")
            return None
        try:
            value, detail = step()
        except ValueError as error:
            self.made.append(Check(name, False, printable(str(error))))
            return None
        self.made.append(Check(name, True, printable(detail)))
        return value

    def skip(self, name: str, detail: str) -> None:
        """List a check that could not be made, and why."""
        self.made.append(Check(name, None, detail))


def time_of(at: int) -> str:
    """A time in ms since 1970 UTC, as verdicts write it."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return f"at {at} ms"


def counted(number: int, noun: str) -> str:
    """How many of something there are."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def printable(text: str) -> str:
    """The text without anything that could steer the reader's terminal, and not too long to read."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:400])
