"""Counts the statements that a database runs, without what begins and ends transactions."""

from typing import Any

from sqlalchemy import event

from storage.record.database import Database


def statements_of(database: Database) -> list[str]:
    """The texts of all statements that the database's connections run from now on, in their order.

    Connections that are open already are not heard, so this comes before the first use of the database.
    """
    heard: list[str] = []

    def hear(record: Any) -> None:
        if not record.query.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            heard.append(record.query)

    @event.listens_for(database.engine.sync_engine, "connect")
    def listen(connection: Any, _: Any) -> None:
        connection.driver_connection.add_query_logger(hear)

    return heard
