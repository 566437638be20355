"""Who must have signed by when, and how what was promised stands for everybody: pure rules (实施意见三（六）2)."""

from datetime import date, timedelta

from storage.promises.commitments.tables import AnswerOutcome
from storage.promises.years.tables import CommitmentStatus, PromiseStanding, UnsignedCause
from storage.record.law import Law
from storage.record.problems import BadInput

SIGNED_BY, REMINDED_AHEAD = "commitment_signed_by", "commitment_reminded_ahead"
FIRST_YEAR, LAST_YEAR = 2020, 2100


def due_of(law: Law, year: int) -> date:
    """The last day on which the year's commitment is signed in time: so many days into the year."""
    first = date(year, 1, 1)
    return first + timedelta(days=law.number(SIGNED_BY, first) - 1)


def reminded_from(law: Law, year: int) -> date:
    """The first day on which whoever has not signed is reminded."""
    return due_of(law, year) - timedelta(days=law.number(REMINDED_AHEAD, date(year, 1, 1)))


def status_of(*, stands: bool, to_sign: bool, asked: bool, due: date, today: date) -> CommitmentStatus:
    """How a mine stands. Nobody is late before the year's template is approved (`asked`): there is nothing to sign."""
    if stands:
        return CommitmentStatus.SIGNED
    if not to_sign:
        return CommitmentStatus.NOT_ASKED
    return CommitmentStatus.OVERDUE if asked and today > due else CommitmentStatus.UNSIGNED


def cause_of(*, signed: bool, cause: str | None) -> UnsignedCause | None:
    """Why none stands; None where one does."""
    if not signed:
        return UnsignedCause.NEVER_SIGNED
    return UnsignedCause(cause) if cause is not None else None


def standing_of(outcome: AnswerOutcome, by_day: date | None, *, broken: bool, today: date) -> PromiseStanding:
    """How a clause stands for everybody: by what was signed, and not by what a clerk says since."""
    if broken:
        return PromiseStanding.BROKEN
    if outcome is AnswerOutcome.NOT_YET:
        return PromiseStanding.LATE if by_day is not None and by_day < today else PromiseStanding.NOT_YET
    return PromiseStanding.KEPT if outcome is AnswerOutcome.MET else PromiseStanding.NOT_MET


def must_be_a_year(year: int) -> None:
    """A year of which a commitment can be; else BadInput."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInput(field="year", reason=f"{FIRST_YEAR}-{LAST_YEAR}")
