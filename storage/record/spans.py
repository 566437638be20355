"""What a step is called, for whoever measures how long each takes; nobody does unless it is asked for."""

from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol


class Spans(Protocol):
    """Whoever measures. What it is told are names of our own making: never a value, an id or words of a caller."""

    def within(self, kind: str, name: str) -> AbstractContextManager[object]:
        """The time of one step, below the step that is going on."""
        ...


class Unmeasured:
    """Nobody measures."""

    def within(self, kind: str, name: str) -> AbstractContextManager[object]:
        """Nothing happens."""
        return _NOTHING


_NOTHING: Final = nullcontext()
UNMEASURED: Final = Unmeasured()
