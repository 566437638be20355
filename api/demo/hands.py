"""What may live here: the people of a story, each on a phone of his own, and where in the ledger their acts stand."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.phone import calls, closing
from api.phone.delivery import Delivery
from api.phone.notebook import Piece, Recording
from api.phone.outset import first_contact
from api.phone.phone import Person, Phone, new_id, switch_on
from api.phone.server import Server, Unreachable, tries
from api.phone.talk import Talk
from api.phone.trust import Trust

PROBLEM = "problem { code message parameters { name value } }"
CHANGES = "{ changes(last: 50) { edges { node { kind subjectId position } } } }"
_PATIENCE = 60.0


@dataclass(slots=True)
class Hand:
    """One person."""

    phone: Phone

    @property
    def account(self) -> str:
        """His account's id."""
        return self.phone.account

    def acts(self, name: str, answer: str, /, **given: Any) -> dict[str, Any]:
        """One mutation with one input; Refused for its Problem."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        text = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {answer} {PROBLEM} }} }}"
        return self.phone.server.act(text, **given)

    def asks(self, text: str, **variables: Any) -> dict[str, Any]:
        """One query."""
        return self.phone.server.ask(text, **variables)


@dataclass(slots=True)
class Cast:
    """All who take part, each signed in once he is asked for."""

    server: Callable[[], Server]
    folder: Path
    password: str
    hands: dict[str, Hand] = field(default_factory=dict)
    seen: int = -1

    def __getitem__(self, login: str) -> Hand:
        if login not in self.hands:
            phone = switch_on(Person(login, self.password), self.folder / login, self.server())
            phone.sign_in(_silent())
            self.hands[login] = Hand(phone)
        return self.hands[login]

    def position(self, reader: Hand, subject: str) -> int:
        """Where the newest act on this stands in the ledger, once it has its place there."""
        for _ in tries(_PATIENCE, longest=0.5):
            edges = reader.asks(CHANGES)["changes"]["edges"]
            nodes = [edge["node"] for edge in edges if edge["node"]["subjectId"] == subject]
            # A case begins with two entries; its first step is the second of them.
            steps = [one for one in nodes if one["kind"] != "case.opened"]
            places = [int(one["position"]) for one in steps if int(one["position"]) > self.seen]
            if places:
                self.seen = max(places)
                return self.seen
        raise Unreachable(f"{subject} has no place in the ledger")

    def photographs(self, by: Hand, inspection: str, underground: str) -> tuple[str, str]:
        """A recording of the inspection with one picture in it, sealed; the ids of both."""
        trust, phone, recording, id = Trust(self.folder / "server-keys.json"), by.phone, new_id(), new_id()
        first_contact(phone, trust, _silent())
        fresh = max(calls.beacons(phone.server, device=phone.device.id), key=lambda one: one.at)
        beacon = {"beacon": fresh.beacon, "key": fresh.key, "signature": fresh.signature}
        calls.open_recording(phone.server, Recording(id=recording, inspection=inspection, beacon=beacon))
        out = self.folder / "taken"
        out.mkdir(parents=True, exist_ok=True)
        file = out / f"{id}.png"
        file.write_bytes(picture(id))
        phone.notebook.write_piece(
            Piece(id=id, source=str(file), name=file.name, into=str(out / "sealed"),
                  noted_at=time.time_ns() // 1_000_000, place={"source": "none", "site": underground},
                  recording=recording)
        )  # fmt: skip
        delivery = Delivery(phone, trust, _silent(), _PATIENCE)
        delivery.sign_noted()
        delivery.deliver()
        return recording, id

    def closes(self, first: Hand, second: Hand, recording: str) -> None:
        """Both officers sign what belongs to the recording."""
        one, two = first.phone, second.phone
        held = closing.recording_of(one.server, recording)
        said = closing.closing_of(held, id=recording, closer=one.account, reason=lambda gap: f"{gap.first}")
        closing.close(one.server, one.key, said)
        closing.cosign(two.server, two.key, recording, agrees=lambda told: not told.gaps)
        await_shown(one.server, self.position(first, recording))


def await_shown(server: Server, position: int) -> None:
    """Waits until a checkpoint shows the entry at this place: before that no pack can prove it."""
    for _ in tries(_PATIENCE, longest=0.5):
        lines = server.http.get(f"{server.url}/log/checkpoint").text.splitlines()
        if len(lines) > 1 and int(lines[1]) > position:
            return
    raise Unreachable(f"no checkpoint shows {position}")


def picture(seed: str) -> bytes:
    """A small PNG that is another one for each seed."""
    width, height, shade = 64, 48, sum(seed.encode()) % 200
    rows = b"".join(b"\0" + bytes(_row(width, row, shade)) for row in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    told = chunk(b"tEXt", b"Comment\0" + seed.encode())
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + told + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def _row(width: int, row: int, shade: int) -> Iterator[int]:
    for column in range(width):
        yield from ((shade + column) % 256, row * 5 % 256, (column * row) % 256)


def _silent() -> Talk:
    return Talk(lambda _: None)
