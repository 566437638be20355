"""Brings a database to the newest step, lays the months ahead, and tells whether the model differs from it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.migrations import policies
from storage.migrations.areas import MODEL, is_of_the_model
from storage.record.clock import to_ms

MONTHS_AHEAD = 24
_BY_MONTH = ("entries", "payloads")


def migrate(owner_url: str, *, today: datetime | None = None, months_ahead: int = MONTHS_AHEAD) -> None:
    """Upgrades to the one head as the owner of the tables and lays the partitions of the coming months."""

    def work(connection: Connection) -> None:
        command.upgrade(_config(connection), "head")
        _lay_months(connection, today or datetime.now(UTC), months_ahead)
        connection.commit()

    asyncio.run(_on(owner_url, work))


def newest_step() -> str:
    """The one head of the migrations, as it stands in a database that is up to date."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return str(ScriptDirectory.from_config(config).get_current_head())


def differences(owner_url: str) -> list[Any]:
    """What `alembic check` would complain of: empty when model and database agree."""
    found: list[Any] = []

    def work(connection: Connection) -> None:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_model}
        )  # fmt: skip
        found.extend(compare_metadata(context, MODEL))

    asyncio.run(_on(owner_url, work))
    return [one for one in found if one[1].name != "alembic_version"]


def revision(owner_url: str, message: str) -> None:
    """Writes the next step from the difference between model and database; its text is then edited by hand."""

    def work(connection: Connection) -> None:
        command.revision(_config(connection), message, autogenerate=True)

    asyncio.run(_on(owner_url, work))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _on(url: str, work: Any) -> None:
    engine = create_async_engine("postgresql+asyncpg://" + url.split("://", 1)[1])
    try:
        async with engine.connect() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def _lay_months(connection: Connection, today: datetime, ahead: int) -> None:
    """A partition a month, this one and those ahead; ids of version 7 begin with their milliseconds."""
    for number in range(ahead + 1):
        months = today.year * 12 + today.month - 1 + number
        start, end = _first_day(months), _first_day(months + 1)
        for table in _BY_MONTH:
            name = f"{table}_part_{start:%Y%m}"
            connection.execute(
                text(
                    f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table}"
                    f" FOR VALUES FROM ('{_lowest_id(start)}') TO ('{_lowest_id(end)}')"
                )
            )
            if table == "entries":
                connection.execute(text(policies.never_emptied(name)))


def _first_day(months: int) -> datetime:
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _lowest_id(moment: datetime) -> UUID:
    return UUID(int=to_ms(moment) << 80)
