"""The deadlines that run in matters of conduct, told from their steps and the law; pure."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from storage.casework.conduct import history
from storage.casework.conduct.history import History, Step
from storage.casework.conduct.tables import ConductTurn, MatterKind
from storage.record.clock import day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One deadline, and when it was met; without a `deadline` while a year is not published that decides it."""

    key: str
    article: str
    deadline: Deadline | None
    met_at: datetime | None


def clocks_of(h: History, law: Law) -> tuple[Clock, ...]:
    """Every deadline that runs or ran in it; what begins only by a later step is not there before."""
    return tuple(_CLOCKS[h.kind](h, law))


def account_until(h: History, law: Law) -> datetime:
    """Until when nobody finds without the account of the one whom it is about."""
    return deadline_of(law, "exemption_account", h.steps[0].at).over_at()


def answer_until(told: Step, law: Law) -> datetime:
    """Until when a proposal waits for the answer of the one who was told of it."""
    return deadline_of(law, "accountability_answer", told.at).over_at()


def _clock(law: Law, key: str, start: datetime, met_at: datetime | None, *, count: int | None = None) -> Clock:
    deadline = None
    with suppress(YearNotPublished):
        deadline = deadline_of(law, key, start, count=count)
    return Clock(key=key, article=law.parameter(key, day_of(start)).article, deadline=deadline, met_at=met_at)


def _met(step: Step | None, *others: Step | None) -> datetime | None:
    return next((one.at for one in (step, *others) if one is not None), None)


def _exemption(h: History, law: Law) -> Iterator[Clock]:
    opened, accounts = h.steps[0].at, h.of(ConductTurn.ACCOUNT_GIVEN)
    yield _clock(law, "exemption_account", opened, accounts[0].at if accounts else None)
    yield _clock(law, "exemption_finding", opened, _met(history.ended(h)))


def _proposal(h: History, law: Law) -> Iterator[Clock]:
    withdrawn = h.last(ConductTurn.WITHDRAWN)
    told, passed = h.last(ConductTurn.TOLD), h.last(ConductTurn.PASSED_ON)
    if told is not None:
        yield _clock(law, "accountability_answer", told.at, _met(h.last(ConductTurn.ANSWERED), withdrawn))
    yield _clock(law, "accountability_passed_on", h.steps[0].at, _met(passed, withdrawn))
    if passed is not None:
        got = h.last(ConductTurn.RECEIVED, ConductTurn.OUTCOME_RECORDED)
        yield _clock(law, "accountability_receipt", passed.at, _met(got, withdrawn))


def _complaint(h: History, law: Law) -> Iterator[Clock]:
    accepted, replied = h.last(ConductTurn.ACCEPTED), h.last(ConductTurn.REPLIED)
    yield _clock(law, "complaint_acceptance", h.steps[0].at, _met(accepted))
    if accepted is not None:
        day, count = day_of(accepted.at), None
        if h.last(ConductTurn.EXTENDED) is not None:
            count = law.number("complaint_answer", day) + law.number("complaint_extension", day)
        yield _clock(law, "complaint_answer", accepted.at, _met(replied), count=count)


def _recusal(h: History, law: Law) -> Iterator[Clock]:
    yield _clock(law, "recusal_decision", h.steps[0].at, _met(history.ended(h)))


_CLOCKS = {
    MatterKind.EXEMPTION: _exemption,
    MatterKind.PROPOSAL: _proposal,
    MatterKind.COMPLAINT: _complaint,
    MatterKind.RECUSAL: _recusal,
}
