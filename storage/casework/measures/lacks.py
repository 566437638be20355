"""What a measure lacks, by which article, who brings it and until when: pure, told from its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.casework.measures import clocks, history, supervision
from storage.casework.measures.history import SIGNATURES, History
from storage.casework.measures.tables import Hand, Lacking, StepOutcome, Turn
from storage.record.law import Law, deadline_of
from storage.record.law.measures import RECORDING_ARTICLE, Approval, Ends
from storage.record.law.supervision import STANDARD_ARTICLES, Standard

_REGULATION_44, _REGULATION_48 = "煤矿安全生产条例第四十四条", "煤矿安全生产条例第四十八条"
_RECHECK = "实施意见三（十一）1"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing; `due_at` None where the law names no moment, or the measure binds until it is there."""

    code: Lacking
    article: str
    hand: Hand
    due_at: datetime | None = None


def lacks_of(h: History, law: Law, *, now: datetime) -> list[Lack]:
    """What is missing of it now: the answer to "why not yet"; of a measure that ended only what is still owed."""
    found = [*of_the_order(h, law)]
    if history.stands(h):
        found += [*_of_people(h, now), *_of_the_follower(h), *_of_correction(h, law), *_of_supervision(h, law, now)]
        found += [*_of_a_cut(h, law), *_of_restart(h, law)]
    return [*found, *_of_announcements(h, law)]


def of_the_order(h: History, law: Law) -> Iterator[Lack]:
    """What the order itself lacks: nothing rests on it before that is made good."""
    due = deadline_of(law, "defect_made_good", h.steps[0].recorded_at).over_at()
    if not h.findings:
        yield Lack(Lacking.NO_FINDING, _REGULATION_44, Hand.DEPARTMENT, due)
    if not history.is_confirmed(h, law):
        yield Lack(Lacking.MEASURE_NOT_CONFIRMED, law.parameter("officers_per_inspection", h.order.day).article,
                   Hand.DEPARTMENT, due)  # fmt: skip
    if h.kind.approval is not Approval.NOBODY and history.approval(h) is None:
        until = deadline_of(law, "urgent_measure_report", h.order.ordered_at).over_at()
        yield Lack(Lacking.NOT_APPROVED, h.kind.approval_article, Hand.DEPARTMENT, until)
    if h.kind.recorded and not h.recorded:
        yield Lack(Lacking.NOT_RECORDED, RECORDING_ARTICLE, Hand.DEPARTMENT)


def _of_people(h: History, now: datetime) -> Iterator[Lack]:
    """People in danger are told at once, and counted until nobody is below."""
    if not h.kind.of_people:
        return
    if not h.of(Turn.TOLD):
        yield Lack(Lacking.PEOPLE_NOT_TOLD, _REGULATION_44, Hand.DEPARTMENT, h.order.ordered_at)
    if history.below(h, now) != 0:
        yield Lack(Lacking.HEAD_COUNT_NOT_ZERO, _REGULATION_44, Hand.DEPARTMENT, h.order.ordered_at)


def _of_the_follower(h: History) -> Iterator[Lack]:
    if not h.of(Turn.FOLLOWER_NAMED):
        yield Lack(Lacking.NO_FOLLOWER, _RECHECK, Hand.DEPARTMENT)
    elif h.follower_left:
        yield Lack(Lacking.FOLLOWER_LEFT, _RECHECK, Hand.DEPARTMENT)


def _of_correction(h: History, law: Law) -> Iterator[Lack]:
    """The mine corrects, two officers re-check; what is corrected is lifted or struck off."""
    if h.kind.of_goods:
        end = next(one.ends_at for one in clocks.clocks_of(h, law, now=h.order.ordered_at) if one.key == "seizure")
        yield Lack(Lacking.LIFTING_DUE, "行政强制法第二十五条、第二十八条", Hand.DEPARTMENT, end)
        return
    if history.is_corrected(h, law):
        if h.kind.ends is not Ends.RESTART:
            yield Lack(Lacking.LIFTING_DUE, h.kind.article if h.kind.cuts else _RECHECK, Hand.DEPARTMENT)
        return
    ran = {one.key: one for one in clocks.clocks_of(h, law, now=h.order.ordered_at)}
    if not h.of(Turn.CORRECTION_REPORTED):
        term = ran.get("correction_term")
        yield Lack(Lacking.NOT_CORRECTED, h.kind.article, Hand.MINE, term.ends_at if term else None)
    recheck = ran.get("recheck")
    yield Lack(Lacking.RECHECK_NOT_SIGNED, _RECHECK, Hand.DEPARTMENT, recheck.ends_at if recheck else None)


def _of_supervision(h: History, law: Law, now: datetime) -> Iterator[Lack]:
    if not history.is_major(h) or h.kind.cuts or h.kind.of_goods:
        return
    if not history.level_of(h):
        yield Lack(Lacking.NOT_SUPERVISED, supervision.ARTICLE_OF_SUPERVISION, Hand.DEPARTMENT)
    if supervision.is_of_the_office(h) and not h.of(Turn.HANDED_OVER):
        yield Lack(Lacking.NOT_HANDED_OVER, supervision.ARTICLE_OF_HANDOVER, Hand.OFFICE)
    if h.of(Turn.HANDED_OVER) and not h.of(Turn.HANDOVER_RECEIVED):
        yield Lack(Lacking.HANDOVER_NOT_RECEIVED, supervision.ARTICLE_OF_HANDOVER, Hand.DEPARTMENT)
    for month in supervision.months(h, law, now):
        if month.tracked_at is None:
            article = STANDARD_ARTICLES[Standard.TRACKED]
            yield Lack(Lacking.MONTH_NOT_TRACKED, article, Hand.OFFICE, month.over_at)
    if history.level_of(h) and not history.is_verified(h, law):
        yield Lack(Lacking.NOT_VERIFIED_ON_SITE, STANDARD_ARTICLES[Standard.VERIFIED_ON_SITE], Hand.OFFICE)


def _of_a_cut(h: History, law: Law) -> Iterator[Lack]:
    approved = history.approval(h)
    if not h.kind.cuts or approved is None:
        return
    if h.kind.key == "CUT_POWER" and not h.order.urgent and not h.of(Turn.MINE_NOTIFIED):
        yield Lack(Lacking.MINE_NOT_NOTIFIED, h.kind.article, Hand.DEPARTMENT)
    if not h.of(Turn.SUPPLIER_NOTIFIED):
        yield Lack(Lacking.SUPPLIER_NOT_NOTIFIED, h.kind.article, Hand.DEPARTMENT)


def _of_restart(h: History, law: Law) -> Iterator[Lack]:
    """条例48: acceptance in time, then the signature that is next."""
    if h.kind.ends is not Ends.RESTART or not (asked := h.of(Turn.RESTART_ASKED)):
        return
    held = history.acceptance(h)
    if held is None:
        due = deadline_of(law, "restart_acceptance", asked[-1].recorded_at).over_at()
        yield Lack(Lacking.ACCEPTANCE_DUE, _REGULATION_48, Hand.DEPARTMENT, due)
    elif held.outcome is StepOutcome.PASSED:
        yield Lack(Lacking.SIGNATURE_DUE, _REGULATION_48, SIGNATURES[len(history.signatures(h))][1])


def _of_announcements(h: History, law: Law) -> Iterator[Lack]:
    """条例49, of a stop and of a restart; the stop's stays owed until it was announced."""
    for one in clocks.clocks_of(h, law, now=h.order.ordered_at):
        if one.key in ("stop_announced", "restart_announced") and one.met_at is None:
            yield Lack(Lacking.NOT_ANNOUNCED, one.article, Hand.DEPARTMENT, one.ends_at)
