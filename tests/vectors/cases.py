"""Vectors of the case of a pack: one file that holds, and others in which its checks must name what is wrong."""

from collections.abc import Callable
from typing import Any

from storage.record.ledger.proofs import casefiles
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from tests.storage.record.ledger.casefiles import (
    CASE,
    FINDING,
    MEASURE,
    NAME,
    PAPER,
    PDF,
    PDF_BYTES,
    members,
    other_words,
    reworded,
    swap,
    withhold,
)
from tests.storage.record.ledger.inventories import PAGE, inventory_of, opening_of
from tests.vectors import sample
from tests.vectors.sample import EVIDENCE

_CHANGED: tuple[tuple[str, Callable[[dict[str, Any]], object], str | None], ...] = (
    ("a step left out", lambda told: told["steps"].pop(4), "step 4"),
    ("two steps swapped", swap, "step 1"),
    ("a step changed", lambda told: reworded(told["steps"][4], "清楚", "不清"), "step 4"),
    ("a step withheld after it was given out", withhold, "inventory"),
    ("the last step left out", lambda told: told["steps"].pop(), "inventory"),
    ("a paper left out whole", lambda told: told["papers"].clear(), "inventory"),
    ("the main volume sold as both", lambda told: told.update(volume="MAIN"), "opening"),
    ("a paper's words changed", other_words, f"paper {PAPER}"),
    ("what was signed left out", lambda told: told["papers"][0].update(statements=[]), f"paper {PAPER}"),
    ("a finding left out", lambda told: told["findings"].clear(), "findings"),
    ("a finding changed", lambda told: reworded(told["findings"][0]["entries"][0], "3.2", "0.2"), f"finding {FINDING}"),
    ("a step of a measure left out", lambda told: told["measures"][0]["entries"].pop(1), f"measure {MEASURE}"),
    ("another case", lambda told: told.update(case=sample.uuid_of("other")), "case"),
)


def case_vectors() -> dict[str, Any]:
    """The case file, what lies beside it, and the first check that fails (null: none) in each that was changed."""
    good = casefiles.case_file(members())
    changed = []
    for name, change, failing in _CHANGED:
        told = parse_canonical(good, casefiles.LIMIT)
        change(told)
        changed.append({"name": name, "file": canonical(told).decode(), "failing": failing and f"{CASE}: {failing}"})
    forged = casefiles.case_file(members(sample.server("forger"))).decode()
    changed.append({"name": "forged with fresh keys", "file": forged, "failing": f"{CASE}: checkpoint"})
    statements = [sample.statement().encode()]
    inventory = inventory_of(members(), statements, None)
    return {
        "inventory": inventory.decode(), "opening": opening_of(CASE, inventory).decode(), "page": PAGE.decode(),
        "statements": [one.decode() for one in statements],
        "trust": sample.server().keys.document(), "name": NAME, "pdf": {"name": PDF, "text": PDF_BYTES.decode()},
        "sealed": [EVIDENCE], "file": good.decode(), "changed": changed,
    }  # fmt: skip
