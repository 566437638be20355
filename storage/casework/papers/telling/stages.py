"""What one step of a case tells the paper that stands for it; pure."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from storage.casework.cases.bodies import after, deciding, facts, notice, transfer
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot, ReviewSubmitted
from storage.casework.cases.bodies.notice import DefenceExamined, DefenceReceived, DiscretionSuggested, NoticeServed
from storage.casework.cases.drafts import weighed
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.rulings import owed, served_at, standing_fine
from storage.casework.cases.steps import Body, Conduct, Delivery, SanctionKind
from storage.casework.cases.weighing import broken_by, conducts_for
from storage.casework.papers.telling import Around, Told, things
from storage.casework.papers.telling.words import (
    clauses,
    closed,
    day,
    day_in_words,
    listed,
    moment,
    moment_in_words,
    money,
    sanctions,
    sanctions_in_a_line,
)
from storage.record.clock import day_of
from storage.record.glossary import paper_words as words
from storage.record.glossary.labels import LABELS
from storage.record.law import YearNotPublished, deadline_of
from storage.record.law.discretion import Circumstance


def of_step(step: AnyStep, history: History, around: Around) -> Told:
    """What the step says, and the notice and the decision that it is about."""
    told = {**_notice(step, history), **_draft(step, history)}
    decision = _decision(step, history)
    if decision is not None:
        told |= _of_decision(decision, history, around)
        told |= _of_money(decision, step, history, around)
    if isinstance(getattr(step.body, "delivery", None), Delivery):
        told |= _service(step, history, around)
    teller = _TELLERS.get(type(step.body))
    return told | (teller(step, history, around) if teller else {})


def content_of(step: AnyStep) -> str:
    """What a decision orders, in one line: a penalty, or why there is none."""
    body = step.body
    if isinstance(body, Decided) and not body.sanctions:
        return words.NO_PENALTY.format(ground=LABELS["DecisionOutcome"][body.outcome.value][0])
    return sanctions_in_a_line(body.sanctions) if isinstance(body, Decided | DecidedOnTheSpot) else ""


def _conducts(body: Body, history: History) -> list[Conduct]:
    """The conducts that a body names; those of a decision on the spot stand in it."""
    named: Iterable[Any] = getattr(body, "conducts", ())
    return [one if isinstance(one, Conduct) else history.conducts[one] for one in named]


def _notice(step: AnyStep, history: History) -> Told:
    """The notice, or the last one that the party was given up to this step."""
    before = history.steps[: history.place(step) + 1]
    found = [one for one in before if isinstance(one.body, NoticeServed) and one.party == step.party]
    if not found:
        return {}
    said = found[-1].body
    return {
        "notice.facts": said.facts, "notice.grounds": said.grounds, "notice.sanctions": sanctions(said.sanctions),
        "notice.clauses": clauses(_conducts(said, history)),
    }  # fmt: skip


def _draft(step: AnyStep, history: History) -> Told:
    """What is intended for the party: as it was submitted to review, else as it was told; and what it said to that."""
    submitted = step if isinstance(step.body, ReviewSubmitted) else history.last(ReviewSubmitted, party=step.party)
    said = submitted or history.last(NoticeServed, party=step.party)
    suggested = [_range(one.body, history) for one in history.of(DiscretionSuggested, party=step.party)[-1:]]
    intended = [_intended(sanctions(said.body.sanctions))] if said is not None else []
    return {
        "draft.sanctions": "\n".join(one for one in (*intended, *suggested) if one),
        "defence.all": listed(_defences(step, history)),
    }  # fmt: skip


def _range(said: DiscretionSuggested, history: History) -> str:
    """处罚法34: the tier of the standard, what opened it, and why; where the standard is left, why that.

    A promise that was broken is named: it weighs by 实施意见三（六）2, and whoever is fined is to know which.
    """
    broken = broken_by(conducts_for(said.conduct, history), history)
    shown = [words.PROMISE.format(year=one.year, clause=one.title) for one in dict.fromkeys(broken)]
    stated = [one for one in said.circumstances if one is not Circumstance.PROMISE_BROKEN or not broken]
    shown += [LABELS["Circumstance"][one.value][0] for one in stated]
    why = "；".join(one for one in ("、".join(shown), said.reason) if one)
    return words.RANGE.format(
        standard=said.standard, ground=LABELS["DiscretionGround"][said.ground.value][0],
        reason=why + (words.DEPARTED.format(why=said.departure) if said.departure else ""),
    )  # fmt: skip


def _intended(said: str) -> str:
    """One in a line with its heading, several below it."""
    return words.INTENDED.format(sanctions=f"\n{said}" if "\n" in said else said) if said else ""


def _defences(step: AnyStep, history: History) -> Iterable[str]:
    for one in history.of(DefenceReceived, party=step.party):
        answers = [known.body for known in history.of(DefenceExamined) if known.body.defence == one.id]
        told = [
            words.DEFENCE_ANSWER.format(
                taken=words.ACCEPTED if known.accepted else words.NOT_ACCEPTED, answer=known.answer
            )
            for known in answers
        ]  # fmt: skip
        yield "".join((closed(one.body.words) if told else one.body.words, *told))


def _decision(step: AnyStep, history: History) -> AnyStep | None:
    if isinstance(step.body, Decided | DecidedOnTheSpot):
        return step
    about: UUID | None = getattr(step.body, "decision", None)
    return history.by_id.get(about) if about is not None else None


def _of_decision(decision: AnyStep, history: History, around: Around) -> Told:
    said = decision.body
    content = sanctions(said.sanctions) or f"{content_of(decision)}。"
    ordered = "\n".join((content, *_why_so(decision, history)))
    heard = listed(_defences(decision, _before(decision, history)))
    number = said.number if isinstance(said, DecidedOnTheSpot) else around.number_of(decision.id)
    return {
        "decision.facts": f"{said.facts}\n{words.HEARD.format(defences=heard)}" if heard else said.facts,
        "decision.grounds": said.grounds, "decision.pay_to": getattr(said, "pay_to", ""),
        "decision.clauses": clauses(_conducts(said, history)), "decision.day": day(decision.at),
        "decision.content": ordered,
        "decision.ordered": "\n".join(one for one in (ordered, _payment(decision, around)) if one),
        "decision.told": "\n".join(one for one in (said.facts, content) if one), "decision.number": number,
    }  # fmt: skip


def _why_so(decision: AnyStep, history: History) -> Iterable[str]:
    """处罚法34, 59: why each fine is as large as it is, and why the decision leaves what was weighed."""
    before = _before(decision, history)
    for fine in decision.body.sanctions:
        body = weighed(fine, decision.party, before) if fine.kind is SanctionKind.FINE and decision.party else None
        if body is not None:
            yield _range(body, before)
    if departure := getattr(decision.body, "departure", ""):
        yield words.DEPARTURE.format(reason=departure)


def _before(step: AnyStep, history: History) -> History:
    return History(history.steps[: history.place(step) + 1])


def _payment(decision: AnyStep, around: Around) -> str:
    """处罚法59, 67, 72: how and until when a fine is paid, and what grows from then on."""
    if not any(one.kind is SanctionKind.FINE for one in decision.body.sanctions):
        return ""
    on = day_of(decision.at)
    days, percent = around.law.number("payment", on), around.law.number("surcharge", on)
    return words.PAYMENT.format(days=days, percent=percent)


def _of_money(decision: AnyStep, step: AnyStep, history: History, around: Around) -> Told:
    """Sums and days of payment as they stood when the step was taken."""
    upto = _before(step, history)
    fine, served = standing_fine(decision, upto), served_at(decision, upto)
    told: Told = {"decision.fine": money(fine), "decision.fine_capitals": money(fine)}
    if not fine or served is None:
        return told
    told["decision.served"] = day(served)
    with suppress(YearNotPublished):  # Nobody guesses a day of payment.
        now = owed(decision, upto, around.law, day_of(step.at))
        told["decision.pay_by"] = now.due.isoformat()
        told |= {"decision.surcharge": money(now.surcharge), "decision.owed": money(now.left + now.surcharge)}
    return told


def _service(step: AnyStep, history: History, around: Around) -> Told:
    """送达回证: what was delivered, how, to whom, when, by which officers."""
    said: Delivery = step.body.delivery
    about = step.body.decision if isinstance(step.body, deciding.Served) else step.id
    papers = [one for one in around.issued if one.step == about and one.form != words.RECEIPT]
    kinds = LABELS["StepKind"]
    what = "、".join(f"{one.form} {one.number}".strip() for one in papers)
    address = history.last(deciding.ServiceConfirmed, party=step.party)
    names = [around.names.get(one.account, "") for one in step.officers[:2]]
    parts = [
        words.SERVICE_RECEIVER.format(receiver=said.receiver) if said.receiver else "",
        words.SERVICE_WITNESS.format(witness=said.witness) if said.witness else "",
        words.SERVICE_FILMED if said.filmed else "",
        words.SERVICE_PUBLISHED.format(day=day_in_words(said.published_on)) if said.published_on else "",
        words.SERVICE_REASON.format(reason=said.reason) if said.reason else "",
    ]
    note = words.SERVICE.format(way=LABELS["ServiceWay"][said.way.value][0], proof=said.proof)
    where = address.body.address if address else ""
    return {
        "service.rows": [[what or kinds[history.by_id[about].kind.value][0], "", where,
                          day_in_words(day_of(step.at)), *[*names, "", ""][:2]]],
        "service.note": "；".join(one for one in (note, *parts) if one) + "。",
    }  # fmt: skip


def _statement(step: AnyStep, history: History, around: Around) -> Told:
    return {"statement.of": step.body.of, "statement.at": moment(step.at)}


def _defence(step: AnyStep, history: History, around: Around) -> Told:
    return {"defence.words": step.body.words, "defence.at": moment(step.at)}


def _hearing(step: AnyStep, history: History, around: Around) -> Told:
    held = step.body if isinstance(step.body, notice.HearingHeld) else None
    told = history.by_id[held.notified].body if held else step.body
    found: Told = {
        "hearing.at": moment(told.hearing_at), "hearing.place": told.place,
        "hearing.chair": around.names.get(told.chair, ""),
    }  # fmt: skip
    if held is None:
        return found
    signed = words.RECORD_SIGNED if held.record_signed else words.RECORD_NOT_SIGNED.format(refusal=held.refusal)
    return found | {
        "hearing.ended": moment(step.at),
        "hearing.told": words.HEARING_RECORD.format(
            at=moment_in_words(told.hearing_at), place=told.place, agents=held.agents, signed=signed,
            came=words.CAME if held.came else words.STAYED_AWAY,
        ),
    }  # fmt: skip


def _deliberation(step: AnyStep, history: History, around: Around) -> Told:
    heads = [around.names.get(one, "") for one in step.body.heads]
    return {
        "deliberation.heads": "、".join(heads) if all(heads) else "", "deliberation.opinion": step.body.opinion,
        "deliberation.at": moment(step.at),
    }  # fmt: skip


def _surcharge(step: AnyStep, history: History, around: Around) -> Told:
    return {"surcharge.sum": money(step.body.sum)}


def _urge(step: AnyStep, history: History, around: Around) -> Told:
    until = ""
    with suppress(YearNotPublished):
        until = deadline_of(around.law, "demand", step.at).ends.isoformat()
    fined = standing_fine(history.by_id[step.body.decision], history)
    return {"urge.until": until, "decision.demand": words.DEMANDS[0 if fined else 1]}


def _instalments(step: AnyStep, history: History, around: Around) -> Told:
    parts = step.body.parts
    one = len(parts) == 1
    total = sum(part.sum for part in parts)
    return {
        "instalments.reason": step.body.reason, "instalments.choice": words.PUT_OFF[0 if one else 1],
        "instalments.last": max(part.due_on for part in parts).isoformat() if parts else "",
        "instalments.count": "" if one else str(len(parts)), "instalments.left": money(total),
        "instalments.parts": "" if one else "；".join(
            words.PART.format(ordinal=at, day=day_in_words(part.due_on), sum=money(part.sum))
            for at, part in enumerate(parts, 1)
        ),
        "instalments.sum": money(parts[0].sum) if parts else "",
    }  # fmt: skip


def _court(step: AnyStep, history: History, around: Around) -> Told:
    return {"court.name": step.body.court}


def _transfer(step: AnyStep, history: History, around: Around) -> Told:
    started, report = history.last(transfer.TransferStarted), history.last(transfer.TransferReported)
    decided, drawn = history.last(transfer.TransferDecided), history.last(transfer.TransferDrawnUp)
    handed = history.last(transfer.TransferHandedOver)
    return {
        "transfer.facts": started.body.facts if started else "",
        "transfer.crime": started.body.crime if started else "",
        "transfer.report": report.body.report if report else "",
        "transfer.reason": decided.body.reason if decided else "",
        "transfer.papers": drawn.body.papers if drawn else "",
        "transfer.police": handed.body.police if handed else "",
    }


def _archive(step: AnyStep, history: History, around: Around) -> Told:
    return {"archive.day": day(step.at), "archive.term": LABELS["Term"][step.body.term.value][0]}


_TELLERS: dict[type, Callable[[AnyStep, History, Around], Told]] = {
    facts.StatementTaken: _statement,
    notice.DefenceReceived: _defence,
    notice.HearingNotified: _hearing,
    notice.HearingHeld: _hearing,
    deciding.Deliberated: _deliberation,
    after.SurchargeOrdered: _surcharge,
    after.Urged: _urge,
    after.InstalmentsGranted: _instalments,
    after.CourtAsked: _court,
    after.Archived: _archive,
    transfer.TransferReported: _transfer,
    transfer.TransferDecided: _transfer,
    transfer.TransferDrawnUp: _transfer,
    transfer.TransferHandedOver: _transfer,
    **things.TELLERS,
}
