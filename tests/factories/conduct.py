"""Matters of conduct for tests: told by steps alone, and opened about an officer of an inspection under way."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.casework.conduct import operations, rules
from storage.casework.conduct.history import Asked, Complainant, History, Opening, Step
from storage.casework.conduct.queries import MatterRow
from storage.casework.conduct.rules import Hand
from storage.casework.conduct.tables import About, ConductTurn, MatterKind
from storage.record.actor import Actor, Grant, Reach, Role
from storage.record.law import BUILT_IN
from storage.record.work import perform
from tests.factories.casework import Check, make_check
from tests.sites import NOW, Site

OPENED_AT = datetime(2025, 9, 15, 2, 0, tzinfo=UTC)  # A Monday, 10:00 in Shanghai.
OFFICER, HEAD, OTHER_HEAD, PRINCIPAL = (UUID(int=number) for number in range(1, 5))
WORDS = "该员参与了前次检查"
WHO = Complainant(name="李某", contact="13800000000")


@dataclass(slots=True)
class Tale:
    """One matter as it is told step by step; every step goes through the rules."""

    history: History
    now: datetime = OPENED_AT

    def takes(self, kind: ConductTurn, by: UUID, *, above: bool = True, **asked: Any) -> Step:
        """Takes a step as the rules allow it, or raises their Problem and leaves all as it was."""
        given = Asked(**{"id": uuid4(), "kind": kind, "words": WORDS, **asked})
        rules.must_be_a_step(given)
        hand = Hand(account=by, above=above)
        rules.must_be_takeable(self.history, given, hand=hand, law=BUILT_IN, now=self.now)
        step = Step(
            id=given.id, kind=kind, at=self.now, recorded_at=self.now, by=by, words=given.words,
            outcome=given.outcome, grounds=given.grounds, organ=given.organ, evidence=given.evidence,
        )  # fmt: skip
        self.history = replace(self.history, steps=(*self.history.steps, step))
        return step

    def passes(self, **time: float) -> "Tale":
        """Time passes."""
        self.now += timedelta(**time)
        return self


def tale(kind: MatterKind, *, by: UUID = HEAD) -> Tale:
    """A matter that was just opened about the officer."""
    first = Step(id=uuid4(), kind=ConductTurn.OPENED, at=OPENED_AT, recorded_at=OPENED_AT, by=by, words=WORDS)
    return Tale(History(kind=kind, officer_id=OFFICER, steps=(first,)))


def opening(kind: MatterKind, officer_id: UUID, **changes: Any) -> Opening:
    """A matter to open; nothing more than its kind asks for."""
    about = {MatterKind.RECUSAL: About.INSPECTION, MatterKind.EXEMPTION: About.ACCIDENT}.get(kind, About.OTHER)
    grounds = ("BREACH_LEFT",) if kind is MatterKind.PROPOSAL else ()
    usual = {"id": uuid4(), "kind": kind, "officer_id": officer_id, "words": WORDS, "about": about, "grounds": grounds}
    return Opening(**(usual | changes))  # type: ignore[arg-type] # Whatever a test wants to say.


@dataclass(slots=True)
class Agency:
    """An inspection under way, and those around it: head, head of the city above, supervision, the mine's principal."""

    check: Check
    head: Actor
    above: Actor
    auditor: Actor
    principal: Actor
    now: datetime = NOW

    @property
    def site(self) -> Site:
        return self.check.site

    @property
    def officer(self) -> Actor:
        """The one whom it is about."""
        return self.check.inspector

    async def acts(self, actor: Actor, operation: Any, **given: Any) -> Any:
        """Performs one operation, a second after the last one: entries of one moment have no order."""
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, actor, self.now, operation, **given)

    async def opens(self, by: Actor, kind: MatterKind, officer: Actor | None = None, **changes: Any) -> MatterRow:
        """Opens a matter about the officer."""
        asked = opening(kind, (officer or self.officer).account_id, **changes)
        row: MatterRow = await self.acts(by, operations.open_matter, opening=asked)
        return row

    async def recusal(self, by: Actor | None = None, officer: Actor | None = None) -> MatterRow:
        """The mine asks that the officer be recused from the inspection."""
        return await self.opens(by or self.principal, MatterKind.RECUSAL, officer, subject_id=self.check.id)

    async def takes(self, by: Actor, matter_id: UUID, kind: ConductTurn, **asked: Any) -> MatterRow:
        """Takes a step."""
        given = Asked(**{"id": uuid4(), "kind": kind, "words": WORDS, **asked})
        row: MatterRow = await self.acts(by, operations.take_step, matter_id=matter_id, asked=given)
        return row


async def make_agency(site: Site) -> Agency:
    """The agency around an inspection of the site's mine."""
    check = await make_check(site)
    above = await site.person(Role.AGENCY_HEAD, division="5202", county="520281")
    above = replace_reach(above)
    return Agency(
        check, await site.person(Role.AGENCY_HEAD), above, await site.person(Role.AUDITOR),
        await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine),
    )  # fmt: skip


def replace_reach(actor: Actor) -> Actor:
    """The city reaches itself and its counties, as sign-in resolves it."""
    reach = Reach(counties=frozenset({"5202", "520281", "520201"}))
    return replace(actor, grants=tuple(Grant(one.role, reach) for one in actor.grants), reach=reach)
