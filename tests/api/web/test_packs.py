"""Both verifiers make the same checks of a court pack, in the same order, and find the same in each."""

import json
import random
import re
import shutil
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import closings
from storage.record.ledger.proofs.canonical import canonical, parse_canonical
from storage.record.ledger.proofs.verify import verify_path
from tests.api.web.node import answers, node
from tests.servers import ROOT
from tests.storage.record.ledger.packs import BROKEN, RECORDING, SERVER, relisted, write_pack
from tests.vectors import sample

TRUST = SERVER.keys.document()


def agree(folders: list[Path], tmp_path: Path) -> list[str | None]:
    """Both say the same of every pack; the name of the first failed check of each."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(TRUST))
    failing = []
    questions: list[dict[str, Any]] = [{"ask": "pack", "folder": str(folder), "trust": TRUST} for folder in folders]
    for folder, answer in zip(folders, answers(questions), strict=True):
        verdict = verify_path(folder, keys)
        assert answer["checks"] == [[check.name, check.ok] for check in verdict.checks], (folder, verdict.summary)
        assert (answer["status"], answer["complete"]) == (verdict.status.value, verdict.complete)
        assert answer["summary"].split(": ")[:4] == verdict.summary.split(": ")[:4]
        failing.append(verdict.failed.name if verdict.failed else None)
    return failing


def test_packs_whole_broken_and_forged_are_told_apart_alike(tmp_path: Path) -> None:
    folders = []
    for number, (change, again, _) in enumerate(BROKEN.values()):
        folders.append(write_pack(tmp_path / str(number)))
        change(folders[-1])
        if again:
            relisted(folders[-1])
    folders.append(write_pack(tmp_path / "forged", sample.server("forger")))
    expected = [failing for _, _, failing in BROKEN.values()]
    assert agree(folders, tmp_path) == [*expected, "IMG_0001.jpg.pithead.json: trust"]


def test_packs_with_a_closing_changed_anywhere_are_told_apart_alike(tmp_path: Path) -> None:
    chosen = random.Random(8493)
    whole = sample.closed_file(sample.closing())
    parts = parse_canonical(whole, closings.FILE_LIMIT)
    changed: list[bytes] = [whole]
    for who in ("signed", "cosigned"):
        for name in parts[who]:
            for other in ("", 0, sample.uuid_of("second device"), "Ed25519", parts["signed"][name]):
                changed.append(canonical({**parts, who: {**parts[who], name: other}}))
    for _ in range(10):
        flipped = bytearray(whole)
        flipped[chosen.randrange(len(whole))] ^= chosen.randrange(1, 256)
        changed.append(bytes(flipped))
    folders = []
    pack = write_pack(tmp_path / "whole")
    for number, data in enumerate(changed):
        folders.append(shutil.copytree(pack, tmp_path / str(number)))
        (folders[-1] / "data" / f"{RECORDING}.closing.json").write_bytes(data)
        relisted(folders[-1])
    assert f"{RECORDING}: closing" in agree(folders, tmp_path)


def test_the_check_that_the_manual_shows_tells_whole_broken_and_forged_packs_apart(tmp_path: Path) -> None:
    shown = re.search(r"Checking a pack.*?```js\n(.*?)```", (ROOT / "docs" / "native.md").read_text(), re.DOTALL)
    assert shown is not None
    program, keys = tmp_path / "check.mjs", tmp_path / "keys.json"
    program.write_text(shown.group(1).replace("./api/web/", f"{ROOT.as_uri()}/api/web/"))
    keys.write_text(json.dumps(TRUST))
    whole, forged = write_pack(tmp_path / "whole"), write_pack(tmp_path / "forged", sample.server("forger"))
    broken = write_pack(tmp_path / "broken")
    (broken / "data" / "folder").mkdir()
    for folder, trusted, code in (
        (whole, [str(keys)], 0),
        (whole, [], 2),
        (broken, [str(keys)], 1),
        (forged, [str(keys)], 1),
    ):
        done = node(str(program), str(folder), *trusted)
        assert done.returncode == code, done.stdout + done.stderr
        assert done.stdout.splitlines()[-1] == verify_path(folder, keys if trusted else None).summary
