"""`pithead report file`: who sees what, what is cleaned, the receipt shown once and typed back, then the filing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from api.reporter import asking, cleaning, entering, envelopes
from api.reporter.cleaning import Cleaned
from api.reporter.failing import Course, Stage, tell_paper, until_filed
from api.reporter.server import Refused, Server
from api.reporter.terminal import GivenUp, Terminal
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import derivation, messages, receipts, signing
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

_KEY = "{ id publicKey agency }"
_TRIES = 3
_FILE = "mutation($input: FilingInput!) { file(input: $input) { messageId nextHour problem { code zh en } } }"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an open refusal says in plain: the server and the mine read it, so that others do not go down there."""

    place: str
    day: date
    shift: str
    since: date
    danger: str | None = None
    clause: str = ""

    def text(self) -> str:
        """As the server takes it."""
        told = {"place": self.place, "day": self.day.isoformat(), "shift": self.shift, "since": self.since.isoformat()}
        return json.dumps({**told, "danger": self.danger, "clause": self.clause}, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to file."""

    mine: str
    words: str
    kind: str = "REPORT"
    when: str = "NOW"
    mode: str = "ANONYMOUS"
    condition: Place | None = None
    answers: dict[str, str] = field(default_factory=dict)
    identity: messages.Identity | None = None
    photos: Sequence[Path] = ()
    voices: Sequence[Path] = ()
    form: receipts.Form = "D"
    parameters: str = receipts.STRONGEST
    danger_to_life: bool = False
    channel: str = "SELF"

    @property
    def openly(self) -> bool:
        """Does the server read where and why?"""
        return self.kind == "REFUSAL" and self.when == "NOW"

    @property
    def urgent(self) -> bool:
        """Does it wait for no hour, so that the record shows the minute?"""
        return self.openly or self.danger_to_life or self.kind == "RETALIATION"

    @property
    def alarms(self) -> str:
        """Whom something urgent reaches at once: the end of a sentence's name."""
        return "REFUSAL" if self.openly else "RETALIATION" if self.kind == "RETALIATION" else "REPORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which mine, and the keys of those who are competent for it."""

    mine: dict[str, Any]
    keys: dict[str, list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """A reserved locator with the receipt that was shown, its keys, and what is sent under it."""

    told: dict[str, Any]
    receipt: receipts.Receipt
    keys: derivation.ReporterKeys
    wish: Wish
    attached: list[Cleaned]


def where(server: Server, terminal: Terminal, search: str) -> Where:
    """The mine and its recipients: looked up before anything is typed. GivenUp without either, Refused, Unreachable."""
    mine = _chosen_mine(server, terminal, search)
    return Where(mine=mine, keys=_recipients(server, mine["id"]))


def file_report(server: Server, terminal: Terminal, wish: Wish, *, at: Where | None = None) -> receipts.Receipt:
    """Files it. Before the receipt GivenUp, NotCleaned, Refused, Unreachable, DerivationDiffers; after it NotFiled."""
    asking.must_be_words(wish.words)
    asking.must_be_few([*wish.photos, *wish.voices])
    at = at or where(server, terminal, wish.mine)
    _must_have_custodians(wish, at)
    _tell_who_sees_what(server, terminal, wish, at.mine)
    attached = cleaned(terminal, photos=wish.photos, voices=wish.voices)
    told = server.ask(
        "mutation($form: ReceiptForm!) { begin(form: $form) { locator reservation salt bits"
        " problem { code zh en } } }", form=entering.FORMS[wish.form],
    )  # fmt: skip
    receipt = receipts.make_receipt(wish.form, told["locator"], parameters=wish.parameters)
    keys = derivation.derive(receipt, from_base64url(told["salt"]))
    try:
        show_receipt(terminal, receipt)
    except (GivenUp, KeyboardInterrupt):
        tell_paper(terminal, Stage.NOTHING, wish.words)
        raise
    begun = _Begun(told=told, receipt=receipt, keys=keys, wish=wish, attached=attached)
    nonce, course, sent = _worked(terminal, told), Course(), _Sent(begun)
    filed = until_filed(terminal, course, lambda: sent.go(server, course, at.mine["id"], nonce), words=wish.words)
    terminal.tell("filed_at_once" if wish.urgent else "filed", hour=filed["nextHour"])
    return receipt


@dataclass(slots=True)
class _Sent:
    """What goes to the server: the same bytes again while it is not known whether they arrived, else fresh ones."""

    begun: _Begun
    input: dict[str, Any] | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    filed: dict[str, Any] | None = None

    def go(self, server: Server, course: Course, mine: str, nonce: str) -> dict[str, Any]:
        """Files, and opens the receipt; what is done is not done again. Refused, Unreachable, ReportMalformed."""
        if self.input is None:
            # Keys of recipients may have changed since the mine was chosen.
            self.input = self._enclosed(_recipients(server, mine), mine, nonce)
        id = self.input["message"]["id"]
        if self.filed is None:
            try:
                for file, data in self.files.items():
                    server.send_file(file, data, message_id=id, place=self.begun.told["reservation"])
                course.stage = Stage.UNKNOWN
                self.filed = server.ask(_FILE, input=self.input)
            except Refused:
                self.input = None  # What is refused is refused again: the next try is made anew.
                raise
            course.stage = Stage.FILED
        _try_the_receipt(server, self.begun.receipt, self.begun.keys, id)
        return self.filed

    def _enclosed(self, keys_for: dict[str, list[bytes]], mine: str, nonce: str) -> dict[str, Any]:
        wish, own = self.begun.wish, self.begun.keys.public()
        envelope = envelopes.enclose(
            wish.words, answers=wish.answers, attached=self.begun.attached, publics=[*keys_for["intake"], own["box"]]
        )
        self.files = envelope.files
        return {
            "reservation": self.begun.told["reservation"], "nonce": nonce, "kind": wish.kind, "mode": wish.mode,
            "when": wish.when, "mineId": mine, "message": envelope.input(), "channel": wish.channel,
            "dangerToLife": wish.danger_to_life, **{f"{name}Key": to_base64url(raw) for name, raw in own.items()},
            "condition": wish.condition.text() if wish.openly and wish.condition else None,
            "identity": _identity(wish, keys_for),
        }  # fmt: skip


def show_receipt(terminal: Terminal, receipt: receipts.Receipt) -> None:
    """Shows the receipt in groups until its last group was typed back, and wipes it. GivenUp after three tries."""
    for _ in range(_TRIES):
        terminal.tell("receipt", receipt=receipt.text())
        terminal.tell("receipt_keep")
        terminal.question("receipt_written")
        terminal.wipe()
        typed = terminal.question(f"receipt_last_{receipt.form}")
        if receipt.ends_with(typed):
            terminal.tell("receipt_right")
            return
        if (read := receipt.length_of(typed)) is not None:
            terminal.tell("receipt_last_length", at=read, length=len(receipt.groups()[-1]))
        terminal.tell("receipt_differs")
    raise GivenUp("receipt_given_up")


def _chosen_mine(server: Server, terminal: Terminal, search: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = server.ask(
        "query($search: String!) { mines(search: $search) { id name county countyName } }", search=search
    )
    exact = [mine for mine in found if search in (mine["name"], mine["id"])]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise GivenUp("no_mine")
    for number, mine in enumerate(found, 1):
        terminal.tell("mine", number=number, name=mine["name"], county=mine["countyName"])
    typed = terminal.question("ask_mine")
    if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= len(found)):
        raise GivenUp("no_mine")
    return found[int(typed) - 1]


def _recipients(server: Server, mine: str) -> dict[str, list[bytes]]:
    told = server.ask(
        "query($mine: UUID!) { recipients(mineId: $mine) {"
        f" intake {_KEY} verification {_KEY} custodians {_KEY} }} }}",
        mine=mine,
    )
    found = {name: envelopes.public_keys(keys) for name, keys in told.items()}
    if not found["intake"]:
        raise GivenUp("nobody_receives")
    return found


def _must_have_custodians(wish: Wish, at: Where) -> None:
    """An identity takes two people to open it. GivenUp where there is nobody to lock it away with."""
    if wish.identity is not None and not (at.keys["custodians"] and at.keys["verification"]):
        raise GivenUp("no_custodian")


def _tell_who_sees_what(server: Server, terminal: Terminal, wish: Wish, mine: dict[str, Any]) -> None:
    """Before anything is sent: what the server reads, what it cannot, and who could guess him."""
    terminal.tell("mine_is", name=mine["name"], county=mine["countyName"])
    terminal.tell("server_sees", kind=terminal.both(f"kind_{wish.kind}"), mode=terminal.both(f"mode_{wish.mode}"),
                  when=terminal.both("sees_minute" if wish.urgent else "sees_hour"))  # fmt: skip
    terminal.tell("server_sees_not" if not wish.openly else "server_sees_condition")
    if wish.danger_to_life:
        terminal.tell("danger_in_plain")
    if wish.urgent:
        terminal.tell("goes_at_once", whom=terminal.both(f"at_once_{wish.alarms}"))
    if wish.mode != "ANONYMOUS":
        terminal.tell("identity_locked")
    terminal.tell("address_seen")
    if wish.kind == "REFUSAL":
        # Asking tells the server the place: only where it goes in plain anyway.
        place = wish.condition.place if wish.openly and wish.condition else None
        guess = server.ask(
            "query($mine: UUID!, $place: String) { couldGuess(mineId: $mine, place: $place) { count zh en } }",
            mine=mine["id"], place=place,
        )  # fmt: skip
        terminal.tell("guess", said=(guess["zh"], guess["en"]))
        terminal.tell("refusal_now" if wish.openly else "refusal_later")
    if not terminal.agrees("ask_go_on"):
        raise GivenUp("given_up")


def cleaned(terminal: Terminal, *, photos: Sequence[Path], voices: Sequence[Path]) -> list[Cleaned]:
    """What is attached as it will be sent; what was taken off each is said, and what still shows. NotCleaned."""
    attached = [cleaning.clean_photo(path) for path in photos]
    attached += [cleaning.clean_voice(path) for path in voices]
    for path, one in zip([*photos, *voices], attached, strict=True):
        removed = terminal.listed(list(one.removed), "removed_") if one.removed else terminal.both("removed_nothing")
        terminal.tell("cleaned", name=path.name, size=len(one.data) // 1_000, removed=removed)
    if photos:
        terminal.tell("photo_still_shows")
    if voices:
        terminal.tell("voice_still_tells")
    return attached


def _worked(terminal: Terminal, begun: dict[str, Any]) -> str:
    if not begun["bits"]:
        return ""
    terminal.tell("working", bits=begun["bits"])
    return signing.work(begun["reservation"], begun["bits"])


def _identity(wish: Wish, keys_for: dict[str, list[bytes]]) -> dict[str, Any] | None:
    if wish.identity is None:
        return None
    return envelopes.lock_away(wish.identity, custodians=keys_for["custodians"], officers=keys_for["verification"])


def _try_the_receipt(server: Server, receipt: receipts.Receipt, keys: derivation.ReporterKeys, message_id: str) -> None:
    """A receipt that cannot be opened again is the worst fault: so it is opened now, while the words are still here."""
    told = entering.log_in(server, receipt, keys).report()
    mine = next((one for one in told["messages"] if one["id"] == message_id), None)
    if mine is None or not mine["ciphertext"] or not mine["wrap"]:
        raise ReportMalformed("the thread does not hold what was filed")
    envelopes.open_message(mine["id"], mine["ciphertext"], mine["wrap"], keys.box)
