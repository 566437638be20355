"""The people of a case as a journey plays them: each on a phone of his own, over HTTP, by a clock whose days pass."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.phone import calls
from api.phone.capture import Link, Measured, Moment, describe
from api.phone.notebook import Piece, Recording
from api.phone.phone import Person, Phone, switch_on
from api.phone.server import Refused, Server
from api.phone.talk import Talk
from api.sample_people import PASSWORD
from storage.record.clock import SHANGHAI, to_ms
from storage.record.ledger.proofs import signatures, statements
from storage.record.ledger.proofs.canonical import canonical, to_base64url

FIRST = "chosen-by-another-1"
PROBLEM = "problem { code message parameters { name value } }"
ARTICLE = ("条", "号", "三（")
"""What a sentence that names an article or an opinion has one of."""


class Days:
    """A clock that runs as fast as this machine's, from another day on, and can be set forward, never back."""

    def __init__(self, *begin: int) -> None:
        self._ahead = datetime(*begin, tzinfo=SHANGHAI).astimezone(UTC) - datetime.now(UTC)  # type: ignore[misc,arg-type] # Parts.

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def on(self, *parts: int) -> None:
        """It becomes that time of Guizhou: year, month, day, hour, minute."""
        ahead = datetime(*parts, tzinfo=SHANGHAI).astimezone(UTC) - datetime.now(UTC)  # type: ignore[misc,arg-type] # Parts.
        assert ahead >= self._ahead, f"time would go back: {parts}"
        self._ahead = ahead

    def ago(self, **time: float) -> str:
        """A moment before now, as GraphQL takes it."""
        return (self() - timedelta(**time)).isoformat(timespec="milliseconds")


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done within is refused with this code, and the sentence names an article."""
    with pytest.raises(Refused) as seen:
        yield
    assert seen.value.code == code, seen.value
    assert any(one in seen.value.sentence for one in ARTICLE), seen.value.sentence


@dataclass
class Hand:
    """One person on his phone."""

    phone: Phone
    days: Days
    links: dict[str, Link] = field(default_factory=dict)

    @property
    def account(self) -> str:
        """His account's id."""
        return self.phone.account

    def acts(self, name: str, answer: str, /, **given: Any) -> Any:
        """One mutation with one input; Refused for its Problem."""
        text = (
            f"mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {answer} {PROBLEM} }} }}"
        )
        return self.phone.server.act(text, **given)

    def asks(self, text: str, **variables: Any) -> dict[str, Any]:
        """One query."""
        return self.phone.server.ask(text, **variables)

    def on_measure(self, name: str, measure: str, /, **given: Any) -> str:
        """One step of a measure; its id."""
        id = given.pop("id", str(uuid4()))
        self.acts(name, "measure { state }", id=id, measureId=measure, **given)
        return str(id)

    def signs(self, paper: dict[str, Any], place: str) -> None:
        """Signs a paper by the key of his phone."""
        at, device = to_ms(self.days()), self.phone.device.id
        statement = canonical({
            "v": "pithead/paper/1", "paper": paper["uuid"], "digest": paper["digest"], "place": place,
            "way": "KEY", "at": at, "account": self.account, "device": device,
        })  # fmt: skip
        signature = self.phone.key.signer.sign(signatures.signing_input("paper", statement))
        self.acts("signPaper", "paper { uuid }", id=paper["uuid"], place=place, way="KEY", at=str(at),
                  signature=to_base64url(signature))  # fmt: skip

    def records(self, inspection: str) -> str:
        """Opens a recording of the inspection, on a beacon of the hour."""
        fresh = max(calls.beacons(self.phone.server, device=self.phone.device.id), key=lambda one: one.at)
        beacon = {"beacon": fresh.beacon, "key": fresh.key, "signature": fresh.signature}
        id = str(uuid4())
        calls.open_recording(self.phone.server, Recording(id=id, inspection=inspection, beacon=beacon))
        self.links[id] = Link()
        return id

    def takes(self, recording: str, body: bytes, media_type: str) -> str:
        """A file that is signed, declared, sent and sealed; its id."""
        link, id, server = self.links[recording], str(uuid4()), self.phone.server
        statement = self._statement(recording, link, body, media_type)
        piece = Piece(
            id=id, source="", name=id, into="", noted_at=0, place={}, recording=recording,
            statement=to_base64url(statement), signature=to_base64url(self.phone.key.sign_statement(statement)),
        )  # fmt: skip
        (declared,) = calls.declare(server, [piece], device=self.phone.device.id)
        assert declared.refused is None
        assert declared.upload is not None
        sent = server.http.request(
            declared.upload.method, declared.upload.url, headers=declared.upload.headers, content=body
        )  # fmt: skip
        assert sent.status_code == 200, sent.text
        assert calls.complete(server, [id]) == {id: None}
        awaited(lambda: calls.evidence(server, [id])[0].state == "SEALED", "sealed")
        self.links[recording] = Link(link.seq + 1, sha256(statement).hexdigest())
        return id

    def _statement(self, recording: str, link: Link, body: bytes, media_type: str) -> bytes:
        whole, wall = sha256(body), to_ms(self.days())
        measured = Measured(
            size=len(body), sha256=whole.hexdigest(), parts_root=statements.parts_root([whole.digest()]).hex(),
            media_type=media_type, parts=whole.digest(),
        )  # fmt: skip
        return describe(
            measured, recording=recording, device=self.phone.device.id, maker=self.account, link=link,
            moment=Moment(wall, time.monotonic_ns() // 1_000_000, str(uuid4())), place={"source": "none"},
        ).encode()  # fmt: skip


def awaited(done: Callable[[], Any], what: str, seconds: float = 30.0) -> Any:
    """What the workers bring about by themselves, as soon as it is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = done()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not {what} in {seconds} s")


@dataclass
class Town:
    """All who take part, each signed in once he is asked for."""

    url: str
    folder: Path
    days: Days
    http: httpx.Client
    hands: dict[str, Hand] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Hand:
        if login not in self.hands:
            server = Server(self.url, self.http)
            phone = switch_on(Person(login, PASSWORD), self.folder / login, server)
            phone.sign_in(Talk(lambda _: None))
            self.hands[login] = Hand(phone, self.days)
        return self.hands[login]

    def employs(self, login: str, *, certified_until: str) -> Hand:
        """One more inspector of Panzhou, opened by one administrator, given role and certificate by another."""
        opened = self["admin.system"].acts("openAccount", "account { uuid }", operationId=str(uuid4()), login=login,
                                           name="林晚(示例)", password=FIRST, county="520281")  # fmt: skip
        id, security = opened["account"]["uuid"], self["admin.security"]
        security.acts("grantRole", "grant { id }", operationId=str(uuid4()), accountId=id, role="INSPECTOR",
                      division="520281")  # fmt: skip
        security.acts("issueCertificate", "certificate { number }", operationId=str(uuid4()), accountId=id,
                      number="SAMPLE-0009", validFrom="2023-01-01", validTo=certified_until)  # fmt: skip
        # What an administrator chose opens nothing but its own change.
        stranger = Server(self.url, self.http)
        stranger.access = calls.sign_in(stranger, login=login, password=FIRST).access
        text = f"mutation ($input: ChangePasswordInput!) {{ changePassword(input: $input) {{ ended {PROBLEM} }} }}"
        stranger.act(text, current=FIRST, password=PASSWORD)
        return self[login]


@dataclass
class Docket:
    """One case as its people take steps in it, each of which `why` was asked before."""

    id: str
    party: str
    reader: Hand
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def why(self) -> list[str]:
        """Why it cannot be decided yet: the codes; each has an article and words that name it."""
        text = (
            "query ($id: UUID!, $party: UUID!) { case(id: $id) { missing(partyId: $party) { code article sentence } } }"
        )
        missing = self.reader.asks(text, id=self.id, party=self.party)["case"]["missing"]
        assert all(one["article"] and one["article"] in one["sentence"] for one in missing), missing
        return [one["code"] for one in missing]

    def step(self, by: Hand, name: str, /, **said: Any) -> str:
        """One step, with the question before it; its id."""
        self.asked.append((name, tuple(self.why())))
        return self.try_step(by, name, **said)

    def try_step(self, by: Hand, name: str, /, **said: Any) -> str:
        """One step; its id."""
        id = str(uuid4())
        by.acts(name, "case { state steps }", id=id, caseId=self.id, **said)
        return id

    def state(self) -> str:
        """Where it stands."""
        return str(self.reader.asks("query ($id: UUID!) { case(id: $id) { state } }", id=self.id)["case"]["state"])
