"""E-mail: by SMTP with STARTTLS, in a thread of its own that nobody waits for longer than the deadline."""

import asyncio
import re
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from notifications.channels import Sent
from notifications.messages import Message
from storage.alerts.deliveries.rules import Target
from storage.alerts.deliveries.tables import DeliveryOutcome

SECONDS: Final = 15.0
"""For each answer of the server."""
AT_ONCE: Final = 8
_NOBODY: Final = re.compile(rb"^5\.(?:1\.(?:1|6|10)|2\.1)\b")
"""No such mailbox, one that moved away, one that takes no mail by its owner's will, one that is closed (RFC 3463)."""


class Email:
    """Sends mail by one server; without STARTTLS nothing is sent, and no password is told."""

    deadline: float = 25.0

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        trust: ssl.SSLContext,
        user: str | None = None,
        password: str | None = None,
    ) -> None:
        self._host, self._port, self._sender, self._trust = host, port, sender, trust
        self._user, self._password = user, password
        self._domain = sender.rpartition("@")[2]
        self._threads = ThreadPoolExecutor(AT_ONCE, "mail")

    async def send(self, message: Message, target: Target) -> Sent:
        """One mail; cut off by the deadline, the line is cut too, so that no thread is left with a slow server."""
        # Left alone, it would ask the network for this machine's name, and wait for that here.
        line = smtplib.SMTP(timeout=SECONDS, local_hostname=self._domain)
        call = _Call(line, self._mail(message, target), target.target)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, call)
        except asyncio.CancelledError:
            call.cut()
            raise

    async def close(self) -> None:
        """Takes no more mail."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _mail(self, message: Message, target: Target) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, target.target, message.text
        # A repeat has the same id, by which mailboxes know it.
        mail["Message-ID"] = f"<{message.key}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Importance"] = "high" if message.urgent else "normal"
        mail.set_content(message.text)
        return mail

    def _send(self, call: "_Call") -> Sent:
        try:
            self._hand_over(call)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            return _meaning(code, words)
        except smtplib.SMTPResponseException as refused:
            # Only what is said of the recipient closes an address.
            return _meaning(refused.smtp_code, b"")
        except smtplib.SMTPNotSupportedError:
            return Sent(DeliveryOutcome.REFUSED, "not supported")
        except ssl.SSLCertVerificationError:
            return Sent(DeliveryOutcome.REFUSED, "TLS")
        except TimeoutError:
            return Sent(DeliveryOutcome.SILENT, "TimeoutError")
        except (OSError, smtplib.SMTPException) as fault:
            return Sent(DeliveryOutcome.BUSY, type(fault).__name__)
        finally:
            call.line.close()
        return Sent(DeliveryOutcome.ACCEPTED, "250")

    def _hand_over(self, call: "_Call") -> None:
        line = call.line
        code, words = line.connect(self._host, self._port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        call.must_stand()
        line._host = self._host  # type: ignore[attr-defined] # The name that the certificate must have.
        line.starttls(context=self._trust)
        call.must_stand()
        if self._user is not None and self._password is not None:
            line.login(self._user, self._password)
        call.must_stand()
        line.send_message(call.mail, self._sender, [call.to])
        # The mail is theirs by now, whatever becomes of the farewell.
        with suppress(OSError, smtplib.SMTPException):
            line.quit()


@dataclass(slots=True)
class _Call:
    """One mail on its line, which may be cut from another thread at any time."""

    line: smtplib.SMTP
    mail: EmailMessage
    to: str
    _cut: bool = False

    def cut(self) -> None:
        self._cut = True
        if self.line.sock is not None:
            with suppress(OSError):
                self.line.sock.shutdown(socket.SHUT_RDWR)

    def must_stand(self) -> None:
        """Whoever was cut while he was connecting has no line that could have been cut."""
        if self._cut:
            raise ConnectionAbortedError


def _meaning(code: int, words: bytes) -> Sent:
    """4xx, or no code at all: later. 5xx: no; by the code of RFC 3463 that nobody is there, the address goes."""
    if code < 500:
        return Sent(DeliveryOutcome.BUSY, str(code))
    return Sent(DeliveryOutcome.GONE if _NOBODY.match(words) else DeliveryOutcome.REFUSED, str(code))
