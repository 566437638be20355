"""Of which end of a clock it was told that it ran out; and a heartbeat for whoever tells it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "a17c5e90b3d4"
down_revision: str | None = "5e91b7d3a0c4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("case_clocks", sa.Column("overrun_of", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_case_clocks_overrun", "case_clocks", ["over_at", "case_id", "key", "subject"],
        postgresql_where=sa.text("met_at IS NULL AND (overrun_of IS NULL OR overrun_of < over_at)"),
    )  # fmt: skip
    op.execute("GRANT UPDATE (ends, alarm, over_at, year, met_at, overrun_of) ON case_clocks TO pithead_worker")
    op.execute("ALTER TABLE heartbeats DROP CONSTRAINT ck_heartbeats_worker_is_listed")
    op.create_check_constraint(
        "worker_is_listed", "heartbeats", "worker IN ('describing', 'keeping', 'ledger', 'sealing', 'sweeping')"
    )
