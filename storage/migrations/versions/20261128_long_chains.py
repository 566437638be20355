"""Numbers of a chain are as large as a statement may say: a device's number of 32 bits and more has its place, too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "f3a6c81d905e"
down_revision: str | None = "e07a92c4b6d1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """The table is written anew: it has one row for each device in a recording."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("count", "last_seq"):
        op.alter_column("chains", name, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
