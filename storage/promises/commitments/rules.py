"""What a mine may say of the clauses that it promises, and how they stand by it: pure rules (实施意见三（六）1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from storage.promises.commitments.tables import AnswerOutcome, ClauseAnswer, ClauseStanding
from storage.promises.keys.rules import ChallengeUsed
from storage.promises.templates.rules import Clause, Promised, clause_of, digest_of, told_of
from storage.record.clock import to_ms
from storage.record.ledger.proofs.commitments.documents import LIMIT, Commitment, CommitmentOverlong
from storage.record.problems import BadInput, Problem, TryAgain, constraint_means
from storage.record.visible import must_be_visible

LONGEST_WORDS = 1_000
MOST_EVIDENCE = 50
MOST_ANSWERS = 100


class ClauseNotPromised(Problem):
    """The mine promises no clause of that key in that year (parameter: clause)."""


class EvidenceNotSealed(Problem):
    """A piece that an answer names is no sealed piece of this mine that the actor sees (parameter: evidence)."""


class AnswersOpen(Problem):
    """The self-evaluation is not complete: nothing is said of these clauses as they read today.

    Parameters: clauses, titles, titles_en.
    """


class CommitmentTooLong(Problem):
    """Clauses and answers together are longer than a commitment may be (parameter: most)."""


class PreviewStale(Problem):
    """What was laid is no longer what would be laid now: clauses, answers, names or material facts have changed."""


class AlreadySigned(Problem):
    """A commitment of this mine and year was signed since this one was laid."""


class AlreadySealed(Problem):
    """The company's seal stands beside this commitment already."""


class CommitmentOver(Problem):
    """The commitment no longer stands (parameter: cause)."""


constraint_means("uq_commitments_first", AlreadySigned)
constraint_means("uq_commitments_supersedes", AlreadySigned)
constraint_means("uq_commitments_preview_id", ChallengeUsed)
constraint_means("pk_commitment_seals", AlreadySealed)
constraint_means("pk_commitment_stamps", TryAgain)
constraint_means("pk_commitment_endings", TryAgain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is said of one clause: `by_day` and `measure` only of NOT_YET."""

    key: str
    outcome: AnswerOutcome
    by_day: date | None = None
    measure: str | None = None
    words: str = ""
    evidence: tuple[UUID, ...] = ()


def must_be_answers(given: Sequence[Given], *, year: int, today: date) -> None:
    """Each clause once; NOT_YET with a day of the year and a measure, NOT_MET with a reason; else BadInput."""
    _must(1 <= len(given) <= MOST_ANSWERS, "answers", f"1-{MOST_ANSWERS}")
    _must(len({one.key for one in given}) == len(given), "key", "no one twice")
    for one in given:
        _answer(one, year=year, today=today)


def must_be_promised(given: Sequence[Given], promised: Mapping[str, Promised]) -> None:
    """Only what the mine promises is answered."""
    for one in given:
        if one.key not in promised:
            raise ClauseNotPromised(clause=one.key)


def must_be_sealed(pieces: Sequence[UUID], sealed: Collection[UUID]) -> None:
    """Evidence is what the record keeps, sealed, of this mine and in the actor's sight."""
    for piece in pieces:
        if piece not in sealed:
            raise EvidenceNotSealed(evidence=str(piece))


def standing_of(answer: ClauseAnswer | None, clause: Clause, today: date) -> ClauseStanding:
    """How a clause stands. What was said of another wording says nothing of this one.

    Not met, by this day, with this measure, is no breach until the day after.
    """
    if answer is None or answer.clause_digest != digest_of(clause):
        return ClauseStanding.OPEN
    if answer.by_day is not None and answer.by_day < today:
        return ClauseStanding.DAY_PASSED
    return ClauseStanding(answer.outcome)


def must_be_complete(promised: Sequence[Promised], answers: Mapping[str, ClauseAnswer], today: date) -> None:
    """Every clause is answered as it reads today: nobody signs what was left open."""
    open_ = [
        one.clause for one in promised
        if standing_of(answers.get(one.clause.key), one.clause, today) is ClauseStanding.OPEN
    ]  # fmt: skip
    if open_:
        raise AnswersOpen(
            clauses=", ".join(one.key for one in open_), titles="、".join(one.title.zh for one in open_),
            titles_en="; ".join(one.title.en for one in open_),
        )  # fmt: skip


def laid(
    promised: Sequence[Promised],
    answers: Mapping[str, ClauseAnswer],
    *,
    mine: tuple[UUID, str],
    principal: tuple[UUID, str],
    year: int,
    template: tuple[UUID, int],
    nonce: bytes,
    supersedes: bytes | None = None,
) -> bytes:
    """The bytes that a principal is to sign: each clause as it holds for the mine, and what the mine said of it.

    The same parts are the same bytes, whoever lays them. Raises CommitmentTooLong.
    """
    clauses = [{**told_of(one.clause), "own": one.own} for one in promised]
    said = [_told(answers[one.clause.key]) for one in promised]
    commitment = Commitment(
        mine=str(mine[0]), mine_name=mine[1], principal=str(principal[0]), principal_name=principal[1], year=year,
        template=str(template[0]), version=template[1], clauses=clauses, answers=said, nonce=nonce,
        supersedes=supersedes.hex() if supersedes else None,
    )  # fmt: skip
    try:
        return commitment.encode()
    except CommitmentOverlong as error:
        raise CommitmentTooLong(most=LIMIT) from error


def clause_signed(said: Mapping[str, Any]) -> Clause:
    """A clause as it stands in a commitment, which says besides whether it is the mine's own."""
    return clause_of({name: value for name, value in said.items() if name != "own"})


def must_be_as_laid(content: bytes, again: bytes | None, *, disasters: Sequence[str], now: Sequence[str]) -> None:
    """What was laid would be laid again, byte for byte, and of the mine the register holds what it held then."""
    if content != again or sorted(disasters) != sorted(now):
        raise PreviewStale()


def must_follow(supersedes: bytes | None, last: bytes | None) -> None:
    """It supersedes the last commitment that was signed for the mine and year, or is the first."""
    if supersedes != last:
        raise AlreadySigned()


def _told(answer: ClauseAnswer) -> dict[str, Any]:
    said = {
        "key": answer.key, "outcome": str(answer.outcome), "words": answer.words, "measure": answer.measure,
        "by_day": answer.by_day and answer.by_day.isoformat(), "evidence": [str(one) for one in answer.evidence],
        "answered_at": to_ms(answer.answered_at),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _answer(one: Given, *, year: int, today: date) -> None:
    not_yet = one.outcome is AnswerOutcome.NOT_YET
    _must((one.by_day is not None) is not_yet, "byDay", one.outcome.value)
    _must((one.measure is not None) is not_yet, "measure", one.outcome.value)
    if one.by_day is not None:
        _must(today <= one.by_day <= date(year, 12, 31), "byDay", f"{today} – {year}-12-31")
    for field, words in (("measure", one.measure), ("words", one.words)):
        _must(len(words or "") <= LONGEST_WORDS, field, f"<= {LONGEST_WORDS}")
        must_be_visible(words or "", field)
    _must(one.measure is None or bool(one.measure.strip()), "measure", f"1-{LONGEST_WORDS}")
    _must(one.outcome is not AnswerOutcome.NOT_MET or bool(one.words.strip()), "words", f"1-{LONGEST_WORDS}")
    _must(len(set(one.evidence)) == len(one.evidence) <= MOST_EVIDENCE, "evidence", f"<= {MOST_EVIDENCE}, no one twice")


def _must(sound: bool, field: str, reason: str) -> None:
    if not sound:
        raise BadInput(field=field, reason=reason)
