"""What may live here: the people of a story, each on a phone of his own, and where in the ledger their acts stand."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.demo.days import Clock
from api.phone import calls, closing
from api.phone.capture import Link, Measured, Moment, describe, this_moment
from api.phone.notebook import Piece, Recording
from api.phone.phone import Person, Phone, new_id, switch_on
from api.phone.server import Refused, Server, Unreachable
from api.phone.talk import Talk
from storage.record.clock import to_ms
from storage.record.ledger.proofs import signatures, statements
from storage.record.ledger.proofs.canonical import canonical, to_base64url

PROBLEM = "problem { code message parameters { name value } }"
CHANGES = "{ changes(last: 50) { edges { node { kind subjectId position } } } }"
SIGNED = "paper { places { name signature { uuid way } } }"
FIRST_PASSWORD = "chosen-by-another-1"  # noqa: S105 # Opens nothing but its own change.
_ACCOUNTS = "{ accounts(first: 100) { edges { node { uuid login } } } }"
_WRONG = "SIGN_IN_FAILED"
_BESIDES = ("case.opened", "case.made_good")
"""A case begins with two entries, its first step is the second; what the other officer confirms is not the act."""
_PATIENCE = 60.0


@dataclass(slots=True)
class Hand:
    """One person on his phone, whose clock is the story's."""

    phone: Phone
    clock: Clock
    links: dict[str, Link] = field(default_factory=dict)

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

    def on_measure(self, name: str, measure: str, /, **given: Any) -> str:
        """One step of a measure; its id."""
        id = new_id()
        self.acts(name, "measure { state }", id=id, measureId=measure, **given)
        return id

    def signs(self, paper: str, digest: str, place: str, *, opinion: str = "") -> str:
        """Signs a paper by the key of his phone: the statement holds its digest (docs/protocol.md §3b)."""
        at, phone = to_ms(self.clock()), self.phone
        statement = canonical({
            "v": "pithead/paper/1", "paper": paper, "digest": digest, "place": place, "way": "KEY", "at": at,
            "account": self.account, "device": phone.device.id, **({"opinion": opinion} if opinion else {}),
        })  # fmt: skip
        signature = phone.key.signer.sign(signatures.signing_input("paper", statement))
        signed = self.acts("signPaper", SIGNED, id=paper, place=place, way="KEY", at=str(at), opinion=opinion,
                           signature=to_base64url(signature))["paper"]["places"]  # fmt: skip
        return str(next(one["signature"]["uuid"] for one in signed if one["name"] == place))

    def records(self, inspection: str) -> str:
        """Opens a recording of the inspection, on a beacon of the hour."""
        fresh = max(calls.beacons(self.phone.server, device=self.phone.device.id), key=lambda one: one.at)
        beacon = {"beacon": fresh.beacon, "key": fresh.key, "signature": fresh.signature}
        id = new_id()
        calls.open_recording(self.phone.server, Recording(id=id, inspection=inspection, beacon=beacon))
        self.links[id] = Link()
        return id

    def takes(self, recording: str, body: bytes, media_type: str) -> str:
        """A file that is signed, declared, sent and sealed; its id."""
        link, id, server = self.links[recording], new_id(), self.phone.server
        statement = self._statement(recording, link, body, media_type)
        piece = Piece(
            id=id, source="", name=id, into="", noted_at=0, place={}, recording=recording,
            statement=to_base64url(statement), signature=to_base64url(self.phone.key.sign_statement(statement)),
        )  # fmt: skip
        (declared,) = calls.declare(server, [piece], device=self.phone.device.id)
        if declared.refused is not None:
            raise declared.refused
        if declared.upload is not None:
            told = declared.upload
            server.http.request(told.method, told.url, headers=told.headers, content=body).raise_for_status()
        calls.complete(server, [id])
        for _ in _soon():
            if calls.evidence(server, [id])[0].state == "SEALED":
                self.links[recording] = Link(link.seq + 1, sha256(statement).hexdigest())
                return id
        raise Unreachable(f"{id} was not sealed")

    def _statement(self, recording: str, link: Link, body: bytes, media_type: str) -> bytes:
        whole, moment = sha256(body), this_moment()
        measured = Measured(
            size=len(body), sha256=whole.hexdigest(), parts_root=statements.parts_root([whole.digest()]).hex(),
            media_type=media_type, parts=whole.digest(),
        )  # fmt: skip
        return describe(
            measured, recording=recording, device=self.phone.device.id, maker=self.account, link=link,
            moment=Moment(to_ms(self.clock()), moment.mono, moment.boot), place={"source": "none"},
        ).encode()  # fmt: skip


@dataclass(slots=True)
class Cast:
    """All who take part, each signed in once he is asked for."""

    server: Callable[[], Server]
    folder: Path
    password: str
    clock: Clock
    hands: dict[str, Hand] = field(default_factory=dict)
    seen: int = -1
    """The place of the newest act that was told."""

    def __getitem__(self, login: str) -> Hand:
        if login not in self.hands:
            phone = switch_on(Person(login, self.password), self.folder / login, self.server())
            phone.sign_in(_silent())
            self.hands[login] = Hand(phone, self.clock)
        return self.hands[login]

    def position(self, reader: Hand, subject: str, kind: str | None = None) -> int:
        """Where the newest act on this (of this kind) stands in the ledger, once it has its place there."""
        for _ in _soon():
            edges = reader.asks(CHANGES)["changes"]["edges"]
            nodes = [edge["node"] for edge in edges if edge["node"]["subjectId"] == subject]
            steps = [one for one in nodes if (one["kind"] == kind if kind else one["kind"] not in _BESIDES)]
            places = [int(one["position"]) for one in steps if int(one["position"]) > self.seen]
            if places:
                self.seen = max(places)
                return self.seen
        raise Unreachable(f"{subject} has no place in the ledger")

    def employs(self, login: str, *, name: str, county: str, number: str, certified: tuple[str, str]) -> Hand:
        """One more inspector: opened by one administrator, given role and certificate by another; known is known."""
        first, second = self["admin.system"], self["admin.security"]
        with unless("LOGIN_TAKEN"):
            first.acts("openAccount", "account { uuid }", operationId=new_id(), login=login, name=name,
                       password=FIRST_PASSWORD, county=county)  # fmt: skip
        accounts = [edge["node"] for edge in first.asks(_ACCOUNTS)["accounts"]["edges"]]
        id = next(one["uuid"] for one in accounts if one["login"] == login)
        with unless("ROLE_ALREADY_GRANTED"):
            second.acts("grantRole", "grant { id }", operationId=new_id(), accountId=id, role="INSPECTOR",
                        division=county)  # fmt: skip
        with unless("CERTIFICATE_NUMBER_TAKEN"):
            second.acts("issueCertificate", "certificate { number }", operationId=new_id(), accountId=id,
                        number=number, validFrom=certified[0], validTo=certified[1])  # fmt: skip
        with unless(_WRONG):
            return self[login]
        self._changes_password(login)
        return self[login]

    def _changes_password(self, login: str) -> None:
        """What an administrator chose opens nothing but its own change."""
        stranger = self.server()
        stranger.access = calls.sign_in(stranger, login=login, password=FIRST_PASSWORD).access
        text = f"mutation ($input: ChangePasswordInput!) {{ changePassword(input: $input) {{ ended {PROBLEM} }} }}"
        stranger.act(text, current=FIRST_PASSWORD, password=self.password)

    def closes(self, first: Hand, second: Hand, recording: str) -> None:
        """Both officers sign what belongs to the recording."""
        one, two = first.phone, second.phone
        held, at = closing.recording_of(one.server, recording), to_ms(self.clock())
        said = closing.closing_of(held, id=recording, closer=one.account, reason=lambda gap: f"{gap.first}", at=at)
        closing.close(one.server, one.key, said)
        closing.cosign(two.server, two.key, recording, agrees=lambda told: not told.gaps)


@contextmanager
def unless(code: str) -> Iterator[None]:
    """What is done within was done already where it is refused with this code: the story is played again."""
    try:
        yield
    except Refused as refused:
        if refused.code != code:
            raise


def await_shown(server: Server, position: int) -> None:
    """Waits until a checkpoint shows the entry at this place: before that no pack can prove it."""
    for _ in _soon():
        lines = server.http.get(f"{server.url}/log/checkpoint").text.splitlines()
        if len(lines) > 1 and int(lines[1]) > position:
            return
    raise Unreachable(f"no checkpoint shows {position}")


def _soon() -> Iterator[None]:
    """Tries at what workers bring about in a moment; a story has a hundred of them, so the pauses are short."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(0.04)


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


def film(seed: str) -> bytes:
    """A second of an invented hearing as MP4, which is another file for each seed: a box of it says nothing."""
    said = seed.encode()
    nothing = struct.pack(">I4s", 8 + len(said), b"free") + said
    return Path(__file__).with_name("hearing.mp4").read_bytes() + nothing


def _row(width: int, row: int, shade: int) -> Iterator[int]:
    for column in range(width):
        yield from ((shade + column) % 256, row * 5 % 256, (column * row) % 256)


def _silent() -> Talk:
    return Talk(lambda _: None)
