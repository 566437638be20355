"""What a person does at a desk: signs in, unlocks his key, and one act each; what he reads is said, never stored."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.desk import calls, identities, keys, threads
from api.desk.keys import Key, NoKey
from api.phone.calls import sign_in
from api.phone.server import Server
from api.reporter import asking
from api.reporter.terminal import Terminal, within_hour
from storage.record.ledger.proofs.reports import kept


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk and the person before it."""

    server: Server
    terminal: Terminal

    def sign_in(self, parsed: argparse.Namespace) -> None:
        """Signs in; a desk is no phone, so there is no device."""
        password = self.terminal.hidden("ask_password", login=parsed.login)
        self.server.access = sign_in(self.server, login=parsed.login, password=password).access

    def unlock(self, parsed: argparse.Namespace) -> Key:
        """Signs in and unlocks the key. NoKey."""
        self.sign_in(parsed)
        return keys.unlock(self.server, self.terminal.hidden("ask_phrase"))


def keep_key(desk: Desk, parsed: argparse.Namespace) -> None:
    """Makes a key under a pass-phrase that was typed twice."""
    desk.sign_in(parsed)
    phrase = desk.terminal.hidden("ask_phrase")
    if len(phrase) < kept.SHORTEST:
        raise NoKey("phrase_short")
    if phrase != desk.terminal.hidden("ask_phrase_again"):
        raise NoKey("phrases_differ")
    key = keys.make_key(
        desk.server, phrase, custodian=parsed.custodian, county=parsed.county, office=parsed.office,
        chosen=parsed.share_with,
    )  # fmt: skip
    shared = desk.terminal.both("not_shared" if parsed.custodian else "shared")
    desk.terminal.tell("key_kept", id=key.id, shared=shared)


def listed(desk: Desk, parsed: argparse.Namespace) -> None:
    """Says what is to be handled, in its order."""
    desk.sign_in(parsed)
    told = calls.reports(desk.server)
    for one in told:
        desk.terminal.tell(
            "listed", id=one["uuid"], kind=desk.terminal.both(f"kind_{one['kind']}"), mine=one["mineName"],
            county=one["countyName"], mode=desk.terminal.both(f"mode_{one['mode']}"),
            state=desk.terminal.both(f"step_{one['state']}"), hour=came(one),
            urgent=desk.terminal.both("urgent") if one["pressing"] else "",
            opens=desk.terminal.both("opens" if one["wraps"] else "opens_not"),
        )  # fmt: skip
    if not told:
        desk.terminal.tell("nothing_to_handle")


def read(desk: Desk, parsed: argparse.Namespace) -> None:
    """Says a report and its thread, as far as the key opens it."""
    key = desk.unlock(parsed)
    told, opened = threads.read(desk.server, key, parsed.report)
    for step in told["steps"]:
        _step(desk, step)
    for one in opened:
        hour = within_hour(one.hour) if one.office else one.hour
        if one.identity:
            desk.terminal.tell("box_of_identity", hour=hour)
        elif one.said is None:
            desk.terminal.tell("closed_box", hour=hour)
        else:
            desk.terminal.tell("from_office" if one.office else "from_reporter", hour=hour)
            desk.terminal.say(f"        {one.said.words}")
            for name, answer in one.said.answers.items():
                desk.terminal.tell("answer", name=name, said=answer)
            for file in one.said.files:
                desk.terminal.tell("file_there", id=file.id, kind=file.kind, size=file.size)


def step(desk: Desk, parsed: argparse.Namespace) -> None:
    """Takes a step."""
    desk.sign_in(parsed)
    state = calls.take_step(
        desk.server, parsed.report, parsed.step.upper(), article=parsed.article, passed_to=parsed.passed_to
    )
    desk.terminal.tell("stepped", state=desk.terminal.both(f"step_{state}"))


def reply(desk: Desk, parsed: argparse.Namespace) -> None:
    """Writes to the reporter."""
    if parsed.words is not None:
        asking.must_be_words(parsed.words)
    key = desk.unlock(parsed)
    threads.reply(desk.server, key, parsed.report, words=asking.asked_words(desk.terminal, parsed.words))
    desk.terminal.tell("replied")


def hand_over(desk: Desk, parsed: argparse.Namespace) -> None:
    """Hands over to verification."""
    key = desk.unlock(parsed)
    desk.terminal.tell("handed_over", count=threads.hand_over(desk.server, key, parsed.report))


def ask_identity(desk: Desk, parsed: argparse.Namespace) -> None:
    """Asks to open an identity."""
    desk.sign_in(parsed)
    desk.terminal.tell("identity_was_asked", id=calls.ask_identity(desk.server, parsed.report, reason=parsed.reason))


def release_identity(desk: Desk, parsed: argparse.Namespace) -> None:
    """Shows what waits; with --request, releases one after a question."""
    key = desk.unlock(parsed)
    waiting = identities.waiting(desk.server)
    chosen = [one for one in waiting if parsed.request in (None, one["uuid"])]
    for one in chosen:
        desk.terminal.tell(
            "request", id=one["uuid"], report=one["reportId"], hour=within_hour(one["hour"]), reason=one["reason"]
        )
    if not chosen:
        raise NoKey("no_requests" if parsed.request is None else "no_request")
    if parsed.request is None:
        return
    if not desk.terminal.agrees("ask_release"):
        raise NoKey("given_up")
    identities.release(desk.server, key, parsed.request)
    desk.terminal.tell("released")


def open_identity(desk: Desk, parsed: argparse.Namespace) -> None:
    """Shows an identity on the screen."""
    key = desk.unlock(parsed)
    who = identities.open_identity(desk.server, key, parsed.report)
    desk.terminal.tell("identity_is", name=who.name, number=who.number, contact=who.contact)
    desk.terminal.tell("identity_care")


def give_shares(desk: Desk, parsed: argparse.Namespace) -> None:
    """A custodian gives shares of lost keys back."""
    key = desk.unlock(parsed)
    desk.terminal.tell("shares_given", count=keys.give_shares_back(desk.server, key))


def recover(desk: Desk, parsed: argparse.Namespace) -> None:
    """Brings lost keys back, with the key that took their place."""
    key = desk.unlock(parsed)
    desk.terminal.tell("recovered", count=keys.recover(desk.server, key))


def export(desk: Desk, parsed: argparse.Namespace) -> None:
    """Writes the files of a report, cleaned again."""
    key = desk.unlock(parsed)
    _, opened = threads.read(desk.server, key, parsed.report)
    done = threads.export(desk.server, opened, parsed.into)
    for path, cleaned in done:
        which = list(cleaned.removed)
        removed = desk.terminal.listed(which, "removed_") if which else desk.terminal.both("removed_nothing")
        desk.terminal.tell("exported", file=path, removed=removed)
    if not done:
        desk.terminal.tell("nothing_exported")


def came(report: dict[str, Any]) -> str:
    """When a report came: by its hour, and by the minute where it did not wait for one."""
    return str(report["hour"]) if report["urgent"] else within_hour(report["hour"])


def _step(desk: Desk, step: dict[str, Any]) -> None:
    passed = (f"：{step['passedTo']}", f": {step['passedTo']}") if step["passedTo"] else ""
    desk.terminal.tell(
        "step", hour=within_hour(step["hour"]), step=desk.terminal.both(f"step_{step['kind']}"), passed=passed,
        article=step["article"] or "",
    )  # fmt: skip


ACTS: dict[str, Callable[[Desk, argparse.Namespace], None]] = {
    act.__name__: act
    for act in (
        keep_key, listed, read, step, reply, hand_over, ask_identity, release_identity, open_identity, give_shares,
        recover, export,
    )
}  # fmt: skip
"""By the names that commands.py calls them, so that a command line which needs none waits for none."""
