"""Commitments and breaches are published; what was withdrawn is told on the page of whom it was."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5be0c9d2714a"
down_revision: str | None = "a7d3c05e92f4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SOURCES = "source_kind IN ('DECISION', 'INSPECTION', 'COMMITMENT', 'BREACH')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("disclosures", "disclosure_duties", "disclosure_withheld"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_source_kind_is_listed")
        op.create_check_constraint("source_kind_is_listed", table, _SOURCES)
    op.add_column("public_gone", sa.Column("mine_id", sa.Uuid(), nullable=True))
    op.add_column("public_gone", sa.Column("mine", sa.Text(), nullable=True))
    op.add_column("public_gone", sa.Column("credit_code", sa.Text(), nullable=True))
    op.create_check_constraint(
        "names_what_was_withdrawn", "public_gone",
        "gone_as = 'WITHDRAWN' OR (mine_id IS NULL AND mine IS NULL AND credit_code IS NULL)",
    )  # fmt: skip
    for column in ("mine_id", "credit_code"):
        op.create_index(
            f"ix_public_gone_{column}", "public_gone", [column, "seq"],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )  # fmt: skip
