"""The one logger of reporters' requests: how many there were in an hour and of which kind, and nothing else.

What would be an incident elsewhere is counted here: its words, or the moment of it, could tell who reports.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("pithead.reporting")


@dataclass(slots=True)
class Hours:
    """Counts of the hour that goes on; a line is written once it is over, when somebody asks next."""

    seconds: Callable[[], int]
    hour: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, *names: str) -> None:
        """Counts what was answered."""
        hour = self.seconds() // 3600
        if hour != self.hour:
            self.tell()
            self.hour = hour
        self.counts.update(names)

    def tell(self) -> None:
        """Writes what the hour came to."""
        if self.counts:
            log.info("an hour of reporters' requests", extra={"fields": dict(sorted(self.counts.items()))})
            self.counts.clear()
