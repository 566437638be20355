"""What was looked at and what was found: each finding says what, why it matters and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 20
"""Findings told one by one of each look; of a flood the first ones say enough, the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    what: str
    why: str
    do: str


@dataclass(slots=True)
class Look:
    """One part of the installation: what was seen (`seen`), what is wrong, or why nothing could be seen (`blind`)."""

    part: str
    seen: str = ""
    blind: str = ""
    findings: list[Finding] = field(default_factory=list)
    more: int = 0
    """Findings beyond those that are told."""

    def find(self, what: str, *, why: str, do: str) -> None:
        """Adds a finding, or only counts it."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(what, why, do))
        else:
            self.more += 1

    @property
    def count(self) -> int:
        return len(self.findings) + self.more

    def as_json(self) -> dict[str, Any]:
        """The look as `--json` prints it."""
        told = [{"what": one.what, "why": one.why, "do": one.do} for one in self.findings]
        return {"part": self.part, "seen": self.seen, "blind": self.blind, "findings": told, "more": self.more}


def exit_code(looks: Sequence[Look]) -> int:
    """0 when all was seen and is well, 1 when something is wrong, 2 when something could not be looked at."""
    if any(look.findings for look in looks):
        return 1
    return 2 if any(look.blind for look in looks) else 0


def lines(look: Look) -> list[str]:
    """The look as a terminal shows it."""
    if look.blind:
        return [f"?  {look.part}: not seen: {look.blind}"]
    if not look.findings:
        return [f"ok {look.part}: {look.seen}"]
    told = [f"!! {look.part}: {look.seen}".rstrip(": ")]
    for one in look.findings:
        told += [f"   - {one.what}", f"     why: {one.why}", f"     do:  {one.do}"]
    return [*told, f"   … and {look.more} more"] if look.more else told


def summary(looks: Sequence[Look]) -> str:
    """The one line that sums up."""
    found, blind = sum(look.count for look in looks), sum(bool(look.blind) for look in looks)
    if found:
        return f"{found} findings in {sum(bool(look.findings) for look in looks)} of {len(looks)} parts"
    return f"{blind} of {len(looks)} parts could not be looked at" if blind else f"all {len(looks)} parts are well"
