"""Both verifiers find the same in the pack of a case, whole, broken anywhere, and forged."""

import random
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import casefiles
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from tests.api.web.test_packs import agree
from tests.storage.record.ledger.casefiles import (
    BROKEN_CASES,
    CASE,
    NAME,
    failing_check,
    members,
    said,
    write_case_alone,
    write_case_pack,
)
from tests.storage.record.ledger.packs import relisted
from tests.vectors import sample


def test_cases_whole_broken_and_forged_are_told_apart_alike(tmp_path: Path) -> None:
    folders = []
    for number, (change, _) in enumerate(BROKEN_CASES.values()):
        folders.append(write_case_pack(tmp_path / str(number)))
        change(folders[-1])
        relisted(folders[-1])
    folders.append(write_case_pack(tmp_path / "forged"))
    (folders[-1] / "data" / NAME).write_bytes(casefiles.case_file(members(sample.server("forger"))))
    relisted(folders[-1])
    expected = [failing_check(failing) for _, failing in BROKEN_CASES.values()]
    assert agree(folders, tmp_path) == [*expected, f"{CASE}: checkpoint"]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a document, deepest last."""
    items: list[tuple[Any, Any]] = []
    if type(value) is dict:
        items = list(value.items())
    elif type(value) is list:
        items = list(enumerate(value))
    return [path, *(one for key, item in items for one in _places(item, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if type(value) is dict else list(value)
    copy[path[0]] = _replaced(value[path[0]], path[1:], other)
    return copy


def test_a_case_changed_anywhere_is_told_apart_alike(tmp_path: Path) -> None:
    chosen = random.Random(854)
    whole = casefiles.case_file(members())
    told = parse_canonical(whole, casefiles.LIMIT)
    places = [path for path in _places(told) if path and path[0] != "keys"]
    others: list[Any] = ["", "x", 0, -1, 2**53 - 1, True, [], {}, ["x"], [{}], sample.uuid_of("other"), "ab" * 32]
    changed = [canonical(_replaced(told, chosen.choice(places), chosen.choice(others))) for _ in range(90)]
    for _ in range(10):
        flipped = bytearray(whole)
        flipped[chosen.randrange(len(whole))] ^= chosen.randrange(1, 256)
        changed.append(bytes(flipped))
    folders = [write_case_alone(tmp_path / str(number), data) for number, data in enumerate(changed)]
    assert len({name for name in agree(folders, tmp_path) if name}) > 5


def test_what_a_forger_writes_into_entries_of_his_own_log_is_judged_alike(tmp_path: Path) -> None:
    """Here every entry is in the log, so that what it says is looked at, whatever that is."""
    chosen = random.Random(855)
    others: list[Any] = ["", "x", 0, -1, 3, True, [], {}, ["x"], [{}], [{"finding": "x"}], [{"finding": 1}], "paper.x"]
    folders = []
    for number in range(80):
        found = said()
        entry = found[chosen.choice(list(found))]
        places = [path for path in _places(entry.data) if path]
        data = _replaced(entry.data, chosen.choice(places), chosen.choice(others))
        word = next(word for word, one in found.items() if one is entry)
        kind = chosen.choice([entry.kind, entry.kind, entry.kind, "case.archived", "paper.printed", "measure.x"])
        found[word] = type(entry)(id=entry.id, kind=kind, at=entry.at, subject=entry.subject, data=data)
        folders.append(write_case_alone(tmp_path / str(number), casefiles.case_file(members(found=found))))
    assert len({name for name in agree(folders, tmp_path) if name}) > 8
