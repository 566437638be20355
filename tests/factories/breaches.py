"""Makes signed commitments as they stand in the record, and the people and sources by which a breach is found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from storage.promises.breaches import consequences, operations
from storage.promises.breaches.rules import Answer, Proposed
from storage.promises.breaches.tables import (
    Breach,
    BreachConsequence,
    BreachConsequenceKind,
    BreachConsequenceOf,
    BreachSource,
)
from storage.promises.commitments import rules
from storage.promises.commitments.tables import AnswerOutcome, ClauseAnswer
from storage.promises.templates.rules import Clause, Promised, digest_of, text_of
from storage.record.actor import Actor, Role
from storage.record.clock import day_of
from storage.record.ledger.proofs.commitments.documents import digest_of as digest_of_bytes
from storage.record.work import perform
from tests.factories.casework import Check, make_check
from tests.factories.templates import clauses
from tests.sites import NOW, Site

YEAR = NOW.year
GAS = "GAS_IN_RETURN"


def answer_of(clause: Clause, outcome: AnswerOutcome = AnswerOutcome.MET, by_day: date | None = None) -> ClauseAnswer:
    """What a mine says of a clause."""
    return ClauseAnswer(
        id=uuid4(), mine_id=uuid4(), county="520281", office="GZ-1", year=YEAR, key=clause.key,
        clause_digest=digest_of(clause), outcome=outcome, by_day=by_day, measure="加装传感器" if by_day else None,
        words="", evidence=[], answered_by=uuid4(), answered_at=NOW,
    )  # fmt: skip


async def approve_template(site: Site, given: Sequence[Clause] | None = None, *, year: int = YEAR) -> UUID:
    """The year's template, put straight into the table."""
    known: UUID | None = await site.rows.fetchval("SELECT id FROM templates WHERE year = $1 AND approved", year)
    if known is not None:
        return known
    people = [await site.person(Role.LEGAL_REVIEWER, division="52"), await site.person(Role.AGENCY_HEAD, division="52")]
    id = uuid4()
    await site.put(
        "templates", id=id, year=year, version=1, clauses=text_of(tuple(given or clauses())), note="",
        drafted_by=people[0].account_id, drafted_at=NOW, approved=True, decided_by=people[1].account_id,
        decided_at=NOW, decision_note="",
    )  # fmt: skip
    return id


async def lead_mine(site: Site, mine: UUID, principal: Actor) -> None:
    """Enters the principal into the mine's register, by which his signature stands."""
    person = uuid4()
    await site.put("persons", id=person, mine_id=mine, county="520281", office="GZ-1", name="矿长",
                   number_hash=person.bytes * 2, number_tail="0000", account_id=principal.account_id,
                   registered_at=NOW, sample=False)  # fmt: skip
    await site.put("posts", id=uuid4(), person_id=person, mine_id=mine, county="520281", office="GZ-1",
                   kind="PRINCIPAL", from_day=date(2020, 1, 1), recorded_at=NOW, flags=[])  # fmt: skip


async def sign(
    site: Site,
    principal: Actor,
    *,
    mine: UUID | None = None,
    given: Sequence[Clause] | None = None,
    said: dict[str, tuple[AnswerOutcome, date | None]] | None = None,
    year: int = YEAR,
    at: datetime | None = None,
    supersedes: UUID | None = None,
) -> UUID:
    """A commitment of a mine, signed in ink, put straight into the tables as its principal's act leaves it."""
    where, template = mine or site.mine, await approve_template(site, given, year=year)
    promised, when, id, nonce = tuple(given or clauses()), at or NOW - timedelta(days=300), uuid4(), uuid4().bytes * 2
    answers = {one.key: answer_of(one, *(said or {}).get(one.key, (AnswerOutcome.MET, None))) for one in promised}
    content = rules.laid(
        [Promised(one, own=False) for one in promised], answers, mine=(where, "甲煤矿"),
        principal=(principal.account_id, "矿长"), year=year, template=(template, 1), nonce=nonce,
    )  # fmt: skip
    row: dict[str, Any] = {
        "mine_id": where, "county": "520281", "office": "GZ-1", "year": year, "template_id": template,
        "principal": principal.account_id, "digest": digest_of_bytes(content), "content": content,
        "disasters": ["HIGH_GAS"], "pdf_sha256": bytes(32), "pdf_size": 1, "object_name": "a", "object_version": "1",
    }  # fmt: skip
    await site.put("commitment_previews", id=id, nonce=nonce, laid_at=when, **row)
    await site.put("commitments", id=id, preview_id=id, way="INK", scan=bytes(32), signed_at=when, entry_id=uuid4(),
                   supersedes=supersedes, **row)  # fmt: skip
    return id


@dataclass
class Broken:
    """A mine whose principal signed, an inspection under way, and the people who find, answer and decide."""

    site: Site
    check: Check
    principal: Actor
    head: Actor
    commitment: UUID
    now: datetime = NOW
    made: list[UUID] = field(default_factory=list)

    async def acts(self, operation: Any, actor: Actor, **given: Any) -> Any:
        self.now += timedelta(seconds=1)
        return await perform(self.site.database, actor, self.now, operation, **given)

    async def finds(self, *, by: Actor | None = None, finding: UUID | None = None, **changes: Any) -> Breach:
        """A breach of the gas clause, from a finding of the inspection unless told otherwise."""
        given: dict[str, Any] = {
            "mine_id": self.site.mine, "key": GAS, "source": BreachSource.FINDING, "words": "总回风瓦斯超过承诺限值",
        }  # fmt: skip
        if "source_id" not in changes:
            given["source_id"] = finding or (await self.check.finds()).id
        found: Breach = await self.acts(operations.find_breach, by or self.check.lead, **(given | changes))
        return found

    async def answers(self, id: UUID, *, by: Actor | None = None, **changes: Any) -> Breach:
        """The principal accepts, and corrects within ten days."""
        usual: dict[str, Any] = {
            "accepts": True, "words": "已更换传感器并加强巡检", "correct_by": day_of(self.now) + timedelta(days=10),
        }  # fmt: skip
        answer = Answer(**(usual | changes))
        row: Breach = await self.acts(operations.answer_breach, by or self.principal, breach_id=id, answer=answer)
        return row

    async def decides(
        self, id: UUID, *, by: Actor | None = None, stands: bool = True, words: str = "认定属实"
    ) -> Breach:
        """Another officer decides."""
        row: Breach = await self.acts(
            operations.decide_breach, by or self.check.inspector, breach_id=id, stands=stands, words=words
        )
        return row

    async def stands(self, **changes: Any) -> Breach:
        """A breach that was found, answered, and stands."""
        found = await self.finds(**changes)
        await self.answers(found.id)
        return await self.decides(found.id)

    async def proposes(self, *breaches: UUID, by: Actor | None = None, **changes: Any) -> BreachConsequence:
        """A talk with the company."""
        usual: dict[str, Any] = {
            "kind": BreachConsequenceKind.TALK, "against": BreachConsequenceOf.COMPANY, "breaches": breaches,
            "words": "约谈企业主要负责人",
        }  # fmt: skip
        row: BreachConsequence = await self.acts(
            consequences.propose_consequence, by or self.check.lead, mine_id=self.site.mine,
            proposed=Proposed(**(usual | changes)),
        )  # fmt: skip
        return row

    async def imposes(self, id: UUID, *, by: Actor | None = None, approve: bool = True) -> BreachConsequence:
        """The head decides what was proposed."""
        row: BreachConsequence = await self.acts(
            consequences.decide_consequence, by or self.head, consequence_id=id, approve=approve, words="同意约谈"
        )
        return row


async def broken_of(site: Site, **signed: Any) -> Broken:
    """The site's first mine with a signed commitment of this year."""
    principal = await site.person(Role.MINE_PRINCIPAL, county=None, mine_id=site.mine)
    await lead_mine(site, site.mine, principal)
    commitment = await sign(site, principal, **signed)
    head = await site.person(Role.AGENCY_HEAD)
    return Broken(site, await make_check(site), principal, head, commitment)
