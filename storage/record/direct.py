"""Sends the few calls that come with every piece, over kept lines: botocore takes a millisecond of CPU for each."""

import base64
import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import urllib3
from urllib3.exceptions import HTTPError

from storage.record.presigning import Presigner
from storage.record.problems import TryAgain

_SECONDS: Final = 300
"""How long a request of our own is good: a clock that is off by less does no harm."""
_WAITS: Final = (0.1, 0.3)
"""Seconds before a call is made a second and a third time: every call here may be repeated."""
META: Final = "x-amz-meta-"
"""What the names of metadata begin with on the line."""
_MODE, _UNTIL, _CODE = (
    re.compile(rb"<Mode>([A-Z]{1,20})</Mode>"),
    re.compile(rb"<RetainUntilDate>([-0-9T:.Z+]{1,40})</RetainUntilDate>"),
    re.compile(rb"<Code>(\w{1,80})</Code>"),
)
_RETENTION: Final = (
    '<Retention xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>"
)


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """The store answered, and said no: with this HTTP status and this code of S3 (empty where it gave none)."""

    status: int
    code: str


@dataclass(frozen=True, slots=True)
class Opened:
    """One version on its way: what was stored with it (names without `x-amz-meta-`), and its bytes in chunks.

    `checksum` is the SHA-256 that the store itself tells, if it does: of the bytes in base64, or for what came in parts
    of the SHA-256 of all parts, with the number of parts after a hyphen (COMPOSITE). `encoding` is the one that whoever
    sent the bytes said they were packed by: the chunks are the bytes as they lie there, a browser would unpack them.
    """

    metadata: Mapping[str, str]
    checksum: str
    chunks: Iterator[bytes]
    encoding: str = ""


class Direct:
    """Requests to one bucket, each signed in its query (AWS Signature Version 4). Blocking; safe from many threads.

    A store that is out of reach, or answers 5xx after three tries, is TryAgain; every other no is a Refusal.
    """

    def __init__(self, presigner: Presigner, bucket: str, *, lines: int = 16, chunk: int = 1024 * 1024) -> None:
        self._presigner = presigner
        self._bucket = bucket
        self._chunk = chunk
        # Tried again here and not there: urllib3 logs the URL of what it tries again, and with it the signature.
        self._pool = urllib3.PoolManager(
            maxsize=lines, timeout=urllib3.Timeout(connect=3, read=30), retries=urllib3.Retry(False)
        )

    def close(self) -> None:
        """Hang up."""
        self._pool.clear()

    def head(self, name: str) -> tuple[str, int]:
        """The newest version of an object and its bytes."""
        with self._sent("HEAD", name, {}) as answer:
            return answer.headers["x-amz-version-id"], int(answer.headers["content-length"])

    def open(self, name: str, version: str) -> Opened:
        """One version, to be read to its end or closed by dropping it."""
        answer = self._ask("GET", name, {"versionId": version}, headers={"x-amz-checksum-mode": "ENABLED"})
        metadata = {
            key.lower().removeprefix(META): value
            for key, value in answer.headers.items()
            if key.lower().startswith(META)
        }
        checksum, encoding = (answer.headers.get(name, "") for name in ("x-amz-checksum-sha256", "content-encoding"))
        return Opened(metadata, checksum, self._chunks(answer), encoding)

    def put(self, name: str, body: bytes, *, media_type: str, sha256: bytes) -> str:
        """Store bytes as a new version of a name; the version. One whose answer was lost is sent again as another."""
        headers = {"content-type": media_type, "x-amz-checksum-sha256": base64.b64encode(sha256).decode()}
        with self._sent("PUT", name, {}, body=body, headers=headers) as answer:
            return answer.headers["x-amz-version-id"]

    def retain(self, name: str, version: str, *, mode: str, until: datetime) -> None:
        """Put this retention on one version."""
        told = _RETENTION.format(mode=mode, until=until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")).encode()
        md5 = base64.b64encode(hashlib.md5(told, usedforsecurity=False).digest()).decode()
        with self._sent("PUT", name, {"retention": "", "versionId": version}, body=told, headers={"content-md5": md5}):
            pass

    def retention(self, name: str, version: str) -> tuple[str, datetime]:
        """Mode and end of the retention that the store shows; one that shows none is a Refusal, as S3 has it."""
        with self._sent("GET", name, {"retention": "", "versionId": version}) as answer:
            mode, until = _MODE.search(answer.data), _UNTIL.search(answer.data)
        if mode is None or until is None:
            raise Refusal(200, "NoSuchObjectLockConfiguration")
        return mode[1].decode(), datetime.fromisoformat(until[1].decode()).astimezone(UTC)

    @contextmanager
    def _sent(
        self,
        method: str,
        name: str,
        query: Mapping[str, str],
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """A call whose answer is small: it is read as a whole, and the line goes back."""
        answer = self._ask(method, name, query, body=body, headers=headers or {})
        try:
            with _told():
                answer.read(cache_content=True)
            yield answer
        finally:
            answer.release_conn()

    def _ask(
        self,
        method: str,
        name: str,
        query: Mapping[str, str],
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        if not name:
            raise ValueError("an object has a name: without one this would ask for the bucket")
        signed = headers or {}
        for wait in (*_WAITS, None):
            url = self._presigner.sign(
                method, f"/{self._bucket}/{name}", at=datetime.now(UTC), seconds=_SECONDS, headers=signed, query=query
            )
            try:
                answer = self._pool.request(
                    method, url, body=body, headers=dict(signed), preload_content=False, redirect=False,
                    decode_content=False,
                )  # fmt: skip
                if answer.status < 300:
                    return answer
                said = answer.read()
                answer.release_conn()
            except HTTPError as error:
                if wait is None:
                    raise TryAgain() from error
            else:
                if answer.status < 500:
                    code = _CODE.search(said)
                    raise Refusal(answer.status, code[1].decode() if code else "")
            if wait is not None:
                time.sleep(wait)
        raise TryAgain()

    def _chunks(self, answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        try:
            with _told():
                yield from answer.stream(self._chunk, decode_content=False)
        finally:
            # What was not read to its end would stand on the line as the next answer.
            answer.close() if answer.length_remaining else answer.release_conn()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        raise TryAgain() from error
