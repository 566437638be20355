"""Sends bytes to the store: the very request that the server signed, streamed from the file, never held in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.phone.server import BUSY, Unreachable, tries

CHUNK = 1024 * 1024


class UploadRefused(Exception):
    """The store refused the bytes; `status` is its HTTP status. 403: the URL has run out, ask for another one."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"HTTP {status} {told}".strip())
        self.status = status


@dataclass(frozen=True, slots=True)
class Upload:
    """One signed request to the store: all of its headers are part of the signature."""

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)


def send(http: httpx.Client, upload: Upload, file: Path, *, patience: float = 20.0) -> None:
    """Sends the file; returns once the store has it. UploadRefused, Unreachable.

    412 means that the bytes are there already: the request never replaces an object, so the answer to an earlier try
    was lost, and nothing is to be done.
    """
    last = ""
    for _ in tries(patience):
        try:
            answer = http.request(upload.method, upload.url, headers=upload.headers, content=_chunks(file))
        except httpx.RequestError as error:
            last = str(error) or type(error).__name__
            continue
        if answer.is_success or answer.status_code == 412:
            return
        if answer.status_code not in BUSY | {500}:
            raise UploadRefused(answer.status_code, answer.text[:200])
        last = f"HTTP {answer.status_code}"
    raise Unreachable(f"{httpx.URL(upload.url).copy_with(query=None)}: {last}")


def _chunks(file: Path) -> Iterator[bytes]:
    """The file in pieces; httpx sends them under the signed Content-Length instead of a chunked body."""
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
