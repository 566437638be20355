"""What may live here: the arguments of `pithead demo …`, read and handed on as plain values."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.phone.commands import Surroundings


def add_demo_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds `demo case`, `commitment`, `disclosure`, `refusal`; `surroundings` turns the settings into plain values."""
    demo = commands.add_parser("demo", help="stories played by the sample people on a running development server")
    kinds = demo.add_subparsers(required=True, metavar="WHAT")
    case = kinds.add_parser(
        "case",
        help="a case, whole where the sandbox lets days pass, else as far as one day lawfully carries it",
    )
    case.add_argument("--into", type=Path, help="where the pack goes (default: pithead-out/case-TIME)")
    case.set_defaults(command=lambda parsed, settings: _case(parsed, surroundings(settings)))

    commitment = kinds.add_parser(
        "commitment", help="a mine's safety commitment: signed, proven, broken, answered for, signed anew"
    )
    commitment.add_argument("--into", type=Path, help="where the bundles go (default: pithead-out/commitment-TIME)")
    commitment.set_defaults(command=lambda parsed, settings: _commitment(parsed, surroundings(settings)))

    disclosure = kinds.add_parser(
        "disclosure", help="a penalty and a result made public, corrected, disputed, taken down, shown again, proven"
    )
    disclosure.add_argument(
        "--into", type=Path, help="where what is public goes (default: pithead-out/disclosure-TIME)"
    )
    disclosure.set_defaults(command=lambda parsed, settings: _disclosure(parsed, surroundings(settings)))

    refusal = kinds.add_parser(
        "refusal", help="a refusal to go down: receipt, alarm, check on site, order, lifting, reward, pack"
    )
    refusal.add_argument(
        "--minutes", type=float, default=8.0,
        help="how long silent officers are waited for (default: 8; a head is told after 7)",
    )  # fmt: skip
    refusal.add_argument("--into", type=Path, help="where the pack goes (default: pithead-out/refusal-TIME)")
    refusal.set_defaults(command=lambda parsed, settings: _refusal(parsed, surroundings(settings)))


def _case(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.demo.case import main_case

    _must_have_people(surroundings)
    return main_case(
        url=surroundings.url, folder=surroundings.data / "demo", into=_into(parsed, "case"),
        password=surroundings.people[0].password, say=_say,
    )  # fmt: skip


def _commitment(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.demo.breaking import main_commitment

    _must_have_people(surroundings)
    return main_commitment(
        url=surroundings.url, folder=surroundings.data / "demo", into=_into(parsed, "commitment"),
        password=surroundings.people[0].password, say=_say,
    )  # fmt: skip


def _disclosure(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.demo.publishing import main_disclosure

    _must_have_people(surroundings)
    return main_disclosure(
        url=surroundings.url, folder=surroundings.data / "demo", into=_into(parsed, "disclosure"),
        password=surroundings.people[0].password, say=_say,
    )  # fmt: skip


def _refusal(parsed: argparse.Namespace, surroundings: Surroundings) -> int:
    from api.demo.refusing import main_refusal

    _must_have_people(surroundings)
    return main_refusal(
        url=surroundings.url, folder=surroundings.data / "demo", into=_into(parsed, "refusal"),
        password=surroundings.people[0].password, say=_say, minutes=parsed.minutes,
    )  # fmt: skip


def _into(parsed: argparse.Namespace, what: str) -> Path:
    given: Path | None = parsed.into
    return (given or Path("pithead-out") / f"{what}-{time.strftime('%Y%m%d-%H%M%S')}").absolute()


def _must_have_people(surroundings: Surroundings) -> None:
    if not surroundings.people:
        raise SystemExit("pithead: the demo is played by sample people, who are only in a development system")


def _say(line: str) -> None:
    print(line, flush=True)
