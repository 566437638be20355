"""`pithead report read`, `answer` and `claim`: what became of a report, one more message, and the reward by receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.reporter import asking, envelopes, filing
from api.reporter.entering import Thread
from api.reporter.terminal import GivenUp, Terminal, within_hour
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.reports import signing
from storage.record.ledger.proofs.reports.derivation import ReporterKeys
from storage.record.ledger.proofs.reports.malformed import ReportMalformed
from storage.record.ledger.proofs.reports.messages import KINDS

_HOUR = len("2026-11-29T13")
CLAIM = """mutation($token: String!, $input: ClaimInput!) { claim(token: $token, input: $input) {
  reward { state } problem { code zh en }
} }"""
MATTERS = """query($token: String!) { matters(token: $token) {
  steps { of kind at words } askedOn rewards { id amount state words payout paidHow }
} }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the thread in words; `words` is None where it was erased or cannot be opened."""

    id: str
    mine: bool
    hour: str | None
    words: str | None
    files: tuple[str, ...] = ()
    arrived: int = 0

    def order(self) -> tuple[bool, str, bool]:
        """What the office says is told by its hour alone, and what the reporter says goes on when an hour begins, or
        within it if it is urgent: so of one hour his comes first, and what waits comes last.
        """
        return self.hour is None, (self.hour or "")[:_HOUR], not self.mine


def said_in(thread: Thread, told: dict[str, Any]) -> list[Said]:
    """The messages of the thread in their order, opened with the receipt's box."""
    return sorted((_said(thread, one) for one in told["messages"]), key=Said.order)


def read(thread: Thread, terminal: Terminal) -> dict[str, Any]:
    """Says what became of a report: steps, clocks, who asked for the identity, and every message."""
    told = thread.report()
    state = terminal.both(f"step_{told['state']}")
    terminal.tell("state" if told["hour"] else "state_waits", state=state, hour=told["hour"] or told["nextHour"])
    for step in told["steps"]:
        passed = (f"：{step['passedTo']}", f": {step['passedTo']}") if step["passedTo"] else ""
        terminal.tell("step", hour=within_hour(step["hour"]), step=terminal.both(f"step_{step['kind']}"),
                      passed=passed, article=_article(step))  # fmt: skip
    for clock in told["clocks"]:
        how = "clock_met" if clock["met"] else "clock_overrun" if clock["overrun"] else "clock_runs"
        terminal.tell("clock", what=terminal.both(f"clock_{clock['key']}"), ends=clock["ends"],
                      article=_article(clock), how=terminal.both(how))  # fmt: skip
    for one in told["identityRequests"]:
        how = "identity_released" if one["released"] else "identity_asked"
        terminal.tell(how, hour=within_hour(one["released"] or one["hour"]), reason=one["reason"])
    if told["asks"]:
        terminal.tell("asks", days=max(told["asks"]))
    _say_matters(terminal, thread.server.ask(MATTERS, token=thread.token))
    for message in said_in(thread, told):
        _say_message(terminal, message)
    return told


def answer(
    thread: Thread, terminal: Terminal, *, words: str, photos: Sequence[Path] = (), voices: Sequence[Path] = ()
) -> str:
    """One more message for those who hold the report now; returns its id. GivenUp, Refused, Unreachable, NotCleaned."""
    asking.must_be_words(words)
    told = thread.report()
    attached = filing.cleaned(terminal, photos=photos, voices=voices)
    if attached and not terminal.agrees("ask_go_on"):
        raise GivenUp("given_up")
    publics = [*envelopes.public_keys(told["recipients"]), thread.keys.public()["box"]]
    envelope = envelopes.enclose(words, answers={}, attached=attached, publics=publics)
    for id, data in envelope.files.items():
        thread.server.send_file(id, data, message_id=envelope.id, place=thread.token)
    filed = thread.server.ask(
        "mutation($token: String!, $message: MessageInput!) { answer(token: $token, message: $message)"
        " { messageId nextHour problem { code zh en } } }", token=thread.token, message=envelope.input(),
    )  # fmt: skip
    terminal.tell("answered", hour=filed["nextHour"])
    return envelope.id


def claim(thread: Thread, terminal: Terminal, *, payee: str, reward: str | None = None) -> str:
    """Claims a decided reward in cash, at the counter that the words name; returns its id. GivenUp without one."""
    chosen = claimable(thread.server.ask(MATTERS, token=thread.token)["rewards"], reward)
    thread.server.ask(CLAIM, token=thread.token, input=signed_claim(thread.keys, chosen, payee))
    terminal.tell("claimed", yuan=f"{int(chosen['amount']) / 100:.2f}")
    return str(chosen["id"])


def claimable(told: Sequence[dict[str, Any]], reward: str | None = None) -> dict[str, Any]:
    """The reward that is decided and not yet claimed. GivenUp without one."""
    chosen = next((one for one in told if one["state"] == "DECIDED" and reward in (None, one["id"])), None)
    if chosen is None:
        raise GivenUp("no_reward")
    return chosen


def signed_claim(keys: ReporterKeys, reward: dict[str, Any], payee: str) -> dict[str, Any]:
    """The claim as the server takes it: in cash, signed over reward, amount, the way and the words of who is paid."""
    payout = "CASH"
    message = signing.claim_message(reward["id"], int(reward["amount"]), payout, payee.encode())
    signature = to_base64url(keys.claim.sign(message))
    return {"rewardId": reward["id"], "payout": payout, "payee": payee, "signature": signature}


def _say_matters(terminal: Terminal, told: dict[str, Any]) -> None:
    """What a refusal led to, and what a reward waits for."""
    for step in told["steps"]:
        terminal.tell("matter", hour=step["at"], of=terminal.both(f"of_{step['of']}"),
                      step=terminal.both(f"matter_{step['kind']}"), words=step["words"])  # fmt: skip
    for one in told["rewards"]:
        terminal.tell(
            "reward", id=one["id"], yuan=f"{int(one['amount']) / 100:.2f}", words=one["paidHow"] or one["words"] or "",
            state=terminal.both(f"reward_{one['state']}"),
        )  # fmt: skip


def _say_message(terminal: Terminal, message: Said) -> None:
    """Who said it and when, the words, and that what was attached is with the server."""
    if message.hour is None:
        hour: Any = terminal.both("waits")
    else:
        hour = message.hour if message.mine else within_hour(message.hour)
    terminal.tell("message_mine" if message.mine else "message_office", hour=hour)
    if message.words is None:
        terminal.tell("message_gone")
    else:
        terminal.say(f"        {message.words}")
    if message.files:
        counted = [(kind, message.files.count(kind)) for kind in KINDS if kind in message.files]
        pairs = [terminal.both(f"file_{kind}", count=count) for kind, count in counted]
        told = "、".join(zh for zh, _ in pairs), ", ".join(en for _, en in pairs)
        whole = message.arrived == len(message.files)
        terminal.tell("files_arrived" if whole else "files_missing", all=told, count=message.arrived)


def _article(told: Mapping[str, Any]) -> tuple[str, str]:
    return told["article"] or "", told["articleEn"] or ""


def _said(thread: Thread, one: dict[str, Any]) -> Said:
    id, mine, hour = one["id"], one["mine"], one["hour"]
    if not one["ciphertext"] or not one["wrap"]:
        return Said(id=id, mine=mine, hour=hour, words=None)
    try:
        said = envelopes.open_message(id, one["ciphertext"], one["wrap"], thread.keys.box)
    except ReportMalformed:
        return Said(id=id, mine=mine, hour=hour, words=None)
    arrived = sum(file.id in one["fileIds"] for file in said.files)
    return Said(id=id, mine=mine, hour=hour, words=said.words, files=tuple(f.kind for f in said.files), arrived=arrived)
