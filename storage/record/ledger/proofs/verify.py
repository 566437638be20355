"""Checking files: a bundle, or a folder of bundles with their originals beside them, against a file of trusted keys."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.record.ledger.proofs import bundles, disclosures, packs, pictures
from storage.record.ledger.proofs.bundles import SUFFIX
from storage.record.ledger.proofs.canonical import NotCanonical, canonical
from storage.record.ledger.proofs.commitments import bundles as commitments
from storage.record.ledger.proofs.commitments import codes, reading
from storage.record.ledger.proofs.keys import KeysMalformed, PublicKeys
from storage.record.ledger.proofs.verdicts import Check, Status, Verdict, counted, printable

KEYS_LIMIT = 1_048_576
SUFFIXES = (SUFFIX, commitments.SUFFIX, disclosures.SUFFIX, pictures.SUFFIX)
"""How the names of bundles end."""
KEYS = "keys.json"
"""What a phone calls the keys document that it leaves beside its bundles."""


def verify_path(path: Path, trust_path: Path | None) -> Verdict:
    """The verdict on a bundle file, a court pack, or all bundles of a folder; never raises for what it is to check.

    The original is the file of the bundle's name in the same folder. Files of a folder that no bundle speaks of are
    named, and leave the verdict incomplete.
    """
    try:
        trust = None if trust_path is None else read_trust(trust_path)
    except ValueError as error:
        return _not_checked("trust", f"{trust_path}: {error}")
    try:
        if packs.is_pack(path):
            return packs.verify_pack(path, trust)
        return _folder(path, trust, trust_path) if path.is_dir() else _file(path, trust)[0]
    except OSError as error:
        return _not_checked("path", f"{error.filename}: {error.strerror}")


def verify_code(text: str, trust_path: Path | None) -> Verdict:
    """The verdict on the text of a notice board's QR code; never raises for what it is to check."""
    try:
        trust = None if trust_path is None else read_trust(trust_path)
    except ValueError as error:
        return _not_checked("trust", f"{trust_path}: {error}")
    if not text.startswith(codes.PREFIX):
        # An address, a receipt, whatever a scanner read: that speaks against no mine.
        return _not_checked("code", f"it does not begin with {codes.PREFIX}")
    return reading.verify_code(text, trust)


def _file(path: Path, trust: Mapping[str, Any] | None) -> tuple[Verdict, str | None]:
    """The verdict on a bundle, of whatever it is; of an original's also its name, if that was found."""
    with path.open("rb") as file:
        data = file.read(max(commitments.LIMIT, pictures.LIMIT) + 1)
    if path.name.endswith(commitments.SUFFIX) or commitments.is_bundle(data):
        return commitments.verify_bundle(data, trust), None
    if path.name.endswith(disclosures.SUFFIX) or disclosures.is_bundle(data):
        return disclosures.verify_bundle(data, trust), None
    if path.name.endswith(pictures.SUFFIX) or pictures.is_bundle(data):
        return pictures.verify_bundle(data, trust), None
    return bundles.verify_file(path, trust)


def read_trust(path: Path) -> dict[str, Any]:
    """The keys document in a file; KeysMalformed if it is none."""
    try:
        with path.open("rb") as file:
            return parse_trust(file.read(KEYS_LIMIT + 1))
    except OSError as error:
        raise KeysMalformed(f"cannot be read: {error.strerror}") from error


def parse_trust(data: bytes) -> dict[str, Any]:
    """The keys document that these bytes write; KeysMalformed if they write none.

    People may have laid it out, so it need not be canonical. Duplicate members
    are still refused, since two readers could see two documents.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise KeysMalformed("a member stands there twice")
        return dict(pairs)

    if len(data) > KEYS_LIMIT:
        raise KeysMalformed(f"no keys document: more than {KEYS_LIMIT} bytes")
    try:
        document = json.loads(data.decode(), object_pairs_hook=once)
        canonical(document)
    except (NotCanonical, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise KeysMalformed(f"no keys document: {error}") from error
    return PublicKeys.parse(document).document()


def _folder(path: Path, trust: Mapping[str, Any] | None, trust_path: Path | None) -> Verdict:
    names = sorted(item.name for item in path.iterdir() if item.is_file())
    checked = {name: _file(path / name, trust) for name in names if name.endswith(SUFFIXES)}
    if not checked:
        deeper = sorted({one.parent.name for name in SUFFIXES for one in path.glob(f"*/*{name}")})
        instead = f"; name one of its folders: {', '.join(deeper)}" if deeper else ""
        return _not_checked("path", f"no file {', '.join(f'*{one}' for one in SUFFIXES)} in {path}{instead}")
    spoken_of = {original for _, original in checked.values()}
    kept = trust_path.resolve() if trust_path is not None else None
    others = [n for n in names if n not in checked and n not in spoken_of and (path / n).resolve() != kept]
    told = dict.fromkeys(others, "no bundle speaks of this file")
    if KEYS in told and _are_keys(path / KEYS):
        told[KEYS] = "the keys that came along: they prove nothing unless you have them from elsewhere (--trust)"
        others.remove(KEYS)
    checks = [
        Check(f"{printable(name)}: {check.name}", check.ok, check.detail)
        for name, (verdict, _) in checked.items()
        for check in verdict.checks
    ]
    checks += [Check(printable(name), None, detail) for name, detail in told.items()]
    return _together([verdict for verdict, _ in checked.values()], tuple(checks), others=len(others))


def _are_keys(path: Path) -> bool:
    try:
        read_trust(path)
    except KeysMalformed:
        return False
    return True


def _together(verdicts: list[Verdict], checks: tuple[Check, ...], *, others: int) -> Verdict:
    broken = [verdict for verdict in verdicts if verdict.status is Status.BROKEN]
    status = max((verdict.status for verdict in verdicts), key=list(Status).index)
    absent = sum(check.detail == bundles.NOT_GIVEN for check in checks)
    notes = [f"{len(broken)} broken, the first: {broken[0].summary}"] if broken else []
    notes += [f"{absent} without the original: bytes not checked"] if absent else []
    notes += [f"{counted(others, 'file')} that no bundle speaks of"] if others else []
    return Verdict(status, checks, f"{status.value}: " + "; ".join([counted(len(verdicts), "bundle"), *notes]))


def _not_checked(name: str, detail: str) -> Verdict:
    check = Check(name, None, printable(detail))
    return Verdict(Status.NOT_CHECKED, (check,), f"{Status.NOT_CHECKED.value}: {name}: {check.detail}")
