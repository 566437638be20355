"""A case with a step of every kind that a paper stands for, a measure, an inspection, a scheme: all without rules."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from storage.casework.cases.bodies import after, deciding, facts, notice, opening, transfer
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.steps import Body, StepKind
from storage.casework.measures.history import Step
from storage.casework.measures.tables import StepOutcome, Turn
from storage.casework.papers.sources import sources_of
from storage.casework.papers.telling import Around, Issued, Told, of_the_mine
from storage.casework.papers.telling.cases import Case, of_case, officers_of
from storage.casework.papers.telling.checks import Item, Seen, of_findings, of_inspection, of_measure, of_scheme
from tests.factories.cases import BY_HAND, STOP, WITHOUT_PARTY, CaseFile, at
from tests.factories.measures import Tale, tale
from tests.factories.papers import FOUND

OFFICERS = (("张建国", "GZ520281001"), ("李卫东", "GZ520281002"))
SEEN = Seen(
    title="主要生产系统、安全设施不符合煤矿安全规程和国家标准或者行业标准", fact=FOUND.splitlines()[0],
    clause="煤矿安全生产条例第二十六条", place="1201综采工作面", measured=("传感器距顶板 420 mm（限值 300 mm）",),
)  # fmt: skip
ITEMS = (
    Item("查阅瓦斯检查日报", "PAPERS", "QUALITATIVE", "张建国", "CHECKED", "齐全"),
    Item("测量回风流甲烷浓度", "PLACES", "QUANTITATIVE", "李卫东", "CHECKED"),
    Item("检查躲避硐", "PLACES", "QUALITATIVE", "李卫东", "NOT_CHECKED", "巷道封闭"),
)  # fmt: skip


def whole_case() -> CaseFile:
    """The course of a case of both parties; what its steps say is made up, their order is that of the procedure."""
    case = CaseFile(at(2025, 9, 3))
    case.history = History()
    for body in _opening(case):
        _add(case, body)
    for party in (case.unit.id, case.person.id):
        _decided(case, party)
    decision = case.history.decisions(case.unit.id)[0]
    for days, body in enumerate(_after(case, decision), 1):
        case.on(2025, 11, 2 * days)
        _add(case, body, party=None if body.kind in WITHOUT_PARTY else case.unit.id)
    return case


def spot_case(*, person: bool = False) -> CaseFile:
    """A case that was decided on the spot."""
    case = CaseFile(at(2025, 9, 3))
    party = case.person if person else case.unit
    _add(case, case.on_the_spot(STOP[1], party), party=party.id)
    return case


def around(case: CaseFile) -> Around:
    """What stands around it: everybody has a name, and each step that has a number has its paper."""
    names = {one.account: OFFICERS[at][0] for at, one in enumerate(case.officers)}
    names |= {case.chair: "陈主持", case.head: "赵局长"}
    certificates = {one.certificate: OFFICERS[at][1] for at, one in enumerate(case.officers) if one.certificate}
    heads = (head for step in case.history for head in getattr(step.body, "heads", ()))
    issued = [
        Issued(form=form, number=f"（黔）煤安监〔2025〕{at}号", day=step.at.date(), step=step.id)
        for at, step in enumerate(case.history, 1) for form in _first_form(step)
    ]  # fmt: skip
    return Around(
        mine="甲煤矿", credit_code=case.unit.subject, agency="国家矿山安全监察局贵州局", day=date(2025, 12, 1),
        principal="何志明", names=dict.fromkeys(heads, "钱局长") | names, certificates=certificates,
        posts={case.person.subject: "矿长"}, issued=issued,
    )  # fmt: skip


def told_of(case: CaseFile, form: str, kind: StepKind | None, *, party: UUID | None = None) -> Told:
    """What the case tells a form that stands for its last step of a kind."""
    steps = [one for one in case.history if one.kind is kind and party in (None, one.party)]
    known = Case(cause="超能力生产", history=case.history, from_a_check=True, step=steps[-1] if steps else None)
    beside = around(case)
    officers = [
        (beside.names.get(one.account, ""), beside.certificates.get(one.certificate, "") if one.certificate else "")
        for one in officers_of(known)
    ]
    return {**of_the_mine(beside, officers), **of_case(known, beside)}


def every_told(form: str) -> list[Told]:
    """All that a case, a measure, an inspection, a scheme can tell this form."""
    sources, whole = sources_of(form), whole_case()
    cases = [(case, kind) for case in (whole, spot_case(), spot_case(person=True)) for kind in (*sources.case, None)]
    told = [
        told_of(case, form, kind, party=party) for case, kind in cases
        for party in (None, *(one for one in case.history.parties if sources.party is not None))
        if sources.party is None or party is None or case.history.parties[party].kind is sources.party
    ]  # fmt: skip
    return [*told, *(measure_told(turn) for turn in (*sources.measure, None)), inspection_told(), scheme_told()]


def measure_told(turn: Turn | None = None, *, key: str = "CORRECT_BY_TERM") -> Told:
    """What a measure tells: one to correct by a term, or goods where the step is about holding them longer."""
    goods = turn in (Turn.EXTENSION_GRANTED, Turn.LIFTED)
    order: dict[str, Any] = {"days": 10} if not goods and key == "CORRECT_BY_TERM" else {}
    one = tale("SEAL" if goods else key, **order)
    _went_on(one)
    step = one.history.last(turn) if turn else None
    beside = Around(
        mine="甲煤矿", agency="国家矿山安全监察局贵州局", day=date(2025, 12, 1), principal="何志明",
        issued=[Issued(form=one.history.kind.paper, number="（黔）煤安监现决〔2025〕7号", day=date(2025, 9, 15),
                       step=one.history.steps[0].id)],
    )  # fmt: skip
    return {
        **of_the_mine(beside, OFFICERS), **of_findings((SEEN, SEEN)),
        **of_inspection(opened_at=one.now, places=()), **of_measure(one.history, beside, step=step),
    }  # fmt: skip


def inspection_told() -> Told:
    """What an inspection tells that found two things by its scheme."""
    beside = Around(mine="甲煤矿", agency="国家矿山安全监察局贵州局", day=date(2025, 12, 1), principal="何志明")
    places = ("调度室", "1201综采工作面")
    return {
        **of_the_mine(beside, OFFICERS),
        **of_inspection(opened_at=at(2025, 11, 24), places=places, findings=(SEEN, SEEN), items=ITEMS),
    }


def scheme_told() -> Told:
    """What a scheme tells."""
    beside = Around(mine="甲煤矿", agency="国家矿山安全监察局贵州局", day=date(2025, 12, 1), principal="何志明")
    scheme = of_scheme(scheduled_for=date(2025, 12, 3), reason="年度、月度计划，第17号", items=ITEMS)
    return {**of_the_mine(beside, OFFICERS), **scheme}


def _first_form(step: AnyStep) -> list[str]:
    return {
        StepKind.REGISTER_KEPT: ["先行登记保存证据通知书"], StepKind.SEIZED: ["查封扣押决定书"],
        StepKind.CORRECTION_ORDERED: ["责令限期整改指令书"], StepKind.NOTICE_SERVED: ["行政处罚告知书"],
        StepKind.HEARING_NOTIFIED: ["行政处罚听证会通知书"], StepKind.DECIDED: ["行政处罚决定书（单位）"],
    }.get(step.kind, [])  # fmt: skip


def _add(case: CaseFile, body: Body, **given: Any) -> AnyStep:
    step = case.step(body, **given)
    case.history = case.history.and_then(step)
    return step


def _opening(case: CaseFile) -> list[Body]:
    kept, seized, ordered = (uuid4() for _ in range(3))
    bodies: list[Body] = [
        opening.Proposed(cause="超能力生产", discovered_on=date(2025, 9, 2), parties=(case.unit, case.person),
                         conducts=(case.conduct,)),
        opening.Registered(),
        facts.EvidenceAdded(name="产量报表", proves="超核定能力生产"),
        facts.StatementTaken(of="王某", signed=True),
    ]  # fmt: skip
    for id, body in ((kept, facts.RegisterKept(items=("调度日志一册", "硬盘一块"), list_handed_over=True)),
                     (seized, facts.Seized(items=("局部通风机一台", "风筒二十米"), urgent=False, reasons_told=True,
                                           papers_handed_over=True, record_signed=True)),
                     (ordered, facts.CorrectionOrdered(what="停止超能力生产，按核定能力组织生产",
                                                       due_on=date(2025, 9, 20)))):  # fmt: skip
        _queue(case, bodies)
        _add(case, body, id=id)
    return [
        facts.KeepingDecided(kept=kept, outcome="退还当事人"),
        facts.SeizureExtended(seized=seized, reason="案情复杂", told_in_writing=True),
        facts.SentForTest(seized=seized, first=date(2025, 9, 5), last=date(2025, 9, 9)),
        facts.Released(seized=seized, outcome="解除查封，退还当事人"),
        facts.CorrectionChecked(ordered=ordered, corrected=True),
        notice.InvestigationEnded(facts="2025年5月至8月，该矿月产量超过核定生产能力的百分之十"),
    ]


def _queue(case: CaseFile, bodies: list[Body]) -> None:
    """What comes before a step that others name."""
    for body in bodies:
        _add(case, body)
    bodies.clear()


def _decided(case: CaseFile, party: UUID) -> None:
    told = notice.HearingNotified(hearing_at=at(2025, 9, 26, 9, 30), place="机关三楼会议室", chair=case.chair,
                                  delivery=BY_HAND)  # fmt: skip
    case.on(2025, 9, 12)
    notified, defence, submitted = uuid4(), uuid4(), uuid4()
    for id, body in (
        (uuid4(), replace(case.weighed(STOP[1]), standard="裁量基准第3项")),
        (uuid4(), case.notice(STOP, facts="2025年5月至8月超能力生产", grounds="煤矿安全生产条例第六十四条")),
        (uuid4(), notice.HearingOffered(delivery=BY_HAND)),
        (defence, notice.DefenceReceived(words="已于九月停止超产，请求从轻。")),
        (uuid4(), notice.DefenceExamined(defence=defence, accepted=False, answer="裁量已考虑整改情况。")),
        (notified, told),
        (uuid4(), notice.HearingHeld(notified=notified, came=True, agents=1)),
        (submitted, deciding.ReviewSubmitted(sanctions=STOP, papers="案卷一册")),
        (uuid4(), deciding.Deliberated(heads=(case.head, uuid4()), opinion="同意按拟处罚意见处罚。")),
        (uuid4(), case.draft(STOP, facts="2025年5月至8月，该矿超过核定生产能力组织生产，有产量报表、询问笔录为证。",
                             grounds="煤矿安全生产条例第六十四条", pay_to="中国工商银行盘州支行")),
    ):  # fmt: skip
        _add(case, body, id=id, party=party)


def _after(case: CaseFile, decision: AnyStep) -> list[Body]:
    id = decision.id
    return [
        deciding.ServiceConfirmed(address="盘州市甲煤矿办公楼", electronic=False, signed=True),
        deciding.Served(decision=id, delivery=BY_HAND),
        after.InstalmentsGranted(decision=id, asked_on=date(2025, 11, 3), reason="资金周转困难",
                                 parts=(after.Instalment(due_on=date(2025, 11, 10), sum=10_000_000),
                                        after.Instalment(due_on=date(2025, 11, 11), sum=40_000_000))),
        after.Paid(decision=id, sum=10_000_000, way=after.PaymentWay.BANK),
        after.SurchargeOrdered(decision=id, sum=1_500_000),
        after.Urged(decision=id, delivery=BY_HAND),
        after.CourtAsked(decision=id, court="盘州市人民法院"),
        transfer.TransferStarted(crime="危险作业罪（刑法第一百三十四条之一）", facts="拒不执行停产决定"),
        transfer.TransferReported(report="建议移送公安机关。"),
        transfer.TransferDecided(approved=True, reason="涉嫌犯罪，应当移送。"),
        transfer.TransferDrawnUp(papers="移送书、调查报告、涉案物品清单"),
        transfer.TransferHandedOver(police="盘州市公安局", receipt="回执"),
        after.Closed(ground=after.ClosingGround.DONE, report="执行完毕"),
        after.Archived(term=after.Term.LONG),
    ]  # fmt: skip


def _went_on(one: Tale) -> None:
    """Steps as they stand in the record; whether they may be taken is not asked here."""
    went: tuple[tuple[Turn, dict[str, Any]], ...] = (
        (Turn.RECHECKED, {"outcome": StepOutcome.CORRECTED, "words": "传感器已按规定吊挂"}),
        (Turn.EXTENSION_GRANTED, {"until": date(2025, 11, 1), "words": "案情复杂"}),
        (Turn.SUPPLIER_NOTIFIED, {"words": "供电公司"}),
        (Turn.LIFTED, {"words": "隐患已消除"}),
    )
    for kind, more in went:
        first = one.history.steps[0]
        step = Step(id=uuid4(), kind=kind, hand=first.hand, at=one.now, recorded_at=one.now, by=first.by, **more)
        object.__setattr__(one.history, "steps", (*one.history.steps, step))
