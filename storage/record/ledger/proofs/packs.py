"""Court packs: a BagIt folder (RFC 8493) of originals, bundles, closings and cases, checkable without us."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import bundles, casefiles, closings, places, readme, takeovers
from storage.record.ledger.proofs.bundles import is_plain_name
from storage.record.ledger.proofs.canonical import canonical, from_base64url, parse_canonical, to_base64url
from storage.record.ledger.proofs.chains import Chain, check_chains
from storage.record.ledger.proofs.closings import Closed, Officer
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.inventories import PAGE as CONTENTS
from storage.record.ledger.proofs.inventories import Beside
from storage.record.ledger.proofs.statements import Statement
from storage.record.ledger.proofs.verdicts import Check, Checks, Status, Verdict, counted, printable

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
"""All of `bagit.txt`."""
MANIFEST, TAG_MANIFEST, README = "manifest-sha256.txt", "tagmanifest-sha256.txt", "readme.txt"
INFO = "bag-info.txt"
CLOSING_SUFFIX = ".closing.json"
"""Before it stands the id of the recording."""
PROOF_SUFFIX = ".closed.json"
"""Of the proof that the log holds the entry by which the record took the closing; before it the recording's id."""
UNSEALED = "unsealed.json"
"""The statements of the recordings that have no sealed original, each with the reason."""
UNSEALED_VERSION = "pithead/unsealed/1"
UNSEALED_LIMIT = 33_554_432
MANIFEST_LIMIT = 33_554_432

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_INFO = re.compile(
    rb"Bag-Software-Agent: pithead\nBagging-Date: [0-9]{4}-[0-9]{2}-[0-9]{2}\n"
    rb"External-Identifier: [0-9a-f-]{36}\nPayload-Oxum: [0-9]{1,19}\.[0-9]{1,9}\n"
)
_BY_NOBODY = "nothing proves this file: whoever made the pack could have written it"


@dataclass(slots=True)
class _Pieces:
    """What the bundles of a pack say: the statements, the devices that sealed entries vouch for, and the verdicts."""

    verdicts: list[Verdict] = field(default_factory=list)
    statements: list[bytes] = field(default_factory=list)
    declared_at: dict[bytes, int] = field(default_factory=dict)
    officers: set[Officer] = field(default_factory=set)
    recordings: set[str] = field(default_factory=set)
    sealed: set[str] = field(default_factory=set)
    spoken_of: set[str] = field(default_factory=set)


def is_pack(path: Path) -> bool:
    """Does the folder say that it is a bag?"""
    return (path / "bagit.txt").is_file()


def manifest(hashes: Mapping[str, str]) -> bytes:
    """The lines of a manifest, sorted by path, as `sha256sum -c` reads them; paths lie below the pack's folder."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode()


def unsealed(pieces: Mapping[bytes, str]) -> bytes:
    """The file of statements without a sealed original, each with the reason that people read."""
    listed = [{"statement": to_base64url(data), "reason": reason} for data, reason in pieces.items()]
    return canonical({"v": UNSEALED_VERSION, "pieces": listed})


def verify_pack(folder: Path, trust: Mapping[str, Any] | None) -> Verdict:
    """Check a court pack: that it is whole, each bundle with its original, the chains, and what was closed.

    `trust` is the keys document that is trusted, never one of the pack. Raises OSError where it cannot be read. The
    checks of a bundle are named `NAME.pithead.json: …`, those of a recording by its id.
    """
    checks = Checks()
    checks.run("bag", lambda: _declaration(folder))
    names = checks.run("manifest", lambda: _manifest(folder, MANIFEST, _payload(folder)))
    tags = checks.run("tags", lambda: _manifest(folder, TAG_MANIFEST, _tags(folder)))
    pieces = _pieces(folder / "data", names or {}, trust, checks)
    loose = checks.run("unsealed", lambda: _unsealed(folder / "data" / UNSEALED), names)
    chains = checks.run("chains", lambda: _chains([*pieces.statements, *(loose or ())]), names, loose)
    found = None if chains is None else [*pieces.statements, *(loose or ())]
    absent = defaultdict[str, list[Statement]](list)
    for statement in map(Statement.decode, (loose or ()) if chains is not None else ()):
        absent[statement.recording].append(statement)
    for recording in sorted(pieces.recordings | {chain.recording for chain in chains or ()}):
        closed = _closing(folder / "data", recording, found, pieces, trust, checks)
        _absent(recording, absent[recording], closed, checks)
    cases = _cases(folder, names or {}, tags or {}, (pieces, found or []), trust, checks)
    _beside(folder, tags or {}, checks)
    for name in sorted(names or ()):
        _must_be_spoken_of(name.removeprefix("data/"), pieces, chains, checks)
    return _verdict(checks, pieces, cases, trusted=trust is not None)


def _declaration(folder: Path) -> tuple[bool, str]:
    if _bytes(folder / "bagit.txt", MANIFEST_LIMIT) != DECLARATION:
        raise ValueError("bagit.txt does not declare BagIt 1.0 in UTF-8")
    return True, "BagIt 1.0"


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _payload(folder: Path) -> set[str]:
    data = folder / "data"
    return {f"data/{item.name}" for item in data.iterdir()} if _is_folder(data) else set()


def _tags(folder: Path) -> set[str]:
    found = {item.name for item in folder.iterdir() if item.name != "data" or not _is_folder(item)} - {TAG_MANIFEST}
    if not found >= {MANIFEST, README}:
        raise ValueError(f"{MANIFEST} or {README} is missing")
    return found


def _manifest(folder: Path, name: str, found: set[str]) -> tuple[dict[str, str], str]:
    """The hashes by path, if the manifest lists exactly what was found and every file is what it says."""
    listed = _lines(folder / name)
    for path in sorted(found ^ listed.keys()):
        raise ValueError(f"{path} is {'not in the manifest' if path in found else 'missing'}")
    for path, digest in listed.items():
        if (folder / path).is_symlink() or not (folder / path).is_file():
            raise ValueError(f"{path} is no file")
        with (folder / path).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != digest:
                raise ValueError(f"{path} is not what the manifest says")
    return listed, f"{len(listed)} files are what the manifest says"


def _lines(path: Path) -> dict[str, str]:
    data = _bytes(path, MANIFEST_LIMIT)
    if not data.endswith(b"\n"):
        raise ValueError(f"{path.name} does not end its last line")
    listed: dict[str, str] = {}
    for number, line in enumerate(data[:-1].decode().split("\n"), 1):
        match = _LINE.fullmatch(line)
        # A percent sign would be an escape to BagIt and none to sha256sum, so no name has one.
        if match is None or match[2] in listed or "%" in line or not is_plain_name(match[2].removeprefix("data/")):
            raise ValueError(f"line {number} of {path.name} is not a hash, two spaces and a plain path, each once")
        listed[match[2]] = match[1]
    return listed


def _bytes(path: Path, limit: int) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name} is missing")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{path.name} has more than {limit} bytes")
    return data


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1_000)


def _pieces(data: Path, names: Mapping[str, str], trust: Any, checks: Checks) -> _Pieces:
    """Every bundle checked with its original, and what those that hold together say."""
    pieces = _Pieces()
    for name in sorted(path.removeprefix("data/") for path in names if path.endswith(bundles.SUFFIX)):
        verdict, original = bundles.verify_file(data / name, trust)
        checks.made += [Check(f"{name}: {check.name}", check.ok, check.detail) for check in verdict.checks]
        pieces.verdicts.append(verdict)
        pieces.spoken_of |= {name, *([original] if original else [])}
        if verdict.status is not Status.BROKEN:
            statement, entry = bundles.facts_of((data / name).read_bytes())
            key = from_base64url(entry["device_key"])
            pieces.spoken_of |= _takeover(data, name.removesuffix(bundles.SUFFIX), statement, entry, checks)
            pieces.statements.append(statement)
            pieces.declared_at[statement] = entry["declared_at"]
            pieces.recordings.add(entry["recording"])
            pieces.sealed.add(entry["evidence"])
            pieces.officers.add(Officer(entry["device"], entry["maker"], entry["algorithm"], key))
    return pieces


def _takeover(data: Path, name: str, statement: bytes, entry: dict[str, Any], checks: Checks) -> set[str]:
    """The paper of a piece that was taken over: from whom, how and when. Returns the name of its file."""
    file = name + takeovers.SUFFIX
    if (data / file).is_file():
        checks.run(f"{file}: takeover", lambda: _paper(data / file, statement, entry))
    elif entry["grade"] == takeovers.GRADE:
        checks.skip(f"{file}: takeover", "taken over, and no paper says from whom, how and when")
    return {file}


def _paper(path: Path, statement: bytes, entry: dict[str, Any]) -> tuple[bool, str]:
    paper = takeovers.read_taken_over(_bytes(path, takeovers.FILE_LIMIT), statement, entry)
    return True, f"taken over from {paper.giver}: {paper.how}"


def _unsealed(path: Path) -> tuple[list[bytes], str]:
    if not path.is_file():
        return [], "every statement has its sealed original"
    members = parse_canonical(_bytes(path, UNSEALED_LIMIT), UNSEALED_LIMIT)
    if members.keys() != {"v", "pieces"} or members["v"] != UNSEALED_VERSION or type(members["pieces"]) is not list:
        raise ValueError(f"{UNSEALED} is not an object of v ({UNSEALED_VERSION}) and pieces")
    found, reasons = [], []
    for item in members["pieces"]:
        if type(item) is not dict or item.keys() != {"statement", "reason"} or type(item["reason"]) is not str:
            raise ValueError(f"{UNSEALED}: a piece is not an object of statement and reason")
        found.append(from_base64url(item["statement"]))
        reasons.append(item["reason"])
    return found, f"{len(found)} statements without a sealed original: " + "; ".join(sorted(set(reasons)))


def _chains(statements: list[bytes]) -> tuple[list[Chain], str]:
    chains = check_chains(statements)
    for chain in chains:
        for _, reason in chain.breaks:
            raise ValueError(f"recording {chain.recording}, device {chain.device}: {reason}")
    return chains, f"{len(chains)} chains, {sum(len(chain.gaps) for chain in chains)} gaps"


def _closing(
    data: Path, recording: str, found: list[bytes] | None, pieces: _Pieces, trust: Any, checks: Checks
) -> Closed | None:
    """The closing of one recording: its signatures, its entry, what it says of the chains, and whose keys signed it."""
    path = data / f"{recording}{CLOSING_SUFFIX}"
    if not path.is_file():
        checks.skip(f"{recording}: closing", "not closed: whether something is missing at the end cannot be told")
        return None
    closed = checks.run(f"{recording}: closing", lambda: _closed(path, recording))
    proof = data / f"{recording}{PROOF_SUFFIX}"
    entered = None
    if proof.is_file():
        entered = checks.run(f"{recording}: entry", lambda: _entered(proof, closed, trust), closed)
    else:
        checks.skip(f"{recording}: entry", "no proof that the record took this closing")
    checks.run(f"{recording}: agreement", lambda: _agreement(closed, found or [], entered, pieces), closed, found)
    if closed is not None:
        _officers(recording, closed, pieces.officers, entered, checks)
    return closed


def _cases(
    folder: Path, names: Mapping[str, str], tags: Mapping[str, str], there: tuple[_Pieces, list[bytes]], trust: Any,
    checks: Checks,
) -> int:  # fmt: skip
    """Every case file with the papers beside it; how many there are."""
    data, (pieces, statements) = folder / "data", there
    hashes = {path.removeprefix("data/"): digest for path, digest in names.items()}

    def read(name: str, limit: int) -> bytes | None:
        if name not in hashes:
            return None
        with (data / name).open("rb") as file:
            return file.read(limit + 1)

    found = sorted(name for name in hashes if name.endswith(casefiles.SUFFIX))
    digests = {sha256(one).hexdigest() for one in statements}
    beside = Beside(hashes, pieces.sealed, digests, tags.get(CONTENTS), read)
    for name in found:
        head = read(name, casefiles.LIMIT) or b""
        pieces.spoken_of |= casefiles.check_case(name, head, beside=beside, trust=trust, checks=checks)
    return len(found)


def _beside(folder: Path, tags: Mapping[str, str], checks: Checks) -> None:
    """The files beside `data`: people read them first, so what proves none of them is said."""
    for name in sorted(tags.keys() - {"bagit.txt", MANIFEST}):
        if name == README and tags[name] in readme.HASHES:
            checks.run(name, lambda: (True, "the words of this software"))
        elif name == INFO and _INFO.fullmatch(_head(folder / name)):
            checks.run(name, lambda: (True, "its form; what it says is nobody's word"))
        elif name != CONTENTS or not any(check.name == CONTENTS for check in checks.made):
            checks.skip(printable(name), _BY_NOBODY)


def _absent(recording: str, statements: list[Statement], closed: Closed | None, checks: Checks) -> None:
    """Who makes a pack could leave out a sealed original and call it lost: two officers' word for the gap stands
    against that. Where there is none, nothing was checked, and that is said."""
    gaps = () if closed is None else closed.closing.gaps
    unproven = [
        one
        for one in statements
        if not any(gap.device == one.device and gap.first <= one.seq <= gap.last for gap in gaps)
    ]
    if unproven:
        first = min(unproven, key=lambda one: (one.device, one.seq))
        said = f"{len(unproven)} have no sealed original by the word of this pack alone, the first is"
        checks.skip(f"{recording}: unsealed", f"{said} seq {first.seq} of device {first.device}")


def _officers(recording: str, closed: Closed, officers: set[Officer], entered: Any, checks: Checks) -> None:
    """Whose keys signed a closing: by the entry that took it, or by the sealed entries of their devices."""
    unknown = [officer for officer in (closed.closer, closed.cosigner) if officer not in officers]
    if any(officer.device == known.device for officer in unknown for known in officers):
        checks.run(f"{recording}: officers", _raising("a key that signed is not that of the device it names"))
    elif entered:
        checks.run(f"{recording}: officers", lambda: (True, "the closing's entry names both officers' devices"))
    elif unknown:
        detail = f"no sealed entry of this pack vouches for device {unknown[0].device} of {unknown[0].maker}"
        checks.skip(f"{recording}: officers", detail)
    else:
        checks.run(f"{recording}: officers", lambda: (True, "sealed entries vouch for both officers' devices"))


def _raising(reason: str) -> Callable[[], tuple[bool, str]]:
    def step() -> tuple[bool, str]:
        raise ValueError(reason)

    return step


def _closed(path: Path, recording: str) -> tuple[Closed, str]:
    closed = closings.read_closed(_bytes(path, closings.FILE_LIMIT))
    if closed.closing.recording != recording:
        raise ValueError(f"the closing is that of recording {closed.closing.recording}")
    return closed, f"closed by {closed.closer.maker}, co-signed by {closed.cosigner.maker}"


def _entered(path: Path, closed: Any, trust: Any) -> tuple[Entry, str]:
    entry, where = places.read_proven(_bytes(path, places.LIMIT), trust)
    closings.must_be_entered(entry, closed)
    return entry, where


def _agreement(closed: Any, found: list[bytes], entered: Entry | None, pieces: _Pieces) -> tuple[bool, str]:
    """What was declared after the closing's entry was none of its business, and is left out and counted."""
    in_time = [one for one in found if entered is None or pieces.declared_at.get(one, entered.at) <= entered.at]
    for contradiction in closed.closing.contradictions(check_chains(in_time)):
        raise ValueError(contradiction)
    said = f"{len(closed.closing.chains)} devices, {len(closed.closing.gaps)} gaps with a reason"
    late = len(found) - len(in_time)
    return True, said + (f", {late} declared later" if late else "")


def _must_be_spoken_of(name: str, pieces: _Pieces, chains: Any, checks: Checks) -> None:
    """Files that no bundle speaks of are named; they are neither wrong nor proved."""
    recordings = pieces.recordings | {chain.recording for chain in chains or ()}
    of_closing = any(
        name == recording + suffix for recording in recordings for suffix in (CLOSING_SUFFIX, PROOF_SUFFIX)
    )
    if name not in pieces.spoken_of and name != UNSEALED and not of_closing:
        checks.skip(printable(name), "no bundle speaks of this file")


def _verdict(checks: Checks, pieces: _Pieces, cases: int, *, trusted: bool) -> Verdict:
    made = tuple(checks.made)
    failed = next((check for check in made if check.ok is False), None)
    if failed is None and not pieces.verdicts and not cases:
        failed = Check("manifest", False, "there is no bundle in the pack")
        made = (*made, failed)
    if failed is not None:
        return Verdict(Status.BROKEN, made, f"BROKEN: pack: {failed.name}: {failed.detail}")
    status = Status.VERIFIED if trusted else Status.CONSISTENT_BUT_UNTRUSTED
    left = [
        f"{check.name}: {check.detail}" for check in made if check.ok is None and not check.name.endswith(": trust")
    ]
    held = counted(len(pieces.verdicts), "bundle") + (f", {counted(cases, 'case')}" if cases else "")
    notes = [held, *([f"{len(left)} not checked, the first: {left[0]}"] if left else [])]
    return Verdict(status, made, f"{status.value}: pack: " + "; ".join(notes))
