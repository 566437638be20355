"""Case files: steps of a case, its papers, findings and measures, each as a ledger entry against one checkpoint."""

from collections.abc import Mapping, Set
from functools import partial
from hashlib import sha256
from typing import Any

from storage.record.ledger.proofs import entries, inventories, places, receipts, signatures
from storage.record.ledger.proofs.bundles import is_plain_name
from storage.record.ledger.proofs.canonical import (
    LARGEST,
    canonical,
    from_base64url,
    is_integer,
    is_uuid,
    parse_canonical,
    parse_members,
)
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.inventories import Beside
from storage.record.ledger.proofs.keys import PublicKeys
from storage.record.ledger.proofs.places import Signed
from storage.record.ledger.proofs.verdicts import Checks

VERSION = "pithead/case/1"
SUFFIX = ".case.json"
"""Before it stands the id of the case."""
LIMIT = 33_554_432
VOLUMES = ("MAIN", "WHOLE")
"""正卷 alone, or with 副卷, the second volume that stays within the agency."""
BODY_VERSION = "pithead/paper-body/1"
BODY_LIMIT = 262_144

_MEMBERS = {
    "v", "case", "volume", "checkpoint", "keys", "opened", "steps", "withheld", "papers", "findings", "measures",
}  # fmt: skip
_PLACE = {"payload", "salt", "position", "proof"}
_PAPER = {"paper", "body", "file", "entries", "statements"}
_ENDED = ("case.archived", "case.not_registered")
"""The steps after which a case has no further one that could be left out unseen."""


class CaseMalformed(ValueError):
    """The bytes are no case file, or one of its entries is not what it stands for; the message says which and why."""


def case_file(members: Mapping[str, Any]) -> bytes:
    """The file that keeps a case (protocol §11a), from its members but `v`."""
    return canonical({"v": VERSION, **members})


def members_of(data: bytes) -> dict[str, Any]:
    """What stands in such a file, unchecked but for its form; NotCanonical."""
    return parse_members(data, LIMIT, names=_MEMBERS, version=VERSION)


def check_case(
    name: str, data: bytes, *, beside: Beside, trust: Mapping[str, Any] | None, checks: Checks
) -> set[str]:  # fmt: skip
    """Makes every check of one case file, and returns the files that it speaks of."""
    case = name.removesuffix(SUFFIX)
    named = {name, case + inventories.SUFFIX, case + inventories.OPENING_SUFFIX}
    members = checks.run(f"{case}: case", lambda: _form(data, case))
    signed = checks.run(f"{case}: checkpoint", lambda: _checkpoint(members, trust), members)
    if members is None or signed is None:
        return named | _files(members)
    checks.run(f"{case}: opened", lambda: _about(members["opened"], signed, case, "case.opened"))
    # What is wrong is named by the thing that it is wrong with; that the whole differs, comes last.
    last = Checks()
    is_given = inventories.check_inventory(members, beside, trust, last)
    steps = _steps(case, members, signed, checks, is_given=is_given)
    for item in members["papers"]:
        paper, file = item["paper"], item["file"]
        checks.run(f"{case}: paper {paper}", partial(_paper, item, signed, beside.hashes))
        if not file:
            checks.skip(f"{case}: paper {paper}: pdf", "the pack has no PDF of it, only its words")
    for item in members["findings"]:
        checks.run(f"{case}: finding {item['finding']}", partial(_finding, item, signed))
    for item in members["measures"]:
        checks.run(f"{case}: measure {item['measure']}", partial(_measure, item, signed))
    checks.run(f"{case}: findings", lambda: _named(steps or [], members), steps)
    if steps is not None:
        _evidence(case, steps, beside.sealed, checks)
    checks.made += last.made
    return named | _files(members)


def _form(data: bytes, case: str) -> tuple[dict[str, Any], str]:
    members = members_of(data)
    if members["case"] != case or not is_uuid(case):
        raise CaseMalformed("it is that of another case than its name says")
    if members["volume"] not in VOLUMES or type(members["checkpoint"]) is not str:
        raise CaseMalformed(f"volume is none of {', '.join(VOLUMES)}, or checkpoint is no text")
    _must_be_places([members["opened"]])
    _must_be_places(members["steps"])
    Entry.decode(members["opened"]["payload"].encode())
    ordinals = [item["ordinal"] for item in _objects(members["withheld"], {"ordinal", "reason"})]
    if not all(is_integer(one, at_least=0) for one in ordinals) or ordinals != sorted(set(ordinals)):
        raise CaseMalformed("withheld steps are not sorted by ordinal, each once")
    if not all(type(item["reason"]) is str for item in members["withheld"]):
        raise CaseMalformed("a withheld step has no reason")
    for kind in ("papers", "findings", "measures"):
        _must_be_subjects(members[kind], kind.removesuffix("s"), _PAPER if kind == "papers" else None)
    _must_be_papers(members["papers"])
    told = f"{len(members['steps'])} steps, {len(members['papers'])} papers, volume {members['volume']}"
    return members, told


def _must_be_subjects(value: object, noun: str, names: set[str] | None) -> None:
    found = _objects(value, names or {noun, "entries"})
    if not all(is_uuid(item[noun]) for item in found) or len({item[noun] for item in found}) != len(found):
        raise CaseMalformed(f"a {noun} has no id, or stands there twice")
    for item in found:
        _must_be_places(item["entries"])
        if not item["entries"]:
            raise CaseMalformed(f"{noun} {item[noun]} has no entry")


def _must_be_papers(papers: list[dict[str, Any]]) -> None:
    for item in papers:
        texts = item["statements"] if type(item["statements"]) is list else [None]
        if not all(type(one) is str for one in (item["body"], item["file"], *texts)):
            raise CaseMalformed(f"paper {item['paper']}: body, file or a statement is no text")
        if item["file"] and not is_plain_name(item["file"]):
            raise CaseMalformed(f"paper {item['paper']}: file is no plain name")


def _must_be_places(value: object) -> None:
    for item in _objects(value, _PLACE):
        receipts.must_name_a_place({**item, "checkpoint": ""})


def _objects(value: object, names: set[str]) -> list[dict[str, Any]]:
    if type(value) is not list or not all(type(item) is dict and item.keys() == names for item in value):
        raise CaseMalformed(f"there is no list of objects of {', '.join(sorted(names))}")
    return value


def _files(members: Mapping[str, Any] | None) -> set[str]:
    return {item["file"] for item in members["papers"] if item["file"]} if members is not None else set()


def _checkpoint(members: Any, trust: Mapping[str, Any] | None) -> tuple[Signed, str]:
    keys = PublicKeys.parse(members["keys"])
    keys.must_hold_together()
    first = Entry.decode(members["opened"]["payload"].encode()).at
    signed, where = places.signed_checkpoint(members, keys, first=first, last=LARGEST)
    if trust is not None:
        trusted = PublicKeys.parse(dict(trust))
        if contradiction := keys.contradiction(trusted):
            raise CaseMalformed(contradiction)
        places.must_reach(keys, signed, trusted, first=first, last=LARGEST)
    return signed, where


def _proven(item: Mapping[str, Any], signed: Signed) -> Entry:
    """The entry, if the log holds it."""
    places.included(item, signed)
    return Entry.decode(item["payload"].encode())


def _about(item: Mapping[str, Any], signed: Signed, subject: str, kind: str) -> tuple[Entry, str]:
    entry = _proven(item, signed)
    if entry.kind != kind or entry.subject != subject:
        raise CaseMalformed(f"the entry is not {kind} of {subject}")
    return entry, f"position {item['position']}"


def _steps(
    case: str, members: Mapping[str, Any], signed: Signed, checks: Checks, *, is_given: bool
) -> list[Entry] | None:  # fmt: skip
    """Each step in its place; None if one is not. Where one is left out, it is named, and not all that follow."""
    withheld = {item["ordinal"]: item["reason"] for item in members["withheld"]}
    found: list[Entry | None] = []
    expected = 0
    for item in members["steps"]:
        while expected in withheld:
            expected += 1
        found.append(checks.run(f"{case}: step {expected}", partial(_step, item, signed, case, expected)))
        expected = max(expected, _ordinal(item)) + 1
    whole = [entry for entry in found if entry is not None]
    steps = whole if len(whole) == len(found) else None
    has_ended = any(entry.kind in _ENDED for entry in found if entry is not None)
    if steps is not None and not is_given and not has_ended:
        checks.skip(f"{case}: steps", "not archived: whether steps are missing at the end cannot be told")
    else:
        told = f"whole from 0 to {expected - 1}" + (
            "" if has_ended else " as given out, when the case was not archived"
        )
        checks.run(f"{case}: steps", lambda: (True, told), steps)
    if withheld and is_given:
        said = f"{len(withheld)} steps are not given out, as the record said when it gave out the rest"
        checks.run(f"{case}: withheld", lambda: (True, said))
    elif withheld:
        first = min(withheld)
        said = f"{len(withheld)} steps are not given out, by the word of this pack alone; the first is {first}"
        checks.skip(f"{case}: withheld", f"{said}: {withheld[first]}")
    return steps


def _step(item: Mapping[str, Any], signed: Signed, case: str, ordinal: int) -> tuple[Entry, str]:
    entry = _proven(item, signed)
    if not entry.kind.startswith("case.") or entry.subject != case:
        raise CaseMalformed(f"the entry is no step of this case: {entry.kind} of {entry.subject}")
    if (stands := entry.data.get("ordinal")) != ordinal or type(stands) is not int:
        raise CaseMalformed(f"left out, or not in its place: here stands step {stands}")
    return entry, f"{entry.kind.removeprefix('case.')}, position {item['position']}"


def _ordinal(item: Mapping[str, Any]) -> int:
    """Which step an entry says that it is, so that one that is left out is named and not all that follow; else -1."""
    try:
        said = Entry.decode(item["payload"].encode()).data.get("ordinal")
    except entries.EntryMalformed:
        return -1
    return said if type(said) is int else -1


def _paper(item: Mapping[str, Any], signed: Signed, hashes: Mapping[str, str]) -> tuple[bool, str]:
    """The words as issued, whatever was signed or refused on them, and the PDF as it was made by the record."""
    paper, said = item["paper"], [_proven(one, signed) for one in item["entries"]]
    issued = said[0]
    if issued.kind != "paper.issued" or issued.subject != paper:
        raise CaseMalformed("its first entry does not issue it")
    digest = _words(item, issued)
    statements = {sha256(data).hexdigest(): data for data in map(from_base64url, item["statements"])}
    made: set[Any] = set()
    for entry in said[1:]:
        if entry.kind == "paper.printed" and entry.subject == paper and type(entry.data.get("stamped")) is str:
            made.add(entry.data["stamped"])
        elif entry.kind in ("paper.signed", "paper.refused"):
            _must_be_on(entry, paper, digest)
            if entry.kind == "paper.signed":
                _must_be_signed(entry, statements)
        else:
            raise CaseMalformed(f"{entry.kind} is nothing that was done to this paper")
    if statements:
        raise CaseMalformed("a statement is there that no entry tells of")
    if item["file"] and hashes.get(item["file"]) not in made:
        raise CaseMalformed(f"{item['file']} is missing, or no PDF that the record made of it")
    marks = sum(entry.kind in ("paper.signed", "paper.refused") for entry in said)
    return True, f"as issued at position {item['entries'][0]['position']}, {marks} signed or refused"


def _words(item: Mapping[str, Any], issued: Entry) -> str:
    body = from_base64url(item["body"])
    digest = sha256(body).hexdigest()
    if issued.data.get("digest") != digest:
        raise CaseMalformed("its words are not those that were issued")
    members = parse_canonical(body, BODY_LIMIT)
    if members.get("v") != BODY_VERSION or members.get("paper") != item["paper"]:
        raise CaseMalformed(f"its words are no {BODY_VERSION} of this paper")
    return digest


def _must_be_on(entry: Entry, paper: str, digest: str) -> None:
    if entry.data.get("paper") != paper or entry.data.get("digest") != digest:
        raise CaseMalformed(f"{entry.kind} is about another paper or other words")


def _must_be_signed(entry: Entry, statements: dict[str, bytes]) -> None:
    """The statement that the entry names, which is taken from the list; by key, the signature too."""
    data = entry.data
    digest = data.get("statement")
    statement = statements.pop(digest, None) if type(digest) is str else None
    if statement is None:
        raise CaseMalformed(f"what was signed at {data.get('place')} is missing")
    members = parse_canonical(statement, BODY_LIMIT)
    named = ("paper", "digest", "place", "way")
    if not all(type(data.get(name)) is str and members.get(name) == data[name] for name in named):
        raise CaseMalformed(f"what was signed at {data.get('place')} is about something else")
    if data.get("way") == "KEY":
        public, signature = from_base64url(data.get("device_key")), from_base64url(data.get("signature"))
        algorithms = [one for one in signatures.ALGORITHMS if signatures.is_public_key(one, public)]
        if not any(signatures.verify(one, public, "paper", statement, signature) for one in algorithms):
            raise CaseMalformed(f"the signature at {data.get('place')} is not that of the key")


def _finding(item: Mapping[str, Any], signed: Signed) -> tuple[bool, str]:
    said = _all_about(item, item["finding"], "finding.", signed)
    if said[0].kind != "finding.recorded":
        raise CaseMalformed("its first entry does not record it")
    return True, f"{len(said)} entries"


def _measure(item: Mapping[str, Any], signed: Signed) -> tuple[bool, str]:
    """The order, and what became of it: its steps without a hole."""
    said = _all_about(item, item["measure"], "measure.", signed)
    if said[0].kind != "measure.ordered":
        raise CaseMalformed("its first entry does not order it")
    ordinals = [entry.data["ordinal"] for entry in said[1:] if "ordinal" in entry.data]
    for expected, stands in enumerate(ordinals, 1):
        if stands != expected or type(stands) is not int:
            raise CaseMalformed(f"step {expected} is left out, or not in its place")
    return True, f"{len(said)} entries"


def _all_about(item: Mapping[str, Any], subject: str, noun: str, signed: Signed) -> list[Entry]:
    said = [_proven(one, signed) for one in item["entries"]]
    for entry in said:
        if not entry.kind.startswith(noun) or entry.subject != subject:
            raise CaseMalformed(f"{entry.kind} of {entry.subject} stands there")
    if len({entry.id for entry in said}) != len(said):
        raise CaseMalformed("an entry stands there twice")
    return said


def _named(steps: list[Entry], members: Mapping[str, Any]) -> tuple[bool, str]:
    """That every finding is there on which a given step says that the case rests."""
    there = {item["finding"] for item in members["findings"]}
    for entry in steps:
        for conduct in _listed(entry, "conducts"):
            finding = conduct.get("finding") if type(conduct) is dict else None
            if type(finding) is str and finding not in there:
                raise CaseMalformed(f"finding {finding}, which step {entry.data['ordinal']} names, is left out")
    return True, f"{len(there)} findings, {len(members['measures'])} measures"


def _evidence(case: str, steps: list[Entry], sealed: Set[str], checks: Checks) -> None:
    """Pieces that a step names and that have no bundle here: lost, erased, or left out by whoever made the pack."""
    named = list(dict.fromkeys(one for entry in steps for one in _listed(entry, "evidence") if type(one) is str))
    absent = [one for one in named if one not in sealed]
    if absent:
        checks.skip(f"{case}: evidence", f"{len(absent)} pieces that steps name have no bundle, the first: {absent[0]}")
    else:
        checks.run(f"{case}: evidence", lambda: (True, f"{len(named)} pieces that steps name are there"))


def _listed(entry: Entry, name: str) -> list[Any]:
    body = entry.data.get("body")
    listed = body.get(name) if type(body) is dict else None
    return listed if type(listed) is list else []
