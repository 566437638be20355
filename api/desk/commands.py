"""`pithead desk …`: the arguments of the desk's client, read and handed on as plain values."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.desk.helping import help_of
from api.phone.commands import Surroundings

if TYPE_CHECKING:
    from api.phone.server import Refused
    from api.reporter.terminal import Terminal

STEPS = ("accepted", "not_accepted", "verifying", "substantiated", "unsubstantiated", "fed_back", "passed_on", "ended")


def add_desk_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds the commands of recipients and custodians; passwords and pass-phrases are asked for, never arguments."""
    desk = commands.add_parser("desk", help=help_of("desk"), description=help_of("desk"))
    kinds = desk.add_subparsers(required=True, metavar="WHAT")

    def add(name: str, act: str, *ids: str) -> Callable[..., None]:
        made = kinds.add_parser(name, help=help_of(name), description=help_of(name))
        for id in ids:
            made.add_argument(id, metavar=id.upper(), help=help_of(id))

        def flag(called: str, **how: Any) -> None:
            made.add_argument(f"--{called}", help=help_of(called), **how)

        flag("as", dest="login", required=True)
        flag("language", choices=("zh", "en", "both"), default="both")
        made.set_defaults(command=lambda parsed, settings: _run(parsed, surroundings(settings).url, act))
        return flag

    keep = add("keep-key", "keep_key")
    keep("custodian", action="store_true")
    keep("county")
    keep("office")
    keep("share-with", action="append", default=[], metavar="KEY")
    add("list", "listed")
    add("read", "read", "report")
    accept = add("accept", "step", "report")
    accept("step", choices=STEPS, default="accepted")
    accept("article")
    accept("passed-to")
    add("reply", "reply", "report")("words")
    add("hand-over", "hand_over", "report")
    add("ask-identity", "ask_identity", "report")("reason", required=True)
    add("release-identity", "release_identity")("request")
    add("open-identity", "open_identity", "report")
    add("give-shares", "give_shares")
    add("recover", "recover")
    add("export", "export", "report")("into", type=Path, required=True, metavar="FOLDER")


def _run(parsed: argparse.Namespace, url: str, act: str) -> int:
    """0 when it went well, 3 if something was refused, 1 for a fault.

    A terminal asks without echo; from a pipe, lines are read as they come: password, pass-phrase, words.
    """
    import httpx

    from api.desk.acts import ACTS, Desk
    from api.desk.words import SENTENCES
    from api.phone.server import Server
    from api.reporter.terminal import Terminal

    typed = sys.stdin.isatty()
    terminal = Terminal(
        sentences=SENTENCES, say=lambda line: print(line, flush=True), ask=input if typed else _line,
        secret=getpass.getpass if typed else _line, language=parsed.language, screen=typed and sys.stdout.isatty(),
    )  # fmt: skip
    with httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0)) as http:
        language = "en" if parsed.language == "en" else "zh"
        return attempt(terminal, lambda: ACTS[act](Desk(Server(url, http, language=language), terminal), parsed))


def _line(question: str) -> str:
    """The next line of a pipe; what is asked stands beside what is said, so that the answer can be piped on."""
    print(question, file=sys.stderr, flush=True)
    return input()


def attempt(terminal: "Terminal", act: Callable[[], None]) -> int:
    """Does it, and says in the person's words what stood against it."""
    from api.desk.keys import NoKey
    from api.phone.server import Refused, Unreachable
    from api.reporter.cleaning import NotCleaned
    from api.reporter.terminal import GivenUp
    from storage.record.ledger.proofs.reports.malformed import ReportMalformed

    try:
        act()
    except GivenUp as given_up:
        terminal.tell(str(given_up), **given_up.parameters)
        return 3
    except NoKey as fault:
        terminal.tell(str(fault))
        return 3
    except Refused as refused:
        terminal.tell("refused", code=refused.code, said=_in_both(refused))
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


def _in_both(refused: "Refused") -> tuple[str, str]:
    """The sentence of a refusal in both languages; one that the house has no words for, as the server said it."""
    from storage.record.glossary import sentence

    said = (sentence(refused.code, language, **refused.parameters) for language in ("zh", "en"))
    chinese, english = (refused.sentence if one == refused.code else one for one in said)
    return chinese, english
