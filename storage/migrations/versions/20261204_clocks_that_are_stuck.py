"""A case whose clocks cannot be derived is marked as stuck, and an index that nothing reads goes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d93c5a1e70f4"
down_revision: str | None = "b7f20d63e8a1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("case_clocks", sa.Column("stuck_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT UPDATE (stuck_at) ON case_clocks TO pithead_worker")
    op.drop_index("ix_case_clocks_open", "case_clocks")
