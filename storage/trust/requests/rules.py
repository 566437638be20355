"""What the law says of requests: how their time runs, who may do what when, what an answer must say; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.record.clock import day_of
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of
from storage.record.problems import BadInput, Problem, constraint_means
from storage.trust.requests.tables import AnswerPart, RequestKind, RequestOutcome, RequestState, RequestStepKind

LONGEST_WORDS = 5_000
LONGEST_CONTACT = 200
LONGEST_REASON = 1_000
LONGEST_ANSWER = 20_000
MOST_PARTS = 20
PERIOD = {RequestKind.INFORMATION: "information_answer", RequestKind.ERROR: "error_report_answer"}
EXTENSION, THIRD_PARTY, UNCLEAR = "information_answer_extension", "third_party_heard", "information_unclear_asked"


class RequestClosed(Problem):
    """The request was answered before."""


class RequestFiledBefore(Problem):
    """This form was sent before: its receipt is the one that was given for it."""


class RequestFormOver(Problem):
    """The form is too old, too new or none of ours; a new one is opened."""


class RequestUnclear(Problem):
    """It was asked what is meant, and whoever asked has not said so yet (公开条例30)."""


class AskedBefore(Problem):
    """What is unclear is asked once, all of it (公开条例30)."""


class TooLateToAsk(Problem):
    """What is unclear is asked within so many working days; then it is answered as it reads (parameter: until)."""


class NothingAsked(Problem):
    """Nothing waits for an answer of whoever asked."""


class ConsultedBefore(Problem):
    """The third party was asked before, or is heard already (公开条例32)."""


class NobodyConsulted(Problem):
    """No third party was asked who could be heard."""


class ExtendedBefore(Problem):
    """The time of a request is extended once, and only that of information (公开条例33)."""


class ExtensionTooLate(Problem):
    """The time is over, or stands still: what is over is late and not extended (公开条例33)."""


class AnswerUnfit(Problem):
    """An answer says to each part what the law knows: a refusal by its article, and only to what was asked for
    (公开条例36; parameter: part)."""


class NothingWasCorrected(Problem):
    """Nothing of the disclosure was corrected or taken down since the error was reported."""


class AskerStillHasTime(Problem):
    """Whoever asked has not been asked what is meant, so he has given nothing up."""


class NoContactKept(Problem):
    """Nobody left how to be reached, or it was erased by its time."""


constraint_means("uq_requests_locator", RequestFiledBefore)
constraint_means("uq_requests_number", RequestFiledBefore)


class RefusalGround(StrEnum):
    """Why information is not given (公开条例14–16, 36)."""

    STATE_SECRET = "STATE_SECRET"  # noqa: S105 # A reason, no password.
    COMMERCIAL_SECRET_OR_PRIVACY = "COMMERCIAL_SECRET_OR_PRIVACY"  # noqa: S105 # As above.
    INTERNAL_MATTER = "INTERNAL_MATTER"
    CASE_FILE = "CASE_FILE"
    ASKED_BEFORE = "ASKED_BEFORE"


ARTICLE_OF: dict[RefusalGround, str] = {
    RefusalGround.STATE_SECRET: "政府信息公开条例第十四条",
    RefusalGround.COMMERCIAL_SECRET_OR_PRIVACY: "政府信息公开条例第十五条",
    RefusalGround.INTERNAL_MATTER: "政府信息公开条例第十六条",
    RefusalGround.CASE_FILE: "政府信息公开条例第十六条第二款",
    RefusalGround.ASKED_BEFORE: "政府信息公开条例第三十六条",
}
"""By which article a part is refused."""
_OF_ERRORS = frozenset({AnswerPart.CORRECTED, AnswerPart.NOT_WRONG, AnswerPart.ABANDONED})
_OF_INFORMATION = frozenset(AnswerPart) - {AnswerPart.CORRECTED, AnswerPart.NOT_WRONG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is said to one part of a request."""

    kind: AnswerPart
    words: str
    ground: RefusalGround | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken, as far as the time runs by it."""

    kind: RequestStepKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How the time of a request runs: its last day, None while it stands still or that year's holidays are unknown."""

    state: RequestState
    article: str
    due: Deadline | None
    extended: bool

    @property
    def due_on(self) -> date | None:
        """The last day."""
        return self.due.ends if self.due else None

    @property
    def over_at(self) -> datetime | None:
        """The moment from which it is late."""
        return self.due.over_at() if self.due else None

    def is_over(self, now: datetime) -> bool:
        """Whether it is late."""
        return self.due is not None and self.due.is_over(now)


def clock_of(law: Law, kind: RequestKind, filed_at: datetime, steps: Sequence[Taken]) -> Clock:
    """公开条例30, 32, 33: twenty working days from the filing, or from when it was made clear; what a third party
    takes, fifteen at the most, is not counted; twenty more where a head extended it."""
    by = {one.kind: one.at for one in steps}
    state = _state(by)
    article = law.parameter(PERIOD[kind], day_of(filed_at)).article
    extended = RequestStepKind.EXTENDED in by
    if state is RequestState.UNCLEAR:
        return Clock(state=state, article=article, due=None, extended=extended)
    start = by.get(RequestStepKind.CLARIFIED, filed_at)
    try:
        count = law.number(PERIOD[kind], day_of(filed_at)) + _uncounted(law, by)
        count += law.number(EXTENSION, day_of(filed_at)) if extended else 0
        due = deadline_of(law, PERIOD[kind], day_of(start), count=count)
    except YearNotPublished:
        due = None
    return Clock(state=state, article=article, due=due, extended=extended)


def _state(by: dict[RequestStepKind, datetime]) -> RequestState:
    if RequestStepKind.ANSWERED in by:
        return RequestState.ANSWERED
    if RequestStepKind.ASKED in by and RequestStepKind.CLARIFIED not in by:
        return RequestState.UNCLEAR
    if RequestStepKind.CONSULTED in by and RequestStepKind.HEARD not in by:
        return RequestState.THIRD_PARTY
    return RequestState.OPEN


def _uncounted(law: Law, by: dict[RequestStepKind, datetime]) -> int:
    """公开条例32, 33: the working days that the third party took; whoever is silent for fifteen has had them all."""
    if RequestStepKind.CONSULTED not in by:
        return 0
    begun = day_of(by[RequestStepKind.CONSULTED])
    most = deadline_of(law, THIRD_PARTY, begun).counted
    if RequestStepKind.HEARD not in by:
        return len(most)
    heard = day_of(by[RequestStepKind.HEARD])
    return sum(day <= heard for day in most)


def must_be_open(state: RequestState) -> None:
    """What was answered is over."""
    if state is RequestState.ANSWERED:
        raise RequestClosed()


def may_be_asked(law: Law, filed_at: datetime, steps: Sequence[Taken], now: datetime) -> None:
    """公开条例30: once, and within seven working days of the filing."""
    if any(one.kind is RequestStepKind.ASKED for one in steps):
        raise AskedBefore()
    deadline = deadline_of(law, UNCLEAR, filed_at)
    if deadline.is_over(now):
        raise TooLateToAsk(until=deadline.ends.isoformat())


def may_be_clarified(state: RequestState) -> None:
    """Whoever asked answers what he was asked."""
    if state is not RequestState.UNCLEAR:
        raise NothingAsked()


def may_be_consulted(kind: RequestKind, state: RequestState, steps: Sequence[Taken]) -> None:
    """公开条例32: of information that concerns somebody else, once."""
    if state is RequestState.UNCLEAR:
        raise RequestUnclear()
    if kind is not RequestKind.INFORMATION or any(one.kind is RequestStepKind.CONSULTED for one in steps):
        raise ConsultedBefore()


def may_be_heard(state: RequestState) -> None:
    """公开条例32: what a third party said that was asked."""
    if state is not RequestState.THIRD_PARTY:
        raise NobodyConsulted()


def may_be_extended(kind: RequestKind, clock: Clock, now: datetime) -> None:
    """公开条例33: once, before the time is over."""
    if kind is not RequestKind.INFORMATION or clock.extended:
        raise ExtendedBefore()
    if clock.state is RequestState.UNCLEAR or clock.is_over(now):
        raise ExtensionTooLate()


def must_answer(kind: RequestKind, state: RequestState, parts: Sequence[Part]) -> None:
    """公开条例36, 37: each part by itself, so that what may be given is; a refusal by its article."""
    if not 0 < len(parts) <= MOST_PARTS:
        raise BadInput(field="parts", reason=f"1-{MOST_PARTS}")
    allowed = _OF_ERRORS if kind is RequestKind.ERROR else _OF_INFORMATION
    for one in parts:
        if one.kind not in allowed or (one.kind is AnswerPart.REFUSED) is not (one.ground is not None):
            raise AnswerUnfit(part=one.kind.value)
        if one.kind is AnswerPart.ABANDONED and state is not RequestState.UNCLEAR:
            raise AskerStillHasTime()
        must_say("parts", one.words, LONGEST_ANSWER)
    if state is RequestState.UNCLEAR and any(one.kind is not AnswerPart.ABANDONED for one in parts):
        raise RequestUnclear()


def outcome_of(parts: Sequence[Part]) -> RequestOutcome:
    """That of the only part or of all, or split."""
    kinds = {one.kind for one in parts}
    return RequestOutcome(kinds.pop().value) if len(kinds) == 1 else RequestOutcome.SPLIT


def grounds_of(parts: Sequence[Part]) -> str:
    """The articles by which parts were refused, as the public reads them."""
    return "、".join(dict.fromkeys(ARTICLE_OF[one.ground] for one in parts if one.ground is not None))


def must_say(field: str, words: str, most: int) -> None:
    """Something, and no book."""
    if not words.strip() or len(words) > most:
        raise BadInput(field=field, reason=f"1-{most}")


def must_be_a_contact(contact: str) -> None:
    """At most a line: how to be reached, and nobody must leave it."""
    if len(contact) > LONGEST_CONTACT:
        raise BadInput(field="contact", reason=f"0-{LONGEST_CONTACT}")
