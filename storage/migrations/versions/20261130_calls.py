"""Calls: whoever has not signed in finds the call in which a key was pressed, and nothing else of what was sent."""

from collections.abc import Sequence

from alembic import op

from storage.migrations.policies import DOOR

revision: str = "5c1e9a7f40d3"
down_revision: str | None = "8b5e07d3c1fa"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"CREATE POLICY called ON sends FOR SELECT TO pithead_api USING ({DOOR} AND channel = 'CALL')")
