"""What alembic runs: the tables of every area, on the connection that `run.py` hands over."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import storage.migrations.areas as areas

assert areas.__doc__  # noqa: S101 # The import itself is what matters: it fills SQLModel.metadata.


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Partitions are laid by run.py and are not part of the model."""
    return kind != "table" or name is None or "_part_" not in name


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_name=include_name,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
