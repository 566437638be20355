"""A filing that fails once its receipt is on paper: whether anything was filed, what the paper is worth, once more."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from api.reporter.server import Refused, Unreachable
from api.reporter.terminal import GivenUp, Terminal
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

T = TypeVar("T")


class Stage(StrEnum):
    """How far a filing came; each is the end of a sentence's name."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"
    FILED = "filed"
    OVER = "over"


class NotFiled(Exception):
    """The filing was not carried to its end, and all of it was said; `fault` is what stood against it."""

    def __init__(self, fault: Exception, stage: Stage) -> None:
        super().__init__(f"{stage}: {fault}")
        self.fault, self.stage = fault, stage


@dataclass(slots=True)
class Course:
    """How far it is. What was sent and not answered stays unknown until the server answers to it."""

    stage: Stage = Stage.NOTHING

    def failed(self, fault: Exception) -> Stage:
        """What is known after a fault: a refusal of what is sent says that nothing of it was filed."""
        if isinstance(fault, Refused) and self.stage is not Stage.FILED:
            if fault.code != "RESERVATION_OVER":
                self.stage = Stage.NOTHING
            elif self.stage is not Stage.UNKNOWN:  # An earlier try may stand: then its locator is used, too.
                self.stage = Stage.OVER
        return self.stage


def until_filed(terminal: Terminal, course: Course, attempt: Callable[[], T], *, words: str) -> T:
    """Tries until it stands or he gives up; each time he is told what was filed and what to do with the paper.

    NotFiled when he goes no further: what he typed is said once more, since the screen was wiped for the receipt.
    """
    while True:
        try:
            return attempt()
        except (Refused, Unreachable, ReportMalformed) as fault:
            tell_fault(terminal, fault)
            stage = course.failed(fault)
            terminal.tell(f"failed_{stage}")
            if stage is Stage.OVER or not terminal.agrees("ask_again"):
                tell_paper(terminal, stage, words)
                raise NotFiled(fault, stage) from fault
        except (GivenUp, KeyboardInterrupt):
            tell_paper(terminal, course.stage, words)
            raise


def tell_paper(terminal: Terminal, stage: Stage, words: str) -> None:
    """What to do with the receipt on paper, and the words that the wiped screen does not show any more."""
    terminal.tell(f"paper_{stage}")
    if stage is not Stage.FILED:
        terminal.tell("words_were")
        terminal.say(words)


def tell_fault(terminal: Terminal, fault: Exception) -> None:
    """What stood against it, in a sentence."""
    if isinstance(fault, Refused):
        terminal.tell("refused", code=fault.code, said=fault.said)
    elif isinstance(fault, Unreachable):
        terminal.tell("unreachable", told=str(fault))
    elif isinstance(fault, ReportMalformed):
        terminal.tell("malformed", told=fault.reason)
