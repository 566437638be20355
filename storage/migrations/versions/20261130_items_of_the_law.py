"""Provisions bring items of the law too: kinds of findings, powers, discretion standards, forms of papers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c81f6b2d09ae"
down_revision: str | None = "8c1f6e02b7da"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("provisions", sa.Column("content", sa.Text(), nullable=True))
    for name in ("kind_is_listed", "one_value"):
        op.execute(f"ALTER TABLE provisions DROP CONSTRAINT ck_provisions_{name}")
    op.create_check_constraint(
        "kind_is_listed", "provisions",
        "kind IN ('PARAMETER', 'DAY', 'FINDING_KIND', 'POWER', 'DISCRETION', 'FORM')",
    )  # fmt: skip
    op.create_check_constraint(
        "one_value", "provisions",
        "CASE WHEN kind IN ('PARAMETER', 'DAY') THEN content IS NULL AND (number IS NULL) <> (listed IS NULL)"
        " ELSE number IS NULL AND listed IS NULL END",
    )  # fmt: skip
