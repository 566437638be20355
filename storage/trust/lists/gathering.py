"""What the record already knows of a list: officers' certificates, powers, supervisors, who signed and who is late."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import asyncpg

from storage.promises.years.rules import cause_of, due_of, status_of
from storage.promises.years.tables import CommitmentStatus
from storage.record.clock import day_of
from storage.record.glossary.labels import LABELS
from storage.record.law import Law
from storage.record.law.powers import Holder
from storage.register.mines.tables import MineState
from storage.trust.disclosures.copies.lists import Item
from storage.trust.lists.rules import Agency
from storage.trust.lists.tables import ListKind

_OF_AGENCY = "{0}.county LIKE $1 || '%' AND ($2 = '' OR {0}.office = $2)"
# Who may inspect on that day: a person who acts for a mine has no certificate that counts.
_CERTIFICATES = """
SELECT a.name, c.number, c.valid_to, coalesce(o.name, d.name, '') AS place FROM certificates c
JOIN accounts a ON a.id = c.account_id
LEFT JOIN offices o ON o.code = a.office LEFT JOIN divisions d ON d.code = a.county
WHERE c.withdrawn_at IS NULL AND c.valid_from <= $3 AND c.valid_to >= $3 AND a.closed_at IS NULL AND a.mine_id IS NULL
  AND CASE WHEN $2 = '' THEN a.office IS NULL AND a.county LIKE $1 || '%' ELSE a.office = $2 END
ORDER BY place, a.name, c.number
"""
_SUPERVISORS = f"""
SELECT m.name, m.credit_code, m.county, d.name AS supervisor FROM mines m JOIN divisions d ON d.code = m.supervisor
WHERE m.state <> '{MineState.CLOSED}' AND {_OF_AGENCY.format("m")} ORDER BY m.county, m.name, m.id
"""
_PROMISES = f"""
WITH signed AS (
  SELECT DISTINCT ON (c.mine_id) c.mine_id, c.id, c.signed_at FROM commitments c JOIN mines m ON m.id = c.mine_id
  WHERE c.year = $3 AND {_OF_AGENCY.format("m")} ORDER BY c.mine_id, c.signed_at DESC, c.id DESC
)
SELECT m.name, m.credit_code, m.county, m.state, s.signed_at, t.cause,
  EXISTS (SELECT FROM templates p WHERE p.year = $3 AND p.approved) AS asked
FROM mines m LEFT JOIN signed s ON s.mine_id = m.id
LEFT JOIN commitments_standing(ARRAY(SELECT id FROM signed), $4) t ON t.commitment_id = s.id
WHERE {_OF_AGENCY.format("m")} ORDER BY m.county, m.name, m.id
"""
_TO_SIGN = (MineState.PRODUCING, MineState.BUILDING)


async def items_of(
    sql: "asyncpg.Connection[Any]", kind: ListKind, agency: Agency, *, law: Law, on: date
) -> Sequence[Item]:
    """The lines of a list that the record knows, within the session's sight; one statement."""
    if kind is ListKind.POWERS:
        return _powers(agency, law, on)
    if kind is ListKind.CERTIFICATES:
        rows = await sql.fetch(_CERTIFICATES, agency.county, agency.office, on)
        return [Item(name=row[0], number=row[1], day=row[2], text=row[3] or None) for row in rows]
    if kind is ListKind.SUPERVISORS:
        rows = await sql.fetch(_SUPERVISORS, agency.county, agency.office)
        return [Item(name=row[0], credit_code=row[1], county=row[2], text=row[3]) for row in rows]
    rows = await sql.fetch(_PROMISES, agency.county, agency.office, on.year, on)
    due = due_of(law, on.year)
    return [one for row in rows if (one := _promise(row, kind, due=due, today=on)) is not None]


def _powers(agency: Agency, law: Law, on: date) -> Sequence[Item]:
    """实施意见三（一）1: what an agency of this kind may check, on what ground, and how what is found is dealt with."""
    holder = Holder.SAFETY_ADMINISTRATION if agency.office else Holder.DEPARTMENT
    return [
        Item(name=one.name, article=f"{one.ground}；{one.article}", text=one.handling)
        for one in law.powers_on(on) if holder in one.holders
    ]  # fmt: skip


def _promise(row: "asyncpg.Record", kind: ListKind, *, due: date, today: date) -> Item | None:
    """A mine in the list of those that signed, or of those that are late; None where it belongs to the other."""
    signed = row["signed_at"] is not None
    status = status_of(
        stands=signed and row["cause"] is None, to_sign=row["state"] in _TO_SIGN, asked=row["asked"], due=due,
        today=today,
    )  # fmt: skip
    named: dict[str, Any] = {"name": row["name"], "credit_code": row["credit_code"], "county": row["county"]}
    if kind is ListKind.SIGNED:
        return Item(**named, day=day_of(row["signed_at"])) if status is CommitmentStatus.SIGNED else None
    if status is not CommitmentStatus.OVERDUE:
        return None
    cause = cause_of(signed=signed, cause=row["cause"])
    return Item(**named, day=due, text=LABELS["UnsignedCause"][cause.value][0] if cause else None)
