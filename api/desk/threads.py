"""Threads at a desk: opening messages and files, replies, handing over. What is opened stays in memory.

Only what is exported is written to disk, and it is cleaned again before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.desk import calls, keys
from api.desk.keys import Key, NoKey
from api.phone.server import Server
from api.reporter import envelopes
from api.reporter.cleaning import Cleaned, clean_again
from storage.record.ledger.proofs.canonical import from_base64url
from storage.record.ledger.proofs.reports import files, messages, wraps
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

_HOUR = len("2026-11-29T13")
_SUFFIXES = {"image/jpeg": ".jpg", "audio/wav": ".wav"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One message as its desk reads it; `said` is None where it is not wrapped for this key, or was erased."""

    id: str
    office: bool
    hour: str
    identity: bool
    said: messages.Message | None = field(repr=False)

    def order(self) -> tuple[str, bool, bool]:
        """What an office says is told by its hour alone, what the reporter says goes on when an hour begins or within
        it: so of one hour his comes first, and what he is behind his first words.
        """
        return self.hour[:_HOUR], self.office, self.identity


def read(server: Server, key: Key, report: str) -> tuple[dict[str, Any], list[Opened]]:
    """A report and its messages in their order, as far as this key opens them."""
    told = calls.thread(server, report)
    return told, sorted((_opened(key, told["report"]["wraps"], one) for one in told["messages"]), key=Opened.order)


def reply(server: Server, key: Key, report: str, *, words: str) -> str:
    """Writes to the reporter: wrapped for his box, one's own key, and the officers who read the thread on.

    Returns the message's id.
    """
    told, others = calls.thread(server, report), calls.reply_keys(server, report)
    publics = [from_base64url(told["report"]["boxKey"]), key.public, *(_public(one) for one in others)]
    envelope = envelopes.enclose(words, answers={}, attached=(), publics=publics)
    calls.reply(server, report, id=envelope.id, ciphertext=envelope.ciphertext, wrapped=envelope.wraps)
    return envelope.id


def hand_over(server: Server, key: Key, report: str) -> int:
    """Wraps every content key that is open here for the verification officers in reach. NoKey without either."""
    told = calls.thread(server, report)
    next_ones = [_public(one) for one in calls.verification_keys(server, report)]
    whole = [one for one in told["report"]["wraps"] if one["half"] == "WHOLE" and one["keyId"] == key.id]
    if not next_ones:
        raise NoKey("nobody_verifies")
    if not whole:
        raise NoKey("nothing_opens")
    again = [keys.wrapped_again(key, whole, one, public) for one in whole for public in next_ones]
    return calls.hand_over(server, report, again)


def export(server: Server, opened: Sequence[Opened], into: Path) -> list[tuple[Path, Cleaned]]:
    """The files of these messages, each decrypted, cleaned again, then written. NotCleaned, ReportMalformed."""
    into.mkdir(parents=True, exist_ok=True)
    done = []
    for message in opened:
        for file in message.said.files if message.said else ():
            plain = files.decrypt_file(calls.fetch_file(server, file.id), file.key, file.id, size=file.size)
            cleaned = clean_again(plain, kind=file.kind)
            path = into / f"{file.id}{_SUFFIXES[cleaned.type]}"
            path.write_bytes(cleaned.data)
            done.append((path, cleaned))
    return done


def _public(one: Mapping[str, Any]) -> bytes:
    """A key to wrap for, which must be named by its own digest. ReportMalformed."""
    public = from_base64url(one["publicKey"])
    if wraps.key_id(public) != one["keyId"]:
        raise ReportMalformed("key id")
    return public


def _opened(key: Key, told: Sequence[dict[str, Any]], one: dict[str, Any]) -> Opened:
    said = None
    content = None if one["identityBox"] or not one["ciphertext"] else key.opened(told, one["uuid"])
    if content is not None:
        bound = messages.for_message(one["uuid"])
        try:
            said = messages.decode_message(messages.decrypt(from_base64url(one["ciphertext"]), content, bound))
        except ReportMalformed:
            said = None
    return Opened(
        id=one["uuid"], office=one["authorId"] is not None, hour=one["hour"], identity=one["identityBox"], said=said
    )
