"""The court pack: opens a recording or an inspection, and leaves a folder that a court reads and checks without us."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from api.phone import calls
from api.phone.disk import whole_file
from api.phone.phone import Person
from api.phone.server import BUSY, TIMEOUT, Refused, Server, Unreachable, keys_document, tries
from api.phone.talk import Talk, both
from api.phone.trust import AnotherServer, Trust
from storage.record.ledger.proofs import packs, readme
from storage.record.ledger.proofs.bundles import SUFFIX, is_plain_name
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.keys import KeysMalformed
from storage.record.ledger.proofs.statements import Statement, StatementMalformed
from storage.record.ledger.proofs.takeovers import SUFFIX as TAKEOVER_SUFFIX
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path

VERIFIED, FAILED, NOT_GIVEN_OUT = 0, 1, 3
INFO = "bag-info.txt"
_CHUNK = 1024 * 1024
_OPEN = (
    "mutation($input: OpenPackInput!) { openPack(input: $input) { recordings { uuid closing proof }"
    " pieces { name state grade statement bundle takeover url reason } endCursor"
    " problem { code message parameters { name value } } } }"
)


class PackWrong(Exception):
    """What was given out cannot go into a pack; the text says what."""


class FolderTaken(Exception):
    """A pack is written into an empty folder only; the text is its path."""


@dataclass(slots=True)
class _Pack:
    """A pack that is being written: the SHA-256 of each file of `data`, the statements without an original, grades."""

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)
    unsealed: dict[bytes, str] = field(default_factory=dict)
    grades: Counter[str] = field(default_factory=Counter)
    size: int = 0

    def write(self, name: str, data: bytes) -> None:
        """A small file of `data`."""
        self.add(name, iter([data]))

    def add(self, name: str, chunks: Iterator[bytes]) -> str:
        """A file of `data`; its SHA-256. PackWrong for a name that is none, or stands there already."""
        path = f"data/{name}"
        if not is_plain_name(name) or "%" in name or path in self.hashes:
            raise PackWrong(name)
        whole = sha256()
        with whole_file(self.folder / "data" / name, mode=0o644) as file:
            for chunk in chunks:
                whole.update(chunk)
                file.write(chunk)
                self.size += len(chunk)
        self.hashes[path] = whole.hexdigest()
        return self.hashes[path]

    def finish(self, id: str) -> None:
        """The tag files, the manifests last: a pack without them is none."""
        if self.unsealed:
            self.write(packs.UNSEALED, packs.unsealed(self.unsealed))
        info = {"Bag-Software-Agent": "pithead", "Bagging-Date": time.strftime("%Y-%m-%d"), "External-Identifier": id,
                "Payload-Oxum": f"{self.size}.{len(self.hashes)}"}  # fmt: skip
        tags = {
            "bagit.txt": packs.DECLARATION, packs.README: readme.TEXT.encode(),
            INFO: "".join(f"{name}: {value}\n" for name, value in info.items()).encode(),
            packs.MANIFEST: packs.manifest(self.hashes),
        }  # fmt: skip
        digests = {name: sha256(data).hexdigest() for name, data in tags.items()}
        for name, data in (*tags.items(), (packs.TAG_MANIFEST, packs.manifest(digests))):
            with whole_file(self.folder / name, mode=0o644) as file:
                file.write(data)


def main_pack(
    *,
    url: str,
    id: str,
    into: Path,
    folder: Path,
    person: Person,
    language: str,
    say: Callable[[str], None],
    trust: Path | None = None,
    http: httpx.Client | None = None,
    reach: float = 20.0,
) -> int:
    """Opens the recording or inspection `id`, writes its pack into an empty folder and verifies it as anyone would.

    0 verified, 3 if the server refused to give it out, 1 anything else. `trust` is the keys document to verify with; by
    default the keys that the phones in `folder` pinned at their first contact.
    """
    talk = Talk(say, language)
    try:
        with _line(http) as line:
            server = Server(url, line, language="en" if language == "en" else "zh", patience=reach)
            pinned = Trust(folder / "server-keys.json")
            pinned.meet(keys_document(server))
            server.access = calls.sign_in(server, login=person.login, password=person.password).access
            _write(server, id, into, talk)
    except Refused as refused:
        talk.end("act_refused", code=refused.code, sentence=refused.sentence)
        return NOT_GIVEN_OUT
    except tuple(_FAULTS) as fault:
        talk.end(_FAULTS[type(fault)], told=fault)
        return FAILED
    except OSError as fault:
        talk.end("no_file", told=f"{fault.filename}: {fault.strerror}")
        return FAILED
    verdict = verify_path(into, trust or pinned.path)
    say(verdict.summary)
    return VERIFIED if verdict.status is Status.VERIFIED else FAILED


_FAULTS: dict[type[Exception], str] = {
    AnotherServer: "another_server",
    FolderTaken: "pack_taken",
    KeysMalformed: "another_server",
    PackWrong: "pack_wrong",
    StatementMalformed: "pack_wrong",
    Unreachable: "unreachable",
}


def _write(server: Server, id: str, into: Path, talk: Talk) -> None:
    into.mkdir(parents=True, exist_ok=True)
    if any(into.iterdir()):
        raise FolderTaken(str(into))
    pack = _Pack(into)
    for number, page in enumerate(_pages(server, id)):
        for recording in page["recordings"] if number == 0 else ():
            for suffix, member in ((packs.CLOSING_SUFFIX, "closing"), (packs.PROOF_SUFFIX, "proof")):
                if recording[member] is not None:
                    pack.write(recording["uuid"] + suffix, from_base64url(recording[member]))
        for piece in page["pieces"]:
            _take(server, pack, piece, talk)
    pack.finish(id)
    for grade, count in sorted(pack.grades.items()):
        talk.tell("pack_grade", grade=both(f"grade_{grade}"), count=count, proves=both(f"proves_{grade}"))
    talk.tell("packed", files=len(pack.hashes), unsealed=len(pack.unsealed), into=into)


def _pages(server: Server, id: str) -> Iterator[dict[str, Any]]:
    """The pages of a pack; an id that is no recording's is taken for an inspection's."""
    named, cursor = {"recordingId": id}, None
    while True:
        try:
            page = server.act(_OPEN, **named, after=cursor)
        except Refused as refused:
            if refused.code != "NOT_FOUND" or "inspectionId" in named:
                raise
            named = {"inspectionId": id}
            continue
        yield page
        cursor = page["endCursor"]
        if cursor is None:
            return


def _take(server: Server, pack: _Pack, piece: dict[str, Any], talk: Talk) -> None:
    statement = from_base64url(piece["statement"])
    if piece["bundle"] is None:
        pack.unsealed[statement] = piece["reason"]
        talk.tell("pack_without", name=piece["name"], reason=piece["reason"])
        return
    name = piece["name"]
    pack.grades[piece["grade"]] += 1
    found = pack.add(name, _download(server, piece["url"]))
    if found != Statement.decode(statement).sha256:
        raise PackWrong(name)
    pack.write(f"{name}{SUFFIX}", from_base64url(piece["bundle"]))
    if piece["takeover"] is not None:
        pack.write(f"{name}{TAKEOVER_SUFFIX}", from_base64url(piece["takeover"]))


def _download(server: Server, url: str) -> Iterator[bytes]:
    """The bytes behind a signed URL, by chunks; Unreachable when the store does not give them all."""
    last = ""
    for _ in tries(server.patience):
        try:
            with server.http.stream("GET", url) as answer:
                if answer.is_success:
                    yield from answer.iter_bytes(_CHUNK)
                    return
                last = f"HTTP {answer.status_code}"
                if answer.status_code not in BUSY | {500}:
                    break
        except httpx.ConnectError as error:
            last = str(error)
        except httpx.RequestError as error:
            # Half a file cannot be taken back from whoever has it: the pack is begun anew.
            raise Unreachable(f"{httpx.URL(url).copy_with(query=None)}: {error}") from error
    raise Unreachable(f"{httpx.URL(url).copy_with(query=None)}: {last}")


@contextlib.contextmanager
def _line(http: httpx.Client | None) -> Iterator[httpx.Client]:
    if http is not None:
        yield http
        return
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as made:
        yield made
