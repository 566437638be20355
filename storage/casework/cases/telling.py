"""How people read what a step says: each field by its name and in words, sums in yuan, steps by their number. Pure."""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from storage.casework.cases import encoding
from storage.casework.cases.volumes import KINDS
from storage.record.clock import SHANGHAI
from storage.record.glossary import case_fields as words
from storage.record.glossary.labels import label
from storage.record.law import PARAMETERS
from storage.record.ledger.proofs.entries import Entry

_FEN = ("sum", "fine", "least", "most", "reckoned_on")
_ARTICLES = {one.key: one.article for one in PARAMETERS}


class Told:
    """What the ids of a case stand for, so that people read a number or a name where a step names one."""

    def __init__(self, steps: Sequence[Entry]) -> None:
        self._names: dict[str, str] = {}
        for entry in steps:
            number = int(entry.data["ordinal"]) + 1
            self._names[entry.data["step"]] = both(words.STEP, number=number)
            for kind in ("parties", "conducts"):
                made = (one for one in entry.data["body"].get(kind, ()) if isinstance(one, dict))
                self._names |= {one["id"]: one["name"] for one in made}

    def lines(self, entry: Entry) -> list[str]:
        """What a step says, one line a field; what was left empty is left out, and a no is told."""
        body = encoding.body_of(KINDS[entry.kind], entry.data["body"])
        return list(self._fields(body))

    def party(self, entry: Entry) -> str:
        """Of whom the step is, if of one party."""
        return self._names.get(entry.data.get("party") or "", "")

    def _fields(self, body: Any) -> Iterable[str]:
        for one in dataclasses.fields(body):
            value = getattr(body, one.name)
            said = "" if one.name in ("id", "subject", "inspection") else self._said(one.name, value)
            if said:
                yield f"{both(words.FIELDS.get(one.name, (one.name, one.name)))}：{said}"

    def _said(self, name: str, value: Any) -> str:
        if value is None or value == "" or value == () or (type(value) is int and value == 0):
            return ""
        if type(value) is bool:
            if name == "signed":
                return both(words.SIGNED if value else words.NOT_SIGNED)
            return both(words.YES_NO[not value])
        if name == "evidence":
            return both(words.PIECES, count=len(value))
        if dataclasses.is_dataclass(value):
            return "；".join(self._fields(value))
        if isinstance(value, tuple):
            return "；".join(one for one in (self._said(name, one) for one in value) if one)
        return self._plain(name, value)

    def _plain(self, name: str, value: Any) -> str:
        if isinstance(value, StrEnum):
            return f"{label(value, 'zh')} / {label(value, 'en')}"
        if isinstance(value, UUID):
            return self._names.get(str(value), "")
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if name in _FEN and type(value) is int:
            return yuan(value)
        return basis(value) if name == "basis" else str(value)


def basis(key: str) -> str:
    """The article of a range of fines; what the law does not know stays as it is."""
    return _ARTICLES.get(key) or _ARTICLES.get(f"{key}_least") or _ARTICLES.get(f"{key}_least_percent") or key


def yuan(fen: int) -> str:
    """A sum as people write it."""
    return f"{fen // 100:,}.{fen % 100:02} 元"


def both(said: tuple[str, str], **places: Any) -> str:
    """Chinese and English beside each other."""
    return " ".join(one.format(**places) for one in said)
