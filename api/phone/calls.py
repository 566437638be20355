"""The calls of the protocol, each one function: what is sent, and what of the answer a phone needs."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from api.phone.keys import DeviceKey
from api.phone.notebook import Inspection, KeptBeacon, Piece, Recording
from api.phone.server import Refused, Server, refusal
from api.phone.uploads import Upload
from storage.record.ledger.proofs.beacons import LIMIT as BEACON_LIMIT
from storage.record.ledger.proofs.canonical import from_base64url, parse_canonical, to_base64url

_PROBLEM = "problem { code message parameters { name value } }"
_BEACON = "beacon: value key signature"
_OPENED = f"session {{ accountUuid deviceId accessToken refreshToken beacons {{ {_BEACON} }} }}"
_UPLOAD = "upload { method url headers }"
_NONCE = 16  # Bytes.
_RECEIPT_LIMIT = 131_072


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as it was opened or renewed, with fresh beacons; `device` is empty while it is no device's."""

    account: str
    device: str
    beacons: list[KeptBeacon]
    access: str = field(repr=False)
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mine:
    """A mine as far as opening an inspection needs it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Declared:
    """The answer to one declared piece: refused, or its declared receipt and, while bytes are missing, its upload."""

    id: str
    receipt: dict[str, Any] | None = None
    upload: Upload | None = None
    in_parts: bool = False
    """Its bytes are missing and travel in parts."""
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the server is with a piece: its state, the sealed receipt once there is one, why it is no evidence."""

    id: str
    state: str
    receipt: dict[str, Any] | None
    reason: str


@dataclass(frozen=True, slots=True)
class UploadStatus:
    """How far an upload in parts is: the piece's state, whether it was begun, which parts the store holds."""

    state: str
    begun: bool
    held: frozenset[int]


def sign_in(server: Server, *, login: str, password: str, key: DeviceKey | None = None) -> Opened:
    """Opens a session by password; with an enrolled key it is that device's session."""
    proof = None if key is None else _device_proof(server, key, login=login)
    told = server.act(
        f"mutation($input: SignInInput!) {{ signIn(input: $input) {{ {_OPENED} {_PROBLEM} }} }}",
        login=login, password=password, device=proof,
    )  # fmt: skip
    return _opened(told)


def refresh(server: Server, *, token: str, key: DeviceKey) -> Opened:
    """Renews a session. The token changes with each use; the device's signature over a nonce redeems a lost answer."""
    try:
        return _refresh_once(server, token, key)
    except Refused as refused:
        if refused.code != "NONCE_ALREADY_USED":
            raise
    # That very request had arrived before and its answer was lost: the same token with another nonce is right.
    return _refresh_once(server, token, key)


def _refresh_once(server: Server, token: str, key: DeviceKey) -> Opened:
    nonce = secrets.token_bytes(_NONCE)
    told = server.act(
        f"mutation($input: RefreshInput!) {{ refresh(input: $input) {{ {_OPENED} {_PROBLEM} }} }}",
        refreshToken=token, nonce=to_base64url(nonce), signature=to_base64url(key.sign_refresh(token, nonce=nonce)),
    )  # fmt: skip
    return _opened(told)


def enrol(server: Server, key: DeviceKey, *, owner: str, kind: str, name: str) -> None:
    """Asks for this key to be the signed-in person's device of this kind, which the session then belongs to."""
    server.act(
        f"mutation($input: EnrolDeviceInput!) {{ enrolDevice(input: $input) {{ device {{ uuid }} {_PROBLEM} }} }}",
        id=key.device, kind=kind, name=name, algorithm=key.signer.algorithm, publicKey=to_base64url(key.public),
        signature=to_base64url(key.sign_enrolment(owner=owner)),
    )  # fmt: skip


def beacons(server: Server, *, device: str) -> list[KeptBeacon]:
    """Fresh beacons for this device: each can open one recording, offline too."""
    told = server.ask(f"query($device: UUID!) {{ beacons(deviceId: $device) {{ {_BEACON} }} }}", device=device)
    return _kept(told["beacons"])


def sample_mines(server: Server) -> list[Mine]:
    """Producing sample mines that the signed-in person sees: nothing is ever tried out at a real one."""
    told = server.ask("query { mines(first: 100, state: PRODUCING) { edges { node { uuid name sample } } } }")
    nodes = [edge["node"] for edge in told["mines"]["edges"]]
    return [Mine(one["uuid"], one["name"]) for one in nodes if one["sample"]]


def open_inspection(server: Server, inspection: Inspection) -> None:
    """Opens the inspection that the notebook holds; the same again is the same inspection."""
    server.act(
        f"mutation($input: OpenInspectionInput!) {{ openInspection(input: $input) {{ inspection {{ uuid }}"
        f" {_PROBLEM} }} }}",
        id=inspection.id, mineId=inspection.mine, basis=inspection.basis, reason=inspection.reason,
        leadId=inspection.lead, officerIds=inspection.officers, places=inspection.places,
    )  # fmt: skip


def join_inspection(server: Server, inspection_id: str) -> None:
    """The signed-in officer joins from the device of his session."""
    server.act(
        f"mutation($input: JoinInspectionInput!) {{ joinInspection(input: $input) {{ inspection {{ uuid }}"
        f" {_PROBLEM} }} }}",
        inspectionId=inspection_id,
    )  # fmt: skip


def open_recording(server: Server, recording: Recording) -> None:
    """Opens the recording that the notebook holds, on its beacon; the same again is the same recording."""
    beacon = {name: recording.beacon[name] for name in ("beacon", "key", "signature")}
    server.act(
        f"mutation($input: OpenRecordingInput!) {{ openRecording(input: $input) {{ recording {{ uuid }}"
        f" {_PROBLEM} }} }}",
        id=recording.id, inspectionId=recording.inspection, beacon=beacon,
    )  # fmt: skip


def declare(server: Server, pieces: Sequence[Piece], *, device: str) -> list[Declared]:
    """Declares signed pieces of one recording, at most 100, in the order of the chain; each is answered by itself."""
    told = server.act(
        "mutation($input: DeclareEvidenceInput!) { declareEvidence(input: $input) { items { uuid receipt"
        f" {_UPLOAD} parts {{ count }} {_PROBLEM} }} {_PROBLEM} }} }}",
        recordingId=pieces[0].recording, deviceId=device,
        items=[_told(piece) for piece in pieces],
    )  # fmt: skip
    return [_declared(item) for item in told["items"]]


def complete(server: Server, ids: Sequence[str]) -> dict[str, Refused | None]:
    """Says that bytes were sent, at most 100 pieces; by id why one cannot be received yet, or None."""
    told = server.act(
        "mutation($input: CompleteEvidenceInput!) { completeEvidence(input: $input)"
        f" {{ items {{ uuid {_PROBLEM} }} {_PROBLEM} }} }}",
        ids=list(ids),
    )  # fmt: skip
    return {item["uuid"]: _refused(item) for item in told["items"]}


def begin_upload(server: Server, id: str, *, parts: bytes) -> None:
    """Begins to send a large file, or goes on with it; `parts` are the SHA-256 of its parts, one after the other."""
    server.act(
        f"mutation($input: BeginUploadInput!) {{ beginUpload(input: $input) {{ state {_PROBLEM} }} }}",
        evidenceId=id, parts=to_base64url(parts),
    )  # fmt: skip


def part_urls(server: Server, id: str, *, first: int, after: int) -> list[tuple[int, Upload]]:
    """Signed requests for so many parts after one, with their numbers."""
    told = server.ask(
        "query($id: UUID!, $first: Int!, $after: Int!) { partUrls(evidenceId: $id, first: $first, after: $after)"
        f" {{ number {_UPLOAD} }} }}",
        id=id, first=first, after=after,
    )  # fmt: skip
    return [(one["number"], _upload(one["upload"])) for one in told["partUrls"]]


def upload_status(server: Server, id: str) -> UploadStatus:
    """What the store holds of a file in parts."""
    told = server.ask(
        "query($id: UUID!) { uploadStatus(evidenceId: $id) { state begun held { first last } } }", id=id
    )["uploadStatus"]  # fmt: skip
    held = frozenset(number for run in told["held"] for number in range(run["first"], run["last"] + 1))
    return UploadStatus(told["state"], told["begun"], held)


def complete_upload(server: Server, id: str) -> None:
    """Says that all parts were sent. Refused names the part that is missing."""
    server.act(
        f"mutation($input: CompleteUploadInput!) {{ completeUpload(input: $input) {{ state {_PROBLEM} }} }}",
        evidenceId=id,
    )  # fmt: skip


def evidence(server: Server, ids: Sequence[str]) -> list[Progress]:
    """How far the server is with these pieces, at most 100."""
    told = server.ask(
        "query($ids: [UUID!]!) { evidence(ids: $ids) { uuid state quarantineReason receipt } }", ids=list(ids)
    )
    return [
        Progress(one["uuid"], one["state"], _document(one["receipt"]), one["quarantineReason"] or "")
        for one in told["evidence"]
        if one is not None
    ]


def report_undelivered(server: Server, ids: Sequence[str], *, reason: str) -> None:
    """Gives declared pieces up as lost, at most 100, all or none; the reason is one line that people read."""
    server.act(
        f"mutation($input: ReportUndeliveredInput!) {{ reportUndelivered(input: $input) {{ evidence {{ uuid }}"
        f" {_PROBLEM} }} }}",
        evidenceIds=list(ids), reason=reason,
    )  # fmt: skip


def close_recording(server: Server, recording_id: str, *, closing: str, signature: str) -> None:
    """The first officer's signed closing, both in base64url; the same again is the same act."""
    server.act(
        f"mutation($input: CloseRecordingInput!) {{ closeRecording(input: $input) {{ recording {{ uuid }}"
        f" {_PROBLEM} }} }}",
        recordingId=recording_id, closing=closing, signature=signature,
    )  # fmt: skip


def cosign_closing(server: Server, recording_id: str, *, signature: str) -> None:
    """The second officer's signature over the newest closing, from his own device: the recording is closed."""
    server.act(
        f"mutation($input: CosignClosingInput!) {{ cosignClosing(input: $input) {{ recording {{ uuid }}"
        f" {_PROBLEM} }} }}",
        recordingId=recording_id, signature=signature,
    )  # fmt: skip


def _device_proof(server: Server, key: DeviceKey, *, login: str) -> dict[str, str]:
    challenge = from_base64url(server.ask("query { signInChallenge }")["signInChallenge"])
    return {
        "deviceId": key.device,
        "challenge": to_base64url(challenge),
        "signature": to_base64url(key.sign_challenge(challenge, login=login)),
    }


def _told(piece: Piece) -> dict[str, Any]:
    """One signed statement as it is declared, with the paper of a takeover beside it where there is one."""
    paper = {"paper": piece.takeover, "signature": piece.takeover_signature} if piece.takeover else None
    return {"id": piece.id, "statement": piece.statement, "signature": piece.signature, "takeover": paper}


def _opened(told: dict[str, Any]) -> Opened:
    session = told["session"]
    return Opened(
        session["accountUuid"], session["deviceId"] or "", _kept(session["beacons"]), session["accessToken"],
        session["refreshToken"],
    )  # fmt: skip


def _kept(beacons: list[dict[str, str]]) -> list[KeptBeacon]:
    return [KeptBeacon(**one, at=parse_canonical(from_base64url(one["beacon"]), BEACON_LIMIT)["at"]) for one in beacons]


def _declared(item: dict[str, Any]) -> Declared:
    signed = None if item["upload"] is None else _upload(item["upload"])
    return Declared(item["uuid"], _document(item["receipt"]), signed, item["parts"] is not None, _refused(item))


def _upload(told: dict[str, Any]) -> Upload:
    return Upload(told["method"], told["url"], dict(line.split(": ", 1) for line in told["headers"]))


def _document(text: str | None) -> dict[str, Any] | None:
    """A receipt: canonical JSON in base64url. What is none is empty, so that one piece's check fails, not a batch's."""
    if text is None:
        return None
    try:
        found = parse_canonical(from_base64url(text), _RECEIPT_LIMIT)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refused(item: dict[str, Any]) -> Refused | None:
    """The Problem of one item, if it has one."""
    return refusal(item["problem"]) if item["problem"] else None
