"""From a receipt to an open thread: salt, keys derived twice, a signed challenge, the token of a quarter of an hour."""

from dataclasses import dataclass, field
from typing import Any

from api.reporter.server import Server
from api.reporter.terminal import GivenUp, Terminal
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.reports import derivation, receipts, signing
from storage.record.ledger.proofs.reports.malformed import ReportMalformed

FORMS: dict[receipts.Form, str] = {"D": "DIGITS", "W": "WORDS"}
_TRIES = 3
_KEY = "{ id publicKey agency }"
_REPORT = f"""
query($token: String!) {{ report(token: $token) {{
  kind mode when mineId hour nextHour state asks
  steps {{ kind hour article articleEn passedTo }} clocks {{ key ends article articleEn met overrun }}
  messages {{ id mine hour ciphertext wrap fileIds }} recipients {_KEY}
  identityRequests {{ id reason hour released }}
}} }}
"""


@dataclass(slots=True, kw_only=True)
class Thread:
    """An open thread: what is kept of the receipt are its keys, for as long as this program runs."""

    server: Server
    keys: derivation.ReporterKeys = field(repr=False)
    token: str = field(repr=False)

    def report(self) -> dict[str, Any]:
        """What became of it, as the server tells."""
        told: dict[str, Any] = self.server.ask(_REPORT, token=self.token)
        return told


def enter(server: Server, receipt: receipts.Receipt) -> Thread:
    """Opens the thread of a receipt. Refused (RECEIPT_NOT_KNOWN for a wrong secret too), Unreachable."""
    salt = server.ask(
        "query($form: ReceiptForm!, $locator: String!) { salt(form: $form, locator: $locator) }",
        form=FORMS[receipt.form], locator=receipt.locator,
    )  # fmt: skip
    return log_in(server, receipt, derivation.derive(receipt, from_base64url(salt)))


def log_in(server: Server, receipt: receipts.Receipt, keys: derivation.ReporterKeys) -> Thread:
    """The thread, once its challenge is signed."""
    where = {"form": FORMS[receipt.form], "locator": receipt.locator}
    challenge = server.ask(
        "query($form: ReceiptForm!, $locator: String!) { challenge(form: $form, locator: $locator) }", **where
    )
    signature = keys.login.sign(signing.login_message(receipt.form, receipt.locator, challenge))
    told = server.ask(
        "mutation($form: ReceiptForm!, $locator: String!, $challenge: String!, $signature: String!) {"
        " logIn(form: $form, locator: $locator, challenge: $challenge, signature: $signature)"
        " { token problem { code zh en } } }",
        **where, challenge=challenge, signature=to_base64url(signature),
    )  # fmt: skip
    return Thread(server=server, keys=keys, token=told["token"])


def asked_receipt(terminal: Terminal) -> receipts.Receipt:
    """The receipt as somebody types it; what is wrong with it is said, and he may try again. GivenUp after three."""
    for _ in range(_TRIES):
        try:
            return receipts.parse_receipt(terminal.hidden("ask_receipt"))
        except ReportMalformed as wrong:
            terminal.tell(f"receipt_{wrong.reason}", at=wrong.at)
    raise GivenUp("receipt_unread")
