"""Closing: what a phone makes of the chains that the server holds, and how two officers sign it on two phones."""

import time
from collections.abc import Callable
from typing import Any

from api.phone import calls
from api.phone.keys import DeviceKey
from api.phone.server import Server
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.closings import Closing, Gap
from storage.record.ledger.proofs.statements import FIRST_PREV

_RECORDING = (
    "query($id: UUID!) { recording(id: $id) { state chains { device count last gaps { first last } }"
    " closing { closing } } }"
)


def closing_of(
    recording: dict[str, Any], *, id: str, closer: str, reason: Callable[[Gap], str], at: int | None = None
) -> bytes:
    """The closing that agrees with what the server holds; `reason` gives the officer's words for each gap.

    `at` is the time of the phone (ms), if it is not this machine's.
    """
    chains, gaps = {}, []
    for chain in recording["chains"]:
        device, count = chain["device"], int(chain["count"])
        missing = [Gap(device, int(gap["first"]), int(gap["last"]), "-") for gap in chain["gaps"]]
        gaps += [Gap(device, gap.first, gap.last, reason(gap)) for gap in missing]
        known = all(gap.last < count - 1 for gap in missing)
        chains[device] = (count, chain["last"] if known else FIRST_PREV)
    now = time.time_ns() // 1_000_000
    return Closing(recording=id, closer=closer, at=now if at is None else at, chains=chains, gaps=tuple(gaps)).encode()


def recording_of(server: Server, id: str) -> dict[str, Any]:
    """A recording as the server holds it: its chains with their gaps, and its newest closing."""
    found: dict[str, Any] = server.ask(_RECORDING, id=id)["recording"]
    return found


def close(server: Server, key: DeviceKey, closing: bytes) -> None:
    """Signs the closing as the first officer."""
    calls.close_recording(
        server, Closing.decode(closing).recording, closing=to_base64url(closing),
        signature=to_base64url(key.sign_closing(closing)),
    )  # fmt: skip


def cosign(server: Server, key: DeviceKey, id: str, *, agrees: Callable[[Closing], bool]) -> bool:
    """Co-signs the newest closing of a recording as the second officer, if he agrees with it; whether he did."""
    closing = from_base64url(recording_of(server, id)["closing"]["closing"])
    if not agrees(Closing.decode(closing)):
        return False
    calls.cosign_closing(server, id, signature=to_base64url(key.sign_cosigning(closing)))
    return True
