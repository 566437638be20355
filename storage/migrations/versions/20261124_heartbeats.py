"""Heartbeats: one row a worker, in which it tells that it lives."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations import policies

revision: str = "e07a92c4b6d1"
down_revision: str | None = "d58e1f0b7a34"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "heartbeats",
        sa.Column("worker", sa.Text(), primary_key=True),
        sa.Column("beat_at", moment, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest_at", moment, nullable=True),
        sa.CheckConstraint("worker IN ('describing', 'keeping', 'ledger', 'sealing')", name="worker_is_listed"),
    )
    for statement in (
        *policies.table("heartbeats", see="true"),
        "GRANT INSERT, UPDATE ON heartbeats TO pithead_worker",
    ):
        op.execute(statement)
