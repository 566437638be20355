"""Every select of exposures on the agency's side; each returns what its actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from storage.record.actor import Actor
from storage.record.problems import NotFound
from storage.record.scopes import Listed, page_within
from storage.record.work import Work
from storage.trust.exposures.rules import Piece
from storage.trust.exposures.tables import ExposureState


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """An exposure as the agency reads it."""

    id: UUID
    case_id: UUID
    mine_id: UUID
    county: str
    office: str
    state: str
    content: bytes = field(repr=False)
    digest: bytes
    drafted_by: UUID
    drafted_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    disclosure_id: UUID | None


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture of an exposure, without the secret of its tree."""

    exposure_id: UUID
    ordinal: int
    evidence_id: UUID
    original: bytes
    root: bytes
    proof: bytes = field(repr=False)
    hints: bytes = field(repr=False)
    sha256: bytes
    size: int
    object_name: str
    object_version: str


_COLUMNS = tuple(one.name for one in fields(ExposureRow))
_EXPOSURES = Listed(table="exposures", columns=_COLUMNS, key="drafted_at")
_BY_IDS = f"SELECT {', '.join(_COLUMNS)} FROM exposures WHERE id = ANY ($1::uuid[])"
_TO_CHANGE = f"SELECT {', '.join(_COLUMNS)} FROM exposures WHERE id = $1 FOR UPDATE"
_PICTURES = (
    f"SELECT {', '.join(one.name for one in fields(PictureRow))} FROM exposure_pictures"
    " WHERE exposure_id = ANY ($1::uuid[]) ORDER BY exposure_id, ordinal"
)
# A piece with the inspection that its recording is of, and whether any step that names it was not set aside.
_PIECES = """
SELECT e.id, e.state, e.sniffed_type, i.basis, e.sha256, e.size, e.object_name, e.object_version,
  ARRAY(SELECT c.step_id FROM case_pieces c WHERE c.evidence_id = e.id AND c.case_id = $2) AS steps
FROM evidence e JOIN recordings r ON r.id = e.recording_id JOIN inspections i ON i.id = r.inspection_id
WHERE e.id = ANY ($1::uuid[]) AND EXISTS (SELECT FROM case_pieces c WHERE c.evidence_id = e.id AND c.case_id = $2)
"""
_SHOWN = (
    f"SELECT {', '.join(f'p.{one.name}' for one in fields(PictureRow))} FROM exposure_pictures p"
    " JOIN exposures x ON x.id = p.exposure_id JOIN public_rows r ON r.id = x.disclosure_id"
    " WHERE (p.exposure_id, p.ordinal) > ($1, $2) ORDER BY p.exposure_id, p.ordinal LIMIT $3"
)
_LAID = """
SELECT count(*) FROM exposure_objects WHERE object_name = ANY ($1::text[]) AND case_id = $2 AND laid_by = $3
  AND removed_at IS NULL
"""
# What nobody took up within the hour; what was dropped; what was published and is shown no more.
_TO_REMOVE = """
SELECT o.object_name FROM exposure_objects o
LEFT JOIN exposure_pictures p ON p.object_name = o.object_name LEFT JOIN exposures x ON x.id = p.exposure_id
LEFT JOIN disclosures d ON d.id = x.disclosure_id
WHERE o.removed_at IS NULL AND ((p.object_name IS NULL AND o.laid_at < $1) OR x.state = 'DROPPED'
  OR (x.state = 'PUBLISHED' AND d.state NOT IN ('SHOWN', 'DISPUTED')))
ORDER BY o.laid_at, o.object_name LIMIT $2
"""


async def exposures_visible_to(
    sql: "asyncpg.Connection[Any]", actor: Actor, *, limit: int, behind: tuple[datetime, UUID] | None = None,
    backwards: bool = False, mine_id: UUID | None = None, state: ExposureState | None = None,
) -> list[ExposureRow]:  # fmt: skip
    """A page of the exposures within reach, newest first; one statement."""
    statement = page_within(
        _EXPOSURES, actor.reach, limit=limit, behind=behind, backwards=backwards,
        only={"state": state.value} if state is not None else None,
        along=("mine_id", mine_id) if mine_id is not None else None,
    )  # fmt: skip
    return [ExposureRow(*row) for row in await sql.fetch(statement.text, *statement.arguments)]


async def exposures_by_ids(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[ExposureRow]:
    """Those of the exposures that the session's actor sees; one statement."""
    return [ExposureRow(*row) for row in await sql.fetch(_BY_IDS, list(ids))]


async def exposure_again(work: Work, id: UUID) -> ExposureRow:
    """What a replay answers."""
    found = await exposures_by_ids(work.sql, [id])
    if not found:
        raise NotFound()
    return found[0]


async def exposure_to_change(work: Work, id: UUID) -> ExposureRow:
    """The exposure, locked until the act is over; NotFound out of sight."""
    row = await work.sql.fetchrow(_TO_CHANGE, id)
    if row is None:
        raise NotFound()
    return ExposureRow(*row)


async def pictures_of(sql: "asyncpg.Connection[Any]", ids: Sequence[UUID]) -> list[PictureRow]:
    """The pictures of these exposures, in their order; one statement."""
    return [PictureRow(*row) for row in await sql.fetch(_PICTURES, list(ids))]


async def picture_of(sql: "asyncpg.Connection[Any]", id: UUID, ordinal: int) -> PictureRow:
    """One of them; NotFound."""
    found = [one for one in await pictures_of(sql, [id]) if one.ordinal == ordinal]
    if not found:
        raise NotFound()
    return found[0]


async def secret_of(work: Work, id: UUID, ordinal: int) -> bytes:
    """The secret of a picture's tree; NotFound."""
    found: bytes | None = await work.sql.fetchval(
        "SELECT secret FROM exposure_pictures WHERE exposure_id = $1 AND ordinal = $2", id, ordinal
    )
    if found is None:
        raise NotFound()
    return found


async def pieces_of(
    sql: "asyncpg.Connection[Any]", case_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, tuple[Piece, tuple[UUID, ...]]]:
    """Those of the pieces that steps of the case name, each with these steps; one statement."""
    return {
        row["id"]: (
            Piece(id=row["id"], state=row["state"], media_type=row["sniffed_type"], basis=row["basis"],
                  sha256=row["sha256"], size=row["size"], object_name=row["object_name"],
                  object_version=row["object_version"]),
            tuple(row["steps"]),
        )
        for row in await sql.fetch(_PIECES, list(ids), case_id)
    }  # fmt: skip


async def laid_and_there(work: Work, case_id: UUID, names: Sequence[str]) -> int:
    """How many of these objects the acting account laid down for the case, and nobody removed since."""
    count: int = await work.sql.fetchval(_LAID, list(names), case_id, work.actor.account_id)
    return count


async def pictures_shown(sql: "asyncpg.Connection[Any]", *, after: tuple[UUID, int], limit: int) -> list[PictureRow]:
    """The next pictures that anybody may have, by exposure and place; one statement."""
    return [PictureRow(*row) for row in await sql.fetch(_SHOWN, *after, limit)]


async def objects_to_remove(sql: "asyncpg.Connection[Any]", before: datetime, *, limit: int) -> list[str]:
    """The objects that nobody needs any more; one statement."""
    return [row["object_name"] for row in await sql.fetch(_TO_REMOVE, before, limit)]
