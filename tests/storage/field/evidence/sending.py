"""A phone's side of uploads for tests: asks the whole schema, and sends bytes to the real store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from graphql_schema.context import Context, Means
from graphql_schema.executor import Request
from storage.field.evidence.operations import Declared
from storage.record.actor import Actor
from storage.record.database import Database
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.signatures import signer
from storage.record.ledger.proofs.statements import PART_SIZE
from storage.record.objects import Objects
from tests.factories.field import Scene
from tests.graphql_schema.asking import EXECUTOR

_UPLOAD = "upload { method url headers fields { name value } }"
_PROBLEM = "problem { code parameters { name value } }"
DECLARE = (
    "mutation($input: DeclareEvidenceInput!) { declareEvidence(input: $input) { items { uuid state known"
    f" {_UPLOAD} parts {{ size count }} {_PROBLEM} }} {_PROBLEM} }} }}"
)
BEGIN = (
    "mutation($input: BeginUploadInput!) { beginUpload(input: $input) { state parts { size count }"
    f" {_PROBLEM} }} }}"
)
URLS = (
    "query($id: UUID!, $first: Int!, $after: Int!) { partUrls(evidenceId: $id, first: $first, after: $after)"
    f" {{ number size {_UPLOAD} }} }}"
)
STATUS = "query($id: UUID!) { uploadStatus(evidenceId: $id) { state begun parts { count } held { first last } } }"
COMPLETE = f"mutation($input: CompleteUploadInput!) {{ completeUpload(input: $input) {{ state {_PROBLEM} }} }}"
COMPLETE_SINGLE = (
    "mutation($input: CompleteEvidenceInput!) { completeEvidence(input: $input)"
    f" {{ items {{ uuid state {_PROBLEM} }} {_PROBLEM} }} }}"
)


@cache
def film() -> bytes:
    """The smallest film that comes in parts: two full ones, and a third of one byte."""
    return b"\x00\x00\x00\x18ftypmp42" + bytes(2 * PART_SIZE - 11)


def part(body: bytes, number: int) -> bytes:
    """One part of a body, counted from 1."""
    return body[(number - 1) * PART_SIZE : number * PART_SIZE]


def hashes(body: bytes) -> bytes:
    """The part hashes as they travel."""
    return b"".join(sha256(body[at : at + PART_SIZE]).digest() for at in range(0, len(body), PART_SIZE))


@dataclass
class Sending:
    """One officer's phone in a scene, over a database and a store."""

    scene: Scene
    database: Database
    objects: Objects
    actor: Actor
    largest: int = 20 * 2**30
    promise: Any = field(default_factory=lambda: signer(Ed25519PrivateKey.generate(), id="promise-1"))

    async def ask(self, text: str, **variables: Any) -> Any:
        """The one field of the answer; a code as text where the whole field was refused."""
        means = Means(objects=self.objects, promise=self.promise, largest_file=self.largest)
        context = Context(self.actor, self.database, lambda: datetime.now(UTC), means=means)
        answer = await EXECUTOR.answer(Request(text, variables), context)
        if answer.errors:
            return next(iter(answer.codes))
        assert answer.data is not None
        (value,) = answer.data.values()
        return value

    async def declare(self, *items: Declared, upload_as: str = "PUT") -> list[dict[str, Any]]:
        """The answers to a batch."""
        told = [
            {"id": str(one.id), "statement": to_base64url(one.statement), "signature": to_base64url(one.signature)}
            for one in items
        ]
        payload = await self.ask(
            DECLARE,
            input={
                "recordingId": str(self.scene.recording_id), "deviceId": str(self.scene.phone.id), "items": told,
                "uploadAs": upload_as,
            },
        )  # fmt: skip
        answers: list[dict[str, Any]] = payload["items"]
        return answers

    async def declare_film(self) -> UUID:
        """A declared film of three parts."""
        item = self.scene.item(body=film(), type="video/mp4")
        (answer,) = await self.declare(item)
        assert answer["upload"] is None
        assert answer["parts"] == {"size": str(PART_SIZE), "count": 3}
        return item.id

    async def begin(self, id: UUID, parts: bytes | None = None) -> Any:
        return await self.ask(
            BEGIN, input={"evidenceId": str(id), "parts": to_base64url(hashes(film()) if parts is None else parts)}
        )

    async def urls(self, id: UUID, *, first: int = 100, after: int = 0) -> Any:
        return await self.ask(URLS, id=str(id), first=first, after=after)

    async def send_part(self, id: UUID, number: int, body: bytes | None = None) -> int:
        """The store's status for one part of the film, or for other bytes in its place."""
        (told,) = await self.urls(id, first=1, after=number - 1)
        assert told["number"] == number
        return await send(told["upload"], part(film(), number) if body is None else body)

    async def status(self, id: UUID) -> Any:
        return await self.ask(STATUS, id=str(id))

    async def complete(self, id: UUID) -> Any:
        return await self.ask(COMPLETE, input={"evidenceId": str(id)})

    async def complete_single(self, id: UUID) -> Any:
        """The answer to one piece that was sent in one request, or to the whole call where that is a Problem."""
        payload = await self.ask(COMPLETE_SINGLE, input={"ids": [str(id)]})
        return payload if payload["items"] is None else payload["items"][0]


async def send(upload: dict[str, Any], body: bytes) -> int:
    """Sends bytes by the request that was signed; the store's status. A refusal before all is sent is one too."""
    headers = dict(line.split(": ", 1) for line in upload["headers"])
    async with httpx.AsyncClient(trust_env=False, timeout=timedelta(seconds=20).total_seconds()) as http:
        if upload["method"] == "POST":
            fields = {one["name"]: one["value"] for one in upload["fields"]}
            answer = await http.post(upload["url"], data=fields, files={"file": ("x", body)})
        else:
            answer = await http.put(upload["url"], content=body, headers=headers)
    return answer.status_code
