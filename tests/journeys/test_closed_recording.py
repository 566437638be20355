"""Two officers, two phones, a gap, a loss and a takeover: closed, co-signed, and packed for whoever trusts nobody."""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.embedded.postgres import DatabaseAddresses
from api.phone import calls, closing
from api.phone.capture import Link, describe, place_at, take, this_moment
from api.phone.notebook import Inspection, Piece, Recording
from api.phone.pack import main_pack
from api.phone.phone import Phone, new_id, switch_on
from api.phone.server import Refused, Server, keys_document
from api.phone.talk import Talk
from api.witness import Witness
from storage.record.ledger.proofs.canonical import from_base64url, to_base64url
from storage.record.ledger.proofs.takeovers import Takeover
from storage.record.ledger.proofs.verify import verify_path
from tests.api.web.node import answers
from tests.conftest import ORIGIN
from tests.journeys.running import LEAD, OFFICERS, SECOND, Service, running_service
from tests.servers import Servers
from tests.storage.record.ledger.packs import relisted, write_pack
from tests.vectors import sample

DECLARE = (
    "mutation($input: DeclareEvidenceInput!) { declareEvidence(input: $input)"
    " { items { uuid upload { method url headers } problem { code } }"
    " problem { code message parameters { name value } } } }"
)
LOST = (
    "mutation($input: ReportUndeliveredInput!) { reportUndelivered(input: $input)"
    " { evidence { uuid state lostReason } problem { code message parameters { name value } } } }"
)
LIST = (
    "query($id: UUID!) { recording(id: $id) { state closedAt evidence(first: 10) { edges { node"
    " { uuid seq state grade flags lostReason takeover { from how } } } pageInfo { hasNextPage } } } }"
)


@pytest.fixture(scope="module")
async def running(servers: Servers, template: DatabaseAddresses) -> AsyncIterator[Service]:
    with tempfile.TemporaryDirectory(prefix="pithead-journey-") as folder:
        async with running_service(servers, template, Path(folder)) as service:
            yield service


@dataclass
class Shift:
    """Two officers at a mine with their phones, and what they signed."""

    url: str
    folder: Path
    http: httpx.Client
    phones: list[Phone] = field(default_factory=list)
    recording: str = ""
    links: dict[str, Link] = field(default_factory=dict)

    def begin(self) -> None:
        talk = Talk(lambda _: None, "en")
        for person in OFFICERS:
            phone = switch_on(person, self.folder / "phones" / person.login, Server(self.url, self.http))
            phone.sign_in(talk)
            self.phones.append(phone)
        lead, mine = self.phones[0], calls.sample_mines(self.phones[0].server)[0]
        inspection = Inspection(
            id=new_id(), mine=mine.id, mine_name=mine.name, lead=lead.account, basis="REASONED", reason="接到举报核查",
            officers=[phone.account for phone in self.phones], noted_at=0,
            places=[{"id": new_id(), "name": "调度室", "underground": False}],
        )  # fmt: skip
        calls.open_inspection(lead.server, inspection)
        calls.join_inspection(self.phones[1].server, inspection.id)
        self.inspection, self.recording = inspection.id, new_id()
        calls.open_recording(
            lead.server, Recording(id=self.recording, inspection=inspection.id, beacon=asdict(lead.beacon()))
        )

    def sign(self, phone: Phone) -> tuple[Piece, Path]:
        """A photo in the phone's keeping, with its statement."""
        source, keep = self.folder / "source.jpg", self.folder / "kept" / uuid.uuid4().hex
        source.write_bytes(b"\xff\xd8\xff\xe0" + uuid.uuid4().bytes + b"\xff\xd9")
        link = self.links.get(phone.device.id, Link())
        statement = describe(
            take(source, keep), recording=self.recording, device=phone.device.id, maker=phone.account, link=link,
            moment=this_moment(), place=place_at(None, None),
        ).encode()  # fmt: skip
        self.links[phone.device.id] = Link(link.seq + 1, sha256(statement).hexdigest())
        piece = Piece(
            id=new_id(), source="", name="", into="", noted_at=0, place={}, recording=self.recording,
            statement=to_base64url(statement), signature=to_base64url(phone.key.sign_statement(statement)),
        )  # fmt: skip
        return piece, keep

    def declare(self, phone: Phone, piece: Piece, *, paper: Takeover | None = None) -> dict[str, Any]:
        item: dict[str, Any] = {"id": piece.id, "statement": piece.statement, "signature": piece.signature}
        if paper is not None:
            signature = to_base64url(phone.key.sign_takeover(paper.encode()))
            item["takeover"] = {"paper": to_base64url(paper.encode()), "signature": signature}
        told = phone.server.act(DECLARE, recordingId=self.recording, deviceId=phone.device.id, items=[item])
        (answer,) = told["items"]
        assert answer["problem"] is None, answer
        return dict(answer["upload"])

    def deliver(self, phone: Phone, *, taken_from: str | None = None) -> Piece:
        """Signs, declares, uploads and completes one photo."""
        piece, keep = self.sign(phone)
        paper = None
        if taken_from is not None:
            paper = Takeover(
                statement=sha256(from_base64url(piece.statement)).hexdigest(), giver=taken_from,
                how="U盘当面移交", at=1, device=phone.device.id, maker=phone.account,
            )  # fmt: skip
        upload = self.declare(phone, piece, paper=paper)
        headers = dict(line.split(": ", 1) for line in upload["headers"])
        assert self.http.put(upload["url"], headers=headers, content=keep.read_bytes()).is_success
        assert calls.complete(phone.server, [piece.id]) == {piece.id: None}
        return piece

    def wait_for_receipts(self, *pieces: Piece) -> None:
        for _ in range(150):
            found = calls.evidence(self.phones[0].server, [piece.id for piece in pieces])
            if all(one.receipt is not None for one in found):
                return
            time.sleep(0.1)
        raise AssertionError(found)

    def close(self) -> None:
        """The lead closes with a reason for each gap, and the second officer co-signs; neither does both."""
        lead, second = self.phones
        held = closing.recording_of(lead.server, self.recording)
        said = closing.closing_of(
            held, id=self.recording, closer=lead.account, reason=lambda gap: f"第{gap.first}号起缺失"
        )
        closing.close(lead.server, lead.key, said)
        with pytest.raises(Refused, match="COSIGNER_NOT_ANOTHER"):
            closing.cosign(lead.server, lead.key, self.recording, agrees=lambda one: True)
        assert not closing.cosign(second.server, second.key, self.recording, agrees=lambda one: not one.gaps)
        assert closing.cosign(second.server, second.key, self.recording, agrees=lambda one: len(one.gaps) == 2)

    def pack(self, id: str, into: Path) -> tuple[int, list[str]]:
        told: list[str] = []
        code = main_pack(
            url=self.url, id=id, into=into, folder=self.folder / "phones", person=OFFICERS[0], language="en",
            say=told.append,
        )  # fmt: skip
        return code, told


def by_hand(shift: Shift) -> None:
    """The story, from one thread, as the command line runs it."""
    shift.begin()
    lead, second = shift.phones
    whole = [shift.deliver(lead)]
    shift.sign(lead)  # Signed on the phone, and then the memory card broke: nobody ever sees it.
    whole += [shift.deliver(lead), shift.deliver(second, taken_from="样例煤矿调度室"), shift.deliver(second)]
    dropped, _ = shift.sign(second)
    shift.declare(second, dropped)
    (lost,) = second.server.act(LOST, evidenceIds=[dropped.id], reason="手机掉入水仓")["evidence"]
    assert (lost["state"], lost["lostReason"]) == ("LOST", "手机掉入水仓")
    shift.close()
    late = shift.deliver(lead)
    shift.wait_for_receipts(*whole, late)
    told = lead.server.ask(LIST, id=shift.recording)["recording"]
    nodes = {edge["node"]["uuid"]: edge["node"] for edge in told["evidence"]["edges"]}
    assert told["state"] == "CLOSED"
    assert len(nodes) == 6
    assert nodes[late.id]["flags"] == ["DECLARED_AFTER_CLOSING"]
    assert nodes[whole[2].id]["takeover"] == {"from": "样例煤矿调度室", "how": "U盘当面移交"}
    assert nodes[whole[2].id]["grade"] == "TAKEN_OVER"


async def test_a_shift_with_a_gap_and_a_loss_is_closed_and_its_pack_convinces_who_trusts_nobody(
    running: Service, tmp_path: Path
) -> None:
    with httpx.Client(trust_env=False, timeout=20) as http:
        shift = Shift(running.url, tmp_path, http)
        await asyncio.to_thread(by_hand, shift)
        into = tmp_path / "pack"
        code, told = await asyncio.to_thread(shift.pack, shift.recording, into)
        assert code == 0, told
        assert told[-1] == "VERIFIED: pack: 5 bundles", told
        assert (await asyncio.to_thread(shift.pack, shift.inspection, tmp_path / "all"))[0] == 0
        assert (await asyncio.to_thread(shift.pack, shift.recording, into))[0] == 1, "a folder that is not empty"
        keys = tmp_path / "phones" / "server-keys.json"
        await asyncio.to_thread(both_say, into, keys, f"{shift.recording}: agreement")
        await asyncio.to_thread(forged, into, keys, tmp_path)
        note = await asyncio.to_thread(witnessed, running.url, http, tmp_path)
        assert note.startswith(f"{ORIGIN}\n")
    opened = "SELECT count(*) FROM entries WHERE kind = 'pack.opened'"
    assert await running.count(opened) == 2
    assert LEAD != SECOND


def both_say(pack: Path, keys: Path, recording: str) -> None:
    """Both verifiers find it whole, `sha256sum` too; without trusted keys it proves nothing."""
    verdict = verify_path(pack, keys)
    assert verdict.complete, [check for check in verdict.checks if not check.ok]
    trust = json.loads(keys.read_text())
    (answer,) = answers([{"ask": "pack", "folder": str(pack), "trust": trust}])
    assert (answer["status"], answer["complete"]) == ("VERIFIED", True)
    assert answer["checks"] == [[check.name, check.ok] for check in verdict.checks]
    assert verify_path(pack, None).exit_code == 2
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest-sha256.txt"], cwd=pack, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    unsealed = (pack / "data" / "unsealed.json").read_text()
    assert "手机掉入水仓" in unsealed
    agreement = next(check for check in verdict.checks if check.name.startswith(recording))
    assert agreement.detail == "2 devices, 2 gaps with a reason, 1 declared later"


def forged(pack: Path, keys: Path, folder: Path) -> None:
    """A pack of fresh keys is consistent and not trusted; a piece taken out of a real one is missed."""
    made = write_pack(folder / "forged", sample.server("forger", ORIGIN))
    assert verify_path(made, None).exit_code == 2
    assert verify_path(made, keys).exit_code == 1
    cut = Path(shutil.copytree(pack, folder / "cut"))
    name = min(path.name for path in (cut / "data").glob("*.jpg"))
    for path in (cut / "data").glob(f"{name}*"):
        path.unlink()
    verdict = verify_path(relisted(cut), keys)
    assert verdict.exit_code == 1
    assert verdict.failed is not None
    assert verdict.failed.name.endswith(": agreement")


def witnessed(url: str, http: httpx.Client, folder: Path) -> str:
    """A witness co-signs the log of this story."""
    witness = Witness(folder / "witness", url, http)
    witness.trust(keys_document(Server(url, http)))
    return witness.look()
