"""The describing worker: looks at sealed pieces one after the other, by a child process that may die; yields to all."""

import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import asyncpg

from api.decoder import limits
from api.decoder.parent import Decoder, Failed
from storage.field.facts import findings, operations
from storage.field.facts.findings import Findings
from storage.field.facts.tables import Why
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.derived import remove_derived
from storage.record.objects import Objects, VersionGone
from storage.record.problems import TryAgain
from storage.record.work import perform

log = logging.getLogger("pithead.describing")


@dataclass(slots=True)
class DescribingWorker:
    """Fetches a sealed piece, has it decoded, keeps its preview, records its facts; holds no key at all.

    It is a process of its own beside the sealing one, and takes one piece at a time: sealing never waits for it.
    """

    database: Database
    objects: Objects
    decoder: Decoder = field(default_factory=Decoder)
    _asked_again: bool = field(default=False, init=False)

    async def turn(self) -> bool:
        """One piece; True when there was one. Once a life, facts of an older maker are asked for again."""
        pieces = await self._act(operations.lease_undescribed, limit=1)
        for piece in pieces:
            await self._finish(piece)
        if not pieces and not self._asked_again:
            self._asked_again = await self._act(operations.ask_again) == 0
            return not self._asked_again
        return bool(pieces)

    def close(self) -> None:
        self.decoder.close()

    async def _finish(self, piece: "asyncpg.Record") -> None:
        try:
            found = await self._look_at(piece)
            version = await self.objects.aside(operations.keep_preview, self.objects, piece, found)
            recorded = await self._act(operations.record_facts, piece=piece, found=found, preview_version=version)
            if not recorded and await self._act(operations.is_forgotten, piece=piece):
                await self.objects.aside(remove_derived, self.objects, piece["preview_name"])
        except Exception as fault:
            level = logging.CRITICAL if operations.is_stuck(piece) else logging.WARNING
            quiet = isinstance(fault, TryAgain)
            log.log(level, "facts of %s: attempt %s failed: %s", piece["evidence_id"], piece["attempts"], fault,
                    exc_info=not quiet)  # fmt: skip
            await self._act(operations.release, piece=piece)

    async def _look_at(self, piece: "asyncpg.Record") -> Findings:
        """What is found; whatever is wrong with the bytes is a finding, only a fault of store or database is one."""
        media_type = piece["sniffed_type"]
        if piece["size"] > limits.LARGEST_FILE:
            return findings.failed(Why.TOO_LARGE, media_type)
        try:
            return await self.objects.aside(self._fetch_and_decode, piece, media_type)
        except VersionGone:
            return findings.failed(Why.NOT_READ, media_type)  # The scrubber raises the alarm; here is nothing to see.

    def _fetch_and_decode(self, piece: "asyncpg.Record", media_type: str) -> Findings:
        with _fetched(self.objects, piece) as file:
            return look_at(self.decoder, file, media_type)

    async def _act(self, operation: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        return await perform(self.database, keeper(), datetime.now(UTC), operation, **arguments)


def look_at(decoder: Decoder, file: BinaryIO, media_type: str) -> Findings:
    """What an open file is found to say, through the child; never raises for anything that is in it."""
    answer = decoder.describe(file, media_type)
    if isinstance(answer, Failed):
        return findings.failed(Why(answer.why), media_type)
    return findings.read(answer.facts, answer.preview, media_type)


@contextmanager
def _fetched(objects: Objects, piece: "asyncpg.Record") -> Iterator[BinaryIO]:
    """The bytes of the sealed version in a file without a name: the child gets it open, and no path to anything."""
    with cast(BinaryIO, tempfile.TemporaryFile()) as file:
        for chunk in objects.read(piece["object_name"], piece["object_version"]):
            file.write(chunk)
        file.flush()
        yield file
