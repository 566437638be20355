"""The court pack: opens a recording, an inspection or a case, and leaves a folder that a court checks without us."""

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from api.phone import calls
from api.phone.disk import clear_halves, whole_file
from api.phone.download import Download, NotThoseBytes, UrlRunOut
from api.phone.phone import Person
from api.phone.server import TIMEOUT, Refused, Server, Unreachable, keys_document, tries
from api.phone.talk import Talk, both
from api.phone.trust import AnotherServer, Trust
from storage.record.ledger.proofs import casefiles, inventories, packs, readme
from storage.record.ledger.proofs.bundles import SUFFIX, is_plain_name
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.keys import KeysMalformed
from storage.record.ledger.proofs.statements import Statement, StatementMalformed
from storage.record.ledger.proofs.takeovers import SUFFIX as TAKEOVER_SUFFIX
from storage.record.ledger.proofs.verdicts import Status
from storage.record.ledger.proofs.verify import verify_path

VERIFIED, FAILED, NOT_GIVEN_OUT = 0, 1, 3
INFO = "bag-info.txt"
UNFINISHED = "unfinished.txt"
"""Lies in the folder of a pack that is not whole yet, and holds what the pack is of."""
PARTS = "unfinished"
"""Beside `data`: files that have come in part."""
_FRESH = 60.0
"""Seconds for which a signed URL opens what it is signed for, whatever the clocks: one refused earlier is no good."""
_PAGE = (
    "recordings { uuid closing proof } pieces { name state grade statement bundle takeover url reason } endCursor"
    " problem { code message parameters { name value } }"
)
_OPEN = f"mutation($input: OpenPackInput!) {{ openPack(input: $input) {{ {_PAGE} }} }}"
_CASE = "case contents inventory opening behind papers { uuid name sha256 url }"
_OPEN_CASE = f"mutation($input: OpenCasePackInput!) {{ openCasePack(input: $input) {{ {_CASE} {_PAGE} }} }}"
_OPENING = "query($id: UUID!) { packOpening(id: $id) }"
_PRINT = (
    "mutation($input: OpenPaperInput!) { openPaper(input: $input) { url"
    " problem { code message parameters { name value } } } }"
)


@dataclass(frozen=True, slots=True)
class OfCase:
    """That a pack is of a case: `whole` with the second volume (副卷), which stays within the agency."""

    whole: bool = False


class PackWrong(Exception):
    """What was given out cannot go into a pack; the text says what."""


class FolderTaken(Exception):
    """A pack is written into an empty folder, or one in which it was begun before; the text is its path."""


@dataclass(slots=True)
class _Pack:
    """A pack that is being written: the SHA-256 of each file of `data`, the statements without an original, grades.

    Until it is whole, a file beside `data` says so: a folder with it is no pack to any verifier, and only its own pack
    is gone on with in it.
    """

    folder: Path
    hashes: dict[str, str] = field(default_factory=dict)
    unsealed: dict[bytes, str] = field(default_factory=dict)
    grades: Counter[str] = field(default_factory=Counter)
    lists: dict[str, bytes] = field(default_factory=dict)
    """Files beside `data` for people."""
    made: bool = False
    """Whether the folder was not there before."""

    def begin(self, id: str) -> None:
        """Takes the folder for this pack. FolderTaken if something else is in it."""
        begun = self.folder / UNFINISHED
        self.made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()) and not (begun.is_file() and begun.read_text("utf-8", "replace") == id):
            raise FolderTaken(str(self.folder))
        with whole_file(begun, mode=0o644) as file:
            file.write(id.encode())

    def write(self, name: str, data: bytes) -> None:
        """A small file of `data`."""
        path = self._place(name, sha256(data).hexdigest())
        with whole_file(path, mode=0o644) as file:
            file.write(data)

    def bring(self, name: str, digest: str, *, server: Server, url: str) -> None:
        """An original, as far as it has not come yet."""
        path, partial = self._place(name, digest), self.folder / PARTS / digest
        Download(server.http, server.patience, partial, path, digest).bring(url)

    def finish(self, id: str) -> None:
        """The tag files, the manifests last: a pack without them is none. What no list names is cleared away."""
        if self.unsealed:
            self.write(packs.UNSEALED, packs.unsealed(self.unsealed))
        self._clear_away()
        size = sum((self.folder / path).stat().st_size for path in self.hashes)
        info = {"Bag-Software-Agent": "pithead", "Bagging-Date": time.strftime("%Y-%m-%d"), "External-Identifier": id,
                "Payload-Oxum": f"{size}.{len(self.hashes)}"}  # fmt: skip
        tags = {
            "bagit.txt": packs.DECLARATION, packs.README: readme.TEXT.encode(),
            INFO: "".join(f"{name}: {value}\n" for name, value in info.items()).encode(),
            packs.MANIFEST: packs.manifest(self.hashes), **self.lists,
        }  # fmt: skip
        digests = {name: sha256(data).hexdigest() for name, data in tags.items()}
        for name, data in (*tags.items(), (packs.TAG_MANIFEST, packs.manifest(digests))):
            with whole_file(self.folder / name, mode=0o644) as file:
                file.write(data)
        (self.folder / UNFINISHED).unlink()

    def give_up(self) -> None:
        """What was refused from the start leaves the folder as it was: free for another pack, or not there."""
        if [path.name for path in self.folder.iterdir()] == [UNFINISHED]:
            (self.folder / UNFINISHED).unlink()
            if self.made:
                self.folder.rmdir()

    def _place(self, name: str, digest: str) -> Path:
        """Where a file of `data` goes. PackWrong for a name that is none, or stands for something else already."""
        path = f"data/{name}"
        if not is_plain_name(name) or "%" in name or self.hashes.get(path, digest) != digest:
            raise PackWrong(name)
        self.hashes[path] = digest
        return self.folder / path

    def _clear_away(self) -> None:
        """What an earlier run left: halves of files, and what has been erased from the record since."""
        listed = {self.folder / path for path in self.hashes}
        for path in (self.folder / "data").iterdir() if (self.folder / "data").is_dir() else ():
            if path not in listed:
                path.unlink()
        clear_halves(self.folder)
        if (self.folder / PARTS).exists():
            shutil.rmtree(self.folder / PARTS)


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
    case: OfCase | None = None,
) -> int:
    """Opens the recording or inspection `id`, or the case, writes its pack into an empty folder and verifies it.

    Broken off anywhere, the same call goes on in the same folder, which is no pack until it is whole.
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
            _write(server, id, into, talk, case)
    except Refused as refused:
        talk.end("act_refused", code=refused.code, said=talk.said(refused.sentence, refused.code))
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
    NotThoseBytes: "pack_bytes",
    PackWrong: "pack_wrong",
    StatementMalformed: "pack_wrong",
    Unreachable: "unreachable",
}


def _write(server: Server, id: str, into: Path, talk: Talk, case: OfCase | None) -> None:
    pack = _Pack(into)
    pack.begin(id)
    try:
        if case is None:
            _fill(pack, server, _OPEN, {"recordingId": id}, talk)
        else:
            _fill_case(pack, server, id, case, talk)
    except Refused:
        pack.give_up()
        raise
    pack.finish(id)
    for grade, count in sorted(pack.grades.items()):
        talk.tell("pack_grade", grade=both(f"grade_{grade}"), count=count, proves=both(f"proves_{grade}"))
    talk.tell("packed", files=len(pack.hashes), unsealed=len(pack.unsealed), into=into)


def _fill_case(pack: _Pack, server: Server, id: str, case: OfCase, talk: Talk) -> None:
    """The file of the case, its papers as PDFs, and the evidence that it rests on."""
    named = {"caseId": id, "volume": "WHOLE" if case.whole else "MAIN"}
    _print_papers(server, named)
    first = _fill(pack, server, _OPEN_CASE, named, talk)
    data = from_base64url(first["case"])
    pack.write(f"{id}{casefiles.SUFFIX}", data)
    pack.lists[inventories.PAGE] = from_base64url(first["contents"])
    _prove(pack, server, id, first, talk)
    told = casefiles.members_of(data)
    talk.tell("pack_case", steps=len(told["steps"]), withheld=len(told["withheld"]), papers=len(told["papers"]))


def _prove(pack: _Pack, server: Server, id: str, first: dict[str, Any], talk: Talk) -> None:
    """What the record gave out, and the proof that it noted it then, once a checkpoint covers that.

    Without the proof both stay out, and the pack says by itself that nothing proves it whole.
    """
    for _ in tries(server.patience, longest=1.0):
        if (proof := server.ask(_OPENING, id=first["opening"])["packOpening"]) is not None:
            pack.write(f"{id}{inventories.SUFFIX}", from_base64url(first["inventory"]))
            pack.write(f"{id}{inventories.OPENING_SUFFIX}", from_base64url(proof))
            return
    talk.tell("pack_not_proven")


def _print_papers(server: Server, named: dict[str, str]) -> None:
    """Has the PDF of each paper made, and waits until a checkpoint covers all that there is; not for ever."""
    asked: set[str] = set()
    for _ in tries(server.patience, longest=1.0):
        page = server.act(_OPEN_CASE, **named, first=1)
        lacking = {paper["uuid"] for paper in page["papers"] if paper["url"] is None}
        if not lacking and not page["behind"]:
            return
        for id in sorted(lacking - asked):
            server.act(_PRINT, id=id)
        asked |= lacking


def _fill(pack: _Pack, server: Server, document: str, named: dict[str, str], talk: Talk) -> dict[str, Any]:
    """Closings, originals and their proofs, page by page; returns the first page."""
    first: dict[str, Any] = {}
    for page in _pages(server, document, named, lambda page: _take_all(server, pack, page)):
        first = first or page
        for recording in page["recordings"] if page is first else ():
            for suffix, member in ((packs.CLOSING_SUFFIX, "closing"), (packs.PROOF_SUFFIX, "proof")):
                if recording[member] is not None:
                    pack.write(recording["uuid"] + suffix, from_base64url(recording[member]))
        pack.grades.update(piece["grade"] for piece in page["pieces"] if piece["bundle"] is not None)
        for piece in page["pieces"]:
            if piece["bundle"] is None:
                talk.tell("pack_without", name=piece["name"], reason=piece["reason"])
    return first


def _pages(
    server: Server, document: str, named: dict[str, str], take: Callable[[dict[str, Any]], None]
) -> Iterator[dict[str, Any]]:
    """The pages of a pack, each once all that is on it is taken; an id that is no recording's is an inspection's.

    URLs run out while large films travel: then the page is opened again.
    """
    cursor = None
    while True:
        opened_at = time.monotonic()
        try:
            page = server.act(document, **named, after=cursor)
        except Refused as refused:
            if refused.code != "NOT_FOUND" or "recordingId" not in named:
                raise
            named = {"inspectionId": named["recordingId"]}
            continue
        try:
            take(page)
        except UrlRunOut as run_out:
            if time.monotonic() - opened_at < _FRESH:
                raise Unreachable(f"{server.url}: signed URLs open nothing") from run_out
            continue
        yield page
        cursor = page["endCursor"]
        if cursor is None:
            return


def _take_all(server: Server, pack: _Pack, page: dict[str, Any]) -> None:
    for paper in page.get("papers") or ():
        if paper["url"] is not None:
            pack.bring(paper["name"], paper["sha256"], server=server, url=paper["url"])
    for piece in page["pieces"]:
        _take(server, pack, piece)


def _take(server: Server, pack: _Pack, piece: dict[str, Any]) -> None:
    statement = from_base64url(piece["statement"])
    if piece["bundle"] is None:
        pack.unsealed[statement] = piece["reason"]
        return
    name = piece["name"]
    pack.bring(name, Statement.decode(statement).sha256, server=server, url=piece["url"])
    pack.write(f"{name}{SUFFIX}", from_base64url(piece["bundle"]))
    if piece["takeover"] is not None:
        pack.write(f"{name}{TAKEOVER_SUFFIX}", from_base64url(piece["takeover"]))


@contextlib.contextmanager
def _line(http: httpx.Client | None) -> Iterator[httpx.Client]:
    if http is not None:
        yield http
        return
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as made:
        yield made
