"""`python -m storage.record.ledger.proofs PATH --trust KEYS`: the offline check for who has only this package."""

import argparse
import sys
from pathlib import Path

from storage.record.ledger.proofs.verdicts import Verdict
from storage.record.ledger.proofs.verify import verify_code, verify_path

MARKS = {True: "ok   ", False: "WRONG", None: "-    "}


def lines_of(verdict: Verdict) -> list[str]:
    """The checks one a line, in order, and the summary last."""
    return [f"{MARKS[check.ok]} {check.name}: {check.detail}" for check in verdict.checks] + [verdict.summary]


def main(arguments: list[str] | None = None) -> int:
    """Print the checks and the summary; 0 verified, 1 broken, 2 consistent but untrusted."""
    parser = argparse.ArgumentParser(
        prog="verify", description="Check sealed evidence, commitments and disclosures offline."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "path",
        type=Path,
        nargs="?",
        help="a *.{pithead,commitment,disclosure,picture}.json bundle, or a folder",
    )
    what.add_argument("--qr", metavar="TEXT", help="the text of the QR code on a notice board")
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="the keys document that you trust")
    options = parser.parse_args(arguments)
    code, trust = options.qr, options.trust
    verdict = verify_path(options.path, trust) if code is None else verify_code(code, trust)
    sys.stdout.write("\n".join(lines_of(verdict)) + "\n")
    return verdict.exit_code


if __name__ == "__main__":
    sys.exit(main())
