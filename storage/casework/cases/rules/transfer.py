"""What the law says of handing a crime to the police in six steps, and of passing matters on (移送规定5–12)."""

from datetime import datetime

from storage.casework.cases import problems
from storage.casework.cases.bodies.transfer import (
    PassedOn,
    PassedOnReceived,
    TransferAnswered,
    TransferDecided,
    TransferDrawnUp,
    TransferEvidenceKept,
    TransferGoodsHandedOver,
    TransferHandedOver,
    TransferObjected,
    TransferReported,
    TransferStarted,
)
from storage.casework.cases.defects import distinct
from storage.casework.cases.drafts import transfer_runs
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.problems import unlawful
from storage.casework.cases.rules.officers import must_act_together, must_follow, must_state
from storage.casework.cases.steps import Step
from storage.record.clock import day_of
from storage.record.law import Law

# Each step of the transfer answers the one before it; late ones are taken, since a crime is handed over all the same.
_ORDER: dict[type, type] = {
    TransferEvidenceKept: TransferStarted,
    TransferReported: TransferEvidenceKept,
    TransferDecided: TransferReported,
    TransferDrawnUp: TransferDecided,
    TransferHandedOver: TransferDrawnUp,
    TransferAnswered: TransferHandedOver,
    TransferObjected: TransferAnswered,
    TransferGoodsHandedOver: TransferAnswered,
}


def transfer_started(step: Step[TransferStarted], history: History, law: Law, now: datetime) -> None:
    """处罚法27."""
    must_state(crime=step.body.crime, facts=step.body.facts)
    if transfer_runs(history):
        raise unlawful(problems.TransferTwice)


def transfer_step(
    step: Step[TransferEvidenceKept | TransferDrawnUp | TransferHandedOver | TransferAnswered],
    history: History,
    law: Law,
    now: datetime,
) -> None:
    """移送规定5, 6: in its order, once in each transfer."""
    must_follow(step, _must_be_next(step, history))


def transfer_reported(step: Step[TransferReported], history: History, law: Law, now: datetime) -> None:
    """移送规定5: in writing, by two officers or more."""
    must_follow(step, _must_be_next(step, history))
    must_state(report=step.body.report)
    needed = law.number("officers_reporting_crime", day_of(step.at))
    if len(distinct(step.officers)) < needed:
        raise unlawful(problems.OfficersTooFew, officers=len(distinct(step.officers)), needed=needed)
    must_act_together(step.officers, history, law, step.at)


def transfer_decided(step: Step[TransferDecided], history: History, law: Law, now: datetime) -> None:
    """移送规定5: by the head; a refusal has its reasons on file."""
    _must_be_next(step, history)
    must_state(reason=step.body.reason)


def transfer_objected(step: Step[TransferObjected], history: History, law: Law, now: datetime) -> None:
    """移送规定9: when the police open no case."""
    if _answer(step, history).body.opened:
        raise unlawful(problems.TransferOutOfOrder, first=TransferAnswered.kind.value)


def transfer_goods_handed_over(step: Step[TransferGoodsHandedOver], history: History, law: Law, now: datetime) -> None:
    """移送规定12: when they open one."""
    must_state(receipt=step.body.receipt)
    if not _answer(step, history).body.opened:
        raise unlawful(problems.TransferOutOfOrder, first=TransferAnswered.kind.value)


def passed_on(step: Step[PassedOn], history: History, law: Law, now: datetime) -> None:
    """处罚法27; 安法69; 实施意见三(十)."""
    must_state(to=step.body.to, matter=step.body.matter)


def passed_on_received(step: Step[PassedOnReceived], history: History, law: Law, now: datetime) -> None:
    """The receipt is a fact."""
    history.named(step.body.passed, PassedOn)


def _must_be_next(step: AnyStep, history: History) -> AnyStep:
    """The step that this one answers, when it is there since the transfer began and was not answered yet."""
    started = history.last(TransferStarted)
    current = history.steps[history.place(started) :] if started else ()
    before = [one for one in current if isinstance(one.body, _ORDER[type(step.body)])]
    if not before or (isinstance(before[-1].body, TransferDecided) and not before[-1].body.approved):
        raise unlawful(problems.TransferOutOfOrder, first=_ORDER[type(step.body)].kind.value)  # type: ignore[attr-defined]  # Every body has its kind.
    again = isinstance(step.body, TransferAnswered)  # The police may answer again, after an objection.
    if not again and any(type(one.body) is type(step.body) for one in current):
        raise unlawful(problems.TransferTwice)
    return before[-1]


def _answer(step: AnyStep, history: History) -> Step[TransferAnswered]:
    answer = history.last(TransferAnswered)
    if answer is None:
        raise unlawful(problems.TransferOutOfOrder, first=TransferAnswered.kind.value)
    must_follow(step, answer)
    return answer
