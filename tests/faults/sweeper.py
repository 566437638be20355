"""One batch of the sweep in a process of its own, which kills itself before the commit or right behind it.

Run as `python -m tests.faults.sweeper WORKER_URL within|after MOMENT`.
"""

import asyncio
import sys
from datetime import datetime
from typing import Any

from storage.casework.sweeping import record_overruns
from storage.record.actor import keeper
from storage.record.database import Database
from storage.record.work import Work, perform
from tests.faults.driver import die


async def sweep(url: str, where: str, now: datetime) -> None:
    """The batch with everything written, and then the end."""

    async def to_the_death(work: Work) -> Any:
        await record_overruns(work, limit=50)
        if where == "within":
            await work.settle()
            die()

    await perform(Database(url, pool_size=1), keeper(), now, to_the_death)
    die()


if __name__ == "__main__":
    asyncio.run(sweep(sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])))
