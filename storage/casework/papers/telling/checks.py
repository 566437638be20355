"""What inspections, schemes, findings and measures tell a paper; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.casework.measures.clocks import last_day
from storage.casework.measures.history import History, Step
from storage.casework.measures.tables import StepOutcome, Turn
from storage.casework.papers.telling import Around, Told
from storage.casework.papers.telling.words import day, day_in_words, listed, moment
from storage.record.glossary.labels import LABELS
from storage.record.glossary.paper_words import (
    BREAKS,
    BY_SCHEME,
    CHECKED,
    FINDING,
    FOUND,
    FOUND_NOTHING,
    ITEMS_ALLOTTED,
    MEASURED,
    NOT_CHECKED,
    ORDERED,
    ORDERED_FOR,
    RECHECK,
    TERM,
)
from storage.record.law import YearNotPublished
from storage.record.law.measures import Ends

_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\d-])| (?=[%℃])")
"""What rows keep apart and a sentence does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One finding as a paper says it."""

    fact: str
    clause: str
    title: str = ""
    place: str = ""
    measured: Sequence[str] = ()

    def __str__(self) -> str:
        told = (_GAP.sub("", one).replace("（", "，").replace("）", "") for one in self.measured)
        values = MEASURED.format(values="、".join(told)) if self.measured else ""
        place = self.place if self.place and not self.fact.startswith(self.place) else ""
        return FINDING.format(
            title=f"{self.title}：" if self.title else "", place=place, fact=self.fact.rstrip("。；"), measured=values,
            clause=BREAKS.format(clause=self.clause) if self.clause else "",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a scheme: what is checked, how, by whom, and what became of it."""

    text: str
    side: str
    manner: str
    officer: str
    outcome: str = ""
    answer: str = ""


def of_findings(findings: Sequence[Seen]) -> Told:
    """What was found, in the words of the record."""
    return {"findings.listed": listed(map(str, findings))}


def of_inspection(
    *,
    opened_at: datetime,
    places: Sequence[str],
    findings: Sequence[Seen] = (),
    items: Sequence[Item] = (),
    ordered: Sequence[tuple[str, str]] = (),
) -> Told:
    """When and where it was, which items of the scheme were answered for, what was found, and what was ordered then:
    title and reason of each measure."""
    answered = [
        (CHECKED if one.outcome == "CHECKED" else NOT_CHECKED).format(
            text=one.text, answer=f"，{one.answer}" if one.answer else ""
        )
        for one in items if one.outcome
    ]  # fmt: skip
    parts = [f"{BY_SCHEME}\n{listed(answered)}"] if answered else []
    if findings:
        parts.append(f"{FOUND}\n{listed(map(str, findings))}")
    elif answered:
        parts.append(FOUND_NOTHING)
    if ordered:
        parts.append(f"{ORDERED}\n{listed(_decided(title, reason) for title, reason in ordered)}")
    return {
        "inspection.at": moment(opened_at), "inspection.places": "、".join(places),
        "inspection.found": "\n".join(parts),
    }  # fmt: skip


def of_scheme(*, scheduled_for: date, reason: str, items: Sequence[Item]) -> Told:
    """What it plans."""
    sides, manners = LABELS["Side"], LABELS["Manner"]
    return {
        "scheme.day": scheduled_for.isoformat(), "scheme.reason": reason,
        "scheme.items": listed(
            ITEMS_ALLOTTED.format(
                text=one.text, side=sides[one.side][0], manner=manners[one.manner][0], officer=one.officer
            )
            for one in items
        ),
        "scheme.manners": "、".join(dict.fromkeys(manners[one.manner][0] for one in items)),
    }  # fmt: skip


def of_measure(history: History, around: Around, *, step: Step | None = None) -> Told:
    """What was ordered, until when, and what became of it; `step` is what the paper stands for."""
    order, kind = history.order, history.kind
    last = _last(history, around) if order.days is not None or kind.of_goods else None
    term = TERM.format(last=day_in_words(last), days=order.days) if last and order.days else ""
    told: Told = {
        "measure.title": kind.title, "measure.article": kind.article, "measure.reason": order.reason,
        "measure.decision": f"{_decided(f'{kind.title}{term}', order.reason)}。",
        "measure.term": day_in_words(last) if last else "", "measure.day": day(order.ordered_at),
        "measure.until": last.isoformat() if last and kind.of_goods else "",
        "measure.number": around.number_of(history.steps[0].id, kind.paper),
    }  # fmt: skip
    return told | _of_what_became(history, step)


def _decided(decision: str, reason: str) -> str:
    """因回风流甲烷超限，责令从危险区域内撤出作业人员; a reason of several sentences stands behind the decision."""
    why = reason.strip().removeprefix("因").rstrip("。；，")
    if not why or any(mark in why for mark in "。；\n"):
        return f"{decision}。{why}" if why else decision
    return ORDERED_FOR.format(reason=why, decision=decision)


def _last(history: History, around: Around) -> date | None:
    try:
        return last_day(history, around.law)
    except YearNotPublished:
        return None


def _of_what_became(history: History, step: Step | None) -> Told:
    told: Told = {}
    recheck = step if step is not None and step.kind is Turn.RECHECKED else history.last(Turn.RECHECKED)
    if recheck is not None:
        found = RECHECK[(recheck.outcome or StepOutcome.NOT_CORRECTED).value]
        told |= {"recheck.opinion": _sentence(found, recheck.words), "recheck.day": day(recheck.at)}
    lifted = history.last(Turn.LIFTED)
    if lifted is not None:
        told |= {"lift.ground": lifted.words, "lift.day": day(lifted.at)}
    granted = history.last(Turn.EXTENSION_GRANTED)
    if granted is not None and history.kind.ends is Ends.LIFTING and granted.until is not None:
        told |= {"extension.reason": granted.words, "extension.until": day_in_words(granted.until)}
    return told


def _sentence(found: str, words: str) -> str:
    return f"{found}。{words.rstrip('。')}。" if words else f"{found}。"
