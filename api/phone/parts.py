"""Sends one large file in parts: begins, asks what the store holds, sends the rest, completes; resumed days later."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.phone import calls
from api.phone.server import Refused, Server
from api.phone.uploads import Job, Progress, Sender, Slice, UploadRefused
from storage.record.ledger.proofs.statements import PART_SIZE

PAGE = 20
"""Parts that are signed at once, 160 MiB: signed requests run out after an hour, and lines underground are slow."""
ROUNDS = 5
"""How often what is missing is sent again before the phone says so: URLs run out, parts are thrown away."""
_PASSING = frozenset({403, 404})
"""The URL has run out; the upload was thrown away or is complete. The server knows which."""


@dataclass(frozen=True, slots=True)
class Film:
    """A declared file: its id and bytes; `hashes` makes the SHA-256 of its parts when they are asked for."""

    id: str
    file: Path
    size: int
    hashes: Callable[[], bytes]

    @property
    def count(self) -> int:
        """How many parts it has."""
        return -(-self.size // PART_SIZE)

    def slice_of(self, number: int) -> Slice:
        """The bytes of one part, counted from 1."""
        offset = (number - 1) * PART_SIZE
        return Slice(self.file, offset, min(PART_SIZE, self.size - offset))


def send_in_parts(server: Server, sender: Sender, film: Film) -> None:
    """Sends what the store does not hold yet, and returns once the server has received the file.

    Refused, UploadRefused (the file is not what was signed), Unreachable. Killed anywhere, the same call goes on.
    """
    for _ in range(ROUNDS):
        status = calls.upload_status(server, film.id)
        if status.state not in ("DECLARED", "LOST"):
            return
        if not status.begun:
            calls.begin_upload(server, film.id, parts=film.hashes())
        missing = [number for number in range(1, film.count + 1) if number not in status.held]
        _send(server, sender, film, missing)
        try:
            calls.complete_upload(server, film.id)
        except Refused as refused:
            if refused.code not in ("PART_MISSING", "UPLOAD_NOT_BEGUN"):
                raise
        else:
            return
    raise UploadRefused(0, f"{film.file.name}: the store does not keep its parts")


def _send(server: Server, sender: Sender, film: Film, missing: Sequence[int]) -> None:
    """One try of each missing part. A part whose request ran out stays missing, and is signed again."""
    total = sum(film.slice_of(number).size for number in missing)
    try:
        for _, refused in sender.send(_jobs(server, film, missing), Progress(total, len(missing))):
            if refused is not None and refused.status not in _PASSING:
                raise refused
    except Refused as refused:
        if refused.code != "UPLOAD_NOT_BEGUN":
            raise


def _jobs(server: Server, film: Film, missing: Sequence[int]) -> Iterator[Job]:
    """The missing parts in order, signed a page at a time while the page before is on its way."""
    wanted = list(missing)
    while wanted:
        page = calls.part_urls(server, film.id, first=PAGE, after=wanted[0] - 1)
        yield from (
            Job(film.id, upload, film.slice_of(number), number) for number, upload in page if number in wanted
        )  # fmt: skip
        last = page[-1][0] if page else film.count
        wanted = [number for number in wanted if number > last]
