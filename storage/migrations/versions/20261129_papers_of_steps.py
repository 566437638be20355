"""Papers name the step of the case or measure that they stand for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7c1e5af0943b"
down_revision: str | None = "c2e86b19d75a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The column, its index, and the right to name the step until the paper is issued."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("papers", sa.Column("step_id", sa.Uuid(), nullable=True))
    op.create_index("ix_papers_step_id", "papers", ["step_id"], postgresql_where=sa.text("step_id IS NOT NULL"))
    op.execute("GRANT UPDATE (step_id) ON papers TO pithead_api")
