"""Upkeep also counts the pieces whose facts are stuck."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "e5a80c2d7f14"
down_revision: str | None = "c41e7b90d2a6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """A count of zero for the one row that is there; the keeper counts anew at its next look."""
    op.add_column("upkeep", sa.Column("facts_stuck", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("upkeep", "facts_stuck", server_default=None)
