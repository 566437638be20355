"""The steps of one case in the order in which they were kept, and the facts that follow from them; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar, overload
from uuid import UUID

from storage.casework.cases import problems
from storage.casework.cases.bodies.after import Closed, OutcomeReceived, Result, Revoked
from storage.casework.cases.bodies.deciding import Decided, DecidedOnTheSpot
from storage.casework.cases.bodies.facts import EvidenceAdded, Excluded, Seized, StatementTaken
from storage.casework.cases.bodies.notice import InvestigationEnded
from storage.casework.cases.bodies.opening import (
    NotRegistered,
    OfficersAssigned,
    Proposed,
    RecusalDecided,
    Registered,
    ScopeWidened,
)
from storage.casework.cases.problems import unlawful
from storage.casework.cases.steps import Body, Conduct, Officer, Party, Step
from storage.casework.conduct.recusals import Recused
from storage.casework.findings.rules import Broken

AnyStep = Step[Any]
T = TypeVar("T", bound=Body)
_INVESTIGATING = (Proposed, OfficersAssigned, StatementTaken, EvidenceAdded, Seized, InvestigationEnded)
# A decision that a court or the organ of reconsideration sent back, or that fell, makes room for another.
FELL = (Result.REVOKED, Result.REDO)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a finding still lacks on which the case rests: told by the record of findings, made good there by `due`."""

    finding: UUID
    code: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What the record of findings says of one on which the case rests."""

    kind: str
    major: bool
    producing: bool
    repeats: bool
    broken: tuple[Broken, ...] = ()
    """The promises of the mine that it breaks, by the breaches that stand, oldest first."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What the mine objected to: a finding on which the case rests, or a step or paper of the case (`step` if so)."""

    id: UUID
    at: datetime
    examined_at: datetime | None
    step: UUID | None = None
    finding: UUID | None = None

    @property
    def last_at(self) -> datetime:
        """When it last gave something to think about: with the objection, or with its examination."""
        return self.examined_at or self.at


@dataclass(frozen=True, slots=True)
class Held:
    """What is held by an order on site that a seizure of the case names: told by the record of measures.

    `lacks` is what the order still lacks, each with when it is due; `ended_at` when it was lifted there.
    """

    measure: UUID
    ended_at: datetime | None = None
    lacks: tuple[tuple[str, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A paper that was issued about the case: the step that it stands for, and the places at which it was signed.

    Of the record of a deliberation `heads` are those of its step who signed it, or of whom it says why they did not.
    """

    id: UUID
    form: str
    step: UUID | None
    issued_at: datetime
    signed: tuple[str, ...] = ()
    heads: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class History:
    """What was kept of one case, oldest first. Nothing in it is ever changed; a step only adds."""

    steps: tuple[AnyStep, ...] = ()
    began: int = field(default=0, compare=False)
    """Of a round (see `round_of`): how many steps stood before it."""
    lacking: tuple[Lacking, ...] = field(default=(), compare=False)
    """What the findings lack on which its conducts rest."""
    found: Mapping[UUID, Found] = field(default_factory=dict, compare=False)
    """What the findings say on which its conducts rest."""
    recused_before: Recused = field(default_factory=dict, compare=False)
    """Who was recused from the inspection that it comes from: a recusal there holds here."""
    objections: tuple[Objection, ...] = field(default=(), compare=False)
    """What the mine objected to of those findings and of the case itself, oldest first."""
    held: tuple[Held, ...] = field(default=(), compare=False)
    """The orders on site by which things of this case are held."""
    papers: tuple[OnPaper, ...] | None = field(default=None, compare=False)
    """The papers that were issued about it, oldest first; None where the record of papers was not asked."""

    def __iter__(self) -> Iterator[AnyStep]:
        return iter(self.steps)

    def and_then(self, step: AnyStep) -> "History":
        """The history with one more step."""
        return replace(self, steps=(*self.steps, step))

    @overload
    def of(self, body: type[T], /, *, party: UUID | None = None) -> tuple[Step[T], ...]: ...
    @overload
    def of(self, *bodies: type[Body], party: UUID | None = None) -> tuple[AnyStep, ...]: ...
    def of(self, *bodies: type[Body], party: UUID | None = None) -> tuple[AnyStep, ...]:
        """The steps with these bodies, of one party or of all."""
        return tuple(one for one in self._with(bodies) if party is None or one.party == party)

    @overload
    def last(self, body: type[T], /, *, party: UUID | None = None) -> Step[T] | None: ...
    @overload
    def last(self, *bodies: type[Body], party: UUID | None = None) -> AnyStep | None: ...
    def last(self, *bodies: type[Body], party: UUID | None = None) -> AnyStep | None:
        """The newest of them."""
        found = self.of(*bodies, party=party)
        return found[-1] if found else None

    @overload
    def named(self, id: UUID, body: type[T], /) -> Step[T]: ...
    @overload
    def named(self, id: UUID, /, *bodies: type[Body]) -> AnyStep: ...
    def named(self, id: UUID, /, *bodies: type[Body]) -> AnyStep:
        """The step of that id with one of these bodies (or any, when none is named), else StepUnknown."""
        step = self.by_id.get(id)
        if step is None or (bodies and not isinstance(step.body, bodies)):
            raise unlawful(problems.StepUnknown)
        return step

    def place(self, step: AnyStep) -> int:
        """The place of a step of this history."""
        return self.places[step.id]

    def round_of(self, party: UUID) -> "History":
        """The steps since the party's last decision fell: notice, hearing and review are asked for anew after it."""
        fell = (self.place(step) for one, step in self.fallen.items() if self.by_id[one].party == party)
        began = max((place + 1 for place in fell), default=0)
        return replace(self, steps=self.steps[began:], began=began) if began else self

    def objections_for(self, party: UUID) -> tuple[Objection, ...]:
        """Those that concern one party's decision: to facts, and to steps about it or about all."""
        theirs = {one.id for one in self.steps if one.party in (None, party)}
        return tuple(one for one in self.objections if one.step is None or one.step in theirs)

    @cached_property
    def by_id(self) -> dict[UUID, AnyStep]:
        """Each step by its id."""
        return {one.id: one for one in self.steps}

    @cached_property
    def places(self) -> dict[UUID, int]:
        """The place of each step."""
        return {one.id: number for number, one in enumerate(self.steps)}

    @cached_property
    def parties(self) -> dict[UUID, Party]:
        """Whom the case is against."""
        found = self.of(Proposed, DecidedOnTheSpot, ScopeWidened)
        return {one.id: one for step in found for one in step.body.parties}

    @cached_property
    def conducts(self) -> dict[UUID, Conduct]:
        """What was done."""
        found = self.of(Proposed, DecidedOnTheSpot, ScopeWidened)
        return {one.id: one for step in found for one in step.body.conducts}

    @property
    def findings(self) -> tuple[UUID, ...]:
        """The findings that its conducts come from."""
        return tuple(dict.fromkeys(one.finding for one in self.conducts.values() if one.finding is not None))

    @property
    def measures(self) -> tuple[UUID, ...]:
        """The orders on site that its seizures name."""
        return tuple(one.body.measure for one in self.of(Seized) if one.body.measure is not None)

    @cached_property
    def registered(self) -> Step[Registered] | None:
        """The registration."""
        return self.last(Registered)

    @property
    def simple(self) -> bool:
        """Whether it was decided on the spot (简易程序)."""
        return bool(self.of(DecidedOnTheSpot))

    @property
    def ended(self) -> AnyStep | None:
        """The step that ended the case."""
        return self.last(Closed, NotRegistered)

    @cached_property
    def team(self) -> tuple[Officer, ...]:
        """The officers who investigate now."""
        step = self.last(Proposed, OfficersAssigned, DecidedOnTheSpot)
        return step.officers if step else ()

    @cached_property
    def investigators(self) -> frozenset[UUID]:
        """Everybody who ever investigated: none of them chairs the hearing or reviews the draft."""
        return frozenset(officer.account for step in self.of(*_INVESTIGATING) for officer in step.officers)

    @cached_property
    def recused(self) -> dict[UUID, datetime]:
        """Who was recused, and since when: in the inspection before, or in the case."""
        since = dict(self.recused_before)
        for step in self.of(RecusalDecided):
            if step.body.granted:  # Since the first time: a second request moves nothing.
                officer: UUID = self.by_id[step.body.asked].body.officer
                since[officer] = min(step.at, since.get(officer, step.at))
        return since

    @cached_property
    def excluded(self) -> frozenset[UUID]:
        """Facts that were set aside."""
        return frozenset(step.body.step for step in self.of(Excluded))

    def decisions(self, party: UUID | None = None) -> tuple[Step[Decided | DecidedOnTheSpot], ...]:
        """The decisions in force, of one party or of all."""
        made = self.of(Decided, DecidedOnTheSpot, party=party)
        return tuple(one for one in made if one.id not in self.fallen)

    @cached_property
    def fallen(self) -> dict[UUID, AnyStep]:
        """The decisions that are no longer in force, and by which step: the first that undid it."""
        by = ((self._fallen_by(step), step) for step in reversed(self.steps))
        return {decision: step for decision, step in by if decision is not None}

    def _fallen_by(self, step: AnyStep) -> UUID | None:
        if isinstance(step.body, Revoked):
            return step.body.decision
        if isinstance(step.body, OutcomeReceived) and step.body.result in FELL:
            decision: UUID = self.by_id[step.body.filed].body.decision
            return decision
        return None

    def _with(self, bodies: tuple[type[Body], ...]) -> list[AnyStep]:
        if len(bodies) == 1:
            return self._by_body.get(bodies[0], [])
        return [one for one in self.steps if isinstance(one.body, bodies)]

    @cached_property
    def _by_body(self) -> dict[type, list[AnyStep]]:
        found: dict[type, list[AnyStep]] = {}
        for one in self.steps:
            found.setdefault(type(one.body), []).append(one)
        return found
