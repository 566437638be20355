"""Inventories: what the record gave out as the pack of a case, listed whole, as the entry of its opening names it."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import places
from storage.record.ledger.proofs.canonical import canonical, parse_members
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.verdicts import Checks

VERSION = "pithead/inventory/1"
SUFFIX = ".inventory.json"
"""Before it stands the id of the case."""
OPENING_SUFFIX = ".opening.json"
"""Of the proof that the log holds the entry by which the pack was opened."""
LIMIT = 33_554_432
PAGE = "contents.html"
KIND = "pack.opened"

_OF_THE_CASE = ("case", "volume", "steps", "withheld", "papers", "findings", "measures")
_MEMBERS = {"v", *_OF_THE_CASE, "recordings", "statements", "page"}


class InventoryWrong(ValueError):
    """The pack is not what the record gave out; the message says where."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside a case file: hashes of the files, pieces whose bundles hold, statements, a way to read more."""

    hashes: Mapping[str, str]
    sealed: Set[str]
    statements: Set[str]
    page: str | None
    read: Callable[[str, int], bytes | None]


def inventory(
    members: Mapping[str, Any], *, recordings: Iterable[tuple[str, str]], statements: Iterable[str], page: str
) -> bytes:
    """The file (protocol §11b), from the members of the case file, the closings, the statements and the page's hash."""
    told = [{"recording": id, "closing": closing} for id, closing in recordings]
    return canonical(
        {"v": VERSION, **of_the_case(members), "recordings": told, "statements": sorted(set(statements)), "page": page}
    )


def of_the_case(members: Mapping[str, Any]) -> dict[str, Any]:
    """What an inventory says of a case, made from its case file."""
    return {
        "case": members["case"], "volume": members["volume"], "steps": _ids(members["steps"]),
        "withheld": [dict(one) for one in members["withheld"]],
        "papers": [
            {"paper": one["paper"], "file": one["file"], "entries": _ids(one["entries"])} for one in members["papers"]
        ],
        "findings": [{"finding": one["finding"], "entries": _ids(one["entries"])} for one in members["findings"]],
        "measures": [{"measure": one["measure"], "entries": _ids(one["entries"])} for one in members["measures"]],
    }  # fmt: skip


def check_inventory(
    members: Mapping[str, Any], beside: Beside, trust: Mapping[str, Any] | None, checks: Checks
) -> bool:
    """Makes the checks of what was given out; whether the record itself says that this is all of it."""
    case = members["case"]
    opening, listed = beside.read(case + OPENING_SUFFIX, places.LIMIT), beside.read(case + SUFFIX, LIMIT)
    if opening is None and listed is None:
        checks.skip(f"{case}: opening", "no entry says what was given out: what is left out here cannot be told")
        return False
    entry = checks.run(f"{case}: opening", lambda: _opening(opening, members, trust))
    told = checks.run(f"{case}: inventory", lambda: _inventory(listed, entry, members), entry)
    checks.run(f"{case}: pieces", lambda: _pieces(told, beside), told)
    checks.run(PAGE, lambda: _page(told, beside), told)
    return told is not None


def _ids(items: Iterable[Mapping[str, Any]]) -> list[str]:
    return [Entry.decode(one["payload"].encode()).id for one in items]


def _opening(data: bytes | None, members: Mapping[str, Any], trust: Mapping[str, Any] | None) -> tuple[Entry, str]:
    if data is None:
        raise InventoryWrong("the proof of the opening is missing")
    entry, where = places.read_proven(data, trust)
    if entry.kind != KIND or entry.subject != members["case"]:
        raise InventoryWrong(f"the entry is not {KIND} of this case")
    if entry.data.get("volume") != members["volume"]:
        raise InventoryWrong("another volume was given out")
    return entry, f"given out as {members['volume']} at {entry.at}, {where}"


def _inventory(data: bytes | None, entry: Any, members: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    if data is None or sha256(data).hexdigest() != entry.data.get("inventory"):
        raise InventoryWrong("it is missing, or not the one that the entry names")
    told = parse_members(data, LIMIT, names=_MEMBERS, version=VERSION)
    here = of_the_case(members)
    for name in _OF_THE_CASE:
        if canonical({"is": told[name]}) != canonical({"is": here[name]}):
            raise InventoryWrong(f"{name} are not those that were given out")
    if not _is_listed(told):
        raise InventoryWrong("recordings, statements or page are none")
    given = f"{len(told['steps'])} steps, {len(told['withheld'])} withheld, {len(told['papers'])} papers"
    return told, f"{given}, {len(told['statements'])} statements"


def _is_listed(told: Mapping[str, Any]) -> bool:
    recordings, statements = told["recordings"], told["statements"]
    if type(recordings) is not list or type(statements) is not list or type(told["page"]) is not str:
        return False
    named = all(
        type(one) is dict and one.keys() == {"recording", "closing"} and all(type(it) is str for it in one.values())
        for one in recordings
    )
    return named and all(type(one) is str for one in statements)


def _pieces(told: Any, beside: Beside) -> tuple[bool, str]:
    """Every closing and every statement that was given out; what was declared since may be there too."""
    for one in told["recordings"]:
        if one["closing"] and beside.hashes.get(f"{one['recording']}.closing.json") != one["closing"]:
            raise InventoryWrong(f"the closing of recording {one['recording']} is left out, or another one")
    absent = [one for one in told["statements"] if one not in beside.statements]
    if absent:
        raise InventoryWrong(f"{len(absent)} statements are left out, the first: {absent[0]}")
    more = len(beside.statements) - len(set(told["statements"]))
    return True, f"{len(told['statements'])} statements" + (f", {more} more" if more else "")


def _page(told: Any, beside: Beside) -> tuple[bool, str]:
    if beside.page != told["page"]:
        raise InventoryWrong("it is missing, or not the page that was given out")
    return True, "as it was given out"
