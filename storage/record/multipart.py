"""Uploads in parts as the store keeps them: begun, listed, completed, aborted; each call may be repeated."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from storage.record.objects import Objects, told_as_problems
from storage.record.problems import TryAgain


class UploadGone(RuntimeError):
    """The store knows no such upload: it was completed, aborted, or never begun."""


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A part that the store holds: its number from 1, its bytes, and the tag by which completing names it."""

    number: int
    size: int
    tag: str


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload in parts that is neither completed nor aborted."""

    name: str
    upload_id: str
    begun_at: datetime


def begin(objects: Objects, name: str, *, media_type: str, beside: Mapping[str, str] | None = None) -> str:
    """The id of an upload under this name; one that was begun before, whose answer was lost, is taken up again."""
    for known in _begun(objects, name):
        if known.name == name:
            return known.upload_id
    with told_as_problems():
        answer = objects.client.create_multipart_upload(
            Bucket=objects.address.bucket,
            Key=name,
            ContentType=media_type,
            ChecksumAlgorithm="SHA256",
            Metadata=dict(beside or {}),
        )
        return answer["UploadId"]


def held(objects: Objects, name: str, upload_id: str) -> list[HeldPart]:
    """What the store itself lists, by number; UploadGone if it knows no such upload."""
    with told_as_problems(), _gone_is_told(objects):
        pages = objects.client.get_paginator("list_parts").paginate(
            Bucket=objects.address.bucket, Key=name, UploadId=upload_id
        )
        # A part that was sent twice is listed once: the last one that arrived.
        found = {part["PartNumber"]: part for page in pages for part in page.get("Parts", ())}
        return [HeldPart(number, found[number]["Size"], found[number]["ETag"]) for number in sorted(found)]


def complete(objects: Objects, name: str, upload_id: str, *, parts: Sequence[HeldPart], hashes: Sequence[bytes]) -> str:
    """Puts the parts together and says which version they are; each is named by its tag and its SHA-256."""
    listed = [
        {"PartNumber": part.number, "ETag": part.tag, "ChecksumSHA256": base64.b64encode(sha256).decode()}
        for part, sha256 in zip(parts, hashes, strict=True)
    ]
    with told_as_problems(), _gone_is_told(objects):
        answer = objects.client.complete_multipart_upload(
            Bucket=objects.address.bucket, Key=name, UploadId=upload_id,
            MultipartUpload={"Parts": listed},  # type: ignore[typeddict-item] # The members are those of CompletedPart.
        )  # fmt: skip
        return answer["VersionId"]


def abort(objects: Objects, name: str, upload_id: str) -> None:
    """Throws the parts away; UploadGone if there is no such upload any more."""
    with told_as_problems(), _gone_is_told(objects):
        objects.client.abort_multipart_upload(Bucket=objects.address.bucket, Key=name, UploadId=upload_id)


def begun_before(objects: Objects, moment: datetime) -> list[Begun]:
    """All uploads of the bucket that were begun before this moment and never ended, whoever knows of them."""
    return [one for one in _begun(objects, "") if one.begun_at < moment]


def _begun(objects: Objects, prefix: str) -> Iterator[Begun]:
    with told_as_problems():
        pages = objects.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=objects.address.bucket, Prefix=prefix
        )
        for page in pages:
            for one in page.get("Uploads", ()):
                yield Begun(one["Key"], one["UploadId"], one["Initiated"])


@contextmanager
def _gone_is_told(objects: Objects) -> Iterator[None]:
    try:
        yield
    except objects.client.exceptions.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code == "NoSuchUpload":
            raise UploadGone(code) from error
        if code.startswith("InvalidPart"):
            raise TryAgain() from error  # A part was sent again after it was listed.
        raise
