"""`pithead verify`: the offline check of what was handed over, told to people in both languages."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from api.phone.talk import both
from storage.record.ledger.proofs.__main__ import MARKS
from storage.record.ledger.proofs.verdicts import Status, Verdict
from storage.record.ledger.proofs.verify import verify_code, verify_path

WIDTH = 100
"""Columns of a line; a Chinese sign takes two."""


def main_verify(*, path: Path, trust: Path | None, say: Callable[[str], None]) -> int:
    """Says each check, then what they come to in Chinese, and last in English.

    0 verified, 1 broken, 2 where nothing was checked, or no trusted keys were given.
    """
    return told(verify_path(path, trust), say)


def main_verify_code(*, code: str, trust: Path | None, say: Callable[[str], None]) -> int:
    """The same for the text of a notice board's QR code."""
    return told(verify_code(code, trust), say)


def told(verdict: Verdict, say: Callable[[str], None]) -> int:
    """Says a verdict; returns its exit code."""
    for check in verdict.checks:
        say(wrapped(f"{MARKS[check.ok]} {check.name}: {check.detail}", indent=6))
    say(wrapped(_in_chinese(verdict)))
    if verdict.status is Status.NOT_CHECKED:
        say(wrapped(both("verify_not_checked_why")[1]))
    say(wrapped(verdict.summary))
    return verdict.exit_code


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
