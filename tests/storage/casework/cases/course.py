"""Any course of a case: a state machine that tries lawful and unlawful steps in any order, held against an oracle."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from storage.casework.cases.bodies import deciding, facts
from storage.casework.cases.clocks import deadlines_of
from storage.casework.cases.history import Held, Lacking
from storage.casework.cases.rules import FACTS
from storage.casework.cases.standing import next_steps, state_of
from storage.casework.cases.steps import Body, Officer, Party, StepKind
from storage.casework.papers.filling import values_of
from storage.casework.papers.sources import forms_for
from storage.casework.papers.telling import Around
from storage.casework.papers.telling.cases import Case as PaperCase
from storage.casework.papers.telling.cases import of_case
from storage.record.law.forms import form_sets
from storage.record.problems import Problem
from tests.factories.cases import CaseFile, at
from tests.storage.casework.cases import oracle
from tests.storage.casework.cases.kept import Kept
from tests.storage.casework.cases.moves import LATEST, MOVES, STORIES

FORMS = form_sets()[-1].forms


class Course(RuleBasedStateMachine):
    """One case against two parties, whom anybody tries to wrong."""

    case: CaseFile

    def __init__(self) -> None:
        super().__init__()
        self.case = CaseFile(at(2025, 3, 3), confirms=False)
        self.case.conduct = replace(self.case.conduct, began_on=at(2025, 1, 1).date(), ended_on=at(2025, 2, 1).date())
        self.case.conduct = replace(self.case.conduct, finding=uuid4())
        self.kept: list[Kept] = []
        self.measure = uuid4()
        self.findings: tuple[UUID, ...] = ()
        self.order = ""

    @rule(lacks=st.sampled_from(("", "", "own", "other")), order=st.sampled_from(("", "LACKS", "LACKS", "LIFTED")))
    def hear(self, lacks: str, order: str) -> None:
        """What the records of findings and of orders on site tell the case, and take back again."""
        own = self.case.conduct.finding
        assert own is not None
        self.findings = {"": (), "own": (own,), "other": (uuid4(),)}[lacks]
        self.order = order

    @rule(hours=st.sampled_from((1, 20, 24, 24 * 3, 24 * 8, 24 * 16, 24 * 100)))
    def wait(self, hours: int) -> None:
        """Time passes; not beyond the calendar."""
        self.case.now = min(self.case.now + timedelta(hours=hours), max(self.case.now, LATEST))

    @rule(kind=st.sampled_from(StepKind), person=st.booleans(), how=st.integers(0, 11))
    def attempt(self, kind: StepKind, person: bool, how: int) -> None:
        """Some step, often out of place, often by the wrong people."""
        self._try(kind, self.case.person if person else self.case.unit, how)

    @rule(person=st.booleans(), how=st.integers(0, 11), many=st.integers(1, 6))
    def go_on(self, person: bool, how: int, many: int) -> None:
        """What would bring the case forward, so that courses come to their end."""
        party = self.case.person if person else self.case.unit
        for _ in range(many):
            if not self.case.history.steps:
                self._try(StepKind.PROPOSED, party, how)
            for kind in next_steps(self.case.history, self.case.law, self.case.now, party.id)[:3]:
                self._try(kind, party, how)

    @rule(story=st.sampled_from(range(6)), person=st.booleans(), how=st.integers(2, 11))
    def tell(self, story: int, person: bool, how: int) -> None:
        """A stretch that chance alone seldom walks to its end: each step is tried, each may be refused."""
        for one in STORIES[story]:
            if isinstance(one, int):
                self.wait(one * 24)
            else:
                self._try(one, self.case.person if person else self.case.unit, how)

    @invariant()
    def nothing_is_lost(self) -> None:
        """The history is what was taken, in its order."""
        assert self.case.history.steps == tuple(one.step for one in self.kept)

    def teardown(self) -> None:
        """The finished history is lawful by the oracle, its clocks are sound, and it can be told."""
        oracle.must_be_lawful(self.kept)
        history, law = self.case.history, self.case.law
        clocks = deadlines_of(history, law)
        assert len({(one.key, one.subject, one.start, one.met_at) for one in clocks}) <= len(clocks)
        for one in clocks:
            assert one.subject in history.by_id
            assert one.deadline is not None
            assert one.deadline.alarm <= one.deadline.ends
            assert one.key == "hearing_notice" or one.deadline.over_at() > one.start
        if history.steps:
            state_of(history, law)
            self._is_told_in_papers()

    def _is_told_in_papers(self) -> None:
        """Whatever the course was, each paper of each step can be filled from it."""
        around = Around(mine="甲煤矿", agency="某局", day=LATEST.date(), law=self.case.law)
        for step in self.case.history:
            told = of_case(PaperCase(cause="超能力生产", history=self.case.history, step=step), around)
            for form in forms_for(step.kind):
                values_of(FORMS[form], told)

    def _try(self, kind: StepKind, party: Party, how: int) -> None:
        made = MOVES[kind](self, party, how)
        if made is None:
            return
        body, given = made
        self._look_elsewhere()
        step = self.case.step(body, **({"party": party.id} | given))
        before, case = self.case.history, self.case
        missing = case.missing(party, body) if isinstance(body, deciding.Decided) else None
        refusal = ""
        try:
            taken = case.take(body, **({"id": step.id, "party": party.id} | given))
        except Problem as problem:
            refusal = problem.code
        if refusal:
            assert case.history is before, "a refused step leaves nothing"
            assert not self._is_plain_fact(kind, body), refusal
            assert missing is None or missing or refusal == "OFFICER_RECUSED", refusal
            return
        assert not missing, "decided exactly while nothing is missing"
        lifted = frozenset({self.measure} if self.order == "LIFTED" else ())
        wanting = frozenset({self.measure} if self.order == "LACKS" else ())
        self.kept.append(Kept(taken, case.now, frozenset(self.findings) | wanting, lifted))

    def _look_elsewhere(self) -> None:
        """The history with what the other records tell at this moment, as the query reads it."""
        history = self.case.history
        end = self.case.now if self.order == "LIFTED" else None
        lacks = (("NOT_APPROVED", None),) if self.order == "LACKS" else ()
        held = tuple(Held(measure=one, ended_at=end, lacks=lacks) for one in history.measures)
        lacking = tuple(Lacking(finding=one, code="NO_EVIDENCE", due=LATEST) for one in self.findings)
        if (history.lacking, history.held) != (lacking, held):
            self.case.history = replace(history, lacking=lacking, held=held)

    def _is_plain_fact(self, kind: StepKind, body: Body) -> bool:
        """A fact of an open case that names nothing else: it may never be refused."""
        return bool(self.case.history.steps) and (kind in NEVER_REFUSED or _is_urgent(body))

    def officers(self, how: int) -> tuple[Officer, ...]:
        """Mostly two; now and then one, none, or one whose certificate has lapsed."""
        both = self.case.officers
        return {0: both[:1], 1: (both[0], replace(both[1], certificate=None)), 10: ()}.get(how, both)

    def any_id(self, *kinds: StepKind, how: int = 0) -> UUID:
        """The newest step of these kinds, now and then an older one, or one that is not there."""
        found = [one.id for one in self.case.history if one.kind in kinds]
        return found[-1 - (how == 3 and len(found) > 1)] if found and how != 2 else uuid4()

    def decision(self, party: Party, how: int) -> UUID:
        """A decision of the party."""
        found = [one.id for one in self.case.history.decisions(party.id)]
        return found[-1] if found else self.any_id(StepKind.DECIDED, how=how)


def _is_urgent(body: Body) -> bool:
    return isinstance(body, facts.Seized) and body.urgent and body.measure is None


NEVER_REFUSED = frozenset({
    StepKind.STATEMENT_TAKEN, StepKind.EVIDENCE_ADDED, StepKind.NOTED, StepKind.DEFENCE_RECEIVED,
    StepKind.RECUSAL_ASKED, StepKind.SERVICE_CONFIRMED,
})  # fmt: skip
assert NEVER_REFUSED <= FACTS  # As the rules have it.
