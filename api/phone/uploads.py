"""Sends many files or parts to the store at once: four lines side by side, back-off, progress, run-out URLs told."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from api.phone.server import BUSY, Unreachable, tries
from api.phone.wire import FileGone, LineBroken, Slice, Upload, Wire

__all__ = ["EXPIRED", "LINES", "Job", "Progress", "Sender", "Slice", "Upload", "UploadRefused"]

EXPIRED = 403
"""The store's status for a request whose hour is over."""
LINES = 4
"""Connections side by side: more do not make a phone's line faster."""


class UploadRefused(Exception):
    """The store refused the bytes; `status` is its HTTP status. EXPIRED: ask for another URL; 0: there are no bytes."""

    def __init__(self, status: int, told: str) -> None:
        super().__init__(f"HTTP {status} {told}".strip() if status else told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Job:
    """One request that is to be sent: a whole file, or one part (its number; 0 for a whole file)."""

    id: str
    upload: Upload
    what: Slice
    number: int = 0


@dataclass(slots=True)
class Progress:
    """How far sending is: bytes and requests done of all."""

    total: int
    requests: int
    sent: int = 0
    done: int = 0

    @classmethod
    def of(cls, jobs: Sequence[Job]) -> "Progress":
        """The beginning of sending these."""
        return cls(total=sum(job.what.size for job in jobs), requests=len(jobs))


@dataclass(slots=True)
class Sender:
    """Lines to the store, one a thread, kept between batches. `patience` bounds the seconds that one request is tried.

    `on_progress` is called from the caller's own thread, so it may print and may raise.
    """

    patience: float = 20.0
    on_progress: Callable[[Progress], None] = lambda _: None
    lines: int = LINES
    _wires: list[Wire] = field(default_factory=list)
    _here: threading.local = field(default_factory=threading.local)
    _pool: ThreadPoolExecutor | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the threads and the connections."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        for wire in self._wires:
            wire.close()
        self._wires.clear()

    def send(self, jobs: Iterable[Job], progress: Progress) -> Iterator[tuple[Job, UploadRefused | None]]:
        """Sends all of them; gives each as it ends, with what the store refused it for. Unreachable ends all early.

        412 means that the bytes are there already: a request never replaces an object, so the answer to an earlier try
        was lost, and nothing is to be done. Jobs are drawn one by one, so that they may be signed while others travel.
        """
        waiting: dict[Future[UploadRefused | None], Job] = {}
        source = iter(jobs)
        try:
            while True:
                for job in source:
                    waiting[self._threads().submit(self._send, job, progress)] = job
                    if len(waiting) >= 2 * self.lines:
                        break
                if not waiting:
                    return
                ended, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in ended:
                    refused = future.result()
                    progress.done += refused is None
                    yield waiting.pop(future), refused
                self.on_progress(progress)
        finally:
            for future in waiting:
                future.cancel()

    def _send(self, job: Job, progress: Progress) -> UploadRefused | None:
        def sent(count: int) -> None:
            with self._lock:
                progress.sent += count

        last = ""
        for _ in tries(self.patience):
            try:
                status, told = self._wire().send(job.upload, job.what, sent=sent)
            except LineBroken as broken:
                last = str(broken)
                continue
            except FileGone as gone:
                return UploadRefused(0, str(gone))
            if 200 <= status < 300 or status == 412:
                return None
            if status not in BUSY | {500}:
                return UploadRefused(status, told[:200])
            last = f"HTTP {status}"
        raise Unreachable(f"{job.upload.url.partition('?')[0]}: {last}")

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.lines, thread_name_prefix="upload")
        return self._pool

    def _wire(self) -> Wire:
        wire = getattr(self._here, "wire", None)
        if wire is None:
            wire = self._here.wire = Wire()
            with self._lock:
                self._wires.append(wire)
        return wire
