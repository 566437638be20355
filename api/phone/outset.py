"""How work begins on two phones: the line to the server, its pinned keys, the inspection; and how faults are said."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import httpx

from api.phone import calls, disk
from api.phone.capture import NothingToTake, PlaceUnreadable
from api.phone.delivery import NotYetSealed
from api.phone.keys import KeyUnreadable
from api.phone.notebook import Inspection
from api.phone.phone import Phone, new_id
from api.phone.server import TIMEOUT, Server, Unreachable, keys_document
from api.phone.talk import Talk
from api.phone.trust import AnotherServer, Trust
from api.phone.uploads import UploadRefused
from storage.record.ledger.proofs.canonical import NotCanonical
from storage.record.ledger.proofs.keys import KeyRefused, KeysMalformed
from storage.record.ledger.proofs.receipts import ReceiptWrong
from storage.record.ledger.proofs.statements import StatementMalformed

ONE_DAY = 24 * 3_600_000
"""Milliseconds after which the next piece belongs to a new inspection."""


class CannotTake(Exception):
    """The work cannot begin; the text is the code of a sentence."""


FAULTS: dict[type[Exception], str] = {
    AnotherServer: "another_server",
    KeyRefused: "receipt_wrong",
    KeysMalformed: "another_server",
    KeyUnreadable: "key_unreadable",
    NothingToTake: "empty",
    NotYetSealed: "slow",
    PlaceUnreadable: "place",
    ReceiptWrong: "receipt_wrong",
    Unreachable: "unreachable",
    NotCanonical: "receipt_wrong",
    StatementMalformed: "no_statement",
    UploadRefused: "upload_refused",
    disk.Damaged: "damaged",
    disk.FolderInUse: "in_use",
}
ENDS: tuple[type[Exception], ...] = (CannotTake, *FAULTS, OSError)
"""What ends the work with a sentence; whatever else comes is a mistake of ours and shows its trace."""


def tell_fault(talk: Talk, fault: Exception) -> None:
    """Says why the work ended."""
    if (sentence := FAULTS.get(type(fault))) is not None:
        talk.end(sentence, told=fault, name=fault)
    elif isinstance(fault, OSError):
        talk.end("no_file", told=f"{fault.filename}: {fault.strerror}")
    else:
        talk.end(str(fault))


def server_of(url: str, http: httpx.Client, language: str, reach: float) -> Server:
    """The server at this address; `reach` bounds the seconds for which an unanswered call is made again."""
    return Server(url, http, language="en" if language == "en" else "zh", patience=reach)


def first_contact(phone: Phone, trust: Trust, talk: Talk) -> None:
    """Takes the keys that the server serves, and pins them at the first time. AnotherServer, KeysMalformed."""
    first = trust.pinned() is None
    trust.meet(keys_document(phone.server))
    if first:
        talk.tell("pinned", origin=trust.served.origin)


def inspect(phones: Sequence[Phone], talk: Talk) -> Inspection:
    """The inspection of today by these officers: opened by the lead, joined by each other from his own phone."""
    lead = phones[0]
    officers = [phone.account for phone in phones]
    inspection = lead.notebook.inspection()
    if inspection is None or inspection.officers != officers or _now() - inspection.noted_at > ONE_DAY:
        inspection = lead.notebook.write_inspection(_new_inspection(lead, officers))
    if not inspection.opened:
        calls.open_inspection(lead.server, inspection)
        inspection = lead.notebook.write_inspection(replace(inspection, opened=True))
        names = ", ".join(phone.person.login for phone in phones)
        talk.tell("inspection", mine=inspection.mine_name, officers=names, lead=lead.person.login, id=inspection.id)
    for phone in phones[1:]:
        if phone.account not in inspection.joined:
            calls.join_inspection(phone.server, inspection.id)
            joined = [*inspection.joined, phone.account]
            inspection = lead.notebook.write_inspection(replace(inspection, joined=joined))
            talk.tell("joined", login=phone.person.login)
    return inspection


def _new_inspection(lead: Phone, officers: list[str]) -> Inspection:
    mines = calls.sample_mines(lead.server)
    if not mines:
        raise CannotTake("no_mine")
    places = [
        {"id": new_id(), "name": "地面调度室", "underground": False},
        {"id": new_id(), "name": "采煤工作面", "underground": True},
    ]
    return Inspection(
        id=new_id(), mine=mines[0].id, mine_name=mines[0].name, lead=lead.account, officers=officers, places=places,
        basis="REASONED", reason="样例：井口参考客户端演示检查", noted_at=_now(),
    )  # fmt: skip


@contextlib.contextmanager
def line_of(http: httpx.Client | None) -> Iterator[httpx.Client]:
    """The line that was given, or one of our own. It reads no proxy from the environment: a phone's line is its own."""
    if http is not None:
        yield http
        return
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as made:
        yield made


def _now() -> int:
    return time.time_ns() // 1_000_000
