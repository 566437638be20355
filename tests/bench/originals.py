"""What may live here: the files that are sent while something is measured, and what a phone says of them."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from api.phone.notebook import Piece
from storage.field.evidence.operations import Declared
from storage.record.ledger.proofs.canonical import to_base64url
from storage.record.ledger.proofs.statements import PART_SIZE, parts_root
from storage.record.objects import StoreAddress
from tests.bench.site import Officer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_STARTS = {"image/jpeg": b"\xff\xd8\xff\xe0", "video/mp4": b"\x00\x00\x00\x18ftypmp42"}


@dataclass(frozen=True)
class Original:
    """A file of random bytes that begins like a photo or a film, and its hashes."""

    file: Path
    size: int
    media_type: str
    sha256: bytes
    parts: tuple[bytes, ...]

    @classmethod
    def make(cls, file: Path, size: int, media_type: str) -> "Original":
        """Writes such a file."""
        body = _STARTS[media_type] + os.urandom(size - len(_STARTS[media_type]))
        file.write_bytes(body)
        parts = tuple(sha256(body[at : at + PART_SIZE]).digest() for at in range(0, size, PART_SIZE))
        return cls(file, size, media_type, sha256(body).digest(), parts)

    @cached_property
    def about(self) -> dict[str, Any]:
        """What a statement says of it."""
        root = parts_root(self.parts).hex()
        return {"sha256": self.sha256.hex(), "size": self.size, "parts_root": root, "type": self.media_type}

    def signed_by(self, officer: Officer) -> Declared:
        """The next statement of the officer's chain, about this file."""
        return officer.declare_next(datetime.now(UTC), **self.about)


def as_piece(item: Declared, officer: Officer) -> Piece:
    """What the phone's calls want of a signed piece."""
    return Piece(
        id=str(item.id), source="", name="", into="", noted_at=0, place={}, recording=str(officer.recording_id),
        statement=to_base64url(item.statement), signature=to_base64url(item.signature),
    )  # fmt: skip


def bare_client(address: StoreAddress) -> "S3Client":
    """boto3 as it comes, but for the path style that the store needs and checksums that are named by hand."""
    return boto3.client(
        "s3", endpoint_url=address.endpoint, aws_access_key_id=address.access_key,
        aws_secret_access_key=address.secret_key, region_name=address.region,
        config=Config(
            s3={"addressing_style": "path"}, max_pool_connections=16, request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )  # fmt: skip


def throw_away(client: "S3Client", bucket: str, names: Sequence[str]) -> None:
    """Removes what a round left, all versions of it, so that the disk does not fill."""
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: _throw_away(client, bucket, name), names))


def _throw_away(client: "S3Client", bucket: str, name: str) -> None:
    for version in client.list_object_versions(Bucket=bucket, Prefix=name).get("Versions", ()):
        client.delete_object(Bucket=bucket, Key=name, VersionId=version["VersionId"])
