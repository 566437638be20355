"""What a clock starts: pictures that nobody may see any more, or took up, go from the store; all repeatable."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from storage.record.derived import remove_derived
from storage.record.objects import Objects
from storage.record.work import Work
from storage.trust.exposures import queries

LEFT = timedelta(hours=1)
"""So long after it was laid down a picture that no draft took up is one that somebody was killed over."""
_REMOVED = "UPDATE exposure_objects SET removed_at = $2 WHERE object_name = ANY ($1::text[]) AND removed_at IS NULL"
_FORGOTTEN = "DELETE FROM public_pictures WHERE object_name = ANY ($1::text[])"


async def plan_removal(sql: "asyncpg.Connection[Any]", now: datetime, *, limit: int) -> list[str]:
    """The names of what is to go."""
    return await queries.objects_to_remove(sql, now - LEFT, limit=limit)


def remove_pictures(objects: Objects, names: Sequence[str]) -> None:
    """Removes them from the store, every version."""
    for name in names:
        remove_derived(objects, name)


async def record_removal(work: Work, *, names: Sequence[str]) -> int:
    """Notes that they are gone; no entry, since what took them from the public left one."""
    await work.sql.execute(_FORGOTTEN, list(names))
    told = await work.sql.execute(_REMOVED, list(names), work.now)
    return int(told.rpartition(" ")[2])
