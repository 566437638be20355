"""`pithead report file`: who sees what, what is cleaned, the receipt shown once and typed back, then the filing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from api.reporter import cleaning, entering, envelopes
from api.reporter.cleaning import Cleaned
from api.reporter.server import Server
from api.reporter.terminal import GivenUp, Terminal
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import derivation, messages, receipts, signing
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

_KEY = "{ id publicKey agency }"
_TRIES = 3


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


def file_report(server: Server, terminal: Terminal, wish: Wish) -> receipts.Receipt:
    """Files it. GivenUp, NotCleaned, Refused, Unreachable, DerivationDiffers: then nothing was filed."""
    mine = _chosen_mine(server, terminal, wish.mine)
    keys_for = _recipients(server, mine["id"])
    _tell_who_sees_what(server, terminal, wish, mine)
    attached = _cleaned(terminal, wish)
    begun = server.ask(
        "mutation($form: ReceiptForm!) { begin(form: $form) { locator reservation salt bits"
        " problem { code zh en } } }", form=entering.FORMS[wish.form],
    )  # fmt: skip
    receipt = receipts.make_receipt(wish.form, begun["locator"], parameters=wish.parameters)
    keys = derivation.derive(receipt, from_base64url(begun["salt"]))
    show_receipt(terminal, receipt)
    nonce = _worked(terminal, begun)
    own = keys.public()
    envelope = envelopes.enclose(
        wish.words, answers=wish.answers, attached=attached, publics=[*keys_for["intake"], own["box"]]
    )
    for id, data in envelope.files.items():
        server.send_file(id, data, message_id=envelope.id, place=begun["reservation"])
    filed = server.ask(
        "mutation($input: FilingInput!) { file(input: $input) { messageId nextHour problem { code zh en } } }",
        input={
            "reservation": begun["reservation"], "nonce": nonce, "kind": wish.kind, "mode": wish.mode,
            "when": wish.when, "mineId": mine["id"], "message": envelope.input(), "channel": wish.channel,
            "dangerToLife": wish.danger_to_life, **{f"{name}Key": to_base64url(raw) for name, raw in own.items()},
            "condition": wish.condition.text() if wish.openly and wish.condition else None,
            "identity": _identity(wish, keys_for),
        },
    )  # fmt: skip
    _try_the_receipt(server, receipt, keys, envelope.id)
    terminal.tell("filed", hour=filed["nextHour"])
    return receipt


def show_receipt(terminal: Terminal, receipt: receipts.Receipt) -> None:
    """Shows the receipt in groups until its last group was typed back, and wipes it. GivenUp after three tries."""
    for _ in range(_TRIES):
        terminal.tell("receipt", receipt=receipt.text())
        terminal.tell("receipt_keep")
        terminal.question("receipt_written")
        terminal.wipe()
        if receipt.ends_with(terminal.question("receipt_last")):
            terminal.tell("receipt_right")
            return
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


def _tell_who_sees_what(server: Server, terminal: Terminal, wish: Wish, mine: dict[str, Any]) -> None:
    """Before anything is sent: what the server reads, what it cannot, and who could guess him."""
    terminal.tell("mine_is", name=mine["name"], county=mine["countyName"])
    terminal.tell("server_sees", kind=terminal.both(f"kind_{wish.kind}"), mode=terminal.both(f"mode_{wish.mode}"))
    terminal.tell("server_sees_not" if not wish.openly else "server_sees_condition")
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
    if terminal.question("ask_go_on").lower() not in ("y", "yes", "是", "好", "1"):
        raise GivenUp("given_up")


def _cleaned(terminal: Terminal, wish: Wish) -> list[Cleaned]:
    attached = [cleaning.clean_photo(path) for path in wish.photos]
    attached += [cleaning.clean_voice(path) for path in wish.voices]
    for path, one in zip([*wish.photos, *wish.voices], attached, strict=True):
        removed = terminal.listed(list(one.removed), "removed_") if one.removed else terminal.both("removed_nothing")
        terminal.tell("cleaned", name=path.name, size=len(one.data) // 1_000, removed=removed)
    if wish.photos:
        terminal.tell("photo_still_shows")
    if wish.voices:
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
