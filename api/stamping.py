"""The stamping worker: stamps what was signed with the authority's key, and says in the record what has ended."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from api.sweeping import acted_at
from storage.promises.commitments import ending, stamping
from storage.promises.commitments.stamping import Plan
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.ledger.proofs.signatures import Signer
from storage.record.objects import Objects
from storage.record.work import perform

log = logging.getLogger("pithead.stamping")

IDLE = 5.0
"""Seconds between two looks."""
AT_ONCE = 50
AGAIN = 300.0
"""Seconds until what could not be stamped, or got no time, is tried again."""
PATIENCE = 20.0


@dataclass(slots=True)
class StampingWorker:
    """Ends a batch, then stamps a batch. One that is killed in between has left a PDF that nobody names, no more.

    It shares the keeper's process; of the keys it is handed the stamp's alone, read anew for each batch.
    """

    database: Database
    objects: Objects
    key: Callable[[], Signer]
    timestamp_url: str | None = None
    by_the_record: bool = False
    _later: dict[UUID, float] = field(default_factory=dict, init=False)

    async def turn(self) -> bool:
        """One batch of each; True when there may be more to do at once."""
        self._later = {id: at for id, at in self._later.items() if at > time.monotonic()}
        # Endings come first: they need neither key nor store, so that a fault of those withholds none.
        now = await acted_at(self.database) if self.by_the_record else datetime.now(UTC)
        ended = await perform(self.database, keeper(), now, ending.end_commitments, limit=AT_ONCE) if now else 0
        stamped = await self._stamp()
        return stamped > 0 or ended == AT_ONCE

    async def _stamp(self) -> int:
        async with self.database.reading(keeper()) as sql:
            plans = await stamping.plan_stamps(sql, timed=self.timestamp_url is not None, but=list(self._later))
        if not plans:
            return 0
        key, clock, done = self.key(), self._clock(), 0
        for plan in plans:
            done += await self._try(plan, key, clock)
        return done

    async def _try(self, plan: Plan, key: Signer, clock: Any) -> bool:
        """One stamp; what fails waits, and holds up none of the others."""
        self._later[plan.commitment.id] = time.monotonic() + AGAIN
        try:
            made = await stamping.make_stamp(self.objects, key, plan, clock=clock)
            if made is None:
                return False
            id = plan.commitment.id
            await perform(
                self.database, keeper(), datetime.now(UTC), stamping.record_stamp, commitment_id=id, made=made
            )
        except Exception:
            log.exception("commitment %s could not be stamped", plan.commitment.id)
            return False
        if made.level == stamping.TIMED or self.timestamp_url is None:
            self._later.pop(plan.commitment.id)
        return True

    def _clock(self) -> Any:
        """The authority of time, if one is set."""
        if self.timestamp_url is None:
            return None
        from storage.record.printing.clocks import Clock

        return Clock(self._ask)

    async def _ask(self, request: bytes) -> bytes:
        try:
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                answer = await client.post(
                    str(self.timestamp_url), content=request, headers={"Content-Type": "application/timestamp-query"}
                )
                answer.raise_for_status()
        except httpx.HTTPError as error:
            raise OSError(str(error)) from error
        return answer.content
