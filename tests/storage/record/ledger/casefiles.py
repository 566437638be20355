"""Packs of a case on disk, whole and broken, for the tests of both verifiers."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import (
    casefiles,
    checkpoints,
    entries,
    inventories,
    merkle,
    packs,
    readme,
    signatures,
)
from storage.record.ledger.proofs.canonical import canonical, parse_canonical, to_base64url
from tests.storage.record.ledger.inventories import given_out, inventory_of, not_given_out, opening_of
from tests.storage.record.ledger.packs import SERVER, relisted, write_pack
from tests.vectors import sample

CASE, FINDING, MEASURE, PAPER = (sample.uuid_of(word) for word in ("case", "finding", "measure", "paper"))
NAME = f"{CASE}{casefiles.SUFFIX}"
PDF, PDF_BYTES = "决定书.pdf", b"%PDF-1.7 stands for one"
PARTY = sample.uuid_of("party")
SIGNER = sample.es256("vector device")
BODY = canonical({"v": casefiles.BODY_VERSION, "paper": PAPER, "form": "行政处罚决定书", "fields": {}})
DIGEST = sha256(BODY).hexdigest()
STATEMENT = canonical(
    {"v": "pithead/paper/1", "paper": PAPER, "digest": DIGEST, "place": "执法人员1", "way": "KEY", "at": 1,
     "account": sample.uuid_of("maker"), "device": sample.uuid_of("device")}
)  # fmt: skip
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("proposed", {"cause": "瓦斯超限作业", "conducts": [{"id": sample.uuid_of("conduct"), "finding": FINDING}]}),
    ("registered", {"opinion": "同意立案"}),
    ("evidence_added", {"name": "现场照片", "proves": "超限仍作业", "evidence": [sample.EVIDENCE]}),
    ("review_passed", {"notes": "通过"}),
    ("decided", {"facts": "事实清楚"}),
    ("served", {"decision": sample.uuid_of("decision")}),
    ("archived", {"term": "YEARS_30"}),
)


def said() -> dict[str, entries.Entry]:
    """Every entry of the case by a word, in the order of the log."""
    found = {"opened": _entry("case.opened", CASE, {"cause": "瓦斯超限作业", "simple": False})}
    found["finding"] = _entry("finding.recorded", FINDING, {"fact": "甲烷3.2%"})
    for ordinal, kind in ((0, "ordered"), (1, "rechecked"), (2, "lifted")):
        data = {"ordinal": ordinal} if ordinal else {"kind": "STOP_WORK"}
        found[f"measure {ordinal}"] = _entry(f"measure.{kind}", MEASURE, data)
    for ordinal, (kind, body) in enumerate(STEPS):
        found[f"step {ordinal}"] = step(ordinal, kind, body)
    signature = SIGNER.sign(signatures.signing_input("paper", STATEMENT))
    on = {"paper": PAPER, "digest": DIGEST}
    found["issued"] = _entry("paper.issued", PAPER, {"form": "行政处罚决定书", "digest": DIGEST})
    found["signed"] = _entry(
        "paper.signed", sample.uuid_of("signature"),
        {**on, "place": "执法人员1", "way": "KEY", "statement": sha256(STATEMENT).hexdigest(),
         "device_key": to_base64url(SIGNER.public), "signature": to_base64url(signature)},
    )  # fmt: skip
    found["refused"] = _entry("paper.refused", sample.uuid_of("refusal"), {**on, "place": "当事人", "reason": "不认可"})
    found["printed"] = _entry("paper.printed", PAPER, {"stamped": sha256(PDF_BYTES).hexdigest()})
    return found


def step(ordinal: int, kind: str, body: dict[str, Any]) -> entries.Entry:
    """One step of the case."""
    at = {"step": sample.uuid_of(f"step {ordinal}"), "ordinal": ordinal, "party": PARTY, "body": body}
    return _entry(f"case.{kind}", CASE, at)


def _entry(kind: str, subject: str, data: dict[str, Any]) -> entries.Entry:
    id = sample.uuid_of(f"{kind} {subject} {data.get('ordinal', '')}")
    return entries.Entry(id=id, kind=kind, at=sample.SEALED, subject=subject, data=data)


def members(by: sample.Server = SERVER, found: dict[str, entries.Entry] | None = None) -> dict[str, Any]:
    """The members of the whole case file, in a log of just these entries."""
    found = found or said()
    salt = sha256(b"case salt").digest()
    payloads = {word: entry.encode() for word, entry in found.items()}
    leaves = [merkle.leaf_hash(entries.digest(salt, payload)) for payload in payloads.values()]
    extension = merkle.extend(0, leaves, {})
    held = {
        word: {
            "payload": payload.decode(), "salt": to_base64url(salt), "position": str(at),
            "proof": [one.hex() for one in merkle.inclusion_proof(at, len(leaves), extension.changed_tiles)],
        }
        for at, (word, payload) in enumerate(payloads.items())
    }  # fmt: skip
    paper = {
        "paper": PAPER, "body": to_base64url(BODY), "file": PDF, "statements": [to_base64url(STATEMENT)],
        "entries": [held[word] for word in ("issued", "signed", "refused", "printed")],
    }  # fmt: skip
    return {
        "case": CASE, "volume": "WHOLE", "keys": by.keys.document(),
        "checkpoint": checkpoints.sign_checkpoint(
            by.keys.origin, len(leaves), extension.root, by.signers["ledger"]
        ),
        "opened": held["opened"], "steps": [held[word] for word in held if word.startswith("step ")], "withheld": [],
        "papers": [paper], "findings": [{"finding": FINDING, "entries": [held["finding"]]}],
        "measures": [{"measure": MEASURE, "entries": [held[f"measure {at}"] for at in range(3)]}],
    }  # fmt: skip


def write_case_pack(folder: Path, by: sample.Server = SERVER) -> Path:
    """The pack of a recording with the case that rests on it."""
    write_pack(folder, by)
    (folder / "data" / NAME).write_bytes(casefiles.case_file(members(by)))
    (folder / "data" / PDF).write_bytes(PDF_BYTES)
    given_out(folder, members(by), by)
    return relisted(folder)


def write_case_alone(folder: Path, data: bytes) -> Path:
    """A pack of nothing but these bytes as a case file, and its PDF."""
    (folder / "data").mkdir(parents=True)
    (folder / "data" / NAME).write_bytes(data)
    (folder / "data" / PDF).write_bytes(PDF_BYTES)
    (folder / packs.README).write_text(readme.TEXT)
    (folder / "bagit.txt").write_bytes(packs.DECLARATION)
    return relisted(folder)


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """The case file with something changed in its members."""
    path = folder / "data" / NAME
    told = parse_canonical(path.read_bytes(), casefiles.LIMIT)
    change(told)
    path.write_bytes(canonical(told))


def _with(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    return lambda folder: rewrite(folder, change)


def reworded(item: dict[str, Any], old: str, new: str) -> None:
    """Other words in the payload of an entry."""
    assert old in item["payload"]
    item["payload"] = item["payload"].replace(old, new, 1)


def swap(told: dict[str, Any]) -> None:
    """Two steps in each other's place."""
    told["steps"][1], told["steps"][2] = told["steps"][2], told["steps"][1]


def withhold(told: dict[str, Any]) -> None:
    """A step that is not given out, and said to be so."""
    told["steps"].pop(3)
    told["withheld"].append({"ordinal": 3, "reason": "副卷"})


def other_words(told: dict[str, Any]) -> None:
    """Another body than the paper was issued with."""
    told["papers"][0]["body"] = to_base64url(BODY.replace("决定".encode(), "通知".encode()))


def _other_signature(told: dict[str, Any]) -> None:
    told["papers"][0]["statements"] = [to_base64url(STATEMENT.replace(b'"at":1', b'"at":2'))]


def _forged_signature(folder: Path) -> None:
    """A log of his own, in which a signature stands that no key made."""
    found = said()
    found["signed"].data["signature"] = to_base64url(bytes(64))
    (folder / "data" / NAME).write_bytes(casefiles.case_file(members(found=found)))


def _step_of_another_case(folder: Path) -> None:
    found = said()
    other = found["step 1"]
    found["step 1"] = entries.Entry(
        id=other.id, kind=other.kind, at=other.at, subject=sample.uuid_of("other"), data=other.data
    )
    (folder / "data" / NAME).write_bytes(casefiles.case_file(members(found=found)))


def _flip_pdf(folder: Path) -> None:
    data = bytearray((folder / "data" / PDF).read_bytes())
    data[5] ^= 1
    (folder / "data" / PDF).write_bytes(bytes(data))


def _without(folder: Path, name: str) -> None:
    (folder / "data" / name).unlink()


def _on_page(folder: Path) -> None:
    (folder / inventories.PAGE).write_bytes(b"<!doctype html><title>forged</title>")


def _by_another(folder: Path, by: sample.Server = SERVER, **changes: Any) -> None:
    """An opening that says something else, in the log."""
    inventory = (folder / "data" / f"{CASE}{inventories.SUFFIX}").read_bytes()
    (folder / "data" / f"{CASE}{inventories.OPENING_SUFFIX}").write_bytes(opening_of(CASE, inventory, by, **changes))


def _relisted_without_a_step(folder: Path) -> None:
    """The forger makes the inventory again, too; he cannot make the entry."""
    rewrite(folder, lambda told: told["steps"].pop())
    told = parse_canonical((folder / "data" / NAME).read_bytes(), casefiles.LIMIT)
    (folder / "data" / f"{CASE}{inventories.SUFFIX}").write_bytes(inventory_of(told, [], None))


def _without_a_piece(folder: Path) -> None:
    """A piece that is proven by nothing else: its device signed no other, and nobody closed the recording."""
    for name in ("IMG_0003.jpg", "IMG_0003.jpg.pithead.json"):
        _without(folder, name)
    for path in (folder / "data").glob("*.clos*.json"):
        path.unlink()


BROKEN_CASES: dict[str, tuple[Callable[[Path], object], str | None]] = {
    "nothing changed": (lambda folder: None, None),
    "a step left out": (_with(lambda told: told["steps"].pop(4)), "step 4"),
    "the first step left out": (_with(lambda told: told["steps"].pop(0)), "step 0"),
    "the last step left out": (_with(lambda told: told["steps"].pop()), "inventory"),
    "the last step left out, and the inventory made again": (_relisted_without_a_step, "inventory"),
    "the main volume sold as both": (_with(lambda told: told.update(volume="MAIN")), "opening"),
    "a paper left out whole": (_with(lambda told: told["papers"].clear()), "inventory"),
    "a measure left out whole": (_with(lambda told: told["measures"].clear()), "inventory"),
    "another reason for what is withheld": (
        _with(lambda told: told["withheld"].append({"ordinal": 7, "reason": "x"})), "inventory"),
    "the inventory gone": (lambda folder: _without(folder, f"{CASE}{inventories.SUFFIX}"), "inventory"),
    "the proof of the opening gone": (
        lambda folder: _without(folder, f"{CASE}{inventories.OPENING_SUFFIX}"), "opening"),
    "both gone": (lambda folder: not_given_out(folder, CASE), None),
    "an opening of something else": (lambda folder: _by_another(folder, of_kind="evidence.opened"), "opening"),
    "an opening of another inventory": (lambda folder: _by_another(folder, inventory="0" * 64), "inventory"),
    "an opening forged with fresh keys": (lambda folder: _by_another(folder, sample.server("forger")), "opening"),
    "a piece and the closing left out": (_without_a_piece, "pieces"),
    "the list of contents forged": (_on_page, "contents.html"),
    "the list of contents gone": (lambda folder: (folder / inventories.PAGE).unlink(), "contents.html"),
    "the readme forged": (lambda folder: (folder / packs.README).write_text("all is well"), None),
    "a file too many beside the data": (lambda folder: (folder / "verdict.txt").write_text("VERIFIED"), None),
    "two steps swapped": (_with(swap), "step 1"),
    "a step twice": (_with(lambda told: told["steps"].insert(2, told["steps"][1])), "step 2"),
    "a step changed": (_with(lambda told: reworded(told["steps"][4], "清楚", "不清")), "step 4"),
    "a step with another place": (_with(lambda told: told["steps"][2].update(position="3")), "step 2"),
    "a step that is no entry": (_with(lambda told: told["steps"][2].update(payload="{}")), "step 2"),
    "a step of another case": (_step_of_another_case, "step 1"),
    "a step withheld": (_with(withhold), "inventory"),
    "a step called withheld that is there": (
        _with(lambda told: told["withheld"].append({"ordinal": 2, "reason": ""})), "step 3"),
    "withheld without order": (
        _with(lambda told: told.update(withheld=[{"ordinal": 9, "reason": ""}, {"ordinal": 8, "reason": ""}])), "case"),
    "a withheld step that is no number": (
        _with(lambda told: told.update(withheld=[{"ordinal": "3", "reason": ""}])), "case"),
    "another opening": (_with(lambda told: reworded(told["opened"], "瓦斯", "顶板")), "opened"),
    "an opening that is no entry": (_with(lambda told: told["opened"].update(payload="{}")), "case"),
    "another case": (_with(lambda told: told.update(case=sample.uuid_of("other"))), "case"),
    "another volume": (_with(lambda told: told.update(volume="NONE")), "case"),
    "a member too many": (_with(lambda told: told.update(more=1)), "case"),
    "steps that are no list": (_with(lambda told: told.update(steps={})), "case"),
    "a step that is no object": (_with(lambda told: told.update(steps=["x"])), "case"),
    "a checkpoint of nobody": (_with(lambda told: told.update(checkpoint="x")), "checkpoint"),
    "not canonical": (lambda folder: (folder / "data" / NAME).write_bytes(b"{ }"), "case"),
    "a paper's words changed": (_with(other_words), f"paper {PAPER}"),
    "a paper's PDF with a byte flipped": (_flip_pdf, f"paper {PAPER}"),
    "a paper's PDF gone": (lambda folder: _without(folder, PDF), f"paper {PAPER}"),
    "a paper without its PDF": (_with(lambda told: told["papers"][0].update(file="")), "inventory"),
    "a paper without what was signed": (
        _with(lambda told: told["papers"][0].update(statements=[])), f"paper {PAPER}"),
    "a paper with another statement": (_with(_other_signature), f"paper {PAPER}"),
    "a paper with a statement too many": (
        _with(lambda told: told["papers"][0]["statements"].append(to_base64url(b"{}"))), f"paper {PAPER}"),
    "a paper whose signature no key made": (_forged_signature, f"paper {PAPER}"),
    "a paper whose refusal is changed": (
        _with(lambda told: reworded(told["papers"][0]["entries"][2], "不认可", "认可")), f"paper {PAPER}"),
    "a paper that was not issued": (_with(lambda told: told["papers"][0]["entries"].pop(0)), f"paper {PAPER}"),
    "a paper without entries": (_with(lambda told: told["papers"][0].update(entries=[])), "case"),
    "a paper named out of the folder": (_with(lambda told: told["papers"][0].update(file="../x")), "case"),
    "a finding left out": (_with(lambda told: told["findings"].clear()), "findings"),
    "a finding changed": (
        _with(lambda told: reworded(told["findings"][0]["entries"][0], "3.2", "0.2")), f"finding {FINDING}"),
    "a finding twice": (_with(lambda told: told["findings"].append(told["findings"][0])), "case"),
    "a step of a measure left out": (
        _with(lambda told: told["measures"][0]["entries"].pop(1)), f"measure {MEASURE}"),
    "a measure without its order": (
        _with(lambda told: told["measures"][0]["entries"].pop(0)), f"measure {MEASURE}"),
    "the evidence left out": (
        _with(lambda told: [told["steps"].clear(), told["papers"].clear()]), "inventory"),
}  # fmt: skip
"""What is done to the pack of a case before its manifests are made again, and the check that must fail."""


def failing_check(failing: str | None) -> str | None:
    """The whole name of a check of the case, or of a file beside it."""
    return failing if failing in (None, inventories.PAGE) else f"{CASE}: {failing}"
