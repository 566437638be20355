"""The only acts that change inspections: opening one, and joining it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from storage.field.inspections import queries, rules
from storage.field.inspections.queries import InspectionRow, OfficerRow
from storage.field.inspections.rules import Opening, Standing
from storage.record.actor import Verb
from storage.record.clock import day_of
from storage.record.work import Work
from storage.register.mines import queries as mines
from storage.register.mines.tables import MineState
from storage.register.provisions import queries as provisions

# A twin of the same id waits at the conflict, inserts nothing, and is then compared with what stands there.
_OPEN = """
INSERT INTO inspections (id, mine_id, county, office, basis, reason, flags, lead_id, opened_by, opened_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING RETURNING true
"""
# A statement of its own: who may add officers and places is told by the inspection, which must stand there already.
_NAME = """
WITH officers AS (
  INSERT INTO inspection_officers (inspection_id, account_id, certificate_id, joined_at, device_id)
  SELECT $1, t.account, t.certificate,
    CASE WHEN t.account = $2 THEN $3::timestamptz END, CASE WHEN t.account = $2 THEN $4::uuid END
  FROM unnest($5::uuid[], $6::uuid[]) AS t(account, certificate)
)
INSERT INTO inspection_places (id, inspection_id, ordinal, name, underground)
SELECT t.id, $1, t.ordinal, t.name, t.underground
FROM unnest($7::uuid[], $8::text[], $9::boolean[]) WITH ORDINALITY AS t(id, name, underground, ordinal)
"""
_JOIN = """
UPDATE inspection_officers SET joined_at = $3, device_id = $4 WHERE inspection_id = $1 AND account_id = $2
"""


async def open_inspection(work: Work, *, opening: Opening) -> InspectionRow:
    """Opens an inspection under the client's id; the opener has joined it with that.

    The same id with the same content by the same person answers as before; else InspectionConflict. Raises the
    Problems of rules.must_be_openable, NotFound for a mine out of sight, NotAllowed without the verb at this mine.
    """
    opening = replace(opening, reason=opening.reason.strip())
    known = await _known(work, opening)
    if known is not None:
        return known
    mine = await mines.mine_of_id(work.sql, opening.mine_id)
    work.actor.require(Verb.INSPECTION_OPEN, county=mine.county, office=mine.office, mine_id=mine.id)
    day = day_of(work.now)
    standings = await queries.standings(work, opening.officers, mine=mine, day=day)
    closed = mine.state == MineState.CLOSED
    rules.must_be_openable(
        opening, opener=work.actor.account_id, standings=standings, mine_closed=closed,
        law=await provisions.law_of(work.sql), on=day,
    )  # fmt: skip
    flags = [flag.value for flag in rules.flags_of(opening.places, mine_closed=closed)]
    if not await _insert(work, opening, mine=mine, flags=flags, standings=standings):
        return await _twin(work, opening)
    work.record(
        "inspection.opened", opening.id, county=mine.county, office=mine.office, mine_id=mine.id,
        data=_told(opening, flags=flags, standings=standings, day=day),
    )  # fmt: skip
    return await queries.inspection_of_id(work.sql, opening.id)


async def join_inspection(work: Work, *, inspection_id: UUID) -> OfficerRow:
    """The actor joins an inspection that names him as officer, on the device of his sign-in; once.

    Repeated on the same device it answers as before; on another one AlreadyJoined. Raises NotFound, NotAnOfficer,
    DeviceNeeded, DeviceOfAnotherOfficer; NotAllowed without the verb.
    """
    inspection = await queries.inspection_of_id(work.sql, inspection_id)
    officer = await queries.officer_to_join(work, inspection_id)
    scope: dict[str, Any] = {"county": inspection.county, "office": inspection.office, "mine_id": inspection.mine_id}
    work.actor.require(Verb.INSPECTION_JOIN, **scope)
    if officer is None:
        raise rules.NotAnOfficer()
    others = await queries.devices_of_others(work, inspection_id)
    device = rules.must_be_own_device(work.actor.device_id, of_others=others)
    if officer.joined_at is not None and rules.has_joined_on(officer.device_id, device):
        return officer
    await work.sql.execute(_JOIN, inspection_id, work.actor.account_id, work.now, device)
    work.record(
        "inspection.joined", inspection_id, **scope,
        data={"account": str(officer.account_id), "certificate": str(officer.certificate_id), "device": str(device)},
    )  # fmt: skip
    return replace(officer, joined_at=work.now, device_id=device)


async def _known(work: Work, opening: Opening) -> InspectionRow | None:
    known, row = await queries.opening_known(work, opening.id)
    if known is None or row is None:
        return None
    rules.must_be_same(opening, known, opener=work.actor.account_id, opened_by=row.opened_by)
    return row


async def _twin(work: Work, opening: Opening) -> InspectionRow:
    """Another act stored this id first: the same one, or a conflict, which an id out of sight is too."""
    row = await _known(work, opening)
    if row is None:
        raise rules.InspectionConflict()
    return row


async def _insert(
    work: Work, opening: Opening, *, mine: mines.MineRow, flags: list[str], standings: dict[UUID, Standing]
) -> bool:
    opener = work.actor.account_id
    inserted = await work.sql.fetchval(
        _OPEN, opening.id, mine.id, mine.county, mine.office, opening.basis.value, opening.reason, flags,
        opening.lead_id, opener, work.now,
    )  # fmt: skip
    if not inserted:
        return False
    certificates = [standings[account].certificate_id for account in opening.officers]
    await work.sql.execute(
        _NAME, opening.id, opener, work.now, work.actor.device_id, list(opening.officers), certificates,
        [one.id for one in opening.places], [one.name for one in opening.places],
        [one.underground for one in opening.places],
    )  # fmt: skip
    return True


def _told(opening: Opening, *, flags: list[str], standings: dict[UUID, Standing], day: date) -> dict[str, Any]:
    """What the entry says: enough to judge the opening from the ledger alone."""
    return {
        "mine": str(opening.mine_id),
        "basis": opening.basis.value,
        "reason": opening.reason,
        "day": day.isoformat(),
        "lead": str(opening.lead_id),
        "officers": [
            {"account": str(account), "certificate": str(standings[account].certificate_id)}
            for account in opening.officers
        ],
        "places": [{"id": str(one.id), "name": one.name, "underground": one.underground} for one in opening.places],
        "flags": flags,
    }
