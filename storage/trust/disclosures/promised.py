"""What the copies of a commitment and of a breach are made of, read from the record."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from storage.promises.breaches import queries as breaches
from storage.promises.breaches.tables import Breach
from storage.record.clock import day_of
from storage.record.law import deadline_of, forms
from storage.record.ledger.proofs.commitments.documents import Commitment
from storage.record.problems import NotFound
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.queries import MineRow
from storage.register.provisions import queries as provisions
from storage.trust.disclosures import queries, rules
from storage.trust.disclosures.copies import promises
from storage.trust.disclosures.copies.allowed import Copy
from storage.trust.disclosures.copies.promises import BreachStanding, Broken, PromiseSigned
from storage.trust.disclosures.duties import Duty, duty_of
from storage.trust.disclosures.sources import named_of, named_on
from storage.trust.disclosures.tables import DisclosureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCommitment:
    """A signed commitment of a mine and year; `supersedes` is the one before it."""

    promise: PromiseSigned
    supersedes: UUID | None
    mine: MineRow
    duty: Duty
    shown_until: date | None
    names: tuple[str, ...]
    matter_id: UUID | None = None
    kind: DisclosureKind = DisclosureKind.COMMITMENT
    basis: str = rules.BASIS_OF_COMMITMENTS
    disputed: bool = False
    fell: bool = False

    def must_be_anothers(self, account: UUID) -> None:
        """The principal signed it, who is no officer: whichever officer publishes it is another."""

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return promises.commitment(self.promise, anew=anew)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBreach:
    """A breach, with who found and who decided it."""

    standing: BreachStanding
    authors: frozenset[UUID]
    mine: MineRow
    duty: Duty
    shown_until: date | None
    names: tuple[str, ...]
    matter_id: UUID | None = None
    kind: DisclosureKind = DisclosureKind.BREACH
    basis: str = rules.BASIS_OF_BREACHES
    disputed: bool = False
    fell: bool = False

    def must_be_anothers(self, account: UUID) -> None:
        """Neither who found it nor who decided it publishes it."""
        rules.must_be_of_others(account, self.authors)

    def copy(self, *, anew: dict[str, str], of_age: bool) -> Copy:
        return promises.breach(self.standing, anew=anew)


async def commitment_to_keep(work: Work, id: UUID) -> OfCommitment:
    """What was signed stands for good: there is nothing to lock."""
    return await commitment_seen(work.sql, id)


async def commitment_seen(sql: "asyncpg.Connection[Any]", id: UUID) -> OfCommitment:
    """A signed commitment with its mine; NotFound where its mine is out of sight."""
    row = await queries.signed_commitment(sql, id)
    if row is None:
        raise NotFound()
    mine, law = await mines.mine_of_id(sql, row["mine_id"]), await provisions.law_of(sql)
    names, signed = await queries.names_at(sql, mine.id), Commitment.decode(row["content"])
    broken = tuple(
        Broken(key=one["key"], day=one["day"], decided_on=day_of(one["decided_at"]),
               corrected_on=day_of(one["corrected_at"]) if one["corrected_at"] else None)
        for one in await queries.breaches_told(sql, mine.id, row["year"])
    )  # fmt: skip
    day = day_of(row["signed_at"])
    agency, known = forms.set_on(day).agency_of(row["office"]).name, await named_on(sql, mine, day)
    promise = PromiseSigned(
        id=id, mine=known, agency=agency, year=row["year"],
        signed_on=day, way=row["way"], sealed=row["sealed"], digest=row["digest"], principal=signed.principal_name,
        clauses=tuple(signed.clauses), answers=tuple(signed.answers), broken=broken,
        ended=(row["cause"], day_of(row["ended_at"])) if row["cause"] else None, names=names,
    )  # fmt: skip
    return OfCommitment(
        promise=promise, supersedes=row["supersedes"], mine=mine, names=names,
        duty=duty_of(law, "commitment_published", row["signed_at"]),
        shown_until=deadline_of(law, "commitment_shown", row["signed_at"]).ends,
    )  # fmt: skip


async def breach_to_keep(work: Work, id: UUID) -> OfBreach:
    """A breach, locked until the act is over: nobody finds it corrected meanwhile."""
    return await _breach(work.sql, await breaches.breach_to_change(work, id))


async def breach_seen(sql: "asyncpg.Connection[Any]", id: UUID) -> OfBreach:
    """A breach that the session's actor sees; NotFound."""
    found = await breaches.breaches_by_ids(sql, [id])
    if not found:
        raise NotFound()
    return await _breach(sql, found[0])


async def _breach(sql: "asyncpg.Connection[Any]", row: Breach) -> OfBreach:
    mine, law = await mines.mine_of_id(sql, row.mine_id), await provisions.law_of(sql)
    names, start = await queries.names_at(sql, mine.id), row.decided_at or row.found_at
    standing = BreachStanding(
        mine=named_of(mine), agency=forms.set_on(day_of(start)).agency_of(row.office).name, year=row.year,
        commitment=row.commitment_id, key=row.key, title=row.title, day=row.day, accepts=row.accepted,
        answer=row.answer, correct_by=row.correct_by, answered_on=day_of(row.answered_at) if row.answered_at else None,
        stands=row.stands, decision=row.decision, decided_on=day_of(row.decided_at) if row.decided_at else None,
        correction=row.correction, corrected_on=day_of(row.corrected_at) if row.corrected_at else None, names=names,
    )  # fmt: skip
    return OfBreach(
        standing=standing, mine=mine, names=names, duty=duty_of(law, "breach_published", start),
        authors=frozenset(who for who in (row.found_by, row.decided_by) if who is not None),
        shown_until=deadline_of(law, "breach_shown", start).ends,
    )  # fmt: skip
