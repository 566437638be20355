"""What may live here: how much CPU a process and its children have spent, read from /proc."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, of all that descend from it and live, and of those that ended and were waited for."""
    own = _stat(pid)
    if own is None:
        return 0.0
    return sum(own[11:15]) / _TICKS + sum(map(cpu_of, _children(pid)))  # utime, stime, cutime, cstime


def cpu_of_the_machine() -> float:
    """CPU seconds that all cores together have spent on anything."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task")
    try:
        listed = [(thread / "children").read_text() for thread in threads.iterdir()]
    except OSError:
        return []
    return [int(child) for text in listed for child in text.split()]


def _stat(pid: int) -> list[int] | None:
    """The fields of /proc/PID/stat after the command's name, from the parent's id on; the state is counted as 0."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return [0, *(int(part) for part in text.rsplit(")", 1)[1].split()[1:])]


class Neighbours:
    """How much of the machine other programs take meanwhile: a number measured on a busy machine is worth less."""

    def __init__(self) -> None:
        self._begun, self._spent = time.monotonic(), self._by_others()

    def __str__(self) -> str:
        cores = (self._by_others() - self._spent) / (time.monotonic() - self._begun)
        return f"other programs took {max(cores, 0):.1f} of {os.cpu_count()} cores meanwhile"

    @staticmethod
    def _by_others() -> float:
        return cpu_of_the_machine() - cpu_of(os.getpid())


@dataclass(slots=True)
class Meter:
    """Adds up what two processes spend while something is measured."""

    app: int
    database: int
    app_spent: float = 0.0
    database_spent: float = 0.0
    acts: int = 0
    """How often the measured thing was done, where that is counted."""

    def __enter__(self) -> "Meter":
        self.app_spent -= cpu_of(self.app)
        self.database_spent -= cpu_of(self.database)
        return self

    def __exit__(self, *_: object) -> None:
        self.app_spent += cpu_of(self.app)
        self.database_spent += cpu_of(self.database)

    def __str__(self) -> str:
        told = f"app {self.app_spent:.1f} s, PostgreSQL {self.database_spent:.1f} s"
        if not self.acts:
            return told
        app, database = (spent / self.acts * 1e3 for spent in (self.app_spent, self.database_spent))
        return f"{told} ({app:.2f} and {database:.2f} ms an act)"
