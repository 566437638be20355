"""A mail server on loopback: SMTP with STARTTLS, which says at each step what it is told to say."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.notifications.channels.services import listening

HANG = "hang"
CUT = "cut"
DRIP = "drip"


@dataclass
class MailServer:
    """What it says to each command instead of yes, and what it heard; `tls` is None where it has no STARTTLS."""

    tls: ssl.SSLContext | None
    says: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    encrypted: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = False
        if not await self._say(writer, "greeting", "220 mail.example.cn"):
            return
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            self.commands.append(word)
            if word == "AUTH":
                self.logins.append(base64.b64decode(line.split()[-1]))
            if not await self._say(writer, word, self._yes(word, secure)):
                return
            if word == "STARTTLS" and "STARTTLS" not in self.says and self.tls is not None:
                await writer.start_tls(self.tls)
                secure = self.encrypted = True
            if word == "DATA" and "DATA" not in self.says:
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                if not await self._say(writer, "body", "250 2.0.0 taken"):
                    return

    def _yes(self, word: str, secure: bool) -> str:
        if word == "EHLO":
            offered = ["mail.example.cn", "AUTH PLAIN" if secure else "STARTTLS" if self.tls else "HELP"]
            return "\r\n".join([*(f"250-{one}" for one in offered), "250 SIZE"])
        return {"STARTTLS": "220 go on", "AUTH": "235 2.7.0 yes", "DATA": "354 go on"}.get(word, "250 2.0.0 yes")

    async def _say(self, writer: asyncio.StreamWriter, step: str, yes: str) -> bool:
        said = self.says.get(step, yes)
        if said == HANG:
            await asyncio.sleep(30)
        if said == DRIP:
            while not writer.is_closing():
                writer.write(b"2")
                await writer.drain()
                await asyncio.sleep(0.02)
        if said == CUT:
            return False
        writer.write(f"{said}\r\n".encode())
        await writer.drain()
        return True


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None, **says: str) -> AsyncIterator[MailServer]:
    """A server that listens; `says` by command, `greeting` and `body` being what comes before and behind them."""
    server = MailServer(tls, says)
    async with listening(server.serve) as port:
        server.port = port
        yield server
