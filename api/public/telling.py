"""What pages and their JSON twins say of a row, an event, a tombstone: the same members for both; pure."""

from collections.abc import Sequence
from typing import Any

import orjson

from storage.trust.disclosures.public import Edition, Gone, Happened, Page, Proof, Shown


def shown(row: Shown) -> dict[str, Any]:
    """A disclosure as lists show it. Sums are fen, as text."""
    return {
        "id": str(row.id), "seq": row.seq, "kind": row.kind, "title": row.title, "party": row.party,
        "credit_code": row.credit_code, "mine": row.mine, "mine_id": str(row.mine_id) if row.mine_id else None,
        "agency": row.agency, "county": row.county, "number": row.number, "day": row.day.isoformat(),
        "amount": str(row.amount) if row.amount is not None else None, "disputed": row.disputed,
        "edition": row.edition, "published_at": row.published_at.isoformat(timespec="milliseconds"),
        "changed_at": row.changed_at.isoformat(timespec="milliseconds"), "late": row.late,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "shown_until": row.shown_until.isoformat() if row.shown_until else None, "digest": row.digest.hex(),
    }  # fmt: skip


def gone(row: Gone) -> dict[str, Any]:
    """What is left of something."""
    return {
        "id": str(row.id), "seq": row.seq, "kind": row.kind, "gone_as": row.gone_as, "county": row.county,
        "basis": row.basis, "reason": row.reason,
        "published_at": row.published_at.isoformat(timespec="milliseconds"),
        "gone_at": row.gone_at.isoformat(timespec="milliseconds"),
    }  # fmt: skip


def page(found: Page, proof: Proof | None) -> dict[str, Any]:
    """All that stands under a permalink."""
    current = [one for one in found.editions if found.shown is not None and one.edition == found.shown.edition]
    return {
        "shown": shown(found.shown) if found.shown else None,
        "copy": orjson.loads(found.shown.content) if found.shown else None,
        "gone": gone(found.gone) if found.gone else None,
        "taken_out": [member for one in current for member in orjson.loads(one.taken_out)],
        "events": [_event(one) for one in found.events], "editions": [_edition(one) for one in found.editions],
        "proof": _proof(proof, found.events) if proof else None,
    }  # fmt: skip


def _event(one: Happened) -> dict[str, Any]:
    return {
        "ordinal": one.ordinal, "kind": one.kind, "basis": one.basis, "reason": one.reason, "edition": one.edition,
        "digest": one.digest.hex(), "at": one.at.isoformat(timespec="milliseconds"), "entry": str(one.entry_id),
        "position": str(one.position) if one.position is not None else None,
    }  # fmt: skip


def _edition(one: Edition) -> dict[str, Any]:
    return {
        "edition": one.edition, "digest": one.digest.hex(), "basis": one.basis, "readable": one.content is not None,
        "made_at": one.made_at.isoformat(timespec="milliseconds"),
    }  # fmt: skip


def _proof(proof: Proof, events: Sequence[Happened]) -> dict[str, Any]:
    paths = zip(events, proof.paths, strict=True)
    return {
        "size": str(proof.size), "checkpoint": proof.note,
        "paths": [{"position": str(one.position), "path": [each.hex() for each in path]} for one, path in paths],
    }  # fmt: skip
