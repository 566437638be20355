"""What the law says of ordering a measure: pure rules. What protects life is kept, whatever is lacking.

Refused is what is no measure of the law at all, and every other order that is not lawful.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from storage.casework.conduct.recusals import ARTICLE as ARTICLE_OF_RECUSAL
from storage.casework.conduct.recusals import OfficerRecused
from storage.casework.measures import steps
from storage.casework.measures.history import History, Named, Order, is_major, refusal, stands
from storage.casework.measures.steps import MeasureApprovalLacking
from storage.field.inspections.rules import NotAnOfficer
from storage.record.law import Law
from storage.record.law.measures import Approval, Ends, MeasureKind, measures_on
from storage.record.problems import BadInput, Problem, constraint_means

LEAST_REASON, LONGEST_REASON = 4, 500
MOST_FINDINGS = 50
LONGEST_DECISION = 60
MOST_DAYS = 365


class MeasureKindUnknown(Problem):
    """The closed list of that day has no such measure (三(十四)1 法无授权不可为; parameters: kind, day)."""


class PreviousNotRechecked(Problem):
    """Orders of earlier inspections were not looked at again (policy 三(十四)3; parameters: count, article)."""


class MeasureConflict(Problem):
    """The id is taken by other content, one's own or foreign: which of both is not said."""


class MeasureWithoutFinding(Problem):
    """An order answers a finding (条例44; parameter: article)."""


class FindingOfAnotherMine(Problem):
    """A finding that is named is not known at this mine (条例44; parameter: finding)."""


class TermMissing(Problem):
    """An order to correct by a term names the term (条例44(2))."""


class StopWithoutDecision(Problem):
    """停产整顿 is a penalty: it rests on a decision after notice and hearing (处罚法63; 条例64)."""


class CutConditionMissing(Problem):
    """Power or explosives are cut only if all that 安法70 asks for is there (parameter: condition)."""


constraint_means("pk_measures", MeasureConflict)
constraint_means("pk_measure_steps", steps.MeasureStepConflict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What stands around an order: officers, findings, head, stop, and whether who orders it was recused."""

    officers: frozenset[UUID]
    findings: tuple[Named, ...]
    approver_is_head: bool
    enforced: History | None
    law: Law
    recused: bool = False


def must_be_well_formed(order: Order) -> None:
    """Sizes and doubles: BadInput. They are limits of the house, wide of any real order."""
    if len(order.reason) > LONGEST_REASON:
        raise BadInput(field="reason", reason=f"<= {LONGEST_REASON}")
    if len(set(order.findings)) != len(order.findings) or len(order.findings) > MOST_FINDINGS:
        raise BadInput(field="findings", reason=f"<= {MOST_FINDINGS}, no one twice")
    if order.days is not None and not 1 <= order.days <= MOST_DAYS:
        raise BadInput(field="days", reason=f"1-{MOST_DAYS}")
    if len(order.decision) > LONGEST_DECISION or not order.decision.isprintable():
        raise BadInput(field="decision", reason=f"<= {LONGEST_DECISION}")


def must_be_of_the_list(kind: str, *, on: date) -> MeasureKind:
    """三(十四)1 法无授权不可为: a measure of the closed list of that day; else MeasureKindUnknown."""
    kinds = measures_on(on)
    if kind not in kinds:
        raise MeasureKindUnknown(kind=kind, day=on.isoformat())
    return kinds[kind]


def is_for_life(order: Order, kind: MeasureKind, *, findings: Sequence[Named]) -> bool:
    """条例44, 安法65: a withdrawal, or a stop or removal in danger: kept, whatever is lacking."""
    return kind.of_people or (kind.protects and (order.danger or any(one.unsafe for one in findings)))


def must_be_lawful(order: Order, kind: MeasureKind, *, by: UUID, site: Site) -> None:
    """All that an order without danger asks for; nothing of it holds up one that protects life."""
    if is_for_life(order, kind, findings=site.findings):
        return
    if len(order.reason.strip()) < LEAST_REASON:
        raise BadInput(field="reason", reason=f"{LEAST_REASON}-{LONGEST_REASON}")
    must_answer_findings(order, kind, known=site.findings)
    if by not in site.officers:
        raise NotAnOfficer()
    if site.recused:
        raise OfficerRecused(account=str(by), article=ARTICLE_OF_RECUSAL)
    must_have_approval(order, kind, approver_is_head=site.approver_is_head)
    if kind.needs_term and order.days is None:
        raise TermMissing()
    if kind.ends is Ends.RESTART and not order.decision.strip():
        raise StopWithoutDecision()
    if kind.cuts:
        must_meet_the_conditions_of_a_cut(order, findings=site.findings, enforced=site.enforced, law=site.law)


def must_answer_findings(order: Order, kind: MeasureKind, *, known: Sequence[Named]) -> None:
    """条例44: measures are taken on what the check found, at this mine."""
    if not order.findings:
        raise MeasureWithoutFinding(article=kind.article)
    missing = set(order.findings) - {one.id for one in known}
    if missing:
        raise FindingOfAnotherMine(finding=str(min(missing)))


def must_have_approval(order: Order, kind: MeasureKind, *, approver_is_head: bool) -> None:
    """强制法18, 19 and 安法70: the head approves first; of goods, in urgency, within 24 hours after."""
    urgent = kind.approval is Approval.HEAD_OR_URGENT and order.urgent
    if kind.approval is not Approval.NOBODY and not urgent and not approver_is_head:
        raise MeasureApprovalLacking(article=kind.approval_article)


def must_meet_the_conditions_of_a_cut(
    order: Order, *, findings: Sequence[Named], enforced: History | None, law: Law
) -> None:
    """安法70: major hazard, stop decision, refusal, real danger of an accident, and the cut itself is safe."""
    stop = enforced if enforced is not None and enforced.kind.stops and stands(enforced) else None
    major = any(one.severity == "MAJOR" for one in findings) or (stop is not None and is_major(stop))
    for condition, met in (
        ("存在重大事故隐患", major),
        ("已作出停产停业、停止施工、停止使用的决定", stop is not None),
        ("拒不执行（复查认定，两人签字）", stop is not None and refusal(stop, law) is not None),
        ("有发生生产安全事故的现实危险", order.danger),
        ("在保证安全的前提下", order.safe),
    ):
        if not met:
            raise CutConditionMissing(condition=condition)


def must_have_rechecked(left: int) -> None:
    """三（十四）3 必须对上一次检查发现问题整改情况进行核实: before findings of this inspection are closed.

    `left`: open orders of earlier inspections of the mine at which nobody looked since this one was opened.
    """
    if left:
        raise PreviousNotRechecked(count=left, article="实施意见三（十四）3")
