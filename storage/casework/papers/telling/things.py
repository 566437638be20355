"""What the steps about things and corrections tell a paper: what is kept, seized, released, to be corrected; pure."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from storage.casework.cases.bodies import facts
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.holding import end_of_seizure
from storage.casework.papers.telling import Around, Told
from storage.casework.papers.telling.words import conducts, day, day_in_words, listed
from storage.record.clock import day_of
from storage.record.glossary.paper_words import CORRECTED, KEEP_REASON, REFUSED, UNCORRECTED
from storage.record.law import YearNotPublished, deadline_of


def _kept(step: AnyStep, history: History, around: Around) -> Told:
    kept = history.by_id[step.body.kept] if isinstance(step.body, facts.KeepingDecided) else step
    told: Told = {
        "kept.items": listed(kept.body.items), "kept.day": day(kept.at), "kept.reason": KEEP_REASON,
        "kept.rows": [[one, "", "", "", "", "", "", ""] for one in kept.body.items],
        "kept.number": around.number_of(kept.id, "先行登记保存证据通知书"),
        "kept.outcome": getattr(step.body, "outcome", ""),
    }  # fmt: skip
    with suppress(YearNotPublished):  # Nobody guesses a day.
        told["kept.decided_by"] = deadline_of(around.law, "registered_evidence_decision", kept.at).ends.isoformat()
    return told


def _seizure(step: AnyStep, history: History, around: Around) -> Told:
    seized: Any = step if isinstance(step.body, facts.Seized) else history.by_id[step.body.seized]
    items = seized.body.items
    told: Told = {
        "seizure.items": listed(items), "seizure.day": day(seized.at),
        "seizure.rows": [[str(at), one, "", "", "", ""] for at, one in enumerate(items, 1)],
        "seizure.tested": [[one, "", "", ""] for one in items],
        "seizure.number": around.number_of(seized.id, "查封扣押决定书"),
    }  # fmt: skip
    upto = History(history.steps[: history.place(step) + 1])
    with suppress(YearNotPublished):
        last = end_of_seizure(seized, upto, around.law).ends
        told |= {"seizure.until": last.isoformat(), "seizure.until_told": day_in_words(last)}
    if isinstance(step.body, facts.SeizureExtended):
        told["seizure.reason"] = step.body.reason
    if isinstance(step.body, facts.Released):
        told["seizure.outcome"] = step.body.outcome
    if isinstance(step.body, facts.SentForTest):
        told["test.last"] = step.body.last.isoformat()
    return told


def _correction(step: AnyStep, history: History, around: Around) -> Told:
    ordered: Any = step if isinstance(step.body, facts.CorrectionOrdered) else history.by_id[step.body.ordered]
    what = ordered.body
    known = [one for one in history.conducts.values() if what.finding is None or one.finding in (None, what.finding)]
    told: Told = {
        "correction.what": what.what, "correction.term": day_in_words(what.due_on), "correction.day": day(ordered.at),
        "correction.conducts": conducts(known), "correction.number": around.number_of(ordered.id, "责令限期整改指令书"),
    }  # fmt: skip
    if isinstance(step.body, facts.CorrectionChecked):
        found = CORRECTED if step.body.corrected else REFUSED if step.body.refused else UNCORRECTED
        told["correction.opinion"] = f"{day_in_words(day_of(step.at))}{found}。"
    return told


TELLERS: dict[type, Callable[[AnyStep, History, Around], Told]] = {
    facts.RegisterKept: _kept,
    facts.KeepingDecided: _kept,
    facts.Seized: _seizure,
    facts.SeizureExtended: _seizure,
    facts.SentForTest: _seizure,
    facts.Released: _seizure,
    facts.CorrectionOrdered: _correction,
    facts.CorrectionChecked: _correction,
}
