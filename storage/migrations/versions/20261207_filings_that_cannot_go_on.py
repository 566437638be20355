"""An envelope that cannot go on is counted, and holds up no other."""

from collections.abc import Sequence

from alembic import op

revision: str = "4e8b20d7f61c"
down_revision: str | None = "0c7d5e91b3a8"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE filings ADD COLUMN failed SMALLINT NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE filings ALTER COLUMN failed DROP DEFAULT")
    op.execute("GRANT UPDATE (failed) ON filings TO pithead_worker")
