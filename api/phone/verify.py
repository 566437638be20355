"""`pithead verify`: the offline check of what was handed over, told to people in both languages."""

import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from api.phone.talk import both
from storage.record.ledger.proofs.__main__ import MARKS
from storage.record.ledger.proofs.commitments import bundles as commitments
from storage.record.ledger.proofs.commitments import codes
from storage.record.ledger.proofs.entries import Entry
from storage.record.ledger.proofs.verdicts import Status, Verdict, printable
from storage.record.ledger.proofs.verify import verify_code, verify_path

WIDTH = 100
"""Columns of a line; a Chinese sign takes two."""
_HELD = (Status.VERIFIED, Status.CONSISTENT_BUT_UNTRUSTED)
_GUIZHOU = timezone(timedelta(hours=8))
"""As clocks show it there, in every season; a machine without a table of zones knows it, too."""


def main_verify(*, path: Path, trust: Path | None, say: Callable[[str], None]) -> int:
    """Says each check, then what they come to in Chinese, and last in English.

    0 verified, 1 broken, 2 where nothing was checked, or no trusted keys were given.
    """
    verdict = verify_path(path, trust)
    data = path.read_bytes() if verdict.status in _HELD and path.is_file() else b""
    return told(verdict, say, _signed(data) if commitments.is_bundle(data) else None)


def main_verify_code(*, code: str, trust: Path | None, say: Callable[[str], None]) -> int:
    """The same for the text of a notice board's QR code."""
    verdict = verify_code(code, trust)
    return told(verdict, say, codes.Code.decode(code).entry if verdict.status in _HELD else None)


def told(verdict: Verdict, say: Callable[[str], None], signed: Entry | None = None) -> int:
    """Says a verdict, and of a commitment whose it is; returns its exit code."""
    for check in verdict.checks:
        say(wrapped(f"{MARKS[check.ok]} {check.name}: {check.detail}", indent=6))
    say(wrapped(_in_chinese(verdict)))
    if verdict.status is Status.NOT_CHECKED:
        say(wrapped(both("verify_not_checked_why")[1]))
    if signed is not None:
        for line in _commitment(signed):
            say(wrapped(line))
    say(wrapped(verdict.summary))
    return verdict.exit_code


def _signed(bundle: bytes) -> Entry | None:
    """The entry that says who signed; None of a commitment that is too long for a code."""
    try:
        return codes.code_of(bundle).entry
    except codes.CodeMalformed:
        return None


def _commitment(signed: Entry) -> tuple[str, str]:
    """Whose commitment it is, and where anybody sees whether it still stands: no bundle can say that."""
    told, at = signed.data, datetime.fromtimestamp(signed.at / 1000, _GUIZHOU)
    return both(
        "verify_commitment", mine=printable(told["mine_name"]), year=told["year"], id=told["mine"],
        principal=printable(told["principal_name"]), way=both(f"way_{told['way']}"), at=f"{at:%Y-%m-%d %H:%M}",
    )  # fmt: skip


def _in_chinese(verdict: Verdict) -> str:
    held, left = sum(bool(check.ok) for check in verdict.checks), [one for one in verdict.checks if one.ok is None]
    failed = verdict.failed or (left[0] if left else None)
    named = f"{failed.name}: {failed.detail}" if failed is not None else ""
    said: str = both(f"verify_{verdict.status.name}", held=held, named=named)[0]
    if left and verdict.status in (Status.VERIFIED, Status.CONSISTENT_BUT_UNTRUSTED):
        said += both("verify_left", left=len(left), named=named)[0]
    return said


def wrapped(text: str, *, indent: int = 4) -> str:
    """The text in lines of at most WIDTH columns, broken at spaces where there are any."""
    return f"\n{' ' * indent}".join(_lines(text, WIDTH - indent))


def _lines(text: str, width: int) -> Iterator[str]:
    line, taken, space = "", 0, -1
    for sign in text:
        columns = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken + columns > width:
            cut = space if space > width // 2 else len(line)
            yield line[:cut].rstrip()
            line = line[cut:].lstrip()
            taken, space = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line), -1
        space = len(line) if sign == " " else space
        line, taken = line + sign, taken + columns
    yield line
