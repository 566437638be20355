"""`pithead report …`: the arguments of the reporter's client, read and handed on as plain values."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.phone.commands import Surroundings

if TYPE_CHECKING:
    from api.reporter.filing import Wish
    from api.reporter.terminal import Terminal

SHIFTS = ("MORNING", "MIDDLE", "NIGHT")


def add_report_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds `report file`, `read`, `answer`, `claim`, `page`; a secret is asked for and never an argument."""
    report = commands.add_parser("report", help="the client of protected reports and refusals to descend")
    kinds = report.add_subparsers(required=True, metavar="WHAT")

    def add(name: str, text: str, act: Callable[..., None]) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=text, description=text)
        made.add_argument("--language", choices=("zh", "en", "both"), default="both")
        made.set_defaults(command=lambda parsed, settings: _run(parsed, surroundings(settings).url, act))
        return made

    _file_arguments(add("file", "file a report, a refusal or retaliation, and get its receipt", _file))
    add("read", "what became of it, with the receipt", _read)
    answer = add("answer", "one more message, with the receipt", _answer)
    answer.add_argument("--words", help="what to say (asked for if left out)")
    _media_arguments(answer)
    claim = add("claim", "claim a reward, with the receipt", _claim)
    claim.add_argument("--payee", required=True, help="at which counter it is to be paid in cash")
    claim.add_argument("--reward", help="its id, if there are several")
    add("page", "is the web page that the server hands out the one that stands here?", _page)


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mine", required=True, help="its name, code or county")
    parser.add_argument("--kind", choices=("report", "refusal", "retaliation"), default="report")
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--now", action="store_true", help="a refusal: now and openly, the place is marked at once")
    when.add_argument("--later", action="store_true", help="a refusal: within a routine check (the default)")
    parser.add_argument("--place", help="of a refusal: where one does not go down")
    parser.add_argument("--day", type=date.fromisoformat, help="of the refused shift (default: today)")
    parser.add_argument("--shift", choices=[shift.lower() for shift in SHIFTS])
    parser.add_argument("--since", type=date.fromisoformat, help="since when it is so (default: today)")
    parser.add_argument("--danger", help="GAS, VENTILATION, WATER, FIRE, ROOF …")
    parser.add_argument("--clause", help="the clause of the commitment that is not met")
    parser.add_argument("--mode", choices=("anonymous", "contact", "named"), default="anonymous")
    parser.add_argument("--words", help="what to say (asked for if left out)")
    parser.add_argument("--form", choices=("digits", "words"), default="digits", help="how the receipt is written")
    parser.add_argument("--parameters", choices=("1", "2", "3"), default="3",
                        help="how much memory the keys take: 3 = 64 MiB, 2 = 32, 1 = 16")  # fmt: skip
    parser.add_argument("--danger-to-life", action="store_true", help="it does not wait for the hour")
    parser.add_argument("--channel", choices=("self", "telephone", "in-person"), default="self",
                        help="an officer takes it for somebody who calls or comes")  # fmt: skip
    parser.add_argument("--as", dest="login", help="the officer who takes it")
    _media_arguments(parser)


def _media_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--photo", type=Path, action="append", default=[], help="cleaned before it is sent")
    parser.add_argument("--voice", type=Path, action="append", default=[], help="a WAV; masked before it is sent")


def _run(parsed: argparse.Namespace, url: str, act: Callable[..., None]) -> int:
    """0 when it went well, 3 if something was refused, 1 for a fault; nothing is written down on this machine."""
    import httpx

    from api.reporter.cleaning import NotCleaned
    from api.reporter.server import Refused, Server, Unreachable
    from api.reporter.terminal import GivenUp
    from storage.record.ledger.proofs.reports.derivation import DerivationDiffers
    from storage.record.ledger.proofs.reports.malformed import ReportMalformed

    terminal = _terminal(parsed.language)
    try:
        with httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0)) as http:
            act(parsed, Server(url, http), terminal)
    except Refused as refused:
        terminal.tell("refused", code=refused.code, said=refused.said)
        return 3
    except GivenUp as given_up:
        terminal.tell(str(given_up))
        return 3
    except NotCleaned as fault:
        terminal.tell(fault.sentence, file=fault.file, told=fault.told)
        return 3
    except Unreachable as silent:
        terminal.tell("unreachable", told=str(silent))
        return 1
    except DerivationDiffers:
        terminal.tell("derivation")
        return 1
    except ReportMalformed as wrong:
        terminal.tell("malformed", told=wrong.reason)
        return 1
    return 0


def _file(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import filing

    if parsed.channel != "self":
        server.officer = _officer(parsed, server, terminal)
    filing.file_report(server, terminal, _wish(parsed, terminal))


def _wish(parsed: argparse.Namespace, terminal: "Terminal") -> "Wish":
    from api.reporter.filing import Place, Wish
    from storage.record.ledger.proofs.reports.messages import Identity

    today, refusal = datetime.now(UTC).astimezone().date(), parsed.kind == "refusal"  # The day where the reporter is.
    condition = None
    if refusal:
        if not parsed.place or not parsed.shift:
            raise SystemExit("pithead: a refusal names --place and --shift")
        condition = Place(
            place=parsed.place, day=parsed.day or today, shift=parsed.shift.upper(), since=parsed.since or today,
            danger=parsed.danger and parsed.danger.upper(), clause=parsed.clause or "",
        )  # fmt: skip
    words, identity = parsed.words or terminal.question("ask_words"), None
    if parsed.mode != "anonymous":
        named = parsed.mode == "named"
        identity = Identity(
            name=terminal.question("ask_name") if named else "",
            number=terminal.hidden("ask_number") if named else "", contact=terminal.question("ask_contact"),
        )  # fmt: skip
    return Wish(
        mine=parsed.mine, words=words, kind=parsed.kind.upper(),
        when="LATER" if refusal and not parsed.now else "NOW", mode=parsed.mode.upper(), condition=condition,
        answers={"condition": condition.text()} if condition else {}, identity=identity, photos=parsed.photo,
        voices=parsed.voice, form="D" if parsed.form == "digits" else "W", parameters=parsed.parameters,
        danger_to_life=parsed.danger_to_life, channel=parsed.channel.upper().replace("-", "_"),
    )  # fmt: skip


def _officer(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> str:
    """The token of the officer who takes a call: he reads the receipt to the caller and types back what he hears."""
    from api.phone import calls
    from api.phone import server as main
    from api.reporter.server import Refused, Unreachable

    if not parsed.login:
        raise SystemExit("pithead: who takes it? --as LOGIN")
    password = terminal.hidden("ask_officer", login=parsed.login)
    try:
        return calls.sign_in(main.Server(server.url, server.http), login=parsed.login, password=password).access
    except main.Refused as refused:
        raise Refused(refused.code, refused.sentence, refused.sentence) from refused
    except main.Unreachable as silent:
        raise Unreachable(str(silent)) from silent


def _read(_: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import entering, reading

    reading.read(entering.enter(server, entering.asked_receipt(terminal)), terminal)


def _answer(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import entering, reading

    thread = entering.enter(server, entering.asked_receipt(terminal))
    words = parsed.words or terminal.question("ask_words")
    reading.answer(thread, terminal, words=words, photos=parsed.photo, voices=parsed.voice)


def _claim(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import entering, reading

    thread = entering.enter(server, entering.asked_receipt(terminal))
    reading.claim(thread, terminal, payee=parsed.payee, reward=parsed.reward)


def _page(_: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import checking
    from api.reporter.terminal import GivenUp

    found = checking.compare(server.url, server.http)
    for one in found:
        how = "page_same" if one.same else "page_not_here" if one.ours is None else "page_differs"
        terminal.tell(how, path=one.path, ours=(one.ours or "")[:16], theirs=(one.theirs or "—")[:16])
    terminal.tell("page_digest", digest=checking.digest(found), count=len(found))
    if not all(one.same for one in found):
        raise GivenUp("page_is_another" if any(one.ours and not one.same for one in found) else "page_not_all")
    terminal.tell("page_is_ours")


def _terminal(language: str) -> "Terminal":
    """A terminal asks without echo; from a pipe, lines are read as they come."""
    from api.reporter.terminal import Terminal
    from api.reporter.words import SENTENCES

    screen = sys.stdin.isatty() and sys.stdout.isatty()
    return Terminal(
        sentences=SENTENCES, say=lambda line: print(line, flush=True), ask=input,
        secret=getpass.getpass if screen else input, language=language, screen=screen,
    )  # fmt: skip
