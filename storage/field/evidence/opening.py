"""The act of opening: protected bytes leave the record only by it, and it is an entry each time."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from storage.field.evidence import queries
from storage.field.evidence.tables import EvidenceState
from storage.field.facts import queries as facts
from storage.field.facts.rules import EvidenceErased, NotHeldYet, PreviewNotMade
from storage.record.actor import Verb
from storage.record.problems import NotFound
from storage.record.work import Work

SECONDS = 60
"""How long the URL that an opening hands over is good for."""
_HELD = (EvidenceState.SEALED, EvidenceState.QUARANTINED)


class Opened(StrEnum):
    """What of a piece is opened."""

    ORIGINAL = "ORIGINAL"
    PREVIEW = "PREVIEW"


@dataclass(frozen=True, slots=True)
class Opening:
    """One version in the store that may now be handed over."""

    object_name: str
    object_version: str
    media_type: str


async def open_evidence(work: Work, *, id: UUID, what: Opened) -> Opening:
    """Lets a visible piece be looked at. Quarantined bytes may be: they are kept for those who want to look.

    Raises NotFound, NotAllowed, EvidenceErased, NotHeldYet, PreviewNotMade.
    """
    rows = await queries.pieces_by_ids(work.sql, ids=[id])
    if not rows:
        raise NotFound()
    row = rows[0]
    work.actor.require(Verb.EVIDENCE_OPEN, county=row["county"], office=row["office"], mine_id=row["mine_id"])
    if row["state"] == EvidenceState.ERASED:
        raise EvidenceErased()
    if row["state"] not in _HELD:
        raise NotHeldYet()
    place = row if what is Opened.ORIGINAL else await facts.preview_of(work.sql, evidence_id=id)
    if place is None:
        raise PreviewNotMade()
    work.record(
        "evidence.opened", id, county=row["county"], office=row["office"], mine_id=row["mine_id"],
        data={"what": what.value, "state": row["state"], "version": place["object_version"]},
    )  # fmt: skip
    return Opening(place["object_name"], place["object_version"], place["media_type"])
