"""Every select of inspection schemes, law talks, classes and the burden of mines; each under its actor's sight."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from storage.casework.schemes.rules import Burden, Check, Draft, Item, PreviousFinding, caps_of
from storage.casework.schemes.tables import (
    Cause,
    LawTalk,
    Manner,
    MineClass,
    MineClassification,
    Scheme,
    SchemeItem,
    Side,
)
from storage.field.inspections.queries import InspectionRow
from storage.record.actor import Actor, Verb
from storage.record.clock import SHANGHAI
from storage.record.law import Law
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work

_SCHEME = tuple(Scheme.model_fields)
_SCHEMES = Listed(table="schemes", columns=_SCHEME, key="drafted_at")
_INSPECTIONS = Listed(table="inspections", columns=tuple(InspectionRow.__dataclass_fields__), key="opened_at")
_NO_SCHEME = "NOT EXISTS (SELECT FROM schemes s WHERE s.inspection_id = inspections.id)"
_CHECKS = """
SELECT i.id, i.opened_at, i.basis, s.cause FROM inspections i LEFT JOIN schemes s ON s.inspection_id = i.id
WHERE i.mine_id = $1 AND i.opened_at >= $2 AND i.opened_at < $3 ORDER BY i.opened_at, i.id LIMIT 1000
"""
_SCHEDULED = """
SELECT count(*) FROM schemes WHERE mine_id = $1 AND scheduled_for BETWEEN $2 AND $3 AND cause = 'PLAN'
  AND approved_at IS NOT NULL AND inspection_id IS NULL AND id IS DISTINCT FROM $4
"""
_LAST_FINDINGS = """
SELECT id, fact FROM findings WHERE inspection_id = (
  SELECT inspection_id FROM findings WHERE mine_id = $1 ORDER BY seen_at DESC, id DESC LIMIT 1
) ORDER BY seen_at, id LIMIT 200
"""
_CLASS = """
SELECT mine_class FROM mine_classes WHERE mine_id = $1 AND from_day <= $2 ORDER BY from_day DESC, id DESC LIMIT 1
"""


async def schemes_visible_to(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[Scheme]:
    """The schemes, newest first by (drafted_at, id), at most `limit`, behind the given one; one statement."""
    statement = page_within(
        _SCHEMES, actor.reach_of(Verb.SCHEME_READ), limit=limit, behind=behind, backwards=backwards,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [Scheme(**dict(row)) for row in await sql.fetch(statement.text, *statement.arguments)]


async def inspections_without_scheme(
    sql: "asyncpg.Connection[Any]",
    actor: Actor,
    *,
    limit: int,
    behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False,
    mine_id: UUID | None = None,
) -> list[InspectionRow]:
    """The inspections that no scheme belongs to, newest first; one statement."""
    statement = page_within(
        _INSPECTIONS, actor.reach_of(Verb.SCHEME_READ), limit=limit, behind=behind, backwards=backwards,
        where={_NO_SCHEME: ()}, along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [InspectionRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def schemes_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[Scheme]:
    """Those of the schemes that the session's actor sees; one statement."""
    return [Scheme(**dict(row)) for row in await sql.fetch("SELECT * FROM schemes WHERE id = ANY ($1)", list(ids))]


async def schemes_of_inspections(sql: "asyncpg.Connection[Any]", inspection_ids: Sequence[UUID]) -> list[Scheme]:
    """The schemes that these inspections carry out; one statement."""
    rows = await sql.fetch("SELECT * FROM schemes WHERE inspection_id = ANY ($1)", list(inspection_ids))
    return [Scheme(**dict(row)) for row in rows]


async def items_of(sql: "asyncpg.Connection[Any]", scheme_ids: Sequence[UUID]) -> list[SchemeItem]:
    """The items of these schemes in their order; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM scheme_items WHERE scheme_id = ANY ($1) ORDER BY scheme_id, ordinal", list(scheme_ids)
    )
    return [SchemeItem(**dict(row)) for row in rows]


async def talks_of(sql: "asyncpg.Connection[Any]", inspection_ids: Sequence[UUID]) -> list[LawTalk]:
    """The law talks of these inspections, oldest first; one statement."""
    rows = await sql.fetch(
        "SELECT * FROM law_talks WHERE inspection_id = ANY ($1) ORDER BY starts_at, id", list(inspection_ids)
    )
    return [LawTalk(**dict(row)) for row in rows]


async def talks_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[LawTalk]:
    """Those of the law talks that the session's actor sees."""
    return [LawTalk(**dict(row)) for row in await sql.fetch("SELECT * FROM law_talks WHERE id = ANY ($1)", list(ids))]


async def class_of_id(sql: "asyncpg.Connection[Any]", id: UUID) -> MineClassification:
    """One classification; NotFound if unseen."""
    row = await sql.fetchrow("SELECT * FROM mine_classes WHERE id = $1", id)
    if row is None:
        raise NotFound()
    return MineClassification(**dict(row))


async def burden_of(
    sql: "asyncpg.Connection[Any]", law: Law, *, mine_id: UUID, day: date, besides: UUID | None = None
) -> Burden:
    """How often the mine was checked in the year of a day, with the sources, and what caps hold; three statements.

    `besides` is a scheme that is not counted: the one that is being judged.
    """
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    start = datetime.combine(first, datetime.min.time(), SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), SHANGHAI)
    rows = await sql.fetch(_CHECKS, mine_id, start, end)
    known = await sql.fetchval(_CLASS, mine_id, day)
    mine_class = MineClass(known) if known else None
    cap, class_cap = caps_of(law, mine_class, on=day)
    checks = tuple(
        Check(inspection_id=row["id"], opened_at=row["opened_at"], cause=Cause(row["cause"]) if row["cause"] else None,
              planned=(row["cause"] or row["basis"]) in ("PLAN", "PLANNED"))
        for row in rows
    )  # fmt: skip
    return Burden(
        year=day.year, checks=checks, mine_class=mine_class, cap=cap, class_cap=class_cap,
        scheduled=await sql.fetchval(_SCHEDULED, mine_id, first, last, besides),
    )  # fmt: skip


async def findings_of_last_inspection(sql: "asyncpg.Connection[Any]", mine_id: UUID) -> list[PreviousFinding]:
    """What the last inspection of a mine that found anything found (三（十四）3: 上一次检查发现问题), at most 200."""
    rows = await sql.fetch(_LAST_FINDINGS, mine_id)
    return [PreviousFinding(id=row["id"], text=row["fact"]) for row in rows]


async def draft_known(work: Work, id: UUID) -> tuple[Draft | None, Scheme | None]:
    """What an earlier act drafted under this id, as far as this actor sees it."""
    found = await schemes_by_ids(work.sql, [id])
    if not found:
        return None, None
    row = found[0]
    draft = Draft(
        id=row.id, mine_id=row.mine_id, cause=Cause(row.cause), reference=row.reference, lead_id=row.lead_id,
        scheduled_for=row.scheduled_for, officers=tuple(row.officers),
        items=tuple(item_facts(one) for one in await items_of(work.sql, [id])),
    )  # fmt: skip
    return draft, row


def item_facts(row: SchemeItem) -> Item:
    """An item as it was drafted."""
    return Item(
        id=row.id, power=row.power, text=row.text, side=Side(row.side), underground=row.underground,
        manner=Manner(row.manner), officer_id=row.officer_id, why=row.why,
    )  # fmt: skip


async def scheme_to_change(work: Work, scheme_id: UUID) -> Scheme:
    """The scheme, locked; NotFound if unseen."""
    return Scheme(**await _locked(work, "schemes", scheme_id))


async def item_to_answer(work: Work, item_id: UUID) -> SchemeItem:
    """The item, locked; NotFound if unseen."""
    return SchemeItem(**await _locked(work, "scheme_items", item_id))


async def mine_to_schedule(work: Work, mine_id: UUID) -> None:
    """The mine, locked, so that two planned checks are not approved past the cap at one moment."""
    await work.sql.execute("SELECT FROM mines WHERE id = $1 FOR NO KEY UPDATE", mine_id)


async def is_officer(work: Work, inspection_id: UUID) -> bool:
    """Whether the actor is an officer of the inspection."""
    return bool(
        await work.sql.fetchval(
            "SELECT true FROM inspection_officers WHERE inspection_id = $1 AND account_id = $2",
            inspection_id, work.actor.account_id,
        )
    )  # fmt: skip


async def _locked(work: Work, table: str, id: UUID) -> dict[str, Any]:
    row = await work.sql.fetchrow(f"SELECT * FROM {table} WHERE id = $1 FOR NO KEY UPDATE", id)  # Our own names.
    if row is None:
        raise NotFound()
    return dict(row)
