"""Keeps bytes in the S3-compatible store; the sole importer of its client."""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from storage.record.direct import META, Direct, Opened, Refusal
from storage.record.presigning import Presigner, SignedRequest, told_as
from storage.record.problems import Problem, TryAgain
from storage.record.spans import UNMEASURED, Spans

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

P = ParamSpec("P")
R = TypeVar("R")

_NO_LOCK = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest")
"""How stores say that a version has no lock: AWS and others, SeaweedFS, older AWS."""

SIGNED_FOR = timedelta(hours=1)
"""How long a signed request is good; an expired one is signed again for the asking."""
CHUNK = 1024 * 1024
"""Bytes read at a time, so that memory stays flat whatever the size."""


class StoreUnfit(Problem):
    """The store lacks what the record needs (parameter: lacks)."""


class Occupied(RuntimeError):
    """Other bytes stand under this name already; nothing in the store is ever replaced."""


class VersionGone(RuntimeError):
    """The version that was pinned is no longer in the store."""


class StillLocked(RuntimeError):
    """The store refuses to remove a version: a lock or a legal hold stands on it."""


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where the store is for us (`endpoint`) and for phones (`public_url`), and our key to one bucket."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    public_url: str
    region: str = "us-east-1"


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of an object as the store describes it."""

    version: str
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a name, or a delete marker on it (`marker`), as a listing shows it."""

    name: str
    version: str
    size: int
    marker: bool
    stored_at: datetime


class Objects:
    """The one bucket of the record. Methods are blocking; `aside` runs them in threads."""

    def __init__(
        self, address: StoreAddress, *, threads: int = 8, valid_for: timedelta = SIGNED_FOR, spans: Spans = UNMEASURED
    ) -> None:
        self.address, self._spans = address, spans
        self.failures = 0  # Calls that the store failed, for whoever counts.
        self._valid_for = valid_for // timedelta(seconds=1)
        self.client: S3Client = _client(address)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="store")
        self._presigner = _presigner(address, address.public_url)
        self._direct = Direct(_presigner(address, address.endpoint), address.bucket, chunk=CHUNK)

    async def aside(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a blocking call of this class in a thread of its own pool."""
        loop = asyncio.get_running_loop()
        try:
            with self._spans.within("store", getattr(call, "__name__", "call")):
                return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))
        except TryAgain:
            self.failures += 1
            raise

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._direct.close()

    def sign_put(
        self, name: str, *, sha256: bytes, size: int, media_type: str, beside: Mapping[str, str] | None = None
    ) -> SignedRequest:
        """A PUT of exactly these bytes, valid for one hour, which never replaces an object that is there.

        `beside` (names and ASCII values, at most 2 KB) is stored with the bytes, as its metadata. No I/O.
        """
        return self._sign(
            name,
            {
                "content-length": str(size),
                "content-type": media_type,
                "if-none-match": "*",
                "x-amz-checksum-sha256": base64.b64encode(sha256).decode(),
                **_metadata(beside),
            },
        )

    def sign_part(self, name: str, upload_id: str, number: int, *, sha256: bytes, size: int) -> SignedRequest:
        """A PUT of exactly one part (counted from 1) of an upload in parts."""
        headers = {"content-length": str(size), "x-amz-checksum-sha256": base64.b64encode(sha256).decode()}
        return self._sign(name, headers, {"partNumber": str(number), "uploadId": upload_id})

    def _sign(self, name: str, headers: dict[str, str], query: dict[str, str] | None = None) -> SignedRequest:
        url = self._presigner.sign(
            "PUT", self._path(name), at=_clock(), seconds=self._valid_for, headers=headers, query=query
        )  # fmt: skip
        return SignedRequest("PUT", url, tuple(headers.items()))

    def sign_form(
        self, name: str, *, sha256: bytes, size: int, media_type: str, beside: Mapping[str, str] | None = None
    ) -> SignedRequest:
        """A browser's form that takes exactly so many bytes under this one name; its policy fixes every field.

        A form cannot say `if-none-match`: sent twice it makes a second version, and a piece names the first one.
        """
        fixed = {
            "key": name,
            "content-type": media_type,
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": base64.b64encode(sha256).decode(),
            **_metadata(beside),
        }
        now = _clock()
        fields = self._presigner.form(
            self.address.bucket, fixed, size=size, at=now, until=now + timedelta(seconds=self._valid_for)
        )
        return SignedRequest("POST", f"{self.address.public_url.rstrip('/')}/{self.address.bucket}", (), fields)

    def sign_get(self, name: str, version: str, *, media_type: str, seconds: int = 60) -> str:
        """A URL that gives out one version, as this type, for a short time; the act that hands it over is an entry."""
        query = {"versionId": version, **told_as(media_type)}
        return self._presigner.sign("GET", self._path(name), at=_clock(), seconds=seconds, headers={}, query=query)

    def _path(self, name: str) -> str:
        return f"/{self.address.bucket}/{name}"

    def find(self, name: str) -> Stored | None:
        """The newest version of an object, or None."""
        try:
            return Stored(*self._direct.head(name))
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise

    def open(self, name: str, version: str) -> Opened:
        """One version: what was stored with it, and its bytes in chunks."""
        with _gone_is_told():
            return self._direct.open(name, version)

    def read(self, name: str, version: str) -> Iterator[bytes]:
        """The bytes of one version, in chunks."""
        return self.open(name, version).chunks

    def put(self, name: str, body: bytes, *, media_type: str) -> str:
        """Stores bytes of our own, under no lock, as the newest version of a name; returns the version."""
        return self._direct.put(name, body, media_type=media_type, sha256=hashlib.sha256(body).digest())

    def lock(self, name: str, version: str, until: datetime) -> None:
        """Locks one version against every hand until then (COMPLIANCE). Safe to repeat; never shortens a lock."""
        self._retain(name, version, "COMPLIANCE", until)

    def lock_softly(self, name: str, version: str, until: datetime) -> None:
        """Keeps one version that is no evidence (quarantine) for a while; an officer may end it (GOVERNANCE)."""
        self._retain(name, version, "GOVERNANCE", until)

    def _retain(self, name: str, version: str, mode: str, until: datetime) -> None:
        with _gone_is_told():
            try:
                self._direct.retain(name, version, mode=mode, until=until)
            except Refusal as refusal:
                # Refused where it would be shortened: an earlier try, or another setting, locked it for longer.
                locked = self.locked_until(name, version) if refusal.status == 403 else None
                if locked is None or locked < until.replace(microsecond=0):
                    raise

    def locked_until(self, name: str, version: str) -> datetime | None:
        """Until when the store itself says that a version is locked in COMPLIANCE mode."""
        with _gone_is_told():
            try:
                mode, until = self._direct.retention(name, version)
            except Refusal as refusal:
                if refusal.code in _NO_LOCK:
                    return None
                raise
            return until if mode == "COMPLIANCE" else None

    def hold(self, name: str, version: str, *, on: bool) -> None:
        """Puts a legal hold on one version or takes it off; safe to repeat."""
        with told_as_problems(), _gone_is_told():
            self.client.put_object_legal_hold(
                Bucket=self.address.bucket, Key=name, VersionId=version, LegalHold={"Status": "ON" if on else "OFF"}
            )

    def is_held(self, name: str, version: str) -> bool:
        """Whether the store itself says that a legal hold stands on a version."""
        with told_as_problems(), _gone_is_told():
            try:
                answer = self.client.get_object_legal_hold(Bucket=self.address.bucket, Key=name, VersionId=version)
            except ClientError as error:
                if _code(error) in (*_NO_LOCK, "NoSuchObjectLegalHold"):
                    return False
                raise
            return answer["LegalHold"].get("Status") == "ON"

    def versions(self, prefix: str) -> list[Version]:
        """Every version and delete marker of the names that begin so: by name, oldest first."""
        found = [one for page in self.listing(prefix) for one in page]
        return sorted(found, key=lambda one: (one.name, one.stored_at))

    def listing(self, prefix: str) -> Iterator[list[Version]]:
        """The same page by page as the store lists them: names in the order of bytes; few are held at a time."""
        with told_as_problems():
            for page in self.client.get_paginator("list_object_versions").paginate(
                Bucket=self.address.bucket, Prefix=prefix
            ):
                kept = [(one, one["Size"], False) for one in page.get("Versions", [])]
                marked = [(one, 0, True) for one in page.get("DeleteMarkers", [])]
                yield [
                    Version(one["Key"], one["VersionId"], size, marker, one["LastModified"])
                    for one, size, marker in (*kept, *marked)
                ]

    def clock(self) -> datetime | None:
        """The store's own time, by which it judges signatures and locks; None if it does not tell."""
        with told_as_problems():
            answer: Any = self.client.head_bucket(Bucket=self.address.bucket)
        told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        return None if told is None else parsedate_to_datetime(told)

    def remove(self, name: str, version: str) -> None:
        """Removes one version or delete marker for ever; StillLocked if the store refuses. Safe to repeat."""
        with told_as_problems():
            try:
                self.client.delete_object(Bucket=self.address.bucket, Key=name, VersionId=version)
            except ClientError as error:
                if _status(error) == 403:
                    raise StillLocked(f"{name} {version}") from error
                if _status(error) != 404:
                    raise

    def put_locked(self, name: str, body: bytes, *, until: datetime | None, media_type: str) -> None:
        """Stores bytes under a name once, locked if `until` says so; the same again is no error, else Occupied."""
        lock: Any = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until} if until else {}
        with told_as_problems():
            try:
                self.client.put_object(
                    Bucket=self.address.bucket, Key=name, Body=body, ContentType=media_type, IfNoneMatch="*",
                    ChecksumSHA256=base64.b64encode(hashlib.sha256(body).digest()).decode(), **lock,
                )  # fmt: skip
            except ClientError as error:
                if _status(error) != 412:
                    raise
                if self.whole(name) != body:
                    raise Occupied(name) from error

    def whole(self, name: str) -> bytes | None:
        """A small object as one piece, or None."""
        with told_as_problems():
            try:
                return self.client.get_object(Bucket=self.address.bucket, Key=name)["Body"].read()
            except ClientError as error:
                if _status(error) == 404:
                    return None
                raise

    def first_kept(self, prefix: str) -> tuple[str, bytes] | None:
        """The first name below a prefix in the order of bytes, and its body, even where a delete marker hides it.

        Our own key may put such a marker: a lock keeps the version below it, not its place in a plain list. A name
        that has markers only comes with an empty body.
        """
        with told_as_problems():
            first = self.client.list_object_versions(Bucket=self.address.bucket, Prefix=prefix, MaxKeys=1)
            names = [each["Key"] for each in (*first.get("Versions", []), *first.get("DeleteMarkers", []))]
            if not names:
                return None
            if first.get("Versions"):
                version = first["Versions"][0]["VersionId"]
            else:
                below = self.client.list_object_versions(Bucket=self.address.bucket, Prefix=names[0])
                kept = [each["VersionId"] for each in below.get("Versions", []) if each["Key"] == names[0]]
                if not kept:
                    return names[0], b""
                version = kept[-1]  # The oldest: what was stored and locked first.
            return names[0], b"".join(self.read(names[0], version))

    def require_fit(self) -> None:
        """Refuses, by name, a store without versioning or object lock."""
        with told_as_problems():
            versioning = self.client.get_bucket_versioning(Bucket=self.address.bucket).get("Status")
            if versioning != "Enabled":
                raise StoreUnfit(lacks="versioning")
            try:
                lock = self.client.get_object_lock_configuration(Bucket=self.address.bucket)
            except ClientError as error:
                raise StoreUnfit(lacks="object lock") from error
            if lock["ObjectLockConfiguration"].get("ObjectLockEnabled") != "Enabled":
                raise StoreUnfit(lacks="object lock")


@contextmanager
def told_as_problems() -> Iterator[None]:
    """A store that is out of reach or overloaded is no fault of the act: it may be tried again."""
    try:
        yield
    except ClientError as error:
        if _status(error) >= 500:
            raise TryAgain() from error
        raise
    except ParamValidationError:
        raise  # A call that could not even be made is a fault of ours.
    except BotoCoreError as error:
        raise TryAgain() from error


@contextmanager
def _gone_is_told() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        if refusal.status == 404:
            raise VersionGone(refusal.code) from refusal
        raise
    except ClientError as error:
        if _status(error) == 404:
            raise VersionGone(str(error)) from error
        raise


def _clock() -> datetime:
    """The machine's own time: the store holds a signature against its clock, whatever time an act is said to have."""
    return datetime.now(UTC)


def _metadata(beside: Mapping[str, str] | None) -> dict[str, str]:
    return {f"{META}{name}": value for name, value in (beside or {}).items()}


def _presigner(address: StoreAddress, url: str) -> Presigner:
    return Presigner(url.rstrip("/"), address.access_key, address.secret_key, address.region)


def _client(address: StoreAddress) -> "S3Client":
    return boto3.client(
        "s3", endpoint_url=address.endpoint, region_name=address.region,
        aws_access_key_id=address.access_key, aws_secret_access_key=address.secret_key,
        config=Config(
            signature_version="s3v4", s3={"addressing_style": "path"}, connect_timeout=3, read_timeout=30,
            retries={"max_attempts": 2, "mode": "standard"},
            max_pool_connections=16,
            # Checksums are ours to choose: the default adds a CRC that some stores do not know.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )  # fmt: skip


def _status(error: ClientError) -> int:
    metadata: Any = error.response.get("ResponseMetadata", {})
    return int(metadata.get("HTTPStatusCode", 0))


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
