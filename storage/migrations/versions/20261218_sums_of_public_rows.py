"""Sums of what is public: a search for one that no row has walks no row."""

from collections.abc import Sequence

from alembic import op

revision: str = "9d3e51f0c7b6"
down_revision: str | None = "4c0e97d2ab15"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index("ix_public_rows_amount", "public_rows", ["amount", "seq"])
