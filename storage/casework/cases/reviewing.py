"""What a legal review looks at besides the file: where its notes are bound, what changed since the last one; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.deciding import ReviewNote, ReviewPassed, ReviewReturned, ReviewSubmitted
from storage.casework.cases.bodies.facts import Recorded, RecordingMedium
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.steps import Body, Sanction, Step


@dataclass(frozen=True, slots=True)
class Changes:
    """What came to the file since a party's draft was last submitted: all steps of the case or about the party.

    `now` is the submission that waits for an answer, None while none does; `answered` what became of the one before.
    """

    before: Step[ReviewSubmitted]
    answered: AnyStep | None
    now: Step[ReviewSubmitted] | None
    steps: tuple[AnyStep, ...]

    @property
    def sanctions(self) -> tuple[tuple[Sanction, ...], tuple[Sanction, ...] | None]:
        """The penalty of the draft then, and now."""
        return self.before.body.sanctions, self.now.body.sanctions if self.now is not None else None


def changes_of(history: History, party: UUID) -> Changes | None:
    """What changed for a party since the last submission that was looked at; None before there was one."""
    since = history.round_of(party)
    submitted = since.of(ReviewSubmitted, party=party)
    answers = {one.body.submitted: one for one in since.of(ReviewReturned, ReviewPassed, party=party)}
    answered = [one for one in submitted if one.id in answers]
    if not answered:
        return None
    before = answered[-1]
    waiting = submitted[-1] if submitted[-1].id not in answers else None
    until = since.place(waiting) if waiting is not None else len(since.steps)
    own = (None, party)
    steps = tuple(
        one for one in since.steps[since.place(before) + 1 : until]
        if one.party in own and one.id != answers[before.id].id
    )  # fmt: skip
    return Changes(before=before, answered=answers[before.id], now=waiting, steps=steps)


def without_transcript(history: History) -> Iterator[tuple[AnyStep, UUID]]:
    """Sound that records a step and that nobody wrote down: the step and the piece."""
    sound = [one for one in history.of(Recorded) if one.body.medium is RecordingMedium.SOUND]
    written = {piece for one in sound if one.body.transcript.strip() for piece in one.body.evidence}
    for one in sound:
        yield from ((one, piece) for piece in one.body.evidence if piece not in written)


def notes_of(body: Body) -> tuple[ReviewNote, ...]:
    """The notes of a review's answer."""
    return body.remarks if isinstance(body, ReviewReturned | ReviewPassed) else ()


def must_be_bound(notes: tuple[ReviewNote, ...], papers: frozenset[UUID], pieces: Mapping[UUID, int | None]) -> None:
    """处罚法58: a note is bound to a page of a paper of the case, or to a second of a film or sound of it.

    `pieces` tells of those that are of the case how long they last, in milliseconds, where that was read.
    """
    for one in notes:
        if one.paper is not None and one.paper not in papers:
            raise unlawful(problems.NoteElsewhere, named=str(one.paper))
        if one.piece is None:
            continue
        if one.piece not in pieces:
            raise unlawful(problems.NoteElsewhere, named=str(one.piece))
        length = pieces[one.piece]
        if length is not None and one.second is not None and one.second * 1000 > length:
            raise unlawful(problems.NoteBehindTheEnd, second=one.second, last=length // 1000)


def must_be_placed(notes: tuple[ReviewNote, ...]) -> None:
    """Each note says something, at a page of a paper or at a second of a piece, and not at both."""
    for one in notes:
        at_a_page = one.paper is not None and one.page is not None and one.page >= 1
        at_a_second = one.piece is not None and one.second is not None and one.second >= 0
        other = (one.piece, one.second) if at_a_page else (one.paper, one.page)
        if at_a_page is at_a_second or other != (None, None) or not one.words.strip():
            raise unlawful(problems.NoteNotBound)
