"""The clock that a journey gives to the API and to the story: as fast as this machine's, from another day on."""

from datetime import UTC, datetime

from api.demo.days import Dates, dates_from, one_day
from storage.record.clock import SHANGHAI
from storage.record.law import Law


class Days:
    """Begins at a time of Guizhou; with `passes` it can be set forward, never back."""

    def __init__(self, *begin: int, passes: bool = True) -> None:
        self.passes = passes
        self._ahead = datetime(*begin, tzinfo=SHANGHAI).astimezone(UTC) - datetime.now(UTC)  # type: ignore[misc,arg-type] # Parts.

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def on(self, moment: datetime) -> None:
        """It becomes this moment, if days pass."""
        if self.passes:
            self._ahead = max(self._ahead, moment - datetime.now(UTC))

    def begin(self, law: Law) -> Dates:
        """The story begins on the first day, or is all of one day."""
        day = self().astimezone(SHANGHAI).date()
        return dates_from(day, law) if self.passes else one_day(day, law)
