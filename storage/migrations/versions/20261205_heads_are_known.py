"""Who heads an agency is known to whoever works below him: an order names the head who approved it (处罚法57)."""

from collections.abc import Sequence

from alembic import op

revision: str = "e1c46a90d7b2"
down_revision: str | None = "3b7d20e9c461"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Else a county's officer finds no head in the city above him, and a head above his judge seems to be none."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE POLICY heads ON role_grants FOR SELECT TO pithead_api USING (role = 'AGENCY_HEAD')")


def downgrade() -> None:
    """Heads are seen as any other account."""
    op.execute("DROP POLICY heads ON role_grants")
