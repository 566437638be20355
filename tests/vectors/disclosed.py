"""Bundles of a disclosure made from fixed keys, and what fails in those that are wrong: for both verifiers."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.disclosures import COPY_VERSION, LIMIT, bundle, verify_bundle
from storage.record.ledger.proofs.entries import Entry
from tests.vectors import promised, sample

COPY = canonical({"v": COPY_VERSION, "kind": "PENALTY", "party": {"name": "甲煤矿"}})
SHOWN = ("published", "disputed", "corrected")


def entry(kind: str, ordinal: int, *, subject: str = "a disclosure", **data: Any) -> Entry:
    """The entry of one event."""
    said = {"kind": "PENALTY", "ordinal": ordinal, "edition": 1, "digest": sha256(COPY).hexdigest(),
            "basis": "行政处罚法第四十八条", "reason": ""}  # fmt: skip
    return Entry(
        id=sample.uuid_of(f"{kind} {ordinal}"), kind=f"disclosure.{kind}", at=promised.SIGNED + ordinal,
        subject=sample.uuid_of(subject), data=said | data,
    )  # fmt: skip


def of(kinds: Sequence[str] = SHOWN) -> list[Entry]:
    """The entries of these events."""
    return [entry(kind, at) for at, kind in enumerate(kinds)]


def made(entries: Sequence[Entry], *, copy: bytes = COPY, server: sample.Server | None = None) -> bytes:
    """A bundle that holds, unless what is handed in does not."""
    by = server or sample.server()
    placed, note = promised.logged({str(at): one for at, one in enumerate(entries)}, by)
    return bundle(copy=copy, entries=list(placed.values()), checkpoint=note, keys=by.keys.document())


def disclosure_vectors() -> dict[str, Any]:
    """A copy, and bundles with what fails in each."""
    return {
        "copy": COPY.decode(), "digest": sha256(COPY).hexdigest(), "trust": sample.server().keys.document(),
        "bundles": [_case(name, data, trusted=trusted) for name, (data, trusted) in _cases().items()],
    }  # fmt: skip


def _cases() -> dict[str, tuple[bytes, bool]]:
    """Bundles, and whether they are checked against the trusted keys."""
    first, second, third = of()
    return {
        "published": (made(of(("published",))), True),
        "disputed and corrected": (made(of()), True),
        "withdrawn and restored": (made(of(("published", "withdrawn", "restored"))), True),
        "without trusted keys": (made(of()), False),
        "forged with fresh keys": (made(of(), server=sample.server("forger")), True),
        "a copy with another name": (made(of(), copy=COPY.replace("甲".encode(), "乙".encode())), True),
        "no copy": (made(of(), copy=b"{}"), True),
        "withdrawn": (made(of(("published", "withdrawn"))), True),
        "one event left out": (made([first, third]), True),
        "in another order": (made([second, first]), True),
        "of another disclosure": (made([first, entry("corrected", 1, subject="another")]), True),
        "of no disclosure": (made([replace(first, kind="case.published")]), True),
        "a truth for a number": (made([first, replace(second, data=second.data | {"ordinal": True})]), True),
        "a falsehood for a number": (made([replace(first, data=first.data | {"ordinal": False})]), True),
        "another salt": (_changed("salt", "A" * 43), True),
        "another place": (_changed("position", "1"), True),
        "a proof cut off": (_changed("proof", []), True),
    }


def _changed(member: str, value: Any) -> bytes:
    whole = parse_canonical(made(of()), LIMIT)
    whole["entries"][-1][member] = value
    return canonical(whole)


def _case(name: str, data: bytes, *, trusted: bool) -> dict[str, Any]:
    verdict = verify_bundle(data, sample.server().keys.document() if trusted else None)
    failed = verdict.failed.name if verdict.failed else None
    return {
        "name": name, "bundle": data.decode(), "trusted": trusted, "status": verdict.status.value, "failing": failed,
        "complete": verdict.complete,
    }  # fmt: skip
