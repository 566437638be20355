"""Hears that the log has grown: the one notification of each batch, on one connection of a process."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import asyncpg

from storage.record.ledger.sequencer import CHANNEL

_log = logging.getLogger(__name__)

FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0
STILL_THERE: Final = 30.0
"""Seconds after which a silent connection is asked whether it still hears."""


async def listen(url: str, ring: Callable[[], None]) -> None:
    """Calls `ring` after each batch, until it is cancelled; a connection that is lost is made anew.

    It also rings once a connection stands: what happened while nobody listened is not lost on whoever follows, who
    reads on from a place anyway. A ring carries nothing and several may come as one.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await _listen_once(url, ring)
            pause = FIRST_PAUSE  # It stood and was lost: the first try to come back is soon.
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as lost:
            _log.warning("the log is not heard (%s): trying again in %.1f s", type(lost).__name__, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _listen_once(url: str, ring: Callable[[], None]) -> None:
    gone = asyncio.Event()
    sql: asyncpg.Connection[Any] = await asyncpg.connect(
        url, timeout=5, command_timeout=5, server_settings={"application_name": "pithead bell"}
    )
    try:
        sql.add_termination_listener(lambda _: gone.set())
        await sql.add_listener(CHANNEL, lambda *_: ring())
        ring()
        while not gone.is_set():
            try:
                await asyncio.wait_for(gone.wait(), STILL_THERE)
            except TimeoutError:
                await sql.execute("SELECT 1")  # A line that was cut in silence tells nobody.
    finally:
        sql.terminate()
