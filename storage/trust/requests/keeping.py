"""The small writes by which a request is kept: its number, a step, its clock, and what anybody reads of it."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from storage.record.bulk import add_rows
from storage.record.clock import day_of
from storage.record.problems import BadInput, NotFound
from storage.record.work import Work
from storage.trust.lists.rules import Agency
from storage.trust.requests import queries
from storage.trust.requests.queries import RequestRow, StepRow
from storage.trust.requests.rules import Clock
from storage.trust.requests.tables import (
    PublicRequest,
    Request,
    RequestKind,
    RequestState,
    RequestStep,
    RequestStepKind,
)

_NUMBER = """
INSERT INTO request_years AS y (year, last) VALUES ($1, 1) ON CONFLICT (year) DO UPDATE SET last = y.last + 1
RETURNING last
"""
_ORDINAL = "SELECT coalesce(max(ordinal) + 1, 0) FROM request_steps WHERE request_id = $1"
_CLOCK = """
UPDATE requests SET state = $2, due_on = $3, over_at = $4, extended = $5, outcome = $6, closed_at = $7 WHERE id = $1
"""
_PUBLIC = "UPDATE public_requests SET {} WHERE number = $1"
_WORDS = re.compile(r"[^\W\d_]{2,}|\d{4,}")
_SAID_OF_CONTACTS = frozenset(
    {"电话", "手机", "微信", "邮箱", "邮件", "联系人", "联系电话", "联系方式", "姓名", "地址"}
)
_COLUMNS = frozenset(
    {"extension_reason", "outcome", "grounds", "closed_on", "late", "disclosure_id", "question", "answer"}
)


async def next_number(work: Work) -> str:
    """The next number of the year: its row is locked until the commit, so numbers have no gap."""
    year = day_of(work.now).year
    return f"{year}-{await work.sql.fetchval(_NUMBER, year):04d}"


async def agency_asked(work: Work, kind: RequestKind, disclosure_id: UUID | None, agency: Agency | None) -> Agency:
    """Whom a request goes to: whose the disclosure is, or whoever was named."""
    if kind is RequestKind.ERROR and disclosure_id is not None and agency is None:
        county, office = await queries.agency_of_shown(work.sql, disclosure_id)
        return Agency(county=county, office=office)
    if kind is RequestKind.INFORMATION and disclosure_id is None and agency is not None:
        if agency.office and agency.county != "52":
            raise NotFound()
        return agency
    raise BadInput(field="kind", reason=kind.value)


async def begin_public(work: Work, row: Request, *, agency: str, article: str) -> None:
    """The clock of a request that was just filed, as anybody reads it: nothing of what was asked."""
    await add_rows(work.sql, [PublicRequest(
        number=row.number, kind=row.kind, county=row.county, agency=agency, filed_on=day_of(row.filed_at),
        due_on=row.due_on, article=article, state=row.state, grounds="",
    )])  # fmt: skip


async def keep_step(
    work: Work, row: RequestRow, kind: RequestStepKind, words: str, parts: str, *, by_id: UUID | None, id: UUID
) -> StepRow:
    """One more step."""
    ordinal = await work.sql.fetchval(_ORDINAL, row.id)
    await add_rows(work.sql, [RequestStep(
        id=id, request_id=row.id, ordinal=ordinal, kind=kind, at=work.now, by_id=by_id, words=words, parts=parts,
    )])  # fmt: skip
    return StepRow(id, row.id, ordinal, kind.value, work.now, by_id, words, parts)


async def keep_clock(
    work: Work, row: RequestRow, clock: Clock, *, outcome: str | None, public: Mapping[str, Any]
) -> None:
    """How it stands from now on, in the record and in public. What was answered keeps the last day that it had."""
    closed = clock.state is RequestState.ANSWERED
    due, over = (row.due_on, row.over_at) if closed else (clock.due_on, clock.over_at)
    await work.sql.execute(
        _CLOCK, row.id, clock.state.value, due, over, clock.extended, outcome, work.now if closed else None
    )
    told = {"state": clock.state.value, "due_on": due, "extended": clock.extended} | dict(public)
    if strange := public.keys() - _COLUMNS:
        raise KeyError(", ".join(sorted(strange)))
    columns = ", ".join(f"{name} = ${at}" for at, name in enumerate(told, 2))
    await work.sql.execute(_PUBLIC.format(columns), row.number, *told.values())


def digest_of(words: str) -> str:
    """What an entry says of a text: that it was this one."""
    return hashlib.sha256(words.encode()).hexdigest()


def words_of(contact: str) -> tuple[str, ...]:
    """The words and numbers of a contact: none of them may stand in what anybody reads."""
    return tuple(one for one in _WORDS.findall(contact) if one not in _SAID_OF_CONTACTS)
