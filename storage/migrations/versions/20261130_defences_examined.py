"""The unit reads the written answer to its defence, as it reads the defence."""

from collections.abc import Sequence

from alembic import op

revision: str = "b7f20d63e8a1"
down_revision: str | None = "5c1e9a7f40d3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Beside `see`: what one policy shows, the other need not. Whose case it is the policy of `case_parties` says.
_ANSWERED = (
    "kind = 'DEFENCE_EXAMINED' AND EXISTS (SELECT FROM case_parties p WHERE p.id = party_id"
    " AND p.case_id = case_steps.case_id AND p.kind = 'UNIT')"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"CREATE POLICY see_answered ON case_steps FOR SELECT TO pithead_api USING ({_ANSWERED})")
