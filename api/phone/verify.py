"""`pithead verify`: the offline check of what was handed over, told to people."""

from collections.abc import Callable
from pathlib import Path

from storage.record.ledger.proofs.__main__ import lines_of
from storage.record.ledger.proofs.verify import verify_path


def main_verify(*, path: Path, trust: Path | None, say: Callable[[str], None]) -> int:
    """Says each check and the one line; 0 verified, 1 broken, 2 consistent but untrusted (no keys were given)."""
    verdict = verify_path(path, trust)
    for line in lines_of(verdict):
        say(line)
    return verdict.exit_code
