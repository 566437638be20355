"""What the people of a mine see of its cases: what was told to the unit, and nothing that stays within the agency."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.migrations.policies import listed, within_reach

revision: str = "d4b9027ce6f8"
down_revision: str | None = "a17c5e90b3d4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SHOWN = (
    "CORRECTION_ORDERED", "NOTICE_SERVED", "HEARING_OFFERED", "DEFENCE_RECEIVED", "DEFENCE_WAIVED", "HEARING_ASKED",
    "HEARING_WAIVED", "HEARING_NOTIFIED", "HEARING_HELD", "DECIDED", "DECIDED_ON_THE_SPOT", "SERVICE_CONFIRMED",
    "SERVED", "PAID", "INSTALMENTS_GRANTED", "SURCHARGE_ORDERED", "URGED", "RECONSIDERATION_FILED", "SUIT_FILED",
    "OUTCOME_RECEIVED", "CORRECTED", "REVOKED",
)  # fmt: skip
# Reach over a mine alone is what the mine's people have; divisions and offices are the agency's.
_AGENCY = within_reach(mine="NULL::uuid")
_CASE_OF_THE_AGENCY = (
    "EXISTS (SELECT FROM cases c WHERE c.id = case_id"
    f" AND {within_reach(county='c.county', office='c.office', mine='NULL::uuid')})"
)
_SEEN = {
    "cases": f"{_AGENCY} OR (mine_id = ANY ({listed('mines', 'uuid')}) AND told_at IS NOT NULL)",
    "case_parties": f"{_CASE_OF_THE_AGENCY} OR (kind = 'UNIT' AND EXISTS (SELECT FROM cases c WHERE c.id = case_id))",
    "case_steps": (
        f"{_CASE_OF_THE_AGENCY} OR (kind = ANY (ARRAY{list(_SHOWN)!r})"
        " AND EXISTS (SELECT FROM case_parties p WHERE p.id = party_id AND p.case_id = case_steps.case_id"
        " AND p.kind = 'UNIT'))"
    ),
    "case_pieces": _CASE_OF_THE_AGENCY,
    "case_fines": _CASE_OF_THE_AGENCY,
    "case_clocks": _AGENCY,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("cases", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT UPDATE (told_at) ON cases TO pithead_api")
    for table, seen in _SEEN.items():
        op.execute(f"ALTER POLICY see ON {table} USING ({seen})")
