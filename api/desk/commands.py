"""`pithead desk …`: the arguments of the desk's client, read and handed on as plain values."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.phone.commands import Surroundings

if TYPE_CHECKING:
    from api.reporter.terminal import Terminal

STEPS = ("accepted", "not_accepted", "verifying", "substantiated", "unsubstantiated", "fed_back", "passed_on", "ended")


def add_desk_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds the commands of recipients and custodians; pass-phrases are asked for and are never arguments."""
    desk = commands.add_parser("desk", help="the client of those who receive protected reports")
    kinds = desk.add_subparsers(required=True, metavar="WHAT")

    def add(name: str, text: str, act: str, *ids: str) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=text, description=text)
        for id in ids:
            made.add_argument(id, metavar=id.upper())
        made.add_argument("--as", dest="login", required=True, help="who you are")
        made.add_argument("--password", help="asked for if left out")
        made.add_argument("--language", choices=("zh", "en", "both"), default="both")
        made.set_defaults(command=lambda parsed, settings: _run(parsed, surroundings(settings).url, act))
        return made

    keep = add("keep-key", "make a key, keep it under a pass-phrase and in shares", "keep_key")
    keep.add_argument("--custodian", action="store_true", help="a custodian's own key, without shares")
    keep.add_argument("--county", help="whose custodians hold the shares")
    keep.add_argument("--office", help="or those of a branch office")
    keep.add_argument("--share-with", action="append", default=[], metavar="KEY", help="which three, if there are more")
    add("list", "what is to be handled", "listed")
    add("read", "a report with its thread", "read", "report")
    accept = add("accept", "take it in, or take another step", "step", "report")
    accept.add_argument("--step", choices=STEPS, default="accepted")
    accept.add_argument("--article", help="by which article")
    accept.add_argument("--passed-to", help="to whom it is passed on")
    add("reply", "write to the reporter", "reply", "report").add_argument("--words", help="asked for if left out")
    add("hand-over", "hand it over to verification", "hand_over", "report")
    ask = add("ask-identity", "ask to open the identity", "ask_identity", "report")
    ask.add_argument("--reason", required=True, help="the reporter reads it")
    add("release-identity", "a custodian grants a request", "release_identity").add_argument("--request")
    add("open-identity", "show an identity that was released for you", "open_identity", "report")
    add("give-shares", "a custodian gives shares of lost keys back", "give_shares")
    add("recover", "bring a lost key back of two shares", "recover")
    export = add("export", "files of a report, cleaned again", "export", "report")
    export.add_argument("--into", type=Path, required=True, metavar="FOLDER")


def _run(parsed: argparse.Namespace, url: str, act: str) -> int:
    """0 when it went well, 3 if something was refused, 1 for a fault."""
    import httpx

    from api.desk.acts import ACTS, Desk
    from api.desk.words import SENTENCES
    from api.phone.server import Server
    from api.reporter.terminal import Terminal

    screen = sys.stdin.isatty() and sys.stdout.isatty()
    terminal = Terminal(
        sentences=SENTENCES, say=lambda line: print(line, flush=True), ask=input,
        secret=getpass.getpass if screen else input, language=parsed.language, screen=screen,
    )  # fmt: skip
    with httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0)) as http:
        language = "en" if parsed.language == "en" else "zh"
        return attempt(terminal, lambda: ACTS[act](Desk(Server(url, http, language=language), terminal), parsed))


def attempt(terminal: "Terminal", act: Callable[[], None]) -> int:
    """Does it, and says in the person's words what stood against it."""
    from api.desk.keys import NoKey
    from api.phone.server import Refused, Unreachable
    from api.reporter.cleaning import NotCleaned
    from api.reporter.terminal import GivenUp
    from storage.record.ledger.proofs.reports.malformed import ReportMalformed

    try:
        act()
    except (GivenUp, NoKey) as fault:
        terminal.tell(str(fault))
        return 3
    except Refused as refused:
        terminal.tell("refused", code=refused.code, said=refused.sentence)
        return 3
    except NotCleaned as fault:
        terminal.tell(fault.sentence, file=fault.file, told=fault.told)
        return 3
    except Unreachable as silent:
        terminal.tell("unreachable", told=str(silent))
        return 1
    except ReportMalformed as wrong:
        terminal.tell("malformed", told=wrong.reason)
        return 1
    return 0
