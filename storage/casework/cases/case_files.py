"""The two files of a case in its pack that are checked: what the log holds of it, and all that was given out. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.casework.cases import contents, volumes
from storage.casework.cases.gathering import CaseFile, Held
from storage.record.ledger.proofs import casefiles, inventories
from storage.record.ledger.proofs.canonical import to_base64url


def case_file(file: CaseFile, *, keys: Mapping[str, Any]) -> bytes:
    """CASE.case.json (protocol §11a)."""
    return casefiles.case_file({**_members(file), "keys": dict(keys)})


@dataclass(frozen=True, slots=True)
class Laid:
    """The page that people read, and CASE.inventory.json (protocol §11b), which names it with all that is given out."""

    page: bytes
    inventory: bytes


def laid(file: CaseFile) -> tuple[Laid, dict[str, Any]]:
    """Both, from the same file; and what the entry says: the digest of the inventory, and counts for people."""
    page = contents.contents(file)
    closed = [(str(row["id"]), sha256(row["file"]).hexdigest() if row["file"] else "") for row in file.recordings]
    statements = [row["statement_hash"].hex() for row in file.pieces]
    digest = sha256(page).hexdigest()
    inventory = inventories.inventory(_members(file), recordings=closed, statements=statements, page=digest)
    told = {
        "inventory": sha256(inventory).hexdigest(), "papers": len(file.papers), "withheld": len(file.withheld),
        "recordings": len(file.recordings), "statements": len(file.pieces),
    }  # fmt: skip
    return Laid(page, inventory), told


def _members(file: CaseFile) -> dict[str, Any]:
    """What both files are made from; the keys come with the server that gives them out."""

    def placed(held: Sequence[Held]) -> list[dict[str, Any]]:
        return [_placed(one, file) for one in held]

    return {
            "case": str(file.case.id), "volume": file.volume.value,
            "checkpoint": file.shown.note, "opened": _placed(file.opened, file), "steps": placed(file.steps),
            "withheld": [
                {"ordinal": one, "reason": volumes.said_of(why)} for one, why in sorted(file.withheld.items())
            ],
            "papers": [
                {"paper": str(one.paper.id), "body": to_base64url(one.paper.body), "file": contents.pdf_of(one),
                 "entries": placed(one.entries), "statements": [to_base64url(said) for said in one.statements]}
                for one in file.papers
            ],
            "findings": [{"finding": str(id), "entries": placed(held)} for id, held in file.findings.items()],
            "measures": [{"measure": str(id), "entries": placed(held)} for id, held in file.measures.items()],
    }  # fmt: skip


def _placed(held: Held, file: CaseFile) -> dict[str, Any]:
    position = held.position if held.position is not None else -1
    return {
        "payload": held.payload.decode(), "salt": to_base64url(held.salt), "position": str(position),
        "proof": [one.hex() for one in file.proofs[position]],
    }  # fmt: skip
