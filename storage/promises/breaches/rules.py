"""When a clause is broken, who answers and decides, and what may follow: pure rules (实施意见三（六）2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from storage.promises.breaches.tables import (
    Breach,
    BreachConsequence,
    BreachConsequenceKind,
    BreachConsequenceOf,
    BreachSource,
    BreachState,
)
from storage.promises.commitments.tables import AnswerOutcome
from storage.record.law import Deadline, Law, YearNotPublished, deadline_of
from storage.record.problems import BadInput, Problem, constraint_means
from storage.record.visible import must_be_visible

ARTICLE = "实施意见三（六）2"
ANSWERED, DECIDED = "breach_answered_in", "breach_decided_in"
"""Its clocks: the mine's, and the authority's once the mine has answered or its time is over."""
LEAST_WORDS, LONGEST_WORDS = 4, 2_000
MOST_EVIDENCE = 50
MOST_BREACHES = 50


class CommitmentNotSigned(Problem):
    """No commitment stood on that day: what nobody promised nobody breaks (parameters: year, day, article)."""


class BreachSourceElsewhere(Problem):
    """The finding, refusal or inspection is of another mine (parameter: source)."""


class RefusalNotSubstantiated(Problem):
    """A refusal shows a breach once two officers found it true (parameter: article)."""


class NotYetDue(Problem):
    """The mine promised the clause by a day that was not over then.

    Parameters: clause, title, title_en, day, article.
    """


class BreachFoundBefore(Problem):
    """This clause was found not kept from this very source before."""


class BreachAnswered(Problem):
    """The mine answered before; what it said stands."""


class BreachDecided(Problem):
    """It was decided before; a decision stands."""


class BreachAnswerDue(Problem):
    """The mine has not answered, and its time is not over (parameters: day, article)."""


class BreachTakesTwo(Problem):
    """Whoever found it does not decide it, nor whoever proposed what follows (parameter: article)."""


class NoBreachStands(Problem):
    """Something follows only from breaches that stand, of one mine (parameter: article)."""


class BreachCorrected(Problem):
    """It was found corrected before."""


class BreachConsequenceDecided(Problem):
    """What was proposed was decided before."""


constraint_means("uq_breaches_source_source_id_key", BreachFoundBefore)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a source shows: of which mine, on which day, by which findings; and whether it counts at all."""

    source: BreachSource
    source_id: UUID
    mine_id: UUID
    day: date
    findings: tuple[UUID, ...] = ()
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the mine signed of a clause: its digest and title, and what it said of it."""

    commitment_id: UUID
    key: str
    digest: bytes
    title: str
    title_en: str
    outcome: AnswerOutcome
    by_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The mine's answer: it accepts, with what it corrects by which day, or it objects, with its reasons."""

    accepts: bool
    words: str
    correct_by: date | None = None
    evidence: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What is to follow, against whom, for which breaches, and why."""

    kind: BreachConsequenceKind
    against: BreachConsequenceOf
    breaches: tuple[UUID, ...]
    words: str


def must_have_words(words: str, field: str = "words") -> None:
    """Every step says something that can be read as it was written; else BadInput."""
    must_be_visible(words, field)
    if not LEAST_WORDS <= len(words.strip()) <= LONGEST_WORDS:
        raise BadInput(field=field, reason=f"{LEAST_WORDS}-{LONGEST_WORDS}")


def must_be_shown(shown: Shown, *, mine_id: UUID) -> None:
    """The source is of this mine, and a refusal was found true."""
    if shown.mine_id != mine_id:
        raise BreachSourceElsewhere(source=str(shown.source_id))
    if not shown.counts:
        raise RefusalNotSubstantiated(article=ARTICLE)


def must_be_broken(said: Said, *, day: date) -> None:
    """Not met, by a day, with a measure, is no breach until the day after: and this is what was signed.

    What the clerk says later moves no day: the principal signed the one that counts.
    """
    if said.outcome is AnswerOutcome.NOT_YET and said.by_day is not None and day <= said.by_day:
        raise NotYetDue(
            clause=said.key, title=said.title, title_en=said.title_en, day=said.by_day.isoformat(), article=ARTICLE
        )


def must_be_an_answer(answer: Answer, *, today: date) -> None:
    """Who accepts says what he corrects by which day from today on; who objects says why; else BadInput."""
    must_have_words(answer.words)
    if (answer.correct_by is not None) is not answer.accepts:
        raise BadInput(field="correctBy", reason="accepts")
    if answer.correct_by is not None and not today <= answer.correct_by <= date(today.year + 1, 12, 31):
        raise BadInput(field="correctBy", reason=f"{today} – {today.year + 1}-12-31")
    if not len(set(answer.evidence)) == len(answer.evidence) <= MOST_EVIDENCE:
        raise BadInput(field="evidence", reason=f"<= {MOST_EVIDENCE}, no one twice")


def must_be_answerable(breach: Breach) -> None:
    """Once, and before it is decided: whoever is late is heard all the same."""
    if breach.answered_at is not None:
        raise BreachAnswered()
    if breach.decided_at is not None:
        raise BreachDecided()


def must_be_decidable(breach: Breach, *, decider: UUID, ends: date | None, today: date) -> None:
    """By another than its finder, once the mine answered or its time is over; silence is no consent, and no bar."""
    if breach.decided_at is not None:
        raise BreachDecided()
    must_be_two(breach.found_by, decider)
    if breach.answered_at is None and (ends is None or today <= ends):
        raise BreachAnswerDue(day="" if ends is None else ends.isoformat(), article=ARTICLE)


def must_be_correctable(breach: Breach) -> None:
    """What stands is found corrected, once."""
    if not breach.stands:
        raise NoBreachStands(article=ARTICLE)
    if breach.corrected_at is not None:
        raise BreachCorrected()


def must_be_proposable(proposed: Proposed, standing: Collection[UUID]) -> None:
    """For breaches that stand at this mine, each once; else BadInput, NoBreachStands."""
    must_have_words(proposed.words)
    if not 1 <= len(set(proposed.breaches)) == len(proposed.breaches) <= MOST_BREACHES:
        raise BadInput(field="breaches", reason=f"1-{MOST_BREACHES}, no one twice")
    if not set(proposed.breaches) <= set(standing):
        raise NoBreachStands(article=ARTICLE)


def must_be_open(consequence: BreachConsequence, *, decider: UUID) -> None:
    """Decided once, by another than whoever proposed it."""
    if consequence.decided_at is not None:
        raise BreachConsequenceDecided()
    must_be_two(consequence.proposed_by, decider)


def must_be_two(first: UUID, second: UUID) -> None:
    """Two people."""
    if first == second:
        raise BreachTakesTwo(article=ARTICLE)


def state_of(breach: Breach) -> BreachState:
    """Where it is, by what is filled."""
    if breach.corrected_at is not None:
        return BreachState.CORRECTED
    if breach.stands is not None:
        return BreachState.STANDS if breach.stands else BreachState.WITHDRAWN
    return BreachState.FOUND if breach.answered_at is None else BreachState.ANSWERED


def clock_of(law: Law, key: str, start: date) -> Deadline | None:
    """A clock from the day on which it begins; None while a year is not published that decides its end."""
    try:
        return deadline_of(law, key, start)
    except YearNotPublished:
        return None
