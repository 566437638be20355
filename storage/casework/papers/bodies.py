"""The body of a paper: the canonical bytes that say all of it, whose digest is what people sign. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from storage.record.ledger.proofs.canonical import canonical, parse_canonical

VERSION = "pithead/paper-body/1"
LIMIT = 262_144
"""The most bytes that a body may have: some hundred pages."""

Value = str | list[list[str]]
"""What stands in a field: a text, or the rows of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """All that one paper says; `day` (ISO) is the day in Guizhou on which it was issued.

    `record` names the fields that the record filled, the others were written; `step` is what the paper stands for.
    """

    paper: UUID
    form: str
    version: str
    number: str
    agency: str
    day: str
    mine: tuple[UUID, str]
    subject: tuple[str, UUID]
    fields: Mapping[str, Value]
    remedies: str = ""
    record: Sequence[str] = ()
    step: UUID | None = None

    def encode(self) -> bytes:
        """The bytes whose SHA-256 people sign; ValueError where something in it can be written in no JSON."""
        said: dict[str, Any] = {
            "v": VERSION, "paper": str(self.paper), "form": self.form, "version": self.version, "number": self.number,
            "agency": self.agency, "day": self.day, "mine": {"id": str(self.mine[0]), "name": self.mine[1]},
            "subject": {"kind": self.subject[0], "id": str(self.subject[1])}, "fields": dict(self.fields),
            "remedies": self.remedies, "record": list(self.record),
        }  # fmt: skip
        if self.step is not None:
            said["step"] = str(self.step)
        return canonical(said)

    @classmethod
    def decode(cls, data: bytes) -> "Body":
        """The body that these bytes are; ValueError for any others."""
        said = parse_canonical(data, LIMIT)
        if said.pop("v", None) != VERSION:
            raise ValueError(f"v is not {VERSION}")
        mine, subject = said["mine"], said["subject"]
        return cls(
            paper=UUID(said["paper"]), form=said["form"], version=said["version"], number=said["number"],
            agency=said["agency"], day=said["day"], mine=(UUID(mine["id"]), mine["name"]),
            subject=(subject["kind"], UUID(subject["id"])), fields=said["fields"],
            remedies=said["remedies"], record=said["record"], step=UUID(said["step"]) if "step" in said else None,
        )  # fmt: skip


def digest_of(body: bytes) -> bytes:
    """What people sign."""
    return sha256(body).digest()
