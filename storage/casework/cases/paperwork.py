"""What the law wants on paper before a case goes on: issued papers (文书) held against its steps; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import Archived, Closed, Executed, OutcomeReceived, Paid
from storage.casework.cases.bodies.deciding import Decided, Deliberated, Served
from storage.casework.cases.bodies.notice import HearingHeld
from storage.casework.cases.history import AnyStep, History, OnPaper
from storage.casework.cases.problems import unlawful
from storage.casework.cases.steps import Step, StepKind
from storage.record.problems import Problem

DECISION, HEARING_RECORD, DISCUSSION, CLOSING, CONTENTS, COVER = (
    "行政处罚决定书", "听证笔录", "行政处罚集体讨论记录", "结案审批表", "卷内目录", "案卷（首页）",
)  # fmt: skip
APPROVER = "审批人"
"""The place at which the head signs that he approves."""
_EACH_HAS: dict[StepKind, str] = {
    StepKind.PROPOSED: "立案审批表",
    StepKind.STATEMENT_TAKEN: "询问笔录",
    StepKind.NOTICE_SERVED: "行政处罚告知书",
    StepKind.HEARING_OFFERED: "行政处罚听证告知书",
    StepKind.HEARING_NOTIFIED: "行政处罚听证会通知书",
    StepKind.HEARING_HELD: HEARING_RECORD,
    StepKind.DELIBERATED: DISCUSSION,
    StepKind.DECIDED: DECISION,
    StepKind.DECIDED_ON_THE_SPOT: "行政（当场）处罚决定书",
    StepKind.SERVED: "文书送达回执",
}
"""The beginning of the name of the form that a file has of each such step (处罚法44, 52, 54, 55, 57, 59, 61, 63–65)."""
_REPORTED = (Decided, Paid, Executed, OutcomeReceived)
"""What the head knows of when he lets a case be closed."""


@dataclass(frozen=True, slots=True)
class NotOnPaper:
    """A step of which the file has no paper, and the form that it lacks."""

    step: AnyStep
    form: str


def must_be_named_truly(named: Sequence[UUID], history: History) -> None:
    """处罚法47: the papers that a step rests on were issued about this case."""
    for one in named:
        if one not in {paper.id for paper in history.papers or ()}:
            raise unlawful(problems.PaperNotOfCase, paper=str(one))


def must_be_served_on_paper(step: Step[Served], history: History) -> None:
    """处罚法59: what is served is the decision on paper, with its number, its stamp and the remedies."""
    if history.papers is not None and not _papers_of(step.body.decision, DECISION, history):
        raise unlawful(problems.DecisionNotOnPaper)


def hearing_without_record(party: UUID, history: History) -> Step[HearingHeld] | None:
    """处罚法65: after a hearing it is decided by its record; the last one of this round that has none."""
    held = history.last(HearingHeld, party=party)
    if history.papers is None or held is None or not held.body.came or _papers_of(held.id, HEARING_RECORD, history):
        return None
    return held


def record_lacks(step: Step[Deliberated], history: History) -> Iterator[Problem]:
    """处罚法57: what the heads agreed on together is on one paper that each of them signed, with or without a word of
    his own, or that says why he did not.
    """
    written = _papers_of(step.id, DISCUSSION, history)
    if history.papers is None or any(set(step.body.heads) <= one.heads for one in written):
        return
    if not written:
        yield unlawful(problems.DeliberationNotOnPaper, step=str(step.id))
        return
    nearest = max(written, key=lambda one: len(one.heads))
    for head in dict.fromkeys(step.body.heads):
        if head not in nearest.heads:
            yield unlawful(problems.DeliberationNotSigned, step=str(step.id), account=str(head))


def heads_on(heads: Mapping[UUID, str], *, accounts: Iterable[UUID], names: Iterable[str]) -> frozenset[UUID]:
    """Which of these heads a paper shows: by his own account, else by his name where it was signed in ink or refused,
    each of which stands for one of that name.
    """
    shown, left = heads.keys() & set(accounts), Counter(names)
    for head, name in heads.items():
        if head not in shown and left[name]:
            left[name] -= 1
            shown.add(head)
    return frozenset(shown)


def must_be_approved_on_paper(step: Step[Closed], history: History) -> None:
    """处罚法47: the head approved the closing on paper, knowing all that was decided, paid and carried out."""
    if history.papers is None:
        return
    must_be_named_truly(step.body.papers, history)
    known = [one for one in history.papers if one.id in step.body.papers and one.form == CLOSING]
    last = max((one.at for one in history.of(*_REPORTED)), default=None)
    if not history.simple and not any(APPROVER in one.signed and _knows(one, last) for one in known):
        raise unlawful(problems.ClosingNotOnPaper)


def must_be_whole(step: Step[Archived], history: History) -> None:
    """处罚法47; 档案法13: each step of the file has its paper, and the list of contents knows them all."""
    if history.papers is None:
        return
    must_be_named_truly(step.body.papers, history)
    for lacks in without_paper(history):
        raise unlawful(problems.FileNotWhole, step=str(lacks.step.id), form=lacks.form)
    lists = [one.issued_at for one in history.papers if one.id in step.body.papers and one.form == CONTENTS]
    others = [one.issued_at for one in history.papers if one.form not in (CONTENTS, COVER)]
    if not lists or max(others, default=max(lists)) > max(lists):
        raise unlawful(problems.ContentsNotWhole)


def without_paper(history: History) -> Iterator[NotOnPaper]:
    """The steps of the file that the law wants on paper and that are not, oldest first."""
    for step in history:
        form = _EACH_HAS.get(step.kind, "")
        stayed_away = isinstance(step.body, HearingHeld) and not step.body.came
        if form and not stayed_away and not _papers_of(step.id, form, history):
            yield NotOnPaper(step, form)


def _papers_of(step: UUID, form: str, history: History) -> list[OnPaper]:
    return [one for one in history.papers or () if one.step == step and one.form.startswith(form)]


def _knows(paper: OnPaper, last: datetime | None) -> bool:
    return last is None or paper.issued_at >= last
