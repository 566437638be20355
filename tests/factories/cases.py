"""A case without a database: people, parties, and a clock, by which steps are taken as the rules let them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from storage.casework.cases.bodies.after import InstalmentsGranted, Paid, PaymentWay
from storage.casework.cases.bodies.deciding import (
    Decided,
    DecidedOnTheSpot,
    DecisionOutcome,
    Deliberated,
    ReviewPassed,
    ReviewPoint,
    ReviewSubmitted,
    Served,
)
from storage.casework.cases.bodies.facts import DefectKind, EvidenceAdded, MadeGood, Recorded, RecordingMedium
from storage.casework.cases.bodies.notice import (
    DefenceWaived,
    DiscretionSuggested,
    HearingAsked,
    HearingHeld,
    HearingNotified,
    HearingOffered,
    HearingWaived,
    InvestigationEnded,
    NoticeServed,
)
from storage.casework.cases.bodies.opening import Proposed, Registered
from storage.casework.cases.defects import defects_of, hands_of
from storage.casework.cases.history import AnyStep, History
from storage.casework.cases.missing import Missing, missing_for_decision
from storage.casework.cases.rules import must_be_lawful
from storage.casework.cases.sanctions import range_for
from storage.casework.cases.steps import (
    Body,
    Conduct,
    Delivery,
    Officer,
    Party,
    PartyKind,
    Sanction,
    SanctionKind,
    ServiceWay,
    Step,
    StepKind,
)
from storage.record.clock import SHANGHAI, day_of
from storage.record.law import BUILT_IN, Law
from storage.record.law.discretion import Circumstance, DiscretionGround
from storage.record.problems import Problem

WAN = 1_000_000
"""Ten thousand yuan in fen."""


def at(*parts: int) -> datetime:
    """A moment in Guizhou: year, month, day, and at will hour and minute (else ten o'clock)."""
    return datetime(*(parts if len(parts) > 3 else (*parts, 10)), tzinfo=SHANGHAI)  # type: ignore[misc,arg-type] # Parts.


def fine(wan: float, basis: str = "") -> Sanction:
    """A fine of so many ten thousand yuan, on a unit unless another range is named."""
    usual = "fine_safety_law_unit" if wan <= 10 else "fine_listed" if wan <= 20 else "fine_major_hazard_unit"
    return Sanction(kind=SanctionKind.FINE, sum=int(wan * WAN), basis=basis or usual)


SMALL_OF_PERSONS = "fine_small_person"
_RANGE = BUILT_IN.parameter("fine_hazard_unit_least", date(2025, 1, 1))
WITH_SMALL_OF_PERSONS = BUILT_IN.with_changes(
    [replace(_RANGE, key=f"{SMALL_OF_PERSONS}_{end}", value=sum_) for end, sum_ in (("least", 0), ("most", WAN))], {}
)
"""The law with a range for persons as small as what is decided on the spot: the code has none, an office enters it."""
SMALL = (fine(1),)
STOP_ORDER = Sanction(kind=SanctionKind.STOPPED, days=30, terms="恢复抽采，核定通风能力")
STOP = (STOP_ORDER, fine(50, "fine_major_hazard_unit"))
"""停产整顿 with 50 万: 条例64."""
PRINCIPAL = (fine(5, "fine_major_hazard_principal"),)
"""What it gives the unit's principal beside that."""
BY_HAND = Delivery(way=ServiceWay.DIRECT, proof="送达回证", receiver="矿长")


def delivered(way: ServiceWay, **changes: Any) -> Delivery:
    """A delivery in another way."""
    return replace(BY_HAND, way=way, **changes)


@dataclass(slots=True)
class CaseFile:
    """One case against a mine and its principal. `now` is the moment at which steps are taken."""

    now: datetime
    law: Law = BUILT_IN
    history: History = field(default_factory=History)
    unit: Party = field(default_factory=lambda: Party(id=uuid4(), kind=PartyKind.UNIT, name="甲煤矿", subject="9152"))
    person: Party = field(default_factory=lambda: Party(id=uuid4(), kind=PartyKind.PERSON, name="王某", subject="p"))
    officers: tuple[Officer, ...] = field(
        default_factory=lambda: tuple(Officer(account=uuid4(), certificate=uuid4()) for _ in range(2))
    )
    head: UUID = field(default_factory=uuid4)
    reviewer: UUID = field(default_factory=uuid4)
    chair: UUID = field(default_factory=uuid4)
    conduct: Conduct = field(
        default_factory=lambda: Conduct(
            id=uuid4(), name="超通风能力生产", clause="煤矿安全生产条例第三十六条", began_on=date(2025, 5, 1),
            ended_on=date(2025, 9, 1),
        )
    )  # fmt: skip

    confirms: bool = True
    """Whether the other officer confirms at once what one of them entered for both."""

    def step(self, body: Body, **given: Any) -> AnyStep:
        """A step as it would be taken now: the officers' by both of them, of the unit where it is about a party."""
        usual: dict[str, Any] = {"id": uuid4(), "at": self.now, "by": self._hand(body.kind)}
        by_head_alone = body.kind in BY_HEAD and body.kind is not StepKind.OFFICERS_ASSIGNED
        usual |= {"party": self.unit.id, "officers": () if by_head_alone else self.officers}
        if body.kind in WITHOUT_PARTY:
            usual["party"] = None
        return Step(body=body, **(usual | given))

    def take(self, body: Body, **given: Any) -> AnyStep:
        """Takes the step if it is lawful."""
        step = self.step(body, **given)
        must_be_lawful(step, self.history, self.law, self.now)
        self.history = self.history.and_then(step)
        if self.confirms:
            self.confirm(step)
        return step

    def confirm(self, step: AnyStep) -> None:
        """Each officer of a step who does not stand for it yet does so, then others of the team, while that lacks."""
        lapsed = {one.account for one in step.officers if one.certificate is None}
        for one in (*step.officers, *self.history.team):
            open_ = (defect for defect in defects_of(step, self.history, self.law) if defect.made_good_at is None)
            if DefectKind.NOT_CONFIRMED not in {defect.kind for defect in open_}:
                return
            if one.account in lapsed | {who for who, _ in hands_of(step, self.history)}:
                continue
            good = self.step(confirming(step.id), by=one.account, party=None, officers=(one,))
            must_be_lawful(good, self.history, self.law, self.now)
            self.history = self.history.and_then(good)

    def refusal(self, body: Body, **given: Any) -> str:
        """The code with which the step is refused, or an empty text; nothing is taken."""
        try:
            must_be_lawful(self.step(body, **given), self.history, self.law, self.now)
        except Problem as problem:
            return problem.code if "article" in problem.parameters else f"{problem.code} without article"
        return ""

    def on(self, *parts: int) -> "CaseFile":
        """The same case later."""
        self.now = at(*parts)
        return self

    def missing(self, party: Party | None = None, draft: Decided | None = None) -> list[str]:
        """The codes of what is missing."""
        return [one.code for one in self.all_missing(party, draft)]

    def all_missing(self, party: Party | None = None, draft: Decided | None = None) -> tuple[Missing, ...]:
        """What is missing for a party's decision."""
        return missing_for_decision(self.history, self.law, self.now, party=(party or self.unit).id, draft=draft)

    def propose(self, **changes: Any) -> AnyStep:
        """立案呈批 of both parties, who may be one, for one conduct."""
        usual = Proposed(
            cause="超能力生产", discovered_on=date(2025, 9, 2), parties=tuple(dict.fromkeys((self.unit, self.person))),
            conducts=(self.conduct,),
        )  # fmt: skip
        return self.take(replace(usual, **changes))

    def register(self, **changes: Any) -> AnyStep:
        """Proposed and registered."""
        self.propose(**changes)
        return self.take(Registered())

    def investigate(self, **flags: Any) -> AnyStep:
        """Registered, with evidence, and ended."""
        self.register()
        self.take(EvidenceAdded(name="瓦斯监测记录", proves="超限生产", evidence=(uuid4(),)))
        return self.take(InvestigationEnded(facts="事实清楚", **flags))

    def suggest(
        self, sanctions: tuple[Sanction, ...] = SMALL, party: Party | None = None, **changes: Any
    ) -> AnyStep | None:
        """A range around each fine, with a reason where the standard gives another."""
        steps = [
            self.take(replace(self.weighed(one, changes.get("ground")), **changes), party=(party or self.unit).id)
            for one in sanctions
            if one.kind is SanctionKind.FINE
        ]
        return steps[-1] if steps else None

    def weighed(self, fine: Sanction, ground: DiscretionGround | None = None) -> DiscretionSuggested:
        """What a step says that weighs a fine: around its sum, and within the law where it is neither 减轻 nor 不罚."""
        stated = {
            DiscretionGround.MITIGATED: (Circumstance.DISCLOSED,),
            DiscretionGround.NONE: (Circumstance.NO_FAULT,),
        }
        legal = range_for(self.law, fine.basis, self.conduct, day_of(self.now), reckoned_on=fine.reckoned_on)
        assert legal is not None
        floor = 0 if ground in stated else legal.least
        return DiscretionSuggested(
            standard="基准第3项", basis=fine.basis, conduct=fine.conduct, reckoned_on=fine.reckoned_on,
            ground=ground or DiscretionGround.PLAIN, least=max(floor, fine.sum // 2),
            most=max(legal.least, min(legal.most, fine.sum * 2)), reason="一般情节",
            circumstances=stated.get(ground, ()) if ground else (), departure="个案情节",
        )  # fmt: skip

    def notify(self, sanctions: tuple[Sanction, ...] = SMALL, party: Party | None = None, **given: Any) -> AnyStep:
        """行政处罚告知书."""
        return self.take(self.notice(sanctions), party=(party or self.unit).id, **given)

    def notice(self, sanctions: tuple[Sanction, ...] = SMALL, **changes: Any) -> NoticeServed:
        """What a notice says."""
        usual = NoticeServed(
            conducts=(self.conduct.id,), sanctions=sanctions, facts="事实", grounds="条例", rights_told=True,
            delivery=BY_HAND,
        )  # fmt: skip
        return replace(usual, **changes)

    def waive(self, party: Party | None = None, *, hearing: bool = False) -> None:
        """The party gives up what it may."""
        against = (party or self.unit).id
        self.take(DefenceWaived(signed=True), party=against)
        if hearing:
            self.take(HearingOffered(delivery=BY_HAND), party=against)
            self.take(HearingWaived(signed=True), party=against)

    def hear(self, *day: int) -> AnyStep:
        """A hearing that was offered, asked for, told and held on that day."""
        self.take(HearingOffered(delivery=BY_HAND))
        self.take(HearingAsked())
        told = self.take(HearingNotified(hearing_at=at(*day), place="一楼", chair=self.chair, delivery=BY_HAND))
        self.on(*day)
        held = self.take(HearingHeld(notified=told.id, came=True, agents=1), by=self.chair)
        self.film(held)
        return held

    def film(self, step: AnyStep, medium: RecordingMedium = RecordingMedium.FILM) -> AnyStep:
        """The film of a step, or another record of it."""
        return self.take(Recorded(step=step.id, medium=medium, evidence=(uuid4(),)), party=step.party)

    def review(self, sanctions: tuple[Sanction, ...] = STOP, party: Party | None = None) -> AnyStep:
        """Submitted and passed."""
        against = (party or self.unit).id
        submitted = self.take(ReviewSubmitted(sanctions=sanctions, papers="案卷"), party=against)
        return self.take(
            ReviewPassed(submitted=submitted.id, checked=tuple(ReviewPoint), reviewed_before=True), party=against,
            officers=(),
        )  # fmt: skip

    def deliberate(self, party: Party | None = None) -> AnyStep:
        """Two heads together."""
        return self.take(
            Deliberated(heads=(self.head, uuid4()), opinion="同意"), party=(party or self.unit).id, officers=()
        )

    def draft(self, sanctions: tuple[Sanction, ...] = SMALL, **changes: Any) -> Decided:
        """A decision that says all that it must."""
        usual = Decided(
            outcome=DecisionOutcome.PENALTY, conducts=(self.conduct.id,), facts="事实", grounds="条例",
            sanctions=sanctions, remedies="六十日内复议，六个月内诉讼", pay_to="工商银行",
        )  # fmt: skip
        return replace(usual, **changes)

    def decide(self, sanctions: tuple[Sanction, ...] = SMALL, party: Party | None = None, **changes: Any) -> AnyStep:
        """The head decides."""
        return self.take(self.draft(sanctions, **changes), party=(party or self.unit).id, officers=())

    def small(self, party: Party | None = None) -> AnyStep:
        """From the registration to a small fine of the party; the other one is left as he is."""
        self.investigate()
        self.suggest(party=party)
        self.notify(party=party)
        self.waive(party)
        return self.decide(party=party)

    def ready_for_stop(self) -> None:
        """Everything that 停产整顿 and 50 万 need, but the decision."""
        self.investigate()
        self.suggest(STOP, least=50 * WAN, most=100 * WAN)
        self.notify(STOP)
        self.waive(hearing=True)
        self.review()
        self.deliberate()

    def fine_the_principal(self) -> None:
        """Told, waived, reviewed, decided, served and paid."""
        person = self.person
        self.suggest(PRINCIPAL, person)
        self.notify(PRINCIPAL, person)
        self.waive(person, hearing=True)
        self.review(PRINCIPAL, person)
        self.deliberate(person)
        decision = self.decide(PRINCIPAL, person)
        self.serve(decision)
        self.pay(decision, PRINCIPAL[0].sum)

    def serve(self, decision: AnyStep, **given: Any) -> AnyStep:
        """Handed over."""
        return self.take(Served(decision=decision.id, delivery=BY_HAND), **({"party": decision.party} | given))

    def pay(self, decision: AnyStep, sum_: int) -> AnyStep:
        """To the bank."""
        return self.take(Paid(decision=decision.id, sum=sum_, way=PaymentWay.BANK), party=decision.party)

    def put_off(self, decision: AnyStep, *parts: Any) -> AnyStep:
        """In parts."""
        granted = InstalmentsGranted(decision=decision.id, asked_on=self.now.date(), reason="困难", parts=parts)
        return self.take(granted, party=decision.party, officers=())

    def on_the_spot(self, sanction: Sanction, party: Party | None = None, **changes: Any) -> DecidedOnTheSpot:
        """A decision on the spot."""
        usual = DecidedOnTheSpot(
            number="黔煤当罚〔2025〕1号", discovered_on=self.now.date(), parties=(party or self.unit,),
            conducts=(self.conduct,), sanctions=(sanction,), facts="事实", grounds="依据", heard=True, handed_over=True,
            remedies="先申请复议",
        )  # fmt: skip
        return replace(usual, **changes)

    def _hand(self, kind: StepKind) -> UUID:
        if kind in BY_HEAD:
            return self.head
        return self.reviewer if kind in (StepKind.REVIEW_PASSED, StepKind.REVIEW_RETURNED) else self.officers[0].account


def confirming(step: UUID) -> MadeGood:
    """What another officer says of a step of two."""
    return MadeGood(step=step, defect=DefectKind.NOT_CONFIRMED, how="本人参与并确认")


BY_HEAD = frozenset({
    StepKind.REGISTERED, StepKind.NOT_REGISTERED, StepKind.SCOPE_WIDENED, StepKind.OFFICERS_ASSIGNED,
    StepKind.RECUSAL_DECIDED, StepKind.APPROVED, StepKind.SEIZURE_EXTENDED, StepKind.DELIBERATED, StepKind.DECIDED,
    StepKind.INSTALMENTS_GRANTED, StepKind.SURCHARGE_ORDERED, StepKind.REVOKED, StepKind.TRANSFER_DECIDED,
    StepKind.CLOSED,
})  # fmt: skip
WITHOUT_PARTY = frozenset({
    StepKind.PROPOSED, StepKind.REGISTERED, StepKind.EVIDENCE_ADDED, StepKind.STATEMENT_TAKEN,
    StepKind.INVESTIGATION_ENDED, StepKind.CLOSED, StepKind.ARCHIVED, StepKind.APPROVED, StepKind.OFFICERS_ASSIGNED,
    StepKind.MADE_GOOD, StepKind.EXCLUDED, StepKind.RECUSAL_DECIDED, StepKind.NOTED, StepKind.TRANSFER_STARTED,
})  # fmt: skip
