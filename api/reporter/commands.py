"""`pithead report …`: the arguments of the reporter's client, read and handed on as plain values."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.phone.commands import Surroundings
from api.reporter import asking
from api.reporter.helping import help_of

if TYPE_CHECKING:
    from api.reporter.filing import Place, Wish
    from api.reporter.terminal import Terminal


def add_report_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", *, surroundings: Callable[[Any], Surroundings]
) -> None:
    """Adds `report file`, `read`, `answer`, `claim`, `page`; a secret is asked for and never an argument."""
    report = commands.add_parser("report", help=help_of("report"), description=help_of("report"))
    kinds = report.add_subparsers(required=True, metavar="WHAT")

    def add(name: str, act: Callable[..., None]) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=help_of(name), description=help_of(name))
        made.add_argument("--language", choices=("zh", "en", "both"), default="both", help=help_of("language"))
        made.set_defaults(command=lambda parsed, settings: _run(parsed, surroundings(settings).url, act))
        return made

    _file_arguments(add("file", _file))
    add("read", _read)
    answer = add("answer", _answer)
    answer.add_argument("--words", help=help_of("words"))
    _media_arguments(answer)
    claim = add("claim", _claim)
    claim.add_argument("--payee", required=True, help=help_of("payee"))
    claim.add_argument("--reward", help=help_of("reward"))
    add("page", _page)


def _file_arguments(parser: argparse.ArgumentParser) -> None:
    def add(flag: str, into: Any = parser, **how: Any) -> None:
        into.add_argument(flag, help=help_of(flag.strip("-").replace("-", "_"), **dangers), **how)

    dangers = dict(zip(("zh", "en"), asking.listed_dangers(), strict=True))
    add("--mine", required=True)
    add("--kind", choices=("report", "refusal", "retaliation"), default="report")
    when = parser.add_mutually_exclusive_group()
    add("--now", when, action="store_true")
    add("--later", when, action="store_true")
    add("--place")
    add("--day", type=date.fromisoformat)
    add("--shift", type=str.upper, metavar="{morning,middle,night}")
    add("--since", type=date.fromisoformat)
    add("--danger", type=str.upper)
    add("--clause")
    add("--mode", choices=("anonymous", "contact", "named"), default="anonymous")
    add("--words")
    add("--form", choices=("digits", "words"), default="digits")
    add("--parameters", choices=("1", "2", "3"), default="3")
    add("--danger-to-life", action="store_true")
    add("--channel", choices=("self", "telephone", "in-person"), default="self")
    add("--as", dest="login")
    _media_arguments(parser)


def _media_arguments(parser: argparse.ArgumentParser) -> None:
    for name in ("photo", "voice"):
        parser.add_argument(f"--{name}", type=Path, action="append", default=[], help=help_of(name))


def _run(parsed: argparse.Namespace, url: str, act: Callable[..., None]) -> int:
    """0 when it went well, 3 if something was refused, 1 for a fault; nothing is written down on this machine."""
    import httpx

    from api.reporter.cleaning import NotCleaned
    from api.reporter.failing import NotFiled, tell_fault
    from api.reporter.server import Refused, Server, Unreachable
    from api.reporter.terminal import GivenUp
    from storage.record.ledger.proofs.reports.derivation import DerivationDiffers
    from storage.record.ledger.proofs.reports.malformed import ReportMalformed

    terminal = _terminal(parsed.language)
    try:
        with httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0)) as http:
            act(parsed, Server(url, http), terminal)
    except NotFiled as failed:
        return 3 if isinstance(failed.fault, Refused) else 1
    except (Refused, Unreachable, ReportMalformed) as fault:
        tell_fault(terminal, fault)
        return 3 if isinstance(fault, Refused) else 1
    except GivenUp as given_up:
        terminal.tell(str(given_up), **given_up.parameters)
        return 3
    except NotCleaned as fault:
        terminal.tell(fault.sentence, file=fault.file, told=fault.told)
        return 3
    except DerivationDiffers:
        terminal.tell("derivation")
        return 1
    return 0


def _file(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> None:
    from api.reporter import filing
    from api.reporter.server import Refused, Unreachable
    from storage.record.ledger.proofs.reports.malformed import ReportMalformed

    condition = _condition(parsed)  # What can be seen to be wrong is said before anything is asked.
    asking.must_be_few([*parsed.photo, *parsed.voice])
    try:
        if parsed.channel != "self":
            server.officer = _officer(parsed, server, terminal)
        at = filing.where(server, terminal, parsed.mine)
        filing.file_report(server, terminal, _wish(parsed, terminal, condition), at=at)
    except (Refused, Unreachable, ReportMalformed):
        terminal.tell("nothing_filed")
        raise


def _condition(parsed: argparse.Namespace) -> "Place | None":
    from api.reporter.filing import Place

    if parsed.kind != "refusal":
        return None
    today = datetime.now(UTC).astimezone().date()  # The day where the reporter is.
    told: dict[str, Any] = {
        "place": asking.one_line(parsed.place or ""), "shift": parsed.shift or "", "day": parsed.day or today,
        "since": parsed.since or min(today, parsed.day or today), "danger": parsed.danger or None,
        "clause": asking.one_line(parsed.clause or ""),
    }  # fmt: skip
    asking.must_be_condition(**told, today=today)
    return Place(**told)


def _wish(parsed: argparse.Namespace, terminal: "Terminal", condition: "Place | None") -> "Wish":
    from api.reporter.filing import Wish
    from storage.record.ledger.proofs.reports.messages import Identity

    words, identity = asking.asked_words(terminal, parsed.words), None
    if parsed.mode != "anonymous":
        named = parsed.mode == "named"
        identity = Identity(
            name=terminal.question("ask_name") if named else "",
            number=terminal.hidden("ask_number") if named else "", contact=terminal.question("ask_contact"),
        )  # fmt: skip
        asking.must_be_identity(name=identity.name if named else None, contact=identity.contact)
    return Wish(
        mine=parsed.mine, words=words, kind=parsed.kind.upper(),
        when="LATER" if condition and not parsed.now else "NOW", mode=parsed.mode.upper(), condition=condition,
        answers={"condition": condition.text()} if condition else {}, identity=identity, photos=parsed.photo,
        voices=parsed.voice, form="D" if parsed.form == "digits" else "W", parameters=parsed.parameters,
        danger_to_life=parsed.danger_to_life, channel=parsed.channel.upper().replace("-", "_"),
    )  # fmt: skip


def _officer(parsed: argparse.Namespace, server: Any, terminal: "Terminal") -> str:
    """The token of the officer who takes a call: he reads the receipt to the caller and types back what he hears."""
    from api.phone import calls
    from api.phone import server as main
    from api.reporter.server import Refused, Unreachable
    from api.reporter.terminal import GivenUp

    if not parsed.login:
        raise GivenUp("who_takes")
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
    from api.reporter.server import Refused, Unreachable

    if parsed.words is not None:
        asking.must_be_words(parsed.words)
    asking.must_be_few([*parsed.photo, *parsed.voice])
    thread = entering.enter(server, entering.asked_receipt(terminal))
    words = asking.asked_words(terminal, parsed.words)
    try:
        reading.answer(thread, terminal, words=words, photos=parsed.photo, voices=parsed.voice)
    except (Refused, Unreachable) as fault:
        terminal.tell("answer_refused" if isinstance(fault, Refused) else "answer_unknown")
        raise


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
